"""What a question takes for granted of one reviewer, held against the sides of the points that fit: yes, no, or both."""

from collections.abc import Sequence

from agent.answering.parts import coverage, judge
from agent.answering.points import passages_of
from agent.answering.themes import themes_of
from agent.cues import content_words
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.leading import (
    HYPOTHETICAL,
    MENTIONS,
    asks_yes_or_no,
    is_tagged,
    side_of,
    statement_of,
    verdict_of,
    without_sides,
)
from agent.mentions import without_reviewers
from agent.points import Point

ON_TOPIC = 0.5
"""Share of a topic's words that a point holds which surely speaks of it."""
MOST = 2
"""Points of each side that are told."""
_DOES = {1: ("praises", "objects to"), -1: ("objects to", "praises")}
_NOUNS = {1: "praise", -1: "criticism"}


def lead_on(
    file: ReviewFile, name: str, points: Sequence[Point], topic: str, text: str
) -> tuple[list[DraftSentence], list[Point]]:
    """The sentence before a reviewer's points on a topic, where the question assumes on which side they are, with the points
    that it rests on, the most fitting of each side. "Yes" and "no" only where all that speak of the topic are on one side.
    """
    statement = statement_of(text)
    side = 0 if HYPOTHETICAL.search(statement) else side_of(statement)
    on_it = on_the_topic(points, topic)
    if points and not on_it and side and not verdict_of(statement):
        return [judge(f"In what {name} wrote this comes nearest:", *passages_of(file, points[:1]))], []
    if not on_it or verdict_of(statement) or (not side and not is_tagged(text)):
        return [], []
    if not side:
        surely = MENTIONS.search(statement) and any(coverage(topic, p.whole) >= ON_TOPIC for p in on_it)
        said = f"Yes, {name} speaks of this:" if surely else f"On this {name} writes:"
        return [judge(said, *passages_of(file, on_it[:MOST]))], on_it[:1]
    assumed, opposed = ("praises", "objects") if side > 0 else ("objects", "praises")
    borne = [p for p in on_it if p.stance == assumed][:MOST]
    against = [p for p in on_it if p.stance == opposed][:MOST]
    told = [*borne, *against] or on_it[:MOST]
    said = _said(name, side, bool(borne), bool(against), asks_yes_or_no(text))
    if told[0].stance != assumed and not against:
        verb = "asks about" if any(p.stance == "asks" for p in told) else "speaks of"
        said = f"{name} {verb} this, without {_NOUNS[side]} that I found:"
    return ([judge(said, *passages_of(file, told))] if said else []), told


def _said(name: str, side: int, borne: bool, against: bool, waits: bool) -> str:
    """What is said of an assumed side that points bear, speak against, or both; "yes" and "no" to who `waits` for one."""
    does, other = _DOES[side]
    if borne and against:
        return f"Both: {name} {does} this, and {other} it too:"
    if borne:
        return f"Yes, {name} {does} this:" if waits else ""
    return (
        f"No: {name} {other} this:" if waits else f"No {_NOUNS[side]} of this by {name} was found; {name} {other} it:"
    )


def on_the_topic(points: Sequence[Point], topic: str) -> list[Point]:
    """Those of the points that hold the topic's words or are on its theme, corrections of the writing only where there is
    nothing else."""
    matter = without_sides(topic) or topic
    themes = set(themes_of(matter)[:1])
    sure = [p for p in points if coverage(matter, p.whole) >= ON_TOPIC or themes & set(themes_of(p)[:2])]
    return [p for p in sure if not p.small] or sure


def assumed_matter(text: str, paper: Paper | None) -> str:
    """What a message takes a reviewer to praise or to object to, where that is a theme by its own words ("the results")."""
    statement = without_reviewers(statement_of(text), paper)
    matter = without_sides(statement)
    return " ".join(content_words(matter)) if side_of(statement) and themes_of(matter) else ""
