"""Importing in the terminal: files and threads of OpenReview in one call, one report."""

import json

import pytest

from tests.knowledge.fictional import dump, thread_v1, thread_v2
from tests.knowledge.readers.openreview_site import LoopbackSite, serve
from ui.cli import main

WAVE = thread_v2()
WAVES = [{key: value for key, value in WAVE.items() if key != "details"}, *WAVE["details"]["replies"]]


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("OPENREVIEW_USERNAME", "OPENREVIEW_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with serve(LoopbackSite(v2={"wAVe9": WAVES})) as opened:
        for version in ("v1", "v2"):
            monkeypatch.setenv(f"SECOND_OPINION_OPENREVIEW_{version.upper()}", f"{opened.address}/{version}")
        yield opened


@pytest.fixture
def run(home, site, monkeypatch, capsys):
    monkeypatch.setenv("SECOND_OPINION_HOME", str(home))

    def call(*arguments):
        code = main(["import", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_files_and_forums_are_one_import(run, tmp_path):
    thread = tmp_path / "coral.json"
    thread.write_bytes(dump(thread_v1()))
    code, out, err = run("openreview:wAVe9", str(thread))
    assert (code, err) == (0, "")
    assert "coral.json: " in out and "openreview:wAVe9: 1 paper, 1 review, 1 response" in out
    code, out, _ = run("--json", "openreview:wAVe9", str(thread))
    assert json.loads(out)["unchanged"] == ["coral-pruning-cutting-networks-like-reefs", "wave-coding"]


def test_a_forum_into_a_submission_of_the_library(run):
    code, out, _ = run("--into", "integral-pruning", "openreview:wAVe9")
    assert code == 0 and "-> integral-pruning" in out


def test_a_forum_that_cannot_be_had_leaves_the_rest(run):
    code, out, err = run("openreview:noFORUM", "openreview:wAVe9")
    assert code == 1 and "-> wave-coding" in out
    assert "refused: openreview:noFORUM: OpenReview has no forum noFORUM" in err
    code, out, err = run("openreview:")
    assert (code, out) == (2, "") and "is no id of a forum" in err


def test_nothing_is_asked_for_without_a_forum(run, site, tmp_path):
    thread = tmp_path / "coral.json"
    thread.write_bytes(dump(thread_v1()))
    assert run(str(thread))[0] == 0 and site.asked == []
