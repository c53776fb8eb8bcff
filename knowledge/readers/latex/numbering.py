"""The numbers that LaTeX gives to sections, floats, equations and theorems, counted as the standard classes do."""


class Numbering:
    """What has been counted so far; `target` is what a label that comes now names: ("Section", "2.1")."""

    def __init__(self) -> None:
        self.target: tuple[str, str] = ("Section", "")
        self._sections = [0, 0, 0, 0]
        self._counts: dict[str, int] = {}
        self._appendix = False

    def begin_appendix(self) -> None:
        """Sections are lettered from here on."""
        self._appendix, self._sections = True, [0, 0, 0, 0]

    def section(self, level: int, title: str, starred: bool) -> str:
        """The number of the section that begins, "" for a starred one; labels name it from here on."""
        number = "" if starred else self._count_section(level)
        self.target = ("Appendix" if self._appendix else "Section", number or title)
        return number

    def next(self, kind: str) -> int:
        """The number of the next figure, table, equation or theorem of its kind."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _count_section(self, level: int) -> str:
        self._sections[level] += 1
        self._sections[level + 1 :] = [0] * (len(self._sections) - level - 1)
        numbers = [str(number) for number in self._sections[1 : level + 1]]
        if self._appendix and numbers:
            numbers[0] = chr(ord("A") + (self._sections[1] - 1) % 26) if self._sections[1] else "A"
        return ".".join(numbers)
