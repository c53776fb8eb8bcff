"""A document's text while it is being written, with its sections and points at exact offsets."""

from typing import Any

from knowledge.readers.text import paragraphs
from knowledge.types import Aspect, Point, Section


class Draft:
    """Collects headings and points; `text`, `sections` and `points` belong together at any time.

    A heading stands on a line of its own after an empty line, a point begins on a new line.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._points: list[Point] = []
        self._sections: list[Section] = []
        self._open: tuple[str, int, Aspect | None] | None = None

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """Characters so far; unlike `text`, at no cost."""
        return self._length

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(self._points)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections so far, each from its title line to the end of its last point."""
        self.end_section()
        return tuple(self._sections)

    def begin_section(self, title: str, aspect: Aspect | None = None, line: str | None = None) -> None:
        """Write a heading; `line` is the heading as it stands in the source, where that differs from its title, and ""
        where the text that follows begins with it."""
        self.end_section()
        start = (
            self._length + bool(self._parts) if line == "" else self._append("\n\n", title if line is None else line)
        )
        self._open = (title, start, aspect)

    def end_section(self) -> None:
        """What follows belongs to no section, until the next heading."""
        if self._open:
            title, start, aspect = self._open
            self._sections.append(Section(title, start, self._length, aspect))
        self._open = None

    def add_point(self, text: str, **marks: Any) -> None:
        """Write one point; `marks` are the `where`, `checked` and `caveat` of `Point`."""
        start = self._append("\n", text)
        self._points.append(Point(start, start + len(text), **marks))

    def add_text(self, text: str) -> None:
        """Write text as it stands; its paragraphs and list items become points."""
        text = text.strip("\n").rstrip()
        start = self._append("\n", text)
        self._points += [Point(start + first, start + last) for first, last in paragraphs(text)]

    def _append(self, gap: str, text: str) -> int:
        if self._parts:
            self._parts.append(gap)
            self._length += len(gap)
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start
