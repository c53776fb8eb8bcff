"""Where data is kept and which limits hold; every setting is an environment variable with a default."""

import math
import os
from dataclasses import dataclass
from pathlib import Path


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


def load() -> Settings:
    """Read the settings from the environment; raises BadSetting."""
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
    )


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
