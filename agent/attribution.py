"""Checks of who said it: each returns why a sentence gives words to somebody who did not write them, or None.

Reviewers with their ratings and confidences, how many of them, and the authors, whom others may only report.
"""

import re
from collections.abc import Sequence

from agent.checks import stem
from agent.desk import Paper
from agent.number_words import whole_number
from knowledge.types import Passage

_COUNTED = re.compile(
    r"\b(one|two|three|four|five|six|\d{1,2}) (?:of the (?:\w+ )?)?(?:review(?:er)?s?)\b", re.IGNORECASE
)
_SAYING = r"(?:(?:sa|sta|wri|no)\w*|claim\w*|argu\w+|think\w*|find\w*|found|see[sn]?|saw|prais\w+|critici\w+|lik\w+|lov\w+|agree\w*|admi\w+|accept\w*|reject\w*|recommend\w*|ask\w*|want\w*|believ\w+|is|was|has|had|repl\w+|answer\w*|respon\w+|conced\w+|confirm\w*|complain\w*|considers?|rais\w+|giv\w+|gave|holds?)\b"
_REPLY = re.compile(r"\b(?:authors?|repl(?:y|ies|ied)|respon\w+|rebut\w*|answer\w*)\b", re.IGNORECASE)
_AUTHORS_SAY = re.compile(
    r"^(?:the )?authors?(?: to [\w ]+)?:|\bauthors?(?: themselves)?\s+(?:\w+ly |also |do |did |have |now |even )*(?:not )?(?P<verb>admit\w*|conced\w+|acknowledg\w+|says?|said|stat(?:e|es|ed)|claim\w*|argu\w+|promis\w+|repl\w+|respon\w+|answer\w*|confirm\w*|agree\w*|explain\w*|insist\w*|den(?:y|ies|ied)|assert\w*|believ\w+|maintain\w*|writ\w+|wrote)\b",
    re.IGNORECASE,
)
OTHERS_KINDS = ("review", "comment", "meta-review", "decision", "relayed")


def check_scores(text: str, passages: Sequence[Passage], reviewers: Sequence[str]) -> str | None:
    """A rating is a rating and a confidence a confidence, of the reviewer that it is given to."""
    ratings = {p.reviewer: _scored(p.text, "Rating") for p in passages if p.reviewer}
    confidences = {p.reviewer: _scored(p.text, "Confidence") for p in passages if p.reviewer}
    for part, name in parts_by_reviewer(text, reviewers):
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
        count = whole_number(word)
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
    verb = stem(said.group("verb").lower())
    if any(re.search(rf"\b(?:authors?|they|paper)\b[^.!?]*\b{verb}", p.text, re.IGNORECASE) for p in passages):
        return None
    return "the cited passage is not by the authors"


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


def _called(name: str) -> str:
    """The pattern of a reviewer's name as people write it: AnonReviewer2, Reviewer 2, R2."""
    number = re.search(r"(\d+)$", name)
    code = re.search(r"[_ ]((?=[A-Za-z]*\d)[A-Za-z0-9]{4})$", name)
    short = rf"|\b(?:reviewer ?#?|R){number.group(1)}\b" if number else rf"|\b{code.group(1)}\b" if code else ""
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
    told = re.search(rf"(?<!according )\bto (?:the )?{called}", text, re.IGNORECASE)
    # "Authors to Reviewer 2: ..." leads in what the authors say.
    colon = rf"|{called}\s*:" if told is None else ""
    speaks = re.search(rf"{called}(?:\s+(?:\w+ly |also |then )?{_SAYING}|,? who\b){colon}", text, re.IGNORECASE)
    told = told or _REPLY.search(text)
    return bool((passage.addressee == name or mentioned) and told and not speaks)


def _by_authors(passage: Passage) -> bool:
    return (passage.reviewer or "").lower().startswith(("author", "paper author"))


def parts_by_reviewer(text: str, reviewers: Sequence[str]) -> list[tuple[str, str | None]]:
    """The text cut at each reviewer's name, so that numbers go with the name before them."""
    marks = sorted((m.start(), name) for name in reviewers for m in re.finditer(rf"\b{re.escape(name)}\b", text))
    if len(marks) <= 1:
        return [(text, marks[0][1] if marks else None)]
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [(text[start:end], name) for (start, name), end in zip(marks, ends, strict=True)]


def _scored(text: str, kind: str) -> set[float]:
    return {float(n) for n in re.findall(rf"\b{kind}: (\d+(?:\.\d+)?)", text)}
