"""Pages whose text is not upright, such as a wide table on its side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from knowledge.readers.pdf.page import Box, Glyph, RawPage


def turn_page(raw: RawPage, hidden: set[int]) -> tuple[RawPage, list[RawPage]]:
    """A page with the glyphs that are seen and that run in the commonest direction, turned so that they are upright, and the
    same page with the glyphs of each other direction.

    Text in another direction (the labels of an axis, a stamp in the margin) is no part of the running text.
    """
    seen = [glyph for index, glyph in enumerate(raw.glyphs) if index not in hidden]
    turns = Counter(glyph.turn for glyph in seen)
    order = sorted(turns, key=lambda own: (-turns[own], own != 0, own)) or [0]
    first, *others = [make_upright(raw, turn, [glyph for glyph in seen if glyph.turn == turn]) for turn in order]
    return first, others


def make_upright(raw: RawPage, turn: int, kept: Sequence[Glyph]) -> RawPage:
    """A page turned so that these glyphs, which all run in one direction, run to the right."""
    if turn == 0:
        return replace(raw, glyphs=tuple(kept))
    width, height = (raw.height, raw.width) if turn % 2 else (raw.width, raw.height)
    glyphs = tuple(turn_glyph(glyph, turn, raw) for glyph in kept)
    drawn = tuple(replace(thing, box=turn_box(thing.box, turn, raw)) for thing in raw.drawn)
    return replace(raw, width=width, height=height, glyphs=glyphs, drawn=drawn)


def turn_box(box: Box, turn: int, raw: RawPage) -> Box:
    """A box on the page turned by quarter turns, so that text that ran that way runs to the right."""
    if turn == 1:
        return Box(raw.height - box.y1, box.x0, raw.height - box.y0, box.x1)
    if turn == 2:
        return Box(raw.width - box.x1, raw.height - box.y1, raw.width - box.x0, raw.height - box.y0)
    return Box(box.y0, raw.width - box.x1, box.y1, raw.width - box.x0)


def turn_glyph(glyph: Glyph, turn: int, raw: RawPage) -> Glyph:
    box = turn_box(glyph.box, turn, raw)
    return glyph._replace(box=box, base=box.y1 - 0.22 * (box.y1 - box.y0), turn=0)
