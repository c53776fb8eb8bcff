"""Folders and archives -> their files, in memory and under the limits of one import; nothing is unpacked to disk."""

import bz2
import io
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.deadline import Deadline
from knowledge.readers.text import clean
from knowledge.types import Refusal

MEGABYTE = 1_000_000
RATIO = 200
"""A file that packs better than this is no text; a page of one repeated letter packs to about 1000."""
CHUNK = 1 << 20
XZ_MEMORY = 256 * MEGABYTE
JUNK = re.compile(r"(?:^|/)(?:__MACOSX|\.[^./][^/]*|Thumbs\.db|desktop\.ini|__pycache__)(?:/|$)", re.IGNORECASE)
DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, IndexError,
          KeyError, OverflowError, RuntimeError, NotImplementedError)  # fmt: skip
"""What the libraries raise on archives that are damaged, encrypted or packed in a way that they do not know."""
PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}


@dataclass(frozen=True)
class Member:
    """A file of a folder or an archive: its path there, "/" between its parts, and its bytes."""

    path: str
    data: bytes


def is_archive(data: bytes) -> bool:
    """Whether bytes are a zip, a tar, or something packed by gzip, bzip2 or xz."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", *PACKED)) or data[257:262] == b"ustar"


class Intake:
    """What is taken out of one folder or archive: its files, and what of it was refused, each as "root: path"."""

    def __init__(self, root: str, limits: Limits, deadline: Deadline) -> None:
        self.members: list[Member] = []
        self.refused: list[Refusal] = []
        self.root, self._limits, self._deadline = root, limits, deadline
        self._bytes, self._files, self._full = 0, 0, False
        self._seen: dict[str, bytes] = {}

    def add_folder(self, folder: Path) -> None:
        """Take all files under a folder in the order of their names; links are not followed."""
        stack = [folder]
        while stack and not self._full:
            place = stack.pop()
            try:
                entries = sorted(place.iterdir(), reverse=True)
            except OSError as error:
                self._refuse(relative(place, folder), f"cannot be opened: {error.strerror or error}")
                continue
            stack += [entry for entry in entries if entry.is_dir() and self._may_enter(entry, folder)]
            for entry in reversed(entries):
                path = relative(entry, folder)
                if JUNK.search(path) or (entry.is_dir() and not entry.is_symlink()):
                    continue
                if entry.is_symlink() or not entry.is_file():
                    self._refuse(path, "is a link or a device, no file; put the file itself there")
                    continue
                try:
                    with entry.open("rb") as stream:
                        self._take(path, stream, entry.stat().st_size, 0)
                except OSError as error:
                    self._refuse(path, f"cannot be opened: {error.strerror or error}")

    def add_archive(self, data: bytes, prefix: str = "", depth: int = 1) -> None:
        """Take all files of an archive, and of the archives in it."""
        if depth > self._limits.depth:
            self._refuse(prefix.rstrip("/"), f"lies in more than {self._limits.depth} archives; unpack it")
            return
        try:
            data, packed = self._unpack(data)
            if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
                self._add_zip(data, prefix, depth)
            elif data[257:262] == b"ustar":
                self._add_tar(data, prefix, depth)
            else:
                folder, slash, name = (prefix.rstrip("/") or self.root).rpartition("/")
                path = folder + slash + re.sub(r"\.(?:gz|bz2|xz)$", "", name)
                self._take(path, io.BytesIO(data), len(data), depth, packed)
        except UnreadableFile as error:
            self._refuse(prefix.rstrip("/"), error.reason)
        except DAMAGE as error:
            reason = f"is a damaged archive ({words_of(error)}); pack it anew, or name the files that it holds"
            self._refuse(prefix.rstrip("/"), reason)

    def _add_zip(self, data: bytes, prefix: str, depth: int) -> None:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(archive.namelist())
        if "[Content_Types].xml" in names or "mimetype" in names:
            raise UnreadableFile(prefix, "is an office or e-book file; save it as PDF or plain text and import that")
        for info in archive.infolist():
            path = prefix + zip_name(info)
            if info.is_dir() or self._full or not self._may_take(path):
                continue
            mode = info.external_attr >> 16
            if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
                self._refuse(path, "is a link or a device, no file; pack the file itself")
            elif info.flag_bits & 1:
                self._refuse(path, "is encrypted; pack it without a password")
            elif self._fits(path, info.file_size, info.compress_size):
                try:
                    with archive.open(info) as stream:
                        self._take(path, stream, info.file_size, depth, info.compress_size)
                except DAMAGE as error:
                    self._refuse(path, f"is damaged ({words_of(error)}); pack it anew")

    def _add_tar(self, data: bytes, prefix: str, depth: int) -> None:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                path = prefix + readable(info.name)
                if self._full:
                    return
                if info.isdir() or not self._may_take(path):
                    continue
                stream = archive.extractfile(info) if info.isreg() and not info.issparse() else None
                if stream is None:
                    self._refuse(path, "is a link or a device, no file; pack the file itself")
                else:
                    self._take(path, stream, info.size, depth)
        if data[-1024:].strip(b"\0"):
            self._refuse(prefix.rstrip("/"), "ends in the middle: files may be missing; pack it anew")

    def _unpack(self, data: bytes) -> tuple[bytes, int | None]:
        """Bytes without one layer of gzip, bzip2 or xz, and how long they were packed; None where they were not."""
        kind = next((name for mark, name in PACKED.items() if data.startswith(mark)), None)
        if kind is None:
            return data, None
        unpacked, room = bytearray(), int(self._limits.import_mb * MEGABYTE) - self._bytes
        for chunk in inflate(data, kind):
            self._deadline.check(self.root)
            unpacked += chunk
            if len(unpacked) > max(room, 0):
                raise UnreadableFile("", f"unpacks to more than the limit of {self._limits.import_mb:g} MB")
        return bytes(unpacked), len(data)

    def _take(self, path: str, stream: Any, size: int, depth: int, packed: int | None = None) -> None:
        """Read one file, which counts whether or not it is kept."""
        if depth == 0 and not self._may_take(path):
            return
        if not self._fits(path, size, packed):
            return
        self._deadline.check(f"{self.root}: {path}")
        data = stream.read(int(self._limits.file_mb * MEGABYTE) + 1)
        self._bytes += len(data)
        self._files += 1
        if self._bytes > self._limits.import_mb * MEGABYTE or self._files > self._limits.files:
            self._full = True
            limits = f"{self._limits.files} files or {self._limits.import_mb:g} MB unpacked"
            self._refuse(path, f"from here on: more than {limits}, the limits of one import; import it in parts")
        elif len(data) != size:
            self._refuse(path, "is damaged: it ends before its time; pack it anew")
        elif path in self._seen:
            if self._seen[path] != data:
                self._refuse(path, "is a second file of this name with other content; give it another name")
        elif is_archive(data):
            self.add_archive(data, f"{path}/", depth + 1)
        else:
            self._seen[path] = data
            self.members.append(Member(path, data))

    def _fits(self, path: str, size: int, packed: int | None) -> bool:
        if size > self._limits.file_mb * MEGABYTE:
            self._refuse(path, f"has {size / MEGABYTE:.1f} MB, more than the limit of {self._limits.file_mb:g} MB")
        elif packed is not None and size > MEGABYTE and size > RATIO * packed:
            self._refuse(path, f"unpacks to more than {RATIO} times its size, as only harmful files do")
        else:
            return True
        return False

    def _may_take(self, path: str) -> bool:
        """Whether a path is one to read: not junk, which is left out silently, and not one that is refused."""
        parts = path.replace("\\", "/").split("/")
        if JUNK.search(path):
            return False
        if path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", path) or "\0" in path:
            self._refuse(path, "has a path that leads outside of the archive; pack it anew with plain paths")
        elif len(parts) > self._limits.depth + 1:
            self._refuse(path, f"lies in more than {self._limits.depth} folders; put it higher up")
        else:
            return True
        return False

    def _may_enter(self, folder: Path, root: Path) -> bool:
        return not folder.is_symlink() and not JUNK.search(relative(folder, root)) and (
            len(folder.relative_to(root).parts) <= self._limits.depth
            or self._refuse(relative(folder, root), f"lies in more than {self._limits.depth} folders; put it higher up")
        )  # fmt: skip

    def _refuse(self, path: str, reason: str) -> bool:
        self.refused.append(Refusal(f"{self.root}: {path}" if path else self.root, "", reason))
        return False


def inflate(data: bytes, kind: str) -> Iterator[bytes]:
    """What was packed, chunk by chunk; EOFError where it ends in the middle."""
    view = data
    while view:
        if kind == "gzip":
            stream: Any = zlib.decompressobj(wbits=31)
            while not stream.eof:
                chunk = stream.decompress(view, CHUNK)
                view = stream.unconsumed_tail
                if not chunk and not view and not stream.eof:
                    raise EOFError("it ends in the middle")
                yield chunk
        else:
            stream = bz2.BZ2Decompressor() if kind == "bzip2" else lzma.LZMADecompressor(memlimit=XZ_MEMORY)
            while not stream.eof:
                chunk = stream.decompress(view, CHUNK)
                view = b""
                if not chunk and stream.needs_input and not stream.eof:
                    raise EOFError("it ends in the middle")
                yield chunk
        view = stream.unused_data.lstrip(b"\0")


def zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name; without the mark of UTF-8 it may be UTF-8 all the same, else the old code page 437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    return readable(name)


def readable(name: str) -> str:
    """A name of a tar without the half characters that stand for bytes in an unknown encoding."""
    return clean(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")).removeprefix("./")


def relative(path: Path, root: Path) -> str:
    return readable("/".join(path.relative_to(root).parts))


def words_of(error: Exception) -> str:
    return clean(str(error))[:200] or type(error).__name__
