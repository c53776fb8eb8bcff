"""Thousands of mutated files, hundreds of them PDFs, imported over a filled store: each is taken or refused with a reason,
and nothing that was there before is lost. `make fuzz` runs it; `python -m tests.knowledge.fuzzing --minutes 5 --seed 1`.

The tests run a few rounds of it (test_fuzzing.py).
"""

import argparse
import hashlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from knowledge.collection import Collection
from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.pdf.process import read_file
from knowledge.readers.pdf.reader import read_pdf
from tests.knowledge.fictional import CORAL, WordVectors, dump, thread_v1, thread_v2
from tests.knowledge.readers.test_mutations import ARCHIVES, TEXTS, TREES, UNNAMED, mutate_bytes, mutate_tree
from tests.knowledge.readers.test_pdf import two_columns
from tests.knowledge.readers.test_pdf_damage import pages_of_words

ROUND = 100
"""Imports over one store, before the next begins with the first one's state again."""
PDF_SHARE = 0.12
SOUND = 20
"""Imports between two checks of the whole store, which take longer than one that nothing of it has gone."""
BATCH = 40
"""PDFs that one process reads one after another: to start one for each, as an import does, takes longer than to read."""
PDF_TIME = 0.3
"""The share of the time in which PDFs are read in batches."""
INTO = 0.3
"""The share of files that are imported into a submission that is there."""
KINDS = ("paper", "review", "response", "notes", "relayed")
NAMES = (*TREES, *TEXTS, *ARCHIVES)
TEXT_OF = "select row, id, version, submission, digest, text from documents"


def fill(home: Path) -> None:
    """A store with submissions of every format, so that mutated files meet what they were made from."""
    home.mkdir(parents=True, exist_ok=True)
    files = {
        "own.md": CORAL.encode(),
        "v1.json": dump(thread_v1()),
        "v2.json": dump(thread_v2()),
        "paper.md": TEXTS["paper.md"].encode(),
        "main.tex": TEXTS["main.tex"].encode(),
        "paper.pdf": two_columns(),
        "arr.json": json.dumps(TREES["arr.json"]).encode(),
        "peerread.json": json.dumps(TREES["peerread.json"]).encode(),
    }
    with Collection(home, embedder=WordVectors(), library=home / "none") as collection:
        for name, data in files.items():
            (home / name).write_bytes(data)
            report = collection.import_paths([home / name])
            assert report.imported or report.unchanged, (name, report)
            (home / name).unlink()


def held(home: Path) -> "State":
    """What a store holds: its rows of documents by a digest of their words, the passages' words, the submissions."""
    with closing(sqlite3.connect(home / "knowledge.sqlite")) as connection:
        rows = {
            row: (id, str(version), submission, digest, hashlib.sha256(text.encode()).hexdigest())
            for row, id, version, submission, digest, text in connection.execute(TEXT_OF)
        }
        passages = dict(connection.execute("select id, text from passages"))
        return rows, passages, {id for (id,) in connection.execute("select id from submissions")}


State = tuple[dict[int, tuple[str, ...]], dict[str, str], set[str]]


def lost(before: State, now: State) -> str:
    """What a store no longer holds, or holds in other words; "" if nothing."""
    rows, passages, submissions = now
    documents = [id for row, (id, *own) in before[0].items() if rows.get(row, ("",))[1:] != tuple(own)]
    words = [id for id, text in before[1].items() if passages.get(id) != text]
    if not (documents or words or before[2] - submissions):
        return ""
    return f"lost: documents {documents[:3]}, passages {words[:3]}, submissions {sorted(before[2] - submissions)[:3]}"


def torn(home: Path) -> str:
    """What is damaged in a store, or says other words than its document; "" if nothing."""
    with closing(sqlite3.connect(home / "knowledge.sqlite")) as connection:
        sound = connection.execute("pragma integrity_check").fetchone()[0]
        other = connection.execute(
            "select p.id from passages p join documents d on d.row = p.document"
            " where d.standing != 'replaced' and substr(d.text, p.start + 1, p.end - p.start) != p.text limit 1"
        ).fetchone()
    return f"store: {sound}" if sound != "ok" else f"passage {other[0]} is not its document's words" if other else ""


def make_file(chance: random.Random, pdfs: Sequence[bytes]) -> tuple[str, bytes]:
    """The name and the bytes of a mutated file."""
    if chance.random() < PDF_SHARE:
        return "paper.pdf", mutate_bytes(chance.choice(pdfs), chance)
    name = chance.choice(NAMES)
    tree = TREES.get(name)
    if tree and chance.random() < 0.5:
        return name, json.dumps(mutate_tree(tree, chance)).encode()
    return name, mutate_bytes(json.dumps(tree).encode() if tree else ARCHIVES.get(name) or TEXTS[name].encode(), chance)


def import_one(collection: Collection, home: Path, chance: random.Random, pdfs: Sequence[bytes]) -> tuple[str, str]:
    """(what the file was, what became of it) for one mutated file; "failed: ..." is a fault of the program."""
    name, data = make_file(chance, pdfs)
    path = home / "incoming" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    homes = [submission.id for submission in collection.submissions()]
    into = chance.choice(homes) if name in UNNAMED or chance.random() < INTO else None
    kind = chance.choice(KINDS) if into and chance.random() < 0.3 else None
    what = "PDF" if name.endswith(".pdf") else path.suffix.lstrip(".")
    try:
        report = collection.import_paths([path], into=into, kind=kind)
    except Exception as error:
        return what, f"failed: {type(error).__name__}: {error} ({name}, into {into}, kind {kind})"
    if not all(refusal.file and refusal.reason for refusal in report.refused):
        return what, f"failed: refused without a reason ({name})"
    if report.imported or report.unchanged:
        return what, "taken in part" if report.refused else "taken"
    return what, "refused" if report.refused else "failed: neither taken nor refused"


def run(seed: str, seconds: float, most: int = sys.maxsize) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Counts by (kind of file, outcome), and the faults, each with the seed and number that make it again."""
    chance, counts, faults = random.Random(seed), Counter[tuple[str, str]](), list[str]()
    pdfs = (two_columns(), pages_of_words().data())
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        template, home = Path(folder) / "filled", Path(folder) / "home"
        fill(template)
        done = 0
        while done < most and time.monotonic() < end:
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(template, home)
            before = held(home)
            with Collection(
                home, embedder=WordVectors(), library=home / "none", limits=Limits(file_s=60)
            ) as collection:
                for _ in range(min(ROUND, most - done)):
                    what, outcome = import_one(collection, home, chance, pdfs)
                    done += 1
                    counts[what, outcome.partition(":")[0]] += 1
                    now = held(home)
                    last = done % SOUND == 0 or time.monotonic() > end
                    found = (outcome if outcome.startswith("failed") else "", lost(before, now), last and torn(home))
                    faults += [f"seed {seed}, file {done}: {fault}" for fault in found if fault]
                    before = now
                    if time.monotonic() > end:
                        break
                if fault := torn(home):
                    faults.append(f"seed {seed}, file {done}: {fault}")
                if not collection.search("coral pruning of reefs"):
                    faults.append(f"seed {seed}, file {done}: nothing is found any more")
    return counts, faults


def read_batch(files: Sequence[bytes]) -> list[str]:
    """What became of each PDF: "taken" with words that can be written, or "refused" with a reason or without a result."""
    outcomes = []
    for data in files:
        try:
            answer = json.loads(json.dumps(read_file(data, Limits().pages)))
        except Exception:
            answer = {"error": "ended without a result"}
        outcomes.append("refused" if "error" in answer else "taken")
    return outcomes


def run_pdfs(seed: str, seconds: float) -> tuple[Counter[tuple[str, str]], list[str]]:
    """The same as `run` for PDFs read in batches; a batch that ends its process is read again as imports do it."""
    chance, counts, faults = random.Random(f"{seed} pdfs"), Counter[tuple[str, str]](), list[str]()
    pdfs = (two_columns(), pages_of_words().data())
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        files = [mutate_bytes(chance.choice(pdfs), chance) for _ in range(BATCH)]
        try:
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                outcomes = pool.submit(read_batch, files).result()
        except BrokenProcessPool:
            outcomes = []
            for data in files:
                try:
                    read_pdf(data, "paper.pdf", "reef", Limits(file_s=60))
                    outcomes.append("taken")
                except UnreadableFile:
                    outcomes.append("refused")
        counts.update(("PDF, read alone", outcome) for outcome in outcomes)
    return counts, faults


def run_both(seed: str, seconds: float) -> tuple[Counter[tuple[str, str]], list[str]]:
    """PDFs in batches, then files of all formats over a filled store."""
    pdfs, _ = run_pdfs(seed, seconds * PDF_TIME)
    counts, faults = run(seed, seconds * (1 - PDF_TIME))
    return counts + pdfs, faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", default=str(time.time_ns()))
    given = parser.parse_args()
    counts, faults = Counter[tuple[str, str]](), list[str]()
    seeds = [f"{given.seed}.{number}" for number in range(given.workers)]
    with ProcessPoolExecutor(given.workers, get_context("spawn")) as pool:
        for own, wrong in pool.map(run_both, seeds, [given.minutes * 60] * given.workers):
            counts, faults = counts + own, faults + wrong
    print(f"{counts.total():,} mutated files over filled stores, seed {given.seed}, {given.minutes:g} minutes")
    print("| files | mutated | taken | taken in part | refused | failed |\n|---|---|---|---|---|---|")
    for what in sorted({what for what, _ in counts}):
        own = [counts[what, outcome] for outcome in ("taken", "taken in part", "refused", "failed")]
        print(f"| {what} | {sum(own)} | {' | '.join(map(str, own))} |")
    print(
        "\n".join(faults)
        or "No file failed, nothing that was there before an import was gone after it, and the stores were sound."
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
