"""What a question takes for granted of the reviewers ("everybody finds it novel"), held against the record."""

import re

from agent.answering.parts import judge, listed
from agent.answering.points import names_of, passages_of, point_line
from agent.answering.scores import score_line
from agent.answering.themes import THEMES, themes_of
from agent.answering.weighing import weigh
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.request import Request

_ALL = re.compile(
    r"\b(?:all|every|each|both|none|no|most)\b(?: of)?(?: the)?(?: \w+)? (?:review\w+|referees?|them|three|four|five)\b|\b(?:everybody|everyone|nobody|no one|unanimous\w*|consensus|they all|all (?:agree|find|say|recommend|like|want))\b",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:accept\w*|positive|favou?r\w*|for it|like\w*|support\w*)\b", re.IGNORECASE)
_AGAINST = re.compile(r"\b(?:reject\w*|negative|against|dislike\w*)\b", re.IGNORECASE)


def premise(request: Request, file: ReviewFile) -> list[DraftSentence]:
    """A correction where the reviewers are not as unanimous as the message says; nothing where it says nothing of the kind."""
    for clause in re.split(r"[.;?!,]\s|\bso\b", request.text):
        if _ALL.search(clause):
            found = _on_theme(clause, file) or _on_stance(clause, file)
            if found:
                return found
    return []


def _on_theme(clause: str, file: ReviewFile) -> list[DraftSentence]:
    """Of a theme: who praises where others object."""
    theme = next((t for t in themes_of(clause) if t in THEMES), None)
    if theme is None:
        return []
    praised = [p for p in file.raised("praises") if theme in themes_of(p)[:2]]
    faulted = [p for p in file.raised("objects") if theme in themes_of(p)[:2]]
    if not praised or not faulted:
        return []
    text = f"Not everybody: {names_of(praised)} {_verb('praise', praised)} it on {theme}, {names_of(faulted)} {_verb('criticise', faulted)} it."
    lines = [judge(text, *passages_of(file, [*praised, *faulted]))]
    return [*lines, point_line(file, praised[0]), point_line(file, faulted[0])]


def _on_stance(clause: str, file: ReviewFile) -> list[DraftSentence]:
    """Of the recommendation: who stands on the other side, with the rating."""
    side = -1 if _AGAINST.search(clause) else 1 if _FOR.search(clause) else 0
    stances = weigh(file).stances
    others = [s for s in stances if s.grade * side < 0]
    if not side or not others:
        return []
    names = [s.reviewer for s in others]
    text = f"Not all of them: {listed(names)} {'stand' if len(names) > 1 else 'stands'} {'against' if side > 0 else 'for'} it."
    lines = [score_line(file, name) for name in names]
    return [judge(text, *(s.passage for s in others)), *[line for line in lines if line]]


def _verb(word: str, points: list) -> str:
    return f"{word}s" if len({p.reviewer for p in points}) == 1 else word
