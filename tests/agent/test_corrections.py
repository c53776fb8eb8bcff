"""What a spell checker finds is told as its suggestions, after the reviewers' own, and only of an imported paper."""

from agent.answering.composing import compose
from agent.answering.corrections import MOST
from agent.answering.planning import plan
from agent.gathered import Gathered, Typos, gather
from agent.grounding import Evidence, ground
from agent.request import Request
from agent.tools.typos import check_spelling, writes
from knowledge.collection import Collection
from knowledge.spelling import Slip
from knowledge.types import Locator, Passage
from tests.agent.desks import desk

ASKED = Request("Any typos to forward?", ("writing",), ("integral-pruning",))
TEXT = "The performence of the the method is good."
PAPER = Passage(
    "p1", TEXT, Locator("integral-pruning", "d", "1 Introduction", 0, len(TEXT), 3), "paper", origin="record"
)
SLIPS = (
    Slip("spelling", "p1", 4, 15, "performence", "performance", TEXT),
    Slip("doubled", "p1", 19, 26, "the the", "the", TEXT),
)


def told(*slips: Slip, held: bool = True, request: Request = ASKED):
    gathered = Gathered(typos=(Typos("integral-pruning", held, (PAPER,), slips),))
    draft = compose(request, gathered, desk())
    return ground(draft, Evidence(gathered.passages), None, model="embedded", submission=None, trusted=True)


def test_suggestions_are_marked_as_such_and_cited():
    answer = told(*SLIPS)
    assert "found by a spell checker, not by a reviewer" in answer.text
    assert "“performence”, perhaps “performance”, in “The performence of the the method is good.”" in answer.text
    assert "“the the”, perhaps “the”" in answer.text
    assert {c.label for c in answer.citations.values()} == {"the paper, 1 Introduction, p. 3"}
    assert answer.struck == () and {c.kind for c in answer.citations.values()} == {"paper"}


def test_nothing_found_is_said_and_a_paper_that_is_not_held_is_not_spoken_of():
    assert "no likely slip" in told().text
    assert "spell checker" not in told(held=False).text


def test_many_are_counted():
    many = [Slip("spelling", "p1", 4, 15, f"performence{'x' * n}", "performance", TEXT) for n in range(MOST + 2)]
    assert "It found 2 more." in told(*many).text


def test_only_who_asks_for_corrections_at_large_gets_them():
    def tools(text: str, *reviewers: str) -> set[str]:
        return {c.name for c in plan(Request(text, ("writing",), ("integral-pruning",), reviewers), desk())}

    assert "typos" in tools("Any typos to forward?") and "typos" in tools("spelling mistakes")
    assert "typos" not in tools("Is it well written?")
    assert "typos" not in tools("Which typos does R2 list?", "AnonReviewer2")
    assert (
        "spell checker" not in told(*SLIPS, request=Request("Is it clear?", ("writing",), ("integral-pruning",))).text
    )


def test_the_paper_is_checked_and_our_notes_never(home, tmp_path):
    file = tmp_path / "paper.md"
    file.write_text(
        "# Integral Pruning\n\n## Abstract\n\nWe report the performence and the acuracy of a net.\n", "utf-8"
    )
    with Collection(home) as collection:
        before = check_spelling(collection, "integral-pruning")
        assert not before["held"] and before["slips"] == [] and "not held" in before["text"]
        collection.import_paths([file], into="integral-pruning", kind="paper")
        after = check_spelling(collection, "integral-pruning")
    assert [s["word"] for s in after["slips"]] == ["performence", "acuracy"]
    assert after.pop("text").count("[p:") == 2
    (typed,) = gather([("typos", after)]).typos
    assert typed.slips[0].proposal == "performance" and typed.passages[0].text.startswith("We report")


def test_a_word_counts_as_written_whole_only():
    assert writes("Performence matters.", "performence") and not writes("underperformences", "performence")
