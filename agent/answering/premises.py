"""What a question takes for granted of the reviewers ("everybody finds it novel", "R2 wants it accepted"), held against the
record; of authors and chairs see `happened`."""

import re
from collections.abc import Sequence

from agent.answering.completing import completed
from agent.answering.happened import OF_AUTHORS_AND_CHAIRS, on_admission, on_outcome
from agent.answering.parts import coverage, judge, listed
from agent.answering.points import names_of, one_each, passages_of, point_line
from agent.answering.record import reviewers
from agent.answering.scores import score_line
from agent.answering.themes import THEMES, themes_of
from agent.answering.voices import on_topic
from agent.answering.weighing import Stance, weigh
from agent.cues import CHAT_WORDS, CUE_WORDS, content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.leading import (
    HYPOTHETICAL,
    MENTIONS,
    asks_what,
    asks_yes_or_no,
    side_of,
    statement_of,
    verdict_of,
    without_sides,
)
from agent.points import Point
from agent.request import Request

_GROUP = r"(?:(?:of )?(?:the |these |all )?(?:\w+ )?(?:review\w+|referees?|them|three|four|five))"
_QUANTIFIED = tuple(
    (who, re.compile(words, re.IGNORECASE))
    for who, words in (
        ("nobody", rf"\b(?:nobody|no one|noone|none(?: {_GROUP})?|not (?:a single|one) (?:reviewer|referee)|no (?:\w+ )?(?:reviewers?|referees?))\b(?! else)"),
        ("most", rf"\b(?:most|the majority)(?: {_GROUP})\b"),
        ("all", rf"\b(?:all|every|each|both)\b {_GROUP}\b|\b(?:everybody|everyone|unanimous\w*|consensus|they all|(?:reviewers|referees) all|all (?=(?:agree|find|say|recommend|like|want)\b))"),
    )
)  # fmt: skip
_OF_THE_PAPER = r"(?= (?:it|this|that|(?:the|this|that) (?:paper|submission|work))\b|[\s,.!?]*$|[,;.!?])"
_FOR = re.compile(rf"\b(?:accept\w*|positive|favou?r\w*|for it|support\w*)\b{_OF_THE_PAPER}", re.IGNORECASE)
_AGAINST = re.compile(rf"\b(?:reject\w*|negative|against)\b{_OF_THE_PAPER}", re.IGNORECASE)
_TELL_THE_DECISION = frozenset(("decision", "overview"))
MOST_TOLD = 4
ON_TOPIC = 0.5
"""Share of a matter's words that a point on it holds."""
WITHOUT_PREMISE = frozenset(
    "verify testable runs state own metareview consent decline thanks greeting about list structured triage compare argue changes weights enough bearing integrity offtopic".split()
)
"""Intents of messages that take nothing for granted of the record, or are answered with it as they are."""


def takes_for_granted(text: str) -> bool:
    """Whether a message has words that say what all, none, the authors or the chairs did: the record is read for it."""
    return any(words.search(text) for words in (*OF_AUTHORS_AND_CHAIRS, *(words for _, words in _QUANTIFIED)))


def held_against(
    request: Request, file: ReviewFile, gathered: Gathered, desk: Desk
) -> tuple[list[DraftSentence], bool]:
    """What the record says of what a message takes for granted, and whether that is the whole answer; a message that asks
    more than whether it is so is answered besides."""
    if set(request.intents) & WITHOUT_PREMISE or request.more or not reviewers(file):
        return [], False
    waits = asks_yes_or_no(request.text)
    if said := on_outcome(request, file):
        return said, not set(request.intents) & _TELL_THE_DECISION
    if said := on_admission(request, file, gathered):
        return completed(request, said, gathered, desk), True  # the paper itself may admit it
    if request.reviewers:
        return _on_verdict(request, file, waits), waits
    if "recommendation" in request.intents:
        return [], False  # said before the lean
    return premise(request, file, gathered), True


def premise(request: Request, file: ReviewFile, gathered: Gathered | None = None) -> list[DraftSentence]:
    """What the record says where the message says that all, most or none of the reviewers are on a side; nothing where it
    says nothing of the kind."""
    waits = asks_yes_or_no(request.text)
    for clause in re.split(r"[.;?!,]\s|\bso\b", request.text):
        who, words = next(((w, found) for w, pattern in _QUANTIFIED if (found := pattern.search(clause))), ("", None))
        if words is None or HYPOTHETICAL.search(clause) or asks_what(clause):
            continue
        said = statement_of(f"{clause[: words.start()]} {clause[words.end() :]}")
        found = _all_on_a_matter(who, said, waits, file, gathered) or _all_on_verdict(who, said, waits, file)
        if found:
            return found
    return []


def points_on(said: str, file: ReviewFile, gathered: Gathered | None) -> tuple[str, list[Point]]:
    """What a statement is about, in words ("on novelty", "on this"), and the points on it; of words that are of no theme
    those that hold them."""
    bare = without_sides(said)
    raised = file.raised("praises", "objects", "asks")
    theme = next((t for t in themes_of(bare) if t in THEMES), None)
    words = [w for w in content_words(bare) if w not in CHAT_WORDS and w not in CUE_WORDS and not themes_of(w)]
    if words and gathered is not None:
        topic = " ".join(words)
        found = [p for p in on_topic(file, topic, gathered) if p in raised and coverage(topic, p.whole) >= ON_TOPIC]
        if found:
            return "on this", found
    return (f"on {theme}", [p for p in raised if theme in themes_of(p)[:2]]) if theme else ("", [])


def _all_on_a_matter(
    who: str, said: str, waits: bool, file: ReviewFile, gathered: Gathered | None
) -> list[DraftSentence]:
    """Of what all, most or none are said to praise or to object to: who does, and who does the opposite."""
    side, (where, points) = side_of(said), points_on(said, file, gathered)
    if not side and who == "nobody" and waits and MENTIONS.search(said) and points:
        verb = "speaks" if len({p.reviewer for p in points}) == 1 else "speak"
        lead = f"No: {names_of(points)} {verb} of this:"
        return [judge(lead, *passages_of(file, points)), *(point_line(file, p) for p in one_each(points, MOST_TOLD))]
    praised, faulted = ([p for p in points if p.stance == stance] for stance in ("praises", "objects"))
    if not side or not (praised or faulted):
        return []
    borne, against = (praised, faulted) if side > 0 else (faulted, praised)
    told = _who_does_what(praised, faulted, where, first="criticise" if who == "nobody" and side < 0 else "praise")
    if who == "nobody":
        missing = f"No {'praise' if side > 0 else 'objection'} {where} was found: {told}." if waits else ""
        lead = f"No: {told}." if borne else missing
    elif not against:
        lead = f"Yes: {told}." if waits and {p.reviewer for p in borne} >= set(reviewers(file)) else ""
    elif who == "most" and _people(borne) > _people(against):
        lead = ""
    else:
        lead = f"Not everybody: {told}." if borne and who == "all" else f"No: {told}."
    if not lead:
        return []
    limit = MOST_TOLD // 2 if praised and faulted else MOST_TOLD
    shown = [p for held in (praised, faulted) for p in one_each(held, limit)]
    return [judge(lead, *passages_of(file, [*praised, *faulted])), *(point_line(file, p) for p in shown)]


def _who_does_what(praised: Sequence[Point], faulted: Sequence[Point], where: str, first: str) -> str:
    """Who praises and who criticises something, "Reviewer 1 praises it on novelty, Reviewer 2 criticises it"."""
    sides = sorted((("praise", praised), ("criticise", faulted)), key=lambda side: side[0] != first)
    parts = [f"{names_of(held)} {verb}{'s' if _people(held) == 1 else ''} it" for verb, held in sides if held]
    return ", ".join([f"{parts[0]} {where}", *parts[1:]])


def _people(points: Sequence[Point]) -> int:
    return len({p.reviewer for p in points})


def _all_on_verdict(who: str, said: str, waits: bool, file: ReviewFile) -> list[DraftSentence]:
    """Of the recommendation that all, most or none are said to make: who stands where, with the ratings."""
    side = verdict_of(said) or (-1 if _AGAINST.search(said) else 1 if _FOR.search(said) else 0)
    stances = weigh(file).stances
    with_it, others = ([s for s in stances if s.grade * side * sign > 0] for sign in (1, -1))
    if not side or not stances:
        return []
    there, beyond = ("for", "against") if side > 0 else ("against", "for")
    if who == "nobody":
        if with_it:
            return _stand(f"No: {_standing(with_it, there)}.", with_it, file)
        return _stand(f"Yes: nobody's rating stands {there} it.", stances, file) if waits else []
    if who == "most":
        return _stand(f"No: {_standing(others, beyond)}.", others, file) if len(others) >= len(with_it) and others else []  # fmt: skip
    if others:
        return _stand(f"Not all of them: {_standing(others, beyond)}.", others, file)
    agreed = waits and {s.reviewer for s in with_it} >= set(reviewers(file))
    return _stand(f"Yes: {_standing(with_it, there)}.", with_it, file) if agreed else []


def _on_verdict(request: Request, file: ReviewFile, waits: bool) -> list[DraftSentence]:
    """Of the recommendation that a message takes named reviewers to make: whether their rating is on that side."""
    statement = statement_of(request.text)
    side = verdict_of(statement)
    stances = [s for s in weigh(file).stances if s.reviewer in request.reviewers]
    if not side or not stances or HYPOTHETICAL.search(statement) or asks_what(request.text):
        return []
    there, beyond = ("for", "against") if side > 0 else ("against", "for")
    others = [s for s in stances if s.grade * side < 0]
    neither = [s for s in stances if not s.grade]
    if others:
        return _stand(f"No: {_standing(others, beyond)}.", stances, file)
    if neither:
        return _stand(f"The rating of {listed([s.reviewer for s in neither])} stands on neither side.", stances, file)
    return _stand(f"Yes: {_standing(stances, there)}.", stances, file) if waits else []


def _standing(stances: Sequence[Stance], where: str) -> str:
    """Who stands for or against a paper."""
    return f"{listed([s.reviewer for s in stances])} {'stand' if len(stances) > 1 else 'stands'} {where} it"


def _stand(lead: str, stances: Sequence[Stance], file: ReviewFile) -> list[DraftSentence]:
    """A sentence on where reviewers stand, and their ratings."""
    lines = [score_line(file, s.reviewer) for s in stances]
    return [judge(lead, *(s.passage for s in stances)), *(line for line in lines if line)]
