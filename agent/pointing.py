"""Which of the points that reviewers raised a question means: a fitted guess.

A question seldom repeats the words of the point it is about. Each point is described by how near it and the reply to it come
to the question, by the words they share with it and by what the search found in their passages, and a logistic regression
says how likely it is meant. The weights are fitted by `benchmarks.fit_pointing`.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.telling import Nearness, log_odds
from knowledge.asking import read_question, stems_of, topic_of
from knowledge.reranking import short_name
from knowledge.reviews import Discussion
from knowledge.types import Document, Hit

WEIGHTS = Path(__file__).parent / "pointing.json"
NOT_FOUND = -6.0
"""The log-odds of a point in whose passages the search found nothing."""


@dataclass(frozen=True)
class Raised:
    """A point as it is described: its words with its heading, what the authors replied to it, and where it stands."""

    id: str
    reviewer: str
    text: str
    heading: str
    document: str
    start: int
    end: int
    replies: tuple[str, ...]
    wants_reply: bool


def raised(discussion: Discussion, documents: Sequence[Document]) -> list[Raised]:
    """The points of a discussion with the replies that are tied to each."""
    texts = {document.id: document.text for document in documents}
    found = []
    for point in discussion.points:
        answer = discussion.answers.get(point.id)
        answered = answer is not None and answer.status != "not answered"
        replies = (
            [texts[r.document][r.start : r.end] for r in answer.replies if r.document in texts]
            if answer is not None and answered
            else []
        )
        found.append(
            Raised(
                point.id, point.reviewer or "", point.text, point.heading or "", point.document, point.start, point.end,
                tuple(replies), point.wants_reply,
            )
        )  # fmt: skip
    return found


def point_at(query: str, points: Sequence[Raised], hits: Sequence[Hit], nearness: Nearness) -> dict[str, float]:
    """The log-odds that a question means each point, by the point's id."""
    weights, offset = _model()
    rows = describe(query, points, hits, nearness)
    values = (offset + sum(weights[name] * number for name, number in row.items()) for row in rows)
    return dict(zip((point.id for point in points), values, strict=True))


def describe(query: str, points: Sequence[Raised], hits: Sequence[Hit], nearness: Nearness) -> list[dict[str, float]]:
    """The features of each point by name."""
    if not points:
        return []
    texts = list(dict.fromkeys(text for point in points for text in (point.text, *point.replies)))
    near = dict(zip(texts, (float(value) for value in nearness(query, texts)), strict=True))
    asked, topic = read_question(query), topic_of(query)
    own = [frozenset(stems_of(f"{point.heading} {point.text}")) for point in points]
    answers = [frozenset(stem for reply in point.replies for stem in stems_of(reply)) for point in points]
    counts = Counter(stem for stems in own for stem in stems)
    wanted = {stem: math.log(1 + len(points) / (0.5 + counts[stem])) for stem in dict.fromkeys(stems_of(topic))}
    total = sum(wanted.values()) or 1.0
    by_document: dict[str, list[Hit]] = {}
    for hit in hits:
        by_document.setdefault(hit.passage.locator.document, []).append(hit)
    nearest = [near[point.text] for point in points]
    replied = [max((near[text] for text in point.replies), default=0.0) for point in points]
    # A reviewer may be called by another name than the points bear: then nobody stands back.
    called = any(short_name(point.reviewer) in asked.reviewers for point in points)
    closest, closest_reply = max(nearest), max(replied)
    found = []
    for point, stems, answer, close, reply in zip(points, own, answers, nearest, replied, strict=True):
        over = [h for h in by_document.get(point.document, ()) if _overlap(h, point)]
        share = sum(weight for stem, weight in wanted.items() if stem in stems) / total
        found.append(
            {
                "near": close,
                "near, below the best": closest - close,
                "reply": reply,
                "reply, below the best": closest_reply - reply,
                "no reply": float(not point.replies),
                "words": share,
                "words of the reply": sum(weight for stem, weight in wanted.items() if stem in answer - stems) / total,
                "score": max((log_odds(h.score) for h in over), default=NOT_FOUND),
                "wants a reply": float(point.wants_reply),
                "wants a reply, asked": float(point.wants_reply and "reply" in asked.cues),
                "another's": float(called and short_name(point.reviewer) not in asked.reviewers),
                "length": math.log(1 + len(stems)) / 4,
            }
        )
    return found


def _overlap(hit: Hit, point: Raised) -> bool:
    at = hit.passage.locator
    return at.start < point.end and point.start < at.end


@cache
def _model() -> tuple[dict[str, float], float]:
    held = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return held["weights"], held["offset"]
