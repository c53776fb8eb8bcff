"""How a reply answers: with new results, a change already made, a promise, a concession, a rebuttal."""

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.discussion.words import sentences

MannerKind = Literal["results", "revision", "promise", "rebuttal", "concession", "reference", "explanation"]
"""New results; a change that the paper has by now; a change or experiment that it is to have; the point is disputed;
it is granted; the answer stands elsewhere; none of these, the reply explains."""

ORDER: tuple[MannerKind, ...] = ("results", "revision", "promise", "rebuttal", "concession", "reference", "explanation")
"""What a reply as a whole does is the first of these that it does anywhere: what is done weighs more than what is said."""

WE = r"\b(?:we|i|the authors?)(?:['’](?:ve|ll|d|re))?\b"
CHANGE = r"(?:add|includ|updat|revis|clarif|fix|correct|rephras|rewr|rewrit|mov|chang|modif|expand|improv|reword|incorporat|replac|extend|remov|restructur|releas|mention|cit|discuss|report|publish|emphasi[sz]|highlight|amend|adjust|provid|merg|shorten|polish|proofread|adopt|delet|reorgani[sz]|introduc|plott?|soften|toned?|address|mak(?:e|ing) (?:this|it|that))"
MADE = r"(?:added|included|updated|revised|clarified|fixed|corrected|rephrased|rewrote|rewritten|moved|changed|modified|expanded|improved|reworded|incorporated|replaced|extended|removed|restructured|amended|adjusted|merged|shortened|reorgani[sz]ed|renamed|highlighted|emphasi[sz]ed|introduced|softened|toned down|cited|mentioned|proofread|deleted|addressed|strengthened|simplified|made (?:this|it|that|these))"
TRIED = r"(?:ran|run|re-?ran|performed|conducted|tested|evaluated|measured|experimented|trained|compared|carried out|repeated|tried|computed|implemented|applied|obtained?|observed|verified|checked|achieved?|benchmarked|profiled|completed|found)"
REVISED = r"\b(?:in|to|of|into) (?:the|our|this) (?:newly |latest |current |new )?(?:revis\w+|updated|new version|new draft|rebuttal version)(?: \w+)?|\bin (?:the|our) (?:appendix|supplement\w*)|\b(?:in|see|to) (?:the )?(?:new )?(?:appendix|section|sec\.|table|figure|fig\.) ?[A-Z]?\.?\d*"
LATER = r"\b(?:camera[- ]ready|final (?:version|paper|draft|manuscript|submission|revision)|(?:next|future|later|upcoming|updated|revised) (?:version|revision|draft|manuscript))\b"

PROMISE = re.compile(
    rf"{WE} ?(?:will|shall|plan(?:s|ned)? to|intend to|aim to|hope to|promise|commit to|are (?:going|planning|happy|willing|glad|preparing|working)|(?:would|will) be (?:happy|glad|pleased))\b(?! (?:note|argue|respectfully|first|try to (?:answer|explain|respond)|respond|answer|explain|like)).{{0,80}}?\b(?:{CHANGE}|run|conduct|perform|evaluat|test|tri|try|compar|open[- ]sourc|upload|consider|investigat|explor|resolv|writ|do so|follow|complet|finish|post|share|perform|measure|stud)\w*"
    rf"|['’]ll (?:also )?{CHANGE}\w*|\bwill (?:also |all )?be (?:\w+ )?(?:add|includ|updat|revis|clarif|fix|correct|releas|ma?de (?:publicly )?available|publish|report|incorporat|provid|open|mention|discuss|complete|mov|chang|remov)\w*"
    r"|\b(?:are|is|we['’]re)(?: currently| now| still| also)* (?:in the process of|in progress|running|conducting|working on)\b"
    rf"|\b(?:would|can|could) (?:certainly |also |of course |of course, )?{CHANGE}\w*\b.{{0,80}}{LATER}|\bleave (?:\w+ ){{0,6}}(?:to|for|as) future work",
    re.IGNORECASE,
)
REVISION = re.compile(
    rf"{WE} ?(?:have |had |also |now |then |therefore |thus |further |additionally |already |just |accordingly |carefully |slightly )*{MADE}\b"
    rf"|\b(?:has|have) (?:now |also |all |already )*been (?:now |also )*{MADE}\b|\b(?:is|are|was|were) (?:now |also )*(?:{MADE}|discussed|reported|given|stated|shown)\b.{{0,60}}(?:{REVISED})|\b(?:is|are) now (?:also )?(?:{MADE}|discussed|reported|given|stated|explained|shown|provided|available)\b"
    rf"|{WE} (?:now|also now) \w+|\bnow (?:includ|contain|report|discuss|show|read|stat|compar)\w*|\b(?:this|that|it|these|typos?) (?:is|are|has been|have been) (?:fixed|corrected)\b|^\W*(?:fixed|done|corrected|added|updated|changed)\b|{WE} \w+ (?:[^.]{{0,60}})\bin the (?:revised|updated|new) (?:version|paper|manuscript|submission|draft|text)"
    rf"|\b(?:revised|updated|new) (?:version|paper|manuscript|submission|draft) (?:\w+ ){{0,3}}(?:includ|contain|report|discuss|show|clarif|has|have)\w*|{WE} \w+ (?:an?|the|new|more) [^.]{{0,60}}(?:{REVISED})",
    re.IGNORECASE,
)
RESULTS = re.compile(
    rf"{WE} ?(?:have |had |also |now |then |therefore |further |additionally |already |just |re-?|even |initially |indeed |first |could |can )*{TRIED}\b(?! (?:to|that it|it|the (?:typo|paper|text|reviewer)))"
    rf"|\b(?:additional|new|further|preliminary|more|extra|initial|these|following|our|the) (?:\w+ )?(?:experiments?|results?|ablations?|measurements?)\b.{{0,60}}\b(?:show|confirm|indicat|demonstrat|suggest|reveal|below|follow|support|are (?:given|reported|shown|listed))\w*"
    r"|\btable r\d|\bfigure r\d|^\s*\|.*\|\s*$|\b(?:achiev|obtain|get|reach|yield|improv|drop|decreas|increas|outperform|degrad|gain)\w*\b[^.]{0,80}\d(?:[\d.]*)\s*(?:%|x\b|×|points?|ms|gb|mb|bits?\b|db)|\d\s*(?:%|±|\\%|\+/-)[^.]{0,80}\b(?:vs\.?|versus|compared (?:to|with)|against)",
    re.IGNORECASE | re.MULTILINE,
)
EXPERIMENTED = re.compile(
    r"\b(?:experiment\w*|ablat\w+|results?|statistical tests?|baselines?|datasets?|imagenet|cifar\S*|mnist|accurac\w+|perplexity|bleu|convergence|latency|throughput|run ?time|optimi[sz]er|network|model|seeds?|trials?|iterations?|epochs?|parameters|rates?|gpu|cpu|bits?)\b|\d",
    re.IGNORECASE,
)
"""What makes "we tried" a measurement."""
CONCESSION = re.compile(
    rf"{WE} (?:do |fully |completely |totally |definitely |also |indeed |certainly |of course |absolutely |strongly |wholeheartedly |must |have to )*(?:agree|acknowledge|admit|concede|recogni[sz]e|apologi[sz]e|regret|realized?)\b|\b(?:you are|you['’]re|the reviewer is|reviewer \w+ is|that['’]?s|that is|this is|it is|you pointed out|it['’]s) (?:indeed |absolutely |completely |totally |certainly |quite |entirely |of course )*(?:right|correct(?:ly)?|true|a (?:very )?(?:fair|valid|good|great|excellent) (?:point|observation|criticism|remark|question|suggestion)|unfortunate)\b"
    r"|\b(?:a|an|one|the|another|this) (?:\w+ )?(?:limitation|shortcoming|drawback|weakness) of (?:our|the|this)|\bis (?:indeed )?(?:a|an|one) (?:\w+ )?(?:limitation|shortcoming|oversight|mistake|omission|typo|error)\b|\b(?:sorry|unfortunately|our (?:mistake|apologies|fault|bad|oversight))\b|\b(?:rightly|correctly|as you (?:pointed|noted|mention|said|correctly)) (?:\w+ )?(?:point|not|observ|mention|suggest|out|ed)\w*|\bindeed,? (?:we|this|the|it|there)\b|\bfair point|\bgood (?:point|catch)|\bit is confusing|\bwas not clear\b|\bwere not able to\b|\bnot (?:been )?able to\b|\bdid not (?:include|know|have|consider)\b",
    re.IGNORECASE,
)
REBUTTAL = re.compile(
    rf"\brespectfully\b|\bdisagree\b|{WE} (?:do not|don['’]t|cannot|would not) (?:agree|think|believe|see|claim|share|consider)|{WE} (?:still |strongly |firmly |do |also |however |, however, |would |therefore )*(?:believe|argue|think|emphasi[sz]e|stress|maintain|contend)\b|{WE} (?:would|want|wish)(?: like)? to (?:also |again |further |kindly |respectfully )*(?:emphasi[sz]e|point out|stress|highlight|argue|remind|underline|note|clarify)|\bcontrary to\b|\bmisunderst\w+|\bmisconception\b|\b(?:is|are|was|were) not (?:the case|correct|true|accurate|necessarily|an issue|a problem|our (?:goal|focus|claim|aim)|fair|comparable|the (?:main |primary )?(?:focus|goal|contribution|aim|purpose))"
    r"|\b(?:beyond|out of|outside) (?:of )?(?:the |our )?scope|\borthogonal\b|\bthe (?:main )?(?:focus|goal|aim|purpose|scope|contribution) (?:is not\b|of (?:this|our|the))|\bwe (?:only |never )(?:claim|assume)|\b(?:would be|is|seems) (?:unfair|misleading|meaningless|of little value)|\blittle value\b|\bpage limit|\bspace (?:limit|constraint)\w*|\bwe (?:don['’]t|do not) (?:have|need) to\b",
    re.IGNORECASE,
)
PATTERNS: tuple[tuple[MannerKind, re.Pattern[str]], ...] = (
    ("promise", PROMISE), ("revision", REVISION), ("results", RESULTS), ("concession", CONCESSION), ("rebuttal", REBUTTAL),
)  # fmt: skip


@dataclass(frozen=True)
class Manner:
    """One thing that a reply does, and the sentence that does it: offsets in the reply's document."""

    kind: MannerKind
    start: int
    end: int


def read_manners(text: str, start: int, end: int, references: tuple[tuple[int, int], ...] = ()) -> tuple[Manner, ...]:
    """What the reply at `text[start:end]` does, each kind once with the first sentence that shows it, the main one first.

    `references` are the offsets where it points elsewhere. Where no words show anything, it explains.
    """
    spans = sentences(text, start, end)
    found: dict[MannerKind, tuple[int, int]] = {}
    for a, b in spans:
        for kind in kinds_of(text[a:b]):
            found.setdefault(kind, (a, b))
        if any(a <= place < b for place, _ in references):
            found.setdefault("reference", (a, b))
    if not found and spans:
        found["explanation"] = spans[0]
    return tuple(Manner(kind, *found[kind]) for kind in ORDER if kind in found)


def kinds_of(sentence: str) -> list[MannerKind]:
    """What a sentence of a reply does by its own words."""
    found: list[MannerKind] = [kind for kind, pattern in PATTERNS if pattern.search(sentence)]
    if "promise" in found and "revision" in found and not MADE_AND_PROMISED.search(sentence):
        found.remove("revision")  # "we will have it added"
    if "results" in found and ("promise" in found or not EXPERIMENTED.search(sentence)):
        found.remove("results")
    return found


MADE_AND_PROMISED = re.compile(rf"(?:{WE} ?(?:have |also |now )*{MADE}\b|\bhave been {MADE}\b).*\b(?:and|but|;|,)\b", re.IGNORECASE)  # fmt: skip
