"""A paper's pages, from its PDF, for the text of its source: where each page begins in a text that has none itself."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from knowledge.types import Document, Point

RUN = 4
"""Words in a run: one that stands once in either text ties a place of the one to a place of the other."""
PLACED = 0.6
"""The share of the source's paragraphs that have to be found in the PDF for its pages to be believed."""
IN_ORDER = 0.9
"""The share of their places that have to come in one order in both."""
LONG = 8
"""Words from which on a paragraph counts."""
WORD = re.compile(r"[^\W_]+")
NAMED = re.compile(r"(?:Table|Figure|Algorithm|Listing) [A-Z]?\.?\d+")


class Words(NamedTuple):
    """Words with their offsets, and the first one's index of each run that stands there once."""

    starts: list[int]
    runs: dict[tuple[str, ...], int]


def attach_pages(paper: Document, paged: Document) -> Document | None:
    """`paper` with the pages of `paged`, which is the same paper; None where too little of it is found there.

    Its words, offsets, sections and points stay. What floats (tables, captions, footnotes) may stand on another page than
    the text around it, and then says so itself. Cost: linear in both texts, but for a sort.
    """
    running = read_words(paper, [point for point in paper.points if not floats(paper, point)])
    printed = read_words(paged, [point for point in paged.points if point.role in (None, "reference")])
    ties = [(place, printed.runs[run]) for run, place in running.runs.items() if run in printed.runs]
    kept = longest_rise(sorted(ties))
    if not believed(paper, running, kept, len(ties)):
        return None
    pages = [0]
    for (before, _), (here, there) in pairwise([(-1, -1), *kept]):
        page = page_at(paged, printed.starts[there])
        if page > len(pages):
            first = bisect_left(printed.starts, paged.pages[page - 1])
            begin = running.starts[max(here - (there - first), before + 1)]
            pages += [begin] * (page - len(pages))
    pages += [len(paper.text)] * (len(paged.pages) - len(pages))
    whole = read_words(paged, paged.points)
    points = tuple(place_float(paper, point, paged, whole, pages) for point in paper.points)
    return replace(paper, points=points, pages=tuple(pages), source=f"{paper.source}, with the pages of {paged.source}")


def floats(document: Document, point: Point) -> bool:
    """Whether a point of a source stands where the page has room, and not where the source has it."""
    return point.role in ("table", "caption") or document.text.startswith("Footnote: ", point.start)


def read_words(document: Document, points: Sequence[Point]) -> Words:
    found = [match for point in points for match in WORD.finditer(document.text, point.start, point.end)]
    words = [match[0].casefold() for match in found]
    runs = list(zip(*(words[shift:] for shift in range(RUN)), strict=False))
    counts = Counter(runs)
    return Words([match.start() for match in found], {run: index for index, run in enumerate(runs) if counts[run] == 1})


def longest_rise(ties: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs, in the order of their first number, whose second number rises too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, there) in enumerate(ties):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        last[length : length + 1] = [index]
    kept, index = [], last[-1] if last else -1
    while index >= 0:
        kept.append(ties[index])
        index = before[index]
    return kept[::-1]


def believed(paper: Document, running: Words, kept: Sequence[tuple[int, int]], ties: int) -> bool:
    """Whether places that are tied are many enough, in order, and spread over the paper."""
    places = [running.starts[here] for here, _ in kept]
    long = [point for point in paper.points if not floats(paper, point) and count_words(running, point) >= LONG]
    found = sum(bisect_left(places, point.start) < bisect_left(places, point.end) for point in long)
    return bool(long) and found >= PLACED * len(long) and len(kept) >= IN_ORDER * ties


def count_words(words: Words, point: Point) -> int:
    return bisect_left(words.starts, point.end) - bisect_left(words.starts, point.start)


def page_at(document: Document, offset: int) -> int:
    return bisect_right(document.pages, offset) or 1


def place_float(paper: Document, point: Point, paged: Document, whole: Words, pages: Sequence[int]) -> Point:
    """A point that floats, with its page where that is not the one that its offset is on."""
    if not floats(paper, point):
        return point
    own = read_words(paper, [point])
    found = Counter(page_at(paged, whole.starts[whole.runs[run]]) for run in own.runs if run in whole.runs)
    page = found.most_common(1)[0][0] if found else next(named_pages(paper, point, paged), None)
    return point if page in (None, bisect_right(pages, point.start)) else replace(point, page=page)


def named_pages(paper: Document, point: Point, paged: Document) -> Iterator[int]:
    """The pages of the captions of a PDF with the name that a point begins with ("Table 2")."""
    if name := NAMED.match(paper.text, point.start, point.end):
        for other in paged.points:
            if other.role == "caption" and other.where == name[0]:
                yield page_at(paged, other.start)
