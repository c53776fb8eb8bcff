"""The fit of the second stage of search and of its judgement of silence, on the tuning half of the questions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.retrieval_quality import Asking, Bench
from knowledge.asking import read_question
from knowledge.index import CANDIDATES
from knowledge.reranking import Candidate, describe, to_scores
from knowledge.silence import describe_support

STRENGTH = 1.0
"""The inverse of the regularisation of the pairwise model, over features scaled to unit deviation."""
SUPPORT_STRENGTH = 0.3
FOLDS = 5
"""Scores that the judgement of silence is fitted on come from weights that have not seen their question."""


@dataclass(frozen=True)
class Table:
    """A question's candidates, their features, shape (candidates, features), and which of them are gold."""

    asking: Asking
    topic: str
    candidates: list[Candidate]
    features: np.ndarray
    right: np.ndarray

    @property
    def fold(self) -> int:
        return hashlib.sha256(f"fold {self.asking.question.id}".encode()).digest()[0] % FOLDS


@dataclass(frozen=True)
class Fit:
    """What goes into `knowledge.weights`."""

    level: float
    weights: Mapping[str, float]
    support_level: float
    support_weights: Mapping[str, float]


def fit(bench: Bench) -> Fit:
    """Weights and levels from the tuning half, put to the whole collection and within its submissions."""
    tables, names = read_tables(bench)
    answered = [table for table in tables if table.right.any()]
    weights = fit_pairs(answered)
    level = median_best(answered, weights)
    described, silent, support_names = [], [], []
    for fold in range(FOLDS):
        others = [table for table in answered if table.fold != fold]
        unseen = fit_pairs(others)
        unseen_level = median_best(others, unseen)
        for table in tables:
            if table.fold == fold and table.asking.only is None and table.candidates:
                scores = to_scores(table.features @ unseen - unseen_level)
                order = np.argsort(-np.array(scores), kind="stable")
                ranked = [table.candidates[place] for place in order]
                found = describe_support(table.topic, ranked, [scores[place] for place in order])
                support_names = list(found)
                described.append(list(found.values()))
                silent.append(not table.asking.gold)
    support, support_level = fit_support(np.array(described), np.array(silent))
    return Fit(
        level,
        dict(zip(names, weights.tolist(), strict=True)),
        support_level,
        dict(zip(support_names, support.tolist(), strict=True)),
    )


def read_tables(bench: Bench) -> tuple[list[Table], list[str]]:
    """The tuning half with the features of its candidates, and the names of the features."""
    tables, names = [], []
    for within in (False, True):
        for asking in bench.askings(within, tuning=True):
            query = asking.question.text
            found = bench.index.candidates(query, CANDIDATES, asking.only, asking.without)
            rows = list(found)[:CANDIDATES]
            candidates = [found[row] for row in rows]
            described = describe(read_question(query), candidates)
            names = names or list(described[0])
            features = np.array([[one[name] for name in names] for one in described]).reshape(-1, len(names))
            right = np.array([any(row in lines for lines in asking.gold) for row in rows], dtype=bool)
            tables.append(Table(asking, bench.index.topic(query), candidates, features, right))
    return tables, names


def fit_pairs(tables: Sequence[Table]) -> np.ndarray:
    """Pairwise logistic regression, each question with the same weight."""
    from sklearn.linear_model import LogisticRegression

    pairs, shares = [], []
    for table in tables:
        if not table.right.all():
            difference = table.features[table.right][:, None] - table.features[~table.right][None]
            pairs.append(difference.reshape(-1, difference.shape[-1]))
            shares.append(np.full(len(pairs[-1]), 1 / len(pairs[-1])))
    stacked, weight = np.concatenate(pairs), np.concatenate(shares)
    scale = np.maximum(stacked.std(0), 1e-9)
    both = np.concatenate([stacked, -stacked]) / scale
    model = LogisticRegression(fit_intercept=False, C=STRENGTH, max_iter=2000)
    model.fit(both, np.repeat([1, 0], len(stacked)), sample_weight=np.tile(weight, 2))
    return np.asarray(model.coef_)[0] / scale


def median_best(tables: Sequence[Table], weights: np.ndarray) -> float:
    """The level that gives the best gold passage of half of the questions a score over that of even odds and one."""
    return float(np.median([(table.features[table.right] @ weights).max() for table in tables])) - 1


def fit_support(described: np.ndarray, silent: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression of whether there is an answer, both cases with the same weight in total."""
    from sklearn.linear_model import LogisticRegression

    scale, middle = np.maximum(described.std(0), 1e-9), described.mean(0)
    model = LogisticRegression(C=SUPPORT_STRENGTH, class_weight="balanced", max_iter=2000)
    model.fit((described - middle) / scale, ~silent)
    weights = np.asarray(model.coef_)[0] / scale
    return weights, float(np.asarray(model.intercept_)[0] - middle @ weights)


def write_weights(path: Path, found: Fit) -> None:
    """The module `knowledge.weights`."""
    text = path.read_text(encoding="utf-8")
    for name, value in (("LEVEL", found.level), ("SUPPORT_LEVEL", found.support_level)):
        text = replace_value(text, name, f"{value:.2f}")
    for name, weights in (("WEIGHTS", found.weights), ("SUPPORT_WEIGHTS", found.support_weights)):
        lines = "\n".join(f'    "{feature}": {value:.2f},' for feature, value in weights.items())
        text = replace_value(text, name, f"{{\n{lines}\n}}")
    path.write_text(text, encoding="utf-8")


def replace_value(text: str, name: str, value: str) -> str:
    """A module's text with another value of a constant, which ends before a docstring, a constant or the end."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name} = "))
    more = (number for number in range(start + 1, len(lines)) if lines[number][:1] not in (" ", "}"))
    return "\n".join([*lines[:start], f"{name} = {value}", *lines[next(more, len(lines)) :]])
