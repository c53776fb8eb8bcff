"""The registry of procedures, and that each one's hash covers what it is made of."""

import ast
from pathlib import Path

import pytest

import compression_demo.procedures as room
from compression_demo.errors import ArgumentError, DuplicateName
from compression_demo.procedures import PROCEDURES, Outcome, procedure
from compression_demo.testbeds import get

FOLDER = Path(room.__file__).parent
PLUMBING = {"registry.py", "parts.py"}


def imported(file: Path) -> set[str]:
    """The files of the folder and its sub-folders that one imports, and those that they import, as `sources` names them."""
    found, waiting = {file}, [file]
    while waiting:
        for path in imports(waiting.pop()) - found:
            found.add(path)
            waiting.append(path)
    return {str(path.relative_to(FOLDER)) for path in found - {file} if path.name != "__init__.py"}


def imports(file: Path) -> set[Path]:
    """The files of the folder and its sub-folders that one imports itself."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {file.parents[node.level - 1].joinpath(*name.split(".")).with_suffix(".py") for name in names}
    return {path for path in found if path.exists() and FOLDER in path.parents and path.name not in PLUMBING}


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_a_change_of_any_file_under_it_changes_its_hash(name: str) -> None:
    found = PROCEDURES[name]
    own = Path(found.run.__code__.co_filename)
    assert imported(own) - {own.name} <= set(found.sources)


@pytest.mark.parametrize("name", sorted(PROCEDURES))
def test_what_it_says_of_itself(name: str) -> None:
    found = PROCEDURES[name]
    assert found.title and found.source, "the paper and the place in it are named"
    assert found.evaluates or found.metrics, "something is measured"
    assert len({metric.name for metric in found.metrics}) == len(found.metrics)


def test_names_are_taken_once() -> None:
    with pytest.raises(DuplicateName, match="'iterative_magnitude' is registered already"):
        procedure("iterative_magnitude", title="", source="", seconds=lambda testbed, settings: 0.0)(
            lambda work: Outcome(None)
        )


def test_settings_are_checked() -> None:
    found = PROCEDURES["iterative_magnitude"]
    assert found.check({"sparsity": 0.5, "rounds": 2}) == {"sparsity": 0.5, "rounds": 2}
    with pytest.raises(ArgumentError, match="sparsity is needed by iterative_magnitude"):
        found.check({})
    with pytest.raises(ArgumentError, match="bits is no setting of iterative_magnitude, which takes sparsity"):
        found.check({"bits": 3, "sparsity": 0.5})
    with pytest.raises(ArgumentError, match="rounds must be"):
        found.check({"sparsity": 0.5, "rounds": 0})


def test_its_seconds_follow_its_settings() -> None:
    found, digits = PROCEDURES["iterative_magnitude"], get("digits-cnn")
    brief, longer = (found.parts(digits, {"sparsity": 0.5, "epochs": epochs})[0].seconds for epochs in (1, 4))
    assert longer == pytest.approx(4 * brief) and brief > 0
