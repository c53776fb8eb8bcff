"""The testable claims of a submission and the open questions of its reviewers, each with its experiment, or why not. Pure."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from agent.claim_reading import find_contestants
from agent.claim_words import COMPARISONS, EFFECTS
from agent.claims import NAMES_NO, NotTestable, Plan, understand_claim
from agent.points import Point
from agent.quoting import sentences_of, without_label
from knowledge.types import Passage

Kind = Literal["claim", "question"]

UNTESTED = ("Traps", "Record", "Scores")
"""Our warnings on misquotation and on the record speak of claims without making them."""
_REQUESTS = re.compile(
    r"\?\s*$|\b(?:ask\w*|wonder\w*|question\w*|doubt\w*|compar\w+|miss(?:es|ing)|lack\w*|demand\w*|request\w*|suggest\w*|curious|unclear|should|could|would|please|"
    r"interest\w+ to|see how|how (?:much|does|do|the)|whether|does not see|criticis\w+)\b",
    re.IGNORECASE,
)
"""A sentence without a direction that still asks for something."""
METHODS_COMPARED = 2
_FIGURE = re.compile(r"\d ?(?:%|x\b|times\b|points?\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Surveyed:
    """A sentence of a submission with what becomes of it.

    kind: a `claim` of the paper or of our notes on it, or a `question` or objection of a reviewer.
    label: where the sentence stands; passage: the id of the passage.
    found: its experiment, or why there is none.
    """

    sentence: str
    kind: Kind
    label: str
    passage: str
    found: Plan | NotTestable


def survey(
    asked: Sequence[Passage], points: Sequence[Point], claimed: Sequence[Passage], own: Container[str]
) -> list[Surveyed]:
    """What a submission and its reviewers say that can be put to the test, the reviewers' words first; then what they
    measure or ask and cannot be tested here. A sentence said twice is told once.

    Args:
        asked: the passages in which reviewers ask or object, and what is known of them second hand.
        points: what they ask and object there; one that no single sentence of it states is read as a whole.
        claimed: the passages of the paper and of our notes on it.
        own: the names of the submission, as contrasts tell theirs.
    """
    seen: dict[str, Surveyed] = {}
    for one in (*_read_asked(asked, points, own), *_read_claimed(claimed, own)):
        seen.setdefault(" ".join(one.sentence.lower().split()), one)
    found = list(seen.values())
    testable = [s for s in found if isinstance(s.found, Plan)]
    return [*testable, *(s for s in found if isinstance(s.found, NotTestable))]


def list_testable(
    asked: Sequence[Passage], points: Sequence[Point], claimed: Sequence[Passage], own: Container[str]
) -> list[Surveyed]:
    """The testable part of `survey`."""
    return [one for one in survey(asked, points, claimed, own) if isinstance(one.found, Plan)]


@lru_cache(maxsize=8192)
def states_testable(text: str, kind: Kind, own: frozenset[str]) -> bool:
    """Whether a text has a sentence that is listed with an experiment."""
    return any(
        isinstance(plan := understand_claim(sentence), Plan) and is_listed(plan, sentence, kind, own)
        for sentence in sentences_of(text)
    )


def own_names(openreview: str | None, short_names: Sequence[str]) -> frozenset[str]:
    """The names of a submission, by which contrasts tell their paper."""
    return frozenset({*short_names, *([openreview] if openreview else [])})


def _read_asked(asked: Sequence[Passage], points: Sequence[Point], own: Container[str]) -> Iterator[Surveyed]:
    for passage in asked:
        told = list(_read(passage, "question", own))
        if not any(_is_directed(one) for one in told):
            here = (p for p in points if p.passages[:1] == (passage.id,) and len(sentences_of(p.text)) > 1)
            whole = [one for p in here if (one := _read_sentence(p.text, passage, "question", own)) is not None]
            if any(map(_is_directed, whole)) or not any(isinstance(one.found, Plan) for one in told):
                told = whole or told
        yield from sorted(told, key=lambda one: not _is_directed(one))


def _read_claimed(claimed: Sequence[Passage], own: Container[str]) -> Iterator[Surveyed]:
    for passage in claimed:
        if passage.locator.section not in UNTESTED and passage.role not in ("reference", "table"):
            yield from _read(passage, "claim", own)


def _read(passage: Passage, kind: Kind, own: Container[str]) -> Iterator[Surveyed]:
    """The sentences of a passage that can be tested; else the passage's first that measures something, with the reason."""
    refused = None
    for sentence in sentences_of(passage.text):
        one = _read_sentence(sentence, passage, kind, own)
        if one is not None:
            yield one
        elif refused is None:
            refused = _refuse(sentence, passage, kind)
    if refused is not None:
        yield refused


def _read_sentence(sentence: str, passage: Passage, kind: Kind, own: Container[str]) -> Surveyed | None:
    """The sentence with its experiment; None where it has none, or is not to be listed."""
    label, said = passage.label(), without_label(sentence)
    found = understand_claim(said, bears_on=f"{label}: “{said}”")
    if isinstance(found, Plan) and is_listed(found, said, kind, own):
        return Surveyed(said, kind, label, passage.id, found)
    return None


def _refuse(sentence: str, passage: Passage, kind: Kind) -> Surveyed | None:
    """A sentence that measures or compares something, with the reason why it has no experiment; None for any other."""
    said = without_label(sentence)
    found = understand_claim(said)
    if isinstance(found, Plan) or not _worth_a_reason(said, found.reason):
        return None
    return Surveyed(said, kind, passage.label(), passage.id, replace(found, alternatives=()))


def _is_directed(one: Surveyed) -> bool:
    return isinstance(one.found, Plan) and one.found.directed


def is_listed(plan: Plan, sentence: str, kind: Kind, own: Container[str]) -> bool:
    """Whether a sentence claims, or asks for, what the plan tests. What only describes a method states no direction; a
    reviewer may ask for a comparison without one. `own`: the names of the submission, as contrasts tell theirs."""
    if not _names_enough(plan, sentence, own):
        return False
    if kind == "claim":
        return plan.unambiguous and plan.directed
    return plan.directed or bool(_REQUESTS.search(sentence))


def _names_enough(plan: Plan, sentence: str, own: Container[str]) -> bool:
    """Whether the sentence itself names what is compared: two methods of the engine, one side of the paper's own
    contrasts (`own` are its names), or both of another paper's, whose words mean other things elsewhere."""
    if plan.sides == 2 or len(find_contestants(" ".join(sentence.split()))) >= METHODS_COMPARED:
        return True
    return bool(plan.paper) and plan.paper in own and (plan.sides == 1 or plan.directed)


def _worth_a_reason(sentence: str, reason: str) -> bool:
    """Whether a sentence measures or compares something, and the reason says more than that it names no method."""
    if reason.startswith(NAMES_NO):
        return False
    compared = any(p.search(sentence) for relation, p in (*COMPARISONS, *EFFECTS) if relation != "compared")
    return bool(compared or _FIGURE.search(sentence) or sentence.rstrip().endswith("?"))
