"""What the index costs at a thousand papers: import, size, memory, start, questions; each size in a process of its own.

Passages are real English sentences shuffled into papers, their vectors real ones moved a little, so that no two are the
same and the neighbourhoods are those of natural language. Everything runs on one core, and times are its processor time.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.distractors import remember_passages
from benchmarks.question_set import PER_SUBMISSION, load_questions, to_submission
from benchmarks.remembered import Remembered
from knowledge import index
from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.store import Store

NOISE = 0.35
"""The length of the random part of a vector before it is brought back to unit length."""
JOINED = 3
"""How many sentences make one passage: about as long as a paragraph of a paper."""
RECALL_AT = 10
ASKED_AT_ONCE = 2
"""A question and its topic are embedded together."""
ASKED_OF = 4
"""One question of so many is asked."""
LARGE_SLAB = 8192
COLUMNS = (
    "words indexed", "per paper, words", "index, words", "index, vectors", "memory", "start", "p50", "p95",
    "p95 within a paper", "recall@10 of exact", "medians: embed / dense / words / the rest",
)  # fmt: skip


class Moved:
    """Vectors of the first sentence of a text, moved at random: as many different ones as there are texts.

    Questions are embedded by the model itself.
    """

    def __init__(self, inner: Remembered, model: MiniLM) -> None:
        self._inner, self._model, self.name, self.width = inner, model, inner.name + ":moved", inner.width

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if len(texts) <= ASKED_AT_ONCE:
            return self._model.embed(texts)
        first = [text.removeprefix("Notes. ").split(" \u2016 ")[0] for text in texts]
        vectors = self._inner.embed(first)
        for row, text in enumerate(texts):
            chance = np.random.default_rng(abs(hash(text)) % 2**32)
            vectors[row] += NOISE * chance.standard_normal(self.width, dtype=np.float32) / self.width**0.5
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def match(self, query: str, texts: Sequence[str]) -> np.ndarray:
        return self._model.match(query, texts)


def measure(folder: Path, sizes: Sequence[int], real: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A table with one row for each size, in passages."""
    rows = []
    for size in sizes:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-m", "benchmarks.retrieval_scale", str(folder), str(size), str(real)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        found = json.loads(done.stdout)
        rows.append((f"{size:,}", *(found[name] for name in COLUMNS)))
    return ("passages", *COLUMNS), rows


def measure_one(folder: Path, size: int, real: int) -> dict[str, str]:
    """All columns for one size."""
    import torch

    torch.set_num_threads(1)
    model = MiniLM(folder)
    embedder = Moved(Remembered(model, folder), model)
    texts = remember_passages(folder, real)
    questions = [question.text for question in load_questions()][::ASKED_OF]
    index.SLAB = index.STEP = LARGE_SLAB  # the vectors come from memory here, and the slabs would be all that is timed
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        empty = home / "library"
        empty.mkdir()
        before = resident()
        fill_store(home, texts, size)
        collection = Collection(home, embedder=embedder, library=empty)
        start = time.process_time()
        collection._index.refresh()
        took = time.process_time() - start
        found["words indexed"] = f"{took:.1f} s ({size / took:,.0f} / s)"
        collection.warm_up()
        store = Store(home / "knowledge.sqlite")
        store.save(to_submission("one-more", [f"A new passage on tides, number {n}." for n in range(PER_SUBMISSION)]))
        store.close()
        start = time.process_time()
        collection._index.refresh()
        found["per paper, words"] = f"{1e3 * (time.process_time() - start):.0f} ms"
        collection.warm_up()
        collection.close()
        for name, files in (("index, words", "words*"), ("index, vectors", "vectors*")):
            found[name] = megabytes(sum(path.stat().st_size for path in (home / "index").glob(files)))
        found |= ask(home, embedder, empty, questions)
        found["memory"] = megabytes(resident() - before)
    return found


def ask(home: Path, embedder: Moved, library: Path, questions: Sequence[str]) -> dict[str, str]:
    """Start and questions, to the whole collection and within one paper."""
    collection = Collection(home, embedder=embedder, library=library)
    embedder.embed(["loaded"])
    start = time.process_time()
    collection._index.refresh()
    opened = time.process_time() - start
    whole = [clock(lambda q=question: collection.search(q)) for question in questions]
    papers = collection._store.submission_ids()
    chance = random.Random(0)
    within = [clock(lambda q=q: collection.search(q, submission=chance.choice(papers))) for q in questions]
    opened_index = collection._index
    rows = np.concatenate([segment.held.rows for segment in opened_index._vectors.segments])
    exact = np.concatenate([segment.vectors for segment in opened_index._vectors.segments]).astype(np.float32)
    parts: dict[str, list[float]] = {"embed": [], "dense": [], "words": [], "the rest": []}
    kept = []
    for number, question in enumerate(questions):
        vector = embedder.embed([question])[0]
        best = set(rows[np.argpartition(-(exact @ vector), RECALL_AT)[:RECALL_AT]].tolist())
        kept.append(len(best & {row for row, _ in opened_index._vectors.search(vector, RECALL_AT)}) / RECALL_AT)
        parts["embed"].append(clock(lambda q=question: embedder.embed([q])))
        parts["dense"].append(clock(lambda v=vector: opened_index._vectors.search(v, 50)))
        parts["words"].append(clock(lambda q=question: opened_index._lexical.search(q, 50)))
        parts["the rest"].append(whole[number] - sum(parts[name][-1] for name in ("embed", "dense", "words")))
    collection.close()
    return {
        "start": f"{opened:.2f} s",
        "p50": f"{1e3 * float(np.percentile(whole, 50)):.0f} ms",
        "p95": f"{1e3 * float(np.percentile(whole, 95)):.0f} ms",
        "p95 within a paper": f"{1e3 * float(np.percentile(within, 95)):.0f} ms",
        "recall@10 of exact": f"{np.mean(kept):.4f}",
        COLUMNS[-1]: " / ".join(f"{1e3 * float(np.median(values)):.1f}" for values in parts.values()) + " ms",
    }


def fill_store(home: Path, texts: Sequence[str], size: int) -> None:
    """`size` passages of some sentences each, a hundred to a paper."""
    store, chance = Store(home / "knowledge.sqlite"), random.Random(0)
    for number in range(size // PER_SUBMISSION):
        passages = [" \u2016 ".join(chance.sample(texts, JOINED)) for _ in range(PER_SUBMISSION)]
        store.save(to_submission(f"paper-{number}", passages))
    store.close()


def clock(work: Callable[[], object]) -> float:
    """Processor time of a call in seconds: others on the same machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def resident() -> int:
    """Bytes of memory in use by this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def megabytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB"


if __name__ == "__main__":
    print(json.dumps(measure_one(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
