"""Reviews and replies of a thread that never was, as documents."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.readers.draft import Draft
from knowledge.types import Document, DocumentKind, Submission
from tests.knowledge.fictional import WordVectors

EMBED = WordVectors().embed


def document(
    kind: DocumentKind, author: str, *sections: tuple[str, str], id: str = "", date: str | None = None, **facts: Any
) -> Document:
    """A document with titled sections; "" as a title writes text under none."""
    draft = Draft()
    for title, text in sections:
        if title:
            draft.begin_section(title)
        draft.add_text(text)
    name = id or f"{kind}-{author}".lower().replace(" ", "-")
    return Document(name, "s", kind, name, draft.text, draft.sections, draft.points, author, date=date, **facts)


def submission(*documents: Document) -> Submission:
    return Submission("s", "Tide Coding", documents=documents)


def embed(texts: Sequence[str]) -> np.ndarray:
    return EMBED(texts)
