"""Questions have vectors of their own model, where that was fitted with the embedding model in use."""

import numpy as np
import pytest

from knowledge.adapting import load_adapted
from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.questioning import LONGEST_BEFORE, WEIGHTS, as_embedded, question_embedder
from tests.knowledge.fictional import CORAL, WordVectors

ASKED = (
    ("does anyone miss timings on a real device?", "The latency on an actual phone was not reported.",
     "The method prunes the channels of mobile networks for devices."),
    ("who thinks it is hard to follow?", "The writing needs work, and section 3 has to be restructured.",
     "We follow the standard training schedule of ResNet-50."),
    ("did they back down on the theory?", "We agree that the bound is loose and will remove the claim.",
     "The theory of optimal brain damage assumes a diagonal Hessian."),
    ("what would it cost me to run it?", "Compressing the largest model takes six hours on one GPU.",
     "The cost function is the squared error of the layer."),
    ("can somebody else redo this?", "The code is not available and several settings are missing.",
     "We repeat the step until all weights are removed."),
)  # fmt: skip
"""Questions with what answers each in other words, and what shares words with it."""


@pytest.fixture(scope="module")
def minilm(tmp_path_factory) -> MiniLM:
    return MiniLM(tmp_path_factory.mktemp("model"))


def test_another_model_has_no_fitted_copy():
    assert question_embedder(WordVectors()) is None


def test_on_the_whole_questions_come_nearer_to_what_answers_them_than_by_the_model_as_it_is(minilm):
    embed = question_embedder(minilm)
    assert embed is not None and load_adapted(WEIGHTS).embedding == minilm.name
    questions, answers, others = zip(*ASKED, strict=True)
    apart = minilm.embed(answers) - minilm.embed(others)
    fitted, plain = embed(questions), minilm.embed(questions)
    assert np.linalg.norm(fitted, axis=1) == pytest.approx(1, abs=1e-4)
    assert (fitted * apart).sum() > 1.1 * (plain * apart).sum()


def test_passages_keep_the_vectors_of_the_model_as_it_is(minilm):
    before = minilm.embed([ASKED[0][1]])
    question_embedder(minilm)
    assert np.array_equal(minilm.embed([ASKED[0][1]]), before)


def test_a_question_is_embedded_behind_those_that_it_goes_on_from(minilm):
    assert as_embedded("and they?") == "and they?"
    assert as_embedded("and they?", "Who misses timings?") == "Who misses timings? [SEP] and they?"
    assert as_embedded("x", "a" * 1000).startswith("a" * LONGEST_BEFORE + " ")
    embed = question_embedder(minilm)
    assert embed is not None
    timing, theory = minilm.embed([ASKED[0][1], ASKED[2][1]])
    alone, behind = embed(["does anybody else say so?", as_embedded("does anybody else say so?", ASKED[0][0])])
    assert (behind - alone) @ (timing - theory) > 0.1


def test_a_search_goes_by_what_was_asked_before(tmp_path):
    (tmp_path / "coral.md").write_text(CORAL)
    with Collection(tmp_path / "home", embedder=WordVectors()) as collection:
        (id,) = collection.import_paths([tmp_path / "coral.md"]).imported
        asked = "Whom does the seaweed ablation convince?"
        alone, behind = (
            {h.passage.text: h.lexical_rank for h in collection.search("why?", submission=id, limit=50, after=after)}
            for after in ("", asked)
        )
    said = "The seaweed ablation convinces this reviewer."
    assert behind.get(said) == 1 and alone.get(said) is None
