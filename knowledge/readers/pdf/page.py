"""A page of a PDF as PDFium sees it: glyphs with their places, and what is drawn beside the text.

All lengths are points; places are those of the page as it is shown, from its upper left corner, y down.
"""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

HYPHENS = (0x2, 0xAD, 0xFFFE)
"""What PDFium gives for a hyphen at a line's end, besides the soft hyphen."""
NESTED = 8
"""Forms within forms that are looked into."""
MOST_DRAWN = 50_000
"""Drawn things of a page that are looked at; what a chart has beyond that moves no text."""


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    def overlap(self, other: "Box") -> float:
        """The area that two boxes share."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return width * height if width > 0 and height > 0 else 0.0

    @property
    def area(self) -> float:
        return max(self.x1 - self.x0, 0.0) * max(self.y1 - self.y0, 0.0)


class Glyph(NamedTuple):
    """One character: `box` is as wide as it advances, `base` the y of its baseline, `turn` its direction in quarter
    turns, `spaced` whether space stands before it, `object` the index of the text object that shows it."""

    text: str
    box: Box
    base: float
    size: float
    font: str
    bold: bool
    turn: int
    spaced: bool
    object: int


@dataclass(frozen=True)
class TextObject:
    """What the glyphs of one showing operator share. `order` counts what is painted, from 0."""

    handle: Any
    order: int
    mode: int
    colour: tuple[int, int, int, int]
    layered: bool


@dataclass(frozen=True)
class Drawn:
    """Something painted that is no text: `kind` is "image", "form", "shading" or "path"; `solid` hides what is beneath."""

    kind: str
    box: Box
    order: int
    solid: bool


@dataclass(frozen=True)
class RawPage:
    """What PDFium tells of one page."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    objects: tuple[TextObject, ...]
    drawn: tuple[Drawn, ...]
    unmapped: int
    """Glyphs whose font does not say which characters they are."""


def read_page(page: Any) -> RawPage:
    """The glyphs and drawings of a page of pypdfium2, in the order in which they are painted."""
    import pypdfium2.raw as pdfium

    place = Placing(page)
    drawn: list[Drawn] = []
    orders: dict[int, tuple[Any, int]] = {}
    for order, (handle, kind, matrix) in enumerate(walk_objects(page.raw)):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            orders[address(handle)] = handle, order
        elif len(drawn) < MOST_DRAWN and (thing := read_drawn(handle, kind, matrix, order, place)):
            drawn.append(thing)
    glyphs, objects, unmapped = read_glyphs(page, orders, place)
    return RawPage(place.width, place.height, tuple(glyphs), tuple(objects), tuple(drawn), unmapped)


def address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


class Placing:
    """Places of a page's own space (y up, not turned) -> places of the page as it is shown."""

    def __init__(self, page: Any) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.turns = page.get_rotation() // 90
        width, height = self.right - self.left, self.top - self.bottom
        self.width, self.height = (height, width) if self.turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def walk_objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """The objects of a page and of the forms in it, as they are painted, with the matrix into the page's space."""
    import pypdfium2.raw as pdfium

    def walk(handle: Any, count: int, get: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, int, Matrix]]:
        for index in range(count):
            inner = get(handle, index)
            kind = pdfium.FPDFPageObj_GetType(inner)
            yield inner, kind, matrix
            if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < NESTED:
                given = pdfium.FS_MATRIX()
                pdfium.FPDFPageObj_GetMatrix(inner, given)
                own = (given.a, given.b, given.c, given.d, given.e, given.f)
                size = pdfium.FPDFFormObj_CountObjects(inner)
                yield from walk(inner, size, pdfium.FPDFFormObj_GetObject, multiply(own, matrix), depth + 1)

    yield from walk(page, pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject, IDENTITY, 0)


def read_drawn(handle: Any, kind: int, matrix: Matrix, order: int, place: Placing) -> Drawn | None:
    """An image, a form, a shading or a painted path; None for anything without an extent."""
    import pypdfium2.raw as pdfium

    names = {
        pdfium.FPDF_PAGEOBJ_PATH: "path",
        pdfium.FPDF_PAGEOBJ_IMAGE: "image",
        pdfium.FPDF_PAGEOBJ_SHADING: "shading",
        pdfium.FPDF_PAGEOBJ_FORM: "form",
    }
    x0, y0, x1, y1 = (ctypes.c_float() for _ in range(4))
    if kind not in names or not pdfium.FPDFPageObj_GetBounds(handle, x0, y0, x1, y1):
        return None
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0.value, x1.value) for y in (y0.value, y1.value)]
    if not all(math.isfinite(number) for corner in corners for number in corner):
        return None
    xs, ys = zip(*corners, strict=True)
    box = place.box(min(xs), min(ys), max(xs), max(ys))
    solid = kind != pdfium.FPDF_PAGEOBJ_FORM
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(handle, fill, stroke)
        if not fill.value and not stroke.value:
            return None
        solid = bool(fill.value)
    return Drawn(names[kind], box, order, solid)


def read_glyphs(
    page: Any, orders: dict[int, tuple[Any, int]], place: Placing
) -> tuple[list[Glyph], list[TextObject], int]:
    """The characters of a page with the objects that show them; generated spaces become marks of the next one."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    raw = text_page.raw
    glyphs: list[Glyph] = []
    objects: list[TextObject] = []
    looks: dict[int, tuple[int, float, str, bool, int]] = {}
    fonts: dict[int, tuple[str, bool]] = {}
    rectangle, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    spaced, unmapped, half = False, 0, 0
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0x20, 0xA0, 0x0A, 0x0D, 0x09) or pdfium.FPDFText_IsGenerated(raw, index) == 1:
            spaced = True
            continue
        handle = pdfium.FPDFText_GetTextObject(raw, index)
        if not (key := address(handle)) or not pdfium.FPDFText_GetLooseCharBox(raw, index, rectangle):
            continue
        if key not in looks:
            order = orders.get(key, (None, len(orders)))[1]
            looks[key] = (len(objects), *read_look(raw, index, handle, place, fonts))
            objects.append(read_text_object(handle, order))
        number, size, font, bold, turn = looks[key]
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        box = place.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        if not all(math.isfinite(edge) and abs(edge) < 1e6 for edge in box):
            continue
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000 and half:
            code, half = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00, 0
        if unknown := pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1 or not code or 0xD800 <= code < 0xE000:
            unmapped += 1
        sign = "-" if code in HYPHENS else "\ufffd" if unknown else chr(code)
        glyphs.append(Glyph(sign, box, place.point(x.value, y.value)[1], size, font, bold, turn, spaced, number))
        spaced = False
    text_page.close()
    return glyphs, objects, unmapped


def read_look(
    raw: Any, index: int, handle: Any, place: Placing, fonts: dict[int, tuple[str, bool]]
) -> tuple[float, str, bool, int]:
    """Size on the page, font, whether it is bold, and direction in quarter turns, of a text object."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    size = abs(pdfium.FPDFText_GetFontSize(raw, index)) * math.hypot(matrix.c, matrix.d)
    angle = math.atan2(matrix.b, matrix.a) if math.isfinite(matrix.a) and math.isfinite(matrix.b) else 0.0
    turn = round(angle / (math.pi / 2) - place.turns) % 4
    font = pdfium.FPDFTextObj_GetFont(handle)
    if (key := address(font)) not in fonts:
        buffer = ctypes.create_string_buffer(256)
        pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
        name = buffer.value.decode("utf-8", "replace").partition("+")
        name = name[2] or name[0]
        marks = (
            "bold",
            "black",
            "heavy",
            "medi",
            "cmbx",
            "cmb10",
            "sfbx",
            "ecbx",
            "-bx",
            "linbiolinumtb",
            "libertinetb",
        )
        fonts[key] = name, any(mark in name.lower() for mark in marks) or pdfium.FPDFFont_GetWeight(font) >= 600
    return (size if math.isfinite(size) else 0.0, *fonts[key], turn)


def read_text_object(handle: Any, order: int) -> TextObject:
    """How a text object is painted."""
    import pypdfium2.raw as pdfium

    mode = pdfium.FPDFTextObj_GetTextRenderMode(handle)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    stroked = mode in (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)
    get = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    get(handle, red, green, blue, alpha)
    layered, buffer, length = False, ctypes.create_string_buffer(64), ctypes.c_ulong()
    for index in range(pdfium.FPDFPageObj_CountMarks(handle)):
        mark = pdfium.FPDFPageObj_GetMark(handle, index)
        pdfium.FPDFPageObjMark_GetName(mark, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), 64, length)
        layered |= buffer.raw[: length.value] == "OC\0".encode("utf-16-le")
    return TextObject(handle, order, mode, (red.value, green.value, blue.value, alpha.value), layered)
