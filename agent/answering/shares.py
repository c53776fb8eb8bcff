"""Shares worked out from two or three figures: a part of a whole, a part of a loss that is won back, of a gain that is reached. Pure.

The figures stand in one line of a table or in one passage; each bears what the question says of it more than the others do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product

from agent.answering.contrast_candidates import is_operand
from agent.answering.figure_words import amount, decimals, digits_of, place_of, row_of, told
from agent.answering.pairs import REFERENCE, alike
from agent.answering.parts import fact, who
from agent.answering.rankings import UNCOMPRESSED
from agent.answering.share_words import Share, read_share
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import OF_ROW, Fit, borne, holds_any, weigh
from agent.terms import Term

LOOKED_AT, OF_EACH, MOST_LINES, MOST_TOLD = 60, 5, 60, 6
LEAST_BORNE = 0.5
"""Which part of the words for a figure it must bear."""
FLAGGED = 0.9
"""How well a figure that is the paper's own, or of the uncompressed net, is what is meant where no words say it."""
OF_OTHERS, TOLD, CONTEXT = 0.6, 0.5, 2.0
LEAST_GIVEN = 0.7
_OF = re.compile(r"\s*\$?\s*of (?:the|its|all|their|a)\b")
_OUR = re.compile(r"\b(?:ours?|we|proposed)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|either|both|every|respectively|all (?:of|the|two|three|four|models|nets|networks|data ?sets|sizes))\b", re.IGNORECASE)  # fmt: skip
Key = tuple[str, str]


@dataclass(frozen=True)
class Worked:
    """The figures of a share in the order of their roles, part, whole and, of a change, base; with how well they are meant."""

    figures: tuple[Figure, ...]
    score: float


def shares(
    asked: Asked, fits: Sequence[Fit], figures: Sequence[Figure], told_of: frozenset[Key], before: str = ""
) -> list[DraftSentence]:
    """The share that a message asks for, worked out with its figures; empty where it asks for none, or not surely of which."""
    share = read_share(asked, before)
    if share is None or (not share.of_change and _is_given(fits, share)):
        return []
    found = [w for line in _lines(fits) if (w := _best(line, share, asked, fits, told_of)) is not None]
    if not found:
        return []
    best = max(found, key=lambda w: w.score)
    chosen = [best, *_others(best, figures, share)] if _EACH.search(asked.text) else [best]
    return list({line.text: line for w in chosen for line in _tell(w, share, bullet=len(chosen) > 1)}.values())


def _is_given(fits: Sequence[Fit], share: Share) -> bool:
    """Whether a source gives the share itself, "13 % of the dense MACs"."""
    plain = [t for t in share.terms if not t.key.startswith("<")]
    return any(
        fit.figure.unit == "%"
        and fit.share >= LEAST_GIVEN
        and any(borne(t, fit.figure) >= OF_ROW for t in plain)
        and _OF.match(fit.figure.sentence[fit.figure.at + len(fit.figure.written) :])
        for fit in fits[:OF_EACH]
    )


def _lines(fits: Sequence[Fit]) -> Iterable[list[Fit]]:
    """The figures that can be set against each other: of one column, of one row, of one passage."""
    cells = {(fit.figure.passage.id, name, by) for fit in fits[:LOOKED_AT] if (c := fit.figure.cell) for name, by in ((c.row, "row"), (c.column, "column"))}  # fmt: skip
    lines: dict[tuple[str, str, str], list[Fit]] = {key: [] for key in sorted(cells)}
    for fit in fits:
        cell = fit.figure.cell
        for key in ((fit.figure.passage.id, cell.row, "row"), (fit.figure.passage.id, cell.column, "column")) if cell else ():  # fmt: skip
            if key in lines:
                lines[key].append(fit)
    yield from (line for line in lines.values() if len(line) <= MOST_LINES)
    prose = [fit for fit in fits[: 2 * LOOKED_AT] if fit.figure.cell is None and is_operand(fit.figure)]
    prose.sort(key=lambda fit: fit.figure.passage.id)
    yield from (list(group) for _, group in groupby(prose, key=lambda fit: fit.figure.passage.id))


def _best(
    line: Sequence[Fit], share: Share, asked: Asked, fits: Sequence[Fit], told_of: frozenset[Key]
) -> Worked | None:
    """The figures of a line that are most surely meant."""
    weights = weigh([fit.figure for fit in fits], replace(asked, new=(*share.terms, *asked.new)))
    roles = [_telling(role, fits) for role in (share.part, share.whole, share.base)][: 3 if share.of_change else 2]
    ranked = [_ranked(line, roles, n, share, asked, weights) for n in range(len(roles))]
    context = [t for t in (*asked.new, *asked.old) if not t.key.startswith("<")]
    total = sum(weights.get(t, 0.0) for t in context) or 1.0
    best: Worked | None = None
    for picked in product(*ranked):
        chosen = tuple(fit.figure for _, fit in picked)
        if (
            len({id(f) for f in chosen}) < len(chosen)
            or not _are_one_kind(chosen, share)
            or not _makes_sense(chosen, share)
        ):
            continue
        score = sum(own for own, _ in picked)
        score += CONTEXT * sum(weights.get(t, 0.0) * min(borne(t, f) for f in chosen) for t in context) / total
        score += sum(fit.score for _, fit in picked) / len(picked)
        score += TOLD * sum((f.passage.id, digits_of(f)) in told_of for f in chosen) / len(chosen)
        if best is None or score > best.score:
            best = Worked(chosen, score)
    return best


def _telling(role: Sequence[Term], fits: Sequence[Fit]) -> tuple[Term, ...]:
    """The terms by which a figure of a role is known: those that any figure's own words bear, quantities only where there
    are no others."""
    borne_by_any = [t for t in role if t.hard or any(borne(t, fit.figure) >= OF_ROW for fit in fits)]
    plain = [t for t in borne_by_any if not t.key.startswith("<")]
    return tuple(plain or borne_by_any)


def _ranked(
    line: Sequence[Fit], roles: Sequence[Sequence[Term]], n: int, share: Share, asked: Asked, weights: dict[Term, float]
) -> list[tuple[float, Fit]]:
    """The figures of a line that may have a role, with how well they do."""
    role = roles[n]
    # What all of a line bear, its own head, tells none of them apart.
    rival = [t for other in roles for t in other if t not in role and not all(_names(t, fit.figure) for fit in line)]
    whole = sum(weights.get(t, 1.0) for t in role)
    found: list[tuple[float, Fit]] = []
    for fit in line:
        named = sum(weights.get(t, 1.0) * _names(t, fit.figure) for t in role)
        how = named / whole if whole else _unsaid(fit.figure, n, share, asked)
        if how >= LEAST_BORNE:
            beside = max((_names(t, fit.figure) for t in rival), default=0.0)
            found.append((how - OF_OTHERS * beside, fit))
    return sorted(found, key=lambda item: -item[0])[:OF_EACH]


def _names(term: Term, figure: Figure) -> float:
    """How surely a term says which figure of its line one is."""
    if REFERENCE.search(term.key) and _is_reference(figure):
        return 1.0
    found = 1.0 if figure.value == term.value else borne(term, figure)
    if term.value is not None:
        return found if found >= OF_ROW else 0.0
    return found if found > LEAST_BORNE or figure.cell is None else 0.0


def _unsaid(figure: Figure, place: int, share: Share, asked: Asked) -> float:
    """How well a figure has a role for which the question has no words: the method's own, the uncompressed net's."""
    own = _is_own(figure, asked)
    if share.of_change and place == (1 if share.of_loss else 2):
        return FLAGGED * _is_reference(figure)
    return FLAGGED * own


def _is_own(figure: Figure, asked: Asked) -> bool:
    label = figure.own if figure.cell is None else (*figure.own, *figure.others)
    return holds_any(label, asked.names) or bool(_OUR.search(figure.bound))


def _is_reference(figure: Figure) -> bool:
    label = figure.bound if figure.cell is None else f"{figure.cell.row}; {figure.cell.column}"
    return bool(UNCOMPRESSED.search(label) or REFERENCE.search(label))


def _are_one_kind(figures: Sequence[Figure], share: Share) -> bool:
    """Whether figures are of one unit and quantity, so that one can be a part of another."""
    first = figures[0]
    if len(figures) == 2 and first.unit == "%" and not share.of_rest:
        return False  # what is given in per cent is a share already
    if first.cell is not None:
        same_column = len({f.cell.column for f in figures if f.cell}) == 1
        return all(alike(first, f) for f in figures) and (same_column or len({_head_measures(f) for f in figures}) == 1)
    if len({f.unit for f in figures if f.unit}) > 1:
        return False
    measured = [set(f.measures) for f in figures if f.measures]
    return len({f.sentence for f in figures}) == 1 or not measured or bool(set.intersection(*measured))


def _head_measures(figure: Figure) -> frozenset[Term]:
    return frozenset(t for t in figure.own if t.key.startswith("<"))


def _makes_sense(figures: Sequence[Figure], share: Share) -> bool:
    """Whether a share comes to something between nothing and a little more than all."""
    value = worth(figures)
    return value is not None and 0 < value <= (1.5 if share.of_change else 1.0)


def worth(figures: Sequence[Figure]) -> float | None:
    """What part over whole comes to, or what is won of a change over the whole of it."""
    part, whole, *rest = (f.value for f in figures)
    base = rest[0] if rest else 0.0
    return None if whole == base else (part - base) / (whole - base)


def _others(best: Worked, figures: Sequence[Figure], share: Share) -> list[Worked]:
    """The same labels elsewhere in the table: of every row, or of every column of the same quantity."""
    first = best.figures[0]
    if first.cell is None or any(f.table is not first.table or f.cell is None for f in best.figures):
        return []
    cells = [f.cell for f in best.figures if f.cell is not None]
    down = len({c.column for c in cells}) == 1
    placed = {(f.cell.row, f.cell.column): f for f in figures if f.table is first.table and f.cell is not None}
    lines = dict.fromkeys(column if down else row for row, column in placed)
    found: list[Worked] = []
    for line in lines:
        here = [placed.get((c.row, line) if down else (line, c.column)) for c in cells]
        held = tuple(f for f in here if f is not None)
        of_another = len(held) == len(cells) and held[0] is not first and held[0].unit == first.unit
        if of_another and _makes_sense(held, share):
            found.append(Worked(held, best.score))
    return found[: MOST_TOLD - 1]


def _tell(worked: Worked, share: Share, bullet: bool) -> list[DraftSentence]:
    """The figures with their place, and the share worked out."""
    figures: Sequence[Figure] = worked.figures
    passages = list({p.id: p for f in figures for p in f.passages}.values())
    order = (2, 0, 1) if share.of_change else (1, 0)
    cells = [f.cell for f in figures if f.cell is not None]
    if len(cells) < len(figures):
        known = list({line.text: line for line in (told(figures[n], bullet=True) for n in order)}.values())
        return [*known, fact(f"Worked out: {quotient(figures)}.", *passages, bullet=bullet)]
    down = len({cell.column for cell in cells}) == 1
    shared = cells[0].column if down else row_of(figures[0])
    names = [row_of(f) if down else cell.column for f, cell in zip(figures, cells, strict=True)]
    each = ", ".join(f"{names[n]} {amount(figures[n])}" for n in order)
    text = f"{who(figures[0].passage)}{shared}: {each}{place_of(figures[0])}; {quotient(figures)}."
    return [fact(text, *passages, bullet=bullet)]


def quotient(figures: Sequence[Figure]) -> str:
    """ "0.88 / 3.95 = 22.3 %", or "59.5 - 57.9 = 1.6; 62.3 - 57.9 = 4.4; (59.5 - 57.9) / (62.3 - 57.9) = 36.4 %"."""
    part, whole, *rest = figures
    value = worth(figures)
    shown = f"{100 * (value or 0.0):.1f} %"
    x, y = digits_of(part), digits_of(whole)
    if not rest:
        return f"{x} / {y} = {shown}"
    z = digits_of(rest[0])
    if part.value < rest[0].value:
        (x, z1), (y, z2) = (z, x), (z, y)
    else:
        (x, z1), (y, z2) = (x, z), (y, z)
    sums = [_difference(x, z1), _difference(y, z2)]
    return f"{'; '.join(sums)}; ({x} - {z1}) / ({y} - {z2}) = {shown}"


def _difference(x: str, y: str) -> str:
    digits = max(decimals(x), decimals(y))
    return f"{x} - {y} = {float(x) - float(y):.{digits}f}"
