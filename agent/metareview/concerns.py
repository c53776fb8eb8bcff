"""The concerns of the reviewers by matter: who holds each, what the authors answered, what came of it. Pure.

A concern is the points of all reviewers whose leading theme is the same; each point brings its own reply.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.answering.meeting import reads_as_criticism
from agent.answering.themes import HEAVY, themes_of
from agent.metareview.basis import Basis
from agent.metareview.preferences import Ruled, preferences_of
from agent.quoting import sentences_of
from knowledge.reviews import MannerKind, ReviewPoint, passages_at
from knowledge.types import Passage

State = Literal["settled", "contested", "promised", "answered", "unsure", "unanswered"]
"""settled: its reviewer says so; contested: its reviewer still holds it after the reply; promised: the reply only
announces a change; answered: no reviewer came back to it; unsure: what was found may be no answer to it."""

_OBJECTS = re.compile(
    r"\b(?:lack\w*|miss\w*|unclear|not|no|never|without|limited|weak|insufficient|incremental|should|however|but|why|how|concern\w*|only|unfair|too)\b|\?",
    re.IGNORECASE,
)
_CLAIMS = re.compile(
    r"\b(?:we|our|this (?:paper|work)|the (?:paper|authors?)|contributions?)\b|\b(?:propos|introduc|present|show|prov|develop|deriv|achiev|reach|reduc|improv|outperform)\w*\b",
    re.IGNORECASE,
)
LONGEST_QUOTE, REPEATED = 240, 0.8
_REFERS = re.compile(
    r"^\W*(?:please )?(?:\w+ ){0,6}(?:mentioned |listed |see )?(?:above|below|weaknesses section)\W*$", re.IGNORECASE
)
"""What only points to another place of the review."""
_LABEL = re.compile(
    r"^(?:@?(?:Anon)?Reviewer[ _#]*\w{1,4}|R\d|Re|[QWACS]\d{0,2}(?:\.\d)?|\(?\d{1,2})[ \t]*[:.)\]-]+[ \t]+(?=\S)",
    re.IGNORECASE,
)
"""Whom or what an answer or a point names before its first words: "Reviewer 1:", "W2."."""
_CUT = re.compile(
    r"(?:, (?:which|where|e\.g\.|for example|such as|for instance|including)|;| \(|: )(?!.*\b(?:but|however|though|unless)\b)"
)


@dataclass(frozen=True)
class Raised:
    """One point of a reviewer with the reply to it; `reply` and `after` are exact words of the passages beside them.

    passage: where the point stands; state: what came of it.
    """

    point: ReviewPoint
    passage: Passage
    state: State
    reply: str = ""
    reply_in: Passage | None = None
    kind: MannerKind | None = None
    after: str = ""
    after_in: Passage | None = None
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
        fits = held in self.point.text and len(held.split()) > 2
        return telling(held if fits else self.point.text, objecting=True)

    @property
    def open(self) -> bool:
        return not self.ruled and self.state in ("contested", "promised", "unsure", "unanswered")


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
        return any(r.open and not (r.state == "unsure" and r.point.stance == "asks") for r in self.lead)

    @property
    def shared(self) -> bool:
        """Whether what is open of it is held by more than one reviewer."""
        return len({r.reviewer for r in self.lead if r.open}) > 1


def is_minor(raised: Raised) -> bool:
    """Whether a point is on the writing only."""
    return "typo" in raised.point.aspects or themes_of(raised.point.text)[:1] == ("writing",)


def find_concerns(basis: Basis) -> tuple[Concern, ...]:
    """The heavy concerns, by what they count for the chair, then by how many hold them, open ones before settled ones."""
    concerns = [c for c in _concerns(basis) if c.factor]

    def weight(concern: Concern) -> tuple[float, int, bool, int]:
        return (
            -concern.factor,
            -len({r.reviewer for r in concern.raised if r.point.stance == "objects"}),
            not concern.open,
            -sum(r.point.stance == "objects" for r in concern.raised),
        )

    return tuple(sorted(concerns, key=weight))


def left_out(basis: Basis) -> tuple[Concern, ...]:
    """The concerns that the chair does not weigh at all."""
    return tuple(c for c in _concerns(basis) if not c.factor)


def _concerns(basis: Basis) -> list[Concern]:
    """The heavy concerns in reading order; what the chair does not weigh is apart from what is left of a matter."""
    preferences = preferences_of(basis)
    groups: dict[tuple[str, bool], list[Raised]] = {}
    for raised in find_raised(basis):
        theme = next(iter(themes_of(raised.point.text)), "")
        criticism = raised.state == "contested" or reads_as_criticism(raised.point.text)
        if theme in HEAVY and criticism and "typo" not in raised.point.aspects:
            out = preferences.leaves_out(theme, raised.point.id)
            groups.setdefault((theme, out), []).append(replace(raised, ruled=preferences.ruled(raised.point.id)))
    return [
        Concern(matter, tuple(points), lead := _leading(points), preferences.factor(matter, [r.point.id for r in lead]))
        for (matter, _), points in groups.items()
    ]


def find_raised(basis: Basis) -> tuple[Raised, ...]:
    """Every point of the reviews that asks or objects, in reading order."""
    reviews = {p.locator.document for p in basis.file.of("review")}
    raised = []
    for point in basis.discussion.points:
        here = passages_at(point.document, point.start, point.end, basis.file.passages)
        said = point.wants_reply and not _REFERS.search(point.text)
        if said and point.reviewer and point.document in reviews and here:
            raised.append(_raised(basis, point, here[0]))
    return tuple(raised)


def _raised(basis: Basis, point: ReviewPoint, passage: Passage) -> Raised:
    """A point with the surest reply to it and what its reviewer said of that."""
    answer, said = basis.discussion.answers.get(point.id), basis.discussion.settled.get(point.id)
    after, after_in = "", None
    if said is not None and said.verdict != "unknown":
        after, after_in = _words_at(basis, said.document, said.start, said.end, "")
    if answer is None or answer.status == "not answered" or not answer.replies:
        taken: dict[str, State] = {"no": "contested", "yes": "settled"}
        state = taken.get(said.verdict, "unanswered") if after and said else "unanswered"
        return Raised(point, passage, state, after=after, after_in=after_in)
    best = answer.replies[0]
    reply, reply_in = _words_at(basis, best.document, best.start, best.end, point.text)
    kind = best.manners[0].kind if best.manners else "explanation"
    if said is not None and after:
        state = "settled" if said.verdict == "yes" else "contested"
    elif answer.status != "answered":
        state = "unsure"
    else:
        state = "promised" if kind == "promise" else "answered"
    return Raised(point, passage, state, reply, reply_in, kind, after, after_in)


def _words_at(basis: Basis, document: str, start: int, end: int, about: str) -> tuple[str, Passage | None]:
    """The telling sentence of a stretch of a document, with the passage that holds it; ("", None) where none does."""
    best: tuple[float, str, Passage] | None = None
    for passage in passages_at(document, start, end, basis.file.passages):
        first = max(0, start - passage.locator.start)
        words = telling(passage.text[first : end - passage.locator.start], about)
        shared = _overlap(words, about)
        if words and (best is None or shared > best[0]):
            best = (shared, words, passage)
    return (best[1], best[2]) if best else ("", None)


def _leading(points: Sequence[Raised]) -> tuple[Raised, ...]:
    """One point a reviewer: objections before questions, open before settled, first said first. Beside an objection a
    question does not lead."""
    objections = [r for r in points if r.point.stance == "objects" or r.state == "contested"]
    lead: dict[str, Raised] = {}
    for raised in sorted(objections or points, key=lambda r: (r.point.stance != "objects", not r.open)):
        lead.setdefault(raised.reviewer, raised)
    return tuple(r for r in points if lead.get(r.reviewer) is r)


def telling(text: str, about: str = "", objecting: bool = False, claiming: bool = False) -> str:
    """The sentence of a text that says most of `about`, or that objects or claims most; an exact part of the text, cut
    at a clause where it is long."""
    # Rows of tables tell nothing alone, and what a reply repeats of the reviewer is not the authors' word.
    own = [part for part in sentences_of(text) if not part.lstrip().startswith(("|", ">"))] or sentences_of(text)
    every = [part for part in (_LABEL.sub("", part.strip(" -*•\t")) for part in own) if len(part.split()) > 2]
    parts = [part for part in every if not _repeats(part, about)] or every or [text.strip()]
    if objecting:
        best = max(parts, key=lambda part: min(len(_OBJECTS.findall(part)), 3))
    elif claiming:
        best = max(parts, key=lambda part: min(len(_CLAIMS.findall(part)), 3))
    else:
        best = max(parts, key=lambda part: _overlap(part, about))
    cut = _CUT.search(best, LONGEST_QUOTE // 3) if len(best) > LONGEST_QUOTE else None
    return best[: cut.start()] if cut else best


def _repeats(part: str, about: str) -> bool:
    held, wanted = (set(re.findall(r"[a-z]{4,}", words.lower())) for words in (part, about))
    return len(held) >= 4 and len(held & wanted) / len(held) >= REPEATED


def _overlap(text: str, about: str) -> float:
    wanted, held = (set(re.findall(r"[a-z]{4,}", words.lower())) for words in (about, text))
    return len(wanted & held) / (len(held) + 4) if wanted else 0.0
