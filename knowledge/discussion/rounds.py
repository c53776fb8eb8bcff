"""What a reviewer asked again after the authors had replied, and which point it goes back to."""

from collections.abc import Mapping, Sequence

from knowledge.discussion.pairing import Vectors
from knowledge.discussion.points import ReviewPoint
from knowledge.discussion.replies import Answer
from knowledge.discussion.thread import chain
from knowledge.discussion.words import Rarity, terms
from knowledge.types import Document

SAME = 0.5
"""From which cosine, with 0.3 times the share of rare words, two points of a reviewer are on one matter."""
ANSWERED = 0.1
"""More, where the earlier one was answered by the very reply that the later one was written under."""


def find_rounds(
    points: Sequence[ReviewPoint], answers: Mapping[str, Answer], documents: Sequence[Document], vectors: Vectors
) -> dict[str, tuple[str, ...]]:
    """By the id of a point, what its reviewer asked on the same matter in later contributions, in reading order.

    A follow-up has an entry in `answers` of its own: the replies that were written after it. One that goes back to
    nothing earlier is in no round and stands for itself. Cost: the points of each reviewer squared.
    """
    by_id = {document.id: document for document in documents}
    asking = [point for point in points if point.wants_reply]
    rarity = Rarity.among(terms(point.text) for point in asking)
    rounds: dict[str, tuple[str, ...]] = {}
    for later in asking:
        document = by_id[later.document]
        if document.kind != "comment" or not later.reviewer:
            continue
        above = chain(document, by_id)
        found: list[tuple[float, str]] = []
        for earlier in asking:
            if earlier.reviewer != later.reviewer or not comes_before(earlier, later, above):
                continue
            cosine = float(vectors[earlier.text] @ vectors[later.text])
            shared = rarity.shared(terms(earlier.text), terms(later.text))
            under = any(reply.document in above[:1] for reply in answers[earlier.id].replies if reply.sure)
            found.append((cosine + 0.3 * shared + ANSWERED * under, earlier.id))
        score, best = max(found, default=(0.0, ""))
        if score >= SAME:
            rounds[best] = (*rounds.get(best, ()), later.id)
    return rounds


def comes_before(earlier: ReviewPoint, later: ReviewPoint, above: Sequence[str]) -> bool:
    """Whether a point stands in another contribution that was there before: above it in the thread, or by date."""
    if earlier.document == later.document:
        return False
    return earlier.document in above or bool(earlier.date and later.date and earlier.date < later.date)
