"""Passages that answer no question: English prose from the docstrings of installed packages, read where they are.

Nothing is copied: the same environment gives the same passages in the same order.
"""

import ast
import hashlib
import importlib.util
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from knowledge.chunking import split_long

PACKAGES = ("torch", "transformers", "sklearn", "scipy", "numpy", "gensim", "accelerate", "skimage", "sqlalchemy")
SHORTEST = 80
PROSE = 0.72
"""The least share of letters and spaces: what has fewer is code or a table of parameters."""

TOPIC = re.compile(r"quanti[sz]|prun|spars|compress|weight|layer|accuracy|training", re.IGNORECASE)
"""What makes a passage hard to tell from an answer."""


def read_passages(count: int, longest: int = 900) -> list[str]:
    """`count` different passages of at most `longest` characters, those on compression first, else in an order that
    only their words decide.

    Fewer where the installed packages do not hold as many. Cost: some 20 s, every Python file of them is parsed.
    """
    found: dict[bytes, str] = {}
    for text in read_docstrings():
        for start, end in split_long(text, 0, len(text), longest):
            passage = text[start:end]
            if len(passage) >= SHORTEST and is_prose(passage):
                found[hashlib.sha256(passage.encode()).digest()] = passage
    order = sorted(found, key=lambda digest: (not TOPIC.search(found[digest]), digest))
    return [found[digest] for digest in order[:count]]


def remember_passages(folder: Path, count: int) -> list[str]:
    """`read_passages`, kept in `folder` between runs."""
    path = folder / f"passages-{count}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(read_passages(count)), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def read_docstrings() -> Iterator[str]:
    """The docstrings of all modules, classes and functions of the packages that are there, without indentation."""
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        for folder in spec.submodule_search_locations or () if spec else ():
            for path in sorted(Path(folder).rglob("*.py")):
                try:
                    with warnings.catch_warnings(action="ignore"):
                        tree = ast.parse(path.read_text(encoding="utf-8"))
                except (SyntaxError, ValueError, OSError):
                    continue
                for node in ast.walk(tree):
                    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                        for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                            yield " ".join(paragraph.split())


def is_prose(text: str) -> bool:
    """Whether a text reads like sentences: mostly letters, ends like one, holds no line of code."""
    if re.search(r">>>|[{}<>]|::|__|\w\(\w*\)|==|`|:obj:|---", text):
        return False
    letters = sum(character.isalpha() or character == " " for character in text)
    return letters > PROSE * len(text)
