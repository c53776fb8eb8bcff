"""Which text of a page nobody sees, and why: found by painting the page with and without it.

A word is visible where the picture of the page changes when the word is left out; so white on white, dark on dark,
text behind pictures, clipped or transparent text and layers that are off are one question, asked of what is painted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.readers.pdf_page import Box, Drawn, Glyph, RawPage, TextObject
from knowledge.types import FindingKind

if TYPE_CHECKING:
    import numpy as np

SCALE = 1.5
"""Pixels per point of the pictures that are compared."""
MOST_PIXELS = 2.5e7
SEEN = 32
"""How much a colour channel, of 255, has to change for text to count as seen; #E0E0E0 on white changes by 31."""
FAINT = 10
"""The change that is enough for thin strokes, which never reach their full colour, in a colour that would be seen."""
TINY = 2.0
"""Text under this many points is read by no one."""
SQUEEZED = 0.1
"""Characters narrower than this share of their size, on average, lie on top of each other or were never painted."""
INK = 48
"""How far the lightest and darkest pixel of a scanned word lie apart."""
SCAN = 0.6
"""The share of a page that a picture covers where the page is a scan."""


class Hidden(NamedTuple):
    """Glyphs that nobody sees, by their indices, and why."""

    kind: FindingKind
    glyphs: range


def find_hidden(page: Any, raw: RawPage) -> tuple[list[Hidden], bool]:
    """The words of a page that nobody sees, and whether the page is a scan with a text layer.

    The invisible text of a scan is what its picture shows, and is taken; but not where the picture shows nothing.
    Paints the page twice, once more where something is suspicious.
    """
    words = split_words(raw.glyphs)
    if not words:
        return [], False
    boxes = [hull(raw.glyphs[index].box for index in word) for word in words]
    painting = Painting(page, raw)
    changed = painting.changes(raw.objects)
    bare = painting.bare
    suspects = [
        index
        for index, word in enumerate(words)
        if is_suspicious(
            raw, raw.objects[raw.glyphs[word[0]].object], boxes[index], painting.colour(bare, boxes[index])
        )
    ]
    alone = painting.changes([raw.objects[number] for number in {raw.glyphs[words[i][0]].object for i in suspects}])
    found: dict[int, FindingKind] = {}
    squeezed = find_squeezed(raw)
    for index, (word, box) in enumerate(zip(words, boxes, strict=True)):
        own = raw.objects[raw.glyphs[word[0]].object]
        under = painting.colour(bare, box)
        change = painting.peak(alone if index in set(suspects) else changed, box)
        if kind := judge(raw, word, own, box, change, contrast(own, under), painting.spread(box)):
            found[index] = kind
        elif raw.glyphs[word[0]].object in squeezed:
            found[index] = "invisible"
    if is_scan(raw, found, words):
        found = {i: kind for i, kind in found.items() if kind == "off-page" or painting.spread(boxes[i]) < INK}
        return [Hidden(kind, words[index]) for index, kind in found.items()], True
    return [Hidden(kind, words[index]) for index, kind in found.items()], False


def find_squeezed(raw: RawPage) -> set[int]:
    """The text objects whose characters have no room: the file gives them as the text of fewer glyphs than they are."""
    inside: dict[int, list[Glyph]] = {}
    for glyph in raw.glyphs:
        inside.setdefault(glyph.object, []).append(glyph)
    squeezed = set()
    for number, glyphs in inside.items():
        box = hull(glyph.box for glyph in glyphs)
        length = box.y1 - box.y0 if glyphs[0].turn % 2 else box.x1 - box.x0
        if len(glyphs) > 8 and length < SQUEEZED * glyphs[0].size * len(glyphs):
            squeezed.add(number)
    return squeezed


def split_words(glyphs: Sequence[Glyph]) -> list[range]:
    """The indices of glyphs that stand together: one object, no space between."""
    words: list[range] = []
    start = 0
    for index in range(1, len(glyphs) + 1):
        if index == len(glyphs) or glyphs[index].spaced or glyphs[index].object != glyphs[index - 1].object:
            words.append(range(start, index))
            start = index
    return words if glyphs else []


def hull(boxes: Any) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def judge(
    raw: RawPage, word: range, own: TextObject, box: Box, change: float | None, contrast: float, spread: float
) -> FindingKind | None:
    """Why a word is hidden, or None; `change` is None off the page."""
    if change is None or (box.area and box.overlap(Box(0, 0, raw.width, raw.height)) < 0.2 * box.area):
        return "off-page"
    first = raw.glyphs[word[0]]
    clips = own.mode == 7
    if (spread >= SEEN) if clips else (change >= SEEN or (contrast > 1.25 * SEEN and change >= FAINT)):
        if first.size < TINY:
            return "tiny"
        return None
    if own.layered:
        return "layer-off"
    if own.mode != 3 and contrast >= SEEN and is_covered(raw.drawn, own, box):
        return "covered"
    return "tiny" if first.size < TINY and contrast >= SEEN else "invisible"


def is_suspicious(raw: RawPage, own: TextObject, box: Box, under: "np.ndarray | None") -> bool:
    """Whether a word has to be looked at without its neighbours, whose ink could stand in for its own."""
    return own.mode in (3, 7) or own.layered or contrast(own, under) < 3 * SEEN or is_covered(raw.drawn, own, box)


def contrast(own: TextObject, under: "np.ndarray | None") -> float:
    """How much the colour of text differs from the colour beneath, in the channel that differs most."""
    if under is None or own.mode in (3, 7):
        return 0.0
    share = own.colour[3] / 255
    return max(abs(float(channel) - int(beneath)) for channel, beneath in zip(own.colour, under, strict=False)) * share


def is_covered(drawn: Sequence[Drawn], own: TextObject, box: Box) -> bool:
    """Whether something solid that is painted later lies over most of a word."""
    return any(thing.order > own.order and thing.solid and thing.box.overlap(box) > 0.7 * box.area for thing in drawn)


def is_scan(raw: RawPage, found: dict[int, FindingKind], words: list[range]) -> bool:
    """Whether a page is a picture whose text layer, and nothing else, is hidden under or over it."""
    whole = SCAN * raw.width * raw.height
    on_page = [index for index in range(len(words)) if found.get(index) != "off-page"]
    hidden = sum(found.get(index) in ("invisible", "covered") for index in on_page)
    pictures = any(thing.kind == "image" and thing.box.area >= whole for thing in raw.drawn)
    return pictures and hidden > 0.9 * len(on_page) > 0


class Painting:
    """Pictures of a page, as arrays of height x width x 3 of uint8, and what changes in them without some text."""

    def __init__(self, page: Any, raw: RawPage) -> None:
        self._page = page
        self._scale = min(SCALE, (MOST_PIXELS / max(raw.width * raw.height, 1)) ** 0.5)
        self._whole = self._paint()
        self.bare = self._whole

    def changes(self, objects: Sequence[TextObject]) -> "np.ndarray":
        """By how much each pixel changes when the objects are left out: height x width, of uint8."""
        import numpy as np
        import pypdfium2.raw as pdfium

        if not objects:
            return np.zeros(self._whole.shape[:2], np.uint8)
        for thing in objects:
            pdfium.FPDFPageObj_SetIsActive(thing.handle, False)
        without = self._paint()
        for thing in objects:
            pdfium.FPDFPageObj_SetIsActive(thing.handle, True)
        if self.bare is self._whole:
            self.bare = without
        return (np.maximum(self._whole, without) - np.minimum(self._whole, without)).max(axis=2)

    def colour(self, picture: "np.ndarray", box: Box) -> "np.ndarray | None":
        """The median colour (red, green, blue) within a box; None off the page."""
        import numpy as np

        part = self._cut(picture, box)
        return np.median(part.reshape(-1, 3), axis=0) if part.size else None

    def peak(self, changed: "np.ndarray", box: Box) -> float | None:
        """The greatest change within a box; None off the page."""
        part = self._cut(changed, box)
        return float(part.max()) if part.size else None

    def spread(self, box: Box) -> float:
        """How far the lightest and the darkest pixel lie apart within a box, in the channel where they do most."""
        part = self._cut(self._whole, box)
        return float((part.max(axis=(0, 1)).astype(int) - part.min(axis=(0, 1))).max()) if part.size else 0.0

    def _cut(self, picture: "np.ndarray", box: Box) -> "np.ndarray":
        height, width = picture.shape[:2]
        x0, y0 = max(int(box.x0 * self._scale), 0), max(int(box.y0 * self._scale), 0)
        x1, y1 = min(int(box.x1 * self._scale) + 1, width), min(int(box.y1 * self._scale) + 1, height)
        return picture[y0 : max(y1, y0), x0 : max(x1, x0)]

    def _paint(self) -> "np.ndarray":
        bitmap = self._page.render(scale=self._scale, rev_byteorder=True, may_draw_forms=False)
        picture = bitmap.to_numpy()[:, :, :3].copy()
        bitmap.close()
        return picture
