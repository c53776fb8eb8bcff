"""The papers and the reviewers that a message names, held here or not. Pure."""

import re
from collections.abc import Sequence

from agent.cues import CHAT_WORDS, CUE_WORDS, STOP_WORDS
from agent.desk import Desk, Paper

REVIEWER = re.compile(
    r"\b(?:anon(?:ymous)?[ -]?)?(?:review(?:er|s)?|referee|rev\.?)[ _#-]*(\d{1,2}|(?=[A-Za-z]*\d)[A-Za-z0-9]{4}(?=\b))(?:['’]?s)?\b|\bR#?(\d)(?:['’]?s)?\b",
    re.IGNORECASE,
)
SEVERAL = re.compile(r"\breviewers? (\d{1,2}(?:\s*(?:,|and|&|or|vs\.?)\s*\d{1,2})+)\b", re.IGNORECASE)
_QUOTED_TITLE = re.compile(
    r"(?:paper|submission|work|titled|called|entitled)[^\"“”]{0,30}[\"“]([^\"“”]{8,200})[\"”]", re.IGNORECASE
)
OF_A_FIELD = re.compile(
    r"\bthe (?P<what>(?!same|other|only|first|last|right|wrong)[a-z][\w-]{3,}) (?:person|guy|folks|people)\b",
    re.IGNORECASE,
)
"""Somebody called by what they come from or speak of: "the speech person"."""
_SPOKEN_OF = re.compile(
    r"\b(?:any(?:one|body)|some(?:one|body)|no(?:body| one)|who|reviewers?|referees?|authors?|they|he|she|it|rebuttal|response|(?:anon)?reviewer ?\w{1,4}|r\d)\b(?: \S+){0,3}? (?:compar\w+|mention\w*|cit(?:e|es|ed)|discuss\w*|includ\w+|ask\w*|want\w*|miss\w*|speak\w*|talk\w*|name[sd]?|rais\w+|evaluat\w+|tr(?:y|ies|ied)|us(?:e|es|ed)|beats?|outperforms?)\b(?! (?:in|of)\b)(?: \S+){0,9}?\W+$",
    re.IGNORECASE,
)
"""Words before a name that make it what somebody speaks of in the paper at hand: "does anyone compare it with"."""
_LABEL = re.compile(r"(?<![\w:.-])(?:(?P<letter>[QWqwC])[ .#]?(?P<number>\d{1,2}))(?![\w:-]|\.\d)")
AUTHORS = "Authors"
CODE = re.compile(r"[_ ](?=\w*\d|\w*[a-z][A-Z])[A-Za-z0-9]{4}$")
"""A name that stands for one person in one venue, as "Reviewer_c0Xv" does and "Reviewer 2" does not."""
_WORDS = STOP_WORDS | CUE_WORDS | CHAT_WORDS
LONGEST_HEAD = 8
"""Words up to which what stands before a title's colon is what people call the paper."""
_METHOD_NAME = re.compile(r"exact[- ]?obs|obq|optimal brain quantiz\w+", re.IGNORECASE)


def find_reviewers(text: str, paper: Paper | None) -> tuple[str, ...]:
    """Reviewers named in the text, by the record's names; numbers are read in the record's numbering."""
    if paper is None:
        return ()
    people = [*(r.name for r in paper.reviewers), *(name for name in paper.commenters if name != AUTHORS)]
    found = [name for name in people if _names(text, name)]
    for mark in _marks(text):
        for name in people:
            number = re.search(r"(\d+)$", name)
            same = (number and number.group(1) == mark) or name.lower().endswith((f"_{mark}", f" {mark}"))
            if same and name not in found:
                found.append(name)
    return tuple(found)


def _names(text: str, name: str) -> bool:
    """Whether a text calls a reviewer by the whole name, or by the code at its end ("c0Xv" of "Reviewer_c0Xv")."""
    if re.search(rf"(?<!\w){_loose(name)}(?:['’]?s)?(?!\w)", text, re.IGNORECASE):
        return True
    code = _code(name)
    return bool(code and re.search(rf"(?<!\w){code}(?:['’]?s)?(?!\w)", text, re.IGNORECASE))


def _code(name: str) -> str:
    """A pattern of the code at the end of a name; one that might be a word of the message is matched as it is written."""
    code = re.search(r"[_ ]([A-Za-z0-9]{4})$", name)
    if code is None or code.group(1).isdigit():
        return ""
    told = bool(re.search(r"\d|[a-z][A-Z]", code.group(1)))
    return code.group(1) if told else "" if code.group(1).lower() in _WORDS else f"(?-i:{code.group(1)})"


def without_reviewers(text: str, paper: Paper | None) -> str:
    """The text without the names, numbers and codes of reviewers."""
    text = SEVERAL.sub(" ", text)
    for called in _calls(paper):
        text = called.sub(" ", text)
    return " ".join(REVIEWER.sub(" ", text).split())


def with_reviewers_alike(text: str, paper: Paper | None) -> str:
    """The text in lower case, reviewers called by the order in which it names them: "reviewer 1 and reviewer 2"."""
    order: dict[str, int] = {}
    text = SEVERAL.sub(lambda m: " and ".join(f"reviewer {n}" for n in re.findall(r"\d+", m.group(1))), text)
    for number, called in enumerate(_calls(paper), 1):
        text = called.sub(f" reviewer {number} ", text)

    def numbered(match: re.Match[str]) -> str:
        return f"reviewer {order.setdefault((match.group(1) or match.group(2)).lower(), len(order) + 1)}"

    return " ".join(REVIEWER.sub(numbered, text).lower().split())


def _calls(paper: Paper | None) -> list[re.Pattern[str]]:
    """By what each reviewer and commenter of a paper is called: the whole name, or the code at its end."""
    found: list[re.Pattern[str]] = []
    for name in [*(r.name for r in paper.reviewers), *paper.commenters] if paper else ():
        names = [_loose(name), *([code] if (code := _code(name)) else [])]
        found.append(re.compile(rf"(?<!\w)(?:reviewer[ _]?)?(?:{'|'.join(names)})(?:['’]?s)?(?!\w)", re.IGNORECASE))
    return found


def _marks(text: str) -> list[str]:
    """The numbers or short names by which a text calls reviewers."""
    several = [n for m in SEVERAL.finditer(text) for n in re.findall(r"\d+", m.group(1))]
    return several + [(m.group(1) or m.group(2)).lower() for m in REVIEWER.finditer(text)]


def find_unknown_reviewer(text: str, paper: Paper, others: Sequence[Paper] = ()) -> str | None:
    """A reviewer's number that nobody on record bears, or the code of one who reviewed another paper."""
    if not paper.reviewers:
        return None
    numbered = re.fullmatch(r"(.*\D)\d+", paper.reviewers[0].name)
    number = next((f"{numbered.group(1) if numbered else 'Reviewer '}{m}" for m in _marks(text) if m.isdigit()), None)
    elsewhere = (r.name for other in others if other.id != paper.id for r in other.reviewers if CODE.search(r.name))
    return number or next((name for name in elsewhere if _names(text, name)), None)


def find_papers(text: str, desk: Desk, to_test: bool = False) -> tuple[tuple[str, ...], str]:
    """The papers that a message names, in order, and the message without their names; `to_test` if it has a claim tested."""
    found: dict[str, int] = {}
    bare = text
    for paper in desk.papers:
        names = sorted({paper.id, paper.title, *paper.short_names, *head_of(paper.title)}, key=len, reverse=True)
        for name in names:
            # Names of methods are short names too; in a claim to test they name the method, not the paper.
            if to_test and desk.current and paper.id != desk.current and name != paper.title and name != paper.id:
                continue
            match = re.search(rf"(?<![\w-]){_loose(name)}(?![\w-])", bare, re.IGNORECASE)
            elsewhere = desk.current is not None and paper.id != desk.current and name not in (paper.title, paper.id)
            if match and elsewhere and _SPOKEN_OF.search(bare[: match.start()]):
                continue
            if match and not (to_test and name not in (paper.title, paper.id)):
                found.setdefault(paper.id, text.lower().find(match.group().lower()))
                if not _METHOD_NAME.fullmatch(match.group()):
                    bare = bare[: match.start()] + " " + bare[match.end() :]
            elif match:
                found.setdefault(paper.id, 10_000)
    return tuple(sorted(found, key=lambda identity: found[identity])), " ".join(bare.split())


def labels_in(text: str) -> list[tuple[str, int]]:
    """The labels of points that a text names, "W3" and "Q2", as letter and number."""
    return list(dict.fromkeys((m["letter"].upper(), int(m["number"])) for m in _LABEL.finditer(text)))


def head_of(title: str) -> tuple[str, ...]:
    """The name that a title gives before its colon or dash, where it is short enough to be one: ("Kettle",), ("And the Bit
    Goes Down",)."""
    head, mark, _ = re.split(r"(:|\s[–—-]\s)", title, maxsplit=1) if re.search(r":|\s[–—-]\s", title) else ("", "", "")
    return (head.strip(),) if mark and len(head.strip()) >= 3 and len(head.split()) <= LONGEST_HEAD else ()


def _loose(name: str) -> str:
    """A pattern of a name in which spaces, hyphens and punctuation may differ."""
    return r"[\s:,-]*".join(re.escape(word) for word in re.findall(r"\w+", name))


def find_unknown_title(text: str) -> str | None:
    """A title that a message quotes, for when no paper held here is named."""
    match = _QUOTED_TITLE.search(text)
    return match.group(1).strip() if match else None
