"""Strips of lines -> blocks: headings, paragraphs, captions, tables, references, footnotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from knowledge.readers.pdf.columns import Strip
from knowledge.readers.pdf.headings import Heading, read_heading
from knowledge.readers.pdf.lines import Line
from knowledge.readers.pdf.measures import Measures
from knowledge.readers.pdf.page import Box
from knowledge.readers.pdf.paragraphs import (
    begins_entry,
    caption_end,
    edges,
    goes_on,
    is_formula,
    listing_end,
    starts_reference,
)
from knowledge.readers.pdf.rows import write_rows
from knowledge.readers.pdf.tables import Table, caption_of, find_tables

BlockKind = Literal["front", "heading", "paragraph", "reference", "caption", "table", "footnote", "figure", "listing"]
FLOW = ("heading", "paragraph", "reference")
SMALL = 0.93
"""Text under this share of the body's size is small print."""


@dataclass
class Block:
    """A piece of a paper. `breaks` are the indices of the lines with which a new page begins, with that page."""

    kind: BlockKind
    page: int
    lines: list[Line] = field(default_factory=list)
    text: str = ""
    where: str | None = None
    heading: Heading | None = None
    breaks: list[tuple[int, int]] = field(default_factory=list)
    indented: bool = False
    full: bool = False
    """Whether the last line reaches the column's right edge."""


class StripCutter:
    """Cuts one strip into blocks, from top to bottom.

    `height` is that of the page, `front_end` where the names below the title end; `references` tells whether the list
    of references is being read, before the strip and after it.
    """

    def __init__(
        self, strip: Strip, page: int, height: float, rules: Sequence[Box], body: Measures, references: bool
    ) -> None:
        self.page, self.body, self.references, self.rules = page, body, references, rules
        self.left, self.right = edges(strip)
        lines = (replace(line, formula=not references and is_formula(line, self.left)) for line in strip.lines)
        self.strip = replace(strip, lines=tuple(lines))
        self.lines = self.strip.lines
        tables = find_tables(self.strip, rules, body.size)
        self.tables = {index: table for table in tables for index in range(table.first, table.last)}
        self.notes = self._find_notes(height)
        self.blocks: list[Block] = []

    def cut(self, front_end: float = 0.0) -> list[Block]:
        """The blocks; what stands above `front_end` is the paper's head."""
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if line.base < front_end and not caption_of(line, self.body.size):
                index = self._gather("front", index)
            elif table := self.tables.get(index):
                index = self._add_table(table)
            elif index >= self.notes:
                index = self._gather("footnote", index, line.raised)
            elif name := caption_of(line, self.body.size, self.body.caption):
                index = self._add_caption(index, name)
            else:
                index = self._add_text(index)
        name_tables(self.blocks)
        return self.blocks

    def _gather(self, kind: BlockKind, index: int, new: bool = False) -> int:
        """Add a line to a block of its kind; `new` begins another one."""
        if new or not self.blocks or self.blocks[-1].kind != kind:
            self.blocks.append(Block(kind, self.page))
        self.blocks[-1].lines.append(self.lines[index])
        return index + 1

    def _add_table(self, table: Table) -> int:
        own = list(self.lines[table.first : table.last])
        self.blocks.append(Block("table", self.page, own, write_rows(own, table.rules, table.tight)))
        return table.last

    def _add_caption(self, index: int, name: str) -> int:
        """A caption, or an algorithm with its lines."""
        end = caption_end(self.lines, index, self.tables, self.body)
        listing = name.startswith("Algorithm")
        if listing:
            end = max(end, listing_end(self.lines, index, self.rules, self.strip))
        own = list(self.lines[index:end])
        self.blocks.append(Block("listing" if listing else "caption", self.page, own, where=name))
        return end

    def _add_text(self, index: int) -> int:
        """A line of a heading, a reference or a paragraph."""
        line, last = self.lines[index], self.blocks[-1] if self.blocks else None
        previous = self.lines[index - 1] if index else None
        following = self.lines[index + 1] if index + 1 < len(self.lines) else None
        heading = read_heading(line, previous, following, self.body.size, self.body.font, self.body.leading)
        if last and last.kind == "heading" and heading_goes_on(last, heading, line, self.body):
            last.lines.append(line)
            return index + 1
        if heading:
            self.blocks.append(Block("heading", self.page, [line], heading=heading))
            self.references = heading.opens_references(self.references)
            return index + 1
        if self.references:
            new = starts_reference(line, previous, self.strip) or not last or last.kind != "reference"
            index = self._gather("reference", index, new)
            self.blocks[-1].indented |= new and not begins_entry(line, self.strip)
        else:
            above = last.lines if last and last.kind == "paragraph" and last.lines[-1] is previous else []
            new = not above or not goes_on(above, line, self.body, self.left, self.right)
            index = self._gather("paragraph", index, new)
            self.blocks[-1].indented |= new and line.box.x0 > self.left + 0.7 * line.size
        self.blocks[-1].full = line.box.x1 > self.right - 2 * line.size
        return index

    def _find_notes(self, height: float) -> int:
        """The index of the first line of the small print at the foot of the strip, or the number of lines."""
        lines = self.lines
        first = len(lines)
        while first and first - 1 not in self.tables and self._is_small(lines[first - 1]):
            first -= 1
        width = self.strip.x1 - self.strip.x0
        own = [rule for rule in self.rules if abs(rule.x0 - self.strip.x0) < 8 and rule.x1 - rule.x0 < 1.02 * width]
        for index in range(first, len(lines)):
            line = lines[index]
            above = lines[index - 1].base if index else float("-inf")
            ruled = line.base > 0.4 * height and any(above - 1 <= rule.y1 < line.base for rule in own)
            marked = not self.references and (line.raised or line.base > 0.88 * height)
            if (ruled or marked) and re.search(r"[^\W\d_]{3}", line.text):
                return index
        return len(lines)

    def _is_small(self, line: Line) -> bool:
        return line.size < SMALL * self.body.size and not caption_of(line, self.body.size, self.body.caption)


def name_tables(blocks: Sequence[Block]) -> None:
    """Give each table the number of the caption above it, or else below it."""
    named: set[int] = set()
    for index, block in enumerate(blocks):
        if block.kind != "table":
            continue
        for near in (index - 1, index + 1):
            where = blocks[near].where if 0 <= near < len(blocks) and near not in named else None
            if where and where.startswith("Table"):
                block.where = where
                named.add(near)
                break


def heading_goes_on(block: Block, heading: Heading | None, line: Line, body: Measures) -> bool:
    """Whether a line is the second one of a heading, which is set like the first and unlike the body."""
    last = block.lines[-1]
    same = abs(last.size - line.size) < 0.3 and last.font == line.font
    apart = line.font != body.font or line.size > 1.08 * body.size
    whole = (block.heading is not None and block.heading.known) or (heading is not None and heading.numbered)
    return same and apart and not whole and line.base - last.base < 1.45 * line.size
