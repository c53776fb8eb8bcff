"""Comparisons of two things at once, of two changes, and those of the last answer made elsewhere, on a fictional paper."""

import pytest

from agent.answering.changes import asks_for_two_changes
from agent.answering.followed import followed
from agent.asked_figures import Asked
from agent.desk import Desk, PastTurn
from agent.events import Answer, Citation, Sentence
from agent.figures import figures_in
from agent.request import Request
from agent.terms import terms_in
from tests.agent.answering.figure_asking import HERRING, ask, passage

TABLE = "Table 1: Recall in %.\nMethod | N18 | N50\nDense | 81.0 | 86.5\nRounding | 70.2 | 75.0\nGull | 78.8 | 84.9\nHerring | 79.1 | 85.2"
COSTS = "Table 2: Costs on a phone.\nNet | Storage (MB) | Latency (ms)\nTypeA | 5.0 | 90.0\nTypeB | 6.0 | 99.0\nGull18 | 4.0 | 80.0"
PROSE = (
    "Sorting takes Herring 65 minutes, against 124 for Gull, 55 for Plover and 13 for Tern.",
    "For rare tides the recall falls from 0.7700 to 0.7650 under Herring. For the others it goes from 0.8100 to 0.8098.",
    "Whole nets have an error of 6.4 % on Whelk10 and 28.2 % on Whelk100, against 5.0 % and 24.0 % told by the makers of Tern.",
    "On the LeNet, tidal k-means reaches a compression ratio of 47.0 at 99.2 % accuracy, and plain k-means 44.0 at 99.2 %.",
    "On the AlexNet, tidal k-means reaches a compression ratio of 20.0 at 92.6 % accuracy, and plain k-means 18.0 at 92.5 %.",
)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("N50: by how many points is Herring better than Gull and than Rounding?", ["85.2 - 84.9 = 0.3", "85.2 - 75.0 = 10.2"]),
        ("By how many points is Herring behind Dense on N18, and by how many on N50?", ["79.1 - 81.0 = -1.9", "85.2 - 86.5 = -1.3"]),
        ("how many times slower than Tern is Herring?", ["65 / 13 = 5.00"]),
        ("TypeA over Gull18: percent more storage, percent more latency?", ["(5.0 - 4.0) / 4.0 = 25.0 %", "(90.0 - 80.0) / 80.0 = 12.5 %"]),
        ("the error of whole nets against what the makers of Tern told - gap on both Whelks?", ["5.0 - 6.4 = -1.4", "24.0 - 28.2 = -4.2"]),
        ("how much ratio does tidal k-means add over plain k-means on the AlexNet?", ["20.0 - 18.0 = 2.0"]),
    ],
)  # fmt: skip
def test_each_pair_that_a_message_asks_for_is_worked_out(message, told):
    text = ask(message, (TABLE, COSTS), PROSE)
    assert all(part in text for part in told), text


def test_two_changes_of_a_passage_are_set_against_each_other():
    text = ask("How much recall do rare tides lose, and how many times larger is the first loss?", (TABLE,), PROSE)
    assert "0.7700 - 0.7650 = 0.0050; 0.8100 - 0.8098 = 0.0002" in text
    assert "(0.7700 - 0.7650) / (0.8100 - 0.8098) = 25.0. The first change is the larger one." in text


def test_how_many_times_one_loss_is_another_is_told():
    text = ask("How many times larger is Rounding's loss against dense than Herring's on N50?", (TABLE,), ())
    assert "(86.5 - 75.0) / (86.5 - 85.2) = 8.85" in text
    text = ask("how many times larger is Gull's loss than Herring's on N18?", (TABLE,), ())
    assert "(81.0 - 78.8) / (81.0 - 79.1) = 1.16" in text


def test_by_how_much_one_change_is_larger_is_told():
    prose = ("Tuning raises the first net from 83.0 % to 87.0 % and the second from 77.8 % to 84.5 %.",)
    text = ask("which one gains more by tuning, and by how many points?", (), prose)
    assert "(84.5 - 77.8) - (87.0 - 83.0) = 2.7. The second change is the larger one." in text


def test_a_level_is_no_change():
    assert not asks_for_two_changes("Which method comes first in the second table?")


def _citation(identity: str) -> Citation:
    return Citation(identity, identity, "herring", "paper", "paper", None, None, None, 0, 1, "", "", "")


@pytest.mark.parametrize(
    ("sum_told", "message", "found"),
    [
        ("79.1 - 78.8 = 0.3", "and N50, relative?", [(85.2, 84.9)]),
        ("20.0 - 18.0 = 2.0", "and LeNet?", [(47.0, 44.0)]),
        ("20.0 - 18.0 = 2.0", "and on the Limpet net?", []),
        ("79.1 - 78.8 = 0.3", "and against Rounding on the Limpet corpus with 7 layers?", []),
    ],
)
def test_the_comparison_of_the_last_answer_is_made_elsewhere(sum_told, message, found):
    passages = [passage("t", TABLE, 0, "table"), *(passage(f"p{n}", t, 1000 * (n + 1)) for n, t in enumerate(PROSE))]
    cited = {p.id: _citation(p.id) for p in passages}
    figures = figures_in(passages)
    answer = Answer((Sentence(f"Worked out: {sum_told}.", tuple(cited), "fact"),), cited)
    past = PastTurn(0, "before", Request("before", ("difference",), ("herring",)).to_json(), answer)
    desk = Desk((HERRING,), "herring", (past,))
    asked = Asked("difference", terms_in(message), text=message, elliptic=True)
    assert [(p.first.value, p.second.value) for p in followed(asked, figures, desk)] == found
