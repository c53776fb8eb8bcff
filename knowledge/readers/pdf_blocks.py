"""Strips of lines -> blocks: headings, paragraphs, captions, tables, references, footnotes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from knowledge.readers.pdf_columns import Strip
from knowledge.readers.pdf_headings import Heading, read_heading
from knowledge.readers.pdf_lines import Line, same_size
from knowledge.readers.pdf_page import Box
from knowledge.readers.pdf_tables import CAPTION, caption_of, find_tables, write_rows

BlockKind = Literal["front", "heading", "paragraph", "reference", "caption", "table", "footnote", "figure", "listing"]
FLOW = ("heading", "paragraph", "reference")
BULLET = re.compile(r"(?:[•◦▪∙·‣*–—-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\[\d{1,3}\])\s+\S")
MARKER = re.compile(r"(?:\[(?:\d{1,3}|[A-Za-z+]{1,8}\d{2}[a-z]?)\]|\d{1,3}\.)\s*\S")
ENDED = re.compile(r"[.!?:;][\"'”’)\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]*$")
MATH = re.compile(r"CMMI|CMSY|CMEX|CMR\d|MSBM|MSAM|Math|txsy|txmi|EUFM|LMMath|rsfs", re.IGNORECASE)
SMALL = 0.93
"""Text under this share of the body's size is small print."""


@dataclass
class Block:
    """A piece of a paper. `breaks` are the offsets in its text at which a new page begins, with that page."""

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


@dataclass(frozen=True)
class Measures:
    """What the running text of a paper looks like."""

    size: float
    font: str
    leading: float
    justified: bool = True
    """Whether most lines end at one edge."""
    caption: str = ""
    """What stands after the number in most captions: ":" or "."."""


def measure(strips: Sequence[Strip]) -> Measures:
    """The commonest size and font, and the usual distance of two lines of that size."""
    sizes: Counter[tuple[float, str]] = Counter()
    for strip in strips:
        for line in strip.lines:
            sizes[round(line.size, 1), line.font] += len(line.text)
    size, font = sizes.most_common(1)[0][0] if sizes else (10.0, "")
    steps = Counter(
        round(after.base - before.base, 1)
        for strip in strips
        for before, after in zip(strip.lines, strip.lines[1:], strict=False)
        if abs(before.size - size) < 0.3 and abs(after.size - size) < 0.3 and after.base - before.base < 2.5 * size
    )
    ends = Counter(
        match["end"]
        for strip in strips
        for line in strip.lines
        if (match := CAPTION.match(line.text)) and match["end"] in (":", ".")
    )
    end = ":" if ends[":"] else "." if ends["."] else ""
    return Measures(size, font, steps.most_common(1)[0][0] if steps else 1.2 * size, is_justified(strips, size), end)


def is_justified(strips: Sequence[Strip], size: float) -> bool:
    """Whether most lines of running text end where another of their strip ends too."""
    flush = whole = 0
    for strip in strips:
        own = [line for line in strip.lines if abs(line.size - size) < 0.3 and len(line.text) > 20]
        ends = Counter(round(line.box.x1) for line in own)
        flush += sum(ends[round(line.box.x1)] + ends[round(line.box.x1) - 1] > 3 for line in own)
        whole += len(own)
    return flush > 0.5 * whole


def cut_strip(
    strip: Strip,
    page: int,
    height: float,
    rules: Sequence[Box],
    body: Measures,
    references: bool,
    front_end: float = 0.0,
) -> list[Block]:
    """The blocks of a strip from top to bottom; `references` tells that the list of references is being read, and
    `front_end` where the names below the title end."""
    left, right = edges(strip, body)
    strip = replace(
        strip, lines=tuple(replace(line, formula=not references and is_formula(line, left)) for line in strip.lines)
    )
    lines = strip.lines
    tables = find_tables(strip, rules, body.size)
    table_at = {index: table for table in tables for index in range(table.first, table.last)}
    notes = footnotes_from(strip, rules, body, table_at, height, references)
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        previous = lines[index - 1] if index else None
        if line.base < front_end and not caption_of(line, body.size):
            if not blocks or blocks[-1].kind != "front":
                blocks.append(Block("front", page))
            blocks[-1].lines.append(line)
            index += 1
            continue
        if index in table_at:
            table = table_at[index]
            own = list(lines[table.first : table.last])
            blocks.append(Block("table", page, own, write_rows(own, table.rules)))
            index = table.last
            continue
        if index >= notes:
            if line.raised or not blocks or blocks[-1].kind != "footnote":
                blocks.append(Block("footnote", page, [line]))
            else:
                blocks[-1].lines.append(line)
            index += 1
            continue
        if name := caption_of(line, body.size, body.caption):
            end = caption_end(lines, index, table_at, body)
            kind: BlockKind = "listing" if name.startswith("Algorithm") else "caption"
            if kind == "listing":
                end = max(end, listing_end(lines, index, rules, strip))
            blocks.append(Block(kind, page, list(lines[index:end]), where=name))
            index = end
            continue
        heading = read_heading(
            line, previous, lines[index + 1] if index + 1 < len(lines) else None, body.size, body.font, body.leading
        )
        last = blocks[-1] if blocks else None
        if last and last.kind == "heading" and heading_goes_on(last, heading, line, body):
            last.lines.append(line)
            index += 1
            continue
        if heading:
            blocks.append(Block("heading", page, [line], heading=heading))
            references = heading.references or (
                references and not heading.numbered and not heading.appendix and heading.level > 1
            )
            index += 1
            continue
        if references:
            if starts_reference(line, previous, strip, body, left) or not last or last.kind != "reference":
                blocks.append(Block("reference", page, [line], indented=not begins_entry(line, strip, left)))
            else:
                last.lines.append(line)
        elif (
            last and last.kind == "paragraph" and previous is last.lines[-1] and goes_on(last, line, body, left, right)
        ):
            last.lines.append(line)
        else:
            blocks.append(Block("paragraph", page, [line], indented=line.box.x0 > left + 0.7 * line.size))
        blocks[-1].full = line.box.x1 > right - 2 * line.size
        index += 1
    name_tables(blocks)
    return blocks


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


def edges(strip: Strip, body: Measures) -> tuple[float, float]:
    """Where most lines of running text begin and end."""
    own = [line for line in strip.lines if len(line.text) > 20] or list(strip.lines)
    lefts = Counter(round(line.box.x0) for line in own)
    return float(max(lefts, key=lambda x: (lefts[x] + lefts[x - 1], -x))), max(line.box.x1 for line in own)


def goes_on(block: Block, line: Line, body: Measures, left: float, right: float) -> bool:
    """Whether a line belongs to the paragraph above it."""
    last = block.lines[-1]
    step = line.base - last.base
    formula, after_formula = line.formula, last.formula
    if step > (2.6 if formula or after_formula else 1.4) * max(body.leading, 1.15 * line.size):
        return False
    if formula or after_formula:
        return formula or not (line.box.x0 > left + 0.7 * line.size and line.text[:1].isupper())
    if not same_size(line, last):
        return False
    if last.box.x1 < right - 4 * line.size and ENDED.search(last.text) and line.text[:1].isupper() and body.justified:
        return False
    if step > 1.25 * max(usual_step(block, body), 0.9 * line.size) and step > body.leading * 1.2:
        return False
    if BULLET.match(line.text) and (line.box.x0 > left + 2 or not last.box.x1 > right - 3 * line.size):
        return False
    first = block.lines[0]
    indent = line.box.x0 - last.box.x0
    hanging = len(block.lines) == 1 and BULLET.match(first.text)
    if indent > 0.7 * line.size and not hanging and indent < 4 * line.size:
        return last.box.x1 > right + 3
    return not (
        indent < -0.7 * line.size
        and len(block.lines) > 1
        and BULLET.match(first.text)
        and line.box.x0 < first.box.x0 - 2
    )


def usual_step(block: Block, body: Measures) -> float:
    if len(block.lines) < 2:
        return body.leading
    return block.lines[-1].base - block.lines[-2].base


def is_formula(line: Line, left: float) -> bool:
    """Whether a line is a displayed formula: indented, and of signs in a font for mathematics, or with a number."""
    if line.box.x0 < left + 1.5 * line.size:
        return False
    if not re.search(r"[=∑∏∫≤≥∈→∼×≈]", line.text) and not any(MATH.search(word.font) for word in line.words):
        return False
    signs = sum(len(word.text) for word in line.words)
    math = sum(
        len(word.text) for word in line.words if MATH.search(word.font) or not re.search(r"[A-Za-z]{3}", word.text)
    )
    return math > 0.5 * signs and ((line.text[:1] not in "•–" and not BULLET.match(line.text)) or "=" in line.text)


def caption_end(lines: Sequence[Line], start: int, taken: dict, body: Measures) -> int:
    """The index after the last line of a caption."""
    end = start + 1
    while end < len(lines) and end not in taken:
        line, last = lines[end], lines[end - 1]
        first_step = lines[start + 1].base - lines[start].base
        step = line.base - last.base
        if not same_size(line, lines[start]) or step > 1.2 * min(first_step, 1.35 * line.size):
            break
        if caption_of(line, body.size, body.caption):
            break
        if (
            line.box.x0 > lines[start].box.x0 + 0.8 * line.size
            and end == start + 1
            and line.box.x1 < last.box.x1 - 30
            and len(line.text) < 15
        ):
            break
        end += 1
    return end


def listing_end(lines: Sequence[Line], start: int, rules: Sequence[Box], strip: Strip) -> int:
    """The index after the last line of an algorithm between rules."""
    wide = sorted(
        rule.y0 for rule in rules if rule.x1 - rule.x0 > 0.7 * (strip.x1 - strip.x0) and rule.x0 < strip.x0 + 20
    )
    below = [y for y in wide if y > lines[start].base]
    bottom = below[1] if len(below) > 1 else below[0] if below else lines[start].base
    return next((index for index in range(start + 1, len(lines)) if lines[index].base > bottom), len(lines))


def footnotes_from(
    strip: Strip, rules: Sequence[Box], body: Measures, taken: dict, height: float, references: bool
) -> int:
    """The index of the first line of the small print at the foot of a strip, or the number of lines."""
    lines = strip.lines
    first = len(lines)
    while (
        first
        and first - 1 not in taken
        and lines[first - 1].size < SMALL * body.size
        and not caption_of(lines[first - 1], body.size, body.caption)
    ):
        first -= 1
    if first == len(lines):
        return first
    width = strip.x1 - strip.x0
    starts = [rule.y1 for rule in rules if abs(rule.x0 - strip.x0) < 8 and rule.x1 - rule.x0 < 1.02 * width]
    for index in range(first, len(lines)):
        above = lines[index - 1].base if index else float("-inf")
        if not re.search(r"[^\W\d_]{3}", lines[index].text):
            continue
        ruled = any(above - 1 <= y < lines[index].base for y in starts)
        low = lines[index].base > 0.88 * height
        if (
            (ruled and lines[index].base > 0.4 * height)
            or (lines[index].raised and not references)
            or (low and not references)
        ):
            return index
    return len(lines)


def starts_reference(line: Line, previous: Line | None, strip: Strip, body: Measures, left: float) -> bool:
    """Whether a line begins an entry of the list of references: by its mark, a hanging indent, or a gap."""
    own = [other for other in strip.lines if len(other.text) > 8]
    marked = sum(bool(MARKER.match(other.text)) for other in own)
    if marked > 0.15 * len(own) and marked > 2:
        return bool(MARKER.match(line.text))
    hanging = sum(other.box.x0 > outer(strip) + 0.6 * other.size for other in own) >= 0.2 * len(own)
    if hanging:
        return line.box.x0 < outer(strip) + 0.6 * line.size
    return previous is None or line.base - previous.base > 1.12 * min(usual_gap(strip), 1.3 * line.size)


def begins_entry(line: Line, strip: Strip, left: float) -> bool:
    return bool(MARKER.match(line.text)) or (line.box.x0 < outer(strip) + 0.6 * line.size and line.text[:1].isupper())


def outer(strip: Strip) -> float:
    return min(line.box.x0 for line in strip.lines)


def usual_gap(strip: Strip) -> float:
    steps = sorted(after.base - before.base for before, after in zip(strip.lines, strip.lines[1:], strict=False))
    return steps[len(steps) // 3] if steps else 12.0


def heading_goes_on(block: Block, heading: Heading | None, line: Line, body: Measures) -> bool:
    """Whether a line is the second one of a heading, which is set like the first and unlike the body."""
    last = block.lines[-1]
    same = abs(last.size - line.size) < 0.3 and last.font == line.font
    apart = line.font != body.font or line.size > 1.08 * body.size
    whole = (block.heading is not None and block.heading.known) or (heading is not None and heading.numbered)
    return same and apart and not whole and line.base - last.base < 1.45 * line.size
