"""What a verdict means for the decision, why it is what it is, and what would settle it: in words, from its numbers."""

from collections.abc import Sequence
from typing import Any

from agent.claim_reading import states_direction
from agent.claim_words import OWN_RATIO
from agent.claims import DENIED
from agent.plan_words import title
from compression_demo.judge import FEWEST_SEEDS
from compression_demo.methods import find_metric, find_missing
from compression_demo.power import MOST_SEEDS, Need, find_need
from compression_demo.testbeds import Metric
from compression_demo.types import Experiment, Row, RunResult

MOST_PER_RUN = 20
"""The most seeds that a claim can ask for in one run."""


def tell_meaning(run: dict[str, Any]) -> list[str]:
    """What a verdict means for the concern, in a few sentences beside its card, which has the numbers: what came out on
    which net, whether neighbouring settings agree, and what it changes for the decision."""
    verdict, tested = run["verdict"], run.get("hypothesis") or run["claim"]
    tested = tested if tested.endswith((".", "?", "!")) else f"{tested}."
    net = f"On the {run['testbed_title']}" if run.get("testbed_title") else "On this small net"
    denied = DENIED in run.get("changes", ())
    as_said = "as claimed" if states_direction(run.get("changes", ())) else "as expected"
    came_out = {
        "supported": f"{net}, {'what the sentence denies comes out' if denied else f'this comes out {as_said}'}: {tested}",
        "contradicted": f"{net}, {'what the sentence denies' if denied else 'this'} does not come out: {tested}",
        "inconclusive": f"{net}, this stays open: {tested}",
        "failed": f"{net}, nothing was measured: {verdict['reason']}",
    }[verdict["outcome"]]
    lines = [f"{verdict['outcome'].capitalize()}: {came_out[0].lower()}{came_out[1:]}"]
    if verdict["outcome"] == "inconclusive" and len(why := explain(run)) > 1:
        lines.append(why[-1])
    lines += _agreement(verdict["outcome"], run.get("around", ()))
    if OWN_RATIO in run.get("changes", ()):
        lines.append(OWN_RATIO)
    return [*lines, for_the_decision(run)]


def _agreement(outcome: str, around: Sequence[str]) -> list[str]:
    """Whether what was asked at the neighbouring settings comes out alike; numbers are left to the card."""
    told = [line.partition(":")[0].lower() for line in around]
    if not told or outcome == "failed":
        return []
    if all(one == outcome for one in told):
        return ["It comes out alike in every comparison beside it."]
    if outcome == "inconclusive":
        return [
            "Comparisons beside it, at other settings or by other measures, do come to a verdict: the card tells them one by one."
        ]
    if not any(one == outcome for one in told):
        return ["None of the comparisons beside it comes out alike, so it hangs on the setting."]
    return [
        "Not every comparison beside it comes out alike, so it hangs on the setting or the measure: the card tells them one by one."
    ]


def for_the_decision(run: dict[str, Any]) -> str:
    """What a verdict does and does not change for the decision, in one sentence."""
    outcome = run["verdict"]["outcome"]
    if outcome == "supported" and DENIED in run.get("changes", ()):
        return (
            "For the decision: what the sentence denies came out on this small net, which speaks against the sentence as "
            "to its direction; the paper's own figures stay as they were."
        )
    if outcome == "contradicted" and DENIED in run.get("changes", ()):
        return (
            "For the decision: what the sentence denies did not come out on this small net, which speaks for the sentence "
            "as to its direction; how it is on the paper's own nets stays to be shown there."
        )
    return {
        "supported": "For the decision: the direction of this point can be leaned on as far as this small net goes; it "
        "changes nothing about the size of the effect on the paper's own nets, which stays to be shown there.",
        "contradicted": "For the decision: the direction did not come out on this small net, which is a reason to ask the "
        "authors for this comparison; it says nothing against their figures on their own nets.",
        "inconclusive": "For the decision: it changes nothing; the point is as open as before.",
        "failed": "For the decision: it changes nothing, for nothing was measured.",
    }[outcome]


def explain(run: dict[str, Any]) -> list[str]:
    """Why a verdict is what it is: the interval against its edge, the spread, and the seeds that would settle it."""
    verdict, experiment = run["verdict"], Experiment.from_json(run["experiment"])
    lines = [f"The verdict is {verdict['outcome']}: {verdict['reason']}"]
    if verdict["outcome"] in ("supported", "contradicted"):
        told = "above" if verdict["outcome"] == "supported" else "below"
        inside = experiment.expectation.direction == "equivalent"
        clear = "inside the margin or outside it" if inside else f"{told} the edge"
        return [*lines, f"A verdict needs the whole interval to lie {clear}, and it does."]
    if verdict["outcome"] == "failed":
        return [*lines, "A run that does not measure what it should is failed, and speaks neither for nor against."]
    if find_missing(experiment) or not run.get("rows"):
        return lines
    result = RunResult(experiment.digest, tuple(Row(**row) for row in run["rows"]), {})
    need = find_need(experiment, result)
    if need is None:
        few = f"fewer than {FEWEST_SEEDS} seeds, or seeds without any spread, give no interval to judge by"
        return [*lines, f"There is no number of seeds to name: {few}."]
    metric = find_metric(experiment, experiment.expectation.metric, experiment.expectation.names)
    return [*lines, _spread(need, metric, len(experiment.seeds)), _seeds(need)]


_TOWARDS = {"supported": "for the claim", "contradicted": "against it"}


def _spread(need: Need, metric: Metric, seeds: int) -> str:
    unit = " points" if metric.unit == "%" else f" {metric.unit}" if metric.unit else ""
    edge = "zero" if need.edge == 0 else f"the edge at {need.edge:.3g}{unit}"
    return (
        f"Over these {seeds} seeds the difference in {title(metric)} has a mean of {need.effect:.3g}{unit} and a standard "
        f"deviation of {need.spread:.3g}{unit}, so its interval still holds {edge}."
    )


def _seeds(need: Need) -> str:
    if need.seeds is None:
        return (
            f"At this mean and spread even {MOST_SEEDS} seeds would not settle it: as far as this net can tell, there is no "
            f"difference from the edge to be seen."
        )
    beyond = f", more than the {MOST_PER_RUN} that one run takes" if need.seeds > MOST_PER_RUN else ""
    return (
        f"If mean and spread stayed as they are, {need.seeds} seeds would settle it{beyond}, and the verdict would then speak "
        f"{_TOWARDS[need.towards]}; more seeds may of course move both."
    )
