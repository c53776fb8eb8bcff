"""How long the reading of one file may take."""

import time

from knowledge.errors import UnreadableFile
from knowledge.limits import Limits


class Deadline:
    """The moment up to which a file may be read; readers ask for it in every loop that may be long."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.file_s
        self._end = time.monotonic() + limits.file_s

    def check(self, file: str, where: str = "") -> None:
        """UnreadableFile once the time is over."""
        if time.monotonic() > self._end:
            reason = f"takes longer to read than the limit of {self._seconds:g} seconds (SECOND_OPINION_MAX_FILE_S)"
            raise UnreadableFile(file, reason, where=where)
