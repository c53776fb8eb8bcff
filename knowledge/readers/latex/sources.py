"""The files of a LaTeX source -> one text without comments, as LaTeX would read it, and what was kept apart."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.archives import MEGABYTE, Member
from knowledge.readers.deadline import Deadline
from knowledge.readers.text import clean, decode
from knowledge.types import Refusal

OpenFile = Callable[[str], bytes | None]
"""Gives the bytes of a file beside the source by its path, None if there is none."""

SOURCE = (".tex", ".ltx", ".bbl", ".bib")
STYLE = (".sty", ".cls")
BESIDE = re.compile(
    r"\.(?:sty|cls|bst|clo|cfg|def|fd|aux|log|out|toc|lof|lot|blg|bcf|fls|fdb_latexmk|synctex(?:\.gz)?|run\.xml|nav|snm|spl|ist|"
    r"bbx|cbx|png|jpe?g|gif|eps|ps|svg|tiff?|bmp|webp|tikz|pgf|ttf|otf|pfb|tfm|vf|dtx|ins|latexmkrc|bak|xdv|dvi)$",
    re.IGNORECASE,
)
"""What lies beside a LaTeX source and is no text: styles, pictures, by-products of a run."""
VERBATIM = r"verbatim\*?|Verbatim\*?|lstlisting|minted|alltt|filecontents\*?|comment|CCSXML"
TOKEN = re.compile(
    rf"\\begin[ \t]*\{{(?P<env>{VERBATIM})\}}|\\verb\*?(?P<mark>[^A-Za-z\s*])"
    r"|\\(?P<input>input|include|subfile|subfileinclude|import|subimport|usepackage|RequirePackage)(?![A-Za-z@])"
    r"|(?P<end>\\end[ \t]*\{document\})|\\[\s\S]|(?P<comment>%)"
)
INPUT = re.compile(
    r"[ \t]*(?:\[[^\]\n]{0,300}\])?[ \t]*(?:\{(?P<braced>[^{}\n]{0,300})\}(?:[ \t]*\{(?P<second>[^{}\n]{1,300})\})?|(?P<bare>[\w./-]{1,200}))"
)
CONDITION = re.compile(
    r"\\(?P<name>newif|if[A-Za-z@]*|else|fi|[A-Za-z@]+(?:true|false))(?![A-Za-z@])[ \t]*(?P<new>\\if(?P<of>[A-Za-z@]+))?"
)
NO_CONDITIONS = {"iff", "ifthenelse", "iftoggle", "ifblank", "ifdefempty", "ifstrequal", "ifstrempty"}
MOST_REFUSED = 100
"""Files that cannot be included of which each is named; more are counted."""
BEGIN = "\\begin{document}"
KEPT = "\\KeptVerbatim"
SIDE_DOCUMENT = re.compile(r"rebuttal|response|reply|cover.?letter|answers?|changes|diff", re.IGNORECASE)


@dataclass
class Flat:
    """A source in one text: inputs in their places, comments taken out; `kept` holds what stands verbatim.

    apart: (where, text) of comments and of branches that are never typeset.
    """

    text: str = ""
    apart: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A LaTeX source in a folder or archive: its main file and every file of text that it may include."""

    main: str
    files: Mapping[str, bytes]


def nothing(_: str) -> bytes | None:
    """No file lies beside the source."""
    return None


def beside(path: Path, limits: Limits) -> OpenFile:
    """The files of LaTeX in the folder of `path`, not outside of it and not through links."""
    folder = path.resolve().parent

    def open_file(name: str) -> bytes | None:
        found = folder / name
        try:
            inside = found.resolve().is_relative_to(folder) and found.suffix.lower() in SOURCE + STYLE
            if not inside or not found.is_file() or found.stat().st_size > limits.file_mb * MEGABYTE:
                return None
            return found.read_bytes()
        except (OSError, ValueError):
            return None

    return open_file


def split_sources(members: Sequence[Member]) -> tuple[list[Source], list[Member]]:
    """The LaTeX sources among files, the main one of each folder first, and the files that belong to none.

    Styles, pictures and by-products beside a source are left out, as are PDFs that it includes as pictures.
    """
    texts = {member.path: member.data for member in members if member.path.lower().endswith(SOURCE + STYLE)}
    mains = [path for path, data in texts.items() if path.lower().endswith(SOURCE[:2]) and is_main(data)]
    if not mains:
        return [], [member for member in members if not BESIDE.search(member.path)]
    every = b"\n".join(data for path, data in texts.items() if path.lower().endswith(SOURCE[:2]))
    included = set(
        re.findall(
            rb"\\(?:input|include|subfile|subfileinclude)[ \t]*\{(?:[^{}]{0,200}/)?([^{}/]{1,100}?)(?:\.tex)?\}", every
        )
    )
    mains = [path for path in mains if stem(path).encode() not in included] or mains
    pictures = set(re.findall(rb"\{(?:[^{}]{0,200}/)?([^{}/.]{1,100})(?:\.pdf)?\}", every))
    rest = []
    for member in members:
        folder = posixpath.dirname(member.path)
        near = any(folder.startswith(posixpath.dirname(main)) for main in mains)
        picture = member.path.lower().endswith(".pdf") and stem(member.path).encode() in pictures
        if member.path not in texts and not (near and (BESIDE.search(member.path) or picture)):
            rest.append(member)
    return [Source(main, texts) for main in sorted(mains, key=lambda path: preference(path, texts[path]))], rest


def is_main(data: bytes) -> bool:
    return b"\\documentclass" in data and BEGIN.encode() in data


def preference(path: str, data: bytes) -> tuple[bool, bool, int, int]:
    """The order in which files are likely to be the paper: no answer to reviewers, an abstract, not deep, long."""
    abstract = b"\\begin{abstract}" in data or b"\\abstract" in data
    return bool(SIDE_DOCUMENT.search(stem(path))), not abstract, path.count("/"), -len(data)


def stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


class Flattening:
    """Reads a main file and what it includes, under limits on depth, size and time."""

    def __init__(self, files: Mapping[str, bytes], open_file: OpenFile, limits: Limits, deadline: Deadline) -> None:
        self.flat = Flat()
        self._files, self._open_file, self._limits, self._deadline = files, open_file, limits, deadline
        self._length = 0
        self._main = ""
        self._unnamed = self._included = 0
        self._absent: set[tuple[str, str]] = set()

    def read(self, file: str) -> Flat:
        """The whole source from its main file on."""
        self._main = file
        self.flat.text = self._flatten(file, self._files[file], (file,))
        self.flat.text = self._conditions(self.flat.text, file)
        if self._unnamed:
            self.flat.refused.append(Refusal(file, "", f"includes {self._unnamed} more files that cannot be read"))
        return self.flat

    def _flatten(self, file: str, data: bytes, chain: tuple[str, ...]) -> str:
        text = clean(decode(data, file))
        if len(chain) > 1 and BEGIN in text:
            text = text.partition(BEGIN)[2]
        breaks = [match.start() for match in re.finditer("\n", text)]
        out: list[str] = []
        position = 0
        comment: list[str] = []
        began = ended = 0

        def close_comment() -> None:
            if re.search(r"[^\W\d_]{3}", "\n".join(comment)):
                self.flat.apart.append((f"{name_of(file)}, line {began}", "\n".join(comment)))
            comment.clear()

        while match := TOKEN.search(text, position):
            self._deadline.check(file)
            line = bisect_right(breaks, match.start()) + 1
            out.append(text[position : match.start()])
            position = match.end()
            if match["end"]:
                close_comment()
                if len(chain) == 1 and re.search(r"\w{3}", text[match.end() :]):
                    where = f"{name_of(file)}, after the end of the document"
                    self.flat.apart.append((where, text[match.end() :].strip()))
                position = len(text)
            elif match["comment"]:
                end = breaks[line - 1] if line <= len(breaks) else len(text)
                if comment and line > ended + 1:
                    close_comment()
                began, ended = (began if comment else line), line
                comment.append(text[match.end() : end].strip(" \t%"))
                position = after_comment(text, match.start(), end, breaks[line - 2] + 1 if line > 1 else 0)
            elif match["env"]:
                position = self._keep(text, match, out, f"{name_of(file)}, line {line}")
            elif match["mark"]:
                end = text.find(match["mark"], position, breaks[line - 1] if line <= len(breaks) else len(text))
                if end >= 0:
                    out.append(self._kept(text[position:end]))
                    position = end + 1
            elif match["input"]:
                close_comment()
                position = self._input(text, match, out, file, line, chain)
            else:
                out.append(match[0])
        close_comment()
        out.append(text[position:])
        self._length += len(text)
        if self._length > self._limits.file_mb * MEGABYTE:
            raise UnreadableFile(self._main, f"includes more than the limit of {self._limits.file_mb:g} MB in all")
        return "".join(out)

    def _keep(self, text: str, match: re.Match[str], out: list[str], where: str) -> int:
        """Take a verbatim environment out of the text; where it goes on after it."""
        closing = f"\\end{{{match['env']}}}"
        end = text.find(closing, match.end())
        body = text[match.end() : end if end >= 0 else len(text)]
        if match["env"] == "comment":
            self.flat.apart += [(where, body.strip())] if re.search(r"\w{3}", body) else []
        elif match["env"] != "CCSXML":
            body = re.sub(r"^[ \t]*(?:\[[^\]\n]*\])?(?:\{[^}\n]*\})?", "", body, count=1)
            out.append(f"\n\n{self._kept(body.strip(chr(10)))}\n\n")
        return end + len(closing) if end >= 0 else len(text)

    def _kept(self, body: str) -> str:
        self.flat.kept.append(body)
        return f"{KEPT}{{{len(self.flat.kept) - 1}}}"

    def _input(
        self, text: str, match: re.Match[str], out: list[str], file: str, line: int, chain: tuple[str, ...]
    ) -> int:
        """Put an included file in its place; where the text goes on after the command."""
        given = INPUT.match(text, match.end())
        name = (given["braced"] or given["bare"] or "").strip() if given else ""
        if not given or not name or "#" in name or "\\" in name:
            out.append(match[0])
            return match.end()
        package = match["input"] in ("usepackage", "RequirePackage")
        end = given.end("braced") + 1 if given["braced"] is not None and "import" not in match["input"] else given.end()
        if "import" in match["input"] and given["second"]:
            name = posixpath.join(name, given["second"])
        for wanted in name.split(",") if package else [name]:
            body = self._open(wanted.strip(), file, line, chain, STYLE[:1] if package else SOURCE)
            out.append(f"{body}\n" if body and not package else body)
        return end

    def _open(self, name: str, file: str, line: int, chain: tuple[str, ...], suffixes: Sequence[str]) -> str:
        root, colon, main = self._main.rpartition(": ")
        here = posixpath.dirname(main)
        path = posixpath.normpath(posixpath.join(here, name))
        package = suffixes[0] in STYLE

        if (file, name) in self._absent:
            return ""

        def refuse(reason: str) -> str:
            self._absent.add((file, name))
            if not package and len(self.flat.refused) < MOST_REFUSED:
                self.flat.refused.append(Refusal(file, f"line {line}", f"includes '{name}', {reason}"))
            elif not package:
                self._unnamed += 1
            return ""

        if path.startswith(("/", "..")) or "\0" in name or re.match(r"[A-Za-z]:", name):
            return refuse("which leads outside of the source")
        near = posixpath.normpath(posixpath.join(posixpath.dirname(file.rpartition(": ")[2]), name))
        for base in dict.fromkeys((path, near)):
            for candidate in (base, *(base + suffix for suffix in suffixes)):
                full = f"{root}{colon}{candidate}"
                if not candidate.lower().endswith(SOURCE + STYLE + ("." + name.rpartition(".")[2],)):
                    continue
                if (data := self._files.get(full) or self._open_file(candidate)) is None:
                    continue
                self._included += 1
                if self._included > self._limits.files:
                    return refuse(f"after {self._limits.files} other files, the limit of one import")
                if full in chain:
                    return refuse("which includes itself")
                if len(chain) > self._limits.depth:
                    return refuse(f"more than {self._limits.depth} files deep")
                try:
                    return self._flatten(full, data, (*chain, full))
                except UnreadableFile as error:
                    if error.file == self._main:
                        raise
                    self.flat.refused.append(Refusal(error.file, error.where, error.reason))
                    return ""
        return refuse("which is not there")

    def _conditions(self, text: str, file: str) -> str:
        """The text without branches that are never typeset; of conditions that only TeX knows, both stay."""
        known = {"false": False, "true": True}
        out: list[str] = []
        stack: list[bool | None] = []
        hidden = position = 0
        for match in CONDITION.finditer(text):
            self._show(text[position : match.start()], not hidden, out, file)
            name, position = match["name"], match.end() if match["name"] == "newif" else match.end("name")
            value = stack[-1] if stack else None
            if name == "newif":
                known.setdefault(match["of"] or "", False)
            elif name.startswith("if") and name not in NO_CONDITIONS:
                stack.append(known.get(name[2:]))
                hidden += stack[-1] is False
            elif name == "else":
                hidden += 0 if value is None else 1 if value else -1
                if stack:
                    stack[-1] = None if value is None else not value
            elif name == "fi" and stack:
                hidden -= stack.pop() is False
            elif (of := re.sub("(?:true|false)$", "", name)) in known and of != name and not hidden:
                known[of] = name.endswith("true")
            elif name != "fi":
                self._show(match[0][: position - match.start()], not hidden, out, file)
        self._show(text[position:], not hidden, out, file)
        return "".join(out)

    def _show(self, piece: str, shown: bool, out: list[str], file: str) -> None:
        if shown:
            out.append(piece)
        elif re.search(r"[^\W\d_]{3}", piece):
            self.flat.apart.append((f"{name_of(file)}, in a condition that is off", piece.strip()))


def after_comment(text: str, start: int, end: int, line_start: int) -> int:
    """Where a text goes on after a comment from `start` to its line's `end`: a line of nothing else goes whole, one
    right after a word takes the line's end with it, as in LaTeX."""
    if not text[line_start:start].strip():
        return min(end + 1, len(text))
    following = text[end + 1 : end + 200]
    ahead = following.partition("\n")[0].strip()
    if text[start - 1].isspace() or not ahead or ahead.startswith("%"):
        return end
    return end + 1 + len(following) - len(following.lstrip(" \t"))


def name_of(file: str) -> str:
    return file.rpartition(": ")[2]
