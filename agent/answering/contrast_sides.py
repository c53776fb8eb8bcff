"""What a message sets against what: the two sides of a "vs", a cost or a gain, and the marks of a comparison. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent.asked_figures import Asked
from agent.terms import Term, holds, stem, terms_in

_COST = re.compile(
    r"\b(?:costs?|pays?|price|los[est]+|losing|loss(?:es)?|drops?|falls?|gives? up|given up|degrad\w+|sacrific\w+|saves?|smaller|faster|slower|cheaper|shr[iau]nk\w*|gap|far|close)\b",
    re.IGNORECASE,
)
_GAIN = re.compile(
    r"\b(?:gains?|advantage|ahead|lead|improv\w+|buys?|brings?|better|worse|beats?|wins?|margin)\b", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(?:vs\.?|versus|against|compared? (?:to|with)|relative to|than|over|ahead of|behind|below|above|minus(?! \d)|beats?|outperforms?|exceeds?|surpass(?:es)?|from)\s+(?:that of |the one of |the |its |their )*(?P<side>[^,;:?.()]*?)(?=\s+(?:on|at|in|for|by|with|and|or|is|are)\b|[,;:?()]|\.(?!\d)|$)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\bbetween\s+(?:the |its |their )*(?P<left>[^,;:?.()]*?)\s+and\s+(?:the |its |their )*(?P<right>[^,;:?.()]*?)(?=\s+(?:on|at|in|for|by|with|is|are)\b|[,;:?()]|\.(?!\d)|$)",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"vs|versus|against|compare|relative|minus|beats?|outperforms?|exceed|surpass|ahead of|behind", re.IGNORECASE
)
_DOES = r"(?:is|are|was|were|does|do|did|has|have|can)\s+(?:the |its |their )?(?P<subject>[A-Za-z][\w.-]*)"
_SUBJECT_AFTER, _SUBJECT = re.compile(rf"\s*{_DOES}", re.IGNORECASE), re.compile(rf"\b{_DOES}", re.IGNORECASE)
NEXT_TO_IT = 2
"""So many words before "vs" and the like say what is set against something."""
BEFORE_AFTER = 0.25
_BEFORE, _AFTER = stem("before"), stem("after")
_MARKS = frozenset(stem(word) for word in ("before", "after", "each", "both", "only", "all"))


@dataclass(frozen=True)
class Named:
    """The terms on the two sides of a "vs", "than" or the like; `known` where a message has one."""

    left: frozenset[Term] = frozenset()
    right: frozenset[Term] = frozenset()
    known: bool = False
    plainly: bool = False
    """Whether by "vs", "against", "minus" or "between", which set nothing else against each other."""

    def is_side(self, term: Term) -> bool:
        """Whether a term may tell the sides apart: where no sides are known, any may."""
        return not self.known or term in self.left or term in self.right


def is_gain(text: str) -> bool:
    """Whether a message asks what is gained, over a rival rather than over what is uncompressed."""
    return bool(_GAIN.search(text))


def is_cost(text: str) -> bool:
    """Whether a message asks what something costs against what was before it."""
    return bool(_COST.search(text)) and not is_gain(text)


def asks_after_one_end(asked: Asked) -> bool:
    """Whether a message names only "before" or only "after": a setting then, and no question for the change."""
    return len({_BEFORE, _AFTER} & {t.key for t in asked.new}) == 1


def without_marks(weights: Mapping[Term, float], asked: Asked) -> dict[Term, float]:
    """The weights with those of "both", "each", "before and after" made small: they say how to compare, not what."""
    marks = _MARKS - {_BEFORE, _AFTER} if asks_after_one_end(asked) else _MARKS
    return {t: w * (BEFORE_AFTER if t.key in marks else 1.0) for t, w in weights.items()}


def named_sides(asked: Asked, weights: Mapping[Term, float]) -> Named:
    """The terms of what a message sets against each other: "uniform" and "Deep Compression" of "uniform vs Deep
    Compression on AlexNet"."""
    text = asked.text

    def of(side: str) -> frozenset[Term]:
        return frozenset(t for t in terms_in(side) if t in weights and not t.key.startswith("<"))

    if (between := _BETWEEN.search(text)) is not None:
        one, other = of(between["left"]), of(between["right"])
        return Named(one - other, other - one, bool(one - other and other - one), plainly=True)
    match = _AGAINST.search(text)
    if match is None:
        return Named()
    right = of(match["side"])
    before = re.split(r"[,;:?!()]|\.(?!\d)|\b(?:on|at|in|for|with|is|are|was|does|do|did|of)\b", text[: match.start()])
    phrase = next((part for part in reversed(before) if part.strip()), "")
    phrase = " ".join(phrase.split()[-NEXT_TO_IT:])
    left = frozenset(t for t in terms_in(phrase) if t in weights and not t.key.startswith(("<", "top1", "top5")))
    if not left - right:
        # "than A is B", "how much faster does B run than A": the subject of the verb is the other side.
        subject = _SUBJECT_AFTER.match(text[match.end() :]) or _SUBJECT.search(text[: match.start()])
        left = of(subject["subject"]) if subject else frozenset()
    if not left - right:
        # "vs Gull?" sets what was spoken of before against it.
        left = frozenset(t for t in weights if holds(asked.names, t) or (t in asked.old and not t.hard))
    return Named(left - right, right - left, bool(right), bool(_PLAINLY.match(match.group())))


def sides_against(text: str) -> tuple[Term, ...]:
    """The terms of all that a message sets something against."""
    return tuple(t for match in _AGAINST.finditer(text) for t in terms_in(match["side"]) if not t.key.startswith("<"))


def without_other_side(asked: Asked) -> Asked | None:
    """The question without the first thing that it sets something against; None where there is none."""
    match = _AGAINST.search(asked.text)
    if match is None:
        return None
    side = terms_in(match["side"])
    text = f"{asked.text[: match.start()]}{asked.text[match.end() :]}"
    return replace(asked, text=text, new=tuple(t for t in asked.new if t not in side))
