"""What a heading is about, in the vocabulary of reviewing."""

import re

from knowledge.types import Aspect

KEYWORDS: tuple[tuple[str, Aspect], ...] = (
    (r"problem|motivation|introduction|background", "problem"),
    (r"contributions?", "contributions"),
    (r"methods?|methodology|approach|algorithms?", "method"),
    (r"assumptions?", "assumptions"),
    (r"evaluation|experiments?|experimental|results?|ablations?", "evaluation"),
    (r"baselines?|related works?|comparisons?|essential references not discussed", "baselines"),
    (r"limitations?", "limitations"),
    (r"ethics|ethical|broader impact", "ethics"),
    (r"reproducibility|reproducible", "reproducibility"),
    (r"novelty|originality", "novelty"),
    (r"writing|clarity|typos?|minor|presentation", "writing"),
    (r"summary|abstract|tl;dr|conclusions?", "summary"),
    (r"strengths?|strong (?:points?|aspects?)|pros|positives?", "strengths"),
    (r"weakness(?:es)?|weak (?:points?|aspects?)|cons|negatives?|concerns?", "weaknesses"),
    (r"questions?", "questions"),
    (r"decision|recommendation", "decision"),
    (r"record", "record"),
    (r"traps?", "traps"),
    (r"paper type|type of paper", "type"),
)
PATTERN = re.compile(r"\b(?:" + "|".join(f"({words})" for words, _ in KEYWORDS) + r")(?!\w)", re.IGNORECASE)
JOINED = re.compile(r"\band\b|,|/|&", re.IGNORECASE)
NUMBERING = re.compile(r"^[\s#*_]*(?:(?:\d+|[A-Z]|[IVX]+)(?:\.\d+)*[.):]?\s+)?")
SUMMARY_OF = re.compile(r"^summary of (?!(?:the )?(?:paper|review|submission))", re.IGNORECASE)


def aspect_of(title: str) -> Aspect | None:
    """What a section with this title is about; None for unknown titles and for those that join several
    aspects ("Strengths and weaknesses"). Field names such as `summary_of_strengths` are titles too."""
    words = NUMBERING.sub("", title.replace("_", " "), count=1)
    words = SUMMARY_OF.sub("", words)
    found: list[Aspect] = []
    for match in PATTERN.finditer(words):
        aspect = KEYWORDS[(match.lastindex or 1) - 1][1]
        if aspect not in found:
            found.append(aspect)
    if len(found) > 1 and JOINED.search(words):
        return None
    return found[0] if found else None
