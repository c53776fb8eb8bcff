"""LaTeX with braces, environments or dollars that do not match -> LaTeX that parses, with nothing but the marks lost."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from knowledge.readers.deadline import Deadline

MARK = re.compile(
    r"\\(?P<which>begin|end)[ \t]*\{(?P<env>[^{}\n]{1,60})\}|\\(?P<section>part|chapter|section|subsection|subsubsection)(?![A-Za-z@])"
    r"|\\[\s\S]|(?P<brace>[{}])|(?P<dollar>\$)"
)
BLANK = re.compile(r"\n[ \t]*\n")
DEPTH = 30
"""Groups and environments within one another; pylatexenc calls itself for each."""
RULES = re.compile(
    r"\\(?:cmidrule|cmidrulelr)[ \t]*(?:\[[^\]\n]{0,40}\])?[ \t]*(?:\([^()\n]{0,20}\))?[ \t]*\{[^{}\n]{0,40}\}"
)


@dataclass
class Opened:
    """A brace or an environment that is open: where, its name ("" for a brace), and whether a section began since."""

    start: int
    end: int
    env: str
    crossed: bool = False


def mend(text: str, file: str, deadline: Deadline) -> tuple[str, list[tuple[int, str]]]:
    """The text without marks that match nothing, and what was wrong: (offset in the text given, what).

    A group or environment that a section begins in is taken as if its marks were not there: only the text counts.
    Cost: linear.
    """
    text = RULES.sub(lambda match: " " * len(match[0]), text)
    wrong: list[tuple[int, str]] = []
    gone: list[tuple[int, int]] = []
    stack: list[Opened] = []
    dollars: list[int] = []
    for count, match in enumerate(MARK.finditer(text)):
        if count % 4096 == 0:
            deadline.check(file)
        span = match.span()
        if match["brace"] == "{" or match["which"] == "begin":
            stack.append(Opened(*span, match["env"] or ""))
        elif match["brace"] == "}" or match["which"] == "end":
            close(stack, match["env"] or "", span, gone, wrong)
        elif match["section"]:
            for opened in reversed(stack):
                if opened.crossed:
                    break
                opened.crossed = True
        elif match["dollar"]:
            dollars.append(match.start())
        if len(stack) > DEPTH:
            opened = stack.pop()
            gone.append((opened.start, opened.end))
            wrong.append((opened.start, f"more than {DEPTH} groups within one another"))
    for opened in stack:
        gone.append((opened.start, opened.end))
        wrong.append((opened.start, f"{name_of(opened.env, 'begin')} that is not closed"))
    wrong += escape_dollars(text, dollars, gone)
    return without(text, gone), sorted(wrong)


def close(
    stack: list[Opened], env: str, span: tuple[int, int], gone: list[tuple[int, int]], wrong: list[tuple[int, str]]
) -> None:
    """Close the brace or environment that matches, and give up what stands open inside of it."""
    depth = next((n for n, opened in enumerate(reversed(stack)) if opened.env == env), None)
    blocked = env == "" and depth is not None and depth > 0
    if depth is None or blocked:
        gone.append(span)
        wrong.append((span[0], f"{name_of(env, 'end')} that closes nothing"))
        return
    for _ in range(depth):
        opened = stack.pop()
        gone.append((opened.start, opened.end))
        wrong.append((opened.start, f"{name_of(opened.env, 'begin')} that is not closed"))
    opened = stack.pop()
    if opened.crossed:
        gone += [(opened.start, opened.end), span]


def name_of(env: str, which: str) -> str:
    return f"\\{which}{{{env}}}" if env else "a brace"


def escape_dollars(text: str, dollars: list[int], gone: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """In a paragraph with an odd number of dollars no one knows what is math: all of them become plain signs."""
    ends = [match.start() for match in BLANK.finditer(text)]
    wrong = []
    index = 0
    while index < len(dollars):
        end = bisect_left(ends, dollars[index])
        last = bisect_right(dollars, ends[end]) if end < len(ends) else len(dollars)
        if (last - index) % 2:
            wrong.append((dollars[index], "a $ that is not closed"))
            gone += [(place, place) for place in dollars[index:last]]
        index = max(last, index + 1)
    return wrong


def without(text: str, gone: list[tuple[int, int]]) -> str:
    """The text without these stretches; an empty one gets a backslash, which makes a plain sign of what follows."""
    out, position = [], 0
    for start, end in sorted(gone):
        out += [text[position:start], "\\" if start == end else " "]
        position = max(position, end)
    return "".join([*out, text[position:]])
