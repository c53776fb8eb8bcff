"""What a tool may use besides its arguments: the rooms, the conversation, and whether the turn was stopped."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.history import History
from compression_demo.runs import RunStore
from knowledge.collection import Collection


@dataclass(frozen=True)
class TurnContext:
    """The surroundings of one turn."""

    collection: Collection
    runs: RunStore
    history: History
    conversation: str
    turn: int
    submission: str | None
    stopped: Callable[[], bool]
    start_below_s: float
    """A run estimated above this waits for a yes."""
    consent: bool = False
    """Whether any run may start unasked, as with --yes in the terminal."""
    consented: str | None = None
    """The digest of the plan to which this very message says yes; a yes counts for that plan alone."""
