"""Whether the right passage is found: four rankings on the same questions, and the fit of the second stage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.question_set import (
    SILENCE,
    Question,
    gold_rows,
    load_questions,
    ndcg,
    open_collection,
    recall,
    reciprocal_rank,
    success,
)
from benchmarks.remembered import Remembered
from knowledge.asking import read_question
from knowledge.embedding import MiniLM
from knowledge.index import CANDIDATES, Index, fuse
from knowledge.reranking import describe
from knowledge.store import Filter, Store

SYSTEMS = ("BM25", "dense", "fused", "reranked")
FOLLOW_UP = "followup"
METRICS: dict[str, Callable[[Sequence[int], Sequence[set[int]]], float]] = {
    "recall@1": lambda ranking, gold: recall(ranking, gold, 1),
    "recall@5": lambda ranking, gold: recall(ranking, gold, 5),
    "recall@20": lambda ranking, gold: recall(ranking, gold, 20),
    "any@5": lambda ranking, gold: success(ranking, gold, 5),
    "MRR": reciprocal_rank,
    "nDCG@10": ndcg,
}
DRAWS = 10_000
STRENGTH = 1.0
"""The inverse of the regularisation of the pairwise model, over features scaled to unit deviation."""
QUANTILES = (5, 10, 25)
"""Abstention thresholds: the scores that so many percent of the answered questions of the tuning half stay below."""


@dataclass(frozen=True)
class Asking:
    """A question as it is put: to the whole collection, or within its submission."""

    question: Question
    only: list[int] | None
    without: list[int]
    gold: list[set[int]]


class Bench:
    """The questions over an index in `folder`, with vectors kept there between runs."""

    def __init__(self, folder: Path, distractors: int) -> None:
        home = folder / f"home-{distractors}"
        self.embedder = Remembered(MiniLM(folder), folder)
        with open_collection(home, self.embedder, distractors) as collection:
            collection.warm_up()
        self.store = Store(home / "knowledge.sqlite")
        self.index = Index(home / "index", self.store, self.embedder)
        self.questions = load_questions()
        self._gold = gold_rows(self.store, self.questions)
        self._known = set(self.store.submission_ids())

    def close(self) -> None:
        """Close the files."""
        self.index.close()
        self.store.close()

    def askings(self, within: bool, tuning: bool) -> list[Asking]:
        """The questions of one half: within their submissions, or those that make sense so to the whole collection."""
        found = []
        for question in self.questions:
            if question.tuning == tuning and (within or question.type != FOLLOW_UP):
                own = within and question.submission in self._known
                only = self.store.rows(Filter(question.submission)) if own else None
                found.append(Asking(question, only, self.store.aside(), self._gold[question.id]))
        return [asking for asking in found if asking.gold or not within]

    def rankings(self, asking: Asking) -> dict[str, list[int]]:
        """The rows that each system finds, best first."""
        text, depth = asking.question.text, 50
        found = self.index.candidates(text, depth, None if asking.only is None else asking.only, asking.without)
        near = by_rank({row: hit.dense_rank for row, hit in found.items()})
        said = by_rank({row: hit.lexical_rank for row, hit in found.items()})
        if asking.only is None:  # without what the naming of submissions adds
            near, said = self.index._look(text, self.index._query_vector(text), depth, None, asking.without)
        reranked = self.index.search(text, CANDIDATES, asking.only, asking.without)
        return {
            "BM25": said,
            "dense": near,
            "fused": [row for row, _ in fuse([near, said])],
            "reranked": [hit.row for hit in reranked],
        }


def by_rank(ranks: dict[int, int | None]) -> list[int]:
    known = {row: rank for row, rank in ranks.items() if rank is not None}
    return sorted(known, key=lambda row: known[row])


def fit(bench: Bench) -> tuple[dict[str, float], float]:
    """Weights of the features, fitted on the tuning half: pairwise logistic regression, each question with the same
    weight, put to the whole collection and within its submission; and the level to be taken off."""
    from sklearn.linear_model import LogisticRegression

    names: list[str] = []
    pairs, shares, answers = [], [], []
    for within in (False, True):
        for asking in bench.askings(within, tuning=True):
            found = bench.index.candidates(asking.question.text, CANDIDATES, asking.only, asking.without)
            rows = list(found)[:CANDIDATES]
            described = describe(read_question(asking.question.text), [found[row] for row in rows])
            names = names or list(described[0])
            table = np.array([[features[name] for name in names] for features in described])
            right = np.array([any(row in lines for lines in asking.gold) for row in rows])
            if right.any() and not right.all():
                difference = (table[right][:, None] - table[~right][None]).reshape(-1, len(names))
                pairs.append(difference)
                shares.append(np.full(len(difference), 1 / len(difference)))
                answers.append((table, right))
    stacked, weight = np.concatenate(pairs), np.concatenate(shares)
    scale = np.maximum(stacked.std(0), 1e-9)
    both = np.concatenate([stacked, -stacked]) / scale
    target = np.repeat([1, 0], len(stacked))
    model = LogisticRegression(fit_intercept=False, C=STRENGTH, max_iter=2000)
    weights = model.fit(both, target, sample_weight=np.tile(weight, 2)).coef_[0] / scale
    best = [max(table[right] @ weights) for table, right in answers]
    return dict(zip(names, weights.tolist(), strict=True)), float(np.median(best)) - 1


def write_weights(path: Path, weights: dict[str, float], level: float) -> None:
    """The module `knowledge.weights`."""
    lines = [f'    "{name}": {value:.2f},' for name, value in weights.items()]
    text = path.read_text(encoding="utf-8")
    head = text[: text.index("LEVEL =")]
    doc = text[text.index('"""', text.index("LEVEL =")) : text.index("WEIGHTS =")]
    path.write_text(head + f"LEVEL = {level:.2f}\n{doc}WEIGHTS = {{\n" + "\n".join(lines) + "\n}\n", encoding="utf-8")


def report(bench: Bench) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Tables of the reporting half, as (head, rows): quality, differences with intervals, types, silence."""
    tables = []
    for within, where in ((False, "whole collection"), (True, "within the submission")):
        askings = [asking for asking in bench.askings(within, tuning=False) if asking.gold]
        rankings = [bench.rankings(asking) for asking in askings]
        values = {
            (system, metric): np.array(
                [measure(found[system], asking.gold) for asking, found in zip(askings, rankings, strict=True)]
            )
            for system in SYSTEMS
            for metric, measure in METRICS.items()
        }
        quality = [(system, *(f"{values[system, metric].mean():.3f}" for metric in METRICS)) for system in SYSTEMS]
        tables.append(((f"{where}, {len(askings)} questions", *METRICS), quality))
        differences = [
            (f"reranked - {system}", *(interval(values["reranked", m] - values[system, m]) for m in METRICS))
            for system in SYSTEMS[:3]
        ]
        tables.append((("difference, 95 % interval", *METRICS), differences))
        types = np.array([asking.question.type for asking in askings])
        by_type = [
            (
                str(kind),
                str((types == kind).sum()),
                *(f"{values[system, 'nDCG@10'][types == kind].mean():.2f}" for system in SYSTEMS),
                f"{values['reranked', 'recall@5'][types == kind].mean():.2f}",
            )
            for kind in np.unique(types)
        ]
        tables.append(((f"{where}, nDCG@10", "questions", *SYSTEMS, "reranked, recall@5"), by_type))
    tables.append((("silence, whole collection", "value"), silence(bench)))
    return tables


def silence(bench: Bench) -> list[tuple[str, str]]:
    """The best score of questions that nothing answers, against a threshold from the tuning half."""

    def best(tuning: bool, silent: bool) -> np.ndarray:
        askings = [a for a in bench.askings(False, tuning) if (a.question.type == SILENCE) == silent]
        hits = [bench.index.search(a.question.text, 1, None, a.without) for a in askings]
        return np.array([found[0].score if found else 0.0 for found in hits])

    tuned = best(tuning=True, silent=False)
    answered, silent = best(tuning=False, silent=False), best(tuning=False, silent=True)

    def quartiles(scores: np.ndarray) -> str:
        return " / ".join(f"{value:.2f}" for value in np.percentile(scores, (25, 50, 75)))

    return [
        (f"answered questions ({len(answered)}), quartiles of the best score", quartiles(answered)),
        (f"silent questions ({len(silent)}), quartiles of the best score", quartiles(silent)),
        *(
            (
                f"threshold {limit:.2f} ({quantile} % of the answered tuning questions lie below): answered, silent below",
                f"{100 * (answered < limit).mean():.0f} %, {100 * (silent < limit).mean():.0f} %",
            )
            for quantile, limit in zip(QUANTILES, np.percentile(tuned, QUANTILES), strict=True)
        ),
    ]


def interval(differences: np.ndarray) -> str:
    """The mean of paired differences with its 95 % interval from the bootstrap over questions."""
    chance = np.random.default_rng(0)
    means = differences[chance.integers(0, len(differences), (DRAWS, len(differences)))].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
