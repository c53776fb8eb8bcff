"""Tables in three ways of writing become cells that know their row and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.tables import read_table
from knowledge.types import Locator, Passage

BARS = "Table 7: Recall in %.\nMethod | Small, 2 bit | Small, 3 bit\nPlain | 41.0 | 55.5\nHerring | 48.25 | 57.0"
SPACES = "Method          Rows left   Recall\nPlain           100 %       61.0\nHerring         40 %        58.5\nHerring         25 %        51.0"
LOST = "Table 2: Seconds.\nNet Units Weights (MB) Recall\nPlain 800 12.5 61.0\nTiny Herring 800 0.9 55.0\nTiny Herring 1600 1.8 57.5"


def passage(text, context=""):
    return Passage("t", text, Locator("s", "d", "4 Results", 0, len(text)), "paper", role="table", context=context)


def table_of(text, context=""):
    table = read_table(passage(text, context))
    assert table is not None
    return table


def cell(table, row, column):
    return [c.text for c in table.cells if c.row == row and c.column == column]


def test_bars_with_a_caption():
    table = table_of(BARS)
    assert (table.number, table.caption) == ("7", "Recall in %.")
    assert cell(table, "Herring", "Small, 2 bit") == ["48.25"]


def test_columns_set_apart_by_spaces():
    table = table_of(SPACES)
    assert cell(table, "Herring", "Recall") == ["58.5", "51.0"]
    assert table.cells[-1].others == (("Rows left", "25 %"),)


def test_columns_that_were_lost_are_found_by_the_numbers_at_the_end():
    table = table_of(LOST)
    assert cell(table, "Tiny Herring", "Weights (MB)") == ["0.9", "1.8"]


def test_a_later_part_takes_its_heads_from_the_context():
    table = table_of("Herring | 48.25 | 57.0", "Table 7: Recall in %.; Method | Small, 2 bit | Small, 3 bit")
    assert cell(table, "Herring", "Small, 3 bit") == ["57.0"]


def test_heads_may_be_numbers():
    table = table_of("Rows left | 50 % | 25 %\nPlain | 61.0 | 50.0\nHerring | 62.0 | 55.0")
    assert cell(table, "Herring", "25 %") == ["55.0"]


@pytest.mark.parametrize(
    "text", ["We ran it 3 times and got 4.5.\nIt was fine.", "One | two\nthree | four", "- 1.5 is more than 1.4"]
)
def test_prose_is_no_table(text):
    assert read_table(passage(text)) is None


@given(st.lists(st.lists(st.integers(0, 99), min_size=3, max_size=3), min_size=3, max_size=8))
def test_every_value_is_found_again(rows):
    lines = [f"row{i} | " + " | ".join(map(str, row)) for i, row in enumerate(rows)]
    table = table_of("\n".join(["Name | a | b | c", *lines]))
    assert [[int(c.text) for c in table.row(f"row{i}")] for i in range(len(rows))] == rows


def test_a_head_over_several_columns_is_of_each_of_them():
    table = table_of(
        "Method |  | CIFAR |  | ImageNet |\n | Layers | Top-1 | MB | Top-1 | MB\nGull | 9 | 78.4 | 94 | 76.6 | 98\nTern | 8 | 74.9 | 31 | 72.0 | 34"
    )
    assert table.columns == ("Layers", "CIFAR, Top-1", "CIFAR, MB", "ImageNet, Top-1", "ImageNet, MB")
    assert cell(table, "Tern", "ImageNet, MB") == ["34"]


def test_heads_that_lost_their_last_empty_cells_keep_their_places():
    table = table_of("Method | CIFAR\n | Top-1 | MB\nGull | 78.4 | 94\nTern | 74.9 | 31")
    assert table.columns == ("CIFAR, Top-1", "CIFAR, MB")


@pytest.mark.parametrize("heading", ["Wide net |  |", "Wide net"])
def test_a_row_of_one_text_heads_the_rows_below(heading):
    table = table_of(
        f"Method | Top-1 | MB\n{heading}\nGull | 78.4 | 94\nTern | 74.9 | 31\nDeep net |  |\nGull | 80.1 | 150"
    )
    assert cell(table, "Wide net, Tern", "MB") == ["31"]
    assert cell(table, "Deep net, Gull", "Top-1") == ["80.1"]


def test_a_label_that_is_left_empty_is_the_one_above():
    table = table_of("Net | Method | Top-1\nWide | Gull | 78.4\n | Tern | 74.9\nDeep | Gull | 80.1")
    assert cell(table, "Wide, Tern", "Top-1") == ["74.9"]


def test_columns_printed_twice_side_by_side_are_put_under_each_other():
    table = table_of(
        "Model(1) | Top-1 | MB | Model | Top-1 | MB\nGull | 78.4 | 94 | Tern | 74.9 | 31\nKnot | 70.0 | 40 | Ruff | 71.5 | 38"
    )
    assert table.columns == ("Top-1", "MB")
    assert cell(table, "Ruff", "Top-1") == ["71.5"]


def test_settings_that_recur_before_the_words_belong_to_the_label():
    table = table_of("GPUs | Method | Top-1\n4 | Gull | 78.4\n4 | Tern | 74.9\n8 | Gull | 78.1\n8 | Tern | 73.3")
    assert cell(table, "GPUs 8, Tern", "Top-1") == ["73.3"]


def test_marks_of_bold_type_and_of_footnotes_are_no_part_of_a_value():
    assert cell(table_of("Method | Top-1\nGull* | **78.4**\nTern | 74.9†"), "Gull", "Top-1") == ["78.4"]
