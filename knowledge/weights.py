"""How much each feature of `knowledge.shortlist` and `knowledge.silence` counts, and the level of scores. Written by
`python -m benchmarks.bench_retrieval fit`."""

SHORTLIST_WEIGHTS = {
    "cosine": 0.56,
    "topic cosine": 9.22,
    "dense rank": 0.63,
    "lexical rank": 3.94,
    "named": 4.46,
    "another is named": -2.33,
}
LEVEL = 6.52
"""What is taken off the sum, so that half-way between answers and others the score is 0.5."""
SUPPORT_LEVEL = -1.26
"""The log-odds that the sources answer, before any feature counts."""
SUPPORT_WEIGHTS = {
    "score": 0.05,
    "stretch": 3.83,
    "unsaid": -1.92,
}
