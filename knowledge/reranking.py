"""The second stage of search: the passages that words and meaning found, in the order of what the question asks for.

Each passage is described by a few plain features, and a linear model orders them (pairwise logistic regression:
Joachims, "Optimizing Search Engines using Clickthrough Data", 2002). Its weights are in `knowledge/weights.py`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.asking import NUMBER, Asked, stems_of
from knowledge.closeness import Closeness
from knowledge.fitted import load_scorer
from knowledge.types import Passage
from knowledge.weights import LEVEL

if TYPE_CHECKING:
    import numpy as np

RECORDS = ("review", "response", "comment", "meta-review", "decision", "relayed")
RANK_SOFTNESS = 10
KNOWN = 2048
"""Passages whose words are kept in memory."""
ALIKE = 0.85
"""Texts that share so much of their words say the same."""
REFERENCE_PENALTY = 4.0
"""What an entry of a list of references loses; set by hand, for the questions that weights are fitted on ask for none."""
REFERENCES_ASKED = frozenset("cite cites cited citing reference references bibliography".split())
BESIDE = 2000
"""Passages of a document that begin within so many characters stand beside one another."""
TABLE_CELLS = 4
"""So many bars make a passage a table where its reader did not say so."""


@dataclass(frozen=True)
class Candidate:
    """A passage with what the first stage knows of it: cosine, nearness to the question as it is `asked`
    (`knowledge.questioning`), ranks (None: not found there), the question's naming of its submission (0 to 1), and how near
    it comes to what the question is about."""

    passage: Passage
    cosine: float | None
    asked: float
    dense_rank: int | None
    lexical_rank: int | None
    named: float
    close: Closeness


def rank(asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
    """How well each candidate answers, 0 to 1. Entries of a list of references count only where they are asked for."""
    if not candidates:
        return []
    values = load_scorer().values(describe(asked, candidates)) - LEVEL
    if not asked.words & REFERENCES_ASKED:
        values = values - [REFERENCE_PENALTY * is_reference(candidate.passage) for candidate in candidates]
    return to_scores(values)


def to_scores(values: Iterable[float]) -> list[float]:
    """Log-odds as scores between 0 and 1."""
    return [1 / (1 + math.exp(-max(-500.0, value))) for value in values]


def spread(passages: Sequence[Passage]) -> list[int]:
    """The order of passages, best first, with those behind that say what an earlier one of the same kind, author and
    submission says. None is left out."""
    first, later = [], []
    seen: dict[tuple[str, ...], list[Words]] = {}
    for place, passage in enumerate(passages):
        text = Words.of(passage)
        kept = seen.setdefault((passage.locator.submission, passage.kind, passage.reviewer or ""), [])
        if any(alike(text, other) for other in kept):
            later.append(place)
        else:
            first.append(place)
            kept.append(text)
    return first + later


def alike(one: "Words", other: "Words") -> bool:
    """Whether two texts have the same numbers and nearly the same words."""
    if one.numbers != other.numbers or not one.stems:
        return False
    return len(one.stems & other.stems) >= ALIKE * len(one.stems | other.stems)


def is_reference(passage: Passage) -> bool:
    section = (passage.locator.section or "").casefold()
    return passage.role == "reference" or section in ("references", "bibliography")


def describe(asked: Asked, candidates: Sequence[Candidate]) -> "dict[str, np.ndarray]":
    """The features of the candidates for the question, by name: a number for each. Word weights are those among the
    candidates."""
    import numpy as np

    columns = said(asked, [Words.of(candidate.passage) for candidate in candidates]) | standing(asked, candidates)
    best: dict[str, float] = {}
    nearest: dict[str, float] = {}
    for candidate in candidates:
        home = candidate.passage.locator.submission
        best[home] = max(best.get(home, 0.0), candidate.close.cosine)
        nearest[home] = max(nearest.get(home, 0.0), candidate.asked)
    columns |= {
        "company": share_votes(candidates),
        "neighbour": neighbour_cosines(candidates),
        "below its best": [c.close.cosine - best[c.passage.locator.submission] for c in candidates],
        "asked, below its best": [c.asked - nearest[c.passage.locator.submission] for c in candidates],
    }
    return {name: np.array(column, dtype=np.float64) for name, column in columns.items()}


def neighbour_cosines(candidates: Sequence[Candidate]) -> list[float]:
    """The cosine of the nearest other candidate that stands beside each one in its document; 0 where none does."""
    found = [0.0] * len(candidates)
    places = [(c.passage.locator.document, c.passage.locator.start) for c in candidates]
    for one, other in pairwise(sorted(range(len(candidates)), key=lambda place: places[place])):
        if places[one][0] == places[other][0] and places[other][1] - places[one][1] < BESIDE:
            found[one] = max(found[one], candidates[other].close.cosine)
            found[other] = max(found[other], candidates[one].close.cosine)
    return found


def share_votes(candidates: Sequence[Candidate]) -> list[float]:
    """How much of the first stage's ranking the other passages of each candidate's submission hold, 0 to 1."""
    votes = [1 / (RANK_SOFTNESS + place) for place in range(len(candidates))]
    homes = [candidate.passage.locator.submission for candidate in candidates]
    of: dict[str, float] = {}
    for home, vote in zip(homes, votes, strict=True):
        of[home] = of.get(home, 0.0) + vote
    return [(of[home] - vote) / sum(votes) for home, vote in zip(homes, votes, strict=True)]


@dataclass(frozen=True)
class Words:
    """A passage's stems, numbers, and the stems of its section."""

    stems: frozenset[str]
    numbers: frozenset[str]
    section: frozenset[str]

    @classmethod
    def of(cls, passage: Passage) -> "Words":
        return words_of(passage.text, passage.locator.section or "")


@lru_cache(KNOWN)
def words_of(text: str, section: str) -> Words:
    return Words(frozenset(stems_of(text)), frozenset(NUMBER.findall(text)), frozenset(stems_of(section)))


def said(asked: Asked, texts: Sequence[Words]) -> dict[str, list[float]]:
    """Features of the words: shares of the question that each passage holds."""
    counts = {stem: sum(stem in text.stems for text in texts) for stem in dict.fromkeys(asked.stems)}
    weights = {stem: math.log(1 + len(texts) / (0.5 + count)) for stem, count in counts.items()}
    all_weight = sum(weights.values()) or 1.0
    wanted, number = weights.keys(), "number" in asked.cues
    return {
        "words": [sum(weights[stem] for stem in wanted & text.stems) / all_weight for text in texts],
        "section words": [sum(weights[stem] for stem in wanted & text.section) / all_weight for text in texts],
        "numbers": [len(asked.numbers & text.numbers) / max(len(asked.numbers), 1) for text in texts],
        "has number, asked": [number and len(text.numbers) > 0 for text in texts],
        "many numbers, asked": [number and len(text.numbers) > 3 for text in texts],
        "length": [math.log(1 + len(text.stems)) / 5 for text in texts],
        "short": [len(text.stems) < 5 for text in texts],
    }


def standing(asked: Asked, candidates: Sequence[Candidate]) -> dict[str, list[float]]:
    """Features of what each passage is: its ranks, kind, author, aspect and role, against what is asked for.

    A review that nobody asked for stands back only where there are other voices to hear.
    """
    anyone = any(candidate.named for candidate in candidates)
    voices = len({candidate.passage.reviewer for candidate in candidates}) > 1
    rows = [stand(asked, candidate, anyone, voices) for candidate in candidates]
    return {name: [row[name] for row in rows] for name in rows[0]}


def stand(asked: Asked, candidate: Candidate, anyone: bool, voices: bool) -> dict[str, float]:
    """The features of `standing` for one passage; `voices` says whether there are several."""
    passage = candidate.passage
    kind, author = passage.kind, short_name(passage.reviewer)
    table = passage.role == "table" or passage.text.count(" | ") >= TABLE_CELLS
    mine = author in asked.reviewers or (len(author) > 2 and author in asked.words)
    answers = short_name(passage.addressee) in asked.reviewers
    record = kind in RECORDS
    return {
        "asked": candidate.asked,
        "match": candidate.close.match,
        "stretch": candidate.close.stretch,
        "cosine": candidate.close.cosine,
        "feedback": candidate.close.feedback,
        "dense rank": RANK_SOFTNESS / (RANK_SOFTNESS + candidate.dense_rank) if candidate.dense_rank else 0.0,
        "lexical rank": RANK_SOFTNESS / (RANK_SOFTNESS + candidate.lexical_rank) if candidate.lexical_rank else 0.0,
        "named": candidate.named,
        "another is named": float(anyone and not candidate.named),
        "review, asked": float("review" in asked.cues and kind == "review"),
        "review, not asked": float(voices and "review" not in asked.cues and not asked.reviewers and kind == "review"),
        "reply, asked": float("reply" in asked.cues and kind == "response"),
        "reply, not asked": float("reply" not in asked.cues and kind == "response"),
        "decision, asked": float("decision" in asked.cues and kind in ("decision", "meta-review")),
        "meta-review, chair asked": float("chair" in asked.cues and kind == "meta-review"),
        "decision, not asked": float("decision" not in asked.cues and kind in ("decision", "meta-review")),
        "score, asked": float("score" in asked.cues and passage.locator.section == "Scores"),
        "score, not asked": float("score" not in asked.cues and passage.locator.section == "Scores"),
        "score noted, asked": float("score" in asked.cues and passage.aspect == "record"),
        "afterwards, asked": float("after" in asked.cues and kind == "comment"),
        "paper, record asked": float(bool(asked.cues & {"review", "reply", "decision"}) and not record),
        "reviewer": float(bool(asked.reviewers) and mine and kind in ("review", "comment")),
        "named by id": float(not asked.reviewers and mine),
        "other reviewer": float(bool(asked.reviewers) and not mine and kind in ("review", "comment")),
        "answers reviewer": float(answers and kind == "response"),
        "aspect": float(passage.aspect in asked.aspects),
        "summary, contributions asked": float(
            "contributions" in asked.aspects and passage.aspect in ("summary", "contributions") and not record
        ),
        "table, number asked": float(table and "number" in asked.cues),
        "table, not asked": float(table and "number" not in asked.cues),
    }


def short_name(name: str | None) -> str:
    """What tells a reviewer from the others: "3" of AnonReviewer3, "hx7d" of Reviewer hX7d."""
    return (name or "").casefold().removeprefix("anon").removeprefix("reviewer").strip(" _")
