"""The search by words by itself: what is searched for, what is read, what a question costs among many passages."""

import pytest

from knowledge import lexical as lexical_module
from knowledge.index import StoreSource
from knowledge.lexical import LexicalIndex, any_of, searched_words
from knowledge.readers.submission_file import read_submission
from tests.knowledge.fictional import KELP


def test_the_words_of_a_question():
    assert searched_words("What is the 8-bit speed-up at 76.1 %?") == ["8-bit", "bit", "speed-up", "speed", "76.1"]
    assert searched_words("What is it?") == []
    assert any_of(["8-bit", "or"]) == '"8-bit" OR "or"'


def test_words_of_other_documents_are_not_read_again(store, tmp_path, monkeypatch):
    lexical = LexicalIndex(tmp_path / "words.sqlite", store.identity())
    lexical.refresh(store.token(), StoreSource(store))
    read = []
    monkeypatch.setattr(StoreSource, "fields", lambda self, rows: read.extend(rows) or dict.fromkeys(rows, ("", "x")))
    changed = KELP.replace("200 calibration", "500 calibration")
    store.save(read_submission(changed.encode(), "kelp-quantization.md"))
    lexical.refresh(store.token(), StoreSource(store))
    assert len(read) == 1 and dict(lexical.passages()) == store.findable()
    lexical.close()


@pytest.fixture
def many():
    """An index of 60 passages: all hold "common", every sixth "layer", one "kelp"."""

    class Many:
        def documents(self):
            return {1: "as it is"}

        def passages_of(self, documents):
            return [(row, f"{row:016x}", 1) for row in range(60)]

        def fields(self, rows):
            words = {row: ["common"] + ["layer"] * (row % 6 == 0) + ["kelp"] * (row == 7) for row in rows}
            return {row: ("", " ".join(words[row])) for row in rows}

    return Many()


def test_among_many_passages_the_commonest_words_are_left_out(many, tmp_path, monkeypatch):
    index = LexicalIndex(tmp_path / "words.sqlite", "me")
    index.refresh("first", many)
    assert len(index.search("kelp layer common", 60) or []) == 60
    monkeypatch.setattr(lexical_module, "READ", 20)
    asked: list[str] = []
    monkeypatch.setattr(lexical_module, "any_of", lambda words: asked.append(" ".join(words)) or any_of(words))
    assert index.search("kelp layer common", 11) == [7, *range(0, 60, 6)]
    assert asked[-1] == "kelp layer"
    assert index.search("common kelp", 1) == [7]
    assert asked[-1] == "kelp"
    # What is found so may be too little: then all words are searched for.
    assert len(index.search("common kelp", 60) or []) == 60
    assert index.search("common kelp", 5, without=[7]) == [1, 2, 3, 4, 5]
    # Where nothing rarer is asked for, or the search is restricted, common words find their passages.
    assert len(index.search("common", 60) or []) == 60
    assert index.search("kelp common", 60, only=[5, 7]) == [7, 5]
    index.close()


def test_how_many_passages_hold_a_word_is_counted_anew_after_a_change(many, tmp_path, monkeypatch):
    index = LexicalIndex(tmp_path / "words.sqlite", "me")
    monkeypatch.setattr(lexical_module, "READ", 20)
    index.refresh("first", many)
    assert index.search("layer kelp", 11) == [7, *range(0, 60, 6)]
    assert index._holding == {"layer": 10, "kelp": 1}
    more = {1: "as it is", 2: "new"}
    monkeypatch.setattr(type(many), "documents", lambda self: more)
    monkeypatch.setattr(
        type(many), "passages_of", lambda self, documents: [(row, f"{row:016x}", 2) for row in range(60, 90)]
    )
    monkeypatch.setattr(type(many), "fields", lambda self, rows: dict.fromkeys(rows, ("", "layer")))
    index.refresh("second", many)
    assert index.search("layer kelp", 1) == [7]
    assert index._holding == {"layer": 20, "kelp": 1}
    index.close()
