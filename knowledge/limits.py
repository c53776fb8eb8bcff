"""How much an import may cost: what lies above is refused, with the limit's name."""

import os
from dataclasses import dataclass, fields

from knowledge.errors import BadLimit

PREFIX = "SECOND_OPINION_MAX_"


@dataclass(frozen=True)
class Limits:
    """The limits of one import; each is also a setting, SECOND_OPINION_MAX_ and its name in capitals."""

    file_mb: float = 64
    """Megabytes of one file, also of one inside of an archive once it is unpacked."""
    import_mb: float = 512
    """Megabytes of all files of one import together, unpacked."""
    files: int = 5000
    """Files in the folders and archives of one import."""
    pages: int = 600
    """Pages of a paged document."""
    depth: int = 8
    """Folders and archives within one another; files that a LaTeX source includes within one another."""
    file_s: float = 120
    """Seconds of reading one file."""

    @classmethod
    def from_environment(cls) -> "Limits":
        """The defaults with what the environment sets; BadLimit names a setting that is no number above 0."""
        given = {}
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            if (text := os.environ.get(name)) is None:
                continue
            kind = type(field.default)
            try:
                given[field.name] = kind(text)
            except ValueError:
                given[field.name] = 0
            if not 0 < given[field.name] < float("inf"):
                example = f"such as {field.default:g}"
                raise BadLimit(f'{name} is "{text}": set it to a number above 0, {example}, or unset it.')
        return cls(**given)
