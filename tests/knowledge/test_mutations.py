import json
import random
from typing import Any

import pytest

from knowledge.chunking import split_document
from knowledge.errors import UnreadableFile
from knowledge.readers import read
from tests.knowledge.fictional import CORAL, thread_v1, thread_v2
from tests.knowledge.test_plain import PAPER

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
]
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


@pytest.mark.parametrize("name", ["own.md", "paper.md", "v1.json", "v2.json"])
def test_a_mutated_file_is_read_or_refused(tmp_path, name):
    chance = random.Random(name)
    tree = {"v1.json": thread_v1(), "v2.json": thread_v2()}.get(name)
    original = json.dumps(tree).encode() if tree else {"own.md": CORAL, "paper.md": PAPER}[name].encode()
    outcomes = {"read": 0, "refused": 0}
    for _ in range(150):
        shaken = json.dumps(mutate_tree(tree, chance)).encode() if tree and chance.random() < 0.5 else None
        (tmp_path / name).write_bytes(shaken or mutate_bytes(original, chance))
        try:
            submissions = read(tmp_path / name).parts
        except UnreadableFile as error:
            assert error.reason and len(str(error)) < 1000
            outcomes["refused"] += 1
            continue
        for document in (document for submission in submissions for document in submission.documents):
            document.text.encode()
            for passage in split_document(document):
                assert document.text[passage.locator.start : passage.locator.end] == passage.text
        outcomes["read"] += 1
    assert all(outcomes.values()), outcomes
