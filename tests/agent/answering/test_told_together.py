"""Figures told in the last turns, set against each other; and sums of like figures only."""

import pytest

from agent.answering.told_together import told_together
from agent.asked_figures import Asked, terms_asked
from agent.cues import Intent
from agent.desk import Desk, PastTurn
from agent.events import Answer, Citation, Sentence
from agent.figures import figures_in
from agent.request import Request
from agent.told_figures import sets_told_against
from agent.understanding import understand
from tests.agent.answering.figure_asking import HERRING, ask, passage

TABLE = passage(
    "t0",
    "Table 1: Recall in %.\nNet | Dense | Herring | Weights kept\nGull-S | 79.8 | 79.1 | 50 %\nGull-B | 81.8 | 81.4 | 50 %\nGull-T | 72.2 | 70.3 | 50 %",
    0,
    "table",
)
FC2, FC3 = (
    passage(f"p{n}", f"Layer Fc{n} takes {a} ms dense against {b} ms sorted; the speed-up is {c}x.", 1000 * n)
    for n, a, b, c in ((2, "4.54", "1.24", "3.65"), (3, "1.52", "0.78", "1.95"))
)
FIGURES = figures_in([TABLE, FC2, FC3])


def turn(number: int, message: str, text: str, source: str, *added: str, intent: Intent = "evaluation") -> PastTurn:
    cited = Citation("1", source, "herring", "paper", "paper", None, None, None, 0, 1, "", "", "")
    said = [Sentence(t, ("1",), "fact") for t in (text, *added)]
    return PastTurn(number, message, Request(message, (intent,), ("herring",), topic=message).to_json(), Answer(tuple(said), {"1": cited}))  # fmt: skip


OF_CELLS = (
    turn(0, "Recall on Gull-B?", "Gull-B, Herring, Weights kept 50 %: 81.4 (Table 1).", "t0", "In the same row: Dense 81.8."),
    turn(1, "And on Gull-T?", "Gull-T, Herring, Weights kept 50 %: 70.3 (Table 1).", "t0", "In the same row: Dense 72.2."),
)  # fmt: skip
OF_PROSE = (turn(0, "timing of Fc2?", FC2.text, "p2"), turn(1, "And Fc3?", FC3.text, "p3", "Also on this:", FC2.text))


def told(message: str, past) -> str:
    asked = Asked("difference", terms_asked(message), text=message, elliptic=True)
    return "\n".join(s.text for s in told_together(asked, FIGURES, Desk((HERRING,), "herring", past)))


@pytest.mark.parametrize("message", ["How do they compare?", "Put the two side by side", "difference between them?"])
def test_the_two_figures_told_last_are_set_against_each_other(message):
    said = told(message, OF_CELLS)
    assert "Gull-B 81.4" in said and "Gull-T 70.3" in said and "81.4 - 70.3 = 11.1" in said and "50" not in said


@pytest.mark.parametrize(
    "message", ["Which of the two loses more?", "which one suffers more?", "Which of them drops more?"]
)
def test_of_two_changes_each_is_counted_from_the_uncompressed_one_beside_it(message):
    said = told(message, OF_CELLS)
    assert "largest for Gull-T" in said and "70.3 - 72.2 = -1.9" in said and "Gull-B: 81.4 - 81.8 = -0.4" in said


def test_figures_of_two_sentences_are_set_against_each_other_place_by_place():
    said = told("How do they compare?", OF_PROSE)
    assert FC2.text.rstrip(".") in said and "4.54 - 1.52 = 3.02" in said and "3.65 - 1.95 = 1.70" in said
    assert "4.54 - 0.78" not in said and "3.65 - 1.24" not in said


def test_what_was_set_against_each_other_is_asked_on_about():
    after = (*OF_CELLS, turn(2, "How do they compare?", "Herring: Gull-B 81.4, Gull-T 70.3", "t0", intent="difference"))
    assert "By this it is Gull-B." in told("Which is better?", after)


def test_the_message_is_read_as_a_comparison_whatever_the_reader_says():
    desk = Desk((HERRING,), "herring", OF_CELLS)
    for message in ("How do they compare?", "Which of the two loses more?"):
        assert understand(message, desk, lambda text, before: ("compare",)).intents == ("difference",)


@pytest.mark.parametrize(
    "message", ["How do the reviewers compare?", "Which of the two loses more on Gull-S?", "What do they promise?", "Is that better?"]
)  # fmt: skip
def test_what_names_something_else_is_no_question_on_the_two(message):
    assert sets_told_against(message, Desk((HERRING,), "herring", OF_CELLS)) is None


def test_without_a_second_figure_nothing_is_set_against_another():
    assert sets_told_against("How do they compare?", Desk((HERRING,), "herring", OF_CELLS[:1])) is None
    scored = (*OF_CELLS[:1], turn(1, "And the scores?", "R1 gives 7.", "t0", intent="scores"))
    assert sets_told_against("How do they compare?", Desk((HERRING,), "herring", scored)) is None


LATENCY = "Table 2: Latency on one phone.\nNet | Batch | Dense ms | Herring ms | Speed-up\nGull-S | 1 | 6.0 | 5.0 | 1.2x\nGull-S | 64 | 90.0 | 30.0 | 3.0x"


def test_sums_are_of_one_quantity_in_one_unit_and_of_one_row():
    said = ask("how much faster is Herring?", (LATENCY,), ())
    assert "90.0 / 30.0 = 3.00" in said or "6.0 / 5.0 = 1.20" in said
    for unlike in ("5.0 - 1.2", "30.0 - 6.0", "5.0 - 1 ", "5.0 - 30.0"):
        assert unlike not in said


def test_figures_of_two_sentences_are_not_subtracted_where_it_is_not_known_that_they_measure_one_thing():
    prose = ("Herring avoids 86.3 % of the MACs.", "The share of Gull is 17.07 % of the crates.")
    said = ask("Herring against Gull, what is the difference?", (), prose)
    assert "86.3 - 17.07" not in said
