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
LONGEST_ITEM = 350


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
        if passage.locator.section != home.locator.section or len(passage.text) > LONGEST_ITEM:
            break
        items.append((passage, passage.text))
    told = [fact(quoted(_without_mark(item), p), p, bullet=True) for p, item in items[:count]]
    return [say("The paper claims as its contributions:"), *told] if told else []


def _without_mark(item: str) -> str:
    return re.sub(r"^\s*(?:[-*•]|\(?\w{1,3}[).])\s+", "", item).strip()
