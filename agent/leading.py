"""What a leading question takes for granted: that somebody praises or objects, wants a paper accepted or rejected. Pure.

"R3 likes the novelty, correct?" assumes praise, "nobody doubts it, right?" that there is no objection. Only the side is read
here; whether the record bears it is for `agent.answering.premises` to say.
"""

import re

_TAG = re.compile(
    r"(?:[,;:–—-]|\s)\s*(?:(?:is(?: that|n['’]?t (?:it|that))(?: (?:so|right|correct|true))?|am i (?:right|correct)|(?:is|are)n['’]?t i|or (?:not|am i wrong)|(?:do|does|did|is|are|was|were|has|have|had|would|will|can)(?:n['’]?t)? (?:he|she|it|they|you|we|i)(?: not)?|if i (?:recall|remember)(?: (?:correctly|right(?:ly)?))?|i (?:take it|suppose|guess|assume|think|believe)|no|right|correct|true|yes|ok(?:ay)?|huh|eh|innit)[\s?!.]*)+$",
    re.IGNORECASE,
)
"""What ends a sentence and makes it a question that waits for a yes."""
_OPENS_WITH_VERB = re.compile(r"^\W*(?:(?:so|and|but|ok(?:ay)?|then|well|hm+|wait|sorry)\b\W*)*(?:do|does|did|is|are|was|were|has|have|had)(?P<negated>n['’]?t| not)?\b", re.IGNORECASE)  # fmt: skip
_ASKS_WHAT = re.compile(
    r"^\W*(?:(?:so|and|but|ok(?:ay)?|then|well|please|also|now|hm+)\b\W*)*(?:what|which|who|whom|whose|where|when|why|how|on what|in what|(?:can|could|would|will) you|tell|show|list|give|explain|name|quote|summar\w+|compare|describe|remind)\b",
    re.IGNORECASE,
)
HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|suppos\w+|assuming|imagin\w+|would|should|could|might|may|can|will|let['’]?s|pretend|in case|whether)\b",
    re.IGNORECASE,
)
"""Words of what is not taken for granted but considered."""
_PRAISE = r"like[sd]?(?= (?!the (?:other|rest|first|previous)\b|in\b|with\b|this$)\w)|love[sd]?|enjoy\w*|prais\w+|appreciat\w+|admir\w+|values?|valued|applau\w+|credit(?:s|ed)|impress\w+|convinced|persuaded|happy|pleased|satisfied|content(?= with)|fond of|endors\w+|(?:in )?favou?r of|enthusiastic|approv(?:e|es|ed|ing)(?= of)|commend\w*|compliment\w*|positive(?:ly)?|favou?rabl[ey]|buys?(?= (?:the|their|it))|bought(?= (?:the|their|it))"
_OBJECTS = r"dislik\w+|hat(?:e|es|ed)|critici[sz]\w*|object(?:s|ed|ing|ions?)?(?! (?:detection|recognition|classif\w+))|complain\w*|complaints?|(?:question(?:s|ed|ing)|question(?= (?:the|their|its|his|her|that|whether)\b))(?! (?:of|to|for|by|on|from|about)\b)|doubt\w*|unconvinc\w+|unhappy|dissatisfied|disappoint\w+|attack(?:s|ed)|negative(?:ly)?|s[ck]eptic\w*|fault(?:s|ed)?|problems?(?= with)|issues?(?= with)|trouble(?= with)|concern(?:s|ed)?(?= (?:about|with|over|on|regarding))|reservations?|worr(?:y|ies|ied)|dismiss\w*|lack(?:s|ed|ing)|disapprov\w+|slam\w*|bother(?:s|ed)|weaknesses?|mind(?:s|ed)(?= (?:the|that))"
_GOOD = r"good|great|excellent|strong|convincing|novel|original|new|innovative|clear|sound|solid|interesting|impressive|well[- ](?:written|motivated|done)|thorough|sufficient|fair|nice|fine|useful|valid|correct"
_BAD = r"bad|poor|weak|thin|unclear|confusing|trivial|incremental|insufficient|limited|lacking|flawed|unfair|wrong|shallow|sloppy|useless|unoriginal|obvious|straightforward|low|missing"
_OPINION = re.compile(
    r"\b(?:find|found|think|thought|consider|call|see|saw|judge|regard|rate|deem|sa(?:y|id|ys)|believ|describ|agree|admit|conced|acknowledg|grant|feel|felt|claim|hold|held|seem|is|are|was|were|be)\w*",
    re.IGNORECASE,
)
_SIDES = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), side, opinion)
    for words, side, opinion in ((_OBJECTS, -1, False), (_PRAISE, 1, False), (_BAD, -1, True), (_GOOD, 1, True))
)
_NEGATED = re.compile(
    r"(?:\b(?:not|no|never|hardly|nothing|without|neither|nor|barely|zero|rather than|instead of|fails? to|isnt|doesnt|didnt)|n['’]t)(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
"""A negation that ends at most three words before what it negates."""
_PAPER = r"(?:it|this|that|(?:the|this|that) (?:paper|submission|work|manuscript))"
_ACCEPTS = re.compile(
    rf"\brecommend\w*(?: (?:an?|to|its|the|that|clear|weak|strong|for))* accept\w*|\baccept(?:s|ed|ing|ance)?\b(?= {_PAPER}|\W*$)|\b(?:vot\w+|argu\w+|speak\w*|spoke)(?: \w+)? (?:for|to) (?:it|accept\w*)\b|\b(?:for|in favou?r of|supports?|supported|favou?rs|favou?red|leans?(?: \w+)* to(?:wards?)?|wants?(?: \w+)* to|like to) (?:an? )?accept\w*"
    rf"|\b(?:likes?|liked|loves?|supports?|in favou?r of|positive (?:about|on)|enthusiastic about|happy with|backs?) {_PAPER}(?=\W*$)|\b(?:gave|gives?) (?:it )?(?:an? )?(?:\w+ )?accept\b|\bon the (?:accept\w*|positive) side|\b(?:is|are|was|were)(?: \w+)? (?:positive|for (?:it|acceptance))(?=\W*$)",
    re.IGNORECASE,
)
_REJECTS = re.compile(
    rf"\brecommend\w*(?: (?:an?|to|its|the|that|clear|weak|strong|for))* reject\w*|\breject(?:s|ed|ing|ion)?\b(?= {_PAPER}|\W*$)|\b(?:vot\w+|argu\w+|speak\w*|spoke)(?: \w+)? (?:against (?:it|accept\w*)|(?:for|to) reject\w*)|\b(?:for|in favou?r of|favou?rs|favou?red|leans?(?: \w+)* to(?:wards?)?|wants?(?: \w+)* to|like to) (?:an? )?reject\w*"
    rf"|\b(?:dislikes?|disliked|hates?|opposes?|opposed|against|negative (?:about|on)|unhappy with) (?:{_PAPER}|acceptance|accepting {_PAPER})(?=\W*$)|\b(?:gave|gives?) (?:it )?(?:an? )?(?:\w+ )?reject\b|\bon the (?:reject\w*|negative) side|\b(?:is|are|was|were)(?: \w+)? (?:negative|against (?:it|acceptance))(?=\W*$)",
    re.IGNORECASE,
)
MENTIONS = re.compile(r"\b(?:mention|speak|spoke|talk|rais|ask|not(?:e|es|ed)\b|comment|discuss|bring|brought|address|touch|point)\w*", re.IGNORECASE)  # fmt: skip
"""Verbs by which somebody speaks of a matter without a side."""


_OF_WORTH = re.compile(
    r"\b(?:un)?(?:fair|valid|justified|legit\w*|reasonable|right|grounded|founded|deserv\w+|hold(?:s|ing)? up)\b|\b(?:authors?|answer\w*|repl\w+|respon\w+|rebut\w*)\b",
    re.IGNORECASE,
)
"""Words that ask what a point is worth, or what the authors made of it."""


def asks_yes_or_no(text: str) -> bool:
    """Whether a message waits for a yes or a no, by its end or by its beginning."""
    if _ASKS_WHAT.search(text):
        return False
    return bool(is_tagged(text) or _OPENS_WITH_VERB.search(text) or text.rstrip().endswith("?"))


def is_tagged(text: str) -> bool:
    """Whether a message ends with words that wait for a yes, ", right?"."""
    return bool(_TAG.search(text.rstrip()))


def asks_what(text: str) -> bool:
    """Whether a message asks what, who or which, and takes nothing for granted but what "why" does."""
    return bool(_ASKS_WHAT.search(text)) and not re.match(r"\W*(?:\w+\W+){0,2}why\b", text, re.IGNORECASE)


def statement_of(text: str) -> str:
    """A leading question without what makes it one: its tag, and the "n't" of "doesn't he like it"."""
    bare = _TAG.sub("", text.rstrip()).strip()
    opened = _OPENS_WITH_VERB.match(bare)
    if opened and opened["negated"]:
        bare = bare[: opened.start("negated")] + bare[opened.end("negated") :]
    return bare.rstrip(" ?.!,;")


def takes_side(text: str) -> bool:
    """Whether a message takes somebody to praise or to object, and waits for a yes on that and nothing else."""
    statement = statement_of(text)
    return is_tagged(text) and not _OF_WORTH.search(statement) and bool(side_of(statement))


def side_of(text: str) -> int:
    """1 where a statement says that somebody praises something, -1 where it says that they object, 0 where neither or both."""
    sides: set[int] = set()
    opinion = bool(_OPINION.search(text))
    for pattern, side, only_in_opinions in _SIDES:
        if only_in_opinions and (not opinion or sides):
            continue  # "criticises that the gain is good" says what is criticised
        for match in pattern.finditer(text):
            sides.add(-side if _NEGATED.search(text[: match.start()]) else side)
    return sides.pop() if len(sides) == 1 else 0


def verdict_of(text: str) -> int:
    """1 where a statement says that somebody wants the paper accepted, -1 rejected, 0 where it says neither."""
    sides: set[int] = set()
    for pattern, side in ((_REJECTS, -1), (_ACCEPTS, 1)):
        for match in pattern.finditer(text):
            sides.add(-side if _NEGATED.search(text[: match.start()]) else side)
    return sides.pop() if len(sides) == 1 else 0


def without_sides(text: str) -> str:
    """A statement without the words that say on which side somebody is, for what it is about."""
    for pattern, _, only_in_opinions in _SIDES:
        text = text if only_in_opinions else pattern.sub(" ", text)
    return " ".join(_OPINION.sub(" ", text).split())
