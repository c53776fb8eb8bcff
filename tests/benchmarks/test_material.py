"""Data folders are made once for what is in them, whole or not at all; gold that stands nowhere is refused."""

import pytest

from benchmarks.dialogues import material as dialogues_material
from benchmarks.dialogues.material import Shelf, check_gold, passages_of, resolve
from benchmarks.dialogues.scripts import BadDialogue, Dialogue, Gold, Turn
from tests.knowledge.fictional import CORAL, Counted, WordVectors


@pytest.fixture
def material(tmp_path):
    folder = tmp_path / "submissions"
    (folder / "reef").mkdir(parents=True)
    (folder / "reef" / "coral.md").write_text(CORAL, encoding="utf-8")
    return folder


def dialogue(papers, *places):
    turns = (Turn("?", "number", "facts", gold=tuple(Gold("", (place,)) for place in places)),)
    return Dialogue("made", "", papers, False, turns)


def test_a_folder_is_made_once_and_anew_when_its_files_change(tmp_path, material):
    embedder = Counted(WordVectors())
    shelf = Shelf(tmp_path / "cache", material, embedder)
    collection, ids = shelf.open(["reef"])
    with collection:
        papers = resolve(dialogue(("import:reef", "integral-pruning"), ()), ids, collection)
        assert [paper.id for paper in papers] == [ids["reef"], "integral-pruning"]
        assert not collection.pending()
    [made] = (shelf.cache / "homes").iterdir()
    again, same = shelf.open(["reef"])
    again.close()
    assert same == ids and list((shelf.cache / "homes").iterdir()) == [made]
    (material / "reef" / "coral.md").write_text(CORAL.replace("Coral", "Sponge"), encoding="utf-8")
    shelf.open(["reef"])[0].close()
    assert len(list((shelf.cache / "homes").iterdir())) == 2


def test_two_that_make_the_same_folder_at_once_both_get_it(tmp_path, material, monkeypatch):
    shelf, other = (Shelf(tmp_path / "cache", material, WordVectors()) for _ in range(2))
    take_in = dialogues_material.take_in

    def overtaken(*arguments):
        monkeypatch.setattr(dialogues_material, "take_in", take_in)
        other.open(["reef"])[0].close()
        return take_in(*arguments)

    monkeypatch.setattr(dialogues_material, "take_in", overtaken)
    collection, ids = shelf.open(["reef"])
    with collection:
        assert ids["reef"] in {paper.id for paper in collection.submissions()}
    assert len(list((shelf.cache / "homes").iterdir())) == 1


def test_what_cannot_be_imported_leaves_nothing_behind(tmp_path, material):
    (material / "bad").mkdir()
    (material / "bad" / "thread.json").write_text("{", encoding="utf-8")
    shelf = Shelf(tmp_path / "cache", material, WordVectors())
    with pytest.raises(BadDialogue, match=r"submissions/bad: .*thread\.json"):
        shelf.open(["bad"])
    assert list((shelf.cache / "homes").iterdir()) == []


def test_gold_must_stand_in_a_passage_of_the_papers_named(tmp_path, material):
    shelf = Shelf(tmp_path / "cache", material, WordVectors())
    collection, ids = shelf.open([])
    with collection:
        place = ("notes", "leaves 28.9 % of the dense MACs")
        named = dialogue(("integral-pruning",), place)
        check_gold(named, passages_of(collection, resolve(named, ids, collection)))
        other = dialogue(("soft-weight-sharing",), place)
        with pytest.raises(BadDialogue, match=r"made\.toml, turn 1, gold: 'leaves 28\.9"):
            check_gold(other, passages_of(collection, resolve(other, ids, collection)))
        with pytest.raises(BadDialogue, match="no submission 'nowhere'"):
            resolve(dialogue(("nowhere",)), ids, collection)
