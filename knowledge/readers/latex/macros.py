"""Macros that a LaTeX source defines for itself: definitions are taken out of the text, uses replaced by what they
stand for.

Only what LaTeX users commonly define is understood: `\\newcommand` and its kin, `\\def` with plain parameters, `\\let`,
`\\DeclareMathOperator`, `\\newenvironment`. What TeX programs beyond that is left as it stands. Cost: linear in the text
and in what the macros expand to, which is limited.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.readers.deadline import Deadline

TOKEN = re.compile(r"\\[A-Za-z@]+|\\[\s\S]|[{}\[\]*]|#+\d?|[ \t]*\n[ \t]*\n\s*|\s+|[^\\{}\[\]*#\s]+|\\")
DEFINING = {"\\newcommand", "\\renewcommand", "\\providecommand", "\\DeclareRobustCommand", "\\newrobustcmd"}
ENVIRONMENTS = {"\\newenvironment", "\\renewenvironment"}
DOCUMENT_COMMANDS = {
    "\\NewDocumentCommand",
    "\\RenewDocumentCommand",
    "\\ProvideDocumentCommand",
    "\\DeclareDocumentCommand",
}
PRIMITIVE = {"\\def", "\\gdef", "\\edef", "\\xdef"}
OPERATORS = {"\\DeclareMathOperator"}
STRUCTURE = {
    "\\" + name
    for name in (
        "section subsection subsubsection paragraph subparagraph chapter part title author date abstract maketitle begin end "
        "item caption label ref eqref autoref cref Cref cite citep citet footnote bibitem bibliography appendix documentclass "
        "input include usepackage KeptVerbatim textbf emph textit def newcommand renewcommand let par"
    ).split()
}
"""Commands that the reader itself understands: a source that defines them anew does not change what they mean here."""
PROGRAMMED = re.compile(
    r"\\(?:@\w*|csname|expandafter|futurelet|if\w*|else|fi|loop|catcode|makeat\w+|write|openout|everypar)(?![A-Za-z])"
)
CLOSE = "\0"
"""Stands after the last token of an expansion, to know when it ends; no clean text has it."""
DEPTH = 40
CHARACTERS_A_MACRO = 100_000
CHARACTERS_IN_ALL = 2_000_000
"""What one use of a macro, and all of them, may expand to; what is parsed afterwards takes about 4 s a million."""
MOST_LOOKED_AT = 2_000_000
"""Tokens that may be looked at for the end of a group or bracket that is not there; then nothing more is expanded."""
OPTIONAL = 120
"""Tokens of the longest optional argument."""
NO_SPACE = ",.;:!?)]}'-/~\\"


@dataclass(frozen=True)
class Macro:
    """What a macro stands for: tokens with "#1" for its arguments; `default` is that of an optional first one."""

    parameters: int
    body: tuple[str, ...]
    default: tuple[str, ...] | None = None


class Expansion:
    """One pass over a text; `broken` are the macros that were given up since they never end or grow too large."""

    def __init__(self, text: str, file: str, deadline: Deadline) -> None:
        self.broken: list[str] = []
        self.theorems: dict[str, str] = {}
        self._macros: dict[str, Macro] = {}
        self._environments: dict[str, tuple[Macro, tuple[str, ...]]] = {}
        self._ends: list[tuple[str, ...]] = []
        self._file, self._deadline = file, deadline
        self._stack = tokens_of(text)[::-1]
        self._open: list[str] = []
        self._spent = self._all = self._looked_at = 0

    def run(self) -> str:
        """The text without definitions, and with the macros that it defines expanded."""
        out: list[str] = []
        count = 0
        while self._stack:
            token = self._stack.pop()
            count += 1
            if count % 4096 == 0:
                self._deadline.check(self._file)
            if self._looked_at > MOST_LOOKED_AT:
                self.broken.append(token.strip() or "macros")
                out += [one for one in (token, *self._stack[::-1]) if one != CLOSE]
                break
            if token == CLOSE:
                self._open.pop()
            elif token == "\\xspace":
                following = self._peek()
                out.append(" " if following and following[0] not in NO_SPACE and not following[0].isspace() else "")
            elif token in DEFINING or token in ENVIRONMENTS or token in PRIMITIVE or token in OPERATORS:
                self._define(token)
            elif token in DOCUMENT_COMMANDS or token == "\\let" or token == "\\newtheorem":
                self._define_other(token)
            elif token in ("\\begin", "\\end"):
                self._environment(token, out)
            elif token in self._macros:
                self._expand(token, self._macros[token], out)
            else:
                out.append(token)
        return "".join(out)

    def _peek(self) -> str:
        """The next token that is no end of an expansion, "" at the end."""
        for index in range(len(self._stack) - 1, max(-1, len(self._stack) - 1 - DEPTH), -1):
            if self._stack[index] != CLOSE:
                return self._stack[index]
        return ""

    def _skip(self) -> None:
        while self._stack and (self._stack[-1].isspace() or self._stack[-1] == CLOSE) and "\n\n" not in self._stack[-1]:
            if self._stack.pop() == CLOSE:
                self._open.pop()

    def _group(self) -> tuple[str, ...] | None:
        """The next argument: what stands in braces, or a single token; None where the braces do not close."""
        self._skip()
        if not self._stack:
            return None
        if self._stack[-1] != "{":
            token = self._stack.pop()
            if len(token) > 1 and not token.startswith(("\\", "#")):
                self._stack.append(token[1:])
                token = token[0]
            return (token,)
        taken: list[str] = []
        depth = 0
        while self._stack:
            token = self._stack.pop()
            taken.append(token)
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return self._without_closes(taken[1:-1])
            if depth > DEPTH:
                break
        self._put_back(taken)
        return None

    def _optional(self) -> tuple[str, ...] | None:
        """What stands in the next brackets; None where there are none."""
        self._skip()
        if not self._stack or self._stack[-1] != "[":
            return None
        taken: list[str] = []
        depth = 0
        while self._stack and len(taken) < OPTIONAL:
            token = self._stack.pop()
            taken.append(token)
            depth += (token == "{") - (token == "}")
            if token == "]" and depth == 0:
                return self._without_closes(taken[1:-1])
        self._put_back(taken)
        return None

    def _put_back(self, taken: list[str]) -> None:
        self._stack += taken[::-1]
        self._looked_at += len(taken)

    def _without_closes(self, tokens: Iterable[str]) -> tuple[str, ...]:
        kept = []
        for token in tokens:
            if token == CLOSE:
                self._open.pop()
            else:
                kept.append(token)
        return tuple(kept)

    def _star(self) -> None:
        if self._peek() == "*":
            self._skip()
            self._stack.pop()

    def _define(self, command: str) -> None:
        """Take a definition out of the text and remember it, unless it is programmed or of a command of ours."""
        self._star()
        if command in PRIMITIVE:
            name, parameters = self._primitive_head()
            default = None
        else:
            name = "".join(self._group() or ()).strip()
            count = "".join(self._optional() or ()) if command not in OPERATORS else ""
            parameters = int(count) if re.fullmatch("[1-9]", count) else 0
            default = self._optional() if parameters else None
        body = self._group()
        if command in ENVIRONMENTS:
            end = self._group()
            if body is not None and end is not None and not PROGRAMMED.search("".join((*body, *end))):
                self._environments[name] = (Macro(parameters, body, default), end)
            return
        if body is None or parameters < 0 or name in STRUCTURE or PROGRAMMED.search("".join(body)):
            return
        if command in OPERATORS:
            body = ("\\operatorname", "{", *body, "}")
        if re.fullmatch(r"\\(?:[A-Za-z@]+|[^A-Za-z\s])", name):
            self._macros[name] = Macro(parameters, body, default)

    def _primitive_head(self) -> tuple[str, int]:
        """The name and the number of parameters after `\\def`; -1 where they are delimited by more than order."""
        self._skip()
        name = self._stack.pop() if self._stack else ""
        given: list[str] = []
        while self._stack and self._stack[-1] not in "{}" and len(given) < 20:
            given.append(self._stack.pop())
        plain = [token for token in given if not token.isspace()]
        return name, len(plain) if plain == [f"#{n + 1}" for n in range(len(plain))] else -1

    def _define_other(self, command: str) -> None:
        self._star()
        if command == "\\newtheorem":
            name, shared = "".join(self._group() or ()), self._optional()
            self.theorems[name] = "".join(self._group() or ())
            if shared is None:
                self._optional()
            return
        if command == "\\let":
            name = "".join(self._group() or ())
            if self._peek() == "=":
                self._skip()
                self._stack.pop()
            meaning = "".join(self._group() or ())
            if name not in STRUCTURE and meaning.startswith("\\") and name.startswith("\\") and meaning != name:
                self._macros[name] = self._macros.get(meaning, Macro(0, (meaning,)))
            return
        name, given, body = "".join(self._group() or ()), "".join(self._group() or ()), self._group()
        match = re.fullmatch(r"\s*(?:(o)|O\s*\{([^{}]*)\})?\s*((?:m\s*){0,9})", given)
        if match and body is not None and name.startswith("\\") and name not in STRUCTURE:
            default = ("",) if match[1] else (match[2],) if match[2] is not None else None
            count = match[3].count("m") + (default is not None)
            if not PROGRAMMED.search("".join(body)):
                self._macros[name] = Macro(count, body, default)

    def _environment(self, command: str, out: list[str]) -> None:
        """`\\begin` or `\\end` of an environment that the source defines becomes what it stands for."""
        start = len(self._stack)
        group = self._group() if self._stack and self._peek() == "{" else None
        name = "".join(group or ())
        if group is None:
            out.append(command)
        elif name not in self._environments or start < 1:
            out.append(f"{command}{{{name}}}")
        elif command == "\\begin":
            macro, end = self._environments[name]
            self._expand(f"\\begin{{{name}}}", macro, out)
            self._ends.append(end)
        else:
            self._expand(f"\\end{{{name}}}", Macro(0, self._environments[name][1]), out)

    def _expand(self, name: str, macro: Macro, out: list[str]) -> None:
        arguments: list[tuple[str, ...]] = []
        for number in range(macro.parameters):
            given = self._optional() if number == 0 and macro.default is not None else self._group()
            if given is None:
                given = macro.default if number == 0 and macro.default is not None else ()
            arguments.append(given or ())
        following = self._stack[-1] if self._stack else ""
        if macro.parameters == 0 and name[-1].isalpha() and following.isspace() and following.count("\n") < 2:
            self._stack.pop()
        if not self._open:
            self._spent = 0
        body: list[str] = []
        for token in macro.body:
            number = int(token[1:]) if re.fullmatch("#[1-9]", token) else 0
            body += arguments[number - 1] if 0 < number <= len(arguments) else (token,)
        size = sum(map(len, body))
        self._spent += size
        self._all += size
        if len(self._open) >= DEPTH or self._spent > CHARACTERS_A_MACRO or self._all > CHARACTERS_IN_ALL:
            self._give_up(name)
            return
        self._open.append(name)
        self._stack.append(CLOSE)
        self._stack += body[::-1]

    def _give_up(self, name: str) -> None:
        """Leave the outermost macro that is being expanded, and never expand it again."""
        outermost = self._open[0] if self._open else name
        while self._open:
            if self._stack.pop() == CLOSE:
                self._open.pop()
        self._macros.pop(outermost, None)
        self._macros.pop(name, None)
        self._environments.pop(outermost[outermost.find("{") + 1 : -1], None)
        if self._all > CHARACTERS_IN_ALL:
            self._macros.clear()
            self._environments.clear()
        self.broken.append(outermost)


def tokens_of(text: str) -> list[str]:
    """Control words, control signs, braces, brackets, parameters, spaces, and runs of anything else."""
    return TOKEN.findall(text.replace(CLOSE, ""))
