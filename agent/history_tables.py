"""The tables that conversations are kept in, and how a file of an older version is brought up to date."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, UniqueConstraint, inspect
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from agent.errors import AgentError

_SCHEMA = MetaData()


def _of_a_turn(name: str, *columns: Column[Any] | UniqueConstraint) -> Table:
    """A table whose rows each belong to one turn of a conversation."""
    return Table(
        name,
        _SCHEMA,
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("conversation", String, nullable=False, index=True),
        Column("turn", Integer, nullable=False),
        *columns,
    )


CONVERSATIONS = Table(
    "conversation",
    _SCHEMA,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False, index=True),
    Column("submission", String),
    Column("title", String, nullable=False, default=""),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
    Column("model", String),  # the language model chosen for it
    Column("agreed", String),  # where its text may go, as it was told
)
ENTRIES = _of_a_turn(
    "entry",
    Column("role", String, nullable=False),
    Column("body", Text, nullable=False),
)
RUNS = _of_a_turn(
    "run_request",
    Column("digest", String, nullable=False),
    Column("claim", Text, nullable=False),
    Column("experiment", Text, nullable=False),
    Column("bears_on", Text, nullable=False, default=""),
    Column("state", String, nullable=False),  # proposed | started | delivered | declined
    Column("settled_in", Integer),  # the turn that said yes or no to a proposal, or proposed another
    UniqueConstraint("conversation", "turn", "digest"),
)
DECISIONS = _of_a_turn(
    "decision",
    Column("submission", String),
    Column("body", Text, nullable=False),
)
OF_TURNS = (ENTRIES, RUNS, DECISIONS)
DRAFTS = Table(
    "meta_review",
    _SCHEMA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String, nullable=False, index=True),
    Column("submission", String, nullable=False),
    Column("version", Integer, nullable=False),  # from 1, without gaps
    Column("written", String, nullable=False),
    Column("by", String, nullable=False),  # draft | chair
    Column("body", Text, nullable=False),
    UniqueConstraint("conversation", "submission", "version"),
)


def _of_conversations(connection: Connection) -> None:
    """Version 1: the tables of conversations. A file without a number may lack columns and indexes of them."""
    tables: Sequence[Table] = (CONVERSATIONS, *OF_TURNS)
    for table in tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        _add_columns(connection, table)
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _add_columns(connection: Connection, table: Table) -> None:
    """The columns that a table lacks."""
    held = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in held:
            definition = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {definition}')


def _of_drafts(connection: Connection) -> None:
    """Version 2: the versions of meta-reviews."""
    connection.execute(CreateTable(DRAFTS))
    for index in DRAFTS.indexes:
        connection.execute(CreateIndex(index))


def _of_models(connection: Connection) -> None:
    """Version 3: the language model of a conversation, and where its text may go."""
    _add_columns(connection, CONVERSATIONS)


MIGRATIONS: dict[int, Callable[[Connection], None]] = {1: _of_conversations, 2: _of_drafts, 3: _of_models}
"""Version -> the step that leads to it from the one before. SQLite's `user_version` holds the version of a file."""


def bring_up_to_date(connection: Connection) -> None:
    """Take the steps that a file lacks, in one transaction of the caller; AgentError for a file of a newer version."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
    if version > max(MIGRATIONS):
        raise AgentError(
            "The conversations here were kept by a newer version of Second Opinion: update to read them, or choose"
            " another data folder with SECOND_OPINION_HOME."
        )
    for step in range(version + 1, max(MIGRATIONS) + 1):
        MIGRATIONS[step](connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {step}")
