"""How much each feature of `knowledge.reranking` and `knowledge.silence` counts. Written by
`python -m benchmarks.bench_retrieval fit`."""

LEVEL = 17.59
"""What is taken off the sum, so that half-way between answers and others the score is 0.5."""
WEIGHTS = {
    "words": 1.18,
    "pairs": -0.80,
    "section words": 0.49,
    "numbers": -0.04,
    "has number, asked": -0.00,
    "many numbers, asked": 0.87,
    "length": 0.84,
    "short": -3.25,
    "match": 4.12,
    "stretch": 3.68,
    "cosine": 2.85,
    "feedback": 4.40,
    "dense rank": 2.18,
    "lexical rank": 1.40,
    "named": 1.35,
    "another is named": -1.57,
    "review, asked": 1.95,
    "review, not asked": -1.37,
    "reply, asked": 1.74,
    "reply, not asked": -0.18,
    "decision, asked": 2.80,
    "meta-review, chair asked": 1.97,
    "decision, not asked": -0.74,
    "score, asked": 0.64,
    "score, not asked": -3.00,
    "score noted, asked": 4.14,
    "afterwards, asked": 5.00,
    "paper, record asked": -0.68,
    "reviewer": 1.49,
    "named by id": 1.84,
    "other reviewer": -2.90,
    "answers reviewer": 0.74,
    "aspect": 1.85,
    "summary, contributions asked": 2.06,
    "table, number asked": 0.31,
    "table, not asked": 0.06,
    "company": 4.51,
    "neighbour": 1.19,
    "below its best": -5.16,
}
SUPPORT_LEVEL = -0.54
"""The log-odds that the sources answer, before any feature counts."""
SUPPORT_WEIGHTS = {
    "score": 0.05,
    "stretch": 3.03,
    "unsaid": -1.88,
}
