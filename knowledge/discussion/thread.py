"""Who speaks to whom in a thread, and what may answer what, as far as parents, names and dates tell."""

from collections.abc import Mapping
from typing import Literal

from knowledge.types import Document

Nearness = Literal["own", "all", "other"]
"""Whether a reply speaks to the writer of a text, to everybody, or to another reviewer."""


def is_reply(document: Document) -> bool:
    """Whether a document holds the authors' words in the discussion."""
    return document.kind == "response" or (document.kind == "comment" and document.author == "Authors")


def chain(document: Document, by_id: Mapping[str, Document]) -> list[str]:
    """The ids of what a document replies to, the nearest first."""
    found: list[str] = []
    above = document.reply_to
    while above and above not in found:
        found.append(above)
        above = by_id[above].reply_to if above in by_id else None
    return found


def nearness(reply: Document, source: Document, by_id: Mapping[str, Document], names: set[str]) -> Nearness:
    """Whether a reply speaks to the writer of a text, to everybody, or to somebody else."""
    above = chain(reply, by_id)
    if source.id in above:
        return "own"
    written = {by_id[id].author for id in above if id in by_id} - {"Authors", None}
    to = (reply.addressee or "").casefold()
    if source.author and (to == source.author.casefold() or source.author in written):
        return "own"
    return "other" if written & names or any(to == name.casefold() for name in names) else "all"


def speaks_to(reply: Document, source: Document, by_id: Mapping[str, Document]) -> bool:
    """Whether a text is the last that its writer wrote before the reply; what comes after answers that."""
    above = [id for id in chain(reply, by_id) if id in by_id and not is_reply(by_id[id])]
    if above:
        return above[0] == source.id
    since = [d for d in by_id.values() if d.author == source.author and d.id != source.id and d.date and source.date]
    return not any((source.date or "") < (d.date or "") <= (reply.date or "") for d in since)


def may_follow(reply: Document, source: Document, by_id: Mapping[str, Document]) -> bool:
    """Whether a reply may have been written after a text, as far as the thread and the dates tell."""
    if source.id in chain(reply, by_id):
        return True
    if reply.id in chain(source, by_id):
        return False
    return not reply.date or not source.date or reply.date >= source.date
