"""What the chair wants to weigh more, less or not at all, read from a sentence of theirs. Pure.

The words are the chair's own; what in the reviews they bear on is decided where it is weighed.
"""

import re
from dataclasses import dataclass
from typing import Literal

Sense = Literal["more", "less", "none"]

_CLAUSES = re.compile(
    r"\s*(?:;|,(?! (?:mostly|mainly|above all)\b)|\.\s|\bbut\b|\bwhile\b|\bwhereas\b|:(?=\s)|\band (?=(?:i|don|do not|ignore|discount|weigh|give|put|leave|set|count|focus|the rest)\b)|[–—])\s*",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\b(?:priorit(?:y|ies|ise|ize)|criteri(?:on|a)|what (?:counts|matters) (?:\w+ )?(?:for|to) me|most important)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|i'[a-z]+|we|my|me|our|us|mine)\b", re.IGNORECASE)
_LEADS = r"^\W*(?:for (?:an?|this|the|such) [\w -]{1,30}? (?=i\b|we\b))?(?:(?:please|also|ok|okay|and|so|then|now|well|just|actually|but|yes|no|for me|personally|in my book|rather|note for me|note to self)\b\W*)*(?:(?:i|we)(?:'d| would|'ll| will|'m| am)?(?: rather| going to| inclined to| tend to)* |let us |let's )?"
_NOT = r"(?:do not|don't|won't|will not|would not|wouldn't|shouldn't|should not|can't|cannot|not going to|never)"
_VERB = r"(?:weigh|count|consider|hold|penali[sz]e|use|mind|care(?: (?:much|too much|at all))?(?: about| for)?|worry about|insist on|require|need|give (?:any |much )?weight to|put (?:any |much )?weight on)"
_WORDINGS: tuple[tuple[Sense, str], ...] = (
    ("less", rf"{_LEADS}giv(?:e|ing) (?P<what>.+?) (?:less|little|lower) weight\b"),
    ("none", rf"{_LEADS}giv(?:e|ing) (?P<what>.+?) no weight\b"),
    ("more", rf"{_LEADS}giv(?:e|ing) (?P<what>.+?) (?:more|extra|double|most|full|higher) weight\b"),
    ("more", rf"{_LEADS}(?:weigh|put|rank|value|rate|place) (?P<what>.+?) (?:above|over|before|higher than|ahead of)\b"),
    ("more", r"\bit (?:matters|is important) to me (?:that|whether|how)(?P<what>.+)"),
    ("none", rf"{_LEADS}{_NOT} {_VERB}\b(?P<what>.+)"),
    ("none", rf"{_LEADS}(?:ignor\w*|disregard\w*|discard\w*|discount\w*|dismiss\w*|set(?:ting)? aside|leav(?:e|ing) (?:out|aside)|skip(?! to)\w*|forget(?: about)?|drop\w*|overlook\w*)\b(?P<what>.+)"),
    ("none", rf"{_LEADS}(?:leav(?:e|ing)|set(?:ting)?|put(?:ting)?) (?P<what>.+?) (?:out|aside)\b"),
    ("less", rf"{_LEADS}(?:weigh|count|value|rate) (?P<what>.+?) (?:less|lower|little|lightly|down)\b"),
    ("less", rf"{_LEADS}(?:give|put|giving|putting|attach)\b.*\b(?:less|little|lower) weight (?:to|on)(?P<what>.+)"),
    ("none", r"^(?P<what>.+?) (?:does not|doesn't|do not|don't|shouldn't|should not|won't|is not going to|need not) (?:really |much )?(?:matter|count|weigh|bother|decide|interest)"),
    ("none", r"^(?P<what>.+?) (?:is|are) (?:not (?:important|decisive|relevant|an issue|a concern|a problem)|irrelevant|unimportant|no (?:issue|concern|problem|criterion)|out)\b"),
    ("less", r"^(?P<what>.+?) (?:is|are|comes?) (?:secondary|less important|minor|last|least important)\b"),
    ("less", r"^(?P<what>.+?) (?:matters?|counts?|weighs?) (?:less|little|least)\b"),
    ("more", rf"{_LEADS}(?:weigh|count|value|rate) (?P<what>.+?) (?:more|most|higher|highest|heavily|heavier|strongly|above all|double|twice)\b"),
    ("more", rf"{_LEADS}(?:give|put|giving|putting|attach|lay)\b.*\b(?:weight|emphasis|stress|priority) (?:to|on)(?P<what>.+)"),
    ("more", rf"{_LEADS}(?:(?:really|mostly|mainly|only|most|deeply|chiefly) )?(?:care|focus|(?<=i )look(?= for)|insist|concentrate)(?: (?:most|mostly|mainly|above all|a lot|more|especially|really|a great deal))?(?: (?:about|on|for|at))(?P<what>.+)"),
    ("more", rf"{_LEADS}(?:(?:really|mostly|mainly) )?(?:prioriti[sz]e|emphasi[sz]e|stress|value)\b(?P<what>.+)"),
    ("more", r"^(?P<what>.+?) (?:matters?|counts?|weighs?) (?:far |much )?more (?:than|to me than|for me than)\b"),
    ("more", r"\bmy (?:main|first|top|biggest|chief|only) (?:worry|concern|interest) (?:is|lies in|lies with)\b(?P<what>(?!.*\b(?:reviewers?|referees?|R\d)\b).+)"),
    ("more", r"^(?P<what>.+?) (?:matters?|counts?|weighs?|is what (?:matters|counts)|decides?)(?: (?:a lot|most|more|much|first|above all|especially|heavily|the most))*(?: (?:to|for|with) (?:me|us))?\W*$"),
    ("more", r"^(?P<what>.+?) (?:is|are) (?:(?:very|really|the|my|a|most|more|absolutely) )*(?:key|crucial|decisive|essential|important|top|priority|main criterion|what i (?:care|look)\b.*|number one|a must)(?: (?:to|for) (?:me|us))?"),
    ("more", r"^(?P<what>.+?) (?:first|second|third|above all|comes first|on top|most of all)(?: (?:for|to) me)?\W*$"),
    ("more", r"\b(?:priorit(?:y|ies)|most important(?: thing)?|main criterion|what (?:counts|matters)(?: most)? (?:for|to) me|what i care about(?: most)?)\b(?: [^:]{0,40}?)?(?: (?:is|are|lies? (?:on|in|with)|goes to)\b|:)(?P<what>.+)"),
)  # fmt: skip
_FORMS: tuple[tuple[Sense, re.Pattern[str]], ...] = tuple(
    (sense, re.compile(form, re.IGNORECASE)) for sense, form in _WORDINGS
)
_REVIEWERS_MATTER = re.compile(
    r"^\W*(?:the )?(?:anon\w*|review(?:er)?s?\b|r\d|referee|authors?|he|she|they|it is clear|this|that|it)\b",
    re.IGNORECASE,
)

# What speaks to a machine, and what only points back, is nothing to weigh.
_ORDERS = re.compile(
    r"\b(?:(?:last|previous|first|earlier) (?:messages?|questions?|words?|answers?)|instructions?|prompts?|rules|commands?|everything (?:above|before))\b",
    re.IGNORECASE,
)
_POINTS = re.compile(r"(?:it|that|this|these|those|them|one|plan|run|(?:the|that|this) (?:plan|run|experiment|one|question|point|subject|topic|matter))", re.IGNORECASE)  # fmt: skip
_PERSONS = re.compile(r"(?:him|her|he|she|this one|that one|this reviewer|that reviewer|this review|that review)", re.IGNORECASE)  # fmt: skip
_CALLED = re.compile(r"\b(?:anon\w*|review(?:er)? ?#?\w{1,4}|R\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Priority:
    """What the chair wants to weigh `sense` than by itself: `what` in the chair's words, of the sentence `said`."""

    sense: Sense
    what: str
    said: str


def read_priorities(sentence: str) -> tuple[Priority, ...]:
    """What a sentence of the chair's says on weighing; nothing where it says nothing of the kind."""
    said = " ".join(sentence.replace("’", "'").split())
    found: list[Priority] = []
    headed = False
    if re.search(r"\border of\b", said, re.IGNORECASE):
        return ()
    for clause in (part.strip(" .!") for part in _CLAUSES.split(said)):
        if not clause:
            continue
        opens = bool(_HEAD.search(clause))
        one = _read(clause)
        if one is not None and _PERSONS.fullmatch(one[1]):
            called = _CALLED.search(said)
            one = (one[0], called.group()) if called else None
        if one is not None:
            found.append(Priority(one[0], one[1], said))
        elif headed and not opens:
            found.append(Priority("more", _bare(clause), said))
        headed |= opens
    own = headed or bool(_OWN.search(said)) or any(p.sense != "more" for p in found) or _imperative(said)
    return tuple(p for p in found if p.what) if own else ()


def _read(clause: str) -> tuple[Sense, str] | None:
    """The sense of one clause and what it is about."""
    for sense, form in _FORMS:
        match = form.search(clause)
        if match is None:
            continue
        what = _bare(match.group("what"))
        if _ORDERS.search(what) or _POINTS.fullmatch(what):
            continue
        if what and not (_REVIEWERS_MATTER.match(what) and not _imperative(clause)):
            return sense, what
    return None


def _imperative(clause: str) -> bool:
    """Whether a clause tells what to do with something, rather than what something does."""
    return bool(re.match(rf"{_LEADS}(?:{_NOT} )?(?:weigh|ignor|disregard|discount|dismiss|set|leav|skip|forget|drop|overlook|giv|put|rank|rate|plac|value|care|look)", clause, re.IGNORECASE))  # fmt: skip


def _bare(what: str) -> str:
    """What is weighed, without what only leads to it or sets it in order."""
    what = re.sub(r"^\W*(?:(?:so|that|on|about|the fact that|against (?:it|them)|for|to|me|my|most|mostly|mainly|is|are|keep)\b\s*)*", "", what.strip(), flags=re.IGNORECASE)  # fmt: skip
    what = re.sub(r"\b(?:(?:against (?:it|them|the authors|the paper)|(?:comes? )?(?:first|second|third|last|most|mainly)|at all|too much|here|please|for me|to me|in this one|for this paper))\W*$", "", what, flags=re.IGNORECASE)  # fmt: skip
    return what.strip(" .,;:!")
