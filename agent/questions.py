"""The questions of one message: "who stands where, and why is reviewer 4 worried?" asks two. Pure."""

import re

from agent.cues import CUE_WORDS, content_words
from agent.intents import asks, sentences_of

_OPENS = (
    r"(?:what(?:['’]?s)?|why|who|whom|whose|how|which|where|when|did|does|do|is|was|are|were|has|have|had|can|could|would|will|should|"
    r"any(?:one|body|thing)?|(?:with|by|to|for|from|of|in|at|on) (?:what|which|whom|how))(?:['’]s|n['’]t)?"
)
_JOINED = re.compile(
    rf"(?:\s*[,;]|\s[-–—])?\s+(?:and|but|or)\s+(?:(?:also|then|if so|if not|please|really),?\s+)*(?={_OPENS}\b)"
    rf"|(?:\s*;|\s*,|\s[-–—])\s+(?={_OPENS}\b)",
    re.IGNORECASE,
)
"""What may stand between two questions of one sentence."""
_BEGINS = re.compile(
    rf"^\W*(?:(?:and|but|so|ok(?:ay)?|right|good|well|then|now|also|please|mm+|h+m+)\W+)*(?:{_OPENS}\b)", re.IGNORECASE
)
_INSIDE = re.compile(
    r"[,;–—-]\s+(?:(?:who|what|which|how|where|when|why) (?:is|was|are|were|do|does|did|has|have|had|will|would|can|could)\b)|[,;–—-]\s+(?:is|was|are|were|do|does|did|has|have|had)\b",
    re.IGNORECASE,
)
"""A question after what leads to it, in one sentence."""
_WHY_ALONE = re.compile(r"^why\b(?! (?:is|was|are|were|do|does|did|has|have|had|would|should|not)\b)", re.IGNORECASE)
_RELATIVE = re.compile(r"^(?:which|who|whom|whose|where|when)\b", re.IGNORECASE)
_HEAD = re.compile(r"^\W*(?P<head>[^:?!.,;]{2,60}):\s+\S")
"""What a message is about, before a colon."""
LONGEST_HEAD = 6
MOST = 4
MOST_NAMED = 5
SHORTEST = 2


def questions_of(text: str) -> list[str]:
    """The questions of a message, each with what leads to it and with the head that stands over them; the whole message
    where it asks but one."""
    head = _HEAD.match(text)
    over = head["head"].strip() if head and len(head["head"].split()) <= LONGEST_HEAD else ""
    found: list[str] = []
    before: list[str] = []
    for sentence in sentences_of(text):
        for part in _cut(sentence):
            if not _is_question(part) and not (part != sentence and _names_what_is_asked(part)):
                before.append(part)
                continue
            led = " ".join([*before, part])
            found.append(f"{over}: {led}" if over and found and over not in led else led)
            before = []
    if before and found:
        found[-1] = " ".join([found[-1], *before])
    return found[:MOST] if len(found) > 1 else [text]


def _cut(sentence: str) -> list[str]:
    """A sentence cut where another question begins; a lone "why", and what only goes on with a clause, is no other."""
    parts: list[str] = []
    start = 0
    for mark in _JOINED.finditer(sentence):
        left, right = sentence[start : mark.start()], sentence[mark.end() :]
        bare_comma = not re.search(r"[a-z;–—-]", mark.group(), re.IGNORECASE)
        clause = _RELATIVE.match(right)
        if clause and bare_comma and not re.match(rf"\W*(?:\w+\W+)?{clause[0]}\b", left, re.IGNORECASE):
            continue
        if len(re.findall(r"\w+", right)) < SHORTEST or _WHY_ALONE.match(right):
            continue
        if not (_is_question(left) or _names_what_is_asked(left)):
            continue
        parts.append(left)
        start = mark.end()
    return [*parts, sentence[start:]]


def _is_question(part: str) -> bool:
    """Whether a part asks something: by its mark, by how it begins, or behind what leads to it."""
    body = part.partition(": ")[2] if _HEAD.match(part) else part
    if len(re.findall(r"\w+", body)) < SHORTEST and not part.rstrip().endswith("?"):
        return False
    return part.rstrip().endswith("?") or asks(part) or any(p.search(body) for p in (_BEGINS, _INSIDE))


def _names_what_is_asked(part: str) -> bool:
    """Whether a part asks by naming a kind of answer: "scores", "novelty, reviewer by reviewer"."""
    words = content_words(part)
    return bool(words) and words[0] in CUE_WORDS and len(part.split()) <= MOST_NAMED
