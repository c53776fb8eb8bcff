"""Loss and activity of nets against plain counts."""

import pytest
import torch
from torch import nn

from compression_demo.testbeds.net_metrics import measure_activity, measure_loss


def test_loss_is_the_mean_over_all_samples() -> None:
    torch.manual_seed(0)
    net, images, labels = nn.Linear(3, 4), torch.randn(7, 3), torch.tensor([0, 1, 2, 3, 0, 1, 2])
    logits = net(images).detach()
    expected = -(logits - logits.logsumexp(1, keepdim=True))[range(7), labels].mean()
    assert measure_loss(net, images, labels, batch=3) == pytest.approx(float(expected), rel=1e-6)


def test_activity_of_linear_layers_is_counted_product_by_product() -> None:
    torch.manual_seed(1)
    first, second = nn.Linear(5, 6), nn.Linear(6, 3)
    with torch.no_grad():
        first.weight[torch.rand(6, 5) < 0.5] = 0
        second.weight[torch.rand(3, 6) < 0.3] = 0
    images = torch.randn(8, 5) * (torch.rand(8, 5) < 0.7)
    hidden = torch.relu(first(images)).detach()
    products = sum(
        int(x[j] != 0 and w[i, j] != 0)
        for inputs, w in ((images, first.weight), (hidden, second.weight))
        for x in inputs
        for i in range(w.shape[0])
        for j in range(w.shape[1])
    )
    found = measure_activity(nn.Sequential(first, nn.ReLU(), second), images)
    assert found["activation_density"] == pytest.approx(100 * float((hidden != 0).float().mean()))
    assert found["effective_macs"] == pytest.approx(100 * products / (8 * (5 * 6 + 6 * 3)))


def test_activity_of_convolutions_counts_padding_as_zero() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.Conv2d(2, 2, 3, padding=1, groups=2))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.fill_(1)
    found = measure_activity(net, torch.ones(1, 1, 4, 4))
    # Nothing is zero but the padding, which is no multiplication of a dense net either.
    assert found == {"activation_density": 100.0, "effective_macs": 100.0}
    found = measure_activity(net, torch.zeros(1, 1, 4, 4))
    assert found["activation_density"] == 100.0, "the bias makes all values positive"
    assert found["effective_macs"] == pytest.approx(50.0), "two filters of nine taps in each layer"
