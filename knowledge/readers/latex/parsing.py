"""LaTeX -> nodes of pylatexenc, in pieces of a size that it can take."""

import re
from functools import cache
from typing import Any

from knowledge.readers.latex.text import ACCENTS, CITING, DROPPED, ENVIRONMENTS, LAST, MATH, REFERRING

PIECE = 100_000
"""Characters that are parsed at once; longer stretches are cut between paragraphs."""
LARGEST = 400_000
"""Characters beyond which a piece that cannot be cut is not parsed, but taken as plain words."""
PLAIN_WORDS = re.compile(r"[A-Za-z0-9.,;:]+(?: [A-Za-z0-9.,;:]+)*")
"""What is no LaTeX, whatever stands around it."""


def split_stretch(source: str) -> list[str]:
    """A stretch in pieces that can be parsed by themselves, cut at blank lines outside of groups and environments."""
    if len(source) <= PIECE:
        return [source] if source.strip() else []
    found, start, depth = [], 0, 0
    for match in re.finditer(r"\\(begin|end)[ \t]*\{|\\[\s\S]|[{}]|\n[ \t]*\n", source):
        if match[1]:
            depth += (1 if match[1] == "begin" else -1) + 1
        elif match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif match[0].startswith("\n") and depth <= 0 and match.start() - start > PIECE // 2:
            found.append(source[start : match.start()])
            start = match.end()
    return [piece for piece in (*found, source[start:]) if piece.strip()]


def parse(source: str) -> list[Any] | None:
    """The nodes of a stretch of LaTeX; None where it is nested too deeply, or so broken that no node is found."""
    from pylatexenc.latexwalker import LatexWalkerError

    for tolerant in (False, True):
        try:
            walker = quick_walker()(source, latex_context=context(), tolerant_parsing=tolerant)
            return list(walker.get_latex_nodes()[0])
        except (LatexWalkerError, RecursionError, IndexError, ValueError, TypeError, AttributeError):
            continue
    return None


@cache
def quick_walker() -> Any:
    """A walker of pylatexenc that takes plain words as one token, and gives the same nodes several times as fast: it would
    ask for each letter whether it is special."""
    from pylatexenc.latexwalker import LatexToken, LatexWalker

    class QuickWalker(LatexWalker):
        def get_token(self, pos: int, include_brace_chars: Any = None, environments: bool = True, **more: Any) -> Any:
            # Without environments it asks for the argument of a macro, which is one letter.
            if environments and (words := PLAIN_WORDS.match(self.s, pos)):
                return LatexToken(tok="char", arg=words[0], pos=pos, len=len(words[0]), pre_space="")
            return super().get_token(pos, include_brace_chars, environments, **more)

    return QuickWalker


@cache
def context() -> Any:
    """What pylatexenc knows, with what papers use beyond that."""
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import std_environment, std_macro

    known = get_default_latex_context_db()
    macros = [std_macro(name, form) for name, form in {**DROPPED, **LAST, **REFERRING}.items()]
    macros += [std_macro(name, "*[[{") for name in CITING]
    macros += [std_macro(name, "{") for name in ACCENTS] + [std_macro(name, "[{{") for name in ("SI", "qty")]
    environments = [std_environment(name, form or None) for name, form in ENVIRONMENTS.items()]
    math = [
        (f"{name}{star}", "{" if name in ("alignat", "IEEEeqnarray") else None) for name in MATH for star in ("", "*")
    ]
    environments += [std_environment(name, form, is_math_mode=True) for name, form in math]
    known.add_context_category("papers", macros=macros, environments=environments, prepend=True)
    return known
