"""A small run of `make fuzz`, and that its checks notice what they are for."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.knowledge.fuzzing import fill, held, lost, run, torn


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("filled")
    fill(home)
    return home


def test_mutated_files_over_a_filled_store_lose_nothing():
    counts, faults = run("reef", 240, 24)
    assert not faults
    assert counts.total() == 24 and {"taken", "refused"} <= {outcome for _, outcome in counts}


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("delete from documents where row = 1", "lost"),
        ("update documents set text = 'x' || text where row = 2", "lost"),
        ("delete from passages where row = 1", "lost"),
        ("delete from submissions", "lost"),
        ("update passages set start = start + 1, end = end + 1 where row = 3", "passage"),
    ],
)
def test_what_is_lost_is_noticed(filled: Path, tmp_path: Path, damage: str, told: str):
    home = tmp_path / "home"
    shutil.copytree(filled, home)
    before = held(home)
    assert lost(before, held(home)) == torn(home) == ""
    with closing(sqlite3.connect(home / "knowledge.sqlite")) as connection:
        connection.execute(damage)
        connection.commit()
    assert (lost(before, held(home)) or torn(home)).startswith(told)
