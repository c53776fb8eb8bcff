"""What the sentences of a review do, read by a fitted model: a changed copy of the embedding model and a linear layer.

The patterns of `stances` have a say in it, most where the model is unsure. It was fitted by `benchmarks.fit_stances` on some five thousand sentences of public reviews, each with the heading it
stands under. Of labels that are told apart in fitting, questions and requests both ask, and
summaries and what is none of these both describe.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.adapting import Adaptable, load_adapted
from knowledge.discussion.points import Judge, Said
from knowledge.discussion.stances import Stance
from knowledge.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parent / "stances.npz"
LABELS = "POQRSN"
"""Praise, objection, question, request, summary, none of these: the columns of the weights."""
STANCES: dict[Stance, str] = {"asks": "QR", "objects": "O", "praises": "P", "describes": "SN"}
HEADING = 60
"""Characters of the heading that are read: its last ones."""
SEPARATOR = " [SEP] "
BY_PATTERNS = 0.3
"""What the reading of the patterns counts beside the model's probabilities; chosen on the threads kept aside."""


def sentence_embedder(embedder: Embedder) -> "tuple[Callable[[Sequence[str]], np.ndarray], str] | None":
    """What embeds sentences in context for `judge_by`, and its name; None where that was fitted with another model."""
    held = load_adapted(WEIGHTS)
    if not isinstance(embedder, Adaptable) or embedder.name != held.embedding:
        return None
    return embedder.adapted(held.changes), f"{embedder.name}:stances:{held.digest}"


def judge_by(embed: "Callable[[Sequence[str]], np.ndarray]") -> Judge:
    """The judge of sentences whose vectors in context `embed` gives."""

    def judge(said: Sequence[Said]) -> list[Stance]:
        return stances_of(embed([in_context(one) for one in said]), [one.read for one in said]) if said else []

    return judge


def in_context(said: Said) -> str:
    """A sentence as the model reads it."""
    return SEPARATOR.join((said.text, said.heading[-HEADING:])) if said.heading else said.text


def stances_of(vectors: "np.ndarray", read: Sequence[Stance]) -> list[Stance]:
    """The likeliest stance by the vector of each sentence in context, shape (n, width), and by what patterns read it as."""
    import numpy as np

    held = load_adapted(WEIGHTS)
    likely = 1 / (1 + np.exp(-(vectors @ held.weights + held.offsets)))
    likely /= likely.sum(1, keepdims=True)
    sums = np.stack([likely[:, [LABELS.index(label) for label in own]].sum(1) for own in STANCES.values()], axis=1)
    names = list(STANCES)
    sums[np.arange(len(read)), [names.index(stance) for stance in read]] += BY_PATTERNS
    return [names[at] for at in sums.argmax(1)]
