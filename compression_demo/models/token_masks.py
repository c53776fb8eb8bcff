"""Which tokens count, layer by layer: models with an encoder and a decoder have a mask for the tokens of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import nn

ENCODER = ("encoder", "enc_to_dec_proj")
"""Submodules whose tokens are the encoder's; what is in neither these nor `decoder`, as a head, works on the decoder's."""
CROSS_ATTENTION = ("encoder_attn", "EncDecAttention", "crossattention", "cross_attn", "cross_attention")
"""Names of a decoder's attention to the encoder's states, in the models of transformers."""
KEY_VALUE = ("k", "v", "k_proj", "v_proj", "key", "value", "c_attn")
"""Names of the layers in it whose inputs are the encoder's states."""


@dataclass(frozen=True)
class TokenMasks:
    """The masks (samples, tokens) bool of a batch, on its device; None: all tokens count.

    tokens: of the model's tokens, or of its encoder's. decoder: of the decoder's, where `two_sided`.
    """

    tokens: torch.Tensor | None = None
    decoder: torch.Tensor | None = None
    two_sided: bool = False

    @property
    def outputs(self) -> torch.Tensor | None:
        """The mask of what the model returns."""
        return self.decoder if self.two_sided else self.tokens

    def choose(self, layer: str) -> torch.Tensor | None:
        """The mask of the inputs and outputs of the layer of that name."""
        if not self.two_sided:
            return self.tokens
        path = layer.split(".")
        side = next((part for part in path if part == "decoder" or part in ENCODER), "decoder")
        reads_encoder = path[-1] in KEY_VALUE and any(part in CROSS_ATTENTION for part in path)
        return self.tokens if side in ENCODER or reads_encoder else self.decoder


def read_masks(batch: Mapping[str, torch.Tensor], two_sided: bool) -> TokenMasks:
    """The masks among a batch's inputs: `attention_mask` and `decoder_attention_mask`, where they are one a token."""
    found = {name: mask.bool() for name, mask in batch.items() if name.endswith("attention_mask") and mask.ndim == 2}
    return TokenMasks(found.get("attention_mask"), found.get("decoder_attention_mask"), two_sided)


def is_two_sided(model: nn.Module) -> bool:
    """Whether a configuration of the model says that it has an encoder and a decoder, and it holds a `decoder`.

    The second part is for an encoder on its own, which keeps the configuration of the whole.
    """
    modules = dict(model.named_modules())
    said = any(getattr(getattr(each, "config", None), "is_encoder_decoder", False) for each in modules.values())
    return said and any("decoder" in name.split(".") for name in modules)
