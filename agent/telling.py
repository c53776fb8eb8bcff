"""Which sentences of the passages found answer a question: a fitted guess.

A search brings passages; most of a passage leads up to what answers, or goes on from it. Each sentence is described by a few
plain features, and a logistic regression says how likely it is the one that a careful reader would point to. The weights
are fitted by `benchmarks.fit_telling` on questions whose answers stand word for word in their sources.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from agent.quoting import is_courtesy, sentences_of
from knowledge.asking import NUMBER, read_question, stems_of, topic_of
from knowledge.types import Hit, Passage

WEIGHTS = Path(__file__).parent / "telling.json"
TABLE_CELLS = 4
SUREST = 8.0
"""Log-odds of a passage's score are cut here."""
FEW_STEMS = 4
Match = Callable[[str, Sequence[str]], Any]
"""Late interaction of a question with texts, shape (n, 2): `Collection.match`."""
Nearness = Callable[[str, Sequence[str]], Any]
"""How near texts come to a question, shape (n,): `Collection.nearness`."""


@dataclass(frozen=True)
class Told:
    """A sentence of a passage, exactly as it stands there, with the log-odds that it answers."""

    text: str
    odds: float


def tell(query: str, hits: Sequence[Hit], match: Match, nearness: Nearness) -> tuple[tuple[Told, ...], ...]:
    """The sentences of each hit, in their order, with how likely each answers the question."""
    parts = [parts_of(hit.passage) for hit in hits]
    weights, offset = _model()
    values = [
        offset + sum(weights.get(name, 0.0) * number for name, number in features.items())
        for features in describe(query, hits, parts, match, nearness)
    ]
    found, at = [], 0
    for texts in parts:
        found.append(tuple(map(Told, texts, values[at : at + len(texts)])))
        at += len(texts)
    return tuple(found)


def parts_of(passage: Passage) -> list[str]:
    """The sentences of a passage; of a table its rows."""
    if is_table(passage):
        return [line.strip() for line in passage.text.splitlines() if re.search(r"\w", line)]
    return sentences_of(passage.text)


def is_table(passage: Passage) -> bool:
    return passage.role == "table" or passage.text.count(" | ") >= TABLE_CELLS


def describe(
    query: str, hits: Sequence[Hit], parts: Sequence[Sequence[str]], match: Match, nearness: Nearness
) -> list[dict[str, float]]:
    """The features of every sentence of all hits, one after another, by name."""
    asked, topic = read_question(query), topic_of(query)
    texts = [text for own in parts for text in own]
    if not texts:
        return []
    near = nearness(query, texts).tolist()
    nearest_of_all = max(near)
    matches = [(float(whole), float(stretch)) for whole, stretch in match(topic, texts)]
    stems = [frozenset(stems_of(text)) for text in texts]
    counts = Counter(stem for own in stems for stem in own)
    wanted = {stem: math.log(1 + len(texts) / (0.5 + counts[stem])) for stem in dict.fromkeys(stems_of(topic))}
    shares = [_share(wanted, own) for own in stems]
    best_score = log_odds(hits[0].score) if hits else 0.0
    found: list[dict[str, float]] = []
    at = 0
    for rank, (hit, own) in enumerate(zip(hits, parts, strict=True)):
        inside = range(at, at + len(own))
        nearest, share = max(matches[i][0] for i in inside) if own else 0.0, max((shares[i] for i in inside), default=0)
        for place, i in enumerate(inside):
            around = [j for j in (i - 1, i + 1) if j in inside]
            text, has_number = texts[i], NUMBER.search(texts[i]) is not None
            found.append(
                {
                    "score": log_odds(hit.score),
                    "behind": best_score - log_odds(hit.score),
                    "rank": 1 / (1 + rank),
                    "near": near[i],
                    "near, below the best": nearest_of_all - near[i],
                    "near, below its best": max(near[j] for j in inside) - near[i],
                    "stretch": matches[i][1],
                    "words": shares[i],
                    "match, below its best": nearest - matches[i][0],
                    "words, below its best": share - shares[i],
                    "match beside": max((matches[j][0] for j in around), default=0.0),
                    "words beside": max((shares[j] for j in around), default=0.0),
                    "has number": float(has_number),
                    "has number, asked": float("number" in asked.cues and has_number),
                    "length": math.log(1 + len(stems[i])) / 4,
                    "short": float(len(stems[i]) < FEW_STEMS),
                    "alone": float(len(own) == 1),
                    "one of": 1 / len(own),
                    "first": float(not place and len(own) > 1),
                    "late": place / len(own),
                    "leads on": float(text.rstrip().endswith(":")),
                    "asks": float(text.rstrip().endswith("?")),
                    "courtesy": float(is_courtesy(text)),
                    "row": float(is_table(hit.passage)),
                    "caption": float(hit.passage.role == "caption"),
                }
            )
        at += len(own)
    return found


def log_odds(score: float) -> float:
    return max(-SUREST, min(SUREST, math.log(max(score, 1e-9) / max(1 - score, 1e-9))))


def _share(wanted: Mapping[str, float], stems: frozenset[str]) -> float:
    total = sum(wanted.values())
    return sum(weight for stem, weight in wanted.items() if stem in stems) / total if total else 0.0


@cache
def _model() -> tuple[dict[str, float], float]:
    held = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return held["weights"], held["offset"]
