"""What was kept apart on import: text that no person sees, or that speaks to a reviewing machine. It is told, never acted on."""

from collections.abc import Sequence

from agent.answering.parts import say
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.request import Request
from knowledge.types import Finding

KINDS = {
    "invisible": "text without contrast", "tiny": "text too small to read", "off-page": "text off the page",
    "covered": "text behind an image", "layer-off": "text on a layer that is off",
    "zero-width": "characters without width", "comment": "a comment of the source",
    "instruction": "text that speaks to a reviewing machine",
}  # fmt: skip
MOST = 5


def integrity(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The integrity findings of the submission with their places, or that there are none."""
    paper = desk.paper(request.submission)
    if paper is None:
        return []
    return findings_lines(paper.findings) or [
        say(
            "Nothing hidden and nothing that speaks to a reviewing machine was found in this submission on import.",
            "finding",
        )
    ]


def findings_lines(findings: Sequence[Finding]) -> list[DraftSentence]:
    """One line a finding: what it is, where it stands, how it begins; none where nothing was found."""
    telling = [f for f in findings if f.kind != "comment"]
    if not telling:
        return []
    lines = [say("On import this was found and kept apart; it is in no answer and was not acted on:", "finding")]
    for finding in telling[:MOST]:
        words = " ".join(finding.text.split())
        start = words if len(words) <= 160 else words[:159].rstrip() + "…"
        lines.append(say(f"{KINDS[finding.kind].capitalize()}, {finding.where}: “{start}”", "finding", bullet=True))
    if len(telling) > MOST:
        lines.append(say(f"{len(telling) - MOST} more stand in the submission's integrity notice.", "finding"))
    return lines
