"""Single checks of a sentence against the passages it cites; each returns why it fails, or None.

They work on any model's words: numbers with their units, quotations, names of methods, models and datasets, the words of
a recommendation, and whether the passage speaks of the matter at all. Who said it stands in
`attribution`, what is said of an experiment in `run_checks`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from agent.arithmetic import without_results
from agent.cues import content_words
from agent.number_words import in_digits
from agent.units import Measure, base_value, fits, measure_after
from knowledge.types import Passage

NUMBER = re.compile(
    r"(?<![\w.:/-])([-+−]?\d[\d,]*(?:\.\d+)?)(?![\d]*[:/]\d)\s*(%|percent\b|per cent\b|[- ]?fold\b|x\b|times\b|×|[- ]?bits?\b|points?\b|pp\b|minutes?\b|min\b|hours?\b|ms\b|MB\b|KB\b|GB\b|pages?\b)?",
    re.IGNORECASE,
)
_QUANTITIES = {
    "size": r"\b(size|smaller|storage|memory|file|compression (?:rate|ratio))\b",
    "operations": r"\b(operations?|BOPs?|FLOPs?|MACs?|bit-operations|computation\w*|multiply)\b",
    "speed": r"\b(fast\w*|speed\w*|throughput|latency|time)\b",
}
PLACE = re.compile(
    r"\b(?:Sec(?:tion|\.)?|Table|Fig(?:ure|\.)?|Eq(?:uation|\.)?|Appendix|Remark|Lemma|p(?:age|\.)|Step|arXiv|ICLR|NeurIPS|NIPS|ICML|CVPR|ECCV|ICCV) ?\.? ?[A-Z]?\.?\d[\d.]*(?:\s?(?:,|and|to|-) ?\d[\d.]*)*",
    re.IGNORECASE,
)
NAME = re.compile(r"\b(?=[\w-]*[A-Za-z])(?:[A-Z][a-z]*[A-Z0-9][\w-]*|[A-Za-z]+-?\d[\w-]*|[A-Z]{2,}[\w-]*)\b")
_QUOTE = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_ROLE_SLIP = re.compile(
    r"\bas an? (?:AI|artificial|language model|assistant)\b|\bI(?: am|'m) (?:just |only )?an? (?:AI|language model)|\bas (?:the|an?|one of the) (?:reviewers?|authors?|referee)\b(?=,|\W+(?:I|we)\b)"
    r"|\b(?:we|our) (?:paper|method|submission|work|approach|experiments?|results?|network|model|code|evaluation|framework)\b"
    r"|\bwe (?:propose|show|find|found|present|introduce|prove|achieve|report|evaluate|observe|train|trained|ran|outperform)\b|\bmy (?:review|paper|method|experiments?)\b",
    re.IGNORECASE,
)
_APPROXIMATE = re.compile(r"\b(about|around|roughly|nearly|almost|approximately|some)\s*$", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(not|no|never|none|neither|nor|without|cannot|lacks?|fails?|hardly|n't)\b|n't\b", re.IGNORECASE
)
_GRADE = re.compile(
    r"\b(?P<grade>strong(?:ly)?|weak(?:ly)?|clear(?:ly)?|borderline|marginal(?:ly)?)\W+(?:an? |to |for )?(?P<side>accept|reject)\w*",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:recommend|vot|favou?r|advis|urg|argu)\w*\W+(?:(?:an?|the|it|paper|to|for|its|this|of|strong|clear)\W+){0,4}(?P<side>accept|reject)\w*",
    re.IGNORECASE,
)
_DOUBT_BEFORE = re.compile(
    r"\b(?:doubt\w*|not|never|no|nor|neither|cannot|unless|if|whether|unclear|question\w*|fails? to|hardly|without|lacks?|unconvinced|disagree\w*)\b[^,;:]*$|n't\b[^,;:]*$",
    re.IGNORECASE,
)
LEAST_SUPPORT = 0.4
LEAST_SUPPORT_OF_SCORES = 0.75


def check_role(text: str) -> str | None:
    """A model that speaks as a machine or as the authors says nothing about the paper; what it quotes is not its own."""
    return "it speaks of the speaker, not of the sources" if _ROLE_SLIP.search(_QUOTE.sub("", text)) else None


def check_numbers(text: str, passages: Sequence[Passage]) -> str | None:
    """Every number stands in a cited passage, with the same unit and of the same quantity, or is what shown numbers come to."""
    bare = open_ranges(without_results(_without_names(in_digits(text), passages)))
    source = [_numbers(_plain(in_digits(p.text))) for p in passages] + [
        _numbers(f"{p.where or ''} {p.locator.section or ''}") for p in passages
    ]
    for match in NUMBER.finditer(bare):
        said, value = measure_after(bare, match.end(1)), _value(match.group(1))
        loose = bool(_APPROXIMATE.search(bare[: match.start()]))
        same = [
            one
            for found in source
            for one in found
            if one.value == value
            or (loose and _rounds_to(one.value, value, match.group(1)))
            or (
                said.kind
                and one.measure.kind == said.kind
                and isclose(base_value(one.value, one.measure), base_value(value, said))
            )
        ]
        if not same:
            return f"{match.group().strip()} is not in the cited passage"
        if all(opposed(match.group(1), one.written) for one in same):
            return f"{match.group().strip()} has the other sign in the cited passage"
        if not any(
            fits(said, one.measure)
            or (isclose(base_value(one.value, one.measure), base_value(value, said)) and said.kind == one.measure.kind)
            for one in same
        ):
            return f"{match.group().strip()} has another unit in the cited passage"
        around = bare[max(0, match.start() - 50) : match.end() + 50]
        if said.kind == "factor" and not any(_same_quantity(around, one.around) for one in same):
            return f"{match.group().strip()} is about another quantity in the cited passage"
    return None


def says_nothing(text: str) -> bool:
    """Whether a sentence is no more than the name of a place: "Table 4."."""
    return not re.search(r"\w", PLACE.sub("", text))


def check_stance(text: str, passages: Sequence[Passage]) -> str | None:
    """The words of a recommendation ("strong accept", "recommends rejection") are those of a cited passage."""
    source = " ".join(_plain(p.text) for p in passages).lower()
    for match in _GRADE.finditer(text):
        grade, side = match.group("grade")[:4].lower(), match.group("side").lower()
        if not re.search(rf"\b{grade}\w*\W+(?:an? |to |for )?{side}", source):
            return f'"{match.group()}" is not in the cited passage'
    if not _NEGATION.search(text) and all(p.kind in ("decision", "meta-review") for p in passages):
        sides, decided = _sides(text), _sides(source)
        if sides and decided and not sides & decided:
            return "the cited decision is another one"
    advised = _ADVICE.search(text)
    if advised and not _NEGATION.search(text):
        # "Marginally below acceptance threshold" advises against.
        source = re.sub(r"\b(?:below|not|under)\b(?: \w+){0,3}? accept\w*", "reject", source)
        if advised.group("side").lower() not in source:
            return f'"{advised.group()}" is not in the cited passage'
    return None


def _sides(text: str) -> set[str]:
    return set(re.findall(r"\b(accept|reject)", text.lower()))


def check_quotes(text: str, passages: Sequence[Passage]) -> str | None:
    """What stands in quotation marks stands in a cited passage, word for word, and not behind a doubt that is left out."""
    for match in _QUOTE.finditer(text):
        wanted = _bare(match.group(1))
        if len(wanted.split()) < 3:
            continue
        found = [before for p in passages for before, mid, _ in [_bare(p.text).partition(wanted)] if mid]
        if not found:
            return f'the quotation "{match.group(1)[:60]}" is not in the cited passage'
        if all(_DOUBT_BEFORE.search(re.split(r"[.!?]\s", before)[-1]) for before in found):
            return "its quotation leaves out the doubt in the cited passage"
    return None


def without_quotes(text: str) -> str:
    """What a sentence says in its own words: whatever stands in quotation marks is the source's."""
    return _QUOTE.sub(" ", text)


def _bare(text: str) -> str:
    """Lower-case words without quotation marks of any kind, for comparing quotations."""
    bare = re.sub(r"[\"'‘’“”`]", "", _plain(text))
    return re.sub(r"\s+(?=[.,;!?])", "", bare).strip(" .,;").lower()


def check_names(text: str, passages: Sequence[Passage], known: str) -> str | None:
    """Methods, models and datasets named are named in a cited passage (or are the paper's own names)."""
    source = _squash(
        " ".join(
            f"{p.text} {p.where or ''} {p.reviewer or ''} {p.addressee or ''} {p.locator.section or ''}"
            for p in passages
        )
        + " "
        + known
    )
    for match in NAME.finditer(re.sub(r"\b(?:Anon)?Review(?:er)?s?[ _]?\w{1,4}\b|\bR\d\b", " ", text)):
        name = match.group()
        if _squash(name) not in source and _squash(name.rstrip("s")) not in source:
            return f"{name} is not named in the cited passage"
    return None


def check_support(text: str, passages: Sequence[Passage], known: str = "") -> str | None:
    """The passage speaks of the same matter: enough of the sentence's words stand in it.

    A passage of scores alone bears only words on scores; `known` are words that need no passage.
    """
    words = {stem(w) for w in content_words(text) if not w[0].isdigit()}
    source = {stem(w) for p in passages for w in content_words(f"{p.text} {p.label()} {p.where or ''}")}
    least = LEAST_SUPPORT
    if all(p.kind == "review" and p.locator.section == "Scores" for p in passages):
        source |= _SCORE_WORDS | {stem(w) for w in content_words(known)}
        least = LEAST_SUPPORT_OF_SCORES
    elif len(words) < 3:
        return None
    if words and len(words & source) / len(words) < least:
        return "the cited passage does not speak of this"
    return None


def check_negation(text: str, passages: Sequence[Passage]) -> str | None:
    """A sentence that nearly repeats one of its passages neither turns it round nor leaves out the doubt before it."""
    bare = _plain(text).strip(" .,;:!?").lower()
    words = {stem(w) for w in content_words(text)}
    if not bare:
        return None
    for passage in passages:
        for part in re.split(r"(?<=[.!?;])\s+", passage.text):
            source = {stem(w) for w in content_words(part)}
            before, found, _ = _plain(part).lower().partition(bare)
            if found and _DOUBT_BEFORE.search(before):
                return "it leaves out the doubt in the cited passage"
            if (
                len(words) >= 3
                and len(words & source) / len(words | source) >= 0.75
                and bool(_NEGATION.search(text)) != bool(_NEGATION.search(part))
            ):
                return "it says the opposite of the cited passage"
    return None


def _without_names(text: str, passages: Sequence[Passage]) -> str:
    """The text without places ("Table 1"), reviewers' names and names with digits, which other checks hold."""
    text = PLACE.sub(
        lambda m: (
            " "
            if any(
                _squash(m.group()) in _squash(f"{p.text} {p.where or ''} {p.locator.section or ''}") for p in passages
            )
            else m.group()
        ),
        text,
    )
    for name in {p.reviewer for p in passages if p.reviewer}:
        text = text.replace(name, " ")
    # OpenReview names reviewers by four signs, "Reviewer 9wEr", of which the first may be a digit.
    text = re.sub(r"\b(?:Anon)?Review(?:er)?s?[ _]?(?:\d{1,2}|(?=\d*[A-Za-z])[A-Za-z0-9]{4})\b|\bR\d\b", " ", text)
    return re.sub(r"(?<!\w)(?=[\w.-]*[A-Za-z])[A-Za-z][\w.-]*\d[\w-]*", " ", _plain(text))


@dataclass(frozen=True)
class _Number:
    """A number of a passage as it is written, with its measure and the words around it."""

    value: float
    written: str
    measure: Measure
    around: str


def _numbers(text: str) -> list[_Number]:
    text = open_ranges(text)
    return [
        _Number(
            _value(m.group(1)), m.group(1), measure_after(text, m.end(1)), text[max(0, m.start() - 60) : m.end() + 60]
        )
        for m in NUMBER.finditer(text)
    ]


def opposed(one: str, other: str) -> bool:
    """Whether two numbers are written with opposite signs."""
    return {one[0].replace("−", "-"), other[0].replace("−", "-")} == {"+", "-"}


def open_ranges(text: str) -> str:
    """Open ranges and joined names, so that both ends of "12-14x" and "71.1 ~ 96.35" are seen."""
    return re.sub(r"(?<=\d)\s?[-–~]\s?(?=\d)", " to ", text)


def _value(digits: str) -> float:
    return abs(float(digits.replace(",", "").replace("−", "-").replace("+", "")))


def _rounds_to(value: float, rounded: float, written: str) -> bool:
    decimals = len(written.split(".")[1]) if "." in written else 0
    return round(value, decimals) == rounded


def _same_quantity(around: str, other: str) -> bool:
    ours = {k for k, p in _QUANTITIES.items() if re.search(p, around, re.IGNORECASE)}
    theirs = {k for k, p in _QUANTITIES.items() if re.search(p, other, re.IGNORECASE)}
    return not ours or not theirs or bool(ours & theirs)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", straight(text))


def straight(text: str) -> str:
    """The text with straight quotation marks and without bold, line breaks kept."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace("**", "")


def _squash(text: str) -> str:
    return re.sub(r"[\s\-_.:,;]+", "", text).lower()


def stem(word: str) -> str:
    return re.sub(r"(ations?|ings?|ed|es|s|ly|ness|ity|ive)$", "", word) if len(word) > 4 else word


_SCORE_WORDS = {
    stem(w)
    for w in "rate rates rated rating ratings score scores scored confident confidence grade mark highest lowest high low higher lower"
    " give gives gave given assign assigns assigned average mean lie lies range between equal level recommend recommends recommendation scale record verdict stand stands lean leans".split()
}
