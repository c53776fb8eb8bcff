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
