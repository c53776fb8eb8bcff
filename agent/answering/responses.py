"""Answers from the authors' side: each point with the reply to it, or what they replied on a topic or as a whole.

Which reply answers which point, and how sure that is, is found in `knowledge.reviews` and comes with the review file.
"""

from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import fact, in_turn, listed, one_line, quote, relevance, say, speaks_of, unique, who
from agent.answering.record import no_reviews
from agent.answering.weighing import themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from knowledge.types import Passage

MAYBE = "possibly answered here"
MOST_NEAREST = 2
_THEMES_ASKED = {"novelty": "novelty", "writing": "writing", "baselines": "comparisons"}


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
        reply = best_reply(file, p)
        if reply is not None:
            sentences.append(replace(authors(file, p, reply), paragraph=paragraph))
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
        return [line for p in points[:3] for line in with_reply(file, p)] or [
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
    return [quote(p, lead=who(p)) for p in in_turn(replies, lambda p: p.addressee or "", 5)] + _reaction(file, replies)


def _answered_points(file: ReviewFile, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """The points of the named reviewers that the question is about, each with its reply."""
    if not request.reviewers and not request.topic:
        return []
    if not request.topic:
        objections = [
            p for p in file.of("review", aspects=("weaknesses", "questions")) if p.reviewer in request.reviewers
        ]
        return [line for p in objections[:4] for line in with_reply(file, p)]
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
        sentences += with_reply(file, p)
    if sentences:
        replied = [r for _, p in points[:2] if (r := best_reply(file, p)) is not None]
        sentences += _reaction(file, replied) if replied else []
    return sentences


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


def best_reply(file: ReviewFile, point: Passage) -> Passage | None:
    """The authors' passage that answers a point, surely or possibly, or None where none does."""
    by_id = {p.id: p for p in file.passages}
    return next((by_id[identity] for identity, _ in file.replies.get(point.id, ()) if identity in by_id), None)


def authors(file: ReviewFile, point: Passage, reply: Passage) -> DraftSentence:
    """A reply to a point, with "possibly answered here" where that is not sure."""
    lead = f"Authors ({MAYBE})" if file.statuses.get(point.id) != "answered" else "Authors"
    return fact(f"{lead}: {one_line(reply)}", reply)


def with_reply(file: ReviewFile, point: Passage) -> list[DraftSentence]:
    """A reviewer's point and the authors' reply to it with what the reviewer said of it, or that none is on record and
    what was written nearest to it."""
    reply = best_reply(file, point)
    if reply is None:
        lines = [quote(point, lead=who(point)), say("No reply to this point is on record.", "abstention")]
        near = [p for p in file.passages if p.id in file.nearest.get(point.id, ())[:MOST_NEAREST]]
        return lines + (
            [say("Nearest to it, on other points:"), *(quote(p, lead=who(p)) for p in near)] if near else []
        )
    return [quote(point, lead=who(point)), authors(file, point, reply), *_verdict(file, point)]


def _verdict(file: ReviewFile, point: Passage) -> list[DraftSentence]:
    """What the reviewer said of the reply afterwards, if anything that settles it or not."""
    verdict, where = file.settled.get(point.id, ("unknown", ""))
    passage = next((p for p in file.passages if p.id == where), None)
    if passage is None or passage.id == point.id or verdict == "unknown":
        return []
    # Without a "not": beside the reviewer's own words it would read as their opposite.
    words = "takes this as settled" if verdict == "yes" else "still holds this open"
    return [fact(f"{point.reviewer or 'The reviewer'} {words}: {one_line(passage)}", passage)]


def reply_lines(file: ReviewFile, points: Sequence[Passage]) -> list[DraftSentence]:
    """The replies to some points, at most two, without the points themselves."""
    replies = unique(r for p in points if (r := best_reply(file, p)) is not None)
    return [fact(f"The authors replied: {one_line(r)}", r, paragraph=1) for r in replies[:2]]
