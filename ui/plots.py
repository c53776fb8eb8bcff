"""The plot of a verdict as inline SVG that takes the colours of the page, light or dark."""

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import fmean
from typing import Any

from markupsafe import Markup

from compression_demo.judge import list_steps
from compression_demo.types import Expectation, Experiment, canonical

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# Matplotlib draws in these stand-ins; they become the page's own colours afterwards.
INK, QUIET, ACCENT = "#010101", "#020202", "#030303"
COLOURS = {INK: "var(--ink)", QUIET: "var(--quiet)", ACCENT: "var(--accent)"}
SIZE_INCHES = (5.6, 2.5)
UNDER_ARM, ALONG_AXIS = 14, 28
"""Characters of a line of an arm's name, and of what an axis measures."""


def draw(
    experiment: Experiment, rows: Sequence[Mapping[str, Any]], verdict: Mapping[str, Any], label: str, salt: str
) -> Markup:
    """The arms with their seeds, and the paired differences with their interval, as one SVG element.

    `label` names the metric with its unit; `salt` makes the ids inside unique on the page. Costs about 0.1 s the first
    time, then comes from a cache.
    """
    plain = canonical([experiment.to_json(), [dict(row) for row in rows], dict(verdict)])
    return _draw(plain, label, salt)


def describe(experiment: Experiment, rows: Sequence[Mapping[str, Any]], verdict: Mapping[str, Any], title: str) -> str:
    """The plot in words, for those who cannot see it."""
    expected = experiment.expectation
    means = [f"{name} {fmean(values.values()):.2f}" for name, values in _values(experiment, rows).items() if values]
    words = f"Plot of {title} by arm over {len(experiment.seeds)} seeds. Means: {'; '.join(means)}."
    if verdict.get("effect") is not None:
        words += f" {_compared(expected)}, in the claim's direction: {verdict['effect']:+.2f}"
        if verdict.get("interval"):
            words += " with interval from {:+.2f} to {:+.2f}".format(*verdict["interval"])
        words += "."
    return words


@lru_cache(maxsize=64)
def _draw(plain: str, label: str, salt: str) -> Markup:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    experiment_json, rows, verdict = json.loads(plain)
    experiment = Experiment.from_json(experiment_json)
    values = _values(experiment, rows)
    style: Any = {
        "svg.fonttype": "none",
        "text.parse_math": False,
        "svg.hashsalt": salt,
        "font.size": 8.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": QUIET,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with matplotlib.rc_context(style):
        figure = Figure(figsize=SIZE_INCHES, layout="constrained")
        FigureCanvasSVG(figure)
        left, right = figure.subplots(1, 2, width_ratios=(max(2, len(values)), 1.25))
        _draw_arms(left, values, label)
        _draw_difference(right, values, experiment, verdict)
        text = io.StringIO()
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(text.getvalue())


def _values(experiment: Experiment, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, float]]:
    """Arm -> seed -> value in the experiment's metric, for the arms that the claim is about and the dense net."""
    metric, shown = experiment.expectation.metric, {"dense", *experiment.expectation.names}
    values = {
        arm.name: {row["seed"]: row["value"] for row in rows if row["arm"] == arm.name and row["metric"] == metric}
        for arm in experiment.arms
        if arm.name in shown
    }
    return {name: per_seed for name, per_seed in values.items() if per_seed}


def _compared(expected: Expectation) -> str:
    """Which arms the difference is of, in words."""
    if expected.order:
        return f"The weakest step of the order {', '.join(expected.order)}"
    words = f"{expected.treatment} minus {expected.baseline}"
    return f"{words}, less {' minus '.join(expected.minus)}" if expected.minus else words


def _differences(values: Mapping[str, Mapping[int, float]], expected: Expectation, effect: float | None) -> list[float]:
    """The difference per seed, in the claim's direction: of an order, that of the step which the verdict tells."""

    def per_seed(step: Expectation) -> list[float]:
        signed = [(step.treatment, 1), (step.baseline, -1)]
        signed += [(step.minus[0], -1), (step.minus[1], 1)] if step.minus else []
        seeds = set.intersection(*(set(values.get(name, {})) for name, _ in signed))
        return [sum(sign * values[name][seed] for name, sign in signed) for seed in sorted(seeds)]

    steps = [found for step in list_steps(expected) if (found := per_seed(step))]
    if not steps:
        return []
    if effect is None:
        return steps[0]
    # The verdict's effect is signed so that positive is better; where lower is better, the difference is turned round.
    raw = min(steps, key=lambda step: abs(abs(fmean(step)) - abs(effect)))
    sign = -1.0 if effect * fmean(raw) < 0 else 1.0
    return [sign * value for value in raw]


def _draw_arms(axes: Any, values: Mapping[str, Mapping[int, float]], label: str) -> None:
    names = list(values)
    for seed in sorted({seed for per_seed in values.values() for seed in per_seed}):
        points = [(x, values[name][seed]) for x, name in enumerate(names) if seed in values[name]]
        axes.plot(*zip(*points, strict=True), color=QUIET, linewidth=0.7, alpha=0.6, zorder=1)
        axes.plot(*zip(*points, strict=True), "o", color=INK, markersize=3.2, alpha=0.8, zorder=2)
    for x, name in enumerate(names):
        if values[name]:
            axes.hlines(fmean(values[name].values()), x - 0.22, x + 0.22, color=ACCENT, linewidth=2.2, zorder=3)
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.set_xticks(range(len(names)), [_wrap(name) for name in names])
    axes.set_ylabel(_wrap(label, ALONG_AXIS))


def _draw_difference(
    axes: Any, values: Mapping[str, Mapping[int, float]], experiment: Experiment, verdict: Any
) -> None:
    expected = experiment.expectation
    effect, interval = verdict.get("effect"), verdict.get("interval")
    differences = _differences(values, expected, effect)
    axes.axhline(0, color=QUIET, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
    if expected.margin:
        axes.axhline(
            -expected.margin if expected.direction == "not_worse" else expected.margin, color=QUIET, linewidth=0.6
        )
    if expected.margin and expected.direction == "equivalent":
        axes.axhline(-expected.margin, color=QUIET, linewidth=0.6)
    axes.plot([0.0] * len(differences), differences, "o", color=INK, markersize=3.2, alpha=0.8, zorder=2)
    if effect is not None:
        axes.plot([1.0], [effect], "D", color=ACCENT, markersize=4.5, zorder=3)
    if interval:
        axes.vlines(1.0, interval[0], interval[1], color=ACCENT, linewidth=2.2, zorder=3)
    axes.set_xlim(-0.5, 1.5)
    axes.set_xticks([0, 1], ["seeds", "mean"])
    axes.set_ylabel("difference")


def _wrap(name: str, width: int = UNDER_ARM) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(name, width)[:3])


def _inline(svg: str) -> Markup:
    """Make a stand-alone SVG fit into the page: its colours, its fonts, no style of its own, no namespaced links."""
    for uri, prefix in ((SVG, ""), (XLINK, "xlink")):
        ET.register_namespace(prefix, uri)
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        link = element.attrib.pop(f"{{{XLINK}}}href", None)
        if link is not None:
            element.set("href", link)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("aria-hidden", "true")
    text = ET.tostring(root, encoding="unicode")
    for stand_in, colour in COLOURS.items():
        text = text.replace(stand_in, colour)
    return Markup(text)  # ElementTree has escaped all text, and nothing else enters
