"""Answers from the reviews: where reviewers stand, what one says, what they praise and what they object to."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.papers import silent_on
from agent.answering.parts import (
    coverage,
    fact,
    in_turn,
    listed,
    one_line,
    quote,
    relevance,
    say,
    speaks_of,
    unique,
    who,
)
from agent.answering.record import no_reviews, reviewers
from agent.answering.responses import reply_lines, with_reply
from agent.answering.scores import SECTION, score_line
from agent.answering.weighing import main_point, shared_weights, themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from knowledge.types import Passage

_POINTS = {
    "questions": r"question",
    "strengths": r"strength",
    "weaknesses": r"weakness|concern|objection|criticism|point|issue",
}
_WHY = re.compile(r"\b(why|explain|elaborate|reasons?|more about)\b", re.IGNORECASE)


def overview(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """One line a reviewer: scores and the point that weighs most; then the authors and the decision."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    sentences = []
    for name in reviewers(file):
        score = score_line(file, name)
        points = [p for p in (main_point(file, name, "strengths"), main_point(file, name, "weaknesses")) if p]
        if score:
            sentences.append(score)
        sentences += [fact(f"{name}: {one_line(p)}", p, bullet=False, paragraph=0) for p in points]
    paragraphs = _one_paragraph_each(sentences, reviewers(file))
    return [*paragraphs, *_outcome(file, paragraph=len(reviewers(file)) + 1)]


def _one_paragraph_each(sentences: Sequence[DraftSentence], names: Sequence[str]) -> list[DraftSentence]:
    placed = []
    for index, name in enumerate(names):
        mine = [s for s in sentences if s.text.startswith(name)]
        for s in mine:
            # The name leads the paragraph once; the points that follow it need no second mention.
            text = s.text.removeprefix(f"{name}: ")
            placed.append(replace(s, text=text, paragraph=index, bullet=False))
    return placed


def _outcome(file: ReviewFile, paragraph: int) -> list[DraftSentence]:
    """Whether the authors answered, and the decision on record."""
    said = []
    responses = unique(file.of("response"))
    if not responses:
        said.append(say("No author response is on record.", "abstention", paragraph))
    told = sorted(
        file.of("decision", "meta-review"), key=lambda p: not p.text.startswith(("Decision", "Recommendation"))
    )
    verdicts = [p for p in told if p.locator.section != "Title"]
    if verdicts:
        said.append(fact(f"{_speaker(verdicts[0])}{one_line(verdicts[0])}", verdicts[0], paragraph=paragraph))
    return said


def one_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What a reviewer says: on the topic of the question, or as a whole."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    sentences: list[DraftSentence] = []
    for name in request.reviewers:
        if request.index is not None:
            sentences += _numbered_point(file, name, request)
            continue
        if not request.topic:
            sentences += _whole_review(file, name)
            continue
        sentences += _on_topic(file, name, request, gathered)
    return sentences or [say("That reviewer is not on record for this paper.", "abstention")]


def _numbered_point(file: ReviewFile, name: str, request: Request) -> list[DraftSentence]:
    """ "Reviewer 1's second concern": the point with the reply to it."""
    aspect = next((a for a, words in _POINTS.items() if re.search(words, request.text, re.IGNORECASE)), "weaknesses")
    points = file.of("review", reviewer=name, aspects=(aspect,))
    index = request.index or 0
    if not -len(points) <= index < len(points):
        return [
            say(f"{name} names fewer {aspect} than that.", "abstention"),
            *[quote(p, paragraph=1) for p in points[:4]],
        ]
    return with_reply(file, points[index])


def unknown_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Nobody on record bears the number asked for; what stands under that name in the discussion is shown."""
    file = gathered.file(request.submission)
    paper = desk.paper(request.submission)
    names = listed([r.name for r in paper.reviewers]) if paper else ""
    said = [
        say(
            f"No review by {request.unknown_reviewer} is on record for this paper; on record are {names}.", "abstention"
        )
    ]
    comments = file.of("comment", reviewer=request.unknown_reviewer)[:3] if file else ()
    if comments:
        said.append(say("In the discussion, under that name:", paragraph=1))
        said += [quote(p, paragraph=1) for p in comments]
    return said


def _on_topic(file: ReviewFile, name: str, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """What one reviewer says on the topic, with the replies; or that the review is silent, and who does speak of it."""
    topic = request.topic
    found = {h.passage.id: h for s in gathered.searched for h in s.hits}.values()
    hits = [h for h in found if h.passage.reviewer == name and h.passage.locator.section != SECTION]
    fitting = sorted(
        (h for h in hits if speaks_of(h, topic) or coverage(topic, h.passage) >= 0.5 or _same_theme(h.passage, topic)),
        key=lambda h: -relevance(h, topic),
    )
    if fitting:
        best = relevance(fitting[0], topic)
        chosen = [h.passage for h in fitting if relevance(h, topic) > 0.55 * best][:4]
        sentences = [quote(p, lead=who(p)) for p in chosen] + reply_lines(file, chosen[:2])
        return sentences + (_goes_on(file, name, chosen) if _WHY.search(request.text) else [])
    others = [
        h.passage for h in found if speaks_of(h, topic) and h.passage.reviewer != name and h.passage.kind == "review"
    ]
    said = [say(f"{name}'s review does not speak of this.", "abstention"), *silent_on(topic, hits)[1:]]
    if others:
        said += [say("Other reviews do:", paragraph=2), *[quote(p, lead=who(p), paragraph=2) for p in others[:2]]]
    return said


def _goes_on(file: ReviewFile, name: str, said: Sequence[Passage]) -> list[DraftSentence]:
    """The other objections and questions of the same review, which are its reasons."""
    points = [p for p in file.of("review", reviewer=name, aspects=("weaknesses", "questions")) if p not in said][:5]
    return [say("The same review goes on:", paragraph=2), *[quote(p, paragraph=2) for p in points]] if points else []


def _same_theme(passage: Passage, topic: str) -> bool:
    return bool(set(themes_of(topic)) & set(themes_of(passage))) and len(topic.split()) <= 3


def _whole_review(file: ReviewFile, name: str) -> list[DraftSentence]:
    """A review in short: scores, gist, two strengths, the weaknesses, what is asked."""
    score = score_line(file, name)
    sentences = [score] if score else []
    for aspect, limit, lead in (
        ("summary", 1, ""),
        ("strengths", 2, "In favour:"),
        ("weaknesses", 4, "Against:"),
        ("questions", 3, "Asked:"),
    ):
        points = file.of("review", reviewer=name, aspects=(aspect,))[:limit]
        if not points:
            continue
        paragraph = len({s.paragraph for s in sentences}) + 1
        if lead:
            sentences.append(say(f"{lead}", paragraph=paragraph))
        sentences += [quote(p, paragraph=paragraph, bullet=bool(lead)) for p in points]
    review = next((file.date(p) for p in file.of("review", reviewer=name)), "")
    comments = file.of("comment", reviewer=name)
    for lead, later in (("Before the review:", False), ("Later, in the discussion:", True)):
        chosen = [p for p in comments if (file.date(p) >= review) is later][:2]
        if chosen:
            sentences.append(
                say(lead if review and file.date(chosen[0]) else "In the discussion:", paragraph=20 + later)
            )
            sentences += [quote(p, paragraph=20 + later) for p in chosen]
    return sentences or [say(f"No review text by {name} is on record.", "abstention")]


def strengths(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The strengths that reviewers name, one from each before a second from any."""
    return _points("strengths", "Strengths, as the reviewers see them:", request, gathered, desk)


def weaknesses(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The weaknesses that reviewers name, shared concerns first."""
    return _points("weaknesses", "Weaknesses, as the reviewers see them:", request, gathered, desk)


def _points(
    aspect: str, lead: str, request: Request, gathered: Gathered, desk: Desk, limit: int = 5
) -> list[DraftSentence]:
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    points = [
        p
        for p in file.of("review", "relayed", aspects=(aspect,))
        if not request.reviewers or p.reviewer in request.reviewers
    ]
    if not points:
        return [say(f"The reviews on record name no {aspect}.", "abstention")]
    weights = shared_weights(file, aspect)
    points.sort(key=lambda p: -weights.get(p.id, 0))
    chosen = one_each(points, limit)
    return [say(lead)] + [quote(p, lead=who(p)) for p in chosen]


def one_each(points: Sequence[Passage], limit: int) -> list[Passage]:
    """Points in turn from each reviewer, in the order of the record."""
    order = list(dict.fromkeys(p.reviewer or "" for p in points))
    chosen = in_turn(points, lambda p: p.reviewer or "", limit)
    return sorted(chosen, key=lambda p: (order.index(p.reviewer or ""), p.locator.start))


def novelty(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What reviewers say on novelty, both ways, and what the authors replied."""
    return _theme("novelty", request, gathered, desk)


def writing(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What reviewers say on the writing; asked for typos, their small corrections alone."""
    file = gathered.file(request.submission)
    corrections = [p for p in (file.of("review", "comment") if file else ()) if p.aspect == "writing"]
    if corrections and re.search(r"typo|correction|grammar|spelling|minor", request.text, re.IGNORECASE):
        return [quote(p, lead=who(p)) for p in corrections[:10]]
    return _theme("writing", request, gathered, desk)


def _theme(theme: str, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    points = [p for p in file.of("review", "comment", "meta-review") if theme in themes_of(p) or p.aspect == theme]
    if not points:
        return [say(f"The reviews on record do not speak of {theme}.", "abstention")]
    replies = [p for p in file.of("response") if theme in themes_of(p)][:2]
    sentences = [quote(p, lead=who(p)) for p in one_each(points, 6)]
    return sentences + [quote(p, lead=who(p), paragraph=1) for p in replies]


def decision(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The decision and the meta-review on record."""
    file = gathered.file(request.submission)
    passages = unique(file.of("decision", "meta-review")) if file else []
    paper = desk.paper(request.submission)
    if not passages:
        notes = [h.passage for s in gathered.searched for h in s.hits if h.passage.aspect in ("record", "decision")]
        own = [p for p in (file.passages if file else ()) if p.aspect in ("record", "decision")]
        found = unique([*own, *notes])[:2]
        return [quote(p) for p in found] or [
            say(f"No decision is on record{f' for {paper.title}' if paper else ''}.", "abstention")
        ]
    return [quote(p, lead=_speaker(p)) for p in passages[:6]]


def _speaker(passage: Passage) -> str:
    """Decisions speak for themselves; a meta-review is named."""
    if passage.text.startswith(("Decision", "Recommendation", "Rating", "Confidence")):
        return ""
    return "Meta-review: " if passage.kind == "meta-review" else ""
