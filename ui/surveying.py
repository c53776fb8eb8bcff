"""The subcommands `claims`, `verify --all` and `verify --experiment`: what of a submission can be tested, and the dossier."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.claims import NotTestable, Plan
from compression_demo.errors import CompressionError
from ui import settings, terminal
from ui.batch import Batch, conclude, count_at_once

if TYPE_CHECKING:
    from agent.claim_survey import Surveyed
    from compression_demo.experiment_file import Written
    from compression_demo.runs import RunStore
    from ui.dossier import Chapter, Dossier

FAILED = 1
NEEDS_YES = 3
DOSSIERS = "dossiers"


def claims(options: argparse.Namespace, collection: Any) -> int:
    """Every claim and open question of a submission with its planned experiment and what it would take, or why not."""
    from agent.tools.claims import survey_submission

    submission = collection.submission(options.submission)
    found = survey_submission(collection, submission.id)
    shown = [claim_json(one, settings.load().home) for one in found]
    if options.json:
        print(json.dumps({"submission": submission.id, "claims": shown}, ensure_ascii=False, indent=2))
        return 0
    testable = [one for one in shown if "experiment" in one]
    print(f"{len(testable)} of {len(shown)} claims and questions on {submission.title} can be put to the test here.")
    for number, one in enumerate(testable, 1):
        print(f"\n{number}. [{one['kind']}] {one['sentence']}\n   ({one['source']})")
        print("\n".join(f"   {line}" for line in [one["hypothesis"], one["plan"], *one["changes"]]))
        print(f"   Estimated: {one['estimate']}.")
    refused = [one for one in shown if "not_testable" in one]
    print("\nNot testable here:" if refused else "")
    print("\n".join(f"- [{one['kind']}] {one['sentence']}\n  {one['not_testable']}" for one in refused))
    return 0


def claim_json(one: "Surveyed", home: Path) -> dict[str, Any]:
    """A surveyed sentence as plain data, with the estimate of its experiment."""
    from agent.tools.verify import describe
    from compression_demo.costs import estimate

    told: dict[str, Any] = {"sentence": one.sentence, "kind": one.kind, "source": one.label, "passage": one.passage}
    if isinstance(one.found, NotTestable):
        return told | {"not_testable": one.found.reason}
    plan = one.found
    cost = estimate(plan.experiment, home)
    return told | {
        "hypothesis": plan.hypothesis,
        "plan": describe(plan.experiment),
        "changes": list(plan.changes),
        "unambiguous": plan.unambiguous,
        "experiment": {**plan.experiment.to_json(), "digest": plan.experiment.digest},
        "estimate": cost.in_words(),
        "estimate_s": cost.seconds,
        "estimate_gb": cost.memory_gb,
        "cells": cost.cells,
        "cells_in_store": cost.cached,
    }


def verify_all(options: argparse.Namespace, collection: Any) -> int:
    """Run what can be tested of a submission into one dossier; what the store holds is not run again."""
    from agent.tools.claims import survey_submission
    from compression_demo.costs import estimate
    from ui.app import names_of_registries
    from ui.dossier import Dossier, group, write

    submission = collection.submission(options.submission)
    runs, at_once = open_for_many(settings.load(options.cluster), options.at_once)
    found = survey_submission(collection, submission.id)
    dossier = Dossier(
        submission.id, submission.title, tuple(group(found)),
        tuple(one for one in found if isinstance(one.found, NotTestable)), names_of_registries(),
    )  # fmt: skip
    folder = options.out or runs.home / DOSSIERS / submission.id
    seconds = sum(estimate(c.plan.experiment, runs.home).seconds for c in dossier.chapters)
    print(f"{len(dossier.chapters)} experiments, about {seconds:.0f} s in all.", file=sys.stderr)
    if seconds and not options.yes and not _says_yes():
        print("Not started: add --yes to run them.", file=sys.stderr)
        return NEEDS_YES
    batch = Batch(dossier.chapters, runs, at_once, terminal.Status(quiet=options.json))
    try:
        for number, chapter in batch.run():
            dossier = put(dossier, {number: chapter})
            write(dossier, folder)  # after each, so that what is interrupted has told what it has
    except KeyboardInterrupt:
        write(put(dossier, batch.in_flight), folder)
        raise
    write(dossier, folder)
    return _tell_dossier(dossier, folder, options.json)


def open_for_many(chosen: settings.Settings, at_once: int | None) -> "tuple[RunStore, int]":
    """The run store for a batch, and how many of its runs are at work at once: as said, else as set, else as many as
    keep the cores, or the cluster's workers, at work.

    Raises:
        RunFailed: there is no such cluster.
    """
    from compression_demo.provenance import available_cores
    from compression_demo.runs import RunStore

    count = at_once or chosen.runs_at_once
    if count is None and chosen.cluster:
        from compression_demo.cluster import count_threads

        count = count_at_once(count_threads(chosen.cluster), cluster=True)
    count = count or count_at_once(available_cores())
    return RunStore(chosen.home, replace(chosen.run_options(), max_running=count)), count


def put(dossier: "Dossier", changed: "Mapping[int, Chapter]") -> "Dossier":
    """The dossier with some of its chapters in the place of those of the same number."""
    return replace(dossier, chapters=tuple(changed.get(n, chapter) for n, chapter in enumerate(dossier.chapters)))


def run_chapter(chapter: "Chapter", runs: "RunStore", status: terminal.Status) -> "Chapter":
    """The chapter with the verdict of its run, which is awaited; without one where the run ended before it."""
    plan = chapter.plan
    cached = runs.is_cached(plan.experiment)
    try:
        digest = runs.submit(plan.experiment, claim=plan.claim, bears_on=plan.bears_on, priority="batch")
    except CompressionError as error:
        return replace(chapter, state=f"cannot be run: {error}")
    for event in runs.events(digest, follow=True):
        status.progress_of(event)
    status.clear()
    return conclude(chapter, runs, digest, cached)


def verify_file(options: argparse.Namespace, runs: "RunStore") -> int:
    """Run the experiment of a file and print its verdict.

    Raises:
        BadExperimentFile: names the file, the field and the rule it breaks.
    """
    from agent.tools.verify import describe
    from compression_demo.costs import estimate
    from compression_demo.experiment_file import read_experiment
    from ui.dossier import Chapter

    written = read_experiment(options.experiment)
    plan = as_plan(written)
    cost, cached = estimate(plan.experiment, runs.home), runs.is_cached(plan.experiment)
    print(f"{describe(plan.experiment)}\nEstimated: {cost.in_words()}.", file=sys.stderr)
    if not options.yes and not cached and not _says_yes():
        print("Not started: add --yes to run it.", file=sys.stderr)
        return NEEDS_YES
    done = run_chapter(Chapter(plan, ()), runs, terminal.Status(quiet=options.json))
    if done.verification is None:
        print(f"The run ended without a result: {done.state}. Start it again to resume it.", file=sys.stderr)
        return FAILED
    found = done.verification | {"experiment": {**plan.experiment.to_json(), "digest": plan.experiment.digest}}
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else terminal.verdict(found))
    return 0


def as_plan(written: "Written") -> Plan:
    """A written experiment as a plan; its claim is what it tests where it names none."""
    plan = Plan(written.claim, written.experiment, bears_on=written.bears_on)
    return plan if plan.claim else replace(plan, claim=plan.hypothesis)


def _tell_dossier(dossier: "Dossier", folder: Path, as_json: bool) -> int:
    outcomes = [_outcome(chapter) for chapter in dossier.chapters]
    if as_json:
        verdicts = [
            {"claim": c.plan.claim, "digest": c.plan.experiment.digest, "outcome": outcome}
            for c, outcome in zip(dossier.chapters, outcomes, strict=True)
        ]
        print(json.dumps({"submission": dossier.submission, "folder": str(folder), "verdicts": verdicts}, indent=2))
    else:
        _print_outcomes(dossier.chapters, outcomes)
        print(f"\nWritten to {folder / 'dossier.md'} and {folder / 'dossier.html'}.")
    return 0 if all(chapter.verification for chapter in dossier.chapters) else FAILED


def _outcome(chapter: "Chapter") -> str:
    return chapter.verification["verdict"]["outcome"] if chapter.verification else chapter.state


def _print_outcomes(chapters: "Sequence[Chapter]", outcomes: Sequence[str]) -> None:
    for chapter, outcome in zip(chapters, outcomes, strict=True):
        print(f"{outcome:13} {chapter.plan.hypothesis}")


def _says_yes() -> bool:
    from ui.commands import says_yes

    return says_yes("Run them?")
