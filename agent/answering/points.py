"""Lines of an answer that tell a reviewer's point, the authors' reply to it, and what the reviewer said of the reply."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import coverage, fact, listed, say
from agent.answering.themes import HEAVY, themes_of
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.points import Point, PointReply
from agent.quoting import LONGEST_QUOTE, around, gist_of, quoted, sentences_of
from knowledge.types import Passage

MAYBE = "possibly answered here"
MANNERS = {
    "results": "with results", "revision": "changed in the paper", "promise": "a promise", "rebuttal": "disputing it",
    "concession": "granting it", "reference": "pointing elsewhere",
}  # fmt: skip
MOST_NEAREST = 2
NEAREST = "Nearest to it"
NEAR = 0.1
"""The fit from which a reply that answers no point is worth showing as what comes nearest."""
MOST_REPLIES, LONG_REPLY = 2, 560
"""Replies that are told of a point asked about alone, and how long each may be, in characters."""
LEAST_TELLING = 20
LEAST_SAID = 40
"""Characters from which a passage of a reply says something and is no heading."""
_AT_A_PLACE = re.compile(r"\W*(?:pp?|page|line|l)\b\W*\d.{0,140}$", re.IGNORECASE | re.DOTALL)
"""A short remark on a line of the text."""


def point_line(
    file: ReviewFile, point: Point, *, lead: str = "", topic: str = "", paragraph: int = 0, bullet: bool = True
) -> DraftSentence:
    """A point in its own words, `lead` or who raised it before them."""
    held = file.held(point.passages)
    words = gist_of(point.text, point.stance, topic) if topic else point.gist
    return _line(lead or point.reviewer, words, held, point.reviewer, paragraph, bullet)


def reply_line(
    file: ReviewFile, point: Point, reply: PointReply, paragraph: int = 0, *, longest: int = LONGEST_QUOTE
) -> DraftSentence:
    """The authors' words on a point, with how they answer, and "possibly answered here" where that is not sure."""
    told = [
        *([MAYBE] if point.status != "answered" else []),
        *([MANNERS[reply.manner]] if reply.manner in MANNERS else []),
    ]
    lead = f"Authors ({', '.join(told)})" if told else "Authors"
    words = reply.gist if longest == LONGEST_QUOTE else around(reply.text, reply.gist, longest)
    hedge = f"{MAYBE[0].upper()}{MAYBE[1:]}" if MAYBE in told else ""
    return _line(lead, words, file.held(reply.passages), "The authors", paragraph, False, hedge)


def _at_length(file: ReviewFile, point: Point, reply: PointReply, paragraph: int) -> list[DraftSentence]:
    """A reply at more length; of one that runs over several passages how it begins and what tells most."""
    held = file.held(reply.passages)
    parts = [(p, " ".join(s for s in sentences_of(reply.text) if _plain(s) in _plain(p.text))) for p in held]
    parts = [(p, words) for p, words in parts if len(words) >= LEAST_SAID]
    if len(parts) < 2:
        return [reply_line(file, point, reply, paragraph, longest=LONG_REPLY)]
    telling = next((part for part in parts if _plain(reply.gist)[:LEAST_SAID] in _plain(part[0].text)), parts[0])
    nearest = max(parts, key=lambda part: coverage(point.text, part[1]))
    chosen = [part for part in parts if part in (nearest, telling if nearest is not telling else parts[0])]
    words = [replace(reply, text=text, gist=text if len(text) <= LONG_REPLY else gist_of(text, topic=point.gist, longest=LONG_REPLY), passages=(p.id,)) for p, text in chosen]  # fmt: skip
    return [reply_line(file, point, part, paragraph) for part in words]


def verdict_line(file: ReviewFile, point: Point, paragraph: int = 0) -> list[DraftSentence]:
    """What the reviewer said of the reply afterwards, if anything that settles it or not."""
    if point.verdict == "unknown" or set(point.verdict_passages) <= set(point.passages):
        return []
    # Without a "not": beside the reviewer's own words it would read as their opposite.
    words = "takes this as settled" if point.verdict == "yes" else "still holds this open"
    lead = f"{point.reviewer or 'The reviewer'} {words}"
    return [_line(lead, gist_of(point.verdict_text), file.held(point.verdict_passages), "", paragraph, False)]


def with_reply(
    file: ReviewFile, point: Point, paragraph: int = 0, *, nearest: bool = True, fully: bool = False
) -> list[DraftSentence]:
    """A point, the surest reply to it and what its reviewer said of that; or that none was found, and what is nearest.

    `fully`: at more length, with the other sure replies, for a point that is asked about alone.
    """
    lines = [point_line(file, point, paragraph=paragraph)]
    if point.status in ("answered", MAYBE) and point.replies:
        sure = [r for r in point.replies if r.sure][:MOST_REPLIES]
        told = sorted(sure, key=lambda r: r.passages) if fully and sure else point.replies[:1]
        lines += [line for r in told for line in (_at_length(file, point, r, paragraph) if fully else [reply_line(file, point, r, paragraph)])]  # fmt: skip
        return lines + verdict_line(file, point, paragraph)
    if point.status is None:
        return lines
    lines.append(say(f"{no_reply(point)[0].upper()}{no_reply(point)[1:]}.", "abstention", paragraph))
    return [*lines, *(nearest_lines(file, point, paragraph) if nearest else [])]


def near_replies(point: Point) -> list[PointReply]:
    """Of what the authors wrote, what comes nearest to a point that none of it was found to answer."""
    return [r for r in point.replies if r.fit >= NEAR] if point.status == "not answered" else []


def no_reply(point: Point) -> str:
    """That a point has no reply: on record where the authors wrote nothing near it, else only that none was found, since
    what was written near it may be meant as one."""
    return "no reply to this point was found" if near_replies(point) else "no reply to this point is on record"


def nearest_lines(file: ReviewFile, point: Point, paragraph: int = 0, most: int = MOST_NEAREST) -> list[DraftSentence]:
    """What comes nearest to a point without a reply; each line says so itself, for lines are told once and moved."""
    near = near_replies(point)[:most]
    lead = f"{NEAREST}, the authors write"
    return [_line(lead, r.gist, file.held(r.passages), "The authors", paragraph, True, NEAREST) for r in near]


def _line(
    lead: str, words: str, held: Sequence[Passage], speaker: str, paragraph: int, bullet: bool, hedge: str = ""
) -> DraftSentence:
    """Words of passages after their lead; a paraphrase that names its speaker itself needs none but the `hedge`."""
    bearing = [p for p in held if _plain(words) in _plain(p.text)]
    if not bearing:
        words, bearing = _within_one(words, held)
    text = quoted(words, bearing[0])
    named = bearing[0].origin != "record" and speaker and text.startswith((speaker, "Authors", "The authors"))
    lead = hedge if named else lead
    return fact(f"{lead}: {text}" if lead else text, *bearing, paragraph=paragraph, bullet=bullet)


def _within_one(words: str, held: Sequence[Passage]) -> tuple[str, list[Passage]]:
    """Of words that run over several passages, the sentences that stand in the one that has most of them."""
    parts = [(p, [s for s in sentences_of(words) if _plain(s) in _plain(p.text)]) for p in held]
    best, told = max(parts, key=lambda pair: sum(map(len, pair[1])), default=(None, []))
    return (" ".join(told), [best]) if best is not None and told else (words, list(held))


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").split())


def ranked(file: ReviewFile, points: Sequence[Point]) -> list[Point]:
    """Points by what they weigh: those on which several reviewers meet, then those on themes that decide, then as they stand."""
    shared = {identity: len(matter.holders) for matter in file.matters for identity in matter.points}
    order = {point.id: n for n, point in enumerate(file.points)}

    def weight(point: Point) -> tuple[float, ...]:
        heavy = any(theme in HEAVY for theme in themes_of(point)[:1])
        telling = point.kind == "review" and len(point.text) >= LEAST_TELLING and not _AT_A_PLACE.match(point.text)
        return (-shared.get(point.id, 0), -heavy, -telling, order[point.id])

    return sorted(points, key=weight)


def one_each(points: Sequence[Point], limit: int) -> list[Point]:
    """Points in turn from each reviewer, those of one reviewer together, at most `limit`."""
    queues: dict[str, list[Point]] = {}
    for point in points:
        queues.setdefault(point.reviewer, []).append(point)
    chosen: list[Point] = []
    while len(chosen) < limit and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    names = list(queues)
    return sorted(chosen, key=lambda p: names.index(p.reviewer))


def names_of(points: Sequence[Point]) -> str:
    """Who raised some points, as a list in words."""
    return listed(list(dict.fromkeys(p.reviewer for p in points if p.reviewer)))


def passages_of(file: ReviewFile, points: Sequence[Point]) -> tuple[Passage, ...]:
    """The first passage of each point."""
    return file.held(p.passages[0] for p in points)


def in_paragraph(sentences: Sequence[DraftSentence], paragraph: int) -> list[DraftSentence]:
    return [replace(s, paragraph=paragraph) for s in sentences]
