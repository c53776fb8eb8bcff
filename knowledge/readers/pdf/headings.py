"""Which lines of a paper are headings, by their numbers, their words and how they are set."""

import re
from dataclasses import dataclass

from knowledge.readers.pdf.lines import Line

KNOWN = re.compile(
    r"(?:abstract|introduction|related works?|background|preliminaries|methods?|methodology|experiments?|results|evaluation|"
    r"discussion|limitations?|conclusions?(?: and future work)?|references|bibliography|literature cited|acknowledge?ments?|"
    r"appendix|appendices|supplementary materials?|broader impacts?(?: statement)?|ethics statement|"
    r"reproducibility statement|keywords|index terms|ccs concepts|author contributions|data availability)[.:]?",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,3}|[IVX]{1,5}|Appendix [A-Z])(?P<dot>[.:)])?\s+(?P<title>\S.*)"
)
REFERENCES = re.compile(r"(?:references|bibliography|literature cited)\b", re.IGNORECASE)
LONGEST = 110


@dataclass(frozen=True)
class Heading:
    """How a heading was recognised; `level` counts the parts of its number, from 1."""

    level: int
    numbered: bool = False
    known: bool = False
    references: bool = False
    appendix: bool = False

    def opens_references(self, reading: bool) -> bool:
        """Whether what follows is the list of references, which `reading` tells of what came before."""
        within = self.level > 1 and not self.numbered and not self.appendix
        return self.references or (reading and within)


def read_heading(
    line: Line, previous: Line | None, following: Line | None, size: float, font: str, leading: float
) -> Heading | None:
    """What kind of heading a line is, None for running text; `size`, `font` and `leading` are those of the body."""
    text = line.text.strip()
    if len(text) > LONGEST or not re.search(r"[^\W\d_]{2}", text) or len(line.cells) > 3 or line.size < 0.93 * size:
        return None
    numbered = NUMBERED.fullmatch(text)
    words = numbered["title"] if numbered else text
    known = KNOWN.fullmatch(words)
    bold = all(word.bold for word in line.words if re.search(r"\w", word.text))
    largest = max(word.size for word in line.words)
    capitals = is_capitals(words)
    larger = largest > 1.08 * size
    strong = bold or larger or capitals
    gap = line.base - previous.base if previous else float("inf")
    apart = gap > 1.15 * leading or (previous is not None and abs(previous.size - line.size) > 0.5)
    if known and (strong or line.font != font) and (apart or bold):
        references = bool(REFERENCES.match(words))
        return Heading(1, bool(numbered), True, references, words.lower().startswith(("appendi", "supplement")))
    if numbered and re.match(r"[A-Z]|\d[A-Z]", words) and not words.endswith((".", ",", ";")):
        italic = (line.font != font and "ital" in line.font.lower()) or line.font.endswith("I")
        if (strong or (italic and apart)) and (apart or bold) and re.search(r"[A-Za-z]{3}", words):
            level = numbered["number"].count(".") + 1
            return Heading(level, True, appendix=numbered["number"][0].isalpha() and numbered["number"][0] not in "IVX")
    short = len(words.split()) <= 14 and words[:1].isupper() and not words.endswith((".", ",", ";", ":"))
    if short and not numbered and apart and (bold or (capitals and larger)) and (larger or gap > 1.3 * leading):
        below = following is None or following.base - line.base < 3.5 * leading
        return Heading(1 if larger else 2) if below and len(line.cells) == 1 else None
    return None


def is_capitals(text: str) -> bool:
    """Whether a title is set in capitals."""
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) >= 4 and sum(sign.isupper() for sign in letters) > 0.9 * len(letters)
