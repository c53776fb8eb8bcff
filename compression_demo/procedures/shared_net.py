"""A net whose weights are looked up in books of shared values, so that training moves the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    import numpy as np

    from .shared_values import SharedValues


class SharedNet(nn.Module):
    """`model` with its weights taken from shared values, which are the only parameters that are trained.

    The gradient of a value is the sum of those of its weights: Deep Compression (Han, Mao and Dally, ICLR 2016), Eq. 3.
    """

    def __init__(self, model: nn.Module, shared: SharedValues) -> None:
        super().__init__()
        self.model = model.requires_grad_(False)
        self.shapes = dict(shared.shapes)
        self.values = nn.ParameterList(nn.Parameter(torch.from_numpy(book.values).float()) for book in shared.books)
        self.codes = [torch.from_numpy(book.codes) for book in shared.books]

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        zero = torch.zeros(1)
        flat = torch.cat(
            [torch.cat([zero, values])[codes] for values, codes in zip(self.values, self.codes, strict=True)]
        )
        parts = flat.split([shape.numel() for shape in self.shapes.values()])
        weights = {name: part.view(shape) for (name, shape), part in zip(self.shapes.items(), parts, strict=True)}
        return torch.func.functional_call(self.model, weights, (inputs,))

    def read_values(self) -> list[np.ndarray]:
        """The values of each book, float64."""
        return [values.detach().double().numpy() for values in self.values]
