"""Search by words: BM25 in SQLite's FTS5, in a file of its own that is derived and rebuilt when it is damaged."""

import json
import logging
import re
import sqlite3
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Protocol

from knowledge.errors import UnusableStore

logger = logging.getLogger(__name__)

FORMAT = 2
WAIT_S = 60.0
BATCH = 1000
TEXT_WEIGHT, CONTEXT_WEIGHT = 1.0, 0.4
READ = 20_000
"""Among more passages than so many, the commonest words of a question are left out where those that hold its rarer ones
are about so many already: they cost the most and say the least."""
NOT_DAMAGED = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
}
WORD = re.compile(r"\w+(?:[.,'’/-]\w+)*")
STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing done down during each either for from further get give given had has have having he her
    here him his how i if in into is it its itself just let may me might more most much must my no nor not of off on
    once one only or other our out over own please same say says said she should show so some such tell than that the
    their them then there these they this those through to too under until up upon us very was we were what when where
    whether which while who whom whose why will with would you your""".split()
)


class Source(Protocol):
    """Where the words come from. Rows are never used twice."""

    def documents(self) -> Mapping[int, str]:
        """The documents that can be found: row -> a signature that changes with their passages."""
        ...

    def passages_of(self, documents: Sequence[int]) -> Iterable[tuple[int, str, int]]:
        """The passages of documents, as (row, id, document)."""
        ...

    def fields(self, rows: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """Rows of passages -> (context, text)."""
        ...


class LexicalIndex:
    """The words of all passages in the file at `path`; `owner` names the store that they come from."""

    def __init__(self, path: Path, owner: str) -> None:
        self._path, self._owner = path, owner
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._holding: dict[str, int] = {}
        self._counted = ""
        """The state of the index in which it was counted how many passages hold each word."""

    def refresh(self, token: str, source: "Source") -> None:
        """Make the index hold the passages that `source` has and no others; only those of documents that are new, or
        not as they were, are read.

        `token` names that state: nothing is compared where it is known. A damaged file is made anew.
        """
        with self._lock:
            try:
                self._refresh(token, source)
            except sqlite3.DatabaseError as error:
                self._give_up(error)
                self._refresh(token, source)

    def passages(self) -> list[tuple[int, str]]:
        """The passages that the index holds, as (row, id), by row; none if the file is damaged."""
        with self._lock:
            try:
                return self._open().execute("SELECT row, id FROM passages ORDER BY row").fetchall()
            except sqlite3.DatabaseError as error:
                self._give_up(error)
                return []

    def search(
        self, query: str, limit: int, only: Sequence[int] | None = None, without: Sequence[int] = ()
    ) -> list[int] | None:
        """The rows of the passages that hold words of `query`, best first; None if the file is damaged."""
        if not (words := searched_words(query)):
            return []
        chosen = without if only is None else only
        listed = "(SELECT value FROM json_each(:rows))"
        # The plus sign keeps SQLite from asking the full-text index once for each row that is listed.
        restriction = f"AND +rowid NOT IN {listed}" if chosen else ""
        if only is not None:
            restriction = f"AND rowid BETWEEN :first AND :last AND +rowid IN {listed}"
        statement = f"""SELECT rowid FROM words WHERE words MATCH :match {restriction}
                        ORDER BY bm25(words, {TEXT_WEIGHT}, {CONTEXT_WEIGHT}), rowid LIMIT :limit"""
        first, last = min(chosen, default=0), max(chosen, default=0)
        values = {"rows": json.dumps(list(chosen)), "limit": limit, "first": first, "last": last}
        with self._lock:
            try:
                connection = self._open()
                asked = self._rarest(connection, words) if only is None else words
                found = [row for (row,) in connection.execute(statement, values | {"match": any_of(asked)})]
                if len(found) < limit and len(asked) < len(words):
                    found = [row for (row,) in connection.execute(statement, values | {"match": any_of(words)})]
                return found
            except sqlite3.DatabaseError as error:
                self._give_up(error)
                return None

    def said_in(self, words: Collection[str], rows: Sequence[int]) -> set[str]:
        """Those of `words` that any of the passages in `rows` holds, in any of their forms; none if the file is
        damaged."""
        statement = """SELECT 1 FROM words WHERE words MATCH :match AND rowid BETWEEN :first AND :last
                       AND +rowid IN (SELECT value FROM json_each(:rows)) LIMIT 1"""
        values = {"rows": json.dumps(list(rows)), "first": min(rows, default=0), "last": max(rows, default=0)}
        found = set()
        with self._lock:
            try:
                for word in words:
                    if self._open().execute(statement, values | {"match": any_of([word])}).fetchone():
                        found.add(word)
            except sqlite3.DatabaseError as error:
                self._give_up(error)
        return found

    def clear(self) -> None:
        """Remove the file; the next use makes it anew."""
        with self._lock:
            self._remove()

    def close(self) -> None:
        """Close the file."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _refresh(self, token: str, source: "Source") -> None:
        connection = self._open()
        if connection.execute("SELECT token FROM state").fetchone() == (token,):
            return
        documents = source.documents()
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            held = dict(connection.execute("SELECT row, signature FROM documents"))
            gone = [row for row, signature in held.items() if documents.get(row) != signature]
            new = [row for row, signature in documents.items() if held.get(row) != signature]
            fresh = {row: (id, document) for row, id, document in source.passages_of(new)}
            before = dict(select_in(connection, "SELECT row, id FROM passages WHERE document IN", gone))
            before |= select_in(connection, "SELECT row, id FROM passages WHERE row IN", fresh)
            dropped = [(row,) for row, id in before.items() if fresh.get(row, ("",))[0] != id]
            connection.executemany("DELETE FROM words WHERE rowid = ?", dropped)
            connection.executemany("DELETE FROM passages WHERE row = ?", dropped)
            self._insert(connection, [row for row, (id, _) in fresh.items() if before.get(row) != id], source)
            entries = [(row, id, document) for row, (id, document) in fresh.items()]
            connection.executemany("INSERT OR REPLACE INTO passages VALUES (?, ?, ?)", entries)
            connection.executemany("DELETE FROM documents WHERE row = ?", [(row,) for row in gone])
            connection.executemany("INSERT INTO documents VALUES (?, ?)", [(row, documents[row]) for row in new])
            connection.execute("UPDATE state SET token = ?", (token,))

    def _rarest(self, connection: sqlite3.Connection, words: Sequence[str]) -> Sequence[str]:
        """Words that about `READ` passages hold, the rarest first; all of them where there are no more passages."""
        (passages,) = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM passages LIMIT ?)", (READ + 1,)
        ).fetchone()
        if passages <= READ:
            return words
        statement = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
        token = connection.execute("SELECT token FROM state").fetchone()[0]
        if token != self._counted:
            self._holding, self._counted = {}, token
        for word in words:
            if word not in self._holding:
                self._holding[word] = connection.execute(statement, (any_of([word]), READ)).fetchone()[0]
        rarest = sorted(words, key=self._holding.__getitem__)
        read = accumulate(self._holding[word] for word in rarest)
        return [word for word, rows in zip(rarest, read, strict=True) if rows <= READ] or rarest[:1]

    def _insert(self, connection: sqlite3.Connection, rows: Sequence[int], source: "Source") -> None:
        for start in range(0, len(rows), BATCH):
            fields = source.fields(rows[start : start + BATCH])
            entries = [(row, text, context) for row, (context, text) in fields.items()]
            connection.executemany("INSERT INTO words (rowid, text, context) VALUES (?, ?, ?)", entries)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=WAIT_S, isolation_level=None, check_same_thread=False, cached_statements=8
            )
            self._connection = connection
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            identity = f"{FORMAT}:{self._owner}"
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if "state" not in tables or connection.execute("SELECT owner FROM state").fetchone() != (identity,):
                create_tables(connection, identity)
        return self._connection

    def _give_up(self, error: sqlite3.DatabaseError) -> None:
        """Remove the file if it is damaged; UnusableStore if it is not, but cannot be used."""
        self.close()
        if error.sqlite_errorcode & 0xFF in NOT_DAMAGED:
            raise UnusableStore(f"the search index {self._path} cannot be used ({error})") from error
        logger.warning("the search index %s is damaged (%s) and is made anew", self._path, error)
        self._remove()

    def _remove(self) -> None:
        self.close()
        for ending in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)


def create_tables(connection: sqlite3.Connection, identity: str) -> None:
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for table in ("state", "documents", "passages", "words"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute("CREATE TABLE state (owner TEXT, token TEXT)")
        connection.execute("INSERT INTO state VALUES (?, '')", (identity,))
        connection.execute("CREATE TABLE documents (row INTEGER PRIMARY KEY, signature TEXT)")
        connection.execute("CREATE TABLE passages (row INTEGER PRIMARY KEY, id TEXT, document INTEGER)")
        connection.execute("CREATE INDEX passages_by_document ON passages (document)")
        tokenizer = "porter unicode61 remove_diacritics 2"
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, context, tokenize = '{tokenizer}')")


def select_in(connection: sqlite3.Connection, statement: str, keys: Collection[int]) -> list[tuple[int, str]]:
    return connection.execute(f"{statement} (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)).fetchall()


def searched_words(query: str) -> list[str]:
    """The words of a question that are searched for: all but the commonest of the language, each once.

    "76.1" and "wall-clock" are phrases; the latter's parts count too.
    """
    words: dict[str, None] = {}
    for word in WORD.findall(query.casefold()):
        parts = [part for part in re.split(r"[^\w]+", word) if len(part) > 1 and not part.isdigit()]
        words |= dict.fromkeys(part for part in (word, *parts) if part not in STOP_WORDS)
    return list(words)


def any_of(words: Sequence[str]) -> str:
    """Words as an FTS5 expression: any of them. Each stands in quotes, so that none is an operator."""
    return " OR ".join(f'"{word}"' for word in words)
