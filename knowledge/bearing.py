"""Of a long passage, the sentences that bear on what is asked, at exact offsets."""

from collections.abc import Sequence

from knowledge.discussion.cues import ANAPHORA
from knowledge.discussion.words import Rarity, sentences, terms

Span = tuple[int, int]
RELATED = 0.34
"""A further sentence is shown where it bears on the query by this share of what the best one does."""


def find_bearing(text: str, query: str, *, most: int = 2, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """The sentences of `text[start:end]` that hold most of a query's words, rare ones counting most, in reading order;
    the half-open offsets are those in `text`. None where no sentence shares a word with the query.

    A sentence that speaks of "this" or "it" brings the one before with it, which says what that is.
    """
    spans = sentences(text, start, end)
    held = [terms(text[a:b]) for a, b in spans]
    wanted = terms(query)
    rarity = Rarity.among([*held, wanted])
    scores = [weigh(rarity, own, wanted) for own in held]
    order = sorted(range(len(spans)), key=lambda index: (-scores[index], index))
    best = scores[order[0]] if order else 0.0
    chosen: set[int] = set()
    for index in order:
        if len(chosen) >= most or not scores[index] or scores[index] < RELATED * best:
            break
        chosen.add(index)
        if index and len(chosen) < most and ANAPHORA.match(text[slice(*spans[index])]):
            chosen.add(index - 1)
    return tuple(spans[index] for index in sorted(chosen))


def find_gist(text: str, query: str, spans: Sequence[Span], liked: Sequence[float]) -> Span:
    """The one sentence of `spans` that bears most on a query, where each has something more to its credit (`liked`)."""
    held = [terms(text[a:b]) for a, b in spans]
    wanted = terms(query)
    rarity = Rarity.among([*held, wanted])
    scores = [weigh(rarity, own, wanted) + more for own, more in zip(held, liked, strict=True)]
    return spans[max(range(len(spans)), key=lambda index: (scores[index], -index))]


def weigh(rarity: Rarity, own: frozenset[str], wanted: frozenset[str]) -> float:
    """The share of the query's weight that a sentence holds, from 0 to 1."""
    total = rarity.weight(wanted)
    return rarity.weight(own & wanted) / total if total else 0.0
