"""Made answers, citations and reviews for the tests of the counting code."""

from agent.events import Answer, Citation, Sentence
from benchmarks.dialogues.conversing import Said
from benchmarks.dialogues.marks import Surroundings
from benchmarks.dialogues.scripts import Gold, Turn
from knowledge.types import Review, Score, Submission

HOME = "coral"
REVIEWS = (
    Review("coral/review-a", HOME, "AnonReviewer1", ("R1", "Reviewer 1"), Score(6, "", 1, 10), Score(4, "", 1, 5)),
    Review("coral/review-b", HOME, "AnonReviewer2", ("R2", "Reviewer 2"), Score(3, "", 1, 10), Score(5, "", 1, 5)),
)
SUBMISSION = Submission(HOME, "Coral Pruning", reviews=REVIEWS)
AROUND = Surroundings({HOME: SUBMISSION})


def cite(key: str, text: str, reviewer: str | None = None, document: str = "coral/notes", label: str = "") -> Citation:
    kind = "review" if reviewer else "notes"
    return Citation(key, f"p-{key}", HOME, document, kind, reviewer, None, None, 0, len(text), text, text, label)


def answer(*sentences: Sentence, citations: tuple[Citation, ...] = (), abstained: bool = False) -> Answer:
    return Answer(sentences, {c.id: c for c in citations}, abstained=abstained, submission=HOME)


def fact(text: str, *keys: str) -> Sentence:
    return Sentence(text, keys)


def said(given: Answer | None, **more) -> Said:
    return Said("?", given, **more)


def turn(act: str = "facts", *gold: Gold, type: str = "number", **more) -> Turn:
    return Turn("?", type, act, gold=gold, **more)
