"""Where data is kept and which limits hold; every setting is an environment variable with a default."""

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compression_demo.options import RunOptions

SCHEDULER = re.compile(r"(tcp|tls)://[^\s/]+:\d+")
"""The address of a Dask scheduler."""


class BadSetting(Exception):
    """An environment variable that cannot be used; names it and says what fits."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process, read once."""

    home: Path
    """SECOND_OPINION_HOME: the data folder; by default the platform's."""
    model: str
    """SECOND_OPINION_MODEL: "embedded", "provider:name" of any LangChain chat model, or "huggingface:PATH"."""
    start_below_s: float
    """SECOND_OPINION_START_BELOW_S: a run estimated under this many seconds starts without asking."""
    turn_steps: int
    """SECOND_OPINION_TURN_STEPS: calls of a language model in one turn before the embedded model answers instead."""
    turn_s: float
    """SECOND_OPINION_TURN_S: its seconds in one turn, without those of runs and searches."""
    turn_tokens: int
    """SECOND_OPINION_TURN_TOKENS: the tokens that it reads and writes in one turn, at four characters each."""
    runs_at_once: int | None
    """SECOND_OPINION_RUNS_AT_ONCE: runs at work at the same time; others wait. By default one, and of a whole submission as
    many as keep the cores at work."""
    run_s: float | None
    """SECOND_OPINION_RUN_S: seconds at work after which a run is ended; by default from its estimate."""
    run_gb: float
    """SECOND_OPINION_RUN_GB: resident memory at which a run is ended."""
    worker_gb: float | None
    """SECOND_OPINION_WORKER_GB: resident memory at which one of its workers is ended; by default from its testbed."""
    cluster: str | None
    """SECOND_OPINION_CLUSTER: the Dask scheduler whose cluster computes the runs; by default this machine does."""

    def run_options(self) -> "RunOptions":
        """How runs are to run."""
        from compression_demo.options import RunOptions

        return RunOptions(self.runs_at_once or 1, self.run_gb, self.worker_gb, self.run_s, self.cluster)


def load(cluster: str | None = None) -> Settings:
    """Read the settings from the environment, where `cluster` does not go before it; raises BadSetting."""
    home = os.environ.get("SECOND_OPINION_HOME")
    if not home:
        from platformdirs import user_data_path

        home = str(user_data_path("second-opinion", appauthor=False))
    return Settings(
        home=Path(home).expanduser(),
        model=os.environ.get("SECOND_OPINION_MODEL", "embedded"),
        start_below_s=_seconds("SECOND_OPINION_START_BELOW_S", "120"),
        turn_steps=_count("SECOND_OPINION_TURN_STEPS", "8"),
        turn_s=_seconds("SECOND_OPINION_TURN_S", "300"),
        turn_tokens=_count("SECOND_OPINION_TURN_TOKENS", "200000"),
        runs_at_once=_count("SECOND_OPINION_RUNS_AT_ONCE", "1")
        if os.environ.get("SECOND_OPINION_RUNS_AT_ONCE")
        else None,
        run_s=_limit("SECOND_OPINION_RUN_S", "3600"),
        run_gb=_limit("SECOND_OPINION_RUN_GB", "8") or 8.0,
        worker_gb=_limit("SECOND_OPINION_WORKER_GB", "4"),
        cluster=cluster or _cluster("SECOND_OPINION_CLUSTER"),
    )


def _cluster(name: str) -> str | None:
    text = os.environ.get(name)
    if text and not SCHEDULER.fullmatch(text):
        raise BadSetting(f'{name} is "{text}": set it to an address such as tcp://127.0.0.1:8786, or unset it.')
    return text or None


def _limit(name: str, example: str) -> float | None:
    """A number above 0; None where the variable is not set."""
    text = os.environ.get(name)
    if not text:
        return None
    try:
        limit = float(text)
    except ValueError:
        limit = math.nan
    if not 0 < limit < math.inf:
        raise BadSetting(f'{name} is "{text}": set it to a number above 0, such as {example}, or unset it.')
    return limit


def _count(name: str, default: str) -> int:
    text = os.environ.get(name, default)
    if not text.isdecimal() or int(text) < 1:
        raise BadSetting(f'{name} is "{text}": set it to a whole number of 1 or more, such as {default}, or unset it.')
    return int(text)


def _seconds(name: str, default: str) -> float:
    text = os.environ.get(name, default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise BadSetting(f'{name} is "{text}": set it to a number of seconds, such as {default}, or unset it.')
    return seconds
