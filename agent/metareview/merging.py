"""Three texts of a section into one: what was generated, what the chair made of it, what is generated now. Pure.

The texts are compared sentence by sentence. Where only one side changed something, its change is taken; where both
changed the same sentence, the chair's words stand and what the draft would say instead is told beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.metareview.text import join, units


@dataclass(frozen=True)
class Conflict:
    """A place that the chair and the evidence both changed: the chair's words stand in the text ("" where they
    deleted something), `before` was generated first and `now` is generated now."""

    yours: str
    before: str
    now: str


@dataclass(frozen=True)
class Merged:
    """The text of a section, and where it is not clear what it should say."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class _Change:
    """`words` take the place of the base's units from `start` to `end`; an insertion where these are equal."""

    start: int
    end: int
    words: tuple[str, ...]


def merge(before: str, yours: str, now: str) -> Merged:
    """The chair's text with what has changed in the generated one. Nothing that the chair wrote is lost."""
    if yours == before:
        return Merged(now)
    base = units(before)
    ours, theirs = _changes(base, units(yours)), _changes(base, units(now))
    merged: list[str] = []
    conflicts: list[Conflict] = []
    at = 0
    for start, end, mine, drafts in _groups(ours, theirs):
        merged += base[at:start]
        at = end
        kept, new = _applied(base, start, end, mine), _applied(base, start, end, drafts)
        if not mine or kept == new:
            merged += new
        elif not drafts:
            merged += kept
        elif start == end:  # both inserted here, and neither took anything away
            merged += [*kept, *(unit for unit in new if unit not in kept)]
        else:
            merged += kept
            conflicts.append(Conflict(join(kept), join(base[start:end]), join(new)))
    merged += base[at:]
    return Merged(join(merged), tuple(conflicts))


def _changes(base: Sequence[str], changed: Sequence[str]) -> list[_Change]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [_Change(a, b, tuple(changed[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _groups(ours: Sequence[_Change], theirs: Sequence[_Change]) -> list[tuple[int, int, list[_Change], list[_Change]]]:
    """Changes of both sides that touch the same units, in the order of the base."""
    groups: list[tuple[int, int, list[_Change], list[_Change]]] = []
    for change, mine in sorted(
        [(c, True) for c in ours] + [(c, False) for c in theirs],
        key=lambda pair: (pair[0].start, pair[0].end, not pair[1]),
    ):
        if groups and _meet(groups[-1][0], groups[-1][1], change):
            start, end, first, second = groups[-1]
            (first if mine else second).append(change)
            groups[-1] = (start, max(end, change.end), first, second)
        else:
            groups.append((change.start, change.end, [change] if mine else [], [] if mine else [change]))
    return groups


def _meet(start: int, end: int, change: _Change) -> bool:
    """Whether a later change lies within the units from `start` to `end`, or is an insertion at the same place."""
    return change.start < end or (start == end == change.start == change.end)


def _applied(base: Sequence[str], start: int, end: int, changes: Sequence[_Change]) -> list[str]:
    """The base's units from `start` to `end` with changes made."""
    made: list[str] = []
    at = start
    for change in changes:
        made += [*base[at : change.start], *change.words]
        at = change.end
    return made + list(base[at:end])
