"""The body of a LaTeX document, block by block, into a draft."""

import re
from collections.abc import Sequence
from typing import Any

from knowledge.aspects import aspect_of
from knowledge.readers.deadline import Deadline
from knowledge.readers.draft import Draft
from knowledge.readers.latex.floats import (
    FLOATS,
    SILENT,
    Float,
    code_lines,
    gather,
    holds_blocks,
    split_captions,
    without_captions,
    write_group,
)
from knowledge.readers.latex.numbering import Numbering
from knowledge.readers.latex.parsing import LARGEST, parse, split_stretch
from knowledge.readers.latex.references import Bibliography, latex_words, read_bibitems
from knowledge.readers.latex.tables import rows_of
from knowledge.readers.latex.text import (
    LAST,
    MATH,
    TABULARS,
    Marks,
    arguments,
    display,
    inline,
    inner,
    is_a,
    math_body,
    pieces,
    plain,
    take_note,
    tidy,
)
from knowledge.readers.latex.unseen import BOXES
from knowledge.types import Aspect

LEVELS = {"part": 0, "chapter": 0, "section": 1, "subsection": 2, "subsubsection": 3}
HEADING = re.compile(
    r"\\(?P<level>part|chapter|section|subsection|subsubsection)(?![A-Za-z@])(?P<star>\*?)[ \t]*(?:\[[^\]]{0,300}\])?\s{0,20}\{"
    r"|\\(?P<appendix>appendix)(?![A-Za-z])|\\begin[ \t]*\{(?P<appendices>appendices|appendix)\}"
)
LISTS = ("itemize enumerate description compactitem compactenum inparaenum list asparaenum itemize* enumerate*").split()
THEOREMS = {"theorem": "Theorem", "thm": "Theorem", "lemma": "Lemma", "lem": "Lemma", "proposition": "Proposition", "prop": "Proposition",
            "corollary": "Corollary", "cor": "Corollary", "definition": "Definition", "defn": "Definition", "remark": "Remark", "rem": "Remark",
            "conjecture": "Conjecture", "assumption": "Assumption", "claim": "Claim", "example": "Example"}  # fmt: skip
NAMED = {
    "abstract": "Abstract",
    "acks": "Acknowledgments",
    "ack": "Acknowledgments",
    "acknowledgments": "Acknowledgments",
    "acknowledgements": "Acknowledgments",
    "keywords": "Keywords",
}
SKIPPED = (
    "title author icmltitle icmlauthor icmlaffiliation icmlcorrespondingauthor date maketitle email affiliation institution "
    "icmltitlerunning titlenote authornote"
).split()
TAKING = ("label", "paragraph", "subparagraph", "caption", "captionof", "abstract", "keywords")
"""Macros that mean nothing without what they take, as at the end of a file."""


class Writer:
    """Writes a body into `draft`; `unread` are stretches that could not be parsed: (where, why).

    `parsed` keeps the nodes of each stretch, so that a second writing need not parse again.
    """

    def __init__(
        self,
        marks: Marks,
        theorems: dict[str, str],
        bib: Bibliography,
        parsed: dict[str, list[Any] | None],
        file: str,
        deadline: Deadline,
    ) -> None:
        self.draft, self.marks, self.unread = Draft(), marks, list[tuple[str, str]]()
        self._theorems, self._bib, self._file, self._deadline = THEOREMS | theorems, bib, file, deadline
        self._numbering = Numbering()
        self._parents: dict[int, Aspect | None] = {}
        self._buffer: list[str] = []
        self._floats: list[tuple[str, str]] = []
        self._listed = False
        self._section = ""
        self._parsed = parsed

    def write(self, body: str) -> None:
        """The whole body, section by section, then the references where none stand in it."""
        position = 0
        while True:
            match = HEADING.search(body, position)
            self._write_stretch(body[position : match.start() if match else len(body)])
            if not match:
                break
            position = self._heading(body, match)
        if not self._listed and self._bib:
            self._references(self._bib.list(self.marks.cited))

    def _heading(self, body: str, match: re.Match[str]) -> int:
        """Begin a section or the appendix; where the body goes on."""
        if not match["level"]:
            self._numbering.begin_appendix()
            return match.end()
        depth, end = 1, min(len(body), match.end() + 1000)
        for brace in re.finditer(r"\\[\s\S]|[{}]", body[match.end() : match.end() + 1000]):
            depth += (brace[0] == "{") - (brace[0] == "}")
            if depth == 0:
                end = match.end() + brace.start()
                break
        self._deadline.check(self._file, self._section)
        nodes = self._parse(body[match.end() : end])
        title = inline(nodes, self.marks) if nodes is not None else latex_words(body[match.end() : end])
        level = LEVELS[match["level"]]
        number = self._numbering.section(level, title, bool(match["star"]))
        aspect = aspect_of(title) or (self._parents.get(level - 1) if level > 1 else None)
        self._parents[level] = aspect
        name = " ".join(part for part in (number, title) if part)
        if name:
            self.draft.begin_section(name, aspect)
            self._section = name
        return end + 1

    def _write_stretch(self, source: str) -> None:
        for piece in split_stretch(source):
            self._deadline.check(self._file, self._section)
            nodes = self._parse(piece) if len(piece) < LARGEST else None
            if nodes is None:
                where = f"section '{self._section}'" if self._section else "before the first section"
                self.unread.append((where, "is LaTeX that cannot be parsed; its words are taken as they stand"))
                self.draft.add_text(re.sub(r"\\[A-Za-z@]+\*?|[{}]", " ", piece))
            else:
                self._blocks(nodes)
            self._flush()

    def _parse(self, source: str) -> list[Any] | None:
        if source not in self._parsed:
            self._parsed[source] = parse(source)
        return self._parsed[source]

    def _flush(self) -> None:
        """End the paragraph: write it, then the footnotes and floats that came up in it."""
        text = tidy("".join(self._buffer))
        self._buffer.clear()
        if re.search(r"\w", text):
            self.draft.add_point(text)
        for note in self.marks.footnotes:
            if re.search(r"\w", note):
                self.draft.add_point(f"Footnote: {note}")
        self.marks.footnotes.clear()
        for role, words in self._floats:
            self.draft.add_point(words, role=role)
        self._floats.clear()

    def _blocks(self, nodes: Sequence[Any]) -> None:
        for node in nodes:
            if is_a(node, "Chars"):
                first, *others = re.split(r"\n[ \t]*\n\s*", node.chars)
                self._buffer.append(self.marks.unseen.keep(first))
                for paragraph in others:
                    self._flush()
                    self._buffer.append(self.marks.unseen.keep(f"\n{paragraph}"))
            elif is_a(node, "Environment"):
                with self.marks.unseen.scope(grounded=node.environmentname.rstrip("*") in BOXES):
                    self._environment(node.environmentname, node)
            elif is_a(node, "Macro"):
                self._macro(node)
            elif is_a(node, "Group") and node.delimiters[0] == "{" and holds_blocks(node):
                with self.marks.unseen.scope():
                    self._blocks(node.nodelist)
            else:
                self._buffer += pieces([node], self.marks)

    def _macro(self, node: Any) -> None:
        name, given = node.macroname, arguments(node)
        if name in TAKING and not given:
            return
        if name == "par" or name in SKIPPED:
            self._flush() if name == "par" else None
        elif name == "label":
            self.marks.labels[plain(given[-1])] = self._numbering.target
        elif name in ("paragraph", "subparagraph"):
            self._flush()
            words = inline(inner(given[-1]), self.marks)
            self._buffer.append(f"{words} " if words.endswith((".", ":", "?", "!")) else f"{words}. ")
        elif name in ("caption", "captionof"):
            self._flush()
            kind = plain(given[0]).capitalize() if name == "captionof" else "Caption"
            self._add_float(kind, Float([("caption", inline(inner(given[-1]), self.marks))], []))
        elif name == "abstract":
            self._named("Abstract", inner(given[-1]))
        elif name == "keywords":
            self._flush()
            self._buffer.append(f"Keywords: {inline(inner(given[-1]), self.marks)}")
            self._flush()
        elif name == "bibliography" or name == "printbibliography":
            self._flush()
            self._references([] if self._listed else self._bib.list(self.marks.cited))
        elif name == "KeptVerbatim" and "\n" in (text := "".join(pieces([node], self.marks))):
            self._flush()
            self.draft.add_text(text)
        elif name in LAST and given and given[-1] is not None and holds_blocks(given[-1]):
            self._blocks(inner(given[-1]))
        else:
            self._buffer += pieces([node], self.marks)

    def _environment(self, full: str, node: Any) -> None:
        name = full.rstrip("*")
        if name in NAMED:
            self._named(NAMED[name], node.nodelist)
        elif name in FLOATS:
            found = Float([], [])
            gather(node.nodelist, found, False, self.marks)
            if name in TABULARS:
                found.events.append(("rows", "\n".join(rows_of(without_captions(node.nodelist), self.marks))))
            self._add_float(FLOATS[name], found)
        elif name in TABULARS:
            if rows := "\n".join(rows_of(node.nodelist, self.marks)):
                self._floats.append(("table", rows))
        elif full in LISTS or name in LISTS:
            self._list(name, node)
        elif name in MATH:
            self._equation(full, node)
        elif name in self._theorems or name == "proof":
            self._theorem(name, node)
        elif name == "thebibliography":
            self._flush()
            entries = read_bibitems(node.nodelist, self.marks)
            self.marks.citations.update({key: label for key, label, _ in entries})
            self._references(entries)
        elif name in ("algorithmic", "algorithmicx"):
            self._floats.append(("caption", "\n".join(code_lines(node.nodelist, self.marks))))
        elif name not in SILENT:
            block = name in ("quote", "quotation", "center", "minipage", "tcolorbox", "mdframed")
            self._flush() if block else None
            self._blocks(node.nodelist)
            self._flush() if block else None

    def _named(self, title: str, nodes: Sequence[Any]) -> None:
        """A part with a title of its own, such as the abstract; what follows stands under no heading."""
        self._flush()
        self.draft.begin_section(title, aspect_of(title))
        self._section = title
        self._blocks(nodes)
        self._flush()
        self.draft.end_section()

    def _list(self, name: str, node: Any) -> None:
        """Each item is a point, numbered where LaTeX numbers it."""
        self._flush()
        number = 0
        for child in node.nodelist:
            if is_a(child, "Macro") and child.macroname == "item":
                self._flush()
                number += 1
                label = (
                    inline(inner(arguments(child)[0]), self.marks) if arguments(child) and arguments(child)[0] else ""
                )
                if label:
                    self._buffer.append(f"{label} " if label.endswith(":") else f"{label}: ")
                elif "enum" in name:
                    self._buffer.append(f"{number}. ")
            else:
                self._blocks([child])
        self._flush()

    def _equation(self, full: str, node: Any) -> None:
        body = math_body(node)
        rows = (
            1
            if full.rstrip("*") in ("equation", "multline", "displaymath", "math", "dmath")
            else body.count("\\\\") + 1
        )
        for row in re.split(r"\\\\", body) if rows > 1 else [body]:
            if (
                not full.endswith("*")
                and full not in ("displaymath", "math")
                and not re.search(r"\\(?:nonumber|notag)", row)
            ):
                number = self._numbering.next("Equation")
                for label in re.findall(r"\\label\s{0,9}\{([^{}]{1,200})\}", row):
                    self.marks.labels[label] = ("Equation", str(number))
        self._buffer.append(f" {display(body)} ")

    def _theorem(self, name: str, node: Any) -> None:
        self._flush()
        note, nodes = take_note(node, self.marks)
        note = f" ({note})" if note else ""
        before = self._numbering.target
        if name == "proof":
            self._buffer.append(f"Proof{note}. ")
        else:
            word = self._theorems[name]
            self._numbering.target = (word, str(self._numbering.next(word)))
            self._buffer.append(f"{word} {self._numbering.target[1]}{note}. ")
        self._blocks(nodes)
        self._flush()
        self._numbering.target = before

    def _add_float(self, kind: str, found: Float) -> None:
        """Queue a float for the end of the paragraph: one point for each caption, with the rows that belong to it."""
        for group in split_captions(found):
            caption = next((text for name, text in group if name == "caption"), None)
            number = self._numbering.next(kind) if caption is not None else 0
            head = f"{kind} {number}: {caption}" if caption is not None and kind != "Caption" else caption or ""
            for label in found.labels if number else []:
                self.marks.labels[label] = (kind, str(number))
            if words := write_group(head, group):
                rows = any(name == "rows" and text.strip() for name, text in group)
                self._floats.append(("table" if rows and kind != "Algorithm" else "caption", words))
        if not any(part.strip() for part in self._buffer):
            self._flush()

    def _references(self, entries: list[tuple[str, str, str]]) -> None:
        entries = [entry for entry in entries if entry[2]]
        if not entries:
            return
        self._listed = True
        self.draft.begin_section("References")
        for _, label, text in entries:
            self.draft.add_point(f"[{label}] {text}", role="reference")
        self.draft.end_section()
