import pytest

from knowledge.readers.dates import date_of


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
