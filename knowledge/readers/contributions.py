"""What a person contributed to a record, as formats without note ids have it -> Document and Review."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.aspects import aspect_of
from knowledge.readers.draft import Draft
from knowledge.readers.text import slug
from knowledge.reviews import scores_text
from knowledge.types import Document, DocumentKind, Review, Score

HEADINGS = (
    r"summary|overview|strengths?|weakness(?:es)?|strengths? and weakness(?:es)?|pros?|cons?|pros and cons|positives?|negatives?|"
    r"questions?|minor|typos?|comments?|details|detailed comments|suggestions?|limitations?|clarity|"
    r"quality|originality|novelty|significance|soundness|correctness|presentation|reproducibility|ethics|ethical concerns|"
    r"concerns?|contributions?|evaluation|experiments?|related work|writing|decision|justification|references|"
    r"rating|score|recommendation|confidence|metareview|meta-review|review|supporting arguments|main points?|other remarks"
)
HEADING = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]*|[-*+][ \t]+(?=[^\n]{0,60}:[ \t]*$)|\(?\d{1,2}[.)][ \t]+(?=[^\n]{0,60}:[ \t]*$))?[*_]{0,3}"
    r"(?P<title>[A-Za-z][^:.!?\n*_]{1,70})[*_]{0,3}[ \t]*:?[ \t]*[*_]{0,3}$"
)
LABEL = re.compile(
    rf"[ \t]*(?:[-*+][ \t]+)?[*_]{{0,3}}(?P<title>(?:{HEADINGS})(?:[ \t]+(?:of|for|to|and|&|in)[ \t]+[a-z' ]{{2,40}})?)"
    r"[ \t]*[*_]{0,3}[ \t]*:[ \t*_]*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
LABELLED = 160
"""How far into a line a label may reach."""
KNOWN = re.compile(rf"(?:\w+[ \t]+){{0,3}}?(?:{HEADINGS})\b", re.IGNORECASE)


@dataclass
class Contribution:
    """One review, response, comment, meta-review or decision before it is written; `name` ends its document's id."""

    kind: DocumentKind
    author: str
    name: str
    title: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    """Headings ("" for none) with the text under each."""
    scores: list[tuple[str, Score]] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    addressee: str | None = None
    date: str | None = None


def write_contribution(given: Contribution, submission: str, source: str) -> tuple[Document, Review | None] | None:
    """The document of a contribution, its scores first, and for a review who gave which; None if it has no words."""
    draft = Draft()
    if given.scores:
        draft.begin_section("Scores", "record")
        draft.add_point(scores_text(given.scores))
        draft.end_section()
    for title, text in given.fields:
        if not re.search(r"\w", text):
            continue
        draft.end_section()
        if title:
            draft.begin_section(title, aspect_of(title))
        draft.add_text(text)
    if not draft.points:
        return None
    document = Document(
        id=f"{submission}/{slug(f'{given.kind} {given.name}', 120)}",
        submission=submission,
        kind=given.kind,
        title=given.title or given.kind.capitalize() + (f": {given.author}" if given.author else ""),
        text=draft.text,
        sections=draft.sections,
        points=draft.points,
        author=given.author or None,
        addressee=given.addressee,
        origin="record",
        source=source,
        date=given.date,
    )
    if given.kind != "review":
        return document, None
    named = dict(given.scores)
    rating, confidence = named.pop("rating", None), named.pop("confidence", None)
    review = Review(document.id, submission, given.author, given.aliases, rating, confidence, tuple(named.items()))
    return document, review


def write_all(
    entries: Sequence[Contribution], submission: str, source: str
) -> tuple[tuple[Document, ...], tuple[Review, ...]]:
    """The documents and reviews of the entries that have words; names that occur twice are numbered."""
    documents: dict[str, Document] = {}
    reviews = []
    counts: dict[str, int] = {}
    for entry in entries:
        base = entry.name
        while f"{submission}/{slug(f'{entry.kind} {entry.name}', 120)}" in documents:
            counts[base] = counts.get(base, 1) + 1
            entry.name = f"{slug(base, 80)} {counts[base]}"
        if written := write_contribution(entry, submission, source):
            documents[written[0].id] = written[0]
            reviews += [written[1]] if written[1] else []
    return tuple(documents.values()), tuple(reviews)


def split_fields(text: str) -> list[tuple[str, str]]:
    """The text under each of its headings: lines of their own that name what reviews speak of ("Strengths:",
    "## Questions for the authors", "**Cons**"), or that begin with it ("Summary: The paper ...")."""
    fields: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n"):
        if title := heading_of(line):
            fields.append((title, []))
        elif label := LABEL.match(line[:LABELLED]):
            fields.append((label["title"].strip(), [line[label.start("rest") :]]))
        else:
            fields[-1][1].append(line)
    return [(title, "\n".join(lines).strip("\n")) for title, lines in fields if title or "".join(lines).strip()]


def heading_of(line: str) -> str:
    """The title in a line that is a heading of a review, else ""."""
    if len(line) > 100 or not (match := HEADING.match(line)):
        return ""
    title = match["title"].strip()
    marked = line.lstrip().startswith(("#", "**", "__")) or line.rstrip(" *_").endswith(":")
    long = len(title.split()) > 10
    return title if not long and KNOWN.match(title) and (marked or title[0].isupper()) else ""


def reviewer_aliases(name: str) -> tuple[str, ...]:
    """What else people call a reviewer with a number: AnonReviewer3 is "R3" and "Reviewer 3"."""
    number = re.search(r"review(?:er)?\s*#?(\d+)$", name, re.IGNORECASE)
    return (f"R{number[1]}", f"Reviewer {number[1]}") if number else ()
