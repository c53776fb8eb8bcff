"""Which points of the reviews a ruling of the chair's is on: named by reviewer, matter, label or place, or told just before."""

import re
from collections.abc import Sequence

from agent.answering.parts import stem
from agent.answering.themes import themes_of
from agent.cues import content_words
from agent.gathered import ReviewFile
from agent.judgements import NOUN, Judged
from agent.mentions import labels_in
from agent.points import Point
from agent.references import ordinal

HELD, SAID = 0.5, 0.6
"""Share of the words of a matter that a point holds; of a point's words that a question says."""
MOST_TOLD = 3
"""So many points told at most may be meant by "that point", where the question named none."""
EMPTY = frozenset("missing lack lacking absence worry worries complaint complaints thing things stuff review score rating opinion real honest good concern concerns point points objection objections criticism issue issues question questions remark remarks".split())  # fmt: skip
_WORDS_OF_POINTS = re.compile(rf"\b(?:{NOUN}|says?|said|writes?|wrote|raises?|holds?|asks?|objects?|first|second|third|fourth|fifth|last|main|only|whole|other)\b", re.IGNORECASE)  # fmt: skip
_SEVERAL = re.compile(r"\b(?:all|every|everything|both|points|concerns|objections|questions|criticisms|remarks|complaints|worries|issues|requests|weaknesses)\b", re.IGNORECASE)  # fmt: skip
_THOSE = re.compile(rf"\b(?:these|those|they|them|both)\b|{_SEVERAL.pattern}", re.IGNORECASE)
_LITTLE = frozenset("the this that and but for with was were are has have had not been they them their its from does did would should what about which who whom whose when where why how also any can will you your say says said point points".split())  # fmt: skip
_QUESTIONS = re.compile(r"\bquestions?\b", re.IGNORECASE)
_OF_TIME = re.compile(r"\b(?:tim(?:e|es|ed|ing|ings)|run-?times?|wall-?clock|latenc\w+|speed\w*|faster|slow\w*)\b", re.IGNORECASE)  # fmt: skip
"""Words that all stand for how long something takes."""


def points_judged(file: ReviewFile, judged: Judged) -> tuple[Point, ...]:
    """The points that a ruling is on; none where it cannot be told."""
    concerns = file.raised("objects", "asks") or file.raised("objects", "asks", small=True)
    names = tuple(dict.fromkeys(p.reviewer for p in file.points if p.reviewer and calls(judged.what, p.reviewer)))
    mine = [p for p in concerns if not names or p.reviewer in names]
    if labels := labels_in(judged.what):
        return tuple(p for p in mine if any((p.label or "").upper() in (f"{a}{n}", str(n)) for a, n in labels))
    subject = matter_in(judged.what, names)
    if content_words(subject):
        return _on(subject, mine)
    place = ordinal(judged.what) if judged.what else None
    if place is not None:
        asked = [p for p in mine if (p.stance == "asks") == bool(_QUESTIONS.search(judged.what)) and not p.small]
        return tuple(asked[place:][:1]) if len(names) == 1 else ()
    if names and (_SEVERAL.search(judged.what) or len(mine) == 1):
        return tuple(mine)
    return _told(mine, judged)


def matter_in(text: str, names: Sequence[str]) -> str:
    """What is left of words on a point without whose it is and what it is called: its matter."""
    return _WORDS_OF_POINTS.sub(" ", without_names(text, names))


def _on(subject: str, points: Sequence[Point]) -> tuple[Point, ...]:
    """The points on a matter: those that hold most of its words, else those of its theme."""
    words = {stem(w) for w in content_words(subject) if w not in EMPTY}
    shares = {p.id: _share(words, p, subject) for p in points}
    best = max(shares.values(), default=0.0)
    themes = themes_of(subject)
    alike = {p.id for p in points if set(themes_of(p)[:1]) & set(themes)}
    named = {p.id for p in points if best >= HELD and shares[p.id] == best}
    # A theme called by its name ("novelty") has points that say it in other words.
    chosen = (named if specific(subject) else named | alike) or alike
    return tuple(p for p in points if p.id in chosen)


def _share(words: set[str], point: Point, subject: str) -> float:
    held = {stem(w) for w in content_words(point.whole)}
    if _OF_TIME.search(subject) and _OF_TIME.search(point.text):
        held |= {stem(w) for w in _OF_TIME.findall(subject.lower())}
    return len(words & held) / len(words) if words else 0.0


def _told(points: Sequence[Point], judged: Judged) -> tuple[Point, ...]:
    """The points that the question before named, else what its answer told of its matter; of several, none is meant by
    "that point" where nothing tells which."""
    if not judged.told:
        return ()
    question, sentences = judged.told[0], judged.told[1:]
    asked = {stem(w) for w in _plain_words(question)}
    named = [p for p in points if len(said := {stem(w) for w in _plain_words(p.gist)}) > 1 and len(said & asked) / len(said) >= SAID]  # fmt: skip
    held = [p for p in points if any(p.gist[:60] in s for s in sentences)]
    if named and len(held) != 1:
        return tuple(named)
    subject = matter_in(question, tuple({p.reviewer for p in points}))
    meant = list(_on(subject, held)) if len(held) > 1 else held
    if not meant and _THOSE.search(judged.said):
        meant = held
    return tuple(meant) if len(meant) <= MOST_TOLD else ()


def _plain_words(text: str) -> list[str]:
    """The words of a short point, whatever they are used for elsewhere."""
    return [w for w in re.findall(r"[a-z0-9][\w-]*", text.lower()) if len(w) > 2 and w not in _LITTLE]


_NAMES_THEME = re.compile(r"novel\w*|original\w*|baselines?|comparisons?|experiments?|evaluation|theory|writing|clarity|presentation|motivation|significance|practical\w*|speed|scale|hardware|soundness", re.IGNORECASE)  # fmt: skip


def specific(subject: str) -> bool:
    """Whether a priority names one matter ("the missing ImageNet") rather than a theme ("novelty")."""
    return not all(_NAMES_THEME.fullmatch(w) or w in EMPTY for w in content_words(subject))


def holds(point: Point, words: set[str], subject: str) -> bool:
    """Whether a point holds half of the stems of a subject."""
    return _share(words, point, subject) >= HELD


_TAIL = re.compile(r"(?:(?<!\d)\d+|(?<![A-Za-z0-9])[A-Za-z0-9]{4})$")
"""The number or the code at the end of a reviewer's name."""


def calls(text: str, reviewer: str) -> bool:
    """Whether a text names a reviewer, by name, number or code."""
    tail = _TAIL.search(reviewer)
    short = rf"|\b(?:reviewer |R){tail[0]}\b|\b(?=\w*\d){tail[0]}\b(?<=\w\w\w)" if tail else ""
    return bool(re.search(rf"\b{re.escape(reviewer)}\b{short}", text, re.IGNORECASE))


def without_names(text: str, names: Sequence[str]) -> str:
    """A text without the names of reviewers."""
    for name in names:
        tail = _TAIL.search(name)
        short = rf"|\b(?:anon)?(?:reviewer |R)?{tail[0]}\b(?:'s)?" if tail else ""
        text = re.sub(rf"\b{re.escape(name)}\b(?:'s)?{short}", " ", text, flags=re.IGNORECASE)
    return text
