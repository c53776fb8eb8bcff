"""Answers on one reviewer: what the review says on a topic, its second concern, or the whole of it in short."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.answering.found import MARGIN
from agent.answering.one_side import assumed_matter, lead_on
from agent.answering.open_questions import questions
from agent.answering.papers import silent_on
from agent.answering.parts import coverage, judge, listed, quote, say, who
from agent.answering.point_by_point import answered
from agent.answering.points import point_line, ranked, with_reply
from agent.answering.record import no_reviews, reviewers
from agent.answering.scores import SECTION, score_line
from agent.answering.voices import corrected, fit, surely_meant, who_speaks
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.mentions import CODE, without_reviewers
from agent.points import Point
from agent.request import Request
from knowledge.types import Hit

_STANCES = {
    "questions": (r"question", ("asks",)),
    "strengths": (r"strength|merit|praise", ("praises",)),
    "weaknesses": (r"weakness|concern|objection|criticism|point|issue", ("objects", "asks")),
}
MOST_ON_TOPIC = 3
LEAST_ODDS = -1.4
"""Log-odds from which on a sentence of a reviewer's may be what is asked for, though it has none of its words."""
LEAST_OWN = 0.5
"""Share of a question's words that a reviewer's point holds where it is surely that reviewer's."""
PERHAPS, MOST_NEAREST = 0.1, 2
"""The score of a passage, its chance to answer, from which it is told as the nearest of what somebody wrote; how many."""
_QUESTIONS = re.compile(r"\bquestions?\b|\bqs\b|\bquer(?:y|ies)\b", re.IGNORECASE)
_WHY = re.compile(r"\b(why|explain|elaborate|reasons?|more about)\b", re.IGNORECASE)


def one_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What a reviewer says: on the topic of the question, or as a whole."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    sentences: list[DraftSentence] = []
    if request.index is None and not request.topic and _QUESTIONS.search(request.text):
        return questions(request, gathered, desk)
    if not request.topic and (matter := assumed_matter(request.text, desk.paper(request.submission))):
        request = replace(request, topic=matter)
    for name in request.reviewers:
        if request.index is not None:
            sentences += _numbered_point(file, name, request)
        elif not re.search(r"[a-z]{2}", request.topic):
            own = [p for p in file.points if p.reviewer == name]
            own_words = without_reviewers(request.text, desk.paper(request.submission))
            surely = surely_meant(own_words, own, gathered.meant(file.submission))
            lines = [
                line
                for p in surely
                for line in (with_reply(file, p, nearest=False) if p.concern else [point_line(file, p)])
            ]
            sentences += lines or _whole_review(file, name)
        else:
            sentences += _on_topic(file, name, request, gathered)
    if request.reviewers:
        return sentences
    if request.topic:
        return who_speaks(request, gathered, desk)
    return [say(f"Which reviewer do you mean? On record are {listed(reviewers(file))}.", "abstention")]


def _numbered_point(file: ReviewFile, name: str, request: Request) -> list[DraftSentence]:
    """ "Reviewer 1's second concern": the point with the reply to it."""
    asked = next(
        (a for a, (words, _) in _STANCES.items() if re.search(words, request.text, re.IGNORECASE)), "weaknesses"
    )
    stances = _STANCES[asked][1]
    points = file.raised("objects", reviewers=(name,)) if asked == "weaknesses" else ()
    points = points or file.raised(*stances, reviewers=(name,))
    index = request.index or 0
    points = tuple(p for p in points if p.kind == "review") or points
    labelled = next((p for p in points if p.label and p.label.lstrip("QWSC") == str(index + 1)), None)
    if labelled is not None:
        return answered(file, labelled, fully=True) if labelled.status else with_reply(file, labelled)
    if not -len(points) <= index < len(points):
        fewer = say(f"{name} names fewer {asked} than that.", "abstention")
        return [fewer, *[point_line(file, p, paragraph=1) for p in points[:4]]]
    return answered(file, points[index], fully=True) if points[index].status else with_reply(file, points[index])


def unknown_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Nobody on record bears the name asked for; whose reviewer that is, or what stands under it in the discussion."""
    file = gathered.file(request.submission)
    paper = desk.paper(request.submission)
    names = listed([r.name for r in paper.reviewers]) if paper else ""
    text = f"No review by {request.unknown_reviewer} is on record for this paper; on record are {names}."
    said = [say(text, "abstention")]
    theirs = [p for p in desk.papers if p is not paper and any(r.name == request.unknown_reviewer for r in p.reviewers)]
    if theirs and CODE.search(request.unknown_reviewer or ""):
        said.append(
            say(
                f"{request.unknown_reviewer} reviewed {listed([p.title for p in theirs])}; ask about that paper for it."
            )
        )
    comments = file.of("comment", reviewer=request.unknown_reviewer)[:3] if file else ()
    if comments:
        said.append(say("In the discussion, under that name:", paragraph=1))
        said += [quote(p, paragraph=1) for p in comments]
    return said


def _on_topic(file: ReviewFile, name: str, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """What one reviewer says on the topic, with the replies; or that the review is silent, and who does speak of it."""
    topic = request.topic
    found = gathered.best_hits()
    points = [p for p in file.points if p.reviewer == name]
    fitting = _fitting(points, topic, found, gathered.meant(file.submission)) or _surest(points, name, gathered)
    shares = max((coverage(topic, p.text) for p in fitting), default=0.0)
    elsewhere = max((coverage(topic, p.text) for p in file.points if p.reviewer != name), default=0.0)
    # What the question puts into somebody's mouth may be another's: whose words hold more of it is told as such.
    several = len(topic.split()) >= 2
    if several and shares < LEAST_OWN and elsewhere >= 2 * max(shares, LEAST_OWN / 2):
        told = corrected(file, name, topic, gathered)
        if told:
            return told
    if fitting:
        fits = {p.id: fit(p, topic, found, gathered.meant(file.submission)) for p in points}
        speaking = [*fitting, *(p for p in points if fits[p.id] and p not in fitting)]
        sentences, unsaid = lead_on(file, name, speaking, topic, request.text)
        fitting = [*fitting, *(p for p in unsaid if p not in fitting)]
        for p in sorted(fitting, key=lambda p: file.points.index(p)):
            lines = with_reply(file, p, nearest=False) if p.concern else [point_line(file, p, topic=topic)]
            sentences += lines
        return sentences + (_goes_on(file, name, fitting) if _WHY.search(request.text) else [])
    mine = [h for h in found.values() if h.passage.reviewer == name and h.passage.locator.section != SECTION]
    mine.sort(key=lambda h: -h.score)
    others = [h.score for h in found.values() if h.passage.reviewer != name and h.passage.kind in ("review", "comment")]
    if mine and mine[0].score >= PERHAPS and mine[0].score >= max(others, default=0.0) / 2:
        nearest = [quote(h.passage, topic=topic, lead=who(h.passage)) for h in mine[:MOST_NEAREST]]
        lead = judge(f"In what {name} wrote this comes nearest:", *(h.passage for h in mine[:MOST_NEAREST]))
        return [lead, *nearest]
    told = corrected(file, name, topic, gathered)
    if told:
        return told
    return [say(f"{name}'s review does not speak of this.", "abstention"), *silent_on(topic, mine)[1:]]


def _fitting(points: Sequence[Point], topic: str, found: Mapping[str, Hit], meant: Mapping[str, float]) -> list[Point]:
    """The points of a reviewer that speak of a topic, the most fitting first."""
    fits = {p.id: fit(p, topic, found, meant) for p in points}
    best = max(fits.values(), default=0.0)
    return sorted((p for p in points if fits[p.id] > max(0.55 * best, 0.0)), key=lambda p: -fits[p.id])[:MOST_ON_TOPIC]


def _surest(points: Sequence[Point], name: str, gathered: Gathered) -> list[Point]:
    """The points that most probably answer, by the search among a reviewer's own words; none where none is likely."""
    told = [own for s in gathered.searched if s.arguments.get("reviewer") == name for own in s.told.items()]
    sentences = [(passage, one) for passage, own in told for one in own]
    odds = {
        p.id: max(
            (one.odds for passage, one in sentences if passage in p.passages and one.text in p.text), default=-9.0
        )
        for p in points
    }
    best = max(odds.values(), default=-9.0)
    near = [p for p in points if odds[p.id] >= max(best - MARGIN, LEAST_ODDS)]
    return sorted(near, key=lambda p: -odds[p.id])[:MOST_ON_TOPIC]


def _goes_on(file: ReviewFile, name: str, said: Sequence[Point]) -> list[DraftSentence]:
    """The other objections and questions of the same reviewer, which are the reasons."""
    points = [p for p in file.raised("objects", "asks", reviewers=(name,)) if p not in said][:4]
    return (
        [say("The same review goes on:", paragraph=2), *[point_line(file, p, paragraph=2) for p in points]]
        if points
        else []
    )


def _whole_review(file: ReviewFile, name: str) -> list[DraftSentence]:
    """A review in short: scores, gist, two strengths, the weaknesses, what is asked, what was said later."""
    score = score_line(file, name)
    sentences = [score] if score else []
    reviewed = [p for p in file.points if p.reviewer == name and p.kind == "review"]
    parts = (
        (1, "", [p for p in reviewed if "summary" in p.aspects]),
        (2, "In favour:", [p for p in reviewed if p.stance == "praises"]),
        (4, "Against:", [p for p in reviewed if p.stance == "objects" and not p.small]),
        (3, "Asked:", [p for p in reviewed if p.stance == "asks" and not p.small]),
    )
    for limit, lead, points in parts:
        if not points:
            continue
        paragraph = len({s.paragraph for s in sentences}) + 1
        if lead:
            sentences.append(say(lead, paragraph=paragraph))
        chosen = sorted(ranked(file, points)[:limit], key=lambda p: file.points.index(p))
        sentences += [point_line(file, p, paragraph=paragraph, bullet=bool(lead)) for p in chosen]
    review = next((file.date(p) for p in file.of("review", reviewer=name)), "")
    comments = file.of("comment", reviewer=name)
    for lead, later in (("Before the review:", False), ("Later, in the discussion:", True)):
        chosen_comments = [p for p in comments if (file.date(p) >= review) is later and p.locator.section != "Title"][
            :2
        ]
        if chosen_comments:
            dated = review and file.date(chosen_comments[0])
            sentences.append(say(lead if dated else "In the discussion:", paragraph=20 + later))
            sentences += [quote(p, paragraph=20 + later) for p in chosen_comments]
    return sentences or [say(f"No review text by {name} is on record.", "abstention")]
