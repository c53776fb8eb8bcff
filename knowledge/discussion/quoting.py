"""Lines behind ">" are somebody else's words: what a reviewer quotes is no point of that reviewer."""

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.types import Document, Point

LINE = re.compile(r"[^\n]+")


def own_points(document: Document) -> tuple[Point, ...]:
    """The points of a document without the lines that are quoted in them; all of them where it has no other words, as a
    text may be quoted as a whole."""
    if ">" not in document.text:
        return document.points
    under_scores = [(section.start, section.end) for section in document.sections if section.title == "Scores"]
    own = tuple(stretch for point in document.points for stretch in unquoted(document.text, point))
    said = any(not any(start <= point.start < end for start, end in under_scores) for point in own)
    return own if said else document.points


def unquoted(text: str, point: Point) -> Iterator[Point]:
    """The stretches of a point between quoted lines that hold a word."""
    body = text[point.start : point.end]
    if not re.search(r"^[ \t]*>", body, re.MULTILINE):
        yield point
        return
    start = end = None
    for line in [*LINE.finditer(body), None]:
        if line and not line[0].lstrip().startswith(">"):
            start, end = line.start() if start is None else start, line.end()
            continue
        if start is not None and end is not None and re.search(r"\w", body[start:end]):
            stretch = body[start:end]
            begin = point.start + start + len(stretch) - len(stretch.lstrip())
            yield replace(point, start=begin, end=point.start + start + len(stretch.rstrip()))
        start = None
