"""A paper as Markdown or plain text -> Document of kind `paper`."""

import html
import re
from dataclasses import replace

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.hidden_text import cut_html, find_hidden_characters
from knowledge.readers.draft import Draft
from knowledge.readers.text import clean, decode, slug
from knowledge.types import Aspect, Document, DocumentKind, Submission

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
IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,500}\)")
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
        reason = f"begins with '{title}' and has no title; put the paper's title above, or name its submission"
        raise UnreadableFile(file, reason, 1)
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
        points=draft.points,
        origin="ours" if what == "notes" else "record",
        source=file,
    )
    found = (replace(one, document=document.id) for one in (*unseen, *find_hidden_characters(raw)))
    return Submission(submission, title, record="", documents=(document,), findings=tuple(found))


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
    if len(headings) < 2 and not known:
        reason = "has no headings such as 'Abstract' or '# Introduction'; if it is a paper, say so with --kind paper"
        raise UnreadableFile(file, reason, 1)


def write_text(text: str, headings: dict[int, str]) -> Draft:
    """The text with its headings as sections; pictures are left out, tables become lines of cells. A subsection
    without an aspect of its own ("4.1 Set-up") has that of the section it belongs to."""
    draft, gathered = Draft(), []
    parents: dict[str, Aspect | None] = {}

    def flush() -> None:
        body = join_displays(IMAGE.sub("", TABLE.sub(write_table, "\n".join(gathered))))
        if body.strip():
            draft.add_text(body)
        gathered.clear()

    for index, line in enumerate(text.split("\n")):
        if index in headings:
            flush()
            title = headings[index]
            number = re.match(r"(\w+)((?:\.\d+)*)[.\s]", title)
            aspect = aspect_of(title) or (parents.get(number[1]) if number and number[2] else None)
            if number and not number[2]:
                parents[number[1]] = aspect
            draft.begin_section(title, aspect)
        else:
            gathered.append(line.rstrip())
    flush()
    return draft


def write_table(match: re.Match[str]) -> str:
    """An HTML table as one line a row, its cells between " | "."""
    rows = re.split(r"</tr>", match[0], flags=re.IGNORECASE)
    cells = [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.split(r"</t[dh]>", row)] for row in rows
    ]
    return "\n".join(" | ".join(cell for cell in row if cell) for row in cells if any(row))


def join_displays(text: str) -> str:
    """Displayed equations belong to the sentence around them, tables to their caption: no blank line parts them."""
    text = re.sub(r"(?m)^(Table[ \t]+\w+[^\n]*)\n\s*\n(?=[^\n]+ \| )", r"\1\n", text)
    text = re.sub(r"\n\s*\n(?=\s*\$\$)", "\n", text)
    return re.sub(r"(\$\$)[ \t]*\n\s*\n(?=[a-z])", r"\1\n", text)
