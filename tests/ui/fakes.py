"""Rooms for tests of the page: the real history and the real turns, with a scripted assistant and run store."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import EmptyQuestion, UnknownConversation
from agent.events import (
    Answer,
    AnswerPart,
    AnswerReady,
    Citation,
    Event,
    ExperimentProposed,
    RunProgress,
    Sentence,
    ToolCalled,
    ToolReturned,
    TurnFailed,
    VerdictReached,
)
from agent.history import History, WaitingRun
from agent.models import EMBEDDED, ModelChoice
from agent.speakers import Speakers
from agent.turns import Turns
from compression_demo.types import Arm, Expectation, Experiment, Row, RunResult, Verdict
from knowledge.types import Document, ImportReport, Locator, Passage, Refusal, Review, Score, Section, Submission
from ui.app import Rooms
from ui.cards import Names

STOPPED = "Stopped. Your question is kept: press Retry."
TITLE = "Review: AnonReviewer3"
TEXTS = (
    "The method is a clear extension of second-order pruning.",
    "The comparison with magnitude pruning is missing at 90 % sparsity. <script>window.pwned = 1</script>",
    'The writing is clear; see <img src=x onerror="window.pwned = 1"> and $$x^2$$ and [a link](http://evil.example).',
)
BODY = "## Weaknesses\n" + "\n".join(TEXTS) + "\n"


def scored(value: float, high: float) -> Score:
    return Score(value, "", 1, high)


def review_document(submission: str) -> Document:
    return Document(
        f"{submission}:review", submission, "review", TITLE, BODY, (Section("Weaknesses", 0, len(BODY), "weaknesses"),),
        author="AnonReviewer3", origin="paraphrase", source="paraphrased from the public OpenReview thread",
    )  # fmt: skip


def a_submission(identity: str, title: str, short: str, ratings: tuple[tuple[int, int], ...]) -> Submission:
    reviews = tuple(
        Review(f"{identity}:review", identity, f"AnonReviewer{n}", (f"R{n}",), scored(rating, 10), scored(sure, 5))
        for n, (rating, sure) in enumerate(ratings, 1)
    )
    record = "" if reviews else "No review thread was found for this paper; nothing is filled in."
    return Submission(
        identity, title, ("A. Author",), "ICLR 2017", "Accept (Poster)" if reviews else None, (short,), None, record,
        (review_document(identity),), reviews, True,
    )  # fmt: skip


SUBMISSIONS = (
    a_submission("soft-weight-sharing", "Soft Weight-Sharing for Neural Network Compression", "SWS", ((7, 3), (7, 4), (7, 3))),
    a_submission("integral-pruning", "Integral Pruning on Activations and Weights for Efficient Neural Networks", "IPAW", ((4, 4), (5, 4), (5, 3))),
    a_submission("optimal-brain-compression", "Optimal Brain Compression: A Framework for Accurate Post-Training Quantization and Pruning", "OBC", ()),
    a_submission("limit-of-network-quantization", "Towards the Limit of Network Quantization", "ECSQ", ((7, 4), (6, 3), (7, 3))),
    a_submission("highly-efficient-8-bit-inference", "Highly Efficient 8-bit Low Precision Inference of Convolutional Neural Networks with IntelCaffe", "int8", ((5, 5), (3, 4), (6, 3))),
)  # fmt: skip


class FakeCollection:
    """Five submissions with one review document each; its three lines are its passages."""

    def __init__(self) -> None:
        self.held = SUBMISSIONS
        self.without_vectors: dict[str, int] = {}
        self.go_on = threading.Event()
        self.go_on.set()

    def submissions(self) -> tuple[Submission, ...]:
        return self.held

    def submission(self, identity: str) -> Submission | None:
        return next((s for s in SUBMISSIONS if s.id == identity), None)

    def document(self, identity: str) -> Document | None:
        return next((d for s in SUBMISSIONS for d in s.documents if d.id == identity), None)

    def passage(self, identity: str) -> Passage | None:
        submission, _, number = identity.partition("#")
        if not number or self.submission(submission) is None:
            return None
        text = TEXTS[int(number)]
        start = BODY.index(text)
        place = Locator(submission, f"{submission}:review", "Weaknesses", start, start + len(text))
        return Passage(identity, text, place, "review", "weaknesses", "AnonReviewer3", origin="paraphrase")

    def document_of(self, identity: str) -> Document | None:
        return self.document(f"{identity.partition('#')[0]}:review")

    def neighbours(self, identity: str) -> tuple[str, str]:
        number = int(identity.partition("#")[2])
        return "".join(TEXTS[number - 1 : number]), "".join(TEXTS[number + 1 : number + 2])

    def import_paths(
        self, paths: Sequence[Path], *, into: str | None, progress: Callable[[int, int, str], None]
    ) -> ImportReport:
        """Takes files whose names begin with "good"; the report says into what."""
        for done, path in enumerate(paths):
            progress(done, len(paths), f"reading {path.name}")
            assert self.go_on.wait(20)
        good = [path for path in paths if path.name.startswith("good")]
        refused = tuple(Refusal(path.name, "page 2", "has no text") for path in paths if path not in good)
        return ImportReport((into or "integral-pruning",) if good else (), (), refused)

    def pending(self, identity: str) -> int:
        """Passages without vectors, as a test sets them."""
        return self.without_vectors.get(identity, 0)

    def delete(self, identity: str) -> None:
        """Takes it off the shelf."""
        self.held = tuple(s for s in self.held if s.id != identity)

    def warm_up(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""


EXPERIMENT = Experiment(
    testbed="mnist-cnn",
    arms=(
        Arm("exact OBS", "exact_obs", (("sparsity", 0.9),)),
        Arm("magnitude", "magnitude", (("sparsity", 0.9),)),
        Arm("dense", "dense"),
    ),
    expectation=Expectation("exact OBS", "magnitude"),
)
ROWS = tuple(
    Row(arm, setting, seed, "accuracy", base + 0.3 * (seed % 3) - 0.2 * (seed % 2) * (arm == "magnitude"))
    for arm, setting, base in (("exact OBS", "90 % sparsity", 96.4), ("magnitude", "90 % sparsity", 93.2), ("dense", "as trained", 98.1))
    for seed in EXPERIMENT.seeds
)  # fmt: skip
VERDICT = Verdict(
    "supported", 3.28, (3.13, 3.43), "small CNN on 5,000 MNIST images, 90 % sparsity, 5 seeds; says nothing of ImageNet.",
    "AnonReviewer3's missing comparison: the direction holds here; the size of the gain on ImageNet stays open.",
    EXPERIMENT.digest, "The 98 % interval of the paired difference lies above zero.", 0.98,
)  # fmt: skip


@dataclass
class Status:
    """As the run store tells where a run stands."""

    state: str
    fraction: float
    message: str
    left_s: float | None = None


@dataclass
class FakeRuns:
    """One run that advances when it is told to."""

    fraction: float = 0.0
    cancelled: bool = False
    finished: threading.Event = field(default_factory=threading.Event)

    def status(self, digest: str) -> Status:
        state = "cancelled" if self.cancelled else "finished" if self.finished.is_set() else "running"
        return Status(state, self.fraction, f"seed {round(5 * self.fraction)} of 5", 40 * (1 - self.fraction))

    def outcome(self, digest: str, *, bears_on: str | None = None) -> tuple[Experiment, RunResult, Verdict] | None:
        return (EXPERIMENT, RunResult(digest, ROWS, {}), VERDICT) if self.finished.is_set() else None

    def cancel(self, digest: str) -> None:
        self.cancelled = True


def citation(submission: str, number: int, quote: str) -> Citation:
    passage = FakeCollection().passage(f"{submission}#{number}")
    assert passage is not None and quote in passage.text
    place = passage.locator
    return Citation(
        f"c{number}", passage.id, submission, place.document, "review", passage.reviewer, place.section, None, place.start,
        place.end, quote, passage.text, passage.label(), "Seen in one transcription only." if number == 1 else None,
    )  # fmt: skip


def an_answer(submission: str) -> Answer:
    sentences = (
        Sentence("AnonReviewer3 asks for a comparison with magnitude pruning at 90 % sparsity.", ("c1",)),
        Sentence(
            "AnonReviewer3: finds the method a clear extension <b>of</b> second-order pruning.",
            ("c0",),
            bullet=True,
            paragraph=1,
        ),
        Sentence("Writing: called clear.", ("c2", "c1"), bullet=True, paragraph=2),
        Sentence(
            "The missing baseline weighs more than the praise, because the claim rests on it.", (), "judgement", 3
        ),
        Sentence("Nothing on record speaks of the energy cost.", (), "abstention", 4),
    )
    cited = (
        citation(submission, 0, "clear extension"),
        citation(submission, 1, "comparison with magnitude pruning"),
        citation(submission, 2, "clear"),
    )
    return Answer(
        sentences, {c.id: c for c in cited}, struck=("“a rating of 9”: no passage bears the rating 9",), model="embedded",
        submission=submission, suggestions=("What does AnonReviewer3 ask that the authors left open?", "Check the claim about 90 % sparsity."),
    )  # fmt: skip


Script = Callable[["FakeAssistant", str, int, str, Callable[[], bool]], Iterator[Event]]


class FakeAssistant:
    """Answers by the words of the message; keeps history as the real one does."""

    def __init__(self, history: History, runs: FakeRuns, pause_s: float = 0.0) -> None:
        self.speakers = Speakers(ModelChoice(EMBEDDED), history)
        self.history, self.runs, self.pause_s = history, runs, pause_s

    def warm_up(self) -> None:
        """Nothing to load."""

    def suggestions(self, submission: str) -> tuple[str, ...]:
        return "Where do the reviewers disagree?", "What did AnonReviewer3 find missing?"

    def check(self, conversation: str, message: str, owner: str) -> None:
        if self.history.conversation(conversation, owner) is None:
            raise UnknownConversation("That conversation does not exist here; start a new one.")
        if not message.strip():
            raise EmptyQuestion("Type a question first.")
        self.speakers.choice(conversation)

    def stream(self, conversation: str, message: str, *, stop: Callable[[], bool]) -> Iterator[Event]:
        turn = self.history.add_message(conversation, message)
        known = next(iter(self._submission(conversation)), "soft-weight-sharing")
        events: list[Event] = []
        for event in self._script(conversation, message, turn, known, stop):
            time.sleep(self.pause_s)
            if stop():
                break
            if isinstance(event, AnswerReady):
                kept = [e.to_json() for e in events if not isinstance(e, AnswerPart)]
                self.history.add_answer(conversation, turn, event.answer, kept, {}, self._delivered(events))
            events.append(event)
            yield event
        if stop():
            self.history.add_failure(conversation, turn, STOPPED, stopped=True)
            yield TurnFailed(STOPPED, stopped=True)

    def _submission(self, conversation: str) -> list[str]:
        owner = self.history.owner(conversation) or ""
        known = self.history.conversation(conversation, owner)
        return [known.submission] if known and known.submission else []

    def _delivered(self, events: list[Event]) -> tuple[str, ...]:
        return tuple(e.digest for e in events if isinstance(e, VerdictReached))

    def _script(
        self, conversation: str, message: str, turn: int, submission: str, stop: Callable[[], bool]
    ) -> Iterator[Event]:
        if "fail" in message:
            raise RuntimeError("the index is broken")
        if "Check" in message or "run it" in message:
            yield from self._check(conversation, message, turn, submission, stop)
            return
        yield ToolCalled("t1", "search", {}, "searching the reviews for “baselines”")
        yield ToolReturned("t1", "search", "4 passages", 0.04)
        answer = an_answer(submission)
        for word in answer.text.split():
            yield AnswerPart(word + " ")
        yield AnswerReady(answer, turn)

    def _check(
        self, conversation: str, message: str, turn: int, submission: str, stop: Callable[[], bool]
    ) -> Iterator[Event]:
        digest, claim = EXPERIMENT.digest, "exact OBS loses less accuracy than magnitude pruning at 90 % sparsity"
        consent = "ask first" in message
        changes = ("ImageNet ResNet-50 -> small CNN on MNIST: the direction only", "five seeds instead of one")
        state = "proposed" if consent else "started"
        self.history.await_run(conversation, turn, digest, claim, EXPERIMENT.to_json(), VERDICT.bears_on, state)
        yield ExperimentProposed(digest, claim, EXPERIMENT.to_json(), 42.0, False, consent, changes)
        if consent:
            yield AnswerReady(Answer((Sentence("This would take a while: say yes to run it.", (), "smalltalk"),)), turn)
            return
        while not self.runs.finished.wait(0.05):
            if stop():
                return
            self.runs.fraction = min(1.0, self.runs.fraction + (0.003 if self.pause_s else 0.0))
            yield RunProgress(
                digest, self.runs.fraction, f"seed {round(5 * self.runs.fraction)} of 5", 40 * (1 - self.runs.fraction)
            )
            if self.runs.fraction >= 1:
                self.runs.finished.set()
        yield VerdictReached(digest, claim, VERDICT.to_json(), tuple(r.__dict__ for r in ROWS), "again" in message)
        yield AnswerReady(
            Answer(
                (Sentence("Exact OBS keeps 3.3 points more than magnitude pruning here.", (), "run"),),
                suggestions=("Check it again.",),
            ),
            turn,
        )

    def deliver(self, conversation: str) -> int:
        delivered = 0
        for run in self.history.waiting_runs(conversation):
            reached = self.verdict_of(run) if run.state == "started" else None
            delivered += reached is not None and self.history.deliver(run, reached.to_json())
        return delivered

    def verdict_of(self, run: WaitingRun) -> VerdictReached | None:
        outcome = self.runs.outcome(run.digest)
        if outcome is None:
            return None
        return VerdictReached(
            run.digest, run.claim, outcome[2].to_json(), tuple(r.__dict__ for r in outcome[1].rows), False,
            EXPERIMENT.to_json(),
        )  # fmt: skip


def fake_rooms(home: Path, pause_s: float = 0.0) -> Rooms:
    """Rooms over a real history in `home`; `pause_s` is waited before each event."""
    history, runs = History(home), FakeRuns()
    assistant = FakeAssistant(history, runs, pause_s)
    names = Names(
        {"mnist-cnn": "small CNN on MNIST (5,000 images)"},
        {"exact_obs": "ExactOBS, global mask"},
        {"accuracy": "test accuracy"},
        {"accuracy": "%"},
    )
    return Rooms(FakeCollection(), runs, history, assistant, Turns(assistant), names)  # type: ignore[arg-type]
