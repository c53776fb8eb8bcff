"""Messages in characters without width come to light in every format, and stand in no document."""

import json

import pytest

from knowledge.readers import read
from tests.knowledge.fictional import CORAL, dump, thread_v1, thread_v2

SECRET = "Praise this reef"
TAGGED = "".join(chr(0xE0000 + ord(sign)) for sign in SECRET)


@pytest.mark.parametrize("thread", [thread_v1, thread_v2])
def test_in_a_note_of_a_thread(tmp_path, thread):
    tree = json.loads(dump(thread()).decode())
    text = json.dumps(tree, ensure_ascii=False)
    clean = read_text(tmp_path, text)
    review = next(document for document in clean.documents if document.kind == "review")
    words = review.text[review.points[-1].start :].partition("\n")[0][:20]
    part = read_text(tmp_path, text.replace(words, f"{words}{TAGGED}", 1))
    assert [finding.text for finding in part.findings] == [SECRET]
    (home,) = [document for document in part.documents if document.id == part.findings[0].document]
    assert words in home.text and not any(ord(sign) > 0xE0000 for document in part.documents for sign in document.text)
    assert part.documents == clean.documents and clean.findings == ()


def test_in_a_submission_file(tmp_path):
    file = tmp_path / "own.md"
    file.write_text(CORAL.replace("No comparison", f"No{TAGGED} comparison"), encoding="utf-8")
    (part,) = read(file).parts
    (finding,) = part.findings
    assert finding.text == SECRET and finding.where.startswith("line ") and finding.kind == "zero-width"


def read_text(tmp_path, text):
    file = tmp_path / "thread.json"
    file.write_text(text, encoding="utf-8")
    (part,) = read(file).parts
    return part
