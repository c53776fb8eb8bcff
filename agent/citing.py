"""Citations for sentences that a model left without: the passage that bears one, found by its words.

A sentence gets a citation only where the passage passes every check of grounding and holds most of the sentence's words.
"""

from collections.abc import Sequence
from dataclasses import replace

from agent.cues import content_words
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.grounding import Evidence, classify, objection
from knowledge.types import Passage

LEAST_SHARE = 0.75
"""Of a sentence's content words, how many its passage must hold."""
FEWEST_WORDS = 3
MOST_TRIED = 5


def cite(draft: Sequence[DraftSentence], evidence: Evidence, paper: Paper | None) -> tuple[DraftSentence, ...]:
    """The draft with a citation for each uncited fact or judgement that a passage of `evidence` bears."""
    return tuple(_cited(sentence, evidence, paper) for sentence in draft)


def _cited(sentence: DraftSentence, evidence: Evidence, paper: Paper | None) -> DraftSentence:
    if sentence.passages or sentence.runs or classify(sentence).kind not in ("fact", "judgement"):
        return sentence
    words = set(content_words(sentence.text))
    if len(words) < FEWEST_WORDS:
        return sentence
    shares = [(_share(words, passage), passage) for passage in evidence.passages.values()]
    near = sorted((pair for pair in shares if pair[0] >= LEAST_SHARE), key=lambda pair: -pair[0])
    for _, passage in near[:MOST_TRIED]:
        if objection(sentence, [passage], evidence, paper, False) is None:
            return replace(sentence, passages=(passage.id,))
    return sentence


def _share(words: set[str], passage: Passage) -> float:
    held = set(content_words(f"{passage.reviewer or ''} {passage.text}"))
    return len(words & held) / len(words)
