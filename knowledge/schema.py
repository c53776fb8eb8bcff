"""The tables of the store, and the numbered steps from one version of them to the next."""

from collections.abc import Callable

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
    update,
)

METADATA = MetaData()

VERSION = Table("schema_version", METADATA, Column("version", Integer, nullable=False))

STATE = Table(
    "state",
    METADATA,
    Column("store", String, nullable=False, comment="random, once per store"),
    Column("token", String, nullable=False, comment="random, new with every change of the passages"),
)

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("venue", Text, nullable=False),
    Column("decision", Text),
    Column("short_names", JSON, nullable=False),
    Column("openreview", String, index=True),
    Column("record", Text, nullable=False),
    Column("number", Integer, comment="of the paper at its venue"),
    Column("bundled", String, comment="SHA-256 of the bundled file that was taken in; null for imported ones"),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("row", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("standing", String, nullable=False, comment="current, aside, superseded, or replaced by a newer version"),
    Column("position", Integer, nullable=False),
    Column("submission", ForeignKey("submissions.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("points", JSON, nullable=False),
    Column("author", String),
    Column("addressee", String),
    Column("origin", String, nullable=False),
    Column("source", Text, nullable=False),
    Column("date", String),
    Column("reply_to", String, comment="the id of a document of the same submission, there or not"),
    Column("pages", JSON, nullable=False, server_default="[]", comment="the offset at which each page begins"),
    Column("digest", String, nullable=False, comment="of everything above from kind on, and of the review"),
    Column(
        "changed",
        Float,
        nullable=False,
        server_default="0",
        comment="at the site, in milliseconds since 1970; 0: unknown",
    ),
    Column("bundled", Boolean, nullable=False),
    UniqueConstraint("id", "version"),
    Index("documents_by_submission", "submission", "standing"),
    sqlite_autoincrement=True,
)

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("document", ForeignKey("documents.row"), primary_key=True),
    Column("reviewer", String, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("scores", JSON, nullable=False, comment="name -> [value, label, low, high]"),
)

PASSAGES = Table(
    "passages",
    METADATA,
    Column("row", Integer, primary_key=True, comment="never used twice: it is the key of the vectors"),
    Column("id", String, nullable=False, unique=True),
    Column("document", ForeignKey("documents.row"), nullable=False, index=True),
    Column("section", Text),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("aspect", String),
    Column("where", Text),
    Column("checked", Boolean),
    Column("caveat", Text),
    Column("role", String, comment="table, caption or reference; null for running text"),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False, server_default="", comment="caption and heads of its table; never quoted"),
    sqlite_autoincrement=True,
)

FINDINGS = Table(
    "findings",
    METADATA,
    Column("row", Integer, primary_key=True),
    Column("document", ForeignKey("documents.row"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("where", Text, nullable=False),
    Column("text", Text, nullable=False),
)

REMOVED = Table(
    "removed",
    METADATA,
    Column("id", String, primary_key=True, comment="of a bundled submission that the user deleted: it stays away"),
)


def add_findings(connection: Connection) -> None:
    """Version 2: integrity findings, threads, pages, roles of passages, deletion."""
    METADATA.create_all(connection, [FINDINGS, REMOVED])
    for column in (DOCUMENTS.c.reply_to, DOCUMENTS.c.pages, PASSAGES.c.role):
        default = " NOT NULL DEFAULT '[]'" if column is DOCUMENTS.c.pages else ""
        kind = column.type.compile(connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {column.name} {kind}{default}")


def add_context(connection: Connection) -> None:
    """Version 3: the parts of a table know its heads; those of an older import do once they are imported again."""
    connection.exec_driver_sql("ALTER TABLE passages ADD COLUMN context TEXT NOT NULL DEFAULT ''")


def add_changed(connection: Connection) -> None:
    """Version 4: when a note was last changed at its site, which an older import does not know."""
    connection.exec_driver_sql("ALTER TABLE documents ADD COLUMN changed FLOAT NOT NULL DEFAULT 0")


def add_number(connection: Connection) -> None:
    """Version 5: papers have the numbers of their venues; those of an older import do once they are imported again."""
    connection.exec_driver_sql("ALTER TABLE submissions ADD COLUMN number INTEGER")


MIGRATIONS: dict[int, Callable[[Connection], None]] = {
    1: METADATA.create_all,
    2: add_findings,
    3: add_context,
    4: add_changed,
    5: add_number,
}
"""Version -> the step that leads to it from the one before. An empty database is created at the newest version."""


def current_version(connection: Connection) -> int:
    """The version of the tables that are there; 0 for none."""
    if not inspect(connection).has_table(VERSION.name):
        return 0
    return connection.execute(select(VERSION.c.version)).scalar() or 0


def migrate(connection: Connection, identity: str) -> None:
    """Bring the tables to the newest version; `identity` names a store that is new. Changes the database."""
    version, newest = current_version(connection), max(MIGRATIONS)
    if version == 0:
        METADATA.create_all(connection)
        connection.execute(insert(VERSION).values(version=newest))
        connection.execute(insert(STATE).values(store=identity, token=identity))
    elif version < newest:
        for step in range(version + 1, newest + 1):
            MIGRATIONS[step](connection)
        connection.execute(update(VERSION).values(version=newest))
