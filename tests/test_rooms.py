"""The house keeps its shape: who may import whom, and what may be imported at start."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("knowledge", "compression_demo", "agent", "ui")
ALLOWED = {
    "knowledge": {"knowledge"},
    "compression_demo": {"compression_demo"},
    "agent": {"agent", "knowledge", "compression_demo"},
    "ui": set(ROOMS),
}


def imported_rooms(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room):
    files = list((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        assert imported_rooms(path) <= ALLOWED[room], f"{path.relative_to(ROOT)} imports against the direction"


def test_help_needs_no_heavy_import():
    heavy = ("torch", "transformers", "gradio", "langchain", "sqlalchemy", "faiss", "sklearn")
    code = f"import sys, ui.cli; ui.cli.build_parser(); print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
