"""Shares worked out: of a whole, of a loss that is won back, of a gain that is reached, on a fictional paper."""

import pytest

from agent.answering.share_words import asks_for_share
from tests.agent.answering.figure_asking import ask

TABLES = (
    "Table 1: Recall in % on the harbour set.\nMethod | N18 | N50\nDense | 81.0 | 86.5\nGull 2:4 | 71.0 | 80.5\nHerring | 75.0 | 82.0",
    "Table 2: Recall in % by way of sorting.\nSorting | Calm | Storm\nfixed order | 40.0 | 30.0\nbest single order | 46.0 | 33.0\nper layer (Herring) | 50.0 | 40.0",
)
PROSE = (
    "On N18 a pass takes 12.0 ms dense against 8.0 ms sorted, of which 2.0 ms go to stirring.",
    "On the tidal tasks the score is 60.0 when dense, 50.0 with Gull at 70 % and 54.0 with Herring.",
)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("What share of Gull's loss on N18 does Herring win back?", ["75.0 - 71.0 = 4.0", "81.0 - 71.0 = 10.0", "= 40.0 %"]),
        ("N50: how much of the gap that Gull has to the dense net does it close?", ["(82.0 - 80.5) / (86.5 - 80.5) = 25.0 %"]),
        ("which share of the sorted time is spent on stirring", ["“On N18 a pass", "2.0 / 8.0 = 25.0 %"]),
        ("On the tidal tasks, what part of the score that Gull loses is recovered by Herring?", ["(54.0 - 50.0) / (60.0 - 50.0) = 40.0 %"]),
        ("percentage of the gap between Gull and dense that Herring closes, N50?", ["= 25.0 %"]),
        ("how large a share of the sorted time does stirring take?", ["2.0 / 8.0 = 25.0 %"]),
        ("And stirring, as a share of the sorted time?", ["2.0 / 8.0 = 25.0 %"]),
        ("what percentage of the dense recall does Herring keep on N50?", ["82.0 / 86.5 = 94.8 %"]),
        ("Of the gain over the fixed order in a storm, what share is already reached by the best single order?", ["= 30.0 %"]),
        ("What fraction of the improvement over the fixed order does the best single order reach, on either sea?", ["= 60.0 %", "= 30.0 %"]),
    ],
)  # fmt: skip
def test_a_share_is_worked_out_with_its_figures(message, told):
    text = ask(message, TABLES, PROSE)
    assert all(part in text for part in told), text


def test_this_share_is_that_of_the_question_before():
    prose = (
        *PROSE,
        "On N50 a pass keeps 10 % of the inputs and takes 30.0 ms dense against 20.0 ms sorted, of which 7.0 ms go to stirring.",
    )
    before = "which share of the sorted time is spent on stirring on N18?"
    assert "7.0 / 20.0 = 35.0 %" in ask("and this share for N50?", TABLES, prose, before)


@pytest.mark.parametrize(
    "message",
    ["What share of the weights does Herring keep?", "Which part of the paper is on N18?", "how much of it is new"],
)
def test_what_a_source_gives_as_a_share_is_not_worked_out(message):
    assert not asks_for_share(message)


def test_figures_that_are_no_part_of_each_other_give_no_share():
    assert "/" not in ask("which share of the sorted time is spent on the recall of N50", TABLES[:1], PROSE[:1])
