"""Dates as people and review sites write them, in English, German and French -> ISO form."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from knowledge.types import Refusal

MONTHS = (
    ("jan", "janv"), ("feb", "fév", "fev", "févr"), ("mar", "mär", "mars"), ("apr", "avr", "avril"), ("may", "mai"), ("jun", "juin"), ("jul", "juil"),
    ("aug", "aoû", "aou"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez", "déc"),
)  # fmt: skip
"""How the names of each month begin."""
MONTH = r"(?:jan|feb|f[eé]v|m[aä]r|apr|avr|may|mai|ju[nl]|juin|juil|aug|ao[uû]|sep|o[ck]t|nov|de[cz]|d[eé]c)[a-zéûä]{0,8}\.?"
DATE = (
    rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}\.[ ]?\d{{1,2}}\.[ ]?\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?[ ]{MONTH},?[ ]\d{{4}}|{MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}"
)
"""A date; the same without groups, to stand in other patterns."""
DATED = ("date", "review_date", "cdate", "tcdate", "mdate", "tmdate", "pdate", "odate")
"""Fields of JSON exports that hold a date: in words, or in milliseconds since 1970."""
MOST_NAMED = 20
"""Impossible dates of one file that a report names."""
FOUND = re.compile(rf"(?<!\w)(?:{DATE})(?!\d)", re.IGNORECASE)


def date_of(text: str) -> str | None:
    """The first date in a text ("15 Feb 2017", "3. Oktober 2024, 10:12", "le 3 octobre 2024") in ISO form; None where
    there is none, or where it is not sure which number is the month ("03/04/2024")."""
    if not (found := FOUND.search(text[:120])):
        return None
    words = found[0]
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if re.match(r"\d{4}", words):
        year, month, day = numbers
    elif len(numbers) == 3:
        day, month, year = numbers
        if "/" in words and day <= 12 and day != month:
            if month <= 12:
                return None
            day, month = month, day
    else:
        day, year = numbers
        name = re.search(r"[^\W\d_]{3,}", re.sub(r"(?<=\d)(?:st|nd|rd|th|er)\b", "", words))
        month = month_of(name[0]) if name else 0
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def day_of(milliseconds: float) -> str | None:
    """The day of a time since 1970; None where there is none, or none that a calendar has."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat() if milliseconds else None
    except (OverflowError, OSError, ValueError):
        return None


def find_impossible(tree: Any, file: str) -> list[Refusal]:
    """The dates of a JSON export that no calendar has, each with its place: what they date is kept without them."""
    found = [
        Refusal(file, where, f"'{value}' is no date of a calendar; what it dates is kept without it")
        for where, value in _walk(tree, "")
        if is_impossible(value)
    ]
    more = len(found) - MOST_NAMED
    return found if more <= 0 else [*found[:MOST_NAMED], Refusal(file, "", f"holds {more} more dates of no calendar")]


def find_impossible_lines(text: str, file: str) -> tuple[Refusal, ...]:
    """The dates of no calendar that a text gives its contributions: in the header of a mail, below a name or beside it."""
    from knowledge.readers.blocks import DATED  # which reads dates by this module
    from knowledge.readers.openings import HEADER, read_opening

    found = []
    for number, line in enumerate(text.split("\n"), 1):
        dated = HEADER.match(line) or DATED.match(line)
        if (dated and is_impossible(dated["value"])) or (
            FOUND.search(line) and is_impossible(line) and read_opening(line)
        ):
            written = FOUND.search(dated["value"] if dated else line)
            reason = f"'{written[0] if written else line}' is no date of a calendar; what it dates is kept without it"
            found.append(Refusal(file, f"line {number}", reason))
    more = len(found) - MOST_NAMED
    return tuple(
        found if more <= 0 else [*found[:MOST_NAMED], Refusal(file, "", f"holds {more} more dates of no calendar")]
    )


def is_impossible(value: Any) -> bool:
    """Whether a value is meant as a date and is none: the 31st of February, a time beyond the year 9999."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    if isinstance(value, str):
        written = FOUND.search(value[:120])
        if written is None or date_of(value) is not None:
            return False
        # Both numbers may be the month: a date, if not one that is known.
        return "/" not in written[0] or max(map(int, written[0].split("/")[:2])) > len(MONTHS)
    return bool(value) and day_of(value) is None


def _walk(tree: Any, where: str) -> Iterator[tuple[str, Any]]:
    """All values of fields that hold dates, each with the note or entry that it stands in."""
    stack = [(tree, where)]
    while stack:
        value, where = stack.pop()
        if isinstance(value, dict):
            own = value.get("id")
            place = f"note {own}" if isinstance(own, str) else where
            for key, inner in value.items():
                if str(key).casefold() in DATED:
                    yield f"{place}, {key}" if place else str(key), inner
                elif isinstance(inner, (dict, list)):
                    stack.append((inner, place or str(key)))
        elif isinstance(value, list):
            for number in range(len(value), 0, -1):  # the last goes on the stack first, and comes off last
                stack.append((value[number - 1], where if where.startswith("note") else f"{where} {number}".strip()))


def month_of(name: str) -> int:
    """The number of a month by its name in one of the three languages, 0 for what is none."""
    plain = name.casefold()
    if plain.startswith(("juin", "jun")):
        return 6
    return next((number for number, starts in enumerate(MONTHS, 1) if plain.startswith(starts)), 0)
