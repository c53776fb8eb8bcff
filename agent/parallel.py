"""A message that asks the same comparison of two things: "by how many points at 3 bits, and by how many at 2?". Pure.

The second question is given the words that it leaves out, so that each can be read by itself.
"""

import re

from agent.terms import Term, terms_in

_AMOUNT = r"(?:by\s+)?(?:how\s+(?:much|many)|what|which)"
_AGAIN = re.compile(
    r"(?:\s*[,;?])?\s+(?:and|or)\s+(?:by\s+)?(?:how\s+(?:much|many)|(?<=by\s)(?:what|which))\b(?:\s+(?:times|points?|percent(?:age)?(?: points?)?|per cent|%|minutes|seconds|ms|MB|GB|factor|margin|more|share)\b)*",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"\b{_AMOUNT}\b|\b(?:gap|difference|margin|lead|points?|percent|times|factor)\b", re.IGNORECASE)
_AND_SHORT = re.compile(r"\?\s*(?:and|or|what about|how about|plus)\s+(?P<more>[^?]{2,50})\?\s*$", re.IGNORECASE)
_SIDES = r"over|than(?: that of| the one of)?|against|versus|vs\.?|behind|below|above|exceeds?|surpass(?:es)?|beats?|outperforms?|from|relative to|compared (?:to|with)"
_TWO_SIDES = re.compile(
    rf"\b(?P<how>{_SIDES})\s+(?P<one>(?:(?!\b(?:and|or|on|at|in|for|with|by|to)\b)[\w’'()./-]+\s+){{0,4}}?(?!\b(?:and|or)\b)[\w’'()./-]+),?\s+and\s+(?:also\s+)?(?:(?:{_SIDES})\s+)?(?P<other>(?:(?!\b(?:and|or|on|at|in|for|with|by)\b)[\w’'()./-]++\s*+){{1,6}}?)(?=[,;?.]|\s(?:on|at|in|for|with)\b|\s*$)",
    re.IGNORECASE,
)
_PLACES = r"on|at|in|for|with|under|to|of"
_PHRASE = rf"(?P<how>{_PLACES})\s+(?P<what>[^,;?]+?)(?=\s+(?:{_PLACES})\b|[,;?]|$)"
_BARE = re.compile(r"\d+(?:\.\d+)?")
_LED = re.compile(
    r"^\s*(?:(?:is|are|was|were|does|do|did)\s+(?:it|this|that|they)\b|(?:lower|higher|better|worse|more|less|faster|slower|smaller|larger)\b(?= than)|and\b|,)?\s*",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b[\w.-]+['’]s\b")
_OF_THE_FIRST = re.compile(
    r"\bhow (?:many times|much) (?:larger|bigger|smaller|greater|higher|more|less) (?:is|was) (?:the|that|one|this) (?:first|second|one|former|latter|other)\b",
    re.IGNORECASE,
)
_ASKS_ELSE = re.compile(
    r"\b(?:what|which|who|whom|why|where|when|is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|tables?|figures?|sections?|reviewers?|authors?|R\d)\b",
    re.IGNORECASE,
)
"""Words of a second question that asks for something else."""
LONGEST = 10
"""More words than this after "and by how much" make a question of its own."""


def in_parallel(text: str) -> tuple[str, ...]:
    """The two questions of a message that asks one comparison of two things, each in full; empty where it does not."""
    if (again := _again(text)) is not None:
        left, right = again
        asked = right[m.end() :] if (m := _LED.match(right)) else right
        if _ASKS_ELSE.search(asked):
            return ()
        second = _completed(left, right)
        return (left, second) if second and second != left else ()
    match = _TWO_SIDES.search(text)
    if match is None or not _FIRST.search(text) or not _are_names(match["one"], match["other"]):
        return ()
    one, other = match["one"], match["other"].strip()
    # "the best and the mean of the random orders": both are of the orders.
    if " of " in other and " of " not in one:
        one = f"{one} of {other.partition(' of ')[2]}"
    return tuple(f"{text[: match.start()]}{match['how']} {side}{text[match.end() :]}" for side in (one, other))


def sets_together(text: str) -> bool:
    """Whether a message that seems to ask several things asks for one comparison: of two things, or of two changes."""
    return bool(in_parallel(text)) or bool(_OF_THE_FIRST.search(text))


def _again(text: str) -> tuple[str, str] | None:
    """What stands before and after "and by how many"; of "... X's rate? and Y's?" both too."""
    first = _FIRST.search(text)
    if first is None:
        return None
    again = _AGAIN.search(text, first.end())
    if again is not None and len(text[again.end() :].split()) <= LONGEST:
        return text[: again.start()].rstrip(" ,;?"), text[again.end() :].strip(" ?.")
    short = _AND_SHORT.search(text)
    if short is not None and first.start() < short.start():
        return text[: short.start()], short["more"].strip()
    return None


def _completed(left: str, right: str) -> str:
    """The first question with what the second one puts in the place of something of it; empty where that is not seen."""
    said = right[m.end() :] if (m := _LED.match(right)) else right
    side = re.match(rf"(?P<how>{_SIDES})\s+(?P<what>.+)$", said, re.IGNORECASE)
    if side is not None and (old := re.search(rf"\b(?:{_SIDES})\s+[^,;?]+?(?=\s+(?:{_PLACES})\b(?! that)|[,;?]|$)", left, re.IGNORECASE)):  # fmt: skip
        return f"{left[: old.start()]}{said}{left[old.end() :]}"
    place = re.match(_PHRASE, said, re.IGNORECASE)
    if place is not None:
        olds = [m for m in re.finditer(rf"\b{_PHRASE}", left, re.IGNORECASE) if m["how"].lower() == place["how"].lower()]  # fmt: skip
        if olds:
            old = olds[-1]
            what = place["what"]
            if _BARE.fullmatch(what):
                what = _BARE.sub(what, old["what"], count=1)
            return f"{left[: old.start('what')]}{what}{left[old.end('what') :]}"
        return _in_place_of_its_like(left, place["what"]) or f"{left} {said}"
    return _in_place_of_its_like(left, said)


def _in_place_of_its_like(left: str, right: str) -> str:
    """The first question with its net, data set, number or owner put in the place of which the second one names another."""
    if (new := _POSSESSIVE.search(right)) and (old := _POSSESSIVE.search(left)):
        return f"{left[: old.start()]}{new.group()}{left[old.end() :]}"
    for word in re.findall(r"[\w.-]+", right):
        for new_term in terms_in(word):
            for old_word in re.finditer(r"[\w.-]+", left):
                if any(_is_like(new_term, t) for t in terms_in(old_word.group())):
                    return f"{left[: old_word.start()]}{word}{left[old_word.end() :]}"
    return ""


def _is_like(new: Term, old: Term) -> bool:
    """Whether one may stand for the other: nets, data sets, numbers that count the same or do not say what."""
    counts = new.value is not None and old.value is not None and new.key in ("", old.key)
    return new != old and bool((new.kind and new.kind == old.kind) or counts)


def _are_names(one: str, other: str) -> bool:
    """Whether two stretches name one thing each, and neither asks anything."""
    return all(
        any(not t.key.startswith("<") for t in terms_in(side))
        and not re.search(r"\b(?:what|which|how|why|is|are|does|do|did|by|it|they)\b", side, re.IGNORECASE)
        for side in (one, other)
    )
