"""Which model speaks in a conversation, and whether its text may leave the machine for it.

A choice and a yes belong to one conversation. The yes holds for the words in which it was asked, so a model that sends
elsewhere asks again. Keys come from the environment alone and are neither kept nor shown.
"""

from dataclasses import dataclass

from agent.errors import NotAgreed, UnknownModel
from agent.history import History
from agent.models import EMBEDDED, ModelChoice, choose_model


@dataclass(frozen=True)
class Speaker:
    """Who speaks in a conversation, for a person to see."""

    name: str
    leaves_machine: str | None = None
    """Where text goes, in a sentence; None where nothing leaves the machine."""
    agreed: bool = True
    """Whether text may go there."""
    problem: str | None = None
    """Why the model cannot be opened."""


class Speakers:
    """The models of one process: its default, and those chosen for conversations, each opened once."""

    def __init__(self, default: ModelChoice, history: History) -> None:
        self._default, self._history = default, history
        self._opened = {default.name: default}

    def of(self, conversation: str) -> Speaker:
        """Who speaks in a conversation; nothing is sent anywhere to find out."""
        name, agreed = self._chosen(conversation)
        try:
            choice = self._open(name)
        except UnknownModel as error:
            return Speaker(name, problem=str(error))
        where = choice.leaves_machine
        return Speaker(choice.name, where, where is None or where == agreed)

    def choice(self, conversation: str) -> ModelChoice:
        """The model to ask; raises UnknownModel, or NotAgreed where nobody has said yes to where text goes."""
        name, agreed = self._chosen(conversation)
        choice = self._open(name)
        if choice.leaves_machine is not None and choice.leaves_machine != agreed:
            raise NotAgreed(
                f"Nothing was sent. {choice.leaves_machine} Agree to that for this conversation first, or choose the"
                " embedded model."
            )
        return choice

    def choose(self, conversation: str, name: str) -> None:
        """Let a model speak from now on; UnknownModel leaves things as they are. A yes given before is forgotten."""
        choice = self._open(name.strip())
        if choice.name != self._chosen(conversation)[0]:
            self._history.choose_model(conversation, choice.name)

    def agree(self, conversation: str, where: str) -> None:
        """Say yes to where text goes, in the words that the person saw; NotAgreed where they are not so any more."""
        if where != self.of(conversation).leaves_machine:
            raise NotAgreed("The model of this conversation has changed meanwhile: look where its text goes now.")
        self._history.agree(conversation, where)

    def known(self, owner: str) -> tuple[str, ...]:
        """The models to choose from: the embedded one, the default, those of the owner's other conversations."""
        used = (c.model for c in self._history.conversations(owner) if c.model)
        return tuple(dict.fromkeys((EMBEDDED, self._default.name, *used)))

    def _chosen(self, conversation: str) -> tuple[str, str | None]:
        owner = self._history.owner(conversation) or ""
        known = self._history.conversation(conversation, owner)
        return (known.model or self._default.name, known.agreed) if known else (self._default.name, None)

    def _open(self, name: str) -> ModelChoice:
        if name not in self._opened:
            self._opened[name] = choose_model(name)
        return self._opened[name]
