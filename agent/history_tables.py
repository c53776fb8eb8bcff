"""The tables that conversations are kept in, and how a file of an older version is brought up to date."""

from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, UniqueConstraint, inspect
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

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


def bring_up_to_date(connection: Connection) -> None:
    """Create the tables that a file lacks, and give those of an older version the columns and indexes that they lack."""
    for table in _SCHEMA.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        held = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in held:
                definition = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {definition}')
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
