"""Questions for a share: of what it is, what has it, and between which figures it lies. Pure.

"What share of A's loss against R does B win back?" is (B - A) / (R - A); "which part of X is spent on Y?" is Y / X.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.asked_figures import Asked
from agent.terms import Term, terms_in

_SHARE_OF = re.compile(
    r"\b(?:(?:what|which|how (?:much|large|big|great|many)|the)\W+(?:\w+ )?)?(?:share|fraction|part|portion|proportion|percentage|per ?cent|%) of (?P<rest>.+)"
    r"|\bhow much of (?P<much>.+)",
    re.IGNORECASE,
)
_LOSS = r"loss(?:es)?|lose[sd]?|lost|drops?|dropped|damage|degradation|gap|distance|deficit|falls?|penalty|harm|costs?|increase|rise|shortfall|decline"
_GAIN = r"improve(?:s|d|ment|ments)?|gain(?:s|ed)?|advantage|lead|benefit|win|saving|savings|saved?s?|reduction|speed-?up|progress"
_CHANGE = re.compile(rf"\b(?:(?P<loss>{_LOSS})|(?P<gain>{_GAIN}))\b", re.IGNORECASE)
_VERB = re.compile(
    r"(?:^|\s)(?:do|does|did|is|are|was|were|can|could|has|have|had|would|comes?|came|goes|go|falls? (?:to|on)|stems?)\s",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\s?(?:do|does|did|is|are|was|were|can|could|would)\s", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:against|over|relative to|compared (?:to|with)|to|from|than|versus|vs\.?|below|behind)\s+(?=\S)",
    re.IGNORECASE,
)
_TAKEN = ("<speed>", "<duration>", "<size>", "<operations>", "<energy>")
_PRONOUN = re.compile(
    r"\b(?:it|they|this|we|ours?|the (?:method|paper|authors|submission|proposed \w+))\b", re.IGNORECASE
)
_THIS_SHARE = re.compile(r"\b(?:this|that|the same|same|such a|its) (?:share|fraction|part|portion|proportion|percentage)\b", re.IGNORECASE)  # fmt: skip
_SPENT = re.compile(
    r"^(?:is|are|was|were|has been)\s+(?:\w+ly )?(?:spent|taken|used|due|lost|needed|made up|accounted|occupied|caused|consumed|explained|for|down to)\b"
    r"|^(?:goes|go|went|comes?|came|falls?|fell|stems?)\s+(?:to|on|from|into|in)\b"
    r"|^(?:do|does|did)\b.*\b(?:take|make up|account for|need|require|cost|use|occupy|consume|explain|contribute)\W*(?:$|(?:on|in|at|for|with)\b)",
    re.IGNORECASE,
)
_IS = re.compile(r"^(?:is|are|was|were)\b", re.IGNORECASE)


_KEEPS = re.compile(
    r"^(?:do|does|did|is|are|was|were)\b.*\b(?:keep|kept|retain|retained|preserve|preserved|left|remain|survive|reach|reached|attain|achieve)\W*(?:$|(?:on|in|at|for|with|by)\b)",
    re.IGNORECASE,
)
_THAT_DOES = re.compile(
    r"\s(?:that|which)\s+(?P<who>[\w .-]{2,40}?)\s+(?:already |also )?(?:clos|recover|regain|win|restor|mak|undo|get|reach|keep|buy)(?:e?s|es)\b",
    re.IGNORECASE,
)
_OF_FIRST = re.compile(
    r"^\W*(?:and |so )?of (?P<whole>[^?]+?), ?(?:what|which|how (?:much|large|big|great))(?: a)?(?: (?:share|fraction|part|portion|percentage))? (?P<has>(?:is|are|was|were|do|does|did|goes|comes)\b.+)",
    re.IGNORECASE,
)
"""The whole before the question: "of the gain over A, what share is reached by B?"."""
_AS_SHARE = re.compile(
    r"^\W*(?:and |so |what(?:'s| is) )?(?P<part>[^?,:]+?),? (?:as|in) (?:a |the )?(?:share|fraction|part|portion|percentage|per ?cent|%) of (?P<whole>[^?]+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween (?P<one>.+?) and (?P<other>.+)$", re.IGNORECASE)
_REFERENCE = re.compile(r"\b(?:dense|full|uncompressed|original|baseline|fp32|teacher)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Share:
    """The terms of each figure of a share: of the whole or of both ends of a change, and of what has the part."""

    part: tuple[Term, ...]
    whole: tuple[Term, ...]
    base: tuple[Term, ...] = ()
    of_change: bool = False
    of_loss: bool = False
    of_rest: bool = False
    """Whether it is asked what is kept of a level, which may be in per cent itself."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that tell its figures apart."""
        return tuple(dict.fromkeys((*self.part, *self.whole, *self.base)))


def asks_for_share(text: str) -> bool:
    """Whether a message asks for a share that is to be worked out, or for "this share" elsewhere."""
    return bool(_THIS_SHARE.search(text)) or _read(text) is not None


def read_share(asked: Asked, before: str = "") -> Share | None:
    """What a message asks a share of; of "this share" what the message `before` asked. None where it asks for none."""
    earlier = _read(before) if _THIS_SHARE.search(asked.text) else None
    if earlier is None:
        return _read(asked.text)
    if not any(t.hard for t in asked.new):
        return earlier
    # "This share for N50" is of N50, and no longer of the net that was named then.
    part, whole, base = (tuple(t for t in role if not t.hard) for role in (earlier.part, earlier.whole, earlier.base))
    return replace(earlier, part=part, whole=whole, base=base)


def _read(text: str) -> Share | None:
    text = _OF_FIRST.sub(r"what share of \g<whole> \g<has>", text)
    match = _SHARE_OF.search(text)
    if match is None:
        return None
    rest = (match["rest"] or match["much"]).rstrip("?. ")
    if (led := _AS_SHARE.match(text)) is not None:
        return Share(_words(led["part"]), _words(led["whole"])) if _named(_words(led["part"])) else None
    if (does := _THAT_DOES.search(rest)) is not None and _CHANGE.search(rest[: does.start()]):
        whole, has = rest[: does.start()], does["who"]
    elif asking := _asking(rest):
        # "the loss that fixed thresholds cause do the learned ones win back": the last verb is the one that asks.
        whole, has = rest[: asking[-1].start()], rest[asking[-1].start() :].strip()
    else:
        return None
    change = _CHANGE.search(whole)
    return _part_of_whole(whole, has) if change is None else _part_of_change(whole, has, of_loss=bool(change["loss"]))


def _asking(rest: str) -> list[re.Match[str]]:
    verbs = list(_VERB.finditer(rest))
    return [m for m in verbs if _ASKS.match(m.group())] or verbs


def _part_of_whole(whole: str, has: str) -> Share | None:
    part, held = _words(_VERB.sub(" ", f" {has} ")), _words(whole)
    if _KEEPS.match(has) and (_named(held) and (_REFERENCE.search(whole) or any(t.hard for t in held))):
        return Share(() if _PRONOUN.search(has) else part, held, of_rest=True)
    asked = _SPENT.search(has) or (_IS.search(has) and any(t.key in _TAKEN for t in held))
    return Share(part, held) if asked and _named(part) else None


def _part_of_change(whole: str, has: str, *, of_loss: bool) -> Share:
    """A loss of A against R is from A up to R, an improvement over R from R up to what improves."""
    against = list(_AGAINST.finditer(whole))
    left, right = (whole[: against[-1].start()], whole[against[-1].end() :]) if against else (whole, "")
    if (between := _BETWEEN.search(whole)) is not None:
        left, right = between["one"], between["other"]
        if _REFERENCE.search(left) and not _REFERENCE.search(right):
            left, right = right, left
    subject = _words(_CHANGE.sub(" ", left))
    rival = _words(_CHANGE.sub(" ", right))
    part = () if _PRONOUN.search(has) else _words(has)
    if of_loss:
        return Share(part, rival, subject, of_change=True, of_loss=True)
    return Share(part, subject, rival, of_change=True)


_TALK = re.compile(
    r"\b(?:win|wins|won|back|recover\w*|regain\w*|restor\w*|clos\w+|mak\w+|made|up|for|undo\w*|already|reach\w*|achiev\w*|deliver\w*|keep\w*|kept|get|gets|got|there|here|cause[sd]?|bring\w*|give[sn]?|gave|account\w*|come|comes|came|due|repair\w*|retain\w*|preserv\w*|either|each|both|all|every|spent|goes|go|going|taken?|used?|needs?|needed|costs?|occup\w+|consum\w+|require\w*|retain\w*|remain\w*|surviv\w+|left|attain\w*|closes|alone|itself|single|one|ones|only|just|then|now|so|the|and|what|in|on|of)\b",
    re.IGNORECASE,
)


def _words(text: str) -> tuple[Term, ...]:
    """The terms of a stretch that name something."""
    return tuple(t for t in terms_in(_TALK.sub(" ", text.replace("’", "'"))))


def _named(terms: Sequence[Term]) -> bool:
    return any(not t.key.startswith("<") for t in terms)
