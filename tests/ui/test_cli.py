"""The terminal: the JSON that others build on, and exit codes with one line that says what to do."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from compression_demo.options import RunOptions
from compression_demo.types import RunResult
from knowledge.types import Review, Submission
from tests.ui.fakes import EXPERIMENT, ROWS, VERDICT
from ui import settings, terminal
from ui.cli import main


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setenv("SECOND_OPINION_HOME", str(home))
    monkeypatch.delenv("SECOND_OPINION_MODEL", raising=False)

    def call(*arguments):
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return call


OWN = "---\nid: own-paper\ntitle: Own\n---\n\n# Notes\n\n## Contributions\n- It counts whiskers. [Abstract; checked]\n"


def test_help_names_every_command():
    done = subprocess.run([sys.executable, "-m", "ui.cli", "--help"], capture_output=True, text=True, check=True)
    for command in (
        "list",
        "show",
        "search",
        "ask",
        "verify",
        "claims",
        "draft",
        "runs",
        "import",
        "export",
        "delete",
        "reindex",
        "serve",
    ):
        assert command in done.stdout


def test_submissions_are_listed_without_loading_what_only_answers_need(tmp_path):
    code = (
        "import sys; from ui.cli import main; main(['list']); "
        "print([name for name in ('langchain_core', 'torch', 'faiss') if name in sys.modules])"
    )
    environment = os.environ | {"SECOND_OPINION_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines()[-1] == "[]"


def test_list(run):
    code, out, _ = run("list", "--json")
    assert code == 0
    assert {s["id"] for s in json.loads(out)} >= {
        "optimal-brain-compression", "integral-pruning", "soft-weight-sharing", "limit-of-network-quantization",
        "highly-efficient-8-bit-inference",
    }  # fmt: skip
    code, out, _ = run("list")
    assert "integral-pruning" in out and "4 (3) 5 (4) 5 (4)" in out


def test_show_prints_documents_whose_offsets_hold(run):
    code, out, _ = run("show", "integral-pruning", "--json")
    shown = json.loads(out)
    assert code == 0
    assert {d["kind"] for d in shown["documents"]} >= {"notes", "review", "response", "meta_review", "decision"}
    for document in shown["documents"]:
        for section in document["sections"]:
            assert document["text"][section["start"] : section["end"]].startswith(section["name"])
    ratings = {r["reviewer"]: (r["rating"]["value"], r["confidence"]["value"]) for r in shown["reviews"]}
    assert ratings == {"AnonReviewer1": (4, 3), "AnonReviewer2": (5, 4), "AnonReviewer3": (5, 4)}
    assert shown["reviews"][0]["rating"]["scale"] == [1, 10] and shown["integrity"] == []
    assert "AnonReviewer1" in run("show", "integral-pruning")[1]


def test_search_prints_passages_with_their_scores_and_places(run):
    code, out, _ = run("search", "novelty of the method", "--submission", "integral-pruning", "--limit", "3", "--json")
    hits = json.loads(out)
    assert code == 0 and len(hits) == 3
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    documents = {d["id"]: d["text"] for d in json.loads(run("show", "integral-pruning", "--json")[1])["documents"]}
    for hit in hits:
        place = hit["locator"]
        assert documents[place["document"]][place["start"] : place["end"]] == hit["text"]
    assert "integral-pruning, " in run("search", "novelty")[1]


def test_what_is_exported_can_be_deleted_and_comes_in_again(run, tmp_path):
    own = tmp_path / "own.md"
    own.write_text(OWN, encoding="utf-8")
    assert json.loads(run("import", str(own), "--json")[1]) == {
        "imported": ["own-paper"],
        "unchanged": [],
        "refused": [],
    }
    assert json.loads(run("import", str(own), "--json")[1])["unchanged"] == ["own-paper"]
    before, file = run("show", "own-paper", "--json")[1], tmp_path / "out.json"
    assert run("export", "own-paper", "--out", str(file))[0] == 0
    assert run("export", "own-paper")[1].strip() == file.read_text(encoding="utf-8")
    code, out, _ = run("delete", "own-paper")
    assert code == 0 and "Deleted own-paper" in out and "no answer will use it again" in out
    assert run("show", "own-paper")[0] == 2 and run("delete", "own-paper")[0] == 2
    assert "own-paper" not in run("search", "whiskers")[1]
    assert run("import", str(file))[0] == 0
    assert run("show", "own-paper", "--json")[1] == before
    run("delete", "own-paper")


def test_an_import_of_which_nothing_can_be_read_exits_with_2(run, tmp_path):
    code, out, _ = run("import", str(tmp_path / "none.md"), "--json")
    assert code == 2
    (refused,) = json.loads(out)["refused"]
    assert refused["file"].endswith("none.md") and refused["where"] == "" and "cannot be opened" in refused["reason"]


def test_reindex_makes_the_index_anew(run):
    before = run("search", "novelty", "--json")[1]
    code, out, _ = run("reindex", "--json")
    assert code == 0 and json.loads(out)["passages"] > 500
    assert run("search", "novelty", "--json")[1] == before


def test_an_export_to_no_place_says_so(run, tmp_path):
    code, _, err = run("export", "integral-pruning", "--out", str(tmp_path / "nowhere" / "x.json"))
    assert code == 2 and "cannot be written" in err and not (tmp_path / "nowhere").exists()


def test_ask_has_the_promised_json_and_citations_point_into_shown_documents(run):
    documents = {d["id"]: d["text"] for d in json.loads(run("show", "integral-pruning", "--json")[1])["documents"]}
    code, out, _ = run("ask", "--submission", "integral-pruning", "--json", "What does reviewer 2 say about novelty?")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) >= {"answer", "sentences", "citations", "verdicts", "abstained", "model", "conversation"}
    assert answer["abstained"] is False and answer["verdicts"] == []
    for sentence in answer["sentences"]:
        assert set(sentence) == {"text", "citations", "kind"}
        assert set(sentence["citations"]) <= set(answer["citations"])
        assert sentence["text"] in answer["answer"]
    for citation in answer["citations"].values():
        assert set(citation) >= {
            "passage_id",
            "submission",
            "document",
            "kind",
            "reviewer",
            "section",
            "page",
            "start",
            "end",
            "quote",
            "text",
        }
        assert documents[citation["document"]][citation["start"] : citation["end"]] == citation["text"]
        assert citation["quote"] in citation["text"]


def test_a_conversation_goes_on(run):
    first = json.loads(
        run("ask", "--submission", "integral-pruning", "--json", "What does reviewer 2 say about novelty?")[1]
    )
    second = json.loads(run("ask", "--conversation", first["conversation"], "--json", "And reviewer 3?")[1])
    assert second["conversation"] == first["conversation"]
    assert second["sentences"][0]["text"].startswith("AnonReviewer3"), (
        "the topic is still novelty, the reviewer another"
    )
    assert "AnonReviewer3" in {c["reviewer"] for c in second["citations"].values()}


def test_ask_for_people_shows_sources(run):
    code, out, _ = run("ask", "--submission", "integral-pruning", "What was the decision?")
    assert code == 0
    assert "[1]" in out and "Reject" in out and "(conversation " in out


def test_verify_without_yes_and_without_a_terminal_prints_the_plan(run):
    code, out, err = run("verify", "--json", "OBQ beats round-to-nearest at 2 bits on digits")
    assert code == 3
    assert "--yes" in err and "Estimated: " in err and "GB of memory" in err
    assert json.loads(out)["experiment"]["testbed"] == "digits-cnn"


def test_verify_runs_and_the_second_time_comes_from_the_store(run):
    claim = "magnitude pruning at 50 % sparsity is worse than ExactOBS on digits with 3 seeds"
    code, out, _ = run("verify", "--yes", "--json", claim)
    first = json.loads(out)
    assert code == 0
    assert set(first) >= {"claim", "experiment", "verdict", "rows", "cached"}
    assert set(first["verdict"]) >= {"outcome", "effect", "interval", "scope", "bears_on", "digest"}
    assert set(first["rows"][0]) == {"arm", "setting", "seed", "metric", "value"}
    assert first["cached"] is False
    again = json.loads(run("verify", "--json", claim)[1])
    assert again["cached"] is True
    assert again["rows"] == first["rows"]
    assert (
        first["hypothesis"] and f"Tested: {first['hypothesis']}" in run("runs", "show", first["verdict"]["digest"])[1]
    )
    digest = first["verdict"]["digest"]
    assert json.loads(run("runs", "show", digest[:10], "--json")[1])["verdict"] == first["verdict"]
    assert digest[:12] in run("runs")[1]
    asked = json.loads(run("ask", "--submission", "optimal-brain-compression", "--json", f"Check that {claim}")[1])
    assert asked["verdicts"][0]["digest"] == digest and asked["verdicts"][0]["cached"] is True
    assert any(s["kind"] == "run" for s in asked["sentences"])


def test_what_cannot_be_tested_says_so(run):
    code, out, _ = run("verify", "--json", "The speed-up is 1.6x")
    assert code == 0
    assert "speed" in json.loads(out)["not_testable"]


def test_import_takes_good_files_and_names_the_fault_of_bad_ones(run, tmp_path):
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(
        "---\nid: my-paper\ntitle: Mine\n---\n\n# Notes\n\n## Contributions\n- It prunes cats to 12 %. [Abstract; checked]\n",
        encoding="utf-8",
    )
    bad.write_text(
        "---\nid: other\ntitle: Other\n---\n\n# Review: R1\nrating: 11 (Great; 1 to 10)\n\n- A point.\n",
        encoding="utf-8",
    )
    code, out, err = run("import", str(good), str(bad))
    assert code == 1
    assert "my-paper" in out
    assert "bad.md" in err and "line 7" in err and "scale" in err
    answer = json.loads(run("ask", "--submission", "my-paper", "--json", "What are the contributions?")[1])
    assert "12 %" in answer["answer"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "--submission", "nowhere", "What?"), "nowhere"),
        (("ask", "   "), "empty"),
        (("ask", "--conversation", "nope", "What?"), "nope"),
        (("ask", "--model", "nobody:x", "What?"), "nobody"),
        (("ask", "--model", "nonsense", "What?"), "provider:model"),
        (("show", "nowhere"), "nowhere"),
        (("runs", "show", "feedfeed"), "feedfeed"),
        (("runs", "show"), "digest"),
        (("verify", "  "), "empty"),
        (("import", "/does/not/exist.md"), "exist.md"),
    ],
)
def test_bad_input_exits_2_with_one_line(run, arguments, words):
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_nothing_is_written_outside_the_data_folder(run, home):
    run("ask", "--submission", "integral-pruning", "What was the decision?")
    assert (Path(home) / "conversations.sqlite").exists()


def test_bytes_that_are_no_text_and_bad_settings_exit_2_with_one_line(run, monkeypatch):
    for arguments in (("ask", "\udcff"), ("verify", "it prunes \udcff"), ("show", "\udcff")):
        code, out, err = run(*arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1) and "UTF-8" in err
    for value in ("abc", "-1", "nan", ""):
        monkeypatch.setenv("SECOND_OPINION_START_BELOW_S", value)
        code, out, err = run("ask", "What is new?")
        assert (code, out, len(err.splitlines())) == (2, "", 1) and "SECOND_OPINION_START_BELOW_S" in err


def test_a_verdict_says_what_was_tested_and_what_it_bears_on():
    outcome = (EXPERIMENT, RunResult(EXPERIMENT.digest, ROWS, {}), VERDICT)
    told = terminal.verdict(terminal.verification_json("a claim", outcome, False, "exact OBS beats magnitude."))
    assert "Tested: exact OBS beats magnitude." in told and f"Bears on: {VERDICT.bears_on}" in told
    bare = (EXPERIMENT, outcome[1], replace(VERDICT, bears_on=""))
    told = terminal.verdict(terminal.verification_json("a claim", bare, False, ""))
    assert "Tested:" not in told and "Bears on:" not in told


def test_a_remote_model_is_told_and_asked_for_before_anything_is_sent(run, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")  # where nobody listens
    monkeypatch.setenv("OPENAI_API_KEY", "not-to-be-shown")
    monkeypatch.setattr("agent.models.opening._is_here", lambda host: False)
    monkeypatch.setenv("SECOND_OPINION_MODEL", "openai:m")
    question = ("ask", "--json", "--submission", "integral-pruning", "What did AnonReviewer2 rate?")
    code, out, err = run(*question)
    assert (code, out) == (3, "") and "sent to openai at 127.0.0.1" in err and "Nothing was sent" in err
    code, out, err = run(*question, "--model", "openai:m")
    told = json.loads(out)
    assert code == 0 and "sent to openai at 127.0.0.1" in err
    assert told["model"] == "embedded" and told["instead_of"].startswith("openai:m did not answer (Connection error)")
    code, out, err = run(*question, "--conversation", told["conversation"])
    assert code == 0 and "sent to openai" in err, "said again, asked once a conversation"
    code, out, err = run(*question, "--model", "embedded")
    assert code == 0 and err == "" and json.loads(out)["instead_of"] == ""


@pytest.mark.parametrize("name", ["SECOND_OPINION_TURN_STEPS", "SECOND_OPINION_TURN_S", "SECOND_OPINION_TURN_TOKENS"])
def test_a_limit_that_is_no_number_is_named(run, monkeypatch, name):
    monkeypatch.setenv(name, "many")
    code, out, err = run("ask", "What is new?")
    assert (code, out, len(err.splitlines())) == (2, "", 1) and name in err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECOND_OPINION_CLUSTER", "127.0.0.1:8786"),
        ("SECOND_OPINION_RUNS_AT_ONCE", "0"),
        ("SECOND_OPINION_RUN_S", "0"),
        ("SECOND_OPINION_RUN_GB", "lots"),
        ("SECOND_OPINION_WORKER_GB", "inf"),
    ],
)
def test_a_setting_of_runs_that_does_not_fit_is_named(run, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    code, out, err = run("runs")
    assert (code, out, len(err.splitlines())) == (2, "", 1) and name in err


def test_the_settings_of_runs_reach_the_store_and_the_command_goes_before_the_environment(monkeypatch):
    assert settings.load().run_options() == RunOptions()
    for name, value in {
        "CLUSTER": "tls://node-1:8786", "RUNS_AT_ONCE": "3", "RUN_S": "60", "RUN_GB": "2.5", "WORKER_GB": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"SECOND_OPINION_{name}", value)
    assert settings.load().run_options() == RunOptions(3, 2.5, 1.0, 60.0, "tls://node-1:8786")
    assert settings.load("tcp://10.0.0.1:1").run_options().cluster == "tcp://10.0.0.1:1"


def test_a_run_that_waits_is_listed_with_how_many_are_before_it():
    runs = [{"digest": "a" * 64, "state": "queued", "claim": "one", "ahead": 2}, {"digest": "b" * 64, "state": "running", "claim": "two"}]  # fmt: skip
    assert terminal.run_list(runs).splitlines() == [
        "aaaaaaaaaaaa  queued (2)    one",
        "bbbbbbbbbbbb  running       two",
    ]


def test_the_address_of_a_cluster_is_checked_where_it_is_named(run, capsys):
    with pytest.raises(SystemExit) as left:
        run("verify", "OBQ beats rounding", "--cluster", "node-1")
    assert left.value.code == 2 and "tcp://HOST:PORT" in capsys.readouterr().err


def test_a_reviewer_without_other_names_is_shown_without_brackets():
    reviews = (Review("x/review-a", "x", "Reviewer AG4r"), Review("x/review-3", "x", "AnonReviewer3", ("R3",)))
    shown = terminal.submission(Submission("x", "Tides", reviews=reviews))
    assert "Reviewer AG4r: no score on record" in shown and "AnonReviewer3 (R3): no score" in shown
