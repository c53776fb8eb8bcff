"""What retrieval costs: opening against rebuilding, and a question against the limit that memory sets.

    python -m benchmarks.bench_retrieval [--passages 50000] [--repeats 30]

Everything is measured side by side in one run and printed as Markdown. The large index has random unit vectors and
passages of words drawn from the bundled papers; exact search must read every vector, so bytes over bandwidth is its
limit.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from knowledge.collection import Collection
from knowledge.dense import Vectors, load_vectors, save_vectors
from knowledge.embedding import WIDTH, MiniLM
from knowledge.index import DEPTH, fuse
from knowledge.lexical import LexicalIndex
from knowledge.store import Filter, Store

QUESTIONS = (
    "How is the winner rate chosen for each layer?",
    "Which reviewer asks for wall-clock time?",
    "compression ratio with Huffman coding on AlexNet",
    "Does the paper compare with low-rank approximation?",
    "What accuracy does ResNet-50 keep at 2 bits?",
    "limitations of the experiments on ImageNet",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print(f"{os.cpu_count()} cores, median of {options.repeats} questions unless said otherwise\n")
        print_table(("five papers", "time"), bench_opening(home))
        vocabulary = load_words(home)
        print_table(
            ("a question", "passages", "dense", "lexical", "both, fused", "read back"),
            [bench_papers(home, options.repeats), bench_large(home, vocabulary, options.passages, options.repeats)],
        )
        print_table(("the limit of exact dense search", "value"), bench_limit(options.passages, options.repeats))


def bench_opening(home: Path) -> list[tuple[str, str]]:
    """First start, then the same again with everything in place."""
    rows = []
    start = time.perf_counter()
    first = Collection(home)
    rows.append(("import of the bundled files", seconds(start)))
    start = time.perf_counter()
    first.embed(["load"])
    rows.append(("loading the model (with the import of torch)", seconds(start)))
    start = time.perf_counter()
    first.search("anything")
    rows.append(("index built from nothing", seconds(start)))
    first.close()
    start = time.perf_counter()
    again = Collection(home)
    rows.append(("opened again", seconds(start)))
    start = time.perf_counter()
    again.embed(["load"])
    rows.append(("loading the model again", seconds(start)))
    start = time.perf_counter()
    again.search("anything")
    rows.append(("first question on the index from disk", seconds(start)))
    question = iter(QUESTIONS * 99)
    rows.append(("a new question, embedded", milliseconds(lambda: again.embed([next(question)]), 30)))
    again.close()
    return rows


def bench_papers(home: Path, repeats: int) -> tuple[str, ...]:
    """The parts of a question to the bundled papers."""
    store, model = Store(home / "knowledge.sqlite"), MiniLM(home / "index")
    vectors = load_vectors(home / "index", f"{store.identity()}:{model.name}", model.width)
    lexical = LexicalIndex(home / "index" / "words.sqlite", store.identity())
    cells = bench_question(vectors, lexical, model.embed(QUESTIONS), repeats)
    rows = list(store.findable())[:8]
    read_back = milliseconds(lambda: store.passages_at(rows), repeats)
    size = len(vectors.passages)
    store.close()
    lexical.close()
    return ("five papers", f"{size:,}", *cells, read_back)


def bench_large(home: Path, vocabulary: list[str], count: int, repeats: int) -> tuple[str, ...]:
    """The parts of a question to an index of `count` passages."""
    folder = home / "large"
    passages = {row: f"{row:016x}" for row in range(1, count + 1)}
    save_vectors(folder, Vectors("bench", WIDTH).add(passages, random_vectors(count)).covering("t"))
    start = time.perf_counter()
    vectors = load_vectors(folder, "bench", WIDTH)
    opened = seconds(start)
    chance = random.Random(0)
    texts = {row: ("", " ".join(chance.choices(vocabulary, k=chance.randint(15, 90)))) for row in passages}
    lexical = LexicalIndex(folder / "words.sqlite", "bench")
    start = time.perf_counter()
    lexical.refresh("t", passages, lambda rows: {row: texts[row] for row in rows})
    built = seconds(start)
    cells = bench_question(vectors, lexical, MiniLM(home / "index").embed(QUESTIONS), repeats)
    lexical.close()
    return (f"synthetic (vectors opened in {opened}, words indexed in {built})", f"{count:,}", *cells, "")


def bench_question(vectors: Vectors, lexical: LexicalIndex, queries: np.ndarray, repeats: int) -> tuple[str, str, str]:
    """Dense alone, lexical alone, and both with fusion."""
    turn = [0]

    def following() -> int:
        turn[0] += 1
        return turn[0] % len(QUESTIONS)

    def both() -> None:
        number = following()
        near = vectors.search(queries[number], DEPTH)
        fuse([[row for row, _ in near], lexical.search(QUESTIONS[number], DEPTH) or []])

    return (
        milliseconds(lambda: vectors.search(queries[following()], DEPTH), repeats),
        milliseconds(lambda: lexical.search(QUESTIONS[following()], DEPTH), repeats),
        milliseconds(both, repeats),
    )


def bench_limit(count: int, repeats: int) -> list[tuple[str, str]]:
    """How near exact search comes to reading the vectors once, on all cores."""
    data = random_vectors(count)
    vectors = Vectors("bench", WIDTH).add({row: f"{row:016x}" for row in range(count)}, data)
    workers = os.cpu_count() or 1
    parts = np.array_split(data.reshape(-1), workers)
    with ThreadPoolExecutor(workers) as pool:
        reading = median(lambda: list(pool.map(np.add.reduce, parts)), repeats)
    searching = median(lambda: vectors.search(data[5], DEPTH), repeats)
    return [
        ("bytes of vectors", f"{data.nbytes / 1e6:.0f} MB"),
        ("measured reading bandwidth", f"{data.nbytes / reading / 1e9:.1f} GB/s"),
        ("bytes / bandwidth", f"{reading * 1e3:.1f} ms"),
        ("search", f"{searching * 1e3:.1f} ms"),
        ("of the limit", f"{100 * reading / searching:.0f} %"),
    ]


def load_words(home: Path) -> list[str]:
    """The words of the bundled papers, as often as they occur."""
    store = Store(home / "knowledge.sqlite")
    words = [word for passage in store.passages(Filter()) for word in passage.text.split()]
    store.close()
    return words


def random_vectors(count: int) -> np.ndarray:
    vectors = np.random.default_rng(0).standard_normal((count, WIDTH), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def median(work: Callable[[], object], repeats: int) -> float:
    """Median wall time in seconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def milliseconds(work: Callable[[], object], repeats: int) -> str:
    return f"{median(work, repeats) * 1e3:.2f} ms"


def seconds(start: float) -> str:
    return f"{time.perf_counter() - start:.2f} s"


def print_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


if __name__ == "__main__":
    main()
