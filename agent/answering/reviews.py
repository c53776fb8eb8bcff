"""Answers from the reviews: where reviewers stand, what one says, what they ask, what the authors replied."""

import re
from collections.abc import Sequence

from agent.answering.papers import silent_on
from agent.answering.parts import coverage, fact, listed, one_line, quote, relevance, say, speaks_of, unique, who
from agent.answering.scores import SECTION, ratings, score, scores_passage
from agent.answering.weighing import main_point, shared_weights, themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.understanding import Request
from knowledge.types import Passage

REPLY_FIT = 0.45
_THEMES_ASKED = {"novelty": "novelty", "writing": "writing", "baselines": "comparisons"}
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
    from dataclasses import replace

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


def scores(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Ratings and confidences, one line a reviewer, and the range."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    lines = [(name, score_line(file, name)) for name in (request.reviewers or reviewers(file))]
    sentences = [s for _, s in lines if s is not None]
    unscored = [name for name, s in lines if s is None]
    rated = ratings(file)
    if len(rated) > 1 and not request.reviewers:
        low, high = min(v for _, v in rated), max(v for _, v in rated)
        text = f"All ratings are {low:g}." if low == high else f"The ratings lie between {low:g} and {high:g}."
        sentences.append(fact(text, *[p for p, _ in rated], paragraph=1))
    if unscored:
        sentences.append(say(f"No score by {listed(unscored)} is on record.", "abstention", 2))
    return sentences


def one_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What a reviewer says: on the topic of the question, or as a whole."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    sentences: list[DraftSentence] = []
    for name in request.reviewers:
        if request.index is not None:
            sentences += _numbered_point(file, name, request, gathered)
            continue
        if not request.topic:
            sentences += _whole_review(file, name)
            continue
        sentences += _on_topic(file, name, request, gathered)
    return sentences or [say("That reviewer is not on record for this paper.", "abstention")]


def _numbered_point(file: ReviewFile, name: str, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """ "Reviewer 1's second concern": the point with the reply to it."""
    aspect = next((a for a, words in _POINTS.items() if re.search(words, request.text, re.IGNORECASE)), "weaknesses")
    points = file.of("review", reviewer=name, aspects=(aspect,))
    index = request.index or 0
    if not -len(points) <= index < len(points):
        return [
            say(f"{name} names fewer {aspect} than that.", "abstention"),
            *[quote(p, paragraph=1) for p in points[:4]],
        ]
    return _with_reply(file, points[index], gathered)


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
        sentences = [quote(p, lead=who(p)) for p in chosen] + _reply_lines(file, chosen[:2], gathered)
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
    queues: dict[str, list[Passage]] = {}
    for p in points:
        queues.setdefault(p.reviewer or "", []).append(p)
    chosen: list[Passage] = []
    while len(chosen) < limit and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    order = list(queues)
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


def questions(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The reviewers' questions, each with the authors' reply, or that none is on record."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    asked = [
        p
        for p in file.of("review", "comment", aspects=("questions",))
        if not request.reviewers or p.reviewer in request.reviewers
    ]
    if not asked:
        return [say("The reviews on record ask no explicit question.", "abstention")]
    sentences = []
    unanswered = []
    for paragraph, p in enumerate(asked[:7]):
        sentences.append(quote(p, lead=who(p), paragraph=paragraph))
        reply = best_reply(file, p, gathered)
        if reply is not None:
            sentences.append(fact(f"Authors: {one_line(reply)}", reply, paragraph=paragraph))
        else:
            unanswered.append(p)
    if unanswered:
        names = listed(list(dict.fromkeys(p.reviewer or "a reviewer" for p in unanswered)))
        none = (
            "None of these questions has a reply on record."
            if len(unanswered) == len(asked[:7])
            else f"No reply on record was found to the other questions, asked by {names}."
        )
        sentences.append(say(none, "abstention", 30))
    return sentences


def response(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the authors replied: to a reviewer, on a topic, or as a whole."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    replies = file.of("response")
    if not replies:
        notes = [
            h.passage
            for s in gathered.searched
            for h in s.hits
            if h.passage.kind in ("notes", "paper") and speaks_of(h, request.topic)
        ]
        said = [say("No author response is on record for this paper.", "abstention")]
        meta = [
            p for p in file.of("meta-review", "decision") if "response" in p.text.lower() or "respond" in p.text.lower()
        ][:1]
        said += [quote(p, lead=who(p), paragraph=1) for p in meta]
        return said + (
            [say("What the paper itself says on it:", paragraph=2)] + [quote(p, paragraph=2) for p in unique(notes)[:2]]
            if notes
            else []
        )
    if request.reviewers:
        replies = tuple(p for p in replies if p.addressee in request.reviewers) or replies
    theme = next((t for i, t in _THEMES_ASKED.items() if i in request.intents), None)
    if theme is not None and not request.reviewers:
        points = [p for p in file.of("review", aspects=("weaknesses", "questions")) if theme in themes_of(p)[:1]]
        return [line for p in points[:3] for line in _with_reply(file, p, gathered)] or [
            say(f"No reviewer objects on {theme}, so no reply to that is on record.", "abstention")
        ]
    answered = _answered_points(file, request, gathered)
    if answered:
        return answered
    if request.topic:
        hits = [h for s in gathered.searched for h in s.hits if h.passage.kind == "response" and h.passage in replies]
        fitting = sorted(
            {h.passage.id: h for h in hits if speaks_of(h, request.topic)}.values(),
            key=lambda h: -relevance(h, request.topic),
        )
        if fitting:
            chosen = [h.passage for h in fitting[:3]]
            return [quote(p, lead=who(p)) for p in chosen] + _reaction(file, chosen)
        to = f" to {listed(request.reviewers)}" if request.reviewers else ""
        said = [say(f"The authors' response{to} does not speak of this.", "abstention")]
        return said + [quote(p, lead=who(p), paragraph=1) for p in unique(h.passage for h in hits)[:2]]
    return [quote(p, lead=who(p)) for p in one_each_addressee(replies, 5)] + _reaction(file, replies)


def _answered_points(file: ReviewFile, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """The points of the named reviewers that the question is about, each with its reply."""
    if not request.reviewers and not request.topic:
        return []
    if not request.topic:
        objections = [
            p for p in file.of("review", aspects=("weaknesses", "questions")) if p.reviewer in request.reviewers
        ]
        return [line for p in objections[:4] for line in _with_reply(file, p, gathered)]
    hits = {h.passage.id: h for s in gathered.searched for h in s.hits}
    points = [
        (relevance(hits[p.id], request.topic), p)
        for p in file.of("review", "comment", aspects=("weaknesses", "questions"))
        if (not request.reviewers or p.reviewer in request.reviewers)
        and p.id in hits
        and speaks_of(hits[p.id], request.topic)
    ]
    sentences: list[DraftSentence] = []
    for _, p in sorted(points, key=lambda pair: -pair[0])[:2]:
        sentences += _with_reply(file, p, gathered)
    if sentences:
        replied = [r for _, p in points[:2] if (r := best_reply(file, p, gathered)) is not None]
        sentences += _reaction(file, replied) if replied else []
    return sentences


def _with_reply(file: ReviewFile, point: Passage, gathered: Gathered) -> list[DraftSentence]:
    """A reviewer's point and the authors' reply to it, or that none is on record."""
    reply = best_reply(file, point, gathered)
    if reply is None:
        return [quote(point, lead=who(point)), say("No reply to this point is on record.", "abstention")]
    return [quote(point, lead=who(point)), fact(f"Authors: {one_line(reply)}", reply)]


def one_each_addressee(replies: Sequence[Passage], limit: int) -> list[Passage]:
    """Replies in turn from each addressee."""
    queues: dict[str, list[Passage]] = {}
    for p in replies:
        queues.setdefault(p.addressee or "", []).append(p)
    chosen: list[Passage] = []
    while len(chosen) < limit and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    return chosen


def _reaction(file: ReviewFile, replies: Sequence[Passage]) -> list[DraftSentence]:
    """What the addressed reviewers said after the reply."""
    names = {p.addressee for p in replies}
    since = min((file.date(p) for p in replies if file.date(p)), default="")
    after = [
        p
        for p in file.of("comment")
        if p.reviewer in names and p.aspect != "questions" and since and file.date(p) >= since
    ][:2]
    return [say("After the reply:", paragraph=4), *(quote(p, lead=who(p), paragraph=4) for p in after)] if after else []


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


def best_reply(file: ReviewFile, point: Passage, gathered: Gathered) -> Passage | None:
    """The authors' passage that answers a point, or None where none speaks of it."""
    by_id = {p.id: p for p in file.passages}
    for identity, fit in file.replies.get(point.id, ()):
        reply = by_id.get(identity)
        if reply is not None and fit >= REPLY_FIT:
            return reply
    return None


def _reply_lines(file: ReviewFile, points: Sequence[Passage], gathered: Gathered) -> list[DraftSentence]:
    replies = unique(r for p in points if (r := best_reply(file, p, gathered)) is not None)
    return [fact(f"The authors replied: {one_line(r)}", r, paragraph=1) for r in replies[:2]]


def reviewers(file: ReviewFile) -> list[str]:
    """Reviewers with a review on record, in the order of the record."""
    return list(dict.fromkeys(p.reviewer for p in file.of("review") if p.reviewer))


def score_line(file: ReviewFile, name: str) -> DraftSentence | None:
    """A reviewer's rating and confidence as one sentence, cited from the review's own lines."""
    held = scores_passage(file, name)
    if held is None:
        return None
    rating, confidence = score(held, "Rating"), score(held, "Confidence")
    parts = [f"rates the paper {rating}" if rating else "gives no rating on record"]
    if confidence:
        parts.append(f"with confidence {confidence}")
    return fact(f"{name} {', '.join(parts)}.", held, bullet=True)


def no_reviews(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What to say where no review is on record; empty where there is one."""
    file = gathered.file(request.submission)
    if file is not None and file.of("review"):
        return []
    record = [p for p in (file.passages if file else ()) if p.aspect == "record"][:2]
    relayed = file.of("relayed") if file else ()
    paper = desk.paper(request.submission)
    sentences = [
        say(
            f"No review of this paper is on record{'.' if record or not paper or not paper.record else f': {paper.record}'}",
            "abstention",
        )
    ]
    sentences += [quote(p, paragraph=1, bullet=False) for p in record]
    if relayed:
        sentences.append(say("Heard at second hand only:", paragraph=2))
        sentences += [quote(p, lead=who(p), paragraph=2) for p in relayed[:4]]
    return sentences
