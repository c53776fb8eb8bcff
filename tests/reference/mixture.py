"""The mixture prior from its equations, in float64 and by automatic differentiation (Ullrich et al., 2017, Sec. 2)."""

import math

import torch


def negative_log_prior(
    weights: torch.Tensor,
    means: torch.Tensor,
    log_precisions: torch.Tensor,
    logits: torch.Tensor,
    zero_weight: float,
    gamma: list[tuple[float, float]] | None = None,
) -> torch.Tensor:
    """-sum_i log sum_j pi_j N(w_i | mu_j, 1 / lambda_j) - sum_j log Gamma(lambda_j | a_j, b_j) up to its constants.

    means: (count,), the first of which is pinned at zero. gamma: shape and rate for each component.
    """
    free = torch.exp(logits) / torch.exp(logits).sum() * (1 - zero_weight)
    shares = [torch.tensor(zero_weight, dtype=torch.float64), *free]
    total = torch.zeros((), dtype=torch.float64)
    for weight in weights:
        density = torch.zeros((), dtype=torch.float64)
        for share, mean, log_precision in zip(shares, means, log_precisions, strict=True):
            precision = torch.exp(log_precision)
            density = density + share * torch.sqrt(precision / (2 * math.pi)) * torch.exp(
                -precision * (weight - mean) ** 2 / 2
            )
        total = total - torch.log(density)
    for (shape, rate), log_precision in zip(gamma or [], log_precisions, strict=False):
        total = total - ((shape - 1) * log_precision - rate * torch.exp(log_precision))
    return total


def divergence(mean: float, variance: float, other_mean: float, other_variance: float) -> float:
    """KL(N(mean, variance) || N(other_mean, other_variance)) in nats, by integrating on a fine grid."""
    reach = 12 * math.sqrt(variance)
    points = torch.linspace(mean - reach, mean + reach, 200_001, dtype=torch.float64)
    log_p = -((points - mean) ** 2) / (2 * variance) - 0.5 * math.log(2 * math.pi * variance)
    log_q = -((points - other_mean) ** 2) / (2 * other_variance) - 0.5 * math.log(2 * math.pi * other_variance)
    return float(torch.trapezoid(log_p.exp() * (log_p - log_q), points))
