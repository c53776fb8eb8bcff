"""A dialogue that does not keep to the format is refused with its file, turn and field."""

import pytest

from benchmarks.dialogues.scripts import FOLDER, BadDialogue, is_at, load_dialogues, read_dialogue

GOOD = """
about = "Two questions"
papers = ["coral-pruning", "import:reef"]
[[turn]]
ask = "What is left?"
type = "number"
act = "facts"
expect = ["13\\\\.7"]
gold = ["review-a :: limited novelty || it is not new", "* :: leaves 13.7 %"]
"""


def write(tmp_path, text):
    (tmp_path / "submissions" / "reef").mkdir(parents=True, exist_ok=True)
    path = tmp_path / "made.toml"
    path.write_text(text, encoding="utf-8")
    return read_dialogue(path, tmp_path / "submissions")


def test_a_dialogue_is_read_whole(tmp_path):
    found = write(tmp_path, GOOD)
    assert found.imports == ("reef",) and not found.adversarial
    [turn] = found.turns
    assert turn.expect[0].search("it is 13.7 %") and not turn.expect[0].search("13x7")
    assert turn.gold[0].places == (("review-a", "limited novelty"), ("review-a", "it is not new"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('type = "number"', 'type = "numbre"', "made.toml, turn 1, type: 'numbre'"),
        ('act = "facts"', 'act = "speak"', "made.toml, turn 1, act: 'speak'"),
        ('"13\\\\.7"', '"(13"', "made.toml, turn 1, expect: '(13' does not compile"),
        ("expect =", "expects =", "made.toml, turn 1: unknown field expects"),
        ('ask = "What is left?"', 'ask = " "', "made.toml, turn 1, ask: it is empty"),
        ("review-a :: limited", "limited", "made.toml, turn 1, gold: 'limited novelty"),
        ("* :: leaves 13.7 %", "* :: ", "lacks its fragment"),
        ("import:reef", "import:sand", "made.toml, papers: submissions/sand does not exist"),
        ('about = "Two questions"', "", "made.toml, about"),
        ("[[turn]]", "[[turns]]", "made.toml: unknown field turns"),
        ('papers = ["coral-pruning", "import:reef"]', 'papers = "coral"', "made.toml, papers"),
        ('about = "Two', "about = Two", "made.toml: no valid TOML"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(BadDialogue) as caught:
        write(tmp_path, GOOD.replace(old, new))
    assert message in str(caught.value)


def test_halves_part_all_dialogues_and_a_wrong_name_is_said():
    every = load_dialogues()
    assert {d.name for d in every} == {d.name for half in ("tuning", "reporting") for d in load_dialogues(half)}
    assert load_dialogues("tuning") and load_dialogues("reporting")
    assert len(load_dialogues(only=[every[0].name])) == 1
    with pytest.raises(BadDialogue, match="no dialogue nowhere"):
        load_dialogues(only=["nowhere"])
    assert len(every) == len(list(FOLDER.glob("*.toml")))


@pytest.mark.parametrize(
    ("document", "place", "there"),
    [
        ("coral/review-a", ("*", "limited novelty"), True),
        ("coral/review-a", ("review-a", "limited novelty"), True),
        ("coral/review-a", ("coral/review-a", "Limited novelty"), True),
        ("coral/review-b", ("review-a", "limited novelty"), False),
        ("coral/review-a", ("review-a", "unlimited"), False),
    ],
)
def test_a_gold_place_names_a_document_by_its_end_and_a_fragment(document, place, there):
    assert is_at(document, "It has limited\n  novelty.", place) is there
