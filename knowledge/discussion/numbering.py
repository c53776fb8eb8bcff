"""Whether the numbers in a reply are those of the reviewer's list."""

from collections.abc import Callable, Mapping, Sequence
from statistics import mean

from knowledge.discussion.blocks import Block
from knowledge.discussion.points import ReviewPoint

TELLING = 0.05
"""Where a reply's numbers are those of the list, what stands under them speaks that much more of the points with the
same numbers than of the list's other points, on average."""


def same_label(own: str | None, other: str | None) -> bool:
    """Whether two labels mean the same number: "2" and "W2", not "Q2" and "W2"."""
    if not own or not other:
        return False
    kinds = [label[0] if label[0] in "QWSC" else "" for label in (own, other)]
    numbers = [label[len(kind) :] for label, kind in zip((own, other), kinds, strict=True)]
    return numbers[0] == numbers[1] and (kinds[0] == kinds[1] or not kinds[0] or not kinds[1] or "C" in kinds)


def read_numbers(
    points: Sequence[ReviewPoint], blocks: Sequence[Block], closeness: Mapping[tuple[int, int], float],
    own: Callable[[int, int], bool],
) -> set[tuple[int, int]]:  # fmt: skip
    """The pairs (point, block) whose common number means that one answers the other.

    `closeness` says how much a pair speaks of the same, numbers apart; `own` whether a block is written to the point's
    reviewer. Authors may number headings of their own: then the numbers of that reply tell nothing. Where several lists
    of a review have the number, the closest point is meant.
    """
    replies: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for p, b in closeness:
        if points[p].label and blocks[b].label and own(p, b):
            replies.setdefault((points[p].document, blocks[b].document), []).append((p, b))
    kept: set[tuple[int, int]] = set()
    for pairs in replies.values():
        matched: dict[int, list[int]] = {}
        for p, b in pairs:
            if same_label(blocks[b].label, points[p].label):
                matched.setdefault(b, []).append(p)
        meant = {b: max(found, key=lambda p: closeness[p, b]) for b, found in matched.items()}
        gains = [
            closeness[p, b] - mean(others)
            for b, p in meant.items()
            if (others := [closeness[q, c] for q, c in pairs if c == b and q not in matched[b]])
        ]
        if not gains or mean(gains) >= TELLING:
            for b, p in meant.items():
                lists = {points[q].lead for q in matched[b]}
                kept |= {(p, b)} if len(lists) > 1 else {(q, b) for q in matched[b]}
    return kept
