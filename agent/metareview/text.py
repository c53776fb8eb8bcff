"""Text of a meta-review: its sentences, and the marks in it that say where a sentence comes from.

A mark stands before the full stop: [3] for a citation, [run 9f2c1ab0] for an experiment. In the program's own sentences
words of others stand in “ ”, so that a sentence ends where it seems to end.
"""

import re

_MARK = r"\[(\d{1,3})\]|\[run ([0-9a-f]{6,64})\]"
_TOKEN = re.compile(rf"“[^”]*”|{_MARK}")
_MARKED = re.compile(rf"“[^”]*”|(?P<marks>(?:\s*(?:{_MARK}))+)")
_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bet al\.)(?<!\bvs\.)(?<!\bcf\.)(?<!\bSec\.)(?<!\bFig\.)(?<!\bTab\.)(?<!\bEq\.)(?<!\bNo\.)"
    r"(?<!\bp\.)[ \t]+(?=[A-Z0-9\"“(\[])"
)
PARAGRAPH = "\n\n"


def tidy(text: str) -> str:
    """The text with one kind of line break, without white space at the ends of lines, with one empty line at most."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", PARAGRAPH, "\n".join(lines)).strip()


def units(text: str) -> list[str]:
    """The sentences of a text, each with the white space before it; the first opens a paragraph. `join` puts them
    together again."""
    found: list[str] = []
    blocks = re.split(r"(\n+)", tidy(text))
    for number in range(0, len(blocks), 2):
        before = blocks[number - 1] if number else PARAGRAPH
        for place, sentence in enumerate(split(blocks[number])):
            found.append((" " if place else before) + sentence)
    return found


def join(parts: list[str]) -> str:
    """The text of units."""
    return tidy("".join(parts))


def sentences(text: str) -> list[str]:
    """The sentences of a text, without list markers and the white space around them."""
    return [re.sub(r"^[-*•]\s+", "", unit.strip()) for unit in units(text)]


def split(line: str) -> list[str]:
    """A line cut at the ends of sentences that stand outside of “ ”."""
    cuts = [m for m in _END.finditer(line) if line.count("“", 0, m.start()) <= line.count("”", 0, m.start())]
    starts, ends = [0, *(m.end() for m in cuts)], [*(m.start() for m in cuts), len(line)]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True) if line[start:end].strip()]


def with_marks(sentence: str, marks: list[str]) -> str:
    """A sentence with its marks before the full stop."""
    if not marks:
        return sentence
    found = re.search(r"[.!?:]*$", sentence)
    at = found.start() if found else len(sentence)
    return f"{sentence[:at]} {''.join(marks)}{sentence[at:]}"


def without_marks(text: str) -> str:
    """The words alone. What stands in “ ” is left: a source may number its own references so."""
    return _MARKED.sub(lambda m: "" if m.group("marks") else m.group(), text)


def marks_in(text: str) -> list[re.Match[str]]:
    """The marks of a text in order: group 1 the number of a citation, or group 2 the beginning of a run's digest."""
    return [mark for mark in _TOKEN.finditer(text) if mark.group(1) or mark.group(2)]


def citations_in(text: str) -> list[str]:
    """The numbers of the citations in a text, in order, each once."""
    return list(dict.fromkeys(mark.group(1) for mark in marks_in(text) if mark.group(1)))


def runs_in(text: str) -> list[str]:
    """The beginnings of the digests of the runs in a text, in order, each once."""
    return list(dict.fromkeys(mark.group(2) for mark in marks_in(text) if mark.group(2)))


def count_words(text: str) -> int:
    """How many words a text has, marks apart."""
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", without_marks(text)))
