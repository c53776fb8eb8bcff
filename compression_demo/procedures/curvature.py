"""How much a net's loss bends along each weight: the diagonal of its Hessian or what stands in for it, and all of it.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017): the diagonal (Secs. 4.1 and 4.3) and the
square root of Adam's second moments (Sec. 4.4). The diagonal is taken from the Gauss-Newton matrix, which is
never negative. In a net of linear layers with ReLU or max-pools between them the two are the same: the scores are a
piecewise linear function of any one weight, so that what Gauss-Newton leaves out has zeros on its diagonal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.testbeds import Labelled

Curvature = Literal["none", "gauss_newton", "fisher", "adam"]
Weights = Mapping[str, "torch.Tensor"]
PART = 32
"""Inputs whose gradients are held at the same time."""
COLUMNS = 64
"""Columns of a Hessian that are made at the same time."""
BATCH = 64
"""Inputs of one step of Adam, as in the training of the testbeds."""
BETA2 = 0.999


def measure_curvature(
    model: nn.Module, weights: Weights, kind: Curvature, samples: Labelled, stream: torch.Generator
) -> dict[str, torch.Tensor]:
    """The importance of each of `weights`, by name and in their shapes, float32 of 0 or more.

    Args:
        kind: "none": all alike; "gauss_newton": the diagonal of the Gauss-Newton matrix; "fisher": mean squared
            gradients of the loss, an input at a time; "adam": the square root of Adam's second moments.
        samples: training inputs (samples, ...) and labels, from which it is measured.
        stream: the order of Adam's batches.
    """
    import torch

    if kind == "none":
        return {name: torch.ones_like(weight) for name, weight in weights.items()}
    with torch.no_grad():  # slopes come from torch.func; a graph to the biases would be kept for nothing
        if kind == "gauss_newton":
            return measure_gauss_newton(model, weights, samples.inputs)
        if kind == "fisher":
            return measure_fisher(model, weights, samples)
        return measure_adam(model, weights, samples, stream)


def measure_gauss_newton(model: nn.Module, weights: Weights, inputs: torch.Tensor) -> dict[str, torch.Tensor]:
    """The mean over inputs of sum_c p_c (d log p_c / dw)^2: the diagonal of the Gauss-Newton matrix of the softmax
    cross-entropy, which is its Fisher information. As many backward passes as there are classes."""
    import torch
    from torch.func import jacrev, vmap

    scores = _scores_of(model)
    slopes = vmap(jacrev(lambda w, x: scores(w, x).log_softmax(0)), (None, 0))
    total = {name: torch.zeros_like(weight) for name, weight in weights.items()}
    for part in inputs.split(PART):
        shares = model(part).softmax(1)
        for name, slope in slopes(dict(weights), part).items():
            total[name] += torch.einsum("nc,nc...->...", shares, slope.square())
    return {name: value / len(inputs) for name, value in total.items()}


def measure_fisher(model: nn.Module, weights: Weights, samples: Labelled) -> dict[str, torch.Tensor]:
    """The mean over inputs of the squared gradient of each one's own loss: the empirical Fisher information."""
    import torch
    from torch.func import grad, vmap
    from torch.nn import functional

    scores = _scores_of(model)
    slopes = vmap(grad(lambda w, x, y: functional.cross_entropy(scores(w, x), y)), (None, 0, 0))
    total = {name: torch.zeros_like(weight) for name, weight in weights.items()}
    for inputs, labels in zip(samples.inputs.split(PART), samples.labels.split(PART), strict=True):
        for name, slope in slopes(dict(weights), inputs, labels).items():
            total[name] += slope.square().sum(0)
    return {name: value / len(samples.labels) for name, value in total.items()}


def measure_adam(
    model: nn.Module, weights: Weights, samples: Labelled, stream: torch.Generator
) -> dict[str, torch.Tensor]:
    """The square root of the second moments that Adam holds after a pass over `samples` in batches, the net left as it
    is: what it would hold at the end of a training whose rate has fallen to zero."""
    import torch
    from torch.func import grad
    from torch.nn import functional

    scores = _scores_of(model, one=False)
    slopes = grad(lambda w, x, y: functional.cross_entropy(scores(w, x), y))
    moments = {name: torch.zeros_like(weight) for name, weight in weights.items()}
    batches = torch.randperm(len(samples.labels), generator=stream).split(BATCH)
    for rows in batches:
        for name, slope in slopes(dict(weights), samples.inputs[rows], samples.labels[rows]).items():
            moments[name].mul_(BETA2).add_(slope.square(), alpha=1 - BETA2)
    unbiased = 1 - BETA2 ** len(batches)
    return {name: (moment / unbiased).sqrt() for name, moment in moments.items()}


def measure_hessian(model: nn.Module, weights: Weights, samples: Labelled, penalty: float) -> torch.Tensor:
    """The Hessian (weights, weights) of the mean cross-entropy over `samples` plus `penalty` / 2 * |w|^2, for
    all weights one after another in the order of `weights`; as many backward passes as there are weights."""
    import torch
    from torch.func import grad, jacrev

    loss = penalised_loss(model, weights, samples, penalty)
    with torch.no_grad():
        columns = jacrev(grad(loss), chunk_size=COLUMNS)(flatten(weights))
    return (columns + columns.T) / 2


def penalised_loss(
    model: nn.Module, weights: Weights, samples: Labelled, penalty: float
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Mean cross-entropy over `samples` plus `penalty` / 2 * |w|^2, as a function of all weights one after another, in
    the type of the model's parameters; its other parameters stay as they are."""
    from torch.func import functional_call
    from torch.nn import functional

    inputs = samples.inputs.to(next(model.parameters()).dtype)

    def loss(flat: torch.Tensor) -> torch.Tensor:
        scores = functional_call(model, unflatten(flat, weights), (inputs,))
        return functional.cross_entropy(scores, samples.labels) + 0.5 * penalty * flat.square().sum()

    return loss


def flatten(weights: Weights) -> torch.Tensor:
    """All weights one after another."""
    import torch

    return torch.cat([weight.flatten() for weight in weights.values()])


def unflatten(flat: torch.Tensor, like: Weights) -> dict[str, torch.Tensor]:
    """Weights from one vector, by the names, the order and the shapes of `like`."""
    parts = flat.split([weight.numel() for weight in like.values()])
    return {name: part.view(weight.shape) for (name, weight), part in zip(like.items(), parts, strict=True)}


def _scores_of(model: nn.Module, one: bool = True) -> Callable[..., torch.Tensor]:
    """The scores of one input (classes,), or of a batch (samples, classes), as a function of some weights by name."""
    from torch.func import functional_call

    def scores(weights: dict[str, torch.Tensor], inputs: torch.Tensor) -> torch.Tensor:
        return (
            functional_call(model, weights, (inputs[None],))[0] if one else functional_call(model, weights, (inputs,))
        )

    return scores
