"""Nothing that comes in replaces another text in silence, renames its submission, or turns a thread back."""

import copy
import json

import pytest

from knowledge.records import attach
from tests.knowledge.fictional import dump, thread_v1

PAPER = "# Sparse Kettles\n\n## Abstract\nWe prune kettles.\n\n## Introduction\nKettles are dense. {}\n"
LETTERS = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)]
BODY = " ".join(f"Kettle {x} is pruned by its entropy{x} times in the tide of {x}reefs." for x in LETTERS)
SUPPLEMENT = (
    "# Sparse Kettles\n\n## Abstract\nSupplementary material.\n\n## Appendix\nThe proof is by induction on spouts.\n"
)
ID = "sparse-kettles"


@pytest.fixture
def take(collection, tmp_path):
    """Imports texts under their names, in one go, and gives back the report."""

    def run(into=None, kind=None, **texts: str):
        paths = []
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            paths.append(path)
        return collection.import_paths(paths, into=into, kind=kind)

    return run


def papers(collection, id=ID):
    return {d.id.partition("/")[2]: d for d in collection.submission(id).documents if d.kind == "paper"}


def test_another_paper_stands_beside_the_first(collection, take):
    take(paper_md=PAPER.format(BODY))
    first = papers(collection)["paper"]
    report = take(supp_md=SUPPLEMENT)
    assert "supp.md is another text than paper.md: it stands beside it" in report.taken[0]
    found = papers(collection)
    assert found["paper"] == first and found["paper-2"].title == "Sparse Kettles (supp.md)"
    assert take(supp_md=SUPPLEMENT).unchanged == (ID,)
    texts = {hit.passage.text for hit in collection.search("kettle pruned by its entropy", submission=ID)}
    assert any("entropy" in text for text in texts)


def test_a_version_of_a_paper_replaces_it_and_is_named_and_old_citations_resolve(collection, take):
    take(paper_md=PAPER.format(BODY))
    cited = collection.passages(ID)[-1]
    report = take(v2_md=PAPER.format(BODY.replace("Kettle hc", "Samovar hc")))
    assert "a new version takes the place of: Sparse Kettles (paper.md)" in report.taken[0]
    assert list(papers(collection)) == ["paper"] and "Samovar hc" in papers(collection)["paper"].text
    assert collection.passage(cited.id) == cited
    old = collection.document_of(cited.id)
    assert old.text[cited.locator.start : cited.locator.end] == cited.text


def test_one_name_of_two_long_papers_is_no_version(collection, take):
    take(paper_md=PAPER.format(BODY))
    other = " ".join(f"Spout {x} proves the lemma{x} by induction over {x}handles and lids." for x in LETTERS)
    take(into=ID, more__paper_md=PAPER.replace("Abstract\nWe prune kettles.", "Abstract\nProofs.").format(other))
    assert list(papers(collection)) == ["paper", "paper-2"]
    take(paper_md="# Sparse Kettles\n\n## Abstract\nShort now.\n")
    assert papers(collection)["paper"].text.endswith("Short now."), "a short one of the same name is a version"


def test_an_export_of_two_papers_comes_in_as_it_went_out(collection, take, tmp_path):
    from knowledge.readers.exported import write_export

    take(paper_md=PAPER.format(BODY))
    take(supp_md=SUPPLEMENT)
    path = tmp_path / "out.json"
    path.write_text(write_export(collection.submission(ID)))
    assert collection.import_paths([path]).unchanged == (ID,)


@pytest.mark.parametrize("id", [ID, "coral-pruning"])
def test_into_never_renames_a_submission(collection, take, id):
    take(paper_md=PAPER.format(BODY))
    before = collection.submission(id)
    report = take(
        into=id, other_md="---\ntitle: A Wholly Other Name\nauthor: Ada Reef\n---\n\n# Introduction\nWe pour tea.\n"
    )
    take(
        into=id,
        own_md="---\nid: own\ntitle: Rebuttal for Submission 4711\n---\n# Comment: Somebody\n- Words of the hall.\n",
    )
    after = collection.submission(id)
    assert after.title == before.title and after.authors == (before.authors or ("Ada Reef",))
    assert f"names another paper, 'A Wholly Other Name': it was put into {id}" in report.taken[0]
    assert take(paper_md=PAPER.format(BODY)).unchanged == (ID,), "the paper still finds its home"


def arr(strong: str, weak: str, rating: float) -> str:
    return json.dumps({"paper_summary": "Kettles.", "summary_of_strengths": strong, "summary_of_weaknesses": weak,
                       "overall_assessment": rating, "confidence": 4})  # fmt: skip


def rated(collection, id=ID):
    return {
        review.reviewer: review.rating.value
        for review in collection.submission(id).reviews
        if review.rating and review.rating.value
    }


def test_unsigned_reviews_of_several_files_stay_apart_and_are_numbered_on(collection, take):
    take(paper_md=PAPER.format(BODY))
    files = {
        "a_json": arr("The spouts are clear and well drawn.", "It lacks cups in each of its tables.", 3.5),
        "b_json": arr("Pouring is described step by step.", "Saucers are nowhere to be seen at all.", 2),
    }
    take(into=ID, a_json=files["a_json"])
    take(into=ID, b_json=files["b_json"])
    assert rated(collection) == {"Reviewer 1": 3.5, "Reviewer 2": 2}
    assert take(into=ID, **files).unchanged == (ID,)
    report = take(
        into=ID, b_json=arr("Pouring is described step by step.", "Saucers are nowhere to be seen at all.", 4)
    )
    assert rated(collection) == {"Reviewer 1": 3.5, "Reviewer 2": 4} and "new version" in report.taken[0]
    assert next(r.aliases for r in collection.submission(ID).reviews if r.reviewer == "Reviewer 2") == (
        "R2",
        "Reviewer 2",
    )


def test_unsigned_reviews_come_after_those_of_a_bundled_paper(collection, take):
    known = {review.reviewer for review in collection.submission("coral-pruning").reviews}
    take(into="coral-pruning", a_json=arr("The reef is drawn well in all figures.", "Salt.", 1))
    (new,) = {review.reviewer for review in collection.submission("coral-pruning").reviews} - known
    assert new == "Reviewer 2" and "AnonReviewer1" in known


@pytest.mark.parametrize("signer", ["", "Reviewer 1\n"])
def test_free_texts_under_one_name_stay_apart(collection, take, signer):
    take(paper_md=PAPER.format(BODY))
    one = f"{signer}Summary: Kettles are pruned by entropy here.\nStrengths: the authors write well of the spouts.\nRating: 4\n"
    two = f"{signer}Summary: A short view of saucers and of lids.\nWeaknesses: the authors give no table of all cups.\nRating: 7\n"
    take(into=ID, a__review_txt=one)
    take(into=ID, b__other_txt=two) if signer else take(into=ID, b__review_txt=two)
    reviews = collection.submission(ID).reviews
    assert sorted(review.rating.value for review in reviews) == [4, 7]
    if not signer:
        assert [review.reviewer for review in reviews] == ["Anonymous reviewer", "Anonymous reviewer 2"]


def test_responses_of_several_files_stay_apart(collection, take):
    take(paper_md=PAPER.format(BODY))
    take(into=ID, a_json='{"response": "We thank the reviewer. Cups are now in Table 3."}')
    take(into=ID, b_json='{"response": "We thank the second reviewer. Saucers follow in the camera-ready."}')
    take(
        into=ID, c_txt="Response to Reviewer 1\nWe have added all of the cups that the reviewer asks for in Table 3.\n"
    )
    take(
        into=ID,
        d_txt="Response to Reviewer 1\nOn the lids: these follow, as we say in the second part of the appendix.\n",
    )
    texts = [d.text for d in collection.submission(ID).documents if d.kind == "response"]
    assert len(texts) == 4 and any("Saucers" in text for text in texts) and any("lids" in text for text in texts)


def test_what_names_no_paper_goes_to_the_single_submission_of_its_import(collection, take):
    review = "Summary: kettles.\nStrengths: the authors write well.\nRating: 4\n"
    letter = "We thank Reviewer 2 for the comments. We have added samovars.\n"
    supplement = "# Appendix\n\nThe proof is by induction.\n"
    report = take(a_txt=review, b_txt=letter, c_md="# Abstract\nLids.\n", paper_md=PAPER.format(BODY))
    assert not report.refused and report.imported == (ID,) and len(report.taken) == 4
    kinds = sorted(d.kind for d in collection.submission(ID).documents)
    assert kinds == ["paper", "paper", "response", "review"], supplement
    alone = take(a_txt=review)
    assert [("--into ID" in one.reason, "on show" in one.reason) for one in alone.refused] == [(True, True)]
    two = take(a_txt=review, paper_md=PAPER.format(BODY), other_md="# Tea\n\n## Abstract\nWe pour.\n")
    assert [one.file for one in two.refused] == ["a.txt"]


def snapshot(**changes):
    """The thread with changes of notes by id; `None` leaves a note out."""
    tree = copy.deepcopy(thread_v1())
    notes = [note for note in tree["notes"] if note["id"] not in changes or changes[note["id"]] is not None]
    for note in notes:
        change = changes.get(note["id"]) or {}
        note["content"] = note["content"] | change.get("content", {})
        note.update({key: value for key, value in change.items() if key != "content"})
    return json.loads(dump({"notes": notes}))


NEW = {"content": {"rating": "9: Strong"}, "tmdate": 1950000000000}


@pytest.fixture
def thread(collection, tmp_path):
    def run(name: str, **changes):
        path = tmp_path / name
        path.write_text(json.dumps(snapshot(**changes)))
        return collection.import_paths([path])

    return run


def test_an_older_snapshot_replaces_nothing(collection, thread):
    thread("old.json")
    thread("new.json", r1xx=NEW, **{"meta-review1": NEW | {"content": {"recommendation": "Accept"}}})
    assert rated(collection, "coral-pruning")["AnonReviewer1"] == 9
    before = collection.submission("coral-pruning")
    report = thread("old.json")
    assert report.unchanged == ("coral-pruning",) and "older than what is here" in report.taken[0]
    assert collection.submission("coral-pruning") == before and before.decision == "Accept"


def test_a_note_that_was_deleted_at_the_site_is_retired_and_stays_so(collection, thread):
    thread("old.json")
    cited = collection.passages("coral-pruning", reviewer="AnonReviewer1")[0]
    report = thread("new.json", r1xx={"ddate": 1960000000000})
    assert "deleted at the site, and retired here: Review: AnonReviewer1" in report.taken[0]
    assert "AnonReviewer1" not in rated(collection, "coral-pruning") and collection.passage(cited.id) == cited
    assert "2 reviews" not in collection.submission("coral-pruning").record
    thread("old.json")
    assert "AnonReviewer1" not in rated(collection, "coral-pruning")
    thread("newest.json", r1xx=NEW | {"tmdate": 1970000000000})
    assert rated(collection, "coral-pruning")["AnonReviewer1"] == 9, "it was put back at the site"


def test_notes_that_a_newer_export_lacks_are_named_and_stay(collection, thread):
    thread("old.json")
    report = thread("new.json", r1xx=None, r3=NEW)
    assert "here, but not in this export: Review: AnonReviewer1" in report.taken[0]
    assert "AnonReviewer1" in rated(collection, "coral-pruning")


def test_dates_of_change_alone_change_nothing(collection, thread):
    thread("old.json")
    assert thread("touched.json", r1xx={"tmdate": 1950000000000}).unchanged == ("coral-pruning",)
    report = thread("between.json", r1xx={"content": {"rating": "1: Bad"}, "tmdate": 1940000000000})
    assert "older than what is here" in report.taken[0]
    assert rated(collection, "coral-pruning")["AnonReviewer1"] == 7


def test_the_store_alone_keeps_names_apart(store):
    (part,) = [one for one in store.submissions() if one.id == "coral-pruning"]
    assert store.save(attach(part, "coral-pruning")) == ("coral-pruning", False)
