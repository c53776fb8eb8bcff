"""What the page shows of a conversation, made from its stored entries and live events; pure.

Events arrive as their JSON form (`Event.to_json`), live and stored alike, so that a reloaded page shows what an
open one shows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.history import Entry, WaitingRun

RunState = Literal["proposed", "running", "ended", "moved", "closed"]
"""`proposed` waits for a yes; `running` is under way; `ended` has a verdict; `moved` goes on further down in the
conversation; `closed` was declined, cancelled or overtaken."""


@dataclass(frozen=True)
class Progress:
    """Where a run stands: `fraction` in 0..1, `left_s` estimated seconds left."""

    fraction: float = 0.0
    message: str = "waiting for a worker"
    left_s: float | None = None


@dataclass
class ToolStep:
    """One tool call; `found` is None while it is under way."""

    call_id: str
    summary: str
    found: str | None = None
    seconds: float | None = None


@dataclass
class RunView:
    """One run as its card shows it."""

    digest: str
    claim: str
    turn: int | None = None
    experiment: dict[str, Any] | None = None
    estimate_s: float | None = None
    changes: tuple[str, ...] = ()
    state: RunState = "running"
    progress: Progress = field(default_factory=Progress)
    verdict: dict[str, Any] | None = None
    rows: tuple[dict[str, Any], ...] = ()
    cached: bool = False
    around: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    hypothesis: str = ""


@dataclass
class TurnView:
    """One question with all that came of it. `pending` while it is being answered."""

    turn: int | None
    question: str
    tools: list[ToolStep] = field(default_factory=list)
    runs: list[RunView] = field(default_factory=list)
    words: str = ""
    answer: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    pending: bool = False


@dataclass
class LateVerdict:
    """A verdict that reached the conversation after its turn had ended."""

    question: str
    run: RunView

    @property
    def runs(self) -> list[RunView]:
        return [self.run]


Item = TurnView | LateVerdict


def view_conversation(entries: Sequence[Entry], waiting: Sequence[WaitingRun] = ()) -> list[Item]:
    """The items of a conversation in the order in which they happened."""
    items: list[Item] = []
    turns: dict[int, TurnView] = {}
    for entry in entries:
        if entry.role == "user":
            turns[entry.turn] = TurnView(entry.turn, entry.body["text"])
            items.append(turns[entry.turn])
        elif entry.role == "answer":
            turn = turns.setdefault(entry.turn, TurnView(entry.turn, ""))
            add_events(turn, entry.body.get("events", ()))
            turn.answer = entry.body["answer"]
        elif entry.role == "failure":
            turns.setdefault(entry.turn, TurnView(entry.turn, "")).failure = entry.body
        else:
            items.append(_late_verdict(entry, turns.get(entry.turn)))
    for turn in turns.values():
        _settle(turn, [run for run in waiting if run.turn == turn.turn])
    _mark_moved(items)
    return items


def view_turn(question: str, events: Iterable[Mapping[str, Any]]) -> TurnView:
    """A turn that is still being answered."""
    turn = TurnView(None, question, pending=True)
    add_events(turn, events)
    return turn


def add_events(turn: TurnView, events: Iterable[Mapping[str, Any]]) -> None:
    """Take events into `turn`, which is changed."""
    for event in events:
        kind = event["event"]
        if kind == "ToolCalled":
            turn.tools.append(ToolStep(event["call_id"], event["summary"]))
        elif kind == "ToolReturned":
            for step in turn.tools:
                if step.call_id == event["call_id"]:
                    step.found, step.seconds = event["found"], event["seconds"]
        elif kind == "AnswerPart":
            turn.words += event["text"]
        elif kind == "WordsDropped":
            turn.words = ""
        elif kind == "AnswerReady":
            turn.answer, turn.turn = event["answer"], event["turn"]
        elif kind == "TurnFailed":
            turn.failure = {"message": event["message"], "stopped": event["stopped"]}
        elif kind in ("ExperimentProposed", "RunProgress", "VerdictReached"):
            _add_run_event(turn, event)


def runs_of(items: Iterable[Item]) -> list[RunView]:
    """The runs of a conversation, newest first, each digest once, as it stands last."""
    latest: dict[str, RunView] = {}
    for item in items:
        for run in item.runs:
            earlier = latest.pop(run.digest, None)
            if earlier is not None and run.experiment is None:
                run.experiment, run.changes = earlier.experiment, earlier.changes
            latest[run.digest] = run
    return list(reversed(latest.values()))


def answer_of(items: Iterable[Item], turn: int) -> dict[str, Any] | None:
    """The answer of a turn, or None."""
    return next((i.answer for i in items if isinstance(i, TurnView) and i.turn == turn), None)


def last_turn(items: Iterable[Item]) -> TurnView | None:
    """The latest question with what came of it."""
    turns = [item for item in items if isinstance(item, TurnView)]
    return turns[-1] if turns else None


def _add_run_event(turn: TurnView, event: Mapping[str, Any]) -> None:
    run = next((run for run in turn.runs if run.digest == event["digest"]), None)
    if run is None:
        run = RunView(event["digest"], event.get("claim", ""))
        turn.runs.append(run)
    if event["event"] == "ExperimentProposed":
        run.claim, run.experiment = event["claim"], dict(event["experiment"])
        run.estimate_s, run.changes, run.cached = event["estimate_s"], tuple(event["changes"]), event["cached"]
        run.state = "proposed" if event["needs_consent"] else "running"
        for other in turn.runs if event["needs_consent"] else ():
            if other is not run and other.state == "proposed":
                other.state = "closed"  # a yes can only mean the newest plan
    elif event["event"] == "RunProgress":
        run.state = "running"
        run.progress = Progress(event["fraction"], event["message"], event["left_s"])
    else:
        run.state, run.claim, run.verdict = "ended", event["claim"] or run.claim, dict(event["verdict"])
        run.rows, run.cached = tuple(dict(row) for row in event["rows"]), event["cached"]
        run.experiment = dict(event.get("experiment") or {}) or run.experiment
        run.changes = run.changes or tuple(event.get("changes", ()))
        run.around, run.stated = tuple(event.get("around", ())), tuple(event.get("stated", ()))
        run.hypothesis = event.get("hypothesis", "")


def _settle(turn: TurnView, waiting: Sequence[WaitingRun]) -> None:
    """Bring the runs of an ended turn to where they stand now: what does not wait any more has ended or is closed."""
    open_runs = {run.digest: run for run in waiting}
    for digest, request in open_runs.items():
        if not any(run.digest == digest for run in turn.runs):
            turn.runs.append(RunView(digest, request.claim, experiment=request.experiment))
    for run in turn.runs:
        run.turn = turn.turn
        if run.digest in open_runs and run.state != "ended":
            run.state = "proposed" if open_runs[run.digest].state == "proposed" else "running"
        elif run.state != "ended":
            run.state = "closed"


def _mark_moved(items: Sequence[Item]) -> None:
    """Tell runs that were closed from those that go on further down."""
    below: set[str] = set()
    for item in reversed(items):
        for run in item.runs:
            if run.state == "closed" and run.digest in below:
                run.state = "moved"
        below |= {run.digest for run in item.runs}


def _late_verdict(entry: Entry, turn: TurnView | None) -> LateVerdict:
    body = entry.body
    run = RunView(body["digest"], body["claim"], entry.turn, state="ended", verdict=dict(body["verdict"]))
    run.rows, run.cached = tuple(dict(row) for row in body["rows"]), body["cached"]
    run.experiment = dict(body.get("experiment") or {}) or None
    run.changes = tuple(body.get("changes", ()))
    run.around, run.stated = tuple(body.get("around", ())), tuple(body.get("stated", ()))
    run.hypothesis = body.get("hypothesis", "")
    known = next((r for r in turn.runs if r.digest == run.digest), None) if turn else None
    if known is not None:
        run.experiment, run.changes = run.experiment or known.experiment, run.changes or known.changes
    return LateVerdict(turn.question if turn else "", run)
