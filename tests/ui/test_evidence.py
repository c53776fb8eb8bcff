"""The passage panel shows the very words that were cited, in their surroundings."""

from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.types import Document, Section
from tests.ui.fakes import TEXTS, FakeCollection, citation
from tests.ui.markup import find, read
from ui import evidence

COLLECTION = FakeCollection()
CITED = asdict(citation("soft-weight-sharing", 1, "comparison with magnitude pruning"))


def show(cited, newest=None):
    document = COLLECTION.document_of(cited["passage_id"])
    return evidence.passage(cited, document, newest or document, COLLECTION.neighbours(cited["passage_id"]))


def test_the_quote_is_marked_inside_its_passage():
    html = show(CITED)
    assert "<mark>comparison with magnitude pruning</mark>" in html and "has changed" not in html
    text = read(html).text
    assert TEXTS[0] in text and TEXTS[1] in text and TEXTS[2] in text
    assert "Seen in one transcription only." in text and "Review: AnonReviewer3" in text
    assert [a["data-passage"] for a in find(html, data_act="document")] == [CITED["passage_id"]]


def test_a_changed_source_is_said_and_the_cited_words_stay():
    document = COLLECTION.document_of(CITED["passage_id"])
    assert document is not None
    html = show(CITED, newest=replace(document, text="rewritten"))
    assert "The source has changed" in html and TEXTS[1] in read(html).text and find(html, data_act="document")
    gone = evidence.passage(CITED, None, None)
    assert "The source has changed" in gone and TEXTS[1] in read(gone).text and not find(gone, data_act="document")


def test_a_quote_that_is_not_found_marks_the_whole_passage():
    html = show({**CITED, "quote": "never written"})
    (marked,) = [part.split("</mark>")[0] for part in html.split("<mark>")[1:]]
    assert read(f"<i>{marked}</i>").text == TEXTS[1]


def test_the_whole_document_marks_the_passage_and_sets_off_titles():
    document = COLLECTION.document(CITED["document"])
    assert document is not None
    html = evidence.whole(document, CITED["start"], CITED["end"])
    assert read(html.split('<mark class="here">')[1].split("</mark>")[0]).text == TEXTS[1]
    assert '<b class="section-title">## Weaknesses</b>' in html


@given(st.text(max_size=80), st.integers(-5, 90), st.integers(-5, 90), st.lists(st.integers(0, 80), max_size=4))
def test_no_character_of_a_document_is_lost(text, start, end, cuts):
    places = sorted({min(cut, len(text)) for cut in cuts})
    sections = tuple(Section("s", a, len(text)) for a in places)
    document = Document("d", "s", "review", "t", text, sections)
    parts = evidence._parts(document, start, end)
    assert "".join(part["text"] for part in parts) == text
