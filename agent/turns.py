"""Turns that run in threads of their own, so that a closed page or a reload loses nothing.

A page starts a turn, follows its events, and may come back later and follow them from the start. Verdicts of runs
whose turn has ended are brought into their conversation by `watch`.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent.errors import AgentError, TurnBusy, UnknownConversation
from agent.events import AnswerReady, Event, TurnFailed

if TYPE_CHECKING:
    from agent.conversation import Assistant

log = logging.getLogger(__name__)
POLL_S = 0.25


class ActiveTurn:
    """One turn under way: its events so far, for any number of readers."""

    def __init__(self, conversation: str, message: str) -> None:
        self.conversation, self.message = conversation, message
        self.turn: int | None = None
        self._events: list[Event] = []
        self._changed = threading.Condition()
        self._ended = False
        self._stop = threading.Event()
        self.refused = False

    def stop(self) -> None:
        """Ask the turn to end; a run that it started goes on."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def ended(self) -> bool:
        return self._ended

    def events(self, stop: Callable[[], bool] | None = None) -> Iterator[Event]:
        """All events from the start, then new ones until the turn ends or `stop()` says so."""
        for fresh in self.batches(stop):
            yield from fresh

    def batches(self, stop: Callable[[], bool] | None = None) -> Iterator[list[Event]]:
        """The same, all that came since the last batch at once."""
        seen = 0
        while True:
            with self._changed:
                while seen == len(self._events) and not self._ended:
                    self._changed.wait(POLL_S)
                    if stop is not None and stop():
                        return
                fresh = self._events[seen:]
                ended = self._ended
            if fresh:
                yield fresh
            seen += len(fresh)
            if ended and seen == len(self._events):
                return

    def _push(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def _end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()


class Turns:
    """Starts and finds turns; one at a time in a conversation."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._active: dict[str, ActiveTurn] = {}
        self._lock = threading.Lock()

    def start(self, conversation: str, message: str, *, owner: str) -> ActiveTurn:
        """Start answering `message`; raises TurnBusy, UnknownConversation or EmptyQuestion."""
        self._assistant.check(conversation, message, owner)
        with self._reserve(conversation, message) as turn:
            self._begin(turn)
        return turn

    def active(self, conversation: str) -> ActiveTurn | None:
        """The turn under way in a conversation, if any."""
        return self._active.get(conversation)

    def retry(self, conversation: str, *, owner: str) -> ActiveTurn:
        """Ask the last message again, replacing its answer."""
        self._last_message(conversation, owner)  # refuses before anything is reserved
        with self._reserve(conversation, "") as turn:
            number, turn.message = self._last_message(conversation, owner)
            self._assistant.check(conversation, turn.message, owner)
            self._begin(turn, instead_of=number)
        return turn

    def edit(self, conversation: str, turn: int, message: str, *, owner: str) -> ActiveTurn:
        """Replace the message of `turn` and drop all that followed."""
        self._assistant.check(conversation, message, owner)
        with self._reserve(conversation, message) as active:
            self._begin(active, instead_of=turn)
        return active

    @contextmanager
    def _reserve(self, conversation: str, message: str) -> Iterator[ActiveTurn]:
        """Own the conversation's one turn; what is refused from here on gives it back."""
        turn = ActiveTurn(conversation, message)
        with self._lock:
            if conversation in self._active:
                raise TurnBusy("The last question is still being answered: wait for it or press Stop.")
            self._active[conversation] = turn
        try:
            yield turn
        except BaseException:
            self._release(turn)
            raise

    def _begin(self, turn: ActiveTurn, instead_of: int | None = None) -> None:
        """Answer in a thread of its own, which waits until what the turn replaces is dropped."""
        ready = threading.Event()
        name = f"turn-{turn.conversation[:6]}"
        threading.Thread(target=self._run, args=(turn, ready), name=name, daemon=True).start()
        try:
            if instead_of is not None:
                self._assistant.history.truncate(turn.conversation, instead_of)
        except BaseException:
            turn.refused = True
            raise
        finally:
            ready.set()

    def _release(self, turn: ActiveTurn) -> None:
        with self._lock:
            if self._active.get(turn.conversation) is turn:
                del self._active[turn.conversation]
        turn._end()

    def _last_message(self, conversation: str, owner: str) -> tuple[int, str]:
        if self._assistant.history.conversation(conversation, owner) is None:
            raise UnknownConversation("That conversation does not exist here; start a new one.")
        messages = [e for e in self._assistant.history.entries(conversation) if e.role == "user"]
        if not messages:
            raise AgentError("There is nothing to ask again yet: type a question.")
        return messages[-1].turn, messages[-1].body["text"]

    def _run(self, turn: ActiveTurn, ready: threading.Event) -> None:
        ready.wait()
        if turn.refused:
            return
        try:
            for event in self._assistant.stream(turn.conversation, turn.message, stop=lambda: turn.stopping):
                if isinstance(event, AnswerReady):
                    turn.turn = event.turn
                turn._push(event)
        except Exception as error:
            # The turn's thread is the last place that can tell the person; the traceback goes to the log.
            log.exception("turn failed")
            turn._push(TurnFailed(f"The answer could not be finished ({error}). Your question is kept: press Retry."))
        finally:
            self._release(turn)

    # Verdicts that arrive after their turn

    def deliver(self, conversation: str) -> int:
        """Bring verdicts that arrived after their turn into the conversation; none while a turn is under way."""
        return 0 if conversation in self._active else self._assistant.deliver(conversation)

    def watch(self, stop: threading.Event, owners: Callable[[str], bool], every_s: float = 1.0) -> None:
        """Deliver verdicts until `stop` is set, for conversations whose owner passes `owners`."""
        history = self._assistant.history
        failing: set[str] = set()
        while not stop.wait(every_s):
            try:
                waiting = {run.conversation for run in history.waiting_runs() if run.state == "started"}
                for conversation in waiting:
                    if owners(history.owner(conversation) or ""):
                        self._deliver_or_log(conversation, failing)
            except Exception:
                # A locked file, say: the next round may find it free, and nobody is here to be told.
                log.exception("waiting runs could not be read")

    def _deliver_or_log(self, conversation: str, failing: set[str]) -> None:
        """Deliver to one conversation; what fails is logged once, tried again, and keeps no other from its verdicts."""
        try:
            self.deliver(conversation)
            failing.discard(conversation)
        except Exception:
            if conversation not in failing:
                log.exception("verdicts of conversation %s could not be delivered", conversation[:6])
            failing.add(conversation)
