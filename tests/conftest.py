"""Fixtures for the tests that need the real library with its index."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def library_home(tmp_path_factory) -> Path:
    """A data folder with the bundled papers stored and indexed; made once, not to be written to."""
    from knowledge.collection import Collection

    home = tmp_path_factory.mktemp("library")
    collection = Collection(home)
    collection.search("novelty")
    collection.close()
    return home


@pytest.fixture
def home(library_home, tmp_path) -> Path:
    """A data folder of the test's own, with the library already indexed."""
    return Path(shutil.copytree(library_home, tmp_path / "home"))
