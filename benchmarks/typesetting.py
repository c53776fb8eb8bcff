"""A text set as a paper in two columns, as PDF: what a conference hands to a chair, made of our own words.

The first line is the title. A line that begins with "# " is a heading, "@ " the authors, "! " a caption, "| " a row of a
table; any other is a paragraph.
"""

import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH_IN, HEIGHT_IN = 8.5, 11.0
MARGIN_IN, GUTTER_IN = 0.9, 0.3
TOP_IN, FIRST_TOP_IN = 0.9, 2.2
"""Where the columns begin, from the upper edge; on the first page the title stands above."""
POINTS, LEADING_IN = 9.5, 0.165
CELL_IN = 0.85
"""The width of a table's column."""
COLUMN_CHARACTERS = 56
"""What fits into a column at this size."""
STYLES = {
    "title": {"fontsize": 15, "fontweight": "bold", "ha": "center"},
    "centre": {"fontsize": POINTS, "ha": "center"},
    "heading": {"fontsize": POINTS + 1.5, "fontweight": "bold"},
    "caption": {"fontsize": POINTS - 1},
    "row": {"fontsize": POINTS - 1},
    "body": {"fontsize": POINTS},
}
MARKS = {"# ": "heading", "! ": "caption", "| ": "row"}


@dataclass(frozen=True)
class Line:
    """Words and how they are set; `keep`: so many lines have to follow in the same column."""

    words: str
    style: str
    keep: int = 0


def typeset(text: str) -> bytes:
    """The PDF of a text. The same text gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    title, *rest = text.strip().split("\n")
    authors = next((line[2:] for line in rest if line.startswith("@ ")), "")
    columns, data = fill_columns([line for line in rest if not line.startswith("@ ")]), io.BytesIO()
    with (
        mpl.rc_context({"pdf.fonttype": 42, "font.family": "STIXGeneral"}),
        PdfPages(data, metadata={"CreationDate": None}) as file,
    ):
        for number, pair in enumerate(zip(columns[::2], [*columns[1::2], []], strict=False), 1):
            figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN))
            if number == 1:
                place(figure, WIDTH_IN / 2, 1.1, textwrap.fill(title, 50), "title")
                place(figure, WIDTH_IN / 2, 1.6, authors, "centre")
            for side, column in enumerate(pair):
                left = MARGIN_IN + side * (WIDTH_IN - 2 * MARGIN_IN + GUTTER_IN) / 2
                draw_column(figure, left, FIRST_TOP_IN if number == 1 else TOP_IN, column)
            place(figure, WIDTH_IN / 2, HEIGHT_IN - 0.5, str(number), "centre")
            file.savefig(figure)
    return data.getvalue()


def fill_columns(lines: Sequence[str]) -> list[list[Line]]:
    """The lines of each column, the first page's two first. Headings stay with their text, tables in one piece."""
    columns: list[list[Line]] = [[]]
    for line in break_lines(lines):
        top = FIRST_TOP_IN if len(columns) <= 2 else TOP_IN
        if len(columns[-1]) + line.keep >= int((HEIGHT_IN - top - MARGIN_IN) / LEADING_IN):
            columns.append([])
        if line.words or columns[-1]:
            columns[-1].append(line)
    return columns


def break_lines(lines: Sequence[str]) -> Iterator[Line]:
    """The lines of the text as wide as a column, with an empty one before every block."""
    for at, line in enumerate(lines):
        style = MARKS.get(line[:2], "body")
        words = line[2:] if style != "body" else line
        if style == "row":
            yield Line(words, style)
            continue
        following = next((end for end, other in enumerate(lines[at + 1 :]) if other[:2] != "| "), 0)
        parts = textwrap.wrap(words, COLUMN_CHARACTERS)
        yield Line("", "body", {"heading": 4, "caption": following + len(parts)}.get(style, 1))
        yield from (Line(part, style) for part in parts)


def draw_column(figure: "Figure", left_in: float, top_in: float, column: Sequence[Line]) -> None:
    for row, line in enumerate(column):
        for number, cell in enumerate(line.words.split(" | ") if line.style == "row" else [line.words]):
            place(figure, left_in + number * CELL_IN, top_in + row * LEADING_IN, cell, line.style)


def place(figure: "Figure", left_in: float, top_in: float, words: str, style: str) -> None:
    """Words on the page, in inches from the upper left corner."""
    if words:
        figure.text(left_in / WIDTH_IN, 1 - top_in / HEIGHT_IN, words, **STYLES[style])
