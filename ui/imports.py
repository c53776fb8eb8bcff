"""Imports started on the page: each runs in a thread of its own, so that a closed page does not end it."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from knowledge.errors import KnowledgeError
from knowledge.types import ImportReport

log = logging.getLogger(__name__)
FAILED = "The import failed ({}). What was taken before is kept: import the files again, or see the program's log."


class ImportBusy(KnowledgeError):
    """An import of the same browser is under way."""


class Cancelled(Exception):
    """The person has cancelled the import."""


class TakesFiles(Protocol):
    """What is needed of `knowledge.collection.Collection`."""

    def import_paths(self, paths: Sequence[Path], *, into: str | None, progress: "Progress") -> ImportReport: ...


class Progress(Protocol):
    """Told how many of how many files are done, and what comes next."""

    def __call__(self, done: int, total: int, words: str) -> None: ...


@dataclass
class Import:
    """One import; `report` is there once it has ended well, `problem` where it has not."""

    names: tuple[str, ...]
    done: int = 0
    words: str = "waiting to begin"
    report: ImportReport | None = None
    problem: str = ""
    cancelling: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def told(self, done: int, total: int, words: str) -> None:
        """Take in how far it is; raises Cancelled once that was asked for."""
        self.done, self.words = done, words
        if self.cancelling.is_set():
            raise Cancelled


class Imports:
    """The latest import of each browser."""

    def __init__(self, collection: TakesFiles) -> None:
        self._collection = collection
        self._latest: dict[str, Import] = {}
        self._lock = threading.Lock()

    def start(self, owner: str, paths: Sequence[Path], into: str | None) -> Import:
        """Begin to take in `paths`, into the submission `into` if one is named.

        Raises:
            ImportBusy: the owner's last import has not ended.
        """
        with self._lock:
            if self.active(owner) is not None:
                raise ImportBusy("an import is under way: wait for it to end, or cancel it.")
            started = self._latest[owner] = Import(tuple(path.name for path in paths))
        threading.Thread(target=self._run, args=(started, paths, into), name="import", daemon=True).start()
        return started

    def latest(self, owner: str) -> Import | None:
        """The import that is under way, or the last one until it is dismissed."""
        return self._latest.get(owner)

    def active(self, owner: str) -> Import | None:
        """The import that is under way."""
        latest = self.latest(owner)
        return latest if latest is not None and not latest.ended.is_set() else None

    def cancel(self, owner: str) -> None:
        """End the import after the file that is being read; what was taken stays."""
        if (active := self.active(owner)) is not None:
            active.cancelling.set()

    def dismiss(self, owner: str) -> None:
        """Forget the last import once it has ended."""
        with self._lock:
            if self.active(owner) is None:
                self._latest.pop(owner, None)

    def _run(self, started: Import, paths: Sequence[Path], into: str | None) -> None:
        try:
            started.report = self._collection.import_paths(paths, into=into, progress=started.told)
        except Cancelled:
            started.problem = f"Cancelled. {started.done} of {len(paths)} files were read, and what was taken is kept."
        except KnowledgeError as error:
            started.problem = str(error)
        except Exception as error:
            # The thread has nobody above it: the page tells the person, the log has the rest.
            log.exception("an import failed")
            started.problem = FAILED.format(f"{type(error).__name__}: {error}")
        finally:
            started.ended.set()
