"""False alarms on real threads and papers, from a folder that SECOND_OPINION_REAL names; skipped where it names none."""

import os
from pathlib import Path

import pytest

from knowledge.errors import UnreadableFile
from knowledge.hidden_text import find_hidden_characters
from knowledge.instructions import find_instructions
from knowledge.readers import read

REAL = os.environ.get("SECOND_OPINION_REAL")
pytestmark = pytest.mark.skipif(not REAL, reason="SECOND_OPINION_REAL names no folder of real material")


def files(*endings: str) -> list[Path]:
    return [path for path in sorted(Path(REAL or ".").rglob("*")) if path.suffix in endings]


def test_no_real_text_is_taken_for_an_instruction():
    found = []
    for path in files(".json", ".jsonl", ".md", ".txt"):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n")
        found += [(path.name, text[start:end]) for start, end in find_instructions(text)]
        found += [(path.name, one.text) for one in find_hidden_characters(text)]
    assert found == []


def test_no_real_pdf_hides_anything():
    for path in files(".pdf"):
        try:
            (part,) = read(path).parts
        except UnreadableFile as error:
            pytest.fail(str(error))
        assert part.findings == (), path.name
        assert part.documents[0].pages and len(part.documents[0].sections) > 1
