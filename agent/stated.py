"""The chair's own decision, as stated in a message: recorded, never overwritten, never invented.

A sentence states only when it fits one of `_FORMS` whole: who decides, how, what, about which paper. Everything else
(questions, reports of others, hypotheses) is left alone, since a false record is worse than a missed one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.notes import apart

_PAPER = r"(?:(?:the|this|that|your|their) (?:current )?(?:paper|submission|work|manuscript|article)|this one)"
_SUBJECT = rf"(?:{_PAPER}|this|it)"
_DEGREE = r"(?:(?:strong|weak|clear|borderline)(?:ly)?[ -])"
_SHOWN = r"(?:,? (?:\((?:as )?(?:an? )?(?:poster|oral|spotlight)\)|(?:as )?(?:an? )?(?:poster|oral|spotlight)\b))"
_LABEL = (
    rf"(?:{_DEGREE}?(?:accept|reject)(?:ance|ing|ed|ion)?\b{_SHOWN}?|(?:marginally|slightly|just|well|clearly)?\s?(?:above|below) "
    r"(?:the )?acceptance(?: threshold| bar)?|marginally (?:above|below)(?: the)? (?:threshold|bar)|(?:major|minor) revisions?|borderline)(?:\b|(?<=\)))"
)
_NUMBER = r"(?:\d{1,3}(?:\.\d+)?(?:(?: ?/ ?| out of )\d{1,3})?(?![\d/]))"
_RANGE = rf"(?:between )?{_NUMBER} ?(?:-|–|or|to|and) ?(?:an? )?{_NUMBER}"
_VALUE = rf"(?:{_RANGE}|{_NUMBER}|{_LABEL})"
_END = (
    r"(?=\W*$| ?[,;:.!()–—-]|,? (?:with|at|and|but|based|because|since|for (?:now|me|this|the)|from (?:me|my)|as (?:it|is|the) |due|"
    r"given|after|in (?:its|the|my|this)|on (?:the|this|balance|condition)|(?:even )?if|unless|provided|once|when|only|until|subject|overall|here|then|"
    r"despite|although|though|while|yet|without|instead|rather|conditional|contingent|assuming|so|to (?:the|this|it)|rating|as long|confidence)\b)"
)
_ADVERBS = (
    r"(?:,? (?:now|therefore|thus|hence|also|still|finally|then|currently|strongly|probably|definitely|likely|firmly|overall|"
    r"personally|just|really|rather|more|slightly|somewhat|actually|instead),?)*"
)
_NOUN = (
    r"(?:decision|rating|score|recommendation|verdict|vote|call|lean(?:ing)?|assessment|judge?ment|evaluation|grade|view|take|position|opinion|stance|"
    r"confidence(?: level| score| rating)?)"
)
_WHO = r"\b(?:i|we)(?: (?:agree|concur|side|disagree)\b[^,;:]{0,60} and)?"
_MODAL = (
    rf"{_ADVERBS}(?P<modal> (?:will|would|shall|must|do|am|are|have)| can(?= not)|(?<=we) should)?{_ADVERBS}"
    rf"(?: not)?{_ADVERBS}"
)
_INTENT = (
    r"(?: (?:be )?(?:going to|inclined|leaning|lean|minded|decided|decide|intend|intending|plan|planning|want|like|chosen|choose|choosing|"
    r"voting|vote|recommend|recommending|suggest|suggesting|propose|proposing|go|going|settle|settled|settling|opt|opting|stick|sticking|"
    r"stand|say|pick|tend|ready|at|come down|coming down|land|landing|end up|ending up)(?: (?:on the side of|to(?:wards?)?|toward|on|for|with|by|that (?:we|i)(?: should)?|that (?:it|this|the paper) be))?"
    rf"{_ADVERBS}(?: against| not(?: to)?| to not)?)"
)
_OPENING = (
    r"^\W*(?:(?:ok|okay|so|well|then|thanks|thank you|actually|overall|in sum|in summary|in short|finally|great|good|right|yes|no|hmm|"
    r"on balance|therefore|for me|in my (?:view|opinion|judge?ment)|all in all|please|sorry|i see|on reflection|on second thoughts?|nah|nope|hm+|"
    r"better|rather|wait|tentatively|provisionally|for now|for the record|final(?: answer)?|bottom line|conclusion)\b\W*)*"
    r"(?:(?:based on|given|after|considering|in light of|having|weighing)\b(?:[^\d?]|(?<=reviewer )\d|(?<=review )\d|(?<=\br)\d){0,300}?, )?"
)
_OBJECT = rf"(?P<object>(?: (?:of|for))? (?:{_PAPER}|this|it)\b)?"
_BEING = (
    r"(?:(?: (?:is|should|must|ought to|deserves?|merits?|falls?|lies?|sits?|would|will|to|be|not|an?|just|still|only|currently|"
    r"probably|at|as))+)"
)
_CONFIDENCE_AT = r"(?: (?:of|is|at|as|to|would be|will be|stays|remains))?\s?[:=]?\s?(?:an? )?"
_PART = (
    rf"(?:(?:my |final |overall |preliminary )*{_NOUN}(?: is| of)?\s?[:=]?\s?(?:an? )?{_VALUE}|(?:an? )?{_LABEL}|"
    rf"(?<=[a-z],) ?{_NUMBER}|(?<=[a-z], ){_NUMBER}|{_NUMBER}(?= ?\(|: ?[a-z])|\d+(?:\.\d+)?(?: ?/ ?| out of )10|{_NUMBER} confidence)"
)

_AFTER = r"(?:,? (?:(?:from|for|by) me|on my (?:side|part|end)|after all|rather|then|instead|please|for now|it is))"

_FORMS = [
    re.compile(form)
    for form in (
        rf"{_WHO}{_MODAL}(?P<intent>{_INTENT}*)(?: to)?(?: (?:an?|my|for|the|my own))?(?: (?:rating|score) of)?(?: an?)? "
        rf"(?P<value>{_LABEL}){_OBJECT}{_END}",
        # Verbs that choose take a number only with an article or a scale: "go with 2" may choose an item of a list.
        rf"{_WHO}{_MODAL}{_INTENT}+ (?P<value>(?:an? |(?:an? )?(?:rating|score) of (?:an? )?){_NUMBER}|{_NUMBER}(?<=/10)|(?<=say ){_NUMBER}(?= ?[.,]|$)){_END}",
        rf"{_WHO}{_MODAL}{_INTENT}*(?: be)? (?:giv(?:e|ing)|rat(?:e|ing)|scor(?:e|ing)|assign(?:ing)?|grad(?:e|ing)|call(?:ing)?|"
        rf"put(?:ting)?|evaluate|assess|consider|judge)(?: {_SUBJECT})?(?: (?:as|at|with|to be|being))?(?: (?:an?|my|the|overall|final))*"
        rf"(?: (?:rating|score|grade))?(?: of| as|:)?(?: an?)? (?P<value>{_VALUE}){_END}",
        rf"\b(?:i|we){_ADVERBS}(?: (?:do|would))?(?: not)?{_ADVERBS} (?:think|believe|feel|find|consider|judge)(?: that)? (?:{_SUBJECT}|i|we)"
        rf"(?! is (?:accepted|rejected)){_BEING}? (?P<value>{_LABEL}){_OBJECT}{_END}",
        rf"{_OPENING}{_SUBJECT}(?! (?:is|will be|would be) (?:accepted|rejected)){_BEING} (?P<value>{_LABEL}){_END}",
        rf"\bmy(?: (?!reviewer)\w+)? {_NOUN}(?: (?:for|on|of|in) {_SUBJECT})?(?: (?:is|as|would be|will be|remains|stays|stands at|goes to))?"
        rf"\s?[:=]?\s?(?:to not |not to |against |to |for |at |of |an? )*(?P<value>{_VALUE}){_OBJECT}{_END}",
        rf"(?:{_WHO}{_MODAL}{_INTENT}*|{_OPENING}(?:let us)?)\s?(?:chang|rais|lower|updat|revis|increas|decreas|adjust|mov|bump|drop|reduc|set)\w*"
        rf" (?:my|the) (?:\w+ )?{_NOUN}(?: (?:for|of) {_SUBJECT})? to (?:an? )?(?P<value>{_VALUE}){_END}",
        rf"{_WHO}{_MODAL}{_INTENT}*(?: (?:set|put|mark|move|mov|moving|bump|keep|have|file)(?:ting|ing)?) {_SUBJECT}(?: down)?(?: (?:to|at|as|on|for))? (?:an? )?"
        rf"(?P<value>{_VALUE}){_END}",
        rf"{_OPENING}(?:still |now |rather |currently )?(?:leaning|inclined|tending|going|voting|lean)(?: (?:to(?:wards?)?|toward|for|with))?(?: an?)? "
        rf"(?P<value>{_LABEL}){_OBJECT}{_END}",
        rf"{_WHO}\b[^,;:?]{{0,70}} (?:and|but)(?: (?:i|we))?{_ADVERBS} (?:lean|leaning|tend|incline|vote|go)(?: (?:to(?:wards?)?|toward|for|with))?(?: an?)? (?P<value>{_LABEL}){_END}",
        rf"{_OPENING}let us(?: not)?{_INTENT}? (?:an? )?(?P<value>{_LABEL}){_OBJECT}{_END}",
        rf"{_OPENING}(?P<value>accept|reject) {_PAPER}{_END}",
        rf"{_OPENING}(?:put|mark|set|file|log) (?:me|it|this|that|{_PAPER})(?: down)? (?:for|as|at|to) (?:an? )?(?P<value>{_LABEL}){_END}",
        rf"{_OPENING}(?P<value>{_PART}(?:[ ,;:()/–—-]|\band\b|\bwith\b|\bat\b|\ban?\b|{_AFTER}|{_PART})*)\W*$",
    )
]
# What these point back to is the chair's decision only when one is on file.
_AGAIN = [
    re.compile(form)
    for form in (
        rf"{_OPENING}(?:(?:i would|let us|i will) )?(?:(?:chang|switch|mak|updat|revis|rais|lower|set|bump|mov|downgrad|upgrad|drop)e?"
        rf"(?: (?:that|it|this|mine))?(?: (?:up|down))?(?: to)?|put (?:me|it) down (?:for|as|at)) (?:(?:an?|rating) )?(?P<value>{_VALUE}){_AFTER}*{_END}",
        r"^\W*(?:(?:oh|hm+|well|so|ok(?:ay)?|sorry|wait)\W+)*(?:no|nah|nope|actually|rather|better|instead|correction|on second thoughts?)\W+"
        rf"(?:an? )?(?P<value>{_VALUE}){_AFTER}*\W*$",
    )
]
_NOTED = re.compile(
    r"^\W*(?:(?:please|also|ok|okay|and|now|then|so|well|fine|good|thanks|thank you|before i forget|for the record|i(?= note\b))\b\W*)*(?:record|note down|(?:(?:my |your )?notes?|reminder|memo|to-?do)(?: ?#?\d{1,2})?(?: (?:for|to) (?:me|self|myself|later|the file))?(?=:)|note(?= that\b)|write down|jot down|put down|remember|"
    r"make a note|take a note|keep in mind|put on record)\b(?: (?:that|of|this|as|it|down))*[\s:,]*"
)
_NOTED_THEN = re.compile(
    r"^[^?.!]{0,70}?[,;:–—-]\s*(?:and |so |then |but )?(?:please )?(?:keep in mind|bear in mind|note|remember|write down|jot down)(?: down)?(?: that\b|:)\s*"
)
"""What is to be kept, behind words that lead to it: "thanks, and please keep in mind that"."""
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|then|thanks|now)\b\W*)*(?:should|would|could|can|do|does|did|is|are|was|were|will|shall|what|why|"
    r"how|which|when|who|where|has|have|tell|explain|suppose|imagine|say i|if i|had|list|draft|write (?!down)|find|help|summari[sz]e|"
    r"give me|show|compare|check|verify|search|look|quote|describe)\b"
)
_UNDECIDED = re.compile(
    r"\b(?:whether|wonder\w*|unsure|undecided|not (?:yet )?(?:sure|certain|decided?|ready)|torn|maybe|perhaps|suppose|imagine|hypothetically|wish|"
    r"it is not that|normally|usually|otherwise|in principle|for the sake of|as an? (?:premise|hypothesis|example)|"
    r"accept\w*(?: (?:it|this|the paper))?(?: or |/| and | vs\.? )(?:to )?reject\w*|reject\w*(?: (?:it|this|the paper))?(?: or |/| and | vs\.? )(?:to )?accept\w*)"
    r"|\b(?:want|like) to\b.*\bbut\b"
)
_OTHERS = r"\b(?:reviewer|review|r\d|author|committee|chair|colleague|student|everyone|people|they|he|she|you|someone|meta-review)"
_REPORTED = re.compile(
    rf"{_OTHERS}\w*\b(?:(?!,|;|:| so | but | therefore |\band (?:i|we)\b).)*\b(?:sa(?:y|ys|id)|thinks?|thought|wants?|wanted|suggest\w*|claim\w*|"
    r"expect\w*|ask\w*|t(?:ell|old)\w*|wr[io]tes?|believ\w*|hop\w*|recommend\w*|insist\w*|argu\w*|advis\w*|assum\w*|urg\w*|propos\w*|states?d?|feels?|felt|know\w*)\b"
    r"(?:(?!,|;|:| so | but | therefore |\band (?:i|we)\b).)*$"
    r"|\b(?:if|suppos\w*|imagin\w*|assum\w*|when|before|until|once|unless|why|how|should|would|could|can|do|did|does|might|case|told \w+|said|fear|afraid|worried)"
    r"(?: that)?\W*$"
)
_OTHERS_VIEW = re.compile(rf"\b(?:according to|per|for|by|from|in|says?) (?:the )?(?:\w+ )?{_OTHERS[2:]}")
_CONDITION = re.compile(
    r"(?<!even )\bif\b|\b(?:unless|provided (?!by|in|here|above|below)|providing that|as long as|subject to|conditional(?:ly)? on|contingent|assuming|"
    r"on (?:the )?condition|with (?:the|a|one) (?:condition|stipulation|proviso)|pending|with (?:some )?(?:minor |major )?revisions|"
    r"once|until|but for|only when|only with|with (?:more|larger|better|stronger|additional)(?! confidence)|after the (?:authors?|revision))\b"
)
_CUT = re.compile(
    rf"{_OTHERS}|\b(?:because|since|although|though|while|whereas|despite|unlike|compared|than|due to|rather than|instead of|versus)\b"
)
_CRITERION = re.compile(
    rf"{_NUMBER} (?:to|for|on|in) (?:the |its |their )?(?:\w+ )?(?:novel|clar|original|sound|writ|present|signific|quality|repro|experi|"
    r"effort|techni|contrib|readab|impact|correct)"
)
_RATING = re.compile(
    rf"\b(?:rating|score|grade)(?: (?:of|is|as|to|would be|will be|at))?\s?[:=]?\s?(?:an? )?(?P<a>{_NUMBER})"
    rf"|{_LABEL}(?: (?:and|with|at|rated))? ?[,:(–—-]? ?(?:an? )?(?P<b>{_NUMBER})|^(?:an? )?(?P<c>{_NUMBER})"
)
_CONFIDENCE = re.compile(
    rf"\bconfidence(?: level| score| rating)?(?: (?:in|for) {_SUBJECT})?{_CONFIDENCE_AT}(?P<a>{_NUMBER})(?!\s?%)"
    rf"|\b(?P<b>{_NUMBER}) (?:in |of |on )?confidence\b"
)
_NEGATION = re.compile(r"\b(?:not|against|never|no longer)\b")


BESIDE = 5
"""So many words around a decision may lead to it; a note that has more says something of its own."""


@dataclass(frozen=True)
class StatedDecision:
    """What the chair said: any field may be missing; `note` keeps the sentence itself.

    `kept` are notes that the chair wants kept, `priorities` the sentences on what is to weigh more or less, `withdrawn`
    names what the chair takes back: "decision", "rating", "confidence", "notes", "priorities", or of the last two a single
    one, "notes#2" (see `agent.notes`).
    """

    decision: str | None = None
    rating: float | None = None
    confidence: float | None = None
    note: str = ""
    kept: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "StatedDecision":
        lists = {k: tuple(data.get(k, ())) for k in ("kept", "priorities", "withdrawn")}
        return StatedDecision(**{**data, **lists})


def find_decision(text: str, decided: bool = False) -> StatedDecision | None:
    """The decision that a message states, merged over its sentences (the later wins), or None.

    Questions state nothing. `decided`: whether a decision is on file, which "make it 3" can then be about. A note that
    the chair asks to keep, or a statement too open to be a decision ("between 4 and 5"), has only `note`.
    """
    merged: StatedDecision | None = None
    for sentence in sentences_of(text):
        found = _read(sentence.strip(), decided or merged is not None)
        if found is None:
            continue
        given = {k: v for k, v in vars(found).items() if v not in (None, ()) and k != "note"}
        if merged is not None and found.kept:
            given["kept"] = (*merged.kept, *found.kept)
        note = found.note if merged is None else f"{merged.note} {found.note}"
        merged = replace(merged or found, **given, note=note)
    return merged


def sentences_of(text: str) -> list[str]:
    """The sentences of a message."""
    parts = re.split(r"(?<=[.!?])\s+(?=[\"'“(]?[A-Z])|(?<=[?!])\s+|\n+", text)
    return [part.strip() for part in parts if part and part.strip()]


def _read(sentence: str, decided: bool) -> StatedDecision | None:
    """What one sentence states."""
    plain = _plain(sentence)
    if "?" in sentence[-4:] or not plain:
        return None
    noted = _NOTED.match(plain) or _NOTED_THEN.match(plain)
    kept = StatedDecision(note=sentence, kept=apart(sentence)) if noted and plain[noted.end() :].strip(" .!") else None
    said = plain[noted.end() :] if noted else plain
    if _ASKS.search(said) or _UNDECIDED.search(said):
        return kept
    match = _match(said, decided)
    if match is None:
        return kept
    clause = said[match.start() :]
    cut = _CUT.search(clause, match.end() - match.start())
    clause = clause[: cut.start()] if cut else clause
    decision = _decision(match, clause)
    rating, confidence = _numbers(match, clause, said[: match.start()])
    if _CONDITION.search(said, match.start()) or re.match(r"\W*(?:if|unless|once)\b", said):
        accepts = decision is not None and "accept" in decision.split()
        return StatedDecision("conditional accept" if accepts else None, note=sentence)
    if _CRITERION.search(clause) and decision is None:
        return kept
    # A note that also decides is kept as well, for what it says beside the decision.
    around = f"{said[: match.start('value')]} {said[match.end('value') :]}"
    beside = kept.kept if kept is not None and len(around.split()) > BESIDE else ()
    return StatedDecision(decision, rating, confidence, sentence, beside)


def _match(said: str, decided: bool) -> re.Match[str] | None:
    """The last form of a statement in a sentence that is the chair's own."""
    found = [m for form in (*_FORMS, *(_AGAIN if decided else ())) for m in form.finditer(said) if _is_own(m, said)]
    return max(found, key=lambda m: (m.start("value"), -m.start()), default=None)


def _is_own(match: re.Match[str], said: str) -> bool:
    """Whether the chair speaks for themself, and about the paper rather than an argument."""
    if _REPORTED.search(said[: match.start()]):
        return False
    groups = match.groupdict()
    if not re.search(r"\b(?:i|we|my|me)\b", match.group()) and _OTHERS_VIEW.search(said, match.start("value")):
        return False
    word = match.group("value").strip()
    # "Accept." alone may answer an offer; "I accept it" and "I can not accept this" may be about an argument.
    if match.group().strip(" .!") == word and re.fullmatch(r"(?:accept|reject|borderline)\w*", word):
        return False
    loose = word in ("accept", "reject") and "modal" in groups and not groups.get("intent")
    if loose and (groups["modal"] or " do").strip() in ("do", "can"):
        return bool(re.search(_PAPER, groups.get("object") or "") or said[match.end() :].startswith((" with", " at")))
    return True


def _decision(match: re.Match[str], clause: str) -> str | None:
    """The label of a statement; "not accept" is a reject, any other label denied is none."""
    value = match.group("value")
    label = re.search(_LABEL, value)
    after = re.match(rf" ?[:,(–—-] ?(?P<label>{_LABEL}){_END}", clause[match.end("value") - match.start() :])
    if label is None and after is None:
        return None
    named = _normal(label.group() if label else after.group("label") if after else "")
    if not _is_denied(match):
        return named
    return "reject" if named == "accept" and "no longer" not in match.group() else None


def _is_denied(match: re.Match[str]) -> bool:
    """Whether the form holds a negation before its value ("not against" is none)."""
    return len(_NEGATION.findall(match.group()[: match.start("value") - match.start()])) % 2 == 1


def _numbers(match: re.Match[str], clause: str, before: str) -> tuple[float | None, float | None]:
    """Rating and confidence: each only where it is named, or is what the form states."""
    if re.search(rf"{_RANGE}|\brating and confidence\b|\bconfidence and rating\b", clause):
        clause = re.sub(rf"\bconfidence and\b|\band confidence\b|{_RANGE}", " ", clause)
        return None, _value(_CONFIDENCE.search(clause)) if "rating and" not in match.group() else None
    sure = _CONFIDENCE.search(clause) or (None if re.search(_OTHERS, before) else _CONFIDENCE.search(before))
    rest = _CONFIDENCE.sub(" ", clause)
    own = _CONFIDENCE.sub(" ", match.group("value").strip()) if "confidence" not in match.group() else ""
    if _CRITERION.search(rest) or (_is_denied(match) and not re.search(_LABEL, match.group("value"))):
        return None, _value(sure)
    return _value(_RATING.search(own) or _RATING.search(rest)), _value(sure)


def _value(match: re.Match[str] | None) -> float | None:
    """The number of a match, without its scale; None beyond a scale of ten."""
    number = next((g for g in match.groups() if g), None) if match else None
    if number is None:
        return None
    first, _, scale = number.replace(" out of ", "/").partition("/")
    return float(first) if float(first) <= 10 and float(scale or 10) <= 10 else None


def _plain(sentence: str) -> str:
    """Lower case, contractions written out, quotation marks of a label dropped and longer quotations left out."""
    text = " ".join(sentence.lower().replace("’", "'").split())
    text = re.sub(r"[\"“]([^\"“”]*)[\"”]", lambda m: m.group(1) if len(m.group(1).split()) <= 4 else " ", text)
    for pattern, full in (
        (r"\bwon't\b", "will not"), (r"\bcan(?:'t|not)\b", "can not"), (r"n't\b", " not"), (r"\blet's\b", "let us"),
        (r"'ll\b", " will"), (r"'d\b", " would"), (r"\bi'm\b", "i am"), (r"'ve\b", " have"), (r"'re\b", " are"),
        (r"\b(it|this|that)'s\b", r"\1 is"), (r"\bfrom (?:an? )?[\w./ -]{1,30}? to (?=(?:an? )?(?:\d|weak|strong|accept|reject|border))", "to "),
        (r"\bconf\b\.?(?=\s?[:=]?\s?\d)", "confidence"),
    ):  # fmt: skip
        text = (
            re.sub(pattern, full, text)
            if not (full == "" and re.search(r"\b(?:is|will|would|do|am|lean\w*|towards?) not \w+\W*$", text))
            else text
        )
    return " ".join(text.split())


def _normal(label: str) -> str:
    """One spelling a label: "rejection" -> "reject", "weakly accept" -> "weak accept"."""
    if re.search(r"\b(?:above|below)\b", label):
        return label.strip()
    label = re.sub(r"\b(accept|reject)(?:ance|ing|ed|ion)\b", r"\1", label.strip().replace("-", " "))
    return re.sub(r"\brevisions\b", "revision", re.sub(r"\b(strong|weak|clear|borderline)ly\b", r"\1", label))
