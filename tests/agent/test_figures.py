"""What each number of a sentence, and of a table as files give it, belongs to."""

import pytest

from agent.figures import figures_in
from agent.fitting import borne
from agent.terms import holds, terms_in
from knowledge.types import Locator, Passage


def figures(text, role=None):
    place = Locator("d", "paper", "4 Results", 0, len(text))
    return figures_in([Passage("p", text, place, "paper", origin="record", role=role)])


@pytest.mark.parametrize(
    ("sentence", "whose"),
    [
        ("Gains of 3.6, 2.7, and 2.0 points are seen for conv2, conv4, and conv6.", {3.6: "conv2", 2.7: "conv4", 2.0: "conv6"}),
        ("The proposed Gull, Herring and Plover reach 68.4%, 67.7% and 67.3%.", {68.4: "Gull", 67.7: "Herring", 67.3: "Plover"}),
        ("Herring and Gull reach 27.2 and 26.8 BLEU, respectively.", {27.2: "Herring", 26.8: "Gull"}),
        ("Recall of Herring is 27.2, 26.8 and 26.1 at 4, 3 and 2 bits.", {27.2: "4 bits", 26.1: "2 bits"}),
        ("It keeps 44.2 % of the activations and 38.8 % of the weights.", {44.2: "activations"}),
        ("Ratios of 51.2, 22.1 and 40.6 are seen for LeNet, 32-layer ResNet and AlexNet, respectively.", {51.2: "LeNet", 22.1: "ResNet", 40.6: "AlexNet"}),
        ("Sorting takes Gull 65 minutes, against 124 for Herring and 17 for Plover.", {65: "Gull", 124: "Herring", 17: "Plover"}),
        ("Work falls 10 times in layer conv5 and only 1.2 times in conv1.", {10: "conv5", 1.2: "conv1"}),
        ("Gull has an error of 6.4 % on Whelk and 28.2 % on Limpet, against 5.0 % and 24.0 % told by its makers.", {5.0: "Whelk", 24.0: "Limpet"}),
        ("A pass takes 12 ms plain against 8 ms sorted.", {12: "plain", 8: "sorted"}),
        ("Herring takes 8.4 ms, of which 2.1 ms go to sorting; the gain is small.", {2.1: "sorting"}),
    ],
)  # fmt: skip
def test_whose_each_number_of_a_row_is(sentence, whose):
    found = {figure.value: figure for figure in figures(sentence)}
    for value, words in whose.items():
        assert all(holds(found[value].own, term) for term in terms_in(words)), found[value].bound
        others = [w for v, w in whose.items() if v != value and terms_in(w)[0] not in terms_in(words)]
        assert not any(holds(found[value].own, terms_in(other)[0]) for other in others), found[value].bound


def test_a_second_number_does_not_take_what_the_first_counts():
    found = {f.value: f.bound for f in figures("It keeps 44.2 % of the activations and 38.8 % of the weights.")}
    assert "weights" in found[38.8]
    assert "activations" not in found[38.8]


def test_two_values_in_a_cell_stand_apart_by_the_names_of_the_caption():
    table = 'Table 1: Error with "random"/"float net" start\nWhat | Uniform | Power\nWeights | 17.8%/8.18% | 11.7%/7.90%\nBoth | 28.9%/9.03% | 22.9%/11.68%'
    found = {f.value: f.cell.column for f in figures(table, "table") if f.cell is not None}
    assert found[17.8] == "Uniform, random"
    assert found[8.18] == "Uniform, float net"


def test_a_footnote_mark_that_stands_for_a_value_is_dropped():
    table = "Table 3: Size\nModel | Method | Gradient Size | Ratio\nA | Base | 232.5 MB | 1 ×\nA | Tern | 1 | 29.1 MB\nB | Base | 97.4 MB | 1 ×\nB | Ours | 0.35 MB | 277 ×"
    found = {f.bound: f.written for f in figures(table, "table")}
    assert found["A, Tern; Gradient Size"] == "29.1 MB"
    assert "A, Tern; Ratio" not in found


def test_a_table_that_needs_no_mending_stays():
    table = "Table 1: Recall\nMethod | N18 | N50\nGull | 1 | 75.0\nHerring | 2 | 85.2"
    assert [f.written for f in figures(table, "table")] == ["1", "75.0", "2", "85.2"]


def test_items_of_lists_and_parts_of_words_are_no_figures():
    assert [f.value for f in figures("2) Sorting raises recall from 61.4 to 63.9 on 2D nets.")] == [61.4, 63.9]


def test_the_number_of_a_chip_is_no_figure():
    found = {
        f.value: f
        for f in figures("At 4-bit precision, on one RTX 3090, Gull takes 65 minutes, against 17 for Herring.")
    }
    assert sorted(found) == [4, 17, 65]
    assert found[17].measures == found[65].measures


def test_the_number_of_a_preprint_is_no_figure():
    assert [f.value for f in figures("An earlier paper (arXiv 1805.08691) is 2.9 times as fast.")] == [2.9]


def test_a_number_alone_in_a_formula_is_a_figure():
    found = figures(r"Sorting raises recall from $83\%$ to $87.5\%$ with $k = 4$ heaps.")
    assert [(f.value, f.unit) for f in found] == [(83.0, "%"), (87.5, "%")]


def test_a_figure_knows_where_it_stands():
    found = figures("At 2.5 times the size Gull reaches 2.5 points more.")
    assert [f.sentence[f.at :].startswith("2.5") for f in found] == [True, True]
    assert found[0].at < found[1].at


def test_what_a_sentence_tells_of_another_number_is_hardly_of_this_one():
    found = {f.value: f for f in figures("Sorting takes Gull 65 minutes, against 124 for Herring and 17 for Plover.")}
    plover = terms_in("Plover")[0]
    assert borne(plover, found[17]) > 2 * borne(plover, found[65])
    assert borne(plover, found[17]) > 2 * borne(plover, found[124])


def test_a_run_of_hyphens_and_a_chain_of_labels_are_read_at_once():
    from agent.decision_forms import FORMS
    from agent.figure_checks import _UP_TO

    assert _UP_TO.fullmatch(f" {'a-' * 60} !") is None and _UP_TO.fullmatch(f" in{'-' * 60} !") is None
    assert all(form.search(f"reject {'and a reject ' * 25}{'now, ' * 40}x y") is not ... for form in FORMS)
