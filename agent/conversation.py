"""One turn in, one grounded answer out: what a message changes, who answers it, and what is kept of it."""

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, replace
from typing import Any

from langchain_core.messages import BaseMessage

from agent.delivery import deliver, drop_cancelled
from agent.desk import Desk
from agent.desks import follow_ups, lay_desk, suggestions
from agent.errors import EmptyQuestion, Stopped, UnknownConversation
from agent.events import Answer, AnswerPart, AnswerReady, Event, Sentence, TurnFailed, WordsDropped
from agent.grounding import NOTHING_STANDS
from agent.history import History
from agent.loop import Written, run_loop
from agent.models import EMBEDDED, ModelChoice, choose_model
from agent.models.extractive import ExtractiveChatModel
from agent.models.failures import explain_failure
from agent.reader import Reader
from agent.releasing import Holding
from agent.request import Request
from agent.speakers import Speakers
from agent.steering import Limits
from agent.tools import TurnContext
from agent.understanding import understand
from compression_demo.runs import RunStore
from knowledge.collection import Collection

log = logging.getLogger(__name__)
LONGEST_MESSAGE = 20_000
NO_LIMITS = Limits(seconds=float("inf"), tokens=10**12)
"""The embedded model needs none: it asks for its tools once, then writes."""


class Assistant:
    """Answers turns of conversations; the same loop for the embedded model and for any other."""

    def __init__(
        self,
        collection: Collection,
        runs: RunStore,
        history: History,
        *,
        model: str | ModelChoice = EMBEDDED,
        start_below_s: float = 120.0,
        limits: Limits | None = None,
    ) -> None:
        self.collection, self.runs, self.history = collection, runs, history
        self.speakers = Speakers(choose_model(model) if isinstance(model, str) else model, history)
        self._limits = limits or Limits()
        self._start_below_s = start_below_s
        self._reader = Reader(collection.embedder)

    def warm_up(self) -> None:
        """Load what the first answer needs: the embedding model, the index, the reader of messages."""
        self.collection.warm_up()
        self._reader.read("What is new?")

    def suggestions(self, submission: str) -> tuple[str, ...]:
        """Questions worth asking about a submission, from its own record."""
        return suggestions(self.collection, submission)

    def check(self, conversation: str, message: str, owner: str) -> None:
        """Raise before anything is written: EmptyQuestion, UnknownConversation, and where the conversation's model
        cannot be asked, UnknownModel or NotAgreed."""
        if not message.strip():
            raise EmptyQuestion("The question is empty: type one.")
        if len(message) > LONGEST_MESSAGE:
            raise EmptyQuestion(f"The question is longer than {LONGEST_MESSAGE:,} characters: shorten it.")
        if self.history.conversation(conversation, owner) is None:
            raise UnknownConversation("That conversation does not exist here; start a new one.")
        self.speakers.choice(conversation)

    def stream(
        self, conversation: str, message: str, *, stop: Callable[[], bool] = lambda: False, consent: bool = False
    ) -> Iterator[Event]:
        """Answer one message: the events of the turn, the last of them AnswerReady or TurnFailed.

        `stop()` is polled; `consent` starts any run without asking. The message, the answer and the runs are written
        to the history; what was started keeps running when the turn ends. Raises UnknownModel or NotAgreed, with
        nothing written, where the conversation's model cannot be asked.
        """
        choice = self.speakers.choice(conversation)
        desk = lay_desk(self.collection, self.history, conversation)
        turn = self.history.add_message(conversation, message)
        request = understand(message, desk, self._reader.read)
        desk = self._take_note(conversation, turn, request, desk)
        said_yes = request.intents[0] == "consent"
        context = TurnContext(
            self.collection, self.runs, self.history, conversation, turn, request.submission, stop,
            self._start_below_s, consent, desk.proposal.digest if said_yes and desk.proposal else None,
        )  # fmt: skip
        kept: list[dict[str, Any]] = []
        if request.submission is not None and desk.paper(request.submission) is None:
            answer = deleted(request.submission, choice.name)
            self.history.add_answer(conversation, turn, answer, [], request.to_json(), ())
            yield AnswerReady(answer, turn)
            return
        try:
            answer = yield from self._answer(choice, desk, request, context, kept)
        except Stopped:
            self.history.add_failure(conversation, turn, "You stopped this answer.", stopped=True)
            yield TurnFailed("Stopped. What was running goes on; your question is kept.", stopped=True)
            return
        except Exception as error:
            log.exception("the model loop failed")
            text = f"The answer could not be finished ({explain_failure(error)}). Your question is kept: press Retry."
            self.history.add_failure(conversation, turn, text, stopped=False)
            yield TurnFailed(text)
            return
        drop_cancelled(self.history, self.runs, conversation)
        delivered = tuple(v["digest"] for v in answer.verdicts)
        shown = [e for e in kept if e["event"] != "RunProgress"]
        self.history.add_answer(conversation, turn, answer, shown, request.to_json(), delivered)
        yield AnswerReady(answer, turn)

    def deliver(self, conversation: str) -> int:
        """Bring verdicts of finished runs, whose turn has ended, into a conversation; returns how many."""
        return deliver(self.history, self.runs, conversation)

    def _take_note(self, conversation: str, turn: int, request: Request, desk: Desk) -> Desk:
        """Keep what the message says beyond asking: its paper, a decision, a yes or no to a run.

        Returns the desk, with the decision on the paper that the message turned to where it turned to another.
        """
        submission = request.submission or desk.current
        if submission != desk.current:
            self.history.choose(conversation, submission)
            desk = replace(desk, decision=self.history.decision(conversation, submission))
        if request.stated is not None:
            self.history.record_decision(conversation, turn, asdict(request.stated), submission)
        if desk.proposal is not None and request.intents[0] in ("consent", "decline"):
            state = "declined" if request.intents[0] == "decline" else "delivered"
            self.history.settle_run(desk.proposal, state, in_turn=turn)
        return desk

    def _answer(
        self, choice: ModelChoice, desk: Desk, request: Request, context: TurnContext, kept: list[dict[str, Any]]
    ) -> Generator[Event, None, Answer]:
        """The answer of the chosen model, or where it brings none that stands, of the embedded one, which says so."""
        if choice.chat is None:
            return (yield from self._ask(choice, desk, request, context, kept))
        struck: tuple[str, ...] = ()
        try:
            answer = yield from self._ask(choice, desk, request, context, kept)
            reason = unusable(answer)
            if reason is None:
                return answer
            struck = answer.struck
        except Stopped:
            raise
        except Exception as error:
            reason = explain_failure(error)
        log.warning("%s brought no answer: %s", choice.name, reason)
        yield WordsDropped()
        answer = yield from self._ask(ModelChoice(EMBEDDED), desk, request, context, kept)
        told = f"{choice.name} did not answer ({reason}); the embedded model answers in its place."
        return replace(answer, instead_of=told, struck=(*struck, *answer.struck))

    def _ask(
        self, choice: ModelChoice, desk: Desk, request: Request, context: TurnContext, kept: list[dict[str, Any]]
    ) -> Generator[Event, None, Answer]:
        """What one model makes of the turn, grounded; events that are worth keeping are added to `kept`."""
        chat = ExtractiveChatModel(desk=desk, request=request) if choice.chat is None else choice.chat
        limits = NO_LIMITS if choice.chat is None else self._limits
        held = Holding(self.collection, choice, desk, request)
        shown = False
        for item in run_loop(chat, desk, request, context, limits):
            if isinstance(item, BaseMessage):
                held.take(item)
            elif isinstance(item, Written):
                # What is written is shown once it was checked, a sentence at a time.
                if text := held.release(item.text):
                    yield AnswerPart(f"\n{text}" if shown else text)
                    shown = True
            else:
                shown = shown and not isinstance(item, WordsDropped)
                if not isinstance(item, WordsDropped):
                    kept.append(item.to_json())
                yield item
        answer = held.answer()
        return replace(answer, suggestions=follow_ups(self.collection, desk, request, answer))


def unusable(answer: Answer) -> str | None:
    """Why an answer of a language model cannot be shown as one, or None."""
    if not answer.sentences and not answer.struck:
        return "it wrote nothing"
    if any(s.text == NOTHING_STANDS for s in answer.sentences):
        return "the sources bear nothing of what it wrote"
    return None


def deleted(submission: str, model: str) -> Answer:
    """What to say where the conversation is about a submission that the collection does not hold any more."""
    words = (
        f"The submission “{submission}”, which this conversation is about, was deleted: nothing of it can be searched"
        " or cited any more. Choose another submission, or import it again."
    )
    return Answer((Sentence(words, (), "abstention", 0),), abstained=True, model=model, submission=submission)
