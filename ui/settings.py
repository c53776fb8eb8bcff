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
    """SECOND_OPINION_MODEL: "embedded" or "provider:name" of any LangChain chat model."""
    start_below_s: float
    """SECOND_OPINION_START_BELOW_S: a run estimated under this many seconds starts without asking."""


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
    )


def _seconds(name: str, default: str) -> float:
    text = os.environ.get(name, default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise BadSetting(f'{name} is "{text}": set it to a number of seconds, such as {default}, or unset it.')
    return seconds
