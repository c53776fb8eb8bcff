"""What was counted, as Markdown tables and as JSON."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any

import numpy as np

from benchmarks.dialogues.conversing import Said
from benchmarks.dialogues.marks import Marks
from benchmarks.dialogues.scripts import Dialogue, Turn

Z = 1.96


@dataclass(frozen=True)
class Marked:
    """One turn of a dialogue with what was said and how it was marked."""

    dialogue: Dialogue
    number: int
    turn: Turn
    said: Said
    marks: Marks


ANSWERS = ("turns", "answered rightly", "abstained rightly", "right in all", "needless refusals", "citation precision", "citation recall", "s, median", "s, p95")  # fmt: skip
FAITH = ("factual sentences", "unsupported", "wrong numbers", "wrong reviewers", "wrong scores", "contradictions", "K-Precision", "copied", "struck")  # fmt: skip


def print_tables(marked: Sequence[Marked]) -> None:
    """The two tables by type and over all, with the share over adversarial dialogues by itself."""
    groups: list[tuple[str, list[Marked]]] = [
        (kind, [m for m in marked if m.turn.type == kind]) for kind in sorted({m.turn.type for m in marked})
    ]
    adversarial = [m for m in marked if m.dialogue.adversarial]
    groups += [("**adversarial**", adversarial)] if adversarial else []
    groups.append(("**all**", list(marked)))
    for heads, row in ((ANSWERS, answers_row), (FAITH, faith_row)):
        print(f"| type | {' | '.join(heads)} |\n|{'---|' * (len(heads) + 1)}")
        for name, group in groups:
            print(f"| {name} | {' | '.join(row(group))} |")
        print()


def answers_row(group: Sequence[Marked]) -> list[str]:
    spoke = [m for m in group if m.turn.act != "silent"]
    silent = [m for m in group if m.turn.act == "silent"]
    timed = [m.said.seconds for m in group if not m.said.ran]
    return [
        str(len(group)),
        share(sum(m.marks.right for m in spoke), len(spoke)),
        share(sum(m.marks.right for m in silent), len(silent)),
        f"{fmean(m.marks.right for m in group):.0%}" if group else "-",
        str(sum(m.marks.needless_refusal for m in group)),
        mean(m.marks.precision for m in group),
        mean(m.marks.recall for m in group),
        f"{median(timed):.2f}" if timed else "-",
        f"{np.percentile(timed, 95):.2f}" if timed else "-",
    ]


def faith_row(group: Sequence[Marked]) -> list[str]:
    def count(faults: Callable[[Marks], Sequence[str]]) -> str:
        return str(sum(len(faults(m.marks)) for m in group))

    return [
        str(sum(m.marks.factual for m in group)),
        count(lambda m: m.unsupported),
        count(lambda m: m.wrong_numbers),
        count(lambda m: m.wrong_reviewers),
        count(lambda m: m.wrong_scores),
        count(lambda m: m.contradictions),
        mean(m.marks.k_precision for m in group),
        mean(m.marks.copied for m in group),
        str(sum(m.marks.struck for m in group)),
    ]


def share(right: int, total: int) -> str:
    return f"{right} of {total}" if total else "-"


def mean(values: Iterable[float | None]) -> str:
    """The mean of those that there are."""
    known = [value for value in values if value is not None]
    return f"{fmean(known):.2f}" if known else "-"


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927). Turns of one dialogue hang together, so it is a little too narrow."""
    if not total:
        return 0.0, 1.0
    p, n = right / total, total
    centre, half = p + Z * Z / (2 * n), Z * (p * (1 - p) / n + Z * Z / (4 * n * n)) ** 0.5
    return (centre - half) / (1 + Z * Z / n), (centre + half) / (1 + Z * Z / n)


def to_json(marked: Sequence[Marked]) -> list[dict[str, Any]]:
    """Every turn with its answer and its marks."""
    return [
        {
            "dialogue": m.dialogue.name,
            "half": m.dialogue.half,
            "turn": m.number,
            "ask": m.turn.ask,
            "type": m.turn.type,
            "act": m.turn.act,
            "answer": m.said.answer.text if m.said.answer else None,
            "instead_of": m.said.answer.instead_of if m.said.answer else "",
            "understood": m.said.understood,
            "seconds": round(m.said.seconds, 3),
            "ran": m.said.ran,
            **asdict(m.marks),
        }
        for m in marked
    ]
