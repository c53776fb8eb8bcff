"""Whether words are a passage's own: whole sentences of it, but for white space and for who is rightly named before them."""

import re
from collections.abc import Sequence

from agent.checks import straight
from knowledge.types import Passage


def is_verbatim(text: str, passages: Sequence[Passage]) -> bool:
    """Whether the words are whole sentences of a passage, but for who is rightly named before them ("Authors: ...")."""
    for passage in passages:
        lead = next((lead for lead in _leads(passage) if text.startswith(lead)), "")
        if stands_in(text.removeprefix(lead), passage.text):
            return True
    return False


def _leads(passage: Passage) -> tuple[str, ...]:
    """How a passage may be introduced without a change of its meaning."""
    if passage.kind == "response":
        return ("The authors replied: ", "Authors: ", f"Authors to {(passage.addressee or '').replace('_', ' ')}: ")
    named = (f"{passage.reviewer}: ",) if passage.reviewer else ()
    other = {"meta-review": ("Meta-review: ",), "relayed": ("Relayed, not on record: ",)}
    return named + other.get(passage.kind, ())


def stands_in(text: str, source: str) -> bool:
    """Whether `text` is one or more whole sentences or lines of `source`; only white space and joins of lines differ.

    A part of a sentence does not count: "the method is new" stands in no "I doubt that the method is new.".
    """
    words = [w for w in re.split(r"[\s;]+", straight(text).strip(" .,;:!?")) if w]
    if not words:
        return False
    # Drafts lose the space before a punctuation mark; a line of the source may open with a bullet or a number.
    escaped = (re.sub(r"\\?[.,!?]", lambda m: rf"\s*{m.group()}", re.escape(w)) for w in words)
    start = r"(?:\A|\n\s*\n|\n(?=\s*(?:[-*•#]|\d+[.)]\s))|[.!?][\"')\]]*\s)\s*(?:(?:[-*•#]+|\d+[.)])\s+)?"
    end = r"\s*(?:[.!?;:,]*[\"')\]]*\s*(?:\Z|\n\s*(?:\n|[-*•#]))|[.!?][\"')\]]*\s)"
    pattern = re.compile(start + r"[\s;]+".join(escaped) + end, re.IGNORECASE)
    whole = straight(source)
    joined = re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", whole)
    return bool(pattern.search(whole) or pattern.search(joined))
