"""What a few messages ask, plain by their words, that the fitted reader takes for something else. Pure."""

import re

from agent.cues import Intent
from agent.intents import asks, sentences_of

OF_CARE = re.compile(
    r"\bhow (?:carefully|thoroughly|closely|attentively|well) (?:did|do|does|has|have)\b.{0,40}\bread\b|\bwho\b.{0,30}\bread\b.{0,20}\b(?:carefully|thoroughly|closely|twice)\b",
    re.IGNORECASE,
)
"""Words that ask how much care reviewers say they took, which stands with their scores."""
_ODD_ONE = r"(?:outlier|odd (?:one|man|woman) out|dissenter|lone (?:voice|dissenter|wolf)|black sheep)"
OF_AN_OUTLIER = re.compile(
    rf"\b(?:who|which|is|are|was|any|anyone|anybody|there|one|whose)\b[^.?!,;]{{0,40}}\b{_ODD_ONE}\b(?= *(?:[?.!,;]|$|here\b|among\b|and\b|in (?:this|terms)\b|on (?:this|the score|rating)|of the (?:\w*review|group|panel|lot|bunch|set|three|four)|by (?:score|rating)))"
    rf"|\b{_ODD_ONE}s? (?:among|of|in) (?:the |these |our )?(?:\w*reviews?\b|\w*reviewers|referees|scores|ratings)"
    r"|\b(?:scores?|ratings?|\w*reviewer ?\w{0,2}|R\d|who|whose (?:score|rating))\b(?: \w+){0,2} (?:out of line|furthest (?:off|from|away)|farthest (?:off|from|away)|stands? (?:alone|apart)|differs? (?:the )?most)\b",
    re.IGNORECASE,
)
"""Words that ask whose score lies apart from the others'; channels and weights have outliers, too."""
OF_A_RANK = re.compile(
    r"\b(?:who(?:['’]s)?|which(?: (?:one|of (?:them|the \w+)|\w*reviewer|referee))?|(?:is|was) (?:R\d|\w*reviewer ?\w{0,4}))(?: is| was)? (?:the )?(?:(?:more|most|less|least) (?:positive|negative|critical|enthusiastic|favou?rable|generous|hostile)|(?:strict|harsh|tough|kind|friendli|nic|warm)(?:er|est))\b"
    r"(?=\W*$|,? (?:of|among) (?:the|them|all)\b|,? (?:R\d|\w*reviewer)|,? here\b| than (?:R\d|\w*reviewer))|\bwho lik(?:es|ed) (?:it|the paper|this paper) (?:the )?(?:most|least|best|more|less)\b",
    re.IGNORECASE,
)
"""Words that ask who stands highest or lowest, by the scores and on no matter."""
FOR_CAMERA_READY = re.compile(
    r"\b(?:camera[- ]?ready|final (?:version|copy|manuscript))\b.{0,60}\b(?:fix|chang|revis|mend|improv|address|add|correct|need|must|should|have to|to[- ]?do|want|clean|requir|condition|ask)\w*"
    r"|\b(?:fix|chang|revis|mend|improv|address|add|correct|need|must|should|have to|requir|condition|ask|to[- ]?do)\w*\b.{0,60}\b(?:camera[- ]?ready|(?:for|in|before|until) (?:the|a) final (?:version|copy|manuscript))\b",
    re.IGNORECASE,
)
"""Words that ask what is left to mend once a paper is accepted."""
_BY_AUTHORS = re.compile(r"\b(?:promis\w+|(?:did|do|will|have) (?:they|the authors)|(?:they|the authors) (?:will|say|said|have))\b", re.IGNORECASE)  # fmt: skip
AS_SOMEBODY = re.compile(
    r"\b(?:reply|answer|respond|write|speak|talk|argue|act|pretend|pose|rebut)\b(?: \w+){0,3}? (?:as|like) (?:if (?:you|u) (?:were|are) |though you were )?(?P<who>(?:the |an? |one of the |their )?(?:\w+ )?(?:authors?\b(?! (?:did|do|does|say|said|write|wrote|'s))|\w*reviewer\b ?\w{0,4}|R\d\b|referee))(?! (?:did|does|do|said|says|would have|suggests?|wants?|put|asked|asks)\b)"
    r"|\b(?:pretend|act as if) (?:that )?(?:to be|you(?:['’]re| are| were)) (?:the |an? |one of the )?(?:authors?|\w*reviewer|R\d|referee)\b"
    r"|\b(?:you are|you['’]re|be) (?:now )?(?:the |an? )(?:authors?|reviewer \w+|referee)\b(?:[ ,]+now)?\W*(?:$|[,:.;])|\brole[- ]?play\w*|\b(?:take|play|assume) (?:on )?the (?:role|part|voice) of (?:the |an? |one of the )?(?:authors?|\w*reviewer|R\d|referee)|\bin the (?:role|name|voice) of (?:the |an? )?(?:authors?|\w*reviewer|R\d|referee)"
    r"|\b(?:reply|answer|respond|speak) (?:to \w+(?: \w+)? )?(?:for|on behalf of) the authors?\b",
    re.IGNORECASE,
)
"""Words that ask to write as an author or a reviewer would."""


def plainly_asked(text: str) -> tuple[Intent, ...]:
    """The intents that a message has by its words alone; none where it is for the reader."""
    if AS_SOMEBODY.search(text):
        return ("offtopic",)
    if not any(map(asks, sentences_of(text))):
        return ()  # what the chair tells is no question
    if asks_for_camera_ready(text):
        return ("open",)
    return ("scores",) if any(words.search(text) for words in (OF_CARE, OF_AN_OUTLIER, OF_A_RANK)) else ()


def asks_for_camera_ready(text: str) -> bool:
    """Whether a message asks what is to be mended for the final version, and not what the authors say they will do."""
    return bool(FOR_CAMERA_READY.search(text)) and not _BY_AUTHORS.search(text)
