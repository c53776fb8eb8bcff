"""The panel of the meta-review: what it shows, and that no text of the record becomes markup."""

from dataclasses import replace

import pytest

from agent.events import Citation
from agent.metareview.checking import Lack
from agent.metareview.keeping import MetaReview, Part
from agent.metareview.merging import Conflict
from agent.metareview.sections import Draft
from tests.ui.fakes import SUBMISSIONS
from tests.ui.markup import read
from ui import metareview

HOSTILE = '<img src=x onerror="window.pwned = 1"></textarea><script>window.pwned = 1</script>'
CITED = Citation("1", "p1", "s", "d", "review", "R1", None, None, 0, 4, "word", "words", f"review by {HOSTILE}")


def a_review(**parts):
    held = {name: part if isinstance(part, Part) else Part(part, part) for name, part in parts.items()}
    return MetaReview("soft-weight-sharing", held, Draft({}, {"1": CITED}), version=3)


def shown(review, *lacks, news=()):
    return metareview.panel(review, lacks, SUBMISSIONS[0], "conversation-id", news, (review,))


def test_text_of_the_record_never_becomes_markup():
    part = Part(HOSTILE, f"{HOSTILE} [1].", (Conflict(HOSTILE, HOSTILE, HOSTILE),))
    html = shown(
        replace(a_review(claims=part), draft=Draft({}, {"1": CITED}, struck=(HOSTILE,))),
        Lack("short", "", HOSTILE),
        news=(HOSTILE,),
    )
    assert "<img" not in html and "<script" not in html and html.count("</textarea>") == 1


def test_marks_are_buttons_and_unknown_marks_are_words():
    html = shown(a_review(claims="It prunes [1][9]."))
    assert 'data-act="cite" data-turn="0" data-citation="1"' in html and "[9]" in read(html).text
    assert 'data-citation="9"' not in html


def test_the_chairs_sentences_are_told_apart_and_lists_stay_lists():
    html = shown(a_review(merits=Part("It is new.", "It is new. I like it.\n- One.\n- Two.")))
    assert html.count('class="own"') == 3 and html.count("<li>") >= 2
    assert '<span class="own" title="Your words">I like it.</span>' in html


def test_conflicts_lacks_and_news_are_shown():
    part = Part("It is new.", "Mine.", (Conflict("Mine.", "It was new.", "It is new."),))
    text = " ".join(
        read(
            shown(a_review(claims=part), Lack("reason", "claims", "Give the reason"), news=("A run ended.",))
        ).text.split()
    )
    assert "You and the record both changed this" in text and "Keep mine" in text and "Take the draft's" in text
    assert "Still lackingGive the reason" in text and "A run ended." in text
    assert "Nothing that is checked is lacking" in read(shown(a_review(claims="x"))).text


def test_the_text_field_holds_the_text_to_the_letter():
    html = shown(a_review(claims="First.\n\n- A & B [1]."))
    field = html.split("<textarea", 1)[1].split("</textarea>", 1)[0].split(">", 1)[1]
    assert field == "\nFirst.\n\n- A &amp; B [1]."  # a browser drops the first line break


@pytest.mark.parametrize(
    ("submission", "words"), [(None, "Choose a submission first"), (SUBMISSIONS[0], "No meta-review is drafted")]
)
def test_the_panel_teaches_before_there_is_a_draft(submission, words):
    assert words in read(metareview.panel(None, submission=submission)).text
