"""Single checks of a sentence against the passages it cites; each returns why it fails, or None.

They work on any model's words: numbers with their units, ratings and confidences, reviewers, quotations, names of
methods, models and datasets, and whether the passage speaks of the matter at all.
"""

import re
from collections.abc import Sequence

from agent.cues import content_words
from agent.desk import Paper
from knowledge.types import Passage

NUMBER = re.compile(
    r"(?<![\w.:/-])([-+−]?\d[\d,]*(?:\.\d+)?)(?![\d]*[:/]\d)\s*(%|percent\b|per cent\b|[- ]?fold\b|x\b|times\b|×|[- ]?bits?\b|points?\b|pp\b|minutes?\b|min\b|hours?\b|ms\b|MB\b|KB\b|GB\b|pages?\b)?",
    re.IGNORECASE,
)
_UNITS = {
    "%": "percent", "percent": "percent", "per cent": "percent", "fold": "factor", "x": "factor", "times": "factor", "×": "factor",
    "bit": "bits", "bits": "bits", "point": "points", "points": "points", "pp": "points", "minutes": "minutes", "minute": "minutes",
    "min": "minutes", "hour": "hours", "hours": "hours", "ms": "ms", "mb": "MB", "kb": "KB", "gb": "GB", "page": "pages", "pages": "pages",
}  # fmt: skip
_QUANTITIES = {
    "size": r"\b(size|smaller|storage|memory|file|compression (?:rate|ratio))\b",
    "operations": r"\b(operations?|BOPs?|FLOPs?|MACs?|bit-operations|computation\w*|multiply)\b",
    "speed": r"\b(fast\w*|speed\w*|throughput|latency|time)\b",
}
_PLACE = re.compile(
    r"\b(?:Sec(?:tion|\.)?|Table|Fig(?:ure|\.)?|Eq(?:uation|\.)?|Appendix|Remark|Lemma|p(?:age|\.)|Step|arXiv|ICLR|NeurIPS|NIPS|ICML|CVPR|ECCV|ICCV) ?\.? ?[A-Z]?\.?\d[\d.]*(?:\s?(?:,|and|to|-) ?\d[\d.]*)*",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b(?=[\w-]*[A-Za-z])(?:[A-Z][a-z]*[A-Z0-9][\w-]*|[A-Za-z]+-?\d[\w-]*|[A-Z]{2,}[\w-]*)\b")
_QUOTE = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_COUNTED = re.compile(
    r"\b(one|two|three|four|five|six|\d{1,2}) (?:of the (?:\w+ )?)?(?:review(?:er)?s?)\b", re.IGNORECASE
)
_COUNT_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ROLE_SLIP = re.compile(
    r"\bas an? (?:AI|artificial|language model|assistant)\b|\bI(?: am|'m) (?:just |only )?an? (?:AI|language model)|\b(?:we|our) (?:paper|method|submission|work)\b",
    re.IGNORECASE,
)
_APPROXIMATE = re.compile(r"\b(about|around|roughly|nearly|almost|approximately|some)\s*$", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(not|no|never|none|neither|nor|without|cannot|lacks?|fails?|hardly|n't)\b|n't\b", re.IGNORECASE
)
LEAST_SUPPORT = 0.4
REVIEW_KINDS = ("review", "comment", "meta-review", "relayed")


def is_verbatim(text: str, passages: Sequence[Passage]) -> bool:
    """Whether the words stand in a passage as they are, but for who is named before them ("AnonReviewer2: ...")."""
    for passage in passages:
        said = text
        for lead in (
            f"{passage.reviewer}: ",
            "The authors replied: ",
            "Authors: ",
            f"Authors to {passage.addressee}: ",
            "Meta-review: ",
            "Relayed, not on record: ",
        ):
            if said.startswith(lead) and (passage.reviewer or passage.kind in ("response", "meta-review", "relayed")):
                said = said.removeprefix(lead)
        if _squash(said) in _squash(passage.text):
            return True
    return False


def check_role(text: str) -> str | None:
    """A model that speaks as a machine or as the authors says nothing about the paper."""
    return "it speaks of the speaker, not of the sources" if _ROLE_SLIP.search(text) else None


def check_numbers(text: str, passages: Sequence[Passage]) -> str | None:
    """Every number stands in a cited passage, with the same unit and of the same quantity."""
    bare = _without_names(text, passages)
    source = [_numbers(_plain(p.text)) for p in passages] + [_numbers(p.where or "") for p in passages]
    for match in NUMBER.finditer(bare):
        value, unit = _value(match.group(1)), _unit(match.group(2))
        loose = bool(_APPROXIMATE.search(bare[: match.start()]))
        same = [
            (u, around)
            for found in source
            for v, u, around in found
            if v == value or (loose and _rounds_to(v, value, match.group(1)))
        ]
        if not same:
            return f"{match.group().strip()} is not in the cited passage"
        if unit is not None and not any(u == unit or (u is None and unit != "factor") for u, _ in same):
            return f"{match.group().strip()} has another unit in the cited passage"
        around = bare[max(0, match.start() - 50) : match.end() + 50]
        if unit == "factor" and not any(_same_quantity(around, other) for _, other in same):
            return f"{match.group().strip()} is about another quantity in the cited passage"
    return None


def check_scores(text: str, passages: Sequence[Passage], reviewers: Sequence[str]) -> str | None:
    """A rating is a rating and a confidence a confidence, of the reviewer that it is given to."""
    ratings = {p.reviewer: _scored(p.text, "Rating") for p in passages if p.reviewer}
    confidences = {p.reviewer: _scored(p.text, "Confidence") for p in passages if p.reviewer}
    for part, name in _parts_by_reviewer(text, reviewers):
        for kind, scores, pattern in (
            ("confidence", confidences, r"\bconfiden\w*\W+(?:\w+\W+){0,3}?(\d+(?:\.\d+)?)\b"),
            (
                "rating",
                ratings,
                r"\b(?:rat(?:e[sd]?|ings?)|scor(?:e[sd]?|es)|gave|gives)\b\W+(?:(?!confiden)\w+\W+){0,4}?(\d+(?:\.\d+)?)\b",
            ),
        ):
            match = re.search(pattern, part, re.IGNORECASE)
            held = {v for who, values in scores.items() if name is None or who == name for v in values}
            if match and any(scores.values()) and float(match.group(1)) not in held:
                return f"{match.group(1)} is not the {kind} of {name or 'a cited reviewer'} on record"
    return None


def check_reviewers(text: str, passages: Sequence[Passage], paper: Paper | None) -> str | None:
    """Who is said to have written something is the author of a cited passage, or named in it."""
    names = named_reviewers(text, paper)
    for name in names:
        if not any(p.reviewer == name or p.addressee == name or name in p.text for p in passages):
            return f"no cited passage is by {name}"
    counted = _COUNTED.search(text)
    if counted:
        word = counted.group(1).lower()
        count = _COUNT_WORDS.get(word) or int(word)
        cited = {p.reviewer for p in passages if p.kind == "review" and p.reviewer}
        if (
            cited
            and count > len(cited)
            and str(count) not in " ".join(p.text for p in passages)
            and word not in " ".join(p.text.lower() for p in passages)
        ):
            return f"{counted.group()} are spoken of, {len(cited)} cited"
    return None


def check_quotes(text: str, passages: Sequence[Passage]) -> str | None:
    """What stands in quotation marks stands in a cited passage, word for word."""
    for match in _QUOTE.finditer(text):
        wanted = _plain(match.group(1)).strip(" .,;").lower()
        if len(wanted.split()) >= 3 and not any(wanted in _plain(p.text).lower() for p in passages):
            return f'the quotation "{match.group(1)[:60]}" is not in the cited passage'
    return None


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
    for match in _NAME.finditer(re.sub(r"\b(?:Anon)?Review(?:er)?s?[ _]?\w{1,4}\b|\bR\d\b", " ", text)):
        name = match.group()
        if _squash(name) not in source and _squash(name.rstrip("s")) not in source:
            return f"{name} is not named in the cited passage"
    return None


def check_support(text: str, passages: Sequence[Passage]) -> str | None:
    """The passage speaks of the same matter: enough of the sentence's words stand in it."""
    words = {_stem(w) for w in content_words(text) if not w[0].isdigit()}
    if len(words) < 3 or all(p.locator.section == "Scores" for p in passages):
        return None
    source = {_stem(w) for p in passages for w in content_words(f"{p.text} {p.label()} {p.where or ''}")}
    if len(words & source) / len(words) < LEAST_SUPPORT:
        return "the cited passage does not speak of this"
    return None


def check_negation(text: str, passages: Sequence[Passage]) -> str | None:
    """A sentence that nearly repeats one of its passages does not turn it round."""
    words = {_stem(w) for w in content_words(text)}
    for passage in passages:
        for part in re.split(r"(?<=[.!?;])\s+", passage.text):
            source = {_stem(w) for w in content_words(part)}
            if (
                len(words) >= 3
                and len(words & source) / len(words | source) >= 0.75
                and bool(_NEGATION.search(text)) != bool(_NEGATION.search(part))
            ):
                return "it says the opposite of the cited passage"
    return None


def named_reviewers(text: str, paper: Paper | None) -> tuple[str, ...]:
    """The reviewers that a sentence names, by the record's names."""
    if paper is None:
        return ()
    found = []
    for reviewer in paper.reviewers:
        number = re.search(r"(\d+)$", reviewer.name)
        short = rf"|\b(?:reviewer ?#?|R){number.group(1)}\b" if number else ""
        if re.search(rf"\b{re.escape(reviewer.name)}\b{short}", text, re.IGNORECASE):
            found.append(reviewer.name)
    unknown = re.findall(r"\b(?:Anon)?Reviewer ?#?(\d{1,2})\b", text, re.IGNORECASE)
    known = {m.group(1) for r in paper.reviewers if (m := re.search(r"(\d+)$", r.name))}
    return tuple(found) + tuple(f"AnonReviewer{n}" for n in dict.fromkeys(unknown) if n not in known)


def _parts_by_reviewer(text: str, reviewers: Sequence[str]) -> list[tuple[str, str | None]]:
    """The text cut at each reviewer's name, so that numbers go with the name before them."""
    marks = sorted((m.start(), name) for name in reviewers for m in re.finditer(rf"\b{re.escape(name)}\b", text))
    if len(marks) <= 1:
        return [(text, marks[0][1] if marks else None)]
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [(text[start:end], name) for (start, name), end in zip(marks, ends, strict=True)]


def _without_names(text: str, passages: Sequence[Passage]) -> str:
    """The text without places ("Table 1"), reviewers' names and names with digits, which other checks hold."""
    text = _PLACE.sub(
        lambda m: (
            " "
            if any(
                _squash(m.group()) in _squash(f"{p.text} {p.where or ''} {p.locator.section or ''}") for p in passages
            )
            else m.group()
        ),
        text,
    )
    text = re.sub(r"\b(?:Anon)?Review(?:er)?s?[ _]?\d{1,2}\b|\bR\d\b", " ", text)
    return re.sub(r"(?<!\w)(?=[\w.-]*[A-Za-z])[A-Za-z][\w.-]*\d[\w-]*", " ", _plain(text))


def _numbers(text: str) -> list[tuple[float, str | None, str]]:
    return [
        (_value(m.group(1)), _unit(m.group(2)), text[max(0, m.start() - 60) : m.end() + 60])
        for m in NUMBER.finditer(_ranges(text))
    ]


def _ranges(text: str) -> str:
    """Open ranges and joined names, so that both ends of "12-14x" and "71.1 ~ 96.35" are seen."""
    return re.sub(r"(?<=\d)\s?[-–~]\s?(?=\d)", " to ", text)


def _value(digits: str) -> float:
    return abs(float(digits.replace(",", "").replace("−", "-").replace("+", "")))


def _unit(word: str | None) -> str | None:
    return _UNITS.get(word.strip(" -").lower()) if word else None


def _rounds_to(value: float, rounded: float, written: str) -> bool:
    decimals = len(written.split(".")[1]) if "." in written else 0
    return round(value, decimals) == rounded


def _same_quantity(around: str, other: str) -> bool:
    ours = {k for k, p in _QUANTITIES.items() if re.search(p, around, re.IGNORECASE)}
    theirs = {k for k, p in _QUANTITIES.items() if re.search(p, other, re.IGNORECASE)}
    return not ours or not theirs or bool(ours & theirs)


def _scored(text: str, kind: str) -> set[float]:
    return {float(n) for n in re.findall(rf"\b{kind}: (\d+(?:\.\d+)?)", text)}


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("“", '"').replace("”", '"'))


def _squash(text: str) -> str:
    return re.sub(r"[\s\-_.:,;]+", "", text).lower()


def _stem(word: str) -> str:
    return re.sub(r"(ations?|ings?|ed|es|s|ly|ness|ity|ive)$", "", word) if len(word) > 4 else word
