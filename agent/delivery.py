"""Verdicts that arrive after their turn has ended are brought into its conversation, each exactly once."""

from agent.claims import Plan, understand_claim
from agent.events import VerdictReached
from agent.history import History, WaitingRun
from agent.tools.verify import verdict_reached, verification
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
    outcome = runs.outcome(run.digest, bears_on=run.bears_on)
    if outcome is None:
        return None
    hypothesis, changes = reading(run.claim, run.digest)
    return verdict_reached(verification(run.claim, changes, outcome, cached=False, hypothesis=hypothesis))


def reading(claim: str, digest: str) -> tuple[str, tuple[str, ...]]:
    """How a claim was read into a run: the hypothesis and what was changed; empty where it is read otherwise today."""
    plan = understand_claim(claim)
    return (plan.hypothesis, plan.changes) if isinstance(plan, Plan) and plan.experiment.digest == digest else ("", ())
