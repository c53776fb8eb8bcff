"""What the search finds on a question and the sections written for it leave out, in a line or two at their end.

Sections follow the kind of a question; the search follows its words. A passage that most probably answers is told,
whatever the kind that the question was read as; one that only might is not.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import quote, say, unique, who
from agent.answering.responses import said_under
from agent.cues import Intent, content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.intents import BACKWARD
from agent.mentions import without_reviewers
from agent.questions import questions_of
from agent.request import Request
from knowledge.types import Hit, Passage

LEAST = 0.4
"""The score of a passage, its chance to answer, from which it is told beside a written answer."""
LEAST_ALONE = 0.5
"""The same where it takes the place of "the sources do not say"."""
LEAST_SUPPORT = 0.45
MOST, MOST_ALONE = 2, 3
LIMIT = 8
LONGEST = 400
"""Characters of what is quoted of one passage."""
OF_OTHERS = 0.5
"""What the words of a reviewer who was not asked about count."""
LONGEST_ASKED = 400
"""Characters of a message that are searched for; a longer one tells a story before it asks."""
WORDS_ALONE = 3
"""Words of content from which on a question says itself what it is about."""
COMPLETED: tuple[Intent, ...] = (
    "lookup", "reviewer", "response", "open", "who", "quality", "disagreement", "scores", "decision", "novelty", "weaknesses",
    "strengths", "questions", "limitations",
)  # fmt: skip
"""Intents whose answers are completed: those on what somebody wrote in the discussion."""
_OF_THE_RECORD = re.compile(r"No\b[^.;]* (?:is|are) on record\b")
"""A silence that is known from the record as a whole, and not from a search."""
_SETTLED_KINDS = ("judgement", "run")


def queries(request: Request, desk: Desk) -> list[str]:
    """What is searched for to complete an answer: the questions as they are put, and what they go on about."""
    if not set(request.intents) & set(COMPLETED) or request.more or request.stated is not None:
        return []
    paper = desk.paper(request.submission)
    asked = [with_subject(q, request, desk) for q in questions_of(request.text)]
    found = [q[-LONGEST_ASKED:] for q in asked if content_words(without_reviewers(q, paper))]
    if request.query and not any(request.query in q for q in found):
        found.append(request.query)
    return list(dict.fromkeys(found))[:3]


def with_subject(question: str, request: Request, desk: Desk) -> str:
    """A question with what it is about, where it leaves that to what was said before."""
    own = content_words(without_reviewers(question, desk.paper(request.submission)))
    if len(own) >= WORDS_ALONE and not BACKWARD.search(question):
        return question
    before = Request.from_json(desk.last.request) if desk.last else None
    subject = request.context or request.topic or (before.topic if before is not None else "")
    return " ".join([question, *(w for w in subject.split() if w not in own)])


def completed(
    request: Request, written: Sequence[DraftSentence], gathered: Gathered, desk: Desk
) -> list[DraftSentence]:
    """The written answer with the passages that it leaves out though they most probably answer; where it only says
    that the sources are silent, those passages in its place."""
    asked = queries(request, desk)
    silent = bool(written) and written[0].kind == "abstention" and not any(s.kind in _SETTLED_KINDS for s in written)
    told = {i for s in written for i in s.passages} if not silent else set()
    found = _found(request, asked, gathered)
    file = gathered.file(request.submission)
    if silent and (_OF_THE_RECORD.match(written[0].text) or not _has_what_is_asked(file, request)):
        return list(written)
    if silent and found and (found[0][1].support or 0.0) < LEAST_SUPPORT:
        return list(written)
    least, most = (LEAST_ALONE, MOST_ALONE) if silent else (LEAST, MOST)
    if silent and (not found or found[0][0] < least):
        return list(written)
    chosen = [p for score, hit in found if score >= min(least, LEAST) for p in _telling(hit.passage, file)]
    left = [p for p in unique(chosen) if p.id not in told and not _is_told(p, written if not silent else ())][:most]
    topic = without_reviewers(request.text, desk.paper(request.submission))
    lines = [quote(p, lead=_speaker(p), topic=topic, paragraph=1, longest=LONGEST) for p in left]
    if silent:
        return _moved(lines, written[0].paragraph)
    start = max((s.paragraph for s in written), default=-1) + 1
    return [*written, *([say("Also on this:", paragraph=start)] if lines and written else []), *_moved(lines, start)]


def _has_what_is_asked(file: ReviewFile | None, request: Request) -> bool:
    """Whether there are replies, or reviews, on record where those are asked about: that there are none is the answer."""
    if file is None or "lookup" in request.intents:
        return True
    return bool(file.of("response") if {"response", "open"} & set(request.intents) else file.of("review"))


def _moved(lines: Sequence[DraftSentence], paragraph: int) -> list[DraftSentence]:
    return [replace(line, paragraph=paragraph) for line in lines]


def _found(request: Request, asked: Sequence[str], gathered: Gathered) -> list[tuple[float, Hit]]:
    """The hits for what is asked with what they count, best first, each passage once."""
    best: dict[str, tuple[float, Hit]] = {}
    for query in asked:
        for hit in gathered.search(query=query, submission=request.submission, aspects=None, reviewer=None, kinds=None):
            counts = hit.score * _share(hit.passage, request)
            if counts > best.get(hit.passage.id, (0.0, hit))[0]:
                best[hit.passage.id] = (counts, hit)
    return sorted(best.values(), key=lambda pair: -pair[0])


def _share(passage: Passage, request: Request) -> float:
    """What a passage counts by who speaks: those asked about wholly, other reviewers less, titles and scores not at all."""
    if passage.locator.section in ("Title", "Scores") or passage.kind == "relayed":
        return 0.0
    if not request.reviewers or passage.kind not in ("review", "comment", "response"):
        return 1.0
    speaker = passage.addressee if passage.kind == "response" else passage.reviewer
    return 1.0 if speaker in request.reviewers or speaker in (None, "all") else OF_OTHERS


def _telling(passage: Passage, file: ReviewFile | None) -> list[Passage]:
    """A passage; of a reply that only repeats the question, what follows it there."""
    under = said_under(file, passage) if file is not None and passage.kind == "response" else []
    return under or [passage]


def _is_told(passage: Passage, written: Sequence[DraftSentence]) -> bool:
    """Whether the answer quotes the words of a passage already, from another place where they stand, too."""
    words = re.sub(r"\W+", " ", passage.text.lower())
    return any(words[:80] in re.sub(r"\W+", " ", s.text.lower()) for s in written)


def _speaker(passage: Passage) -> str:
    return "Decision: " if passage.kind == "decision" else who(passage)
