"""Which reviewers a sentence names, whether its passages are theirs, and whether the scores are the record's."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.events import Citation
from knowledge.types import Review

_UNKNOWN = re.compile(r"\b(?:Anon)?Reviewer\s*#?\s*(?=\w*\d)\w+\b|\bR\d\b")
_NUMBER = r"(\d+(?:\.\d+)?)(?![\d%.]*\d)"
_KINDS = {
    "rating": re.compile(
        rf"\b(?:ratings?|scores?(?!\s+of\s+confidence)|rates?|rated|scored|gives?|gave)\b(?:(?!confiden)[^\d;.]){{0,30}}?{_NUMBER}"
        rf"|\b{_NUMBER}\s+(?:in|as|for)\s+(?:the\s+)?(?:overall\s+)?(?:rating|score)\b",
        re.IGNORECASE,
    ),
    "confidence": re.compile(
        rf"\bconfidences?\b(?:(?!rating|score)[^\d;.]){{0,25}}?{_NUMBER}|\b{_NUMBER}\s+(?:in|as|for|of)\s+(?:the\s+)?confidence\b",
        re.IGNORECASE,
    ),
}
_BARE_PAIR = re.compile(rf"{_NUMBER}\s*\(\s*{_NUMBER}\s*\)")
_CHANGE = re.compile(r"\bfrom\s+\d+(?:\.\d+)?\s+to\s+\d", re.IGNORECASE)
_OTHERS_SCORE = re.compile(
    r"\b(?:your|yours|you|meta-?review\w*|area chair|decision|threshold|scale|average|mean|median|aspect|soundness|presentation|contribution|novelty score|excitement|reproducibility)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Named:
    """A reviewer where a sentence names one; `reviewer` is the record's name, None where the record has no such one."""

    start: int
    end: int
    reviewer: str | None
    text: str


@dataclass(frozen=True)
class ScoreSaid:
    """A rating or a confidence that a sentence gives to a reviewer."""

    reviewer: str
    kind: str
    value: float


def named_reviewers(text: str, reviews: Sequence[Review]) -> list[Named]:
    """The reviewers that a text names, by the record's names or its aliases, in order."""
    homes = {name.casefold(): r.reviewer for r in reviews for name in (*r.aliases, r.reviewer)}
    found: list[Named] = []
    if homes:
        names = "|".join(re.escape(name).replace(r"\ ", r"[\s#_]+") for name in sorted(homes, key=len, reverse=True))
        for match in re.finditer(rf"(?<!\w)(?:{names})(?!\w)", text, re.IGNORECASE):
            name = re.sub(r"[\s#_]+", " ", match.group()).casefold()
            found.append(Named(match.start(), match.end(), homes.get(name), match.group()))
    for match in _UNKNOWN.finditer(text):
        if not any(n.start < match.end() and match.start() < n.end for n in found):
            found.append(Named(match.start(), match.end(), None, match.group()))
    return sorted(found, key=lambda named: named.start)


def wrong_reviewers(text: str, citations: Sequence[Citation], reviews: Sequence[Review]) -> tuple[str, ...]:
    """The reviewers whom a cited sentence names though no passage is theirs, is to them or names them."""
    if not citations:
        return ()
    borne = {c.reviewer for c in citations}
    for citation in citations:
        borne |= {n.reviewer for n in named_reviewers(f"{citation.text} {citation.label}", reviews)}
    wrote = {c.reviewer for c in citations}
    return tuple(
        n.text
        for n in named_reviewers(text, reviews)
        # Who only commented has no review, and is named by the record all the same.
        if n.text not in wrote and (n.reviewer is None or n.reviewer not in borne)
    )


def scores_said(text: str, reviews: Sequence[Review]) -> list[ScoreSaid]:
    """The ratings and confidences that a sentence gives to the reviewers whom it names.

    Words belong to the reviewer named before them, to all of several named in a row, or, at the start of a sentence, to
    the one named next. A change ("from 5 to 6") is not read, nor is what stands in quotation marks: it may be a table's.
    """
    text = re.sub(r"“[^”]*”", lambda quoted: " " * len(quoted[0]), text)
    named = [n for n in named_reviewers(text, reviews) if n.reviewer]
    said: list[ScoreSaid] = []
    group: list[str] = []
    if named:
        said += _in_segment(text[: named[0].start], [str(named[0].reviewer)])
    for index, person in enumerate(named):
        group.append(str(person.reviewer))
        end = named[index + 1].start if index + 1 < len(named) else len(text)
        segment = text[person.end : end]
        if end < len(text) and re.fullmatch(r"\W*(?:and|or|as well as|both)?\W*", segment):
            continue
        said += _in_segment(segment, group)
        group = []
    return said


def _in_segment(segment: str, people: Sequence[str]) -> list[ScoreSaid]:
    if _CHANGE.search(segment) or _OTHERS_SCORE.search(segment):
        return []
    said = []
    for kind, pattern in _KINDS.items():
        match = pattern.search(segment)
        if match is None:
            continue
        first = next(group for group in match.groups() if group)
        listed = re.match(r"(?:\s*(?:,|and)\s*\d+(?:\.\d+)?(?![\d%]))+", segment[match.end() :])
        values = [float(first), *(float(v) for v in re.findall(r"\d+(?:\.\d+)?", listed[0] if listed else ""))]
        if len(values) == len(people):
            said += [ScoreSaid(person, kind, value) for person, value in zip(people, values, strict=True)]
        elif len(values) == 1:
            said += [ScoreSaid(person, kind, values[0]) for person in people]
    pair = _BARE_PAIR.search(segment)
    if not said and pair and len(people) == 1:
        said = [ScoreSaid(people[0], "rating", float(pair[1])), ScoreSaid(people[0], "confidence", float(pair[2]))]
    return said


def wrong_scores(text: str, reviews: Sequence[Review]) -> tuple[str, ...]:
    """The scores of a sentence that are not those on record, in words."""
    held = {(r.reviewer, kind): value for r in reviews for kind, value in record_scores(r).items()}
    return tuple(
        f"{said.kind} {said.value:g} of {said.reviewer}, on record {_shown(held.get((said.reviewer, said.kind)))}"
        for said in scores_said(text, reviews)
        if held.get((said.reviewer, said.kind)) != said.value
    )


def record_scores(review: Review) -> dict[str, float]:
    """A review's rating and confidence where the record has a number."""
    pairs = (("rating", review.rating), ("confidence", review.confidence))
    return {kind: score.value for kind, score in pairs if score is not None and score.value is not None}


def score_texts(reviews: Iterable[Review]) -> list[str]:
    """The numbers of the scores on record, with the ends of their scales, as a source for what is said of them."""
    scores = [s for r in reviews for s in (r.rating, r.confidence, *(score for _, score in r.other_scores)) if s]
    return [f"{v:g}" for s in scores for v in (s.value, s.low, s.high) if v is not None]


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
