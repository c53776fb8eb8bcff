"""How much each feature of `knowledge.shortlist` and `knowledge.silence` counts, and the level of scores. Written by
`python -m benchmarks.bench_retrieval fit`."""

SHORTLIST_WEIGHTS = {
    "asked": 8.21,
    "cosine": -2.70,
    "topic cosine": 7.49,
    "dense rank": 1.40,
    "lexical rank": 3.26,
    "named": 2.29,
    "another is named": -3.31,
}
LEVEL = 6.96
"""What is taken off the sum, so that half-way between answers and others the score is 0.5."""
SUPPORT_LEVEL = -3.56
"""The log-odds that the sources answer, before any feature counts."""
SUPPORT_WEIGHTS = {
    "score": 0.04,
    "stretch": 1.63,
    "asked": 7.25,
    "unsaid": -0.75,
}
