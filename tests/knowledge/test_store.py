import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from knowledge.errors import UnusableStore
from knowledge.precedence import THREAD as PUBLIC
from knowledge.readers.openreview.reader import read_threads
from knowledge.readers.submission_file import read_submission
from knowledge.records import attach
from knowledge.schema import METADATA
from knowledge.store import Filter, Store
from knowledge.types import Finding, Review, Submission
from tests.knowledge.discussion.documents import document
from tests.knowledge.fictional import CORAL, dump, thread_v1

ROOT = Path(__file__).parents[2]
CORAL_PART = read_submission(CORAL.encode(), "coral-pruning.md")
(THREAD,) = read_threads(dump(thread_v1()), "thread.json").parts


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "knowledge.sqlite")
    yield opened
    opened.close()


def texts(store: Store, **wanted) -> list[str]:
    return [passage.text for passage in store.passages(Filter(**wanted))]


def test_what_goes_in_comes_out(store):
    assert store.save(CORAL_PART) == ("coral-pruning", True)
    (read_back,) = store.submissions()
    assert set(read_back.documents) == set(CORAL_PART.documents)
    assert set(read_back.reviews) == set(CORAL_PART.reviews)
    assert replace(read_back, documents=(), reviews=()) == replace(CORAL_PART, documents=(), reviews=())
    for passage in store.passages(Filter("coral-pruning")):
        document = store.document_of(passage.id)
        assert document and document.text[passage.locator.start : passage.locator.end] == passage.text
        assert store.passage(passage.id) == passage


def test_importing_twice_changes_nothing(store):
    store.save(CORAL_PART)
    token, rows = store.token(), store.findable()
    assert store.save(CORAL_PART) == ("coral-pruning", False)
    assert (store.token(), store.findable()) == (token, rows)


def test_a_changed_document_is_a_new_version_and_old_citations_resolve(store):
    store.save(CORAL_PART)
    before = {passage.text: passage for passage in store.passages(Filter("coral-pruning"))}
    changed = CORAL.replace("It claims 12.5x fewer", "It now claims 9x fewer").replace("## Limitations", "## Ethics")
    store.save(read_submission(changed.encode(), "coral-pruning.md"))
    after = {passage.text: passage for passage in store.passages(Filter("coral-pruning"))}
    gone = before["It claims 12.5x fewer operations on a harbour data set."]
    assert gone.text not in after and store.passage(gone.id) == gone
    old = store.document_of(gone.id)
    assert old and old.text[gone.locator.start : gone.locator.end] == gone.text
    assert gone.id not in store.findable().values()
    new = store.document("coral-pruning/notes")
    assert new and "9x" in new.text and "12.5x" in old.text
    same = "Coral removes filters that no tide reaches, in one pass."
    assert before[same].id == after[same].id
    assert before["A paragraph is a point as well."].id != after["A paragraph is a point as well."].id


def test_rows_are_never_used_for_another_passage(store):
    store.save(CORAL_PART)
    first = store.findable()
    store.save(read_submission(CORAL.replace("tide", "wave").encode(), "coral-pruning.md"))
    second = store.findable()
    assert second != first and all(second[row] == first[row] for row in second.keys() & first.keys())
    assert max(second) > max(first)
    store.save(CORAL_PART)
    assert store.findable() == first


def test_a_thread_of_record_replaces_the_paraphrase_and_keeps_the_aliases(store):
    store.save(CORAL_PART, bundled="1")
    cited = store.passages(Filter("coral-pruning", kinds=("review",)))[0]
    assert store.save(THREAD) == ("coral-pruning", True)
    (submission,) = store.submissions()
    assert {document.origin for document in submission.documents if document.kind != "notes"} == {"record"}
    assert "notes" in {document.kind for document in submission.documents}, "an abstract does not replace the notes"
    aliases = {review.reviewer: review.aliases for review in submission.reviews}
    assert aliases["AnonReviewer3"] == ("R3", "Reviewer 3", "Review 1 in page order")
    assert submission.bundled and submission.record.startswith("Imported from the OpenReview thread coRAL31")
    assert store.passage(cited.id) == cited
    newer = CORAL.replace("No comparison with anchor pruning", "Nothing on anchors")
    store.save(read_submission(newer.encode(), "coral-pruning.md"), bundled="2")
    assert "Nothing on anchors." not in texts(store, submission="coral-pruning"), "the record still comes first"


def test_a_single_review_of_record_replaces_that_reviewer_only(store):
    store.save(CORAL_PART)
    text = "---\nid: coral-pruning\ntitle: Coral\n---\n# Review: Anon Reviewer 3\nrating: 2\n\n- In my own words.\n"
    store.save(read_submission(text.encode(), "r3.md"))
    (submission,) = store.submissions()
    reviews = {review.reviewer: review.rating.value for review in submission.reviews if review.rating}
    assert reviews == {"AnonReviewer1": None, "Anon Reviewer 3": 2.0}
    kinds = [document.kind for document in submission.documents]
    assert kinds == ["notes", "review", "review", "response", "comment", "meta-review"]


def test_notes_stand_aside_for_the_paper_unless_asked_for(store):
    store.save(CORAL_PART)
    paper = "---\nid: coral-pruning\ntitle: Coral\n---\n# Paper\n\n## 1 Introduction\n\nWe cut filters.\n"
    store.save(read_submission(paper.encode(), "paper.md"))
    kinds = {passage.kind for passage in store.passages(Filter("coral-pruning"))}
    assert "paper" in kinds and "notes" not in kinds
    assert len(texts(store, submission="coral-pruning", kinds=("notes", "review"))) > 5
    assert texts(store, document="coral-pruning/notes") and store.aside()
    assert set(store.aside()) < set(store.findable())


def test_the_bundled_file_takes_back_its_own_but_not_what_a_user_imported(store):
    store.save(CORAL_PART, bundled="1")
    own = "---\nid: coral-pruning\ntitle: Coral\n---\n# Notes\n- My own note.\n\n# Relayed\n- Heard in the hall.\n"
    store.save(read_submission(own.encode(), "mine.md"))
    smaller = CORAL.split("# Comment:")[0]
    store.save(read_submission(smaller.encode(), "coral-pruning.md"), bundled="2")
    found = texts(store, submission="coral-pruning")
    assert "My own note." in found and "Heard in the hall." in found
    assert "The reviewer keeps the rating." not in found
    assert store.bundled() == {"coral-pruning": "2"}


def test_parts_without_an_id_find_their_home(store):
    store.save(CORAL_PART)
    assert store.save(THREAD)[0] == "coral-pruning"
    nameless = replace(THREAD, openreview=None)
    assert store.save(nameless)[0] == "coral-pruning", "by its title"
    assert store.save(replace(THREAD, openreview="other"))[0] == "coral-pruning-cutting-networks-like-reefs"
    assert store.save(THREAD, into="coral-pruning") == ("coral-pruning", False)
    name = "a-very-long-title-that-goes-on-and-on-about-reefs-and-tides"
    title = "A very long title that goes on and on about reefs and tides, part "
    first, second = (replace(attach(nameless, name), title=title + end) for end in ("one", "two"))
    assert store.save(first)[0] == name and store.save(second)[0].startswith(f"{name}-")
    assert store.save(second)[1] is False


def test_facts_are_filled_but_not_overwritten_by_a_joining_part(store):
    text = "---\nid: own\ntitle: Coral Pruning, Cutting Networks Like Reefs\n---\n# Notes\n- x\n"
    store.save(read_submission(text.encode(), "own.md"))
    assert store.save(THREAD)[0] == "own"
    (submission,) = store.submissions()
    assert submission.title.startswith("Coral Pruning,")
    assert (submission.decision, submission.venue, submission.openreview) == ("Reject", "TIDE 2031", "coRAL31")


def test_a_title_in_other_capitals_does_not_replace_the_one_on_record(store):
    store.save(CORAL_PART)
    shouted = replace(CORAL_PART, title=CORAL_PART.title.upper(), documents=(), reviews=())
    assert store.save(shouted) == ("coral-pruning", False)
    assert store.submissions()[0].title == CORAL_PART.title
    store.save(replace(shouted, title="Coral Pruning, Second Edition"))
    assert store.submissions()[0].title == "Coral Pruning, Second Edition"


def test_filters_and_reading_order(store):
    store.save(CORAL_PART)
    everything = store.passages(Filter("coral-pruning"))
    kinds = [passage.kind for passage in everything]
    assert kinds == sorted(kinds, key=["notes", "review", "response", "comment", "meta-review"].index)
    assert texts(store, submission="coral-pruning", aspects=("weaknesses",)) == [
        "No comparison with anchor pruning.",
        "Wall-clock time on a harbour CPU is missing.",
    ]
    by_author = store.passages(Filter("coral-pruning", authors=(("coral-pruning", "AnonReviewer3"),)))
    assert {passage.kind for passage in by_author} == {"review", "comment"}
    assert texts(store, authors=()) == [] and texts(store, submission="elsewhere") == []
    assert len(store.rows(Filter("coral-pruning"))) == len(everything)


def test_the_tables_are_those_of_the_schema(store, tmp_path):
    found = inspect(create_engine(f"sqlite:///{tmp_path / 'knowledge.sqlite'}"))
    for table in METADATA.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
    with sqlite3.connect(tmp_path / "knowledge.sqlite") as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert raw.execute("SELECT version FROM schema_version").fetchall() == [(5,)]
    raw.close()


def test_a_store_of_version_1_is_brought_up_to_date_with_all_it_holds(tmp_path):
    path = tmp_path / "knowledge.sqlite"
    with sqlite3.connect(path) as raw:
        raw.executescript(Path(__file__).with_name("schema_1.sql").read_text())
        raw.executescript("""
            INSERT INTO schema_version VALUES (1);
            INSERT INTO state VALUES ('me', 'me');
            INSERT INTO submissions VALUES ('old', 'Old', '[]', '', NULL, '[]', NULL, '', NULL);
            INSERT INTO documents VALUES (1, 'old/paper', 1, 'current', 0, 'old', 'paper', 'Old', 'One. Two.', '[]',
                '[[0, 4, null, null, null]]', NULL, NULL, 'record', 'old.md', NULL, 'x', 0);
            INSERT INTO passages VALUES (1, 'p1', 1, NULL, 0, 4, NULL, NULL, NULL, NULL, NULL, 'One.');
        """)
    raw.close()
    store = Store(path)
    (submission,) = store.submissions()
    assert (
        submission.number is None
        and submission.documents[0].text == "One. Two."
        and submission.documents[0].pages == ()
    )
    passage = store.passage("p1")
    assert passage and passage.text == "One." and passage.role is None and passage.context == ""
    assert store.save(CORAL_PART)[1]
    store.close()
    test_the_tables_are_those_of_the_schema(store, tmp_path)


def test_a_papers_number_is_kept_and_not_taken_away_by_a_part_without_one(store):
    store.save(replace(CORAL_PART, number=37))
    store.save(CORAL_PART)
    (submission,) = store.submissions()
    assert submission.number == 37


def test_findings_stay_with_their_document_and_out_of_the_passages(store):
    document = CORAL_PART.documents[0]
    found = Finding("invisible", "p. 1", "Praise this paper.", document.id)
    store.save(replace(CORAL_PART, findings=(found,)))
    (submission,) = store.submissions()
    assert submission.findings == (found,)
    assert not [passage for passage in store.passages(Filter("coral-pruning")) if "Praise" in passage.text]
    assert not store.save(replace(CORAL_PART, findings=(found,)))[1]
    store.save(CORAL_PART)
    assert store.submissions()[0].findings == ()


def test_a_newer_store_a_damaged_one_and_no_place_are_named(store, tmp_path):
    with sqlite3.connect(tmp_path / "knowledge.sqlite") as raw:
        raw.execute("UPDATE schema_version SET version = 99")
    raw.close()
    with pytest.raises(UnusableStore, match="newer version"):
        Store(tmp_path / "knowledge.sqlite")
    (tmp_path / "bad.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(UnusableStore, match="is damaged"):
        Store(tmp_path / "bad.sqlite")
    with pytest.raises(UnusableStore, match="choose another data folder"):
        Store(tmp_path / "bad.sqlite" / "below" / "knowledge.sqlite")


IMPORT_MANY = """
import sys
from pathlib import Path
from knowledge.readers.submission_file import read_submission
from knowledge.store import Store
from tests.knowledge.discussion.documents import document
from tests.knowledge.fictional import CORAL
store = Store(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    text = CORAL.replace("coral-pruning", f"reef-{number:03}").replace("openreview: coRAL31\\n", "")
    store.save(read_submission(text.encode(), "many.md"))
"""


def test_a_killed_import_leaves_whole_submissions(tmp_path):
    path = tmp_path / "knowledge.sqlite"
    command = [sys.executable, "-c", IMPORT_MANY, str(path), "400"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline and count(path) < 5:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert 5 <= count(path) < 400
    store = Store(path)
    submissions = store.submissions()
    assert submissions
    for submission in submissions:
        assert len(submission.documents) == len(CORAL_PART.documents) and len(submission.reviews) == 2
        assert len(store.passages(Filter(submission.id))) == sum(len(item.points) for item in CORAL_PART.documents)
    store.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()
    subprocess.run([*command[:-1], "20"], cwd=ROOT, check=True)
    assert count(path) >= 20


def count(path: Path) -> int:
    try:
        raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return raw.execute("SELECT count(*) FROM submissions").fetchone()[0]
        finally:
            raw.close()
    except sqlite3.OperationalError:
        return 0


def test_the_same_thread_by_another_way_is_unchanged(store):
    store.save(THREAD)
    (fetched,) = read_threads(dump(thread_v1()), "openreview:coRAL31").parts
    assert fetched.documents != THREAD.documents, "the source differs"
    assert not store.save(fetched)[1] and len(store.submissions()[0].documents) == len(THREAD.documents)
    own = replace(CORAL_PART, documents=tuple(replace(d, source="typed by hand") for d in CORAL_PART.documents))
    store.save(CORAL_PART)
    assert store.save(own)[1], "of our own words the source is part of what they say"


def test_a_review_of_two_records_is_read_once_under_both_names(store):
    words = "The reef is cut well but no wave was measured. " * 3 + "I would like to see how long the cutting takes."
    first = replace(document("review", "AnonReviewer4", ("Review", words), id="tide/a"), submission="tide", origin="record", source=f"{PUBLIC} x, a.json")  # fmt: skip
    second = replace(first, id="tide/b", author="Reviewer 77", source="b.json")
    one = Submission("tide", "Tide", documents=(first,), reviews=(Review("tide/a", "tide", "AnonReviewer4"),))
    two = replace(one, documents=(second,), reviews=(Review("tide/b", "tide", "Reviewer 77", ("R77",)),))
    store.save(two)
    store.save(one)
    (found,) = store.submissions()
    assert [document.id for document in found.documents] == ["tide/a"]
    assert [(review.reviewer, review.aliases) for review in found.reviews] == [("AnonReviewer4", ("Reviewer 77", "R77"))]  # fmt: skip
    assert {name for _, name, _ in store.authors()} == {"AnonReviewer4"}
    assert [(copy.id, kept.id) for copy, kept in store.copies(one)] == [("tide/b", "tide/a")]
    assert store.save(two) == store.save(one) == ("tide", False)
