"""How far a run is, told to its event file."""

from __future__ import annotations

import time
from collections.abc import Sequence

from .runfolder import RunFolder

LOADING = "Loading libraries and data."
EVENT_EVERY_S, SAME_EVENT_EVERY_S = 0.25, 1.0


class Progress:
    """The shares of a run's seeds, told when they change and once a second.

    Args:
        seeds: how many the run has.
        todo: those that have something to compute.
        expected_s: what the run was estimated at.
    """

    def __init__(self, folder: RunFolder, seeds: int, todo: Sequence[int], expected_s: float) -> None:
        self._folder, self._seeds, self._expected_s = folder, seeds, expected_s
        self._done = dict.fromkeys(todo, 0.0)
        self._words = dict.fromkeys(todo, "")
        self._started, self._told, self._last = time.monotonic(), 0.0, ""
        self.at_first = LOADING
        """What is told before there is anything to say of a seed."""

    def hear(self, seed: int, done: float, words: str) -> None:
        """Take in what is said of a seed."""
        self._done[seed], self._words[seed] = done, words

    def tell(self) -> None:
        """Append an event, unless the last one was a moment ago or said the same."""
        now, message = time.monotonic(), self._message()
        if now - self._told >= (EVENT_EVERY_S if message != self._last else SAME_EVENT_EVERY_S):
            self._told, self._last = now, message
            self._append(message)

    def note(self, message: str) -> None:
        """Append an event that has to be told whenever it comes."""
        self._append(message)

    def _append(self, message: str) -> None:
        share = sum(self._done.values()) / len(self._done)
        # Before much is done the estimate knows better than the clock.
        whole = (time.monotonic() - self._started) / share if share > 0.15 else self._expected_s
        self._folder.append("running", share, message, round(whole * (1 - share), 1))

    def _message(self) -> str:
        busy = [f"seed {seed}: {said}" for seed, said in self._words.items() if said and self._done[seed] < 1]
        if not busy and not any(self._done.values()):
            return self.at_first
        ready = self._seeds - sum(share < 1 for share in self._done.values())
        return "; ".join([f"{ready} of {self._seeds} seeds ready", *busy])
