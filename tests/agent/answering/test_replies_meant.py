"""Which point a question on the replies means where it names none: the one told last, or the one that is far the likeliest."""

from agent.answering.responses import response
from agent.desk import PastTurn
from agent.events import Answer, Citation, Sentence
from agent.gathered import Gathered, Searched
from knowledge.types import Hit
from tests.agent.answering.files import R2, SPLIT, desk, request


def told(*ids: str) -> PastTurn:
    """An earlier answer that cited these passages."""
    cited = {i: Citation(i, i, "tern", "d", "review", None, None, None, 0, 1, i, i, i) for i in ids}
    said = tuple(Sentence(i, (i,)) for i in ids)
    return PastTurn(
        1, "What holds them back?", request("What holds them back?", "weaknesses").to_json(), Answer(said, cited)
    )


def found(scores: dict[str, float]) -> Gathered:
    hits = tuple(Hit(p, scores[p.id]) for p in SPLIT.passages if p.id in scores)
    return Gathered((Searched({"query": "q", "submission": "tern"}, hits),), (SPLIT,))


def lines(text: str, *past: PastTurn, topic: str = "", scores: dict[str, float] | None = None) -> list[str]:
    asked = request(text, "response", topic=topic)
    return [s.text for s in response(asked, found(scores or {}), desk(*past))]


def test_how_they_met_that_is_asked_of_the_points_told_last():
    said = lines("do they concede that?", told("slow"), topic="concede")
    assert any("No wall-clock speed" in line for line in said) and any("twice as fast" in line for line in said)
    assert lines("do they concede that?", topic="concede")[0].startswith(
        "In the replies on record the authors do not grant"
    )
    assert lines("what do they concede?", told("slow"))[0].startswith(
        "In the replies on record the authors do not grant"
    )


def test_a_point_told_in_other_words_is_the_one_that_the_search_finds_far_likelier():
    asked = "One of them finds nothing was timed on a device. What was done about it?"
    said = lines(asked, topic="remarks", scores={"slow": 0.3, "stale": 0.05})
    assert said[1].startswith(f"{R2}: “No wall-clock speed")
    assert not any(
        "No wall-clock" in line for line in lines(asked, topic="remarks", scores={"slow": 0.3, "stale": 0.2})
    )
    assert not any("No wall-clock" in line for line in lines(asked, topic="remarks", scores={"slow": 0.05}))
