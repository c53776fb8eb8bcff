"""Fit which point of a discussion a question means (`agent/pointing.json`), and measure it on other threads.

    python -m benchmarks.fit_pointing --home FOLDER [--write]

The questions are those of `benchmarks.thread_questions`, over the threads in the folder that SECOND_OPINION_REAL names;
nothing of the texts gets into the weights' file. A point is right where it, or the reply that is tied to it, holds the words of
a gold line. The threads are those that the model of questions was not fitted on; each side of them is measured by what is
fitted on the other. Cost: a tenth of a second a question.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from agent.answering.completing import LIMIT
from agent.pointing import WEIGHTS, Raised, describe, raised
from benchmarks.bench_retrieval import print_table
from benchmarks.fit_telling import fit
from benchmarks.remembered import Remembered
from benchmarks.thread_questions import (
    VARIABLE,
    Place,
    Thread,
    ask_kept,
    digests,
)
from knowledge.collection import Collection
from knowledge.embedding import MiniLM

Score = Callable[[np.ndarray], np.ndarray]
"""Features of points, shape (n, F) -> what they are ordered by, shape (n,)."""
REPLIES = ("response", "comment")


@dataclass(frozen=True)
class Asked:
    """A question with the features of the points of its thread, and which of them are right, shape (points, 1)."""

    features: list[dict[str, float]]
    right: np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, required=True, metavar="FOLDER", help="what is imported is kept here")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    if not (real := os.environ.get(VARIABLE)):
        print(f"fit_pointing: set {VARIABLE} to the folder that holds the threads.", file=sys.stderr)
        return 2
    embedder = Remembered(MiniLM(options.home), options.home)
    sides = ask_kept(options.home, embedder, Path(real), ask)
    names, weights, offset = fit([*sides[0], *sides[1]])
    held = {"weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}, "offset": round(offset, 4)}
    print(json.dumps(held, indent=1))
    for questions, others in (sides, sides[::-1]):
        rows = [
            ("by odds", *measure(questions, by_odds(others))),
            ("by shared words", *measure(questions, by_words(names))[:2], "-"),
        ]
        print_table((f"{len(questions)} questions", "first is right", "one of three", "of the likely ones"), rows)
    if options.write:
        WEIGHTS.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    return 0


def by_odds(fitted_on: Sequence[Asked]) -> Score:
    """The log-odds that are fitted on other questions."""
    _, weights, offset = fit(fitted_on)
    return lambda rows: rows @ weights + offset


def by_words(names: Sequence[str]) -> Score:
    """The order that counting shared words gives."""
    return lambda rows: rows[:, names.index("words")]


def ask(thread: Thread, submission: str, collection: Collection) -> list[Asked]:
    """The questions of a thread, each searched within it."""
    points = raised(collection.discussion(submission), collection.submission(submission).documents)
    found = []
    for asked in thread.questions if points else ():
        text = asked.question.text
        hits = collection.search(text, after=asked.after, submission=submission, limit=LIMIT)
        places = [place for line in asked.places for place in line]
        right = np.array([[any(means(point, place) for place in places)] for point in points])
        found.append(Asked(describe(text, points, hits, partial(collection.nearness, after=asked.after)), right))
    return found


def means(point: Raised, place: Place) -> bool:
    """Whether a gold line stands in a point, or in the reply that is tied to it."""
    own = place.kind in ("review", "comment") and place.author in (None, point.reviewer)
    texts = [point.text] if own else []
    texts += point.replies if place.kind in REPLIES else ()
    return any(place.digest in digests(text, place.count) for text in texts)


def measure(questions: Sequence[Asked], score: Score) -> tuple[str, ...]:
    """Of the questions that mean a point: how often the first one is right, one of the first three; and how many of the
    points of 0.5 and more are."""
    first, three, likely = [], [], []
    for one in questions:
        names = list(one.features[0])
        values = score(np.array([[row[name] for name in names] for row in one.features]))
        order = np.argsort(-values, kind="stable")
        likely += one.right[values >= 0, 0].tolist()
        if one.right.any():
            first.append(one.right[order[0], 0])
            three.append(one.right[order[:3], 0].any())
    return f"{np.mean(first):.3f}", f"{np.mean(three):.3f}", f"{np.mean(likely):.3f} of {len(likely)}"


if __name__ == "__main__":
    sys.exit(main())
