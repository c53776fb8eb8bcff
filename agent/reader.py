"""What a message asks for, read by a small model that was fitted on example messages.

One logistic regression an intent (so a message may ask for several things) on the sentence embedding and on hashed
grams of words and characters, which forgive typing errors and hold the wording that the embedding blurs. The weights
are fitted by `benchmarks.fit_reading`; they read one message in about 10 ms, nearly all of it the embedding.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from agent.cues import Intent

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parent / "reading.npz"
WORD_GRAMS = 2**12
CHARACTER_GRAMS = 2**13
CHARACTER_SHARE = 2.0
EMBEDDING_SHARE = 2.0
"""What the blocks of inputs, each of unit length, are multiplied by; words count 1."""
LIKELY = 0.5
"""From which probability on an intent is taken."""
NEAR_MISS = 0.05
"""From which probability on the likeliest intent is taken where none is likely; below, the message is a look-up."""
GOES_ON = 2.7
"""By how much the odds of an intent rise where the question before had it, set on the tuning half of the dialogues."""
KEPT = 64


class Reader:
    """Reads the intents of messages; `embed` maps texts to unit vectors (n, d), of the model that bears `embedding` as its
    name. By another model than it was fitted with, messages are read from their grams alone."""

    def __init__(self, embed: Callable[[Sequence[str]], Any], embedding: str) -> None:
        self._embed, self._embedding = embed, embedding
        self._known: dict[str, dict[Intent, float]] = {}

    @cached_property
    def _model(self) -> tuple[list[Intent], "np.ndarray", "np.ndarray", bool]:
        import numpy as np

        with np.load(WEIGHTS) as held:
            names = cast(list[Intent], held["intents"].tolist())
            same = str(held["embedding"]) == self._embedding
            return names, held["weights"].astype(np.float32), held["offsets"].astype(np.float32), same

    def likelihoods(self, text: str) -> dict[Intent, float]:
        """The probability of each intent."""
        import numpy as np

        if text not in self._known:
            names, weights, offsets, same = self._model
            width = len(weights) - WORD_GRAMS - CHARACTER_GRAMS
            vectors = self._embed([text]) if same else np.zeros((1, width), dtype=np.float32)
            logits = inputs([text], vectors)[0] @ weights + offsets
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[text] = dict(zip(names, (1 / (1 + np.exp(-logits))).tolist(), strict=True))
        return self._known[text]

    def read(self, text: str, after: Sequence[Intent] = ()) -> tuple[Intent, ...]:
        """The intents of a message, in the order in which its words ask for them; none when it shows none.

        Where none is likely by the words, what the question before asked for (`after`) is likelier than others.
        """
        likely = self.likelihoods(text)
        found: list[Intent] = [intent for intent, p in likely.items() if p >= LIKELY]
        if not found:
            best = max(likely, key=lambda intent: odds(likely[intent]) * (GOES_ON if intent in after else 1.0))
            found = [best] if likely[best] >= NEAR_MISS else []
        asked: list[Intent] = [intent for intent in found if intent != "lookup"]
        return tuple(sorted(asked, key=lambda intent: self._place(text, intent)) if len(asked) > 1 else asked)

    def _place(self, text: str, intent: Intent) -> int:
        """The word of the text that speaks most for an intent."""
        names, weights, *_ = self._model
        column = weights[:WORD_GRAMS, names.index(intent)]
        words = _words(text)
        return max(range(len(words)), key=lambda at: column[_bucket(words[at], WORD_GRAMS)])


def odds(likelihood: float) -> float:
    return likelihood / max(1 - likelihood, 1e-6)


def inputs(texts: Sequence[str], vectors: "np.ndarray") -> "np.ndarray":
    """The inputs of the model, shape (n, WORD_GRAMS + CHARACTER_GRAMS + d); `vectors` (n, d) are the embeddings."""
    import numpy as np

    rows = np.zeros((len(texts), WORD_GRAMS + CHARACTER_GRAMS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        words = _words(text)
        _count(row[:WORD_GRAMS], {gram for start in range(len(words)) for gram in _grams_at(words, start)})
        spaced = f" {' '.join(words[1:-1])} "
        characters = {spaced[i : i + n] for n in (3, 4, 5) for i in range(len(spaced) - n + 1)}
        _count(row[WORD_GRAMS:], characters)
        row[WORD_GRAMS:] *= CHARACTER_SHARE
    return np.concatenate([rows, EMBEDDING_SHARE * vectors], axis=1)


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
