"""Fit which sentences of found passages answer a question (`agent/telling.json`), and measure it on other threads.

    python -m benchmarks.fit_telling --home FOLDER [--write]

The questions are those of `benchmarks.thread_questions`, over the threads and papers in the folder that SECOND_OPINION_REAL
names; nothing of the texts gets into the weights' file. A sentence is right where it holds the words of a gold line. The
threads are those that the model of questions was not fitted on; each side of them is measured by what is fitted on the other.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from agent.answering.found import MARGIN, MOST, stretch
from agent.telling import WEIGHTS, Told, describe, parts_of
from benchmarks.remembered import Remembered
from benchmarks.thread_questions import (
    VARIABLE,
    Place,
    Thread,
    ThreadQuestion,
    ask_kept,
    digests,
    holds,
)
from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.types import Hit, Passage

DEPTH = 8
RIDGE = 3.0
STEPS = 60


@dataclass(frozen=True)
class Asked:
    """A question with what the search found, the sentences of each hit, their features, and which sentence is right by
    which gold line, shape (sentences, lines)."""

    hits: tuple[Hit, ...]
    parts: list[list[str]]
    features: list[dict[str, float]]
    gold: tuple[tuple[Place, ...], ...]
    right: np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, required=True, metavar="FOLDER", help="what is imported is kept here")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    if not (real := os.environ.get(VARIABLE)):
        print(f"fit_telling: set {VARIABLE} to the folder that holds the threads.", file=sys.stderr)
        return 2
    options.home.mkdir(parents=True, exist_ok=True)
    embedder = Remembered(MiniLM(options.home), options.home)
    sides = ask_kept(options.home, embedder, Path(real), ask)
    names, weights, offset = fit([*sides[0], *sides[1]])
    held = {"weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}, "offset": round(offset, 4)}
    print(json.dumps(held, indent=1))
    for questions, others in (sides, sides[::-1]):
        shown, words = measure(questions, *fit(others))
        there = np.mean([one.right.any(0).mean() for one in questions])
        print(
            f"{len(questions)}: gold in the first {DEPTH} passages {there:.3f}, shown {shown:.3f} in {words:.0f} words"
        )
    if options.write:
        WEIGHTS.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    return 0


def ask(thread: Thread, submission: str, collection: Collection) -> list[Asked]:
    """The questions of a thread, each searched within it."""
    answered = [asked for asked in thread.questions if asked.places]
    return [one for asked in answered if (one := search(asked, submission, collection)).features]


def search(asked: ThreadQuestion, submission: str, collection: Collection) -> Asked:
    text = asked.question.text
    hits = collection.search(text, after=asked.after, submission=submission, limit=DEPTH)
    parts = [parts_of(hit.passage) for hit in hits]
    features = describe(text, hits, parts, collection.match, partial(collection.nearness, after=asked.after))
    right = [
        [any(bears(part, hit.passage, place) for place in line) for line in asked.places]
        for hit, own in zip(hits, parts, strict=True)
        for part in own
    ]
    return Asked(hits, parts, features, asked.places, np.array(right, dtype=bool).reshape(len(features), -1))


def bears(part: str, passage: Passage, place: Place) -> bool:
    """Whether a part of a passage holds the words of a gold line."""
    return holds(passage, place) and place.digest in digests(part, place.count)


class Described(Protocol):
    """What a question is asked of, described by features, and which of it is right by which gold line, shape (n, lines)."""

    @property
    def features(self) -> list[dict[str, float]]: ...

    @property
    def right(self) -> np.ndarray: ...


def fit(questions: Sequence[Described]) -> tuple[list[str], np.ndarray, float]:
    """Logistic regression by Newton's method, ridge on standardised features: names, weights and offset."""
    names = list(questions[0].features[0])
    rows = np.array([[own[name] for name in names] for one in questions for own in one.features])
    right = np.concatenate([one.right.any(1) for one in questions]).astype(float)
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    inputs = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    ridge = np.diag([RIDGE] * len(names) + [0.0])
    values = np.zeros(len(names) + 1)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-inputs @ values))
        slope = inputs.T @ (chance - right) + ridge @ values
        values -= np.linalg.solve((inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge, slope)
    weights = values[:-1] / spread
    return names, weights, float(values[-1] - weights @ mean)


def measure(
    questions: Sequence[Asked], names: Sequence[str], weights: np.ndarray, offset: float
) -> tuple[float, float]:
    """The share of gold lines whose words are shown, and the words shown, means over the questions."""
    shown, words = [], []
    for one in questions:
        odds = np.array([[own[name] for name in names] for own in one.features]) @ weights + offset
        told = chosen(one, odds.tolist())
        lines = [any(bears(text, passage, place) for place in line for passage, text in told) for line in one.gold]
        shown.append(np.mean(lines))
        words.append(sum(len(text.split()) for _, text in told))
    return float(np.mean(shown)), float(np.mean(words))


def chosen(one: Asked, odds: Sequence[float]) -> list[tuple[Passage, str]]:
    """The stretches that an answer would show, with their passages."""
    found, at = [], 0
    for hit, own in zip(one.hits, one.parts, strict=True):
        if own:
            told = [Told(*pair) for pair in zip(own, odds[at : at + len(own)], strict=True)]
            words, value = stretch(hit.passage, told)
            found.append((hit.passage, words, value))
        at += len(own)
    found.sort(key=lambda entry: -entry[2])
    return [(passage, words) for passage, words, value in found if value >= found[0][2] - MARGIN][:MOST]


if __name__ == "__main__":
    sys.exit(main())
