"""Lossless coding of shared weights: Huffman codes for any symbols, and bounded gaps for the places of sparse weights.

Deep Compression (Han, Mao and Dally, ICLR 2016), Secs. 2 and 4: places are stored as differences between neighbours, a
filler zero going in where a difference is too wide for its bits.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def measure_entropy(counts: np.ndarray) -> float:
    """The least mean bits per symbol of any code, for symbols that occur `counts` (symbols,) times."""
    import numpy as np

    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


def measure_lengths(counts: np.ndarray) -> np.ndarray:
    """Bits (symbols,) int64 of each symbol's codeword in a Huffman code; 0 for symbols that do not occur. A symbol that
    is alone takes one bit."""
    import numpy as np

    lengths = np.zeros(len(counts), dtype=np.int64)
    # Ties fall by number, so that one table of counts gives one code.
    heap: list[tuple[int, int, list[int]]] = [(int(n), s, [s]) for s, n in enumerate(counts) if n > 0]
    heapq.heapify(heap)
    if len(heap) == 1:
        lengths[heap[0][1]] = 1
    while len(heap) > 1:
        first, second = heapq.heappop(heap), heapq.heappop(heap)
        under = first[2] + second[2]
        lengths[under] += 1
        heapq.heappush(heap, (first[0] + second[0], min(first[1], second[1]), under))
    return lengths


def assign_codewords(lengths: np.ndarray) -> dict[str, int]:
    """Codeword, as a text of 0 and 1, -> symbol: the canonical code with these lengths, which they alone determine."""
    words, code, before = {}, 0, 0
    for symbol in sorted((s for s in range(len(lengths)) if lengths[s]), key=lambda s: (lengths[s], s)):
        code <<= int(lengths[symbol]) - before
        before = int(lengths[symbol])
        words[f"{code:0{before}b}"] = symbol
        code += 1
    return words


def encode(symbols: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The bits, uint8 of 0 and 1, of symbols (count,) in the canonical code of these lengths.

    Raises:
        KeyError: a symbol has no codeword.
    """
    import numpy as np

    words = {symbol: word for word, symbol in assign_codewords(lengths).items()}
    table = np.zeros((len(lengths), max(map(len, words.values()), default=0)), dtype=np.uint8)
    used = np.zeros_like(table, dtype=bool)
    for symbol in np.unique(symbols):
        word = words[int(symbol)]
        table[symbol, : len(word)] = np.frombuffer(word.encode(), dtype=np.uint8) - ord("0")
        used[symbol, : len(word)] = True
    return table[symbols][used[symbols]]


def decode(bits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The symbols, int64, that `encode` made `bits` of.

    Raises:
        ValueError: the bits end within a codeword.
    """
    import numpy as np

    words = assign_codewords(lengths)
    symbols, word = [], ""
    for bit in bits.tolist():
        word += "1" if bit else "0"
        if word in words:
            symbols.append(words[word])
            word = ""
    if word:
        raise ValueError("the bits end within a codeword")
    return np.array(symbols, dtype=np.int64)


def find_gaps(places: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """How far each of the rising `places` lies behind the one before it, less one, in `bits` bits.

    Returns (gaps, real): gaps (entries,) int64 of 0 to 2^bits - 1, and whether an entry is one of the places or a
    filler, which lies 2^bits behind the last entry and holds a zero.
    """
    import numpy as np

    widest = 2**bits
    steps = np.diff(places, prepend=-1)
    fillers = (steps - 1) // widest
    ends = np.cumsum(fillers + 1) - 1
    gaps = np.full(int(fillers.sum()) + len(places), widest - 1, dtype=np.int64)
    real = np.zeros(len(gaps), dtype=bool)
    real[ends] = True
    gaps[ends] = steps - fillers * widest - 1
    return gaps, real


def find_places(gaps: np.ndarray, real: np.ndarray) -> np.ndarray:
    """The places that `find_gaps` made gaps of."""
    return (gaps + 1).cumsum()[real] - 1
