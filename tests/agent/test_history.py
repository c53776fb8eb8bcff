"""What was said stays said: owners apart, verdicts once, nothing half-written."""

import json
import sqlite3
import threading

import pytest

from agent.errors import AgentError, UnknownConversation
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
    history.record_decision(c, 1, {"decision": "reject", "rating": 4.0, "confidence": None, "note": "n"}, "s")
    history.record_decision(c, 3, {"decision": None, "rating": None, "confidence": 5.0, "note": "m"}, "s")
    assert history.decision(c, "s") == {"decision": "reject", "rating": 4.0, "confidence": 5.0, "note": "m", "turn": 3}
    assert history.decision("other", None) is None


def test_a_decision_on_one_paper_is_none_on_another(history):
    c = history.create("me")
    history.record_decision(c, 1, {"decision": "reject"}, "one")
    history.record_decision(c, 2, {"rating": 8.0}, "two")
    assert history.decision(c, "one") == {"decision": "reject", "turn": 1}
    assert history.decision(c, "two") == {"rating": 8.0, "turn": 2}
    assert history.decision(c, "three") is None
    assert history.decision(c, None) == {"decision": "reject", "rating": 8.0, "turn": 2}


def test_deleting_leaves_nothing(history):
    c = history.create("me")
    history.add_answer(c, history.add_message(c, "q"), ANSWER, [], {})
    history.record_decision(c, 1, {"decision": "reject"}, "s")
    history.delete(c, "me")
    assert history.entries(c) == ()
    assert history.decision(c, None) is None
    with pytest.raises(UnknownConversation):
        history.add_message(c, "again")


def test_two_histories_on_one_folder_see_each_other(tmp_path):
    first, second = History(tmp_path), History(tmp_path)
    c = first.create("me")
    first.add_message(c, "q")
    assert [x.id for x in second.conversations("me")] == [c]
    first.close()
    second.close()


def test_messages_of_many_at_once_are_all_turns_of_their_own(tmp_path):
    opened = [History(tmp_path) for _ in range(4)]
    c = opened[0].create("me")
    start, turns = threading.Barrier(8), []

    def speak(history):
        start.wait()
        for _ in range(5):
            turns.append(history.add_message(c, "q"))

    threads = [threading.Thread(target=speak, args=(opened[n % 4],)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(turns) == list(range(1, 41))
    for history in opened:
        history.close()


def test_a_verdict_delivered_by_somebody_else_gives_way_to_the_answer_that_holds_it(history):
    c = history.create("me")
    turn = history.add_message(c, "check it")
    for digest in ("d1", "d2"):
        history.await_run(c, turn, digest, "claim", {}, "", "started")
    for run in history.waiting_runs(c):
        assert history.deliver(run, {"digest": run.digest})
    history.add_answer(c, turn, ANSWER, [], {}, delivered=("d1",))
    entries = [(e.role, e.body.get("digest")) for e in history.entries(c)]
    assert entries == [("user", None), ("verdict", "d2"), ("answer", None)]


def test_a_new_proposal_takes_the_place_of_the_older_one(history):
    c, other = history.create("me"), history.create("me")
    for conversation, digest in ((c, "d1"), (other, "d1"), (c, "d2")):
        turn = history.add_message(conversation, "check it")
        history.await_run(conversation, turn, digest, "claim", {}, "", "proposed")
    assert [r.digest for r in history.waiting_runs(c)] == ["d2"]
    assert [r.digest for r in history.waiting_runs(other)] == ["d1"]
    history.truncate(c, 2)
    assert [r.digest for r in history.waiting_runs(c)] == ["d1"]


@pytest.mark.parametrize("state", ["delivered", "declined"])
def test_dropping_the_turn_of_a_yes_or_no_lets_the_proposal_wait_again(history, state):
    c = history.create("me")
    history.await_run(c, history.add_message(c, "check it"), "d1", "claim", {}, "", "proposed")
    (proposal,) = history.waiting_runs(c)
    turn = history.add_message(c, "Yes, run it.")
    history.settle_run(proposal, state, in_turn=turn)
    history.await_run(c, turn, "d1", "claim", {}, "", "started")
    history.truncate(c, turn)
    assert history.waiting_runs(c) == (proposal,)


def test_a_run_is_awaited_elsewhere_only_where_another_has_started_it(history):
    c, other = history.create("me"), history.create("you")
    for conversation, state in ((c, "started"), (other, "proposed")):
        history.await_run(conversation, 1, "d1", "claim", {}, "", state)
    assert not history.awaited_elsewhere("d1", c)
    assert history.awaited_elsewhere("d1", other)
    history.await_run(other, 1, "d1", "claim", {}, "", "started")
    assert history.awaited_elsewhere("d1", c) and not history.awaited_elsewhere("d2", c)


def test_what_a_newer_version_wrote_is_refused_in_words(history, tmp_path):
    c = history.create("me")
    history.add_message(c, "q")
    with sqlite3.connect(tmp_path / "conversations.sqlite") as connection:
        connection.execute("UPDATE entry SET body = ?", (json.dumps({"version": 2, "words": "q"}),))
    connection.close()
    with pytest.raises(AgentError, match="newer version"):
        history.entries(c)


def test_a_file_of_an_older_version_gets_the_columns_that_it_lacks(tmp_path):
    History(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "conversations.sqlite")
    connection.execute("ALTER TABLE decision DROP COLUMN submission")
    connection.execute("ALTER TABLE run_request DROP COLUMN settled_in")
    connection.execute("DROP TABLE meta_review")
    connection.execute("PRAGMA user_version = 0")  # as before files had a number
    connection.execute("INSERT INTO decision (conversation, turn, body) VALUES ('c', 1, '{\"decision\": \"reject\"}')")
    connection.commit()
    connection.close()
    history = History(tmp_path)
    assert history.decision("c", None) == {"decision": "reject", "turn": 1}
    history.record_decision("c", 2, {"decision": "accept"}, "s")
    assert history.decision("c", "s") == {"decision": "accept", "turn": 2}
    history.close()
