"""Lines of an answer that tell a reviewer's point, the authors' reply to it, and what the reviewer said of the reply."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import fact, listed, say
from agent.answering.themes import HEAVY, themes_of
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.points import Point, PointReply
from agent.quoting import gist_of, quoted
from knowledge.types import Passage

MAYBE = "possibly answered here"
MANNERS = {
    "results": "with results", "revision": "changed in the paper", "promise": "a promise", "rebuttal": "disputing it",
    "concession": "granting it", "reference": "pointing elsewhere",
}  # fmt: skip
MOST_NEAREST = 2
LEAST_TELLING = 20
_AT_A_PLACE = re.compile(r"\W*(?:pp?|page|line|l)\b\W*\d.{0,140}$", re.IGNORECASE | re.DOTALL)
"""A short remark on a line of the text."""


def point_line(
    file: ReviewFile, point: Point, *, lead: str = "", topic: str = "", paragraph: int = 0, bullet: bool = True
) -> DraftSentence:
    """A point in its own words, `lead` or who raised it before them."""
    held = file.held(point.passages)
    words = gist_of(point.text, point.stance, topic) if topic else point.gist
    return _line(lead or point.reviewer, words, held, point.reviewer, paragraph, bullet)


def reply_line(file: ReviewFile, point: Point, reply: PointReply, paragraph: int = 0) -> DraftSentence:
    """The authors' words on a point, with how they answer, and "possibly answered here" where that is not sure."""
    told = [
        *([MAYBE] if point.status != "answered" else []),
        *([MANNERS[reply.manner]] if reply.manner in MANNERS else []),
    ]
    lead = f"Authors ({', '.join(told)})" if told else "Authors"
    return _line(lead, reply.gist, file.held(reply.passages), "The authors", paragraph, False)


def verdict_line(file: ReviewFile, point: Point, paragraph: int = 0) -> list[DraftSentence]:
    """What the reviewer said of the reply afterwards, if anything that settles it or not."""
    if point.verdict == "unknown" or set(point.verdict_passages) <= set(point.passages):
        return []
    # Without a "not": beside the reviewer's own words it would read as their opposite.
    words = "takes this as settled" if point.verdict == "yes" else "still holds this open"
    lead = f"{point.reviewer or 'The reviewer'} {words}"
    return [_line(lead, gist_of(point.verdict_text), file.held(point.verdict_passages), "", paragraph, False)]


def with_reply(file: ReviewFile, point: Point, paragraph: int = 0, *, nearest: bool = True) -> list[DraftSentence]:
    """A point, the surest reply to it and what its reviewer said of that; or that none is on record, and what is nearest."""
    lines = [point_line(file, point, paragraph=paragraph)]
    if point.status in ("answered", MAYBE) and point.replies:
        lines.append(reply_line(file, point, point.replies[0], paragraph))
        return lines + verdict_line(file, point, paragraph)
    if point.status is None:
        return lines
    lines.append(say("No reply to this point is on record.", "abstention", paragraph))
    if nearest and point.replies:
        lines.append(say("Nearest to it, on other points:", paragraph=paragraph))
        for reply in point.replies[:MOST_NEAREST]:
            line = _line("Authors", reply.gist, file.held(reply.passages), "The authors", paragraph, True)
            lines.append(line)
    return lines


def _line(lead: str, words: str, held: Sequence[Passage], speaker: str, paragraph: int, bullet: bool) -> DraftSentence:
    """Words of passages after their lead; a paraphrase that names its speaker itself needs none."""
    bearing = [p for p in held if _plain(words) in _plain(p.text)] or list(held)
    text = quoted(words, bearing[0])
    named = bearing[0].origin != "record" and speaker and text.startswith((speaker, "Authors", "The authors"))
    return fact(text if named or not lead else f"{lead}: {text}", *bearing, paragraph=paragraph, bullet=bullet)


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
