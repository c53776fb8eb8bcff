"""The submission file of docs/submission-format.md: Markdown written by hand -> Submission."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import cast, get_args

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.readers.draft import Draft
from knowledge.readers.front_matter import read_front_matter
from knowledge.readers.scores import read_written_score
from knowledge.readers.text import FENCE, clean, decode, slug
from knowledge.reviews import scores_text
from knowledge.types import Document, DocumentKind, Origin, Review, Submission

KINDS: dict[str, DocumentKind] = {kind.capitalize(): kind for kind in get_args(DocumentKind)}
NAMED = ("review", "response", "comment")
SCORED = ("review", "meta-review", "relayed")
KEYS_OF = {
    "rating": SCORED,
    "confidence": SCORED,
    "aliases": ("review", "relayed"),
    "to": ("response", "comment"),
    "recommendation": ("review", "meta-review", "decision"),
    "date": tuple(KINDS.values()),
    "source": tuple(KINDS.values()),
    "origin": tuple(KINDS.values()),
}
KEY = re.compile(r"([A-Za-z][A-Za-z -]{0,30}?)[ \t]*:(?:[ \t]+(.*))?$")
POINT = re.compile(r"[-*+][ \t]+|(?=\d{1,2}[.)][ \t])")
PLACE = re.compile(r"\[([^\[\]]+)\]\.?$")
STATUS = re.compile(r"(not checked|checked)(?:\s*[:;]\s*(.+))?$")


@dataclass
class Block:
    """A `# Kind: name` heading with what stands under it, before it is understood."""

    kind: DocumentKind
    name: str
    line: int
    keys: dict[str, tuple[str, int]] = field(default_factory=dict)
    body: list[tuple[int, str]] = field(default_factory=list)


def read_submission(data: bytes, file: str) -> Submission:
    """A whole submission file; UnreadableFile names file, line and what to write instead."""
    lines = clean(decode(data, file)).split("\n")
    facts, start = read_front_matter(lines, file)
    blocks = split_blocks(lines, start, file)
    documents: dict[str, Document] = {}
    reviews = []
    for block in blocks:
        document, review = read_block(block, facts.id, file)
        if document.id in documents:
            reason = f"a second '{document.title}'; join them, or tell them apart: '# {document.title} (second round)'"
            raise UnreadableFile(file, reason, block.line)
        documents[document.id] = document
        if review:
            reviews.append(review)
    return Submission(
        facts.id,
        facts.title,
        authors=facts.authors,
        venue=facts.venue,
        decision=facts.decision,
        short_names=facts.short_names,
        openreview=facts.openreview,
        record=facts.record,
        documents=tuple(documents.values()),
        reviews=tuple(reviews),
    )


def split_blocks(lines: list[str], start: int, file: str) -> list[Block]:
    """The document blocks from line index `start` on, with their key lines taken off the body."""
    blocks: list[Block] = []
    fenced = False
    for number, line in enumerate(lines[start:], start + 1):
        if not fenced and re.match(r"#(?!#)", line):
            blocks.append(open_block(line[1:].strip(), number, file))
        elif blocks:
            block = blocks[-1]
            if fenced or block.body or not take_key(block, number, line, file):
                block.body.append((number, line))
        elif line.strip():
            raise UnreadableFile(file, "stands outside any document; put a heading such as '# Notes' above it", number)
        if FENCE.match(line):
            fenced = not fenced
    if not blocks:
        raise UnreadableFile(file, "has no document; add a heading such as '# Notes' with points under it", len(lines))
    return blocks


def open_block(heading: str, number: int, file: str) -> Block:
    """A block for `Kind` or `Kind: name`."""
    word, _, name = (part.strip() for part in heading.partition(":"))
    kind = KINDS.get(word.capitalize())
    if kind is None:
        known = ", ".join(KINDS)
        reason = f"'{word}' is no kind of document ({known}); a section inside a document starts with '##'"
        raise UnreadableFile(file, reason, number)
    if kind in NAMED and not name:
        example = {"review": "AnonReviewer3", "response": "Authors", "comment": "AnonReviewer3"}[kind]
        raise UnreadableFile(file, f"a {kind} needs a name: write '# {word}: {example}'", number)
    return Block(kind, name, number)


def take_key(block: Block, number: int, line: str, file: str) -> bool:
    """Take one line as a key line of the block, or an empty line before its body; False if the body begins here."""
    if not line.strip():
        return True
    match = KEY.match(line)
    key = " ".join(match[1].lower().split()) if match else ""
    straight = number == block.line + len(block.keys) + 1
    if not match or not (straight or key in KEYS_OF):
        return False
    kinds = SCORED if re.match(r"score \w", key) else KEYS_OF.get(key)
    if kinds is None:
        known = ", ".join([*KEYS_OF, "score NAME"])
        reason = f"unknown key '{match[1]}' (known: {known}); if it is text, leave an empty line above it"
        raise UnreadableFile(file, reason, number)
    if block.kind not in kinds:
        raise UnreadableFile(
            file, f"'{key}' does not belong under {block.kind}, only under: {', '.join(kinds)}", number
        )
    if key in block.keys:
        raise UnreadableFile(file, f"'{key}' is given twice in one document; keep one", number)
    value = (match[2] or "").strip()
    if not value:
        raise UnreadableFile(file, f"'{key}' has no value; write one, or leave the line out", number)
    block.keys[key] = (value, number)
    return True


def read_block(block: Block, submission: str, file: str) -> tuple[Document, Review | None]:
    """The document of a block and, for a review, who gave which scores."""

    def value(key: str) -> str | None:
        return block.keys[key][0] if key in block.keys else None

    author, addressee, remark = read_name(block, file)
    scores = [
        (key.removeprefix("score "), read_written_score(text, number, file))
        for key, (text, number) in block.keys.items()
        if key in ("rating", "confidence") or key.startswith("score ")
    ]
    draft = Draft()
    recommendation = value("recommendation")
    if scores or recommendation:
        word = "Decision" if block.kind == "decision" else "Recommendation"
        draft.begin_section("Scores" if scores else word, "record" if scores else "decision")
        words = [f"{word}: {recommendation}"] if recommendation else []
        draft.add_point("\n".join([*words, scores_text(scores)] if scores else words))
        draft.end_section()
    write_body(block, draft, file)
    title = block.kind.capitalize() + (f": {block.name}" if block.name else "")
    if not draft.points:
        raise UnreadableFile(file, f"'# {title}' is empty; write at least one point, or leave it out", block.line)
    to = f"to {addressee}" if addressee else ""
    document = Document(
        id=f"{submission}/{slug(' '.join((block.kind, author, to, remark)), 120)}",
        submission=submission,
        kind=block.kind,
        title=title,
        text=draft.text,
        sections=draft.sections,
        points=draft.points,
        author=author or None,
        addressee=addressee or None,
        origin=read_origin(block, file),
        source=value("source") or file,
        date=read_date(block, file),
    )
    if block.kind != "review":
        return document, None
    named = dict(scores)
    aliases = tuple(alias.strip() for alias in (value("aliases") or "").split(",") if alias.strip())
    rating, confidence = named.pop("rating", None), named.pop("confidence", None)
    return document, Review(document.id, submission, author, aliases, rating, confidence, tuple(named.items()))


def read_name(block: Block, file: str) -> tuple[str, str, str]:
    """Author, addressee and remark of "Authors to AnonReviewer3 (pre-review)"; `to:` may give the addressee too."""
    name, _, remark = block.name.removesuffix(")").partition(" (") if block.name.endswith(")") else (block.name, "", "")
    said, number = block.keys.get("to", ("", block.line))
    if block.kind not in KEYS_OF["to"]:
        return name.strip(), "", remark.strip()
    author, _, addressee = (part.strip() for part in re.sub(r"\s+to\s+", "\n", name, count=1).partition("\n"))
    if addressee and said and addressee.lower() != said.lower():
        reason = f"the heading speaks to '{addressee}', 'to:' to '{said}'; make them the same"
        raise UnreadableFile(file, reason, number)
    return author, said or addressee, remark.strip()


def read_origin(block: Block, file: str) -> Origin:
    """Who wrote the words; notes are ours, everything else is taken as the record unless it says so."""
    default: Origin = "ours" if block.kind == "notes" else "record"
    origin, number = block.keys.get("origin", (default, block.line))
    if origin not in get_args(Origin):
        raise UnreadableFile(file, f"'{origin}' is no origin; write one of: {', '.join(get_args(Origin))}", number)
    if (block.kind == "notes") != (origin == "ours"):
        reason = "notes are always 'ours', and only notes are; text of the paper itself goes under '# Paper'"
        raise UnreadableFile(file, reason, number)
    return cast(Origin, origin)


def read_date(block: Block, file: str) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD, of the calendar."""
    if "date" not in block.keys:
        return None
    text, number = block.keys["date"]
    try:
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
            raise ValueError
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise UnreadableFile(file, f"'{text}' is no date; write YYYY-MM-DD", number) from None
    return text


def write_body(block: Block, draft: Draft, file: str) -> None:
    """Write the sections and points of a block into `draft`."""
    gathered: list[str] = []
    fenced = False

    def flush() -> None:
        if text := "\n".join(gathered).strip():
            marks = {}
            if block.kind == "notes":
                text, marks = take_place(text, number, file)
            draft.add_point(text, **marks)
        gathered.clear()

    number = block.line
    for following, line in block.body:
        bullet = None if fenced else POINT.match(line)
        if not fenced and line.startswith("##"):
            flush()
            if not (title := line.strip("# \t")):
                raise UnreadableFile(file, "a heading without words; name the section", following)
            draft.begin_section(title, aspect_of(title))
        elif not fenced and not line.strip():
            flush()
        elif not fenced and (bullet or not gathered):
            flush()
            number = following
            gathered.append(line[bullet.end() :].strip() if bullet else line.strip())
        elif fenced or FENCE.match(line) or re.match(r"\s*(?:\||[-*+] )", line):
            gathered.append(line.rstrip())
        else:
            gathered[-1] += f" {line.strip()}"
        if FENCE.match(line):
            fenced = not fenced
    flush()


def take_place(text: str, number: int, file: str) -> tuple[str, dict[str, str | bool | None]]:
    """Split a trailing `[PLACE; checked]` or `[PLACE; not checked: why]` off a point of the notes."""
    match = PLACE.search(text)
    if not match:
        return text, {}
    where, _, rest = (part.strip() for part in match[1].partition(";"))
    if not rest and STATUS.match(where):
        where, rest = "", where
    status = STATUS.match(rest)
    if rest and not status:
        reason = f"'[{match[1]}]' is no place; write [PLACE], [PLACE; checked] or [PLACE; not checked: why]"
        raise UnreadableFile(file, reason, number)
    if not (body := text[: match.start()].strip()):
        raise UnreadableFile(file, f"nothing stands before '[{match[1]}]'; write the point", number)
    marks = {"where": where or None, "checked": status[1] == "checked" if status else None}
    return body, {**marks, "caveat": status[2] if status else None}
