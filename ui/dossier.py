"""A dossier: the experiments on the claims of a submission, with verdicts, tables, plots and specs, as Markdown and HTML.

Pure but for `write`, which puts the files into a folder.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from agent.claim_survey import Surveyed
from agent.claims import NotTestable, Plan
from agent.verdict_words import for_the_decision
from compression_demo.types import Experiment
from ui.cards import WORDS, Names, signed, table
from ui.plots import describe, draw
from ui.render import fill

PAGE_COLOURS = {"var(--ink)": "#1c2024", "var(--quiet)": "#6b7280", "var(--accent)": "#1d5fa8"}
"""The colours of a plot that stands alone, as the page has them in the light."""


@dataclass(frozen=True)
class Chapter:
    """One experiment of a dossier with the sentences that lead to it.

    verification: what `agent.tools.verify.verification` tells of it, or None where it has not come to a verdict.
    state: where it stands then, in words.
    """

    plan: Plan
    said: tuple[Surveyed, ...]
    verification: dict[str, Any] | None = None
    seconds: float | None = None
    state: str = "not run yet"


@dataclass(frozen=True)
class Dossier:
    """All that a submission's dossier tells."""

    submission: str
    title: str
    chapters: tuple[Chapter, ...]
    refused: tuple[Surveyed, ...]
    names: Names = field(default_factory=Names)


def group(found: Sequence[Surveyed]) -> list[Chapter]:
    """The testable sentences by the experiment that they lead to, in the order in which they came."""
    chapters: dict[str, Chapter] = {}
    for one in found:
        if isinstance(one.found, Plan):
            earlier = chapters.get(one.found.experiment.digest)
            said = (*earlier.said, one) if earlier else (one,)
            chapters[one.found.experiment.digest] = Chapter(earlier.plan if earlier else one.found, said)
    return list(chapters.values())


def write(dossier: Dossier, folder: Path) -> list[Path]:
    """Write `dossier.md`, `dossier.html`, a plot for each verdict and a spec for each experiment; the files written."""
    files = {
        "dossier.md": as_markdown(dossier),
        "dossier.html": as_html(dossier),
        **{f"specs/{_key(c)}.json": spec(c) for c in dossier.chapters},
        **{f"plots/{_key(c)}.svg": svg for c in dossier.chapters if (svg := _plot_alone(c, dossier.names))},
    }
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.new")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    return [folder / name for name in files]


def spec(chapter: Chapter) -> str:
    """The experiment as a file that `second-opinion verify --experiment` runs."""
    plan = chapter.plan
    told = {**plan.experiment.to_json(), "claim": plan.claim, "bears_on": plan.bears_on}
    for arm in told["arms"]:
        arm["settings"] = dict(arm["settings"])
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_markdown(dossier: Dossier) -> str:
    """The dossier as Markdown; plots and specs are beside it."""
    lines = [f"# Experiments on {_plain(dossier.title)}", "", _lead(dossier), ""]
    if dossier.chapters:
        lines += ["| said | tested | verdict | effect | seeds | seconds |", "|---" * 6 + "|"]
        lines += [_summary(number, chapter, dossier.names) for number, chapter in enumerate(dossier.chapters, 1)]
    for number, chapter in enumerate(dossier.chapters, 1):
        lines += ["", f"## {number}. {_plain(chapter.plan.hypothesis)}", "", *_chapter(chapter, dossier.names)]
    if dossier.refused:
        lines += ["", "## Not testable here", ""]
        lines += [f"- “{_plain(s.sentence)}” ({s.label}): {_plain(_reason(s))}" for s in dossier.refused]
    return "\n".join(lines) + "\n"


def as_html(dossier: Dossier) -> str:
    """The dossier as one HTML file that needs nothing beside it."""
    return fill(
        "dossier",
        title=dossier.title,
        lead=_lead(dossier),
        chapters=[_shown(number, c, dossier.names) for number, c in enumerate(dossier.chapters, 1)],
        refused=[{"sentence": s.sentence, "label": s.label, "reason": _reason(s)} for s in dossier.refused],
    )


def _lead(dossier: Dossier) -> str:
    done = [c.verification["verdict"]["outcome"] for c in dossier.chapters if c.verification]
    counts = ", ".join(f"{done.count(outcome)} {outcome}" for outcome in WORDS if outcome in done)
    told = f"{len(done)} of {len(dossier.chapters)} experiments came to a verdict" + (
        f" ({counts})." if counts else "."
    )
    return (
        f"{told} Each tests a direction on a small net of this machine and is no statement about the figures of the paper "
        "on its own nets."
    )


def _chapter(chapter: Chapter, names: Names) -> list[str]:
    plan, found = chapter.plan, chapter.verification
    lines = [f"> {_plain(s.sentence)}  \n> ({s.label})\n" for s in chapter.said]
    if found is None:
        lines += [f"**{chapter.state.capitalize()}.**", ""]
    else:
        verdict = found["verdict"]
        lines += [f"**{WORDS[verdict['outcome']]}.** {_plain(verdict['reason'])}", ""]
        lines += [f"- {label}: {_plain(text)}" for label, text in _told(found)]
        lines += ["", f"![{_plain(_plot_words(chapter, names))}](plots/{_key(chapter)}.svg)", *_values(chapter)]
    lines += ["", "Spec:", "", "```json", spec(chapter).rstrip(), "```"]
    lines += [
        f"\nRun `{plan.experiment.digest}`; again with `second-opinion verify --experiment specs/{_key(chapter)}.json`."
    ]
    return lines


def _told(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands beside a verdict, with its labels."""
    verdict = found["verdict"]
    told = [
        ("Read into it", " ".join(found["changes"])),
        *(("At a neighbouring setting", one) for one in found["around"]),
    ]
    told += [("The claim's own figures, for its own nets", ", ".join(found["stated"])), ("Scope", verdict["scope"])]
    told += [("Bears on", verdict.get("bears_on", "")), ("For the decision", _decision(found))]
    return [(label, text) for label, text in told if text]


def _decision(found: Mapping[str, Any]) -> str:
    return for_the_decision(dict(found)).removeprefix("For the decision: ")


def _summary(number: int, chapter: Chapter, names: Names) -> str:
    cells = _cells(chapter, names)
    said = f"[{number}. {_plain(chapter.said[0].sentence)}](#{number}-{_anchor(chapter.plan.hypothesis)})"
    tested = _plain(chapter.plan.hypothesis)  # a verdict is on this, not on all that was said
    return f"| {said} | {tested} | " + " | ".join(cells[c] for c in ("verdict", "effect", "seeds", "seconds")) + " |"


def _cells(chapter: Chapter, names: Names) -> dict[str, str]:
    experiment, found = chapter.plan.experiment, chapter.verification
    metric, effect = experiment.expectation.metric, ""
    if found and found["verdict"]["effect"] is not None:
        effect = names.quantity(signed(found["verdict"]["effect"]), metric)
        if found["verdict"]["interval"]:
            effect += " [{}, {}]".format(*map(signed, found["verdict"]["interval"]))
    return {
        "verdict": found["verdict"]["outcome"] if found else chapter.state,
        "effect": effect,
        "seeds": str(len(experiment.seeds)),
        "seconds": f"{chapter.seconds:.0f}" if chapter.seconds is not None else "",
    }


def _shown(number: int, chapter: Chapter, names: Names) -> dict[str, Any]:
    found = chapter.verification
    return {
        "number": number,
        "hypothesis": chapter.plan.hypothesis,
        "said": [{"sentence": s.sentence, "label": s.label} for s in chapter.said],
        "state": chapter.state,
        "outcome": found["verdict"]["outcome"] if found else "",
        "word": WORDS[found["verdict"]["outcome"]] if found else "",
        "reason": found["verdict"]["reason"] if found else "",
        "told": _told(found) if found else [],
        "plot": _plot(chapter, names),
        "plot_alt": _plot_words(chapter, names) if found else "",
        "table": _table(chapter) if found else None,
        "metric": names.metric(chapter.plan.experiment.expectation.metric),
        "spec": spec(chapter),
        "digest": chapter.plan.experiment.digest,
        "cells": _cells(chapter, names),
    }


def _table(chapter: Chapter) -> dict[str, Any] | None:
    metric = chapter.plan.experiment.expectation.metric
    rows = chapter.verification["rows"] if chapter.verification else ()
    return table([row for row in rows if row["metric"] == metric])


def _values(chapter: Chapter) -> list[str]:
    """The measured values as a Markdown table."""
    shown = _table(chapter)
    if shown is None:
        return []
    head = ["arm", *(f"seed {seed}" for seed in shown["seeds"]), "mean"]
    lines = ["", "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in shown["rows"]:
        name = row["arm"] + (f" ({row['setting']})" if row["setting"] else "")
        lines.append("| " + " | ".join([_plain(name), *row["cells"], row["mean"]]) + " |")
    return lines


def _plot(chapter: Chapter, names: Names) -> Markup:
    found = chapter.verification
    if not found or not found["rows"]:
        return Markup()
    experiment = Experiment.from_json(found["experiment"])
    metric = experiment.expectation.metric
    unit = names.units.get(metric)
    label = f"{names.metric(metric)} ({unit})" if unit else names.metric(metric)
    return draw(experiment, found["rows"], found["verdict"], label, _key(chapter))


def _plot_alone(chapter: Chapter, names: Names) -> str:
    """The plot as a file of its own, in colours of its own; empty where there is none."""
    text = str(_plot(chapter, names))
    for variable, colour in PAGE_COLOURS.items():
        text = text.replace(variable, colour)
    return text.replace("<svg ", '<svg style="background:#fff" ', 1)


def _plot_words(chapter: Chapter, names: Names) -> str:
    found = chapter.verification
    if not found:
        return ""
    experiment = Experiment.from_json(found["experiment"])
    return describe(experiment, found["rows"], found["verdict"], names.metric(experiment.expectation.metric))


def _reason(one: Surveyed) -> str:
    return one.found.reason if isinstance(one.found, NotTestable) else ""


def _key(chapter: Chapter) -> str:
    return chapter.plan.experiment.digest[:12]


def _plain(text: str) -> str:
    """Text on one line in which nothing is markup."""
    line = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        line = line.replace(sign, f"\\{sign}")
    return line


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower() if c.isalnum() or c in " -_").strip().replace(" ", "-")
