"""Pruning, weight sharing by k-means with fine-tuned values, and Huffman coding, one after the other.

Deep Compression (Han, Mao and Dally, ICLR 2016): pruning in rounds with fine-tuning (Sec. 2), Lloyd's k-means in each
layer by itself from a start that is linear, by density or random (Sec. 3.2), values trained by the summed gradients of
their weights (Sec. 3.3), gaps between kept weights with fillers (Sec. 2) and Huffman codes for both (Sec. 4). The ratio
counts codes, gaps, tables and values, as Eq. 1 of the paper does for fixed-length codes without gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from compression_demo.algorithms.registry import SPARSITY, Setting

from .prune_iteratively import name_rounds
from .registry import Outcome, Work, procedure
from .sharing_settings import CODE, EPOCHS, METRICS, SOURCES, Code, Plan, Start, check_one_of, check_whole

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

    from .scalar_quantizers import Clustering, Line

MOST_BITS = 8
TUNING_EPOCHS = 5
"""What is taken where an arm leaves the epochs out."""
BITS = Setting("bits", "bits of a shared value's number", partial(check_whole, "bits", 1, MOST_BITS), required=True)
START = Setting(
    "start", "where k-means begins: linear, density or random", partial(check_one_of, "start", get_args(Start))
)


def estimate_pipeline(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of sharing and of the epochs of its fine-tuning."""
    return 0.5 + 1.5 * settings.get("epochs", TUNING_EPOCHS) * (testbed.epoch_s or 0.0)


@procedure(
    "deep_compression",
    title="Deep Compression",
    source="Deep Compression (Han et al., ICLR 2016), Secs. 2 to 4",
    settings=(SPARSITY, BITS, START, EPOCHS, CODE),
    metrics=METRICS,
    seconds=estimate_pipeline,
    parts=lambda testbed, settings: name_rounds(testbed, {"sparsity": settings["sparsity"]}),
    retrains=True,
    sources=SOURCES,
)
def compress_deeply(
    work: Work, sparsity: float, bits: int, start: Start = "linear", epochs: int = TUNING_EPOCHS, code: Code = "huffman"
) -> Outcome:
    """The net pruned to `sparsity`, with 2^bits shared values in each layer, read back from its bits."""
    from .scalar_quantizers import choose_start, cluster_by_lloyd
    from .sharing import begin, finish, share

    begun = begin(work, Plan(sparsity=sparsity))
    work.tick(0.6, "sharing values")
    stream = work.stream("start of k-means")

    def cluster(line: Line, count: float) -> Clustering:
        return cluster_by_lloyd(line, choose_start(line, int(count), start, stream))

    return finish(work, begun, share(begun, False, cluster, 2**bits), code, epochs)
