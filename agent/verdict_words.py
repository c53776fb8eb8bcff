"""What a verdict means for the decision, why it is what it is, and what would settle it: in words, from its numbers."""

from typing import Any

from agent.claims import DENIED
from agent.plan_words import title
from compression_demo.judge import FEWEST_SEEDS
from compression_demo.methods import find_metric
from compression_demo.power import MOST_SEEDS, Need, find_need
from compression_demo.testbeds import Metric
from compression_demo.types import Experiment, Row, RunResult

MOST_PER_RUN = 20
"""The most seeds that a claim can ask for in one run."""


def for_the_decision(run: dict[str, Any]) -> str:
    """What a verdict does and does not change for the decision, in one sentence."""
    outcome = run["verdict"]["outcome"]
    if outcome == "supported" and DENIED in run.get("changes", ()):
        return (
            "For the decision: what the sentence denies came out on this small net, which speaks against the sentence as "
            "to its direction; the paper's own figures stay as they were."
        )
    return {
        "supported": "For the decision: the direction of this point can be leaned on as far as this small net goes; it "
        "changes nothing about the size of the effect on the paper's own nets, which stays to be shown there.",
        "contradicted": "For the decision: the direction did not come out on this small net, which is a reason to ask the "
        "authors for this comparison; it does not refute their figures on their own nets.",
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
    result = RunResult(experiment.digest, tuple(Row(**row) for row in run["rows"]), {})
    need = find_need(experiment, result)
    if need is None:
        few = f"fewer than {FEWEST_SEEDS} seeds, or seeds without any spread, give no interval to judge by"
        return [*lines, f"There is no number of seeds to name: {few}."]
    metric = find_metric(experiment, experiment.expectation.metric, experiment.expectation.names)
    return [*lines, _spread(need, metric, len(experiment.seeds)), _seeds(need)]


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
        f"If mean and spread stayed as they are, {need.seeds} seeds would settle it{beyond}, and the verdict would then be "
        f"{need.towards}; more seeds may of course move both."
    )
