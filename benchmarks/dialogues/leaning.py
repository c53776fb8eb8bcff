"""Where the assistant leans on real threads whose decision it has not seen.

A thread is imported without its decision, its meta-review and whatever was written after them; then it is asked whether
to accept. The decision comes from the whole thread.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.conversation import Assistant
from agent.history import History
from agent.models import ModelChoice
from benchmarks.dialogues.conversing import converse
from benchmarks.dialogues.stances import read_lean
from benchmarks.remembered import Remembered
from compression_demo.runs import RunStore
from knowledge.collection import Collection
from knowledge.embedding import MiniLM
from knowledge.limits import Limits
from knowledge.readers import read
from knowledge.types import Submission

VARIABLE = "SECOND_OPINION_REAL"
QUESTION = "Should I accept it?"
_DECIDES = re.compile(r"decision|meta_?review", re.IGNORECASE)
_TELLING = ("decision", "recommendation", "venue", "venueid", "_bibtex")


@dataclass(frozen=True)
class Leaned:
    """A thread's decision and where the assistant leaned; None where it did not speak of accepting."""

    file: str
    accepted: bool
    lean: str | None


def withhold(data: dict[str, Any]) -> dict[str, Any]:
    """A copy of an OpenReview export without decision and meta-review, without what was written after them, and without
    the fields of the submission that tell the outcome."""
    notes = [note for note in data["notes"] if isinstance(note, dict)]
    deciding = [note for note in notes if _decides(note)]
    first = min((_created(note) for note in deciding), default=None)
    kept = []
    for note in notes:
        root = note.get("id") == note.get("forum")
        if _decides(note) or (first is not None and not root and _created(note) > first):
            continue
        content = {k: v for k, v in note.get("content", {}).items() if not (root and k in _TELLING)}
        kept.append({**note, "content": content})
    return {**data, "notes": kept}


def _decides(note: dict[str, Any]) -> bool:
    names = [str(note.get("invitation") or ""), *map(str, note.get("invitations") or ())]
    return any(_DECIDES.search(name.rpartition("/-/")[2].rpartition("/")[2]) for name in names)


def _created(note: dict[str, Any]) -> int:
    return int(note.get("cdate") or note.get("tcdate") or 0)


def is_accepted(submission: Submission) -> bool | None:
    """Whether a thread ended in acceptance; None where it has no decision."""
    told = submission.decision or ""
    return None if not told else "accept" in told.lower()


def measure_leaning(folder: Path, cache: Path, model: ModelChoice, tell: Callable[[str], None]) -> list[Leaned]:
    """Ask about each thread of `folder`/iclr in a data folder of its own; what leaves the machine was agreed to."""
    found = []
    paths = sorted((folder / "iclr").glob("*.json"))
    embedder = MiniLM(cache)
    for number, path in enumerate(paths, 1):
        tell(f"leaning: {number} of {len(paths)}")
        accepted = is_accepted(read(path, None, None, Limits()).parts[0])
        if accepted is None:
            continue
        with tempfile.TemporaryDirectory() as home:
            thread = Path(home) / path.name
            thread.write_text(json.dumps(withhold(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
            remembering = Remembered(embedder, cache)
            # No bundled paper is needed here: an empty library.
            with Collection(Path(home), embedder=remembering, library=Path(home) / "library") as collection:
                identity = collection.import_paths([thread]).imported[0]
                held = collection.submission(identity)
                if held.decision or any(d.kind in ("decision", "meta-review") for d in held.documents):
                    raise ValueError(f"{path.name}: its decision could not be withheld")
                collection.warm_up()
                assistant = Assistant(collection, RunStore(Path(home)), History(Path(home)), model=model)
                answer = converse(assistant, [QUESTION], identity, model.leaves_machine)[0].answer
        found.append(Leaned(path.name, accepted, read_lean(answer) if answer else None))
    return found


def print_leaning(found: Sequence[Leaned]) -> None:
    """Decisions against leans."""
    print(
        "| decision | threads | leans to accept | leans to reject | undecided | says nothing of it |\n|---|---|---|---|---|---|"
    )
    for name, accepted in (("accepted", True), ("rejected", False)):
        group = [one.lean for one in found if one.accepted == accepted]
        counts = [sum(lean == way for lean in group) for way in ("accept", "reject", "undecided", None)]
        print(f"| {name} | {len(group)} | {' | '.join(map(str, counts))} |")
    print(
        f"\nErrors towards accepting: {count(found, False, 'accept')}; towards rejecting: {count(found, True, 'reject')}.\n"
    )


def count(found: Iterable[Leaned], accepted: bool, lean: str) -> int:
    return sum(one.accepted == accepted and one.lean == lean for one in found)
