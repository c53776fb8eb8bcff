"""Small nets for the tests of integer nets."""

import torch
from torch import nn
from torch.nn import functional

from compression_demo.testbeds.residual_nets import ResidualBlock


class Branching(nn.Module):
    """Every step there is: padding, convolutions with and without groups, ReLU and ReLU6, a shortcut, a pool, a
    concatenation, a mean and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(1, 4, 3, 2, bias=False), nn.BatchNorm2d(4), nn.ReLU6()
        )
        self.depthwise = nn.Sequential(
            nn.Conv2d(4, 4, 3, padding=1, groups=4, bias=False), nn.BatchNorm2d(4), nn.ReLU()
        )
        self.pool = nn.MaxPool2d(2)
        self.block = ResidualBlock(4, 4, 1)
        self.wide = ResidualBlock(4, 6, 2)
        self.head = nn.Linear(10, 3)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        found = self.stem(images)
        narrow = self.pool(self.depthwise(found))
        wide = self.wide(self.block(found))
        return self.head(torch.cat([narrow, wide], dim=1).mean((2, 3)))


class Trailing(nn.Module):
    """A ReLU on a value that is read twice, which cannot be fused."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        found = self.conv(images)
        return functional.relu(found) + found


def fill(net: nn.Module, seed: int = 0) -> nn.Module:
    """Random weights, and batch normalisations as after training, in eval mode."""
    stream = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                for tensor, low in ((module.running_mean, -1), (module.running_var, 0.2), (module.weight, 0.5)):
                    assert tensor is not None
                    tensor.copy_(torch.rand(tensor.shape, generator=stream) + low)
                module.bias.copy_(torch.randn(module.bias.shape, generator=stream) * 0.5)
            elif isinstance(module, (nn.Conv2d, nn.Linear)):
                module.weight.copy_(torch.randn(module.weight.shape, generator=stream) * 0.4)
    return net.eval()


def draw_images(count: int = 16, size: int = 12, seed: int = 5) -> torch.Tensor:
    return torch.randn(count, 1, size, size, generator=torch.Generator().manual_seed(seed))
