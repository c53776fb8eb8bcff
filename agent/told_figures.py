"""Messages that set the figures against each other that the last turns told: "how do they compare?". Pure."""

import re
from dataclasses import replace

from agent.asked_figures import asks_for_difference, terms_asked
from agent.cues import Intent
from agent.desk import Desk, PastTurn
from agent.references import ASIDE, is_elliptic

SAID = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
ON_FIGURES: frozenset[Intent] = frozenset(("evaluation", "difference", "lookup", "baselines", "method"))
_BOTH = re.compile(
    r"\b(?:they|them|both|the two|these|those|the(?:se|m)? two|either|one another|each other|the (?:latter|former))\b",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"\bcompar\w+|\bdiffer\w*|\bside by side|\bagainst (?:each other|one another)|\bapart\b|\b(?:more|less|most|least)\b|\b(?:larg|bigg|small|high|low|fast|slow|great|strong|weak|short|long)(?:er|est)\b|\b(?:better|worse|best|worst|ahead|behind|gap|ratio)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^\W*(?:(?:and|so|ok|then)\W+)*which (?:one |of (?:them|the two|these|those|both) )?(?:is|are|has|loses?|gains?|drops?|suffers?|does|gets?|saves?|runs?)\b", re.IGNORECASE)  # fmt: skip
_NAME = re.compile(r"\b\w+-[A-Z\d]\w*|\b[A-Z]\w*[A-Z\d]\w*")
"""A net, a data set or a setting by its name."""
_MOST_TERMS = 2
_ASIDE_HEADS = ("In the same", "The others")


def sets_told_against(text: str, desk: Desk) -> tuple[PastTurn, PastTurn] | None:
    """The two turns whose figures a message sets against each other, "they", "the two", "which is faster?" after one figure
    and "and B?"; None where it does not, or names something of its own."""
    turns = _told_one_after_another(desk)
    if turns is None:
        return None
    refers = bool(_BOTH.search(text) and (_SETS.search(text) or asks_for_difference(text))) or (
        bool(_WHICH.search(text)) and bool(_SETS.search(text))
    )
    own = [t for t in terms_asked(text) if not t.key.startswith("<") and t.key not in _PLAIN]
    if not refers or len(own) > _MOST_TERMS or any(t.hard for t in own if t.value != len(turns)):
        return None
    if any(name not in f"{turns[0].message} {turns[1].message}" for name in _NAME.findall(text)):
        return None
    on_figures = all(set(turn.request["intents"]) <= ON_FIGURES for turn in turns)
    one_paper = turns[0].request.get("submissions") == turns[1].request.get("submissions")
    return turns if on_figures and one_paper and all(map(told_in_turn, turns)) else None


def _told_one_after_another(desk: Desk) -> tuple[PastTurn, PastTurn] | None:
    """The last two turns where the second goes on from the first; after a turn that set two against each other, those."""
    past = [turn for turn in desk.past if turn.request["intents"][0] not in ASIDE]
    if len(past) < 2 or past[-1] is not desk.last:
        return None
    before = replace(desk, past=desk.past[:-1])
    if (again := sets_told_against(past[-1].message, before)) is not None:
        return again
    return (past[-2], past[-1]) if is_elliptic(past[-1].message) else None


_PLAIN = frozenset(("two", "both", "loss", "lose", "gain", "drop"))


def told_in_turn(turn: PastTurn) -> list[tuple[str, frozenset[str]]]:
    """The sentences with figures that a turn told of what it was asked for, each with the ids of its passages; what was added
    to the answer does not count."""
    found: list[tuple[str, frozenset[str]]] = []
    for sentence in turn.answer.sentences:
        if sentence.text.startswith("Also on this"):
            break
        cited = {turn.answer.citations[key].passage_id for key in sentence.citations if key in turn.answer.citations}
        if cited and SAID.search(sentence.text) and not sentence.text.startswith(_ASIDE_HEADS):
            found.append((sentence.text, frozenset(cited)))
    return found
