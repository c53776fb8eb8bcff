"""Title and authors: the largest text of the first page, and the names below it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.readers.pdf.headings import KNOWN, read_heading
from knowledge.readers.pdf.lines import Line, merge_lines

INSTITUTION = re.compile(
    r"universit|institut|department|dept\b|\blabs?\b|laborator|school|college|academy|research|inc\.|corp|ltd|google|meta\b|facebook|"
    r"microsoft|nvidia|deepmind|openai|huawei|tencent|alibaba|amazon|intel\b|ibm\b|apple|technolog|center|centre|faculty|group|"
    r"consortium|@|\busa?\b|china|germany|france|canada|israel|japan|korea|kingdom|switzerland|singapore|india|australia|"
    r"anonymous|double-blind|under review|equal|correspond|author|abstract|et al|submitted|january|february|march\b|april|june|"
    r"july|august|september|october|november|december",
    re.IGNORECASE,
)
NAME = re.compile(r"[^\W\d_][\w.'’-]*\.?(?: (?:[^\W\d_][\w.'’-]*\.?)){1,4}")
MARKS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡§¶∗♯♮ⁱ,⁺⁻]+|\^\S+|\d+")


@dataclass(frozen=True)
class Front:
    """The head of a paper: the lines of its title, its authors' names, the height at which both end."""

    title: tuple[Line, ...] = ()
    authors: tuple[str, ...] = ()
    end: float = 0.0


def read_front(lines: Sequence[Line], height: float, size: float) -> Front:
    """Title and authors from the stretches of the first page; `size` is that of the body."""
    rows = merge_lines(lines)
    title = find_title(rows, height, size)
    if not title:
        return Front()
    below = [line for line in lines if line.base > title[-1].base]
    end = min(
        (
            line.base - 0.8 * line.size
            for line in below
            if (
                read_heading(line, None, None, size, "", 1.2 * size)
                and KNOWN.match(re.sub(r"^\W*\w{1,3}[.]?\s+", "", line.text))
            )
            or KNOWN.fullmatch(line.text.strip())
            or re.match(r"Abstract\s*[—:.–-]", line.text)
            or (len(line.text) > 60 and line.size < 1.05 * size and line.text[-1:].islower())
        ),
        default=title[-1].base + 2 * size,
    )
    head = [line for line in below if line.base < end]
    own = {id(word) for row in title for word in row.words}
    return Front(tuple(line for line in lines if any(id(word) in own for word in line.words)), find_authors(head), end)


def find_title(rows: Sequence[Line], height: float, size: float) -> list[Line]:
    """The rows of the largest text in the upper part of the first page."""
    upper = [row for row in rows if row.base < 0.6 * height]
    worded = [row for row in upper if count_letters(row) >= 6]
    largest = max((max_size(row) for row in worded), default=0.0)
    if largest < 1.1 * size:
        return []
    title: list[Line] = []
    for row in upper:
        # A last line may be one short word, or a number.
        begins = bool(title) or count_letters(row) >= 6
        if begins and max_size(row) > 0.93 * largest and (not title or row.base - title[-1].base < 2.2 * largest):
            title.append(row)
        elif title:
            break
    return title


def count_letters(row: Line) -> int:
    return len(re.findall(r"[^\W\d_]", row.text))


def max_size(row: Line) -> float:
    return max(word.size for word in row.words)


def find_authors(lines: Sequence[Line]) -> tuple[str, ...]:
    """The names in the lines between title and abstract: capitalised words that are no institution, in order."""
    names: list[str] = []
    size = 0.0
    for line in merge_lines(lines):
        for cell in line.cells:
            if max(word.size for word in cell) < 0.93 * size:
                continue
            text = " ".join(word.text for word in cell)
            if INSTITUTION.search(text):
                continue
            for part in re.split(r",|;|\band\b|&|\s{3,}|[∗*†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹]+", text):
                name = " ".join(MARKS.sub(" ", part).split())
                words = name.split()
                capital = bool(words) and all(word[:1].isupper() or word.lower() in PARTICLES for word in words)
                if NAME.fullmatch(name) and capital and name not in names and len(words) <= 5:
                    names.append(name)
                    size = size or max(word.size for word in cell)
    return tuple(names)


PARTICLES = {"van", "von", "de", "der", "den", "di", "da", "la", "le", "el", "bin", "al", "del", "dos", "ter", "ten"}
