"""What a message wants done with the meta-review. Pure."""

import re
from typing import Literal

Task = Literal["write", "check", "shorten", "lengthen"]

_CHECK = re.compile(
    r"\b(?:lacks?|lacking|miss\w*|needs?|left to do|incomplete|complete|ready|wanting|check|before I (?:can )?(?:send|submit|post))\b",
    re.IGNORECASE,
)
_SHORTER = re.compile(
    r"\b(?:shorten|shorter|condense|brief\w*|more concise|too long|trim|cut it down)\b", re.IGNORECASE
)
_LONGER = re.compile(r"\b(?:lengthen|longer|in full|full version|too short|more detail\w*|expand)\b", re.IGNORECASE)
_WRITE = re.compile(
    r"\b(?:write|draft (?:it|the|a|my)|compose|prepare|produce|update|refresh|put\b.{0,20}\bin)\b", re.IGNORECASE
)


_WANTED = (
    re.compile(r"\b(?:say|mention|state|note|write|add|point out|make clear|be clear) that (?P<what>[^?]+?)[.!]?\s*$", re.IGNORECASE),
    re.compile(r"(?:^|[,;:.]\s*)(?P<what>[^,;:.?]{8,}?) (?:has to|have to|must|should|needs? to) (?:go|be) in\b", re.IGNORECASE),
    re.compile(r"\b(?:mention|include|add|bring in|put in) (?P<what>(?!that\b|it\b|this\b|my decision|the runs?\b)[^?]{8,}?)[.!]?\s*$", re.IGNORECASE),
)  # fmt: skip


def wanted_in(message: str) -> str | None:
    """What the chair wants said in the meta-review, in their words, if the message names it."""
    found = next((m for pattern in _WANTED if (m := pattern.search(message))), None)
    return found["what"].strip(" ,.") if found else None


def task_in(message: str) -> Task:
    """The task: to write (which refreshes what is there), to tell what is lacking, to make it short or full."""
    wanted = wanted_in(message)
    message = message.replace(wanted, " ") if wanted else message  # "say that a rating is missing" asks for no check
    if _SHORTER.search(message):
        return "shorten"
    if _LONGER.search(message):
        return "lengthen"
    return "check" if _CHECK.search(message) and not _WRITE.search(message) else "write"
