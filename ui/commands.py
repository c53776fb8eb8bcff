"""What each subcommand does."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.errors import AgentError, EmptyQuestion, UnknownConversation
from compression_demo.errors import CompressionError
from knowledge.errors import KnowledgeError
from ui import compression, settings, surveying, terminal
from ui.server import PortBusy


class BadPlace(Exception):
    """A file that cannot be written, or options that do not go together; the message names them and the reason."""


BAD_INPUT_ERRORS = (AgentError, KnowledgeError, CompressionError, PortBusy, settings.BadSetting, BadPlace)
OWNER = "terminal"
_opened: list[Any] = []
FAILED = 1
BAD_INPUT = 2
NEEDS_YES = 3
FORUM = "openreview:"


def list_submissions(options: argparse.Namespace) -> int:
    """One line a submission with its scores and decision."""
    found = _collection().submissions()
    if options.json:
        return _print_json([_summary(s) for s in found])
    for s in found:
        print(f"{s.id:38} {terminal.scores(s):24} {s.decision or '-':10} {s.title}")
    return 0


def show(options: argparse.Namespace) -> int:
    """A submission's documents with their sections, and its reviews."""
    submission = _collection().submission(options.submission)
    if not options.json:
        print(terminal.submission(submission))
        return 0
    return _print_json(terminal.submission_json(submission))


def search(options: argparse.Namespace) -> int:
    """Passages with their scores and places."""
    if not options.query.strip():
        raise EmptyQuestion("the query is empty: write what to look for in quotation marks.")
    hits = _collection().search(options.query, submission=options.submission, limit=options.limit)
    if options.json:
        return _print_json([terminal.hit_json(hit) for hit in hits])
    return _print("\n".join(terminal.hit(hit) for hit in hits) or "No passage was found.")


def export(options: argparse.Namespace) -> int:
    """A submission as JSON, to a file or to the terminal."""
    from knowledge.readers.exported import write_export

    text = write_export(_collection().submission(options.submission))
    if options.out is None:
        return _print(text)
    write_whole(options.out, text)
    if options.json:
        return _print_json({"exported": options.submission, "file": str(options.out)})
    return _print(f"Exported to {options.out}. Take it in again with: second-opinion import {options.out}")


def delete(options: argparse.Namespace) -> int:
    """Delete a submission, and say what that means."""
    collection = _collection()
    found = collection.submission(options.submission)
    collection.delete(found.id)
    if options.json:
        return _print_json({"deleted": found.id})
    stays = " It came with the program and stays away from now on." if found.bundled else ""
    return _print(
        f"Deleted {found.id}: its documents, passages and vectors are gone, and no answer will use it again. What"
        f" conversations have quoted from it stays in them until they are deleted.{stays}"
    )


def reindex(options: argparse.Namespace) -> int:
    """Make the search index anew from the store."""
    status = terminal.Status(quiet=options.json)
    status.show("embedding every passage ...")
    count = _collection().reindex()
    status.clear()
    return _print_json({"passages": count}) if options.json else _print(f"Indexed {count:,} passages.")


def ask(options: argparse.Namespace) -> int:
    """Answer a question; a new conversation unless one is named."""
    from agent.events import AnswerReady, ExperimentProposed, RunProgress, ToolCalled, TurnFailed, VerdictReached
    from agent.tools.verify import verification_from_json

    if not options.question.strip():
        raise EmptyQuestion("the question is empty: write it in quotation marks.")
    assistant = _assistant(options.model)
    if options.submission:
        assistant.collection.submission(options.submission)
    conversation = options.conversation
    if conversation is None:
        conversation = assistant.history.create(OWNER, options.submission)
    elif assistant.history.conversation(conversation, OWNER) is None:
        raise UnknownConversation(
            f'there is no conversation "{conversation}" in the terminal: leave --conversation out.'
        )
    elif options.submission:
        assistant.history.choose(conversation, options.submission)
    if options.model:
        assistant.speakers.choose(conversation, options.model)
    if not _may_send(assistant, conversation, named=options.model is not None):
        print("Nothing was sent. Name the model with --model to say yes, or --model embedded.", file=sys.stderr)
        return NEEDS_YES
    assistant.deliver(conversation)
    status = terminal.Status(quiet=options.json)
    # Vectors are made in the background, and this process asks once only.
    about = assistant.history.conversation(conversation, OWNER)
    assistant.collection.warm_up(
        about.submission if about else None,
        lambda done, total: status.show(f"preparing the search by meaning: {done} of {total} passages"),
    )
    for event in assistant.stream(conversation, options.question, consent=options.yes):
        if isinstance(event, ToolCalled):
            status.show(event.summary)
        elif isinstance(event, ExperimentProposed):
            status.line(terminal.proposal(event))
        elif isinstance(event, RunProgress):
            status.progress(event)
        elif isinstance(event, VerdictReached):
            status.clear()
            if not options.json:  # what the page shows as a card
                print(f"{terminal.verdict(verification_from_json(asdict(event)))}\n")
        elif isinstance(event, TurnFailed):
            status.clear()
            print(f"second-opinion: {event.message}", file=sys.stderr)
            return FAILED
        elif isinstance(event, AnswerReady):
            status.clear()
            if options.json:
                return _print_json(terminal.answer_json(event.answer, conversation))
            print(terminal.answer(event.answer, conversation, waits=assistant.history.waiting_runs(conversation)))
    return 0


def verify(options: argparse.Namespace) -> int:
    """Plan an experiment for a claim, ask, run it, and print the verdict; what is in the store needs no asking."""
    from agent.claims import NotTestable, understand_claim
    from agent.tools.verify import describe
    from compression_demo.costs import estimate

    if options.experiment or options.all:
        return _verify_more(options)
    if not (options.claim or "").strip():
        raise EmptyQuestion(
            "the claim is empty: write it in quotation marks, or give --experiment FILE, or --submission ID --all."
        )
    home = settings.load().home
    if options.submission:
        _collection().submission(options.submission)
    plan = understand_claim(
        options.claim, bears_on=f"the claim as you put it{f', on {options.submission}' if options.submission else ''}"
    )
    if isinstance(plan, NotTestable):
        if options.json:
            return _print_json({"claim": options.claim, "not_testable": plan.reason})
        print(f"Not testable here. {plan.reason}\nThe engine can test, for instance:")
        print("\n".join(f"- {text}" for text in plan.alternatives))
        return 0
    runs = _runs(options.cluster)
    cost = estimate(plan.experiment, home)
    cached = runs.is_cached(plan.experiment)
    print("\n".join([describe(plan.experiment), *plan.changes, f"Estimated: {cost.in_words()}."]), file=sys.stderr)
    if not options.yes and not cached and not says_yes():
        if options.json:
            _print_json(
                {
                    "claim": options.claim,
                    "experiment": plan.experiment.to_json(),
                    "estimate_s": cost.seconds,
                    "estimate_gb": cost.memory_gb,
                }
            )
        print("Not started: add --yes to run it.", file=sys.stderr)
        return NEEDS_YES
    digest = runs.submit(plan.experiment, claim=plan.claim, bears_on=plan.bears_on)
    status = terminal.Status(quiet=options.json)
    for event in runs.events(digest, follow=True):
        status.progress_of(event)
    status.clear()
    outcome = runs.outcome(digest, bears_on=plan.bears_on)
    if outcome is None:
        print(
            f"The run ended without a result: {runs.status(digest).state}. Start it again to resume it.",
            file=sys.stderr,
        )
        return FAILED
    found = terminal.verification_json(options.claim, outcome, cached, plan.hypothesis)
    return _print_json(found) if options.json else _print(terminal.verdict(found))


def _verify_more(options: argparse.Namespace) -> int:
    """Verify what a file or a whole submission names.

    Raises:
        BadPlace: more than one of claim, file and submission is named, or --all without a submission.
    """
    if options.claim or (options.experiment and options.all):
        raise BadPlace("give one of a claim, --experiment FILE and --submission ID --all.")
    if options.experiment:
        return surveying.verify_file(options, _runs(options.cluster))
    if not options.submission:
        raise BadPlace("--all needs --submission ID.")
    return surveying.verify_all(options, _collection())


def claims(options: argparse.Namespace) -> int:
    """What of a submission can be put to the test."""
    return surveying.claims(options, _collection())


def runs(options: argparse.Namespace) -> int:
    """The runs of this data folder, one of them in full, or cancel one."""
    from agent.delivery import reading

    store = _runs()
    if options.action == "list":
        found = [_run_json(store, status) for status in store.runs()]
        return _print_json(found) if options.json else _print(terminal.run_list(found))
    if not options.digest:
        raise CompressionError(f"runs {options.action} needs the digest of a run: see second-opinion runs.")
    digest = store.find(options.digest)
    if options.action == "cancel":
        store.cancel(digest)
        return _print(f"Cancelled {digest[:12]}.")
    outcome = store.outcome(digest)
    if outcome is None:
        status = _run_json(store, store.status(digest))
        return _print_json(status) if options.json else _print(terminal.run_list([status]))
    claim = store.request(digest).get("claim", "")
    found = terminal.verification_json(claim, outcome, True, reading(claim, digest)[0])
    found["provenance"] = outcome[1].provenance
    return _print_json(found) if options.json else _print(terminal.verdict(found))


def take_in(options: argparse.Namespace) -> int:
    """Import files, fetch threads, and report what was taken and what was not."""
    status, collection = terminal.Status(quiet=options.json), _collection()

    def show(done: int, total: int, words: str) -> None:
        status.show(f"{done} of {total} {words}") if words else status.clear()

    forums = [name.removeprefix(FORUM) for name in options.paths if name.startswith(FORUM)]
    paths = [Path(name) for name in options.paths if not name.startswith(FORUM)]
    report = collection.import_paths(paths, into=options.into, kind=options.kind, progress=show)
    for forum in forums:
        report += collection.import_forum(forum, into=options.into, kind=options.kind, progress=show)
    status.clear()
    if options.json:
        refused = [asdict(refusal) for refusal in report.refused]
        _print_json({"imported": report.imported, "unchanged": report.unchanged, "refused": refused})
    else:
        for line in report.taken:
            print(f"taken: {line}")
        for refusal in report.refused:
            print(f"refused: {refusal.line()}", file=sys.stderr)
    if not report.refused:
        return 0
    return FAILED if report.taken else BAD_INPUT


def serve(options: argparse.Namespace) -> int:
    """Start the page."""
    from ui import server

    chosen = settings.load()
    return server.serve(chosen.home, options.port, options.model or chosen.model, options.cluster)


def draft(options: argparse.Namespace) -> int:
    """Write the meta-review of a submission."""
    from ui import drafting

    return drafting.draft(options, _collection())


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": list_submissions,
    "show": show,
    "search": search,
    "export": export,
    "delete": delete,
    "reindex": reindex,
    "ask": ask,
    "draft": draft,
    "verify": verify,
    "claims": claims,
    "runs": runs,
    "compress": compression.compress,
    "testbeds": compression.list_testbeds,
    "import": take_in,
    "serve": serve,
}


def _collection() -> Any:
    from knowledge.collection import Collection

    opened = Collection(settings.load().home)
    _opened.append(opened)
    return opened


def close() -> None:
    """Close what the subcommand opened, so that work in the background ends before the process does."""
    while _opened:
        _opened.pop().close()


def _runs(cluster: str | None = None) -> Any:
    from compression_demo.runs import RunStore

    chosen = settings.load(cluster)
    return RunStore(chosen.home, chosen.run_options())


def _assistant(model: str | None) -> Any:
    from agent.conversation import Assistant
    from agent.history import History
    from agent.models import choose_model
    from agent.steering import Limits

    chosen = settings.load()
    opened = choose_model(model or chosen.model)
    limits = Limits(chosen.turn_steps, chosen.turn_s, chosen.turn_tokens)
    history = History(chosen.home)
    return Assistant(_collection(), _runs(), history, model=opened, start_below_s=chosen.start_below_s, limits=limits)


def _may_send(assistant: Any, conversation: str, named: bool) -> bool:
    """Say on stderr where a conversation's text goes, before it goes; the answer to whether it may.

    A model that was named in the command is a yes; else a person at the terminal is asked, once a conversation.
    """
    speaker = assistant.speakers.of(conversation)
    if speaker.leaves_machine is None:
        return True
    print(f"Answers by {speaker.name}. {speaker.leaves_machine}", file=sys.stderr, flush=True)
    if not speaker.agreed and not named and not says_yes("Send it?"):
        return False
    assistant.speakers.agree(conversation, speaker.leaves_machine)
    return True


def says_yes(question: str = "Run it?") -> bool:
    """Ask on a terminal; without one nobody can say yes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all; BadPlace where that cannot be done."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BadPlace(f"{path} cannot be written: {error.strerror or error}") from None


def _summary(submission: Any) -> dict[str, Any]:
    return {
        "id": submission.id,
        "title": submission.title,
        "authors": list(submission.authors),
        "venue": submission.venue,
        "decision": submission.decision,
        "record": submission.record,
        "bundled": submission.bundled,
        "scores": [
            {
                "reviewer": r.reviewer,
                "rating": r.rating.value if r.rating else None,
                "confidence": r.confidence.value if r.confidence else None,
            }
            for r in submission.reviews
        ],
    }


def _run_json(store: Any, status: Any) -> dict[str, Any]:
    outcome = store.outcome(status.digest)
    found = {
        "digest": status.digest,
        "state": status.state,
        "claim": store.request(status.digest).get("claim", ""),
        "fraction": status.fraction,
    }
    if status.ahead is not None:
        found["ahead"] = status.ahead
    if outcome is not None:
        found["verdict"] = outcome[2].to_json()
    return found


def _print_json(data: Any) -> int:
    print(json.dumps(data, ensure_ascii=False, indent=2))
    return 0


def _print(text: str) -> int:
    print(text)
    return 0
