"""The chair's notes one by one: found in a message, listed by number, struck by number or by their words. Pure."""

import re
from collections.abc import Sequence

from agent.cues import content_words
from agent.number_words import NUMBER_WORDS

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1, "latest": -1, "newest": -1}
_WHICH = rf"(?P<ordinal>{'|'.join(_ORDINALS)}|1st|2nd|3rd|\dth)"
_STRIKES = (
    r"^\W*(?:(?:please|ok|okay|actually|no|sorry|and|then|now|wait|can you|could you|i(?:'d| would|'ll| will)?(?: like to| want to)?|let me|let us|let's)\b\W*)*"
    r"(?:scrap|withdraw|retract|delete|forget|remove|discard|undo|cancel|clear|erase|strike(?: out)?|cross out|take back|take out|drop|get rid of)\b (?:about )?"
)
_NUMBERED = re.compile(
    rf"{_STRIKES}(?:my |the |that |this )?(?:{_WHICH} (?:of (?:my|the) )?)?(?P<what>note|priority|reminder|point)s?\b(?: (?:no\.? ?|number |#)?(?P<number>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})\b)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^\W*(?:on|about|of|with|regarding|concerning|that|saying|for)\b(?P<words>.+)$", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:^|(?<=[.;!]\s)|(?<=\n))\W*(?:and )?(?:my )?(?:notes?|reminder|memo|point)?\s*(?:no\.? ?|number |#)?\d{1,2}\s*[:.)]\s+",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\W*(?:and )?(?:my )?notes?\s*(?:no\.? ?|number |#)?(?P<number>\d{1,2})\s*[:.)]", re.IGNORECASE
)
_AND_THAT = re.compile(
    r"\s*[,;]?\s+and (?=that\b)|\s*;\s*(?=(?:and )?(?:second|third|2nd|3rd|also|that)\b)", re.IGNORECASE
)


def struck_in(message: str) -> str | None:
    """What a message strikes, "notes#2", "priorities#-1", "notes~mobilenet latency"; None where it strikes no single one."""
    match = _NUMBERED.search(message.strip().replace("’", "'"))
    if match is None or (
        message.strip().endswith("?") and not re.match(r"\W*(?:can|could) you", message, re.IGNORECASE)
    ):
        return None
    name = "priorities" if match["what"].lower() == "priority" else "notes"
    if match["number"]:
        number = match["number"].lower()
        return f"{name}#{int(number) if number.isdecimal() else NUMBER_WORDS[number]}"
    if match["ordinal"]:
        word = match["ordinal"].lower()
        return f"{name}#{_ORDINALS.get(word) or int(word[0])}"
    about = _ABOUT.match(match["rest"])
    words = content_words(about["words"]) if about else []
    return f"{name}~{' '.join(words)}" if words else None


def without(held: Sequence[str], which: str) -> list[str]:
    """The notes that are left when one is struck, by its number, its own label or its words; all where none is meant."""
    name, number, words = which, "", ""
    if "#" in which:
        name, _, number = which.partition("#")
    elif "~" in which:
        name, _, words = which.partition("~")
    place = _place(held, int(number)) if number else _about(held, words) if words else None
    return [] if name == which else [note for at, note in enumerate(held) if at != place]


def _place(held: Sequence[str], number: int) -> int | None:
    labelled = [at for at, note in enumerate(held) if (m := _LABELLED.match(note)) and int(m["number"]) == number]
    if labelled:
        return labelled[-1]
    at = number - 1 if number > 0 else len(held) + number
    return at if 0 <= at < len(held) else None


def _about(held: Sequence[str], words: str) -> int | None:
    """The note that holds most of some words."""
    shares = [sum(w in note.lower() for w in words.split()) for note in held]
    return max(range(len(held)), key=lambda at: shares[at]) if shares and max(shares) else None


def apart(note: str) -> tuple[str, ...]:
    """The notes that one sentence or message holds: "note 1: ... note 2: ...", "note that ..., and that ..."."""
    numbered = [
        part.strip()
        for part in re.split(r"(?=\bnotes? ?\d{1,2}\s*[:.)])", note, flags=re.IGNORECASE)
        if part.strip(" ,;and")
    ]
    if len(numbered) > 1:
        return tuple(part.rstrip(" ,;") for part in numbered)
    parts = [part.strip() for part in _AND_THAT.split(note) if part and part.strip()]
    return tuple(parts) if len(parts) > 1 and re.search(r"\bthat\b", parts[0]) else (note,)


def is_numbered(note: str) -> bool:
    """Whether the chair numbers a note: it is a note then, whatever it says on weighing."""
    return bool(_LABELLED.match(note))


def without_label(note: str) -> str:
    """A note without the number that the chair gave it."""
    return _LABEL.sub("", note, count=1) if _LABELLED.match(note) else note
