"""Fit which sentences of found passages answer a question (`agent/telling.json`), and measure it on other questions.

    python -m benchmarks.fit_telling --fit FILE ... [--report FILE ...] [--home FOLDER] [--write]

A file holds questions as in `benchmarks.question_set`, with alternatives of a gold line joined by " || ", behind a first line
"source: PATH, ..." that names what is to be imported for them. A sentence is right where it holds a gold quote. Whoever has
questions over texts that cannot be kept here can fit on them so; nothing of the texts gets into the weights' file.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.answering.found import MARGIN, MOST, stretch
from agent.telling import WEIGHTS, Told, describe, parts_of
from benchmarks.question_set import GOLD, HEAD
from benchmarks.remembered import Remembered
from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.types import Hit

DEPTH = 8
RIDGE = 3.0
STEPS = 60
WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Asked:
    """A question with what the search found, the sentences of each hit, their features, and which sentence is right by
    which gold line, shape (sentences, lines)."""

    hits: tuple[Hit, ...]
    parts: list[list[str]]
    features: list[dict[str, float]]
    gold: list[list[str]]
    right: np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fit", nargs="+", type=Path, required=True, metavar="FILE")
    parser.add_argument("--report", nargs="*", type=Path, default=(), metavar="FILE")
    parser.add_argument("--home", type=Path, help="keep what was imported here")
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        with Collection(home, embedder=Remembered(MiniLM(home), home)) as collection:
            fitted_on = [one for file in options.fit for one in read(file, collection)]
            reported = [one for file in options.report for one in read(file, collection)]
    names, weights, offset = fit(fitted_on)
    held = {"weights": {n: round(float(w), 4) for n, w in zip(names, weights, strict=True)}, "offset": round(offset, 4)}
    print(json.dumps(held, indent=1))
    for name, questions in (("fitted on", fitted_on), ("reported on", reported)):
        if questions:
            shown, words = measure(questions, names, weights, offset)
            there = np.mean([one.right.any(0).mean() for one in questions])
            print(
                f"{name} {len(questions)}: gold in the first {DEPTH} passages {there:.3f}, shown {shown:.3f} in {words:.0f} words"
            )
    if options.write:
        WEIGHTS.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    return 0


def read(file: Path, collection: Collection) -> list[Asked]:
    """The questions of a file, each searched within its submission."""
    first, *lines = file.read_text(encoding="utf-8").splitlines()
    paths = [Path(path.strip()) for path in first.removeprefix("source:").split(",")]
    report = collection.import_paths(paths[:1])
    home = (*report.imported, *report.unchanged)[0]
    collection.import_paths(paths[1:], into=home)
    collection.warm_up(home)
    asked: list[tuple[str, list[list[str]]]] = []
    for line in lines:
        if match := HEAD.fullmatch(line):
            asked.append((match[3], []))
        elif line.strip():
            found = [GOLD.fullmatch(f"    {part.strip()}") for part in line.split(" || ")]
            asked[-1][1].append([plain(match[3]) for match in found if match])
    print(f"{file.stem}: {len(asked)} questions", file=sys.stderr)
    return [one for text, gold in asked if gold and (one := search(text, gold, home, collection)).features]


def search(text: str, gold: list[list[str]], home: str, collection: Collection) -> Asked:
    hits = collection.search(text, submission=home, limit=DEPTH)
    parts = [parts_of(hit.passage) for hit in hits]
    features = describe(text, hits, parts, collection.match)
    right = [[any(quote in plain(part) for quote in line) for line in gold] for own in parts for part in own]
    return Asked(hits, parts, features, gold, np.array(right, dtype=bool).reshape(len(features), len(gold)))


def plain(text: str) -> str:
    """A text as its words alone, so that marks and spaces tell nothing apart."""
    return f" {' '.join(WORDS.findall(text.casefold()))} "


def fit(questions: Sequence[Asked]) -> tuple[list[str], np.ndarray, float]:
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
    """The share of gold lines of which a quote is shown, and the words shown, means over the questions."""
    shown, words = [], []
    for one in questions:
        odds = np.array([[own[name] for name in names] for own in one.features]) @ weights + offset
        texts = chosen(one, odds.tolist())
        bare = [plain(text) for text in texts]
        shown.append(np.mean([any(quote in text for quote in line for text in bare) for line in one.gold]))
        words.append(sum(len(text.split()) for text in texts))
    return float(np.mean(shown)), float(np.mean(words))


def chosen(one: Asked, odds: Sequence[float]) -> list[str]:
    """The stretches that an answer would show."""
    found, at = [], 0
    for hit, own in zip(one.hits, one.parts, strict=True):
        if own:
            found.append(
                stretch(hit.passage, [Told(*pair) for pair in zip(own, odds[at : at + len(own)], strict=True)])
            )
        at += len(own)
    found.sort(key=lambda pair: -pair[1])
    return [words for words, value in found if value >= found[0][1] - MARGIN][:MOST]


if __name__ == "__main__":
    sys.exit(main())
