"""The discussion of a submission in terms of passages: which passage of a reply answers which passage of a review."""

from collections.abc import Sequence
from typing import Any

from knowledge.reviews import Answer, Discussion, passages_at
from knowledge.types import Passage

STATUSES = ("answered", "possibly answered here", "not answered")


def link_passages(discussion: Discussion, passages: Sequence[Passage]) -> dict[str, Any]:
    """What the artifact of the review file says of replies, by the id of a reviewer's passage.

    replies: [(passage id, fit)] of what answers it, the surest first; statuses: the worst status of the points in it;
    nearest: passage ids of what was written nearest to an unanswered one; evidence: by what the first reply is known;
    settled: (verdict, passage id) of what its reviewer said of the replies afterwards.
    """
    linked: dict[str, Any] = {"replies": {}, "statuses": {}, "nearest": {}, "evidence": {}, "settled": {}}
    for point in discussion.points:
        answer = discussion.answers.get(point.id)
        for passage in passages_at(point.document, point.start, point.end, passages) if answer else ():
            if answer:
                add_answer(linked, passage.id, answer, passages)
            if said := discussion.settled.get(point.id):
                where = passages_at(said.document, said.start, said.end, passages)
                linked["settled"].update({passage.id: (said.verdict, where[0].id)} if where else {})
    for identity, fits in linked["replies"].items():
        linked["replies"][identity] = sorted(fits.items(), key=lambda fit: -fit[1])
    return linked


def add_answer(linked: dict[str, Any], identity: str, answer: Answer, passages: Sequence[Passage]) -> None:
    """Add a point's answer to its passage; a passage that holds several points has the worst status of them."""
    before = linked["statuses"].get(identity, answer.status)
    linked["statuses"][identity] = max(before, answer.status, key=STATUSES.index)
    fits = linked["replies"].setdefault(identity, {})
    for reply in answer.replies:
        for found in passages_at(reply.document, reply.start, reply.end, passages):
            if answer.status == "not answered":
                nearest = linked["nearest"].setdefault(identity, [])
                nearest += [found.id] if found.id not in nearest else []
            else:
                fits[found.id] = max(fits.get(found.id, 0.0), reply.fit)
                linked["evidence"].setdefault(identity, reply.evidence)
