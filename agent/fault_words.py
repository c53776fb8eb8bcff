"""Words that look for faults among the points of reviews: vague, unsupported, contradicted, beyond the paper. Pure."""

import re

_POINT = r"(?:points?|objections?|complaints?|criticisms?|critiques?|concerns?|remarks?|comments?|requests?|demands?|questions?|weakness(?:es)?|reviews?|issues?|(?:reviewers?['’]?s?|R\d['’]s) (?:claims?|statements?))"  # fmt: skip
_SCOPE = r"(?:out(?:side)?[- ](?:of[- ])?(?:the |its |their |this )?(?:(?:paper|submission|work)['’]s )?scope|beyond (?:the |its |this )?(?:(?:paper|submission|work)['’]s )?(?:scope|paper|submission|claims?)|beyond what the (?:paper|authors)|off[- ]topic)"  # fmt: skip
FAULTS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("vague", r"\b(?:vague\w*|unspecific|non-?specific|generic|superficial|hand-?wav\w*|act on|actionable|too general|boilerplate|unclear what)\b"),
        ("unsupported", r"\b(?:unsupported|unsubstantiated|baseless|groundless|unfounded|unbacked|unproven|without (?:any )?(?:evidence|support|reasons?|argument|proof)|no (?:evidence|support|reasons?)|just (?:an )?opinions?|mere assertions?|not (?:backed|justified|argued|supported|substantiated)|unjustified)\b"),
        ("contradicted", r"\b(?:contradict\w*|refut\w+|disprov\w+|factual\w*|wrong|false|untrue|mistake\w*|incorrect|misread\w*|overlook\w*|inaccura\w*|errors?)\b"),
        ("beyond", rf"\b(?:{_SCOPE}|(?:with)?in (?:the |its )?scope|beyond|set out|unreasonable|too much to ask|asks? (?:for )?too much|excessive|irrelevant|unfair to ask|not what the paper|over-?reach\w*)\b"),
    )
}  # fmt: skip
"""What a question looks for in the reviews, by its words, in the order in which it is told."""
_OF_SEVERAL = re.compile(r"\b(?:which|what|any(?:body|one|thing)?|who|some|are there|did (?:some|any)|is (?:any|there|some)|how many|list|all|every|each|where)\b", re.IGNORECASE)  # fmt: skip
_AT_FAULT = re.compile(
    r"\b(?:discount\w*|disregard\w*|dismiss\w*|set aside|(?:not|n['’]t) (?:count|hold (?:up|water)|stand)|at fault|faults?|invalid|unfair|illegitimate)\b",
    re.IGNORECASE,
)
"""Words that ask for points that should not count, for whatever reason."""
_PLAIN = r"(?:vague\w*|unspecific|non-?specific|hand-?wav\w*|unsupported|unsubstantiated|baseless|groundless|unfounded|unbacked|without (?:any )?(?:evidence|support|proof)|" + _SCOPE + r")"  # fmt: skip
_REFUTED = r"(?:contradict\w*|refut\w+|disprov\w+)"
_DISCOUNTED = (
    r"(?:discount\w*|disregard\w*|dismiss\w*|set aside|invalid|at fault|(?:not|n['’]t) (?:count|hold (?:up|water)))"
)
_LOOKS_FOR = r"\b(?:which|what|any|some|how many|list|show|name|are there|is there|all|every|each|do|does|did|are|is)\b"
_ROUTED = re.compile(
    rf"{_LOOKS_FOR}.{{0,40}}\b{_POINT}\b.{{0,60}}\b(?:{_PLAIN}|{_DISCOUNTED})\b|{_LOOKS_FOR}.{{0,40}}\b{_PLAIN}\b.{{0,15}}\b{_POINT}\b|^\W*{_PLAIN} {_POINT}\b"
    rf"|\b(?:any(?:body|one)|some(?:body|one)|who|(?:a|the|any|which) (?:reviewers?|referees?)|R\d|he|she|they|review\w*)\b.{{0,30}}\b(?:ask|want|demand|request|expect)\w*\b.{{0,40}}\b{_SCOPE}\b"
    rf"|\b{_POINT}\b.{{0,40}}\b{_REFUTED}\b.{{0,30}}\b(?:paper|tables?|figures|numbers|text|manuscript|submission)\b"
    rf"|\b{_POINT}\b.{{0,20}}\b(?:paper|tables?|figures|numbers|text|manuscript|submission)\b.{{0,20}}\b{_REFUTED}\b"
    rf"|\b(?:reviewers?(?: \w+)?|R\d|he|she|reviews?|they)\b.{{0,30}}\b{_REFUTED}\b by the (?:paper|tables?|figures|numbers|text|manuscript|submission)\W*$",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\bauthors? (?:\w+ )?(?:say|said|call\w*|claim\w*|consider\w*|regard\w*|reject\w*|dismiss\w*|declare\w*|leave|left|put)\b|\b(?:each other|one another|themsel\w+)\b",
    re.IGNORECASE,
)
"""What the authors call so, and reviewers who contradict one another, are asked for elsewhere."""
_OF_REVIEWS = re.compile(
    r"\b(?:low|poor|bad|high|good|best|worst|overall)?[- ]?quality\b.{0,20}\breviews?\b|\breviews?\b.{0,25}\b(?:quality|poor|thin\w*|shallow|sloppy|careless|lazy|useless|worthless)\b|\b(?:poor|thin|shallow|sloppy|careless|lazy|useless|worthless) reviews?\b",
    re.IGNORECASE,
)


_WORDS_OF_IT = re.compile(rf"\b(?:{_POINT}|itself|tables?|figures|numbers|manuscript|text|quality)\b", re.IGNORECASE)


def faults_asked(text: str) -> tuple[str, ...]:
    """The faults that a question looks for among the points of the reviews, in the order in which they are told; all of them
    where it asks which points should not count."""
    if not _OF_SEVERAL.search(text) and not _ROUTED.search(text):
        return ()
    found = tuple(name for name, pattern in FAULTS.items() if pattern.search(text))
    if not found and _AT_FAULT.search(text) and re.search(rf"\b{_POINT}\b", text, re.IGNORECASE):
        return tuple(FAULTS)
    return found


def without_faults(text: str) -> str:
    """A question for points at fault without the words that say so, which are no matter of the paper."""
    for pattern in (*FAULTS.values(), _AT_FAULT, _OF_REVIEWS):
        text = pattern.sub(" ", text)
    return _WORDS_OF_IT.sub(" ", text)


def asks_for_faults(text: str) -> bool:
    """Whether a message plainly looks for points of the reviews that are at fault."""
    return bool(_ROUTED.search(text)) and not _OF_OTHERS.search(text)


def asks_of_reviews(text: str) -> bool:
    """Whether a question is on the quality of the reviews as such, and on no point of theirs."""
    return bool(_OF_REVIEWS.search(text))
