"""Fashion-MNIST: the reader of its files, and what is said where they are absent."""

import gzip
import struct
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch

from compression_demo.errors import CompressionError
from compression_demo.testbeds import get
from compression_demo.testbeds.fashion_cnn import FILES, TRAINING, VARIABLE, FashionCnn, read_idx

from .inspection import count_declared, count_found, count_weights

ENTRY = cast(FashionCnn, get("fashion-cnn"))


def write_idx(file: Path, array: np.ndarray) -> None:
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    file.write_bytes(gzip.compress(head + array.astype(np.uint8).tobytes()))


def test_absent_files_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    found, reason = ENTRY.available()
    assert not found and f"{FILES[0]} in {tmp_path}" in reason
    assert "apt install dataset-fashion-mnist" in reason and VARIABLE in reason


def test_files_are_read_training_images_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    pixels = np.random.default_rng(0).integers(0, 256, (5, 28, 28))
    for name, array in zip(FILES, (pixels[:3], np.array([7, 8, 9]), pixels[3:], np.array([1, 2])), strict=True):
        write_idx(tmp_path / name, array)
    assert ENTRY.available() == (True, "")
    images, labels = ENTRY.load_images()
    assert images.shape == (5, 1, 28, 28) and labels.tolist() == [7, 8, 9, 1, 2]
    assert np.allclose(images[:, 0] * 0.353 + 0.286, pixels / 255, atol=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        b"plain text",
        gzip.compress(b""),
        gzip.compress(b"\0\0\x08\1\0\0\0\5ab"),
        gzip.compress(b"\0\0\x0d\1\0\0\0\1aaaa"),
    ],
    ids=["not gzipped", "empty", "cut short", "of floats"],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.gz").write_bytes(content)
    with pytest.raises(CompressionError, match=r"file\.gz"):
        read_idx(tmp_path / "file.gz")


def test_the_sets_own_split_is_kept() -> None:
    train, test = ENTRY.split(0, TRAINING + 10000)
    assert len(set(train.tolist())) == ENTRY.training_size and int(train.max()) < TRAINING
    assert len(set(test.tolist())) == ENTRY.test_size and int(test.min()) >= TRAINING
    assert not torch.equal(train, ENTRY.split(1, TRAINING + 10000)[0])


def test_description() -> None:
    model = ENTRY.build()
    assert count_found(model) == count_declared(ENTRY.layers)
    assert f"{count_weights(model):,} weights" in ENTRY.description
    assert f"{ENTRY.training_size:,} of" in ENTRY.description and f"{ENTRY.test_size:,} of" in ENTRY.description
    assert ENTRY.calibration_limit == ENTRY.training_size
