"""What a paper claims to contribute, as a short list in its own sentences. Pure."""

import re
from collections.abc import Sequence

from agent.answering.parts import fact, say
from agent.draft import DraftSentence
from agent.number_words import NUMBER_WORDS
from agent.quoting import quoted, sentences_of
from knowledge.types import Passage

_ANNOUNCES = re.compile(
    r"\b(?:our|the|main|key|following|\w+) contributions?(?: of (?:this|our|the) (?:paper|work))? (?:are|is|can be)\b"
    r"|\b(?:make|makes|offer|offers|list|are) (?:the following |the main |\w+ )?contributions?\b|\bcontribut(?:e|es) (?:the following|in)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(rf"\b({'|'.join(NUMBER_WORDS)}) (?:\w+ )?contributions?", re.IGNORECASE)
_CLAIMS = re.compile(
    r"\b(?:we|this (?:paper|work)|the (?:paper|work)) (?:\w+ly )?(?:propose|introduce|present|develop|describe|show|find|measure|evaluate|prove|give|study|demonstrate|derive|observe|reformulate|formulate|provide)s?\b",
    re.IGNORECASE,
)
_BARE = 8
"""A sentence of fewer words than this only announces what comes after it."""
MOST = 5
LONGEST_ITEM = 1200
"""Characters of a passage that may be an item of the list."""
TOLD_OF_ITEM = 330
"""Characters of an item that are told: its first sentences."""
_GOES_ON = re.compile(
    r"^\W*(?:the (?:rest|remainder)|in the (?:following|rest|remainder)|this paper is (?:organi[sz]ed|structured)|we (?:first|now|begin|start)\b|section \d|related work)",
    re.IGNORECASE,
)
"""How what comes after the list begins."""
_MARK = re.compile(r"\n+(?=\s*(?:[-*•]\s|\(?(?:\d{1,2}|[a-hivx]{1,4})[.)]\s))")


def contributions(passages: Sequence[Passage]) -> list[DraftSentence]:
    """The contributions that the passages of a paper announce; where none does, the sentences in which it claims most."""
    ordered = sorted(passages, key=lambda p: (p.locator.document, p.locator.start))
    for place, passage in enumerate(ordered):
        for sentence in sentences_of(passage.text):
            if _ANNOUNCES.search(sentence):
                return _announced(sentence, ordered[place:])
    claims = [(p, s) for p in ordered for s in sentences_of(p.text) if _CLAIMS.search(s)]
    claims = list({s: (p, s) for p, s in claims}.values())[:MOST]
    lead = [say("The paper does not list its contributions; it claims these:")] if claims else []
    return lead + [fact(quoted(s, p), p, bullet=True) for p, s in claims]


def _announced(sentence: str, following: Sequence[Passage]) -> list[DraftSentence]:
    """The sentence that announces, or, where it is bare, the items after it."""
    home = following[0]
    if len(sentence.split()) >= _BARE and not sentence.rstrip().endswith(":"):
        return [fact(quoted(sentence, home), home, bullet=True)]
    count = NUMBER_WORDS[m.group(1).lower()] if (m := _COUNT.search(sentence)) else MOST
    rest = home.text[home.text.find(sentence) + len(sentence) :].strip()
    items = [(home, item) for item in sentences_of(rest)] if rest else []
    for passage in following[1:]:
        # After items with marks, a passage without one is no item.
        marked = bool(items) and _without_mark(items[0][1]) != items[0][1].strip()
        ends = len(passage.text) > LONGEST_ITEM or _GOES_ON.search(passage.text)
        ends = ends or (marked and _without_mark(passage.text) == passage.text.strip())
        if passage.locator.section != home.locator.section or ends:
            break
        items += [(passage, item) for item in _MARK.split(passage.text) if re.search(r"\w", item)]
    told = [fact(quoted(_beginning(_without_mark(item)), p), p, bullet=True) for p, item in items[:count]]
    return [say("The paper claims as its contributions:"), *told] if told else []


def _beginning(item: str) -> str:
    """The first sentences of an item, one at least."""
    kept, *rest = sentences_of(item) or [item]
    for sentence in rest:
        longer = item[: item.find(sentence) + len(sentence)]
        if len(longer) > TOLD_OF_ITEM:
            break
        kept = longer
    return kept


def _without_mark(item: str) -> str:
    return re.sub(r"^\s*(?:[-*•]|\(?\w{1,3}[).])\s+", "", item).strip()
