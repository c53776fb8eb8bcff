"""Fit the copy of the embedding model that embeds questions (`knowledge/questions.npz`), and measure it on other threads.

    python -m benchmarks.fit_questions --home FOLDER [--measure]

The questions are those of `benchmarks.thread_questions`, over threads and papers in the folder that SECOND_OPINION_REAL names.
The vectors of passages and of single sentences stay those of the model as it is; products of low rank beside its matrices
(`benchmarks.adapting`) move the questions only, so that what answers is nearer than what else the same thread says (listwise
softmax, several right ones: Cao et al., "Learning to Rank", 2007), and than docstrings, which answer nothing. Nothing of the
texts gets into the weights' file. The threads that are kept (`Thread.kept`) are reported on and not fitted on: what stands on
top of this model is fitted on them.

Cost: with the vectors at hand 2 minutes of two cores an epoch; those of the texts take 12 minutes once.
"""

import argparse
import hashlib
import math
import os
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import normalize

from agent.telling import parts_of
from benchmarks.adapting import put_beside, vectors_of
from benchmarks.bench_retrieval import print_table
from benchmarks.distractors import remember_passages
from benchmarks.remembered import Remembered
from benchmarks.thread_questions import (
    ASKED,
    FOLDER,
    FOLLOWING,
    VARIABLE,
    Place,
    Thread,
    digests,
    holds,
    load_all,
    open_threads,
)
from knowledge.adapting import Adapted, save_adapted
from knowledge.chunking import search_fields
from knowledge.embedding import WIDTH, MiniLM, find_weights, load_model
from knowledge.index import embedded_text
from knowledge.questioning import WEIGHTS, as_embedded, question_embedder
from knowledge.store import Filter, Store
from knowledge.types import Passage

EPOCHS = 3
BATCH = 48
POOL = 16
"""So many batches are drawn at once and put together by the length of their questions."""
RATE = 1e-3
DECAY = 0.01
WARM = 40
"""Steps over which the rate rises; it falls with a cosine after that."""
SHARPNESS = 15.0
"""What cosines are multiplied by before the softmax, at the first step; it is fitted, too."""
BY_SENTENCES = 0.5
"""What nearness to single sentences counts beside that to passages."""
DISTRACTORS, FIRST_DISTRACTOR = 1500, 6000
"""So many docstrings, behind those that searches are measured among."""
ELSEWHERE = 2000
"""So many passages of all threads; what answers in one thread answers nothing in another."""
LONGEST = 96
"""Word pieces of a question that are read."""
DEPTHS = (1, 5, 20)


@dataclass(frozen=True)
class Unit:
    """What may answer a question of a thread: vectors (n, width), and of each the passage and the words that it stands for."""

    vectors: torch.Tensor
    texts: list[tuple[Passage, str]]


@dataclass(frozen=True)
class Elsewhere:
    """Vectors (n, width), and of each the thread that it is of; empty where it is of none."""

    vectors: torch.Tensor
    threads: list[str]

    def of_others(self, thread: str) -> torch.Tensor:
        """Which of the vectors are not of this thread, shape (n,)."""
        return torch.tensor([name != thread for name in self.threads])


@dataclass(frozen=True)
class Example:
    """A question of a thread with which passages and which sentences answer it, and which come near, by row."""

    text: str
    thread: str
    gold: tuple[torch.Tensor, torch.Tensor]
    near: tuple[torch.Tensor, torch.Tensor]
    kept: bool


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, required=True, metavar="FOLDER", help="what is imported is kept here")
    parser.add_argument("--measure", action="store_true", help="with the weights as they are")
    options = parser.parse_args(arguments)
    if not (real := os.environ.get(VARIABLE)):
        print(f"fit_questions: set {VARIABLE} to the folder that holds the threads.", file=sys.stderr)
        return 2
    embedder = Remembered(MiniLM(options.home), options.home)
    threads = load_all()
    units, examples = read_examples(options.home, embedder, Path(real), threads)
    kept, fitted_on = [one for one in examples if one.kept], [one for one in examples if not one.kept]
    if not options.measure:
        others = elsewhere(units, {one.thread for one in fitted_on}, embedder.embed(distractors(options.home)))
        save_adapted(WEIGHTS, fit(fitted_on, units, others))
    rows = []
    fitted = question_embedder(embedder, WEIGHTS)
    assert fitted is not None
    for name, embed in (("the model as it is", embedder.embed), ("fitted", fitted)):
        for place, what in enumerate(("passages", "sentences")):
            rows.append((f"{name}, {what}", *measure(kept, units, place, embed)))
    print_table((f"{len(kept)} questions of other threads", *(f"found among {n}" for n in DEPTHS), "MRR"), rows)
    return 0


def distractors(home: Path) -> list[str]:
    return remember_passages(home, FIRST_DISTRACTOR + DISTRACTORS)[FIRST_DISTRACTOR:]


def elsewhere(units: dict[str, tuple[Unit, Unit]], threads: set[str], docstrings: np.ndarray) -> "Elsewhere":
    """What answers no question of another thread: docstrings, and passages of these threads, drawn by chance."""
    passages = [(name, row) for name in sorted(threads) for row in range(len(units[name][0].texts))]
    drawn = random.Random(0).sample(passages, min(ELSEWHERE, len(passages)))
    vectors = torch.stack([units[name][0].vectors[row] for name, row in drawn])
    return Elsewhere(torch.cat([torch.from_numpy(docstrings), vectors]), [""] * len(docstrings) + [n for n, _ in drawn])


def read_examples(
    home: Path, embedder: Remembered, real: Path, threads: Sequence[Thread]
) -> tuple[dict[str, tuple[Unit, Unit]], list[Example]]:
    """The passages and the sentences of each thread by its name, and the questions that something in it answers."""
    ids = open_threads(home, embedder, real, threads)
    store = Store(home / "knowledge.sqlite")
    units: dict[str, tuple[Unit, Unit]] = {}
    found: list[Example] = []
    for thread in threads:
        if thread.name not in units:
            units[thread.name] = read_units(store, ids[thread.name], embedder)
        for asked in thread.questions:
            gold = rows_of([place for line in asked.places for place in line], units[thread.name])
            near = rows_of(asked.near, units[thread.name])
            if all(map(len, gold)):
                found.append(
                    Example(as_embedded(asked.question.text, asked.after), thread.name, gold, near, thread.kept)
                )
    store.close()
    return units, found


def read_units(store: Store, id: str, embedder: Remembered) -> tuple[Unit, Unit]:
    passages = list(store.passages_at(store.rows(Filter(id))).values())
    whole = [(passage, passage.text) for passage in passages]
    parts = [(passage, part) for passage in passages for part in parts_of(passage)]
    by_passage = embedder.embed([embedded_text(search_fields(passage)) for passage in passages])
    by_sentence = embedder.embed([part for _, part in parts])
    return Unit(torch.from_numpy(by_passage), whole), Unit(torch.from_numpy(by_sentence), parts)


def rows_of(places: Sequence[Place], units: tuple[Unit, Unit]) -> tuple[torch.Tensor, torch.Tensor]:
    """The rows of the passages, and of the sentences, that hold the words of any of these places."""
    passages, sentences = units
    bearing = {id(p): own for p, _ in passages.texts if (own := [place for place in places if holds(p, place)])}
    by_passage = [row for row, (passage, _) in enumerate(passages.texts) if id(passage) in bearing]
    by_sentence = [
        row
        for row, (passage, part) in enumerate(sentences.texts)
        if any(place.digest in digests(part, place.count) for place in bearing.get(id(passage), ()))
    ]
    return torch.tensor(by_passage, dtype=torch.long), torch.tensor(by_sentence, dtype=torch.long)


def fit(examples: Sequence[Example], units: dict[str, tuple[Unit, Unit]], others: Elsewhere) -> Adapted:
    """The changes to the model; the same inputs give the same up to rounding."""
    torch.manual_seed(0)
    draw = random.Random(0)
    tokenizer, model = load_model(Path(find_weights()).parent)
    layers = put_beside(model)
    learned = [part for layer in layers.values() for part in (layer.a, layer.b)]
    sharpness = nn.Parameter(torch.tensor(math.log(SHARPNESS)))
    groups = [{"params": learned, "weight_decay": DECAY}, {"params": [sharpness], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups)
    ids = [encoding.ids[:LONGEST] for encoding in tokenizer.encode_batch_fast([one.text for one in examples])]
    strangers = {name: others.vectors[others.of_others(name)] for name in {one.thread for one in examples}}
    order, steps, step = list(range(len(examples))), EPOCHS * math.ceil(len(examples) / BATCH), 0
    model.train()
    for _ in range(EPOCHS):
        for rows in batches(order, ids, draw):
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, step / WARM) * 0.5 * (1 + math.cos(math.pi * step / steps))
            vectors = normalize(vectors_of(model, [ids[row] for row in rows]))
            misses = [
                miss(vector, one, units[one.thread], strangers[one.thread], sharpness.exp())
                for vector, one in zip(vectors, (examples[row] for row in rows), strict=True)
            ]
            missed = torch.stack(misses).mean()
            optimizer.zero_grad()
            missed.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            step += 1
    changes = {name: (2 * layer.a.detach().numpy(), layer.b.detach().numpy().copy()) for name, layer in layers.items()}
    nothing = np.zeros((WIDTH, 0), dtype=np.float32)
    return Adapted(changes, nothing, nothing[0], MiniLM.name, digest_of_questions())


def batches(order: list[int], ids: Sequence[Sequence[int]], draw: random.Random) -> list[list[int]]:
    """The examples of an epoch, drawn by chance; those of a batch are alike in length, so that little is padded."""
    draw.shuffle(order)
    found = []
    for start in range(0, len(order), POOL * BATCH):
        pool = sorted(order[start : start + POOL * BATCH], key=lambda row: len(ids[row]))
        found += [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
    draw.shuffle(found)
    return found


def miss(
    vector: torch.Tensor, example: Example, units: tuple[Unit, Unit], strangers: torch.Tensor, sharpness: torch.Tensor
) -> torch.Tensor:
    """By how much what answers a question is not the nearest: the mean over what answers of the cross-entropy of it
    against all that neither does nor comes near."""
    total = torch.zeros(())
    for place, share in enumerate((1.0, BY_SENTENCES)):
        values = sharpness * (units[place].vectors @ vector)
        wrong = torch.ones(len(values), dtype=torch.bool)
        wrong[example.gold[place]] = wrong[example.near[place]] = False
        rest = values[wrong] if place else torch.cat([values[wrong], sharpness * (strangers @ vector)])
        right, against = values[example.gold[place]], torch.logsumexp(rest, 0)
        total = total + share * (torch.logaddexp(right, against) - right).mean()
    return total


def digest_of_questions() -> str:
    files = sorted([*FOLDER.glob("*.txt"), *ASKED.glob("*.txt"), *FOLLOWING.glob("*.txt")])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def measure(
    examples: Sequence[Example],
    units: dict[str, tuple[Unit, Unit]],
    place: int,
    embed: Callable[[Sequence[str]], np.ndarray],
) -> tuple[str, ...]:
    """The share of questions of which something that answers is among the nearest few of its thread, and the mean
    reciprocal rank of the first."""
    ranks = []
    for example, vector in zip(examples, embed([one.text for one in examples]), strict=True):
        values = units[example.thread][place].vectors.numpy() @ vector
        ranks.append(int((values > values[example.gold[place].numpy()].max()).sum()))
    found = np.array(ranks)
    return *(f"{(found < depth).mean():.3f}" for depth in DEPTHS), f"{(1 / (1 + found)).mean():.3f}"


if __name__ == "__main__":
    sys.exit(main())
