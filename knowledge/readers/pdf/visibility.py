"""Which text of a page nobody sees, and why: found by painting the page with and without it.

A word is visible where the picture of the page changes when the word is left out; so white on white, dark on dark,
text behind pictures, clipped or transparent text and layers that are off are one question, asked of what is painted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.readers.pdf.page import Box, Drawn, Glyph, RawPage, TextObject
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
INVISIBLE, CLIP = 3, 7
"""The render modes in which text leaves no ink of its own."""
SCAN = 0.6
"""The share of a page that a picture covers where the page is a scan."""


class Hidden(NamedTuple):
    """Glyphs that nobody sees, by their indices, and why."""

    kind: FindingKind
    glyphs: range


def find_hidden(page: Any, raw: RawPage) -> tuple[list[Hidden], bool]:
    """The words of a page that nobody sees, and whether the page is a scan with a text layer.

    The invisible text of a scan is what its picture shows, and is taken; but not where the picture shows nothing.
    Paints the page twice, and once more for each kind of suspicion that some text of it is under.
    """
    words = [Placed(word, hull(raw.glyphs[i].box for i in word), owner(raw, word)) for word in split_words(raw.glyphs)]
    if not words:
        return [], False
    painting = Painting(page, raw)
    pale = [contrast(word.own, painting.backdrop(word.box)) < 3 * SEEN for word in words]
    over = [not p and (w.own.layered or is_covered(raw.drawn, w.own, w.box)) for p, w in zip(pale, words, strict=True)]
    inks = [painting.ink([word.own for word, on in zip(words, group, strict=True) if on]) for group in (pale, over)]
    squeezed = find_squeezed(raw)
    found: dict[int, FindingKind] = {}
    for index, word in enumerate(words):
        picture = inks[0] if pale[index] else inks[1] if over[index] else painting.all_ink
        if kind := judge(raw, word, painting, painting.peak(picture, word.box)):
            found[index] = kind
        elif raw.glyphs[word.glyphs[0]].object in squeezed:
            found[index] = "invisible"
    scanned = is_scan(raw, found, words)
    if scanned:
        found = {i: kind for i, kind in found.items() if kind == "off-page" or painting.spread(words[i].box, 3) < INK}
    return [Hidden(kind, words[index].glyphs) for index, kind in found.items()], scanned


class Placed(NamedTuple):
    """A word: the indices of its glyphs, its box, the object that shows it."""

    glyphs: range
    box: Box
    own: TextObject


def owner(raw: RawPage, word: range) -> TextObject:
    return raw.objects[raw.glyphs[word[0]].object]


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


def judge(raw: RawPage, word: Placed, painting: "Painting", change: float | None) -> FindingKind | None:
    """Why a word is hidden, or None; `change` is what its ink changes, None off the page."""
    box, own = word.box, word.own
    if change is None or (box.area and box.overlap(Box(0, 0, raw.width, raw.height)) < 0.2 * box.area):
        return "off-page"
    tiny = raw.glyphs[word.glyphs[0]].size < TINY
    apart = contrast(own, painting.backdrop(box))
    seen = (
        painting.spread(box) >= SEEN
        if own.mode == CLIP
        else change >= SEEN or (apart > 1.25 * SEEN and change >= FAINT)
    )
    if seen:
        return "tiny" if tiny else None
    if own.layered:
        return "layer-off"
    if own.mode != INVISIBLE and apart >= SEEN and is_covered(raw.drawn, own, box):
        return "covered"
    return "tiny" if tiny and apart >= SEEN else "invisible"


def contrast(own: TextObject, under: "np.ndarray | None") -> float:
    """How much the colour of text differs from the colour beneath, in the channel that differs most."""
    if under is None or own.mode in (INVISIBLE, CLIP):
        return 0.0
    share = own.colour[3] / 255
    return max(abs(float(channel) - int(beneath)) for channel, beneath in zip(own.colour, under, strict=False)) * share


def is_covered(drawn: Sequence[Drawn], own: TextObject, box: Box) -> bool:
    """Whether something solid that is painted later lies over most of a word."""
    return any(thing.order > own.order and thing.solid and thing.box.overlap(box) > 0.7 * box.area for thing in drawn)


def difference(picture: "np.ndarray", other: "np.ndarray") -> "np.ndarray":
    """By how much each pixel differs, in the channel where it does most: height x width, of uint8."""
    import numpy as np

    apart = np.maximum(picture, other) - np.minimum(picture, other)
    return np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])  # ten times as fast as max(axis=2)


def is_scan(raw: RawPage, found: dict[int, FindingKind], words: Sequence[Placed]) -> bool:
    """Whether a page is a picture whose text layer, and nothing else, is hidden under or over it."""
    whole = SCAN * raw.width * raw.height
    on_page = [index for index in range(len(words)) if found.get(index) != "off-page"]
    hidden = sum(found.get(index) in ("invisible", "covered") for index in on_page)
    pictures = sum(thing.box.area for thing in raw.drawn if thing.kind == "image")
    return pictures >= whole and hidden > 0.9 * len(on_page) > 0


class Painting:
    """Pictures of a page: as it is, and without its text; arrays of height x width x 3 of uint8."""

    def __init__(self, page: Any, raw: RawPage) -> None:
        self._page = page
        self._objects = raw.objects
        self._scale = min(SCALE, (MOST_PIXELS / max(raw.width * raw.height, 1)) ** 0.5)
        self._whole = self._paint()
        self._switch(self._objects, False)
        self._bare = self._paint()
        self._switch(self._objects, True)
        self.all_ink = difference(self._whole, self._bare)

    def ink(self, objects: Sequence[TextObject]) -> "np.ndarray":
        """By how much each pixel of the page without text changes with these objects: height x width, of uint8."""
        if not objects:
            return self.all_ink
        self._switch(self._objects, False)
        self._switch(objects, True)
        inked = self._paint()
        self._switch(self._objects, True)
        return difference(inked, self._bare)

    def _switch(self, objects: Sequence[TextObject], on: bool) -> None:
        import pypdfium2.raw as pdfium

        for thing in objects:
            pdfium.FPDFPageObj_SetIsActive(thing.handle, on)

    def backdrop(self, box: Box) -> "np.ndarray | None":
        """The median colour (red, green, blue) within a box of the page without text; None off the page."""
        import numpy as np

        part = self._cut(self._bare, box)
        return np.median(part.reshape(-1, 3), axis=0) if part.size else None

    def peak(self, changed: "np.ndarray", box: Box) -> float | None:
        """The greatest change within a box; None off the page."""
        part = self._cut(changed, box)
        return float(part.max()) if part.size else None

    def spread(self, box: Box, margin: float = 0) -> float:
        """How far the lightest and the darkest pixel lie apart in a box with its margin, in the channel where they do most."""
        around = Box(box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)
        part = self._cut(self._whole, around)
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
