"""Verdicts that arrive after their turn has ended are brought into its conversation, each exactly once."""

from agent.events import VerdictReached
from agent.history import History, WaitingRun
from agent.tools.verify import verification
from compression_demo.runs import RunStore


def deliver(history: History, runs: RunStore, conversation: str) -> int:
    """Append the verdicts of runs that have ended since; returns how many this caller delivered."""
    drop_cancelled(history, runs, conversation)
    delivered = 0
    for run in history.waiting_runs(conversation):
        reached = verdict_of(runs, run) if run.state == "started" else None
        if reached is not None and history.deliver(run, reached.to_json()):
            delivered += 1
    return delivered


def drop_cancelled(history: History, runs: RunStore, conversation: str) -> None:
    """A run that the chair cancelled owes its turn no verdict, even if somebody starts it again."""
    for run in history.waiting_runs(conversation):
        if run.state == "started" and runs.status(run.digest).state == "cancelled":
            history.settle_run(run, "declined")


def verdict_of(runs: RunStore, run: WaitingRun) -> VerdictReached | None:
    """The verdict of a run that has ended, or None while it goes on."""
    outcome = runs.outcome(run.digest)
    if outcome is None:
        return None
    found = verification(run.claim, (), outcome, cached=False)
    return VerdictReached(run.digest, run.claim, found["verdict"], tuple(found["rows"]), False)
