"""Questions on scores: the answer comes first, with the numbers that it comes from."""

import pytest

from agent.answering.tallies import scores
from agent.desk import Desk, Paper, Reviewer
from agent.gathered import Gathered, ReviewFile
from agent.mentions import find_reviewers
from agent.request import Request
from knowledge.types import Locator, Passage

NAMES = ("Reviewer 1", "Reviewer 4q7Z", "Reviewer 3")
PAPER = Paper("reef", "Reef", (), tuple(Reviewer(name) for name in NAMES))
GIVEN = {
    "Reviewer 1": "Rating: 6 (Good; 1 to 10)\nConfidence: 2\nSoundness: 3",
    "Reviewer 4q7Z": "Rating: 3\nConfidence: 5\nSoundness: 2",
    "Reviewer 3": "Rating: 8\nConfidence: 4",
}
SAID = {
    "Reviewer 1": "I work on tides. The anchors convince me.",
    "Reviewer 4q7Z": "I read the reply and raise my rating from 2 to 3.",
    "Reviewer 3": "I am not an expert on reefs.",
}


def passage(name: str, text: str, section: str) -> Passage:
    place = Locator("reef", f"review-{name}", section, 0, len(text))
    return Passage(f"{section}-{name}", text, place, "review", reviewer=name, origin="record")


FILE = ReviewFile(
    "reef",
    tuple(p for n in NAMES for p in (passage(n, GIVEN[n], "Scores"), passage(n, SAID[n], "Review"))),
)


def answer(question: str) -> list[str]:
    request = Request(question, ("scores",), ("reef",), find_reviewers(question, PAPER))
    return [s.text for s in scores(request, Gathered(files=(FILE,)), Desk((PAPER,), "reef"))]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Average?", "The average rating is (6 + 3 + 8) / 3 = 5.67."),
        ("Ratings, confidence, spread", "The ratings lie between 3 and 8 (spread 8 - 3 = 5)."),
        ("Who is least sure?", "The lowest confidence is 2, by Reviewer 1."),
        ("Who is the harshest?", "The lowest rating is 3, by Reviewer 4q7Z."),
        ("Reviewer 3 is the most confident, right?", "No: the highest confidence is 5, by Reviewer 4q7Z; Reviewer 3 has 4."),
        ("4q7Z gives a 5, so he likes it", "No: Reviewer 4q7Z's rating is 3; 5 is the confidence."),
        ("Did reviewer 1 rate it 8?", "No: Reviewer 1's rating is 6; 8 is the rating of Reviewer 3."),
        ("Reviewer 1 rated it 6?", "Yes: Reviewer 1's rating is 6."),
        ("Lowest soundness?", "The lowest soundness is 2, by Reviewer 4q7Z."),
        ("Which originality did they give?", "No originality score by Reviewer 1, Reviewer 4q7Z and Reviewer 3 is on record."),
        ("Score of reviewer 3 before he raised it?", "No change of the rating by Reviewer 3 is on record; the rating is 8."),
    ],
)  # fmt: skip
def test_the_answer_comes_first(question, first):
    assert answer(question)[0] == first


def test_a_spread_before_and_after_is_reckoned_from_what_reviewers_say_they_changed():
    lines = answer("And the spread, before and after?")
    assert lines[:3] == [
        "Now the ratings lie between 3 and 8 (spread 8 - 3 = 5).",
        "Before, when Reviewer 4q7Z had 2, they lay between 2 and 8 (spread 8 - 2 = 6).",
        "Reviewer 4q7Z: “I read the reply and raise my rating from 2 to 3.”",
    ]


def test_how_well_somebody_knows_the_field_is_told_in_their_words():
    assert answer("How competent is reviewer 3?") == [
        "Reviewer 3: “I am not an expert on reefs.”",
        "Reviewer 3: rating 8, confidence 4.",
    ]


@pytest.mark.parametrize("called", ["Overall recommendation", "Recommendation", "Overall assessment"])
def test_the_rating_is_found_whatever_the_form_calls_it(called):
    forms = {name: text.replace("Rating", called) for name, text in GIVEN.items()}
    file = ReviewFile("reef", tuple(passage(name, forms[name], "Scores") for name in NAMES))
    request = Request("What is the average rating?", ("scores",), ("reef",), ())
    first = scores(request, Gathered(files=(file,)), Desk((PAPER,), "reef"))[0]
    assert "(6 + 3 + 8) / 3" in first.text


def told(question: str, given: dict[str, str], said: dict[str, str]) -> list[str]:
    """The answer where the reviewers give and say something else."""
    held = tuple(p for n in NAMES for p in (passage(n, given[n], "Scores"), passage(n, said[n], "Review")))
    request = Request(question, ("scores",), ("reef",), find_reviewers(question, PAPER))
    return [s.text for s in scores(request, Gathered(files=(ReviewFile("reef", held),)), Desk((PAPER,), "reef"))]


def test_that_nobody_gives_a_confidence_is_said_first():
    given = {name: text.partition("\n")[0] for name, text in GIVEN.items()}
    said = told("How confident is each of them?", given, SAID)
    assert said[0] == "No confidence of Reviewer 1, Reviewer 4q7Z and Reviewer 3 is on record."
    assert any("rating 8" in line for line in said)


def test_a_rating_before_a_change_that_nobody_tells_is_not_on_record():
    said = {**SAID, "Reviewer 3": "The reply is good. I raised my rating accordingly."}
    assert told("Reviewer 3 came up from what?", GIVEN, said)[0] == "The earlier rating of Reviewer 3 is not on record."
    assert "from 2 to 3" in told("4q7Z came up from what?", GIVEN, said)[0]


def test_who_is_lowest_and_why_is_told_with_reasons():
    reasons = answer("Who is the most negative, and why?")
    assert reasons[0] == "The lowest rating is 3, by Reviewer 4q7Z." and "The reasons:" not in reasons
