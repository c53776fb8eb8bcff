"""Which lines belong together: paragraphs, displayed formulas, captions, entries of the list of references."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from itertools import pairwise

from knowledge.readers.pdf.columns import Strip
from knowledge.readers.pdf.lines import Line, same_size
from knowledge.readers.pdf.measures import Measures
from knowledge.readers.pdf.page import Box
from knowledge.readers.pdf.tables import caption_of

BULLET = re.compile(r"(?:[•◦▪∙·‣*–—-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\[\d{1,3}\])\s+\S")
MARKER = re.compile(r"(?:\[(?:\d{1,3}|[A-Za-z+]{1,8}\d{2}[a-z]?)\]|\d{1,3}\.)\s*\S")
ENDED = re.compile(r"[.!?:;][\"'”’)\]]*[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]*$")
MATH = re.compile(r"CMMI|CMSY|CMEX|CMR\d|MSBM|MSAM|Math|txsy|txmi|EUFM|LMMath|rsfs", re.IGNORECASE)
LIST_LINES = 2
"""Lines with a mark that make a list of references one of marks."""


def edges(strip: Strip) -> tuple[float, float]:
    """Where most lines of running text begin, and where the longest ends."""
    own = [line for line in strip.lines if len(line.text) > 20] or list(strip.lines)
    lefts = Counter(round(line.box.x0) for line in own)
    return float(max(lefts, key=lambda x: (lefts[x] + lefts[x - 1], -x))), max(line.box.x1 for line in own)


def goes_on(lines: Sequence[Line], line: Line, body: Measures, left: float, right: float) -> bool:
    """Whether a line belongs to the paragraph of the lines above it."""
    first, last = lines[0], lines[-1]
    step = line.base - last.base
    if line.formula or last.formula:
        near = step <= 2.6 * max(body.leading, 1.15 * line.size)
        return near and (line.formula or not (line.box.x0 > left + 0.7 * line.size and line.text[:1].isupper()))
    usual = last.base - lines[-2].base if len(lines) > 1 else body.leading
    widest = max(1.25 * max(usual, 0.9 * line.size), 1.2 * body.leading)
    if step > min(widest, 1.4 * max(body.leading, 1.15 * line.size)) or not same_size(line, last):
        return False
    if body.justified and last.box.x1 < right - 4 * line.size and ENDED.search(last.text) and line.text[:1].isupper():
        return False
    if BULLET.match(line.text) and (line.box.x0 > left + 2 or last.box.x1 <= right - 3 * line.size):
        return False
    item = BULLET.match(first.text)
    indent = line.box.x0 - last.box.x0
    if 0.7 * line.size < indent < 4 * line.size and not (item and len(lines) == 1):
        return last.box.x1 > right + 3
    outdented = indent < -0.7 * line.size and line.box.x0 < first.box.x0 - 2
    return not (outdented and item and len(lines) > 1)


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


def caption_end(lines: Sequence[Line], start: int, taken: Container[int], body: Measures) -> int:
    """The index after the last line of a caption."""
    end = start + 1
    while end < len(lines) and end not in taken:
        line = lines[end]
        first_step, step = lines[start + 1].base - lines[start].base, line.base - lines[end - 1].base
        if not same_size(line, lines[start]) or step > 1.2 * min(first_step, 1.35 * line.size):
            break
        if caption_of(line, body.size, body.caption):
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


def starts_reference(line: Line, previous: Line | None, strip: Strip) -> bool:
    """Whether a line begins an entry of the list of references: by its mark, a hanging indent, or a gap."""
    own = [other for other in strip.lines if len(other.text) > 8]
    marked = sum(bool(MARKER.match(other.text)) for other in own)
    if marked > LIST_LINES and marked > 0.15 * len(own):
        return bool(MARKER.match(line.text))
    if sum(is_hanging(other, strip) for other in own) >= 0.2 * len(own):
        return not is_hanging(line, strip)
    steps = sorted(after.base - before.base for before, after in pairwise(strip.lines))
    usual = steps[len(steps) // 3] if steps else 1.3 * line.size
    return previous is None or line.base - previous.base > 1.12 * min(usual, 1.3 * line.size)


def begins_entry(line: Line, strip: Strip) -> bool:
    """Whether the first reference of a strip is a new one, and not the rest of one of the strip before."""
    return bool(MARKER.match(line.text)) or (not is_hanging(line, strip) and line.text[:1].isupper())


def is_hanging(line: Line, strip: Strip) -> bool:
    """Whether a line is indented against the outermost of its strip."""
    return line.box.x0 >= min(other.box.x0 for other in strip.lines) + 0.6 * line.size
