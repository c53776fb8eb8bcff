"""What one turn tells as the reply to a point is not denied in a later one."""

from dataclasses import replace

from agent.answering.points import with_reply
from agent.answering.told_before import in_their_words, with_told
from agent.desk import PastTurn
from agent.events import Answer, Citation, Sentence
from agent.gathered import ReviewFile
from tests.agent.answering.files import R2, R3, passage, point, request

BOTH = "Latency is given for one phone only. No comparison with Skua, which is the most important baseline."
SKUA = "We have started the comparison with Skua and will add it for the final version."
PHONE = point("held", R3, "objects", "Latency is given for one phone only.")
MISSING = replace(
    point("missing", R3, "objects", "No comparison with Skua, which is the most important baseline."),
    passages=("held",),
)
SAID = passage("said", SKUA, "response", "Authors", addressee=R3)
FILE = ReviewFile("tern", (passage("held", BOTH, "review", R3), SAID), (PHONE, MISSING))


def cited(key, identity, kind, text):
    return {key: Citation(key, identity, "tern", identity, kind, None, None, None, 0, len(text), text, text, "")}


def told(*lines):
    marks = {**cited("1", "held", "review", BOTH), **cited("2", "said", "response", SKUA)}
    return (PastTurn(1, "What about Skua?", request().to_json(), Answer(tuple(lines), marks)),)


RAISED = Sentence(f"{R3}: “No comparison with Skua, which is the most important baseline.”", ("1",), bullet=True)
REPLIED = Sentence(f"Authors (a promise): “{SKUA}”", ("2",))


def statuses(file):
    return {p.id: p.status for p in file.points}


def test_a_reply_that_was_told_of_a_point_is_a_possible_one_from_then_on():
    file = with_told(FILE, told(RAISED, REPLIED))
    assert statuses(file) == {"held": "not answered", "missing": "possibly answered here"}
    lines = [line.text for line in with_reply(file, file.points[1])]
    assert lines[1] == f"Authors (possibly answered here, a promise): “{SKUA}”"
    assert not any("No reply" in line for line in lines)


def test_what_stands_beside_a_point_under_another_line_was_not_told_as_its_reply():
    for between in (
        Sentence("No reply to this point was found.", kind="abstention"),
        Sentence("Also on this:", kind="fact"),
        Sentence(f"{R2} differs.", ("1",), kind="judgement"),
    ):
        assert with_told(FILE, told(RAISED, between, REPLIED)) == FILE
    near = Sentence(f"Nearest to it, the authors write: “{SKUA}”", ("2",))
    assert with_told(FILE, told(RAISED, near)) == FILE
    assert with_told(FILE, told(REPLIED, RAISED)) == FILE and with_told(FILE, ()) is FILE


def test_a_point_that_has_a_reply_keeps_it():
    answered = point("held", R3, "objects", PHONE.text, status="answered")
    file = replace(FILE, points=(answered,))
    assert with_told(file, told(Sentence(f"{R3}: “{PHONE.text}”", ("1",)), REPLIED)) == file


def test_of_two_points_in_one_passage_the_one_whose_words_were_told_is_meant():
    assert in_their_words(FILE.points, told(RAISED, REPLIED)) == [MISSING]
    assert in_their_words(FILE.points, ()) == [PHONE, MISSING]
