"""A dialogue held with the assistant as a chair would hold it: one fresh conversation, turn by turn."""

import time
from dataclasses import asdict, dataclass

from agent.conversation import Assistant
from agent.events import Answer, AnswerReady, ExperimentProposed, RunProgress, TurnFailed, VerdictReached
from ui import terminal

OWNER = "evaluation"


@dataclass(frozen=True)
class Said:
    """What came of one question. `ran` if an experiment was under way in it, `proposed` if one waits for a yes."""

    ask: str
    answer: Answer | None
    failure: str = ""
    seconds: float = 0.0
    ran: bool = False
    proposed: bool = False
    verdict: bool = False
    understood: str = ""
    """How the assistant read it: what is asked, of whom, about what."""
    cards: tuple[str, ...] = ()
    """The verdicts that are shown beside the answer, as the terminal writes them."""

    @property
    def read(self) -> str:
        """All that the chair reads."""
        return "\n\n".join([*self.cards, *([self.answer.text] if self.answer else [])])


def converse(assistant: Assistant, asks: list[str], submission: str | None, agreed: str | None = None) -> list[Said]:
    """Ask one after another in a new conversation about a submission; `agreed` is where text may go."""
    conversation = assistant.history.create(OWNER, submission)
    if agreed is not None:
        assistant.speakers.agree(conversation, agreed)
    return [ask_once(assistant, conversation, ask) for ask in asks]


def ask_once(assistant: Assistant, conversation: str, ask: str) -> Said:
    """One turn; what finished in the background is brought in first, as the page does it."""
    assistant.deliver(conversation)
    answer, failure, ran, proposed, cards = None, "", False, False, []
    started = time.perf_counter()
    for event in assistant.stream(conversation, ask):
        ran |= isinstance(event, RunProgress | VerdictReached)
        if isinstance(event, VerdictReached):
            cards.append(terminal.verdict(asdict(event)))
        elif isinstance(event, ExperimentProposed):
            proposed |= event.needs_consent
        elif isinstance(event, AnswerReady):
            answer = event.answer
        elif isinstance(event, TurnFailed):
            failure = event.message
    seconds = time.perf_counter() - started
    understood = _understood(assistant, conversation)
    return Said(ask, answer, failure, seconds, ran, proposed, bool(cards), understood, tuple(cards))


def _understood(assistant: Assistant, conversation: str) -> str:
    """The reading of the latest answered turn in one line."""
    read = next(
        (e.body["request"] for e in reversed(assistant.history.entries(conversation)) if e.role == "answer"), {}
    )
    parts = [
        " ".join(read.get("intents", ())),
        *read.get("reviewers", ()),
        f"topic: {read['topic']}" if read.get("topic") else "",
    ]
    return "; ".join(p for p in parts if p)
