"""Entries and events become what the page shows, live and stored alike."""

from agent.events import (
    AnswerPart,
    AnswerReady,
    ExperimentProposed,
    RunProgress,
    ToolCalled,
    ToolReturned,
    VerdictReached,
    WordsDropped,
)
from agent.history import Entry, WaitingRun
from tests.ui.fakes import EXPERIMENT, ROWS, VERDICT, an_answer
from ui.view import LateVerdict, TurnView, add_events, answer_of, last_turn, runs_of, view_conversation, view_turn

DIGEST = EXPERIMENT.digest
PROPOSED = ExperimentProposed(
    DIGEST, "a claim", EXPERIMENT.to_json(), 40.0, False, False, ("direction only",)
).to_json()
ASKED_FIRST = {**PROPOSED, "needs_consent": True}
PROGRESS = RunProgress(DIGEST, 0.4, "seed 2 of 5", 24.0).to_json()
REACHED = VerdictReached(DIGEST, "a claim", VERDICT.to_json(), tuple(r.__dict__ for r in ROWS), False).to_json()
ANSWER = AnswerReady(an_answer("soft-weight-sharing"), 1).to_json()["answer"]


def waiting(state: str, turn: int = 1) -> WaitingRun:
    return WaitingRun("c", turn, DIGEST, "a claim", EXPERIMENT.to_json(), "", state)  # type: ignore[arg-type]


def turn_with(*events, turn: int = 1) -> tuple[Entry, Entry]:
    return Entry(turn, "user", {"text": f"q{turn}"}), Entry(turn, "answer", {"answer": ANSWER, "events": list(events)})


def test_a_live_turn_gathers_its_events_in_order():
    turn = view_turn("q", ())
    add_events(turn, [ToolCalled("t", "search", {}, "searching").to_json()])
    assert turn.pending and turn.tools[0].found is None
    add_events(turn, [ToolReturned("t", "search", "4 passages", 0.1).to_json()])
    assert (turn.tools[0].found, turn.tools[0].seconds) == ("4 passages", 0.1)
    add_events(turn, [AnswerPart("one ").to_json(), AnswerPart("two").to_json()])
    assert turn.words == "one two" and turn.answer is None
    add_events(turn, [AnswerReady(an_answer("soft-weight-sharing"), 3).to_json()])
    assert turn.answer == ANSWER and turn.turn == 3


def test_a_run_goes_from_plan_to_progress_to_verdict():
    turn = view_turn("q", [PROPOSED])
    (run,) = turn.runs
    assert run.state == "running" and run.experiment == EXPERIMENT.to_json() and run.changes == ("direction only",)
    add_events(turn, [PROGRESS])
    assert (run.progress.fraction, run.progress.left_s) == (0.4, 24.0)
    add_events(turn, [REACHED])
    assert run.state == "ended" and run.verdict == VERDICT.to_json() and len(run.rows) == len(ROWS)
    assert len(turn.runs) == 1


def test_a_stored_turn_shows_what_the_live_one_showed():
    stored = view_conversation(turn_with(PROPOSED, PROGRESS, REACHED))[0]
    live = view_turn("q1", [PROPOSED, PROGRESS, REACHED])
    assert isinstance(stored, TurnView) and stored.runs[0].verdict == live.runs[0].verdict
    assert stored.runs[0].rows == live.runs[0].rows and stored.runs[0].state == live.runs[0].state == "ended"


def test_a_plan_waits_only_while_history_waits_for_it():
    entries = turn_with(ASKED_FIRST)
    assert view_conversation(entries, [waiting("proposed")])[0].runs[0].state == "proposed"
    assert view_conversation(entries, [waiting("started")])[0].runs[0].state == "running"
    assert view_conversation(entries, [])[0].runs[0].state == "closed"


def test_a_plan_taken_up_later_points_down_instead_of_asking_again():
    first, second = turn_with(ASKED_FIRST), turn_with(PROPOSED, REACHED, turn=2)
    items = view_conversation([*first, *second], [])
    assert [item.runs[0].state for item in items] == ["moved", "ended"]
    assert [run.state for run in runs_of(items)] == ["ended"]


def test_a_run_of_a_stopped_turn_is_shown_from_history():
    entries = (Entry(1, "user", {"text": "q"}), Entry(1, "failure", {"message": "Stopped.", "stopped": True}))
    item = view_conversation(entries, [waiting("started")])[0]
    assert isinstance(item, TurnView) and item.failure == {"message": "Stopped.", "stopped": True}
    assert item.runs[0].state == "running" and item.runs[0].experiment == EXPERIMENT.to_json()


def test_a_late_verdict_keeps_its_place_and_its_plan():
    late = Entry(1, "verdict", {k: v for k, v in REACHED.items() if k != "event"})
    items = view_conversation([*turn_with(PROPOSED), *turn_with(turn=2), late])
    assert [type(item) for item in items] == [TurnView, TurnView, LateVerdict]
    assert items[2].question == "q1" and items[2].runs[0].experiment == EXPERIMENT.to_json()
    assert items[0].runs[0].state == "moved"
    (run,) = runs_of(items)
    assert run.state == "ended" and run.experiment is not None


def test_answers_are_found_by_turn():
    items = view_conversation([*turn_with(), *turn_with(turn=2)])
    assert answer_of(items, 2) == ANSWER and answer_of(items, 3) is None
    last = last_turn(items)
    assert last is not None and last.turn == 2 and last_turn([]) is None


def test_a_late_verdict_brings_its_own_experiment():
    late = {**REACHED, "experiment": EXPERIMENT.to_json(), "changes": ["direction only"]}
    items = view_conversation(
        [
            Entry(1, "user", {"text": "q"}),
            Entry(1, "failure", {"message": "Stopped.", "stopped": True}),
            Entry(1, "verdict", late),
        ]
    )
    run = items[-1].runs[0]
    assert isinstance(items[-1], LateVerdict)
    assert run.experiment == EXPERIMENT.to_json() and run.changes == ("direction only",)


def test_of_two_plans_in_one_answer_only_the_newer_waits():
    turn = view_turn("q", [ASKED_FIRST, {**ASKED_FIRST, "digest": "another"}])
    assert [run.state for run in turn.runs] == ["closed", "proposed"]


def test_words_that_are_no_answer_go():
    turn = view_turn(
        "q", [AnswerPart("I will look").to_json(), WordsDropped().to_json(), AnswerPart("It is").to_json()]
    )
    assert turn.words == "It is"
