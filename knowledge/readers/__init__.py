"""Files -> submissions: one module a format, chosen by what a file holds and not by its name alone."""

import stat
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.types import Reading


def read(path: Path, into: str | None = None, kind: str | None = None, limits: Limits | None = None) -> Reading:
    """The submissions, or parts of one, that a file, a folder or an archive holds.

    `into` names the submission that everything in it belongs to, `kind` says what a plain text is. What is bad in a
    folder or an archive is refused by itself; UnreadableFile where nothing can be taken in.
    """
    # Imported here and below, since the process that opens a PDF imports this package and needs none of the other readers.
    from knowledge.integrity import keep_parts_apart

    limits = limits or Limits()
    return keep_parts_apart(read_path(path, into, kind, limits), limits)


def read_path(path: Path, into: str | None, kind: str | None, limits: Limits) -> Reading:
    """What a file, a folder or an archive holds, before anything in it is kept apart."""
    from knowledge.readers.archives import MEGABYTE, Intake, is_archive
    from knowledge.readers.bundle import read_bundle
    from knowledge.readers.deadline import Deadline
    from knowledge.readers.formats import read_data
    from knowledge.readers.latex.sources import beside

    deadline = Deadline(limits)
    try:
        mode = path.stat()
        if stat.S_ISDIR(mode.st_mode):
            intake = Intake(path.resolve().name, limits, deadline)
            intake.add_folder(path)
            return read_bundle(intake, path.resolve().name, into, kind, limits)
        if not stat.S_ISREG(mode.st_mode):
            raise UnreadableFile(path.name, "is a device or a pipe, no file")
        if mode.st_size > limits.file_mb * MEGABYTE:
            size = f"{mode.st_size / MEGABYTE:.1f}"
            raise UnreadableFile(path.name, f"has {size} MB, more than the limit of {limits.file_mb:g} MB")
        with path.open("rb") as stream:
            data = stream.read(int(limits.file_mb * MEGABYTE) + 1)
    except OSError as error:
        raise UnreadableFile(str(path), f"cannot be opened: {error.strerror or error}") from None
    except ValueError:
        raise UnreadableFile(repr(str(path)), "is no name of a file") from None
    if is_archive(data):
        intake = Intake(path.name, limits, deadline)
        intake.add_archive(data)
        return read_bundle(intake, path.name.partition(".")[0], into, kind, limits)
    return read_data(data, path.name, into, kind, limits, deadline, beside(path, limits))
