"""SIGKILL at any moment of an import, and two processes at once: whole submissions, a sound index, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from knowledge.collection import Collection
from knowledge.readers.submission_file import read_submission
from tests.knowledge.fictional import CORAL, WordVectors

ROOT = Path(__file__).parents[2]
FILES, KILLS = 40, 6
WHOLE = read_submission(CORAL.encode(), "coral.md")
POINTS = sum(len(document.points) for document in WHOLE.documents)
IMPORT = """
import sys
from pathlib import Path
from knowledge.collection import Collection
from tests.knowledge.fictional import WordVectors
home, files = Path(sys.argv[1]), sorted(Path(sys.argv[2]).glob("*.md"))
with Collection(home, embedder=WordVectors(), library=home / "none") as collection:
    print("open", flush=True)
    for file in files:
        report = collection.import_paths([file])
        assert not report.refused, report
        collection.search("anchor pruning")
"""


def make_files(folder: Path) -> None:
    folder.mkdir()
    for number in range(FILES):
        text = CORAL.replace("coral-pruning", f"reef-{number:03}").replace("openreview: coRAL31\n", "")
        (folder / f"{number:03}.md").write_text(text.replace("Coral Pruning", f"Reef {number}"), encoding="utf-8")


def begin(home: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", IMPORT, str(home), str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    return process


def check_whole(home: Path, least: int) -> int:
    """Every submission that is there is whole, found once, and found by search; how many there are."""
    with Collection(home, embedder=WordVectors(), library=home / "none") as collection:
        submissions = collection.submissions()
        assert len(submissions) >= least
        for submission in submissions:
            passages = collection.passages(submission.id)
            assert len(passages) == len({passage.id for passage in passages}) == POINTS
            assert (len(submission.documents), len(submission.reviews)) == (len(WHOLE.documents), len(WHOLE.reviews))
            hits = collection.search("wall-clock time on a harbour CPU", submission=submission.id, limit=3)
            assert any("harbour CPU" in hit.passage.text for hit in hits)
        return len(submissions)


def test_a_killed_import_loses_at_most_the_submission_in_flight(tmp_path):
    home, folder, chance = tmp_path / "home", tmp_path / "files", random.Random(0)
    make_files(folder)
    there = 0
    for _ in range(KILLS):
        with begin(home, folder) as process:
            time.sleep(chance.uniform(0, 0.6))
            os.kill(process.pid, signal.SIGKILL)
        there = check_whole(home, there)
    with begin(home, folder) as process:
        assert process.wait(timeout=120) == 0
    assert check_whole(home, FILES) == FILES


def test_two_processes_at_once_double_nothing(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "files"
    make_files(folder)
    with begin(home, folder) as one, begin(home, folder) as other:
        assert [one.wait(timeout=120), other.wait(timeout=120)] == [0, 0]
    assert check_whole(home, FILES) == FILES
