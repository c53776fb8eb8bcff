"""The bundled papers: that they can be read, cited and found with the real model."""

import shutil

import pytest

from knowledge.collection import LIBRARY, Collection
from knowledge.readers.submission_file import read_submission
from knowledge.types import Passage
from tests.knowledge.fictional import WordVectors

FILES = sorted(LIBRARY.glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bundled_file_is_a_good_submission_file(path):
    submission = read_submission(path.read_bytes(), path.name)
    assert submission.id == path.stem
    assert submission.record and submission.short_names and submission.authors
    reviewers = {review.reviewer for review in submission.reviews}
    for document in submission.documents:
        assert document.origin == ("ours" if document.kind == "notes" else "paraphrase")
        if document.kind == "response" and document.addressee != "all":
            assert document.addressee in reviewers | {other.author for other in submission.documents}


def test_all_five_are_there_and_every_passage_stands_where_it_says(tmp_path):
    with Collection(tmp_path, embedder=WordVectors()) as bundled:
        assert len(bundled.submissions()) == len(FILES) == 5
        for submission in bundled.submissions():
            assert submission.bundled
            for passage in bundled.passages(submission.id):
                document = bundled.document(passage.locator.document)
                assert document and document.text[passage.locator.start : passage.locator.end] == passage.text
                assert passage.label()


def test_the_real_model_finds_reviewer_and_number(tmp_path, minilm):
    (tmp_path / "library").mkdir()
    shutil.copy(LIBRARY / "integral-pruning.md", tmp_path / "library")
    with Collection(tmp_path / "home", embedder=minilm, library=tmp_path / "library") as bundled:

        def best(query: str, **options) -> list[Passage]:
            return [hit.passage for hit in bundled.search(query, limit=3, **options)]

        assert best("Who asks for wall-clock time?", kinds=["review"])[0].reviewer == "AnonReviewer1"
        assert {passage.reviewer for passage in best("winner rate", reviewer="R3")} == {"AnonReviewer3"}
        assert any("3.65" in passage.text for passage in best("MNIST MLP-3 share of MACs left"))
