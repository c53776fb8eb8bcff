"""What tables set beside a paper's own method, and when a message asks for that."""

import pytest

from agent.answering.composing import compose
from agent.answering.planning import plan
from agent.answering.rivals import asks_for_names, rivals
from agent.gathered import Gathered, Searched
from knowledge.types import Hit, Locator, Passage
from tests.agent.answering.files import TERN, desk, request


def table(identity: str, text: str) -> Passage:
    return Passage(
        identity, text, Locator("tern", "paper", "4 Results", 0, len(text)), "paper", role="table", origin="record"
    )


MAIN = table(
    "main",
    "Table 1: Accuracy in % on ImageNet.\nMethod | Accuracy\nDense | 76.1\nGull | 71.0\nHeron | 72.4\nTern | 73.0",
)
DOWN = table("down", "Table 2: Accuracy in % on CIFAR-10.\nNetwork | FLOPs removed | Gull | Skua | Tern\nR56 | 50 | 92.1 | 92.4 | 93.0\nR110 | 50 | 92.6 | 93.0 | 93.4")  # fmt: skip
PARTS = table("parts", "Table 3: Parts.\nVariant | Accuracy\nwithout tides | 70.1\nwithout salt | 70.5\nTern | 73.0")


def lines(*passages: Passage, topic: str = "") -> list[str]:
    return [s.text for s in rivals(passages, TERN, topic)]


def test_rows_or_columns_beside_the_papers_own():
    assert lines(MAIN) == ["Table 1 (“Accuracy in % on ImageNet”) sets it beside Gull and Heron."]
    assert lines(DOWN) == ["Table 2 (“Accuracy in % on CIFAR-10”) sets it beside Gull and Skua."]
    assert lines(PARTS) == []


def test_nets_data_sets_and_other_heads_are_no_methods():
    years = table("years", "Table 4: Means.\nDataset | Year | Tern | Gull | Heron | Average\nMNIST | 1998 | 1.2 | 1.5 | 1.6 | 1.4\nSVHN | 2011 | 1.3 | 1.6 | 1.7 | 1.5")  # fmt: skip
    nets = table("nets", "Table 5: Nets.\nNet | Accuracy\nLeNet (ours) | 98.1\nAlexNet | 55.0\nVGG | 70.0")
    assert lines(years) == ["Table 4 (“Means”) sets it beside Gull and Heron."]
    assert lines(nets) == []


def test_the_tables_that_the_topic_names_come_alone():
    assert len(lines(MAIN, DOWN)) == 2
    assert lines(MAIN, DOWN, topic="methods CIFAR-10") == lines(DOWN)


@pytest.mark.parametrize(
    "message",
    [
        "what are the baselines?", "Which other criteria is it run against?", "whom do they measure themselves against",
        "vs what", "list of compared methods please", "with what is it compared",
    ],
)  # fmt: skip
def test_messages_that_ask_for_names(message):
    assert asks_for_names(message)


@pytest.mark.parametrize("message", ["Is the comparison fair?", "How far is it ahead of Gull?", "Tern against Gull?"])
def test_messages_that_do_not(message):
    assert not asks_for_names(message)


def test_the_answer_names_them_without_sums():
    asked = request("Which other methods is it run against on ImageNet?", "baselines", topic="methods imagenet")
    calls = [call for call in plan(asked, desk()) if call.arguments.get("aspects") == ["evaluation"]]
    held = Gathered((Searched(calls[0].arguments, (Hit(MAIN, 0.5),)),))
    said = [s.text for s in compose(asked, held, desk())]
    assert said[0].endswith("sets it beside Gull and Heron.") and not any("Worked out" in line for line in said)
