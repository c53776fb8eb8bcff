"""The news corpus of Lee et al. ("An empirical evaluation of models of text document similarity", 2005) inside gensim.

50 short documents with human scores of their similarity, and 300 longer background documents; gensim is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .packages import find_file

if TYPE_CHECKING:
    import numpy as np

FOLDER = "test/test_data"


def read_background() -> list[str]:
    """The 300 background documents."""
    return _read_lines("lee_background.cor")


def read_documents() -> list[str]:
    """The 50 documents that people compared."""
    return _read_lines("lee.cor")


def read_similarities() -> np.ndarray:
    """The mean human score of each pair of documents, 0 to 1: (50, 50), of which the part above the diagonal counts."""
    import numpy as np

    return np.loadtxt(find_file("gensim", f"{FOLDER}/similarities0-1.txt"))


def _read_lines(name: str) -> list[str]:
    text = find_file("gensim", f"{FOLDER}/{name}").read_text(encoding="latin-1")
    return [line.strip() for line in text.splitlines() if line.strip()]
