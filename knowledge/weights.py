"""How much each feature of `knowledge.shortlist` and `knowledge.silence` counts, and the level of scores. Written by
`python -m benchmarks.bench_retrieval fit`."""

SHORTLIST_WEIGHTS = {
    "asked": 8.68,
    "cosine": -3.75,
    "topic cosine": 7.04,
    "dense rank": 1.39,
    "lexical rank": 3.31,
    "named": 2.22,
    "another is named": -3.12,
}
LEVEL = 7.34
"""What is taken off the sum, so that half-way between answers and others the score is 0.5."""
SUPPORT_LEVEL = -1.62
"""The log-odds that the sources answer, before any feature counts."""
SUPPORT_WEIGHTS = {
    "score": 0.06,
    "stretch": 0.56,
    "asked": 3.77,
    "unsaid": -0.54,
}
