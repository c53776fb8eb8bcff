"""Answers from the authors' side: each point with the reply to it, or what they replied on a topic or as a whole.

Which reply answers which point, and how sure that is, is found in `knowledge.reviews` and comes with the review file.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from agent.answering.parts import (
    coverage,
    in_turn,
    judge,
    listed,
    quote,
    relevance,
    same_place,
    say,
    speaks_of,
    unique,
    who,
)
from agent.answering.point_by_point import answered, point_by_point, what_settled
from agent.answering.points import LONG_REPLY, in_paragraph, point_line
from agent.answering.reactions import (
    ASKS_ANY,
    ASKS_PROMISES,
    ASKS_SILENT,
    ASKS_UNANSWERED,
    ASKS_WHETHER,
    promises,
    reaction,
    silent_points,
    whether_answered,
    without_reply,
)
from agent.answering.record import no_reviews, reviewers
from agent.answering.themes import themes_of
from agent.answering.told_before import in_their_words
from agent.answering.voices import LIKELY, MEANT, surely_meant
from agent.answering.ways_of_answering import answered_by, asks_postponed, manner_asked, postponed
from agent.cues import CHAT_WORDS, content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.intents import ASKS_REACTION
from agent.mentions import without_reviewers
from agent.points import Point
from agent.quoting import LONGEST_QUOTE
from agent.request import Request
from knowledge.types import Hit, Passage

_THEMES_ASKED = {"novelty": "novelty", "writing": "writing", "baselines": "comparisons"}
MOST_POINTED = 3
ONE_BY_ONE = re.compile(
    r"\b(?:one by one|point by point|point-by-point|one at a time|each (?:point|concern|objection|question|of)|go (?:through|over)|walk (?:me )?through|item by item|in turn)\b",
    re.IGNORECASE,
)
ASKS_SETTLED = re.compile(
    r"\b(?:settle[ds]?|resolve[ds]?|clear(?:ed|s) up|off the table|closed|lay (?:it|that|this) to rest|put to rest|taken care of|satisf\w+)\b",
    re.IGNORECASE,
)
LEAST_SHARED = 0.15
"""Share of a point's words that a passage of the authors holds where it speaks of the same matter."""
CLEARLY = 1.3
"""How much better a point must fit than the next to stand alone."""
PERHAPS = 0.2
"""The score of a passage, its chance to answer, from which it is not said that the authors are silent."""
MOST_SPOKEN = 2
_OF_THAT = re.compile(
    r"\b(?:it|that|this|those|these)\b(?! (?:they|the authors?|their|it|we|he|she|the)\b)", re.IGNORECASE
)
LEAST_LIKELY, LIKELIER = 0.1, 3.0
"""The score of a passage from which its point is meant though it shares no word of the topic, where it is so many times
that of any other point."""
PROBABLY = 0.35
"""How likely a point is asked about where no other has anything to do with the topic."""
_SOURCE = re.compile(r"\s*(?:\[\w{1,4}\]|https?:|references?\b|table\b|\|)", re.IGNORECASE)
"""How an entry of a list of references, or a table, begins."""
MOST_UNDER = 2
"""Points that one passage may answer and still be told for it."""
LONGEST_HEADING = 80
"""Characters up to which a line without a sentence's end is a heading of a reply."""
_VERSION = frozenset("final version versions revision camera-ready next changes promise promised they".split())


def response(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the authors replied: to a reviewer, on a topic, or point by point."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    replies = [p for p in file.of("response") if p.locator.section != "Title"]
    if not replies:
        return _no_response(file, request, gathered)
    points = [p for p in file.raised("objects", "asks", reviewers=request.reviewers) if p.status is not None]
    meant = _meant_by_that(points, request, desk)
    told = in_their_words([p for p in points if set(p.passages) & set(request.about)], desk.past) or meant
    as_a_whole = [] if meant else _as_a_whole(file, request)
    if as_a_whole:
        return as_a_whole
    if told and len(told) <= MOST_POINTED:
        return _answered_fully(file, told[:1] if len(told) > 1 and request.topic else told, request.topic)
    theme = next((t for i, t in _THEMES_ASKED.items() if i in request.intents), None)
    as_one = theme is None and ASKS_SETTLED.search(request.text) and not coverage(request.topic, request.text)
    if as_one and len(told or points) > MOST_POINTED:
        return what_settled(file, told or points)
    if theme is not None:
        held = [p for p in points if theme in themes_of(p)[:1]]
        by = f" by {listed(request.reviewers)}" if request.reviewers else ""
        return point_by_point(file, held, "point") if held else [
            say(f"No objection on {theme}{by} is on record, so neither is a reply to one.", "abstention")
        ]  # fmt: skip
    if request.topic and not (ONE_BY_ONE.search(request.text) and points):
        own = coverage(request.topic, request.text) > 0
        ways = [
            _on_topic(file, points, replies, request, gathered, own=own),
            _last_told(file, points, desk, request.text),
        ]
        return next((said for said in ways if said), None) or _silent(file, request, gathered)
    if points:
        own_words = without_reviewers(request.text, desk.paper(request.submission))
        surely = (
            [] if ONE_BY_ONE.search(request.text) else surely_meant(own_words, points, gathered.meant(file.submission))
        )
        return _answered_fully(file, surely, "") if surely else point_by_point(file, points, "point")
    if request.reviewers:
        replies = [p for p in replies if p.addressee in request.reviewers] or replies
    return [quote(p, lead=who(p)) for p in in_turn(replies, lambda p: p.addressee or "", 5)] + _reaction(file, replies)


def _as_a_whole(file: ReviewFile, request: Request) -> list[DraftSentence]:
    """Who got no reply, what a reviewer made of it, what is promised: where the question asks for that."""
    if ASKS_UNANSWERED.search(request.text):
        return without_reply(file)
    if request.reviewers and ASKS_WHETHER.search(request.text) and not coverage(request.topic, request.text):
        return [
            line for n, name in enumerate(request.reviewers) for line in in_paragraph(whether_answered(file, name), n)
        ]
    if ASKS_SILENT.search(request.text) and not _matter(request, ASKS_SILENT) and (left := silent_points(file, request.reviewers)):  # fmt: skip
        return left
    if asks_postponed(request.text):
        return postponed(file, request.reviewers)
    if manner := manner_asked(request.text):
        return answered_by(file, manner, request.reviewers)
    if ASKS_REACTION.search(request.text) and not _matter(request, ASKS_REACTION):
        everybody = tuple(reviewers(file))
        names = everybody if ASKS_ANY.search(request.text) else request.reviewers or everybody
        said = [line for n, name in enumerate(names) for line in in_paragraph(reaction(file, name), n)]
        if said or not request.topic:
            return said or [say(f"No word of {listed(names)} after the reply is on record.", "abstention")]
    rest = [w for w in request.topic.split() if w not in _VERSION]
    if not ASKS_PROMISES.search(request.text):
        return []
    asked = " ".join(w for w in content_words(ASKS_PROMISES.sub(" ", request.text)) if w not in CHAT_WORDS and w not in _VERSION)  # fmt: skip
    return promises(file, request.reviewers, asked) if rest else promises(file, request.reviewers)


def _matter(request: Request, asking: re.Pattern[str]) -> list[str]:
    """The words of the message's topic that it brings itself, those by which it asks apart."""
    said = asking.sub(" ", request.text).lower()
    return [w for w in request.topic.split() if w in said and w not in ("reply", "rebuttal", "response", "etc")]


def _answered_fully(file: ReviewFile, points: Sequence[Point], topic: str) -> list[DraftSentence]:
    """Points with their replies; of a single one also what else the authors wrote on the matter."""
    fully = len(points) == 1
    lines = [line for n, p in enumerate(points) for line in in_paragraph(answered(file, p, fully=fully), n)]
    alone = len(points) == 1 and points[0].status != "not answered"
    return lines + further(file, points[0], topic) if alone else lines


def further(file: ReviewFile, point: Point, topic: str) -> list[DraftSentence]:
    """Other words of the authors on a point's matter, to its reviewer or to all: at most three passages."""
    shown = {i for r in point.replies[:1] for i in r.passages} if point.status != "not answered" else set()
    to = (point.reviewer, "all", None)
    wanted = f"{point.gist} {topic}"
    fits = [
        (max(coverage(wanted, p), coverage(topic, p)), p)
        for p in file.of("response")
        if p.addressee in to and p.id not in shown
    ]
    fits = [f for f in fits if f[1].role is None and not _SOURCE.match(f[1].text)]
    best = sorted((f for f in fits if f[0] >= LEAST_SHARED and f[1].locator.section != "Title"), key=lambda f: -f[0])[
        :3
    ]
    lead = [say("The authors also write:", paragraph=1)] if best else []
    return lead + [quote(p, lead=who(p), topic=wanted, paragraph=1) for _, p in best]


def _meant_by_that(points: Sequence[Point], request: Request, desk: Desk) -> list[Point]:
    """The few points that the last answer told, where a message asks of "that" in what way the authors answered it."""
    if desk.last is None or not manner_asked(request.text) or not _OF_THAT.search(request.text):
        return []
    cited = {c.passage_id for c in desk.last.answer.citations.values()}
    told = in_their_words([p for p in points if set(p.passages) & cited], desk.past)
    return told if len(told) <= MOST_POINTED else []


def _last_told(file: ReviewFile, points: Sequence[Point], desk: Desk, text: str) -> list[DraftSentence]:
    """The point that the conversation told last, when the topic of the question is nobody's."""
    for past in reversed(desk.past):
        cited = {c.passage_id for c in past.answer.citations.values()}
        told = in_their_words([p for p in points if set(p.passages) & cited], (past,))
        if told:
            alone = len(told) <= MOST_POINTED or not ASKS_SETTLED.search(text)
            return _answered_fully(file, told[:1], "") if alone else what_settled(file, told)
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
    found, meant = gathered.best_hits(), gathered.meant(file.submission)
    topic = request.topic

    def fit(point: Point) -> float:
        if not same_place(topic, point.whole):
            return 0.0
        hits = [found[i] for i in point.passages if i in found]
        share = coverage(topic, point.whole)
        near = max((h.cosine or 0.0 for h in hits), default=0.0)
        likely = max((h.score for h in hits), default=0.0)
        themed = len(topic.split()) <= 3 and bool(set(themes_of(topic)) & set(themes_of(point)[:1]))
        told = share >= 0.25 and any(speaks_of(h, topic) for h in hits)
        chance = meant.get(point.id, 0.0)
        speaks = share >= 0.6 or themed or told or max(likely, chance) >= LIKELY
        return near + share + 0.3 * themed + MEANT * chance if speaks else 0.0

    fits = {p.id: fit(p) for p in points}
    best = max(fits.values(), default=0.0)
    fitting = sorted((p for p in points if fits[p.id] > 0.6 * best), key=lambda p: -fits[p.id])[:3] if best else []
    fitting = fitting or _likeliest([p for p in points if same_place(topic, p.whole)], found, meant)
    if fitting:
        alone = fitting[:1] if fits[fitting[0].id] > CLEARLY * fits[fitting[-1].id] or len(fitting) == 1 else fitting
        if all(p.status == "not answered" for p in alone) and (spoken := _perhaps_spoken(found.values())):
            return _spoken_to(file, alone[:1], spoken, topic)
        return _answered_fully(file, alone, topic)
    hits = [h for h in found.values() if h.passage.kind == "response" and h.passage in replies]
    spoken = sorted((h for h in hits if speaks_of(h, topic)), key=lambda h: -relevance(h, topic))
    if spoken and own:
        if under := _answered_under(file, points, [h.passage for h in spoken[:3]]):
            return _answered_fully(file, under[:2], topic)
        chosen = unique(p for h in spoken[:3] for p in (h.passage, *said_under(file, h.passage)))[:4]
        lead = judge("The authors speak of this; no reviewer's point on it is on record.", *chosen)
        longest = LONG_REPLY if len(chosen) <= MOST_UNDER else LONGEST_QUOTE
        told = [quote(p, lead=who(p), topic=topic, longest=longest) for p in chosen]
        return [lead, *told, *_reaction(file, chosen)]
    return []


def _likeliest(points: Sequence[Point], found: Mapping[str, Hit], meant: Mapping[str, float]) -> list[Point]:
    """The one point that is probably asked about, or whose passage the search for the whole message finds far likelier to
    answer than any other's."""
    probable = max(points, key=lambda p: meant.get(p.id, 0.0), default=None)
    if probable is not None and meant.get(probable.id, 0.0) >= PROBABLY:
        return [probable]
    scores = {p.id: max((found[i].score for i in p.passages if i in found), default=0.0) for p in points}
    ordered = sorted(points, key=lambda p: -scores[p.id])
    best = ordered[:1]
    others = [p for p in ordered[1:] if best and not set(p.passages) & set(best[0].passages)][:1]
    least = max([LEAST_LIKELY, *(LIKELIER * scores[p.id] for p in others)])
    return [p for p in best if scores[p.id] >= least]


def _perhaps_spoken(hits: Iterable[Hit]) -> list[Passage]:
    """What the authors wrote that may answer by its score in the search, best first."""
    likely = [
        h for h in hits if h.passage.kind == "response" and h.score >= PERHAPS and h.passage.locator.section != "Title"
    ]
    return [h.passage for h in sorted(likely, key=lambda h: -h.score)][:MOST_SPOKEN]


def _spoken_to(file: ReviewFile, points: Sequence[Point], spoken: Sequence[Passage], topic: str) -> list[DraftSentence]:
    """A point to which no reply is tied, with what the authors wrote on its matter elsewhere."""
    chosen = unique(p for one in spoken for p in (said_under(file, one) or [one]))
    lead = judge(
        f"No reply is tied to this point of {points[0].reviewer} by the record; this of the authors speaks of the matter:",
        *file.held(points[0].passages)[:1], *chosen,
    )  # fmt: skip
    told = [quote(p, lead=who(p), topic=topic, longest=LONG_REPLY) for p in chosen]
    return [lead, point_line(file, points[0]), *told, *_reaction(file, chosen)]


def said_under(file: ReviewFile, passage: Passage) -> list[Passage]:
    """What the authors say under a heading, or to a question that they repeat: the passage after it in their reply."""
    after = [p for p in file.of("response") if p.locator.document == passage.locator.document and p.locator.start > passage.locator.start]  # fmt: skip
    return after[:1] if _only_leads(file, passage) else []


def _only_leads(file: ReviewFile, passage: Passage) -> bool:
    """Whether a passage of a reply is a heading or repeats the reviewer's own words, and answers nothing itself."""
    words = re.sub(r"^\W*(?:[QWA]?\d{1,2}\W+)?", "", passage.text).strip(' *_:"“”')
    numbered = passage.text.lstrip(" *_#")[:1].isdigit()
    if len(words) < LONGEST_HEADING and not re.search(r"\bwe\b" if numbered else r"[.!]\W*$|\bwe\b", words):
        return True
    return any(words[:LONGEST_HEADING] in p.text for p in file.of("review"))


def _answered_under(file: ReviewFile, points: Sequence[Point], spoken: Sequence[Passage]) -> list[Point]:
    """The points that are answered under a heading, or behind a repeated question, that speaks of the topic."""
    under = {p.id for passage in spoken for p in (said_under(file, passage) or [passage])}
    met = [p for p in points if p.status == "answered" and under & {r.passages[0] for r in p.replies if r.sure}]
    return met if len(met) <= MOST_UNDER else []


def _silent(file: ReviewFile, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """That the authors do not speak of the topic, with the nearest of their words; where those may be meant, only that."""
    hits = [h for h in gathered.best_hits().values() if h.passage.kind == "response"]
    topic = request.topic
    to = f" to {listed(request.reviewers)}" if request.reviewers else ""
    ordered = sorted(hits, key=lambda h: (-h.score, -relevance(h, topic)))
    near = unique(p for h in ordered[:2] for p in (said_under(file, h.passage) or [h.passage]))[:2]
    meant = bool(ordered) and ordered[0].score >= PERHAPS
    said = [
        judge(f"In the authors' response{to} this comes nearest:", *near)
        if meant
        else say(f"The authors' response{to} does not speak of this.", "abstention")
    ]
    return said + [quote(p, lead=who(p), topic=topic, paragraph=1) for p in near]


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
