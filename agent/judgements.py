"""The chair's own judgement on a point of the reviews, read from a sentence of theirs: it is settled, it does not count, it
is open again. Pure.

Which points it bears on is decided where they are weighed, since a message is read before the reviews are at hand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from agent.desk import Desk

Ruling = Literal["settled", "void", "open"]
MOST_TOLD = 12
LONGEST = 60
"""Words of a sentence up to which it may rule on a point."""

NOUN = r"(?:concern|point|objection|issue|question|criticism|complaint|worry|worrie|remark|request|weakness|weaknesse|doubt|demand|comment|critique|problem)s?"
_NAME = r"(?:(?:anon)?reviewer ?#?\d{1,2}|(?:anon)?reviewer [A-Za-z0-9]{4}|\br\d{1,2}|\breview(?:er)? ?#?\d{1,2})\b"
_ABOUT = re.compile(rf"\b{NOUN}\b|{_NAME}(?:['’]s?\b)?", re.IGNORECASE)
"""What tells that something is a reviewer's point, and not the paper."""
_A_POINT = re.compile(rf"\b{NOUN}\b|\bwhat {_NAME}|\b[WQC]\d{{1,2}}\b", re.IGNORECASE)
_BACK = r"(?:it|that|this|these|those|they|them|both(?: of (?:them|these|those))?)"
_POINTS_BACK = re.compile(rf"^\W*(?:{_BACK}|(?:that|this|the|these|those|both|such an?) (?:one|ones|two|{NOUN})|(?:his|her|their) {NOUN})\W*$", re.IGNORECASE)  # fmt: skip
_ELLIPTIC = re.compile(rf"^\W*(?:that|this|the|these|those|both|his|her|their|such an?)? ?(?:one|ones|two|{NOUN})?\W*$", re.IGNORECASE)  # fmt: skip
_WHO = (
    r"(?:i|we)(?:'d|'ll|'m|'ve| would| will| do| now| am| are| have| can| still| personally| also| rather| therefore)*"
)
_LEADS = r"^\W*(?:(?:ok|okay|so|and|but|then|now|well|yes|no|right|for me|to me|to my mind|in my (?:view|opinion|eyes)|as i see it|actually|also|please|for the record|note(?: that)?|record(?: that)?)\b\W*){0,6}"
_MINE = re.compile(r"\b(?:i|we|my|me|us|our)\b", re.IGNORECASE)
_BY_ADVERB = r"(?: (?:now|already|well|fully|all|quite|thus|therefore|sufficiently|largely|clearly|completely|also|both|thereby|hereby|by now|as good as))*"
_IS = rf"(?:is|are|was|were|has been|have been|seems?|looks?|counts? as|stands?)(?P<no> not|n't| no longer| hardly| by no means)?{_BY_ADVERB}"
_SETTLED = r"(?:settled|resolved|closed|off the table|moot|put to rest|laid to rest|out of the way|dealt with|cleared(?: up)?|dispelled|taken care of)"
_MET = r"(?:answered|addressed|met|refuted|rebutted|disproved|satisfied|sorted(?: out)?|fixed|done with)"
_VAGUE = r"(?:vague|general|generic|thin|weak|unspecific|small|minor|petty|picky|unfair|unfounded|far[- ]fetched|speculative|broad)"
_VOID = (
    rf"(?:(?:far |much |way |just |simply )?too {_VAGUE}(?: (?:to|for) .*)?|irrelevant|immaterial|unfounded|baseless|unfair|invalid|unreasonable|beside the point|"
    r"besides the point|out of scope|no (?:real |valid |serious |fair )?(?:concern|problem|issue|objection|criticism)|not (?:valid|fair|relevant|serious|justified|a (?:real|valid|serious|fair) \w+)|"
    r"not worth (?:counting|weighing|considering)|nitpick\w*|nonsense|void)"
)
_OWN_VIEW = (
    r"(?:consider|regard|take|count|treat|see|view|mark|call|find|deem|think|believe|feel|judge|hold|would say|say)"
)
_REPLY = r"(?:repl(?:y|ies)|responses?|rebuttals?|answers?|explanations?|authors|tables?|figures?|numbers|experiments?|results?|revision|runs?)"
_WORDINGS: tuple[tuple[Ruling, str], ...] = (
    ("open", rf"{_LEADS}(?:{_WHO} {_OWN_VIEW}(?: that)? )?(?P<what>[^,;:]+?) (?:is|are|remains?|stays?|still stands?|stands?)(?: still| again)*(?: open| unsettled| unresolved| unsolved| unmet)\b"),
    ("open", rf"{_LEADS}(?P<what>[^,;:]+?) (?:counts?|weighs?|matters?) (?:again|after all)\b"),
    ("settled", rf"{_LEADS}(?:{_WHO} {_OWN_VIEW}(?: that)? )?(?P<what>[^,;:]+?) {_IS} {_SETTLED}\b"),
    ("settled", rf"{_LEADS}{_WHO} {_OWN_VIEW}(?: that)? (?P<what>[^,;:]+?)(?: {_IS}| to be| as)?{_BY_ADVERB} (?:{_SETTLED}|{_MET})\b"),
    ("settled", rf"{_LEADS}(?P<what>[^,;:]+?) {_IS} {_MET}\b"),
    ("settled", rf"{_LEADS}(?:{_WHO} {_OWN_VIEW}(?: that)? )?(?:[^,;:]*?\b{_REPLY})\b[^,;:]{{0,30}}?(?P<no> do(?:es)? not| don't| doesn't| did not| didn't)? ?(?:fully |clearly |now |already |has |have |thus )*(?:settle[sd]?|resolve[sd]?|answer(?:s|ed)?|address(?:es|ed)?|meets?|met|dispel(?:s|led)?|refute[sd]?|rebut(?:s|ted)?|take[sn]? care of|deals? with|dealt with) (?P<what>(?!(?:do|does|did|has|have|is|are|was|were|to)\b)[^,;:]+)"),
    ("settled", rf"{_LEADS}{_WHO}(?P<no> not)? (?:\w+ly |quite |fully )?(?:satisfied|happy|content|fine|convinced|persuaded|okay|ok) (?:by|with) (?:the |their |how the )?(?:authors?['’]? )?{_REPLY} (?P<free>(?:to|on|about|regarding|concerning)) (?P<what>[^,;:]+)"),
    ("settled", rf"{_LEADS}(?:the |their )?(?:authors?['’]? )?{_REPLY} (?P<free>(?:to|on|about|regarding|concerning)) (?P<what>[^,;:]+?)(?P<no> does not| do not| doesn't| don't| did not| is not)? (?:satisf(?:y|ies|ied)|convinc(?:e|es|ed)|persuad(?:e|es|ed)|(?:(?:is|are|was) )?(?:good )?enough(?: for)?|suffices?(?: for)?|will do for) (?:me|us)\b"),
    ("void", rf"{_LEADS}(?:{_WHO} {_OWN_VIEW}(?: that)? )?(?P<what>[^,;:]+?) (?:does not|doesn't|do not|don't|should not|shouldn't|shall not|will not|won't|need not|cannot|can't) (?:really |much )?(?:count|matter|weigh|bear on|carry (?:any |much )?weight|enter|bother me|convince me|persuade me)\b"),
    ("void", rf"{_LEADS}(?P<what>[^,;:]+?) (?:counts? for nothing|carr(?:y|ies) no weight|has no weight|is out)\b"),
    ("void", rf"{_LEADS}(?:{_WHO} {_OWN_VIEW}(?: that)? )?(?P<what>[^,;:]+?) (?:is|are|seems?|as)(?: just| simply| plainly| clearly| really| to me)* {_VOID}(?=\W|$)"),
    ("void", rf"^\W*(?P<what>)(?:far |much |way )?too {_VAGUE} (?:to (?:count|weigh|matter|act on|bear|be counted|be weighed)|for me)\b"),
    ("void", rf"{_LEADS}(?:{_WHO} (?:going to |inclined to )?)?(?:do not|don't|will not|won't|would not|wouldn't|not) (?:count|weigh|share|credit|hold|(?:buy|consider|accept)(?! (?:it|that|this)\b)) (?P<what>[^,;:]+?)(?: against (?:it|them|the paper|the authors))?\W*$"),
    ("void", rf"{_LEADS}(?:{_WHO} (?:going to |inclined to )?)?(?:ignor(?:e|ing)|disregard(?:ing)?|discount(?:ing)?|dismiss(?:ing)?|overrul(?:e|ing)|discard(?:ing)?|reject(?:ing)?(?! (?:it|this|that|them)\b)|set(?:ting)? aside|leav(?:e|ing) (?:out|aside)) (?P<what>[^,;:]+?)\W*$"),
    ("void", rf"{_LEADS}(?:{_WHO} )?(?:set|leave|put|give|giving|leaving) (?P<what>[^,;:]+?) (?:aside|out|no weight)\b"),
)  # fmt: skip
_FORMS: tuple[tuple[Ruling, re.Pattern[str]], ...] = tuple(
    (ruling, re.compile(form, re.IGNORECASE)) for ruling, form in _WORDINGS
)
_OPEN_OR_OTHERS = re.compile(
    r"\?|\bthat says\b|^\W*(?:please )?(?:draft|write|say|tell|list|show|mention|add|include|check|find|search|quote)\b|\b(?:if|whether|unless|once|suppose|supposing|assuming|imagine|maybe|perhaps|might|may|could|until|how|why|who|which)\b"
    rf"|\b(?:for|to|by|according to) (?:{_NAME}|him|her|them|the (?:authors?|reviewers?))\W*$"
    rf"|(?:{_NAME}|\b(?:he|she|they|you|authors?|reviewers?|somebody|someone|people))\b(?: \w+ly| also| now)? (?:says?|said|thinks?|thought|claims?|claimed|writes?|wrote|argues?|argued|believes?|feels?|told|tells?|considers?|finds?|found|takes?|took|wants?|asks?)\b",
    re.IGNORECASE,
)
_WHAT_SAYS = re.compile(rf"\bwhat {_NAME} (?:says|said|writes|wrote|raises|objects|holds|asks)\b", re.IGNORECASE)
_CLAUSES = re.compile(r"\s*(?:[,;:]|\.\s|\s[–—-]\s|\b(?:and|so|but) (?=i\b|we\b|it\b|that\b|this\b|ignore|disregard|the reply))\s*", re.IGNORECASE)  # fmt: skip
_ENDS = re.compile(r"\s+(?:to my satisfaction|(?:for|to) me|in my (?:view|opinion|eyes)|well enough|enough|now|as well|too|sufficiently|fully|at all)\W*$", re.IGNORECASE)  # fmt: skip
_STARTS = re.compile(
    r"^(?:because|since|as|that(?= (?:the|r\d|reviewer|anon|all)\b)|all of(?= (?!th)))\s+", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not|n't|never|hardly|far from) (?:\w+ ){0,2}?(?:think|thinks|believe|feel|find|say|sure|certain|convinced|agree|see|all|every|any|each)\b|n't (?:think|believe|feel|find|say|agree|see)\b"
    r"|\b(?:none|nobody|no one|neither|doubt\w*|unsure|disagree\w*)\b",
    re.IGNORECASE,
)
"""Words before what is judged by which the ruling is denied, or not sure."""
_SURE = re.compile(rf"\b{_SETTLED}\b|\b{_VOID}", re.IGNORECASE)


@dataclass(frozen=True)
class Judged:
    """What the chair rules on points of the reviews: `what` in their words, of the sentence `said`; empty where it points
    back to what was told before, the question and the sentences of which are in `told`."""

    sense: Ruling
    what: str
    said: str
    told: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is on points of one reviewer or on those told before, and not on a matter whoever raises it."""
        return not self.what or bool(re.search(_NAME, self.what, re.IGNORECASE))

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Judged":
        return Judged(data["sense"], data["what"], data["said"], tuple(data.get("told", ())))


def judged_in(held: Sequence[Mapping[str, Any] | Judged]) -> tuple[Judged, ...]:
    """Rulings as they are kept."""
    return tuple(one if isinstance(one, Judged) else Judged.from_json(one) for one in held)


def read_judgement(sentence: str, *, beside_question: bool = False) -> Judged | None:
    """The ruling that a sentence of the chair's states on a point, or None.

    `beside_question`: the message asks something as well; then "the authors answered R1's point" only leads to that.
    """
    said = re.sub(
        r"\b(it|that|this|he|she)'s(?= )", r"\1 is", " ".join(sentence.replace("’", "'").split()), flags=re.IGNORECASE
    )
    if len(said.split()) > LONGEST or _OPEN_OR_OTHERS.search(_WHAT_SAYS.sub(" ", said)):
        return None
    found = [one for clause in _clauses(said) if (one := _read(clause, sentence.strip(), beside_question)) is not None]
    named = [one for one in found if one.what]
    return (named or found or [None])[0]


def _clauses(said: str) -> list[str]:
    return [part for part in (said, *_CLAUSES.split(said)) if part and part.strip()]


def _read(clause: str, said: str, beside_question: bool) -> Judged | None:
    for ruling, form in _FORMS:
        match = form.search(clause)
        if match is None:
            continue
        if _DENIED.search(clause[: match.end("what")]):
            return None  # "I do not think R1's concern is settled" rules nothing
        what, denied = _bare(match["what"]), bool(match.groupdict().get("no"))
        back = not what or bool(_POINTS_BACK.match(what))
        # A reviewer who does not count, on the whole or on a theme, is a priority.
        about = (_A_POINT if ruling == "void" else _ABOUT).search(what) or match.groupdict().get("free")
        if not back and not about:
            continue
        # "That is answered, thanks" may be said of the chair's own question: it takes a point by name, or a word of theirs.
        bare = bool(re.fullmatch(_BACK, what, re.IGNORECASE))
        plain = bool(_MINE.search(clause)) or bool(_SURE.search(clause))
        if (bare and ruling != "void" and not _MINE.search(clause)) or (
            beside_question and ruling == "settled" and not plain
        ):
            continue
        if denied and ruling == "settled":
            ruling = "open"
        return Judged(ruling, "" if back else what, said)
    return None


def _bare(what: str) -> str:
    """What is judged, without words that only lead to it or end it."""
    what = what.strip(" .!\"“”'")
    while (cut := _ENDS.sub("", _STARTS.sub("", what))) != what:
        what = cut
    return what


def with_told(judged: tuple[Judged, ...], desk: Desk, aside: tuple[str, ...]) -> tuple[Judged, ...]:
    """The rulings with what the last answer told, where they point back to it; without those that point to nothing."""
    past = next((p for p in reversed(desk.past) if p.request["intents"][0] not in aside), None)
    kinds = [c.kind for c in past.answer.citations.values()] if past is not None else []
    if past is None or not {"review", "comment"} & set(kinds):
        return tuple(one for one in judged if one.what)
    told = (past.message, *[s.text for s in past.answer.sentences if s.citations][:MOST_TOLD])
    return tuple(replace(one, told=told) for one in judged)
