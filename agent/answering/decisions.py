"""Over several submissions: what is decided on each, and which way each leans."""

import re
from collections.abc import Sequence

from agent.answering.leaning import LEANS, lean_line
from agent.answering.parts import fact, say
from agent.answering.weighing import weigh
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.gathered import Gathered

_TO_REJECT = re.compile(r"\breject\w*\b", re.IGNORECASE)


def name_of(paper: Paper) -> str:
    """The title of a paper; the part before its colon where it has one."""
    head, _, rest = paper.title.partition(":")
    return head if rest and len(head) > 2 else paper.title


def decided(papers: Sequence[Paper], gathered: Gathered) -> list[DraftSentence]:
    """The decision on record of each paper."""
    lines = []
    for paper in papers:
        file = gathered.file(paper.id)
        held = file.of("decision", "meta-review")[:1] if file else ()
        if held:
            lines.append(fact(f"{name_of(paper)}: {paper.decision or 'decided'}.", *held, bullet=True))
        else:
            lines.append(say(f"{name_of(paper)}: no decision is on record.", "abstention", 0, True))
    return lines


def leans(asked: str, papers: Sequence[Paper], gathered: Gathered) -> list[DraftSentence]:
    """The lean of each paper with who stands where, those first that lean most as the message asks; none without a
    review."""
    weighed, bare = [], []
    for paper in papers:
        file = gathered.file(paper.id)
        if file is not None and file.of("review"):
            weighed.append((paper, file, weigh(file)))
        else:
            bare.append(say(f"{name_of(paper)}: no review is on record, so I lean neither way.", bullet=True))
    side = -1 if _TO_REJECT.search(asked) else 1
    weighed.sort(key=lambda one: -side * one[2].odds)
    lines = []
    for paper, file, weighing in weighed:
        narrowly = ", narrowly" if weighing.close and weighing.lean != "undecided" else ""
        lines.append(lean_line(weighing, file, f"{name_of(paper)}: {LEANS[weighing.lean]}{narrowly}"))
    lead = [say("My lean on each, from the reviews on record:")] if len(lines) + len(bare) > 1 else []
    return [*lead, *(_as_bullet(line) for line in lines), *bare]


def _as_bullet(line: DraftSentence) -> DraftSentence:
    return DraftSentence(line.text, line.passages, line.runs, line.kind, line.paragraph, True, line.tagged)
