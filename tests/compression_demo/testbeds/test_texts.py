"""MiniLM against human similarity scores, and SmolLM2's perplexity."""

import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from compression_demo.testbeds import get
from compression_demo.testbeds.lee_corpus import read_background, read_documents, read_similarities
from compression_demo.testbeds.minilm_similarity import DRAWN, MinilmSimilarity, measure_similarity
from compression_demo.testbeds.smollm2_perplexity import (
    EVALUATED,
    EVALUATION_DOCUMENTS,
    TOKENS,
    Smollm2Perplexity,
    cut_windows,
    measure_perplexity,
)

from .inspection import as_mapping, count_declared, count_found, count_weights


def silent(done: float, words: str) -> None:
    pass


def test_the_corpus() -> None:
    assert len(read_background()) == 300 and len(read_documents()) == 50
    human = read_similarities()
    assert human.shape == (50, 50) and (np.diag(human) == 1).all()
    above = human[np.triu_indices(50, 1)]
    assert above.min() > 0 and above.max() <= 1


class TestMinilm:
    entry = cast(MinilmSimilarity, get("minilm-similarity"))

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls) -> torch.nn.Module:
        return cls.entry.load_net()

    def test_description(self, model: torch.nn.Module) -> None:
        found, text = count_found(model), self.entry.description
        assert found == count_declared(self.entry.layers)
        assert f"{found.total()} linear layers with {count_weights(model):,} weights" in text
        assert f"{DRAWN} of the 50 documents for evaluation ({math.comb(DRAWN, 2)} pairs)" in text
        inputs = self.entry.tokenize(read_documents(), 256)
        whole = measure_similarity(model, inputs, torch.from_numpy(read_similarities()))
        assert f"{whole:.3f} on all {math.comb(50, 2):,} pairs" in text
        assert self.entry.available() == (True, "") and not self.entry.own_net

    def test_similarity_is_what_numpy_says(self, model: torch.nn.Module) -> None:
        texts = read_documents()[:6]
        vectors = []
        with torch.inference_mode():
            for text in texts:  # one at a time: nothing is padded
                vectors.append(model(**self.entry.tokenize([text], 256)).last_hidden_state.mean(1)[0].numpy())
        units = np.stack(vectors) / np.linalg.norm(vectors, axis=1, keepdims=True)
        above = np.triu_indices(6, 1)
        human = read_similarities()[:6, :6]
        expected = np.corrcoef((units @ units.T)[above], human[above])[0, 1]
        found = measure_similarity(model, self.entry.tokenize(texts, 256), torch.from_numpy(human))
        assert found == pytest.approx(expected, abs=1e-5)

    def test_seeds_draw_documents_and_calibration_texts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MinilmSimilarity, "load_net", lambda self: torch.nn.Identity())
        trials = [self.entry.prepare(seed, 8, Path(), silent) for seed in (0, 0, 1)]
        calibration, held_out = as_mapping(trials[0].calibration), as_mapping(trials[0].held_out)
        assert set(calibration) == {"input_ids", "attention_mask"}
        assert len(calibration["input_ids"]) == 8 and calibration["input_ids"].shape[1] <= 128
        assert len(held_out["input_ids"]) == DRAWN
        assert (calibration["attention_mask"].sum(1) > 30).all()
        for part in ("calibration", "held_out"):
            first, again, other = (getattr(trial, part)["input_ids"] for trial in trials)
            assert torch.equal(first, again)
            assert first.shape != other.shape or not torch.equal(first, other)


class TestSmollm2:
    entry = cast(Smollm2Perplexity, get("smollm2-perplexity"))

    @pytest.fixture(scope="class")
    @classmethod
    def nets(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tmp_path_factory.mktemp("nets")

    @pytest.fixture(scope="class")
    @classmethod
    def trial(cls, nets: Path) -> Any:
        """Expanding the 4-bit model takes most of this file's time."""
        return cls.entry.prepare(0, 3, nets, silent)

    def test_the_dense_model_predicts_news_text(self, trial: Any) -> None:
        window = trial.held_out["input_ids"][:1, :128]
        assert 10 < measure_perplexity(trial.model, window) < 60
        assert measure_perplexity(trial.model, window.flip(1)) > 1000, "backwards it makes no sense"

    def test_perplexity_is_what_the_scores_say(self, trial: Any) -> None:
        window = trial.held_out["input_ids"][:1, :16]
        with torch.inference_mode():
            states = trial.model(input_ids=window).last_hidden_state[0]
            chances = (states @ trial.model.embed_tokens.weight.T).double().softmax(1)
        nats = [-math.log(float(chances[place, window[0, place + 1]])) for place in range(15)]
        assert measure_perplexity(trial.model, window) == pytest.approx(math.exp(sum(nats) / 15), rel=1e-4)

    def test_description(self, trial: Any) -> None:
        found, text = count_found(trial.model), self.entry.description
        assert found == count_declared(self.entry.layers)
        assert f"{found.total()} linear layers with {count_weights(trial.model):,} weights" in text
        assert f"on {EVALUATED} windows of {TOKENS} tokens drawn from {EVALUATION_DOCUMENTS} news documents" in text
        assert f"the other {300 - EVALUATION_DOCUMENTS}" in text and "expanded 4-bit" in text
        assert self.entry.available() == (True, "") and not self.entry.own_net

    def test_windows_are_apart_and_drawn_by_seed(self, trial: Any, nets: Path) -> None:
        calibration = trial.calibration["input_ids"]
        assert calibration.shape == (3, TOKENS) and trial.held_out["input_ids"].shape[1] == TOKENS
        told: list[str] = []
        other = cast(Any, self.entry.prepare(1, 3, nets, lambda done, words: told.append(words)))
        assert told == ["reading the model and texts"], "the model is expanded once"
        assert not torch.equal(other.calibration["input_ids"], calibration)
        assert torch.equal(other.model.embed_tokens.weight, trial.model.embed_tokens.weight)
        assert not trial.model.config.use_cache

    def test_as_many_calibration_windows_as_promised(self, nets: Path, trial: Any) -> None:
        from tokenizers import Tokenizer

        file = self.entry.net_file(0, nets)
        tokenizer = Tokenizer.from_file(str(file.parent / "tokenizer.json"))
        windows = cut_windows(tokenizer, read_background()[EVALUATION_DOCUMENTS:])
        assert len(windows) == self.entry.calibration_limit
        assert tokenizer.decode(windows[0].tolist()) in "\n\n".join(read_background()[EVALUATION_DOCUMENTS:])
