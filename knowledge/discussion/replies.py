"""Which stretch of the authors' words answers a reviewer's point, how sure that is, and by what evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Literal

from knowledge.bearing import find_gist
from knowledge.discussion.blocks import Block
from knowledge.discussion.manners import Manner, read_manners
from knowledge.discussion.pairing import QUOTED, Embed, Pair, likeness, pair_up
from knowledge.discussion.points import ReviewPoint
from knowledge.discussion.references import Reference, find_references, find_targets
from knowledge.discussion.thread import is_reply
from knowledge.discussion.words import Rarity, sentences, terms
from knowledge.types import Document

EvidenceKind = Literal["quoted", "numbered", "restated", "referred", "meaning"]
"""By what a reply is known to answer a point: it repeats its words, its number, says it again in other words, another
reply to the point refers to it, or it only speaks of the same."""

Status = Literal["answered", "possibly answered here", "not answered"]

SURE, POSSIBLE, UNRELATED, NEAREST = 0.75, 0.25, 0.2, 3
"""From which fit on a reply is shown as an answer, and as a possible one; the most that one has with no word in common;
how many are listed where none answers."""
MEANT, LIKELY_MEANT, RELATED = 0.5, 0.35, 0.1
"""From which likeness on a place that a reference may mean is surely meant, and possibly; the least where it is named
by its number."""
MERE, BEHIND = 200, 0.001
"""Up to so many characters a reply that refers elsewhere says little itself, and what it means stands before it; else
that much of the fit behind it."""

# A logistic model of the pairs of nine labelled threads (docs/benchmarks.md), fitted with a strong penalty.
CONSTANT = -1.95
WEIGHTS = {
    "quoted": 0.51, "quotation": 0.51, "numbered": 1.45, "restated": 1.99, "restated words": 2.08,
    "cosine": 3.3, "words": 2.55, "cosine under a heading": 1.55, "words under a heading": 4.62, "place": 0.78,
    "distance": -3.7, "claimed": -1.02, "first of its point": 0.68, "first of its block": -0.26, "both first": 0.73,
    "to all": -0.32, "to another": -1.34, "in order": 1.2, "small things": 2.79,
}  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """A stretch of the authors' words that speaks to a point: exactly the document's text at its offsets.

    fit: from 0 to 1, how likely it answers the point. to_other: it was written to another reviewer.
    quoted: offsets in the reply's document of the reviewer's words that it repeats; label: the number that it gives;
    terms: the rarest words in common. manners: how it answers, the main way first. gist: offsets of the one sentence
    that says most on the point. via: where the evidence is "referred", the words that refer to it: document, offsets.
    """

    document: str
    start: int
    end: int
    fit: float
    evidence: EvidenceKind
    sure: bool = False
    to_other: bool = False
    quoted: tuple[tuple[int, int], ...] = ()
    label: str | None = None
    terms: tuple[str, ...] = ()
    manners: tuple[Manner, ...] = ()
    gist: tuple[int, int] = (0, 0)
    via: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Answer:
    """What the authors replied to a point, the surest first.

    replies: where the status is "not answered", the nearest of what they wrote afterwards, which do not answer it.
    """

    status: Status
    replies: tuple[Reply, ...] = ()


def find_answers(points: Sequence[ReviewPoint], documents: Sequence[Document], embed: Embed) -> dict[str, Answer]:
    """By the id of each point that asks or objects: the authors' replies to it, or that there is none.

    `documents` are those of the thread: reviews, comments and responses, in any order.
    """
    asking = [point for point in points if point.wants_reply]
    blocks, pairs = pair_up(asking, documents, embed)
    held = {n: terms(point.text) for n, point in enumerate(asking)}
    spoken = {n: terms(block.answer) for n, block in enumerate(blocks)}
    rarity = Rarity.among([*held.values(), *spoken.values()])
    texts = {document.id: document.text for document in documents}
    pointing = [find_references(texts[block.document], block.start, block.end) for block in blocks]
    found: dict[int, dict[int, Reply]] = {}
    for pair in pairs:
        common = rarity.rarest(held[pair.point] & spoken[pair.block])
        found.setdefault(pair.point, {})[pair.block] = make_reply(pair, blocks[pair.block], common)
    places = {(pair.point, pair.block): pair for pair in pairs}
    by_id = {document.id: document for document in documents}
    names = {document.author for document in documents if document.author and not is_reply(document)}
    for n, replies in found.items():
        for origin, reply in list(replies.items()):
            for reference in pointing[origin] if reply.sure or reply.fit >= POSSIBLE else ():
                targets, told = find_targets(reference, origin, blocks, by_id, names)
                own = {b: places[n, b] for b in targets if (n, b) in places}
                follow(reference, reply, own, told, replies)
    answers = {point.id: judge(list(found.get(n, {}).values())) for n, point in enumerate(asking)}
    marked = {(block.document, block.start): pointing[n] for n, block in enumerate(blocks)}
    return {
        point.id: replace(
            answers[point.id], replies=tuple(tell(r, point, texts[r.document], marked) for r in answers[point.id].replies)
        )
        for point in asking
    }  # fmt: skip


def follow(
    reference: Reference, origin: Reply, targets: Mapping[int, Pair], told: bool, replies: dict[int, Reply]
) -> None:
    """Take into `replies` what a reference in a point's reply means: the places that its numbers name, else the one
    that speaks most of the point. Changes `replies`."""
    ranked = sorted(targets, key=lambda b: (-likeness(targets[b]), b))
    vague = reference.target == "here" and len(targets) > 1  # "as said above"
    via = (origin.document, reference.start, reference.end)
    for block in ranked if told else ranked[:1]:
        near, reply = likeness(targets[block]), replies[block]
        if (
            reply.sure
            or near < (RELATED if told else LIKELY_MEANT)
            or (reply.evidence == "referred" and reply.fit >= origin.fit)
        ):
            continue
        clear = told or (near >= MEANT and not vague)
        first = origin.fit - (BEHIND if origin.end - origin.start > MERE else 0.0)
        fit = first if clear else min(origin.fit, SURE) - 0.01
        replies[block] = replace(reply, fit=fit, evidence="referred", sure=origin.sure and clear, via=via)


def tell(
    reply: Reply, point: ReviewPoint, text: str, references: Mapping[tuple[str, int], tuple[Reference, ...]]
) -> Reply:
    """A reply with how it answers and the sentence that says most on the point."""
    spots = tuple((r.start, r.end) for r in references.get((reply.document, reply.start), ()))
    manners = read_manners(text, reply.start, reply.end, spots)
    spans = sentences(text, reply.start, reply.end) or [(reply.start, reply.end)]
    main = manners[0] if manners else None
    liked = [0.25 if main and main.kind != "explanation" and (main.start, main.end) == span else 0.0 for span in spans]
    return replace(reply, manners=manners, gist=find_gist(text, point.text, spans, liked))


def judge(replies: list[Reply]) -> Answer:
    """The answer that a point's candidates make."""
    ranked = sorted(
        replies, key=lambda reply: (not reply.sure, -reply.fit, reply.via is None, reply.document, reply.start)
    )
    likely = tuple(reply for reply in ranked if reply.sure or reply.fit >= POSSIBLE)
    if any(reply.sure for reply in likely):
        return Answer("answered", likely)
    if likely:
        return Answer("possibly answered here", likely)
    return Answer("not answered", tuple(ranked[:NEAREST]))


def make_reply(pair: Pair, block: Block, common: tuple[str, ...]) -> Reply:
    """A pair as a reply with its evidence."""
    fit, quotes = fit_of(pair), is_quotation(pair)
    evidence: EvidenceKind = "meaning"
    if quotes:
        evidence, fit = "quoted", max(fit, 0.95)
    elif is_unrelated(pair):
        fit = min(fit, UNRELATED)
    elif pair.numbered and not pair.claimed:
        evidence = "numbered"
    elif pair.minor or (pair.leads and pair.restated >= 0.4):
        evidence = "restated"
    sure = quotes or (fit >= SURE and pair.near != "other" and not pair.claimed)
    return Reply(
        block.document, block.start, block.end, round(fit, 4), evidence, sure, pair.near == "other",
        pair.quotes if quotes else (), block.label, common,
    )  # fmt: skip


def is_quotation(pair: Pair) -> bool:
    """Whether the block repeats the point's words and so answers it."""
    return pair.quoted >= QUOTED and pair.quoted_words >= 4


def is_unrelated(pair: Pair) -> bool:
    """Whether nothing but its place speaks for a block: where there is one point and one reply, it would be enough."""
    return not pair.shared and not pair.restated_shared and not pair.numbered and not pair.minor and pair.cosine < 0.3


def fit_of(pair: Pair) -> float:
    """How likely a block answers a point, from 0 to 1."""
    first, second = pair.rank_point == 0, pair.rank_block == 0
    measured = {
        "quoted": pair.quoted, "quotation": is_quotation(pair), "numbered": pair.numbered,
        "restated": pair.restated * pair.leads, "restated words": pair.restated_shared * pair.leads,
        "cosine": pair.cosine * (not pair.leads), "words": pair.shared * (not pair.leads),
        "cosine under a heading": pair.cosine * pair.leads, "words under a heading": pair.shared * pair.leads,
        "place": pair.place, "distance": pair.distance, "claimed": pair.claimed,
        "first of its point": first, "first of its block": second, "both first": first and second,
        "to all": pair.near == "all", "to another": pair.near == "other", "in order": pair.aligned,
        "small things": pair.minor,
    }  # fmt: skip
    return 1 / (1 + exp(-(CONSTANT + sum(WEIGHTS[name] * float(value) for name, value in measured.items()))))
