"""The experiments of a dossier, several of them in flight at once: handed out, followed, and told when they end."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from compression_demo.errors import CompressionError
from compression_demo.methods import is_local
from compression_demo.runfolder import ENDED
from ui.terminal import Status

if TYPE_CHECKING:
    from compression_demo.runs import RunStatus, RunStore
    from ui.dossier import Chapter

POLL_S = 0.2
FEWEST_SEEDS = 3
"""What a run hands out at least: as many runs as fill the cores with that many each, and one whose seeds take over."""
ON_A_CLUSTER = range(4, 17)
"""Runs at work at once on a cluster, fewest and most: an adaptive one has no workers until it has work."""


def count_at_once(cores: int, *, cluster: bool = False) -> int:
    """How many runs it takes to keep `cores` cores, or threads of a cluster's workers, at work."""
    wanted = math.ceil(cores / FEWEST_SEEDS) + 1
    return min(max(wanted, ON_A_CLUSTER.start), ON_A_CLUSTER.stop - 1) if cluster else min(wanted, cores)


class Batch:
    """Experiments that are run, up to `at_once` of them at work and one more in line, so that no core waits.

    Those that measure times are run after all others and one by one, since what works beside them would slow them down.

    Args:
        chapters: whose experiments are to be run.
        runs: the store, whose options let as many runs be at work.
    """

    def __init__(self, chapters: "Sequence[Chapter]", runs: "RunStore", at_once: int, status: Status) -> None:
        self._chapters, self._runs, self._at_once, self._status = chapters, runs, at_once, status
        local = [is_local(chapter.plan.experiment.arms) for chapter in chapters]
        self._waiting = sorted(range(len(chapters)), key=lambda number: local[number])
        self._local = {number for number, alone in enumerate(local) if alone}
        self._cached: dict[int, bool] = {}
        self._flying: dict[int, str] = {}
        self._done = 0

    def run(self) -> "Iterator[tuple[int, Chapter]]":
        """The chapters with their verdicts, each with its number, as they come to them.

        Interrupted, it leaves those in flight as they are: they go on, and are found again.
        """
        while self._waiting or self._flying:
            yield from self._hand_out()
            stands = {number: self._runs.status(digest) for number, digest in self._flying.items()}
            for number, stand in stands.items():
                if stand.state in ENDED:
                    digest = self._flying.pop(number)
                    yield number, self._tell(conclude(self._chapters[number], self._runs, digest, self._cached[number]))
            self._status.show(self._describe({number: stands[number] for number in self._flying if number in stands}))
            if self._flying:
                time.sleep(POLL_S)
        self._status.clear()

    @property
    def in_flight(self) -> "dict[int, Chapter]":
        """The chapters whose experiments are at work or in line, by number."""
        return {
            number: replace(self._chapters[number], state=self._runs.status(digest).state)
            for number, digest in self._flying.items()
        }

    def _hand_out(self) -> "Iterator[tuple[int, Chapter]]":
        while self._waiting and self._may_begin(self._waiting[0]):
            number = self._waiting.pop(0)
            plan = self._chapters[number].plan
            self._cached[number] = self._runs.is_cached(plan.experiment)
            try:
                digest = self._runs.submit(plan.experiment, claim=plan.claim, bears_on=plan.bears_on, priority="batch")
            except CompressionError as error:
                yield number, self._tell(replace(self._chapters[number], state=f"cannot be run: {error}"))
            else:
                self._flying[number] = digest

    def _may_begin(self, number: int) -> bool:
        if number in self._local or self._local & self._flying.keys():
            return not self._flying
        return len(self._flying) <= self._at_once

    def _tell(self, chapter: "Chapter") -> "Chapter":
        """Print a line on a chapter that has come to its end."""
        self._done += 1
        found = chapter.verification["verdict"]["outcome"] if chapter.verification else chapter.state
        self._status.line(f"{self._done} of {len(self._chapters)}: {found}: {chapter.plan.hypothesis}")
        return chapter

    def _describe(self, stands: "dict[int, RunStatus]") -> str:
        """How far each of those in flight is: "2 of 7 done | 3: 45 %, 12 s left | 4: waits"."""
        parts = [f"{self._done} of {len(self._chapters)} done"]
        for number, stand in stands.items():
            left = f", {stand.left_s:.0f} s left" if stand.left_s is not None else ""
            parts.append(f"{number + 1}: " + ("waits" if stand.state == "queued" else f"{stand.fraction:.0%}{left}"))
        return " | ".join(parts)


def conclude(chapter: "Chapter", runs: "RunStore", digest: str, cached: bool) -> "Chapter":
    """The chapter with the verdict of its run, which has ended; without one where it ended before it."""
    from agent.tools.verify import verification

    plan = chapter.plan
    outcome, ended = runs.outcome(digest, bears_on=plan.bears_on), runs.status(digest)
    if outcome is None:
        return replace(chapter, state=ended.state)
    found = verification(plan.claim, plan.changes, outcome, cached, plan.hypothesis)
    return replace(chapter, verification=found, seconds=ended.seconds, state="finished")
