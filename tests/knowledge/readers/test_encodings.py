import os
import time

import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers import read
from knowledge.readers.text import decode
from tests.knowledge.readers.test_plain import PAPER


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_converted(tmp_path, encoding):
    path = tmp_path / "paper.md"
    path.write_bytes(PAPER.replace("A reef", "Ein Riff f\u00fcr \u201cK\u00e4the\u201d").encode(encoding))
    (part,) = read(path).parts
    assert "Ein Riff f\u00fcr \u201cK\u00e4the\u201d" in part.documents[0].text


def test_western_prose_is_converted():
    text = "It\u2019s a \u201cna\u00efve\u201d reef \u2014 caf\u00e9, \u00c5land, 5 \u00b5m \u00b1 1."
    assert decode(text.encode("cp1252"), "a.txt") == text


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"one\ntwo caf\xe9 and caf\xc3\xa9", 2),  # two encodings in one file
        ("one\nna\u00efve \u201cwords\u201d don\u2019t".encode("mac-roman"), 2),
        ("\u043e\u0434\u0438\u043d \u0440\u0438\u0444".encode("cp1251"), 1),
        ("\u3042\u3044\u3046".encode("shift-jis"), 1),
        (b"one\n\x81", 2),
        ("one\ntwo".encode("utf-16")[:-1], 2),
        (b"one\n\0", 2),
    ],
)
def test_what_is_not_sure_is_refused_with_its_line(data, line):
    with pytest.raises(UnreadableFile, match=r"save (?:it|the file) as UTF-8") as caught:
        decode(data, "a.txt")
    assert caught.value.line == line


def test_two_gigabytes_are_refused_unread(tmp_path):
    path = tmp_path / "huge.txt"
    path.touch()
    os.truncate(path, 2 << 30)
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match=r"2147\.5 MB, more than the limit of 64 MB"):
        read(path)
    assert time.monotonic() - began < 1
