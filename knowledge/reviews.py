"""The reviews of a submission: who reviewed with which scores, what was asked, what the authors replied and how, whether
it settled the matter, and what was asked again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.discussion.agreements import Agreement, find_agreements
from knowledge.discussion.manners import Manner, MannerKind
from knowledge.discussion.pairing import Embed, Vectors
from knowledge.discussion.points import Judge, ReviewPoint, split_points
from knowledge.discussion.replies import Answer, Reply, find_answers
from knowledge.discussion.rounds import find_rounds
from knowledge.discussion.settlement import Settlement, find_settlements, read_statements
from knowledge.discussion.thread import is_reply
from knowledge.reviewers import find_names, name_keys, share_aliases
from knowledge.types import Document, Passage, Score, Submission

__all__ = [
    "Agreement",
    "Answer",
    "Discussion",
    "Manner",
    "MannerKind",
    "Reply",
    "ReviewPoint",
    "ScoreRow",
    "Settlement",
    "find_names",
    "name_keys",
    "passages_at",
    "read_discussion",
    "said_in",
    "score_table",
    "score_text",
    "scores_text",
    "share_aliases",
]  # fmt: skip

KINDS = ("review", "comment", "response", "relayed")
"""The kinds of documents that a discussion is read from."""


@dataclass(frozen=True)
class ScoreRow:
    """What one reviewer gave. A score that the record does not give is None, never zero.

    aliases: the other names of the same reviewer, as each source numbers them; others: a column for every further score
    that any reviewer of the submission gave.
    """

    reviewer: str
    document: str
    aliases: tuple[str, ...]
    rating: Score | None
    confidence: Score | None
    others: tuple[tuple[str, Score | None], ...]


@dataclass(frozen=True)
class Discussion:
    """What reviewers and authors said to each other about one submission.

    points: everything that reviews and comments praise, object to, ask or describe, in reading order.
    answers: by the id of each point that asks or objects, the authors' replies to it or that there is none. Each reply
    says how it answers (`manners`: by new results, a change made, a promise, a rebuttal, a concession), with the
    sentence that shows it, and which sentence says most on the point (`gist`).
    settled: by the id of a point, what its reviewer said of the replies afterwards; no entry where nothing.
    follow_ups: by the id of a point, the later points in which its reviewer came back to the same; each has its own
    entry in `answers`, of what was written after it.
    """

    scores: tuple[ScoreRow, ...] = ()
    points: tuple[ReviewPoint, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    settled: Mapping[str, Settlement] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] = ()
    follow_ups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_discussion(submission: Submission, embed: Embed, judge: Judge | None = None) -> Discussion:
    """The discussion of a submission; `embed` gives unit vectors, such as `Collection.embed`, `judge` what sentences do.

    Cost: an embedding for each point and each stretch of a reply, most of a second for a thread of three reviews.
    """
    documents = [document for document in submission.documents if document.kind in KINDS]
    points = tuple(
        point
        for document in documents
        if not is_reply(document)
        # What we tell of a review in our own words, "R1 asks why", is no sentence of a review.
        for point in split_points(document, judge if document.origin == "record" else None)
    )
    answers = find_answers(points, documents, embed)
    said = [statement.text for statement in read_statements(documents)]
    texts = list(dict.fromkeys([*(point.text for point in points if point.stance != "describes"), *said]))
    vectors: Vectors = dict(zip(texts, embed(texts), strict=True)) if texts else {}
    settled = find_settlements(points, answers, documents, vectors)
    reviews = {document.id for document in documents if document.kind in ("review", "relayed")}
    agreements = find_agreements([point for point in points if point.document in reviews], vectors)
    follow_ups = find_rounds(points, answers, documents, vectors)
    return Discussion(score_table(submission), points, answers, settled, agreements, follow_ups)


def said_in(discussion: Discussion, submission: Submission) -> list[str]:
    """The words of every point and of every reply that is tied to one."""
    texts = {document.id: document.text for document in submission.documents}
    replies = [reply for answer in discussion.answers.values() for reply in answer.replies]
    said = [*(point.text for point in discussion.points), *(texts[r.document][r.start : r.end] for r in replies)]
    return list(dict.fromkeys(said))


def score_table(submission: Submission) -> tuple[ScoreRow, ...]:
    """The scores of every reviewer in the order of the reviews; reviewers without scores have a row too."""
    columns = list(dict.fromkeys(name for review in submission.reviews for name, _ in review.other_scores))
    rows = [
        ScoreRow(
            review.reviewer, review.document, review.aliases, review.rating, review.confidence,
            tuple((name, dict(review.other_scores).get(name)) for name in columns),
        )
        for review in submission.reviews
    ]  # fmt: skip
    known = {review.document for review in submission.reviews}
    return (*rows, *(unscored(d, columns) for d in submission.documents if d.kind == "review" and d.id not in known))


def unscored(document: Document, columns: Sequence[str]) -> ScoreRow:
    return ScoreRow(document.author or "", document.id, (), None, None, tuple((name, None) for name in columns))


def passages_at(document: str, start: int, end: int, passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages that a stretch of a document overlaps, in the order given."""
    return tuple(
        passage
        for passage in passages
        if passage.locator.document == document and passage.locator.start < end and start < passage.locator.end
    )


def score_text(score: Score) -> str:
    """A score as the submission file writes it: "5 (Marginally below; 1 to 10)"."""
    scale = f"{score.low:g} to {score.high:g}" if score.low is not None and score.high is not None else ""
    scale = scale or (f"out of {score.high:g}" if score.high is not None and score.low is None else "")
    notes = "; ".join(part for part in (score.label, scale) if part)
    if score.value is None:
        return score.label + (f" ({scale})" if scale else "")
    return f"{score.value:g}" + (f" ({notes})" if notes else "")


def scores_text(review_scores: Iterable[tuple[str, Score]]) -> str:
    """Scores as lines of a document, one "Name: score" a line."""
    return "\n".join(f"{name[:1].upper()}{name[1:]}: {score_text(score)}" for name, score in review_scores)
