"""How long a net takes on this machine with the dense kernels of the library: a local measurement, no property of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from compression_demo.testbeds import Metric

if TYPE_CHECKING:
    import torch
    from torch import nn

LOCAL_MS = Metric("local_ms", "time for 1,000 inputs with dense kernels on this machine", "ms", "lower")
BATCH = 250
REPEATS = 15


def measure_local_ms(model: nn.Module, inputs: torch.Tensor) -> float:
    """Milliseconds for 1,000 inputs on one thread, in batches of 250 taken from `inputs` (samples, ...), over and over
    where they are fewer; the fastest of 15 passes, which other work on the machine disturbs least."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    batch = inputs.repeat(-(-BATCH // len(inputs)), *(1 for _ in inputs.shape[1:]))[:BATCH].contiguous()
    best = float("inf")
    try:
        with torch.inference_mode():
            for _ in range(REPEATS):
                started = time.perf_counter()
                for _ in range(1000 // BATCH):
                    model(batch)
                best = min(best, time.perf_counter() - started)
    finally:
        torch.set_num_threads(threads)
    return 1000 * best
