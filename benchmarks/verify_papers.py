"""The standard checks of the five papers, from their sentences to a table of verdicts.

    python -m benchmarks.verify_papers --home DIR                     # print the table of what the store holds
    python -m benchmarks.verify_papers --home DIR --run [--only T1 ...]   # run what it does not hold, then print
    python -m benchmarks.verify_papers --home DIR > docs/verification.md
    python -m benchmarks.verify_papers --home DIR --only NAME ... > docs/verification_added.md

Each check is the sentence of a contrast of `agent.contrasts`, or one of `OF_METHODS`, read as any sentence of a chair is. What
is to be said of surprising outcomes stands in `benchmarks/discussed.toml`, by the check's name; no verdict is written by hand.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.claims import Plan, understand_claim
from agent.contrasts import CONTRASTS
from agent.plan_words import say_amount, title
from compression_demo.cells import CellStore, list_arms
from compression_demo.costs import estimate
from compression_demo.executor import collect
from compression_demo.judge import Finding, judge, judge_around, list_steps, pair
from compression_demo.methods import find_metric
from compression_demo.runs import RunStore
from compression_demo.testbeds import Metric, get
from compression_demo.types import Expectation, Experiment, RunResult, Verdict

PAPERS = {
    "ksVGCOlOEba": "Optimal Brain Compression",
    "HyevnsCqtQ": "Integral Pruning on Activations and Weights",
    "1702.04008": "Soft Weight-Sharing",
    "1612.01543": "Towards the Limit of Network Quantization",
    "SklzIjActX": "Highly Efficient 8-bit Low Precision Inference",
}
DISCUSSED = Path(__file__).with_name("discussed.toml")
HEAD = """# The papers' claims, put to the test

Written by `python -m benchmarks.verify_papers --home DIR` from a run store; nothing here is edited by hand but the discussions,
which stand in `benchmarks/discussed.toml`. Each row began as the sentence in it, read by the assistant as a chair's would be.
Every test is of a direction, on a small net: no verdict speaks of the papers' own nets, figures or hardware. Effects are signed
so that positive is the claim's direction, with the paired t interval over independently trained nets. Seconds are those of
all cells on one core, whenever they were computed and whatever else the machine did at the time.
"""
MADE = """
How they were made: settings were taken from the papers and our notes where these give them, the rest by what trains the dense net
or the method at all. Where a choice was made after looking at an outcome, the check's discussion says so. More seeds were taken
after a look at S1 (five instead of three, shown here) and, on another processor, at T1 and T6 (ten, not shown: T6 supported, T1
inconclusive). Dense nets are trained anew on each kind of processor, whose rounding differs: verdicts near the edge may differ
with it. The three checks that measure times were run again with nothing else on the machine.
"""

SOME = """
These are some of the standard checks, named to the command by `--only`. Nets trained on another kind of processor differ in their
rounding and so in their figures: rows of two such pages are not to be mixed.
"""


@dataclass(frozen=True)
class Check:
    """A standard check: its name, the paper, the probe of our notes, and the sentence that asks for it."""

    name: str
    paper: str
    probe: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """A check with what the store holds of it; `verdict` is None where it has not come to one."""

    check: Check
    plan: Plan
    verdict: Verdict | None = None
    around: tuple[tuple[Expectation, Finding], ...] = ()
    seconds: float = 0.0
    result: RunResult | None = None


OF_METHODS = (
    Check("obs_against_magnitude", "ksVGCOlOEba", "O3", "ExactOBS loses less accuracy than magnitude pruning at 90 % sparsity."),
    Check("obs_against_refit_2_4", "ksVGCOlOEba", "O3", "Is exact OBS better than AdaPrune at 2:4?"),
    Check("obq_against_rounding", "ksVGCOlOEba", "O4", "OBQ beats round-to-nearest at 2 bits."),
    Check("obq_against_gptq", "ksVGCOlOEba", "O5", "GPTQ is as good as OBQ at 2 bits."),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.verify_papers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--home", type=Path, required=True, metavar="DIR", help="the data folder with the runs")
    parser.add_argument("--run", action="store_true", help="run the checks that the store does not hold")
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="checks of these papers, probes or names")
    options = parser.parse_args(arguments)
    store = RunStore(options.home)
    checks = [c for c in list_checks() if not options.only or {c.name, c.paper, c.probe} & set(options.only)]
    found = [look_up(check, store, run=options.run) for check in checks]
    head = HEAD + (SOME if options.only else MADE)
    print(tell(found, tomllib.loads(DISCUSSED.read_text(encoding="utf-8")), head), end="")


def list_checks() -> list[Check]:
    """All standard checks, by paper."""
    checks = [*OF_METHODS, *(Check(c.name, c.paper, c.probe, c.example) for c in CONTRASTS)]
    return sorted(checks, key=lambda check: list(PAPERS).index(check.paper))


def look_up(check: Check, store: RunStore, *, run: bool = False) -> Checked:
    """What the store holds of a check; with `run`, after running what is missing."""
    plan = understand_claim(check.sentence)
    if not isinstance(plan, Plan):
        raise SystemExit(f"{check.name}: the sentence is no experiment any more: {plan.reason}")
    if run:
        _run(check, plan, store)
    found = read_outcome(plan.experiment, store)
    if found is None:
        return Checked(check, plan)
    result, verdict = found
    around = tuple(judge_around(plan.experiment, result)) if result.rows else ()
    return Checked(check, plan, verdict, around, sum_seconds(plan.experiment, store.home), result)


def read_outcome(experiment: Experiment, store: RunStore) -> tuple[RunResult, Verdict] | None:
    """Rows and verdict from the cells of the present sources, where the store holds all of them; else of a run that
    failed. None where there is neither, or a result of older sources only."""
    cells = CellStore(store.home)
    if not any(cells.missing(experiment, seed) for seed in experiment.seeds):
        result = collect(experiment, cells, 0.0, 0.0, [])
        return result, judge(experiment, result)
    outcome = store.outcome(experiment.digest)
    return outcome[1:] if outcome and not outcome[1].rows else None


def _run(check: Check, plan: Plan, store: RunStore) -> None:
    seconds = estimate(plan.experiment, store.home).seconds
    print(f"{check.name}: {plan.hypothesis} (about {seconds:.0f} s)", file=sys.stderr, flush=True)
    digest = store.submit(plan.experiment, claim=check.sentence, priority="batch")
    for _ in store.events(digest):
        pass
    print(f"  {store.status(digest).state}", file=sys.stderr, flush=True)


def sum_seconds(experiment: Experiment, home: Path) -> float:
    """What all cells of an experiment took, each once."""
    cells, testbed = CellStore(home), get(experiment.testbed)
    found = (
        cells.get(testbed, arm, seed, experiment.calibration) or {}
        for seed in experiment.seeds
        for arm in list_arms(experiment)
    )
    return sum(sum(cell.get("seconds", {}).values()) for cell in found)


def tell(found: Sequence[Checked], discussed: Mapping[str, str], head: str = HEAD) -> str:
    """The checks as Markdown: a table a paper, then what did not come out as was to be expected."""
    lines = [head, count_outcomes(found)]
    for paper, name in PAPERS.items():
        own = [one for one in found if one.check.paper == paper]
        if own:
            lines += [
                f"\n## {name}\n",
                "| claim | experiment | verdict | effect | seeds | seconds | around |",
                "|---" * 7 + "|",
            ]
            lines += [tell_row(one) for one in own]
    surprising = [one for one in found if is_surprising(one) or one.check.name in discussed]
    if surprising:
        lines.append("\n## What did not come out as expected, and what is to be said of others\n")
        lines += [tell_surprise(one, discussed.get(one.check.name, "")) for one in surprising]
    return "\n".join(lines) + "\n"


def count_outcomes(found: Iterable[Checked]) -> str:
    """How many checks came to which verdict."""
    outcomes = [one.verdict.outcome if one.verdict else "not run yet" for one in found]
    told = ", ".join(f"{outcomes.count(o)} {o}" for o in dict.fromkeys(sorted(outcomes)))
    return f"{len(outcomes)} checks: {told}."


def is_surprising(one: Checked) -> bool:
    """Whether a check came to a verdict other than what was to be expected."""
    return one.verdict is not None and one.verdict.outcome != "supported"


def tell_row(one: Checked) -> str:
    """A check as a row of the table."""
    experiment = one.plan.experiment
    metric = find_metric(experiment, experiment.expectation.metric, experiment.expectation.names)
    verdict = one.verdict
    cells = [
        f"{one.check.sentence} ({one.check.probe})",
        f"{one.plan.hypothesis} On the {get(experiment.testbed).title}; run `{experiment.digest[:12]}`.",
        f"**{verdict.outcome}**" if verdict else "not run yet",
        tell_effect(verdict.effect, verdict.interval, metric) if verdict else "",
        str(len(experiment.seeds)),
        f"{one.seconds:.0f}" if verdict else "",
        "; ".join(tell_neighbour(experiment, e, f) for e, f in one.around),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def tell_effect(effect: float | None, interval: tuple[float, float] | None, metric: Metric) -> str:
    """An effect with its interval in the metric's units."""
    if effect is None:
        return ""
    form = "{:+.2f}" if metric.unit == "%" else "{:+.3g}"
    text = form.format(effect) + (" ({} to {})".format(*map(form.format, interval)) if interval else "")
    unit = say_amount(2, metric).partition(" ")[2]
    return f"{text} {unit}".strip() + f" of {title(metric)}"


def tell_neighbour(experiment: Experiment, expectation: Expectation, found: Finding) -> str:
    """What came out at a neighbouring setting, in a few words."""
    metric = find_metric(experiment, expectation.metric, expectation.names)
    effect = tell_effect(found.effect, found.interval, metric).partition(" of ")[0]
    return f"{expectation.treatment} against {expectation.baseline}: {found.outcome} {effect}".strip()


def tell_surprise(one: Checked, discussion: str) -> str:
    """A check that did not come out, with the reason that the judge gives and what is to be said of it."""
    outcome, reason = (one.verdict.outcome, one.verdict.reason) if one.verdict else ("not run yet", "")
    said = " ".join((discussion or "Not discussed yet.").split())
    told = f"- **{one.check.name}** ({one.check.probe}): {one.check.sentence}\n  {outcome.capitalize()}. {reason}"
    return f"{told} {tell_nets(one)}".rstrip() + f"\n  {said}"


def tell_nets(one: Checked) -> str:
    """The differences in the claim's direction net by net; of an ordered claim, of each of its steps."""
    experiment, result = one.plan.experiment, one.result
    if result is None or not result.rows:
        return ""
    expectation = experiment.expectation
    metric = find_metric(experiment, expectation.metric, expectation.names)
    form = "{:+.2f}" if metric.unit == "%" else "{:+.3g}"
    told = []
    for step in list_steps(expectation):
        values = ", ".join(form.format(value) for value in pair(experiment, step, result, metric))
        told.append(f"{step.treatment} over {step.baseline}: {values}" if expectation.order else values)
    return f"Net by net: {'; '.join(told)}."


if __name__ == "__main__":
    main()
