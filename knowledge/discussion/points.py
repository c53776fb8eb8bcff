"""A review -> its points: each thing that is praised, objected to or asked, at exact offsets."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.bearing import find_gist
from knowledge.discussion.cues import ADDS, ANAPHORA, LEAD_IN, PointAspect, aspects_of, heading_meaning
from knowledge.discussion.stances import (
    ASKED,
    CONTRAST,
    FOLLOWED,
    SUMMARY,
    Stance,
    is_aside,
    is_told,
    read_opening,
    stance_of,
)
from knowledge.discussion.words import places, sentences, terms
from knowledge.types import Document, Section

UNREAD = re.compile(
    r"^(scores|title|rating|confidence|experience assessment|review assessment.*|flag for ethics.*|code of conduct.*|details of ethics.*|recommendation"
    r"|llm usage.*|.*first time reviewer.*|nominat.*|presentation|soundness|contribution|correctness)$",
    re.IGNORECASE,
)
"""Sections that hold no words of judgement: scores, and ticks of the form."""
EMPTY = re.compile(
    r"^\W*(n/?a|none|no|(?:yes|limitations)\b[^.?!]{0,15}\b(?:discuss|address|state|mention|acknowledg|cover)\w*|yes|nothing|no ethics review needed|(please )?(also )?(see|refer to) (the )?(above|weakness\w*|below|questions?|strengths?|main review|detailed)\b.{0,30})\W*$",
    re.IGNORECASE,
)
EMPHASISED = re.compile(r"\s*(\*\*|__)(?:(?!\1).)+\1[\s.:]*$|\s*#{1,6}\s.*$", re.DOTALL)
SOURCE = re.compile(
    r"^\s*(?:\[[\w+-]{1,12}\]|\(?\[?\d{1,2}[\].)]+)?[^?]*\b(?:arxiv(?: preprint)?|https?://\S+|proceedings|conference on|journal|iclr|icml|neurips|nips|cvpr|eccv|iccv|aaai|ieee|acl|emnlp)\b[^?]*$|^\s*https?://\S+\s*$|^\s*@\w+\{|^references?\W*$",
    re.IGNORECASE,
)
SOURCE_START = re.compile(r"^\s*\[[\w+-]{1,12}\]\s*(?!\s*(also|is|does|shows?|achieves|and|has|which)\b)[A-Z\"“@h]")
MARK = re.compile(r"[\s*_>#-]*(?:\(([+-])\)|([+])(?=\s))\s*")
LABEL = re.compile(
    r"[\s*_>#]*(?:[-•*+]\s+)?(?:\*\*)?[\[(]?(?:(?:question|weakness|concern|comment|point|issue|remark|q|w|c|s)\s*[.#-]?\s*)?"
    r"(?:(\d{1,2}(?:\.\d{1,2})*[a-h]?|[a-hA-H]|(?:i{1,3}|iv|vi{0,3}))(?:[.):\]]+|\s*-(?=\s))(?:\*\*)?(?:\s+|(?=[A-Z*]))|(\d)\s+(?=(?-i:[A-Z])))",
    re.IGNORECASE,
)
KIND_OF_LABEL = re.compile(r"[\s*_>#\[(-]*(?:\*\*)?(question|weakness|q|w)\s*[.#-]?\s*\d", re.IGNORECASE)
INLINE = re.compile(
    r"(?:(?<=[.?!;:]\s)|(?<=[a-z)][.?!]))\(?(?:(\d{1,2}|[a-h])[.)]|[QWS]\s?(\d{1,2})[.):])(?=\s*[A-Za-z\d\"'“‘$\\*])|(?<=\s)\([+-]\)(?=\s)"
)
PLACED = re.compile(
    r"\W*(?:pp?|page|pg|fig|figure|table|tab|sec|section|eq|equation|line|alg|algorithm|appendix|corollary|theorem|def)\b[.]?\s*[\dA-Z(]|\W*[pPlL]\.?\d",
    re.IGNORECASE,
)
BACK = re.compile(r"\b(this|that|these|those|it|them|there)\b.*\?$", re.IGNORECASE)
SHORT_QUESTION = 80
"""A question up to this long that says "this" or "that" asks about the sentence before."""
TICKED = re.compile(r"^\W*(?:NO|YES|NONE|N/A)\b(?!\W+[a-z]+ly)[^.]{0,50}\W*$")
"""A box of a form."""
LONGEST_OPENING = 14
"""Sentences of a review that may tell what the paper does, before its first judgement."""
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
class Item:
    """A list item or paragraph with what its surroundings say of it."""

    start: int
    end: int
    label: str | None
    listed: bool
    stance: Stance | None
    aspect: PointAspect | None
    lead: tuple[int, int] | None


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


def judged_by(judge: Judge, said: "Mapping[tuple[int, int], Said]") -> Stances:
    """What each sentence does; what stands under a heading of strengths asks nothing unless it ends as a question."""
    found: dict[tuple[int, int], Stance] = {}
    for (span, one), stance in zip(said.items(), judge(list(said.values())), strict=True):
        liked = stance == "asks" and heading_meaning(one.heading)[0] == "praises" and not ASKED.search(one.text)
        found[span] = "praises" if liked else stance
    return found


def sentences_in_context(document: Document, items: "Sequence[Item]", opening: int) -> dict[tuple[int, int], Said]:
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


def find_opening(document: Document) -> int:
    """The offset up to which a review that begins by telling what the paper does goes on with that."""
    begin = next((p.start for p in document.points if not at_heading(document, p.start)), None)
    if begin is None or document.kind != "review":
        return 0
    spans = [span for p in document.points if p.start >= begin for span in sentences(document.text, p.start, p.end)]
    headed = next((n for n, (a, b) in enumerate(spans) if LEAD_IN.match(document.text, a, b)), LONGEST_OPENING)
    told = read_opening([document.text[a:b] for a, b in spans[: min(headed, LONGEST_OPENING)]])
    return spans[told - 1][1] if told else 0


def at_heading(document: Document, offset: int) -> bool:
    """Whether what stands at an offset is under a heading that tells what it is, or holds no words of judgement."""
    section = next((s for s in document.sections if s.start <= offset < s.end), None)
    return section is not None and (bool(UNREAD.match(section.title)) or heading_meaning(section.title) != (None, None))


def read_items(document: Document) -> list[Item]:
    """The list items and paragraphs of a document, numbered lists inside a paragraph taken apart, each with the meaning
    that the heading above it gives it."""
    starts = [section.start for section in document.sections]
    items: list[Item] = []
    current: Section | None = None
    stance: Stance | None = None
    aspect: PointAspect | None = None
    lead: tuple[int, int] | None = None
    told_in_list = False
    for point in document.points:
        index = bisect_right(starts, point.start) - 1
        section = document.sections[index] if index >= 0 and document.sections[index].end > point.start else None
        if section is not current:
            current = section
            stance, aspect = heading_meaning(section.title) if section else (None, None)
            lead = (section.start, section.start + len(section.title)) if section else None
            told_in_list = False
        body = document.text[point.start : point.end]
        if (section and UNREAD.match(section.title)) or EMPTY.match(body) or is_source(body):
            continue
        for start, end in split_inline(document.text, point.start, point.end):
            while (head := LEAD_IN.match(document.text, start, end)) and head.end() > start:
                stance, aspect = heading_meaning(head[1])
                lead = (head.start(1), head.end(1))
                start = head.end()
                start += len(document.text[start:end]) - len(document.text[start:end].lstrip())
            if start >= end or not any(sign.isalpha() for sign in document.text[start:end]):
                continue
            item = read_item(document, start, end, stance, aspect, lead)
            if told_in_list and not item.listed:
                stance, aspect, told_in_list = None, None, False
                item = replace(item, stance=None, aspect=None)
            body = document.text[start:end]
            if end - start < 200 and (body.rstrip(" *_").endswith(":") or (EMPHASISED.match(body) and "?" not in body)):
                lead = (start, end)
                told = heading_meaning(body)
                told_in_list = bool(SUMMARY.match(body))  # "The authors claim three things:"
                if told_in_list:
                    told = ("describes", "summary")
                stance, aspect = told if told != (None, None) else (stance, aspect)
                if stance_of(body) != "praises" and (not CONTRAST.search(body) or stance_of(body) == "describes"):
                    continue
            items.append(item)
    return items


def read_item(
    document: Document,
    start: int,
    end: int,
    stance: Stance | None,
    aspect: PointAspect | None,
    lead: tuple[int, int] | None,
) -> Item:
    """An item with its label; "(-)" and "(+)" say what it is, whatever stands above it."""
    text = document.text
    before = text[max(0, start - 3) : start]
    listed = bool(re.search(r"[-*+•]\s*$", before))
    if mark := MARK.match(text, start, end):
        sign = mark[1] or mark[2]
        stance, aspect = ("praises", "strength") if sign == "+" else ("objects", "weakness")
        return Item(mark.end(), end, None, True, stance, aspect, lead)
    label = LABEL.match(text, start, end)
    if not label:
        return Item(start, end, None, listed, stance, aspect, lead)
    kind = KIND_OF_LABEL.match(text, start, end)
    letter = kind[1][0].upper() if kind else {"weakness": "W", "question": "Q", "strength": "S"}.get(aspect or "", "")
    return Item(start, end, letter + (label[1] or label[2]).lower(), True, stance, aspect, lead)


def is_source(text: str) -> bool:
    """Whether a paragraph is an entry of a list of references."""
    return bool(
        SOURCE_START.match(text)
        and (SOURCE.match(text) or re.search(r"\b(19|20)\d\d\b|et al", text))
        and "?" not in text
    ) or (len(text) < 400 and bool(re.match(r"\s*(https?://\S+\s*$|@\w+\{)|references?\W*$", text, re.IGNORECASE)))


def split_inline(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The offsets of the parts of a paragraph that numbers or letters in it set off: "... ? 2. If the ..."."""
    first = LABEL.match(text, start, end)
    last = (first[1] or first[2]).casefold() if first else None
    cuts = [start]
    for match in INLINE.finditer(text, start, end):
        mark = (match[1] or match[2] or "").casefold()
        if not mark:
            cuts.append(match.start())
            continue
        follows = (
            (match[2] == "1") or (last is None and mark in ("1", "a")) or (last is not None and mark in following(last))
        )
        if follows and match.start() > cuts[-1]:
            cuts.append(match.start())
            last = mark
    spans = zip(cuts, [*cuts[1:], end], strict=True)
    return [(a, a + len(text[a:b].rstrip())) for a, b in spans if text[a:b].strip()]


def following(mark: str) -> tuple[str, ...]:
    """The labels that come next in a list."""
    if mark.isdigit():
        return (str(int(mark) + 1),)
    return (chr(ord(mark) + 1),) if len(mark) == 1 else ()


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
