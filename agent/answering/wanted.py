"""Kinds of things that a question asks for and that the sources, where they do tell one, call by certain words: a time in
milliseconds, a learning rate, a data set, a licence. Where no passage found has any, the sources are silent. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agent.answering.gaps import asks_where
from agent.answering.parts import quote, say, unique, who
from agent.answering.unspoken import unnamed_hardware
from agent.cues import Intent
from agent.draft import DraftSentence
from agent.figures import figures_in
from agent.gathered import Gathered
from agent.number_words import NUMBER_WORDS
from agent.request import Request
from agent.terms import terms_in
from knowledge.types import Hit, Passage

OF_THE_PAPER: frozenset[Intent] = frozenset(
    ("evaluation", "difference", "lookup", "method", "reproducibility", "baselines", "limitations")
)
"""Intents of which a question may be for such a thing."""
OF_FIGURES: frozenset[Intent] = frozenset(("evaluation", "difference", "lookup"))
MOST_NEAR = 2
_COUNTED = r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|several|few)\b)\s?"
_SMALL = r"(?:\d|\b(?:an?|half an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|few|some)\b)\s?"


@dataclass(frozen=True)
class Kind:
    """A kind of thing: how the answer calls it, how a question asks for it, and how a source gives it."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


def _kind(name: str, asked: str, given: str) -> Kind:
    return Kind(name, re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))


KINDS = (
    _kind(
        "time in milliseconds or seconds",
        r"\b(?:how many|in) (?:milli|micro)?seconds\b|\bin ms\b|\bhow many ms\b|\bms per\b",
        rf"{_COUNTED}(?:ms|msec|s|sec|secs|µs|us|ns|(?:milli|micro|nano)?seconds?)\b|\b(?:in|of|\(|\[) ?(?:ms|s|(?:milli|micro)?seconds)\b|\((?:ms|s)\)",
    ),
    _kind(
        "number of hours",
        r"\bhow many (?:\w+[ -])?(?:hours|days|minutes)\b|\bin (?:\w+[ -])?(?:hours|days|minutes)\b",
        rf"{_SMALL}(?:\w+[ -])?(?:h|hrs?|hours?|days?|min|mins|minutes?|weeks?|seconds?)\b|\b(?:in|\() ?(?:\w+[ -])?(?:hours|days|minutes)\b",
    ),
    _kind(
        "figure for energy",
        r"\b(?:milli)?joules?\b|\benergy (?:per|figure|number|use|consumption|in|cost)\b|\bhow much energy\b",
        r"\d\s?(?:m|n|p|µ|k)?(?:J|joules?|W|watts?|Wh|kWh)\b|\((?:m|n|p|µ)?J\)|\bin (?:m|n|p|µ)?(?:J|joules)\b|\d(?:\.\d+)?(?:x|×| times| %|%)[^.]{0,40}\benerg|\benerg\w*[^.]{0,40}\d(?:\.\d+)?\s?(?:x\b|×|times|%)",
    ),
    _kind(
        "price",
        r"\bhow many (?:dollars|euros)\b|\bin (?:dollars|euros|usd)\b|\bprice of (?:the )?(?:cloud|gpu|hardware|annotation|training)\b|\bhow much money\b",
        r"[$€£]\s?\d|\d\s?(?:dollars|euros|usd|cents)\b",
    ),
    _kind(
        "learning rate",
        r"\b(?:what|which|how (?:large|high|small)|give|value)\b.{0,40}\blearning rate\b|\blearning rate\W*$",
        r"\blearning rates?\b|\blr\b|\bstep sizes?\b",
    ),
    _kind(
        "weight decay",
        r"\b(?:what|which|how (?:large|high|small|much)|give|value)\b.{0,40}\bweight decay\b|\bweight decay\W*$",
        r"\bweight decay\b|\bL2[- ](?:regulari[sz]\w+|penalty|norm of the weights)|\bdecay(?:ed)? (?:of|by|rate)",
    ),
    _kind(
        "batch size",
        r"\b(?:what|which|how (?:large|big|small)|give|value)\b.{0,60}\b(?:mini-?)?batch ?sizes?\b|\bbatch ?sizes?\W*$",
        r"\bbatch(?:es)? (?:sizes?|of)\b|\bbatch \d",
    ),
    _kind(
        "optimiser",
        r"\b(?:which|what) optimi[sz]er\b|\boptimi[sz]er (?:is|was|did|do|used)\b",
        r"\bSGD\b|\bAdam\w*\b|\bRMSprop\b|\bAdagrad\b|\bLAMB\b|\bmomentum\b|\boptimi[sz]ers?\b|\bgradient descent\b",
    ),
    _kind(
        "number of random seeds",
        r"\bhow many (?:random |different )?(?:seeds|runs|repetitions|trials|repeats)\b",
        r"\bseeds?\b|\b(?:\d+|two|three|four|five|ten|several|single|each|independent|different|training) runs?\b|\bruns each\b|\brepe(?:at|tition)\w*|\btrials?\b|±|\bstandard (?:deviation|error)s?\b|\bonce\b|\btimes each\b|\baveraged over\b|\bconfidence intervals?\b",
    ),
    _kind(
        "licence",
        r"\blicen[cs]es?\b",
        r"\blicen[cs]\w*|\bMIT\b|\bApache\b|\bB?GPL\b|\bCC[- ]BY\b|\bopen[- ]?source\w*",
    ),
    _kind(
        "number of annotators",
        r"\bhow many (?:\w+ )?(?:annotators|raters|labell?ers|participants|subjects|volunteers)\b",
        r"\bannotat\w+|\braters?\b|\blabell?ers?\b|\bparticipants?\b|\bsubjects\b|\bvolunteers?\b",
    ),
)  # fmt: skip
_DATA_ASKED = re.compile(r"\b(?:which|what) (?:\w+ )?data ?sets?\b|\b(?:on|over) (?:which|what) (?:benchmark|data)\b", re.IGNORECASE)  # fmt: skip
_DATA_SAID = re.compile(
    r"\b[A-Z][\w-]*(?:[- ]\w+)? (?:data ?sets?|corpus|corpora|benchmarks?|tasks?)\b|\bdata ?sets?\b|\bdatabase\b"
)
_FIGURE_ASKED = re.compile(
    r"\bhow (?:many|(?:much )?(?:faster|slower|smaller|larger|bigger|higher|lower|better|worse|cheaper|less|more))\b"
    r"|\bby how much\b|\b(?:what|which) (?:exact |precise )?(?:accuracy|error|percentage|share|fraction|number|value|ratio|speed-?up|latency|perplexity|score|f1|bleu|auc)\b"
    r"|\bin (?:percent|per cent|%|points|numbers|figures)\b|\b(?:exact|precise) (?:figures?|numbers?|values?)\b",
    re.IGNORECASE,
)
_TIMES_WORD = re.compile(
    r"\b(?:half|halve[sd]?|halving|twice|doubl\w+|tripl\w+|quarter|one third|two thirds|orders? of magnitude|\w+-?fold)\b",
    re.IGNORECASE,
)
_COUNT_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)}|single|none|no|zero|once)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)


def of_no_kind(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """That the sources do not give what a question asks for, where it is of a kind that no passage found has any of, and
    the nearest passages; empty otherwise."""
    if request.reviewers or not set(request.intents) <= OF_THE_PAPER:
        return []
    kinds = kinds_asked(request.text)
    hits = [h for s in gathered.searched for h in s.hits if s.arguments.get("submission") == request.submission]
    if hits and not asks_where(request.text) and (unnamed := unnamed_hardware(request.text, hits)):
        return unnamed
    if not kinds or not hits or any(gives(kind, h.passage) for kind in kinds for h in hits):
        return []
    names = " and no ".join(kind.name for kind in kinds)
    best = sorted(hits, key=lambda h: -h.score)
    return [say(f"The sources give no {names}.", "abstention"), *_nearest(best, request.topic or request.text)]


def kinds_asked(text: str) -> list[Kind]:
    """The kinds of things that a message asks for."""
    found = [kind for kind in KINDS if kind.asked.search(text)]
    return [*found, DATA_SET] if _DATA_ASKED.search(text) else found


DATA_SET = Kind("name of a data set", _DATA_ASKED, _DATA_SAID)


def gives(kind: Kind, passage: Passage) -> bool:
    """Whether a passage has something of a kind."""
    said = f"{passage.where or ''} {passage.context} {passage.text}"
    if kind.given.search(said):
        return True
    return kind is DATA_SET and any(term.kind == "data" for term in terms_in(said))


def without_figure(request: Request, written: Sequence[DraftSentence], passages: Iterable[Passage]) -> bool:
    """Whether a question asks for a figure, and the answer, which is said as one, cites no passage with any."""
    if not (_FIGURE_ASKED.search(request.text) and set(request.intents) <= OF_FIGURES and not request.reviewers):
        return False
    if not written or any(s.kind not in ("fact", "smalltalk") for s in written):
        return False
    cited = {p for s in written for p in s.passages}
    said = [p for p in passages if p.id in cited]
    told = " ".join(s.text for s in written if s.passages)
    if _TIMES_WORD.search(told) or (_HOW_MANY.search(request.text) and _COUNT_WORD.search(told)):
        return False
    return bool(said) and not any(f.written in told for f in figures_in(said))


def said_to_be_without(written: Sequence[DraftSentence]) -> list[DraftSentence]:
    """An answer whose passages hold no figure, told as what it is: the passages nearest to the question."""
    near = [s for s in written if s.passages][:MOST_NEAR]
    return [
        say("The sources give no figure for this.", "abstention"),
        say("The nearest passages are these:", paragraph=1),
        *(replace(s, paragraph=1, bullet=True) for s in near),
    ]


def _nearest(hits: Sequence[Hit], topic: str) -> list[DraftSentence]:
    near = unique(h.passage for h in hits)[:MOST_NEAR]
    return [
        say("The nearest passages are these:", paragraph=1),
        *(quote(p, lead=who(p), topic=topic, paragraph=1) for p in near),
    ]
