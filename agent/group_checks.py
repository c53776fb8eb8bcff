"""Checks of what is said of several reviewers, and of scores without the word for them; each returns why a sentence fails,
or None. A majority is not borne by one review, and a 4 "out of 10" is no confidence of 4 out of 5.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.arithmetic import without_results
from agent.attribution import parts_by_reviewer
from agent.desk import Paper
from knowledge.types import Passage

_PEOPLE = r"(?:anon)?(?:reviewers|reviews|referees|reviewer|referee|review|ratings|scores)"
_OTHER_WORD = r"(?: (?!and\b|or\b|of\b)\w+)?"
_ALL = re.compile(
    rf"\b(?:all|every|each|both)(?: of)?(?: the| these| their)?{_OTHER_WORD} {_PEOPLE}\b|\b(?:everyone|everybody|unanimous(?:ly)?)\b"
    r"|\b(?:reviewers|referees) (?:all|unanimously)\b", re.IGNORECASE
)  # fmt: skip
_NONE = re.compile(
    rf"\b(?:none|neither|no)(?: of)?(?: the| these| their)?{_OTHER_WORD} {_PEOPLE}\b|\b(?:nobody|no one)\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"\b(?:most|(?:the|an?) (?:\w+ )?majority|more than half)(?: of)?(?: the)?{_OTHER_WORD} {_PEOPLE}\b", re.IGNORECASE
)
_SOME = re.compile(
    rf"\b(?:several|many|multiple|various|two or more|a number of|some)(?: of)?(?: the)?{_OTHER_WORD} (?:reviewers|referees|reviews)\b"
    r"|(?:^|[.;,] |\bthat |\bthe )(?:reviewers|referees) (?:find|found|think|say|said|agree|note|consider|see|believe|like|praise|criticize|criticise|complain|doubt|ask|want|rate|recommend|feel|are|were|share)\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:reviewers|referees|reviews|everyone|everybody|nobody|no one|both|all of (?:us|them))\b", re.IGNORECASE
)
_SCORE = re.compile(
    r"^(?P<label>[A-Z][\w ]*): (?P<value>\d+(?:\.\d+)?)(?: \((?:.*; )?(?P<low>\d+) to (?P<high>\d+)\))?", re.MULTILINE
)
_OUT_OF = re.compile(r"\b(?P<value>\d+(?:\.\d+)?) ?(?:out of|/|of (?:a )?(?:possible |maximum )?) ?(?P<high>\d+)\b")
_SCALE = re.compile(r"\b\d+ ?(?:to|-|–) ?\d+\b|\b(?:out of|of|/) ?\d+\b|/\d+\b")
_ALONE = re.compile(
    r"(?<![\w.+*/=-])(?<![+*/=(] )\d+(?:\.\d+)?(?![\w%]|\.\d| ?[+*/=)%]| (?:reviewer|review|rating|score|point|of the)s?\b)"
)
_EARLIER = re.compile(r"\b(?:before|earlier|previous\w*|had|from|rais\w+|lower\w+|chang\w+|first)\b", re.IGNORECASE)
"""A score that stands on record no more."""
_SURE = re.compile(
    r"\b(?:very |highly |quite |absolutely |fairly )?(?:confident|certain|sure)\b|\bhigh confidence\b|\bexpert\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|un|in|less|hardly|barely)[ -]?(?:very |too |at all )?(?:confident|certain|sure)\b|\b(?:low|little|no) confidence\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Score:
    label: str
    value: float
    low: float | None
    high: float | None


def check_group(text: str, passages: Sequence[Passage], paper: Paper | None, *, trusted: bool = False) -> str | None:
    """What most, both or all reviewers are said to say is borne by as many reviews, or by who speaks of them all.

    That nobody says something no passage bears: only who has looked through the whole record (`trusted`) may say so.
    """
    known = len(paper.reviewers) if paper else 0
    wanted = (
        (_ALL.search(text), 2 if re.search(r"\bboth\b", text, re.IGNORECASE) else max(known, 2)),
        (None if trusted else _NONE.search(text), max(known, 2)),
        (_MOST.search(text), max(known // 2 + 1, 2)),
        (_SOME.search(text), 2),
    )
    cited = {p.reviewer for p in passages if p.kind in ("review", "comment") and p.reviewer}
    if not cited or any(_speaks_of_several(p) for p in passages):
        return None
    for match, needed in wanted:
        if match and len(cited) < needed:
            return f'"{match.group().strip(" ,.;")}" is said of {len(cited)} cited'
    return None


def _speaks_of_several(passage: Passage) -> bool:
    return passage.kind not in ("review", "response") or bool(_PLURAL.search(passage.text))


def check_scale(text: str, passages: Sequence[Passage], reviewers: Sequence[str]) -> str | None:
    """A score told with its scale, or without any word for it, is one of that scale, or a rating."""
    scores = {p.reviewer: _scores(p.text) for p in passages if p.reviewer}
    only = all(p.kind == "review" and p.locator.section == "Scores" for p in passages)
    for part, name in parts_by_reviewer(text, reviewers):
        held = [s for who, found in scores.items() if name is None or who == name for s in found]
        if not held:
            continue
        for match in _OUT_OF.finditer(part):
            alike = [s for s in held if s.high == float(match["high"])]
            if all(s.high for s in held) and float(match["value"]) not in {s.value for s in alike}:
                return f"{match.group()} is no score of {name or 'a cited reviewer'} on record"
        wrong = _alone(part, held) if only else None
        if wrong:
            return f"{wrong} is not the rating of {name or 'a cited reviewer'} on record"
    return None


def _alone(part: str, held: Sequence[_Score]) -> str | None:
    """A number that no word calls anything else than a rating, and that is none."""
    if _EARLIER.search(part):
        return None
    others = [s for s in held if s.label != "Rating"]
    ratings = {s.value for s in held if s.label == "Rating"}
    if not ratings or any(re.search(rf"\b{s.label[:8]}", part, re.IGNORECASE) for s in others) or _SURE.search(part):
        return None
    for match in _ALONE.finditer(_SCALE.sub(" ", without_results(part))):
        value = float(match.group())
        if value not in ratings and any(s.value == value for s in others):
            return match.group()
    return None


def check_confidence(text: str, passages: Sequence[Passage], reviewers: Sequence[str]) -> str | None:
    """Who is told to be sure, or unsure, has a confidence on that side of the scale."""
    if not all(p.kind == "review" and p.locator.section == "Scores" for p in passages):
        return None
    scores = {p.reviewer: _scores(p.text) for p in passages if p.reviewer}
    for part, name in parts_by_reviewer(text, reviewers):
        unsure = _UNSURE.search(part)
        said = unsure or _SURE.search(part)
        held = [
            s for who, found in scores.items() if name is None or who == name for s in found if s.label == "Confidence"
        ]
        sides = [s.value - (s.low + s.high) / 2 for s in held if s.low is not None and s.high]
        if said and sides and all((side > 0) if unsure else (side < 0) for side in sides):
            return f'"{said.group()}" is not the confidence of {name or "a cited reviewer"} on record'
    return None


def _scores(text: str) -> list[_Score]:
    return [
        _Score(m["label"], float(m["value"]), *(float(m[end]) if m[end] else None for end in ("low", "high")))
        for m in _SCORE.finditer(text)
    ]
