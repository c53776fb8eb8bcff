"""Fit the model that reads what sentences of reviews do (`knowledge.discussion.judging`), or say how well it reads others.

    python -m benchmarks.fit_stances [--measure]

`stances/labels.tsv` holds the labels of 5,812 sentences of public reviews and of reviewers' comments, a document a line: file,
document, and of each sentence its offsets, the first six digits of its SHA-1, and P praise, O objection, Q question,
R request, S summary, N none of these. No word of a thread is kept here: they are read from the folder that SECOND_OPINION_REAL
names. The threads in `stances/kept_aside.txt` are not fitted on, and measured. Cost: a quarter of an hour of one core.
"""

import argparse
import csv
import hashlib
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.adapting import adapt
from benchmarks.bench_retrieval import print_table
from benchmarks.bench_reviews import VARIABLE, share
from benchmarks.bench_stances import READ_AS
from knowledge.adapting import save_adapted
from knowledge.discussion.items import find_opening, read_items
from knowledge.discussion.judging import LABELS, STANCES, WEIGHTS, in_context, sentence_embedder, stances_of
from knowledge.discussion.points import Said, sentences_in_context
from knowledge.discussion.stances import Stance
from knowledge.embedding import MiniLM
from knowledge.limits import Limits
from knowledge.readers import read
from knowledge.types import Document

FOLDER = Path(__file__).parent / "stances"
EPOCHS = 4


@dataclass(frozen=True)
class Labelled:
    """A sentence with its label."""

    file: str
    label: str
    said: Said

    @property
    def stance(self) -> str:
        return READ_AS[self.label]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--measure", action="store_true", help="with the weights as they are")
    options = parser.parse_args(arguments)
    folder = os.environ.get(VARIABLE)
    if folder is None:
        print(f"Skipped: set {VARIABLE} to the folder that holds the threads.")
        return 0
    examples = load_labelled(Path(folder))
    aside = frozenset((FOLDER / "kept_aside.txt").read_text(encoding="utf-8").split())
    kept = [one for one in examples if Path(one.file).stem in aside]
    model = MiniLM(Path(tempfile.gettempdir()))
    if not options.measure:
        texts = {one.said.text for one in kept}
        fitted = [one for one in examples if Path(one.file).stem not in aside and one.said.text not in texts]
        wanted = np.array([[label == one.label for label in LABELS] for one in fitted], dtype=np.float32)
        digest = hashlib.sha256((FOLDER / "labels.tsv").read_bytes()).hexdigest()[:16]
        save_adapted(WEIGHTS, adapt([in_context(one.said) for one in fitted], wanted, digest, EPOCHS))
    report(kept, model)
    return 0


def load_labelled(folder: Path) -> list[Labelled]:
    """The labelled sentences in their order; ValueError where a thread is another one than was labelled."""
    found: list[Labelled] = []
    with (FOLDER / "labels.tsv").open(encoding="utf-8", newline="") as lines:
        for entry in csv.DictReader(lines, delimiter="\t"):
            document = documents_of(folder / entry["file"])[entry["document"]]
            items, opening = read_items(document), find_opening(document)
            said = sentences_in_context(document, items, opening)
            for one in entry["sentences"].split():
                start, end, digest, label = one.split("-")
                span = int(start), int(end)
                text = document.text[span[0] : span[1]]
                if span not in said or not hashlib.sha1(text.encode()).hexdigest().startswith(digest):
                    raise ValueError(f"{entry['file']}, {entry['document']}: not the text that was labelled")
                found.append(Labelled(entry["file"], label, said[span]))
    return found


@cache
def documents_of(path: Path) -> dict[str, Document]:
    """The documents of all submissions of a file by the last part of their ids."""
    parts = read(path, None, None, Limits()).parts
    return {document.id.rpartition("/")[2]: document for part in parts for document in part.documents}


def report(kept: Sequence[Labelled], model: MiniLM) -> None:
    """Print how well the patterns and the model read the sentences kept aside."""
    embedded = sentence_embedder(model)
    assert embedded is not None
    by_patterns: list[Stance] = [one.said.read for one in kept]
    read_as = stances_of(embedded[0]([in_context(one.said) for one in kept]), by_patterns)
    pairs = {"patterns": by_patterns, "model and patterns": read_as}
    rows = []
    for name, stances in pairs.items():
        right = [stance == one.stance for stance, one in zip(stances, kept, strict=True)]
        row = [name, share(sum(right), len(right))]
        for stance in STANCES:
            both = sum(s == stance == one.stance for s, one in zip(stances, kept, strict=True))
            row.append(
                f"{share(both, stances.count(stance))} / {share(both, sum(one.stance == stance for one in kept))}"
            )
        rows.append(row)
    print_table(("read by", "rightly", *(f"{stance}: precision / recall" for stance in STANCES)), rows)


if __name__ == "__main__":
    sys.exit(main())
