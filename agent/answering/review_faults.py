"""Which points of the reviews are at fault: vague, unsupported, contradicted, or beyond what the paper sets out to do."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agent.answering.meeting import criticisms
from agent.answering.parts import coverage, judge, quote, say
from agent.answering.point_and_paper import as_bullets, clash, never_named
from agent.answering.points import names_of, passages_of, point_line, ranked, reply_line, verdict_line
from agent.answering.scores import score_line
from agent.answering.tallies import on_themselves
from agent.answering.themes import themes_of
from agent.answering.weighing import weigh
from agent.cues import content_words
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from knowledge.types import Passage

MOST = 4
ARGUED = 14
"""Words from which a point is taken for an argument of its own, though it names nothing to look up."""
_PLACE = re.compile(
    r"\b(?:sec(?:tion)?s?|fig(?:ure)?s?|tab(?:le)?s?|eqn?s?|equations?|appendix|alg(?:orithm)?|lines?|pages?|p|thm|theorem|lemma)\b\.? ?[\dA-Z(]|§",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|x\b|bits?\b|points?\b|samples\b|layers\b)|\b\d+\.\d+\b|\bet al\b|\[\d+\]|\(?(?:19|20)\d\d\)?|arxiv",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?!I\b|The\b|This\b|No\b|Not\b|It\b)(?:[A-Z]\w*[A-Z0-9]\w*|[A-Z][a-z]+Net\w*)\b")
"""A model, a method or a dataset by its name."""
_BECAUSE = re.compile(r"\b(?:because|since|as (?:the|it|they)|for example|e\.g\.|such as|i\.e\.|namely|due to|which means|so (?:it|the|that)|which makes|contrary to)\b", re.IGNORECASE)  # fmt: skip
_WANTS = re.compile(
    r"\b(?:no (?!novel)|missing|miss|misses|lacks?|without|only|other|larger|also|prefer|would like|please|should|want|do not discuss|does not (?:discuss|compare|report|show)|not (?:compare|discuss|report|show|evaluat|test)\w*|does (?:it|the method|this|the same) (?:work|hold|apply|transfer))\b",
    re.IGNORECASE,
)
"""What tells that a point wants something definite to be there."""
_TAKEN_BACK = re.compile(r"overlook|missed|misread|withdr|mistake|stand corrected|wrong", re.IGNORECASE)
_BEYOND = re.compile(
    r"\b(?:beyond|out(?:side)?(?: of)? (?:the |our )?scope|future work|orthogonal|different (?:problem|setting|goal)|not (?:our|the) (?:goal|aim|focus|claim)|(?:make|made) no claim|do not claim|no hardware|limitation)\b",
    re.IGNORECASE,
)


def faults_told(
    faults: Sequence[str], points: Sequence[Point], file: ReviewFile, gathered: Gathered, title: str = ""
) -> list[DraftSentence]:
    """What is found of each of several faults, one after another."""
    lines: list[DraftSentence] = []
    for fault in faults:
        start = lines[-1].paragraph + 1 if lines else 0
        written = at_fault(fault, points, file, gathered, title)
        lines += [replace(line, paragraph=start + line.paragraph) for line in written]
    return lines


def points_judged(file: ReviewFile, reviewers: Sequence[str]) -> list[Point]:
    """The points of reviews that are looked through for faults, the weightiest first."""
    return [p for p in ranked(file, criticisms(file, reviewers)) if p.kind == "review"]


def at_fault(
    fault: str, points: Sequence[Point], file: ReviewFile, gathered: Gathered, title: str = ""
) -> list[DraftSentence]:
    """The points with a fault, each in its words with why; or that none has it."""
    seen = Seen(gathered, gathered.paper(file.submission), title)
    found = [(p, why) for p in points if (why := _JUDGES[fault](p, seen))][:MOST]
    if not found:
        unread = fault in ("contradicted", "beyond") and not seen.paper
        less = "; the paper itself is not held, so its tables and words could not be looked through" if unread else ""
        text = f"None that I can show: no point looked at is plainly {_CALLED[fault]}{less}."
        return [judge(text, *passages_of(file, points[:3]))]
    held = [p for p, _ in found]
    lead = f"{names_of(held)} {'raise' if len({p.reviewer for p in held}) > 1 else 'raises'} what I would call {_CALLED[fault]}:"
    lines = [judge(lead, *passages_of(file, held))]
    for paragraph, (point, why) in enumerate(found, 1):
        lines += _one_at_fault(fault, point, why, file, seen, paragraph)
    return lines


def _one_at_fault(
    fault: str, point: Point, why: str, file: ReviewFile, seen: "Seen", paragraph: int
) -> list[DraftSentence]:
    """A point with what speaks against it, and why it is at fault."""
    lines = [point_line(file, point, paragraph=paragraph)]
    against = clash(point, seen.paper) if fault == "contradicted" and not _taken_back(point) else None
    replied = point.replies[:1] if point.status == "answered" and fault in ("contradicted", "beyond") else ()
    lines += as_bullets(against, paragraph) if against else []
    lines += [reply_line(file, point, r, paragraph) for r in replied]
    lines += verdict_line(file, point, paragraph) if fault == "contradicted" else []
    cited = [*passages_of(file, [point]), *(q for r in replied for q in file.held(r.passages))]
    paper = _limits(point, seen.gathered)[:1] if fault == "beyond" and not replied else []
    lines += [quote(p, topic=point.text, paragraph=paragraph) for p in paper]
    paper += against.passages if against else ()
    return [*lines, judge(why, *cited, *paper, paragraph=paragraph)]


_CALLED = {"vague": "too vague to act on", "unsupported": "asserted without support", "contradicted": "contradicted by the paper or taken back", "beyond": "beyond what the paper sets out to do"}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What points are judged by: what was searched for, the whole paper where it is held, and its title."""

    gathered: Gathered
    paper: Sequence[Passage] = ()
    title: str = ""


def specific(text: str) -> bool:
    """Whether a point names a place in the paper, a figure or a work that one can check."""
    return bool(_PLACE.search(text) or _FIGURE.search(text))


def _vague(point: Point, seen: Seen) -> str:
    short = len(point.text.split()) < ARGUED
    if specific(point.text) or _NAMED.search(point.text) or not short or point.stance == "asks" or _WANTS.search(point.gist):  # fmt: skip
        return ""
    return "It names no place, number, method or experiment, so there is nothing that the authors could do about it."


def _unsupported(point: Point, seen: Seen) -> str:
    argued = specific(point.text) or _NAMED.search(point.text) or _BECAUSE.search(point.text)
    if point.stance == "asks" or argued or _WANTS.search(point.gist) or len(point.text.split()) < 4:
        return ""
    return "It is stated without a reason, an example or a place in the paper."


def _contradicted(point: Point, seen: Seen) -> str:
    if _taken_back(point):
        return f"{point.reviewer} took it back, so it no longer counts."
    if (against := clash(point, seen.paper)) is not None:
        return against.why
    if point.status == "answered" and point.replies and is_refuted(point):
        return "What it says is missing stands in the paper, as the authors show; it should not count."
    return ""


def _taken_back(point: Point) -> bool:
    """Whether a reviewer said that a point was a mistake."""
    return point.verdict == "yes" and bool(_TAKEN_BACK.search(point.verdict_text))


def _beyond(point: Point, seen: Seen) -> str:
    done = point.replies and point.replies[0].manner in ("revision", "results")
    if point.status == "answered" and point.replies and not done and _BEYOND.search(point.replies[0].gist):
        return "The authors say that it lies outside of what they claim; I would take it as a wish and not as a fault."
    if name := never_named(point, seen.paper, seen.title):
        return f"The paper never names {name}, so this asks for more than it sets out to do; I would take it as a wish and not as a fault."
    if _WANTS.search(point.gist) and not (point.replies and is_refuted(point)) and _limits(point, seen.gathered):
        return "The paper itself draws this limit, so it asks for more than is claimed; it bears on the scope, not on what is shown."
    return ""


def _limits(point: Point, gathered: Gathered) -> list[Passage]:
    """Where the paper itself sets the limit that a point is about."""
    found = (h.passage for s in gathered.searched for h in s.hits if h.passage.aspect == "limitations" and h.passage.role is None)  # fmt: skip
    wanted = len(content_words(point.gist))
    return [p for p in dict.fromkeys(found) if coverage(point.gist, p) >= 0.4 and coverage(point.gist, p) * wanted >= 2]


_JUDGES: dict[str, Callable[[Point, Seen], str]] = {
    "vague": _vague,
    "unsupported": _unsupported,
    "contradicted": _contradicted,
    "beyond": _beyond,
}
_ABSENCE = re.compile(
    r"\b(?:no|not|n't|never|lacks?|missing|without|only|nowhere|absent|omits?|limited to)\b|n't\b", re.IGNORECASE
)


def is_refuted(point: Point) -> bool:
    """Whether a point claims an absence and the reply points to where the thing stands."""
    reply = point.replies[0]
    there = reply.manner == "reference" or bool(_PLACE.search(reply.gist))
    return there and claims_absence(point) and themes_of(point)[:1] != ("novelty",)


def claims_absence(point: Point) -> bool:
    """Whether a point says, and does not ask, that something is not there."""
    return bool(_ABSENCE.search(point.gist)) and not point.gist.strip().endswith("?")


def one_review(file: ReviewFile, name: str) -> list[DraftSentence]:
    """Whether one review is fair: what of it can be checked, what was met or taken back, its best and its weakest point."""
    points = [p for p in criticisms(file, (name,)) if p.kind == "review"]
    if not points:
        score = score_line(file, name)
        return [
            judge(f"It gives little to go by: {name} raises no point that could be weighed.", *file.of("review", reviewer=name)[:1]),
            *on_themselves(file, (name,)), *([score] if score else []),
        ]  # fmt: skip
    firm, loose = [p for p in points if specific(p.text)], [p for p in points if not specific(p.text)]
    gone = [p for p in points if p.verdict == "yes" or (p.status == "answered" and is_refuted(p))]
    left = [p for p in firm or points if p not in gone]
    verdict = "Largely fair" if len(firm) * 2 >= len(points) and not gone else "Fair in part" if left else "Hardly fair as it stands"  # fmt: skip
    much = "most of its points can be checked" if len(firm) * 2 >= len(points) else "few of its points can be checked" if firm else "none of its points names a place, a figure or a work"  # fmt: skip
    text = f"{verdict}: {much}{', and some were met or taken back' if gone else ''}."
    lines = [judge(text, *passages_of(file, points[:4])), *on_themselves(file, (name,))]
    lines += [line for line in [score_line(file, name)] if line is not None]
    for head, chosen in (("What carries it:", left[:2]), ("What does not hold, or no longer:", gone[:2]), ("Without anything to check:", [p for p in loose if p not in (*gone, *left[:2])][:1])):  # fmt: skip
        paragraph = lines[-1].paragraph + 1
        lines += [say(head, paragraph=paragraph)] if chosen else []
        for point in chosen:
            lines.append(point_line(file, point, paragraph=paragraph))
            lines += [reply_line(file, point, r, paragraph) for r in (point.replies[:1] if point in gone else ())]
            lines += verdict_line(file, point, paragraph) if point in gone else []
    return lines


def harshest(file: ReviewFile) -> str | None:
    """The reviewer who stands most against the paper, or None without scores."""
    stances: Sequence = weigh(file).stances
    return min(stances, key=lambda s: s.grade).reviewer if stances else None
