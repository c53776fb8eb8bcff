"""The authors' words -> blocks: a stretch that answers one thing, with the quotation, number or heading it begins with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.discussion.words import common_runs, sentences, words_at
from knowledge.types import Document

FORM_FIELDS = ("Title", "Comment", "Rebuttal", "Response", "Review", "Reply", "Author response")
QUOTE_MARKS = tuple("\"“‘'>")
HEADED = "\u200a"
LONGEST_TITLE = 160
QUOTE_WORDS = 5
"""So many words of a review in a row are a quotation of it."""
QUOTE_SHARE = 0.6
"""A sentence is quoted where so much of it stands in runs of a review's words."""
QUESTION = re.compile(
    r"[\s*_>#•-]*(?:\[?(?:your |the )?(?:reviewer'?s? )?(?:(?:question|comment|concern|weakness|query|point|issue|remark|suggestion)s?|r)\b[\s#_-]*(?:\d{1,2})?(?:[.-]\d{1,2})?\]?[*_]*\s*[:.)\]][*_]*"
    r"|[\[(*_]*(?:r\d[\s,.-]*)?(?-i:[QWC])(?:\s?\d{1,2}(?:[.-]\d{1,2})?[\])*_]*\s*[:.)\]-]+|[\])*_]*\s*:)[*_]*|→|(?:in (?:response|reply|answer) to|regarding|re|about|on|concerning|as (?:for|to)|with (?:regards?|respect) to)\b\s*[:,]?\s*(?=[\"“”‘'’*_>]))",
    re.IGNORECASE,
)
"""What introduces a restated question: "Q1:", "**W2**:", "[Reviewer comment]", "Question:", "→", "Regarding "..."."""
ANSWER = re.compile(
    r"[\s*_>#•-]*(?:[\[(*_]*(?:our |the |author'?s?'? )?(?:response|answer|reply|rebuttal)s?\s?(?:to [QW]\s?\d+)?(?:\d{1,2})?\]?[*_]*\s*[:.\])][*_]*|[\[(*_]*(?-i:A)(?:\s?\d{1,2}(?:[.-]\d{1,2})?[\])*_]*\s*[:.)\]]|[\])*_]*\s*:)[*_]*)\s*",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"[\s*_>#]*(?:[-•]\s+)?\(?\[?(?:re\s*:?\s*)?(?:(question|weakness|concern|comment|point|issue|remark|[qwcs])\s*[.#-]?\s*)?(\d{1,2}(?:\.\d{1,2})*[a-h]?|[a-hA-H])(?:[.):\]]+(?!\d)|\s*-(?=\s))(?:\s*|$)",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"[\s>#-]*(?:\*\*|__)([^*_\n]{2,110}?)[.:]?(?:\*\*|__)[.:]?(?=\s)|[\s*_>#-]*([^\s:][^:\n]{2,110}?)\s*[*_]*:[*_]*(?=\s|$)"
)
TYPOS_MENDED = re.compile(
    r"(?=.{0,120}\b(?:typos?|grammatical|grammar|spelling)\b)(?=.*\b(?:fix|correct|revis|proofread|mend)\w*)",
    re.IGNORECASE | re.DOTALL,
)
EMPHASISED = re.compile(r"(?:\*\*|__)[^*_\n]{2,110}(?:\*\*|__)[.:]?")
SENTENCE = re.compile(
    r"\W*(?:we|i|our|this|these|those|it|here|there|to|note|notice|please|specifically|however|then|that|firstly?|secondly?|thus|hence|so|for (?:example|instance)|in (?:more )?(?:detail|particular|summary|short)|where|which|below)\b"
    r"|.*\b(?:says?|said|follows|reads?|states?|given by|as below|i\.e|e\.g)$",
    re.IGNORECASE,
)
"""Words before a colon that begin a sentence, and are no heading."""
TITLE = re.compile(
    r"(?=(?:[^\n]*?\b[^\W\d_]{3,}){2}|[\s#*_]*[A-Z][a-z]+[*_]*[ \t]*$)(?![^\n]*\|)(?:[^\n]*[^\s.!?;,:|][*_]*[ \t]*$|\s*#{1,6} .*$|\s*(\*\*|__)[^\n]*\1\W*$)"
)
COURTESY = re.compile(
    r"^[\W\d]*(?:dear|hi|hello)\b|^\W*(?:we |the authors )?(?:would like to |want to |greatly |sincerely |really |also |again )*(?:thank|appreciate|thanks|are (?:very |truly )?grateful|are (?:glad|happy|pleased|delighted))\b(?!.{0,200}\b(?:suggest\w+ that|pointing|added|we (?:have|will|now)|bringing)\b)"
    r"|^\W*we (?:hope|believe|trust) (?:that |these |this |our |the )*.{0,60}\b(?:address|clarif|score|satisf|helpful|rais)\w*|^\W*(?:below|here|in the following|next)\b.{0,80}\b(?:respon|answer|repl|address)\w*|^\W*(?:please )?(?:find|see) (?:our )?(?:detailed |individual |point-by-point )*(?:responses?|replies) (?:below|to)"
    r"|^\W*(?:kind|best|warm) regards|^\W*(?:sincerely|thank you)\W*$|^\W*references?\W*$|^\W*we (?:will )?(?:respond|reply|address|answer)\b.{0,80}\b(?:below|following|points?|comments|in (?:turn|order))\b|^\W*we would (?:also )?like to (?:provide|respond|reply|comment|address)\b",
    re.IGNORECASE,
)
REPLY_TO = re.compile(
    r"[\s*_>#•-]*(?:our )?(?:reply|response|answer|re)\b (?:for|to|on) (?:the |your )?(?:question|point|comment|concern|weakness|issue|item|remark)?s? ?[\[(#]?(\d{1,2}(?:\.\d)?)[\])]?[*_]*\s*[:.][*_]*\s*",
    re.IGNORECASE,
)
"""What says which point is answered: "Reply for question (3):"."""
OWN = re.compile(r"\b(?:we|our)\b", re.IGNORECASE)
SOURCE = re.compile(r"^\s*\[[\w+-]{1,12}\]\s*[A-Z“\"@h].{0,60}|^\s*https?://\S+\s*$")


@dataclass(frozen=True)
class Quotation:
    """Words of a review that the authors repeat: where they stand in the reply and in the review."""

    start: int
    end: int
    document: str
    source_start: int
    source_end: int
    words: int


@dataclass(frozen=True)
class Block:
    """A stretch of a reply that answers one thing: `answer` is exactly `document.text[start:end]`.

    restated: the reviewer's question in the authors' words, or the heading that the answer begins with.
    label: the number that it answers, with the kind where it is said ("W2", "Q1", "3").
    """

    document: str
    start: int
    end: int
    answer: str
    quotations: tuple[Quotation, ...] = ()
    restated: str = ""
    label: str | None = None
    order: int = 0
    addressees: frozenset[str] = frozenset()


@dataclass
class Piece:
    """A sentence of a reply and what it does there."""

    start: int
    end: int
    kind: str
    """"quote", "restated", "answer", "courtesy"."""
    quotations: tuple[Quotation, ...] = ()
    label: str | None = None
    restated: str = ""
    opens: bool = False
    paragraph: bool = False
    question: int = 0
    """Where the words after "Q1:" begin, if the piece began so or goes on with it."""
    echo: bool = False
    """Whether a quotation is not marked as one: an answer that begins with the question's words."""


def read_blocks(document: Document, sources: Sequence[Document]) -> tuple[Block, ...]:
    """The blocks of a reply in reading order; `sources` are the texts that it may quote, the likeliest first.

    A quotation, a number at the start of a paragraph, a heading or "Q2:" begins a block; where there are none, each
    paragraph is one.
    """
    words = {source.id: words_at(source.text) for source in sources}
    pieces = mark_pieces(document, sources, words)
    blocks: list[list[Piece]] = []
    for piece in pieces:
        if piece.kind == "courtesy" and not piece.opens:
            continue
        answered = bool(blocks) and any(other.kind == "answer" for other in blocks[-1])
        answered |= bool(blocks) and is_headed(piece) and speaks_itself(document.text, blocks[-1])
        if not blocks or piece.opens or (piece.kind in ("quote", "restated") and answered):
            echoed = bool(blocks) and any(other.echo for other in blocks[-1])
            if blocks and not answered and not piece.label and not echoed:
                blocks[-1].append(piece)
            else:
                blocks.append([piece])
        else:
            blocks[-1].append(piece)
    made = (make_block(document, group, index) for index, group in enumerate(blocks))
    return tuple(block for block in made if block)


def is_headed(piece: Piece) -> bool:
    """Whether a piece begins an answer under a heading of its own."""
    return piece.opens and piece.kind in ("answer", "restated") and bool(piece.restated) and not piece.question


def speaks_itself(text: str, pieces: Sequence[Piece]) -> bool:
    """Whether what stands after a label ("W3. We agree ...") is the authors' answer, and no question repeated."""
    said = [piece for piece in pieces if piece.kind == "restated" and piece.question]
    return bool(said) and len(said) == len(pieces) and any(OWN.search(text, p.question, p.end) for p in said)


def make_block(document: Document, pieces: list[Piece], order: int) -> Block | None:
    """A block of its pieces; None where nothing answers."""
    answers = [piece for piece in pieces if piece.kind == "answer"] or unmarked_answers(pieces)
    if not answers:
        return None
    start, end = answers[0].start, answers[-1].end
    start += len(document.text[start:end]) - len(document.text[start:end].lstrip())
    if start == end:
        return None  # a marker with nothing behind it
    quotations = tuple(quotation for piece in pieces for quotation in piece.quotations)
    restated = " ".join(dict.fromkeys(piece.restated for piece in pieces if piece.restated))
    label = next((piece.label for piece in pieces if piece.label), None)
    return Block(document.id, start, end, document.text[start:end], quotations, restated, label, order)


def unmarked_answers(pieces: list[Piece]) -> list[Piece]:
    """The answer where nothing is marked as one: words that repeat the question, or what stands after "W1:"."""
    if echoes := [piece for piece in pieces if piece.echo]:
        return echoes
    said = [piece for piece in pieces if piece.kind == "restated" and HEADED not in piece.restated and piece.question]
    for piece in said:
        piece.start, piece.restated = piece.question, ""
    return said


def mark_pieces(
    document: Document, sources: Sequence[Document], words: dict[str, list[tuple[str, int, int]]]
) -> list[Piece]:
    """Every sentence of a reply with what it does, in reading order."""
    pieces: list[Piece] = []
    titles = [(section.start, section.end) for section in document.sections if section.title == "Title"]
    headings = {section.start: section.title for section in document.sections if section.title not in FORM_FIELDS}
    pending = ""
    restating = False
    sections = sorted(headings)
    for point in document.points:
        while sections and sections[0] < point.start:
            pending, restating = headings[sections.pop(0)], False
        if any(start <= point.start < end for start, end in titles):
            continue
        body = document.text[point.start : point.end]
        if SOURCE.match(body) and "?" not in body:
            continue
        marked = body.lstrip().startswith(">")
        first = True
        for start, end in sentences(document.text, point.start, point.end):
            if first:
                start = point.start
            piece, restating = mark_sentence(document, start, end, sources, words, first, marked, restating)
            piece.paragraph = first
            if pending:
                piece = replace_piece(piece, pending)
                pending = ""
            pieces.append(piece)
            first = False
    return open_paragraphs(pieces)


def replace_piece(piece: Piece, heading: str) -> Piece:
    """A piece that stands first under a heading."""
    return replace(piece, opens=True, restated=f"{piece.restated} {heading}{HEADED}".strip())


def mark_sentence(
    document: Document, start: int, end: int, sources: Sequence[Document], words: dict[str, list[tuple[str, int, int]]],
    first: bool, marked: bool, restating: bool,
) -> tuple[Piece, bool]:  # fmt: skip
    """A sentence's piece, and whether what follows still restates the question."""
    text = document.text
    line_start = first or text[start - 1] == "\n"
    if (answer := ANSWER.match(text, start, end)) and line_start:
        rest = text[answer.end() : end].strip()
        number = re.search(r"\d{1,2}", answer[0])
        label = f"A{number[0]}" if number and rest else None
        return Piece(answer.end() if rest else start, end, "answer" if rest else "courtesy", (), label), False
    if line_start and (told := REPLY_TO.match(text, start, end)):
        rest = text[told.end() : end].strip()
        return Piece(told.end() if rest else start, end, "answer" if rest else "restated", (), told[1], "", True), False
    question = QUESTION.match(text, start, end) if line_start else None
    number = NUMBER.match(text, start, end) if line_start and not question else None
    label = None
    if question and (
        digits := re.search(
            r"([QWC])\s?(\d{1,2})|(weakness|question|comment|concern|point)s?\W*(\d{1,2})", question[0], re.IGNORECASE
        )
    ):
        label = (digits[1] or digits[3] or "")[:1].upper() + (digits[2] or digits[4])
    elif number:
        label = (number[1] or "")[:1].upper() + number[2].lower()
    begin = question.end() if question else number.end() if number else start
    quotations = find_quotations(document, begin, end, sources, words, marked or text[begin : begin + 1] in QUOTE_MARKS)
    if quotations or marked:
        said, echo = (
            text[begin:end].strip(' >"“”*_'),
            not (marked or question or text[begin : begin + 1] in QUOTE_MARKS),
        )
        return Piece(start, end, "quote", quotations, label, said, bool(label or question), echo=echo), False
    if question:
        return Piece(start, end, "restated", (), label, text[begin:end].strip(' "“”*_'), True, question=begin), True
    if restating and not line_start:
        return Piece(start, end, "restated", (), None, text[start:end].strip(' "“”*_'), question=start), True
    if line_start and EMPHASISED.fullmatch(text, begin, end):
        return Piece(start, end, "restated", (), label, text[begin:end].strip(" *_.:"), True), False
    lead = LEAD.match(text, begin, end) if line_start else None
    if lead and len((lead[1] or lead[2]).split()) <= 14 and not SENTENCE.match(lead[1] or lead[2]):
        rest = text[lead.end() : end].strip(" *_")
        return Piece(
            start, end, "answer" if rest else "restated", (), label, (lead[1] or lead[2]).strip(' *_"“”'), True
        ), False
    short = first and end - start <= LONGEST_TITLE and text[end : end + 1] == "\n"
    if short and len(text[begin:end].split()) <= 14 and TITLE.match(text, start, end):
        return Piece(start, end, "restated", (), label, text[begin:end].strip(" *_#:") + HEADED, True), False
    if TYPOS_MENDED.match(text[begin:end]):
        return Piece(begin, end, "answer", (), label, "", True), False
    if COURTESY.match(text[begin:end]):
        return Piece(start, end, "courtesy", (), label, "", bool(label)), False
    kind = "answer" if any(sign.isalnum() for sign in text[begin:end]) else "courtesy"
    return Piece(begin, end, kind, (), label, "", bool(label)), False


def open_paragraphs(pieces: list[Piece]) -> list[Piece]:
    """The pieces, where a paragraph opens a block unless a quotation, a question, a number or a heading leads it."""
    led = False
    for piece in pieces:
        if piece.opens or piece.kind in ("quote", "restated"):
            led = piece.kind in ("quote", "restated") or bool(piece.label) or piece.restated.endswith(HEADED)
        elif piece.paragraph and not led:
            piece.opens = piece.kind == "answer"
    return pieces


def find_quotations(
    document: Document, start: int, end: int, sources: Sequence[Document], words: dict[str, list[tuple[str, int, int]]], signalled: bool
) -> tuple[Quotation, ...]:  # fmt: skip
    """The runs of words that a sentence of a reply takes from a review, if they make up most of it, or most of what
    stands in quotation marks; short ones count where `signalled` (">" or a quotation mark before them)."""
    own = words_at(document.text, start, end)
    if not own:
        return ()
    least = min(QUOTE_WORDS, max(2, len(own))) if signalled else QUOTE_WORDS
    if len(own) < least:
        return ()
    plain = [word for word, _, _ in own]
    inside = quoted_words(document.text, own)
    for source in sources:
        theirs = words[source.id]
        runs = common_runs(plain, [word for word, _, _ in theirs], least)
        covered = sum(length for _, _, length in runs)
        held = sum(1 for at, _, length in runs for index in range(at, at + length) if index in inside)
        if runs and (covered >= QUOTE_SHARE * len(own) or (len(inside) >= 4 and held >= 0.7 * len(inside))):
            return tuple(
                Quotation(
                    own[at][1],
                    own[at + length - 1][2],
                    source.id,
                    theirs[there][1],
                    theirs[there + length - 1][2],
                    length,
                )
                for at, there, length in runs
            )
    return ()


def quoted_words(text: str, own: Sequence[tuple[str, int, int]]) -> set[int]:
    """The indices of the words that stand between quotation marks."""
    if not own:
        return set()
    start, end = own[0][1] - 1, own[-1][2] + 1
    spans = [match.span(1) for match in re.finditer(r"[\"“”‘]([^\"“”]{8,})(?:[\"”’]|$)", text[max(0, start) : end])]
    offset = max(0, start)
    return {
        index
        for index, (_, a, b) in enumerate(own)
        if any(first + offset <= a and b <= last + offset for first, last in spans)
    }
