"""A review -> its points: each thing that is praised, objected to or asked, at exact offsets."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.bearing import find_gist
from knowledge.discussion.cues import ADDS, ANAPHORA, PointAspect, aspects_of, heading_meaning
from knowledge.discussion.items import Item, find_opening, read_items
from knowledge.discussion.stances import (
    ASKED,
    FOLLOWED,
    SUMMARY,
    Stance,
    is_aside,
    is_told,
    stance_of,
)
from knowledge.discussion.words import places, sentences, terms
from knowledge.types import Document

PLACED = re.compile(
    r"\W*(?:pp?|page|pg|fig|figure|table|tab|sec|section|eq|equation|line|alg|algorithm|appendix|corollary|theorem|def)\b[.]?\s*[\dA-Z(]|\W*[pPlL]\.?\d",
    re.IGNORECASE,
)
BACK = re.compile(r"\b(this|that|these|those|it|them|there)\b.*\?$", re.IGNORECASE)
SHORT_QUESTION = 80
"""A question up to this long that says "this" or "that" asks about the sentence before."""
TICKED = re.compile(r"^\W*(?:NO|YES|NONE|N/A)\b(?!\W+[a-z]+ly)[^.]{0,50}\W*$")
"""A box of a form."""
LONG_ITEM = 420
"""A list item beyond this many characters may hold several points."""


@dataclass(frozen=True)
class ReviewPoint:
    """One thing that a reviewer praises, objects to or asks: exactly `document.text[start:end]`.

    label: the number or letter under which it stands in the review, "W2", "Q1", "3", "1a"; None without one.
    lead: offsets of the heading or of the sentence that introduces the list it stands in; None without one.
    """

    id: str
    document: str
    start: int
    end: int
    text: str
    reviewer: str | None
    stance: Stance
    aspects: tuple[PointAspect, ...]
    label: str | None = None
    lead: tuple[int, int] | None = None
    heading: str | None = None
    """The words of `lead`."""
    date: str | None = None
    gist: tuple[int, int] = (0, 0)
    """Offsets of the one sentence that carries it; the whole point where it is one sentence."""

    @property
    def wants_reply(self) -> bool:
        """Whether it asks or objects."""
        return self.stance in ("asks", "objects")


@dataclass(frozen=True)
class Said:
    """A sentence of a review with the heading, or the beginning of the list, that it stands under, and what the patterns
    read it as."""

    text: str
    heading: str = ""
    read: Stance = "describes"


Judge = Callable[[Sequence[Said]], Sequence[Stance]]
"""What each sentence does. Without one the patterns of `stances` say it."""
Stances = Mapping[tuple[int, int], Stance]
"""What sentences do, by their offsets."""


def split_points(document: Document, judge: Judge | None = None) -> tuple[ReviewPoint, ...]:
    """The points of a review or comment in reading order.

    Headings, list items and numbers part them where there are any; in running prose what the sentences do: one that
    objects or asks begins a point, those that go on about the same belong to it.
    """
    items, opening = read_items(document), find_opening(document)
    said = sentences_in_context(document, items, opening) if judge is not None else {}
    judged: Stances = judged_by(judge, said) if judge is not None else {}
    groups: list[Group] = []
    for item in items:
        groups += [Group(item, *found) for found in group_sentences(document.text, item, opening, judged)]
    return tuple(make_point(document, group, judged) for group in settle(document.text, groups, judged))


def judged_by(judge: Judge, said: Mapping[tuple[int, int], Said]) -> Stances:
    """What each sentence does; what stands under a heading of strengths asks nothing unless it ends as a question."""
    found: dict[tuple[int, int], Stance] = {}
    for (span, one), stance in zip(said.items(), judge(list(said.values())), strict=True):
        liked = stance == "asks" and heading_meaning(one.heading)[0] == "praises" and not ASKED.search(one.text)
        found[span] = "praises" if liked else stance
    return found


def sentences_in_context(document: Document, items: Sequence[Item], opening: int) -> dict[tuple[int, int], Said]:
    """The sentences of the items of a document by their offsets, in reading order; up to `opening` it tells what the paper
    does."""
    found: dict[tuple[int, int], Said] = {}
    for item in items:
        heading = one_line(document.text[item.lead[0] : item.lead[1]]) if item.lead else ""
        for start, end in sentences(document.text, item.start, item.end):
            own: Stance | None = "describes" if end <= opening and item.stance is None else item.stance
            read = stance_of(document.text[start:end], own)
            found[start, end] = Said(one_line(document.text[start:end]), heading, read)
    return found


def one_line(text: str) -> str:
    return " ".join(text.split())


def make_point(document: Document, group: "Group", judged: Stances) -> ReviewPoint:
    """A group of sentences as a point."""
    item, start, end, stance = group.item, group.start, group.end, group.stance
    text = document.text[start:end]
    return ReviewPoint(
        f"{document.id}:{start}-{end}", document.id, start, end, text, document.author, stance,
        aspects_of(text, stance, item.aspect), item.label, item.lead,
        document.text[item.lead[0] : item.lead[1]] if item.lead else None, document.date,
        find_core(document.text, start, end, stance, judged),
    )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Sentences that make one point, with the item that they stand in."""

    item: Item
    start: int
    end: int
    stance: Stance


def settle(text: str, groups: Sequence[Group], judged: Stances) -> list[Group]:
    """The groups with the stances that only their neighbours or a form show: what stands between two concerns, or is listed
    beside one, is one; a box of a form that was ticked is none."""
    settled: list[Group] = []
    for n, group in enumerate(groups):
        if TICKED.match(text[group.start : group.end]):
            group = replace(group, stance="describes")
        elif not judged and group.stance == "describes" and group.item.stance != "describes":
            before = settled[-1] if settled else None
            after = next((g for g in groups[n + 1 :] if g.stance != "describes"), None)
            near = [g for g in (before, after) if g is not None and g.stance in ("objects", "asks")]
            beside = group.item.listed and any(g.item.listed and g.item.lead == group.item.lead for g in near)
            own = stance_of(text[group.start : group.end])
            between = len(near) == 2 and not is_told(text[group.start : group.end])
            if (between or beside) and own == "describes" and not is_aside(text[group.start : group.end]):
                group = replace(group, stance="objects")
        settled.append(group)
    return settled


def group_sentences(text: str, item: Item, opening: int, judged: Stances) -> list[tuple[int, int, Stance]]:
    """The points of an item as (start, end, stance): a list item is one, unless it is long or turns from praise to
    objection; prose is parted where a new concern begins."""
    spans = sentences(text, item.start, item.end)
    if not spans:
        return []
    stances: list[Stance] = []
    default = item.stance
    for start, end in spans:
        own = "describes" if end <= opening and default is None else default
        stances.append(judged.get((start, end)) or stance_of(text[start:end], own))
        if FOLLOWED.search(text[start:end]):
            default = heading_meaning(text[start:end])[0] or default
    spans[0] = (item.start, spans[0][1])
    spans[-1] = (spans[-1][0], item.end)
    whole = item.listed and item.end - item.start <= LONG_ITEM
    if whole and item.stance is not None:
        return [(item.start, item.end, strongest(stances))]
    groups: list[tuple[int, int, Stance]] = []
    for (start, end), stance in zip(spans, stances, strict=True):
        if groups and goes_on(text, groups[-1], start, end, stance, item.listed):
            first, _, before = groups[-1]
            groups[-1] = (first, end, stance if before == "describes" else strongest([before, stance]))
        else:
            groups.append((start, end, stance))
    return groups


def goes_on(text: str, group: tuple[int, int, Stance], start: int, end: int, stance: Stance, listed: bool) -> bool:
    """Whether a sentence belongs to the point before it."""
    sentence, before = text[start:end], text[group[0] : group[1]]
    if "\n" in text[group[1] : start] and PLACED.match(sentence):
        return False
    concern, was_concern = stance in ("asks", "objects"), group[2] in ("asks", "objects")
    adds = bool(ADDS.match(sentence))
    anaphoric = bool(ANAPHORA.match(sentence)) or (len(sentence) < SHORT_QUESTION and bool(BACK.search(sentence)))
    shared = len(terms(sentence) & terms(before))
    if was_concern and concern:
        return not adds if listed else not adds and (anaphoric or shared >= 2)
    if was_concern:
        return stance == "describes" and not SUMMARY.match(sentence) and (listed or anaphoric or shared >= 1)
    if concern:
        if group[2] == "praises":
            return listed and anaphoric and not re.match(r"\W*(but|however|yet)\b", sentence, re.IGNORECASE)
        bound = anaphoric or bool(places(sentence) & places(before)) or shared >= 2
        return bound and not adds and not SUMMARY.match(before) and len(before) < 400
    return stance == group[2]


def find_core(text: str, start: int, end: int, stance: Stance, judged: Stances) -> tuple[int, int]:
    """The sentence of a point that does what the point does, and shares most words with the rest of it; one that only
    speaks of "this" comes after those that name it."""
    spans = sentences(text, start, end)
    if len(spans) < 2:
        return (start, end)
    doing = [span for span in spans if (judged.get(span) or stance_of(text[span[0] : span[1]])) == stance] or spans
    liked = [
        (0.0 if ANAPHORA.match(text[a:b]) else 0.3) - (0.3 if b - a < SHORT_QUESTION / 2 else 0.0) for a, b in doing
    ]
    return find_gist(text, text[start:end], doing, liked)


def strongest(stances: Sequence[Stance]) -> Stance:
    """What a point does as a whole: it objects if any of it does, else asks, else praises."""
    order: tuple[Stance, ...] = ("objects", "asks", "praises", "describes")
    return next(stance for stance in order if stance in stances)
