"""What a thread tells of its outcome is withheld before the assistant is asked."""

from benchmarks.dialogues.leaning import Leaned, count, is_accepted, withhold
from knowledge.types import Submission


def note(id, kind, time, **content):
    return {"id": id, "forum": "f", "invitation": f"V/2020/Paper1/-/{kind}", "cdate": time, "content": content}


THREAD = {
    "notes": [
        note("f", "Blind_Submission", 99, title="Coral", venue="V 2020 Poster", abstract="a"),
        note("r", "Official_Review", 2, rating="6: ok"),
        note("c", "Official_Comment", 3, comment="we added it"),
        note("m", "Meta_Review", 5, recommendation="Accept"),
        note("d", "Decision", 6, decision="Accept (Poster)"),
        note("t", "Public_Comment", 7, comment="congratulations"),
    ],
    "count": 6,
}


def test_decision_meta_review_and_what_follows_them_are_withheld():
    kept = withhold(THREAD)["notes"]
    assert [n["id"] for n in kept] == ["f", "r", "c"]
    assert set(kept[0]["content"]) == {"title", "abstract"}
    assert len(THREAD["notes"]) == 6 and "venue" in THREAD["notes"][0]["content"]


def test_a_thread_without_decision_stays_whole_and_counts_for_nothing():
    open_thread = {"notes": THREAD["notes"][1:3]}
    assert withhold(open_thread)["notes"] == open_thread["notes"]
    assert is_accepted(Submission("a", "A")) is None
    assert is_accepted(Submission("a", "A", decision="Accept (Oral)")) is True
    assert is_accepted(Submission("a", "A", decision="Reject")) is False


def test_errors_are_counted_by_their_direction():
    found = [
        Leaned("a", True, "reject"),
        Leaned("b", True, "accept"),
        Leaned("c", False, "accept"),
        Leaned("d", False, None),
    ]
    assert (count(found, False, "accept"), count(found, True, "reject")) == (1, 1)
