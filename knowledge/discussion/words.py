"""Sentences, terms and places in the text of a discussion: what points and replies are compared by."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from knowledge.lexical import STOP_WORDS

SENTENCE_END = re.compile(r"\n+|(?<=[.!?])[\"'”’)\]*]*\s+(?=[A-Z0-9\"'“‘(\[$\\*_→>-])|(?<=[a-z)]\?)[ ]+(?=[a-z])")
ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|cf|vs|al|Figs?|Eqs?|Secs?|Tabs?|Refs?|Thms?|resp|approx|w\.r\.t|Dr|pp?|No|[A-Z])\.$"
)
UNFINISHED = re.compile(r"(?:,|\b(?:of|the|a|an|and|or|by|in|to|with|for|is|are|that|on))$", re.IGNORECASE)
LISTED = re.compile(
    r"\W*(?:[QWA]?\d{1,2}[a-h]?[.):]|[a-h][.)]|[QA]:|pp?\.?\s?\d|(?:page|line|figure?|table|section)\b)", re.IGNORECASE
)
NUMBERING = re.compile(r"(?:^|\s)\(?\[?[QWA]?\d{1,2}[a-h]?[.)\]:]+\s*$")
NUMBERED_PLACE = re.compile(
    r"\b(?:figures?|figs?|tables?|tabs?|sections?|secs?|sect|equations?|eqs?n?|theorems?|appendix|algorithms?|lemmas?|lines?|pages?)[.~]?\s*\(?[A-Z]?\.?\d{1,2}[.)]+\s*$",
    re.IGNORECASE,
)
"""A sentence that ends with the number of a place, which is no number of a list: "... in Table 4."."""
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\d*|\d+(?:\.\d+)?|\\[a-z]+")
ENDING = re.compile(
    r"(?:isations?|izations?|ations?|ements?|ments?|ings?|ised|ized|ises?|izes?|ions?|ness|ity|ive|ers?|ed|es|ly|al|s|e)$"
)
PLACE = re.compile(
    r"\b(figures?|figs?|tables?|tabs?|sections?|secs?|equations?|eqs?n?|theorems?|thms?|algorithms?|alg|algos?|appendix|app"
    r"|lemmas?|props?|propositions?|corollary|definition|def|assumptions?|remark|lines?|pages?|pp?)"
    r"[.~]?\s*\(?([A-Z]?\.?\d+(?:\.\d+)*[a-h]?|[A-H]\b)",
    re.IGNORECASE,
)  # fmt: skip
SPEECH = frozenset(
    """author authors paper work reviewer reviewers review comment comments question questions concern concerns point
    points suggestion suggestions thank thanks please think believe feel see like make makes made use used using also
    however would could may might seem seems good better well need needs want many much one two first second third
    finally etc e.g i.e new version revised revision manuscript submission response answer reply regarding including
    include added add provide provided show shown discuss discussed mention mentioned clarify clarified""".split()
)  # fmt: skip


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The half-open offsets of the sentences in `text[start:end]`, without outer space; a line ends one too."""
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in SENTENCE_END.finditer(text, start, stop):
        head = text[begin : match.start()]
        if match[0] == "\n" and is_wrapped(text, match.start(), stop):
            continue
        listed = NUMBERING.search(head[-9:]) and not NUMBERED_PLACE.search(head[-24:])
        if "\n" not in match[0] and (ABBREVIATION.search(head[-10:]) or listed or len(head) < 4):
            continue
        closing = len(match[0]) - len(match[0].lstrip("\"'”’)]*"))
        spans.append((begin, match.start() + closing))
        begin = match.end()
    spans.append((begin, stop))
    trimmed = ((a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in spans)
    return [(a, b) for a, b in trimmed if b > a and any(sign.isalnum() for sign in text[a:b])]


def is_wrapped(text: str, newline: int, stop: int) -> bool:
    """Whether a line goes on after a newline that only keeps it short."""
    line = text[text.rfind("\n", 0, newline) + 1 : newline].rstrip()
    following = text[newline + 1 : min(stop, newline + 120)].partition("\n")[0].strip()
    if not following or not line or line[-1] in ".!?:;|" or following[0] in "-*+•>|#→":
        return False
    if UNFINISHED.search(line) or (following[0].islower() and not LISTED.match(following)):
        return True
    return 50 <= len(line) <= 90 and len(following) <= 90 and not LISTED.match(following) and "?" not in line[-3:]


def words_at(text: str, start: int = 0, end: int | None = None) -> list[tuple[str, int, int]]:
    """Every word and number with its offsets, lower-cased, markup and punctuation apart."""
    stop = len(text) if end is None else end
    return [
        (match[0].casefold().replace("’", "'"), match.start(), match.end())
        for match in WORD.finditer(text, start, stop)
    ]


def stem(word: str) -> str:
    """A word without its English ending; what is left has at least three letters."""
    bare = ENDING.sub("", word, count=1)
    return bare if len(bare) >= 3 else word


def terms(text: str) -> frozenset[str]:
    """The words that carry what a text is about, stemmed, and the places it names ("figure 7" is "fig:7")."""
    found = {
        stem(part)
        for word, _, _ in words_at(text)
        for part in ({word, word.replace("-", "")} | set(word.split("-")))
        if len(part) > 1 and part not in STOP_WORDS and part not in SPEECH and not part.isdigit()
    }
    return frozenset(found | places(text))


def places(text: str) -> set[str]:
    """The figures, tables, sections and equations that a text names, in one form."""
    return {f"{match[1].casefold()[:3].replace('thm', 'the')}:{match[2].casefold()}" for match in PLACE.finditer(text)}


@dataclass(frozen=True)
class Rarity:
    """How much a term tells among the texts of one discussion: its inverse document frequency."""

    weights: dict[str, float]
    unseen: float

    @classmethod
    def among(cls, texts: Iterable[frozenset[str]]) -> "Rarity":
        """Weights ln(1 + n / count) of the terms of `n` texts (Robertson and Sparck Jones, 1976, without relevance)."""
        counts: dict[str, int] = {}
        total = 0
        for own in texts:
            total += 1
            for term in own:
                counts[term] = counts.get(term, 0) + 1
        return cls({term: log(1 + total / count) for term, count in counts.items()}, log(1 + total))

    def weight(self, own: Iterable[str]) -> float:
        return sum(self.weights.get(term, self.unseen) for term in own)

    def shared(self, left: frozenset[str], right: frozenset[str]) -> float:
        """The weight of the terms in common over that of the lighter side, from 0 to 1."""
        common, least = self.weight(left & right), min(self.weight(left), self.weight(right))
        return common / least if least else 0.0

    def rarest(self, own: Iterable[str], most: int = 6) -> tuple[str, ...]:
        """The terms that tell most, the rarest first."""
        return tuple(sorted(own, key=lambda term: (-self.weights.get(term, self.unseen), term))[:most])


def common_runs(left: Sequence[str], right: Sequence[str], least: int) -> list[tuple[int, int, int]]:
    """Runs of at least `least` words that stand in both: (start in left, start in right, length), longest at each
    place of `left`, not overlapping there. Cost: about linear in the words, as runs are found by their first ones."""
    starts: dict[tuple[str, ...], list[int]] = {}
    for index in range(len(right) - least + 1):
        starts.setdefault(tuple(right[index : index + least]), []).append(index)
    runs, index = [], 0
    while index <= len(left) - least:
        best = (0, 0)
        for other in starts.get(tuple(left[index : index + least]), ()):
            length = least
            while (
                index + length < len(left)
                and other + length < len(right)
                and left[index + length] == right[other + length]
            ):
                length += 1
            best = max(best, (length, -other))
        if best[0]:
            runs.append((index, -best[1], best[0]))
        index += best[0] or 1
    return runs
