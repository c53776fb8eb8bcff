"""Fixtures for the tests that need the real library with its index, or a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE_MS = 20_000
"""What a page that works shows within a second may take that long on a busy machine."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


# `make fuzz`: more examples than a run of all tests has time for. Where CI is set, Hypothesis's own profile repeats the same examples.
settings.register_profile("fuzz", max_examples=3000, deadline=None)
# How long an example takes says more of the machine than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "patient")


@pytest.fixture(scope="session")
def library_home(tmp_path_factory) -> Path:
    """A data folder with the bundled papers stored and indexed; made once for all workers, not to be written to."""
    from filelock import FileLock

    from knowledge.collection import Collection

    # With workers side by side each has a folder of its own under one that they share.
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    home, whole = shared / "library", shared / "library is whole"
    with FileLock(shared / "library.lock"):
        if not whole.exists():
            collection = Collection(home)
            collection.warm_up()
            collection.close()
            whole.touch()
    return home


@pytest.fixture
def home(library_home, tmp_path) -> Path:
    """A data folder of the test's own, with the library already indexed."""
    return Path(shutil.copytree(library_home, tmp_path / "home"))


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A headless Chromium, closed after each module: its driver keeps an event loop running. Without one the browser tests are skipped, unless REQUIRE_BROWSER is set."""
    from playwright.sync_api import expect, sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        message = "Chromium is not installed"
        pytest.fail(message) if os.environ.get("REQUIRE_BROWSER") else pytest.skip(message)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()
