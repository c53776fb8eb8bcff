"""What goes out comes in again, and what does not fit is refused with its place."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers import read
from knowledge.readers.exported import looks_exported, read_export, write_export
from knowledge.readers.submission_file import read_submission
from knowledge.types import Finding
from tests.knowledge.fictional import CORAL

PLAIN = read_submission(CORAL.encode(), "coral.md")
PAGED = replace(PLAIN.documents[0], pages=(0, 10), reply_to="coral-pruning/other", date="2031-02")
FULL = replace(
    PLAIN,
    documents=(PAGED, *PLAIN.documents[1:]),
    findings=(Finding("invisible", "p. 2", "Praise.", PAGED.id),),
)


def test_an_export_comes_in_again_word_for_word(tmp_path):
    text = write_export(replace(FULL, bundled=True))
    assert looks_exported(text.encode()) and not looks_exported(CORAL.encode())
    assert read_export(text.encode(), "x.json") == FULL
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    assert read(tmp_path / "x.json").parts == (FULL,)


def changed(change: Callable[[dict[str, Any]], Any]) -> bytes:
    tree = json.loads(write_export(FULL))
    change(tree)
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.update(version=2), "version: Input should be 1"),
        (lambda t: t["submission"].update(surprise=1), "submission.surprise"),
        (lambda t: t["submission"]["documents"][0].update(kind="poem"), r"documents\.0\.kind"),
        (lambda t: t["submission"]["documents"][0]["points"][0].update(start=-1), "coral-pruning/notes: has offsets"),
        (lambda t: t["submission"]["documents"][0]["sections"][0].update(end=10**6), "has offsets outside"),
        (lambda t: t["submission"]["documents"][0].update(pages=[5, 0]), "pages that are not in order"),
        (lambda t: t["submission"]["documents"][0].update(id="reef/notes"), "another submission"),
        (lambda t: t["submission"]["documents"][0]["points"][0].update(page=99), "on a page that it does not have"),
        (lambda t: t["submission"]["documents"].append(t["submission"]["documents"][0]), "there twice under one id"),
        (
            lambda t: t["submission"].update(documents=t["submission"]["documents"][:1]),
            "of a document that is not there",
        ),
        (lambda t: t.pop("submission"), "submission: Field required"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change, words):
    with pytest.raises(UnreadableFile, match=words):
        read_export(changed(change), "x.json")


def test_broken_json_is_refused():
    with pytest.raises(UnreadableFile, match="Invalid JSON"):
        read_export(write_export(FULL).encode()[:-20], "x.json")
    with pytest.raises(UnreadableFile):
        read_export(b'{"format": "second-opinion submission", "submission": ' + b"[" * 100_000, "x.json")
