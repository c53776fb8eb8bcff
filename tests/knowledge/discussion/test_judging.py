"""What sentences do as the fitted model reads them, and the points that come of it."""

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.adapting import Adapted, load_adapted, save_adapted
from knowledge.discussion.judging import LABELS, WEIGHTS, in_context, judge_by, sentence_embedder
from knowledge.discussion.points import Said, split_points
from knowledge.discussion.stances import Stance
from tests.knowledge.discussion.documents import document
from tests.knowledge.fictional import WordVectors

READ = (
    ("The paper is very well written and a pleasure to read.", "praises"),
    ("The gain over the baseline is within noise.", "objects"),
    ("The evaluation is limited to one small dataset.", "objects"),
    ("How were the thresholds of the second stage chosen?", "asks"),
    ("Please add error bars to Table 3.", "asks"),
    ("The authors propose to prune anchors by the tide and train the rest again.", "describes"),
    ("I thank the authors for the reply.", "describes"),
)


@pytest.fixture(scope="module")
def judge(minilm):
    embedded = sentence_embedder(minilm)
    assert embedded is not None
    return judge_by(embedded[0])


def test_plain_sentences_are_read_as_what_they_are(judge):
    assert list(judge([Said(text) for text, _ in READ])) == [stance for _, stance in READ]
    assert judge([]) == []


def test_a_heading_is_read_with_the_sentence(judge):
    told = "It uses a single pass over the data."
    assert list(judge([Said(told, "Strengths"), Said(told, "Weaknesses")])) == ["praises", "objects"]
    assert in_context(Said("It is.", "x" * 100)) == f"It is. [SEP] {'x' * 60}"


def test_another_embedding_model_has_no_judge():
    assert sentence_embedder(WordVectors()) is None


def test_points_are_what_the_judge_says():
    review = document("review", "R1", ("", "The tide is measured twice. The harbour is new. Why twice?"))
    asked: list[Said] = []

    def judge(said: Sequence[Said]) -> list[Stance]:
        asked.extend(said)
        return ["objects", "praises", "asks"]

    found = split_points(review, judge)
    assert [(point.text, point.stance) for point in found] == [
        ("The tide is measured twice.", "objects"), ("The harbour is new.", "praises"), ("Why twice?", "asks"),
    ]  # fmt: skip
    assert [one.text for one in asked] == [point.text for point in found]


def test_sentences_are_judged_under_their_heading():
    review = document("review", "R1", ("Weaknesses", "- No anchor was compared.\n- It is slow."))
    headings: list[str] = []

    def judge(said: Sequence[Said]) -> list[Stance]:
        headings.extend(one.heading for one in said)
        return ["objects"] * len(said)

    split_points(review, judge)
    assert headings == ["Weaknesses", "Weaknesses"]


def test_what_is_listed_as_a_strength_asks_nothing_unless_it_is_a_question():
    review = document(
        "review", "R1", ("Strengths", "- Table 2 answers what all ask (is it tuned?) at once.\n- Is it tuned?")
    )

    def judge(said: Sequence[Said]) -> list[Stance]:
        return ["asks"] * len(said)

    found = split_points(review, judge)
    assert [point.stance for point in found] == ["praises", "asks"]


def test_weights_are_kept_as_they_were(tmp_path):
    changes = {"layer.0": (np.ones((4, 2), np.float32), np.zeros((2, 4), np.float32))}
    saved = Adapted(changes, np.eye(4, 3, dtype=np.float32), np.arange(3, dtype=np.float32), "model", "digest")
    save_adapted(tmp_path / "weights.npz", saved)
    held = load_adapted(tmp_path / "weights.npz")
    assert (held.embedding, held.digest) == ("model", "digest") and held.changes.keys() == changes.keys()
    assert np.array_equal(held.weights, saved.weights) and np.array_equal(
        held.changes["layer.0"][0], changes["layer.0"][0]
    )


def test_the_kept_weights_fit_the_labels():
    assert load_adapted(WEIGHTS).weights.shape == (384, len(LABELS))
