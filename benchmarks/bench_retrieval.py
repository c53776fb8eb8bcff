"""Whether the right passage is found, and what that costs as the collection grows.

    python -m benchmarks.bench_retrieval quality [--half reporting] [--folder F] [--distractors 6000]
    python -m benchmarks.bench_retrieval scale [--folder F] [--passages 1000 10000 100000] [--real 20000]
    python -m benchmarks.bench_retrieval fit [--folder F] [--distractors 6000]

`quality` puts the questions of benchmarks/questions/ and reports the half that nothing was fitted on; `fit` writes
knowledge/weights.py and knowledge/fitted.npz from the other half and the questions over real threads; `scale` measures import, size, start and questions on one core. Without a
command, quality and scale follow one another. Vectors are kept in `--folder` (the platform's cache), so a second run
embeds nothing. Tables are printed as Markdown.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from benchmarks import retrieval_fit, retrieval_quality, retrieval_scale
from knowledge import fitted

WEIGHTS = Path(__file__).parents[1] / "knowledge" / "weights.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=("quality", "scale", "fit"))
    parser.add_argument("--folder", type=Path, default=Path(platformdirs.user_cache_dir("second-opinion-bench")))
    parser.add_argument("--half", choices=("tuning", "reporting"), default="reporting", help="of the questions")
    parser.add_argument("--distractors", type=int, default=6000)
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--real", type=int, default=20_000, help="real passages that the large collections repeat")
    options = parser.parse_args()
    if options.what == "fit":
        bench = retrieval_quality.Bench(options.folder, options.distractors)
        retrieval_fit.write_fit(WEIGHTS, fitted.PATH, retrieval_fit.fit(bench))
        bench.close()
    if options.what in (None, "quality"):
        bench = retrieval_quality.Bench(options.folder, options.distractors)
        for head, rows in retrieval_quality.report(bench, options.half == "tuning"):
            print_table(head, rows)
        bench.close()
    if options.what in (None, "scale"):
        print_table(*retrieval_scale.measure(options.folder, options.passages, options.real))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


if __name__ == "__main__":
    main()
