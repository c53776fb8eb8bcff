"""Nodes of pylatexenc -> running text: text macros become signs, math stays LaTeX between dollars."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from knowledge.readers.latex.colours import number
from knowledge.readers.latex.unseen import (
    BOXES,
    CLEAR,
    OFF,
    PAGE_PT,
    PHANTOM,
    SEEN_PT,
    SMALL,
    USUAL_PT,
    WHITE,
    Unseen,
    length,
)

ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
           "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331"}  # fmt: skip
SPECIALS = {"~": " ", "``": '"', "''": '"', "--": "\u2013", "---": "\u2014", "!`": "\u00a1", "?`": "\u00bf", "&": "&"}
SIGNS = {"\\": " ", " ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", "/": "", "-": "", "@": "", "!": "", "newline": " ",
         "linebreak": " ", "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX",
         "textendash": "\u2013", "textemdash": "\u2014", "ldots": "...", "dots": "...", "textellipsis": "...", "textbackslash": "\\",
         "textasciitilde": "~", "textasciicircum": "^", "textbar": "|", "textless": "<", "textgreater": ">", "i": "\u0131", "j": "\u0237",
         "copyright": "\u00a9", "textregistered": "\u00ae", "texttrademark": "\u2122", "textquotedblleft": '"', "textquotedblright": '"',
         "textquoteleft": "'", "textquoteright": "'", "lq": "'", "rq": "'", "checkmark": "\u2713", "cmark": "\u2713", "xmark": "\u2717", "tab": " ",
         "today": "", "and": ", ", "And": ", ", "AND": ", ", "etal": "et al.", "slash": "/", "par": "\n\n", "_": "_", "&": "&", "%": "%",
         "$": "$", "#": "#", "{": "{", "}": "}"}  # fmt: skip
DROPPED = {
    "vspace": "*{", "hspace": "*{", "pdfliteral": "{", "special": "{", "setlength": "{{", "addtolength": "{{", "setcounter": "{{", "addtocounter": "{{", "includegraphics": "*[[{",
    "label": "{", "thispagestyle": "{", "pagestyle": "{", "bibliographystyle": "{", "vskip": "", "definecolor": "[{{{", "colorlet": "[{[{",
    "newcolumntype": "{[{", "graphicspath": "{", "hypersetup": "{", "captionsetup": "[{", "phantom": "{", "hphantom": "{", "vphantom": "{",
    "renewcommand": "*{[[{", "newcommand": "*{[[{", "providecommand": "*{[[{", "color": "[{", "rowcolor": "[{[[", "cellcolor": "[{",
    "columncolor": "[{[[", "rule": "[{{", "fontsize": "{{", "transparent": "{", "linespread": "{", "raggedright": "", "addcontentsline": "{{{", "rowcolors": "*[{{{",
    "markboth": "{{", "markright": "{", "enlargethispage": "*{", "pagenumbering": "{", "stepcounter": "{", "refstepcounter": "{", "looseness": "",
    "arraystretch": "", "tabcolsep": "", "settopmatter": "{", "ccsdesc": "[{", "received": "[{", "orcid": "{", "Description": "[{", "authornotemark": "[", "index": "{",
    "DeclareMathOperator": "*{{", "theoremstyle": "{", "numberwithin": "{{", "newtheorem": "*{[{[", "nocite": "{", "acmConference": "[{{{",
    "allowdisplaybreaks": "[", "lstset": "{", "tikzset": "{", "usetikzlibrary": "{", "crefname": "{{{", "Crefname": "{{{", "selectlanguage": "{",
    "noalign": "{", "cmidrule": "", "cline": "{", "hhline": "{", "specialrule": "{{{", "addlinespace": "[", "morecmidrules": "", "linenumbers": "",
    "usepackage": "[{[", "documentclass": "[{", "icmlkeywords": "{", "printbibliography": "[", "tableofcontents": "", "hfill": "", "vfill": "",
}  # fmt: skip
"""Macros that put no words on the page, with their arguments: "*" a star, "[" optional, "{" mandatory."""
LAST = {
    "textcolor": "[{{", "texttransparent": "{{", "colorbox": "[{{", "fcolorbox": "[{[{{", "href": "{{", "resizebox": "*{{{", "scalebox": "{[{", "parbox": "[[[{{",
    "raisebox": "{[[{", "multirow": "[{[{[{", "multicolumn": "{{{", "rotatebox": "[{{", "makebox": "[[{", "framebox": "[[{", "texorpdfstring": "{{",
    "hyperref": "[{", "footnotetext": "[{", "foreignlanguage": "[{{", "makecell": "*[{", "shortstack": "[{", "thead": "*[{", "tablefootnote": "[{",
    "adjustbox": "{{", "fbox": "{", "mbox": "{", "underline": "{", "uline": "{", "sout": "{", "hl": "{", "text": "{", "textsubscript": "{",
    "textsuperscript": "{", "caption": "*[{", "captionof": "{[{", "subcaption": "*[{", "footnote": "[{", "thanks": "{", "url": "{", "path": "{",
    "nolinkurl": "{", "num": "[{", "ensuremath": "{", "keywords": "{", "enquote": "*{", "term": "{", "subfloat": "[[{", "subfigure": "[[{",
    "abstract": "{", "acks": "", "textls": "[{", "item": "[", "bibitem": "[{", "paragraph": "*[{", "subparagraph": "*[{", "title": "[{", "author": "[{",
    "email": "{", "affiliation": "[{", "institution": "{", "KeptVerbatim": "{", "lstinline": "[{", "mintinline": "[{{", "titlenote": "{", "authornote": "{",
    "si": "[{", "unit": "[{",
}  # fmt: skip
"""Macros of which the last argument is text."""
REFERRING = {"ref": "*{", "eqref": "{", "autoref": "*{", "cref": "*{", "Cref": "*{", "pageref": "*{", "nameref": "*{", "labelcref": "{", "vref": "*{", "subref": "*{"}  # fmt: skip
CITING = ("cite", "citep", "citet", "citealt", "citealp", "citeauthor", "citeyear", "citeyearpar", "Citet", "Citep", "parencite", "textcite",
          "autocite", "footcite", "citenum", "shortcite", "citeN", "newcite", "Citealt", "Citeauthor", "supercite", "citeposs", "fullcite")  # fmt: skip
UNSEEN = ("textcolor", "texttransparent", "scalebox", "colorbox", "fcolorbox", "raisebox")
TEXTUAL = ("cite", "citet", "Citet", "textcite", "newcite", "citeN", "fullcite")
MATH = (
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "flalign",
    "alignat",
    "displaymath",
    "math",
    "dmath",
    "IEEEeqnarray",
)
TABULARS = {"tabular": "[{", "tabular*": "{[{", "tabularx": "{[{", "longtable": "[{", "tabulary": "{{", "tabu": "{", "xltabular": "{{", "NiceTabular": "[{[", "supertabular": "{", "longtblr": "[{", "tblr": "[{"}  # fmt: skip
ENVIRONMENTS = {
    "minipage": "[[[{", "wrapfigure": "[{[{", "wraptable": "[{[{", "subfigure": "[[[{", "subtable": "[[[{", "adjustbox": "{", "multicols": "*{[",
    "spacing": "{", "threeparttable": "[", "tablenotes": "[", "tcolorbox": "[", "sidewaystable": "[", "sidewaystable*": "[", "sidewaysfigure": "[",
    "thebibliography": "{", "algorithm": "[", "algorithm*": "[", "algorithm2e": "[", "algorithmic": "[", "figure": "[", "figure*": "[", "table": "[",
    "table*": "[", "enumerate": "[", "itemize": "[", "description": "[", "compactitem": "[", "inparaenum": "[", "SCfigure": "[[", "teaserfigure": "",
    "scope": "[", "tikzpicture": "[", "list": "{{", "resizebox": "{{", "floatrow": "[", "mdframed": "[", "shaded": "", "figwindow": "[{", "strip": "[",
    **TABULARS,
}  # fmt: skip


@cache
def symbols() -> Any:
    from pylatexenc.latex2text import get_default_latex_context_db

    return get_default_latex_context_db()


def symbol(name: str) -> str | None:
    """The sign that a macro without arguments stands for ("\\alpha" is α), None if it stands for none."""
    if name in SIGNS:
        return SIGNS[name]
    found = getattr(symbols().get_macro_spec(name), "simplify_repl", None)
    return found if isinstance(found, str) and "%" not in found and name != "item" else None


@dataclass
class Marks:
    """What labels and citations stand for, and what is gathered on the way: footnotes, unseen text, what is cited."""

    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Label -> (what it names, "Table" or "Section", and its number)."""
    citations: dict[str, str] = field(default_factory=dict)
    """Key -> "3" or "Han et al. (2015)"."""
    kept: Sequence[str] = ()
    footnotes: list[str] = field(default_factory=list)
    unseen: Unseen = field(default_factory=Unseen)
    cited: dict[str, None] = field(default_factory=dict)


def arguments(node: Any) -> list[Any]:
    """The nodes of the arguments of a macro or environment, None for an optional one that is not there."""
    given = getattr(node, "nodeargd", None)
    return list(given.argnlist) if given is not None and given.argnlist else []


def inner(node: Any) -> list[Any]:
    """The nodes in a group; a node that is no group is its own content."""
    if node is None:
        return []
    return list(node.nodelist) if getattr(node, "nodelist", None) is not None and is_a(node, "Group") else [node]


def take_note(node: Any, marks: Marks) -> tuple[str, list[Any]]:
    """What stands in brackets after `\\begin` of an environment, and the nodes after it."""
    nodes = list(node.nodelist)
    if given := [item for item in arguments(node) if item is not None]:
        return inline(inner(given[0]), marks), nodes
    match = re.match(r"\s*\[([^\]\n]{1,200})\]", nodes[0].chars) if nodes and is_a(nodes[0], "Chars") else None
    if not match:
        return "", nodes
    rest = copy(nodes[0])
    rest.chars = rest.chars[match.end() :]
    return tidy(match[1]), [rest, *nodes[1:]]


def is_a(node: Any, kind: str) -> bool:
    return type(node).__name__ == f"Latex{kind}Node"


def plain(node: Any) -> str:
    """An argument's source without its braces: a key, a number, a width."""
    return "".join(item.latex_verbatim() for item in inner(node)).strip()


def inline(nodes: Iterable[Any], marks: Marks) -> str:
    """The text of nodes on one line."""
    with marks.unseen.scope():
        return tidy("".join(pieces(nodes, marks)))


def tidy(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return re.sub(r" ([,.;:!?)\]])(?=\s|$)", r"\1", text)


def pieces(nodes: Iterable[Any], marks: Marks) -> list[str]:
    """The text of nodes as it stands, spaces and blank lines as in the source; what no reader sees goes to the marks."""
    return [marks.unseen.keep(piece(node, marks)) for node in nodes]


def piece(node: Any, marks: Marks) -> str:
    if is_a(node, "Chars"):
        return node.chars
    if is_a(node, "Group"):
        if node.delimiters[0] != "{":
            return node.latex_verbatim()
        with marks.unseen.scope():
            return "".join(pieces(node.nodelist, marks))
    if is_a(node, "Math"):
        return math_text(node)
    if is_a(node, "Specials"):
        return SPECIALS.get(str(node.specials_chars), str(node.specials_chars))
    if is_a(node, "Macro"):
        marks.unseen.switch(node.macroname, [plain(item) for item in arguments(node) if item is not None])
        return macro_text(node, marks)
    return environment_text(node, marks) if is_a(node, "Environment") else ""


def math_text(node: Any) -> str:
    """Math as its LaTeX between "$", displayed math between "$$"."""
    body = " ".join("".join(child.latex_verbatim() for child in node.nodelist).split())
    return f"${body}$" if node.displaytype == "inline" else f" {display(body)} "


def display(body: str) -> str:
    body = re.sub(r"\\(?:label|tag\*?)\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])", "", body)
    return f"$$ {' '.join(body.split())} $$"


def macro_text(node: Any, marks: Marks) -> str:
    name, given = node.macroname, arguments(node)
    if name in ("phantom", "vphantom", "hphantom") and given:
        with marks.unseen.scope(PHANTOM):
            return "".join(pieces(inner(given[-1]), marks))
    if name in DROPPED:
        return "" if name != "vspace" else " "
    if name in ACCENTS and given:
        return accent(ACCENTS[name], inline([given[-1]], marks))
    if name in CITING and given:
        return cite(name, given, marks)
    if name in REFERRING and given:
        return refer(name, plain(given[-1]), marks)
    if name == "KeptVerbatim":
        index = plain(given[-1]) if given else ""
        return marks.kept[int(index)] if index.isdigit() and int(index) < len(marks.kept) else ""
    if name in ("footnote", "thanks", "tablefootnote", "titlenote", "authornote", "footnotetext"):
        marks.footnotes.append(inline(inner(given[-1]), marks) if given else "")
        return ""
    if name in ("SI", "qty") and len(given) > 2:
        return f"{plain(given[1])} {inline([given[2]], marks)}"
    if name in UNSEEN and given:
        return unseen_text(name, given, marks)
    if name == "enquote" and given:
        return f'"{inline([given[-1]], marks)}"'
    if name in ("url", "path", "nolinkurl") and given:
        return plain(given[-1])
    if name == "ensuremath" and given:
        return f"${plain(given[-1])}$"
    if name in ("makecell", "shortstack", "thead"):
        return inline([given[-1]], marks) if given else ""
    if name in LAST:
        return "".join(pieces(inner(given[-1]), marks)) if given and given[-1] is not None else ""
    sign = symbol(name)
    if sign is not None and not any(given):
        return sign
    return " ".join("".join(pieces(inner(item), marks)) for item in given if item is not None and not optional(item))


def unseen_text(name: str, given: Sequence[Any], marks: Marks) -> str:
    """The text of a macro that may hide it: by its colour, its size, or as transparent."""
    *how, last = given
    said = [plain(item) for item in how if item is not None and plain(item) != "*"]
    why = {
        "textcolor": WHITE if marks.unseen.is_white(said or [""]) else "",
        "texttransparent": CLEAR if said and number(said[-1]) == 0 else "",
        "raisebox": OFF if said and abs(length(said[0])) >= PAGE_PT else "",
        "scalebox": SMALL if said and 0 <= number(said[0]) * USUAL_PT < SEEN_PT else "",
    }.get(name, "")
    with marks.unseen.scope(
        *([why] if why else []), grounded=name in BOXES and not marks.unseen.is_white(said[-1:] or [""])
    ):
        return "".join(pieces(inner(last), marks)) if last is not None else ""


def optional(node: Any) -> bool:
    """Whether an argument is one in brackets, or a star."""
    if is_a(node, "Group"):
        return node.delimiters[0] == "["
    return is_a(node, "Chars") and node.chars == "*"


def accent(mark: str, letter: str) -> str:
    letter = letter.replace("\u0131", "i").replace("\u0237", "j")
    return unicodedata.normalize("NFC", letter[:1] + mark) + letter[1:] if letter else ""


def cite(name: str, given: Sequence[Any], marks: Marks) -> str:
    """A citation as the list of references numbers or names it, else by its keys: "[3, 5]", "Han et al. (2015)"."""
    keys = [key.strip() for key in plain(given[-1]).split(",") if key.strip()]
    marks.cited.update(dict.fromkeys(keys))
    notes = [
        inline(inner(item), marks) for item in given[:-1] if item is not None and optional(item) and plain(item) != "*"
    ]
    found = [marks.citations.get(key, key) for key in keys]
    named = [re.fullmatch(r"(.+?) ?\((.+)\)", label) for label in found]
    if all(named) and named:
        textual = name in TEXTUAL
        parts = [f"{match[1]} ({match[2]})" if textual else f"{match[1]}, {match[2]}" for match in named if match]
        if name in ("citeauthor", "Citeauthor"):
            parts = [match[1] for match in named if match]
        elif name in ("citeyear", "citeyearpar"):
            parts = [match[2] for match in named if match]
        text = "; ".join([*parts, *notes])
        return (
            text if textual or name in ("citeauthor", "Citeauthor", "citealp", "citealt", "citeyear") else f"({text})"
        )
    return f"[{', '.join([*found, *notes])}]"


def refer(name: str, key: str, marks: Marks) -> str:
    """What a label stands for: "3", with its kind where the macro names it; unknown ones by their key."""
    texts = []
    for label in key.split(","):
        what, number = marks.labels.get(label.strip(), ("", ""))
        if name == "eqref":
            texts.append(f"({number or label.strip()})")
        elif name in ("autoref", "cref", "Cref", "vref") and number:
            texts.append(f"{what} {number}")
        else:
            texts.append(number or f"[{label.strip()}]")
    return " and ".join(texts)


def environment_text(node: Any, marks: Marks) -> str:
    """An environment inside of running text: math as math, anything else as the text in it."""
    name = node.environmentname.rstrip("*")
    if name in MATH:
        return f" {display(math_body(node))} "
    if name in ("tikzpicture", "pgfpicture", "picture"):
        return ""
    with marks.unseen.scope(grounded=name in BOXES):
        return "".join(pieces(node.nodelist, marks))


def math_body(node: Any) -> str:
    return "".join(child.latex_verbatim() for child in node.nodelist)
