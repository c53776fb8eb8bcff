"""Settings of methods and procedures in words, for titles, scopes and plans."""

from collections.abc import Mapping
from typing import Any

WEIGHTINGS = {
    "none": "equal importances",
    "gauss_newton": "importances from the Hessian",
    "fisher": "importances from squared gradients",
    "adam": "importances from Adam",
}
CODES = {"huffman": "Huffman codes", "fixed": "fixed-length codes", "entropy": "ideal codes"}
RANGES = {"minmax": "ranges from smallest to largest", "percentile": "ranges by percentile", "kl": "ranges by entropy"}
PARTS = {"all": "in all layers", "depthwise": "in depthwise layers alone", "others": "in all but depthwise layers"}
WINOGRAD = {
    "direct": "direct convolution",
    "positions": "Winograd with a scale a position",
    "shared": "Winograd with one scale",
    "spatial": "Winograd with the scale of the spatial domain",
}
COSTS = {"flops": "at equal FLOPs", "bops": "at equal bit operations", "bytes": "at equal bytes"}
PHRASES = {
    "sparsity": lambda value: f"{value * 100:g} % sparsity",
    "bits": lambda value: f"{value} bit{'s' if value != 1 else ''}",
    "per_channel": lambda value: "one scale per channel" if value else "one scale per tensor",
    "epochs": lambda value: f"{value} epoch{'s' if value != 1 else ''} of fine-tuning" if value else "no fine-tuning",
    "winners": lambda value: f"winner rate {value}",
    "tolerated": lambda value: f"at most {value:g} points lost before fine-tuning",
    "threshold": lambda value: "one fixed threshold a layer" if value == "static" else f"{value} thresholds",
    "counted": lambda value: "useful multiplications counted" if value == "useful" else "all multiplications counted",
    "clusters": lambda value: f"{value} shared values",
    "ratio": lambda value: f"a compression ratio of {value:g}",
    "like_clusters": lambda value: f"the ratio of k-means with {value} shared values",
    "weighting": lambda value: WEIGHTINGS.get(value, str(value)),
    "samples": lambda value: f"curvature from {value} training inputs",
    "together": lambda value: "all layers together" if value else "each layer by itself",
    "code": lambda value: CODES.get(value, str(value)),
    "components": lambda value: f"{value} components",
    "zero_weight": lambda value: f"mixing weight {value:g} of the zero component",
    "tau": lambda value: f"tau {value:g}",
    "retraining": lambda value: f"{value} epochs of retraining" if value else "before any retraining",
    "rate": lambda value: f"learning rate {value:g} of the mixture",
    "hyper_priors": lambda value: "with hyper-priors" if value else "without hyper-priors",
    "annealed": lambda value: "annealed variances" if value else "no annealing of variances",
    "sampled": lambda value: f"the prior's gradient from {value * 100:g} % of the weights",
    "draws": lambda value: f"the mean of {value} draws",
    "zeros_of": lambda value: "counted in all layers" if value == "all" else f"counted in the {value} layer",
    "hessian": lambda value: "full Hessian" if value == "full" else "diagonal of the Hessian",
    "ranges": lambda value: RANGES.get(value, str(value)),
    "layers": lambda value: PARTS.get(value, str(value)),
    "winograd": lambda value: WINOGRAD.get(value, str(value)),
    "activation_bits": lambda value: f"activations in {value} bits",
    "symmetric": lambda value: "symmetric grid" if value else "zero points",
    "fused": lambda value: "additions within convolutions" if value else "additions by themselves",
    "rounded": lambda value: "trained with rounding" if value else "trained in float",
    "batch": lambda value: f"{value} image{'s' if value != 1 else ''} at a time",
    "precision": str,
    "start": lambda value: f"{value} initialisation",
    "rows": lambda value: "all rows together" if value == "together" else "each row alone",
    "levels": lambda value: "one level for all layers" if value == "uniform" else "levels allocated to layers",
    "cost": lambda value: COSTS.get(value, str(value)),
    "loss": lambda value: "errors at the output summed" if value == "output" else "errors of layers summed",
    "way": lambda value: "inverse updated column by column" if value == "downdate" else "inverted anew",
    "calibration": lambda value: f"{value} calibration",
    "pruner": lambda value: f"pruned by {value.replace('_', ' ')}",
    "quantizer": lambda value: f"quantized by {value.upper()}",
    "rounds": lambda value: f"{value} round{'s' if value != 1 else ''}",
}
"""By name of the setting; one that is not listed is told as "name value"."""


def describe_settings(settings: Mapping[str, Any]) -> str:
    """The settings in words, in their order: "90 % sparsity", "2:4 sparsity", "3 bits, one scale per channel"."""
    words = []
    for name, value in settings.items():
        if name == "n" and "m" in settings:
            continue
        if name == "m":
            words.append(f"{int(value) - int(settings['n'])}:{value} sparsity")
        elif name in PHRASES:
            words.append(PHRASES[name](value))
        else:
            words.append(f"{name.replace('_', ' ')} {value}")
    return ", ".join(words)
