"""A text under review speaks to people: what speaks to a reviewing machine is cut out, and shown to the chair."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from knowledge.instructions import find_instructions
from knowledge.types import Document, Finding, Point, Reading, Review, Score, Section, Submission

Span = tuple[int, int]
UNTITLED = "Untitled"


def keep_parts_apart(reading: Reading) -> Reading:
    """What was read, without the instructions to machines in it."""
    return replace(reading, parts=tuple(keep_apart(part) for part in reading.parts))


def keep_apart(submission: Submission) -> Submission:
    """The submission without the instructions to machines in its documents, titles and labels; each is a finding.

    Documents keep their ids and their place in the thread, also where nothing of their text is left.
    """
    findings: list[Finding] = []
    documents = []
    for document in submission.documents:
        spans = find_instructions(document.text)
        findings += [
            Finding("instruction", place_of(document, start), document.text[start:end].strip(), document.id)
            for start, end in spans
        ]
        cleaned = cut(document, spans)
        title = cut_words(document.title)
        if title != document.title and document.title not in document.text:
            findings.append(Finding("instruction", "title", document.title, document.id))
        documents.append(replace(cleaned, title=title))
    title = cut_words(submission.title)
    reviews = tuple(clean_scores(review) for review in submission.reviews)
    return replace(
        submission,
        title=title,
        documents=tuple(documents),
        reviews=reviews,
        decision=submission.decision and (cut_words(submission.decision, "") or None),
        findings=(*(weigh(finding) for finding in submission.findings), *findings),
    )


def weigh(finding: Finding) -> Finding:
    """A comment of the source that speaks to a machine is an instruction first of all."""
    speaks = finding.kind == "comment" and find_instructions(finding.text)
    return replace(finding, kind="instruction") if speaks else finding


def clean_scores(review: Review) -> Review:
    """A review without instructions in the words of its scores."""

    def clean(score: Score) -> Score:
        return replace(score, label=cut_words(score.label, ""))

    return replace(
        review,
        rating=review.rating and clean(review.rating),
        confidence=review.confidence and clean(review.confidence),
        other_scores=tuple((name, clean(score)) for name, score in review.other_scores),
    )


def cut_words(text: str, left: str = UNTITLED) -> str:
    """A short text without its instructions; `left` where nothing else is in it."""
    kept, position = [], 0
    for start, end in find_instructions(text):
        kept.append(text[position:start])
        position = end
    return " ".join("".join([*kept, text[position:]]).split()) or left if kept else text


def place_of(document: Document, offset: int) -> str:
    """Where an offset stands, in words: its page, else its section, else its document."""
    if document.pages:
        return f"p. {bisect_right(document.pages, offset) or 1}"
    index = bisect_right(document.sections, offset, key=lambda one: one.start) - 1
    inside = index >= 0 and offset < document.sections[index].end
    return cut_words(document.sections[index].title) if inside else document.kind


def cut(document: Document, spans: Sequence[Span]) -> Document:
    """The document without `spans`, half-open, sorted, apart: all else keeps its words, order and exact offsets.

    A point or section of which nothing but space is left goes; a point never begins or ends with space.
    """
    if not spans:
        return document
    text, moved = remove(document.text, spans)
    points = []
    for point in document.points:
        start, end = trim(text, moved(point.start), moved(point.end))
        if start < end:
            points.append(replace(point, start=start, end=end))
    sections = []
    for section in document.sections:
        start, end = trim(text, moved(section.start), moved(section.end))
        if start < end:
            sections.append(replace(section, title=cut_words(section.title), start=start, end=end))
    return replace(
        document,
        text=text,
        points=tuple[Point, ...](points),
        sections=tuple[Section, ...](sections),
        pages=tuple(moved(start) for start in document.pages),
    )


def remove(text: str, spans: Sequence[Span]):
    """Text without spans, and the function from offsets in the whole to offsets in the rest."""
    kept, position = [], 0
    gone = [0]

    for start, end in spans:
        kept.append(text[position:start])
        gone.append(gone[-1] + end - start)
        position = end

    def moved(offset: int) -> int:
        index = bisect_right(spans, offset, key=lambda span: span[0]) - 1
        if index < 0:
            return offset
        start, end = spans[index]
        return offset - gone[index] - min(offset - start, end - start)

    return "".join([*kept, text[position:]]), moved


def trim(text: str, start: int, end: int) -> Span:
    """A span without the space at its ends."""
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip())
