"""From bytes to clean text, and from text to paragraphs with exact offsets."""

import codecs
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
NUMBERED = re.compile(
    r"[ \t]*(?:\(?\d{1,2}(?:\.\d{1,2})*(?:[.:](?!\d)|\))|[1-9]\.\d{1,2}[ \t]+(?=[A-Z][a-z])|\(?[a-hA-H]\)|\[\d{1,3}\]|[QWA]\d{1,2}[.:)])[ \t]*(?=\S)"
)
"""What starts an item of a list; a decimal number at the start of a line ("0.81 on average") does not."""
MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
UNLIKELY_WESTERN = re.compile(
    "(?<=[a-z\u00df-\u00ff])[\u00c0-\u00de\u0160\u017d\u0152\u0178]"  # a capital letter inside of a word
    "|(?<![A-Za-z\u00c0-\u00ff])[\u00df-\u00ff\u0161\u017e\u0153](?![A-Za-z\u00c0-\u00ff'\u2019])"  # a letter alone
    "|[\u00a1-\u00ff\u0152-\u0192]{4}"  # words of another script
    "|[\u00a4\u00a6\u00a8\u00ac\u00af\u00b8\u02c6\u02dc\u0192\u00de\u00fe\u00d0]"  # signs that prose hardly has
)
FENCE = re.compile(r"[ \t]*(?:```|~~~)")


def decode(data: bytes, file: str) -> str:
    """Bytes as text with plain newlines: UTF-8, UTF-16 or UTF-32 with a mark at the start, and prose in the Western
    European encoding of Windows, where every sign outside ASCII stands where prose has it.

    UnreadableFile names the line of the first byte that cannot be told.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return decode_marked(data, encoding, file)
    if (nul := data.find(b"\0")) >= 0:
        raise UnreadableFile(file, "has a NUL byte, so it is no text file; save it as UTF-8 text", line_at(data, nul))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if (guess := decode_western(data)) is None:
            reason = f"byte 0x{data[error.start]:02x} is not UTF-8, nor is it sure what it is; save the file as UTF-8"
            raise UnreadableFile(file, reason, line_at(data, error.start)) from None
        text = guess
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_marked(data: bytes, encoding: str, file: str) -> str:
    """Text in the encoding that its mark names."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.upper()
        reason = f"begins as {name}, but is not {name} throughout ({error.reason}); save it as UTF-8"
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise UnreadableFile(file, reason, line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableFile(file, "has a NUL character, so it is no text file; save it as UTF-8 text", line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_western(data: bytes) -> str | None:
    """Text of Windows-1252 (and so of Latin-1 without control characters), or None where that is not sure.

    It is sure where all of these hold: there is no sequence of UTF-8, so that the file is not mixed; every byte has a
    meaning; accented letters stand in words, capital ones not after a small one; other signs are those of prose.
    """
    if UTF8_SEQUENCE.search(data):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if UNLIKELY_WESTERN.search(text) else text


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
