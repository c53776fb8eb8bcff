"""A text under review speaks to people: what speaks to a reviewing machine is cut out, and shown to the chair."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, reduce

from knowledge.errors import UnreadableFile
from knowledge.instructions import find_instructions
from knowledge.limits import Limits
from knowledge.readers.deadline import Deadline
from knowledge.types import Document, Finding, Point, Reading, Refusal, Review, Score, Section, Submission

Span = tuple[int, int]
UNTITLED = "Untitled"
NAMELESS = "Unnamed"
"""Whose name was nothing but an instruction."""


def keep_parts_apart(reading: Reading, limits: Limits | None = None) -> Reading:
    """What was read, without the instructions to machines in it; a part for which the time of a file is not enough is
    refused, and UnreadableFile is raised where no other is left."""
    parts: list[Submission] = []
    refused: list[UnreadableFile] = []
    for part in reading.parts:
        deadline = Deadline(limits or Limits())
        file = next((document.source for document in part.documents if document.source), part.id)
        try:
            parts.append(keep_apart(part, partial(deadline.check, file)))
        except UnreadableFile as error:
            refused.append(error)
    if refused and not parts:
        raise refused[0]
    return replace(
        reading,
        parts=tuple(parts),
        refused=(*reading.refused, *(Refusal(error.file, error.where, error.reason) for error in refused)),
    )


def keep_apart(submission: Submission, check: Callable[[], None] = lambda: None) -> Submission:
    """The submission without the instructions to machines in its documents, titles, names and labels; each is a finding.

    Documents keep their ids and their place in the thread, also where nothing of their text is left. `check` is called
    again and again, and may end it.
    """
    part, named = clean_names(*clean_facts(submission))
    findings: list[Finding] = []
    documents = []
    for document in part.documents:
        spans = find_instructions(document.text, check)
        findings += [
            Finding("instruction", place_of(document, start), document.text[start:end].strip(), document.id)
            for start, end in spans
        ]
        cleaned = cut(document, spans)
        title = cut_words(document.title)
        if title != document.title and document.title not in document.text:
            findings.append(Finding("instruction", "title", document.title, document.id))
        documents.append(replace(cleaned, title=title))
    findings += [one for one in named if not any(one.text == other.text for other in findings)]
    return replace(
        part,
        title=cut_words(part.title),
        documents=tuple(documents),
        reviews=tuple(clean_scores(review) for review in part.reviews),
        findings=(*(weigh(finding, check) for finding in part.findings), *findings),
    )


def clean_facts(part: Submission) -> tuple[Submission, list[Finding]]:
    """A submission without instructions in its venue, decision and short names, and these as findings."""
    home = part.documents[0].id if part.documents else ""
    said = {"venue": (part.venue,), "decision": (part.decision or "",), "short names": part.short_names}
    facts = {place: tuple(cut_words(text, "") for text in texts) for place, texts in said.items()}
    found = [
        Finding("instruction", place, text, home)
        for place, texts in said.items()
        for text, left in zip(texts, facts[place], strict=True)
        if text != left
    ]
    part = replace(part, venue=facts["venue"][0], decision=facts["decision"][0] or None)
    return replace(part, short_names=tuple(filter(None, facts["short names"]))), found


def clean_names(part: Submission, found: list[Finding]) -> tuple[Submission, list[Finding]]:
    """A submission without instructions in the names of its people, one name for each of them, and the findings with them."""
    home = part.documents[0].id if part.documents else ""
    said = dict.fromkeys(part.authors, home)
    for document in part.documents:
        said |= {name: document.id for name in (document.addressee, document.author) if name}
    for review in part.reviews:
        said |= dict.fromkeys((*review.aliases, review.reviewer), review.document)
    names: dict[str, str] = {}
    for name, document in said.items():
        left = cut_words(name, "")
        if left == name:
            continue
        found.append(Finding("instruction", "name", name, document))
        left = left.strip(" ,;:-") or NAMELESS
        taken = {*said, *names.values()}
        names[name] = next(one for one in (left, *(f"{left} {n}" for n in range(2, 10_000))) if one not in taken)
    if not names:
        return part, found
    authors = tuple(names.get(name, name) for name in part.authors)
    documents = (
        replace(
            document,
            title=reduce(lambda title, name: title.replace(name, names[name]), names, document.title),
            author=document.author and names.get(document.author, document.author),
            addressee=document.addressee and names.get(document.addressee, document.addressee),
        )
        for document in part.documents
    )
    reviews = (
        replace(
            review,
            reviewer=names.get(review.reviewer, review.reviewer),
            aliases=tuple(alias for alias in review.aliases if alias not in names),
        )
        for review in part.reviews
    )
    authors = tuple(name for name in authors if not name.startswith(NAMELESS))
    return replace(part, authors=authors, documents=tuple(documents), reviews=tuple(reviews)), found


def weigh(finding: Finding, check: Callable[[], None] = lambda: None) -> Finding:
    """A comment of the source that speaks to a machine is an instruction first of all."""
    check()
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
