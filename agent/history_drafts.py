"""The versions of meta-reviews in the history: added, never changed. What is in a version, `agent.metareview` knows."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, insert, select

from agent.errors import DraftMoved, UnknownConversation
from agent.history_tables import CONVERSATIONS, DRAFTS

Author = Literal["draft", "chair"]


@dataclass(frozen=True)
class DraftVersion:
    """One version of the meta-review of a submission in a conversation; versions count from 1.

    by: whose change made it, the draft's (built anew) or the chair's.
    """

    conversation: str
    submission: str
    version: int
    written: str
    by: Author
    body: dict[str, Any]


class DraftVersions:
    """All versions under one data folder; safe for several threads and processes at once."""

    def __init__(self, engine: Engine, write: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._engine, self._write = engine, write

    def latest(self, conversation: str, submission: str) -> DraftVersion | None:
        """The newest version, or None before the first."""
        with self._engine.connect() as connection:
            row = connection.execute(_of(conversation, submission).limit(1)).mappings().first()
        return _version(row) if row is not None else None

    def all(self, conversation: str, submission: str) -> tuple[DraftVersion, ...]:
        """Every version, newest first."""
        with self._engine.connect() as connection:
            return tuple(_version(row) for row in connection.execute(_of(conversation, submission)).mappings())

    def add(self, conversation: str, submission: str, after: int, by: Author, body: dict[str, Any]) -> DraftVersion:
        """Keep the version that follows version `after` (0: the first).

        DraftMoved where somebody has kept another meanwhile, UnknownConversation where the conversation is gone.
        """
        row = {
            "conversation": conversation,
            "submission": submission,
            "version": after + 1,
            "written": datetime.now(UTC).isoformat(timespec="microseconds"),
            "by": by,
        }
        with self._write() as connection:
            known = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id == conversation)
            if connection.execute(known).first() is None:
                raise UnknownConversation("That conversation was deleted; start a new one.")
            newest = connection.execute(_of(conversation, submission).limit(1)).mappings().first()
            if (newest["version"] if newest is not None else 0) != after:
                raise DraftMoved("The meta-review was changed elsewhere meanwhile: look at it again.")
            connection.execute(insert(DRAFTS).values(**row, body=json.dumps(body, ensure_ascii=False)))
        return DraftVersion(**row, body=body)


def drop_drafts(connection: Connection, conversation: str) -> None:
    """Delete all versions of a conversation, in the transaction of the caller."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.conversation == conversation))


def _of(conversation: str, submission: str) -> Any:
    mine = (DRAFTS.c.conversation == conversation) & (DRAFTS.c.submission == submission)
    return select(DRAFTS).where(mine).order_by(DRAFTS.c.version.desc())


def _version(row: Any) -> DraftVersion:
    names = ("conversation", "submission", "version", "written", "by")
    return DraftVersion(**{name: row[name] for name in names}, body=json.loads(row["body"]))
