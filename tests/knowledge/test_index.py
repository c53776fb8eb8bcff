import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dense import Vectors, load_vectors, save_vectors
from knowledge.errors import UnusableStore
from knowledge.index import Index, fuse
from knowledge.lexical import LexicalIndex, match_expression
from knowledge.readers.submission_file import read_submission
from knowledge.store import Filter, Store
from tests.knowledge.fictional import CORAL, KELP, Counted, WordVectors


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "knowledge.sqlite")
    opened.save(read_submission(CORAL.encode(), "coral-pruning.md"))
    opened.save(read_submission(KELP.encode(), "kelp-quantization.md"))
    yield opened
    opened.close()


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


def test_fusion_adds_reciprocal_ranks():
    fused = dict(fuse([[7, 8, 9], [9, 7]]))
    assert fused[7] == pytest.approx(1 / 61 + 1 / 62) and fused[8] == pytest.approx(1 / 62)
    assert [row for row, _ in fuse([[7, 8, 9], [9, 7]])] == [7, 9, 8]
    assert [row for row, _ in fuse([[3], [2]])] == [2, 3], "ties go to the lower row"
    assert fuse([]) == [] and fuse([[], []]) == []


@given(st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=3))
def test_what_both_rankings_put_first_is_first(rankings):
    fused = fuse(rankings)
    assert {row for row, _ in fused} == {row for ranking in rankings for row in ranking}
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
    if rankings and all(ranking and ranking[0] == rankings[0][0] for ranking in rankings):
        assert fused[0][0] == rankings[0][0]


def test_words_and_meaning_find_the_passage(store, opened):
    index, _ = opened()
    assert found(store, index, "How many calibration pictures are needed?")[0].startswith("It needs 200 calibration")
    hit = index.search("harbour CPU time", 3)[0]
    assert hit.dense_rank and hit.lexical_rank and hit.cosine
    assert hit.score == pytest.approx(1 / (60 + hit.dense_rank) + 1 / (60 + hit.lexical_rank))


def test_search_is_restricted(store, opened):
    index, _ = opened()
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


def test_questions_become_quoted_words():
    assert match_expression("What is the 8-bit speed-up at 76.1 %?") == (
        '"8-bit" OR "bit" OR "speed-up" OR "speed" OR "76.1"'
    )
    assert match_expression("What is it?") == ""


def test_a_reopened_index_embeds_and_writes_nothing(store, opened, tmp_path):
    first, counted = opened()
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
    index.refresh()
    counted.texts.clear()
    changed = KELP.replace("200 calibration", "500 calibration") + "- A third point on moss.\n"
    store.save(read_submission(changed.encode(), "kelp-quantization.md"))
    assert found(store, index, "calibration pictures")[0] == "It needs 500 calibration pictures of seaweed."
    assert sorted(text.partition(". ")[2] for text in counted.texts if text != "calibration pictures") == [
        "A third point on moss.",
        "It needs 500 calibration pictures of seaweed.",
    ]
    assert all("200 calibration" not in text for text in found(store, index, "calibration", limit=100))


def test_another_index_sees_the_change_without_embedding_it(store, opened):
    (first, _), (second, counted) = opened(), opened()
    first.refresh()
    second.refresh()
    store.save(read_submission(KELP.replace("200", "300").encode(), "kelp-quantization.md"))
    first.refresh()
    assert found(store, second, "calibration pictures")[0].startswith("It needs 300")
    assert counted.texts == ["calibration pictures"]


DAMAGE = {
    "no vectors": lambda folder: next(folder.glob("vectors-*")).unlink(),
    "cut vectors": lambda folder: cut(next(folder.glob("vectors-*"))),
    "other vectors": lambda folder: next(folder.glob("vectors-*")).write_bytes(b"IwFl" * 99),
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


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_index_is_made_anew(store, opened, tmp_path, name):
    first, _ = opened()
    before = first.search("anchor pruning", 8)
    first.close()
    DAMAGE[name](tmp_path / "index")
    again, _ = opened()
    assert again.search("anchor pruning", 8) == before


def test_words_that_break_while_in_use_are_made_anew(store, opened, tmp_path):
    index, _ = opened()
    before = index.search("anchor pruning", 8)
    index._lexical.close()
    (tmp_path / "index" / "words.sqlite").write_bytes(b"no database at all " * 999)
    assert index.search("anchor pruning", 8) == before


def test_vectors_of_another_model_or_store_are_not_used(store, opened, tmp_path):
    first, _ = opened()
    first.refresh()

    class Other(WordVectors):
        name = "another model"

    index, counted = opened(Other())
    index.refresh()
    assert len(counted.texts) == len(store.findable())
    with_other_store = Store(tmp_path / "other.sqlite")
    with_other_store.save(read_submission(KELP.encode(), "kelp-quantization.md"))
    fresh = Index(tmp_path / "index", with_other_store, WordVectors())
    assert {hit.row for hit in fresh.search("seaweed", 9)} == set(with_other_store.findable())
    fresh.close()
    with_other_store.close()


def test_a_long_embedding_that_was_broken_off_goes_on(store, opened, monkeypatch):
    monkeypatch.setattr("knowledge.index.SLAB", 4)

    class Broken(WordVectors):
        calls = 0

        def embed(self, texts):
            Broken.calls += 1
            if Broken.calls == 3:
                raise RuntimeError("out of power")
            return super().embed(texts)

    index, _ = opened(Broken())
    with pytest.raises(RuntimeError, match="out of power"):
        index.refresh()
    again, counted = opened()
    again.refresh()
    assert len(counted.texts) == len(store.findable()) - 8


def test_the_manifest_names_what_it_covers(store, opened, tmp_path):
    index, _ = opened()
    index.refresh()
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert sorted(manifest["passages"]) == sorted(store.findable().values())
    assert manifest["owner"] == f"{store.identity()}:{WordVectors.name}" and manifest["token"] == store.token()
    names = {path.name for path in (tmp_path / "index").iterdir()}
    assert names == {"lock", "manifest.json", manifest["file"], "words.sqlite"} | (
        names & {"words.sqlite-wal", "words.sqlite-shm"}
    )


def test_vectors_are_exact_and_never_change(tmp_path):
    rng = np.random.default_rng(0)
    data = rng.standard_normal((50, 8)).astype(np.float32)
    data /= np.linalg.norm(data, axis=1, keepdims=True)
    ids = {row * 10: f"{row:016x}" for row in range(50)}
    vectors = Vectors("me", 8).add(ids, data)
    order = np.argsort(-(data @ data[7]), kind="stable") * 10
    assert [row for row, _ in vectors.search(data[7], 5)] == order[:5].tolist()
    assert [row for row, _ in vectors.search(data[7], 5, only=[10, 20, 30])] == [
        row for row in order if row in (10, 20, 30)
    ]
    assert 70 not in [row for row, _ in vectors.search(data[7], 50, without=[70])]
    fewer = vectors.keep({row: name for row, name in ids.items() if row != 70})
    assert len(fewer.search(data[7], 99)) == 49 and len(vectors.search(data[7], 99)) == 50
    save_vectors(tmp_path, fewer)
    read_back = load_vectors(tmp_path, "me", 8)
    assert read_back.passages == fewer.passages and read_back.search(data[3], 4) == fewer.search(data[3], 4)
    assert load_vectors(tmp_path, "you", 8).passages == {} and load_vectors(tmp_path, "me", 9).passages == {}


def test_an_index_that_cannot_be_written_is_named(store, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnusableStore, match="cannot be written"):
        Index(tmp_path / "file", store, WordVectors()).refresh()
    (tmp_path / "words.sqlite").mkdir()
    lexical = LexicalIndex(tmp_path / "words.sqlite", "me")
    with pytest.raises(UnusableStore, match="cannot be used"):
        lexical.refresh("t", {}, lambda rows: {})
