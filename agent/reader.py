"""What a message asks for, read by two small models that were fitted on example messages.

Both give the log-odds of each intent, so a message may ask for several things, and their mean counts. One is a logistic
regression on hashed grams of words and characters, which forgive typing errors. The other reads the meaning: the sentence
embedding by a copy of the embedding model that was changed by low-rank products (`MiniLM.adapted`), and a linear layer.
The weights are fitted by `benchmarks.fit_reading`; they read one message in about 10 ms, nearly all of it the embedding.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agent.cues import Intent
from agent.terms import stem
from knowledge.adapting import Changes, changes_in
from knowledge.embedding import Embedder, MiniLM

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parent / "reading.npz"
WORD_GRAMS = 2**12
CHARACTER_GRAMS = 2**13
CHARACTER_SHARE = 2.0
"""What the grams of characters, brought to unit length, are multiplied by; those of words count 1."""
LIKELY = 0.5
"""From which probability on an intent is taken."""
NEAR_MISS = 0.05
"""From which probability on the likeliest intent is taken where none is likely; below, the message is a look-up."""
GOES_ON = 2.7
"""By how much the odds of an intent rise where the question before had it, set on the tuning half of the dialogues."""
NO_GUESS: tuple[Intent, ...] = ("offtopic", "about")
"""Intents that are taken where they are likely only."""
KEPT = 64


@dataclass(frozen=True)
class Model:
    """Fitted numbers: the n intents, weights (grams, n) and offsets (n,) of the words, the same (384, n) of the meaning,
    and what the embedding model is changed by."""

    intents: list[Intent]
    words: "np.ndarray"
    word_offsets: "np.ndarray"
    meaning: "np.ndarray"
    meaning_offsets: "np.ndarray"
    changes: Changes
    embedding: str


def load_model(path: Path = WEIGHTS) -> Model:
    """What the file holds."""
    import numpy as np

    with np.load(path) as held:
        numbers = {name: held[name].astype(np.float32) for name in held.files if held[name].dtype.kind == "f"}
        return Model(
            intents=cast(list[Intent], held["intents"].tolist()),
            words=numbers["words"],
            word_offsets=numbers["word_offsets"],
            meaning=numbers["meaning"],
            meaning_offsets=numbers["meaning_offsets"],
            changes=changes_in(numbers),
            embedding=str(held["embedding"]),
        )


class Reader:
    """Reads the intents of messages. With another embedding model than it was fitted with, from their words alone."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, dict[Intent, float]] = {}

    @cached_property
    def _model(self) -> Model:
        return load_model()

    @cached_property
    def _embed(self) -> "Callable[[Sequence[str]], np.ndarray] | None":
        if isinstance(self._embedder, MiniLM) and self._embedder.name == self._model.embedding:
            return self._embedder.adapted(self._model.changes)
        return None

    def likelihoods(self, text: str) -> dict[Intent, float]:
        """The probability of each intent."""
        import numpy as np

        if text not in self._known:
            model = self._model
            logits = grams([text])[0] @ model.words + model.word_offsets
            if self._embed is not None:
                logits = (logits + self._embed([text])[0] @ model.meaning + model.meaning_offsets) / 2
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[text] = dict(zip(model.intents, (1 / (1 + np.exp(-logits))).tolist(), strict=True))
        return self._known[text]

    def read(self, text: str, after: Sequence[Intent] = ()) -> tuple[Intent, ...]:
        """The intents of a message, in the order in which its words ask for them; none when it shows none.

        Where none is likely by the words, what the question before asked for (`after`) is likelier than others.
        """
        likely = self.likelihoods(text)
        found: list[Intent] = [intent for intent, p in likely.items() if p >= LIKELY]
        if not found:
            # To turn away what is on the paper is worse than to look in vain for what is not.
            meant: list[Intent] = [intent for intent in likely if intent not in NO_GUESS]
            best = max(meant, key=lambda intent: odds(likely[intent]) * (GOES_ON if intent in after else 1.0))
            found = [best] if likely[best] >= NEAR_MISS else []
        asked: list[Intent] = [intent for intent in found if intent != "lookup"]
        return tuple(sorted(asked, key=lambda intent: self._place(text, intent)) if len(asked) > 1 else asked)

    def _place(self, text: str, intent: Intent) -> int:
        """The word of the text that names an intent, or else speaks most for it."""
        column = self._model.words[:WORD_GRAMS, self._model.intents.index(intent)]
        words = _words(text)
        named = [at for at, word in enumerate(words) if word.startswith(stem(intent))]
        if named:
            return named[0]
        return max(range(len(words)), key=lambda at: column[_bucket(words[at], WORD_GRAMS)])


def odds(likelihood: float) -> float:
    return likelihood / max(1 - likelihood, 1e-6)


def grams(texts: Sequence[str]) -> "np.ndarray":
    """The counts of hashed grams, shape (n, WORD_GRAMS + CHARACTER_GRAMS)."""
    import numpy as np

    rows = np.zeros((len(texts), WORD_GRAMS + CHARACTER_GRAMS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        words = _words(text)
        _count(row[:WORD_GRAMS], {gram for start in range(len(words)) for gram in _grams_at(words, start)})
        spaced = f" {' '.join(words[1:-1])} "
        characters = {spaced[i : i + n] for n in (3, 4, 5) for i in range(len(spaced) - n + 1)}
        _count(row[WORD_GRAMS:], characters)
        row[WORD_GRAMS:] *= CHARACTER_SHARE
    return rows


def _count(row: "np.ndarray", grams: set[str]) -> None:
    """Count grams into their buckets, at unit length; mutates `row`."""
    for gram in grams:
        row[_bucket(gram, len(row))] += 1
    length = float((row**2).sum()) ** 0.5
    if length:
        row /= length


def _bucket(gram: str, buckets: int) -> int:
    return zlib.crc32(gram.encode()) % buckets


def _words(text: str) -> list[str]:
    """The words and marks of a text between its ends, numbers made alike."""
    return ["<", *re.findall(r"[a-z#'’]+|[?!:/+]", re.sub(r"\d+(?:\.\d+)?", "#", text.lower())), ">"]


def _grams_at(words: Sequence[str], start: int) -> list[str]:
    """The grams of one to three words that begin at a word."""
    return [" ".join(words[start : start + n]) for n in (1, 2, 3) if start + n <= len(words)]
