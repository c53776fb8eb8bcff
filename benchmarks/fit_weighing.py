"""Fit the two coefficients of `agent.answering.weighing` on real threads, and say what a third would add.

    SECOND_OPINION_REAL=FOLDER python -m benchmarks.fit_weighing [--cache FOLDER]

The threads are those of `eval_dialogues --lean`, without decision, meta-review and what came after them. Each row of the
table is a logistic regression with a ridge of 1 on standardised inputs, judged by leaving out one thread at a time.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from agent.answering.weighing import mean_grade, weigh
from agent.gathered import ReviewFile, gather
from agent.tools.reviews import read_review_file
from benchmarks.dialogues.leaning import VARIABLE, is_accepted, withhold
from benchmarks.dialogues.material import cache_folder
from benchmarks.remembered import Remembered
from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.limits import Limits
from knowledge.readers import read

INPUTS = ("mean grade", "open concerns a reviewer", "shared open concerns", "shared merits", "praise to objections")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cache", type=Path, default=None, metavar="FOLDER")
    options = parser.parse_args(arguments)
    folder = os.environ.get(VARIABLE)
    if folder is None:
        print(f"fit_weighing: {VARIABLE} names no folder.", file=sys.stderr)
        return 2
    files, accepted = read_threads(Path(folder), options.cache or cache_folder())
    inputs = np.array([measure(file) for file in files])
    print(f"{len(files)} threads, {sum(accepted)} accepted.\n")
    print(
        "| inputs | errors towards accepting | towards rejecting | log loss | coefficients | offset |\n|---|---|---|---|---|---|"
    )
    for columns in ((0,), *((0, n) for n in range(1, len(INPUTS))), tuple(range(1, len(INPUTS)))):
        print(row(columns, inputs[:, columns], np.array(accepted)))
    return 0


def read_threads(folder: Path, cache: Path) -> tuple[list[ReviewFile], list[bool]]:
    """The review file of each thread that has a decision, without it, and whether it was accepted."""
    embedder = MiniLM(cache)
    files: list[ReviewFile] = []
    accepted: list[bool] = []
    for path in sorted((folder / "iclr").glob("*.json")):
        outcome = is_accepted(read(path, None, None, Limits()).parts[0])
        if outcome is None:
            continue
        with tempfile.TemporaryDirectory() as home:
            thread = Path(home) / path.name
            thread.write_text(json.dumps(withhold(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
            remembering = Remembered(embedder, cache)
            with Collection(Path(home), embedder=remembering, library=Path(home) / "library") as collection:
                identity = collection.import_paths([thread]).imported[0]
                _, artifact = read_review_file(collection, identity)
        files += gather([("reviews", artifact)]).files
        accepted.append(outcome)
    return files, accepted


def measure(file: ReviewFile) -> tuple[float, ...]:
    """The inputs of one thread, in the order of INPUTS."""
    weighing = weigh(file)
    reviewers = max(1, len(weighing.stances))
    still = [c for c in weighing.concerns if c.state not in ("settled", "answered")]
    objections, praise = len(file.raised("objects")), len(file.raised("praises"))
    return (
        mean_grade(weighing.stances),
        sum(len(c.points) for c in still) / reviewers,
        sum(len(c.points) > 1 for c in still),
        sum(len(points) > 1 for points in weighing.merits.values()),
        float(np.log((1 + praise) / (1 + objections))),
    )


def row(columns: Sequence[int], inputs: np.ndarray, accepted: np.ndarray) -> str:
    """One line of the table: inputs (n, k), accepted (n,)."""
    spread = inputs.std(axis=0)
    scaled = inputs / spread
    left_out = np.array(
        [_fit_without(scaled, accepted, i).predict_proba(scaled[i : i + 1])[0, 1] for i in range(len(accepted))]
    )
    whole = LogisticRegression().fit(scaled, accepted)
    loss = -np.mean(np.where(accepted, np.log(left_out), np.log(1 - left_out)))
    names = ", ".join(INPUTS[c] for c in columns)
    slopes = ", ".join(f"{s:.2f}" for s in whole.coef_[0] / spread)
    wrong = [int(((left_out > 0.5) & ~accepted).sum()), int(((left_out < 0.5) & accepted).sum())]
    return f"| {names} | {wrong[0]} | {wrong[1]} | {loss:.3f} | {slopes} | {whole.intercept_[0]:.2f} |"


def _fit_without(inputs: np.ndarray, accepted: np.ndarray, index: int) -> LogisticRegression:
    others = np.arange(len(accepted)) != index
    return LogisticRegression().fit(inputs[others], accepted[others])


if __name__ == "__main__":
    sys.exit(main())
