"""Scores as reviewers write them into free text: in lines of their own, behind a reviewer's name, in a table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from knowledge.readers.openings import REVIEWER, read_person
from knowledge.readers.scores import read_exported_score
from knowledge.types import Score

Scores = list[tuple[str, Score]]
"""Scores by what they are of, a name once."""
PARTS = (
    r"soundness|presentation|contribution|originality|quality|clarity|significance|novelty|correctness|reproducibility|excitement|impact|"
    r"technical quality|relevance"
)
GRADED = r"rating|recommendation|score|assessment|evaluation|grade|verdict|merit"
NAME = (
    rf"(?:(?:overall|final|reviewer|preliminary|initial|updated|new|current|old|previous|post-rebuttal)[ \t]+)*(?:{GRADED}|(?:reviewer[ \t]+)?(?:confidence|expertise|conf\b\.?)|{PARTS})"
    rf"(?:[ \t]+(?:score|rating|level))?|overall"
)
LINE = re.compile(
    rf"[ \t]*(?:[-*+•][ \t]+)?(?:#{{1,6}}[ \t]*)?[*_|]{{0,3}}[ \t]*(?P<name>{NAME})[ \t]*(?P<scale>[(\[][^()\[\]\n]{{1,40}}[)\]])?[ \t]*[*_]{{0,3}}[ \t]*"
    r"(?:[:=|\uff1a][ \t*_]*|[ \t]+[-–][ \t]+|[ \t]+(?=\d+(?:\.\d+)?(?:[ \t]*/[ \t]*\d+)?[ \t.]*$))(?P<value>\S.*)$",
    re.IGNORECASE,
)
NEXT = re.compile(
    rf"[ \t]*[,;/|·][ \t]*(?=(?:{NAME})\b[ \t]*(?:[:=]|\d|is\b))|(?<=[\d)])[ \t]+(?=(?:confidence|rating)[ \t]*[:=])",
    re.IGNORECASE,
)
SPOKEN = re.compile(
    r"(?:(?:very |rather |fairly |quite |absolutely |clear |weak(?:ly)? |strong(?:ly)? |borderline |leaning )*(?:accept|reject|borderline|neutral|high|low|medium|moderate|"
    r"average|fair|good|poor|excellent|certain|confident|expert|knowledgeable|familiar|positive|negative)(?:ed|ance|ion)?)\b",
    re.IGNORECASE,
)
HEADING = re.compile(rf"[ \t]*(?:#{{1,6}}[ \t]*)?[*_]{{0,3}}(?:{NAME})[ \t]*:?[*_]{{0,3}}[ \t]*:?[ \t]*", re.IGNORECASE)
HELD = re.compile(r"\d+(?:\.\d+)?(?:[ \t]*/[ \t]*\d+|[ \t]*[:.)=-]?[ \t]+[^.!?\n]{1,80}[.!]?|\.)?")
"""A value that stands alone in its line."""
ENDING = re.compile(rf"[.!?)][ \t]+(?=(?:{NAME})[ \t]*[:=][ \t]*\d)", re.IGNORECASE)
CHANGED = re.compile(r"(?P<old>\d+(?:\.\d+)?)[ \t]*(?:[-=]+>|→|⇒)[ \t]*(?P<new>\d+(?:\.\d+)?)(?P<label>.*)$")
RANGE = re.compile(r"(\d+)[ \t]*(?:-|–|to)[ \t]*(\d+)")
REACH = 300
"""Characters of the longest score with its label."""
LATEST = re.compile(r"\b(?:final|updated|new|current|post-rebuttal)\b", re.IGNORECASE)
ONLY = re.compile(r"[ \t]*(?P<value>\d+(?:\.\d+)?(?:[ \t]*/[ \t]*\d+)?)(?P<rest>(?:[ \t]*[,;(|/-].{0,60})?)$")
BESIDE = re.compile(r"[,;|]|[ \t]+(?:and|with|at)[ \t]+(?=[a-z])", re.IGNORECASE)
"""What parts the scores beside a name."""
CELL = re.compile(r"[ \t]*\|[ \t]*|\t+|[ \t]{2,}|[ \t]*;[ \t]*")


def take_scores(lines: Iterable[str], spoken: bool = True) -> tuple[Scores, list[str]]:
    """The scores that stand in lines of their own, and the other lines. A score given twice is the last of them where
    it is called final or new; the one before is kept as the earlier. `spoken`: whether words alone are scores."""
    scores: dict[str, Score] = {}
    kept: list[str] = []
    for line in join_headings(lines):
        read = read_line(line, spoken)
        if not read or any(role_of(name) in scores and not LATEST.search(name) for name, _ in read):
            kept.append(line)
            continue
        for name, score in read:
            role = role_of(name)
            if role in scores:
                scores[f"earlier {role}"] = scores[role]
            scores[role] = score
    order = {"rating": 0, "confidence": 1}
    return sorted(scores.items(), key=lambda named: order.get(named[0], 2)), kept


def join_headings(lines: Iterable[str]) -> list[str]:
    """The lines, with the name of a score that is a heading and the value below it as one line: "## Rating", "6: accept".

    A list that begins below such a heading is none.
    """
    joined: list[str] = []
    held = [*lines, ""]
    said = [place for place, line in enumerate(held) if line.strip()]
    after = dict(pairwise(said))
    skip = -1
    for place, line in enumerate(held[:-1]):
        below = after.get(place)
        value = held[below].strip(" \t*_") if below is not None else ""
        later = held[after[below]] if below in after else ""
        named = HEADING.fullmatch(line) and HELD.fullmatch(value) and not re.match(r"[ \t]*\d{1,2}[.)]", later)
        if named and below is not None:
            joined.append(f"{line.strip(' #*_:' + chr(9))}: {value}")
            skip = below
        elif place > skip:
            joined.append(line)
    return joined


def read_endings(lines: Iterable[str]) -> Scores:
    """Scores with numbers that a reviewer gives at the end of a line, after a sentence; the line stays as it is."""
    found: dict[str, Score] = {}
    for line in lines:
        begins = ENDING.search(line[-REACH:])
        read = read_line(line[-REACH:][begins.end() :], spoken=False) if begins else []
        found |= {role_of(name): score for name, score in read if score.value is not None}
    return sorted(found.items(), key=lambda named: {"rating": 0, "confidence": 1}.get(named[0], 2))


def read_line(line: str, spoken: bool) -> Scores:
    """The scores of a line that holds nothing else; none where a part of it is no score."""
    found: Scores = []
    for part in NEXT.split(line[:REACH]) if LINE.match(line[:REACH]) else ():
        match = LINE.match(re.sub(r"[ \t]+is[ \t]+(?=\d)", ": ", part.strip(" \t|"), count=1))
        name = " ".join(match["name"].casefold().split()) if match else ""
        score = read_value(match["value"], name, spoken) if match else None
        if match is None or score is None:
            return []
        if match["scale"] and score.high is None and (scale := RANGE.search(match["scale"])):
            low, high = float(scale[1]), float(scale[2])
            score = (
                replace(score, low=low, high=high) if score.value is not None and low <= score.value <= high else score
            )
        found.append((name, score))
    return found


def read_value(value: str, name: str, spoken: bool) -> Score | None:
    """What stands behind a score's name; words without a number count only for a rating or confidence."""
    value = value.strip(" *_|").rstrip(". ") if not value.strip().endswith("..") else value
    if changed := CHANGED.match(value):
        return Score(float(changed["new"]), " ".join(value.split()))
    score = read_exported_score(value)
    main = role_of(name) in ("rating", "confidence")
    if score:
        separated = re.match(r"-?[\d.]+[ \t]*[^\s\w]", value)
        return score if main or separated or len(score.label.split()) < 3 else None
    words = SPOKEN.match(value)
    return Score(None, value) if spoken and main and words and len(value.split()) <= 6 else None


def role_of(name: str) -> str:
    """What a score is of, whatever the form calls it: "rating" for the overall one, "confidence", else its name."""
    if re.search(r"\bconf(?:idence)?\b|expertise", name):
        return "confidence"
    if re.match(r"(?:initial|old|previous|preliminary)\b", name):
        return name if not name.startswith("preliminary") else "rating"
    return (
        "rating" if name == "overall" or (re.search(rf"\b(?:{GRADED})\b", name) and not re.match(PARTS, name)) else name
    )


def read_remark(text: str) -> Scores:
    """Scores beside a reviewer's name: "(rating 6, confidence 4)", "6/10, confidence: 4", "6 (conf. 3)"."""
    only = ONLY.match(text)
    if not only:
        whole = read_line(text, spoken=False) if re.search(r"\d", text) else []
        parts = [] if whole else [read_line(part, spoken=False) for part in BESIDE.split(text)]
        named = whole or ([score for part in parts for score in part] if all(parts) else [])
        return [(role_of(name), score) for name, score in named]
    found: Scores = []
    if score := read_exported_score(only["value"]):
        found.append(("rating", score))
    if sure := re.search(r"conf(?:idence|\.)?[ \t:=]*(\d(?:[ \t]*/[ \t]*\d+)?)", only["rest"], re.IGNORECASE):
        found += [("confidence", score)] if (score := read_exported_score(sure[1])) else []
    elif rest := only["rest"].strip(" ,;-()|/"):
        found = [(name, replace(score, label=rest)) for name, score in found]
    return [(role_of(name), score) for name, score in found]


def read_table(lines: Sequence[str]) -> tuple[dict[str, Scores], set[int]]:
    """The scores of each reviewer in a table ("| Reviewer | Rating | Confidence |" and a row for each), and the
    indices of its lines."""
    rows: dict[str, Scores] = {}
    used: set[int] = set()
    heads: list[str] = []
    for index, line in enumerate(lines):
        cells = [cell.strip(" *_") for cell in CELL.split(line.strip(" \t|"))]
        if len(cells) > 1 and re.fullmatch(r"reviewers?|referees?|review|id|", cells[0], re.IGNORECASE):
            named = [role_of(cell.casefold()) for cell in cells[1:] if re.match(rf"(?:{NAME})\b", cell, re.IGNORECASE)]
            if len(named) == len(cells) - 1:
                heads, used = named, used | {index}
                continue
        if heads and re.fullmatch(r"[\s|:+=-]+", line) and line.strip():
            used.add(index)
        elif heads and len(cells) > 1 and re.fullmatch(REVIEWER + r"|\d{1,2}", cells[0], re.IGNORECASE):
            person = read_person(cells[0]) or f"Reviewer {cells[0]}"
            scores = [
                (head, score)
                for head, cell in zip(heads, cells[1:], strict=False)
                if (score := read_exported_score(cell) or (Score(None, cell) if SPOKEN.match(cell) else None))
            ]
            rows[person] = scores
            used.add(index)
        elif line.strip():
            heads = []
    return rows, used
