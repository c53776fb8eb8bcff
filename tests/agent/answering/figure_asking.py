"""Questions on the figures of a fictional paper, answered and grounded as in a turn."""

from collections.abc import Sequence
from typing import Literal

from agent.answering.numbers import FIGURE_KINDS, answer, figure_query
from agent.desk import Desk, Paper, PastTurn
from agent.draft import parse, write
from agent.events import Answer
from agent.gathered import Gathered, Searched
from agent.grounding import Evidence, ground
from agent.request import Request
from knowledge.types import Hit, Locator, Passage

HERRING = Paper("herring", "Herring: Sorting Weights by Tide")


def passage(identity: str, text: str, start: int, role: Literal["table"] | None = None) -> Passage:
    """A passage of the fictional paper."""
    place = Locator("herring", "paper", f"4.{start // 1000 + 1} Results", start, start + len(text))
    return Passage(identity, text, place, "paper", origin="record", role=role)


def ask(message: str, tables: Sequence[str], prose: Sequence[str], *before: str) -> str:
    """The text of the grounded answer to a comparison; nothing of it may have been struck."""
    past = tuple(
        PastTurn(n, text, Request(text, ("difference",), ("herring",)).to_json(), Answer(()))
        for n, text in enumerate(before)
    )
    desk = Desk((HERRING,), "herring", past)
    request = Request(message, ("difference",), ("herring",))
    arguments = {
        "query": figure_query(request, desk), "kinds": FIGURE_KINDS, "submission": "herring", "aspects": None, "reviewer": None,
    }  # fmt: skip
    passages = [passage(f"t{n}", text, 1000 * n, "table") for n, text in enumerate(tables)]
    passages += [passage(f"p{n}", text, 1000 * (n + len(tables))) for n, text in enumerate(prose)]
    gathered = Gathered((Searched(arguments, tuple(Hit(p, 1.0, 0.5) for p in passages)),))
    draft = parse(write(answer(request, gathered, desk)))
    grounded = ground(draft, Evidence(gathered.passages), HERRING, model="m", submission="herring", trusted=True)
    assert not grounded.struck
    return grounded.text
