"""Comparisons of figures: both with their place, the arithmetic, what the message supposed, and what is missing or cannot be compared."""

import pytest

from agent.answering.contrasts import Contrast
from agent.answering.pairs import named_pair
from agent.answering.setting_against import UNSURE, nearest
from agent.answering.supposed_figures import supposed_in
from agent.asked_figures import Asked
from agent.desk import Desk
from agent.figures import figures_in
from tests.agent.answering.figure_asking import ask, passage

TABLES = (
    "Table 1: Recall on the harbour set in %, mean of four runs.\nMethod | N18, 3 bit | N18, 2 bit | N50, 3 bit | N50, 2 bit\n"
    "Dense | 81.0 | 81.0 | 86.5 | 86.5\nRounding | 70.2 | 20.1 | 75.0 | 31.7\nGull | 78.8 | 61.4 | 84.9 | 68.0\nHerring | 79.1 | 63.9 | 85.2 | 70.5",
    "Table 2: Minutes to sort on one laptop.\nMethod | N18 | N50\nGull | 12 | 31\nHerring | 3 | 8",
    "Table 3: Recall in % by step, N18 at 2 bits.\nVariant | Before sorting | After sorting\nHerring | 41.2 | 63.9\nwithout folding | 40.8 | 60.1",
)
PROSE = (
    "Sorting shrinks the file from 96 MB to 24 MB.",
    "On the Whelk corpus Herring reaches 55.4 % and Gull 53.1 %.",
    "Gull was never run on the Limpet corpus.",
    "Herring keeps 12.5 % of the weights, a factor of 8.",
    "Table 2 sets different architectures side by side.",
)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Herring vs Gull on N50 with 2 bits, subtract them", ["70.5", "68.0", "70.5 - 68.0 = 2.5"]),
        ("how far behind dense does Herring end on N18 at 2 bits", ["63.9", "81.0", "63.9 - 81.0 = -17.1"]),
        ("N50 at 3 bits: what is the lead over Gull?", ["85.2", "84.9", "85.2 - 84.9 = 0.3"]),
        ("N18 at 2, gain?", ["63.9", "61.4", "63.9 - 61.4 = 2.5"]),
        ("how many times faster than Gull does Herring sort N18?", ["12 / 3 = 4.00"]),
        ("Whelk: Herring minus Gull, please", ["55.4 - 53.1 = 2.3"]),
        ("by how much does the file shrink, as a factor", ["96 / 24 = 4.00"]),
        ("what does the folding bring after sorting?", ["63.9", "60.1", "63.9 - 60.1 = 3.8"]),
        ("recall on N50 at 3 and at 2 bits for Herring, difference", ["85.2", "70.5", "14.7"]),
    ],
)
def test_both_figures_and_the_arithmetic(message, told):
    text = ask(message, TABLES, PROSE)
    assert all(part in text for part in told), text
    assert "Table" in text or "“" in text


def test_what_is_set_against_two_things_is_told_for_each():
    text = ask("N50 at 2 bits: Herring against Gull and against Rounding", TABLES, PROSE)
    assert "70.5 - 68.0 = 2.5" in text
    assert "70.5 - 31.7 = 38.8" in text


def test_two_changes_are_set_against_each_other():
    text = ask("at 2 bits, is the loss against dense larger on N18 or on N50?", TABLES, PROSE)
    assert "63.9 - 81.0 = -17.1" in text
    assert "70.5 - 86.5 = -16.0" in text
    assert "larger for N18" in text


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("for which of the nets is the lead over Gull largest", ["largest for", "63.9 - 61.4 = 2.5"]),
        ("at which setting is the gap between Herring and Gull smallest", ["smallest for", "The others:"]),
    ],
)
def test_where_a_change_is_largest_is_told_with_the_others(message, told):
    text = ask(message, TABLES, PROSE)
    assert all(part in text for part in told), text


def test_what_answers_no_figure_is_not_set_against_another():
    assert " = " not in ask("how does it do on the Cockle corpus with 7 layers?", TABLES, PROSE)


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ("N50 at 2 bits: Herring is 2.5 points ahead of Gull, correct?", "agrees with the 2.5"),
        ("N50 at 2 bits: Herring is about 9 points ahead of Gull, right?", "does not come to the 9"),
        ("so the file is about 4 times smaller?", "agrees with the 4"),
        ("so the file is 60 % smaller?", "does not come to the 60"),
    ],
)
def test_a_supposed_change_is_held_against_the_sum(message, verdict):
    assert verdict in ask(message, TABLES, PROSE)


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("do 12.5 % and a factor of 8 go together?", "The two agree"),
        ("are 12.5 % and a factor of 5 consistent?", "do not fit"),
    ],
)
def test_two_figures_of_a_message_are_held_against_each_other(message, word):
    assert word in ask(message, TABLES, PROSE)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "is Herring's 70.5 the highest recall in the table for N50 at 2 bits?",
            ["Yes", "70.5", "for reference, Dense 86.5"],
        ),
        ("is 68.0 the best value in that column?", ["No", "Herring 70.5"]),
        ("is 8 minutes the lowest in Table 2?", ["Yes"]),
    ],
)
def test_where_a_figure_stands_in_its_column(message, told):
    text = ask(message, TABLES, PROSE)
    assert all(part in text for part in told), text


def test_a_comparison_that_was_never_made_is_said_to_be_none():
    text = ask("By how much does Herring beat Gull on Limpet?", TABLES, PROSE)
    assert "never run" in text
    assert "Worked out" not in text


def test_whether_rows_can_be_compared_is_told_from_the_sources():
    assert "side by side" in ask("can one even compare those rows?", TABLES, PROSE)


def test_figures_of_two_quantities_are_not_subtracted():
    text = ask("Herring against Plover on the Whelk corpus, difference in recall?", TABLES, PROSE)
    assert "Worked out" not in text


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("about 19 points better, no?", [(19.0, "point", True)]),
        ("at 45 % sparsity", []),
        ("so 40 % smaller", [(40.0, "%", True)]),
        ("a factor of 3.5", [(3.5, "", True)]),
        ("it runs 2x faster", [(2.0, "x", True)]),
    ],
)
def test_which_numbers_read_as_results(message, found):
    assert [(n.value, n.unit, n.change) for n in supposed_in(message)] == found


@pytest.mark.parametrize(
    "message",
    [
        "Table 1, N50 at 2 bits: Herring vs Gull",
        "N50 at 2 bits, the two of them: Herring against Gull",
    ],
)
def test_what_counts_or_says_where_to_look_is_no_setting(message):
    assert "70.5 - 68.0 = 2.5" in ask(message, TABLES, PROSE)


def test_numbers_of_formulas_and_of_theorems_are_no_figures():
    text = "By Theorem 2 the error falls as $x_1 + 3$, from 4.5 to 3.5."
    assert [f.value for f in figures_in([passage("a", text, 0)])] == [4.5, 3.5]


def test_a_number_takes_its_quantity_from_the_one_before_it():
    figures = figures_in([passage("a", "The net has an accuracy of 71.2 % against 72.0 % for the dense net.", 0)])
    assert {f.value: [t.key for t in f.measures] for f in figures} == {71.2: ["<accuracy>"], 72.0: ["<accuracy>"]}


def test_a_desk_without_a_past_has_told_nothing():
    from agent.answering.setting_against import told_before

    assert told_before(Desk(())) == frozenset()


def test_of_a_question_that_leaves_the_net_open_every_net_is_told():
    table = "Table 1: Recall on the harbour set in %.\nMethod | N18 | N50 | N101\nDense | 81.0 | 86.5 | 88.0\nGull | 70.2 | 75.0 | 79.9\nHerring | 79.1 | 85.2 | 87.3"
    text = ask("how far behind dense does Herring end, each", [table], [])
    assert all(sum_ in text for sum_ in ("79.1 - 81.0 = -1.9", "85.2 - 86.5 = -1.3", "87.3 - 88.0 = -0.7"))


def test_what_only_comes_near_is_told_as_that():
    figures = {f.value: f for f in figures_in([passage("t0", TABLES[1], 0, "table"), passage("p0", PROSE[1], 1000)])}
    pairs = [named_pair(figures[3], figures[12]), named_pair(figures[55.4], figures[53.1])]
    found = [Contrast(pair, 1.0, frozenset(), 0.1, 0.1) for pair in pairs]
    lines = nearest(found, Asked("difference", (), text="the difference?"))
    assert lines[0].text == UNSURE
    assert "3 - 12 = -9" in lines[1].text
    assert "55.4 %" in lines[2].text
    assert lines[-1].text == "Worked out: 55.4 - 53.1 = 2.3."
    assert not nearest(
        [Contrast(pairs[0], 1.0, frozenset(), 0.01, 0.01)], Asked("difference", (), text="the difference?")
    )


def test_several_rivals_are_each_set_against_the_same():
    prose = "On Whelk Herring reaches a compression rate of 162x, against 108x for Gull and 39x for Tern."
    text = ask("Whelk: compression rate of Herring against the two competitors, as a factor", [], [prose])
    assert "162 / 108 = 1.50" in text
    assert "162 / 39 = 4.15" in text


def test_from_the_worst_to_the_best_is_told_with_the_difference():
    text = ask("recall on N50 at 2 bits: how far is the worst from the best", TABLES, [])
    assert "70.5" in text and "31.7" in text and "38.8" in text
