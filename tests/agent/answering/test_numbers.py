"""Figures of a paper: the exact one, two with the arithmetic, the ends of a column, and settings that do not occur."""

import pytest

from agent.answering.numbers import FIGURE_KINDS, answer, figure_query
from agent.checks import check_numbers
from agent.desk import Desk, Paper, PastTurn
from agent.draft import parse, write
from agent.events import Answer
from agent.gathered import Gathered, Searched
from agent.grounding import Evidence, ground
from agent.request import Request
from knowledge.types import Hit, Locator, Passage

HERRING = Paper("herring", "Herring: Sorting Weights by Tide")
RECALL = (
    "Table 1: Recall on the harbour set in %, mean of four runs.\nMethod | N18, 3 bit | N18, 2 bit | N50, 3 bit | N50, 2 bit\n"
    "Dense | 81.0 | 81.0 | 86.5 | 86.5\nRounding | 70.2 | 20.1 | 75.0 | 31.7\nGull | 78.8 | 61.4 | 84.9 | 68.0\nHerring | 79.1 | 63.9 | 85.2 | 70.5"
)
TIME = "Table 2: Minutes to sort on one laptop.\nMethod | N18 | N50\nGull | 12 | 31\nHerring | 3 | 8"
PROSE = "Sorting shrinks the file from 96 MB to 24 MB. On the Whelk corpus Herring reaches 55.4 % and Gull 53.1 %."


def _passage(identity, text, section, start, role=None):
    return Passage(
        identity,
        text,
        Locator("herring", "paper", section, start, start + len(text)),
        "paper",
        origin="record",
        role=role,
    )


PASSAGES = (
    _passage("t1", RECALL, "4.1 Recall", 0, "table"),
    _passage("t2", TIME, "4.2 Time", 1000, "table"),
    _passage("p1", PROSE, "4.3 Size", 2000),
)


def ask(message, *before):
    """The text of the grounded answer, and what was struck."""
    past = tuple(
        PastTurn(n, text, Request(text, ("lookup",), ("herring",)).to_json(), Answer(()))
        for n, text in enumerate(before)
    )
    desk = Desk((HERRING,), "herring", past)
    request = Request(message, ("lookup",), ("herring",))
    query = figure_query(request, desk)
    arguments = {"query": query, "kinds": FIGURE_KINDS, "submission": "herring", "aspects": None, "reviewer": None}
    gathered = Gathered((Searched(arguments, tuple(Hit(p, 1.0, 0.5) for p in PASSAGES)),))
    draft = parse(write(answer(request, gathered, desk)))
    grounded = ground(draft, Evidence(gathered.passages), HERRING, model="m", submission="herring", trusted=True)
    assert not grounded.struck
    return grounded.text


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("what recall does Herring have at 3 bits on N50?", "85.2 %"),
        ("recall of Gull on N18 with 2 bits", "61.4 %"),
        ("how many minutes does it take on N18?", "3 minutes"),
        ("how much smaller does the file get?", "from 96 MB to 24 MB"),
        ("how much smaller does the file get?", "(96 - 24) / 96 = 75.0 %"),
    ],
)
def test_the_figure_of_the_asked_setting_with_its_place(message, told):
    text = ask(message)
    assert told in text
    assert "Table" in text or "“" in text


def test_the_setting_that_a_follow_up_changes():
    assert "70.5 %" in ask("and at 2?", "what recall does Herring have at 3 bits on N50?")


@pytest.mark.parametrize(
    ("message", "sum_"),
    [
        ("Herring vs Gull on N18 at 2 bits, difference?", "63.9 - 61.4 = 2.5"),
        ("how far is Herring from dense on N50 at 3 bits", "85.2 - 86.5 = -1.3"),
        ("by which factor is it faster than Gull on N50? minutes", "31 / 8 = 3.88"),
    ],
)
def test_two_figures_with_the_arithmetic_shown(message, sum_):
    assert sum_ in ask(message)


def test_no_sum_is_made_of_figures_that_were_not_set_against_each_other():
    assert "Worked out" not in ask("Herring vs Plover on the Whelk corpus, difference in recall?")


def test_two_named_in_one_sentence_are():
    assert "55.4 - 53.1 = 2.3" in ask("Herring vs Gull on the Whelk corpus, difference?")


def test_a_follow_up_names_the_other_operand_alone():
    assert "79.1 - 78.8 = 0.3" in ask("vs Gull? difference please", "recall of Herring at 3 bits on N18")


def test_the_best_of_a_column_leaves_the_uncompressed_net_apart():
    text = ask("which method has the highest recall on N50 at 2 bits?")
    assert "Herring has the highest value for N50, 2 bit: 70.5" in text
    assert "for reference, Dense 86.5" in text


def test_the_fastest_is_the_one_with_the_least_time():
    assert "Herring has the lowest value for N50: 8" in ask("which is fastest on N50, in minutes?")


def test_a_setting_that_does_not_occur_is_said_with_the_nearest():
    text = ask("what recall at 4 bits on N50?")
    assert "no figure for 4 bits" in text
    assert "85.2" in text


def test_a_name_that_does_not_occur_gets_no_figure():
    assert "no figure for N101" in ask("recall on N101 at 3 bits?")


def test_a_share_in_per_cent_may_be_computed():
    source = [Passage("a", "112 against 71", Locator("s", "d", None, 0, 14), "paper")]
    assert check_numbers("(112 - 71) / 112 = 36.6 %", source) is None
    assert check_numbers("(112 - 71) / 112 = 39.6 %", source) is not None
