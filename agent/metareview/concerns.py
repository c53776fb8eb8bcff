"""The concerns of the reviewers by matter: who holds each, what the authors answered, what came of it. Pure.

A concern is one of `agent.answering.weighing`, so that a recommendation and a meta-review speak of the same ones with the
same state; each point brings its own reply.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from agent.answering.carrying import carrying
from agent.answering.chair_weights import Applied, Ruled, apply_all, ruling_on, weightless
from agent.answering.meeting import reads_as_criticism
from agent.answering.outcomes import DONE, Outcome, outcome
from agent.answering.own_decision import priorities_of
from agent.answering.points import MAYBE, near_replies
from agent.answering.themes import themes_of
from agent.answering.weighing import Concern as Weighed
from agent.answering.weighing import Weighing, weigh
from agent.metareview.basis import Basis
from agent.metareview.excerpts import is_fragment, overlap, stands_alone, telling
from agent.points import Point
from agent.quoting import sentences_of
from knowledge.reviews import MannerKind, ReviewPoint, passages_at
from knowledge.types import Passage

_REFERS = re.compile(
    r"^\W*(?:please )?(?:\w+ ){0,6}(?:mentioned |listed |see )?(?:above|below|weaknesses section)\W*$", re.IGNORECASE
)
"""What only points to another place of the review."""


@dataclass(frozen=True)
class Raised:
    """One point of a reviewer with the reply to it; `reply` and `after` are exact words of the passages beside them.

    passage: where the point stands; state: what came of it. Of a point to which no reply was found, `reply` is what comes
    nearest to it, if anything does. carries: whether it can be a reason against the paper.
    """

    point: ReviewPoint
    passage: Passage
    state: Outcome
    reply: str = ""
    reply_in: Passage | None = None
    kind: MannerKind | None = None
    after: str = ""
    after_in: Passage | None = None
    carries: bool = False
    hedge: Literal["", "perhaps", "open"] = ""
    """Whether `reply` is only a possible one, or only near to the point where none was found."""
    ruled: Ruled = ""
    """What the chair ruled on it."""

    @property
    def reviewer(self) -> str:
        return self.point.reviewer or ""

    @property
    def words(self) -> str:
        """The sentence that carries the point, exactly as it stands in the passage; cut at a clause where it is long."""
        start, end = (offset - self.passage.locator.start for offset in self.point.gist)
        held = self.passage.text[max(0, start) : max(0, end)].strip()
        fits = held in self.point.text and len(held.split()) > 2 and not is_fragment(held)
        return telling(held if fits else self.point.text, objecting=True)

    @property
    def open(self) -> bool:
        return not self.ruled and self.state not in DONE


@dataclass(frozen=True)
class Concern:
    """The points on one matter, in reading order; `lead` are those to tell, one a reviewer."""

    matter: str
    raised: tuple[Raised, ...]
    lead: tuple[Raised, ...]
    factor: float = 1.0
    """What it counts for the chair, 1 if they said nothing of it; 0: it is left out."""

    @property
    def ruled(self) -> Ruled:
        """What the chair ruled on all that leads it."""
        found = {r.ruled for r in self.lead}
        return "" if "" in found or not found else "void" if found == {"void"} else "settled"

    @property
    def holders(self) -> tuple[str, ...]:
        """Who holds it, in reading order; who only asks beside objections of others does not."""
        return tuple(dict.fromkeys(r.reviewer for r in self.lead))

    @property
    def open(self) -> bool:
        """Whether a point that leads it is open; a question that a reply may answer is not."""
        return any(r.open and not (r.state == "perhaps" and r.point.stance == "asks") for r in self.lead)

    @property
    def carrying(self) -> tuple[Raised, ...]:
        """The points that lead it and can be a reason against the paper."""
        return tuple(r for r in self.lead if r.carries)

    @property
    def shared(self) -> bool:
        """Whether what is open of it is held by more than one reviewer."""
        return len({r.reviewer for r in self.lead if r.open}) > 1


def is_minor(raised: Raised) -> bool:
    """Whether a point is on the writing only."""
    return "typo" in raised.point.aspects or themes_of(raised.point.text)[:1] == ("writing",)


def find_concerns(basis: Basis) -> tuple[Concern, ...]:
    """The concerns of the weighing in its order, and among them those that the chair takes from what stands by a ruling."""
    weighed = weigh(basis.file, priorities_of(basis.decision))
    return _told(basis, sorted((*weighed.concerns, *weighed.ruled), key=lambda c: -c.factor), weighed)


def left_out(basis: Basis) -> tuple[Concern, ...]:
    """The concerns that the chair does not weigh at all."""
    weighed = weigh(basis.file, priorities_of(basis.decision))
    return _told(basis, weighed.left_out, weighed)


def _told(basis: Basis, held: Sequence[Weighed], weighed: Weighing) -> tuple[Concern, ...]:
    """Concerns of the weighing with the words of the record; what the chair does not weigh is apart from what is left."""
    raised = {r.point.id: r for r in find_raised(basis, ("review", "comment"))}
    out = weightless(weighed.applied)
    concerns = []
    for one in held:
        lead = tuple(raised[p.id] for p in (*one.points, *one.ruled) if p.id in raised)
        if lead:
            apart = {i: r for i, r in raised.items() if (i in out) is not bool(one.factor)}
            concerns.append(Concern(one.theme, _of_theme(one.theme, basis, apart, lead), lead, one.factor))
    return tuple(concerns)


def _of_theme(theme: str, basis: Basis, raised: Mapping[str, Raised], lead: Sequence[Raised]) -> tuple[Raised, ...]:
    """All points of the reviews on a theme, those that lead it among them."""
    points = {p.id: p for p in basis.file.points}
    led = {r.point.id for r in lead}
    return tuple(
        r
        for r in raised.values()
        if r.point.id in led
        or (
            "typo" not in r.point.aspects
            and reads_as_criticism(r.point.text)
            and themes_of(points[r.point.id])[:1] == (theme,)
        )
    )


def find_raised(basis: Basis, kinds: Sequence[str] = ("review",)) -> tuple[Raised, ...]:
    """Every point of the reviews, or of what else reviewers wrote, that asks or objects, in reading order."""
    reviews = {p.locator.document for p in basis.file.of(*kinds)}
    applied = apply_all(basis.file, priorities_of(basis.decision))
    raised = []
    for point in basis.discussion.points:
        here = passages_at(point.document, point.start, point.end, basis.file.passages)
        held = basis.file.point(point.id)
        said = point.wants_reply and not _REFERS.search(point.text)
        said = said and (point.stance == "asks" or reads_as_criticism(point.text))
        if said and point.reviewer and point.document in reviews and here and held is not None:
            raised.append(_ruled(_raised(basis, point, held, here[0]), applied))
    return tuple(raised)


def _ruled(raised: Raised, applied: Sequence[Applied]) -> Raised:
    """A point with what the chair ruled on it, by which it is no reason any more."""
    ruled = ruling_on(raised.point.id, applied)
    return replace(raised, ruled=ruled, carries=False) if ruled else raised


def _raised(basis: Basis, point: ReviewPoint, held: Point, passage: Passage) -> Raised:
    """A point with the surest reply to it, or what comes nearest, and what its reviewer said of that."""
    state = outcome(held)
    after, after_in = "", None
    if held.verdict != "unknown":
        after, after_in = _words_of(basis, held.verdict_text, held.verdict_passages, "")
    best = next(iter(held.replies if held.status in ("answered", MAYBE) else near_replies(held)), None)
    if best is None:
        return Raised(point, passage, state, after=after, after_in=after_in, carries=bool(carrying([held])))
    reply, reply_in = _words_of(basis, best.text, best.passages, point.text)
    if held.status == "not answered" and not stands_alone(reply):
        reply, reply_in = "", None
    kind = cast(MannerKind, best.manner)
    hedge = "" if held.status == "answered" else "perhaps" if held.status == MAYBE else "open"
    return Raised(point, passage, state, reply, reply_in, kind, after, after_in, bool(carrying([held])), hedge)


def _words_of(basis: Basis, text: str, passages: Sequence[str], about: str) -> tuple[str, Passage | None]:
    """The telling sentence of a stretch of the record, with the passage that holds it; ("", None) where none does."""
    best: tuple[float, str, Passage] | None = None
    reviews = [p.text for p in basis.file.of("review")]
    for passage in basis.file.held(passages):
        held = [part for part in sentences_of(passage.text) if part in text]
        # What a reply repeats of a review is not the authors' word, with or without a mark of quotation.
        held = [part for part in held if not any(part.strip(' *>"“”') in said for said in reviews)] or held
        words = telling("\n\n".join(held), about) if held else ""
        shared = overlap(words, about)
        if words and (best is None or shared > best[0]):
            best = (shared, words, passage)
    return (best[1], best[2]) if best else ("", None)
