"""The figures that passages hold, each with what it belongs to: of a table by row and column, of prose by the words around. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.binding import tied_words
from agent.mended_tables import mended
from agent.quoting import sentences_of
from agent.terms import Term, acronyms_in, holds, names_in, terms_in
from knowledge.tables import CAPTION, NUMERIC, Cell, Table, read_table
from knowledge.types import Passage

_VALUE = re.compile(
    r"(?<![\w.:/#])(?<![A-Za-z]-)(?P<sign>(?<!\d)[-−+](?=\d))?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d]*[:/]\d)(?!\w*[A-Za-z]\w*\d)"
    r"(?P<unit>\s?(?:\\?%|x\b|×|[- ]fold\b|[KMG]?B\b|[MG]\b|ms\b)|\s(?:points?|minutes|hours|times|million|billion)\b)?"
)
_PLACE = re.compile(
    r"\b(?:sec(?:tions?|s?\.)|tables?|figs?\.|figures?|eqs?\.|equations?|appendix|step|stage|remark|proposition|theorem|lemma|corollary|algorithm|definition|reviewer|anonreviewer|page|pp?\.)\s*$",
    re.IGNORECASE,
)
_ALONE_IN_FORMULA = re.compile(r"\s?(?:\\?%)?\s?\$")
_PART_NUMBER = re.compile(
    r"\b(?:[RG]TX|Titan|Tesla|Quadro|GeForce|Radeon|Instinct|Xeon|Core|Ryzen|EPYC|Cortex|Snapdragon|Kirin|Exynos|Pixel|iPhone|Galaxy|Raspberry Pi|Jetson|Mali|Adreno|Hexagon|Nvidia|NVIDIA|CUDA|cuDNN|PyTorch|TensorFlow|Python|Ubuntu)(?: [A-Z]\w*)? ?$"
)
"""What a bare number behind it names, and does not count: a chip, a phone, a version."""
_ARXIV = re.compile(r"\d{4}\.\d{4,5}")
"""The number of a paper at arXiv."""
_HEADING = re.compile(r"\.?\s+[A-Z]")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|of|et al\.,?|[A-Z][a-z]+(?: and [A-Z][a-z]+)?,?|[A-Z]{2,}\w*|(?:Jan|Febr)uary|March|April|May|June|July|August|\w+ber)|\()\s*$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLAUSE = re.compile(r"[;:]\s|,\s(?:and|while|whereas|but)\s|\bwhile\s|\bwhereas\s|\s\(|\)\s?")
_IN_UNITS = re.compile(
    r"\s(%|ms|MB|GB)$|\bin (%|ms|MB|GB|seconds|minutes|hours|points)|\((%|ms|MB|GB|s|min|h)\)|^(minutes|seconds|hours|milliseconds|words per second|images per second) ",
    re.IGNORECASE,
)
BESIDE = 400
"""A caption stands at most so many characters before or after its table."""


@dataclass(frozen=True)
class Figure:
    """A number as its source writes it, with the words that it belongs to and the passage.

    `bound` says of what it is; `around` what stands with it: the caption and section of a table, or the sentence.
    """

    written: str
    value: float
    bound: str
    around: str
    passage: Passage
    sentence: str = ""
    at: int = 0
    """Where it stands in its sentence."""
    cell: Cell | None = None
    table: Table | None = None
    caption: Passage | None = None
    inherits: tuple[Term, ...] = ()
    """What it has from the numbers before it in its sentence, where its own words name none: the quantities of the one of
    its unit, and the subject of the one before it where nothing but a comma is between."""

    elsewhere: tuple[Term, ...] = ()
    """What its sentence tells of other numbers alone, "B" of "3 for A and 5 for B"."""

    @cached_property
    def own(self) -> tuple[Term, ...]:
        """The terms of what it belongs to."""
        return (*terms_in(self.bound), *acronyms_in(self.bound), *self._keyed)

    @property
    def _keyed(self) -> tuple[Term, ...]:
        """The settings of labels that name a number by its head, "Bits 3", "GPUs in total 8"."""
        labels = [] if self.cell is None else [*self.cell.row.split(", "), *self.cell.column.split(", ")]
        found = []
        for label in labels:
            terms = terms_in(label)
            bare = [t for t in terms if t.value is not None and not t.key]
            if len(bare) == 1:
                found += [Term(t.key, bare[0].value) for t in terms if t.value is None and not t.key.startswith("<")]
        return tuple(found)

    @cached_property
    def others(self) -> tuple[Term, ...]:
        """The terms of the other cells of its row: they tell rows apart."""
        if self.cell is None:
            return ()
        found: list[Term] = []
        for head, text in self.cell.others:
            for term in terms_in(text):
                nouns = [t.key for t in terms_in(head) if t.value is None]
                found += [Term(noun, term.value) for noun in nouns if term.value is not None and not term.key] or [term]
        return tuple(found)

    @cached_property
    def clause(self) -> tuple[Term, ...]:
        """The terms of the part of its sentence that it stands in; of a table none."""
        if not self.sentence:
            return ()
        place = self.at
        ends = [match.end() for match in _CLAUSE.finditer(self.sentence)]
        start = max((end for end in ends if end <= place), default=0)
        stop = min((end for end in ends if end > place), default=len(self.sentence))
        return terms_in(self.sentence[start:stop])

    @cached_property
    def wider(self) -> tuple[Term, ...]:
        """The terms of what stands with it."""
        return terms_in(self.around)

    @cached_property
    def measures(self) -> tuple[Term, ...]:
        """The quantities that it is of: by its own words, else by the number before it, or by its caption."""
        own = tuple(t for t in self.own if t.key.startswith("<"))
        if own or self.cell is None:
            return own or tuple(t for t in self.inherits if t.key.startswith("<"))
        return tuple(t for t in self.wider if t.key.startswith("<"))

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What bears it: its passage, and the caption where that stands apart."""
        return (self.passage, *([self.caption] if self.caption is not None else []))

    @property
    def unit(self) -> str:
        """The unit that is written with it, or that its head or caption gives for all."""
        match = re.search(r"[A-Za-z%×]+$", self.written) or re.match(r"[-−+\d.,]+\s?([A-Za-z%×]+) \(", self.written)
        if match:
            return match.group(1) if match.lastindex else match.group()
        if self.cell is None or self.table is None:
            return ""
        given = _IN_UNITS.search(self.cell.column)
        if given is None and len(_IN_UNITS.findall(self.table.caption)) == 1:
            given = _IN_UNITS.search(self.table.caption)
        return (
            next((g for g in given.groups() if g), "").lower().replace("mb", "MB").replace("gb", "GB") if given else ""
        )


def figures_in(passages: Sequence[Passage]) -> list[Figure]:
    """All figures of the passages, in their order."""
    found: list[Figure] = []
    for passage in passages:
        caption = caption_of(passage, passages)
        table = read_table(passage, caption.text if caption else "")
        if table is not None:
            table = mended(table)
            found += _of_table(table, passage, caption)
        if passage.role != "table":
            found += _of_prose(passage, table)
    return found


def caption_of(passage: Passage, passages: Sequence[Passage]) -> Passage | None:
    """The caption that stands beside a table as a passage of its own."""
    near = [
        p
        for p in passages
        if p is not passage
        and p.locator.document == passage.locator.document
        and CAPTION.match(p.text)
        and "\n" not in p.text.strip()
        and abs(p.locator.start - passage.locator.start) < BESIDE + len(passage.text)
        and min(abs(p.locator.end - passage.locator.start), abs(p.locator.start - passage.locator.end)) < BESIDE
    ]
    if CAPTION.search(passage.text) or not near:
        return None
    return min(near, key=lambda p: abs(p.locator.end - passage.locator.start))


def _of_table(table: Table, passage: Passage, caption: Passage | None) -> list[Figure]:
    where = f"Table {table.number}" if table.number else ""
    around = ". ".join(part for part in (where, table.caption, passage.locator.section or "") if part)
    found = []
    for cell in table.cells:
        match = _VALUE.match(cell.text)
        if match and NUMERIC.match(cell.text):
            bound = f"{cell.row}; {cell.column}"
            found.append(Figure(cell.text, number(match), bound, around, passage, "", 0, cell, table, caption))
    return found


def number(match: re.Match[str]) -> float:
    """The value of a matched number, with its sign."""
    value = float(match["digits"].replace(",", ""))
    return -value if match["sign"] in ("-", "−") else value


def _of_prose(passage: Passage, table: Table | None) -> list[Figure]:
    text = passage.text
    if table is not None:
        rows = {cell.row for cell in table.cells}
        text = "\n\n".join(line for line in text.splitlines() if not any(line.strip().startswith(row) for row in rows))
    where = " ".join(part for part in (passage.where, passage.locator.section) if part)
    found = []
    for sentence in sentences_of(text):
        if CAPTION.match(sentence):
            continue
        names = names_in(sentence)
        matches = [
            m
            for m in _VALUE.finditer(sentence)
            if not _is_place(sentence, m) and not any(start <= m.start("digits") < end for start, end in names)
        ]
        found += _of_sentence(sentence, matches, passage, f"{sentence} {where}")
    return found


MOST_TOLD_APART = 40
"""Numbers of a sentence up to which each is told apart from what is told of the others."""


def _of_sentence(sentence: str, matches: Sequence[re.Match[str]], passage: Passage, around: str) -> list[Figure]:
    """The figures of one sentence, with what each has from those before it and what is told of others alone."""
    found: list[Figure] = []
    last: dict[str, tuple[Term, ...]] = {}
    subject: tuple[Term, ...] = ()
    unit_before = ""
    all_tied = tied_words(sentence, matches)
    names = [_plain(terms_in(tied.name)) for tied in all_tied]
    for place, (match, tied) in enumerate(zip(matches, all_tied, strict=True)):
        unit = (match["unit"] or "").strip()
        # "65 minutes, against 124 for B": a bare number that is told whose it is counts what the one before it does.
        bare = bool(tied.name) and not unit and unit not in last
        inherits = last.get(unit_before if bare else unit, ())
        own = terms_in(tied.words)
        if not sentence[match.end() :].startswith("-"):  # the number of "4-bit" counts nothing
            unit_before = unit or unit_before
            last[unit] = tuple(t for t in own if t.key.startswith("<")) or inherits
        led = bool(terms_in(tied.lead))
        subject = subject if place and not led else _plain(own)
        inherits += subject if place and not led and not tied.name else ()
        others = (terms for n, terms in enumerate(names) if n != place) if len(matches) <= MOST_TOLD_APART else ()
        elsewhere = tuple(t for terms in others for t in terms if not holds(own, t))
        written = match.group().strip()
        at = match.end() - len(match.group().lstrip())
        found.append(
            Figure(
                written,
                number(match),
                tied.words,
                around,
                passage,
                sentence,
                at,
                inherits=inherits,
                elsewhere=elsewhere,
            )
        )
    return found


def _plain(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms that are no quantities."""
    return tuple(t for t in terms if not t.key.startswith("<"))


def _is_place(sentence: str, match: re.Match[str]) -> bool:
    """Whether a number counts a section, a table or a reviewer, or is a year or a reference, and no figure."""
    before = sentence[: match.start()]
    after = sentence[match.end() :]
    if before.count("$") % 2 and not (before.endswith("$") and _ALONE_IN_FORMULA.match(after)):
        return True  # a number of a formula
    if _ARXIV.fullmatch(match["digits"]):
        return True
    if _PART_NUMBER.search(before) and not match["unit"] and "." not in match["digits"]:
        return True  # "RTX 3090"
    if not before.strip(" #*(") and (after.startswith(")") or (_HEADING.match(after) and "." in match["digits"])):
        return True  # a heading, or an item of a list
    if re.match(r"[DdTt](?:\b|-)", after):
        return True  # "2D"
    if re.search(r"\[\s*$", before) and sentence[match.end() :].lstrip()[:1] in "],":
        return True
    if _YEAR.fullmatch(match["digits"]) and not match["unit"] and _BEFORE_YEAR.search(before):
        return True
    return _PLACE.search(before) is not None and not match["unit"]
