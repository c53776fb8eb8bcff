"""Turns go on without their page: replay, busy, stop, retry, and verdicts that arrive later."""

import threading
import time
from pathlib import Path

import pytest

from agent.errors import AgentError, TurnBusy, UnknownConversation
from agent.events import Answer, AnswerPart, AnswerReady, Sentence, TurnFailed
from agent.history import History
from agent.turns import Turns


class FakeAssistant:
    """Answers when let go; its verdicts are ready when set."""

    def __init__(self, folder: Path) -> None:
        self.history = History(folder)
        self.go = threading.Event()
        self.ready = False

    def check(self, conversation, message, owner):
        if self.history.conversation(conversation, owner) is None:
            raise UnknownConversation("no")

    def stream(self, conversation, message, *, stop=lambda: False, consent=False):
        turn = self.history.add_message(conversation, message)
        yield AnswerPart("words")
        while not self.go.wait(0.01):
            if stop():
                yield TurnFailed("stopped", stopped=True)
                return
        if message == "explode":
            raise RuntimeError("boom")
        answer = Answer((Sentence(message),))
        self.history.add_answer(conversation, turn, answer, [], {})
        yield AnswerReady(answer, turn)

    def deliver(self, conversation):
        """One verdict for whatever waits, once it is ready."""
        verdict = {"outcome": "supported"}
        return (
            sum(self.history.deliver(run, verdict) for run in self.history.waiting_runs(conversation))
            if self.ready
            else 0
        )


@pytest.fixture
def assistant(tmp_path):
    made = FakeAssistant(tmp_path)
    yield made
    made.go.set()


def test_every_reader_sees_every_event_also_a_late_one(assistant):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    turn = turns.start(c, "hello", owner="me")
    early: list = []
    reader = threading.Thread(target=lambda: early.extend(turn.events()))
    reader.start()
    assert turns.active(c) is turn
    assistant.go.set()
    reader.join(5)
    late = list(turn.events())
    assert early == late
    assert isinstance(late[-1], AnswerReady)
    assert turns.active(c) is None


def test_one_turn_at_a_time_in_a_conversation(assistant):
    turns = Turns(assistant)
    c, other = assistant.history.create("me"), assistant.history.create("me")
    turns.start(c, "one", owner="me")
    with pytest.raises(TurnBusy):
        turns.start(c, "two", owner="me")
    turns.start(other, "elsewhere", owner="me")
    with pytest.raises(UnknownConversation):
        turns.start(c, "not mine", owner="you")


def test_a_reader_that_leaves_does_not_end_the_turn(assistant):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    turn = turns.start(c, "hello", owner="me")
    assert list(turn.events(stop=lambda: True))[:1] in ([AnswerPart("words")], [])
    assistant.go.set()
    assert isinstance(list(turn.events())[-1], AnswerReady)


def test_stop_ends_the_turn(assistant):
    turns = Turns(assistant)
    turn = turns.start(assistant.history.create("me"), "hello", owner="me")
    turn.stop()
    last = list(turn.events())[-1]
    assert isinstance(last, TurnFailed) and last.stopped


def test_an_error_is_told_and_the_conversation_goes_on(assistant, caplog):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    assistant.go.set()
    last = list(turns.start(c, "explode", owner="me").events())[-1]
    assert isinstance(last, TurnFailed) and "boom" in last.message
    assert isinstance(list(turns.start(c, "again", owner="me").events())[-1], AnswerReady)


def test_retry_and_edit_replace_what_followed(assistant):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    with pytest.raises(AgentError):
        turns.retry(c, owner="me")
    assistant.go.set()
    for text in ("one", "two"):
        list(turns.start(c, text, owner="me").events())
    list(turns.retry(c, owner="me").events())
    assert [e.body["text"] for e in assistant.history.entries(c) if e.role == "user"] == ["one", "two"]
    list(turns.edit(c, 1, "uno", owner="me").events())
    assert [e.body["text"] for e in assistant.history.entries(c) if e.role == "user"] == ["uno"]
    with pytest.raises(UnknownConversation):
        turns.edit(c, 1, "x", owner="you")


def test_a_late_verdict_reaches_its_conversation_once_and_not_during_a_turn(assistant):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    assistant.history.add_message(c, "check it")
    assistant.history.await_run(c, 1, "d1", "claim", {}, "", "started")
    assert turns.deliver(c) == 0
    assistant.ready = True
    turn = turns.start(c, "meanwhile", owner="me")
    assert turns.deliver(c) == 0
    assistant.go.set()
    list(turn.events())
    stop = threading.Event()
    watchers = [threading.Thread(target=turns.watch, args=(stop, lambda owner: owner == "me", 0.01)) for _ in range(2)]
    for w in watchers:
        w.start()
    deadline = time.monotonic() + 10
    while assistant.history.waiting_runs(c) and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    for w in watchers:
        w.join()
    assert [e.role for e in assistant.history.entries(c)].count("verdict") == 1


def test_a_refused_edit_or_retry_loses_nothing(assistant):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    assistant.go.set()
    for text in ("one", "two"):
        list(turns.start(c, text, owner="me").events())
    assistant.go.clear()
    turn = turns.start(c, "three", owner="me")
    while len(assistant.history.entries(c)) < 5:
        time.sleep(0.01)
    before = assistant.history.entries(c)
    for refused in (lambda: turns.edit(c, 1, "uno", owner="me"), lambda: turns.retry(c, owner="me")):
        with pytest.raises(TurnBusy):
            refused()
    assert assistant.history.entries(c) == before
    assistant.go.set()
    list(turn.events())


def test_an_edit_owns_the_turn_before_it_drops_anything(assistant, monkeypatch):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    assistant.go.set()
    list(turns.start(c, "one", owner="me").events())
    truncate, seen = assistant.history.truncate, []

    def look(conversation, turn):
        seen.append(turns.active(conversation))
        truncate(conversation, turn)

    monkeypatch.setattr(assistant.history, "truncate", look)
    edited = turns.edit(c, 1, "uno", owner="me")
    assert seen == [edited]
    list(edited.events())
    assert [e.body["text"] for e in assistant.history.entries(c) if e.role == "user"] == ["uno"]


def test_a_retry_that_cannot_drop_the_turn_gives_the_conversation_back(assistant, monkeypatch):
    turns = Turns(assistant)
    c = assistant.history.create("me")
    assistant.go.set()
    list(turns.start(c, "one", owner="me").events())
    before = assistant.history.entries(c)
    with monkeypatch.context() as broken:
        broken.setattr(assistant.history, "truncate", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError):
            turns.retry(c, owner="me")
    assert turns.active(c) is None and assistant.history.entries(c) == before
    assert isinstance(list(turns.retry(c, owner="me").events())[-1], AnswerReady)


def test_one_bad_run_keeps_no_other_from_its_verdict(assistant, monkeypatch, caplog):
    turns = Turns(assistant)
    bad, good = assistant.history.create("me"), assistant.history.create("me")
    for c in (bad, good):
        assistant.history.add_message(c, "check it")
        assistant.history.await_run(c, 1, "d1", "claim", {}, "", "started")
    deliver = assistant.deliver

    def brittle(conversation):
        if conversation == bad:
            raise ValueError("a run folder is broken")
        return deliver(conversation)

    monkeypatch.setattr(assistant, "deliver", brittle)
    stop = threading.Event()
    watcher = threading.Thread(target=turns.watch, args=(stop, lambda _owner: True, 0.01))
    watcher.start()
    deadline = time.monotonic() + 10
    while not caplog.records and time.monotonic() < deadline:
        time.sleep(0.01)
    assistant.ready = True
    while assistant.history.waiting_runs(good) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert watcher.is_alive()
    stop.set()
    watcher.join()
    assert assistant.history.waiting_runs(good) == () and assistant.history.waiting_runs(bad)
    assert len([r for r in caplog.records if r.exc_info]) == 1
