"""Which submissions a question names: by a short name, by the head of the title, or by words of the title."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge.asking import stems_of

HEAD = re.compile(r"[:–—?]")
ORDER = re.compile(r"\border\b", re.IGNORECASE)
ALWAYS_THE_SAME_CASE = 3
"""A name this short ("IP") counts only as it is written."""
MOST = 3
"""A question names at most as many submissions."""
LEAST = 0.15
"""The least share of a title's words, by weight, that names a submission."""
SAME = 0.75
"""Submissions named by less than this share of the best one's strength are not meant."""


@dataclass(frozen=True)
class Names:
    """The names of all submissions. Immutable; made anew when a title changes."""

    phrases: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
    titles: dict[str, frozenset[str]]
    weights: dict[str, float]
    orders: dict[str, tuple[tuple[str, str], ...]]
    """For each submission, reviews by their place in some order ("Review 1 in page order"), and whose they are."""

    def named(self, query: str) -> dict[str, float]:
        """The submissions that a question names, with how surely, 0 to 1; none where it names none or too many.

        Cost: linear in the number of submissions, about 2 ms for 1,000.
        """
        found: dict[str, float] = {}
        for pattern, ids in self.phrases:
            if len(ids) <= MOST and pattern.search(query):
                found |= dict.fromkeys(ids, 1.0)
        stems = set(stems_of(query)) & self.weights.keys()
        for id, title in self.titles.items() if stems else ():
            shared = stems & title
            if shared:
                share = sum(self.weights[s] for s in shared) / sum(self.weights[s] for s in title)
                found[id] = max(found.get(id, 0.0), share)
        best = sorted((item for item in found.items() if item[1] >= LEAST), key=lambda item: (-item[1], item[0]))
        meant = [item for item in best if item[1] >= SAME * best[0][1]]
        return dict(meant) if len(meant) <= MOST else {}

    def without_names(self, query: str) -> str:
        """A question without the names of submissions, which their passages seldom repeat."""
        for pattern, ids in self.phrases:
            if len(ids) <= MOST:
                query = pattern.sub(" ", query)
        return query

    def resolve(self, query: str, submissions: Collection[str]) -> str:
        """A question with "Review 1 in page order" replaced by the reviewer's name, where one submission is meant."""
        for alias, name in self.orders.get(next(iter(submissions)), ()) if len(submissions) == 1 else ():
            query = re.sub(rf"\b{re.escape(alias)}\b", name, query, flags=re.IGNORECASE)
        return query


def read_names(
    submissions: Sequence[tuple[str, str, Sequence[str]]],
    authors: Sequence[tuple[str, str, Sequence[str]]] = (),
) -> Names:
    """From (id, title, short names) of all submissions, and (id, name, aliases) of those who signed something.

    A word in few titles weighs more, up to 1 in a single one.
    """
    orders: dict[str, dict[str, str]] = {}
    for id, name, aliases in authors:
        orders.setdefault(id, {}).update((alias, name) for alias in aliases if ORDER.search(alias))
    phrases: dict[str, list[str]] = {}
    titles = {}
    for id, title, short_names in submissions:
        head = HEAD.split(title)[0].strip()
        for name in {*short_names, head, title} - {""}:
            phrases.setdefault(name, []).append(id)
        titles[id] = frozenset(stem for stem in stems_of(title) if not stem.isdigit())
    counts = Counter(stem for title in titles.values() for stem in title)
    most = math.log(1 + len(titles))
    weights = {stem: math.log(1 + len(titles) / count) / most for stem, count in counts.items()}
    patterns = []
    for name, ids in phrases.items():
        flags = 0 if len(name) <= ALWAYS_THE_SAME_CASE else re.IGNORECASE
        words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", name) if word)
        patterns.append((re.compile(rf"(?<!\w){words}(?!\w)", flags), tuple(ids)))
    return Names(tuple(patterns), titles, weights, {id: tuple(found.items()) for id, found in orders.items()})
