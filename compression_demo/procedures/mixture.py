"""The mixture of Gaussians that is a prior over weights: densities, gradients, hyper-priors, merging, assignment.

Ullrich, Meeds and Welling, "Soft Weight-Sharing for Neural Network Compression" (ICLR 2017), Secs. 2 and 4 and
Appendices A to C, after Nowlan and Hinton (1992). One component has its mean pinned at zero and its mixing weight fixed.
Imports torch: import it where a net is retrained.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from .mixture_kernels import accumulate

LOG_2PI = math.log(2 * math.pi)


@dataclass
class Mixture:
    """Components (count,), the first of them the pinned one.

    means, log_precisions: (count,) float; the first mean is zero. logits: (count - 1,) of the free mixing weights, which
    share what `zero_weight`, the mixing weight of the pinned component, leaves.
    """

    means: torch.Tensor
    log_precisions: torch.Tensor
    logits: torch.Tensor
    zero_weight: float

    @property
    def tensors(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What is learned of it."""
        return self.means, self.log_precisions, self.logits

    @property
    def deviations(self) -> torch.Tensor:
        """Standard deviations (count,)."""
        return (-0.5 * self.log_precisions).exp()

    def log_weights(self) -> torch.Tensor:
        """Logarithms of the mixing weights (count,)."""
        free = math.log1p(-self.zero_weight) + torch.log_softmax(self.logits, 0)
        return torch.cat([free.new_tensor([math.log(self.zero_weight)]), free])


@dataclass(frozen=True)
class HyperPriors:
    """Gamma densities of the precisions (Appendix B.1), which keep variances from shrinking to nothing.

    precision: their mode. strength, zero_strength: their shape parameters less one, that of the free components and of
    the pinned one; each counts as twice as many weights that lie one standard deviation away.
    """

    precision: float
    strength: float
    zero_strength: float

    def strengths(self, like: torch.Tensor) -> torch.Tensor:
        """The shape parameters less one (count,)."""
        found = torch.full_like(like, self.strength)
        found[0] = self.zero_strength
        return found


def start_mixture(weights: torch.Tensor, components: int, zero_weight: float) -> Mixture:
    """The mixture before learning (Sec. 4.2): the free means spread evenly over the range of the trained weights, each
    Gaussian as wide as its share of the range, the free mixing weights equal."""
    free = components - 1
    low, high = float(weights.min()), float(weights.max())
    means = torch.cat([torch.zeros(1), torch.linspace(low, high, free)])
    width = (high - low) / max(free - 1, 1)
    return Mixture(means, torch.full((components,), -2 * math.log(width)), torch.zeros(free), zero_weight)


def share_out(weights: torch.Tensor, mixture: Mixture) -> tuple[torch.Tensor, torch.Tensor]:
    """Responsibilities (weights, count) of the components for each weight (weights,), and its log-density (weights,)."""
    distances = weights[:, None] - mixture.means
    constant = mixture.log_weights() + 0.5 * (mixture.log_precisions - LOG_2PI)
    logs = constant - 0.5 * mixture.log_precisions.exp() * distances.square()
    density = torch.logsumexp(logs, 1)
    return (logs - density[:, None]).exp_(), density


@dataclass(frozen=True)
class Gradients:
    """Of the negative log-prior: its value, and its gradients with respect to the weights and to what is learned."""

    value: float
    weights: torch.Tensor
    means: torch.Tensor
    log_precisions: torch.Tensor
    logits: torch.Tensor


def differentiate(weights: torch.Tensor, mixture: Mixture, hyper: HyperPriors | None, scale: float = 1.0) -> Gradients:
    """-log p(weights) with its hyper-priors and gradients, in closed form: d/dw_i = sum_j r_ij lambda_j (w_i - mu_j).

    `scale` multiplies what the weights (weights,) contribute: where they are a sample, how many weights each stands for
    (Appendix C). The gradient of the pinned mean is zero.
    """
    precisions, gradient = mixture.log_precisions.exp(), torch.empty_like(weights, dtype=torch.float32)
    constants = mixture.log_weights() + 0.5 * (mixture.log_precisions - LOG_2PI)
    sums = np.empty((3, len(precisions)))
    means, lambdas, heights = (tensor.double().numpy() for tensor in (mixture.means, precisions, constants))
    total = accumulate(weights.float().contiguous().numpy(), means, lambdas, heights, gradient.numpy(), sums)
    counts, pulls, spread = (torch.from_numpy(row).to(precisions.dtype) for row in sums)
    of_means = -precisions * pulls
    of_means[0] = 0.0
    log_precisions = -0.5 * (counts - precisions * spread) * scale
    free = counts[1:]
    logits = free.sum() * torch.softmax(mixture.logits, 0) - free
    value = -total * scale
    if hyper is not None:
        strengths, ratios = hyper.strengths(precisions), precisions / hyper.precision
        log_precisions = log_precisions + strengths * (ratios - 1)
        value += float((strengths * (ratios - mixture.log_precisions)).sum(dtype=torch.float64))
    return Gradients(value, scale * gradient, scale * of_means, log_precisions, scale * logits)


def merge(mixture: Mixture, threshold: float) -> Mixture:
    """Components joined while the divergence of any two is below `threshold` nats, the closest first (Sec. 4.3).

    The divergence is the smaller of the two Kullback-Leibler divergences of their Gaussians. A pair becomes the Gaussian
    of its mixing weight, mean and variance; what joins the pinned component leaves its mean at zero.
    """
    shares = mixture.log_weights().exp().double().tolist()
    means, variances = mixture.means.double().tolist(), mixture.deviations.double().square().tolist()
    while len(means) > 2:
        pairs = [(_divergence(means, variances, i, j), i, j) for j in range(len(means)) for i in range(j)]
        least, i, j = min(pairs)
        if least >= threshold:
            break
        total = shares[i] + shares[j]
        mean = 0.0 if i == 0 else (shares[i] * means[i] + shares[j] * means[j]) / total
        variances[i] = sum(shares[k] * (variances[k] + (means[k] - mean) ** 2) for k in (i, j)) / total
        shares[i], means[i] = total, mean
        del shares[j], means[j], variances[j]
    free = torch.tensor(shares[1:]).clamp_min(1e-30).log()
    precisions = -torch.tensor(variances).log()
    return Mixture(torch.tensor(means), precisions, free, min(shares[0], 1 - 1e-9))


def _divergence(means: list[float], variances: list[float], i: int, j: int) -> float:
    """The smaller Kullback-Leibler divergence, in nats, of two Gaussians from each other."""
    ratio, distance = variances[i] / variances[j], (means[i] - means[j]) ** 2
    one = 0.5 * (ratio - 1 - math.log(ratio) + distance / variances[j])
    other = 0.5 * (1 / ratio - 1 + math.log(ratio) + distance / variances[i])
    return min(one, other)


def assign(weights: torch.Tensor, mixture: Mixture) -> torch.Tensor:
    """The number of the most responsible component (weights,) int64 of each weight (weights,); 0 is the pinned one."""
    return share_out(weights, mixture)[0].argmax(1)
