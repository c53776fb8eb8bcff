"""The discussion of a submission as points that know the passages they stand in."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from agent.points import Matter, Point, PointReply, point_to_json
from agent.quoting import gist_of, told_from
from knowledge.reviews import Answer, Discussion, ReviewPoint, passages_at
from knowledge.types import Document, Passage


def discussion_to_json(
    discussion: Discussion, documents: Sequence[Document], passages: Sequence[Passage]
) -> dict[str, Any]:
    """The points and matters of a discussion for the artifact of the review file; points in no passage are left out."""
    texts = {document.id: document for document in documents}
    points = [read_point(point, discussion, texts, passages) for point in discussion.points]
    held = [point for point in points if point.passages]
    kept = {point.id for point in held}
    matters = [
        Matter(found.kind, found.points, found.holders)
        for found in discussion.agreements
        if all(identity in kept for identity in found.points)
    ]
    return {"points": [point_to_json(p) for p in held], "matters": [asdict(m) for m in matters]}


def read_point(
    point: ReviewPoint, discussion: Discussion, documents: dict[str, Document], passages: Sequence[Passage]
) -> Point:
    """A reviewer's point with its replies and what the reviewer said of them."""
    answer = discussion.answers.get(point.id)
    said = discussion.settled.get(point.id)
    where = passages_at(said.document, said.start, said.end, passages) if said else ()
    return Point(
        id=point.id, reviewer=point.reviewer or "", document=point.document, kind=documents[point.document].kind,
        stance=point.stance, aspects=point.aspects, text=point.text,
        gist=_telling(point, documents[point.document].text[slice(*point.gist)]),
        passages=ids(point.document, point.start, point.end, passages), label=point.label, date=point.date or "",
        status=answer.status if answer else None, follow_ups=discussion.follow_ups.get(point.id, ()), replies=read_replies(answer, documents, passages) if answer else (),
        verdict=said.verdict if said and where else "unknown",
        verdict_text=documents[said.document].text[said.start : said.end] if said and where else "",
        verdict_passages=tuple(p.id for p in where), heading=point.heading or "",
    )  # fmt: skip


def _telling(point: ReviewPoint, sentence: str) -> str:
    """The part of a point that carries it; a question that stands in it comes before what is remarked on it."""
    if point.stance == "asks" and "?" in point.text and "?" not in sentence:
        return gist_of(point.text, point.stance)
    return told_from(point.text, sentence)


def read_replies(answer: Answer, documents: dict[str, Document], passages: Sequence[Passage]) -> tuple[PointReply, ...]:
    """The replies of an answer whose words stand in a passage, the surest first."""
    found = []
    for reply in answer.replies:
        text = documents[reply.document].text[reply.start : reply.end]
        held = ids(reply.document, reply.start, reply.end, passages)
        if held:
            gist = told_from(text, documents[reply.document].text[slice(*reply.gist)])
            manner = reply.manners[0].kind if reply.manners else "explanation"
            found.append(PointReply(text, gist, held, reply.fit, reply.sure, reply.evidence, reply.to_other, manner))
    return tuple(found)


def ids(document: str, start: int, end: int, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The ids of the passages that a stretch of a document overlaps."""
    return tuple(p.id for p in passages_at(document, start, end, passages))
