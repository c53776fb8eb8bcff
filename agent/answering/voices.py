"""Who of the reviewers speaks of a matter, and who does not."""

import re

from agent.answering.parts import coverage, judge, listed, quote, say, speaks_of, who
from agent.answering.points import names_of, passages_of, point_line
from agent.answering.record import no_reviews, reviewers
from agent.answering.themes import themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Hit

_ELSE = re.compile(r"\b(else|others?|the rest|too|also|anyone|anybody|same)\b", re.IGNORECASE)


def who_speaks(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The reviewers who speak of the topic, each in one quotation, and those who do not; "else" leaves out who was told."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    told = (
        {p.reviewer for p in file.points if set(p.passages) & set(request.about)}
        if _ELSE.search(request.text)
        else set()
    )
    told |= set(request.reviewers) if _ELSE.search(request.text) else set()
    speaking = on_topic(file, request.topic, gathered)
    first: dict[str, Point] = {}
    for point in speaking:
        if point.reviewer not in told:
            first.setdefault(point.reviewer, point)
    names = [name for name in reviewers(file) if name not in told]
    chosen = [first[name] for name in names if name in first]
    if not chosen:
        besides = f" besides {listed(sorted(told))}" if told else ""
        near = [h.passage for s in gathered.searched for h in s.hits if h.passage.kind == "review"]
        near = [p for p in near if p.reviewer not in told][:2]
        lines = [say(f"No reviewer on record{besides} speaks of this.", "abstention")]
        if near:
            lines.append(say("The nearest passages are these:", paragraph=1))
            lines += [quote(p, lead=who(p), topic=request.topic, paragraph=1) for p in near]
        return lines
    silent = [name for name in names if name not in first]
    verb = "speaks" if len(chosen) == 1 else "speak"
    text = f"{names_of(chosen)} {verb} of this" + (
        f"; {listed(silent)} {'does' if len(silent) == 1 else 'do'} not." if silent else "."
    )
    lead = judge(
        text, *passages_of(file, chosen), *file.held(p.passages[0] for p in file.points if p.reviewer in silent)[:3]
    )
    return [lead, *[point_line(file, p, topic=request.topic) for p in chosen]]


def on_topic(file: ReviewFile, topic: str, gathered: Gathered) -> list[Point]:
    """The points that speak of a topic, the most fitting first."""
    found = {h.passage.id: h for s in gathered.searched for h in s.hits}
    fits = {p.id: fit(p, topic, found) for p in file.points if p.kind != "relayed"}
    best = max(fits.values(), default=0.0)
    return sorted((p for p in file.points if best and fits.get(p.id, 0.0) > 0.5 * best), key=lambda p: -fits[p.id])


def fit(point: Point, topic: str, found: dict[str, Hit]) -> float:
    """How well a point answers a topic; 0 where it does not speak of it."""
    share = coverage(topic, point.text)
    hits = [found[i] for i in point.passages if i in found]
    themed = len(topic.split()) <= 3 and bool(set(themes_of(topic)) & set(themes_of(point)))
    near = max((h.cosine or 0.0 for h in hits), default=0.0)
    speaks = share >= 0.5 or themed or (share > 0 and any(speaks_of(h, topic) for h in hits))
    return near + 0.5 * share + 0.3 * themed if speaks else 0.0
