"""What a message asks of the figures of a paper: a value, two set against each other, the best of a column, a check. Pure.

What an elliptic message ("vs L1 norm?", "and at 2?") leaves out is taken, with less weight, from the questions before.
"""

import re
from dataclasses import dataclass
from typing import Literal

from agent import cues
from agent.desk import Desk, Paper
from agent.mentions import head_of, without_reviewers
from agent.request import Request
from agent.terms import QUANTITIES, Term, acronyms_in, holds, stem, terms_in

Form = Literal["value", "difference", "best", "worst", "trend", "check"]

_DIFFERENCE = re.compile(
    r"\bdiff\w*\b|\bgaps?\b|\bpoints? (?:above|below|over|under|ahead|behind|better|worse)\b|\bdelta\b|\bmargin\b|\bsubtract\w*|\bminus\b|\bby how (?:much|many)\b|\bhow (?:far|much|many \w+) .{0,40}(?:behind|ahead|off|from|better|worse|above|below|more|less|lose|loses|lost|gain\w*|drop\w*|buy|buys|cost\w*|improv\w+|save[sd]?|than)\b"
    r"|\bhow (?:much|many times) (?:faster|slower|smaller|larger|bigger|cheaper|higher|lower|better|worse|more|less|fewer)\b|\bgains?\b|\b(?:loss|drop|improvement|advantage|lead|cost) (?:of|over|from|against|to|in)\b|\bratio\b|\bfactor\b|\bdivi(?:de|sion)\b"
    r"|\b(?:ahead of|behind|better than|worse than|faster than|slower than|more than|less than|lose more|(?:do|does|did|is|are|was) \w* ?(?:better|worse)\b|outperform\w*|beats?|ahead by)\b|\bbefore (?:and|/|vs\.?) ?after\b|\bcompare[sd]?\b|\bcompared (?:to|with)\b|\b(?:vs\.?|versus|against)\b|\barithmetic\b|\brelative (?:to|gain|loss|change)\b|,? relative\W*$"
    r"|\bhow many times (?:the|that|as|its|their|\w+['’]s)\b|\b(?:percent|per cent|%) (?:more|less|fewer|higher|lower|faster|slower|smaller|larger)\b|\bby (?:what|which) (?:further |additional )?(?:factor|percentage|share|margin|amount|multiple)\b|\b(?:exceed|surpass)\w*\b"
    r"|\bover [A-Z][\w-]+(?: \w+)?,? (?:in )?(?:points|percent|%)|\bhow much .{2,60}\b(?:add|bring|buy|cost|save|gain|lose|contribute)s?\W*$|\bwhich (?:one |of (?:them|the \w+) )?(?:gains|loses|saves|costs) (?:more|less|most|least)\b|\btimes apart\b",
    re.IGNORECASE,
)
_RATIO_REACHED = re.compile(
    r"\b(?:compression|pruning|sparsity|reduction|speed-?up) (?:ratio|rate|factor)s?\b(?! (?:of|between) .{1,40}\b(?:to|and|over)\b)",
    re.IGNORECASE,
)
_BEST = re.compile(
    r"\b(?:best|highest|(?<!on )top(?!-?\s?\d)|largest|biggest|greatest|fastest|strongest|winn\w+|wins|most accurate|most|leads|ahead)\b(?! (?:of the )?review)",
    re.IGNORECASE,
)
_WORST = re.compile(r"\b(?:worst|lowest|smallest|slowest|weakest|least|loses most)\b", re.IGNORECASE)
_TREND = re.compile(
    r"\btrend\b|\bcurve\b|\bhow (?:does|do|did) .{0,60}\b(?:chang\w+|depend\w*|var(?:y|ies)|scal\w+|develop\w*|evolv\w*|degrad\w*|grow\w*|fall\w*|behave\w*)\b|\b(?:across|over) (?:all |the )?(?:bit[- ]?widths?|bits|sparsit\w+|sizes|levels|models|settings|rates|ratios)\b"
    r"|\bas .{0,40} (?:grow|increas|shrink|decreas|go(?:es)?|get|rise|fall)\w*",
    re.IGNORECASE,
)
_CHECK = re.compile(
    r"\b(?:right|correct|true|accurate|consistent|add up|adds up|plausible|check(?:s out)?|verify|recompute|sums? up|isn'?t it|aren'?t they|if i remember)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|large|big|long|fast|slow|small|well|accurate|sparse|high|low|far|close)\b|\bwhat(?:'s| is| was| are)? (?:the )?(?:\w+ ){0,3}(?:share|fraction|percentage|part|rate|ratio|number|value|score|figure|factor)s?\b"
    r"|\b(?:numbers?|figures|values?|percent)\b|\bin %",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\bwhat(?:'s| is| are) an?\b|\bmean(?:s|t)?\b(?! (?:accuracy|of))|\bdefin\w+|\bwhy\b|\bhow (?:is|are|was|were|do|does|did) .{0,40}\b(?:chosen|choose|picked?|set|select\w*|comput\w+|determin\w+|train\w*|obtain\w*|works?|found|find)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"^\W*(?:ok(?:ay)?[,. ]+|and\b|but\b|so\b|what about|how about|same\b|vs\b|versus\b|against\b|at \d|on \w|for \w|with \w|difference|gap|by how)|\b(?:that|this|it|those|these|them|the two|both|there|same)\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"^\W*(?:ok(?:ay)?[,. ]+)?(?:and|same|what about|how about|likewise|for|on|at)\b", re.IGNORECASE)
_HOW_MUCH = re.compile(
    r"\b(?:how (?:large|small|long|short|wide|deep|hard)|(?:larg|long|short|wid|deep|hard|soft)(?:er|est)|hardly|correct(?=\W*(?:$|\?))|(?:at |of |for )?(?:the )?same (?:size|memory|budget|model|net|network|data ?set|hardware|setting)s?)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"\b(?:of )?(?:the|these|those|all|both|their) (?:two|three|four|five)\b|\b(?:tables?|tab\.|fig(?:ure)?s?\.?|section|sec\.|appendix) ?\d+\b",
    re.IGNORECASE,
)
"""What counts the things that a message compares, or says where to look; neither is a setting."""
_SHAPE = re.compile(r"\d+(?:x\d+)+")
_A_RATIO = re.compile(
    r"\bhow much (?:more )?ratio\b|\w['’]s (?:rate|ratio)\b|^\W*ratio\b|[:,] ratio\b|\bfactor\b.{0,60}\bcompress",
    re.IGNORECASE,
)
"""A ratio that is a result, the compression ratio of methods that compress, and no way of comparing."""
_THAT_ONE = re.compile(r"\b(?:that|this) (?:baseline|reference|rival|competitor|method)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})*")
SHORT = 5
_OF_WRITERS = re.compile(
    r"\b(?:authors?|repl(?:y|ies|ied)|respon\w+|rebut\w*|review\w*|referees?|ratings?|scores?|settled|answered|addressed|concerns?|complain\w*|object\w*|says?|said|asks?|asked|promised?|claims?|typos?|R\d|you|your|I|my|me)\b",
    re.IGNORECASE,
)
_TESTING = re.compile(
    r"\b(?:check\w*|verif\w*|test\w*|try|tried|run|rerun|prove|confirm\w*|reproduc\w*|simulat\w*|measure|replicat\w*|really|true|holds?|does|do|is|are|see|show|find out)\b|\b\w+er than\b",
    re.IGNORECASE,
)
CARRIED = 0.4
LOOKED_BACK = 4


@dataclass(frozen=True)
class Asked:
    """The terms of a message and, where it is elliptic, those of the questions before; how it wants figures told."""

    form: Form
    new: tuple[Term, ...]
    old: tuple[Term, ...] = ()
    text: str = ""
    query: str = ""
    names: tuple[Term, ...] = ()
    """What the paper calls its own method."""
    elliptic: bool = False
    plain: bool = True
    """Whether the message itself speaks of figures, by a quantity, a number or a way of asking."""

    @property
    def compares(self) -> bool:
        """Whether two figures are set against each other, be it to check what is said of them."""
        return asks_for_difference(self.text)

    @property
    def relative(self) -> bool:
        """Whether a change is wanted in per cent or as a factor."""
        return bool(re.search(r"%|\bper ?cent|\brelative|\btimes\b|\bfactor|\bratio|\bdivi|\dx\b|\bfaster|\bslower|\bsmaller|\bspeed", self.text, re.I))  # fmt: skip


def read_asked(request: Request, desk: Desk) -> Asked:
    """What a message asks of figures; whether it does at all is seen once they are there."""
    paper = desk.paper(request.submission)
    # "that baseline" is the one just told, and not the uncompressed net.
    text = _THAT_ONE.sub("that", without_reviewers(request.text, paper))
    names = own_names(paper)
    new = terms_asked(text)
    plain = is_plain(text)
    elliptic = bool(desk.past) and (len([t for t in new if t not in names]) <= SHORT or not plain) and (
        bool(_REFERS.search(text)) or len([t for t in new if not t.key.startswith("<")]) <= 3
    )  # fmt: skip
    old, before = _carried(request, desk, new) if elliptic else ((), "")
    new = _named_settings(new, request, desk) if elliptic else new
    form = form_of(text)
    if elliptic and form == "value" and _SAME.search(text) and desk.last is not None:
        form = form_of(without_reviewers(desk.last.message, paper))
    return Asked(form, new, old, text, f"{text} {before}".strip(), names, elliptic, plain)


def asks_for_difference(text: str) -> bool:
    """Whether a message sets figures against each other; a compression ratio by itself is a figure like others."""
    return bool(_DIFFERENCE.search(_RATIO_REACHED.sub(" ", text)))


def is_plain(text: str) -> bool:
    """Whether a message speaks of figures by itself."""
    if _DEFINES.search(text):
        return False
    return bool(
        _NUMBER.search(text)
        or asks_for_difference(text)
        or any(re.search(pattern, text, re.IGNORECASE) for pattern in QUANTITIES.values())
        or any(t.value is not None for t in terms_in(text))
    )


def is_on_figures_alone(text: str) -> bool:
    """Whether a message speaks of a quantity or of a difference, and of nobody who wrote or is to decide something."""
    if _OF_WRITERS.search(text) or _DEFINES.search(text):
        return False
    of_quantity = any(re.search(pattern, text, re.IGNORECASE) for pattern in QUANTITIES.values())
    return of_quantity or asks_for_difference(text)


def wants_no_run(text: str) -> bool:
    """Whether a message names figures and nothing that is to be done: "ratios on the ResNet, every scheme"."""
    return is_on_figures_alone(text) and not _TESTING.search(text)


def form_of(text: str) -> Form:
    """How figures are to be told: one, two against each other, the ends of a column, a row of them."""
    if _TREND.search(text):
        return "trend"
    if _CHECK.search(text):
        return "check"
    if _WORST.search(text):
        return "worst"
    if asks_for_difference(text):
        return "difference"
    return "best" if _BEST.search(text) else "value"


def own_names(paper: Paper | None) -> tuple[Term, ...]:
    """The terms by which a paper calls its method: the name before the colon of its title, and its short names."""
    if paper is None:
        return ()
    names = (*head_of(paper.title), *paper.short_names)
    return tuple(dict.fromkeys(t for name in names for t in (*terms_in(name), *acronyms_in(name))))


def terms_asked(text: str) -> tuple[Term, ...]:
    """The terms of a message without talk."""
    bare = _COUNTS.sub(" ", _HOW_MUCH.sub(" ", text))
    # A word with a capital inside a sentence is a name, "Gradient Dropping", whatever it says otherwise.
    names = {stem(word.lower()) for run in _CAPITAL.findall(text) for word in run.split()}
    found = tuple(t for t in terms_in(bare) if t.value is not None or t.key not in _TALK or t.key in names)
    return (*found, Term("<size>")) if _A_RATIO.search(text) and Term("<size>") not in found else found


def _carried(request: Request, desk: Desk, new: tuple[Term, ...]) -> tuple[tuple[Term, ...], str]:
    """The terms of the questions before on the same paper, back to one that stands by itself, and their words."""
    found: dict[Term, None] = {}
    texts: list[str] = []
    for past in list(reversed(desk.past))[:LOOKED_BACK]:
        if request.submission not in past.request.get("submissions", ()):
            break
        bare = without_reviewers(past.message, desk.paper(request.submission))
        terms = terms_asked(bare)
        texts.append(bare)
        for term in terms:
            # A new setting takes the place of the old one: "and at 2?" after "at 3 bits".
            if not _replaced(term, new, tuple(found)):
                found.setdefault(term)
        if is_plain(bare) and len(terms) > 2 and not _REFERS.search(bare):
            break
    return tuple(t for t in found if not holds(new, t)), " ".join(reversed(texts))


def _named_settings(new: tuple[Term, ...], request: Request, desk: Desk) -> tuple[Term, ...]:
    """The terms with what a bare number counts taken from the last question: "and at 2?" after "at 3 bits"."""
    if not any(t.value is not None and not t.key for t in new) or desk.last is None:
        return new
    keys = dict.fromkeys(t.key for t in terms_asked(desk.last.message) if t.value is not None and t.key)
    if len(keys) != 1:
        return new
    key = next(iter(keys))
    return tuple(
        Term(key, t.value) if t.value is not None and not t.key and t.value == int(t.value) else t for t in new
    )


def _replaced(term: Term, new: tuple[Term, ...], later: tuple[Term, ...]) -> bool:
    fresh = (*new, *later)
    if term.value is not None:
        return any(t.value is not None and (t.key == term.key or not t.key) for t in fresh)
    if _SHAPE.fullmatch(term.key):
        return any(_SHAPE.fullmatch(t.key) for t in fresh)
    return False


_WAYS_OF_ASKING = (
    "difference differences differ gap gaps delta margin subtract minus vs versus ratio factor division divide times gain gains best worst highest lowest "
    "largest smallest trend curve exact exactly value values figure figures number numbers percent arithmetic correct consistent fast faster slow slower "
    "add adds adding below above exceed exceeds surpass surpasses further relative relatively smaller larger bigger higher lower better worse cheaper ahead behind difference table section page where stand stands submission itself respectively same dim setting settings condition conditions recompute redo cost costs price pay pays paid lose loses gap row rows column columns recompute redo cost costs price pay pays paid lose loses gap row rows column columns respectively"
).split()
_TALK = frozenset(stem(word) for word in {*cues.CHAT_WORDS, *cues.CUE_WORDS, *_WAYS_OF_ASKING}) - frozenset(
    stem(word)
    for word in "random learned fixed full half order dense deep soft hard plain small large single short long wide".split()
)
