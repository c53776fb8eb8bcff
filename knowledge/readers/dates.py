"""Dates as people and review sites write them, in English, German and French -> ISO form."""

import re
from datetime import date

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


def month_of(name: str) -> int:
    """The number of a month by its name in one of the three languages, 0 for what is none."""
    plain = name.casefold()
    if plain.startswith(("juin", "jun")):
        return 6
    return next((number for number, starts in enumerate(MONTHS, 1) if plain.startswith(starts)), 0)
