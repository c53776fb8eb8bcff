"""Whether the right passage is found: four rankings on the same questions; and whether silence is known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.question_set import (
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
from knowledge.embedding import MiniLM
from knowledge.index import CANDIDATES, DEPTH, Index, Ranked
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
RRF_K = 60
DRAWS = 10_000
KEPT = (95, 90, 80)
"""Thresholds of support: what so many percent of the answered questions of the tuning half reach."""


@dataclass(frozen=True)
class Asking:
    """A question as it is put: to the whole collection, or within its submission, `after` others that it goes on from.
    `written` is its gold before further passages were judged."""

    question: Question
    only: list[int] | None
    without: list[int]
    gold: list[set[int]]
    written: Sequence[set[int]] = ()
    after: str = ""


class Bench:
    """The questions over an index in `folder`, with vectors kept there between runs."""

    def __init__(self, folder: Path, distractors: int) -> None:
        home, self.folder = folder / f"home-{distractors}", folder
        self.embedder = Remembered(MiniLM(folder), folder)
        with open_collection(home, self.embedder, distractors) as collection:
            collection.warm_up()
        self.store = Store(home / "knowledge.sqlite")
        self.index = Index(home / "index", self.store, self.embedder)
        self.questions = load_questions()
        self._gold = gold_rows(self.store, self.questions)
        self._written = gold_rows(self.store, self.questions, as_written=True)
        self._known = set(self.store.submission_ids())
        self._searched: dict[tuple[str, bool], list[Ranked]] = {}

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
                gold, written = self._gold[question.id], self._written[question.id]
                found.append(Asking(question, only, self.store.aside(), gold, written))
        return [asking for asking in found if asking.gold or (not within and not asking.written)]

    def rankings(self, asking: Asking) -> dict[str, list[int]]:
        """The rows that each system finds, best first."""
        text, found = asking.question.text, self.search(asking)
        first = self.index.found(text, DEPTH, asking.only, asking.without)[0]  # not what the naming of submissions adds
        near, said = first.near, first.said
        return {
            "BM25": [*said],
            "dense": [*near],
            "fused": [row for row, _ in fuse([near, said])],
            "reranked": [hit.row for hit in found],
        }

    def search(self, asking: Asking) -> list[Ranked]:
        """What the search finds, kept for the next table that asks the same."""
        key = (asking.question.id, asking.only is None)
        if key not in self._searched:
            text = asking.question.text
            self._searched[key] = self.index.search(text, CANDIDATES, asking.only, asking.without)
        return self._searched[key]


def fuse(rankings: Iterable[Sequence[int]]) -> list[tuple[int, float]]:
    """Rows by the sum of 1 / (60 + rank) over the rankings, best first (Cormack, Clarke and Büttcher, 2009); ties go to
    the lower row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, row in enumerate(ranking, 1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (RRF_K + place)
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))


def report(bench: Bench, tuning: bool = False) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Tables of a half, as (head, rows): quality, differences with intervals, types; silence of the reporting half."""
    tables = []
    for within, where in ((False, "whole collection"), (True, "within the submission")):
        askings = [asking for asking in bench.askings(within, tuning) if asking.gold]
        rankings = [bench.rankings(asking) for asking in askings]
        values = measure_all(rankings, [asking.gold for asking in askings])
        written = measure_all(rankings, [asking.written for asking in askings])
        quality = [
            (system + said, *(f"{found[system, metric].mean():.3f}" for metric in METRICS))
            for said, found in (("", values), (", labels as written", written))
            for system in SYSTEMS
        ]
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
    head = ("silence, whole collection", "threshold (kept in tuning)", "answered kept", "precision", "recall")
    if not tuning:
        tables.append((head, silence(bench)))
    return tables


def measure_all(
    rankings: Sequence[Mapping[str, Sequence[int]]], golds: Sequence[Sequence[set[int]]]
) -> dict[tuple[str, str], np.ndarray]:
    """Each measure of each system, a number for each question."""
    return {
        (system, metric): np.array(
            [measure(found[system], gold) for found, gold in zip(rankings, golds, strict=True)]
        )
        for system in SYSTEMS
        for metric, measure in METRICS.items()
    }  # fmt: skip


def silence(bench: Bench) -> list[tuple[str, ...]]:
    """How well support and the best score tell questions that nothing answers: area under the curve, and precision and
    recall of silence at thresholds from the tuning half."""
    from sklearn.metrics import roc_auc_score

    def measured(tuning: bool) -> tuple[np.ndarray, np.ndarray]:
        askings = bench.askings(False, tuning)
        hits = [bench.search(asking) for asking in askings]
        values = np.array([(found[0].support, found[0].score) if found else (0.0, 0.0) for found in hits])
        return values, np.array([not asking.gold for asking in askings])

    (tuned, tuned_silent), (values, silent) = measured(tuning=True), measured(tuning=False)
    rows = []
    for column, name in enumerate(("support", "best score")):
        area = roc_auc_score(~silent, values[:, column])
        for kept in KEPT:
            limit = np.percentile(tuned[~tuned_silent, column], 100 - kept)
            below = values[:, column] < limit
            right = (below & silent).sum()
            rows.append(
                (
                    f"{name}, AUC {area:.2f}",
                    f"{limit:.2f} ({kept} %)",
                    f"{100 * (~below[~silent]).mean():.0f} %",
                    f"{right} of {below.sum()}",
                    f"{right} of {silent.sum()}",
                )
            )
    return rows


def interval(differences: np.ndarray) -> str:
    """The mean of paired differences with its 95 % interval from the bootstrap over questions."""
    chance = np.random.default_rng(0)
    means = differences[chance.integers(0, len(differences), (DRAWS, len(differences)))].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
