"""The front matter that other programs put above a text (pandoc, Jekyll, Quarto): its title, authors and abstract."""

import re
from dataclasses import dataclass

from knowledge.readers.dates import date_of
from knowledge.readers.front_matter import LIST_KEYS, TEXT_KEYS, unquote
from knowledge.readers.score_lines import read_line
from knowledge.readers.text import slug

BEGIN = re.compile(r"\s*---[ \t]*\n")
END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
KEY = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|)$")
AUTHORS = ("author", "authors")
LONGEST = 20_000
"""Characters of the longest front matter."""
KINDS = re.compile(
    r"^# *(?:notes|review|response|comment|meta-review|relayed|paper|decision)[ \t]*(?::|$)", re.M | re.I
)
"""The headings of a submission file."""


@dataclass(frozen=True)
class ForeignMatter:
    """What is said above a text: `body` is the text below it, `lines` how many lines stand before that."""

    title: str
    authors: tuple[str, ...]
    abstract: str
    date: str | None
    body: str
    lines: int

    def text(self) -> str:
        """The text as a paper writes it: title, authors and abstract first, its own lines where they were."""
        headings = {slug(line) for line in self.body.split("\n") if line.startswith("#")}
        head = [f"# {self.title}"] if self.title and slug(self.title) not in headings else []
        head += [", ".join(self.authors)] if self.authors else []
        if self.abstract and "abstract" not in headings:
            head += ["# Abstract", *self.abstract.split("\n")]
        above = "\n\n".join(head)
        padding = "\n" * max(self.lines - above.count("\n"), 2)
        return f"{above}{padding}{self.body}" if head else "\n" * self.lines + self.body


def is_own(text: str) -> bool:
    """Whether the front matter of a text is that of a submission file: it has an id, or nothing that such a file does not
    know above the headings of one, so that what is missing can be named."""
    entries, body = split(text)
    own = entries.keys() <= {*TEXT_KEYS, *LIST_KEYS}
    return "id" in entries or (bool(entries) and own and bool(KINDS.search(body)))


def read_foreign(text: str) -> ForeignMatter | None:
    """What the front matter of another program says; None where there is none, or where it holds scores, which are words
    of a review between two rules."""
    entries, body = split(text)
    scored = any(read_line(f"{key}: {lines[0]}", spoken=False) for key, lines in entries.items())
    if scored or not entries.keys() & {"title", *AUTHORS}:
        return None
    title = " ".join(scalar(entries.get("title", [])).split())
    if subtitle := " ".join(scalar(entries.get("subtitle", [])).split()):
        title = f"{title}: {subtitle}" if title else subtitle
    authors = next((names for key in AUTHORS if (names := read_names(entries.get(key, [])))), ())
    lines = text[: len(text) - len(body)].count("\n")
    return ForeignMatter(
        title, authors, scalar(entries.get("abstract", [])), date_of(scalar(entries.get("date", []))), body, lines
    )


def split(text: str) -> tuple[dict[str, list[str]], str]:
    """The lines of each key of the front matter, its own first, and the text below; nothing where a line is no key, no
    list and no continuation."""
    begin = BEGIN.match(text)
    end = END.search(text, begin.end(), begin.end() + LONGEST) if begin else None
    if begin is None or end is None:
        return {}, text
    entries: dict[str, list[str]] = {}
    key = ""
    for line in text[begin.end() : end.start()].split("\n"):
        match = KEY.match(line)
        if match:
            key = " ".join(match[1].casefold().split())
            entries[key] = [(match[2] or "").strip()]
        elif key and (not line.strip() or line[0].isspace() or line.startswith(("-", "]", "}"))):
            entries[key].append(line)
        elif line.strip() and not line.startswith("#"):
            return {}, text
    return entries, text[end.end() :]


def scalar(lines: list[str]) -> str:
    """The text of a value: quoted, folded over several lines, or a block below the key."""
    if not lines:
        return ""
    first = "" if re.fullmatch(r"[>|][+-]?\d?", lines[0]) else lines[0]
    text = "\n".join(line.strip() for line in [first, *lines[1:]]).strip()
    return unquote(text)


def read_names(lines: list[str]) -> tuple[str, ...]:
    """Names of authors: one, several in brackets, or a list, maybe with a key `name` and others in each entry."""
    if not lines:
        return ()
    if lines[0].startswith("["):
        entries = "".join(lines).strip(" []").split(",")
    elif lines[0]:
        parts = re.split(r";|\band\b|&", lines[0])
        entries = [name for part in parts for name in (part.split(",") if is_list(part) else [part])]
    else:
        named = [match[1] for line in lines if (match := re.match(r"\s*(?:-\s*)?name\s*:\s*(.+)$", line))]
        entries = named or [match[1] for line in lines if (match := re.match(r"\s*-\s+([^:]+):?\s*$", line))]
    names = (re.sub(r"\s*[\[(<].*$", "", unquote(entry.strip())).strip() for entry in entries)
    return tuple(name for name in names if re.search(r"[^\W\d_]{2}", name))


def is_list(names: str) -> bool:
    """Whether commas part whole names ("Ann Reef, Ben Tide") and not a name's last from its first ("Reef, Ann")."""
    parts = [part.split() for part in names.split(",")]
    return len(parts) > 1 and all(len(part) > 1 for part in parts)
