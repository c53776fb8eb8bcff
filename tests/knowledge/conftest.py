from pathlib import Path

import pytest

from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.readers.submission_file import read_submission
from knowledge.store import Store
from tests.knowledge.fictional import CORAL, KELP, Counted, WordVectors


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "coral-pruning.md").write_text(CORAL, encoding="utf-8")
    (folder / "kelp-quantization.md").write_text(KELP, encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "knowledge.sqlite")
    opened.save(read_submission(CORAL.encode(), "coral-pruning.md"))
    opened.save(read_submission(KELP.encode(), "kelp-quantization.md"))
    yield opened
    opened.close()


@pytest.fixture
def embedder() -> Counted:
    return Counted(WordVectors())


@pytest.fixture
def collection(tmp_path: Path, library: Path, embedder: Counted):
    opened = Collection(tmp_path / "home", embedder=embedder, library=library)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(tmp_path_factory.mktemp("model"))
