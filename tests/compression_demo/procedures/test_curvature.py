"""Curvatures against loops over inputs, classes and weights."""

import torch
from torch.nn import functional

from compression_demo.procedures import curvature
from compression_demo.procedures.prune_iteratively import find_weights
from compression_demo.testbeds import Labelled
from tests.reference.sharing import gauss_newton, hessian_diagonal

from .nets import samples, small_net


def test_gauss_newton_is_the_sum_over_inputs_and_classes() -> None:
    net, data = small_net(), samples(40)
    found = curvature.measure_gauss_newton(net, find_weights(net), data.inputs)
    for name in find_weights(net):
        torch.testing.assert_close(found[name], gauss_newton(net, net.get_parameter(name), data.inputs))


def test_in_a_relu_net_it_is_the_exact_diagonal() -> None:
    """But for the labels, which the Gauss-Newton matrix does not see and the exact diagonal does not either."""
    net, data = small_net(), samples(40)
    found = curvature.measure_gauss_newton(net, find_weights(net), data.inputs)
    for name in find_weights(net):
        exact = hessian_diagonal(net, net.get_parameter(name), data.inputs, data.labels)
        torch.testing.assert_close(found[name], exact, rtol=1e-4, atol=1e-6)


def test_fisher_takes_one_input_at_a_time() -> None:
    net, data = small_net(), samples(40)
    found = curvature.measure_fisher(net, find_weights(net), data)
    for name in find_weights(net):
        slopes = [
            torch.autograd.grad(functional.cross_entropy(net(x[None]), y[None]), net.get_parameter(name))[0]
            for x, y in zip(data.inputs, data.labels, strict=True)
        ]
        torch.testing.assert_close(found[name], torch.stack(slopes).square().mean(0))


def test_adam_holds_what_the_optimizer_holds() -> None:
    net, data = small_net(), samples(150)
    found = curvature.measure_adam(net, find_weights(net), data, torch.Generator().manual_seed(3))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.0)
    order = torch.randperm(150, generator=torch.Generator().manual_seed(3))
    for rows in order.split(curvature.BATCH):
        optimizer.zero_grad()
        functional.cross_entropy(net(data.inputs[rows]), data.labels[rows]).backward()
        optimizer.step()
    for name in find_weights(net):
        state = optimizer.state[net.get_parameter(name)]
        torch.testing.assert_close(found[name], (state["exp_avg_sq"] / (1 - 0.999 ** int(state["step"]))).sqrt())


def test_the_full_hessian_is_that_of_the_penalised_loss() -> None:
    net, data, penalty = small_net().double().requires_grad_(False), samples(60), 0.01
    inputs, weights = data.inputs.double(), find_weights(net)
    found = curvature.measure_hessian(net, weights, Labelled(inputs, data.labels), penalty)

    def loss(first: torch.Tensor, second: torch.Tensor, third: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(functional.linear(inputs, first, net.get_parameter("0.bias")))
        scores = functional.linear(
            torch.relu(functional.linear(hidden, second, net.get_parameter("2.bias"))),
            third,
            net.get_parameter("4.bias"),
        )
        squares = first.square().sum() + second.square().sum() + third.square().sum()
        return functional.cross_entropy(scores, data.labels) + penalty / 2 * squares

    blocks = torch.autograd.functional.hessian(loss, tuple(weights.values()))
    sizes = [weight.numel() for weight in weights.values()]
    rows = [
        torch.cat([b.reshape(n, m) for b, m in zip(row, sizes, strict=True)], 1)
        for row, n in zip(blocks, sizes, strict=True)
    ]
    torch.testing.assert_close(found, torch.cat(rows))


def test_weights_come_back_from_one_vector() -> None:
    weights = find_weights(small_net())
    back = curvature.unflatten(curvature.flatten(weights), weights)
    assert list(back) == list(weights) and all(torch.equal(back[name], weights[name]) for name in weights)
