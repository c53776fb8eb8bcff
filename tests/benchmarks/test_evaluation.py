"""The evaluation end to end, on one dialogue with made vectors: held, marked, printed and written."""

import json

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from agent.models import EMBEDDED, ModelChoice, choose_model
from benchmarks import eval_dialogues
from benchmarks.dialogues.material import Shelf
from benchmarks.dialogues.scripts import load_dialogues
from benchmarks.eval_dialogues import evaluate, main, read_options, report
from tests.knowledge.fictional import WordVectors

DIALOGUE = """
about = "Scores and a greeting"
papers = ["integral-pruning"]
[[turn]]
ask = "hello"
type = "smalltalk"
act = "courtesy"
[[turn]]
ask = "What are the ratings and confidences?"
type = "scores"
act = "facts"
expect = ["AnonReviewer1[^.]{0,40}\\\\b4\\\\b"]
gold = ["review-anonreviewer1 :: Rating: 4"]
[[turn]]
ask = "What are the ratings and confidences?"
type = "scores"
act = "silent"
"""


@pytest.fixture
def marked(tmp_path):
    (tmp_path / "conversations").mkdir()
    (tmp_path / "conversations" / "made.toml").write_text(DIALOGUE, encoding="utf-8")
    shelf = Shelf(tmp_path / "cache", tmp_path / "submissions", WordVectors())
    return evaluate(load_dialogues(folder=tmp_path / "conversations"), shelf, choose_model(EMBEDDED))


def test_turns_are_marked_and_everything_asked_for_is_written(marked, tmp_path, capsys):
    assert [m.marks.right for m in marked] == [True, True, False]
    assert marked[1].marks.recall == 1.0 and marked[1].marks.factual >= 3 and not marked[1].marks.wrong_scores
    files = {name: str(tmp_path / name) for name in ("all.json", "transcripts", "sample.md")}
    options = read_options(
        ["--turns", "--json", files["all.json"], "--transcripts", files["transcripts"], "--sample-sentences", "2", files["sample.md"]]
    )  # fmt: skip
    report(marked, options)
    shown = capsys.readouterr().out
    assert "Right: 2 of 3" in shown and "| scores | 2 | 1 of 1 | 0 of 1 | 50% |" in shown
    assert "made, turn 3 (scores)" in shown and "made, turn 2" not in shown
    assert [turn["right"] for turn in json.loads((tmp_path / "all.json").read_text())] == [True, True, False]
    transcript = (tmp_path / "transcripts" / "made.md").read_text()
    assert "WRONG" in transcript and "is no answer of the act silent" in transcript and "AnonReviewer1" in transcript
    assert (tmp_path / "sample.md").read_text().count("[ ]") == 2


def test_nothing_goes_to_a_model_elsewhere_unless_that_is_agreed_to(monkeypatch, tmp_path, capsys):
    where = "Questions and the passages found for them are sent to far at far.example."
    asked = []
    monkeypatch.setattr(eval_dialogues, "choose_model", lambda name: ModelChoice(name, where, object()))
    monkeypatch.setattr(eval_dialogues, "evaluate", lambda dialogues, shelf, model: asked.append(model.name) or [])
    monkeypatch.setattr(eval_dialogues, "load_dialogues", lambda half, only: [])
    assert main(["--model", "far:model", "--cache", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert where in told and "nothing was sent" in told and "--send" in told and asked == []
    assert main(["--model", "far:model", "--send", "--cache", str(tmp_path)]) == 0
    assert where in capsys.readouterr().err and asked == ["far:model"]


def test_a_dialogue_is_held_with_a_model_elsewhere_once_agreed(tmp_path, capsys):
    (tmp_path / "conversations").mkdir()
    (tmp_path / "conversations" / "made.toml").write_text(DIALOGUE, encoding="utf-8")
    shelf = Shelf(tmp_path / "cache", tmp_path / "submissions", WordVectors())
    elsewhere = ModelChoice(
        "far:model", "Text goes to far.example.", FakeListChatModel(responses=["The method beats everything."])
    )
    marked = evaluate(load_dialogues(folder=tmp_path / "conversations"), shelf, elsewhere)
    assert len(marked) == 3 and all(m.said.answer for m in marked)
    report(marked, read_options(["--model", "far:model"]))
    shown = capsys.readouterr().out
    assert "Its own answers: 0 of 3 turns" in shown and "3 times: far:model did not answer" in shown


def test_a_model_that_cannot_be_opened_ends_with_one_line(tmp_path, capsys):
    assert main(["--model", "nobody", "--cache", str(tmp_path)]) == 2
    assert "names no model" in capsys.readouterr().err


def test_an_unknown_dialogue_ends_with_one_line(tmp_path, capsys):
    assert main(["--only", "nowhere", "--cache", str(tmp_path)]) == 2
    assert "there is no dialogue nowhere" in capsys.readouterr().err
