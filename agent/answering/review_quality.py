"""How good a review is, and whether a reviewer's point holds up: quoted and argued, never by its score."""

import re
from collections.abc import Sequence

from agent.answering.parts import coverage, judge, listed, quote, relevance, say, speaks_of, unique, who
from agent.answering.points import (
    MAYBE,
    in_paragraph,
    near_replies,
    no_reply,
    passages_of,
    point_line,
    with_reply,
)
from agent.answering.record import no_reviews, reviewers
from agent.answering.review_faults import (  # fmt: skip
    ARGUED,
    claims_absence,
    faults_told,
    harshest,
    is_refuted,
    one_review,
    points_judged,
    specific,
)
from agent.answering.voices import corrected, fit
from agent.cues import content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.fault_words import asks_of_reviews, faults_asked
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Hit

_WHICH = re.compile(
    r"\b(?:which|what|any|some|anything|how much)\b.{0,30}\b(?:contradict\w*|refuted|disproved|(?:plainly |simply )?(?:wrong|false|untrue))",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\b(?:gives?|gave|names?|offers?|provides?|cites?) (?:any |an? |some )?(?:\w+ )?(?:evidence|examples?|references?|proof|instances?)|\b(?:back|support|substantiate)s? (?:it|this|that|them)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(r"\b(?:but|however|only|except|unless|although|though|not)\b", re.IGNORECASE)
_OF_THESE = re.compile(r"\b(?:of (?:these|those|them|that|this)|th(?:ese|ose) (?:points|concerns|objections|criticisms|complaints)|the(?:se|m) (?:is|are))\b", re.IGNORECASE)  # fmt: skip
MOST_SHOWN = 2
"""Reviews, the most useful first, of which examples are shown, and of the thinnest."""
NEAR = 0.45
"""Cosine from which a passage of the paper is worth showing beside a point."""
_HARSH = re.compile(
    r"\b(?:harsh\w*|most (?:critical|negative)|lowest|toughest|severest|meanest|strictest)\b", re.IGNORECASE
)
_REVIEW = re.compile(r"\b(?:reviews?|(?:lean|rely|count|build) on|trust\w*|worth (?:anything|much|reading|weighing|considering|it)|(?:of )?(?:any )?use\b|useful|reviewer (?:\w+ ){0,3}(?:fair|unfair|too|being)|(?:un)?fair to (?:the )?(?:paper|authors)|too (?:harsh|hard|strict|tough|negative|generous)|being (?:un)?fair)\b", re.IGNORECASE)  # fmt: skip
_OF_A_POINT = re.compile(r"\b(?:remark|point|comment|claim|complaint|objection|criticism|concern|question|argument|statement|suspicion)s?\b", re.IGNORECASE)  # fmt: skip
_WHOLE = re.compile(
    r"\breviews?\b|\b(?:whose|which reviewer\w*|who)\b|\bmost useful\b|\bthin\w*\b|\b(?:best|worst) (?:one|review)",
    re.IGNORECASE,
)


def quality(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """A judgement of the reviews as a whole, or of the point that the question is about."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    name = request.reviewers[0] if len(request.reviewers) == 1 else harshest(file) if _HARSH.search(request.text) else None  # fmt: skip
    of_a_point = bool(request.topic) and bool(_OF_A_POINT.search(request.text))
    if name is not None and not of_a_point and not _EXAMPLE.search(request.text) and (not request.reviewers or _REVIEW.search(request.text)):  # fmt: skip
        return one_review(file, name)
    faults = faults_asked(request.text)
    if faults or _WHICH.search(request.text):
        return _at_fault(faults or ("contradicted",), file, request, gathered, desk)
    if asks_of_reviews(request.text) and not of_a_point:
        return _reviews_as_a_whole(file, request.reviewers or tuple(reviewers(file)), gathered)
    point = _point_meant(file, request, gathered)
    if point is not None:
        return exemplified(file, point) if _EXAMPLE.search(request.text) else hold_up(file, point, gathered)
    if len(request.reviewers) == 1 and request.topic:
        return corrected(file, request.reviewers[0], request.topic, gathered) or one_review(file, request.reviewers[0])
    if _WHOLE.search(request.text) or not request.topic:
        return _reviews_as_a_whole(file, request.reviewers or tuple(reviewers(file)), gathered)
    return _claim_held(request, gathered)


def _at_fault(
    faults: Sequence[str], file: ReviewFile, request: Request, gathered: Gathered, desk: Desk
) -> list[DraftSentence]:
    """The points with the faults asked for: of those just told where the question goes on from them."""
    of_these = tuple(faults) == ("contradicted",) or _OF_THESE.search(request.text)
    # What is asked of one reviewer is asked of the whole review, of which an answer tells a part.
    told = _told(file, request, desk) if of_these and not request.reviewers else []
    paper = desk.paper(request.submission)
    points = told or points_judged(file, request.reviewers)
    return faults_told(faults, points, file, gathered, paper.title if paper else "")


def _told(file: ReviewFile, request: Request, desk: Desk) -> list[Point]:
    """The concerns of the last answer."""
    cited = {c.passage_id for c in desk.last.answer.citations.values()} if desk.last else set()
    return [p for p in file.raised("objects", "asks", reviewers=request.reviewers) if cited & set(p.passages)]


def contradicted(file: ReviewFile, points: Sequence[Point]) -> list[DraftSentence]:
    """Those points that say that something is missing where the authors show that it is there, each with the reply."""
    found = [p for p in points if p.status == "answered" and p.replies and is_refuted(p)]
    if not found:
        return [say("No reply on record shows one of these points to be contradicted by the paper.", "abstention")]
    many = "These points are" if len(found) > 1 else "One point is"
    replies = file.held(i for p in found for i in p.replies[0].passages)
    lead = judge(
        f"{many} contradicted, by the paper's own words as the authors point to them:",
        *passages_of(file, found),
        *replies,
    )
    return [lead, *[line for n, p in enumerate(found, 1) for line in in_paragraph(with_reply(file, p), n)]]


def exemplified(file: ReviewFile, point: Point) -> list[DraftSentence]:
    """Whether a point comes with a place, a figure or a work that can be checked."""
    line = point_line(file, point)
    if specific(point.text):
        return [judge(f"Yes, {point.reviewer} names something that can be checked:", *passages_of(file, [point])), line]
    return [say("No example, place or figure stands with this point on record.", "abstention"), line]


def _claim_held(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """A claim that is no reviewer's, held against what the sources say on it."""
    hits = [h for s in gathered.searched for h in s.hits if speaks_of(h, request.topic)]
    best = unique(h.passage for h in sorted(hits, key=lambda h: -relevance(h, request.topic)))[:3]
    if not best:
        return [say("No reviewer's point on record speaks of this.", "abstention")]
    limited = next((p for p in best if _LIMITS.search(p.text)), None)
    text = "Not without reserve: the sources set a limit to it." if limited else "What the sources say on it:"
    return [judge(text, limited or best[0]), *[quote(p, lead=who(p), topic=request.topic) for p in best]]


def _point_meant(file: ReviewFile, request: Request, gathered: Gathered) -> Point | None:
    """The point that the question speaks of: by its topic, else the one that the last answer told."""
    topic = f"{request.topic} {request.context}".strip()
    found = {h.passage.id: h for s in gathered.searched for h in s.hits}
    mine = [p for p in file.points if p.concern and (not request.reviewers or p.reviewer in request.reviewers)]
    if request.topic and len(content_words(request.topic)) > 1:
        # What a reviewer states in passing may be wrong, too.
        mine = [
            p for p in file.points if p.kind != "relayed" and (not request.reviewers or p.reviewer in request.reviewers)
        ]
    told = [p for p in mine if set(p.passages) & set(request.about)]
    if told and (len(told) == 1 or not topic):
        return told[0]
    meant = gathered.meant(file.submission)
    fitting = (
        sorted(((fit(p, topic, found, meant), p) for p in told or mine), key=lambda pair: -pair[0]) if topic else []
    )
    return fitting[0][1] if fitting and fitting[0][0] > 0 else None


def hold_up(file: ReviewFile, point: Point, gathered: Gathered) -> list[DraftSentence]:
    """A point with the paper's own words on the matter, the reply, and what follows from them."""
    hits = [h for s in gathered.searched for h in s.hits if h.passage.kind in ("paper", "notes")]
    paper = _paper_on(point, hits)
    bearing = [*passages_of(file, [point]), *(h.passage for h in paper[:1])]
    replied = point.status in ("answered", MAYBE)
    replies = file.held(i for r in point.replies[:1] for i in r.passages) if replied else ()
    sentences = [judge(_verdict(point, bool(paper)), *bearing, *replies), point_line(file, point)]
    near = paper[:2] or sorted((h for h in hits if (h.cosine or 0) >= NEAR), key=lambda h: -(h.cosine or 0.0))[:2]
    if near:
        sentences.append(say("The paper itself on this:" if paper else "Nearest to it in the paper:", paragraph=1))
        sentences += [quote(h.passage, topic=point.text, paragraph=1) for h in near]
    if (replied and point.replies) or near_replies(point):
        sentences += in_paragraph(with_reply(file, point)[1:], 2)
    return sentences


def _paper_on(point: Point, hits: Sequence[Hit]) -> list[Hit]:
    """The paper's passages that speak of the same matter, the nearest first."""
    fitting = [
        h
        for h in hits
        if (coverage(point.gist, h.passage) >= 0.3 and (h.cosine or 0) >= 0.3) or speaks_of(h, point.gist)
    ]
    unique_ids = {
        h.passage.id: h for h in sorted(fitting, key=lambda h: -(h.cosine or 0.0) - coverage(point.gist, h.passage))
    }
    return list(unique_ids.values())


def _verdict(point: Point, paper_speaks: bool) -> str:
    """What the record says for or against a point, in a sentence of judgement."""
    vague = not specific(point.text) and len(point.text.split()) < ARGUED
    if point.verdict == "yes":
        return f"The point was fair to raise and is met: {point.reviewer} took the reply as settling it."
    if paper_speaks and claims_absence(point) and not point.gist.strip().endswith("?"):
        return "As far as it claims an absence, the paper's own words below speak against it; whether they are enough is for you to judge."
    if point.status == "answered":
        return "The authors meet it with an answer of their own; the point is a fair one to raise, and its weight depends on whether that answer convinces."
    if point.status == MAYBE and point.replies:
        return "The authors may have met it in what is told below, and nobody on record says whether they did; until then it stands as a fair concern."
    if vague:
        return "It names no place, number or experiment, so the authors could hardly answer it: I would give it little weight as it stands."
    if paper_speaks:
        return (
            f"The paper speaks to the matter, and {no_reply(point)}: I would hold the point against the passage below."
        )
    return f"Nothing in the sources found speaks against it, and {no_reply(point)}: it stands as a fair concern."


def _reviews_as_a_whole(file: ReviewFile, names: Sequence[str], gathered: Gathered) -> list[DraftSentence]:
    """Reviews compared by what can be checked in them: points, how many of them are specific, an example of each kind."""
    measured = []
    for name in names:
        points = [p for p in file.raised("objects", "asks", reviewers=(name,), small=True) if p.kind == "review"]
        if points:
            telling = [p for p in points if specific(p.text)]
            measured.append((len(telling), len(telling) / len(points), name, points, telling))
    if not measured:
        return [say("The reviews on record raise no point that could be weighed.", "abstention")]
    measured.sort(key=lambda m: (-m[0], -m[1]))
    bare = [name for name in names if all(m[2] != name for m in measured)]
    sentences: list[DraftSentence] = []
    if bare:
        held = file.held(p.passages[0] for n in bare for p in file.points if p.reviewer == n)
        text = f"Thinnest {'is the review' if len(bare) == 1 else 'are the reviews'} by {listed(bare)}: no objection and no question that could be weighed."  # fmt: skip
        sentences.append(judge(text, *held))
        if len(measured) > 1:
            sentences.append(judge(f"Most useful is the review by {measured[0][2]}, by how many of its points can be checked.", *passages_of(file, measured[0][3][:2])))  # fmt: skip
    elif len(measured) > 1:
        best, worst = measured[0], measured[-1]
        text = f"Most useful is the review by {best[2]}, thinnest the one by {worst[2]}, by how many of their points name a place, a figure or a work that can be checked."
        sentences.append(judge(text, *passages_of(file, [*best[3][:2], *worst[3][:2]])))
    for paragraph, (place, (_, share, name, points, telling)) in enumerate(enumerate(measured), 1):
        much = "most" if share > 0.5 else "some" if telling else "none"
        text = f"{name}: {much} of the points can be checked{'' if telling else ', so they are vague as they stand'}."
        sentences.append(judge(text, *passages_of(file, points[:3]), paragraph=paragraph))
        if telling and place < MOST_SHOWN:
            sentences.append(point_line(file, telling[0], lead="Specific", paragraph=paragraph))
        loose = [p for p in points if p not in telling]
        if loose and (place < MOST_SHOWN or place == len(measured) - 1):
            sentences.append(point_line(file, loose[0], lead="Without evidence", paragraph=paragraph))
    refuted = [p for _, _, _, points, _ in measured for p in points if p.status == "answered" and is_refuted(p)][:2]
    return [*sentences, *in_paragraph(contradicted(file, refuted), 90)] if refuted else sentences
