"""A paper as Markdown or plain text -> Document of kind `paper`."""

import html
import re
from dataclasses import replace

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.hidden_text import cut_html, find_hidden_characters
from knowledge.readers.draft import Draft
from knowledge.readers.homes import SAY_HOME, NoHome
from knowledge.readers.text import clean, decode, slug
from knowledge.types import Aspect, Document, DocumentKind, Point, Submission

KINDS: dict[str, DocumentKind] = {"paper": "paper", "notes": "notes", "relayed": "relayed"}
MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+(.{1,300}?)[ \t]*#*$")
KNOWN_HEADING = re.compile(
    r"(?:(?:\d+|[A-Z]|[IVX]+)(?:\.\d+)*\.?[ \t]+)?(abstract|introduction|related works?|background|methods?|"
    r"experiments?|results|evaluation|discussion|limitations|conclusions?|references|acknowledge?ments|appendix)\.?$",
    re.IGNORECASE,
)
NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?[ \t]+[A-Z][^.!?]{2,70}$")
NOT_A_PAPER = (
    (re.compile(r"^[^\w\n]*(?:turn \d+|user|assistant|human|chair)\W*:", re.I | re.M), "a conversation"),
    (re.compile(r"^[^\w\n]*(?:rating|confidence|recommendation)\W*:\W*\d", re.I | re.M), "a review"),
    (re.compile(r"^[^\w\n]*(?:anon)?reviewer\s*#?\w{1,6}\W*:", re.I | re.M), "a set of reviews"),
)
REFERENCES = re.compile(r"(?:(?:\d+|[A-Z]|[IVX]+)\.?[ \t]+)?(?:references|bibliography|works cited)\.?$", re.IGNORECASE)
CAPTION = re.compile(r"(?:figure|fig\.?|table|algorithm|listing)[ \t]+[A-Z]?\d{1,3}[a-z]?[ \t]*[:.|]", re.IGNORECASE)
PIPED = re.compile(r"(?:^[ \t]*\|[^\n]*\|[ \t]*(?:\n|\Z)){2,}", re.MULTILINE)
RULE = re.compile(r"[\s|:-]+$")
ROW = "\x1e"
"""Stands before each row of a table while a text is written; no clean text has it."""
ROWS = re.compile(rf"(?:^Table[ \t]+\w+[^\n]*\n)?(?:^{ROW}[^\n]*(?:\n|\Z))+", re.MULTILINE)
IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,500}\)")
HTML_CELL = re.compile(r"<t[dh]\b([^<>]{0,500})>(.*?)(?=<t[dh]\b|</t[dh]>|</table>|\Z)", re.DOTALL | re.IGNORECASE)
VALUE = re.compile(r"[-−+~<>]?\s?\d[\d.,]*\s?(?:%|x|×|[kKMG]?B)?$")
WIDEST = 60
"""Columns or rows that one cell may span; more are mistakes."""
TABLE = re.compile(r"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL | re.IGNORECASE)


def read_plain(data: bytes, file: str, into: str | None, kind: str | None) -> Submission:
    """A text as one document of a submission (`into`, else one named after the title).

    `kind` says what it is (paper, notes, relayed); without it only a text with the headings of a paper is taken as
    one, so that a dialogue or a review never becomes the paper's own words.
    """
    if kind is not None and kind not in KINDS:
        reason = f"a plain text cannot be taken as '{kind}'; write it as a submission file with '# {kind.capitalize()}'"
        raise UnreadableFile(file, reason)
    raw = decode(data, file)
    shown, unseen = cut_html(raw)
    lines = clean(shown).split("\n")
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines))
    if not text.strip():
        raise UnreadableFile(file, "is empty")
    headings, title = find_headings(text.split("\n"))
    if kind is None:
        check_paper(text, headings, file)
    if into is None and KNOWN_HEADING.match(title):
        raise NoHome(file, f"begins with '{title}' and has no title; put the paper's title above, or {SAY_HOME}", 1)
    draft = write_text(text, headings)
    if not draft.points:
        raise UnreadableFile(file, "has headings but no text under them")
    submission = into or slug(title) or "paper"
    what: DocumentKind = KINDS[kind or "paper"]
    document = Document(
        id=f"{submission}/{what if what == 'paper' else slug(f'{what} {title}', 120)}",
        submission=submission,
        kind=what,
        title=title,
        text=draft.text,
        sections=draft.sections,
        points=mark_captions(draft),
        origin="ours" if what == "notes" else "record",
        source=file,
    )
    found = (replace(one, document=document.id) for one in (*unseen, *find_hidden_characters(raw)))
    named = title if into is None or what == "paper" else ""
    return Submission(submission, named, documents=(document,), findings=tuple(found))


def has_paper_headings(text: str) -> bool:
    """Whether a text has the headings that only a whole paper has together."""
    headings, _ = find_headings(text.split("\n"))
    known = {match[1].casefold() for title in headings.values() if (match := KNOWN_HEADING.match(title))}
    return len(known) > 2 and bool(known & {"abstract", "introduction"})


def mark_captions(draft: Draft) -> tuple[Point, ...]:
    """The points with their role where they are captions."""
    text = draft.text
    return tuple(
        replace(point, role="caption") if point.role is None and CAPTION.match(text[point.start : point.end]) else point
        for point in draft.points
    )


def split_references(text: str) -> list[str]:
    """The entries of a list of references: a blank line, a number in brackets or a line that begins anew after a full
    stop parts them."""
    entries: list[list[str]] = []
    ended = True
    for line in text.split("\n"):
        line = line.strip()
        begins = bool(re.match(r"(?:[-*+\u2022] |\[[\w+-]{1,20}\]|\d{1,3}\. )", line))
        if line and (ended or begins or (line[0].isupper() and re.search(r"(?:[.)]|\d)$", entries[-1][-1]))):
            entries.append([])
        if line:
            entries[-1].append(line.removeprefix("- ").removeprefix("* "))
        ended = not line
    return [entry for lines in entries if re.search(r"\w", entry := "\n".join(lines))]


def find_headings(lines: list[str]) -> tuple[dict[int, str], str]:
    """The headings by line index, and the title: the first heading or, in a text without marks, the first line."""
    marked = {i: match[1].strip() for i, line in enumerate(lines) if (match := MARKDOWN_HEADING.match(line))}
    first = next((line.strip() for line in lines if line.strip()), "")
    if marked:
        return marked, next(iter(marked.values()))
    bare = {
        i: line.strip()
        for i, line in enumerate(lines)
        if KNOWN_HEADING.match(line.strip())
        or (NUMBERED_HEADING.match(line) and not "".join(lines[max(i - 1, 0) : i]).strip())
    }
    return bare, first


def check_paper(text: str, headings: dict[int, str], file: str) -> None:
    """Refuse what does not look like a paper, and say what it looks like."""
    known = [title for title in headings.values() if KNOWN_HEADING.match(title)]
    for pattern, name in NOT_A_PAPER:
        if not known and (match := pattern.search(text)):
            reason = f"looks like {name}, not like a paper; say what it is with --kind, or write a submission file"
            raise UnreadableFile(file, reason, text.count("\n", 0, match.end()) + 1)
    if not known:
        reason = "has no headings such as 'Abstract' or '# Introduction'; if it is a paper, say so with --kind paper"
        raise UnreadableFile(file, reason, 1)


def write_text(text: str, headings: dict[int, str]) -> Draft:
    """The text with its headings as sections; pictures are left out, tables become lines of cells. A subsection
    without an aspect of its own ("4.1 Set-up") has that of the section it belongs to."""
    draft, gathered = Draft(), []
    parents: dict[str, Aspect | None] = {}
    current = ""

    def flush() -> None:
        if REFERENCES.match(current):
            for entry in split_references("\n".join(gathered)):
                draft.add_point(entry, role="reference")
            gathered.clear()
            return
        body = PIPED.sub(write_piped, IMAGE.sub("", TABLE.sub(write_table, "\n".join(gathered))))
        body, position = join_displays(body), 0
        for match in ROWS.finditer(body):
            add_text(draft, body[position : match.start()])
            draft.add_point(match[0].replace(ROW, "").strip(), role="table")
            position = match.end()
        add_text(draft, body[position:])
        gathered.clear()

    for index, line in enumerate(text.split("\n")):
        if index in headings:
            flush()
            current = title = headings[index]
            number = re.match(r"(\w+)((?:\.\d+)*)[.\s]", title)
            aspect = aspect_of(title) or (parents.get(number[1]) if number and number[2] else None)
            if number and not number[2]:
                parents[number[1]] = aspect
            draft.begin_section(title, aspect)
        else:
            gathered.append(line.rstrip())
    flush()
    return draft


def add_text(draft: Draft, text: str) -> None:
    if text.strip():
        draft.add_text(text)


def write_piped(match: re.Match[str]) -> str:
    """A table of Markdown as one marked line a row, its cells between " | "."""
    rows = [line.strip().strip("|") for line in match[0].split("\n") if not RULE.match(line)]
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    return "".join(f"{ROW}{' | '.join(row)}\n" for row in cells if any(row)) + "\n"


def write_table(match: re.Match[str]) -> str:
    """An HTML table as one marked line a row, its cells between " | "; a cell over several columns leaves empty ones after
    it, but for a value, which holds for each of them, and one over several rows stands in each of them."""
    lines: list[str] = []
    held: dict[int, tuple[int, str]] = {}
    for row in re.split(r"</tr>", match[0], flags=re.IGNORECASE):
        cells: list[str] = []
        for attributes, inside in HTML_CELL.findall(row):
            text = " ".join(html.unescape(re.sub(r"<[^<>]{0,500}>", "", inside)).split())
            take_held(cells, held)
            across, down = (span_of(attributes, name) for name in ("colspan", "rowspan"))
            again = text if VALUE.match(text) else ""
            for column, written in enumerate([text, *[again] * (across - 1)], len(cells)):
                if down > 1:
                    held[column] = (down - 1, written)
                cells.append(written)
        if cells:
            take_held(cells, held)
            lines += [" | ".join(cells)] if any(cells) else []
    return "".join(f"{ROW}{line}\n" for line in lines) + "\n"


def take_held(cells: list[str], held: dict[int, tuple[int, str]]) -> None:
    """Add to a row what cells of the rows above hold of its next columns; mutates both."""
    while (column := len(cells)) in held:
        left, text = held.pop(column)
        if left > 1:
            held[column] = (left - 1, text)
        cells.append(text)


def span_of(attributes: str, name: str) -> int:
    """How many columns or rows a cell takes; 1 where that is not said, or unbelievable."""
    match = re.search(rf"\b{name}\s*=\s*[\"']?(\d{{1,3}})", attributes, re.IGNORECASE)
    return int(match[1]) if match and 1 <= int(match[1]) <= WIDEST else 1


def join_displays(text: str) -> str:
    """Displayed equations belong to the sentence around them, tables to their caption: no blank line parts them."""
    text = re.sub(r"(?m)^(Table[ \t]+\w+[^\n]*)\n\s*\n(?=\x1e)", r"\1\n", text)
    text = re.sub(r"\n\s*\n(?=\s*\$\$)", "\n", text)
    return re.sub(r"(\$\$)[ \t]*\n\s*\n(?=[a-z])", r"\1\n", text)
