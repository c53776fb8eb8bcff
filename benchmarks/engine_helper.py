"""Answers the questions of `bench_engine` from standard input, one JSON object a line, in a process of its own."""

import json
import sys

import torch

from benchmarks.bench_engine import measure_peak, measure_published

torch.set_num_threads(1)
for line in sys.stdin:
    question = json.loads(line)
    answer = measure_peak(*question["peak"]) if "peak" in question else measure_published(*question["measure"])
    print(answer, flush=True)
