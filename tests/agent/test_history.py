"""What was said stays said: owners apart, verdicts once, nothing half-written."""

import threading

import pytest

from agent.errors import UnknownConversation
from agent.events import Answer, Citation, Sentence
from agent.history import History, answer_from_json

CITATION = Citation("c1", "p1", "s", "d", "notes", None, "Method", None, 0, 4, "text", "text", "our note", "a caveat")
ANSWER = Answer(
    (Sentence("A fact.", ("c1",), "fact", 0, True),),
    {"c1": CITATION},
    ({"digest": "d1"},),
    False,
    ("x: y",),
    "embedded",
    "s",
)


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def test_a_conversation_is_its_owners_alone(history):
    mine = history.create("me", "s")
    history.add_message(mine, "a question")
    assert history.conversation(mine, "me") is not None
    assert history.conversation(mine, "you") is None
    assert [c.id for c in history.conversations("me")] == [mine]
    assert history.conversations("you") == ()
    with pytest.raises(UnknownConversation):
        history.delete(mine, "you")


def test_empty_conversations_are_not_listed_and_titles_come_from_the_first_message(history):
    history.create("me")
    spoken = history.create("me")
    history.add_message(spoken, "What is new?\nSecond line")
    (listed,) = history.conversations("me")
    assert (listed.id, listed.title) == (spoken, "What is new?")


def test_answers_come_back_as_they_were(history):
    c = history.create("me")
    turn = history.add_message(c, "q")
    history.add_answer(c, turn, ANSWER, [{"event": "ToolCalled"}], {"intents": ["lookup"]})
    entry = history.entries(c)[-1]
    assert answer_from_json(entry.body["answer"]) == ANSWER
    assert entry.body["events"] == [{"event": "ToolCalled"}]


def test_edit_drops_the_turn_and_what_followed(history):
    c = history.create("me")
    for text in ("one", "two", "three"):
        history.add_answer(c, history.add_message(c, text), ANSWER, [], {})
    history.truncate(c, 2)
    assert [e.turn for e in history.entries(c)] == [1, 1]
    assert history.add_message(c, "two again") == 2


def test_a_verdict_is_delivered_once_however_many_try(history):
    c = history.create("me")
    turn = history.add_message(c, "check it")
    history.await_run(c, turn, "d1", "claim", {"testbed": "t"}, "", "started")
    (run,) = history.waiting_runs(c)
    won: list[bool] = []
    threads = [threading.Thread(target=lambda: won.append(history.deliver(run, {"digest": "d1"}))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert won.count(True) == 1
    assert [e.role for e in history.entries(c)].count("verdict") == 1
    assert history.waiting_runs(c) == ()


def test_an_answer_that_holds_the_verdict_closes_the_run(history):
    c = history.create("me")
    turn = history.add_message(c, "check it")
    history.await_run(c, turn, "d1", "claim", {}, "", "started")
    (run,) = history.waiting_runs()
    history.add_answer(c, turn, ANSWER, [], {}, delivered=("d1",))
    assert history.waiting_runs() == ()
    assert not history.deliver(run, {})
    assert [r.digest for r in history.run_requests(c)] == ["d1"]


def test_the_chairs_decision_is_kept_field_by_field(history):
    c = history.create("me")
    history.record_decision(c, 1, {"decision": "reject", "rating": 4.0, "confidence": None, "note": "n"})
    history.record_decision(c, 3, {"decision": None, "rating": None, "confidence": 5.0, "note": "m"})
    assert history.decision(c) == {"decision": "reject", "rating": 4.0, "confidence": 5.0, "note": "m", "turn": 3}
    assert history.decision("other") is None


def test_deleting_leaves_nothing(history):
    c = history.create("me")
    history.add_answer(c, history.add_message(c, "q"), ANSWER, [], {})
    history.record_decision(c, 1, {"decision": "reject"})
    history.delete(c, "me")
    assert history.entries(c) == ()
    assert history.decision(c) is None
    with pytest.raises(UnknownConversation):
        history.add_message(c, "again")


def test_two_histories_on_one_folder_see_each_other(tmp_path):
    first, second = History(tmp_path), History(tmp_path)
    c = first.create("me")
    first.add_message(c, "q")
    assert [x.id for x in second.conversations("me")] == [c]
    first.close()
    second.close()
