"""What a paper compares its own with, as its tables name it: the rows or columns that stand beside the paper's own. Pure."""

import re
from collections.abc import Sequence

from agent.answering.parts import fact, listed
from agent.asked_figures import own_names
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.figures import Figure, figures_in
from agent.terms import Term, holds, terms_in
from knowledge.tables import Table
from knowledge.types import Passage

FEWEST, MOST, MOST_TABLES = 2, 14, 3
_OURS = re.compile(r"\b(?:ours?|proposed|this work)\b", re.IGNORECASE)
_NO_METHOD = re.compile(
    r"\b(?:dense|full[- ]precision|fp32|float32|uncompressed|original|reference|params?|flops|size|mb|time|ms|bits?|top-?[15]|accuracy|error|rate|ratio|removed|kept|left|remaining|sparsity|year|average|mean|total|avg|#|latency|speed-?up|memory|storage|networks?|data ?sets?)\b[^a-z]*$",
    re.IGNORECASE,
)
"""A label of the net before anything is done to it, or of a quantity."""
_VARIANT = re.compile(r"^\W*(?:\d|without\b|w/o\b|no\b|only\b|with\b)|\bonly\b|\binstead of\b", re.IGNORECASE)
"""A label of the paper's own method with a part changed, as tables of ablations have them."""
_ASKS_NAMES = re.compile(
    r"\b(?:which|what)\b(?: \w+){0,4}? (?:methods?|criteri(?:a|on)|baselines?|approach(?:es)?|competitors?|rivals?|algorithms?|schemes?|techniques?|others?|opponents?|comparisons?)\b"
    r"|\bwhom\b|\bwho (?:do|does|did|are|is) \w+ (?:compar|measur|compet|beat)\w*|\b(?:against|with|vs\.?|versus|to) (?:whom|what|which)\b|\bvs what\b|\bwhat (?:is|was) it (?:compared|measured|tested|run|held)"
    r"|\b(?:list|name|names)\b.{0,20}\b(?:baselines|methods|competitors|rivals)\b|^\W*(?:the )?(?:baselines|competitors|rivals)\W*$",
    re.IGNORECASE,
)


def asks_for_names(text: str) -> bool:
    """Whether a message asks what a paper is compared with, and not how far it is ahead."""
    return bool(_ASKS_NAMES.search(text))


def rivals(passages: Sequence[Passage], paper: Paper | None, topic: str) -> list[DraftSentence]:
    """The methods that each table sets beside the paper's own, those of the tables that the topic names if any."""
    names = own_names(paper)
    told: dict[str, tuple[bool, DraftSentence]] = {}
    wanted = [t for t in terms_in(topic) if t.hard]
    for table, figures in _tables(passages):
        others = _beside(table, names)
        if not FEWEST <= len(others) <= MOST:
            continue
        place = f"Table {table.number}" if table.number else "A table"
        caption = f" (“{table.caption.rstrip('.')}”)" if table.caption else ""
        named = all(holds(terms_in(f"{table.caption} {' '.join(c.row for c in table.cells)}"), t) for t in wanted)
        key = ", ".join(others)
        sentence = fact(f"{place}{caption} sets it beside {listed(others)}.", *figures[0].passages, bullet=True)
        told.setdefault(key, (bool(wanted) and named, sentence))
    chosen = [s for named, s in told.values() if named] or [s for _, s in told.values()]
    return chosen[:MOST_TABLES]


def _tables(passages: Sequence[Passage]) -> list[tuple[Table, list[Figure]]]:
    """The tables of passages, each with its figures."""
    found: dict[int, tuple[Table, list[Figure]]] = {}
    for figure in figures_in(passages):
        if figure.table is not None:
            found.setdefault(id(figure.table), (figure.table, []))[1].append(figure)
    return list(found.values())


def _beside(table: Table, names: Sequence[Term]) -> list[str]:
    """The labels along which the paper's own stands, without it."""
    for labels in (table.columns, tuple(c.row for c in table.cells)):
        labels = tuple(dict.fromkeys(label.strip() for label in labels if label.strip()))
        own = [label for label in labels if _OURS.search(label) or any(holds(terms_in(label), t) for t in names)]
        if own and len(own) < len(labels):
            others = [label for label in labels if label not in own and not _NO_METHOD.search(label)]
            others = [label for label in others if not all(t.kind for t in terms_in(label))]
            # Rows of several heads, "N18, Gull" and "N50, Gull": each name once.
            others = list(dict.fromkeys(name for label in others for name in _without_shared(label, own)))
            return [] if any(_VARIANT.search(label) for label in others) else others
    return []


def _without_shared(label: str, own: Sequence[str]) -> list[str]:
    """The label without the heads that the paper's own rows have too; the whole where it has one head."""
    heads = label.split(", ")
    shared = {head for one in own for head in one.split(", ")}
    kept = [head for head in heads if head not in shared and not all(t.kind for t in terms_in(head))]
    return [", ".join(kept)] if kept else []
