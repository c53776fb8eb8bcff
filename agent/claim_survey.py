"""The testable claims of a submission and the open questions of its reviewers, each with its experiment, or why not."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from agent.claim_words import COMPARISONS, EFFECTS
from agent.claims import NAMES_NO, NotTestable, Plan, understand_claim
from agent.contrasts.sentences import NO_DIRECTION
from agent.gathered import gather
from agent.quoting import sentences_of
from agent.tools.reviews import read_review_file
from knowledge.collection import Collection
from knowledge.types import Passage

UNTESTED = ("Traps", "Record", "Scores")
"""Our warnings on misquotation and on the record speak of claims without making them."""
_REQUESTS = re.compile(
    r"\?\s*$|\b(?:ask\w*|wonder\w*|question\w*|doubt\w*|compar\w+|miss(?:es|ing)|lack\w*|demand\w*|request\w*|suggest\w*|curious|unclear|should|could|would|please|"
    r"interest\w+ to|see how|how (?:much|does|do|the)|whether|does not see|criticis\w+)\b",
    re.IGNORECASE,
)
"""A sentence without a direction that still asks for something."""
_FIGURE = re.compile(r"\d ?(?:%|x\b|times\b|points?\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Surveyed:
    """A sentence of a submission with what becomes of it.

    kind: a `claim` of the paper or of our notes on it, or a `question` or objection of a reviewer.
    label: where the sentence stands; passage: the id of the passage.
    found: its experiment, or why there is none.
    """

    sentence: str
    kind: Literal["claim", "question"]
    label: str
    passage: str
    found: Plan | NotTestable


def survey(collection: Collection, submission: str) -> list[Surveyed]:
    """What a submission and its reviewers say that can be put to the test, the reviewers' points first; then what they
    measure or ask and cannot be tested here. A sentence said twice is told once.

    Raises:
        UnknownSubmission: there is no such submission.
    """
    of = collection.submission(submission)
    own = {of.openreview or "", *of.short_names}
    seen: dict[str, Surveyed] = {}
    for passage, kind in (*_asked(collection, submission), *_claimed(collection, submission)):
        for one in _read(passage, kind, own):
            seen.setdefault(" ".join(one.sentence.lower().split()), one)
    found = list(seen.values())
    testable = [s for s in found if isinstance(s.found, Plan)]
    return [*testable, *(s for s in found if isinstance(s.found, NotTestable))]


def _asked(collection: Collection, submission: str) -> list[tuple[Passage, Literal["claim", "question"]]]:
    """The passages in which reviewers ask or object, and what is known of them second hand."""
    _, artifact = read_review_file(collection, submission)
    file = gather([("reviews", artifact)]).files[0]
    points = file.held(p.passages[0] for p in file.raised("objects", "asks") if p.passages)
    return [(passage, "question") for passage in (*points, *file.of("relayed"))]


def _claimed(collection: Collection, submission: str) -> list[tuple[Passage, Literal["claim", "question"]]]:
    held = collection.passages(submission, kinds=("notes", "paper"))
    return [(p, "claim") for p in held if p.locator.section not in UNTESTED and p.role != "reference"]


def _read(passage: Passage, kind: Literal["claim", "question"], own: Container[str]) -> Iterator[Surveyed]:
    """The sentences of a passage that can be tested; else the passage's first that measures something, with the reason."""
    refused = None
    for sentence in sentences_of(passage.text):
        label = passage.label()
        found = understand_claim(sentence, bears_on=f"{label}: “{sentence.strip()}”")
        one = Surveyed(sentence.strip(), kind, label, passage.id, found)
        if isinstance(found, Plan):
            if is_listed(found, sentence, kind, own):
                yield one
        elif refused is None and _worth_a_reason(sentence, found.reason):
            refused = replace(one, found=replace(found, alternatives=()))
    if refused is not None:
        yield refused


def is_listed(plan: Plan, sentence: str, kind: Literal["claim", "question"], own: Container[str]) -> bool:
    """Whether a sentence claims, or asks for, what the plan tests. What only describes a method states no direction; a
    reviewer may ask for a comparison without one. `own`: the names of the submission, as contrasts tell theirs."""
    if not _names_enough(plan, own):
        return False
    if kind == "claim":
        return plan.unambiguous and _states_direction(plan)
    return _states_direction(plan) or bool(_REQUESTS.search(sentence))


def _states_direction(plan: Plan) -> bool:
    return not any(change.startswith(NO_DIRECTION) for change in plan.changes)


def _names_enough(plan: Plan, own: Container[str]) -> bool:
    """Whether the sentence itself names what is compared: one side of the paper's own contrasts (`own` are its names),
    both of another paper's, whose words mean other things elsewhere."""
    if plan.sides == 2:
        return True
    return bool(plan.paper) and plan.paper in own and (plan.sides == 1 or _states_direction(plan))


def _worth_a_reason(sentence: str, reason: str) -> bool:
    """Whether a sentence measures or compares something, and the reason says more than that it names no method."""
    if reason.startswith(NAMES_NO):
        return False
    compared = any(p.search(sentence) for relation, p in (*COMPARISONS, *EFFECTS) if relation != "compared")
    return bool(compared or _FIGURE.search(sentence) or sentence.rstrip().endswith("?"))
