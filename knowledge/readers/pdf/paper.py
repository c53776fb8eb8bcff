"""The pages of a paper -> its title, authors and blocks in reading order, as plain values."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.readers.pdf.blocks import FLOW, Block, StripCutter
from knowledge.readers.pdf.columns import (
    Gutter,
    Strip,
    find_gutter,
    has_one_column,
    order_lines,
    spanning_zones,
)
from knowledge.readers.pdf.figures import contains, find_figures, find_rules
from knowledge.readers.pdf.front import Front, read_front
from knowledge.readers.pdf.lines import Line, build_lines, merge_lines
from knowledge.readers.pdf.margins import PAGE_NUMBER, drop_line_numbers, drop_running_heads
from knowledge.readers.pdf.measures import Measures, measure
from knowledge.readers.pdf.page import Box, RawPage
from knowledge.readers.pdf.paragraphs import ENDED
from knowledge.readers.pdf.words import join_lines, read_vocabulary

ABSTRACT = re.compile(r"(Abstract|ABSTRACT)(?:\s*[—–:-]|\.)\s*(?=\S)")


@dataclass(frozen=True)
class PageText:
    """One page: its stretches of text without margins and pictures, the labels of its pictures, its rules."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    labels: tuple[tuple[Box, tuple[Line, ...]], ...]
    rules: tuple[Box, ...]
    figures: tuple[Box, ...]
    aside: str = ""


def read_paper(raws: Sequence[RawPage], words: Sequence[Sequence[Any]], aside: Sequence[str]) -> dict[str, Any]:
    """Title, authors and blocks of a paper whose pages are `raws` with their words in the order of painting; `aside` is what
    is written on each page in another direction, which stands at its end."""
    whole = [build_lines(drop_line_numbers(own)) for own in words]
    stretches = drop_running_heads(whole, [raw.height for raw in raws])
    heads = {line.text for own, kept in zip(whole, stretches, strict=True) for line in set(own) - set(kept)}
    body = measure([Strip(tuple(merge_lines(own)), 0, 0) for own in stretches if own])
    pages = [
        part_page(number, raw, own, body, beside)
        for number, (raw, own, beside) in enumerate(zip(raws, stretches, once(aside, heads), strict=True), 1)
    ]
    gutters = find_gutters(pages)
    front = read_front(pages[0].lines, pages[0].height, body.size) if pages else Front()
    strips = [
        order_page(page, gutter, front if page.number == 1 else Front())
        for page, gutter in zip(pages, gutters, strict=True)
    ]
    body = measure([strip for own in strips for strip in own])
    blocks = assemble(cut_pages(pages, strips, body, front))
    vocabulary = read_vocabulary(line.text for own in strips for strip in own for line in strip.lines)
    written = [one for block in blocks if (one := write_block(block, vocabulary))]
    return {
        "title": join_lines(front.title, vocabulary),
        "authors": list(front.authors),
        "blocks": [part for one in written for part in part_abstract(one)],
    }


def once(texts: Sequence[str], heads: Collection[str]) -> list[str]:
    """Texts of several lines without page numbers and running heads, and without the lines that an earlier text has, such
    as a stamp on every page."""
    seen = set(heads)
    kept = []
    for text in texts:
        lines = dict.fromkeys(text.split("\n"))
        fresh = [line for line in lines if line not in seen and not PAGE_NUMBER.fullmatch(line)]
        seen.update(fresh)
        kept.append("\n".join(fresh))
    return kept


def part_abstract(block: dict[str, Any]) -> list[dict[str, Any]]:
    """An abstract that begins with its name ("Abstract—We cut ...") as a heading and a paragraph."""
    match = ABSTRACT.match(block["text"]) if block["kind"] == "paragraph" and block["page"] == 1 else None
    if not match:
        return [block]
    breaks = [[max(offset - match.end(), 0), page] for offset, page in block["breaks"]]
    heading = block | {"kind": "heading", "text": match[1], "lines": [match[1]], "breaks": [], "level": 1}
    return [heading, block | {"text": block["text"][match.end() :], "breaks": breaks}]


def part_page(number: int, raw: RawPage, lines: Sequence[Line], body: Measures, aside: str) -> PageText:
    figures = find_figures(raw, lines, body.size)
    labels: list[list[Line]] = [[] for _ in figures]
    rest = []
    for line in lines:
        home = next((index for index, box in enumerate(figures) if contains(box, line)), None)
        (rest if home is None else labels[home]).append(line)
    named = tuple((box, tuple(own)) for box, own in zip(figures, labels, strict=True) if own)
    return PageText(number, raw.width, raw.height, tuple(rest), named, tuple(find_rules(raw)), tuple(figures), aside)


def find_gutters(pages: Sequence[PageText]) -> list[Gutter | None]:
    """The gutter of each page; a page with too little text to tell has that of the others."""
    found = [find_gutter(page.lines, page.width) for page in pages]
    known = [gutter for gutter in found if gutter]
    if len(known) * 2 < len(pages):
        return found
    usual = sorted(known, key=lambda gutter: gutter.x1)[len(known) // 2]
    return [
        gutter or (None if has_one_column(page.lines, usual) else usual)
        for page, gutter in zip(pages, found, strict=True)
    ]


def order_page(page: PageText, gutter: Gutter | None, front: Front) -> list[Strip]:
    """The strips of a page without the title and a running head that repeats it; the authors span the page."""
    said = " ".join(line.text for line in front.title).casefold()
    lines = [line for line in page.lines if line not in front.title and line.text.casefold() != said]
    if gutter is None:
        return order_lines(lines, None, ())
    zones = spanning_zones(page.rules, page.figures, lines, gutter)
    if front.title:
        zones.append((0, front.end))
    return order_lines(lines, gutter, zones)


def cut_pages(
    pages: Sequence[PageText], strips: Sequence[Sequence[Strip]], body: Measures, front: Front
) -> Iterator[list[Block]]:
    """The blocks of each page."""
    references = False
    for page, own in zip(pages, strips, strict=True):
        blocks: list[Block] = []
        for strip in own:
            cutter = StripCutter(strip, page.number, page.height, page.rules, body, references)
            blocks += cutter.cut(front.end if page.number == 1 else 0.0)
            references = cutter.references
        add_labels(blocks, page)
        if page.aside:
            blocks.append(Block("figure", page.number, text=page.aside))
        yield blocks


def add_labels(blocks: list[Block], page: PageText) -> None:
    """Put the labels of each picture behind its caption, or at the end of its page."""
    for box, lines in page.labels:
        label = Block("figure", page.number, list(lines), "\n".join(row.text for row in merge_lines(lines)))
        captions = (index for index, block in enumerate(blocks) if block.kind == "caption")
        place = next((index for index in captions if abs(blocks[index].lines[0].box.y0 - box.y1) < 40), None)
        if place is not None:
            label.where = blocks[place].where
        blocks.insert(len(blocks) if place is None else place + 1, label)


def assemble(pages: Iterator[list[Block]]) -> list[Block]:
    """The blocks of all pages in one order, paragraphs joined where columns and pages cut them.

    What stands apart from the running text (tables, captions, footnotes) waits until the paragraph that it interrupts
    has ended, or comes before it where the paragraph runs on to another page: no word of a page follows one of the next.
    """
    done: list[Block] = []
    waiting: list[Block] = []
    for blocks in pages:
        for block in blocks:
            last = next((b for b in reversed(done) if b.kind in FLOW), None) if done else None
            runs = last is not None and done[-1] is last and is_open(last)
            if block.kind not in FLOW:
                (waiting if runs else done).append(block)
            elif runs and last and continues(last, block):
                if block.page != (last.breaks[-1][1] if last.breaks else last.page):
                    last.breaks.append((len(last.lines), block.page))
                last.lines += block.lines
                last.full = block.full
            else:
                done += waiting
                waiting.clear()
                done.append(block)
        if waiting:
            last = done[-1]
            if last.page == waiting[0].page and not last.breaks:
                place = len(done) - 1
                while place and done[place - 1].kind == "heading" and done[place - 1].page == last.page:
                    place -= 1
                done[place:place] = waiting
            else:
                done += waiting
            waiting.clear()
    return done


def is_open(block: Block) -> bool:
    """Whether a paragraph or an entry may go on in the next column or on the next page."""
    return block.kind in ("paragraph", "reference")


def continues(last: Block, block: Block) -> bool:
    """Whether a block goes on with the paragraph or entry that ended a column."""
    if last.kind != block.kind or abs(last.lines[-1].size - block.lines[0].size) > 0.8:
        return False
    before, after = last.lines[-1].text, block.lines[0].text
    if block.kind == "reference":
        return block.indented
    if (
        last.lines[-1].box.y1 < block.lines[0].box.y0
        and last.page == block.page
        and last.lines[-1].box.x0 - 20 < block.lines[0].box.x0 < last.lines[-1].box.x1
        and not before.endswith("-")
    ):
        return False
    if after[:1].islower() or before.endswith(("-", "\u2010")):
        return not ENDED.search(before) or not block.indented
    return not ENDED.search(before) and not block.indented and last.full


def write_block(block: Block, vocabulary: Counter) -> dict[str, Any] | None:
    """A block as plain values, with the offsets in its text at which pages begin."""
    cuts = [0, *(index for index, _ in block.breaks), len(block.lines)]
    text, breaks = block.text, []
    if not text:
        listing = block.kind in ("listing", "front")
        for number, (start, end) in enumerate(itertools.pairwise(cuts)):
            text = join_lines(block.lines[start : start + 1], vocabulary, text, listing)
            if number:
                breaks.append([len(text) - len(block.lines[start].text), block.breaks[number - 1][1]])
            text = join_lines(block.lines[start:end], vocabulary, text, listing, 1)
    if not text.strip():
        return None
    heading = block.heading
    return {
        "kind": block.kind,
        "text": text,
        "lines": [line.text for line in block.lines],
        "page": block.page,
        "where": block.where,
        "breaks": breaks,
        "level": heading.level if heading else 0,
    }
