"""A reviewer's point held against the paper: its figures and names against the tables, and what the paper never names. Pure.

Only what the tables plainly bear speaks against a point, and only of a paper that is read as a whole can be said that it
never names a thing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.answering.figure_words import decimals, digits_of, name_of, place_of, told
from agent.answering.parts import fact, listed, stem
from agent.cues import CHAT_WORDS, CUE_WORDS, STOP_WORDS
from agent.draft import DraftSentence
from agent.figures import Figure, figures_in
from agent.points import Point
from agent.quoting import sentences_of
from agent.terms import Term, holds, terms_in
from knowledge.types import Locator, Passage

MOST_CELLS = 4
PER_CENT = 100
LONG_WORD = 4
MOST_WORDS = 4
"""Words of content that the name of a task may have."""
_TURN = re.compile(r"\b(?:but|while|whereas|yet|however|although|though|only|in fact|actually)\b", re.IGNORECASE)
_CLAIMS = re.compile(r"\b(?:claim|stat|say|said|report|promis|announc|advertis|abstract|text|introduction|argu|writ)\w*", re.IGNORECASE)  # fmt: skip
_WISH = re.compile(r"\b(?:should|would|could|might|expect\w*|ideally|please|prefer\w*|if|at least|want\w*|hope\w*)\b|\?", re.IGNORECASE)  # fmt: skip
_ELSEWHERE = re.compile(r"\bet al\b|\[\d+\]|\((?:[A-Z]\w+,? )?(?:19|20)\d\d\)|arxiv|\b(?:my own|our own|their follow-up|prior work|previous work|other (?:papers?|works?|methods?))\b", re.IGNORECASE)  # fmt: skip
"""What tells figures of another work."""
_TABLE = re.compile(r"\btab(?:le|\.)? ?([A-Z]?\.?\d+)", re.IGNORECASE)
_NAME = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z0-9]|[A-Z]\w+-)[A-Z][\w-]+\b|\b[a-z]+[A-Z]\w*\b")
"""A net, a data set or a method by its name, of capitals or digits."""
_LACK = re.compile(r"\b(?:no|not|never|without|lacks?|missing|misses|omits?|absent|nowhere)\b|n['’]t\b", re.IGNORECASE)
_NOT_ONLY = re.compile(r"\b(?:only|just|except|besides|other than|beyond|more than)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:.,]\s|\b(?:but|and|while|whereas|although|because|since|so|which|if)\b", re.IGNORECASE)
_SHOWING = frozenset(
    stem(w)
    for w in "experiment experiments result results evaluation evaluate evaluated evaluates test tests tested number numbers figure figures comparison compare compared compares report reported show shown shows given table tables run benchmark method data dataset datasets model models network net include included present presented accuracy".split()
)
"""Words of showing something, beside which a name is all that is said to be missing."""
_TASK = re.compile(
    r"\b(?:should|must|needs? to|has to|ought to|could|would (?:like|want|prefer)(?: \w+){0,3} to)\b (?:also |really |then |even |be able to |be )*"
    r"(?:solve|address|handle|cover|support|treat|tackle|extend(?:ed)? to|appl(?:y|ied) to|work (?:for|on|with|in)|consider|include|deal with|generali[sz]e to|target|study|extend to|studied (?:for|on|in)|evaluated (?:on|for)|tested (?:on|for)|tried (?:on|for))\s+(?P<what>[^.;:?!()]+)"
    r"|\b(?:what about|how about|does (?:it|this|the (?:method|approach)) (?:also )?(?:work|hold|apply|extend|generali[sz]e|transfer|scale) (?:for|on|to|in|with))\s+(?P<asked>[^.;:?!()]+)"
    r"|\b(?:no|not|nothing|does not|doesn['’]t|do not|fails? to|never) (?:word |results? |experiments? )?(?:solve|address|handle|cover|tackle|support|extend to|apply to|on|about|for)s?\s+(?P<lack>[^.;:?!()]+)",
    re.IGNORECASE,
)
"""What a point wants the paper to take on besides."""
_RIVAL = re.compile(r"\b(?:compar\w+|baselines?|cit(?:e|ed|ation)\w*|references?|related work|discuss\w*|prior work|ablat\w+|statistic\w*|standard deviation|error bars?|seeds?|code|hyper-?param\w*)\b", re.IGNORECASE)  # fmt: skip
"""What a paper may owe though it never names it: its rivals, its care, its code."""
_ENDS = re.compile(r"\b(?:and|or|as well|too|instead|because|since|as|in order|to (?:be|show|make)|so|which|that|if|when|before|with)\b.*", re.IGNORECASE)  # fmt: skip
_PLAIN = frozenset(
    "problem problems setting settings scenario scenarios case cases domain domains application applications area larger bigger smaller real world realistic practical various different several additional extra harder modern recent newer full whole same type types learning training inference large scale deep neural".split()
)


@dataclass(frozen=True)
class Clash:
    """What of the paper speaks against a point: why, in words, and the lines that show it."""

    why: str
    shown: tuple[DraftSentence, ...]
    passages: tuple[Passage, ...]


def clash(point: Point, paper: Sequence[Passage]) -> Clash | None:
    """What the tables of the paper bear against a point, or None."""
    figures = figures_in(paper)
    cells, prose = ([f for f in figures if (f.cell is None) == in_prose] for in_prose in (False, True))
    if not cells or point.stance == "praises":
        return None
    for sentence in sentences_of(point.text):
        found = _names_there(sentence, cells, prose)
        if found is None and not _WISH.search(sentence) and not _ELSEWHERE.search(sentence):
            found = _claim_there(sentence, cells) or _other_figures(sentence, cells, prose)
        if found is not None:
            return found
    return None


def never_named(point: Point, paper: Sequence[Passage], title: str = "") -> str:
    """The task or method that a point wants the paper to take on and that the paper never names; empty where it wants none,
    or the paper names it."""
    said = f"{title} " + " ".join(f"{p.text} {p.context} {p.locator.section or ''}" for p in paper)
    held = {stem(w) for w in re.findall(r"[a-z][a-z0-9-]+", said.lower())}
    for sentence in sentences_of(point.text) if paper else ():
        wanted = _TASK.search(sentence)
        if wanted is None or _RIVAL.search(sentence):
            continue
        what = _ENDS.sub("", next(group for group in wanted.groups() if group)).strip(" ,")
        what = re.sub(r"^(?:the|an?|any|some|other|more|also|problem of|case of|setting of)\s+", "", what)
        words = [w for w in re.findall(r"[A-Za-z][\w-]+", what) if w.lower() not in STOP_WORDS]
        telling = [w for w in words if len(w) >= LONG_WORD or not w.islower()]
        telling = [w for w in telling if w.lower() not in _PLAIN | CHAT_WORDS | CUE_WORDS]
        if telling and len(words) <= MOST_WORDS and all(not _said(w, said, held) for w in telling):
            return what
    return ""


def _said(word: str, said: str, held: set[str]) -> bool:
    """Whether a paper writes a word, shortened or in parts, too."""
    parts = [stem(part) for part in re.split(r"[-_]", word.lower()) if len(part) > 1]
    initials = r"\b" + r"\w*[\s-]+".join(c for c in word if c.isalpha()) if word.isupper() else ""
    return all(part in held for part in parts) or bool(initials and re.search(initials, said, re.IGNORECASE))


def _claim_there(sentence: str, cells: Sequence[Figure]) -> Clash | None:
    """Of "the authors claim 3x but Table 2 shows 1.2x" the cell that bears the claim, where there is one."""
    turn = _TURN.search(sentence)
    if turn is None or not _CLAIMS.search(sentence[: turn.start()]):
        return None
    claimed, shown = (_figures(text) for text in (sentence[: turn.start()], sentence[turn.end() :]))
    named = _of_the_table(sentence, cells)
    bearing = [(f, [c for c in named if _is(f, c)]) for f in claimed if _telling(f)]
    if not bearing or not shown or not all(found for _, found in bearing):
        return None
    beside = [c for f in shown for c in [c for c in named if _is(f, c)][:1]]
    figures = " and ".join(f.written for f, _ in bearing)
    why = f"The paper's own table bears the {figures} that it holds the authors to, in another row or column than the one it reads; as far as that goes the paper speaks against it."
    return _shown(why, [*(found[0] for _, found in bearing), *beside])


def _other_figures(sentence: str, cells: Sequence[Figure], prose: Sequence[Figure]) -> Clash | None:
    """The cells of the row or the table that a sentence names, where none of them, no difference or ratio of two, and no
    sentence of the paper holds the figure that it gives."""
    terms, table = terms_in(sentence), _TABLE.search(sentence)
    turn = _TURN.search(sentence)
    # What the authors are said to claim is no figure of the reviewer's.
    own_words = sentence[turn.end() :] if turn and _CLAIMS.search(sentence[: turn.start()]) else sentence
    for figure in filter(_telling, _figures(own_words)):
        own = _of_the_table(sentence, cells) if table else list(cells)
        of_rows = [c for c in own if _row_named(c, terms)]
        near = of_rows or (own if table else [])
        named = [c for c in near if _may_be(figure, c)]
        said = any(_is(figure, f) for f in (*named, *prose))
        if not named or said or any(_is_of_two(figure, a, b) for a in near for b in near):
            continue
        rows = list(dict.fromkeys(c.cell.row for c in named if c.cell)) if of_rows else []
        where = f"Table {table[1]}" if table else "The paper"
        of = f" for {listed(rows)}" if 0 < len(rows) <= MOST_WORDS else ""
        why = f"{where} gives no {figure.written}{of}, nor does it follow from two of its figures: I would have it corrected before it counts."
        return _shown(why, named[:MOST_CELLS])
    return None


def _names_there(sentence: str, cells: Sequence[Figure], prose: Sequence[Figure]) -> Clash | None:
    """The table, else the result, on what a sentence says that there is nothing on: "no experiments on ImageNet"."""
    lack = _LACK.search(sentence)
    if lack is None or sentence.rstrip().endswith("?") or _NOT_ONLY.search(sentence):
        return None
    end = next((m.start() for m in _CLAUSE.finditer(sentence, lack.end())), len(sentence))
    missing = sentence[lack.end() : end]
    names = _NAME.findall(missing)
    rest = [w for w in re.findall(r"[a-z]+", _NAME.sub(" ", missing).lower()) if w not in STOP_WORDS and len(w) > 1]
    if not names or any(stem(w) not in _SHOWING for w in rest):
        return None
    terms = [t for name in names for t in terms_in(name)]
    tabled = [c for c in cells if all(holds((*c.own, *c.wider, *c.others), t) for t in terms)]
    own = [f for f in prose if _telling(f) and not _ELSEWHERE.search(f.sentence)]
    stated = [f for f in own if all(holds((*f.own, *f.clause), t) for t in terms)]
    if not tabled and not stated:
        return None
    why = f"The paper has {'a table' if tabled else 'a result'} on {listed(names)}, so as far as it says that there is nothing on it, the paper speaks against it."
    if tabled:
        return _shown(why, tabled[:1])
    return Clash(why, (told(stated[0], bullet=False),), stated[0].passages)


def _shown(why: str, cells: Sequence[Figure]) -> Clash:
    """A clash with the cells that show it, each told once."""
    each = list({name_of(c): c for c in cells}.values())
    first = each[0]
    if all(c.table is first.table for c in each):
        text = "; ".join(f"{name_of(c)}: {c.written}" for c in each)
        lines = [fact(f"The paper: {text}{place_of(first)}.", *first.passages)]
    else:
        lines = [fact(f"The paper: {name_of(c)}: {c.written}{place_of(c)}.", *c.passages) for c in each]
    return Clash(why, tuple(lines), tuple({p.id: p for c in each for p in c.passages}.values()))


def _figures(text: str) -> list[Figure]:
    """The figures of a stretch of a point; what begins with "Table 2" is no caption there."""
    text = f"so {text}"
    return figures_in([Passage("point", text, Locator("", "", None, 0, len(text)), "review", origin="record")])


def _telling(figure: Figure) -> bool:
    """Whether a number of a point is a result that can be looked up, and no setting or count."""
    if figure.unit.lower() in ("%", "x", "×", "ms", "times", "fold"):
        return True
    return "." in figure.written


def _unit(figure: Figure) -> str:
    unit = figure.unit.lower()
    return {"×": "x", "times": "x", "fold": "x", "point": "", "points": ""}.get(unit, unit)


def _may_be(said: Figure, cell: Figure) -> bool:
    """Whether a cell may be what a figure is said to be, by the unit where one is said."""
    units = {_unit(said), _unit(cell)}
    return not _unit(said) or len(units) == 1 or (units == {"%", ""} and abs(cell.value) <= PER_CENT)


def _is(said: Figure, cell: Figure) -> bool:
    """Whether a cell holds the figure that is said, which may be rounded."""
    if len({_unit(said), _unit(cell)} - {""}) > 1:
        return False
    return round(abs(cell.value), decimals(digits_of(said))) == abs(said.value)


def _is_of_two(said: Figure, a: Figure, b: Figure) -> bool:
    """Whether a figure is the difference, the ratio or the change in per cent of two cells."""
    if a is b or a.table is not b.table:
        return False
    digits = decimals(digits_of(said))
    results = [abs(a.value - b.value)]
    if b.value and a.value:
        results += [a.value / b.value, abs(a.value - b.value) / abs(b.value) * 100, 100 * a.value / b.value]
    return any(abs(round(r, digits) - abs(said.value)) < 1e-9 for r in results)


def _of_the_table(sentence: str, cells: Sequence[Figure]) -> list[Figure]:
    """The cells of the table that a sentence names; all where it names none, or none that was read."""
    numbers = set(_TABLE.findall(sentence))
    named = [c for c in cells if c.table is not None and c.table.number in numbers]
    return named or list(cells)


def _row_named(cell: Figure, terms: Sequence[Term]) -> bool:
    """Whether a sentence names the row of a cell by a name or a setting."""
    assert cell.cell is not None
    label = [t for t in terms_in(cell.cell.row) if not t.key.startswith("<")]
    is_name = bool(_NAME.search(cell.cell.row)) or any(t.hard for t in label)
    return is_name and all(holds(terms, t) for t in label)


def as_bullets(clashed: Clash, paragraph: int) -> list[DraftSentence]:
    """The lines that show a clash, in a paragraph."""
    return [replace(line, paragraph=paragraph) for line in clashed.shown]
