"""A net whose weights share a few values: what it takes to store it, written to bits and read back from them.

Ratios count everything: Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017), Eqs. 1 and 2;
with the places of the weights that pruning left, Deep Compression (Han, Mao and Dally, ICLR 2016), Secs. 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from . import coding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from .sharing_settings import Code

FULL_BITS = 32
"""Bits of a weight that is not compressed, and of a shared value."""
INDEX_BITS = 5
"""Bits of the gap between two weights that pruning left, as Deep Compression takes for fully connected layers."""


@dataclass(frozen=True)
class Stream:
    """Symbols (count,) int64 of 0 to `size` - 1, coded by one code of their own."""

    symbols: np.ndarray
    size: int

    @cached_property
    def counts(self) -> np.ndarray:
        return np.bincount(self.symbols, minlength=self.size)

    def measure(self, code: Code) -> float:
        """Bits of all symbols and of the table that a Huffman code needs, each codeword written once more (Eq. 1)."""
        if code == "fixed":
            return len(self.symbols) * max(1, int(np.ceil(np.log2(self.size))))
        if code == "entropy":
            return len(self.symbols) * coding.measure_entropy(self.counts)
        return float(coding.measure_lengths(self.counts) @ (self.counts + (self.counts > 0)))

    def read_back(self) -> np.ndarray:
        """The symbols as they come back from the bits of their Huffman code."""
        lengths = coding.measure_lengths(self.counts)
        return coding.decode(coding.encode(self.symbols, lengths), lengths)


@dataclass(frozen=True)
class Book:
    """Shared values (k,) float64 and the weights that share them: codes (weights,) int64, 0 for a weight that is pruned
    and j for the value j - 1. `index_bits`: those of a gap between kept weights; None where none is pruned."""

    values: np.ndarray
    codes: np.ndarray
    index_bits: int | None

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """What is coded: the value of each weight; with pruning that of each kept weight and filler, and the gaps."""
        if self.index_bits is None:
            return (Stream(self.codes - 1, len(self.values)),)
        kept = np.flatnonzero(self.codes)
        gaps, real = coding.find_gaps(kept, self.index_bits)
        symbols = np.zeros(len(gaps), dtype=np.int64)
        symbols[real] = self.codes[kept]
        size = len(self.values) + 1
        # Without fillers no code has to tell a zero.
        values = Stream(symbols, size) if not real.all() else Stream(symbols - 1, size - 1)
        return (values, Stream(gaps, 2**self.index_bits))

    def measure(self, code: Code) -> float:
        """All bits: the streams with their tables, and the shared values themselves."""
        return sum(stream.measure(code) for stream in self.streams) + FULL_BITS * len(self.values)

    def read_back(self) -> np.ndarray:
        """The weights (weights,) float64 as they come back from the written bits."""
        if self.index_bits is None:
            return self.values[self.streams[0].read_back()]
        symbols, gaps = (stream.read_back() for stream in self.streams)
        table = self.values if self.streams[0].size == len(self.values) else np.concatenate([[0.0], self.values])
        weights = np.zeros(len(self.codes))
        weights[coding.find_places(gaps, np.ones(len(gaps), dtype=bool))] = table[symbols]
        return weights


@dataclass(frozen=True)
class SharedValues:
    """The weights of a net by name, in one book each or all in one, one after another in the order of `shapes`."""

    shapes: Mapping[str, torch.Size]
    books: tuple[Book, ...]

    @property
    def count(self) -> int:
        return sum(shape.numel() for shape in self.shapes.values())

    def measure_ratio(self, code: Code) -> float:
        """Bits of the uncompressed weights over all bits stored."""
        return FULL_BITS * self.count / sum(book.measure(code) for book in self.books)

    def read_back(self) -> dict[str, torch.Tensor]:
        """The weights by name, float32, as they come back from the written bits."""
        return self._split(np.concatenate([book.read_back() for book in self.books]))

    def describe(self) -> tuple[dict[str, float | str], ...]:
        """A line for each book: weights kept, values in use, entropy and Huffman bits of a kept weight's code."""
        lines = []
        for number, book in enumerate(self.books):
            stream = book.streams[0]
            lengths = coding.measure_lengths(stream.counts)
            lines.append(
                {
                    "layer": list(self.shapes)[number] if len(self.books) > 1 else "all layers",
                    "kept_share": float(np.count_nonzero(book.codes) / len(book.codes)),
                    "values": len(book.values),
                    "entropy_bits": coding.measure_entropy(stream.counts),
                    "huffman_bits": float(lengths @ stream.counts / len(stream.symbols)),
                }
            )
        return tuple(lines)

    def _split(self, flat: np.ndarray) -> dict[str, torch.Tensor]:
        import torch

        parts = torch.from_numpy(flat).float().split([shape.numel() for shape in self.shapes.values()])
        return {name: part.view(shape) for (name, shape), part in zip(self.shapes.items(), parts, strict=True)}
