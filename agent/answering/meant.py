"""Which reviewer or which of their points a message means by more than a name: "W3", "Q2 of R1", "the one who asked about
ResNet". The points are only at hand once the reviews were read, so this comes before the answer and not with the reading."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.point_by_point import answered
from agent.answering.points import in_paragraph
from agent.answering.review_quality import hold_up
from agent.answering.voices import on_topic
from agent.cues import CUE_WORDS, Intent, content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.mentions import OF_A_FIELD, labels_in
from agent.points import Point
from agent.request import Request

BY_THEIR_WORDS = re.compile(
    r"\b(?:the|that) (?:one|reviewer|referee|person|guy|other one) (?:who|that|asking|complaining|wanting|worried|objecting)\b(?P<what>[^?.;!]*)",
    re.IGNORECASE,
)
_ASKING = re.compile(r"^\W*(?:also )?(?:\w*ask\w*|want\w*|complain\w*|worr\w*|object\w*|mention\w*|rais\w*|brought up|doubt\w*|miss\w*|says?|said|is|was|likes?|liked)\b(?: (?:about|for|on|of|that|to|with|at|against))?", re.IGNORECASE)  # fmt: skip
_ENDS = re.compile(
    r"\s[-–—]\s|[,:]\s|\b(?:did|does|was|is|got|gets?|has|still|say|says|think|thinks|come|came)\b(?! about)"
)
KEPT = frozenset("experiment experiments results baselines baseline comparison datasets dataset networks models novelty writing method assumptions limitations confidence numbers figures".split())  # fmt: skip
"""Words that name what is asked elsewhere, and here what somebody wrote about."""
_OTHER_POINT = re.compile(r"\b(?:the|his|her|their|its|that one['’]?s?) (?:other|remaining|next) (?P<kind>question|point|concern|weakness|objection|remark|criticism)s?\b", re.IGNORECASE)  # fmt: skip
_MATTER = r"(?:weakness|concern|objection|criticism|drawback|problem|issue|point|complaint)"
_ASKS_MAIN = re.compile(rf"\b(?:main|biggest|key|central|major|primary|chief) {_MATTER}\b", re.IGNORECASE)
_CALLED_MAIN = re.compile(
    rf"\b(?:main|biggest|key|central|major|primary|chief|most important|only(?: major)?) {_MATTER}\b", re.IGNORECASE
)
ABOUT_A_POINT: tuple[Intent, ...] = (
    "response", "open", "questions", "reviewer", "lookup", "who", "weaknesses", "quality", "strengths", "method", "evaluation",
    "disagreement", "limitations", "baselines", "difference", "novelty", "testable",
)  # fmt: skip
"""Intents that a message with a label of a point is answered from that point; others ask of something else beside it."""
_KINDS = {"W": ("objects",), "Q": ("asks",), "C": ("objects", "asks"), "": ("objects", "asks")}
MOST = 3


def settle_reviewer(request: Request, gathered: Gathered) -> Request:
    """The request with the reviewer whom it knows by what that one wrote, where it names nobody."""
    file = gathered.file(request.submission)
    told = BY_THEIR_WORDS.search(request.text) or OF_A_FIELD.search(request.text)
    if file is None or told is None or request.reviewers:
        return request
    words = content_words(_ASKING.sub(" ", _ENDS.split(told["what"])[0]))
    matter = " ".join(w for w in words if w not in CUE_WORDS or w in KEPT) or " ".join(words)
    speaking = on_topic(file, matter, gathered) if matter else []
    speaking = [
        p for p in speaking if p.kind == "review" and (p.stance != "describes" or OF_A_FIELD.search(request.text))
    ]
    if not speaking:
        return request
    # Who is called by a field is asked about as a person; who is called by a matter, on that matter.
    request = replace(request, reviewers=(speaking[0].reviewer,))
    if not OF_A_FIELD.search(request.text):
        return request
    return replace(
        request, topic="", intents=("reviewer",) if request.intents[0] in ("lookup", "who") else request.intents
    )


def points_meant(request: Request, file: ReviewFile, desk: Desk | None = None) -> list[Point]:
    """The points that a message calls by their label or number, of the reviewers it is about, else of all who have such;
    "the other question" is what the last answer did not tell of one reviewer."""
    found: list[Point] = [*_not_told(request, file, desk), *_main_one(request, file)] if desk is not None else []
    for letter, number in labels_in(request.text):
        for name in request.reviewers or dict.fromkeys(p.reviewer for p in file.points if p.kind == "review"):
            found += _labelled(file, name, letter, number, counted=len(request.reviewers) == 1)
    return found[:MOST] if set(request.intents) <= set(ABOUT_A_POINT) else []


def _not_told(request: Request, file: ReviewFile, desk: Desk) -> list[Point]:
    """The other points of the kind that the message names, of the one reviewer it is about."""
    asked = _OTHER_POINT.search(request.text)
    if asked is None or len(request.reviewers) != 1 or desk.last is None:
        return []
    told = [s.text for s in desk.last.answer.sentences]
    stances = ("asks",) if asked["kind"].lower() == "question" else ("objects",)
    points = file.raised(*stances, reviewers=request.reviewers)
    return [p for p in points if p.kind == "review" and not any(p.gist[:60] in text for text in told)]


def _main_one(request: Request, file: ReviewFile) -> list[Point]:
    """The point that one reviewer calls the main one, where the message asks for that."""
    if len(request.reviewers) != 1 or not _ASKS_MAIN.search(request.text):
        return []
    points = [p for p in file.raised("objects", "asks", reviewers=request.reviewers) if p.kind == "review"]
    return [p for p in points if _CALLED_MAIN.search(p.text)][:1]


def _labelled(file: ReviewFile, name: str, letter: str, number: int, *, counted: bool) -> list[Point]:
    """The point of a reviewer that stands under a label; where nothing is labelled, `counted` so, the one in that place."""
    mine = [p for p in file.points if p.reviewer == name and p.kind == "review"]
    known = (f"C{number}", f"W{number}") if letter == "C" else (f"{letter}{number}",)
    exact = [p for p in mine if (p.label or "").upper() in known]
    bare = [p for p in mine if p.label == str(number) and p.stance in _KINDS.get(letter, ())]
    if exact or bare:
        return (exact or bare)[:1]
    asked = [p for p in mine if p.stance in _KINDS.get(letter, ()) and not p.small]
    asked = [p for p in asked if p.stance == "objects"] or asked if letter == "W" else asked
    return asked[number - 1 : number] if counted and not any(p.label for p in asked) else []


def on_points(request: Request, file: ReviewFile, points: Sequence[Point], gathered: Gathered) -> list[DraftSentence]:
    """Each point with the reply and what came of it; asked whether it is fair, held against the paper."""
    lines: list[DraftSentence] = []
    for n, point in enumerate(points):
        told = (
            hold_up(file, point, gathered)
            if "quality" in request.intents
            else answered(file, point, fully=len(points) == 1)
        )
        start = max((s.paragraph for s in lines), default=-1) + 1
        lines += told if not n else in_paragraph(told, start)
    return lines
