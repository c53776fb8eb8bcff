import json

import pytest

from knowledge.limits import Limits
from knowledge.readers.dates import MOST_NAMED, date_of, find_impossible, is_impossible
from knowledge.readers.deadline import Deadline
from knowledge.readers.formats import read_data


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("15 Feb 2031", "2031-02-15"),
        ("Mon, 3 Feb 2031 10:12:44 +0100", "2031-02-03"),
        ("3. Oktober 2031 um 10:12", "2031-10-03"),
        ("12.11.2031", "2031-11-12"),
        ("le 1er juillet 2031", "2031-07-01"),
        ("12 août 2031", "2031-08-12"),
        ("March 4th, 2031", "2031-03-04"),
        ("2031-03-04T10:00", "2031-03-04"),
        ("24/03/2031", "2031-03-24"),
        ("03/24/2031", "2031-03-24"),
        ("03/04/2031", None),
        ("31.02.2031", None),
        ("in the spring of 2031", None),
    ],
)
def test_dates_in_three_languages(words, day):
    assert date_of(words) == day


@pytest.mark.parametrize(
    ("value", "impossible"),
    [
        ("2031-02-31", True), ("31 Feb 2031", True), ("2/31/2031", True), ("31/02/2031", True), (1e15, True), (-1e17, True),
        ("03/04/2031", False), ("4/11/2031", False), ("12/31/2031", False), (1_484_000_000_000, False), (0, False),
        ("soon", False), (None, False), (True, False), ("Version 2 of 2031", False),
    ],
)  # fmt: skip
def test_dates_of_no_calendar(value, impossible):
    assert is_impossible(value) is impossible


def test_a_date_of_no_calendar_is_refused_with_its_place_and_the_note_kept():
    note = {
        "id": "n1",
        "forum": "n1",
        "tcdate": 1_484_000_000_000,
        "content": {"title": "On Tides", "abstract": "Low."},
    }
    late = {
        "id": "r1", "forum": "n1", "replyto": "n1", "tcdate": 9e15, "invitation": "V/-/Paper1/Official_Review",
        "signatures": ["V/Paper1/AnonReviewer1"], "content": {"review": "Clear.", "rating": "6: weak accept"},
    }  # fmt: skip
    data = json.dumps({"notes": [note, late]}).encode()
    reading = read_data(data, "thread.json", None, None, Limits(), Deadline(Limits()))
    (refusal,) = reading.refused
    assert (refusal.file, refusal.where) == ("thread.json", "note r1, tcdate") and "9000000000000000" in refusal.reason
    (part,) = reading.parts
    assert [document.date for document in part.documents if document.kind == "review"] == [None]


def test_many_impossible_dates_are_counted_after_the_first():
    found = find_impossible([{"date": "2031-02-30"} for _ in range(MOST_NAMED + 3)], "all.json")
    assert len(found) == MOST_NAMED + 1 and found[0].where == "1, date" and "3 more dates" in found[-1].reason
