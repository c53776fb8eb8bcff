"""Imports in threads of their own: one at a time for each browser, cancelled between files, and never silent."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from knowledge.errors import UnknownSubmission
from knowledge.types import ImportReport, Refusal
from tests.ui.markup import find, read
from ui import render
from ui.imports import Import, ImportBusy, Imports

ME, OTHER = "browser:me", "browser:other"
PATHS = (Path("a.pdf"), Path("b.json"))
REPORT = ImportReport(
    ("own",), ("old",), (Refusal("b.json", "line 3", "is not whole JSON"),), ("a.pdf: 1 paper -> own",)
)


class Gate:
    """A collection whose import waits at each file until it is let on."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.at, self.go = fault, threading.Event(), threading.Event()
        self.into: str | None = None

    def import_paths(
        self, paths: Sequence[Path], *, into: str | None, progress: Callable[[int, int, str], None]
    ) -> ImportReport:
        self.into = into
        for done, path in enumerate(paths):
            progress(done, len(paths), f"reading {path.name}")
            self.at.set()
            assert self.go.wait(10)
        if self.fault:
            raise self.fault
        return REPORT


def ended(work: Import) -> Import:
    assert work.ended.wait(10)
    return work


def test_one_at_a_time_for_each_browser():
    gate = Gate()
    imports = Imports(gate)
    work = imports.start(ME, PATHS, "own")
    assert gate.at.wait(10) and imports.active(ME) is work
    with pytest.raises(ImportBusy):
        imports.start(ME, PATHS, None)
    other = imports.start(OTHER, PATHS, None)
    imports.dismiss(ME)
    assert imports.latest(ME) is work, "what is under way is not dismissed"
    gate.go.set()
    assert ended(work).report is REPORT and ended(other).report is REPORT
    assert imports.active(ME) is None and imports.latest(ME) is work
    imports.dismiss(ME)
    assert imports.latest(ME) is None and imports.latest(OTHER) is other


def test_cancel_ends_it_after_the_file_that_is_being_read():
    gate = Gate()
    imports = Imports(gate)
    work = imports.start(ME, PATHS, None)
    assert gate.at.wait(10)
    imports.cancel(OTHER)
    imports.cancel(ME)
    gate.go.set()
    assert ended(work).report is None and work.problem.startswith("Cancelled. 1 of 2 files were read")


@pytest.mark.parametrize(
    ("fault", "words"),
    [(UnknownSubmission("there is no submission 'own'"), "no submission 'own'"), (ZeroDivisionError("x"), "failed")],
)
def test_what_goes_wrong_is_said(fault, words):
    gate = Gate(fault)
    gate.go.set()
    work = ended(Imports(gate).start(ME, PATHS, None))
    assert work.report is None and words in work.problem


def test_the_report_names_what_was_taken_and_what_was_not():
    work = Import(("a.pdf", "b.json"), done=1, words="reading b.json")
    html = render.imports(work, {})
    assert find(html, role="progressbar")[0]["aria-valuenow"] == "50"
    assert "2 files: reading b.json" in html and find(html, data_act="cancel-import")
    work.report = REPORT
    work.ended.set()
    html = render.imports(work, {"own": "My <b>Paper</b>", "old": "Old"})
    assert [button["data-submission"] for button in find(html, data_act="select")] == ["own", "old"]
    text = read(html).text
    assert text.index("Taken in:") < text.index("My <b>Paper</b>") < text.index("There already") < text.index("Old")
    assert "b.json, line 3</b>: is not whole JSON" in html and "1 not taken" in html
    assert render.imports(None, {}).strip() == ""
