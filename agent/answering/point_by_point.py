"""Points with the replies to them: where they stand together, then each one, a reply to several told once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import judge, quote, say
from agent.answering.points import (
    MAYBE,
    in_paragraph,
    names_of,
    one_each,
    passages_of,
    point_line,
    ranked,
    reply_line,
    verdict_line,
    with_reply,
)
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.points import Point

DID = {
    "results": "replied with results", "revision": "changed the paper", "promise": "promised a change",
    "rebuttal": "disputed it", "concession": "granted it", "reference": "pointed to another place",
}  # fmt: skip
MOST_ALSO, LEAST_WRITTEN = 3, 80
"""Further passages of a reply that are told, and from how many characters on one says something."""
_COURTESY = re.compile(
    r"\W*(?:(?:we|many|again|dear|first)\b[\w ,]{0,40})?\bthank|^\W*(?:\[\d|references|table|figure|\|)", re.IGNORECASE
)
MOST_POINTS = 6
MOST_OF_A_GROUP = 3
MOST_OF_ONE = 10


def answered(file: ReviewFile, point: Point, *, fully: bool = False) -> list[DraftSentence]:
    """Whether a point is answered and settled, in a sentence; then the point with the reply, at length if `fully`, and
    what came after."""
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
    return [judge(text, *passages_of(file, [point]), *replies, *reaction), *with_reply(file, point, fully=fully)]


def point_by_point(file: ReviewFile, points: Sequence[Point], noun: str) -> list[DraftSentence]:
    """Where the points stand in one sentence, then each with its reply: the open ones first."""
    silent = [p for p in points if p.status == "not answered"]
    disputed = [p for p in points if p.status != "not answered" and p.verdict == "no"]
    settled = [p for p in points if p.status != "not answered" and p.verdict == "yes"]
    replied = [p for p in points if p not in silent and p not in disputed and p not in settled]
    if not file.of("response"):
        chosen = one_each(ranked(file, points), MOST_POINTS)
        text = f"Open, as far as the record goes, is what {names_of(chosen)} raised here:"
        silent_authors = say("No author response is on record.", "abstention")
        lead = [judge(text, *passages_of(file, chosen)), silent_authors]
        return [*lead, *[point_line(file, p, paragraph=1) for p in chosen]]
    chosen: list[Point] = []
    # Of a single reviewer all points are told, as far as a person reads them; of several those that tell most.
    alone = len({p.reviewer for p in points}) == 1
    most, of_a_group = (MOST_OF_ONE, MOST_OF_ONE) if alone else (MOST_POINTS, MOST_OF_A_GROUP)
    for group in (disputed, silent, settled, replied):
        room = max(most - len(chosen), 0)
        chosen += one_each(ranked(file, group), min(room, of_a_group) if group is not replied else room)
    lines = _where_they_stand(file, silent, disputed, settled, replied, noun)
    groups = by_reply(chosen)
    for paragraph, together in enumerate(groups, 1):
        lines += in_paragraph(_told_together(file, together, nearest=len(points) == 1), paragraph)
    lines = _said_once(lines, len(groups) + 1)
    if alone and points:
        lines += _also_written(file, points[0].reviewer, lines, len(groups) + 2)
    if len(points) > len(chosen):
        more = f"More {noun}s are on record: ask for one reviewer or one topic."
        lines.append(say(more, paragraph=len(chosen) + 1))
    return lines


def _also_written(file: ReviewFile, name: str, told: Sequence[DraftSentence], paragraph: int) -> list[DraftSentence]:
    """What the authors wrote to a reviewer and none of the replies told so far quotes, at most a few passages."""
    cited = {p for line in told if line.kind == "fact" for p in line.passages}
    written = [p for p in file.of("response") if p.addressee == name and p.locator.section != "Title"]
    left = [
        p
        for p in written
        if p.id not in cited and len(p.text) >= LEAST_WRITTEN and not p.role and not _COURTESY.match(p.text)
    ]
    if not left:
        return []
    lead = say("The authors also write:", paragraph=paragraph)
    return [lead, *[quote(p, paragraph=paragraph) for p in left[:MOST_ALSO]]]


def _said_once(lines: Sequence[DraftSentence], paragraph: int) -> list[DraftSentence]:
    """The lines, where what a reviewer said of several replies together stands once, at the end."""
    counts = Counter(line.text for line in lines if line.kind == "fact")
    kept = [line for line in lines if counts[line.text] < 2]
    general = {line.text: replace(line, paragraph=paragraph) for line in lines if counts[line.text] > 1}
    lead = [say("Of several of these:", paragraph=paragraph)] if general else []
    return [*kept, *lead, *general.values()]


def what_settled(file: ReviewFile, points: Sequence[Point]) -> list[DraftSentence]:
    """Which of several points their reviewers called settled or still open after the replies, and that the rest is not on record."""
    judged = [p for p in points if p.status != "not answered" and p.verdict in ("yes", "no")]
    silent = [p for p in points if p.status == "not answered"]
    others = [p for p in points if p not in judged and p not in silent]
    lines = []
    if judged:
        lines += _where_they_stand(
            file,
            silent,
            [p for p in judged if p.verdict == "no"],
            [p for p in judged if p.verdict == "yes"],
            others,
            "point",
        )
    elif others:
        text = f"The authors replied, and no word of {names_of(points)} after it is on record: whether it is settled the record does not tell."
        replies = file.held(i for p in others[:4] for r in p.replies[:1] for i in r.passages)
        lines.append(judge(text, *passages_of(file, points[:4]), *replies))
    shown = ranked(file, judged)[:MOST_POINTS]
    for paragraph, point in enumerate(shown, 1):
        lines += in_paragraph([point_line(file, point), *verdict_line(file, point)], paragraph)
    if silent:
        text = f"No reply was found to what {names_of(silent)} raised here, and so it is open:"
        lines.append(judge(text, *passages_of(file, silent[:MOST_OF_A_GROUP]), paragraph=len(shown) + 1))
        lines += [point_line(file, p, paragraph=len(shown) + 1) for p in ranked(file, silent)[:MOST_OF_A_GROUP]]
    return lines


def by_reply(points: Sequence[Point]) -> list[list[Point]]:
    """The points in groups that share their surest reply, in the order of the first of each; one without a reply is alone."""
    groups: dict[object, list[Point]] = {}
    for point in points:
        answered = point.status != "not answered" and bool(point.replies)
        key = (point.reviewer, point.status, point.replies[0].passages, point.replies[0].gist) if answered else point.id
        groups.setdefault(key, []).append(point)
    return list(groups.values())


def _told_together(file: ReviewFile, points: Sequence[Point], *, nearest: bool) -> list[DraftSentence]:
    """A point with its reply; several that one reply answers before it."""
    if len(points) == 1:
        return with_reply(file, points[0], nearest=nearest)
    lines = [point_line(file, p) for p in points]
    lines.append(reply_line(file, points[0], points[0].replies[0]))
    verdicts = [line for p in points for line in verdict_line(file, p)]
    return lines + list({line.text: line for line in verdicts}.values())


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
    # Whoever is named is cited.
    shown = [*_first_of_each(silent), *_first_of_each(disputed), *_first_of_each(settled), *replied[:4]]
    replies = [i for p in shown if p not in silent for r in p.replies[:1] for i in r.passages]
    return [judge(f"{text[:1].upper()}{text[1:]}.", *passages_of(file, shown), *file.held(replies))]


def _first_of_each(points: Sequence[Point]) -> list[Point]:
    """The first point of each reviewer."""
    return list({point.reviewer: point for point in reversed(points)}.values())[::-1]


def _share(part: int, whole: int) -> str:
    """A share in words."""
    if part == whole:
        return "all"
    return "none" if not part else "most" if part * 2 > whole else "some"
