"""Conversations as versioned JSON in SQLite: the truth of what was said, recommended and run.

A turn is the number of a user's message in its conversation, from 1. Nothing here knows how answers are made.
"""

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, create_engine, delete, event, func, insert, select, update

from agent.errors import AgentError, UnknownConversation
from agent.events import Answer, Citation, Sentence
from agent.history_drafts import DraftVersions, drop_drafts
from agent.history_tables import CONVERSATIONS, DECISIONS, DRAFTS, ENTRIES, OF_TURNS, RUNS, bring_up_to_date
from agent.notes import without

BODY_VERSION = 1
Role = Literal["user", "answer", "verdict", "failure"]
TITLE_LENGTH = 60


@dataclass(frozen=True)
class Conversation:
    """One conversation of one owner, times in ISO 8601 UTC."""

    id: str
    owner: str
    submission: str | None
    title: str
    created: str
    updated: str
    model: str | None = None
    """The language model chosen for it; None: the default one."""
    agreed: str | None = None
    """Where its text may go, in the words to which the person said yes; None: nowhere."""


@dataclass(frozen=True)
class Entry:
    """One thing said. `body` by role: user {"text"}; answer {"answer", "events", "request"}; verdict: a VerdictReached
    as JSON; failure {"message", "stopped"}."""

    turn: int
    role: Role
    body: dict[str, Any]


@dataclass(frozen=True)
class WaitingRun:
    """A run asked for in a conversation whose verdict is not yet in it."""

    conversation: str
    turn: int
    digest: str
    claim: str
    experiment: dict[str, Any]
    bears_on: str
    state: Literal["proposed", "started", "delivered"]


class History:
    """All conversations under one data folder; safe for several threads and processes at once."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(f"sqlite:///{home / 'conversations.sqlite'}", connect_args={"timeout": 30})

        @event.listens_for(self._engine, "connect")
        def _configure(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # the driver opens no transaction of its own; _write does
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=30000")

        try:
            with self._write() as connection:
                bring_up_to_date(connection)
        except BaseException:
            self._engine.dispose()
            raise
        self.drafts = DraftVersions(self._engine, self._write)

    def close(self) -> None:
        """Close every connection to the file."""
        self._engine.dispose()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start, so that what it reads stays true until it ends."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    # Conversations

    def create(self, owner: str, submission: str | None = None) -> str:
        """Start an empty conversation and return its id (22 URL-safe characters)."""
        identity, now = "-", _now()
        while identity.startswith("-"):  # in a terminal it would be taken for an option
            identity = secrets.token_urlsafe(16)
        row = {"id": identity, "owner": owner, "submission": submission, "title": "", "created": now, "updated": now}
        with self._write() as connection:
            connection.execute(insert(CONVERSATIONS).values(row))
        return identity

    def conversations(self, owner: str) -> tuple[Conversation, ...]:
        """The owner's conversations in which something was said or drafted, newest first."""
        said, drafted = (
            select(table.c.conversation).where(table.c.conversation == CONVERSATIONS.c.id).exists()
            for table in (ENTRIES, DRAFTS)
        )
        query = select(CONVERSATIONS).where(CONVERSATIONS.c.owner == owner, said | drafted)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(CONVERSATIONS.c.updated.desc(), CONVERSATIONS.c.id)).mappings()
            return tuple(Conversation(**row) for row in rows)

    def conversation(self, identity: str, owner: str) -> Conversation | None:
        """The conversation if it exists and is the owner's, else None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(CONVERSATIONS).where(CONVERSATIONS.c.id == identity)).mappings().first()
        return Conversation(**row) if row is not None and row["owner"] == owner else None

    def choose(self, identity: str, submission: str | None) -> None:
        """Set the submission that the conversation speaks of."""
        self._update(identity, submission=submission)

    def choose_model(self, identity: str, model: str | None) -> None:
        """Set the language model of the conversation; what was agreed to for another is forgotten."""
        self._update(identity, model=model, agreed=None)

    def agree(self, identity: str, where: str) -> None:
        """Keep that the conversation's text may go where these words say."""
        self._update(identity, agreed=where)

    def _update(self, identity: str, **values: str | None) -> None:
        with self._write() as connection:
            connection.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == identity).values(**values))

    def delete(self, identity: str, owner: str) -> None:
        """Delete a conversation with all it holds; another owner's raises UnknownConversation."""
        if self.conversation(identity, owner) is None:
            raise UnknownConversation("That conversation does not exist here; nothing was deleted.")
        with self._write() as connection:
            connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id == identity))
            for table in OF_TURNS:
                connection.execute(delete(table).where(table.c.conversation == identity))
            drop_drafts(connection, identity)

    # Entries

    def entries(self, identity: str) -> tuple[Entry, ...]:
        """Everything said in the conversation, in order."""
        query = select(ENTRIES).where(ENTRIES.c.conversation == identity).order_by(ENTRIES.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(Entry(row["turn"], row["role"], _body(row["body"])) for row in rows)

    def add_message(self, identity: str, text: str) -> int:
        """Append the user's message and return its turn."""
        with self._write() as connection:
            query = select(func.max(ENTRIES.c.turn)).where(ENTRIES.c.conversation == identity)
            turn = (connection.execute(query).scalar() or 0) + 1
            self._append(connection, identity, turn, "user", {"text": text})
            title = text.strip().splitlines()[0][:TITLE_LENGTH] if text.strip() else ""
            untitled = (CONVERSATIONS.c.id == identity) & (CONVERSATIONS.c.title == "")
            connection.execute(update(CONVERSATIONS).where(untitled).values(title=title))
        return turn

    def add_answer(
        self,
        identity: str,
        turn: int,
        answer: Answer,
        events: list[dict[str, Any]],
        request: dict[str, Any],
        delivered: tuple[str, ...] = (),
    ) -> None:
        """Append the answer of a turn with how it was understood; the runs in `delivered` have their verdict in it.

        Where somebody else has delivered such a verdict meanwhile, its own entry goes: the answer holds it now.
        """
        body = {"answer": asdict(answer), "events": events, "request": request}
        with self._write() as connection:
            self._append(connection, identity, turn, "answer", body)
            for digest in delivered:
                mine = _is(identity, turn, digest) & (RUNS.c.state == "started")
                if connection.execute(update(RUNS).where(mine).values(state="delivered")).rowcount == 0:
                    self._drop_verdict(connection, identity, turn, digest)

    def add_failure(self, identity: str, turn: int, message: str, *, stopped: bool) -> None:
        """Append what kept a turn from being answered."""
        with self._write() as connection:
            self._append(connection, identity, turn, "failure", {"message": message, "stopped": stopped})

    def truncate(self, identity: str, turn: int) -> None:
        """Drop this turn and all later ones, for retry and edit; runs that they started go on unwatched.

        An earlier proposal that they said yes or no to waits again. Versions of the meta-review stay: the chair may
        have written in them.
        """
        with self._write() as connection:
            for table in OF_TURNS:
                connection.execute(delete(table).where(table.c.conversation == identity, table.c.turn >= turn))
            settled = (RUNS.c.conversation == identity) & (RUNS.c.settled_in >= turn)
            connection.execute(update(RUNS).where(settled).values(state="proposed", settled_in=None))

    def _drop_verdict(self, connection: Connection, identity: str, turn: int, digest: str) -> None:
        late = (ENTRIES.c.conversation == identity) & (ENTRIES.c.turn == turn) & (ENTRIES.c.role == "verdict")
        for row in connection.execute(select(ENTRIES.c.id, ENTRIES.c.body).where(late)).all():
            if _body(row.body)["digest"] == digest:
                connection.execute(delete(ENTRIES).where(ENTRIES.c.id == row.id))

    def _append(self, connection: Connection, identity: str, turn: int, role: Role, body: dict[str, Any]) -> None:
        now = _now()
        touched = connection.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == identity).values(updated=now))
        if touched.rowcount == 0:
            raise UnknownConversation("That conversation was deleted; start a new one.")
        text = json.dumps({"version": BODY_VERSION, **body}, ensure_ascii=False)
        connection.execute(insert(ENTRIES).values(conversation=identity, turn=turn, role=role, body=text))

    # Runs

    def await_run(
        self, identity: str, turn: int, digest: str, claim: str, experiment: dict[str, Any], bears_on: str, state: str
    ) -> None:
        """Note that a turn proposed or started a run, so that its verdict reaches the conversation.

        A new proposal takes the place of those that still wait: a yes can only mean one.
        """
        row = {"conversation": identity, "turn": turn, "digest": digest, "claim": claim, "bears_on": bears_on}
        with self._write() as connection:
            known = _is(identity, turn, digest)
            if state == "proposed":
                older = (RUNS.c.conversation == identity) & (RUNS.c.state == "proposed") & ~known
                connection.execute(update(RUNS).where(older).values(state="declined", settled_in=turn))
            if connection.execute(update(RUNS).where(known).values(state=state)).rowcount == 0:
                connection.execute(insert(RUNS).values(**row, experiment=json.dumps(experiment), state=state))

    def waiting_runs(self, identity: str | None = None) -> tuple[WaitingRun, ...]:
        """Runs proposed or started but not delivered, of one conversation or of all."""
        query = select(RUNS).where(RUNS.c.state.in_(("proposed", "started")))
        return self._run_rows(query if identity is None else query.where(RUNS.c.conversation == identity))

    def _run_rows(self, query: Any) -> tuple[WaitingRun, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(RUNS.c.id)).mappings().all()
        keep = ("conversation", "turn", "digest", "claim", "bears_on", "state")
        return tuple(WaitingRun(experiment=json.loads(r["experiment"]), **{k: r[k] for k in keep}) for r in rows)

    def run_requests(self, identity: str) -> tuple[WaitingRun, ...]:
        """Every run asked for in a conversation, delivered or not, oldest first."""
        return self._run_rows(select(RUNS).where(RUNS.c.conversation == identity, RUNS.c.state != "declined"))

    def settle_run(self, run: WaitingRun, state: Literal["declined", "delivered"], in_turn: int | None = None) -> None:
        """Close a run request without a verdict entry (declined, or answered within a later turn).

        `in_turn` is the turn that said so; when it is dropped, the request waits again.
        """
        mine = _is(run.conversation, run.turn, run.digest)
        with self._write() as connection:
            connection.execute(update(RUNS).where(mine).values(state=state, settled_in=in_turn))

    def awaited_elsewhere(self, digest: str, conversation: str) -> bool:
        """Whether another conversation has started this run too and waits for its verdict."""
        others = (RUNS.c.digest == digest) & (RUNS.c.state == "started") & (RUNS.c.conversation != conversation)
        with self._engine.connect() as connection:
            return connection.execute(select(RUNS.c.id).where(others).limit(1)).first() is not None

    def deliver(self, run: WaitingRun, verdict: dict[str, Any]) -> bool:
        """Append a verdict that arrived after its turn had ended. True for the one caller that delivered it."""
        with self._write() as connection:
            open_ = _is(run.conversation, run.turn, run.digest) & (RUNS.c.state == "started")
            if connection.execute(update(RUNS).where(open_).values(state="delivered")).rowcount != 1:
                return False
            self._append(connection, run.conversation, run.turn, "verdict", verdict)
        return True

    def owner(self, identity: str) -> str | None:
        """Whose conversation it is, or None."""
        with self._engine.connect() as connection:
            return connection.execute(select(CONVERSATIONS.c.owner).where(CONVERSATIONS.c.id == identity)).scalar()

    # The chair's own decision

    def record_decision(self, identity: str, turn: int, decision: dict[str, Any], submission: str | None) -> None:
        """Keep what the chair stated of a submission (a `StatedDecision` as JSON); earlier ones stay on file."""
        row = {"conversation": identity, "turn": turn, "submission": submission, "body": json.dumps(decision)}
        with self._write() as connection:
            connection.execute(insert(DECISIONS).values(row))

    def decision(self, identity: str, submission: str | None) -> dict[str, Any] | None:
        """What the chair has stated of a submission (None: of any) and not taken back, with its latest "turn": the latest
        "decision", "rating" and "confidence", and all "notes", "priorities" and "judged" (on single points) in order."""
        query = select(DECISIONS).where(DECISIONS.c.conversation == identity).order_by(DECISIONS.c.id)
        if submission is not None:
            query = query.where(DECISIONS.c.submission == submission)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        merged: dict[str, Any] = {}
        for row in rows:
            _merge(merged, json.loads(row["body"]))
            merged["turn"] = row["turn"]
        return merged if set(merged) - {"turn"} else None

    def statements(self, identity: str, submission: str) -> tuple[tuple[int, dict[str, Any]], ...]:
        """All that the chair stated of a submission, oldest first, each with its turn."""
        mine = (DECISIONS.c.conversation == identity) & (DECISIONS.c.submission == submission)
        with self._engine.connect() as connection:
            rows = connection.execute(select(DECISIONS).where(mine).order_by(DECISIONS.c.id)).mappings().all()
        return tuple((row["turn"], json.loads(row["body"])) for row in rows)


def _merge(merged: dict[str, Any], stated: dict[str, Any]) -> None:
    """Add what was stated to what was stated before; `merged` is changed."""
    if stated.get("withdrawn"):
        for name in stated["withdrawn"]:
            kind = re.split("[#~]", name)[0]
            left = without(merged.get(kind, ()), name) if kind != name else []
            merged.pop(kind, None)
            if left:
                merged[kind] = left
        if not merged.keys() & {"decision", "rating", "confidence"}:
            merged.pop("note", None)
        return
    scored = {k: stated[k] for k in ("decision", "rating", "confidence") if stated.get(k) is not None}
    merged.update(scored)
    if scored and stated.get("note"):
        merged["note"] = stated["note"]
    notes, priorities = list(stated.get("kept", ())), list(stated.get("priorities", ()))
    judged = list(stated.get("judged", ()))
    if not scored and not notes and not priorities and not judged:
        notes = [stated["note"]] if stated.get("note") else []
    for name, new in (("notes", notes), ("priorities", priorities), ("judged", judged)):
        held = [*merged.get(name, ()), *(one for one in new if one not in merged.get(name, ()))]
        if held:
            merged[name] = held


def answer_from_json(data: dict[str, Any]) -> Answer:
    """The Answer that `dataclasses.asdict` made `data` of."""
    return Answer(
        sentences=tuple(Sentence(**{**s, "citations": tuple(s["citations"])}) for s in data["sentences"]),
        citations={key: Citation(**value) for key, value in data["citations"].items()},
        verdicts=tuple(data["verdicts"]),
        abstained=data["abstained"],
        struck=tuple(data["struck"]),
        model=data["model"],
        submission=data["submission"],
        suggestions=tuple(data["suggestions"]),
        instead_of=data.get("instead_of", ""),
    )


def _is(identity: str, turn: int, digest: str) -> Any:
    """The one run request of a conversation, turn and digest."""
    return (RUNS.c.conversation == identity) & (RUNS.c.turn == turn) & (RUNS.c.digest == digest)


def _body(text: str) -> dict[str, Any]:
    body = json.loads(text)
    version = body.pop("version")
    if version > BODY_VERSION:
        raise AgentError(
            "This conversation was written by a newer version of Second Opinion: update to read it, or start a new one."
        )
    return body


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
