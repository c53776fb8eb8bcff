"""Checks of what the figures of a sentence are said of, held against the cited passages; each returns why it fails, or None.

That a number stands in a passage is checked in `checks`; here it must go the way it goes there (a gain is no loss), count
what it counts there, and belong to the method, the net, the data and the quantity that it belongs to there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.binding import tied_words
from agent.checks import NAME, NUMBER, PLACE, open_ranges
from agent.cues import content_words
from agent.number_words import NUMBER_WORDS, in_digits
from agent.terms import QUANTITIES, Term
from agent.units import measure_after
from knowledge.types import Passage

OURS = "<ours>"
"""The paper's own method, by whatever name."""
SPEAKER = re.compile(
    r"\b(?:we|ours?|the (?:proposed |presented )?(?:method|approach|paper|authors?|work|technique|submission)|they|their)\b", re.IGNORECASE
)  # fmt: skip
SENTENCES = re.compile(
    r"(?<=[.!?;])(?<!\bal\.)(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bFig\.)(?<!\bSec\.)(?<!\bEq\.)\s+|\n+"
)
_CLAUSES = re.compile(r"[;]|,? (?:while|whereas|but|although|though)\b|, and (?=\w+ \w+ )")
_WAYS = {
    "up": r"gain(?:s|ed|ing)?|improv\w+|increas\w+|rais(?:es?|ed)|rises?|rose|risen|higher|gr[eo]ws?|grown|boost\w*|better|above",
    "down": r"los(?:es?|t|ses|s|ing)|drop\w*|falls?|fell|fallen|decreas\w+|declin\w+|lower(?:s|ed)?|reduc\w+|degrad\w+|worse|below|less",
    "kept": r"leav\w+|keeps?|kept|retain\w*|remain\w*|preserv\w+",
    "removed": r"remov\w+|prunes?|eliminat\w+|discard\w*",
}
_WAY = re.compile("|".join(rf"\b(?P<{way}>{words})\b" for way, words in _WAYS.items()), re.IGNORECASE)
_COMPARES = re.compile(r"(?:higher|better|above|lower|worse|below|less)\b", re.IGNORECASE)
"""What one is to another, which is the opposite to it: "2 points higher than B" is "2 points lower" of B."""
_OPPOSITE = {"up": "down", "down": "up", "kept": "removed", "removed": "kept"}
_ADVERBS = r"(?:about|around|only|just|roughly|nearly|almost|up|an?|the|some|further|additional|another|by|of|to|is|are|was|were|over|at most|at least|even)"
_UP_TO = re.compile(
    rf"(?:(?:[\s-]+\w+){{0,7}}?\s+(?:by|of|to|is|are|was|were|about|around))?(?:\s+{_ADVERBS})*[\s:(~$]*",
    re.IGNORECASE,
)
"""What may stand between the word of a way and its figure: "gain [in accuracy is about] 1.2 %"."""
_BEHIND = re.compile(
    r"\s*(?:(?:percentage )?points?|percent|top-[15]|accuracy|%|pp|of (?:the |its |all )?[\w-]+(?: (?:is|are|was|were))?|(?:is|are|was|were)|\s)*"
    rf"(?:{_WAY.pattern})(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_WAY_ROUND = re.compile(r"\b(?:errors?|perplexity|ppl|WER|latency|losses)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|no|never|without|neither|nor|hardly|cannot)\b|n't\b", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?<![\w.-])(?P<number>\d[\d,]*|{'|'.join(NUMBER_WORDS)})[ -](?:[a-z][a-z-]+ )?(?P<noun>[A-Za-z][\w-]+s)\b(?!-)", re.IGNORECASE
)  # fmt: skip
_OWN_COUNTS = frozenset(
    "reviewers reviews points point concerns questions replies replys responses papers submissions sentences passages runs times others sides weaknesses"
    " strengths merits remarks comments authors ratings scores sections percent things reasons ways cases this has was is its less as".split()
)
"""What the program counts itself, or what no count is of."""
_QUANTITY = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in QUANTITIES.items()}
_REVIEWER = re.compile(r"\b(?:Anon)?Reviewers?[ _]?\w{0,4}\b|\bR\d\b")
_NAMED = ("net", "data", "method")
_KINDS = ("quantity", *_NAMED)


@dataclass(frozen=True)
class Figure:
    """A number with its unit, the way it goes, and the terms that it belongs to by their kind."""

    value: float
    written: str
    unit: str
    way: str
    terms: dict[str, frozenset[str]]
    words: frozenset[str]
    clause: str
    sentence: str

    def of(self, kind: str) -> frozenset[str]:
        return self.terms.get(kind, frozenset())


def check_figures(text: str, passages: Sequence[Passage], own: Sequence[str] = ()) -> str | None:
    """Each figure goes the way, and belongs to the names and the quantity, that one like it has in a cited passage."""
    said = figures_in(text, own)
    held = [figure for p in passages for figure in figures_in(p.text, own)]
    for figure in said:
        alike = [one for one in held if one.value == figure.value]
        if not alike:
            continue
        if all(_goes_other_way(figure, one) for one in alike):
            return f"{figure.written} goes the other way in the cited passage"
        fitting = [one for one in alike if not _goes_other_way(figure, one)]
        if all(any(_fits_better(figure, one, other) for other in held) for one in fitting):
            return f"{figure.written} belongs to something else in the cited passage"
    return _swapped(said, held)


def _swapped(said: Sequence[Figure], held: Sequence[Figure]) -> str | None:
    """Why two figures are each what the other one is in a passage, by the words that they belong to, or None."""
    for one, other in combinations(said, 2):
        pairs = [
            (a, b)
            for a in held
            for b in held
            if (a.value, b.value) == (one.value, other.value) and a.value != b.value and a.sentence == b.sentence
            if a.unit == b.unit
        ]
        if pairs and all(_crossed(one, other, a, b) for a, b in pairs):
            return f"{one.written} and {other.written} are swapped in the cited passage"
    return None


def _crossed(one: Figure, other: Figure, first: Figure, second: Figure) -> bool:
    straight = len(one.words & first.words) + len(other.words & second.words)
    return straight < len(one.words & second.words) + len(other.words & first.words)


def check_counts(text: str, passages: Sequence[Passage]) -> str | None:
    """What is counted is counted so in a cited passage, where that counts it at all."""
    held = [pair for p in passages for pair in _counts(p.text)]
    for number, noun in _counts(text):
        others = {n for n, thing in held if thing == noun}
        if others and number not in others:
            return f"another number of {noun}s is in the cited passage"
    return None


def _counts(text: str) -> list[tuple[int, str]]:
    found = []
    for match in _COUNT.finditer(text):
        word, noun = match["number"].lower().replace(",", ""), match["noun"].lower()
        if noun not in _OWN_COUNTS:
            found.append((NUMBER_WORDS.get(word) or int(word), noun.removesuffix("s")))
    return found


def figures_in(text: str, own: Sequence[str] = ()) -> list[Figure]:
    """The figures of a text, each with what it is of."""
    found = []
    plain = re.sub(r"(?<=[a-z])-(?=wise\b)", "", text.replace("**", ""))  # "layer-wise" is one word
    for sentence in SENTENCES.split(open_ranges(in_digits(plain))):
        start = 0
        for clause in _CLAUSES.split(sentence):
            start = sentence.find(clause, start)
            found += _figures_of(clause, sentence, own)
    return found


def _figures_of(clause: str, sentence: str, own: Sequence[str]) -> list[Figure]:
    named = [m.span() for pattern in (NAME, PLACE) for m in pattern.finditer(clause)]
    matches = [m for m in NUMBER.finditer(clause) if not any(start <= m.start() < end for start, end in named)]
    if not matches:
        return []
    found: list[Figure] = []
    alone = len(matches) == 1
    lead = "" if alone or _bracketed(clause, matches[0]) else clause[: matches[0].start()]
    before: dict[str, frozenset[str]] = {}
    for place, (match, tied) in enumerate(zip(matches, tied_words(clause, matches), strict=True)):
        words = clause if alone else f"{_bracketed(clause, match)} {tied.words}"
        terms = terms_of(words, own)
        # What the figure before is of holds for this one too, unless it has its own.
        before = terms = {kind: terms[kind] or before.get(kind, frozenset()) for kind in terms}
        names = frozenset(name for kind in _NAMED for name in terms[kind])
        value, unit = abs(float(match.group(1).replace(",", "").replace("−", "-"))), measure_after(clause, match.end(1))
        way, plain = _way(clause, matches, place), _plain_words(f"{lead} {words}") | names
        found.append(Figure(value, match.group().strip(), unit.kind, way, terms, plain, clause, sentence))
    return found


def _bracketed(clause: str, match: re.Match[str]) -> str:
    """What stands before the brackets that a figure is in: of "A (3 % of C, 5 % of D)" the A; "" outside of any."""
    opens = clause.rfind("(", 0, match.start())
    if opens <= clause.rfind(")", 0, match.start()):
        return ""
    return re.split(r"[),;]", clause[:opens])[-1]


def _plain_words(text: str) -> frozenset[str]:
    """The words of a text that are no names, no numbers and say no way."""
    words = content_words(NAME.sub(" ", text))
    return frozenset(w for w in words if not (_WAY.fullmatch(w) or w[0].isdigit()))


def terms_of(words: str, own: Sequence[str]) -> dict[str, frozenset[str]]:
    """The names and quantities of words, by kind; the paper's own names are one method."""
    found: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for name in sorted(own, key=len, reverse=True):
        if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE):
            found["method"].add(OURS)
            words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", words, flags=re.IGNORECASE)
    words = PLACE.sub(" ", _REVIEWER.sub(" ", words))
    if SPEAKER.search(words):
        found["method"].add(OURS)
    for match in NAME.finditer(words):
        key = re.sub(r"[-_]", "", match.group()).lower()
        if not any(p.fullmatch(match.group()) for p in _QUANTITY.values()):
            # "VGG-A" is a net as VGG is.
            found[Term(key).kind or Term(match.group().split("-")[0].lower()).kind or "method"].add(key)
    found["quantity"] = {name for name, pattern in _QUANTITY.items() if pattern.search(words)}
    return {kind: frozenset(names) for kind, names in found.items()}


def _way(clause: str, matches: Sequence[re.Match[str]], place: int) -> str:
    """Whether a figure is of a gain or a loss, kept or removed: by its sign, or the word right at it; "" where open."""
    match = matches[place]
    found = {way} if (way := {"+": "up", "-": "down"}.get(match.group(1)[0].replace("−", "-"), "")) else set()
    before = clause[matches[place - 1].end() if place else 0 : match.start()]
    words = list(_WAY.finditer(before))
    if words and _UP_TO.fullmatch(before[words[-1].end() :]):
        if _NEGATED.search(before[: words[-1].start()][-25:]):
            return ""
        found.add(_of(words[-1], clause))
    stop = matches[place + 1].start() if place + 1 < len(matches) else len(clause)
    behind = _BEHIND.match(clause[match.end(1) : stop])
    if behind:
        found.add(_of(behind, clause))
    return found.pop() if len(found) == 1 else ""


def _of(match: re.Match[str], clause: str) -> str:
    """The way that a word says; "" for one that sets two things beside each other, which says the opposite of the other."""
    way = next(name for name in _WAYS if match[name])
    return "" if _COMPARES.fullmatch(match[way]) and re.search(r"\bthan\b", clause) else way


def _goes_other_way(said: Figure, held: Figure) -> bool:
    """Whether one is said to be gained that the other is lost; where errors fall, accuracy rises."""
    if "factor" in (said.unit, held.unit):
        return False
    turned = bool(_OTHER_WAY_ROUND.search(said.clause)) != bool(_OTHER_WAY_ROUND.search(held.clause))
    return not turned and bool(said.way) and _OPPOSITE[said.way] == held.way


def _fits_better(said: Figure, held: Figure, other: Figure) -> bool:
    """Whether what a figure is said of is what `other` is of, and not what `held`, the figure of that value, is of."""
    if other.value == held.value or (other.unit and held.unit and other.unit != held.unit):
        return False
    for kind in _KINDS:
        mine, its, theirs = said.of(kind), held.of(kind), other.of(kind)
        if its and mine & (theirs - its) and not mine & its:
            return True
    its, theirs = held.words - other.words, other.words - held.words
    return other.sentence == held.sentence and bool(its and said.words & theirs and not said.words & its)
