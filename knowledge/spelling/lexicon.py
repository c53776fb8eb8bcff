"""Which words are right, and what a wrong one was probably meant to be.

The general dictionary is that of `pyspellchecker`; `terms.txt` adds the words of the field. A word that is built from
known ones ("unpruned", "quantisers", "bitwidth") is right as well: a new coinage is no slip.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

TERMS = Path(__file__).with_name("terms.txt")
LEAST_FREQUENCY = 400
"""Of a word in the general dictionary, whose own word counts begin at 50: a rarer one is no likely meaning of a slip."""
VERY_FREQUENT = 100_000
LEAST_UNSURE = 5
"""Letters from which on a word is told from its neighbours by more than chance."""
LEAST_PART = 4
PREFIXES = tuple(
    "un non re pre sub super multi over under inter intra hyper meta semi auto de mis co anti counter pseudo quasi micro"
    " macro nano poly mono bi uni trans self cross post ultra infra mid mega giga kilo".split()
)
ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"),
    ("ers", ""), ("ers", "e"), ("est", ""), ("ly", ""), ("ally", ""), ("ily", "y"), ("bly", "ble"), ("ness", ""), ("less", ""),
    ("able", ""), ("able", "e"), ("ability", ""), ("ability", "able"), ("ity", ""), ("ity", "e"), ("wise", ""), ("like", ""),
    ("ize", ""), ("ization", ""), ("izer", ""), ("ify", ""), ("ification", "ify"),
)  # fmt: skip
PARTICLES = ("up", "out", "off", "in", "on", "down", "set", "by", "end", "way")
"""Short words that a compound ends in: "lookup", "subset"."""
BRITISH = (
    (re.compile(r"is(?=(?:e[drs]?|ers|ing|able|ations?|ational)$)"), "iz"),
    (re.compile(r"our(?=[a-z]*$)"), "or"),
    (re.compile(r"ll(?=(?:ed|ing|ers?)$)"), "l"),
    (re.compile(r"ys(?=(?:e[drs]?|ing)$)"), "yz"),
    (re.compile(r"re(?=s?$)"), "er"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"ae|oe"), "e"),
)


class Lexicon:
    """The known words. Loading takes about a second and happens once (see `lexicon`)."""

    def __init__(self) -> None:
        from spellchecker import SpellChecker

        self._checker = SpellChecker(language="en", distance=1)
        self._terms = frozenset(
            word for line in TERMS.read_text("utf-8").splitlines() if not line.startswith("#") for word in line.split()
        )

    def stands(self, word: str) -> bool:
        """Whether a word stands in the dictionary or among our terms as it is; lower case."""
        return word in self._terms or word in self._checker.word_frequency.dictionary

    def plain(self, word: str) -> bool:
        """Whether a word stands in the general dictionary and is none of the field's; lower case."""
        return word in self._checker.word_frequency.dictionary and word not in self._terms

    def knows(self, word: str, own: Iterable[str] = ()) -> bool:
        """Whether a word is right: it stands so, is another spelling of one that does, or is built from such; lower case.

        `own` are words that the text uses for its own, and may be built upon.
        """
        held = frozenset(own)
        return self._built(word, held, 2)

    def _built(self, word: str, own: frozenset[str], depth: int) -> bool:
        if self.stands(word) or word in own:
            return True
        if any(self.stands(other) for pattern, new in BRITISH if (other := pattern.sub(new, word)) != word):
            return True
        if depth == 0:
            return False
        bases = {word[: -len(ending)] + old for ending, old in ENDINGS if word.endswith(ending)}
        bases |= {base[:-1] for base in bases if len(base) > LEAST_PART and base[-1] == base[-2]}
        bases |= {word[len(prefix) :].lstrip("-") for prefix in PREFIXES if word.startswith(prefix)}
        if any(len(base) >= LEAST_PART and self._built(base, own, depth - 1) for base in bases if base != word):
            return True
        if any(
            word.endswith(end) and self.common(word.removesuffix(end)) for end in PARTICLES if len(word) > len(end) + 3
        ):
            return True
        cuts = range(LEAST_PART, len(word) - LEAST_PART + 1)
        return any(self.common(word[:cut]) and self.common(word[cut:]) for cut in cuts)

    def inflects(self, word: str) -> bool:
        """Whether a word stands so, in another spelling or as a form of one that does, and is no compound; lower case."""
        spellings = {word, *(pattern.sub(new, word) for pattern, new in BRITISH)}
        bases = {one[: -len(ending)] + old for one in spellings for ending, old in ENDINGS if one.endswith(ending)}
        return any(map(self.stands, spellings)) or any(len(base) >= LEAST_PART and self.stands(base) for base in bases)

    def common(self, word: str) -> bool:
        """Whether a word is one of the field's or a frequent one."""
        return word in self._terms or self._checker.word_frequency.dictionary.get(word, 0) >= LEAST_FREQUENCY

    def _likely(self, word: str) -> bool:
        """Whether a word that stands in the dictionary is common, or a form of one that is."""
        if self.common(word):
            return True
        bases = {word[: -len(ending)] + old for ending, old in ENDINGS if word.endswith(ending)}
        bases |= {word.removeprefix("re"), word.removeprefix("un")}
        return any(len(base) >= LEAST_PART and self.common(base) for base in bases)

    def meant(self, word: str, counts: Mapping[str, int]) -> str | None:
        """The word that `word` was probably meant to be, one edit away, or None; `counts` are the words of the same text.

        A word of the text comes before one of the field, one that begins alike and one from which a hand slips so before
        others, then the more frequent one. A short word is near to many: it is taken only for a very frequent one.
        """
        frequency = self._checker.word_frequency.dictionary
        near = {w for w in self._checker.edit_distance_1(word) if self.stands(w) and (w in counts or self._likely(w))}
        near = {w for w in near if len(w) > 2 and ("'" not in w or w.replace("'", "") == word)}
        if len(word) < LEAST_UNSURE:
            least = 1 if len(word) > LEAST_PART - 1 else 2
            near = {w for w in near if _slip_of_hand(word, w) >= least and frequency.get(w, 0) >= VERY_FREQUENT}

        def weight(other: str) -> tuple[int | bool, ...]:
            return (
                "'" in other, min(counts.get(other, 0), 2), other in self._terms, other[0] == word[0], _slip_of_hand(word, other),
                frequency.get(other, 0),
            )  # fmt: skip

        return max(sorted(near), key=weight, default=None)


def _slip_of_hand(word: str, other: str) -> int:
    """How a hand slips from `other` to `word`: 2 for letters in the wrong order, doubled or not; 1 for one left out or another
    vowel; else 0."""
    if sorted(word) == sorted(other) or re.sub(r"(.)\1", r"\1", word) == re.sub(r"(.)\1", r"\1", other):
        return 2
    vowel = re.sub(r"[aeiouy]", "", word) == re.sub(r"[aeiouy]", "", other)
    return int(vowel or len(other) > len(word))


@cache
def lexicon() -> Lexicon:
    """The one lexicon of this process, loaded on the first call."""
    return Lexicon()
