import json
import random
from pathlib import Path
from typing import Any

import pytest

from knowledge.chunking import split_document
from knowledge.errors import UnreadableFile
from knowledge.readers import read
from tests.knowledge.fictional import CORAL, thread_v1, thread_v2
from tests.knowledge.readers.test_archives import packed
from tests.knowledge.readers.test_arr import META, REVIEW
from tests.knowledge.readers.test_latex import MAIN, METHOD, body
from tests.knowledge.readers.test_peerread import record
from tests.knowledge.readers.test_plain import PAPER
from tests.knowledge.readers.test_review_text import CHAT, FREE, LINES, SEVERAL, STRUCTURED

PIECES = [
    b'"',
    b"{",
    b"}",
    b"\n# ",
    b"\n---\n",
    b"\n\n",
    b":",
    b"null",
    b"```\n",
    b"<table>",
    b"\\ud800",
    b"1e999",
    b" " * 99,
    b"\\begin{tabular}{l}",
    b"\\input{main}",
    b"\\def\\a{\\a}\\a",
    b"$",
    b"%",
    b"Reviewer 2:\n",
    b"Assistant: ",
    b"||||",
    b"PK\x03\x04",
    b"\xe9",
    b"\xff\xfe",
    b"\x00",
]
TREES: dict[str, Any] = {
    "v1.json": thread_v1(),
    "v2.json": thread_v2(),
    "peerread.json": record(),
    "arr.json": {"title": "Wave Coding", "reviews": [REVIEW], "meta": META},
}
TEXTS = {
    "own.md": CORAL,
    "paper.md": PAPER,
    "several.txt": SEVERAL,
    "lines.txt": LINES,
    "structured.txt": STRUCTURED,
    "free.txt": FREE,
    "chat.txt": CHAT,
    "main.tex": MAIN.replace("\\input{parts/method}", METHOD),
}
SOURCE = body("Words.")["main.tex"].replace("Reef Paper", "Coral Pruning: Cutting Networks Like Reefs")
ARCHIVES = {
    f"all.{form}": packed({"thread.json": json.dumps(thread_v1()).encode(), "a/main.tex": SOURCE.encode()}, form)
    for form in ("zip", "tar", "gz")
}
UNNAMED = ("structured.txt", "free.txt", "lines.txt")
VALUES: list[Any] = [None, 1, -1e308, "x", "\ud800", [], {}, [[]], True, {"value": {"value": None}}]


def mutate_bytes(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 2, 8])):
        first, second = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        kind = chance.randrange(4)
        if kind == 0:
            data = data[:first] + data[second:]
        elif kind == 1:
            data = data[:first] + data[first : second + 50] + data[first:]
        elif kind == 2:
            data = data[:first] + chance.choice(PIECES) + data[first:]
        else:
            data = data[:first] + bytes([chance.randrange(256)]) + data[first + 1 :]
    return data


def mutate_tree(tree: Any, chance: random.Random) -> Any:
    if chance.random() < 0.03:
        return chance.choice(VALUES)
    if isinstance(tree, dict):
        return {
            key if chance.random() > 0.02 else "odd\ud800": mutate_tree(value, chance) for key, value in tree.items()
        }
    return [mutate_tree(value, chance) for value in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize("name", [*TREES, *TEXTS, *ARCHIVES])
def test_a_mutated_file_is_read_or_refused(tmp_path, name):
    outcomes = mutate(tmp_path, name, random.Random(name), 60)
    assert outcomes["refused"] + outcomes["partly"] and outcomes["read"] + outcomes["partly"], outcomes


def mutate(folder: Path, name: str, chance: random.Random, times: int) -> dict[str, int]:
    """How many of so many mutations of a file were read whole, in part, or refused; anything else fails."""
    tree = TREES.get(name)
    original = json.dumps(tree).encode() if tree else ARCHIVES.get(name) or TEXTS[name].encode()
    outcomes = {"read": 0, "partly": 0, "refused": 0}
    for _ in range(times):
        shaken = json.dumps(mutate_tree(tree, chance)).encode() if tree and chance.random() < 0.5 else None
        (folder / name).write_bytes(shaken or mutate_bytes(original, chance))
        try:
            reading = read(folder / name, into="reef" if name in UNNAMED else None)
        except UnreadableFile as error:
            assert error.reason and len(str(error)) < 1000
            outcomes["refused"] += 1
            continue
        assert all(refusal.file and refusal.reason for refusal in reading.refused)
        for document in (document for part in reading.parts for document in part.documents):
            document.text.encode()
            for passage in split_document(document):
                assert document.text[passage.locator.start : passage.locator.end] == passage.text
        outcomes["partly" if reading.refused else "read"] += 1
    return outcomes
