"""How well the change of the loss is predicted by the Hessian's diagonal, and by all of the Hessian.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017), Eqs. 4 to 7: to second order the loss
changes by half of d^T H d, and the paper keeps half of sum h_ii d_i^2; what that leaves out it conjectures to be
small (Appendix A.1), without a measurement.
"""

from __future__ import annotations

from compression_demo.testbeds import Metric

from .full_hessian import CLUSTERS, HESSIAN, SOURCES, USE_S, Kind, find_valley, name_hessian
from .registry import Outcome, Work, procedure

PREDICTION_ERROR = Metric(
    "prediction_error", "error of the predicted loss change, as a share of the real one", "", "lower"
)
PREDICTED = Metric("predicted_change", "predicted change of the loss", "nats", "lower")
REAL = Metric("real_change", "real change of the loss", "nats", "lower")


@procedure(
    "predict_loss_change",
    title="second-order prediction of the loss",
    source="Towards the Limit of Network Quantization (Choi et al., ICLR 2017), Eqs. 4 to 7 and Appendix A.1",
    settings=(CLUSTERS, HESSIAN),
    metrics=(PREDICTION_ERROR, PREDICTED, REAL),
    seconds=lambda testbed, settings: USE_S,
    parts=name_hessian,
    evaluates=False,
    sources=SOURCES,
)
def predict_loss_change(work: Work, clusters: int, hessian: Kind) -> Outcome:
    """The change of the loss when the weights are shared by plain k-means, as predicted and as measured."""
    import torch

    from .scalar_quantizers import Line, cluster_best

    valley = find_valley(work)
    weights = valley.flat()
    found = cluster_best(Line.of(weights.numpy()), clusters)
    shared = torch.from_numpy(found.values[found.codes])
    step = shared - weights
    kept = valley.hessian if hessian == "full" else valley.hessian.diagonal().diag()
    predicted = 0.5 * float(step @ kept @ step)
    real = valley.measure_loss(shared) - valley.measure_loss(weights)
    metrics = {
        PREDICTION_ERROR.name: abs(predicted - real) / abs(real),
        PREDICTED.name: predicted,
        REAL.name: real,
    }
    # The theory drops the gradient, which is zero at a minimum alone: what it would have added.
    return Outcome(None, metrics, ({"layer": "all layers", "first_order_change": valley.measure_slope(step)},))
