"""Figures, tables and algorithms of LaTeX: captions, rows and words of a float, in their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.readers.latex.tables import rows_of
from knowledge.readers.latex.text import (
    LAST,
    MATH,
    TABULARS,
    Marks,
    arguments,
    inline,
    inner,
    is_a,
    pieces,
    plain,
    tidy,
)

FLOATS = {"figure": "Figure", "wrapfigure": "Figure", "SCfigure": "Figure", "teaserfigure": "Figure", "sidewaysfigure": "Figure",
          "marginfigure": "Figure", "table": "Table", "wraptable": "Table", "sidewaystable": "Table", "margintable": "Table",
          "longtable": "Table", "xltabular": "Table", "algorithm": "Algorithm", "algorithm2e": "Algorithm", "listing": "Listing"}  # fmt: skip
SUBFLOATS = ("subfigure", "subtable", "subcaptionblock")
SILENT = ("tikzpicture", "pgfpicture", "picture", "CCSXML", "filecontents", "axis", "overpic")
CODE = re.compile(
    r"(?:STATE|State|IF|If|ELSIF|ElsIf|ELSE|Else|ENDIF|EndIf|FOR|For|FORALL|ForAll|ENDFOR|EndFor|WHILE|While|ENDWHILE|EndWhile|REPEAT|Repeat|UNTIL|Until|REQUIRE|Require|ENSURE|Ensure|INPUT|Input|OUTPUT|Output|RETURN|Return|KwIn|KwOut|KwData|KwResult|Comment|COMMENT|Function|EndFunction|Procedure|EndProcedure|LOOP|Loop)$"
)


@dataclass
class Float:
    """What stands in a float, in its order: captions, rows of tables, other text."""

    events: list[tuple[str, str]]
    labels: list[str]


def gather(nodes: Sequence[Any], found: Float, inside: bool, marks: Marks) -> None:
    """The captions, rows and other words in a float, also in what it nests."""
    for node in nodes:
        name = getattr(node, "macroname", None) or getattr(node, "environmentname", "").rstrip("*")
        given = arguments(node)
        if is_a(node, "Macro") and name in ("caption", "captionof", "subcaption") and given:
            kind = "sub" if inside or name == "subcaption" else "caption"
            found.labels += re.findall(r"\\label\s{0,9}\{([^{}]{1,200})\}", given[-1].latex_verbatim())
            found.events.append((kind, inline(inner(given[-1]), marks)))
        elif is_a(node, "Macro") and name == "label" and given:
            found.labels.append(plain(given[-1]))
        elif is_a(node, "Macro") and name in ("subfloat", "subfigure") and given:
            note = next((inline(inner(item), marks) for item in given[:-1] if item is not None), "")
            gather(inner(given[-1]), found, True, marks)
            found.events.append(("sub", note))
        elif is_a(node, "Environment") and name in TABULARS:
            found.events.append(("rows", "\n".join(rows_of(node.nodelist, marks))))
        elif is_a(node, "Environment") and name in ("algorithmic", "algorithmicx"):
            found.events.append(("rows", "\n".join(code_lines(node.nodelist, marks))))
        elif is_a(node, "Environment") and name not in SILENT and name not in MATH:
            gather(node.nodelist, found, inside or name in SUBFLOATS, marks)
        elif is_a(node, "Group") or (name in LAST and given and given[-1] is not None and holds_blocks(given[-1])):
            gather(node.nodelist if is_a(node, "Group") else inner(given[-1]), found, inside, marks)
        else:
            found.events.append(("text", "".join(pieces([node], marks))))


def split_captions(found: Float) -> list[list[tuple[str, str]]]:
    """The events of a float by the caption that they belong to, which stands above or below them all."""
    groups: list[list[tuple[str, str]]] = [[]]
    captions = sum(event[0] == "caption" for event in found.events)
    leading = next((event[0] == "caption" for event in found.events if event[0] in ("caption", "rows")), True)
    held = False
    for event in found.events:
        if leading and event[0] == "caption" and held:
            groups.append([])
        held |= event[0] == "caption"
        groups[-1].append(event)
        if not leading and event[0] == "caption" and captions > 1:
            groups.append([])
    return groups


def write_group(head: str, group: Sequence[tuple[str, str]]) -> str:
    """A caption with its subcaptions, rows and other words, one below the other."""
    subs = [text for name, text in group if name == "sub"]
    subs = [f"({chr(97 + number % 26)}) {text}" for number, text in enumerate(text for text in subs if text)]
    rows = [text for name, text in group if name == "rows" and text.strip()]
    other = tidy("".join(text for name, text in group if name == "text"))
    lines = [head, *subs, *rows, other if re.search(r"[^\W\d_]{3}", other) else ""]
    return "\n".join(line for line in lines if line.strip())


def holds_blocks(node: Any) -> bool:
    """Whether a group holds an environment or several paragraphs, and is more than a stretch of a line."""
    nodes = getattr(node, "nodelist", None) or []
    return any(
        is_a(child, "Environment")
        or (is_a(child, "Chars") and re.search(r"\n[ \t]*\n", child.chars))
        or (is_a(child, "Group") and holds_blocks(child))
        or (is_a(child, "Macro") and any(holds_blocks(item) for item in arguments(child) if item is not None))
        for child in nodes
    )


def without_captions(nodes: Sequence[Any]) -> list[Any]:
    return [
        node
        for node in nodes
        if getattr(node, "macroname", "")
        not in ("caption", "label", "endhead", "endfirsthead", "endfoot", "endlastfoot")
    ]


def code_lines(nodes: Sequence[Any], marks: Marks) -> list[str]:
    """The lines of an algorithm: each command of pseudo-code begins one."""
    lines: list[list[str]] = [[]]
    for node in nodes:
        if is_a(node, "Macro") and CODE.match(node.macroname):
            word = "" if node.macroname.casefold() == "state" else f"{node.macroname} "
            lines.append([word])
        else:
            lines[-1] += pieces([node], marks)
    return [line for line in (tidy("".join(line)) for line in lines) if line]
