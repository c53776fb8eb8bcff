"""The same contribution come in twice, from two records of one thread."""

import re
from collections.abc import Sequence

from knowledge.discussion.words import words_at
from knowledge.types import Document

KINDS = ("review", "response", "comment", "meta-review", "decision")
FORM = ("Title", "Scores")
"""Sections that a record adds to what somebody wrote."""
SHINGLE, ALIKE = 5, 0.8
"""Words in a row that are compared; the share of them in common from which two texts are one (Broder, 1997: Jaccard)."""
SHORT, FEWEST = 20, 6
"""A text with fewer words than the first has to be the same throughout and of the same author, as two people may well
write the same thanks; one with fewer than the second is never taken for a copy."""

RUN = 8
"""Words in a run: two papers that share many runs of eight words are one text."""
SHARED = 0.3


def find_copies(documents: Sequence[Document], thread: str) -> dict[str, str]:
    """The contributions of record that say word for word what another one says: id -> id of the one that is kept.

    Only what different sources hold is compared. Kept is what came with a whole thread (its source begins with
    `thread`), else the longer text, else the first. Cost: the contributions squared, times their words.
    """
    told = [(d, shingles(d)) for d in documents if d.origin == "record" and d.kind in KINDS]
    told.sort(key=lambda item: (not item[0].source.startswith(thread), -len(item[0].text)))
    kept: list[tuple[Document, frozenset[tuple[str, ...]]]] = []
    copies: dict[str, str] = {}
    for document, own in told:
        for other, theirs in kept:
            if other.source != document.source and own and alike(own, theirs):
                copies[document.id] = other.id
                break
        else:
            kept.append((document, own))
    return copies


def shingles(document: Document) -> frozenset[tuple[str, ...]]:
    """Every five words in a row of what somebody wrote; a short text whole, with its author; none of the shortest."""
    form = [(section.start, section.end) for section in document.sections if section.title in FORM]
    words = [
        word
        for word, start, _ in words_at(document.text)
        if not any(first <= start < last for first, last in form)
    ]  # fmt: skip
    if len(words) < SHORT:
        return frozenset({(document.author or "", *words)} if len(words) >= FEWEST else ())
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def alike(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> bool:
    """Whether two texts have nearly all of their words in the same order."""
    return len(left & right) >= ALIKE * len(left | right)


def same_words(first: Document, second: Document) -> bool:
    """Whether two documents are one text: word for word, or papers in two formats, of which many runs of words of the
    shorter stand in the longer.

    Cost: linear in both texts.
    """
    if first.text == second.text or first.kind != "paper":
        return first.text == second.text
    one, two = (word_runs(document.text) for document in (first, second))
    short, long = sorted((one, two), key=len)
    close = len(short) > 20 and len(short) > SHARED * len(long)
    return close and len(short & long) > SHARED * len(short)


def word_runs(text: str) -> set[int]:
    """Every eight words in a row of a text, as numbers."""
    words = re.findall(r"[a-z]{2,}", text.casefold())
    return {hash(tuple(words[start : start + RUN])) for start in range(max(0, len(words) - RUN + 1))}
