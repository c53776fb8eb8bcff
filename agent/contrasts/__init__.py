"""What the five papers and their reviewers set against one another, each with the experiment that decides it.

A sentence that names both sides of a contrast, or one of them and its words, becomes that experiment; one file a paper.
"""

from agent.contrasts import (
    coding,
    eight_bit,
    integral_pruning,
    network_quantization,
    obc,
    soft_weight_sharing,
    sparsity_patterns,
)
from agent.contrasts.contrast import Contrast, Draft
from agent.contrasts.sentences import Reading, find_contrast, read_with

CONTRASTS: tuple[Contrast, ...] = (
    *obc.CONTRASTS,
    *sparsity_patterns.CONTRASTS,
    *integral_pruning.CONTRASTS,
    *soft_weight_sharing.CONTRASTS,
    *network_quantization.CONTRASTS,
    *coding.CONTRASTS,
    *eight_bit.CONTRASTS,
)

__all__ = ["CONTRASTS", "Contrast", "Draft", "Reading", "understand"]


def understand(text: str) -> Reading | None:
    """The experiment of the contrast that `text` names, turned into the direction that it claims; None where it names none.

    Raises:
        Untestable: it names one, but asks of it what the engine does not measure.
    """
    contrast = find_contrast(text, CONTRASTS)
    return read_with(contrast, text) if contrast else None
