"""Which concerns and merits carry a side as reasons: nothing that was answered or settled, and no bare verdict. Pure.

The lean is that of the ratings where there are any (`weighing`). What is said for it must carry it, and where nothing on
record does, that is said.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.outcomes import DONE, outcome
from agent.answering.review_faults import ARGUED, specific
from agent.answering.weighing import Concern, Weighing
from agent.cues import content_words
from agent.points import Point

RATINGS_ALONE = "the ratings alone carry this lean"
LEAST_SAID = 2
"""Words besides a verdict and what it is on, from which a point says something that can be met."""
_MISSED = re.compile(
    r"\b(?:no (?!novel|original|contribution)|none of|missing|miss(?:es)?|lacks?|lacking|without|only|absent|never|needs?|should|(?:do|does|is|are|was|were|has|have)(?: not|n't) (?:compare|discuss|report|show|evaluat|test|measur|explain|prov)\w*)\b|\?",
    re.IGNORECASE,
)
"""What tells that a point misses or asks for something definite."""
_VERDICT = re.compile(
    r"bad\w*|poor\w*|weak\w*|limited|low|thin|(?:un|not )?convincing|insufficient\w*|inadequate\w*|unclear|incremental|trivial|marginal\w*|good|enough|boring|wrong|simple|obvious|unimpressive|questionable|unsatisfying|strange|disappointing|mediocre|hard|difficult|known|new|done|before|old|little|small|minor|more|better|really|quite|very|rather|somewhat|too|simply|just|clearly|overall|general\w*|many|much",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"papers?|works?|methods?|approach\w*|ideas?|evaluations?|experiments?|experimental|results?|novel\w*|original\w*|contributions?|writing|written|text|presentation|clarity|motivation|theory|theoretical|analysis|comparisons?|baselines?|significance|impact|technical|quality|submission|authors?|reviewers?|think|find|finds|feel|seems?|sees?|considers?|believe|convinced?|like|concerns?|problems?|issues?|points?|things?|weakness\w*",
    re.IGNORECASE,
)


def is_vague(point: Point) -> bool:
    """Whether a point is a bare verdict ("The evaluation is bad."), to which the authors have nothing to answer."""
    text = point.text
    if len(text.split()) >= ARGUED or specific(text) or _MISSED.search(text):
        return False
    own = set(content_words(point.reviewer))
    told = [w for w in content_words(text) if w not in own]
    return sum(not (_VERDICT.fullmatch(w) or _SUBJECT.fullmatch(w)) for w in told) < LEAST_SAID


def carrying(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points that can be a reason against a paper: not done with, and no bare verdict."""
    return tuple(p for p in points if outcome(p) not in DONE and not is_vague(p))


def reasons_against(weighing: Weighing) -> list[Concern]:
    """The concerns that can carry a rejection, in the order of the weighing, each with those points alone that do."""
    return [replace(c, points=points) for c in weighing.concerns if (points := carrying(c.points))]
