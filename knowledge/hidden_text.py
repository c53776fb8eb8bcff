"""What a text file holds that its readers do not see: characters without width, comments, elements that are not shown.

Readers call these on the raw text, before `clean` drops such characters without a word. The findings name the line;
the caller says in which document.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from knowledge.types import Finding, FindingKind
from knowledge.unseen_styles import is_unseen

ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060-\u2064\ufeff\u180e"
LONGEST_RUN = 7
"""So many characters without width in a row still carry nothing: a longer run can hold a letter in bits."""
TAGS = re.compile("[\U000e0001\U000e0020-\U000e007f]+")
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
BITS = re.compile(f"[{ZERO_WIDTH}]{{{LONGEST_RUN + 1},}}")
LACED = re.compile(f"(?:[^\\W\\d_][{ZERO_WIDTH}]+){{3,}}[^\\W\\d_]?")
REVERSED = re.compile("[\u202d\u202e]([^\u202c\n]*)\u202c?")
FLAG = "\U0001f3f4"
WORDS = 3
"""A comment with fewer words is a mark of a tool, such as "<!-- image -->"."""
LONGEST = 2000
"""Characters of a finding that are kept."""
COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
CHINESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{6}")
"""A comment of so many signs without spaces holds words, too."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b([^<>]{0,2000})>")
MARKDOWN_COMMENT = re.compile(
    r"^[ ]{0,3}\[(?:[^\]\n]{1,200}\]:[ \t]*(?:#|<[#/]?>|//?)|(?://|comment|hidden|note|_)[^\]\n]{0,40}\]:[ \t]*\S{1,200})"
    r"[ \t]*(?:\n[ \t]*)?(?:\((?P<a>[^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500}){0,20})\)|\"(?P<b>[^\"]{0,2000})\"|'(?P<c>[^']{0,2000})')[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""A definition of a link that leads nowhere, or is called a comment: no reader of Markdown shows it."""
NEVER_SHOWN = ("script", "style", "template", "noscript")
LATEX_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%(.*)")


def find_hidden_characters(text: str, document: str = "", where: str = "") -> tuple[Finding, ...]:
    """Messages in characters without width: tags, variation selectors, bits, words laced with them, reversed text.

    `where` is the place of the text; without it each finding names its line. Single marks of typography are no finding.
    """
    found: list[tuple[int, str]] = []
    lines = Lines(text)
    for match in TAGS.finditer(text):
        message = "".join(chr(ord(sign) - 0xE0000) for sign in match[0] if 0xE0020 <= ord(sign) < 0xE007F)
        if message and not text.endswith(FLAG, 0, match.start()):
            found.append((match.start(), message))
    for match in SELECTORS.finditer(text):
        found.append((match.start(), decode_selectors(match[0]) or around(text, match.start(), match.end())))
    for match in BITS.finditer(text):
        found.append((match.start(), decode_bits(match[0]) or around(text, match.start(), match.end())))
    for match in LACED.finditer(text):
        if any(sign in "\u200b\u2060\ufeff\u200e\u200f" for sign in match[0]) or match[0].isascii():
            found.append((match.start(), around(text, match.start(), match.end())))
    for match in REVERSED.finditer(text):
        if any(sign.isalpha() for sign in match[1]):
            found.append((match.start(), match[1]))
    return tuple(report("zero-width", lines, start, message, document, where) for start, message in sorted(found))


def decode_selectors(signs: str) -> str:
    """Bytes hidden in variation selectors, as text; "" if they are none."""
    codes = [ord(sign) for sign in signs]
    values = bytes(code - 0xFE00 if code <= 0xFE0F else code - 0xE0100 + 16 for code in codes)
    return readable(values)


def decode_bits(signs: str) -> str:
    """Bytes hidden in two kinds of characters without width, as text; "" if they are none."""
    kinds = sorted(set(signs))
    for zero in kinds if len(kinds) == 2 else ():
        bits = "".join("0" if sign == zero else "1" for sign in signs)
        for width in (8, 7):
            values = [int(bits[at : at + width], 2) for at in range(0, len(bits) - width + 1, width)]
            if text := readable(bytes(values)):
                return text
    return ""


def readable(values: bytes) -> str:
    """Bytes as text where that is UTF-8 with letters and without control characters, else ""."""
    try:
        text = values.decode()
    except UnicodeDecodeError:
        return ""
    plain = not any(unicodedata.category(sign) in ("Cc", "Cn", "Co") for sign in text)
    return text if plain and any(sign.isalnum() for sign in text) else ""


def around(text: str, start: int, end: int) -> str:
    """The line about a place, without characters that have no width."""
    first = max(text.rfind("\n", 0, start) + 1, start - 200)
    last = text.find("\n", end)
    line = text[first : min(len(text) if last < 0 else last, end + 200)]
    return re.sub(f"[{ZERO_WIDTH}\ufe00-\ufe0f\U000e0000-\U000e01ef]", "", line).strip()


def cut_html(text: str, document: str = "", where: str = "") -> tuple[str, tuple[Finding, ...]]:
    """A text without its comments (HTML's and Markdown's) and the elements that are not shown, and these as findings.

    Lines stay lines; `where` is the place of the text, without it each finding names its line.
    """
    found: list[Finding] = []
    lines = Lines(text)

    def cut_comment(match: re.Match[str]) -> str:
        said = next((group for group in match.groups() if group), "")
        if len(re.findall(r"[^\W\d_]{2,}", said)) >= WORDS or CHINESE.search(said):
            found.append(report("comment", lines, match.start(), said, document, where))
        return "\n" * match[0].count("\n")

    kept = COMMENT.sub(cut_comment, text)
    lines = Lines(kept)
    kept = MARKDOWN_COMMENT.sub(cut_comment, kept)
    parts, position, lines = [], 0, Lines(kept)
    for start, end, inner in unseen_elements(kept):
        if any(sign.isalnum() for sign in inner):
            found.append(report("invisible", lines, start, inner, document, where))
        parts += [kept[position:start], "\n" * kept.count("\n", start, end)]
        position = end
    return "".join([*parts, kept[position:]]), tuple(found)


def unseen_elements(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and inner text of the outermost elements that no browser shows; an unclosed one ends its paragraph."""
    tags = list(TAG.finditer(text))
    closing = match_tags(tags)
    position = 0
    for index, tag in enumerate(tags):
        name = tag[2].lower()
        if tag[1] or tag.start() < position or not (name in NEVER_SHOWN or is_unseen(tag[3])):
            continue
        if tag[3].endswith("/"):
            continue
        if (own := closing.get(index)) is not None:
            last, position = own.start(), own.end()
        else:
            blank = text.find("\n\n", tag.end())
            last = position = blank if blank >= 0 else len(text)
        yield tag.start(), position, re.sub(r"<[^<>]*>", " ", text[tag.end() : last]).strip()


def match_tags(tags: Sequence[re.Match[str]]) -> dict[int, re.Match[str]]:
    """The closing tag of each opening one that has one, by its index. Cost: linear."""
    waiting: dict[str, list[int]] = {}
    closing = {}
    for index, tag in enumerate(tags):
        own = waiting.setdefault(tag[2].lower(), [])
        if not tag[1] and not tag[3].endswith("/"):
            own.append(index)
        elif tag[1] and own:
            closing[own.pop()] = tag
    return closing


def cut_latex_comments(text: str, document: str = "") -> tuple[str, tuple[Finding, ...]]:
    """A LaTeX source without its comments, and those that hold words as findings, neighbouring lines as one."""
    found: list[Finding] = []
    kept: list[str] = []
    gathered: list[str] = []
    lines = Lines(text)
    begun = position = 0

    def flush() -> None:
        words = re.sub(r"\\[a-zA-Z]+|[{}\[\]]", " ", "\n".join(gathered))
        if len(re.findall(r"[^\W\d_]{2,}", words)) >= WORDS:
            found.append(report("comment", lines, begun, "\n".join(gathered), document))
        gathered.clear()

    for line in text.split("\n"):
        match = LATEX_COMMENT.search(line)
        alone = match is not None and not line[: match.start()].strip()
        if not alone:
            flush()
        if match:
            if not gathered:
                begun = position
            gathered.append(match[2].strip("% \t"))
            kept.append(line[: match.start()] + match[1] + "%")
            if not alone:
                flush()
        else:
            kept.append(line)
        position += len(line) + 1
    flush()
    return "\n".join(kept), tuple(found)


class Lines:
    """The lines of a text: `number` of an offset, from 1."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def number(self, offset: int) -> int:
        return bisect_left(self._ends, offset) + 1


def report(kind: FindingKind, lines: Lines, start: int, message: str, document: str, where: str = "") -> Finding:
    """A finding whose place is its line."""
    message = " ".join(message.split())[:LONGEST]
    return Finding(kind, where or f"line {lines.number(start)}", message, document)
