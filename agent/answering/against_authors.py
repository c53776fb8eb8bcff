"""A reviewer against the authors on a matter: the point, the reply, the paper's own words, and whom the record bears out."""

import re
from collections.abc import Sequence

from agent.answering.parts import coverage, judge, listed, quote, say, unique, who
from agent.answering.point_and_paper import as_bullets, clash
from agent.answering.points import MAYBE, names_of, passages_of, point_line, ranked, reply_line, verdict_line
from agent.answering.voices import on_topic
from agent.cues import content_words
from agent.desk import Desk
from agent.disagreeing_words import sides_with_authors
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from agent.terms import stem
from knowledge.types import Passage

MOST_POINTS, MOST_REPLIES, MOST_OF_PAPER = 2, 4, 2
LEAST_SHARED = 0.5
"""Share of the topic's words, endings apart, that a reply holds where it is on the matter."""
LIKELY = 0.5
_FIGURE = re.compile(r"\d+(?:\.\d+)? ?(?:%|x\b|ms\b|s\b|min\b|h\b|MB\b|GB\b|points?\b)|\b\d+\.\d+\b")
_GIVES_WAY = ("promise", "concession")
_BRINGS = {"results": "results", "reference": "a place in the paper", "revision": "a change of the text"}


def authors_a_side(request: Request, desk: Desk) -> bool:
    """Whether a question sets a reviewer against the authors, itself or as the one before did that it goes on from."""
    if sides_with_authors(request.text):
        return True
    last = desk.last
    on_from = last is not None and request.topic and Request.from_json(last.request).latest.topic == request.topic
    return bool(
        on_from and last is not None and "disagreement" in last.request["intents"] and sides_with_authors(last.message)
    )


def against_authors(request: Request, file: ReviewFile, gathered: Gathered) -> list[DraftSentence]:
    """What the reviewers asked about hold on a matter, what the authors reply to it, what the paper says of it, and whom
    that speaks for; empty where no concern of theirs is on it."""
    points = _points(request, file, gathered)
    if not points:
        return []
    replied = [p for p in points if p.status in ("answered", MAYBE) and p.replies]
    said = _said_on(request, points, file, gathered)
    told = {q.id for p in replied for q in file.held(p.replies[0].passages)}
    more = [p for p in said if p.id not in told][: MOST_REPLIES - len(replied)]
    paper = _of_the_paper(request, points, gathered)
    borne = next((found for p in points if (found := clash(p, gathered.paper(file.submission)))), None)
    cited = [*passages_of(file, points), *file.held(told), *more, *paper, *(borne.passages if borne else ())]
    lines = [judge(_whom(points, replied, more, borne is not None), *cited)]
    lines += [point_line(file, p, paragraph=1) for p in points]
    lines += (
        [*as_bullets(borne, 1), judge(borne.why, *passages_of(file, points), *borne.passages, paragraph=1)]
        if borne
        else []
    )
    lines += [reply_line(file, p, p.replies[0], 2) for p in replied]
    lines += [quote(p, lead=who(p), topic=request.topic, paragraph=2) for p in more]
    lines += [line for p in points for line in verdict_line(file, p, 2)]
    if not replied and not more:
        lines.append(say("No reply on this was found in the response.", "abstention", 2))
    if paper:
        lines.append(say("The paper itself on this:", paragraph=3))
        lines += [quote(p, topic=request.topic, paragraph=3) for p in paper]
    return list({line.text: line for line in lines}.values())


def _points(request: Request, file: ReviewFile, gathered: Gathered) -> list[Point]:
    """The concerns on the matter of those asked about, the most fitting of each first."""
    mine = list(file.raised("objects", "asks", reviewers=request.reviewers))
    if not request.topic:
        told = [p for p in mine if set(p.passages) & set(request.about)]
        return (told or (ranked(file, mine) if request.reviewers else []))[:MOST_POINTS]
    found = [p for p in on_topic(file, request.topic, gathered) if p in mine]
    found = (
        [p for p in found if _share(request.topic, p.text) >= LEAST_SHARED]
        or found
        or [p for p in ranked(file, mine) if _share(request.topic, p.text) >= LEAST_SHARED]
    )
    # A question of the matter itself, and not only of its neighbourhood, comes first.
    return sorted(found, key=lambda p: -_share(request.topic, p.text))[:MOST_POINTS]


def _said_on(request: Request, points: Sequence[Point], file: ReviewFile, gathered: Gathered) -> list[Passage]:
    """What the authors wrote to these reviewers on the matter, the most fitting first, figures before words."""
    names = {p.reviewer for p in points}
    hits = [h for s in gathered.searched for h in s.hits if h.passage.kind == "response"]
    to_them = [h for h in hits if h.passage.addressee in (None, "", *names)]
    topic = request.topic or " ".join(p.gist for p in points)
    least = LEAST_SHARED
    on_it = [h for h in to_them if h.score >= LIKELY or _share(topic, h.passage.text) >= least]
    found = unique(h.passage for h in sorted(on_it, key=lambda h: -h.score))
    if not found:
        return []
    # The figures that stand with the best come before what else shares a word with the topic.
    home = found[0].locator
    near = [h.passage for h in sorted(to_them, key=lambda h: -h.score)]
    beside = [p for p in near if (p.locator.document, p.locator.section) == (home.document, home.section)]
    return unique([found[0], *(p for p in beside if _FIGURE.search(p.text)), *found])


def _of_the_paper(request: Request, points: Sequence[Point], gathered: Gathered) -> list[Passage]:
    """What the paper, or what is noted of it, says on the matter."""
    topic = request.topic or points[0].gist
    hits = [h for s in gathered.searched for h in s.hits if h.passage.kind in ("paper", "notes")]
    fitting = [
        h
        for h in hits
        if h.score >= LIKELY or coverage(topic, h.passage) == 1.0 or _share(topic, h.passage.text) == 1.0
    ]
    ordered = sorted(fitting, key=lambda h: -h.score)
    return unique(h.passage for h in ordered)[:MOST_OF_PAPER]


def _share(topic: str, text: str) -> float:
    """Share of a topic's words that a text holds in whatever form: "timing" of "timed"."""
    wanted = {stem(w) for w in content_words(topic)}
    return len(wanted & {stem(w) for w in content_words(text)}) / len(wanted) if wanted else 0.0


def _whom(points: Sequence[Point], replied: Sequence[Point], more: Sequence[Passage], borne: bool) -> str:
    """Whom the record speaks for, in a sentence of judgement."""
    name = names_of(points)
    has = "have" if len({p.reviewer for p in points}) > 1 else "has"
    if any(p.verdict == "yes" for p in points):
        return f"The authors, as far as the record goes: {name} took the reply as settling it."
    if any(p.verdict == "no" for p in points):
        return f"It is not settled: the reply did not move {name}."
    if borne:
        return f"The authors, on what the paper itself shows against the point of {name}."
    if any(p.kind == "comment" for p in points):
        return f"It stays in dispute: {name} holds to it after the reply."
    manners = [p.replies[0].manner for p in replied if p.status == "answered"]
    if any(m in _GIVES_WAY for m in manners):
        return f"{name}, as the paper stands: the authors grant it or promise a change."
    brought = list(dict.fromkeys(_BRINGS[m] for m in manners if m in _BRINGS))
    if brought:
        return f"The reply brings {listed(brought)}, which speaks for the authors; {name} {has} not come back on it."
    if any(_FIGURE.search(text) for text in (*(p.text for p in more), *(p.replies[0].gist for p in replied))):
        return f"On the paper as reviewed {name} {has} a point; the figures that the authors bring in reply speak for them as far as they go, and no later word of {name} on them was found."
    if replied or more:
        return f"Word against word: the authors argue and bring nothing new to check, and {name} {has} not come back on it."
    return f"{name}, as far as the record goes: no reply to this was found."
