import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dense import Held, Vectors, load_vectors, save_vectors
from knowledge.errors import UnusableStore
from knowledge.index import Index, StoreSource
from knowledge.lexical import LexicalIndex
from knowledge.readers.submission_file import read_submission
from knowledge.store import Filter, Store
from tests.knowledge.fictional import KELP, Counted, WordVectors


@pytest.fixture
def opened(tmp_path, store):
    made = []

    def open_index(embedder=None) -> tuple[Index, Counted]:
        counted = Counted(embedder or WordVectors())
        made.append(Index(tmp_path / "index", store, counted))
        return made[-1], counted

    yield open_index
    for index in made:
        index.close()


def found(store: Store, index: Index, query: str, **options) -> list[str]:
    ranked = index.search(query, options.pop("limit", 5), **options)
    passages = store.passages_at([hit.row for hit in ranked])
    return [passages[hit.row].text for hit in ranked]


class Passes(WordVectors):
    """Remembers what was embedded together."""

    def __init__(self):
        self.together = []

    def embed(self, texts):
        self.together.append(list(texts))
        return super().embed(texts)


def test_a_question_and_its_topic_take_one_pass_through_the_model(opened):
    passes = Passes()
    index, _ = opened(passes)
    index.complete()
    passes.together.clear()
    for _ in range(2):
        index.search("What did the reviewers say about anchors?", 5)
    assert passes.together == [["What did the reviewers say about anchors?", "What did the about anchors"]]


def test_words_and_meaning_find_the_passage(store, opened):
    index, _ = opened()
    index.complete()  # on a busy machine, the vectors may come later than a question waits
    assert found(store, index, "How many calibration pictures are needed?")[0].startswith("It needs 200 calibration")
    hits = index.search("harbour CPU time", 50)
    assert hits[0].dense_rank and hits[0].lexical_rank and hits[0].cosine
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_search_is_restricted(store, opened):
    index, _ = opened()
    index.complete()  # on a busy machine, the vectors may come later than a question waits
    only = store.rows(Filter("kelp-quantization"))
    assert {hit.row for hit in index.search("harbour CPU", 50, only)} == set(only)
    assert index.search("harbour CPU", 5, []) == []
    best = index.search("harbour CPU time", 1)[0].row
    assert best not in {hit.row for hit in index.search("harbour CPU time", 50, without=[best])}
    assert len(index.search("seaweed", 2)) == 2 and index.search("seaweed", 0) == []


@pytest.mark.parametrize(
    "query",
    ['"', "a AND OR NOT (", "NEAR(x y)", "text:coral *", "^{}[]\\", "'; DROP TABLE words; --", "é 模型 🪸", "8-bit 76.1 %",
     "col:x OR", "--", "  ", "the of and", "\0null", "x" * 5000],
)  # fmt: skip
def test_no_question_is_a_syntax_error(store, opened, query):
    index, _ = opened()
    assert isinstance(index.search(query, 3), list)


def test_a_reopened_index_embeds_and_writes_nothing(store, opened, tmp_path):
    first, counted = opened()
    first.complete()
    before = first.search("anchor pruning", 5)
    assert len(counted.texts) == len(store.findable()) + 1
    first.close()
    manifest = tmp_path / "index" / "manifest.json"
    written = manifest.stat().st_mtime_ns
    again, counted = opened()
    assert again.search("anchor pruning", 5) == before
    assert counted.texts == ["anchor pruning"] and manifest.stat().st_mtime_ns == written
    again.search("anchor pruning", 3)
    assert counted.texts == ["anchor pruning"], "a question is embedded once"


def test_a_change_embeds_only_what_changed(store, opened):
    index, counted = opened()
    index.complete()
    counted.texts.clear()
    changed = KELP.replace("200 calibration", "500 calibration") + "- A third point on moss.\n"
    store.save(read_submission(changed.encode(), "kelp-quantization.md"))
    index.complete()
    assert found(store, index, "calibration pictures")[0] == "It needs 500 calibration pictures of seaweed."
    assert sorted(text.partition(". ")[2] for text in counted.texts if text != "calibration pictures") == [
        "A third point on moss.",
        "It needs 500 calibration pictures of seaweed.",
    ]
    assert all("200 calibration" not in text for text in found(store, index, "calibration", limit=100))


def test_another_index_sees_the_change_without_embedding_it(store, opened):
    (first, _), (second, counted) = opened(), opened()
    first.complete()
    second.complete()
    store.save(read_submission(KELP.replace("200", "300").encode(), "kelp-quantization.md"))
    first.complete()
    assert found(store, second, "calibration pictures")[0].startswith("It needs 300")
    assert counted.texts == ["calibration pictures"]


DAMAGE = {
    "no vectors": lambda folder: next(folder.glob("vectors-*")).unlink(),
    "cut vectors": lambda folder: cut(next(folder.glob("vectors-*"))),
    "other vectors": lambda folder: next(folder.glob("vectors-*")).write_bytes(b"IwFl" * 99),
    "vectors of others": lambda folder: pretend(next(folder.glob("vectors-*"))),
    "one vector changed": lambda folder: flip(next(folder.glob("vectors-*"))),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "cut manifest": lambda folder: cut(folder / "manifest.json"),
    "manifest of lists": lambda folder: (folder / "manifest.json").write_text("[]"),
    "no words": lambda folder: (folder / "words.sqlite").unlink(),
    "other words": lambda folder: (folder / "words.sqlite").write_bytes(b"no database at all " * 999),
    "cut words": lambda folder: cut(folder / "words.sqlite"),
    "everything": lambda folder: [path.unlink() for path in folder.iterdir()],
}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for position in range(len(data) // 4, len(data) // 2):
        data[position] ^= 0x40
    path.write_bytes(data)


def pretend(path: Path) -> None:
    with np.load(path) as arrays:
        changed = dict(arrays) | {"owner": np.array("somebody else")}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **changed)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_index_is_made_anew(store, opened, tmp_path, name):
    first, _ = opened()
    first.complete()
    before = first.search("anchor pruning", 8)
    first.close()
    DAMAGE[name](tmp_path / "index")
    again, _ = opened()
    again.complete()
    assert again.search("anchor pruning", 8) == before


def test_words_that_break_while_in_use_are_made_anew(store, opened, tmp_path):
    index, _ = opened()
    index.complete()
    before = index.search("anchor pruning", 8)
    index._lexical.close()
    (tmp_path / "index" / "words.sqlite").write_bytes(b"no database at all " * 999)
    assert index.search("anchor pruning", 8) == before


def test_vectors_of_another_model_or_store_are_not_used(store, opened, tmp_path):
    first, _ = opened()
    first.complete()

    class Other(WordVectors):
        name = "another model"

    index, counted = opened(Other())
    index.complete()
    assert len(counted.texts) == len(store.findable())
    with_other_store = Store(tmp_path / "other.sqlite")
    with_other_store.save(read_submission(KELP.encode(), "kelp-quantization.md"))
    fresh = Index(tmp_path / "index", with_other_store, WordVectors())
    fresh.complete()
    assert {hit.row for hit in fresh.search("seaweed", 9)} == set(with_other_store.findable())
    fresh.close()
    with_other_store.close()


class Broken(WordVectors):
    """Fails at the third call."""

    def __init__(self):
        self.calls = 0

    def embed(self, texts):
        self.calls += 1
        if self.calls == 3:
            raise RuntimeError("out of power")
        return super().embed(texts)


def test_a_long_embedding_that_was_broken_off_goes_on(store, opened, monkeypatch):
    monkeypatch.setattr("knowledge.index.SLAB", 4)
    monkeypatch.setattr("knowledge.index.STEP", 4)
    index, _ = opened(Broken())
    with pytest.raises(RuntimeError, match="out of power"):
        index.complete()
    again, counted = opened()
    again.complete()
    assert len(counted.texts) == len(store.findable()) - 8
    index.complete()
    assert not index.pending(), "the one that failed goes on as well"


class Waiting(WordVectors):
    """Embeds only once it may."""

    def __init__(self):
        self.may = threading.Event()
        self.asked = threading.Event()

    def embed(self, texts):
        if len(texts) > 2:  # a question and its topic pass
            self.asked.set()
            self.may.wait(30)
        return super().embed(texts)


def test_words_are_found_before_the_vectors_are_there(store, opened, monkeypatch):
    monkeypatch.setattr("knowledge.index.FEW", 0)
    slow = Waiting()
    index, _ = opened(slow)
    hit = index.search("calibration pictures", 1)[0]
    assert hit.passage.text.startswith("It needs 200") and hit.cosine is None and hit.lexical_rank == 1
    assert index.pending() == set(store.findable())
    slow.may.set()
    index.complete()
    assert index.pending() == set() and index.search("calibration pictures", 1)[0].dense_rank


def test_closing_keeps_what_is_embedded_and_does_not_wait_for_the_rest(store, opened, monkeypatch):
    monkeypatch.setattr("knowledge.index.STEP", 4)
    slow = Waiting()
    index, _ = opened(slow)
    index.refresh()
    assert slow.asked.wait(10)
    threading.Timer(0.2, slow.may.set).start()
    index.close()
    again, counted = opened()
    again.complete()
    assert len(counted.texts) == len(store.findable()) - 4


EMBED_SLOWLY = """
import sys, time
from pathlib import Path
import knowledge.index
from knowledge.index import Index
from knowledge.store import Store
from tests.knowledge.fictional import WordVectors
class Slow(WordVectors):
    def embed(self, texts):
        time.sleep(float(sys.argv[2]))
        return super().embed(texts)
knowledge.index.SLAB = knowledge.index.STEP = 2
index = Index(Path(sys.argv[1]) / "index", Store(Path(sys.argv[1]) / "knowledge.sqlite"), Slow())
index.refresh()
print("started", flush=True)
if sys.argv[3] == "wait":
    index.complete()
"""


def embed_in_a_process(home: Path, pause: str, how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", EMBED_SLOWLY, str(home), pause, how]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)


def test_a_killed_process_loses_no_written_vector(store, opened, tmp_path):
    process = embed_in_a_process(tmp_path, "0.05", "wait")
    written = tmp_path / "index" / "manifest.json"
    deadline = time.monotonic() + 60
    while not written.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    index, counted = opened()
    index.complete()
    assert 0 < len(counted.texts) < len(store.findable()) and not index.pending()
    assert {hit.row for hit in index.search("harbour", 99)} == set(store.findable())


def test_a_program_that_ends_does_not_hang(store, tmp_path):
    process = embed_in_a_process(tmp_path, "0.3", "go")
    assert process.communicate(timeout=60)[0] == b"started\n" and process.returncode == 0


def test_several_processes_embed_each_passage_once_and_end_with_all(store, opened, tmp_path):
    processes = [embed_in_a_process(tmp_path, "0.02", "wait") for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    for process in processes:
        process.communicate()
    index, counted = opened()
    index.complete()
    assert counted.texts == []


def test_the_manifest_names_the_segments(store, opened, tmp_path):
    index, _ = opened()
    index.complete()
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert manifest["owner"] == f"{store.identity()}:{WordVectors.name}" and len(manifest["segments"]) == 1
    names = {path.name for path in (tmp_path / "index").iterdir()}
    beside = {"lock", "vectors.lock", "words.sqlite-wal", "words.sqlite-shm"}
    assert names - beside == {"manifest.json", "words.sqlite", *manifest["segments"]}


def unit_rows(count: int, width: int = 8, seed: int = 0) -> np.ndarray:
    data = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    return data / np.linalg.norm(data, axis=1, keepdims=True)


def held(rows: range) -> Held:
    return Held.of([(row, f"{row:016x}") for row in rows])


def test_vectors_are_exact_up_to_half_precision_and_never_change(tmp_path):
    data = unit_rows(50)
    wanted = held(range(0, 500, 10))
    vectors = Vectors("me", 8).add(wanted, data, wanted)
    order = np.argsort(-(data @ data[7]), kind="stable") * 10
    assert [row for row, _ in vectors.search(data[7], 5)] == order[:5].tolist()
    assert [row for row, _ in vectors.search(data[7], 5, only=[10, 20, 30])] == [
        row for row in order if row in (10, 20, 30)
    ]
    assert 70 not in [row for row, _ in vectors.search(data[7], 50, without=[70])]
    cosines = vectors.cosines(data[7], [30, 70, 35])
    assert cosines == pytest.approx({30: float(data[3] @ data[7]), 70: 1.0}, abs=2e-3)
    saved = save_vectors(tmp_path, vectors)
    read_back = load_vectors(tmp_path, "me", 8)
    assert read_back.search(data[3], 4) == saved.search(data[3], 4) == vectors.search(data[3], 4)
    assert len(load_vectors(tmp_path, "you", 8)) == 0 and len(load_vectors(tmp_path, "me", 9)) == 0


@given(st.lists(st.integers(1, 12), min_size=1, max_size=30), st.sets(st.integers(0, 300)))
def test_segments_hold_what_was_added_however_it_came(sizes, gone):
    total = sum(sizes)
    data = unit_rows(total)
    everything = held(range(total))
    wanted = Held.of([(row, f"{row:016x}") for row in range(total) if row not in gone])
    vectors, start = Vectors("me", 8), 0
    for size in sizes:
        vectors = vectors.add(held(range(start, start + size)), data[start : start + size], wanted)
        start += size
    assert set(vectors.missing(everything).tolist()) | gone >= gone
    assert len(vectors.missing(wanted)) == 0 and set(vectors.dead(wanted).tolist()) <= gone
    assert len(vectors.segments) <= total.bit_length() + 1, "the number of segments grows with the logarithm"
    assert len(vectors.dead(wanted)) <= 0.25 * len(vectors)
    query = unit_rows(1, seed=1)[0]
    found = dict(vectors.search(query, total, without=sorted(gone)))
    assert set(found) == set(wanted.rows.tolist())
    assert all(abs(cosine - data[row] @ query) < 2e-3 for row, cosine in found.items())


def test_few_new_vectors_do_not_rewrite_many(tmp_path):
    many = held(range(1000))
    vectors = save_vectors(tmp_path, Vectors("me", 8).add(many, unit_rows(1000), many))
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("vectors-*")}
    more = held(range(1010))
    save_vectors(tmp_path, vectors.add(held(range(1000, 1010)), unit_rows(10), more))
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("vectors-*")}
    assert before.items() < after.items() and len(after) == 2


def test_a_row_that_came_to_mean_another_passage_loses_its_vector():
    wanted = held(range(5))
    other = Held.of([(row, "f" * 16 if row == 2 else f"{row:016x}") for row in range(5)])
    vectors = Vectors("me", 8).add(wanted, unit_rows(5), wanted).without_clashes(other)
    assert vectors.missing(other).tolist() == [2] and len(vectors) == 4


def test_an_index_that_cannot_be_written_is_named(store, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnusableStore, match="cannot be written"):
        Index(tmp_path / "file", store, WordVectors()).refresh()
    (tmp_path / "words.sqlite").mkdir()
    lexical = LexicalIndex(tmp_path / "words.sqlite", "me")
    with pytest.raises(UnusableStore, match="cannot be used"):
        lexical.refresh("t", StoreSource(store))


def test_whether_passages_hold_a_word_is_known_in_any_of_its_forms(store, opened):
    index, _ = opened()
    index.refresh()
    rows = store.rows(Filter("coral-pruning"))
    words = index._lexical
    assert words.said_in(["filters", "filter", "volcano"], rows) == {"filters", "filter"}
    assert words.said_in(["filter"], []) == set() and words.said_in([], rows) == set()
    hits = index.search("volcano filter", 5)
    candidates = index.candidates("volcano filter", 5)
    assert hits and index.said_elsewhere("volcano filter", [*candidates.values()]) <= {"filter"}
    assert index.said_elsewhere("volcano", []) == set()
