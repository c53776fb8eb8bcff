"""The citations of a weighing, kept to those that a reader needs: one of each whom it names, the scores that it counts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.attribution import named_reviewers
from agent.desk import Paper
from agent.draft import DraftSentence
from knowledge.types import Passage

MOST = 4
"""Citations of one weighing where nobody is named; a named reviewer has one however many there are."""
_REPLY = re.compile(r"\b(?:authors?|repl(?:y|ies|ied)|respon\w+|answer\w*|settle\w*|brings?)\b", re.IGNORECASE)
_COUNTED = re.compile(r"(?<![\w.])\d")


def spare_marks(
    sentences: Sequence[DraftSentence], passages: Mapping[str, Passage], paper: Paper | None
) -> list[DraftSentence]:
    """The sentences, where no weighing cites more than it needs; what is quoted below it bears its own citation."""
    return [_spared(s, passages, paper) if s.kind == "judgement" and len(s.passages) > MOST else s for s in sentences]


def _spared(sentence: DraftSentence, passages: Mapping[str, Passage], paper: Paper | None) -> DraftSentence:
    cited = [passages[p] for p in dict.fromkeys(sentence.passages) if p in passages]
    if len(cited) < len(set(sentence.passages)) or len({p.locator.submission for p in cited}) > 1:
        return sentence  # of several papers, or of a passage from elsewhere: nothing is known of what is needed
    needed: list[Passage] = []
    for name in named_reviewers(sentence.text, paper):
        needed += [p for p in cited if p.reviewer == name][:1]
    if _COUNTED.search(sentence.text):
        needed += [p for p in cited if p.locator.section == "Scores"]
    if _REPLY.search(sentence.text):
        needed += [p for p in cited if p.kind == "response"][:1]
    one_each = {(p.kind, p.reviewer or p.addressee): p for p in reversed(cited)}
    rest = [p for p in cited if p in one_each.values() and p not in needed]
    kept = {p.id for p in (*needed, *rest[: max(0, MOST - len(set(needed)))])}
    return replace(sentence, passages=tuple(p.id for p in cited if p.id in kept))
