"""Versions of meta-reviews: added one after the other, never lost, in files of every age."""

import sqlite3
import threading

import pytest

from agent.errors import AgentError, DraftMoved, UnknownConversation
from agent.history import History

FILE = "conversations.sqlite"


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def test_versions_follow_one_another_and_belong_to_a_conversation_and_a_submission(history):
    mine, other = history.create("me", "s"), history.create("me", "s")
    first = history.drafts.add(mine, "s", 0, "draft", {"words": "á"})
    second = history.drafts.add(mine, "s", 1, "chair", {"words": "b"})
    history.drafts.add(mine, "t", 0, "draft", {"words": "of another paper"})
    assert (first.version, second.version) == (1, 2)
    assert history.drafts.latest(mine, "s") == second
    assert history.drafts.all(mine, "s") == (second, first)
    assert history.drafts.latest(other, "s") is None


def test_of_many_who_change_the_same_version_one_is_kept_and_the_others_are_told(history):
    c = history.create("me", "s")
    history.drafts.add(c, "s", 0, "draft", {})
    ended: list[str] = []

    def change(number: int) -> None:
        try:
            history.drafts.add(c, "s", 1, "chair", {"number": number})
            ended.append("kept")
        except DraftMoved:
            ended.append("told")

    threads = [threading.Thread(target=change, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["kept", *["told"] * 7]
    assert [v.version for v in history.drafts.all(c, "s")] == [2, 1]


def test_a_conversation_that_holds_only_a_draft_is_listed(history):
    history.create("me", "s")
    drafted = history.create("me", "s")
    history.drafts.add(drafted, "s", 0, "chair", {})
    assert [c.id for c in history.conversations("me")] == [drafted]


def test_a_version_that_skips_others_is_refused(history):
    c = history.create("me", "s")
    with pytest.raises(DraftMoved):
        history.drafts.add(c, "s", 3, "draft", {})
    assert history.drafts.latest(c, "s") is None


def test_editing_an_earlier_question_keeps_the_versions_and_deleting_the_conversation_does_not(history):
    c = history.create("me", "s")
    history.add_message(c, "q")
    history.drafts.add(c, "s", 0, "chair", {"words": "mine"})
    history.truncate(c, 1)
    assert history.drafts.latest(c, "s") is not None
    history.delete(c, "me")
    assert history.drafts.latest(c, "s") is None
    with pytest.raises(UnknownConversation):
        history.drafts.add(c, "s", 0, "draft", {})


def test_a_file_from_before_there_were_drafts_keeps_what_it_holds(tmp_path):
    opened = History(tmp_path)
    c = opened.create("me", "s")
    opened.add_message(c, "an old question")
    opened.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("DROP TABLE meta_review")
        connection.execute("ALTER TABLE conversation DROP COLUMN model")
        connection.execute("ALTER TABLE conversation DROP COLUMN agreed")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = History(tmp_path)
    assert again.entries(c)[0].body == {"text": "an old question"}
    assert again.drafts.add(c, "s", 0, "draft", {}).version == 1
    known = again.conversation(c, again.owner(c) or "")
    assert known is not None and known.model is None and known.agreed is None
    again.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    connection.close()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path):
    History(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(AgentError, match="newer version"):
        History(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    connection.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    from agent import history_tables

    History(tmp_path).close()

    def broken(connection):
        connection.exec_driver_sql("CREATE TABLE half (done)")
        raise RuntimeError("the power went")

    monkeypatch.setitem(history_tables.MIGRATIONS, 4, broken)
    with pytest.raises(RuntimeError):
        History(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall()
    connection.close()


def test_what_the_chair_stated_comes_back_statement_by_statement(history):
    c = history.create("me", "s")
    history.record_decision(c, 1, {"decision": None, "note": "Note that novelty weighs most."}, "s")
    history.record_decision(c, 2, {"decision": "reject", "note": "I reject."}, "s")
    history.record_decision(c, 3, {"decision": "accept", "note": "of another"}, "t")
    assert [(turn, said["note"]) for turn, said in history.statements(c, "s")] == [
        (1, "Note that novelty weighs most."),
        (2, "I reject."),
    ]
