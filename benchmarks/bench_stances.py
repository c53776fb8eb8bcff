"""How well single sentences of reviews are read: praise, objection, question, request, summary or nothing of these.

    python -m benchmarks.bench_stances LABELS [--half reporting] [--errors]

LABELS is a folder with `stances.tsv`: file, document, start, end, the first twelve digits of the sentence's SHA-1, label (P praise, O objection, Q
question, R request, S summary of the paper, N none of these). The threads are read from the folder that SECOND_OPINION_REAL names. A file
belongs to the tuning half when the first eight hexadecimal digits of the SHA-256 of its name are even.
"""

import argparse
import csv
import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_retrieval import print_table
from benchmarks.bench_reviews import VARIABLE, share
from knowledge.discussion.points import ReviewPoint, split_points
from knowledge.limits import Limits
from knowledge.readers import read

READ_AS = {"P": "praises", "O": "objects", "Q": "asks", "R": "asks", "S": "describes", "N": "describes"}
NAMES = {"P": "praise", "O": "objection", "Q": "question", "R": "request", "S": "summary", "N": "none of these"}


@dataclass(frozen=True)
class Labelled:
    """A sentence with what a person says that it does, and what it is read as."""

    label: str
    read_as: str
    text: str

    @property
    def right(self) -> bool:
        return READ_AS[self.label] == self.read_as


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("--half", choices=("tuning", "reporting"), default="reporting")
    parser.add_argument("--errors", action="store_true", help="print the sentences that are read wrongly")
    options = parser.parse_args()
    folder = os.environ.get(VARIABLE)
    if folder is None:
        print(f"Skipped: set {VARIABLE} to the folder that holds the threads.")
        return
    found = list(measure(options.labels / "stances.tsv", Path(folder), options.half))
    rows = [(name, *row([f for f in found if f.label == label])) for label, name in NAMES.items()]
    print_table(("label", "read rightly", "read as"), [*rows, ("all", *row(found))])
    for f in found if options.errors else ():
        if not f.right:
            print(f"{f.label} read as {f.read_as}: {' '.join(f.text.split())}")


def measure(labels: Path, folder: Path, half: str) -> Iterator[Labelled]:
    """The labelled sentences of one half as the points that hold them are read; ValueError where a thread is another one."""
    points: dict[str, dict[str, tuple[str, tuple[ReviewPoint, ...]]]] = {}
    with labels.open(encoding="utf-8", newline="") as lines:
        for entry in csv.DictReader(lines, delimiter="\t"):
            if half_of(entry["file"]) != half:
                continue
            held = points.get(entry["file"]) or points.setdefault(entry["file"], read_points(folder / entry["file"]))
            text, own = held[entry["document"]]
            start, end = int(entry["start"]), int(entry["end"])
            if hashlib.sha1(text[start:end].encode()).hexdigest()[:12] != entry["sha1"]:
                raise ValueError(f"{entry['file']}, {entry['document']}: not the text that was labelled")
            inside = [p for p in own if p.start < end and start < p.end]
            widest = max(inside, key=lambda p: min(p.end, end) - max(p.start, start), default=None)
            yield Labelled(entry["label"], widest.stance if widest else "describes", text[start:end])


def read_points(path: Path) -> dict[str, tuple[str, tuple[ReviewPoint, ...]]]:
    documents = read(path, None, None, Limits()).parts[0].documents
    return {d.id: (d.text, split_points(d)) for d in documents if d.kind == "review"}


def half_of(file: str) -> str:
    return "reporting" if int(hashlib.sha256(file.encode()).hexdigest()[:8], 16) % 2 else "tuning"


def row(found: list[Labelled]) -> tuple[str, str]:
    told = Counter(f.read_as for f in found).most_common()
    return share(sum(f.right for f in found), len(found)), ", ".join(f"{name} {count}" for name, count in told)


if __name__ == "__main__":
    main()
