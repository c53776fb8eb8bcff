"""Questions on the chair's own work: what to decide and why, what they said themselves, which papers need them. Pure.

Their cues go before those of `cues`: "which of my papers has no reply" is no question on one paper's replies.
"""

import re
from collections.abc import Sequence

from agent.cues import Intent
from agent.desk import Desk
from agent.request import Request

_STACK = r"(?:(?:of|on|in|across|over|from|for|among) )?(?:all |the |my |our |these |this )*(?:whole |entire |full )?(?:stack|pile|batch|submissions|papers|lot|assignments?)\b|\ball (?:two|three|four|five|six|seven|eight|nine|ten|\d+)(?: of them| papers| submissions)?\b(?! (?:review|like|agree|say|of the review|point|concern))"
_WHICH = r"\b(?:which|what)(?: (?:one|paper|submission)s?)?\b|\bwhere\b|\bany\b"
_PATTERNS: tuple[tuple[Intent, str], ...] = (
    ("structured", r"(?<!meta-)(?<!meta )\b(?:structured|full|complete|formal|whole|official|proper) (?:\w+ )?review\b(?! (?:thread|file|record))|\breview (?:form|template|format)\b|\bmy form\b|\bfill (?:in|out) (?:the|a|my) (?:review )?(?:form|template)"
     r"|\b(?:write|draft|compose|prepare|give|produce)\b(?: me| us| up| out)?(?: an?| the| my| your)?(?: own)?(?: (?:short|brief|complete|whole|neat))* review\b(?! of (?:the )?reviews)(?!er)"),
    ("triage", r"\b(?:which|what|who|where)\b.{0,40}\b(?:need|require|deserve|want)s? (?:me|my|attention|a (?:closer )?look|work|action)\b|\btriage\b|\bwhere (?:do|should|shall|would|can) i (?:start|begin|look first|spend|go first)|\bwhat (?:should|do|shall) i (?:start|begin|look at first|do first|read first)|\bwhich (?:\w+ )?(?:first|is (?:the )?most urgent|are urgent)|\b(?:prioriti[sz]e|rank|order|sort|go through) (?:my |the |all )*(?:stack|papers|submissions|pile|lot)|\bmy (?:stack|pile|to-?do|queue)\b|\bwhere would (?:an? )?(?:experiment|run|test|check)s? help"),
    ("argue", r"\bdevil'?s[’']? advocate\b|\b(?:argue|argument|arguments|case|make (?:a|the) case|plead|reasons?|evidence|convince me)\b.{0,30}\b(?:against|for|in favou?r of) (?:me|my (?:decision|view|call|lean|rating)|it|this|that|your(?:self| lean| recommendation)?|(?:the )?(?:paper|accept\w*|reject\w*)|accepting|rejecting)\b|\b(?:strongest|best) (?:case|arguments?|reasons?|points?)\b|\bcounter-?arguments?\b|\bwhat (?:speaks|would speak|argues|is there) (?:for|against) (?:accept|reject|it|this|my)|\bsteel-?man\b|\bwhy (?:should|would|might|shouldn't) (?:i|we|one|anyone) (?:not )?(?:accept|reject)\b|\bchallenge (?:me|my|that|this)\b|\bwhere (?:am i|might i be|could i be) wrong"),
    ("changes", r"\bwhat (?:would|could|might|will|can) (?:change|flip|move|turn|sway|alter|convince|tip|make)\b.{0,40}\b(?:it|that|this|your?|you|mind|lean|view|recommendation|decision|verdict|them|r\d|reviewer|accept|reject|balance)\b|\bwhat would it take\b|\bwhat (?:do|would) (?:they|the authors) (?:need|have) to (?:do|show|add)\b|\bwhat is missing (?:for|to) (?:an? )?(?:accept|get)|\b(?:how|what) could (?:they|the authors) (?:win|turn|save)"),
    ("about", r"\b(?:are|is) (?:you|this(?: thing)?) (?:an? |the )?(?:\w+ )?(?:chat ?gpt\w*|gpt\S*|llm|ai|bot|human|person|machine|(?:language )?model|program|tool)\b|\bwhat (?:do|will|would|did) you do with\b|\b(?:who|what) (?:decides|computes|determines|writes|judges|says)\b.{0,40}\b(?:verdict|outcome|supported|contradicted)|\bhow (?:do|did|does|are|will) (?:you|it|your (?:verdicts?|leans?|recommendations?)|a verdict|verdicts|the verdict) (?:decide|weigh|judge|work|come to|arrive|know|reach|made|computed|get (?:to )?(?:a|your|the))"
     r"|\b(?:my|our|these|the) (?:papers?|pdfs?|data|texts?|files?|submissions?|uploads?|questions?|notes?)\b.{0,30}\b(?:go(?:es)? (?:to|out|any)|sent|send|leaves?|uploaded|stored|safe|shared|end up|confidential|private)\b|\bdo you (?:send|upload|store|share|save|train|learn|phone home|use (?:the )?(?:internet|cloud|gpt|an? (?:llm|language model)))|\bwhat (?:can|could) you (?:not|do)\b|\bwhat (?:can't|cannot) you\b|\byour (?:limits|limitations|weaknesses)\b|\bcan i trust you\b|\bwho (?:made|built|wrote|are) you\b"),
    ("thanks", r"\byou(?:'re|’re| are| were)(?: really| so| just| pretty| very| doing)* (?:great|good(?! at)|awesome|brilliant|amazing|the best|a star|helpful|wonderful|excellent|well|fine|funny|fast)\b[^?]*$"),
    ("offtopic", r"\b(?:book|order|buy|reserve|play|sing|cook|call|fetch|bring) (?:me|us|my \w+)\b(?! up\b| to speed)"),
    ("recommendation", r"\b(?:write|say|give|tell|report|list|mention|keep)\b.{0,30}\bonly (?:the |its )?(?:positive|good|nice|favou?rable|negative|bad|praise)\b"),
    ("enough", r"\b(?:enough|sufficient|suffices?|reason enough|grounds?|justif\w+)\b[^.?]{0,30}\b(?:reject|accept)\w*|\b(?:reject|accept)\w* (?:it |this |the paper )?(?:just |only |merely |purely )?(?:for|because of|on|over) (?!me\b|now\b|the record\b)(?=.*\?)"),
    ("weights", r"\b(?:who|whom|whose|which (?:of the )?(?:reviewers?|reviews?|one|voice))\b.{0,40}\b(?:weigh|count|trust|rely|matter|believe|listen to|follow|carr(?:y|ies) (?:more|most)|give (?:more|most)|heaviest|credib\w+|reliable|take (?:most )?serious\w*)\b|\bhow (?:much )?(?:should|would|do) (?:i|you|we) weigh\b|\bwhich review(?:er)?(?: is)?(?: the)? (?:most|least) (?:credible|reliable|trustworthy|expert|knowledgeable)"),
    ("own", r"\bmy (?:own )?(?:decision|rating|score|confidence|notes?|priorit(?:y|ies)|view|call|lean|order(?: of work)?|verdict|vote|recommendation|criteri(?:on|a)|judge?ment|stance|position)\b(?=.*\?\s*$|.*\b(?:again|was|were|so far|back)\b)|\b(?:what|which|where|when|how|did|do|have)\b[^?]{0,25}\b(?:did|do|have|had|would|was) i (?:say|said|want|wanted|decide|decided|note|noted|write|wrote|state|stated|rate|rated|give|gave|given|go for|going|stand|settle|leave|left|record|recorded|mean to|plan|planned|commit|ask you to (?:keep|remember|note))\b|\bwhat (?:have|did) you (?:keep|kept|note|noted|record|recorded|remember|file|filed)\b|\bremind me (?:what|of what|which|where|how)?\s?(?:i|my)\b|\bwhat(?:'s| is| was) my\b|\bwhat i (?:decided|said|noted|stated)\b|\b(?:give|read|show|tell) (?:that|it|this|me my|my)\b.{0,25}\bback\b|\bread (?:me )?my (?:notes?|decision)|\b(?:show|list|repeat) (?:me )?(?:all )?my (?:notes?|decisions?|priorities|ratings?)"),
    ("compare", r"\b(?:side by side|head to head|next to (?:each other|one another)|compare (?:them|both|the (?:two|papers|submissions)|these|all|my)|which (?:of (?:the )?(?:two|both)(?: papers)?|paper|submission) (?:is|has|was|does|did|would|got|gets)\b|both (?:papers|submissions)|in each\b|each of (?:the (?:two|papers)|them)|what'?s each|what is each)\b"),
)  # fmt: skip
_COMPILED: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in _PATTERNS
)
_ALL = re.compile(_STACK, re.IGNORECASE)
_ASKS_WHICH = re.compile(_WHICH, re.IGNORECASE)
_OF_PAPERS = re.compile(r"\b(?:paper|submission)s\b|\b(?:my|the (?:whole|entire)) (?:stack|pile|batch|lot)\b|\bof (?:mine|my)\b", re.IGNORECASE)  # fmt: skip
_BOTH = re.compile(r"\b(?:both|the two|either|each(?: of)?|neither|same|which (?:one|has|is|of)|who is|difference)\b", re.IGNORECASE)  # fmt: skip
_AGAINST = re.compile(r"\b(?:vs\.?|versus|compared? (?:to|with)|than|against|and|both|same|difference|or)\b", re.IGNORECASE)  # fmt: skip
_THIS = re.compile(r"\b(?:this(?: one| paper)?|it|both|same|the other|current|here)\b", re.IGNORECASE)
_TO_COMPARE = re.compile(r"\b(?:ratings?|scores?|decisions?|reasons?|rejected|accepted|about|unanswered|critici\w+|concerns?|weak\w*|strong\w*|side by side|compare|better|worse|worst|first)\b", re.IGNORECASE)  # fmt: skip
FACETS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("unreviewed", r"\bno (?:\w+ )?reviews?\b|\bwithout (?:any )?reviews?\b|\bnot (?:been )?reviewed\b|\bunreviewed\b|\blacks? (?:any )?reviews?\b|\breviews? missing\b"),
        ("unscored", r"\b(?:no|missing|without|lack\w*|incomplete)\b.{0,15}\b(?:scores?|ratings?|numbers?)\b|\b(?:scores?|ratings?)\b.{0,15}\b(?:missing|lacking|absent|incomplete)\b|\bunscored\b"),
        ("unanswered", r"\b(?:no|without|missing|lack\w*|not|never|n't)\b.{0,20}\b(?:author |authors' )?(?:responses?|rebuttals?|repl(?:y|ies|ied)|respond\w*|answer\w*)\b|\bunanswered\b|\bsilent authors\b"),
        ("spread", r"\b(?:spread|range|disagree\w*|split|divided|controvers\w+|apart|divergen\w+|conflict\w*|contested|borderline)\b"),
        ("testable", r"\b(?:experiments?|runs?|test\w*|checks?|checkable|verif\w+)\b"),
        ("integrity", r"\b(?:integrity|injection\w*|hidden|instructions?|suspicious|manipulat\w+|findings?)\b"),
        ("decided", r"\b(?:decided|decisions?|accepted|rejected|done)\b"),
    )
}  # fmt: skip
"""By what a stack of papers may be looked through."""
OVER_PAPERS = ("triage", "compare")


def chair_question(
    text: str, named: Sequence[str], desk: Desk, last: Request | None
) -> tuple[Intent, tuple[str, ...]] | None:
    """The one intent of a question on the chair's work with the papers it is about (none: all), or None."""
    before = last.intents[0] if last else ""
    several = tuple(dict.fromkeys(named))
    if len(several) == 1 and desk.current and desk.current not in several and _joins(text):
        several = (desk.current, *several)
    found: Intent | None = next((intent for intent, pattern in _COMPILED if pattern.search(text)), None)
    if found == "triage" or (found is None and _is_of_stack(text, before, several)):
        return "triage", ()
    if found == "compare" or (found is None and len(several) > 1):
        if len(several) < 2 and _ALL.search(text):
            return "compare", ()
        if len(several) < 2 and last is not None and len(last.submissions) > 1:
            several = last.submissions
        return ("compare", several) if len(several) != 1 and (several or len(desk.papers) > 1) else None
    if found is None and re.search(r"\bwho (?:else )?review", text, re.IGNORECASE):
        return None
    if found is None and before == "compare" and last is not None and not several and _BOTH.search(text):
        return "compare", last.submissions
    if found is not None:
        return found, several
    lately = any("triage" in past.request["intents"] for past in desk.past[-3:])
    if lately and re.search(r"^\W*why\b|\bwhy that one\b|\bstart with\b", text, re.IGNORECASE):
        return "triage", ()
    return None


def _joins(text: str) -> bool:
    """Whether a message that names one paper sets the one in question beside it."""
    return bool(_THIS.search(text) and _AGAINST.search(text))


def _is_of_stack(text: str, before: str, several: Sequence[str]) -> bool:
    """Whether a message looks through the stack by one of its facets."""
    facet = any(pattern.search(text) for pattern in FACETS.values())
    if several or not facet:
        return False
    whole = bool(_ASKS_WHICH.search(text) and _OF_PAPERS.search(text)) or bool(
        re.search(r"\bwhich (?:papers?|submissions?)\b", text, re.IGNORECASE)
    )
    return whole or (before == "triage" and len(text.split()) <= 12)


def names_what_to_compare(text: str) -> bool:
    """Whether a comparison says by what papers are to be compared."""
    return bool(_TO_COMPARE.search(text))


def facets_of(text: str) -> tuple[str, ...]:
    """By what a message wants the stack looked through; empty for everything."""
    return tuple(name for name, pattern in FACETS.items() if pattern.search(text))
