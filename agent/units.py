"""What a number is measured in: its unit, its scale ("million"), or the things that it counts. Pure."""

import re
from dataclasses import dataclass

_TABLE: dict[str, dict[str, float]] = {
    "percent": {"%": 1, "percent": 1, "per cent": 1},
    "factor": {"x": 1, "×": 1, "fold": 1, "times": 1},
    "points": {"points": 1, "point": 1, "pp": 1, "percentage points": 1, "percentage point": 1},
    "bits": {"bit": 1, "bits": 1},
    "pages": {"page": 1, "pages": 1},
    "time": {
        "ns": 1e-9, "nanoseconds": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "microseconds": 1e-6, "ms": 1e-3, "msec": 1e-3,
        "millisecond": 1e-3, "milliseconds": 1e-3, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "min": 60,
        "mins": 60, "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
        "day": 86400, "days": 86400, "week": 604800, "weeks": 604800, "month": 2.6e6, "months": 2.6e6, "year": 3.15e7, "years": 3.15e7,
    },
    "bytes": {
        "byte": 1, "bytes": 1, "kb": 1e3, "kib": 1e3, "kilobytes": 1e3, "mb": 1e6, "mib": 1e6, "megabytes": 1e6, "gb": 1e9, "gib": 1e9,
        "gigabytes": 1e9, "tb": 1e12, "tib": 1e12, "terabytes": 1e12, "pb": 1e15,
    },
    "energy": {
        "pJ": 1e-12, "nJ": 1e-9, "uJ": 1e-6, "µJ": 1e-6, "mJ": 1e-3, "millijoules": 1e-3, "J": 1, "joule": 1, "joules": 1, "kJ": 1e3,
        "MJ": 1e6, "Wh": 3600, "kWh": 3.6e6, "MWh": 3.6e9,
    },
    "power": {"mW": 1e-3, "milliwatts": 1e-3, "W": 1, "watt": 1, "watts": 1, "kW": 1e3, "MW": 1e6},
    "frequency": {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
}  # fmt: skip
_SCALES = {
    "thousand": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
    "hundred": 1e2, "K": 1e3, "k": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12,
}  # fmt: skip
_UNITS = {word: (kind, size) for kind, words in _TABLE.items() for word, size in words.items()}
_LETTERS = 3
"""Symbols of up to so many signs are read as they are written, mJ or MJ; of bytes and of time in any case."""
PHYSICAL = ("time", "bytes", "energy", "power", "frequency")
_WORD = re.compile(r"[\s-]?(%|×|[A-Za-zµμ]+)")
_PAIR = re.compile(r"[\s-]?((?:per cent|percentage points?))\b", re.IGNORECASE)
_COUNTED = re.compile(r"\s(?:[a-z][a-z-]+ ){0,1}?([A-Za-z][\w-]{2,}s)\b")
_NO_COUNT = frozenset(
    "is was has as its this thus less plus versus across whereas perhaps always us points times vs loss does gains loses reaches drops falls".split()
)
_PLAIN = frozenset(
    "a an and are as at be but by can could did do does for from had has have if in into is it its may more less of on only or our over per so such"
    " than that the their then there these they this to under up was we were when where which while who will with within without would against"
    " compared versus vs after before respectively each both all out lower higher better worse faster slower smaller larger fewer above below".split()
)


@dataclass(frozen=True)
class Measure:
    """What stands behind a number: `kind` and `size` of its unit, `scale` of "3.2 million", `counts` the plural noun that
    it counts, `word` the next word where that is none of these."""

    kind: str = ""
    size: float = 1.0
    scale: float = 1.0
    counts: str = ""
    word: str = ""


def measure_after(text: str, end: int) -> Measure:
    """The measure of the number that ends at `end`."""
    scale, rest = 1.0, text[end : end + 60]
    found = _WORD.match(rest)
    if found and (size := _scale(found.group(1), rest[: found.end()])):
        scale, rest = size, rest[found.end() :]
        found = _WORD.match(rest)
    pair = _PAIR.match(rest)
    word = pair.group(1) if pair else found.group(1) if found else ""
    kind, size = _unit(word)
    if kind:
        return Measure(kind, size, scale)
    counted = _COUNTED.match(rest)
    counts = counted.group(1).lower() if counted and counted.group(1).lower() not in _NO_COUNT else ""
    plain = word if rest[:1].isspace() and word.lower() not in _PLAIN else ""
    return Measure("", 1.0, scale, counts, plain.lower())


def _scale(word: str, written: str) -> float:
    """What a word multiplies a number by; 0 for none. A letter does so only where it is joined to the number."""
    if len(word) == 1:
        return 0.0 if written[:1].isspace() else _SCALES.get(word, 0.0)
    return _SCALES.get(word.lower(), 0.0)


def _unit(word: str) -> tuple[str, float]:
    if word in _UNITS:
        return _UNITS[word]
    lower = word.lower()
    kind, size = _UNITS.get(lower, ("", 1.0))
    exact = len(word) <= _LETTERS and kind in ("energy", "power", "frequency")
    return ("", 1.0) if exact or (len(word) == 1 and kind == "time") else (kind, size)


def base_value(value: float, measure: Measure) -> float:
    """A value in the base of its unit: 12 ms is 0.012."""
    return value * measure.scale * measure.size


def fits(said: Measure, held: Measure) -> bool:
    """Whether a number may be told with the measure `said` where its source has `held`."""
    if said.kind and held.kind:
        return (said.kind, said.size, said.scale) == (held.kind, held.size, held.scale)
    if said.scale != held.scale and (held.scale != 1.0 or held.counts):
        return False
    if said.kind:
        return said.kind != "factor" and not (held.counts and said.kind in (*PHYSICAL, "pages"))
    if held.kind in PHYSICAL:
        return not said.counts and not said.word
    return not (said.counts and held.kind in ("percent", "factor"))
