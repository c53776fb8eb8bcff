"""What a user interface can show of a turn, in the order in which it happens.

Events are frozen and have a JSON form (`to_json`, the class name under "event"), so that a page that was closed can
be told again what it missed.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

SentenceKind = Literal["fact", "judgement", "abstention", "run", "finding", "smalltalk"]
UNTESTABLE = "This cannot be tested here."
"""How an answer begins that declines a run."""


@dataclass(frozen=True)
class Citation:
    """One cited passage, resolved: `quote` occurs in `text`, which is the document at `start:end`."""

    id: str
    passage_id: str
    submission: str
    document: str
    kind: str
    reviewer: str | None
    section: str | None
    page: int | None
    start: int
    end: int
    quote: str
    text: str
    label: str
    caveat: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer with the ids of the citations that bear it. `paragraph` groups for display;
    `bullet` shows it as a list item; `lead` is a short bold lead-in (a reviewer, an aspect)."""

    text: str
    citations: tuple[str, ...] = ()
    kind: SentenceKind = "fact"
    paragraph: int = 0
    bullet: bool = False


@dataclass(frozen=True)
class Answer:
    """A finished, grounded answer. `struck` tells what grounding removed and why, one line each."""

    sentences: tuple[Sentence, ...]
    citations: dict[str, Citation] = field(default_factory=dict)
    verdicts: tuple[dict[str, Any], ...] = ()
    abstained: bool = False
    struck: tuple[str, ...] = ()
    model: str = ""
    submission: str | None = None
    suggestions: tuple[str, ...] = ()
    instead_of: str = ""
    """Which language model was asked and why it is not its answer; empty where `model` was the one asked."""

    @property
    def text(self) -> str:
        """The answer as plain text with [1]-style citation marks left out."""
        parts: list[str] = []
        last = None
        for sentence in self.sentences:
            if last is not None:
                parts.append("\n" if sentence.bullet or sentence.paragraph != last else " ")
            parts.append(("- " if sentence.bullet else "") + sentence.text)
            last = sentence.paragraph
        return "".join(parts)


@dataclass(frozen=True)
class Event:
    """Base of all events."""

    def to_json(self) -> dict[str, Any]:
        return {"event": type(self).__name__, **asdict(self)}


@dataclass(frozen=True)
class ToolCalled(Event):
    """The model asked for a tool; `summary` is one line for a person ("searching the reviews for 'novelty'")."""

    call_id: str
    tool: str
    arguments: dict[str, Any]
    summary: str


@dataclass(frozen=True)
class ToolReturned(Event):
    """A tool came back; `found` is one line for a person ("4 passages")."""

    call_id: str
    tool: str
    found: str
    seconds: float


@dataclass(frozen=True)
class ExperimentProposed(Event):
    """An experiment is about to run, or waits for a yes (`needs_consent`). `changes` says what differs from the
    claim ("ImageNet ResNet-50 -> small CNN on MNIST: direction only")."""

    digest: str
    claim: str
    experiment: dict[str, Any]
    estimate_s: float
    cached: bool
    needs_consent: bool
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunProgress(Event):
    """Where a run stands: `fraction` in 0..1, `message` in words, `left_s` estimated seconds left if known."""

    digest: str
    fraction: float
    message: str
    left_s: float | None = None


@dataclass(frozen=True)
class VerdictReached(Event):
    """A run ended. `rows` are the measured values; `cached` says that everything came from the run store; `hypothesis`
    and `changes` say how the claim was read, as far as that is known; `around` the same question at neighbouring
    settings, in sentences; `stated` the figures of the claim itself, which are those of its own nets."""

    digest: str
    claim: str
    verdict: dict[str, Any]
    rows: tuple[dict[str, Any], ...]
    cached: bool
    experiment: dict[str, Any] = field(default_factory=dict)
    hypothesis: str = ""
    changes: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerPart(Event):
    """Sentences of the answer that were checked while the rest is being written; to be replaced by `AnswerReady`."""

    text: str


@dataclass(frozen=True)
class WordsDropped(Event):
    """The words written so far are not the answer: the model looks something up first, or another one answers."""


@dataclass(frozen=True)
class AnswerReady(Event):
    """The grounded answer; the last event of a turn that went well."""

    answer: Answer
    turn: int


@dataclass(frozen=True)
class TurnFailed(Event):
    """The turn ended without an answer: what happened, what is kept, what to do. `stopped` if the user stopped it."""

    message: str
    stopped: bool = False
