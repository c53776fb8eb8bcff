"""The fit of search: of its shortlist, its second stage and its judgement of silence.

The tuning half of the questions counts in full, those over threads that the model of questions was not fitted on
(`benchmarks.thread_questions`) by half, and by a quarter those that were written for that model, where the folder that
SECOND_OPINION_REAL names is there.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.question_set import SILENCE
from benchmarks.remembered import Remembered
from benchmarks.retrieval_quality import Asking, Bench
from benchmarks.second_stage_fit import Described, fit_scorer, scores_of
from benchmarks.thread_questions import (
    ASKED,
    FOLLOWING,
    VARIABLE,
    Thread,
    load_threads,
    open_threads,
    thread_gold,
)
from knowledge.asking import read_question
from knowledge.embedding import MiniLM
from knowledge.fitted import Scorer, save_scorer
from knowledge.index import CANDIDATES, DEPTH, Index, homes
from knowledge.reranking import Candidate, describe, is_reference, to_scores
from knowledge.shortlist import describe_found
from knowledge.silence import describe_support
from knowledge.store import Filter, Store

STRENGTH = 1.0
"""The inverse of the regularisation of the shortlist's pairwise model, over features scaled to unit deviation."""
SUPPORT_STRENGTH = 0.3
FOLDS = 3
"""Scores that the judgement of silence is fitted on come from a scorer that has not seen their question."""
REAL_WEIGHT, ASKED_WEIGHT = 0.5, 0.25
FOLLOW_UP = "followup"


@dataclass(frozen=True)
class Table:
    """A question's candidates and what the second stage is fitted on."""

    index: Index
    asking: Asking
    topic: str
    candidates: list[Candidate]
    described: Described

    @property
    def fold(self) -> int:
        return hashlib.sha256(f"fold {self.asking.question.id}".encode()).digest()[0] % FOLDS


@dataclass(frozen=True)
class Fit:
    """What goes into `knowledge.weights` and `knowledge.fitted`."""

    shortlist: Mapping[str, float]
    level: float
    scorer: Scorer
    support_level: float
    support_weights: Mapping[str, float]


def fit(bench: Bench) -> Fit:
    """All of it."""
    askings = [asking for within in (False, True) for asking in bench.askings(within, tuning=True)]
    shortlist = fit_shortlist(bench.index, askings)
    tables, names = read_tables(bench.index, askings)
    with kept_tables(bench) as real:
        answered = [table for table in tables if table.described.lines.any()]
        scorer = fit_scorer([table.described for table in (*answered, *real)], names)
        level = median_best(answered, scorer)
        support, support_level = fit_support([*(table for table in tables if table.asking.only is None), *real], names)
    return Fit(shortlist, level, scorer, support_level, support)


def fit_support(tables: Sequence[Table], names: list[str]) -> tuple[dict[str, float], float]:
    """The weights and the level of the judgement of silence."""
    described, silent, weights, support_names = [], [], [], []
    for fold in range(FOLDS):
        others = [table for table in tables if table.fold != fold]
        unseen = fit_scorer([table.described for table in others], names)
        level = median_best([table for table in others if table.described.lines.any()], unseen)
        for table in tables:
            if table.fold == fold and table.candidates:
                found = judge_unseen(table, unseen, level)
                support_names = list(found)
                described.append(list(found.values()))
                silent.append(not table.asking.gold)
                weights.append(table.described.weight)
    values, offset = fit_presence(np.array(described), np.array(silent), np.array(weights))
    return dict(zip(support_names, values.tolist(), strict=True)), offset


def judge_unseen(table: Table, scorer: Scorer, level: float) -> dict[str, float]:
    """What the judgement of silence sees of a question, by a scorer that was fitted without it."""
    scores = to_scores(scores_of(table.described, scorer) - level)
    order = np.argsort(-np.array(scores), kind="stable")
    ranked = [table.candidates[at] for at in order]
    elsewhere = table.index.said_elsewhere(table.topic, ranked)
    return describe_support(table.topic, ranked, [scores[at] for at in order], elsewhere)


def read_tables(index: Index, askings: Sequence[Asking], weight: float = 1.0) -> tuple[list[Table], list[str]]:
    """Questions with the features of their candidates, and the names of the features."""
    tables: list[Table] = []
    names: list[str] = []
    for asking in askings:
        query = asking.question.text
        found = index.candidates(query, CANDIDATES, asking.only, asking.without, asking.after)
        rows = list(found)[:CANDIDATES]
        candidates = [found[row] for row in rows]
        if not candidates:
            continue
        columns = describe(read_question(index.resolve(query, homes(candidates))), candidates)
        names = names or list(columns)
        lines = np.array([[row in line for row in rows] for line in asking.gold], dtype=bool).reshape(-1, len(rows))
        references = np.array([is_reference(candidate.passage) for candidate in candidates])
        features = np.stack([columns[name] for name in names], axis=1)
        described = Described(asking.question.id, features, lines, references, weight)
        tables.append(Table(index, asking, index.topic(query), candidates, described))
    return tables, names


@contextmanager
def kept_tables(bench: Bench) -> Iterator[list[Table]]:
    """The questions over the threads that the model of questions has not seen; none, and that is said, where the folder of
    real threads is absent."""
    if not (folder := os.environ.get(VARIABLE)):
        print(f"The questions over real threads are left out: set {VARIABLE} to the folder that holds the threads.\n")
        yield []
        return
    home = bench.folder / "threads"
    sets = (
        (load_threads(), REAL_WEIGHT, True),
        (load_threads(ASKED), ASKED_WEIGHT, False),
        (load_threads(FOLLOWING), ASKED_WEIGHT, False),
    )
    kept = [(thread, weight, named) for threads, weight, named in sets for thread in threads if thread.kept]
    everything = [thread for threads, _, _ in sets for thread in threads]
    ids = open_threads(home, Remembered(MiniLM(bench.folder), bench.folder), Path(folder), everything)
    store = Store(home / "knowledge.sqlite")
    index = Index(home / "index", store, bench.embedder)
    found = []
    for thread, weight, named in kept:
        askings = thread_askings(store, thread, ids[thread.name], named=named or thread.written)
        found += read_tables(index, askings, weight)[0]
    try:
        yield [table for table in found if table.described.lines.any() or table.asking.question.type == SILENCE]
    finally:
        index.close()
        store.close()


def thread_askings(store: Store, thread: Thread, id: str, *, named: bool) -> list[Asking]:
    """The questions of a thread that it answers or is known not to, put within it, and where they are `named`, so that
    they tell which paper is meant, to all threads."""
    gold, rows = thread_gold(store, thread, id), store.rows(Filter(id))
    found = []
    for asked in thread.questions:
        question, right = asked.question, gold[asked.question.id]
        if right or question.type == SILENCE:
            settings = (None, rows) if named and question.type != FOLLOW_UP and not asked.after else (rows,)
            found += [Asking(question, only, store.aside(), right, after=asked.after) for only in settings]
    return found


def fit_shortlist(index: Index, askings: Sequence[Asking]) -> dict[str, float]:
    """Pairwise logistic regression of what is gold against what else both rankings find, each question alike."""
    pairs, shares, names = [], [], []
    for asking in askings:
        query = asking.question.text
        found, _ = index.found(query, DEPTH, asking.only, asking.without)
        rows = found.rows()
        right = np.array([any(row in line for line in asking.gold) for row in rows], dtype=bool)
        if right.any() and not right.all():
            columns = describe_found(found, rows, index.vectors, index.query_vectors(query))
            names = list(columns)
            features = np.stack(list(columns.values()), axis=1)
            difference = features[right][:, None] - features[~right][None]
            pairs.append(difference.reshape(-1, features.shape[1]))
            shares.append(np.full(len(pairs[-1]), 1 / len(pairs[-1])))
    return dict(zip(names, fit_pairs(np.concatenate(pairs), np.concatenate(shares)).tolist(), strict=True))


def fit_pairs(differences: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Pairwise logistic regression over right minus wrong, shape (n, F)."""
    from sklearn.linear_model import LogisticRegression

    scale = np.maximum(differences.std(0), 1e-9)
    both = np.concatenate([differences, -differences]) / scale
    model = LogisticRegression(fit_intercept=False, C=STRENGTH, max_iter=2000)
    model.fit(both, np.repeat([1, 0], len(differences)), sample_weight=np.tile(weights, 2))
    return np.asarray(model.coef_)[0] / scale


def median_best(tables: Sequence[Table], scorer: Scorer) -> float:
    """The level that gives the best gold passage of half of the questions a score over that of even odds and one."""
    best = [scores_of(table.described, scorer)[table.described.lines.any(0)].max() for table in tables]
    return float(np.median(best)) - 1


def fit_presence(described: np.ndarray, silent: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression of whether there is an answer, both cases with the same weight in total; `counts` is what each
    question counts of it."""
    from sklearn.linear_model import LogisticRegression

    scale, middle = np.maximum(described.std(0), 1e-9), described.mean(0)
    model = LogisticRegression(C=SUPPORT_STRENGTH, class_weight="balanced", max_iter=2000)
    model.fit((described - middle) / scale, ~silent, sample_weight=counts)
    weights = np.asarray(model.coef_)[0] / scale
    return weights, float(np.asarray(model.intercept_)[0] - middle @ weights)


def write_fit(weights: Path, numbers: Path, found: Fit) -> None:
    """The module `knowledge.weights` and the numbers of `knowledge.fitted`."""
    save_scorer(found.scorer, numbers)
    text = weights.read_text(encoding="utf-8")
    for name, value in (("LEVEL", found.level), ("SUPPORT_LEVEL", found.support_level)):
        text = replace_value(text, name, f"{value:.2f}")
    for name, values in (("SHORTLIST_WEIGHTS", found.shortlist), ("SUPPORT_WEIGHTS", found.support_weights)):
        lines = "\n".join(f'    "{feature}": {value:.2f},' for feature, value in values.items())
        text = replace_value(text, name, f"{{\n{lines}\n}}")
    weights.write_text(text, encoding="utf-8")


def replace_value(text: str, name: str, value: str) -> str:
    """A module's text with another value of a constant, which ends before a docstring, a constant or the end."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name} = "))
    more = (number for number in range(start + 1, len(lines)) if lines[number][:1] not in (" ", "}"))
    return "\n".join([*lines[:start], f"{name} = {value}", *lines[next(more, len(lines)) :]])
