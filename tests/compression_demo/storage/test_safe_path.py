"""The folder that the caller stands in lends no code to the processes of a run."""

import subprocess
import sys

import pytest

from compression_demo.processes import worker_environment


@pytest.mark.parametrize("module", ["executor", "worker"])
def test_a_file_named_like_a_library_is_not_taken_for_it(module, tmp_path):
    for name in ("json.py", "argparse.py", "compression_demo.py"):
        (tmp_path / name).write_text("raise SystemExit('taken from the folder of the caller')", encoding="utf-8")
    command = [sys.executable, "-c", f"import compression_demo.{module} as m; print(m.__file__)"]
    done = subprocess.run(command, cwd=tmp_path, env=worker_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stdout
