"""From bytes to clean text, and from text to paragraphs with exact offsets."""

import re
import unicodedata

from knowledge.errors import UnreadableFile

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # soft hyphens, zero width and direction marks
    "\ufe00-\ufe0f\U000e0000-\U000e01ef"  # selectors of variants and tags, which can carry a message
    "\ud800-\udfff]"  # halves of characters that JSON lets through
)
BULLET = re.compile(r"[ \t]*[-*+\u2022\u2023\u00b7\u2013][ \t]+")
NUMBERED = re.compile(r"[ \t]*(?:\(?\d{1,2}[.):]|\(?[a-hA-H]\)|\[\d{1,3}\]|[QWA]\d{1,2}[.:)])[ \t]*(?=\S)")
FENCE = re.compile(r"[ \t]*(?:```|~~~)")


def decode(data: bytes, file: str) -> str:
    """UTF-8 bytes as text with plain newlines; UnreadableFile names the line of the first byte that is not text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile(file, "is UTF-16; save it as UTF-8", 1)
    if (nul := data.find(b"\0")) >= 0:
        raise UnreadableFile(file, "has a NUL byte, so it is no text file; save it as UTF-8 text", line_at(data, nul))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableFile(file, reason, line_at(data, error.start)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_at(data: bytes, position: int) -> int:
    """The number of the line, from 1, in which a byte stands."""
    return data.count(b"\n", 0, position) + 1


def clean(text: str) -> str:
    """Text without control, zero-width and surrogate characters; the lines stay as they are."""
    return INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def slug(words: str, limit: int = 60) -> str:
    """Words as an identifier: lower-case letters, digits and hyphens, cut at a word end; "" if none are left."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    name = re.sub(r"[\W_]+", "-", letters.casefold()).strip("-")
    return name if len(name) <= limit else name[: limit + 1].rpartition("-")[0] or name[:limit]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The half-open offsets of the paragraphs and list items of `text`, without bullet marks and outer space.

    A blank line ends a paragraph, a bullet or number starts one; numbers stay, as people refer to them; a fenced
    block is one; stretches without a letter or digit (rules, rows of stars) are left out.
    """
    spans: list[tuple[int, int]] = []
    start: int | None = None
    fenced = False
    position = 0

    def close(end: int) -> None:
        nonlocal start
        if start is not None and re.search(r"\w", text[start:end]):
            body = text[start:end]
            spans.append((start + len(body) - len(body.lstrip()), start + len(body.rstrip())))
        start = None

    for line in text.splitlines(keepends=True):
        if FENCE.match(line):
            if not fenced:
                close(position)
                start = position
            fenced = not fenced
        elif not fenced:
            bullet = BULLET.match(line)
            if not line.strip() or bullet or NUMBERED.match(line):
                close(position)
            if line.strip() and start is None:
                start = position + (bullet.end() if bullet else 0)
        position += len(line)
    close(position)
    return spans
