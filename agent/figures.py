"""The figures that passages hold, each with what it belongs to: of a table by row and column, of prose by the words around. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.mended_tables import mended
from agent.quoting import sentences_of
from agent.terms import Term, acronyms_in, names_in, terms_in
from knowledge.tables import CAPTION, NUMERIC, Cell, Table, read_table
from knowledge.types import Passage

_VALUE = re.compile(
    r"(?<![\w.:/#])(?<![A-Za-z]-)(?P<sign>(?<!\d)[-−+](?=\d))?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d]*[:/]\d)(?!\w*[A-Za-z]\w*\d)"
    r"(?P<unit>\s?(?:%|x\b|×|[- ]fold\b|[KMG]?B\b|[MG]\b|ms\b)|\s(?:points?|minutes|hours|times|million|billion)\b)?"
)
_PLACE = re.compile(
    r"\b(?:sec(?:tions?|s?\.)|tables?|figs?\.|figures?|eqs?\.|equations?|appendix|step|stage|remark|proposition|theorem|lemma|corollary|algorithm|definition|reviewer|anonreviewer|page|pp?\.)\s*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\.?\s+[A-Z]")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|of|et al\.,?|[A-Z][a-z]+(?: and [A-Z][a-z]+)?,?|[A-Z]{2,}\w*|(?:Jan|Febr)uary|March|April|May|June|July|August|\w+ber)|\()\s*$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_AFTER = re.compile(r"^\s*(?:%|points?)?\s*(?:top-1|F1|BLEU|\w+)?\s*\(?(?:for|with|by|on|when|in|at) ", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s(top-[15](?: [a-z]{3,})?)|[-\s](?!and\b|but\b|while\b|against\b|than\b|when\b|for\b)(of (?:the |its |all )?[A-Za-z]{3,}(?: (?!and\b|but\b|while\b|against\b|than\b|when\b|for\b|with\b|are\b|were\b)[A-Za-z]{3,})?|[a-z]{3,}(?: (?!and\b|for\b)[a-z]{3,})?)"
)
"""What a number counts or is a part of: "layers", "of the dense MACs"."""
_IN_A_ROW = re.compile(r"\s*(?:,|,?\s(?:and|or)\b|/|&)\s*")
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_ITEM = r"(?<![\w.-])(?!(?:and|or|the|for|with|of|in|on|at|respectively)\b)[A-Za-z][\w()/.+-]*(?:[ -](?!(?:and|or|are|is|were|was|achieved?|reach\w*|have|has|for|with|of|respectively)\b)[A-Za-z0-9][\w()/.+-]*){0,2}"
_LIST = re.compile(rf"{_ITEM}(?:, {_ITEM})*,? (?:and|or) {_ITEM}")
_ITEMS = re.compile(r",? (?:and|or) |, ")
_LEAST_LISTED = 3
_AT = re.compile(r"\b(?:at|for|with|on|using)\s+(?:the )?$", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]\s|,\s(?:and|while|whereas|but)\s|\bwhile\s|\bwhereas\s|\s\(|\)\s?")
_IN_UNITS = re.compile(
    r"\bin (%|ms|MB|GB|seconds|minutes|hours|points)|\((%|ms|MB|GB|s|min|h)\)|^(minutes|seconds|hours|milliseconds|words per second|images per second) ",
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
    cell: Cell | None = None
    table: Table | None = None
    caption: Passage | None = None
    inherits: tuple[Term, ...] = ()
    """What it has from the numbers before it in its sentence, where its own words name none: the quantities of the one of
    its unit, and the subject of the one before it where nothing but a comma is between."""

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
        place = self.sentence.find(self.written)
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
            found.append(Figure(cell.text, number(match), bound, around, passage, "", cell, table, caption))
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
        items = _listed(sentence, matches)
        last: dict[str, tuple[Term, ...]] = {}
        subject: tuple[Term, ...] = ()
        for place, match in enumerate(matches):
            before = _end_of(sentence, matches[place - 1]) if place else 0
            after = matches[place + 1].start() if place + 1 < len(matches) else len(sentence)
            bound = items.get(place) or _bound(sentence, match, before, after)
            unit = (match["unit"] or "").strip()
            inherits = last.get(unit, ())
            last[unit] = tuple(t for t in terms_in(bound) if t.key.startswith("<")) or inherits
            lead = terms_in(sentence[before : match.start()])
            subject = subject if place and not lead else tuple(t for t in terms_in(bound) if not t.key.startswith("<"))
            inherits += subject if place and not lead else ()
            around = f"{sentence} {where}"
            found.append(
                Figure(match.group().strip(), number(match), bound, around, passage, sentence, inherits=inherits)
            )
    return found


def _listed(sentence: str, matches: Sequence[re.Match[str]]) -> dict[int, str]:
    """What each number of a row of numbers belongs to, where the sentence has a list of as many things for them: "A, B and C
    reach 3, 4 and 5"; of two only where it says "respectively"."""
    found: dict[int, str] = {}
    for run in _runs(sentence, matches):
        if len(run) < _LEAST_LISTED and not _RESPECTIVELY.search(sentence):
            continue
        start, stop = matches[run[0]].start(), matches[run[-1]].end()
        lists = [
            (m, _ITEMS.split(m.group())) for m in _LIST.finditer(sentence) if m.end() <= start or m.start() >= stop
        ]
        fitting = [(m, parts) for m, parts in lists if len(parts) == len(run)]
        if not fitting:
            found |= _at_settings(sentence, matches, run)
            continue
        _, parts = min(fitting, key=lambda one: min(abs(one[0].start() - stop), abs(start - one[0].end())))
        before = matches[run[0] - 1].end() if run[0] else 0
        counted = _COUNTED.match(sentence[stop:])
        lead = sentence[before:start]
        for held in (m.group() for m, _ in fitting):
            lead = lead.replace(held, " ")
        noun = (counted.group(1) or counted.group(2)) if counted else ""
        found |= {place: f"{part}; {lead} {noun}" for place, part in zip(run, parts, strict=True)}
    return found


def _at_settings(sentence: str, matches: Sequence[re.Match[str]], run: Sequence[int]) -> dict[int, str]:
    """Of "27.2, 26.8 and 26.1 at 4, 3 and 2 bits" the setting of each of the first three."""
    later = [other for other in _runs(sentence, matches) if other[0] == run[-1] + 1 and len(other) == len(run)]
    if not later:
        return {}
    between = sentence[matches[run[-1]].end() : matches[later[0][0]].start()]
    if not _AT.search(between):
        return {}
    start = matches[run[0] - 1].end() if run[0] else 0
    counted = _COUNTED.match(sentence[matches[later[0][-1]].end() :])
    noun = (counted.group(1) or counted.group(2)) if counted else ""
    lead = sentence[start : matches[run[0]].start()]
    return {place: f"{matches[at].group().strip()} {noun}; {lead}" for place, at in zip(run, later[0], strict=True)}


def _runs(sentence: str, matches: Sequence[re.Match[str]]) -> list[list[int]]:
    """The numbers that stand in a row, with nothing but commas and "and" between them."""
    runs: list[list[int]] = []
    for place, match in enumerate(matches):
        between = sentence[matches[place - 1].end() : match.start()] if place else "-"
        if place and _IN_A_ROW.fullmatch(between):
            runs[-1].append(place)
        else:
            runs.append([place])
    return [run for run in runs if len(run) > 1]


def _end_of(sentence: str, match: re.Match[str]) -> int:
    """Where a number ends with the noun that it counts, if a comma or the like ends it there."""
    noun = _COUNTED.match(sentence[match.end() :])
    if noun and re.match(r"\s*(?:[,;)]|and\b)", sentence[match.end() + noun.end() :]):
        return match.end() + noun.end()
    return match.end()


def _bound(sentence: str, match: re.Match[str], before: int, after: int) -> str:
    """The words that a number of a sentence belongs to: up to the number before it, and behind it where "for", "with"
    or the like leads on."""
    lead, tail = sentence[before : match.start()], sentence[match.end() : after]
    behind = re.split(r"[,;()]| against | while | and ", tail)[0] if _AFTER.match(tail) else ""
    if behind and re.match(r"^\s*\(?(?:for|with|by|on)\b", tail):
        return f"{behind}; {re.split(r'[;()]', lead)[-1]}"
    noun = _COUNTED.match(tail)
    counted = (noun.group(1) or noun.group(2)) if noun else ""
    return f"{lead} {counted} {' '.join(behind.split()[:6])}"


def _is_place(sentence: str, match: re.Match[str]) -> bool:
    """Whether a number counts a section, a table or a reviewer, or is a year or a reference, and no figure."""
    before = sentence[: match.start()]
    if before.count("$") % 2:
        return True  # a number of a formula
    after = sentence[match.end() :]
    if not before.strip(" #*(") and (after.startswith(")") or (_HEADING.match(after) and "." in match["digits"])):
        return True  # a heading, or an item of a list
    if re.match(r"[DdTt](?:\b|-)", after):
        return True  # "2D"
    if re.search(r"\[\s*$", before) and sentence[match.end() :].lstrip()[:1] in "],":
        return True
    if _YEAR.fullmatch(match["digits"]) and not match["unit"] and _BEFORE_YEAR.search(before):
        return True
    return _PLACE.search(before) is not None and not match["unit"]
