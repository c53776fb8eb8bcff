"""Questions with the passages that answer them, over the bundled papers and over papers written for this purpose.

`benchmarks/questions/` holds one text file for each submission: a line with number, type and question, and under it an
indented line for each gold passage, `KIND: QUOTE` or `KIND by AUTHOR: QUOTE`. A quote names whatever passage holds it,
so the questions outlive a change of how documents are cut. Further passages that two judges found to give the same
answer, among those that the systems found, follow on the same line, joined by ` || `; a line that starts with
`dropped ` was found by both not to answer. `material/` holds the papers, threads and reviews to import.
"""

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.distractors import read_passages
from benchmarks.typesetting import typeset
from knowledge.collection import Collection
from knowledge.embedding import Embedder
from knowledge.readers.draft import Draft
from knowledge.store import Filter, Store
from knowledge.types import Document, Passage, Submission

FOLDER = Path(__file__).parent / "questions"
MATERIAL = (
    "lantern.md", "lantern-thread.json", "ferry.txt", "ferry-thread.json", "mosaic.md", "quarry-reviews.txt",
    "sextant.tex", "sextant-thread.json",
)  # fmt: skip
TYPESET = "quarry.txt"
"""Material that is imported as the PDF of a paper in two columns."""
HEAD = re.compile(r"(\d{3}) ([a-z]+): (.+)")
GOLD = re.compile(r"([a-z-]+)(?: by ([^:]+))?: (.+)")
OR, DROPPED = " || ", "dropped "
SILENCE = "silence"
PER_SUBMISSION = 100
"""How many distractors make one submission."""


@dataclass(frozen=True)
class Gold:
    """A passage that belongs to an answer: one of this kind, by this author if one is named, that holds the quote."""

    kind: str
    author: str | None
    quote: str


@dataclass(frozen=True)
class Line:
    """A part of an answer: `first` was written with the question, the `others` say the same. `dropped` lines count only
    where the labels are taken as they were written."""

    first: Gold
    others: tuple[Gold, ...] = ()
    dropped: bool = False


@dataclass(frozen=True)
class Question:
    """`type` is what is asked for; `silence` has no gold, for the papers do not say it. `follow-up` questions name no
    paper and make sense within their submission only."""

    id: str
    submission: str
    type: str
    text: str
    gold: tuple[Line, ...]

    @property
    def tuning(self) -> bool:
        """Whether it belongs to the half that weights are fitted on; the other half is reported."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0


def load_questions() -> list[Question]:
    """All questions; ValueError names a line that is none."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := HEAD.fullmatch(line):
                found.append(Question(f"{path.stem}/{match[1]}", path.stem, match[2], match[3], ()))
            elif line.startswith("    ") and found and (read := read_line(line.strip())):
                last = found[-1]
                found[-1] = Question(last.id, last.submission, last.type, last.text, (*last.gold, read))
            else:
                raise ValueError(f"{path.name}, line {number}: neither a question nor a gold passage")
    return found


def read_line(text: str) -> Line | None:
    """A gold line without its indent; None where it is none."""
    parts = [GOLD.fullmatch(part) for part in text.removeprefix(DROPPED).split(OR)]
    gold = [Gold(match[1], match[2], match[3]) for match in parts if match]
    return Line(gold[0], tuple(gold[1:]), text.startswith(DROPPED)) if len(gold) == len(parts) else None


def open_collection(home: Path, embedder: Embedder, distractors: int) -> Collection:
    """The bundled papers, the material and `distractors` passages that answer nothing, in the data folder `home`."""
    collection = Collection(home, embedder=embedder)
    paper = home / TYPESET.replace(".txt", ".pdf")
    paper.write_bytes(typeset((FOLDER / "material" / TYPESET).read_text(encoding="utf-8")))
    report = collection.import_paths([paper, *(FOLDER / "material" / name for name in MATERIAL)])
    if report.refused:
        raise ValueError(report.refused[0].line())
    store = Store(home / "knowledge.sqlite")
    held = sum(passage.locator.submission.startswith("manual-") for passage in store.passages(Filter()))
    texts = read_passages(distractors) if held < distractors else []
    for start in range(0, len(texts), PER_SUBMISSION):
        store.save(to_submission(f"manual-{start // PER_SUBMISSION}", texts[start : start + PER_SUBMISSION]))
    store.close()
    return collection


def to_submission(id: str, texts: Iterable[str]) -> Submission:
    """Passages as a paper of its own."""
    draft = Draft()
    draft.begin_section("Notes", None)
    for text in texts:
        draft.add_point(text)
    paper = Document(f"{id}/paper", id, "paper", id, draft.text, draft.sections, draft.points, origin="record")
    return Submission(id, id.replace("-", " ").capitalize(), documents=(paper,))


def gold_rows(store: Store, questions: Sequence[Question], *, as_written: bool = False) -> dict[str, list[set[int]]]:
    """For each question id, the rows of the passages that satisfy each of its gold lines; ValueError for a quote that
    stands nowhere. `as_written` takes the labels as they were before others were judged."""
    passages: dict[str, list[tuple[int, Passage]]] = {}
    for row, passage in store.passages_at(store.rows(Filter())).items():
        passages.setdefault(passage.locator.submission, []).append((row, passage))
    found: dict[str, list[set[int]]] = {}
    for question in questions:
        found[question.id] = []
        for line in question.gold:
            rows: set[int] = set()
            for gold in (line.first,) if as_written else (line.first, *line.others):
                held = {row for row, passage in passages[question.submission] if satisfies(passage, gold)}
                if not held:
                    raise ValueError(f"{question.id}: no {gold.kind} holds '{gold.quote}'")
                rows |= held
            if as_written or not line.dropped:
                found[question.id].append(rows)
    return found


def satisfies(passage: Passage, gold: Gold) -> bool:
    author = gold.author is None or gold.author == passage.reviewer
    return passage.kind == gold.kind and author and gold.quote in " ".join(passage.text.split())


def recall(ranking: Sequence[int], gold: Sequence[set[int]], depth: int) -> float:
    """The share of the gold lines that one of the first `depth` rows satisfies, of at most `depth` lines."""
    top = set(ranking[:depth])
    return sum(bool(rows & top) for rows in gold) / min(len(gold), depth)


def success(ranking: Sequence[int], gold: Sequence[set[int]], depth: int) -> float:
    """1 if any of the first `depth` rows satisfies any gold line."""
    return float(any(row in rows for row in ranking[:depth] for rows in gold))


def reciprocal_rank(ranking: Sequence[int], gold: Sequence[set[int]]) -> float:
    """1 over the rank of the first row that satisfies a gold line; 0 if none does."""
    ranks = (rank for rank, row in enumerate(ranking, 1) if any(row in rows for rows in gold))
    return 1 / next(ranks, math.inf)


def ndcg(ranking: Sequence[int], gold: Sequence[set[int]], depth: int = 10) -> float:
    """Normalised discounted cumulative gain with gain 1 for each gold line, counted where it is first satisfied
    (Järvelin and Kekäläinen, 2002)."""
    open_lines, gain = list(gold), 0.0
    for rank, row in enumerate(ranking[:depth], 1):
        satisfied = next((rows for rows in open_lines if row in rows), None)
        if satisfied is not None:
            open_lines.remove(satisfied)
            gain += 1 / math.log2(rank + 1)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(len(gold), depth) + 1))
