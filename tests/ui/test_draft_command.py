"""`second-opinion draft`: the meta-review in a terminal."""

import json

import pytest

from agent.history import History
from tests.agent.metareview.material import open_collection, reach_verdict
from ui import commands
from ui.cli import BAD_INPUT, main


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SECOND_OPINION_HOME", str(tmp_path))
    collection = open_collection(tmp_path)
    monkeypatch.setattr(commands, "_collection", lambda: collection)

    def call(*arguments):
        code = main(["draft", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    yield call
    collection.close()


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def test_it_is_printed_and_what_is_lacking_is_told_apart(run):
    code, out, err = run("tern-pruning")
    assert code == 0 and out.startswith("# Meta-review: Tern") and "## Sources" in out
    assert "lacks: State your decision" in err and "version 1" in err


def test_it_goes_on_in_the_latest_conversation_about_the_submission(run, history):
    conversation = history.create("terminal", "tern-pruning")
    reach_verdict(history, conversation)
    history.create("browser:x", "tern-pruning")
    found = json.loads(run("tern-pruning", "--json")[1])
    assert found["conversation"] == conversation and "Supported" in found["sections"]["tests"]
    history.record_decision(conversation, 1, {"decision": "reject", "note": "I reject."}, "tern-pruning")
    again = json.loads(run("tern-pruning", "--json", "--conversation", conversation)[1])
    assert again["version"] == 2 and "the chair's own: reject" in again["sections"]["recommendation"]


def test_a_note_goes_into_a_file_and_what_could_not_be_filled_is_said(run, tmp_path):
    file = tmp_path / "note.json"
    code, out, err = run("tern-pruning", "--format", "openreview", "--venue", "ICLR 2024", "--output", str(file))
    assert code == 0 and out == f"Written to {file}.\n"
    (note,) = json.loads(file.read_text(encoding="utf-8"))
    assert "metareview" in note["content"] and "not filled: invitation and signatures" in err


def test_the_chairs_notes_are_written_out_only_when_asked_for(run, history, tmp_path):
    conversation = history.create("terminal", "tern-pruning")
    stated = {"decision": "reject", "note": "I reject, though reviewer 2 is a rival."}
    history.record_decision(conversation, history.add_message(conversation, "x"), stated, "tern-pruning")
    for arguments in ([], ["--format", "text"], ["--json"], ["--format", "openreview"]):
        _, out, err = run("tern-pruning", *arguments)
        assert "rival" not in out and ("left out; --with-notes adds them" in err or "--json" in arguments)
    for arguments in (["--with-notes"], ["--format", "text", "--with-notes"], ["--json", "--with-notes"]):
        assert "rival" in run("tern-pruning", *arguments)[1]


def test_size_is_kept(run):
    full, brief = (json.loads(run("tern-pruning", "--json", "--size", size)[1]) for size in ("full", "brief"))
    assert len(str(brief["sections"])) < len(str(full["sections"]))
    assert (
        json.loads(run("tern-pruning", "--json", "--conversation", brief["conversation"])[1])["sections"]
        == brief["sections"]
    )


@pytest.mark.parametrize("arguments", [["no-such"], ["tern-pruning", "--conversation", "no-such"]])
def test_bad_input_is_one_line_and_exit_code_2(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (BAD_INPUT, "") and "no-such" in err and err.count("\n") == 1


def test_a_place_that_cannot_be_written_is_named(run, tmp_path):
    code, _, err = run("tern-pruning", "--output", str(tmp_path / "nowhere" / "x.md"))
    assert code == BAD_INPUT and "cannot be written" in err


def test_another_persons_conversation_is_not_used(run, history):
    theirs = history.create("browser:x", "tern-pruning")
    code, _, err = run("tern-pruning", "--conversation", theirs)
    assert code == BAD_INPUT and "no conversation" in err
