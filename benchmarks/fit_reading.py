"""Fit the weights of `agent.reader` on the example messages, or say how well they read others.

    python -m benchmarks.fit_reading                     fit, write agent/reading.npz and measure
    python -m benchmarks.fit_reading --measure [FILE]    measure only; FILE holds more messages, "intents: message" a line

Both models minimise the binary cross-entropy of each intent: that of the words with a ridge by L-BFGS, that of the meaning
by `benchmarks.adapting`. The same examples give the same weights up to rounding. Cost: a quarter of an hour of one core.
"""

import argparse
import hashlib
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from agent.cues import INTENTS, Intent
from agent.reader import CHARACTER_GRAMS, WEIGHTS, WORD_GRAMS, Reader, grams
from benchmarks.adapting import adapt
from knowledge.adapting import Adapted, arrays_of
from knowledge.embedding import MiniLM

FOLDER = Path(__file__).parent / "reading"
HELD_OUT = FOLDER / "held_out.txt"
FRAMES_A_PHRASE = 4
PAIRS = 500
JOINS = (" and ", " and ", ", ", " or ", " as well as ", ", and also ")
RIDGE = 0.1
ROUNDS = 60
Example = tuple[frozenset[Intent], str]
Words = tuple[np.ndarray, np.ndarray]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--measure", nargs="?", const="", default=None, metavar="FILE")
    options = parser.parse_args(arguments)
    embedder = MiniLM(Path(tempfile.gettempdir()))
    if options.measure is None:
        write(*fit(training_examples()))
    reader = Reader(embedder)
    for path in (HELD_OUT, *([Path(options.measure)] if options.measure else [])):
        report(path.name, labelled(path), reader)
    return 0


def training_examples() -> list[Example]:
    """The example messages, and the phrases put into their frames."""
    files = sorted((FOLDER / "examples").glob("*.txt"))
    told = [example for path in files if path.stem != "phrases" for example in grouped(path)]
    return told + framed(grouped(FOLDER / "examples" / "phrases.txt"), read_lines(FOLDER / "frames.txt"))


def read_lines(path: Path) -> list[str]:
    """The lines of a data file without comments and blanks."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def grouped(path: Path) -> list[Example]:
    """Examples under lines in brackets that name their intents."""
    found: list[Example] = []
    intents: frozenset[Intent] = frozenset()
    for line in read_lines(path):
        if line.startswith("["):
            intents = known(line.strip("[]"))
        else:
            found.append((intents, line))
    return found


def labelled(path: Path) -> list[Example]:
    """Examples one a line, their intents before a colon."""
    parts = (line.partition(": ") for line in read_lines(path))
    return [(known(intents), message) for intents, _, message in parts]


def known(names: str) -> frozenset[Intent]:
    """The intents that a line names."""
    found: tuple[Intent, ...] = tuple(intent for intent in INTENTS if intent in names.split())
    if len(found) != len(names.split()):
        raise ValueError(f"unknown intent in: {names}")
    return frozenset(found)


def framed(phrases: Sequence[Example], frames: Sequence[str]) -> list[Example]:
    """Each phrase in a few frames, and pairs of phrases in one frame."""
    draw = random.Random(0)
    single = [(intents, f.format(phrase)) for intents, phrase in phrases for f in draw.sample(frames, FRAMES_A_PHRASE)]
    pairs: list[Example] = []
    for _ in range(PAIRS):
        (one, first), (other, second) = draw.sample(phrases, 2)
        if one != other:
            joined = first + draw.choice(JOINS) + second
            if draw.random() < 0.3:
                joined = joined.replace("the ", "")
            pairs.append((one | other, draw.choice(frames).format(joined)))
    return single + pairs


def digest() -> str:
    """The SHA-256 of what the weights are fitted on."""
    files = [*sorted((FOLDER / "examples").glob("*.txt")), FOLDER / "frames.txt"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def fit(examples: Sequence[Example]) -> tuple[list[Intent], Words, Adapted]:
    """The intents of the examples, the weights and offsets of the words, and the model of the meaning."""
    names: list[Intent] = [intent for intent in INTENTS if any(intent in intents for intents, _ in examples)]
    texts = [as_read(message) for _, message in examples]
    wanted = np.array([[float(name in intents) for name in names] for intents, _ in examples])
    return names, fit_words(texts, wanted), adapt(texts, wanted)


def fit_words(texts: Sequence[str], wanted: np.ndarray) -> Words:
    """Logistic regression on the grams: weights (grams, intents) and offsets (intents,)."""
    given = csr_matrix(grams(texts), dtype=np.float64)
    shape = (WORD_GRAMS + CHARACTER_GRAMS, wanted.shape[1])

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        """The loss and its gradient at weights and offsets, both in one row."""
        weights, offsets = values[: -shape[1]].reshape(shape), values[-shape[1] :]
        logits = given @ weights + offsets
        missed = np.logaddexp(0, logits) - wanted * logits
        apart = 1 / (1 + np.exp(-logits)) - wanted
        gradient = np.concatenate([(given.T @ apart + RIDGE * weights).ravel(), apart.sum(axis=0)])
        return float(missed.sum() + RIDGE / 2 * (weights**2).sum()), gradient

    start = np.zeros(shape[0] * shape[1] + shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 8}).x
    return found[: -shape[1]].reshape(shape), found[-shape[1] :]


def as_read(message: str) -> str:
    """A message as the assistant hands it to the reader, reviewers called by their place in it."""
    from agent.intents import asking_sentences
    from agent.mentions import with_reviewers_alike

    return with_reviewers_alike(" ".join(asking_sentences(message)), None)


def write(names: Sequence[Intent], words: Words, meaning: Adapted) -> None:
    """Keep the weights with the digest of their examples."""
    parts = {"words": words[0], "meaning": meaning.weights, **arrays_of(meaning.changes)}
    np.savez_compressed(
        WEIGHTS,
        allow_pickle=False,
        intents=np.array(names),
        word_offsets=words[1].astype(np.float32),
        meaning_offsets=meaning.offsets,
        digest=np.array(digest()),
        embedding=np.array(MiniLM.name),
        **{name: part.astype(np.float16) for name, part in parts.items()},
    )


def report(name: str, examples: Sequence[Example], reader: Reader) -> None:
    """Print how many messages are read exactly, and F1 by intent."""
    read = [frozenset(reader.read(as_read(message)) or ("lookup",)) for _, message in examples]
    right = sum(got == intents for (intents, _), got in zip(examples, read, strict=True))
    print(f"{name}: {right} of {len(examples)} read exactly ({right / len(examples):.0%})")
    for intent in INTENTS:
        both = sum(intent in intents and intent in got for (intents, _), got in zip(examples, read, strict=True))
        either = sum((intent in intents) + (intent in got) for (intents, _), got in zip(examples, read, strict=True))
        if any(intent in intents for intents, _ in examples):
            print(f"  {intent}: F1 {2 * both / either:.2f}")


if __name__ == "__main__":
    sys.exit(main())
