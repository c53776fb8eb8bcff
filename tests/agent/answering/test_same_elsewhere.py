"""The rows told last in another column."""

from agent.answering.same_elsewhere import same_elsewhere
from agent.asked_figures import Asked
from agent.figures import figures_in
from agent.terms import terms_in
from tests.agent.answering.figure_asking import passage

TABLE = "Table 1: Accuracy in %\nMethod | Top-1 (%) | Top-5 (%)\nGull | 60.1 | 81.0\nHerring | 68.4 | 88.0\nPlover | 67.7 | 87.7\nTern | 67.3 | 87.9"
FIGURES = figures_in([passage("t0", TABLE, 0, "table")])
TOLD = frozenset(("t0", digits) for digits in ("68.4", "67.7", "67.3"))


def asked(text, elliptic=True):
    return Asked("value", terms_in(text), text=text, elliptic=elliptic)


def test_the_rows_told_last_in_the_column_that_is_named():
    lines = same_elsewhere(asked("Top-5?"), FIGURES, TOLD)
    assert len(lines) == 1
    assert all(part in lines[0].text for part in ("Herring 88.0", "Plover 87.7", "Tern 87.9", "Table 1"))
    assert "Gull" not in lines[0].text


def test_whether_their_order_stays():
    lines = same_elsewhere(asked("Top-5: same order?"), FIGURES, TOLD)
    assert lines[-1].text == "The order is not the same: here Herring, Tern, Plover."


def test_nothing_where_something_else_is_named_or_little_was_told():
    assert not same_elsewhere(asked("Top-5 of the walrus?"), FIGURES, TOLD)
    assert not same_elsewhere(asked("Top-5?"), FIGURES, frozenset(list(TOLD)[:1]))
    assert not same_elsewhere(asked("Top-5?", elliptic=False), FIGURES, TOLD)
