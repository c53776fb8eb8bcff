"""What a sentence is read as, for the tests of claims."""

from agent.claims import NotTestable, Plan, understand_claim


def plan(sentence: str) -> Plan:
    """The plan that a sentence is read as, which it must be."""
    found = understand_claim(sentence)
    assert isinstance(found, Plan), found
    return found


def refusal(sentence: str) -> str:
    """Why a sentence is not testable, which it must not be."""
    found = understand_claim(sentence)
    assert isinstance(found, NotTestable), found
    return found.reason
