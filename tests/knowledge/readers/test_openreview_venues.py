"""Every venue's shape comes out as it is: who reviewed, with which scores on which scale, what was decided and answered."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableFile
from knowledge.readers.openreview.reader import read_threads
from knowledge.types import Reading, Submission
from tests.knowledge.fictional import dump
from tests.knowledge.readers.venue_threads import ABSTRACT, FORUM, SHAPES, TITLE, Shape

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(tree: Any) -> Submission:
    (submission,) = read_threads(dump(tree), "thread.json").parts
    return submission


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_a_venues_thread_comes_out_as_it_is(shape: Shape):
    submission = read({"notes": shape.notes})
    assert (submission.title, submission.venue, submission.decision) == (TITLE, shape.venue, shape.decision)
    assert submission.openreview == FORUM
    assert {review.reviewer: review.rating for review in submission.reviews} == shape.ratings
    assert {review.reviewer: review.confidence for review in submission.reviews} == shape.confidences
    first = submission.reviews[0]
    assert dict(first.other_scores) == shape.others
    paper, *replies = submission.documents
    assert paper.kind == "paper" and ABSTRACT in paper.text
    found = {
        document.id.rpartition("-")[2]: (document.kind, document.addressee, document.reply_to) for document in replies
    }
    prefix = "shore-quantization/"
    assert found == {
        id: (kind, addressee, prefix + parent if parent else None)
        for id, (kind, addressee, parent) in shape.replies.items()
    }
    if shape.sections:
        (review,) = [document for document in replies if document.id == first.document]
        assert {section.title: section.aspect for section in review.sections} == shape.sections


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_every_text_of_a_note_stands_in_its_document(shape: Shape):
    submission = read(shape.notes)
    texts = {document.id.rpartition("-")[2]: document.text for document in submission.documents}
    repeated = {note["id"] for note in shape.notes} - texts.keys() - {FORUM}
    assert len(repeated) == ("word for word" in submission.record)
    for note in shape.notes:
        for value in note["content"].values():
            value = value.get("value") if isinstance(value, dict) else value
            if isinstance(value, str) and note["id"] in texts.keys() - {FORUM} and value not in ("", "Yes"):
                assert all(line.partition(": ")[2] in texts[note["id"]] for line in value.split("\n")), value


WRAPPINGS = (
    lambda notes: notes,
    lambda notes: {"notes": notes, "count": len(notes)},
    lambda notes: {"forum": {FORUM: notes}},
    lambda notes: [{"title": "ignored"}, *({"review": note, "responses": []} for note in notes)],
    lambda notes: [[note] for note in notes],
    lambda notes: {"data": {"replies": [{"note": note} for note in notes]}},
    lambda notes: nested(notes, "details", "replies"),
    lambda notes: nested(notes, "details", "directReplies"),
    lambda notes: nested(notes, "replies", ""),
)


def nested(notes: list[dict[str, Any]], outer: str, inner: str) -> Any:
    """The replies inside of the submission's note, as the site and its crawlers nest them."""
    (head,) = [note for note in notes if note["id"] == FORUM]
    replies = [note for note in notes if note is not head]
    return head | {outer: {inner: replies, "replyCount": len(replies)} if inner else replies}


@QUICK
@given(data=st.data())
def test_neither_order_nor_wrapping_matter(data):
    shape = data.draw(st.sampled_from(SHAPES))
    notes = data.draw(st.permutations(shape.notes))
    doubled = notes + data.draw(st.lists(st.sampled_from(notes), max_size=3))
    wrap = data.draw(st.sampled_from(WRAPPINGS[:6]))
    assert read(wrap(doubled)) == read(shape.notes)
    assert read(data.draw(st.sampled_from(WRAPPINGS[6:]))(notes)) == read(shape.notes)
    lines = b"\n".join(dump(note) for note in doubled)
    assert read_threads(lines, "thread.json").parts == (read(shape.notes),)


@QUICK
@given(data=st.data())
def test_what_is_left_of_a_thread_stays_the_same_document(data):
    shape = data.draw(st.sampled_from(SHAPES))
    kept = data.draw(st.lists(st.sampled_from(shape.notes), unique_by=lambda note: note["id"], min_size=1))
    whole = {document.id.rpartition("-")[2]: document for document in read(shape.notes).documents}
    for document in read([note for note in shape.notes if note in kept or note["id"] == FORUM]).documents:
        other = whole.get(document.id.rpartition("-")[2])
        if other and document.kind == other.kind and document.author == other.author:
            assert (document.id, document.text, document.title) == (other.id, other.text, other.title)
            assert document.reply_to in (None, other.reply_to)


@QUICK
@given(data=st.data())
def test_a_broken_note_costs_no_other(data):
    shape = data.draw(st.sampled_from(SHAPES))
    broken = data.draw(st.sampled_from([
        {"content": None}, {"content": "all in one string"}, {"content": []},
        {"content": {"review": {"value": None}}}, {"content": {}},
    ]))  # fmt: skip
    note = {"id": "broken", "forum": FORUM, "replyto": FORUM, "invitation": "X.cc/-/Official_Review"} | broken
    notes = list(shape.notes)
    notes.insert(data.draw(st.integers(0, len(notes))), note)
    reading = read_threads(dump(notes), "thread.json")
    assert reading.parts == (read(shape.notes),)
    (refusal,) = reading.refused
    assert (refusal.file, refusal.where) == ("thread.json", "note broken")
    assert refusal.reason.startswith(("has no content", "has no text"))


@QUICK
@given(data=st.data())
def test_a_file_that_breaks_off_is_read_or_refused(data):
    shape = data.draw(st.sampled_from(SHAPES))
    separator = data.draw(st.sampled_from([b"\n", b""]))
    whole = separator.join(dump(note) for note in shape.notes) if separator else dump(shape.notes)
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        reading = read_threads(part, "part.json")
    except UnreadableFile as error:
        assert error.reason
        return
    assert isinstance(reading, Reading) and separator and reading.parts
    lines = [line for line in part.split(b"\n") if line]
    if not is_json(lines[-1]):
        assert [refusal.where for refusal in reading.refused] == [f"line {len(lines)}"]


def is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ("id", "forum", "replyto", "content", "invitation", "invitations", "signatures", "details", "replies", "value",
             "title", "rating", "review", "tcdate", "ddate", "notes", "forumContent", "readers", "decision", "authors")
        ) | st.text(max_size=4),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(tree=JSON)
def test_any_json_is_read_or_refused(tree):
    data = json.dumps(tree).encode()
    try:
        reading = read_threads(data, "any.json")
    except UnreadableFile as error:
        assert error.reason
        return
    for part in reading.parts:
        ids = [document.id for document in part.documents]
        assert ids and len(ids) == len(set(ids))
