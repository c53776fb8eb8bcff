"""What lies on the desk, and what a model that reads is told of it."""

from typing import Any, cast

import pytest

from agent.briefing import system_prompt
from agent.claims import Plan, understand_claim
from agent.desks import lay_desk
from agent.history import History, WaitingRun
from agent.request import Request
from agent.tools import TurnContext, verify
from agent.tools.verify import _why_ask
from tests.agent.desks import desk


class Papers:
    """A collection without papers."""

    def submissions(self):
        return ()


def waiting(state: Any, claim: str) -> WaitingRun:
    return WaitingRun("c", 1, "d", claim, {}, "", state)


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def context(consent: bool, collection: Any = None) -> TurnContext:
    nothing = cast(Any, None)
    return TurnContext(collection, nothing, nothing, "c", 1, None, lambda: False, 120.0, consent)


def test_a_reading_model_is_told_of_plans_and_runs():
    laid = desk(
        proposal=waiting("proposed", "OBQ beats RTN"), running=(waiting("started", "ExactOBS beats magnitude"),)
    )
    told = system_prompt(laid, Request("q"))
    assert 'waits for the chair\'s yes: "OBQ beats RTN"' in told
    assert 'under way, its verdict will follow: "ExactOBS beats magnitude"' in told
    assert "under way" not in system_prompt(desk(), Request("q"))


def test_the_decision_on_the_desk_is_on_the_paper_in_question(history):
    c = history.create("me", "one")
    history.record_decision(c, 1, {"decision": "reject"}, "one")
    assert (lay_desk(cast(Any, Papers()), history, c).decision or {})["decision"] == "reject"
    history.choose(c, "two")
    assert lay_desk(cast(Any, Papers()), history, c).decision is None


def test_no_argument_of_a_model_starts_an_ambiguous_or_long_run():
    assert set(verify.args) == {"claim", "bears_on", "propose"}
    plan = understand_claim("OBQ beats round-to-nearest at 3 bits on digits")
    assert isinstance(plan, Plan)
    assert _why_ask(plan, 500.0, context(consent=False)) and _why_ask(plan, 500.0, context(consent=True)) is None
