"""Whether cited passages bear a sentence, by the words of both.

A sentence is taken as supported where enough of its content stems stand in its passages and it denies no more and no
less than they do. The threshold comes from the even pairs of two of `supported_pairs.toml`, labelled by hand; its
precision and recall on the odd ones are printed with every evaluation. It is a measure, not a judge: a change of
meaning in the passage's own words (who did it to whom) goes by it, and a free paraphrase may not.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dialogues.words import content_stems, stem, words

PAIRS = Path(__file__).parent / "supported_pairs.toml"
THRESHOLD = 0.5
_FRAME = frozenset(
    stem(word)
    for word in """reviewer reviewers review reviews paper papers author authors submission work says say said states state
    stated notes note noted finds find found writes asks ask asked wants want wanted answers answer answered reply replies
    response respond thinks considers calls call names name reports report raises raise mentions mention points point
    concern concerns according area chair also both two three first meta one relayed checked source record claims claim
    argues argue gives give rates rate rating confidence anonreviewer""".split()
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nothing|neither|nor|without|cannot|lacks?|lacking|missing|absent|fails?|failed|hardly)\b|n['’]t\b",
    re.IGNORECASE,
)
_LED_QUOTE = re.compile(r"(?:(?:Anon)?Reviewer[ _]?\w+|Authors(?: to [\w ]+)?)(?: \([a-z ,]+\))?: “([^“”]+)”")
"""One quotation behind nothing but who speaks and how: it stands if it stands in a passage, however many sentences it has."""
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bal\.)(?<!\bSec\.)(?<!\bFig\.)(?<!\be\.g\.)(?<!\bi\.e\.)\s+|\n+")
NEAR = 0.6
"""What part of the nearest stretch's words another stretch must hold to count as near."""


@dataclass(frozen=True)
class Pair:
    """A sentence, a passage, and whether a person found that the passage bears the sentence."""

    sentence: str
    passage: str
    supported: bool


@dataclass(frozen=True)
class Calibration:
    """How well the threshold tells unsupported sentences: of `flagged` ones `rightly` are, of `unsupported` ones."""

    pairs: int
    flagged: int
    rightly: int
    unsupported: int

    @property
    def precision(self) -> float:
        return self.rightly / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        return self.rightly / self.unsupported if self.unsupported else 0.0


def containment(sentence: str, passages: Sequence[str], context: str = "") -> float:
    """The share of the sentence's content stems, words of reporting left out, that stand in passages or context; 1
    where it has fewer than two, too few to tell by ("The ratings lie between 4 and 6.")."""
    said = [s for s in content_stems(sentence) if s not in _FRAME]
    held = set(content_stems(f"{' '.join(passages)} {context}"))
    return sum(s in held for s in said) / len(said) if len(said) > 1 else 1.0


def is_supported(sentence: str, passages: Sequence[str], context: str = "", threshold: float = THRESHOLD) -> bool:
    """Whether the passages bear a sentence; `context` is what else may be said (names, titles, places)."""
    quoted = _LED_QUOTE.fullmatch(sentence.strip())
    said = " ".join(words(quoted[1] if quoted else sentence))
    if any(f" {said} " in f" {' '.join(words(text))} " for text in passages):
        return True
    if containment(sentence, passages, context) < threshold:
        return False
    return not _denies_otherwise(sentence, passages)


def _denies_otherwise(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the sentence denies where every stretch of a passage that is near to it affirms, or the reverse."""
    said = set(content_stems(sentence)) - _FRAME
    stretches = [part for text in passages for part in _SENTENCE_END.split(text) if part.strip()]
    if not said or not stretches:
        return False
    shares = [len(said & set(content_stems(part))) / len(said) for part in stretches]
    best = max(shares)
    if best < THRESHOLD:
        return False
    nearest = [part for part, share in zip(stretches, shares, strict=True) if share >= NEAR * best]
    denies = _NEGATION.search(sentence) is not None
    return all((_NEGATION.search(part) is not None) != denies for part in nearest)


def load_pairs(path: Path = PAIRS) -> tuple[list[Pair], list[Pair]]:
    """The pairs that the threshold was set on, and those that it is reported on."""
    pairs = [Pair(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["pair"]]
    return [p for i, p in enumerate(pairs) if i // 2 % 2 == 0], [p for i, p in enumerate(pairs) if i // 2 % 2]


def calibrate(pairs: Sequence[Pair], threshold: float = THRESHOLD) -> Calibration:
    """Precision and recall of the verdict "unsupported" on labelled pairs."""
    flagged = [pair for pair in pairs if not is_supported(pair.sentence, [pair.passage], threshold=threshold)]
    rightly = sum(not pair.supported for pair in flagged)
    return Calibration(len(pairs), len(flagged), rightly, sum(not pair.supported for pair in pairs))
