"""Which submission a text belongs to: the one that is named, else the one whose title stands in the text."""

import re

from knowledge.errors import UnreadableFile
from knowledge.readers.text import slug

NAMED = re.compile(
    r"\b(?:paper|manuscript|submission|article|titled?|entitled)\b[^\"\u201c\u00ab\n]{0,60}"
    r"[\"\u201c\u00ab]([^\"\u201c\u201d\u00ab\u00bb\n]{6,300})[\"\u201d\u00bb]",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"^[ \t#*_]*(?:(?:paper|submission|manuscript)(?:[ \t]+title)?|title)[ \t*_]*:[ \t*_\"\u201c]*(.{6,300}?)[ \t*_\"\u201d]*$",
    re.IGNORECASE | re.MULTILINE,
)

VERDICT = re.compile(r"\b(?:accept|reject|rejection|threshold|confident|good enough)\b", re.IGNORECASE)


INTO = "with --into ID, or on the page with 'They belong to the submission on show'"
SAY_HOME = f"say which submission it belongs to {INTO}"
"""What to do about a text without a home, in the words of both doors."""


class NoHome(UnreadableFile):
    """A review or a dialogue that does not say which submission it belongs to."""


def find_title(text: str) -> str:
    """The title of the paper that a review or a dialogue names: on a line "Paper: ...", or in quotation marks after
    the word paper; "" where there is none, or where several are named."""
    for pattern in (LABELLED, NAMED):
        titles = [title for match in pattern.finditer(text) if is_title(title := match[1].strip(" .,;:*_"))]
        names = [slug(title, 300) for title in titles]
        if titles:
            return titles[0] if all(name in names[0] for name in names) else ""
    return ""


def is_title(words: str) -> bool:
    """Whether words in quotation marks are a title and no verdict ("Weak Accept") or phrase: they begin with a
    capital, and are five or more or mostly in capitals."""
    count = len(words.split())
    long = [word for word in words.split() if len(word) > 3]
    capitals = 2 * sum(not word[0].islower() for word in long) > len(long)
    return count > 1 and not words[0].islower() and (capitals or count > 4) and not VERDICT.search(words)


def find_home(text: str, into: str | None, file: str, what: str) -> tuple[str, str]:
    """The id and the title of the submission that `text` belongs to, the title "" where `into` names it.

    NoHome where neither `into` nor the text says it; `what` is what the text is, in words ("a dialogue").
    """
    title = find_title(text)
    if into is not None:
        return into, ""
    if not slug(title):
        raise NoHome(file, f"is {what} that does not name its paper; {SAY_HOME}")
    return slug(title), title
