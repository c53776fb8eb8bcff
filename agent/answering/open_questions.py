"""What is left to ask: the reviewers' questions, the experiments they want, and what waits for a reply or still stands."""

import re
from collections.abc import Sequence

from agent.answering.parts import coverage, judge, listed, say
from agent.answering.point_by_point import point_by_point
from agent.answering.points import one_each, passages_of, point_line, ranked
from agent.answering.reactions import ASKS_SILENT, ASKS_UNANSWERED, silent_points, without_reply
from agent.answering.record import no_reviews
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request

ASKS_OPEN = re.compile(
    r"\b(?:open|unanswered|un(?:re)?solved|unaddressed|outstanding|pending|left|remain\w*|still|without (?:an? )?(?:answer|reply|response))\b",
    re.IGNORECASE,
)
ASKS_EXPERIMENTS = re.compile(
    r"\b(?:experiments?|ablations?|baselines?|comparisons?|runs|measurements?|results|evaluations?|benchmarks?|datasets?)\b",
    re.IGNORECASE,
)
WANTS = re.compile(
    r"\b(?:request\w*|ask\w*|want\w*|demand\w*|add(?:ed|itional|itionally)?|require\w*|suggest\w*|further|extra|miss\w*|need\w*|wish\w*|call(?:s|ed)? for|like to see|propose\w*)\b",
    re.IGNORECASE,
)
SPEAKERS = re.compile(
    r"\b(?:reviewers?|referees?|they|them|any(?:one|body)|who|reviews?|R\d|AnonReviewer\d|requested|demanded|wanted|asked for|missing)\b",
    re.IGNORECASE,
)
"""Who may want an experiment; the paper's own are another matter."""
FEW = 3
LEAST_ON_TOPIC = 0.6
"""Share of a topic's words that a question holds where it is meant."""
MOST_TO_ASK = 6


def questions(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The reviewers' questions, those without a reply first, each with what the authors said; asked for open ones, those."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    asked = questions_of(file, request.reviewers)
    if not asked:
        return _no_question(file, request)
    if request.topic and (on_it := [p for p in asked if coverage(request.topic, p.whole) >= LEAST_ON_TOPIC]):
        return point_by_point(file, on_it, "question")
    waiting = [p for p in asked if p.open]
    if not ASKS_OPEN.search(request.text):
        return point_by_point(file, asked, "question")
    if waiting:
        return _few(file, waiting, request) or point_by_point(file, waiting, "open question")
    found = "a reply" if all(p.status == "answered" for p in asked) else "a reply, or what may be one,"
    text = f"Every question that a reviewer asks has {found} on record, and none is on record as still open:"
    return [judge(text, *passages_of(file, asked[:4])), *point_by_point(file, asked, "question")[1:]]


def _few(file: ReviewFile, waiting: Sequence[Point], request: Request) -> list[DraftSentence]:
    """With few open questions, the open objections too; nothing where there are enough, or no objections."""
    objections = [p for p in file.raised("objects", reviewers=request.reviewers) if p.open and p not in waiting]
    if len(waiting) >= FEW or not objections:
        return []
    return point_by_point(file, [*waiting, *objections], "open point")


def questions_of(file: ReviewFile, names: Sequence[str]) -> list[Point]:
    """What reviewers ask, also where they object with it."""
    points = file.raised("asks", "objects", reviewers=names)
    return [p for p in points if p.stance == "asks" or "question" in p.aspects]


def _no_question(file: ReviewFile, request: Request) -> list[DraftSentence]:
    """That nobody asks anything, and what can be put to the authors instead: objections, those without a reply first."""
    by = f" by {listed(request.reviewers)}" if request.reviewers else ""
    points = list(file.raised("objects", reviewers=request.reviewers))
    waiting = [p for p in points if p.open] or points
    if not waiting:
        return [say(f"No question{by} is on record.", "abstention")]
    chosen = one_each(ranked(file, waiting), MOST_TO_ASK)
    left = " and have no settling reply on record" if waiting[0].open else ""
    text = f"No explicit question{by} is on record; these objections can be put to the authors{left}:"
    return [judge(text, *passages_of(file, chosen)), *[point_line(file, p, paragraph=1) for p in chosen]]


def asks_for_experiments(request: Request) -> bool:
    """Whether a question is for the experiments that reviewers want."""
    return bool(ASKS_EXPERIMENTS.search(request.text) and WANTS.search(request.text) and SPEAKERS.search(request.text))


def experiments_wanted(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The experiments, comparisons and measurements that reviewers ask for or miss, each with what came of it."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    points = [p for p in file.raised("asks", "objects", reviewers=request.reviewers) if "experiment" in p.aspects]
    if not points:
        by = f" by {listed(request.reviewers)}" if request.reviewers else ""
        return [say(f"No request{by} for an experiment is on record.", "abstention")]
    return point_by_point(file, points, "request")


def open_points(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What waits for a reply, or what its reviewer still held to after one."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if ASKS_UNANSWERED.search(request.text):
        return without_reply(file)
    if ASKS_SILENT.search(request.text) and (left := silent_points(file, request.reviewers)):
        return left
    points = list(file.raised("objects", "asks", reviewers=request.reviewers))
    waiting = [p for p in points if p.open]
    by = f" of {listed(request.reviewers)}" if request.reviewers else ""
    if not points:
        return [say(f"No concern or question{by} is on record.", "abstention")]
    if not waiting:
        found = "a reply" if all(p.status == "answered" for p in points) else "a reply, or what may be one,"
        text = f"Every concern and question{by} has {found} on record, and no reviewer is on record as still holding to one."
        replies = [i for p in points for r in p.replies[:1] for i in r.passages]
        return [judge(text, *passages_of(file, points[:4]), *file.held(replies[:4]))]
    return point_by_point(file, waiting, "open point")
