"""The chair's own decision, as stated in a message: recorded, never overwritten, never invented.

A sentence states only when it fits one of the forms of `decision_forms` whole: who decides, how, what, about which paper.
Everything else (questions, reports of others, hypotheses) is left alone, since a false record is worse than a missed one;
of what may be meant as a decision the chair is asked (`agent.unsure`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.decision_forms import AGAIN, CONFIDENCE_AT, END, FORMS, LABEL, NUMBER, PAPER, RANGE, SUBJECT
from agent.judgements import Judged
from agent.notes import apart

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
    rf"{NUMBER} (?:to|for|on|in) (?:the |its |their )?(?:\w+ )?(?:novel|clar|original|sound|writ|present|signific|quality|repro|experi|"
    r"effort|techni|contrib|readab|impact|correct)"
)
_RATING = re.compile(
    rf"\b(?:rating|score|grade)(?: (?:of|is|as|to|would be|will be|at))?\s?[:=]?\s?(?:an? )?(?P<a>{NUMBER})"
    rf"|{LABEL}(?: (?:and|with|at|rated))? ?[,:(–—-]? ?(?:an? )?(?P<b>{NUMBER})|^(?:an? )?(?P<c>{NUMBER})"
)
_CONFIDENCE = re.compile(
    rf"\bconfidence(?: level| score| rating)?(?: (?:in|for) {SUBJECT})?{CONFIDENCE_AT}(?P<a>{NUMBER})(?!\s?%)"
    rf"|\b(?P<b>{NUMBER}) (?:in |of |on )?confidence\b"
)
_ARGUED = re.compile(
    rf"{_OTHERS}|\b(?:that|those|arguments?|points?|claims?|objections?|concerns?|answers?|repl(?:y|ies)|responses?|rebuttals?|explanations?|criticisms?|comments?|"
    r"complaints?|premises?|evidence|proofs?|results?|tables?|figures?|experiments?|runs?|verdicts?|offers?|proposals?|hypothes[ie]s|questions?)\b|\?"
)
"""What somebody may accept or reject beside a paper."""
_HENCE = re.compile(r"\b(?:so|therefore|thus|hence|that is why|for that reason|accordingly)\W+$")
_ACKNOWLEDGES = re.compile(r"\W*(?:thanks?|thank you|ok|okay|fine|good|noted|got it)\b")
_NEGATION = re.compile(r"\b(?:not|against|never|no longer)\b")


BESIDE = 5
"""So many words around a decision may lead to it; a note that has more says something of its own."""


@dataclass(frozen=True)
class StatedDecision:
    """What the chair said: any field may be missing; `note` keeps the sentence itself.

    `kept` are notes that the chair wants kept, `priorities` the sentences on what is to weigh more or less, `judged` what
    the chair rules on single points, `withdrawn` names what the chair takes back: "decision", "rating", "confidence",
    "notes", "priorities", "judged", or of notes and priorities a single one, "notes#2" (see `agent.notes`).
    """

    decision: str | None = None
    rating: float | None = None
    confidence: float | None = None
    note: str = ""
    kept: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    judged: tuple[Judged, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "StatedDecision":
        lists = {k: tuple(data.get(k, ())) for k in ("kept", "priorities", "withdrawn")}
        judged = tuple(Judged.from_json(one) for one in data.get("judged", ()))
        return StatedDecision(**{**data, **lists, "judged": judged})


def find_decision(text: str, decided: bool = False) -> StatedDecision | None:
    """The decision that a message states, merged over its sentences (the later wins), or None.

    Questions state nothing. `decided`: whether a decision is on file, which "make it 3" can then be about. A note that
    the chair asks to keep, or a statement too open to be a decision ("between 4 and 5"), has only `note`.
    """
    merged: StatedDecision | None = None
    before = ""
    for sentence in sentences_of(text):
        found = _read(sentence.strip(), decided or merged is not None, before)
        before = f"{before} {sentence}"
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


def _read(sentence: str, decided: bool, before: str) -> StatedDecision | None:
    """What one sentence states, after `before` in the same message."""
    plain = plain_of(sentence)
    if "?" in sentence[-4:] or not plain:
        return None
    noted = _NOTED.match(plain) or _NOTED_THEN.match(plain)
    kept = StatedDecision(note=sentence, kept=apart(sentence)) if noted and plain[noted.end() :].strip(" .!") else None
    said = plain[noted.end() :] if noted else plain
    if _ASKS.search(said) or _UNDECIDED.search(said):
        return kept
    match = _match(said, decided, plain_of(before))
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


def _match(said: str, decided: bool, before: str) -> re.Match[str] | None:
    """The last form of a statement in a sentence that is the chair's own."""
    forms = (*FORMS, *(AGAIN if decided else ()))
    found = [m for form in forms for m in form.finditer(said) if _is_own(m, said, before)]
    return max(found, key=lambda m: (m.start("value"), -m.start()), default=None)


def _is_own(match: re.Match[str], said: str, before: str) -> bool:
    """Whether the chair speaks for themself, and about the paper rather than an argument."""
    if _REPORTED.search(said[: match.start()]):
        return False
    groups = match.groupdict()
    if not re.search(r"\b(?:i|we|my|me)\b", match.group()) and _OTHERS_VIEW.search(said, match.start("value")):
        return False
    word = match.group("value").strip()
    # A participle alone acknowledges something ("accepted!"), and a label after a question answers that.
    if match.group().strip(" .!") == word and re.fullmatch(r"(?:accept|reject|borderline)\w*", word):
        return word in ("accept", "reject") and not before.endswith("?")
    if groups.get("pronoun"):
        return _is_of_the_paper(match, said, before)
    loose = word in ("accept", "reject") and "modal" in groups and not groups.get("intent")
    if loose and (groups["modal"] or " do").strip() in ("do", "can"):
        if re.search(PAPER, groups.get("object") or "") or said[match.end() :].startswith((" with", " at")):
            return True
        return groups["modal"] is None and not _NEGATION.search(match.group()) and _is_of_the_paper(match, said, before)
    return True


def is_open_or_reported(said: str, start: int = 0) -> bool:
    """Whether words ask, leave a decision open or put it under a condition; or what leads up to `start` hands on the
    words of somebody else."""
    if start and _REPORTED.search(said[:start]):
        return True
    return bool(_ASKS.search(said) or _UNDECIDED.search(said) or _CONDITION.search(said))


def _is_of_the_paper(match: re.Match[str], said: str, before: str) -> bool:
    """Whether "it", or nothing, can only be the paper: nothing that could be accepted or rejected is spoken of before."""
    led = said[: match.start()]
    if _ACKNOWLEDGES.match(said, match.end()):
        return False
    spoken = re.sub(r"\bthank you\b", " ", f"{before} {led}")
    return bool(_HENCE.search(led)) or not _ARGUED.search(spoken)


def _decision(match: re.Match[str], clause: str) -> str | None:
    """The label of a statement; "not accept" is a reject, any other label denied is none."""
    value = match.group("value")
    label = re.search(LABEL, value)
    after = re.match(rf" ?[:,(–—-] ?(?P<label>{LABEL}){END}", clause[match.end("value") - match.start() :])
    if label is None and after is None:
        return None
    named = label_of(label.group() if label else after.group("label") if after else "")
    if not _is_denied(match):
        return named
    return "reject" if named == "accept" and "no longer" not in match.group() else None


def _is_denied(match: re.Match[str]) -> bool:
    """Whether the form holds a negation before its value ("not against" is none)."""
    return len(_NEGATION.findall(match.group()[: match.start("value") - match.start()])) % 2 == 1


def _numbers(match: re.Match[str], clause: str, before: str) -> tuple[float | None, float | None]:
    """Rating and confidence: each only where it is named, or is what the form states."""
    if re.search(rf"{RANGE}|\brating and confidence\b|\bconfidence and rating\b", clause):
        clause = re.sub(rf"\bconfidence and\b|\band confidence\b|{RANGE}", " ", clause)
        return None, _value(_CONFIDENCE.search(clause)) if "rating and" not in match.group() else None
    sure = _CONFIDENCE.search(clause) or (None if re.search(_OTHERS, before) else _CONFIDENCE.search(before))
    rest = _CONFIDENCE.sub(" ", clause)
    own = _CONFIDENCE.sub(" ", match.group("value").strip()) if "confidence" not in match.group() else ""
    if _CRITERION.search(rest) or (_is_denied(match) and not re.search(LABEL, match.group("value"))):
        return None, _value(sure)
    return _value(_RATING.search(own) or _RATING.search(rest)), _value(sure)


def _value(match: re.Match[str] | None) -> float | None:
    """The number of a match, without its scale; None beyond a scale of ten."""
    number = next((g for g in match.groups() if g), None) if match else None
    if number is None:
        return None
    first, _, scale = number.replace(" out of ", "/").partition("/")
    return float(first) if float(first) <= 10 and float(scale or 10) <= 10 else None


def plain_of(sentence: str) -> str:
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


def label_of(label: str) -> str:
    """One spelling a label: "rejection" -> "reject", "weakly accept" -> "weak accept"."""
    if re.search(r"\b(?:above|below)\b", label):
        return label.strip()
    label = re.sub(r"\b(accept|reject)(?:ance|ing|ed|ion)\b", r"\1", label.strip().replace("-", " "))
    return re.sub(r"\brevisions\b", "revision", re.sub(r"\b(strong|weak|clear|borderline)ly\b", r"\1", label))
