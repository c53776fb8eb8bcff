"""The `key: value` lines at the top of a submission file.

Not YAML, though it looks like it: a title may hold a colon ("Deep Compression: Compressing ..."), and nothing
turns into a number, a date or a truth value behind the writer's back.
"""

import csv
import re
from dataclasses import dataclass

from knowledge.errors import UnreadableFile

TEXT_KEYS = ("id", "title", "venue", "decision", "openreview", "record")
LIST_KEYS = ("authors", "short names")
ID = re.compile(r"[^\W_](?:(?:[^\W_]|-){0,78}[^\W_])?")


@dataclass(frozen=True)
class FrontMatter:
    """What is said about the submission as a whole."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    venue: str = ""
    decision: str | None = None
    openreview: str | None = None
    short_names: tuple[str, ...] = ()
    record: str = ""


def read_front_matter(lines: list[str], file: str) -> tuple[FrontMatter, int]:
    """The front matter and the index of the first line after it."""
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[first].rstrip() != "---":
        reason = "no front matter; begin with '---', then 'id: my-paper' and 'title: My Paper', then '---'"
        raise UnreadableFile(file, reason, first + 1)
    last = next((index for index in range(first + 1, len(lines)) if lines[index].rstrip() == "---"), None)
    if last is None:
        raise UnreadableFile(file, "the front matter is not closed; end it with a line '---'", first + 1)
    entries = gather(lines, first + 1, last, file)
    facts = {}
    for key, (value, number) in entries.items():
        facts[key.replace(" ", "_")] = read_list(key, value, number, file) if key in LIST_KEYS else unquote(value)
    for key in ("id", "title"):
        if not facts.get(key):
            raise UnreadableFile(file, f"the front matter has no {key}; add '{key}: ...'", first + 1)
    if not ID.fullmatch(facts["id"]):
        reason = f"'{facts['id']}' is no id; use letters, digits and hyphens, at most 80, such as 'my-paper'"
        raise UnreadableFile(file, reason, entries["id"][1])
    return FrontMatter(**{key: value for key, value in facts.items() if value}), last + 1


def gather(lines: list[str], start: int, end: int, file: str) -> dict[str, tuple[str, int]]:
    """The raw values by key with their line numbers; indented lines continue the value above."""
    entries: dict[str, tuple[str, int]] = {}
    key = ""
    for number, line in enumerate(lines[start:end], start + 1):
        text = re.sub(r"(?:^|\s)#\s.*$", "", line).rstrip()
        if not text.strip():
            continue
        if text[0].isspace() and key:
            value, began = entries[key]
            entries[key] = (f"{value} {text.strip()}".strip(), began)
            continue
        name, colon, value = text.partition(":")
        key = " ".join(name.lower().split())
        if not colon or key not in TEXT_KEYS + LIST_KEYS:
            known = ", ".join(TEXT_KEYS + LIST_KEYS)
            raise UnreadableFile(file, f"'{text.strip()}' is no 'key: value' line with a known key ({known})", number)
        if key in entries:
            raise UnreadableFile(file, f"'{key}' is given twice; keep one", number)
        entries[key] = (value.strip(), number)
    return entries


def read_list(key: str, value: str, number: int, file: str) -> tuple[str, ...]:
    """`[first, second]`; a comma inside an entry needs double quotes around it."""
    if not value:
        return ()
    if not (value.startswith("[") and value.endswith("]")):
        raise UnreadableFile(file, f"write {key} in brackets: '{key}: [first, second]'", number)
    entries = next(csv.reader([value[1:-1]], skipinitialspace=True), [])
    return tuple(entry.strip() for entry in entries if entry.strip())


def unquote(value: str) -> str:
    return value[1:-1].strip() if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
