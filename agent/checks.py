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
NAME = re.compile(r"\b(?=[\w-]*[A-Za-z])(?:[A-Z][a-z]*[A-Z0-9][\w-]*|[A-Za-z]+-?\d[\w-]*|[A-Z]{2,}[\w-]*)\b")
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
_SAYING = r"(?:(?:sa|sta|wri|no)\w*|claim\w*|argu\w+|think\w*|find\w*|found|see[sn]?|saw|prais\w+|critici\w+|lik\w+|lov\w+|agree\w*|admi\w+|accept\w*|reject\w*|recommend\w*|ask\w*|want\w*|believ\w+|is|was|has|had|repl\w+|answer\w*|respon\w+|conced\w+|confirm\w*|complain\w*|considers?|rais\w+|giv\w+|gave|holds?)\b"
_REPLY = re.compile(r"\b(?:authors?|repl(?:y|ies|ied)|respon\w+|rebut\w*|answer\w*)\b", re.IGNORECASE)
_AUTHORS_SAY = re.compile(
    r"^(?:the )?authors?(?: to [\w ]+)?:|\bauthors?(?: themselves)?\s+(?:\w+ly |also |do |did |have |now |even )*(?:not )?(?P<verb>admit\w*|conced\w+|acknowledg\w+|says?|said|stat(?:e|es|ed)|claim\w*|argu\w+|promis\w+|repl\w+|respon\w+|answer\w*|confirm\w*|agree\w*|explain\w*|insist\w*|den(?:y|ies|ied)|assert\w*|believ\w+|maintain\w*|writ\w+|wrote)\b",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"\b(?P<grade>strong(?:ly)?|weak(?:ly)?|clear(?:ly)?|borderline|marginal(?:ly)?)\W+(?:an? |to |for )?(?P<side>accept|reject)\w*",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:recommend|vot|favou?r|advis|urg|argu)\w*\W+(?:(?:an?|the|it|paper|to|for|its|this|of|strong|clear)\W+){0,4}(?P<side>accept|reject)\w*",
    re.IGNORECASE,
)
_RUN_NUMBER = re.compile(r"(?:(?<![\w.])[-+−])?\d[\d,]*(?:\.\d+)?")
_OUTCOME_WORDS = {
    "supported": re.compile(r"\b(?:support(?:s|ed)?|confirm(?:s|ed)?|holds?(?= up| true|\W*$|[.,;]| here| on| for| in)|prove[sdn]?|is (?:true|right|correct)|true)\b", re.IGNORECASE),
    "contradicted": re.compile(r"\b(?:contradict(?:s|ed)?|refut(?:es?|ed)|disprove[sdn]?|wrong|false|untrue|incorrect)\b", re.IGNORECASE),
    "inconclusive": re.compile(r"\binconclusive\b", re.IGNORECASE),
    "failed": re.compile(r"\bfailed\b", re.IGNORECASE),
}  # fmt: skip
_DOUBT_BEFORE = re.compile(
    r"\b(?:doubt\w*|not|never|no|nor|neither|cannot|unless|if|whether|unclear|question\w*|fails? to|hardly|without|lacks?|unconvinced|disagree\w*)\b[^,;:]*$|n't\b[^,;:]*$",
    re.IGNORECASE,
)
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|never|no|neither|nor|cannot|hardly)\b|n't\b)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
_WIDER = re.compile(
    r"\b(?:ImageNet|ResNet|WideResNet|BERT|VGG|YOLO\w*|CIFAR|COCO|SQuAD|GPT|LLaMA|OPT|ViT|DeiT|MobileNet|EfficientNet|AlexNet|GoogLeNet|Inception|LeNet|WikiText|C4|transformers?|LLMs?"
    r"|language models?|(?:any|all|every|other|larger?|big|bigger|deep|modern|real|most)(?:[- ]scale)? (?:\w+ )?(?:nets?|networks?|models?|datasets?|architectures?)|in general|generali[sz]es?|at scale|everywhere|always)(?![a-z])",
    re.IGNORECASE,
)
_DISCLAIMED = re.compile(
    r"\b(?:not|rather than|instead of|without) (?:to |on |for |of |about |at )?(?:the |an? )?$"
    r"|(?:\b(?:no|not|nothing|cannot|neither)\b|n't\b)(?:\W+\w+){0,4}?\W+(?:statement|sa(?:y|id)|speak|tell|told|test(?:ed)?|cover|appl(?:y|ies)|extend|transfer|carry|generali[sz]e|evidence|conclu\w+|about|figures?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
LEAST_SUPPORT = 0.4
LEAST_SUPPORT_OF_SCORES = 0.75
OTHERS_KINDS = ("review", "comment", "meta-review", "decision", "relayed")


def is_verbatim(text: str, passages: Sequence[Passage]) -> bool:
    """Whether the words are whole sentences of a passage, but for who is rightly named before them ("Authors: ...")."""
    for passage in passages:
        lead = next((lead for lead in _leads(passage) if text.startswith(lead)), "")
        if stands_in(text.removeprefix(lead), passage.text):
            return True
    return False


def _leads(passage: Passage) -> tuple[str, ...]:
    """How a passage may be introduced without a change of its meaning."""
    if passage.kind == "response":
        return ("The authors replied: ", "Authors: ", f"Authors to {passage.addressee}: ")
    named = (f"{passage.reviewer}: ",) if passage.reviewer else ()
    other = {"meta-review": ("Meta-review: ",), "relayed": ("Relayed, not on record: ",)}
    return named + other.get(passage.kind, ())


def stands_in(text: str, source: str) -> bool:
    """Whether `text` is one or more whole sentences or lines of `source`; only white space and joins of lines differ.

    A part of a sentence does not count: "the method is new" stands in no "I doubt that the method is new.".
    """
    words = [w for w in re.split(r"[\s;]+", _straight(text).strip(" .,;:!?")) if w]
    if not words:
        return False
    # Drafts lose the space before a punctuation mark; a line of the source may open with a bullet or a number.
    escaped = (re.sub(r"\\?[.,!?]", lambda m: rf"\s*{m.group()}", re.escape(w)) for w in words)
    start = r"(?:\A|\n\s*\n|\n(?=\s*(?:[-*•#]|\d+[.)]\s))|[.!?][\"')\]]*\s)\s*(?:(?:[-*•#]+|\d+[.)])\s+)?"
    end = r"\s*(?:[.!?;:,]*[\"')\]]*\s*(?:\Z|\n\s*(?:\n|[-*•#]))|[.!?][\"')\]]*\s)"
    pattern = re.compile(start + r"[\s;]+".join(escaped) + end, re.IGNORECASE)
    whole = _straight(source)
    joined = re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", whole)
    return bool(pattern.search(whole) or pattern.search(joined))


def check_role(text: str) -> str | None:
    """A model that speaks as a machine or as the authors says nothing about the paper; what it quotes is not its own."""
    return "it speaks of the speaker, not of the sources" if _ROLE_SLIP.search(_QUOTE.sub("", text)) else None


def check_numbers(text: str, passages: Sequence[Passage]) -> str | None:
    """Every number stands in a cited passage, with the same unit and of the same quantity."""
    bare = open_ranges(_without_names(text, passages))
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
        if not any(_speaks_for(p, name, text) for p in passages):
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


def check_authors(text: str, passages: Sequence[Passage]) -> str | None:
    """What the authors are said to say is not taken from what others write, unless those say that they say it."""
    said = _AUTHORS_SAY.search(text)
    if said is None or not all(p.kind in OTHERS_KINDS and not _by_authors(p) for p in passages):
        return None
    if said.group("verb") is None:
        return "the cited passage is not by the authors"
    verb = _stem(said.group("verb").lower())
    if any(re.search(rf"\b(?:authors?|they|paper)\b[^.!?]*\b{verb}", p.text, re.IGNORECASE) for p in passages):
        return None
    return "the cited passage is not by the authors"


def check_stance(text: str, passages: Sequence[Passage]) -> str | None:
    """The words of a recommendation ("strong accept", "recommends rejection") are those of a cited passage."""
    source = " ".join(_plain(p.text) for p in passages).lower()
    for match in _GRADE.finditer(text):
        grade, side = match.group("grade")[:4].lower(), match.group("side").lower()
        if not re.search(rf"\b{grade}\w*\W+(?:an? |to |for )?{side}", source):
            return f'"{match.group()}" is not in the cited passage'
    advised = _ADVICE.search(text)
    if advised and not _NEGATION.search(text):
        # "Marginally below acceptance threshold" advises against.
        source = re.sub(r"\b(?:below|not|under)\b(?: \w+){0,3}? accept\w*", "reject", source)
        if advised.group("side").lower() not in source:
            return f'"{advised.group()}" is not in the cited passage'
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
    for match in NAME.finditer(re.sub(r"\b(?:Anon)?Review(?:er)?s?[ _]?\w{1,4}\b|\bR\d\b", " ", text)):
        name = match.group()
        if _squash(name) not in source and _squash(name.rstrip("s")) not in source:
            return f"{name} is not named in the cited passage"
    return None


def check_support(text: str, passages: Sequence[Passage], known: str = "") -> str | None:
    """The passage speaks of the same matter: enough of the sentence's words stand in it.

    A passage of scores alone bears only words on scores; `known` are words that need no passage.
    """
    words = {_stem(w) for w in content_words(text) if not w[0].isdigit()}
    source = {_stem(w) for p in passages for w in content_words(f"{p.text} {p.label()} {p.where or ''}")}
    least = LEAST_SUPPORT
    if all(p.kind == "review" and p.locator.section == "Scores" for p in passages):
        source |= _SCORE_WORDS | {_stem(w) for w in content_words(known)}
        least = LEAST_SUPPORT_OF_SCORES
    elif len(words) < 3:
        return None
    if words and len(words & source) / len(words) < least:
        return "the cited passage does not speak of this"
    return None


def check_negation(text: str, passages: Sequence[Passage]) -> str | None:
    """A sentence that nearly repeats one of its passages neither turns it round nor leaves out the doubt before it."""
    bare = _plain(text).strip(" .,;:!?").lower()
    words = {_stem(w) for w in content_words(text)}
    for passage in passages:
        for part in re.split(r"(?<=[.!?;])\s+", passage.text):
            source = {_stem(w) for w in content_words(part)}
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


def check_run_numbers(text: str, runs: Sequence[str]) -> str | None:
    """Every number stands in a run, with the same sign where the sentence writes one."""
    held = {_signed(n) for run in runs for n in _RUN_NUMBER.findall(open_ranges(run))}
    sizes = {abs(n) for n in held}
    for match in NUMBER.finditer(open_ranges(re.sub(r"\b[A-Za-z][\w-]*\d[\w-]*", " ", text))):
        value = _signed(match.group(1))
        written = match.group(1)[0] in "+-−"
        if value not in held if written else abs(value) not in sizes:
            return f"{match.group().strip()} is not in the run"
    return None


def check_outcome(text: str, runs: Sequence[str]) -> str | None:
    """Words of success need a supported run, words of refutation a contradicted one, and the other way when negated."""
    outcomes = {o for run in runs for o in _outcomes(run)}
    for outcome, pattern in _OUTCOME_WORDS.items():
        for match in pattern.finditer(text):
            negated = bool(_NEGATED_BEFORE.search(text[: match.start()]))
            if (outcome in outcomes) == negated:
                return f'the run does not say "{"not " if negated else ""}{match.group()}"'
    return None


def check_scope(text: str) -> str | None:
    """A run speaks for its small network; a wider scope is named only to say that nothing is said of it."""
    for match in _WIDER.finditer(text):
        if not _DISCLAIMED.search(text[: match.start()]):
            return f"the run says nothing of {match.group()}"
    return None


def named_reviewers(text: str, paper: Paper | None) -> tuple[str, ...]:
    """The reviewers that a sentence names, by the record's names."""
    if paper is None:
        return ()
    found = []
    for reviewer in paper.reviewers:
        if re.search(_called(reviewer.name), text, re.IGNORECASE):
            found.append(reviewer.name)
    unknown = re.findall(r"\b(?:Anon)?Reviewer ?#?(\d{1,2})\b", text, re.IGNORECASE)
    known = {m.group(1) for r in paper.reviewers if (m := re.search(r"(\d+)$", r.name))}
    return tuple(found) + tuple(f"AnonReviewer{n}" for n in dict.fromkeys(unknown) if n not in known)


def _outcomes(run: str) -> list[str]:
    """The outcome that a run's text states; where it is not labelled, every outcome word in it."""
    labelled = re.findall(r"\bOutcome: (\w+)", run)
    return labelled or re.findall(r"\b(supported|contradicted|inconclusive|failed)\b", run)


def _signed(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def _called(name: str) -> str:
    """The pattern of a reviewer's name as people write it: AnonReviewer2, Reviewer 2, R2."""
    number = re.search(r"(\d+)$", name)
    short = rf"|\b(?:reviewer ?#?|R){number.group(1)}\b" if number else ""
    return rf"(?:\b{re.escape(name)}\b{short})"


def _speaks_for(passage: Passage, name: str, text: str) -> bool:
    """Whether a passage bears what a sentence says of a reviewer: it is by that one, tells of that one, or replies."""
    if passage.reviewer == name:
        return True
    mentioned = name in passage.text
    if passage.kind != "response" and not _by_authors(passage):
        return mentioned
    # A reply to a reviewer bears what the authors tell that one, never what that one says.
    called = _called(name)
    speaks = re.search(rf"{called}(?:\s*:|\s+(?:\w+ly |also |then )?{_SAYING}|,? who\b)", text, re.IGNORECASE)
    told = re.search(rf"(?<!according )\bto (?:the )?{called}", text, re.IGNORECASE) or _REPLY.search(text)
    return bool((passage.addressee == name or mentioned) and told and not speaks)


def _by_authors(passage: Passage) -> bool:
    return (passage.reviewer or "").lower().startswith(("author", "paper author"))


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
        for m in NUMBER.finditer(open_ranges(text))
    ]


def open_ranges(text: str) -> str:
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
    return re.sub(r"\s+", " ", _straight(text))


def _straight(text: str) -> str:
    """The text with straight quotation marks and without bold, line breaks kept."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace("**", "")


def _squash(text: str) -> str:
    return re.sub(r"[\s\-_.:,;]+", "", text).lower()


def _stem(word: str) -> str:
    return re.sub(r"(ations?|ings?|ed|es|s|ly|ness|ity|ive)$", "", word) if len(word) > 4 else word


_SCORE_WORDS = {
    _stem(w)
    for w in "rate rates rated rating ratings score scores scored confident confidence grade mark highest lowest high low higher lower"
    " average mean lie lies range between equal level recommend recommends recommendation scale record verdict stand stands lean leans".split()
}
