"""Nets, data sets, devices and methods that a question names and that nothing told in the answer speaks of: said first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.answering.completing import COMPLETED, is_silent
from agent.answering.parts import judge, listed, quote, say, unique, who
from agent.answering.themes import themes_of
from agent.answering.unspoken import PRODUCT, TALK, is_short_for
from agent.cues import CHAT_WORDS, CUE_WORDS, STOP_WORDS
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.mentions import without_reviewers
from agent.request import Request
from agent.terms import holds, terms_in
from knowledge.spelling.lexicon import lexicon
from knowledge.types import Passage

_WORD = re.compile(r"(?<![\w.-])[A-Za-z][\w]*(?:-[A-Za-z0-9][\w.]*)*")
_COINED = re.compile(r"[A-Za-z]*[a-z][A-Z]\w*|[A-Z]{3,}s?|[A-Z][A-Za-z]{2,}-?\d[\w.]*|[A-Z][\w]*-[A-Z0-9][\w.]*")
"""How names are written that no dictionary has: capitals inside or throughout, a number at the end."""
_PROPER = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}$")
"""A capital where no sentence begins, "Huffman"; a plain word may be written so, too."""
_NO_NAME = re.compile(
    r"(?:fc|conv|layer|block|stage|l|w|a|int|uint|fp|bf|tf|table|tab|fig(?:ure)?|eq|sec(?:tion)?|alg(?:orithm)?|appendix|top|rq|h|s|q|c|r|v|version|part)-?\d[\w.]*|\d.*",
    re.IGNORECASE,
)
"""Layers, number formats, places of a paper and labels of points."""
_PLACES = frozenset("table section figure appendix algorithm equation theorem lemma abstract introduction conclusion rebuttal chair area weakness question".split())  # fmt: skip
_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")
_BY_AUTHORS = re.compile(r"\b(?:authors?|they|their|it|its|the (?:method|paper|approach))\b", re.IGNORECASE)
OF_ONE = frozenset(("reviewer", "quality", "who", "questions", "weaknesses", "strengths", "novelty", "writing"))
"""Intents of questions on what a reviewer wrote, and not on what others answered."""
MOST = 2


def names_asked(text: str, desk: Desk, request: Request) -> list[str]:
    """The nets, data sets, devices and methods that a message names, as it writes them; the paper itself and reviewers
    apart."""
    paper = desk.paper(request.submission)
    bare = without_reviewers(text, paper)
    shouted = not re.search(r"[a-z]{3}", re.sub(r"\b[A-Z]\w*", "", bare))
    own = " ".join((paper.title, paper.id, *paper.short_names)) if paper else ""
    devices = [match.group() for match in re.finditer(rf"{PRODUCT.pattern}(?: [A-Z0-9][\w-]*)*", bare)]
    found = list(devices)
    for match in _WORD.finditer(bare):
        word = match.group()
        known = any(term.kind for term in terms_in(word))
        coined = bool(_COINED.fullmatch(word)) and not shouted
        proper = bool(_PROPER.search(bare[: match.end()])) and not shouted and not set(themes_of(word)) - {"theory"}
        if (known or coined or proper) and not _is_talk(word, known) and not any(word in device for device in devices):
            found.append(_PLURAL.sub("", word))
    return [name for name in dict.fromkeys(found) if not _holds(own, name)]


def _is_talk(word: str, known: bool) -> bool:
    """Whether a word is no name though it is written like one: an emphasis, an abbreviation of talk, a layer."""
    low = word.lower()
    if known:
        return False
    if word.upper() in TALK or word.upper().rstrip("S") in TALK or _NO_NAME.fullmatch(word):
        return True
    return low in _PLACES or all(part.lower() in CUE_WORDS | CHAT_WORDS | STOP_WORDS for part in word.split("-"))


def _is_plain(name: str) -> bool:
    """Whether a name is a plain word in capitals, for emphasis. The dictionary takes a while to load: asked last."""
    if any(term.kind for term in terms_in(name)):
        return False
    return name.isalpha() and (name.isupper() or name.istitle()) and lexicon().plain(name.lower())


def _of_others(names: Sequence[str], request: Request, cited: Sequence[Passage]) -> list[DraftSentence]:
    """That all that is told of a net which the question takes the authors to have used is said of others' work."""
    if not _BY_AUTHORS.search(request.text) or request.reviewers:
        return []
    held = [p for p in cited if p.kind in ("paper", "notes", "response")]
    for name in (n for n in names if any(term.kind == "net" for term in terms_in(n))):
        mention = re.compile(
            rf"\b{re.escape(name)}(?:-\w+)?\b(?P<whose> (?:of|by|from) [A-Z]\w+ (?:et al|and [A-Z]\w+|\())?",
            re.IGNORECASE,
        )
        found = [(p, match) for p in held for match in mention.finditer(p.text)]
        if found and all(match["whose"] for _, match in found):
            bearing = unique(p for p, _ in found)[:MOST]
            return [
                judge(
                    f"What is told of {name} here is others' work; none of it says that this paper ran on it.", *bearing
                )
            ]
    return []


def _holds(said: str, name: str) -> bool:
    """Whether a text speaks of a name, however it writes it."""
    terms = terms_in(name)
    held = terms_in(said)
    if bool(terms) and all(holds(held, term) for term in terms):
        return True
    if name.isalpha():
        return is_short_for(name, said)
    strict = any(term.kind == "data" for term in terms)  # "CIFAR-10" is no part of "CIFAR-100"
    return not strict and name.lower() in said.lower()


def opened(request: Request, written: Sequence[DraftSentence], gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The written answer; where it tells nothing of something that the question names, that first, and whatever was found on
    it in the place of what was not asked."""
    if not set(request.intents) <= COMPLETED or is_silent(written) or request.more or request.item:
        return list(written)
    names = names_asked(request.text, desk, request)
    by = listed(request.reviewers)
    cited = _cited(written, gathered)
    if by and set(request.intents) <= OF_ONE:  # what others wrote is no word of theirs
        told = " ".join(_said_in(p) for p in cited if p.reviewer in request.reviewers)
    else:
        told = " ".join([*(s.text for s in written), *map(_said_in, cited)])
    missing = [name for name in names if not _holds(told, name) and not _is_plain(name)]
    if not missing and (others := _of_others(names, request, cited)):
        return _before(written, others)
    if not missing or not cited:
        return list(written)
    on_them = _passages_on(missing, request, gathered)
    if on_them and not by:
        return _before(written, [quote(p, lead=who(p), topic=" ".join(missing)) for p in on_them])
    what = " or ".join(missing)
    lead = say(f"Nothing that {by} wrote speaks of {what}." if by else f"Nothing found speaks of {what}.", "abstention")
    own = [p for p in on_them if p.reviewer in request.reviewers]
    if own:
        return _before(written, [quote(p, lead=who(p), topic=what) for p in own])
    others = [quote(p, lead=who(p), topic=what, paragraph=1) for p in on_them]
    if others:
        return [lead, say("Elsewhere:", paragraph=1), *others]
    if len(missing) < len(names):
        return _before(written, [lead])
    of = {p.id for p in cited if p.locator.section != "Scores" and (not by or p.reviewer in request.reviewers)}
    near = [replace(s, paragraph=1, bullet=True) for s in written if set(s.passages) & of and s.kind == "fact"][:MOST]
    return [lead, say("The nearest passages are these:", paragraph=1), *near] if near else [lead]


def _before(written: Sequence[DraftSentence], lines: Sequence[DraftSentence]) -> list[DraftSentence]:
    """The lines with the answer after them."""
    return [*lines, *(replace(s, paragraph=s.paragraph + 1) for s in written)]


def _cited(written: Sequence[DraftSentence], gathered: Gathered) -> list[Passage]:
    cited = {p for s in written for p in s.passages}
    return [p for p in gathered.passages.values() if p.id in cited]


def _said_in(passage: Passage) -> str:
    return f"{passage.text} {passage.context} {passage.where or ''} {passage.locator.section or ''}"


def _passages_on(names: Sequence[str], request: Request, gathered: Gathered) -> list[Passage]:
    """The passages found, best first, and those of the record that speak of all of the names."""
    hits = sorted((h for s in gathered.searched for h in s.hits), key=lambda h: -h.score)
    file = gathered.file(request.submission)
    held: Iterable[Passage] = unique([*(h.passage for h in hits), *(file.passages if file else ())])
    held = [p for p in held if p.locator.submission == request.submission and p.kind != "relayed"]
    return [p for p in held if all(_holds(_said_in(p), name) for name in names)][:MOST]
