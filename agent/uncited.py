"""What a sentence without a citation may say: courtesy, that the sources are silent, or advice; nothing of the paper."""

import re
from collections.abc import Sequence

from agent import checks
from agent.cues import content_words
from agent.draft import DraftSentence
from agent.number_words import in_digits

_SOURCES = r"(?:sources?|passages?|reviews?|record|notes?|documents?|discussion|threads?|material)"
_TELL = r"(?:say|state|mention|report|speak|tell|hold|contain|give|name|address|discuss|specify|answer|describe|cover|indicate|provide|include|list|reveal|disclose|explain|record)"
SILENT = re.compile(
    rf"\b(?:the|these|those|my|our) (?:\w+ )?{_SOURCES}(?: (?:on record|on file|here|found|I found|given|retrieved|of this paper))*"
    rf" (?:(?:(?:do|does|did)(?: not|n't)|never) {_TELL}|(?:is|are) silent|(?:hold|contain|sa[yi]|give|name)\w* (?:nothing|no))\b[^,;.]*"
    rf"|\b(?:not|nowhere|nothing)(?: (?:stated|mentioned|given|reported|found|recorded|specified|said|addressed|discussed|described|answered|covered))?"
    rf" (?:on|in) (?:(?:record|file)|(?:the|these) (?:\w+ )?{_SOURCES})\b[^,;.]*"
    rf"|\b(?:is|are|was|were)(?: not|n't) (?:stated|mentioned|given|provided|reported|found|specified|said|addressed|discussed|described|included|available) (?:in|by) (?:the|these) (?:\w+ )?(?:{_SOURCES}|text|context)\b[^,;.]*"
    r"|\bno\b[^,;.]{0,60}\b(?:is|are|was|were) on (?:record|file)\b[^,;.]*"
    r"|(?:^|\bthere (?:is|was) )no (?:passage|source|note|information|mention|answer|statement)s?\b[^,;.]*"
    r"|\bI (?:(?:could|can|did)(?: not|n't) find|f[io]u?nd (?:no|nothing))\b[^,;.]*",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(?:but|however|although|though|yet|whereas|while|still|nevertheless|and (?:it|the|they))\b", re.IGNORECASE
)
_MATTER = r"\b(?:papers?|methods?|approach\w*|authors?|reviewers?|reviews?|submissions?|results?|experiments?|baselines?|accuracy|novelty|work|it|they)\b"
_ACHIEVES = re.compile(
    rf"{_MATTER}\W+(?:[\w-]+\W+){{0,4}}?(?:is|are|was|were|has|have|had|does|did|never|fails?|failed|lacks?|lacked|works?|worked|wins?|won"
    r"|(?:beat|outperform|surpass|exceed|reach|achiev|attain|improv|agree|disagree|accept|reject|recommend|prais|critici|lik|lov|hat|show|prov"
    r"|compar|claim|admit|propos|introduc|confirm|deliver|gain|los|reduc|preserv|match|support|contradict)(?:e|es|ed|s|d|zes?|ses?|zed|sed|ves?|ved|t|ting|ing)?)\b",
    re.IGNORECASE,
)
_PRAISES = re.compile(
    r"\b(?:novel|excellent|groundbreaking|outstanding|superb|brilliant|flawed|poor|weak|strong|convincing|incremental|superior|inferior|state-of-the-art|best|worst)\b",
    re.IGNORECASE,
)
# What a judgement advises is its own; what it says of the paper on the way there is not.
_LEANS = re.compile(
    r"\b(?:lean\w*|recommend\w*|suggest\w*|favou?r\w*|would|should|ought to|be|(?:to|towards?|for|against)?\s*(?:weak |strong |clear )?(?:accept\w*|reject\w*))\b",
    re.IGNORECASE,
)
_OF_LEANING = frozenset(
    "weak strong clear borderline paper lean recommendation decision yes no undecided now close".split()
)
_UNNAMED = ("OK", "AI", "PDF")
COURTESY = re.compile(
    r"^(?:you'?re welcome|you are welcome|thanks?|thank you|hello|hi|glad|happy to|certainly|sure|of course|here (?:is|are)|let me know|feel free|if you (?:have|need|want)\b|good (?:luck|morning|day)|noted)\b",
    re.IGNORECASE,
)

_REASON = re.compile(
    r"\b(?:because|since|given(?: that)?|due to|owing to|as(?= (?:the|it|they|all|no|every|its|their|reviewers?|authors?|nobody|most|both)\b)|for(?= the (?:lack|want|sake)\b)|so|therefore|thus)\b|[:;–—]| - ",
    re.IGNORECASE,
)
"""What opens the ground of a judgement: that is said of the paper."""
_EVERYONE = r"(?:every(?:one|body|thing)|nobody|no one|nothing|none|all|most|both|each|many|several|some|(?:the|these|those|its|their|every|no|any) (?:[\w-]+ ){0,2}?[\w-]+)"
_ASSERTS = re.compile(
    rf"\b{_EVERYONE} (?:\w+ly |also |still |just )?(?:is|are|was|were|has|have|had|does|did|do|can|cannot|will|won't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't"
    r"|[a-z]{2,}(?:ed|es|[^s\W]s)|came|went|ran|run|found|felt|thought|said|saw|took|gave|made|won|lost|fell|rose)\b",
    re.IGNORECASE,
)
_SPEAKERS = re.compile(r"\b(?:I|you|your|me|we|us|let's|please)\b", re.IGNORECASE)
_HELPS = re.compile(
    r"\b(?:the|these|those) (?:main|following|other|next|relevant) (?:points?|questions?|passages?|concerns?)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"[.!?:;–—]\s*|,\s+(?:but|and|as|since|because)\s+|\s+-\s+")
_PRESUMES = re.compile(
    r"\b(?:why|despite|although|even though|the fact that|how (?:badly|poorly|much worse))\b", re.IGNORECASE
)
_ACCUSES = re.compile(
    r"\b(?:cheat\w*|fabricat\w*|falsif\w*|plagiari\w*|fraud\w*|l(?:ied|ying|iars?)|fak(?:e[ds]?|ing)|manipulat\w*|collu\w*|dishonest\w*|invented|misconduct|steal\w*|stole\w*)\b",
    re.IGNORECASE,
)


def uncited_objection(s: DraftSentence, names: Sequence[str], trusted: bool) -> str | None:
    """A sentence without citation may be courtesy, silence or a weighing; it states nothing of the paper."""
    numbered = checks.NUMBER.search(in_digits(s.text))
    if s.kind == "judgement":
        stated = not trusted and _weighs_what_it_states(s.text)
        return "it carries no citation" if names or numbered or stated else None
    if s.kind not in ("smalltalk", "abstention", "finding"):
        return "it carries no citation"
    if trusted:
        return None
    if s.kind == "finding":
        return "what was found on import is told by the program alone"
    if names:
        return "it speaks of a reviewer without a citation"
    if numbered:
        return "it states a number without a citation"
    if s.kind == "abstention":
        return _abstention_objection(s.text)
    return _statement_objection(s.text) or _talk_objection(s.text)


def _weighs_what_it_states(text: str) -> bool:
    """Whether a judgement states something of the paper, or gives a ground, which only a passage can bear."""
    return bool(ground_of(text) or _ACCUSES.search(text) or _states_of_the_paper(_LEANS.sub(" ", text)))


def ground_of(text: str) -> str:
    """What a judgement gives as its ground; "" where it only leans."""
    opens = _REASON.search(text)
    if opens is None or not content_words(text[: opens.start()]):
        return ""
    ground = text[opens.end() :]
    return ground if set(content_words(_LEANS.sub(" ", ground))) - _OF_LEANING else ""


def _abstention_objection(text: str) -> str | None:
    """What the sources do not say may name anything, but takes nothing for granted; what follows a "but" is a statement
    again."""
    if not SILENT.search(text):
        return "it does not say that the sources are silent, and carries no citation"
    if _ACCUSES.search(text) or any(_PRESUMES.search(m.group()) for m in SILENT.finditer(text)):
        return "it takes something for granted without a citation"
    rest = SILENT.sub(lambda m: m.group()[t.start() :] if (t := _TURN.search(m.group())) else " ", text)
    return _statement_objection(" ".join(rest.split()))


def _statement_objection(text: str) -> str | None:
    """Why words that no passage bears say too much, or None."""
    if any(m.group() not in _UNNAMED for m in checks.NAME.finditer(text)):
        return "it names a model, a dataset or a method without a citation"
    if _states_of_the_paper(text) or _ACCUSES.search(text):
        return "it states something of the paper without a citation"
    return None


def _talk_objection(text: str) -> str | None:
    """Small talk speaks of who talks; a clause of it that speaks of anything else is a statement."""
    for clause in filter(str.strip, _SAYS.split(text)):
        rest = COURTESY.sub(" ", clause.strip())
        bare = rest == clause.strip() and not _SPEAKERS.search(clause) and len(content_words(clause)) > 1
        if bare or _ASSERTS.search(_HELPS.sub(" ", rest)):
            return "it states something of the paper without a citation"
    return None


def _states_of_the_paper(text: str) -> bool:
    """Whether words tell what the paper, its authors or its reviewers do, or praise or blame them."""
    return bool(_ACHIEVES.search(text) or (_PRAISES.search(text) and re.search(_MATTER, text, re.IGNORECASE)))
