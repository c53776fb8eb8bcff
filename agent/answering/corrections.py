"""Small corrections: the reviewers' own, then what a spell checker finds in the imported paper, told as suggestions."""

import re

from agent.answering import praise_and_criticism
from agent.answering.parts import judge, say
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.quoting import quoted
from agent.request import Request
from knowledge.spelling import Slip
from knowledge.types import Passage

MOST = 12
LONGEST_SENTENCE = 400
_CORRECTIONS = re.compile(
    r"\btypos?\b|typograph|\bcorrections?\b|\bspell|misspel|misprint|\bslips?\b|\bproof-?read|\bgrammar|\b(?:small|minor|editorial) (?:stuff|things?|errors?|mistakes?|remarks?|issues?)\b",
    re.IGNORECASE,
)


def asks_for_corrections(request: Request) -> bool:
    """Whether small corrections are wanted, of the paper at large and not of one reviewer."""
    return not request.reviewers and _CORRECTIONS.search(request.text) is not None


def writing(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What reviewers say on the writing; asked for corrections, with the likely slips in the paper after it."""
    said = list(praise_and_criticism.writing(request, gathered, desk))
    return [*said, *_suggested(request, gathered, max((s.paragraph for s in said), default=-1) + 1)]


def _suggested(request: Request, gathered: Gathered, paragraph: int) -> list[DraftSentence]:
    """The slips found, each with the words it stands in; nothing where the paper itself was not there to be checked."""
    checked = next((t for t in gathered.typos if t.submission == request.submission and t.held), None)
    if checked is None or not asks_for_corrections(request):
        return []
    if not checked.slips:
        return [say("A spell checker found no likely slip in the text of the paper.", paragraph=paragraph)]
    lead = "Possible slips in the paper, found by a spell checker, not by a reviewer:"
    lines = [say(lead, paragraph=paragraph)]
    passages = {p.id: p for p in checked.passages}
    lines += [_line(slip, passages[slip.passage], paragraph) for slip in checked.slips[:MOST]]
    if len(checked.slips) > MOST:
        lines.append(say(f"It found {len(checked.slips) - MOST} more.", paragraph=paragraph + 1))
    return lines


def _line(slip: Slip, passage: Passage, paragraph: int) -> DraftSentence:
    """A slip: the word, what it may be meant to be, and its sentence; the citation says the section and page."""
    word = " ".join(slip.word.split())
    whole = f", in {quoted(slip.sentence, passage)}" if len(slip.sentence) <= LONGEST_SENTENCE else ""
    text = f"“{word}”, perhaps “{slip.proposal}”{whole}"
    return judge(text, passage, paragraph=paragraph, bullet=True)
