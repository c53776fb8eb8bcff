"""Points of reviews against stretches of replies: all that speaks for two of them belonging together."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from knowledge.discussion.blocks import HEADED, Block, Quotation, read_blocks
from knowledge.discussion.numbering import read_numbers
from knowledge.discussion.points import ReviewPoint
from knowledge.discussion.thread import Nearness, is_reply, may_follow, nearness, speaks_to
from knowledge.discussion.words import Rarity, places, terms, words_at
from knowledge.reviewers import find_names
from knowledge.types import Document

if TYPE_CHECKING:
    import numpy as np

Embed = Callable[[Sequence[str]], "np.ndarray"]
"""Texts -> unit vectors, shape (len(texts), width), float32."""
Vectors = Mapping[str, "np.ndarray"]
"""A unit vector (width,) by text."""

QUOTED = 0.3
"""So much of what a block quotes from a point makes it an answer to that point."""
UNALIGNED = 0.35
"""A pair that speaks less of the same than this is better left out of the order."""
SPEAKERS = re.compile(r"\b(?:Anon)?Reviewers?[_ ]?#?\w{0,4}\b|\b[Tt]he authors?\b|\bR\d\b|\b[Ww]e\b|[*_`>#]+")


MINOR = re.compile(
    r"\b(minor|typos?|nits?|small|notes?|editorial|notation|grammar|writing|other comments)\b", re.IGNORECASE
)
MENDED = re.compile(
    r"\b(typos?|minor|grammatical|grammar|spelling|mistakes?|notes|writing|wording|editorial|notations?)\b.{0,120}\b(fix|correct|revis|amend|updat|incorporat|address|proofread|improv|chang|tak)\w*"
    r"|\b(fix|correct|revis|amend|updat|incorporat|address|proofread|improv|chang|tak)\w*\b.{0,120}\b(typos?|minor|grammatical|grammar|spelling|mistakes?|notes|writing|wording|editorial|notations?)\b",
    re.IGNORECASE | re.DOTALL,
)


def mends_minor(block: Block, point: ReviewPoint) -> bool:
    """Whether a block says of the small things together that they were mended, and the point is one of them."""
    small = "typo" in point.aspects or bool(point.heading and MINOR.search(point.heading))
    return small and len(block.answer) < 400 and bool(MENDED.search(f"{block.restated} {block.answer}"))


@dataclass(frozen=True)
class Pair:
    """A point and a block with what speaks for their belonging together."""

    point: int
    block: int
    near: Nearness
    quoted: float = 0.0
    quoted_words: int = 0
    numbered: bool = False
    leads: bool = False
    restated: float = 0.0
    restated_shared: float = 0.0
    cosine: float = 0.0
    shared: float = 0.0
    place: bool = False
    distance: float = 0.0
    claimed: bool = False
    later: bool = False
    minor: bool = False
    rank_block: int = 0
    rank_point: int = 0
    aligned: bool = False
    quotes: tuple[tuple[int, int], ...] = field(default=(), compare=False)


def pair_up(
    points: Sequence[ReviewPoint], documents: Sequence[Document], embed: Embed
) -> tuple[list[Block], list[Pair]]:
    """Every stretch of the authors' words with every point that it may answer: none that was written before.

    Cost: one embedding for each point, block and restated question; the pairs are points times blocks.
    """
    by_id = {document.id: document for document in documents}
    asked = {point.document for point in points}
    replies = [document for document in documents if is_reply(document)]
    names = {point.reviewer for point in points if point.reviewer}
    blocks: list[Block] = []
    for reply in replies:
        sources = [by_id[id] for id in asked if id in by_id and may_follow(reply, by_id[id], by_id)]
        sources.sort(key=lambda source: nearness(reply, source, by_id, names) != "own")
        blocks += [address(block, names) for block in read_blocks(reply, sources)]
    if not points or not blocks:
        return blocks, []
    point_texts, answers = [bare(point.text) for point in points], [bare(block.answer) for block in blocks]
    restated = [bare(block.restated) for block in blocks]
    vectors = dict(zip(unique := list(dict.fromkeys([*point_texts, *answers, *restated])), embed(unique), strict=True))
    point_terms, answer_terms, restated_terms = (
        [terms(t) for t in texts] for texts in (point_texts, answers, restated)
    )
    rarity = Rarity.among([*point_terms, *answer_terms])
    point_words = [max(1, len(words_at(point.text))) for point in points]
    pairs = []
    for p, point in enumerate(points):
        for b, block in enumerate(blocks):
            reply, source = by_id[block.document], by_id[point.document]
            if not may_follow(reply, source, by_id):
                continue
            near = nearness(reply, source, by_id, names)
            if block.addressees:
                near = "own" if point.reviewer in block.addressees else "other"
            quotes = [q for q in block.quotations if q.document == point.document and overlaps(q, point)]
            total = sum(q.words for q in block.quotations)
            ours = sum(words_inside(q, point) for q in quotes)
            pairs.append(
                Pair(
                    p, b, near,
                    quoted=max(ours / total, ours / point_words[p]) if ours else 0.0,
                    quoted_words=ours,
                    leads=bool(restated[b]),
                    restated=float(vectors[restated[b]] @ vectors[point_texts[p]]) if restated[b] else 0.0,
                    restated_shared=rarity.shared(restated_terms[b], point_terms[p]) if restated[b] else 0.0,
                    cosine=float(vectors[answers[b]] @ vectors[point_texts[p]]),
                    shared=rarity.shared(answer_terms[b], point_terms[p]),
                    place=bool(places(block.answer + block.restated) & places(point.text)),
                    minor=mends_minor(block, point),
                    later=near == "own" and not speaks_to(reply, source, by_id),
                    quotes=tuple((q.start, q.end) for q in quotes),
                )
            )  # fmt: skip
    by_place = {(pair.point, pair.block): pair for pair in pairs}
    spoken = {place: likeness(pair) for place, pair in by_place.items()}
    numbers = read_numbers(points, blocks, spoken, lambda p, b: by_place[p, b].near == "own")
    pairs = [replace(pair, numbered=(pair.point, pair.block) in numbers) for pair in pairs]
    return blocks, compete(points, blocks, pairs)


def compete(points: Sequence[ReviewPoint], blocks: Sequence[Block], pairs: list[Pair]) -> list[Pair]:
    """The pairs with what their rivals say of them: whether the block repeats another point, and the ranks of each for
    the other."""
    quoted = {pair.block for pair in pairs if pair.quoted >= QUOTED}
    numbered = {pair.block for pair in pairs if pair.numbered}
    by_point: dict[int, list[float]] = {}
    by_block: dict[int, list[float]] = {}
    for pair in pairs:
        by_point.setdefault(pair.point, []).append(closeness(pair))
        if pair.near == "own":
            by_block.setdefault(pair.block, []).append(closeness(pair))
    places_of_points = relative({n: point.document for n, point in enumerate(points)})
    places_of_blocks = relative({n: block.document for n, block in enumerate(blocks)})
    aligned = align(points, blocks, pairs)
    return [
        replace(
            pair,
            aligned=(pair.point, pair.block) in aligned,
            claimed=pair.quoted < 0.2
            and (pair.block in quoted or (not pair.numbered and pair.block in numbered and pair.near == "own")),
            rank_point=sum(1 for other in by_point[pair.point] if other > closeness(pair)),
            rank_block=sum(1 for other in by_block.get(pair.block, []) if other > closeness(pair)),
            distance=abs(places_of_points[pair.point] - places_of_blocks[pair.block]) if pair.near == "own" else 0.4,
        )
        for pair in pairs
    ]


def align(points: Sequence[ReviewPoint], blocks: Sequence[Block], pairs: Sequence[Pair]) -> set[tuple[int, int]]:
    """The pairs of each review and each reply to it that keep the order of both and speak most of the same: authors
    answer in the order in which they were asked. Dynamic programming (Needleman and Wunsch, 1970), points times blocks."""
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        if pair.near == "own":
            groups.setdefault((points[pair.point].document, blocks[pair.block].document), []).append(pair)
    kept: set[tuple[int, int]] = set()
    for own in groups.values():
        rows, columns = sorted({pair.point for pair in own}), sorted({pair.block for pair in own})
        gain = {(pair.point, pair.block): closeness(pair) - UNALIGNED for pair in own}
        best: dict[tuple[int, int], tuple[float, frozenset[tuple[int, int]]]] = {}
        for i in range(len(rows) + 1):
            for j in range(len(columns) + 1):
                if not i or not j:
                    best[i, j] = (0.0, frozenset())
                    continue
                cell = (rows[i - 1], columns[j - 1])
                before = best[i - 1, j - 1]
                match = (before[0] + gain.get(cell, -1.0), before[1] | {cell})
                best[i, j] = max(best[i - 1, j], best[i, j - 1], match, key=lambda found: found[0])
        kept |= best[len(rows), len(columns)][1]
    return kept


def relative(documents: Mapping[int, str]) -> dict[int, float]:
    """The place of each thing among those of its document, from 0 to 1."""
    members: dict[str, list[int]] = {}
    for number, document in documents.items():
        members.setdefault(document, []).append(number)
    return {number: (index + 0.5) / len(own) for own in members.values() for index, number in enumerate(own)}


def closeness(pair: Pair) -> float:
    """How much two texts speak of the same, for ranking: quoted words before restated ones before the answer's own."""
    return 2 * pair.quoted + 0.5 * pair.numbered + likeness(pair)


def likeness(pair: Pair) -> float:
    """How much two texts speak of the same by their words and meaning, quotations and numbers apart."""
    answer = pair.cosine + 0.3 * pair.shared
    return 0.7 * (pair.restated + 0.3 * pair.restated_shared) + 0.3 * answer if pair.leads else answer


def bare(text: str) -> str:
    """Words without who speaks, which all replies share, and without markup."""
    return " ".join(SPEAKERS.sub(" ", text.replace(HEADED, "")).split())


NAMED = re.compile(
    r"\b(?:anon)?reviewers?[\s_#-]*((?:\w{1,4})(?:\s*(?:,|and|&|/)\s*(?:reviewer\s*)?#?\w{1,4}\b)*)|\b(R\d(?:\s*(?:,|and|&|/)\s*R?\d\b)*)",
    re.IGNORECASE,
)


def address(block: Block, names: set[str]) -> Block:
    """A block with the reviewers that its heading names."""
    if HEADED not in block.restated and len(block.restated) > 90:
        return block
    said = [
        part
        for match in NAMED.finditer(block.restated)
        for part in re.split(r"\s*(?:,|and|&|/)\s*", match[1] or match[2])
    ]
    meant = {
        name
        for part in said
        for name in find_names(part if re.match(r"[rR]", part) and len(part) > 1 else f"Reviewer {part}", names)
    }
    return replace(block, addressees=frozenset(meant))


def overlaps(quotation: Quotation, point: ReviewPoint) -> bool:
    return words_inside(quotation, point) > 0


def words_inside(quotation: Quotation, point: ReviewPoint) -> int:
    """How many of the quoted words stand in the point, or in what introduces it."""
    length = quotation.source_end - quotation.source_start or 1
    spans = [(point.start, point.end), *([point.lead] if point.lead else [])]
    inside = sum(max(0, min(quotation.source_end, end) - max(quotation.source_start, start)) for start, end in spans)
    return round(quotation.words * min(1.0, inside / length))
