"""Which sentences of a text speak to a reviewing machine instead of a person.

Three things give them away: a command to drop earlier instructions, an address to a machine that reviews, and a command
about what the review has to say. A text that tells of such commands, in the third person, is left alone.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from knowledge.instruction_patterns import (
    ABOUT_REVIEW,
    ADDRESS,
    COMMAND,
    DEMAND,
    FOLLOWS,
    FOREIGN,
    MARKUP,
    OVERRIDE,
    QUOTED,
    QUOTING,
    READING,
    SALUTATION,
    SYSTEM,
    TELLING,
    TOLD_OF,
    TRICKED,
)
from knowledge.machine_orders import find_order

SENTENCE = re.compile(r"(?<=[.!?。！？])[\"')\]”’»]*\s+|(?<=[。！？])|\n+")
UNWRAPPED = re.compile(r"(?<=[.!?。！？])[\"')\]”’»]*\s+|\n\s*\n")
LOOKALIKES = str.maketrans(
    "авеԁһіјӏкмнорԛѕтуѵԝхгсɡıⅼ" + "αεικνορτυχβη" + "ⲟ",
    "abedhijlkmhopqstyvwxrcgil" + "aeiknoptuxbn" + "o",
)
BLOCK, MARGIN = 20_000, 1_000
"""Characters that are judged together, and those before and after them that are read along."""
LONGEST = 400
"""Characters of a sentence over several lines that goes as a whole."""
LEET = str.maketrans("013457@$", "oieastas")
SPELT = re.compile(r"\b(?=\w*[a-z]\w*[a-z])[\w@$]*[0-9@$][\w@$]*")
IGNORED = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\u180e\U000e0000-\U000e01ef]")


def find_instructions(text: str, check: Callable[[], None] = lambda: None) -> list[tuple[int, int]]:
    """The half-open spans of sentences that speak to a reviewing machine, sorted, with the space after them.

    Sentences beside such a one that go on with commands belong to it. The text is judged block by block, so that the
    memory of it does not grow with the text; `check` is called before each and may end it.
    """
    spans: list[tuple[int, int]] = []
    for start, end in split_blocks(text):
        check()
        low = max(0, start - MARGIN)
        for first, last in find_in_block(text[low : end + MARGIN]):
            first, last = max(first + low, start), min(last + low, end)
            if first >= last:
                continue
            if spans and first == start and not text[spans[-1][1] : first].strip():
                first, _ = spans.pop()
            spans.append((first, last))
    return spans


def split_blocks(text: str) -> Iterator[tuple[int, int]]:
    """The spans of stretches of a text of some `BLOCK` characters that end with a paragraph, else with a line or a word."""
    start = 0
    while start < len(text):
        end = start + BLOCK
        if end < len(text):
            ends = (text.rfind(mark, start + BLOCK // 2, end) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
            end = next((one for one in ends if one > start + BLOCK // 2), end)
        yield start, min(end, len(text))
        start = end


def find_in_block(text: str) -> list[tuple[int, int]]:
    """The same as `find_instructions` for one block of a text."""
    plain, origins = plain_text(text)
    sentences = split_sentences(plain, SENTENCE)
    found = [is_instruction(plain, sentences, index) for index in range(len(sentences))]
    for index in touched(sentences, find_tricked(plain)) | touched(sentences, find_across_lines(plain)):
        found[index] = True
    for indices, step in ((range(1, len(sentences)), 1), (range(len(sentences) - 2, -1, -1), -1)):
        for index in indices:
            if found[index - step] and not found[index]:
                found[index] = bool(FOLLOWS.search(plain[slice(*sentences[index])]))
    spans: list[tuple[int, int]] = []
    for index, (start, end) in enumerate(sentences):
        if not found[index]:
            continue
        first, last = origins[start], origins[end - 1] + 1
        while last < len(text) and text[last] in " \t":
            last += 1
        if spans and found[index - 1]:
            first, _ = spans.pop()
        spans.append((first, last))
    return spans


def touched(sentences: Sequence[tuple[int, int]], hits: Sequence[tuple[int, int]]) -> set[int]:
    """The indices of the sentences, which are sorted and apart, that share a sign with a hit."""
    ends = [end for _, end in sentences]
    found = set()
    for start, end in hits:
        index = bisect_right(ends, start)
        while index < len(sentences) and sentences[index][0] < end:
            found.add(index)
            index += 1
    return found


def plain_text(text: str) -> tuple[str, Sequence[int]]:
    """A text in lower case, without accents, look-alikes and characters without width, and where each sign stood."""
    if text.isascii():
        return without_digits(text.lower()), range(len(text))
    signs: list[str] = []
    origins: list[int] = []
    for index, sign in enumerate(text):
        if IGNORED.match(sign):
            continue
        for part in unicodedata.normalize("NFKD", sign).casefold().translate(LOOKALIKES):
            if not unicodedata.combining(part):
                signs.append(part)
                origins.append(index)
    return without_digits("".join(signs)).replace("’", "'"), origins


def without_digits(plain: str) -> str:
    """A text with the letters that digits and signs stand for inside of its words ("1gn0re")."""
    return SPELT.sub(lambda match: match[0].translate(LEET), plain)


def split_sentences(plain: str, boundary: re.Pattern[str]) -> list[tuple[int, int]]:
    """The spans between boundaries that hold a letter, without the space about them."""
    spans, position = [], 0
    for match in [*boundary.finditer(plain), None]:
        end = match.start() if match else len(plain)
        body = plain[position:end]
        if re.search(r"\w", body):
            spans.append((position + len(body) - len(body.lstrip()), position + len(body.rstrip())))
        position = match.end() if match else end
    return spans


def is_instruction(plain: str, sentences: list[tuple[int, int]], index: int) -> bool:
    """Whether a sentence by itself speaks to a reviewing machine."""
    sentence = plain[slice(*sentences[index])]
    match = OVERRIDE.search(sentence) or DEMAND.search(sentence) or FOREIGN.search(sentence)
    if match:
        return not is_told(sentence, match.start(), match.end())
    if MARKUP.search(sentence):
        return not TELLING.search(sentence)
    if order := find_order(sentence):
        return not is_told(sentence, *order)
    match = (
        ADDRESS.search(sentence) or SALUTATION.search(sentence) or READING.search(sentence) or SYSTEM.search(sentence)
    )
    if not match or is_told(sentence, match.start(), match.end()):
        return False
    ahead = plain[sentences[index][0] : sentences[min(index + 2, len(sentences) - 1)][1]][:600]
    return bool(re.search(ABOUT_REVIEW, ahead) and COMMAND.search(ahead))


def is_told(sentence: str, start: int, end: int) -> bool:
    """Whether a command is one that the sentence tells of: quoted, or after words that tell of attacks."""
    quoted = any(match.start() <= start + 2 and end <= match.end() + 2 for match in QUOTED.finditer(sentence))
    if quoted:
        return bool(QUOTING.search(QUOTED.sub(" ", sentence)))
    return bool(TELLING.search(sentence[:start]) or TOLD_OF.search(sentence, start))


def find_across_lines(plain: str) -> list[tuple[int, int]]:
    """Spans of sentences with a command that a line's end cuts in two; of long ones, the command."""
    found = []
    for start, end in split_sentences(plain, UNWRAPPED):
        sentence = plain[start:end]
        if "\n" not in sentence:
            continue
        sentence = sentence.replace("\n", " ")
        matches = (pattern.search(sentence) for pattern in (OVERRIDE, DEMAND, FOREIGN))
        for first, last in (*(match.span() for match in matches if match), *filter(None, [find_order(sentence)])):
            if not is_told(sentence, first, last):
                found.append((start, end) if end - start <= LONGEST else (start + first, start + last))
    return found


def find_tricked(plain: str) -> list[tuple[int, int]]:
    """Spans of commands whose letters are set apart with spaces or signs."""
    squeezed = "".join(filter(str.isalpha, plain))
    if not TRICKED.search(squeezed):
        return []
    letters = [index for index, sign in enumerate(plain) if sign.isalpha()]
    found = []
    for match in TRICKED.finditer(squeezed):
        start, end = letters[match.start()], letters[match.end() - 1] + 1
        if end - start > 1.6 * (match.end() - match.start()):
            found.append((start, end))
    return found
