"""What the chair ruled on points of the reviews, told as theirs, with what it does to the weighing."""

from agent.answering.chair_weights import Applied
from agent.answering.parts import judge, say
from agent.answering.points import names_of, passages_of, point_line
from agent.draft import DraftSentence
from agent.gathered import ReviewFile

MOST = 3
DOES = {
    "settled": "taken as settled, by your judgement, and held no longer against the paper",
    "void": "not counted, by your judgement, and a rating that rests on it counts less",
    "open": "counted as the record has it, by your judgement",
}
UNCLEAR = "Which point that is I cannot tell, so it moves nothing: name the reviewer and the matter."


def ruling_lines(one: Applied, file: ReviewFile, paragraph: int) -> list[DraftSentence]:
    """What a ruling does, and the points it is on; that it moves nothing where that cannot be told."""
    if not one.points:
        return [say(UNCLEAR, paragraph=paragraph)]
    text = f"So this is {DOES[one.priority.sense]} ({names_of(one.points)}):"
    lines = [judge(text, *passages_of(file, one.points), paragraph=paragraph)]
    lines += [point_line(file, p, paragraph=paragraph) for p in one.points[:MOST]]
    if (more := len(one.points) - MOST) > 0:
        lines.append(say(f"And {more} more on the same.", paragraph=paragraph))
    return lines
