"""Whether the sources answer a question at all: a calibrated guess from how the best passages bear it.

A logistic regression over a few plain features; its weights are in `knowledge/weights.py`.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence

from knowledge.asking import stems_in, stems_of
from knowledge.lexical import WORD
from knowledge.reranking import Candidate, Words
from knowledge.weights import SUPPORT_LEVEL, SUPPORT_WEIGHTS

BEST = 5
"""So many of the best passages are looked at."""
SUREST = 8.0
"""Log-odds of a passage's score are cut here."""


def judge_support(
    topic: str, ranked: Sequence[Candidate], scores: Sequence[float], elsewhere: Collection[str] = ()
) -> float:
    """How likely it is, 0 to 1, that the sources answer; `ranked` are the candidates with their `scores`, best first;
    `elsewhere` are stems that other passages of the best one's submission hold (`unsaid_words`)."""
    if not ranked:
        return 0.0
    found = describe_support(topic, ranked, scores, elsewhere)
    value = SUPPORT_LEVEL + sum(SUPPORT_WEIGHTS[name] * number for name, number in found.items())
    return 1 / (1 + math.exp(-value))


def unsaid_words(topic: str, ranked: Sequence[Candidate]) -> dict[str, tuple[str, ...]]:
    """The words of a topic with their stems, of which no candidate of the best one's submission holds all."""
    here = stems_here(ranked)
    words = {word: stems_in(word) for word in WORD.findall(topic.casefold())}
    return {word: stems for word, stems in words.items() if not here.issuperset(stems)}


def stems_here(ranked: Sequence[Candidate]) -> frozenset[str]:
    """What the candidates of the best one's submission hold, with their headings."""
    home = ranked[0].passage.locator.submission
    texts = [Words.of(one.passage) for one in ranked if one.passage.locator.submission == home]
    return frozenset().union(*(text.stems | text.section for text in texts))


def describe_support(
    topic: str, ranked: Sequence[Candidate], scores: Sequence[float], elsewhere: Collection[str] = ()
) -> dict[str, float]:
    """The features, by name: the best score, the best stretch, the nearest to the question, and the share of the topic's words that the best one's
    submission never holds. Words weigh more the fewer of the candidates hold them."""
    texts = [Words.of(candidate.passage) for candidate in ranked]
    held = [text.stems | text.section for text in texts]
    counts = Counter(stem for stems in held for stem in stems)
    weights = {stem: math.log(1 + len(ranked) / (0.5 + counts[stem])) for stem in dict.fromkeys(stems_of(topic))}
    total = sum(weights.values()) or 1.0
    here = stems_here(ranked).union(elsewhere)
    return {
        "score": log_odds(scores[0]),
        "stretch": max(candidate.close.stretch for candidate in ranked[:BEST]),
        "asked": max(candidate.asked for candidate in ranked[:BEST]),
        "unsaid": sum(weight for stem, weight in weights.items() if stem not in here) / total,
    }


def log_odds(score: float) -> float:
    return max(-SUREST, min(SUREST, math.log(max(score, 1e-9) / max(1 - score, 1e-9))))
