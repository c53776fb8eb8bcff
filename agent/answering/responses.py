"""Answers from the authors' side: each point with the reply to it, or what they replied on a topic or as a whole.

Which reply answers which point, and how sure that is, is found in `knowledge.reviews` and comes with the review file.
"""

from collections.abc import Sequence

from agent.answering.parts import coverage, in_turn, judge, listed, quote, relevance, say, speaks_of, unique, who
from agent.answering.points import MAYBE, in_paragraph, names_of, one_each, passages_of, ranked, with_reply
from agent.answering.reactions import ASKS_PROMISES, ASKS_REACTION, ASKS_UNANSWERED, promises, reaction, without_reply
from agent.answering.record import no_reviews, reviewers
from agent.answering.themes import themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Passage

_THEMES_ASKED = {"novelty": "novelty", "writing": "writing", "baselines": "comparisons"}
DID = {
    "results": "replied with results", "revision": "changed the paper", "promise": "promised a change",
    "rebuttal": "disputed it", "concession": "granted it", "reference": "pointed to another place",
}  # fmt: skip
MOST_POINTS = 6
MOST_POINTED = 3
LEAST_SHARED = 0.15
"""Share of a point's words that a passage of the authors holds where it speaks of the same matter."""
CLEARLY = 1.3
"""How much better a point must fit than the next to stand alone."""
_VERSION = frozenset("final version versions revision camera-ready next changes promise promised they".split())


def questions(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The reviewers' questions, those without a reply first, each with what the authors said."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    asked = list(file.raised("asks", reviewers=request.reviewers))
    if not asked:
        return [say("The reviews on record ask no explicit question.", "abstention")]
    return _point_by_point(file, asked, "question")


def open_points(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What waits for a reply, or what its reviewer still held to after one."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    points = list(file.raised("objects", "asks", reviewers=request.reviewers))
    waiting = [p for p in points if p.open]
    by = f" of {listed(request.reviewers)}" if request.reviewers else ""
    if not points:
        return [say(f"No concern or question{by} is on record.", "abstention")]
    if not waiting:
        text = f"Every concern and question{by} has a reply on record, and no reviewer is on record as still holding to one."
        replies = [i for p in points for r in p.replies[:1] for i in r.passages]
        return [judge(text, *passages_of(file, points[:4]), *file.held(replies[:4]))]
    return _point_by_point(file, waiting, "open point")


def response(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the authors replied: to a reviewer, on a topic, or point by point."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    replies = [p for p in file.of("response") if p.locator.section != "Title"]
    if not replies:
        return _no_response(file, request, gathered)
    as_a_whole = _as_a_whole(file, request)
    if as_a_whole:
        return as_a_whole
    points = [p for p in file.raised("objects", "asks", reviewers=request.reviewers) if p.status is not None]
    told = [p for p in points if set(p.passages) & set(request.about)]
    if told and len(told) <= MOST_POINTED:
        return _answered_fully(file, told[:1] if len(told) > 1 and request.topic else told, request.topic)
    theme = next((t for i, t in _THEMES_ASKED.items() if i in request.intents), None)
    if theme is not None:
        held = [p for p in points if theme in themes_of(p)[:1]]
        by = f" by {listed(request.reviewers)}" if request.reviewers else ""
        return _point_by_point(file, held, "point") if held else [
            say(f"No objection on {theme}{by} is on record, so neither is a reply to one.", "abstention")
        ]  # fmt: skip
    if request.topic:
        own = coverage(request.topic, request.text) > 0
        ways = [_on_topic(file, points, replies, request, gathered, own=own), _last_told(file, points, desk)]
        return next((said for said in ways if said), None) or _silent(file, request, gathered)
    if points:
        return _point_by_point(file, points, "point")
    if request.reviewers:
        replies = [p for p in replies if p.addressee in request.reviewers] or replies
    return [quote(p, lead=who(p)) for p in in_turn(replies, lambda p: p.addressee or "", 5)] + _reaction(file, replies)


def _as_a_whole(file: ReviewFile, request: Request) -> list[DraftSentence]:
    """Who got no reply, what a reviewer made of it, what is promised: where the question asks for that."""
    if ASKS_UNANSWERED.search(request.text):
        return without_reply(file)
    matter = [
        w for w in request.topic.split() if w in request.text.lower() and w not in ("reply", "rebuttal", "response")
    ]
    if ASKS_REACTION.search(request.text) and not matter:
        names = request.reviewers or tuple(reviewers(file))
        said = [line for n, name in enumerate(names) for line in in_paragraph(reaction(file, name), n)]
        if said or not request.topic:
            return said or [say(f"No word of {listed(names)} after the reply is on record.", "abstention")]
    rest = [w for w in request.topic.split() if w not in _VERSION]
    return promises(file, request.reviewers) if ASKS_PROMISES.search(request.text) and not rest else []


def _answered_fully(file: ReviewFile, points: Sequence[Point], topic: str) -> list[DraftSentence]:
    """Points with their replies; of a single one also what else the authors wrote on the matter."""
    lines = [line for n, p in enumerate(points) for line in in_paragraph(answered(file, p), n)]
    alone = len(points) == 1 and points[0].status != "not answered"
    return lines + further(file, points[0], topic) if alone else lines


def further(file: ReviewFile, point: Point, topic: str) -> list[DraftSentence]:
    """Other words of the authors on a point's matter, to its reviewer or to all: at most three passages."""
    shown = {i for r in point.replies[:1] for i in r.passages} if point.status != "not answered" else set()
    to = (point.reviewer, "all", None)
    wanted = f"{point.gist} {topic}"
    fits = [(coverage(wanted, p), p) for p in file.of("response") if p.addressee in to and p.id not in shown]
    best = sorted((f for f in fits if f[0] >= LEAST_SHARED and f[1].locator.section != "Title"), key=lambda f: -f[0])[
        :3
    ]
    lead = [say("The authors also write:", paragraph=1)] if best else []
    return lead + [quote(p, lead=who(p), topic=wanted, paragraph=1) for _, p in best]


def _last_told(file: ReviewFile, points: Sequence[Point], desk: Desk) -> list[DraftSentence]:
    """The point that the conversation told last, when the topic of the question is nobody's."""
    for past in reversed(desk.past):
        cited = {c.passage_id for c in past.answer.citations.values()}
        told = [p for p in points if set(p.passages) & cited]
        if told:
            return _answered_fully(file, told[:1], "")
    return []


def _no_response(file: ReviewFile, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """That no response is on record, what a chair said of one, and what the paper itself says on the topic."""
    said = [say("No author response is on record for this paper.", "abstention")]
    told = [p for p in file.of("meta-review", "decision") if "respon" in p.text.lower()][:1]
    said += [quote(p, lead=who(p), topic="response authors", paragraph=1) for p in told]
    hits = (h for s in gathered.searched for h in s.hits)
    notes = [h.passage for h in hits if h.passage.kind in ("notes", "paper") and speaks_of(h, request.topic)]
    if notes:
        said.append(say("What the paper itself says on it:", paragraph=2))
        said += [quote(p, topic=request.topic, paragraph=2) for p in unique(notes)[:2]]
    return said


def _on_topic(
    file: ReviewFile, points: Sequence[Point], replies: Sequence[Passage], request: Request, gathered: Gathered,
    *, own: bool,
) -> list[DraftSentence]:  # fmt: skip
    """The points that speak of the topic with their replies; else, if the question itself brings the topic, what the
    authors wrote on it by themselves."""
    found = {h.passage.id: h for s in gathered.searched for h in s.hits}
    topic = request.topic

    def fit(point: Point) -> float:
        hits = [found[i] for i in point.passages if i in found]
        share = coverage(topic, point.text)
        near = max((h.cosine or 0.0 for h in hits), default=0.0)
        themed = len(topic.split()) <= 3 and bool(set(themes_of(topic)) & set(themes_of(point)[:1]))
        speaks = share >= 0.6 or themed or (share >= 0.25 and any(speaks_of(h, topic) for h in hits))
        return near + share + 0.3 * themed if speaks else 0.0

    fits = {p.id: fit(p) for p in points}
    best = max(fits.values(), default=0.0)
    fitting = sorted((p for p in points if fits[p.id] > 0.6 * best), key=lambda p: -fits[p.id])[:3] if best else []
    if fitting:
        alone = fitting[:1] if fits[fitting[0].id] > CLEARLY * fits[fitting[-1].id] or len(fitting) == 1 else fitting
        return _answered_fully(file, alone, topic)
    hits = [h for h in found.values() if h.passage.kind == "response" and h.passage in replies]
    spoken = sorted((h for h in hits if speaks_of(h, topic)), key=lambda h: -relevance(h, topic))
    if spoken and own:
        chosen = [h.passage for h in spoken[:3]]
        lead = judge("The authors speak of this; no reviewer's point on it is on record.", *chosen)
        return [lead, *[quote(p, lead=who(p), topic=topic) for p in chosen], *_reaction(file, chosen)]
    return []


def _silent(file: ReviewFile, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """That the authors do not speak of the topic, with the nearest of their words."""
    hits = {h.passage.id: h for s in gathered.searched for h in s.hits if h.passage.kind == "response"}.values()
    topic = request.topic
    to = f" to {listed(request.reviewers)}" if request.reviewers else ""
    said = [say(f"The authors' response{to} does not speak of this.", "abstention")]
    near = unique(h.passage for h in sorted(hits, key=lambda h: -relevance(h, topic)))[:2]
    return said + [quote(p, lead=who(p), topic=topic, paragraph=1) for p in near]


def answered(file: ReviewFile, point: Point) -> list[DraftSentence]:
    """Whether a point is answered and settled, in a sentence; then the point with the reply and what came after."""
    who_asked = point.reviewer or "the reviewer"
    if point.status == "not answered" or not point.replies:
        open_ = judge(
            f"Still open, as far as the record goes, is this point of {who_asked}:", *passages_of(file, [point])
        )
        return [open_, *with_reply(file, point)]
    replies = file.held(point.replies[0].passages)
    did = DID.get(point.replies[0].manner, "replied")
    if point.verdict == "yes":
        text = f"Settled: the authors {did}, and {who_asked} took that as settling it."
    elif point.verdict == "no":
        text = f"Not settled: the authors {did}, and {who_asked} held to it."
    elif point.status == "answered":
        text = f"The authors {did}; whether {who_asked} is satisfied is not on record."
    else:
        text = "The authors may have replied to this; the record does not make it sure."
    reaction = file.held(point.verdict_passages) if point.verdict != "unknown" else ()
    return [judge(text, *passages_of(file, [point]), *replies, *reaction), *with_reply(file, point)]


def _point_by_point(file: ReviewFile, points: Sequence[Point], noun: str) -> list[DraftSentence]:
    """Where the points stand in one sentence, then each with its reply: the open ones first."""
    silent = [p for p in points if p.status == "not answered"]
    disputed = [p for p in points if p.status != "not answered" and p.verdict == "no"]
    settled = [p for p in points if p.status != "not answered" and p.verdict == "yes"]
    replied = [p for p in points if p not in silent and p not in disputed and p not in settled]
    if not file.of("response"):
        lines = [say(f"None of these {noun}s has a reply on record: no author response is there.", "abstention")]
        chosen = one_each(ranked(file, points), MOST_POINTS)
        return lines + [line for n, p in enumerate(chosen) for line in in_paragraph(with_reply(file, p)[:1], n + 1)]
    chosen: list[Point] = []
    for group in (disputed, silent, settled, replied):
        room = max(MOST_POINTS - len(chosen), 0)
        chosen += one_each(ranked(file, group), min(room, 3) if group is not replied else room)
    lines = _where_they_stand(file, silent, disputed, settled, replied, noun)
    for paragraph, p in enumerate(chosen, 1):
        lines += in_paragraph(with_reply(file, p, nearest=len(silent) <= 2), paragraph)
    if len(points) > len(chosen):
        more = f"More {noun}s are on record: ask for one reviewer or one topic."
        lines.append(say(more, paragraph=len(chosen) + 1))
    return lines


def _where_they_stand(
    file: ReviewFile, silent: list[Point], disputed: list[Point], settled: list[Point], replied: list[Point], noun: str
) -> list[DraftSentence]:
    """One judgement on what has a reply, what has none, and what the reviewers made of it."""
    total = len(silent) + len(disputed) + len(settled) + len(replied)
    parts = []
    if replied or settled or disputed:
        parts.append(f"the authors reply to {_share(total - len(silent), total)} of the {noun}s")
    unsure = [p for p in replied if p.status == MAYBE]
    if unsure:
        parts.append(f"for {_share(len(unsure), total)} of them the reply is only possibly meant")
    if settled:
        parts.append(f"{names_of(settled)} took replies as settling the matter")
    if disputed:
        parts.append(f"{names_of(disputed)} still held to points after the reply")
    if silent:
        parts.append(
            f"no reply on record was found to {'any' if len(silent) == total else 'points'} of {names_of(silent)}"
        )
    text = "; ".join(parts)
    shown = [*silent[:4], *disputed[:3], *settled[:3], *replied[:4]]
    replies = [i for p in shown if p not in silent for r in p.replies[:1] for i in r.passages]
    return [judge(f"{text[:1].upper()}{text[1:]}.", *passages_of(file, shown), *file.held(replies))]


def _share(part: int, whole: int) -> str:
    """A share in words."""
    if part == whole:
        return "all"
    return "none" if not part else "most" if part * 2 > whole else "some"


def _reaction(file: ReviewFile, replies: Sequence[Passage]) -> list[DraftSentence]:
    """What the addressed reviewers said after the reply."""
    names = {p.addressee for p in replies}
    since = min((file.date(p) for p in replies if file.date(p)), default="")
    after = [
        p
        for p in file.of("comment")
        if p.reviewer in names and p.aspect != "questions" and since and file.date(p) >= since
        and p.locator.section != "Title"
    ][:2]  # fmt: skip
    return [say("After the reply:", paragraph=4), *(quote(p, lead=who(p), paragraph=4) for p in after)] if after else []
