"""Put a claim to the test: plan an experiment, start it or ask first, follow it to its verdict.

The run belongs to the run store and its worker; this tool only tails it. Stopping the turn ends the tail.
"""

from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.claim_settings import figures_in
from agent.claims import NotTestable, Plan, understand_claim
from agent.events import Event, ExperimentProposed, RunProgress, VerdictReached
from agent.plan_words import tell_around, title
from agent.tools.context import TurnContext
from agent.verdict_words import explain
from compression_demo import testbeds
from compression_demo.costs import estimate
from compression_demo.judge import add_missing
from compression_demo.methods import find_metric, find_missing
from compression_demo.types import Experiment, RunResult, Verdict


@tool(response_format="content_and_artifact")
def verify(
    claim: str, runtime: ToolRuntime[TurnContext], bears_on: str = "", propose: bool = False
) -> tuple[str, dict[str, Any]]:
    """Put a claim about pruning or quantization to the test with an experiment on this machine. `claim`: the claim in
    one sentence that names methods, setting and direction. `bears_on`: the concern that a verdict would answer.
    `propose`: only show the plan, where nobody asked for a run. A long or ambiguous plan waits for the chair's yes. Cite the verdict with its [run:...] marker and never state an
    outcome of your own."""
    context = runtime.context
    plan = understand_claim(claim, bears_on=bears_on)
    if isinstance(plan, NotTestable):
        artifact = {"claim": claim, "not_testable": plan.reason, "alternatives": list(plan.alternatives)}
        return f"Not testable here. {plan.reason}", artifact
    digest, cost = plan.experiment.digest, estimate(plan.experiment, context.runs.home)
    why = _why_ask(plan, cost.seconds, context)
    if why is None and propose and not context.consent and digest != context.consented:
        why = "nobody asked for a run yet."
    cached = context.runs.is_cached(plan.experiment)
    proposal = ExperimentProposed(
        digest, claim, plan.experiment.to_json(), cost.seconds, cached, why is not None, plan.changes
    )
    state = "started" if why is None else "proposed"
    context.history.await_run(
        context.conversation, context.turn, digest, claim, plan.experiment.to_json(), bears_on, state
    )
    _emit(runtime, proposal)  # once it is on file, so that a Cancel finds it
    if why is not None:
        text = f"To be tested: {plan.hypothesis} {describe(plan.experiment)} Estimated: {cost.in_words()}."
        short = f"To be tested: {plan.hypothesis} Estimated: {cost.in_words()}."
        artifact = {"claim": claim, "state": "proposed", "digest": digest, "plan": short, "why_asked": why}
        return f"The plan waits for the chair's yes ({why}): {text}", artifact
    return _run(plan, runtime, cached)


def _why_ask(plan: Plan, seconds: float, context: TurnContext) -> str | None:
    """Why a run needs a yes first, or None. The yes is the chair's own: no model can give it."""
    if context.consent or plan.experiment.digest == context.consented:
        return None
    if seconds >= context.start_below_s:
        return f"it is estimated at {seconds:.0f} s, above the {context.start_below_s:.0f} s that start unasked."
    if not plan.unambiguous:
        return f"the plan is a reading of the claim. {' '.join(plan.changes[:2])}".strip()
    return None


def _run(plan: Plan, runtime: ToolRuntime[TurnContext], cached: bool) -> tuple[str, dict[str, Any]]:
    """Start the run, tail it, and bring its verdict."""
    context, experiment = runtime.context, plan.experiment
    digest = context.runs.submit(experiment, claim=plan.claim, bears_on=plan.bears_on)
    last = None
    for event in context.runs.events(digest, follow=True, stop=context.stopped):
        progress = RunProgress(digest, event.get("fraction") or 0.0, event.get("message") or "", event.get("left_s"))
        if progress != last:
            _emit(runtime, progress)
        last = progress
    outcome = context.runs.outcome(digest, bears_on=plan.bears_on)
    if outcome is None:
        state = context.runs.status(digest).state
        ended = {
            "cancelled": "The run was cancelled.",
            "interrupted": "The run was interrupted; ask again to resume it.",
        }
        text = ended.get(state, "The run goes on; its verdict will be added to this conversation.")
        artifact = {
            "claim": plan.claim,
            "digest": digest,
            "state": state if state in ended else "running",
            "text": text,
        }
        return text, artifact
    artifact = verification(plan.claim, plan.changes, outcome, cached, hypothesis=plan.hypothesis)
    _emit(runtime, verdict_reached(artifact))
    verdict = outcome[2]
    content = f"[run:{digest[:12]}] {run_text(artifact)}"
    return f"{content}\nThe outcome is {verdict.outcome}; report it as it stands.", artifact


def verification(
    claim: str,
    changes: tuple[str, ...],
    outcome: tuple[Experiment, RunResult, Verdict],
    cached: bool,
    hypothesis: str = "",
) -> dict[str, Any]:
    """A finished verification as plain data."""
    experiment, result, verdict = outcome
    return {
        "claim": claim,
        "hypothesis": hypothesis,
        "changes": list(changes),
        "digest": experiment.digest,
        "experiment": experiment.to_json(),
        "verdict": verdict.to_json(),
        "around": tell_around(experiment, result) if result.rows else [],
        "stated": figures_in(claim),
        "rows": result.to_json()["rows"],
        "cached": cached,
        "testbed_title": title_of(experiment),
    }


def verdict_reached(verification: dict[str, Any]) -> VerdictReached:
    """The event that tells a verification."""
    v = verification
    return VerdictReached(
        v["digest"], v["claim"], v["verdict"], tuple(v["rows"]), v["cached"],
        v["experiment"], v["hypothesis"], tuple(v["changes"]), tuple(v["around"]), tuple(v["stated"]),
    )  # fmt: skip


def verification_from_json(event: dict[str, Any]) -> dict[str, Any]:
    """The verification that a VerdictReached, as it is stored, tells."""
    names = ("claim", "hypothesis", "changes", "digest", "experiment", "verdict", "rows", "cached")
    told = {name: event[name] for name in names} | {
        "around": event.get("around", []),
        "stated": event.get("stated", []),
    }
    experiment = Experiment.from_json(event["experiment"])
    verdict = event["verdict"] | {"scope": add_missing(event["verdict"]["scope"], experiment)}
    return told | {"verdict": verdict, "testbed_title": title_of(experiment)}


def title_of(experiment: Experiment) -> str:
    """The testbed in words; one that is no longer part of the program by its name."""
    return experiment.testbed if find_missing(experiment) else testbeds.get(experiment.testbed).title


def run_text(verification: dict[str, Any]) -> str:
    """All that a run says, for a model to read and for grounding to hold sentences against."""
    verdict = verification["verdict"]
    settings = describe(Experiment.from_json(verification["experiment"]))
    parts = [
        f"Claim: {verification['claim']}",
        f"Tested: {verification.get('hypothesis', '')}",
        f"Outcome: {verdict['outcome']}. {verdict['reason']}",
        f"Scope: {verdict['scope']}",
        f"At neighbouring settings: {' '.join(verification['around'])}" if verification.get("around") else "",
        f"Bears on: {verdict['bears_on']}." if verdict.get("bears_on") else "",
        settings,
        " ".join(verification.get("changes", ())),
        " ".join(explain(verification)) if verdict["outcome"] == "inconclusive" else "",
    ]
    return " ".join(p for p in parts if p)


def describe(experiment: Experiment) -> str:
    """The plan in words: testbed, arms with settings, seeds, calibration, metric, and how many settings around."""
    arms = "; ".join(f"{a.name} ({a.setting_text()})" for a in experiment.arms)
    expected = experiment.expectation
    if find_missing(experiment):
        measured = expected.metric.replace("_", " ")
    else:
        measured = title(find_metric(experiment, expected.metric, expected.names))
    compared = " against ".join(expected.order or (expected.treatment, expected.baseline))
    if expected.minus:
        compared += f", less the same of {' against '.join(expected.minus)}"
    around = f" {len(experiment.around)} neighbouring settings beside it." if experiment.around else ""
    return (
        f"Experiment on the {title_of(experiment)}: {arms}. {len(experiment.seeds)} seeds, {experiment.calibration} calibration"
        f" inputs each, {measured} of {compared}.{around}"
    )


def _emit(runtime: ToolRuntime[TurnContext], event: Event) -> None:
    """Send an event to whoever follows the turn."""
    runtime.stream_writer(event)
