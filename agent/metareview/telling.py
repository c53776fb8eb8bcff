"""The meta-review in an answer of the conversation: what it comes to, and what it still lacks; the whole stands beside it."""

from collections.abc import Mapping
from typing import Any

from agent.answering.parts import listed, say
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.metareview.sections import TITLES
from agent.metareview.text import citations_in, runs_in, sentences, without_marks
from agent.request import Request

MOST_LACKS = 6
SHOWN = {
    "recommendation": 3,
    "claims": 2,
    "reviewers": 4,
    "concerns": 10,
    "tests": 3,
    "missing": 4,
    "revisions": 3,
    "chair": 3,
    "integrity": 2,
}
"""The sections that the answer tells, the one that decides first, and how many sentences of each."""
MOST_NAMED = 3
WHERE = 'The whole stands under "Meta-review" beside this conversation, to be edited and exported.'


def draft(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What became of the meta-review in this turn."""
    made = next((d for d in gathered.drafts if d.get("submission") == request.submission and "version" in d), None)
    if made is None:
        return [say("There is no such submission here, so there is nothing to write a meta-review of.", "abstention")]
    if made["task"] == "check":
        missing = _told(made["sections"]["missing"], 2, SHOWN["missing"]) if "missing" in made["sections"] else []
        return [*_lacking(made, 0), *missing, say(WHERE, paragraph=3)]
    sentences_ = [say(_done(made))]
    for paragraph, name in enumerate((n for n in SHOWN if n in made["sections"]), 1):
        sentences_ += _told(made["sections"][name], paragraph, SHOWN[name])
    return [*sentences_, *_lacking(made, 20), say(WHERE, paragraph=22)]


def _done(made: Mapping[str, Any]) -> str:
    """What was done, in a sentence."""
    if made["first"]:
        return "The meta-review is drafted. It comes to this:"
    if not made["changed"]:
        return "The draft is up to date: nothing on record or in this conversation has changed it. It comes to this:"
    titles = [f"“{TITLES[name]}”" for name in made["changed"]]
    names = listed(titles) if len(titles) <= MOST_NAMED else f"{len(titles)} sections"
    waits = (
        f" {made['conflicts']} of your changes meet changes of the record; yours stand until you choose."
        if made["conflicts"]
        else ""
    )
    return f"The draft has changed under {names}; what you wrote in it stays.{waits} It comes to this:"


def _told(section: Mapping[str, Any], paragraph: int, most: int) -> list[DraftSentence]:
    """The first sentences of a section with what they cite; sentences of the chair's without a source stay out."""
    told = []
    for sentence in sentences(section["text"])[:most]:
        passages = tuple(section["passages"][n] for n in citations_in(sentence) if n in section["passages"])
        runs = tuple(runs_in(sentence))
        text = without_marks(sentence)
        if runs:
            told.append(DraftSentence(text, (), runs, "run", paragraph, False, True))
        elif passages:
            told.append(
                DraftSentence(text, passages, (), section["kinds"].get(text, "judgement"), paragraph, False, True)
            )
        elif not section["edited"]:
            told.append(say(text, paragraph=paragraph))
    return told


def _lacking(made: Mapping[str, Any], paragraph: int) -> list[DraftSentence]:
    lacks = list(dict.fromkeys(lack["what"] for lack in made["lacks"]))
    if not lacks:
        return [say("Nothing that is checked is lacking in it.", paragraph=paragraph)]
    more = (
        [say(f"Further points: {len(lacks) - MOST_LACKS}.", paragraph=paragraph + 1)] if len(lacks) > MOST_LACKS else []
    )
    return [
        say("It still lacks this:", paragraph=paragraph),
        *[say(f"{what}.", paragraph=paragraph, bullet=True) for what in lacks[:MOST_LACKS]],
        *more,
    ]
