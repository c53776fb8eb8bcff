"""The list of references of a LaTeX source: `thebibliography`, the .bbl file of a run, or the .bib data base."""

import re
from collections.abc import Iterable
from typing import Any

from knowledge.readers.latex.parsing import parse
from knowledge.readers.latex.text import Marks, arguments, inline, inner, is_a, plain

ENTRY = re.compile(r"@(?P<type>[A-Za-z]{1,30})\s{0,20}[{(]\s{0,20}(?P<key>[^,\s{}()@]{1,200})\s{0,20},")
FIELD = re.compile(r"[\s,]{0,50}(?P<name>[A-Za-z][\w-]{0,40})\s{0,20}=\s{0,20}")
LONGEST = 20_000
"""Characters of the longest value of a field."""
VENUES = ("journal", "journaltitle", "booktitle", "howpublished", "publisher", "school", "institution", "archiveprefix")
NATBIB = re.compile(r"(?P<who>[^()]{1,200}?)\s*\((?P<year>[^()]{1,20})\)")


def read_bibitems(nodes: list[Any], marks: Marks) -> list[tuple[str, str, str]]:
    """(key, label, text) of each `\\bibitem`; the label is its number, or what natbib cites it by."""
    found: list[tuple[str, str, list[Any]]] = []
    for node in nodes:
        if is_a(node, "Macro") and node.macroname == "bibitem":
            given = arguments(node)
            label = inline(inner(given[0]), Marks()) if given and given[0] is not None else ""
            named = NATBIB.match(label)
            label = f"{named['who'].strip()} ({named['year']})" if named else label
            found.append((plain(given[-1]) if given else "", label or str(len(found) + 1), []))
        elif found:
            found[-1][2].append(node)
    entries = [(key, label, inline(body, marks)) for key, label, body in found]
    return [(key, label, re.sub(r"\s*\u00b6\s*", " ", text)) for key, label, text in entries if text]


def read_bib(text: str) -> dict[str, dict[str, str]]:
    """The entries of a .bib file by key, their fields as LaTeX. Cost: linear."""
    entries: dict[str, dict[str, str]] = {}
    position = 0
    while match := ENTRY.search(text, position):
        position = match.end()
        if match["type"].casefold() in ("string", "comment", "preamble"):
            continue
        fields: dict[str, str] = {}
        while field := FIELD.match(text, position):
            value, position = read_value(text, field.end())
            fields.setdefault(field["name"].casefold(), value)
        entries.setdefault(match["key"], fields)
    return entries


def read_value(text: str, start: int) -> tuple[str, int]:
    """The value of a field, in braces, in quotation marks or bare, and where it ends."""
    stretch = text[start : start + LONGEST]
    if not stretch or stretch[0] not in '{"':
        bare = re.match(r"[^,{}\s]{0,200}", stretch)
        return (bare[0] if bare else ""), start + (bare.end() if bare else 0)
    depth = 0
    for match in re.finditer(r'\\[\s\S]|[{}"]', stretch):
        depth += (match[0] == "{") - (match[0] == "}")
        closes = match[0] == "}" if stretch[0] == "{" else match[0] == '"' and match.start() > 0
        if closes and depth <= 0:
            return stretch[1 : match.start()], start + match.end()
    return "", start + len(stretch)


class Bibliography:
    """The entries of .bib files, each written when it is first asked for."""

    def __init__(self, entries: dict[str, dict[str, str]]) -> None:
        self._entries = entries
        self._texts: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def list(self, keys: Iterable[str]) -> list[tuple[str, str, str]]:
        """(key, label, text) of each of these that there is."""
        known = [key for key in keys if key in self._entries]
        self._texts |= {key: entry_text(self._entries[key]) for key in known if key not in self._texts}
        return [(key, key, self._texts[key]) for key in known]


def entry_text(fields: dict[str, str]) -> str:
    """An entry in one line: authors, title, where, year."""
    year = fields.get("year") or fields.get("date", "")[:4]
    venue = next((fields[name] for name in VENUES if fields.get(name)), "")
    authors = re.sub(r"\s+and\s+", ", ", fields.get("author") or fields.get("editor", ""))
    parts = [latex_words(part) for part in (authors, fields.get("title", ""), venue, year)]
    return ". ".join(part.rstrip(".") for part in parts if part)


def latex_words(source: str) -> str:
    nodes = parse(source)
    return inline(nodes, Marks()) if nodes is not None else " ".join(re.sub(r"[\\{}]", "", source).split())
