"""The errors of `knowledge`, worded for the person who has to act on them."""


class KnowledgeError(Exception):
    """Anything that goes wrong while reading, storing or finding text."""


class UnreadableFile(KnowledgeError):
    """A file that cannot be taken in: names the file, the place where it is known, and the reason.

    `where` is the place in words ("page 3", "note abc"), `line` the same for a line of text.
    """

    def __init__(self, file: str, reason: str, line: int | None = None, where: str = "") -> None:
        self.file, self.reason, self.line = file, reason, line
        self.where = where or (f"line {line}" if line else "")
        super().__init__(f"{file}{f', {self.where}' if self.where else ''}: {reason}")


class FetchFailed(KnowledgeError):
    """A thread that cannot be fetched, with what to do about it; `final` if asking elsewhere is of no use."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        self.final = final
        super().__init__(reason)


class BadLimit(KnowledgeError):
    """A limit of imports that is set to something else than a number above 0."""


class UnknownSubmission(KnowledgeError):
    """A submission id that the store does not hold; the message lists those it does."""


class UnusableStore(KnowledgeError):
    """The database of submissions cannot be opened: damaged, written by a newer version, or no place to write."""


class UnusableModel(KnowledgeError):
    """The embedding model is missing or is not the published one."""
