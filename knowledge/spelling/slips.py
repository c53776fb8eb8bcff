"""Likely slips in the passages of a paper: unknown words with a near known one, doubled words, a few confusions."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.discussion.words import sentences
from knowledge.spelling.lexicon import Lexicon, lexicon
from knowledge.types import Passage

SlipKind = Literal["spelling", "doubled", "confusion"]
SHORTEST = 3
"""Letters of a word that is checked."""
SEVERAL = 3
"""A word that a paper writes so often is its own."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
BACK_MATTER = re.compile(r"references|bibliograph|acknowledg|author contributions", re.IGNORECASE)
NOT_PROSE = re.compile(
    r"\$\$.*?\$\$|\$[^$\n]*\$|\\\(.*?\\\)|\\\[.*?\\\]|\\[A-Za-z]+\*?(?:\[[^\]\n]*\])?|\{[^{}\n]*\}|`[^`\n]*`"
    r"|\b[Aa][ -](?:priori|posteriori)\b|<[^<>\n]{1,80}>|!?\[[^\]\n]*\]\([^)\n]*\)|(?:https?://|www\.)\S+|\S*@\S+|\S*[\\_^=/{}|<>~#]\S*",
    re.DOTALL,
)
INITIAL = re.compile(r"\b[A-Z]\.$")
QUOTES = "\"'“”‘’«»"
MOST_FOREIGN = 2
MOST_FOREIGN_SHARE = 0.06
"""A passage with more words that are neither known nor near to a known one is no English, or no running text."""
MOST_ODD = 3
MOST_ODD_SHARE = 0.3
"""Nor is one with more unknown words, near to a known one or not: half of Latin is near to English."""
DOUBLED = re.compile(
    r"\b(the|an|of|to|in|is|are|and|for|with|on|by|from|as|be|we|it|this|these|which|or|at|not|can|has|have|was|were|our|its"
    r"|their|than|then|into|will|also|each|all|other|between|when|where|using|such|but|if|they|there|been)[ \n]+\1\b(?![-'’.]\w)"
)
NUMBER_OR_NAME = r"(?:\d|the\b|an?\b|our\b|its\b|their\b|those\b|that\b|other\b|existing\b|previous\b|any\b|all\b)"
CONFUSIONS = (
    (re.compile(r"\b(it['’]s)(?= own\b| (?:accuracy|performance|size|parameters|weights|value|values|output|input)\b)"), "its"),
    (re.compile(rf"\b(?:better|worse|more|less|larger|smaller|higher|lower|faster|slower|rather|fewer) (then)(?= {NUMBER_OR_NAME})"), "than"),
    (re.compile(r"\b(?:could|should|would|might) (of)(?= (?:been|had|used|made|done)\b)"), "have"),
    (re.compile(r"\b(?:to|not|will|would|may|might|can) (loose)(?= (?:the|any|some|much|accuracy|information|precision|performance)\b)"), "lose"),
    (re.compile(r"\b([Pp]rinciple)(?= components?\b)"), "principal"),
)  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """A likely slip: `word` stands at `start:end` of the document, `proposal` is what it may have been meant to be.

    `passage` is the id of the passage it stands in, `sentence` its sentence there, word for word.
    """

    kind: SlipKind
    passage: str
    start: int
    end: int
    word: str
    proposal: str
    sentence: str


@dataclass(frozen=True)
class _Token:
    """A word of a passage: as it stands, folded to plain lower-case letters, and its offsets in the passage."""

    word: str
    plain: str
    start: int
    end: int
    opens: bool


def find_slips(passages: Sequence[Passage], elsewhere: Callable[[str], bool] = lambda word: False) -> tuple[Slip, ...]:
    """The likely slips of a paper in reading order; `passages` are those of the paper alone.

    Tables, references and what stands before the abstract are not looked at, but their words count as known, as does a word
    that the paper writes several times or as a name, and one that is found `elsewhere` (lower case), in the reviews for example.
    """
    known = lexicon()
    texts = {passage.id: _blanked(passage.text) for passage in passages}
    tokens = {passage.id: tuple(_tokens(texts[passage.id])) for passage in passages}
    counts = Counter(token.plain for found in tokens.values() for token in found)
    own = _own_words(passages, tokens, counts)
    slips: list[Slip] = []
    for passage in _prose(passages):
        text, words = texts[passage.id], tokens[passage.id]
        odd = [token for token in words if _is_odd(token, text, known, own)]
        proposals = [None if elsewhere(token.plain) else known.meant(token.plain, counts) for token in odd]
        foreign = proposals.count(None) > max(MOST_FOREIGN, MOST_FOREIGN_SHARE * len(words))
        if foreign or len(odd) > max(MOST_ODD, MOST_ODD_SHARE * len(words)):
            continue
        for token, proposal in zip(odd, proposals, strict=True):
            if proposal:
                shown = proposal.capitalize() if token.word[0].isupper() else proposal
                slips.append(_slip("spelling", passage, token.start, token.end, shown))
        slips += _patterns(passage, text)
    order = {passage.id: place for place, passage in enumerate(passages)}
    # The abstract may be there twice, from the thread and from the paper.
    once = {(slip.kind, slip.word, slip.sentence): slip for slip in reversed(slips)}
    return tuple(sorted(once.values(), key=lambda slip: (order[slip.passage], slip.start)))


def _blanked(text: str) -> str:
    """The text with formulas, commands, code, links and words beside symbols as blanks; all offsets stay."""
    return NOT_PROSE.sub(lambda match: re.sub(r"[^\n]", "\0", match[0]), text)


def _tokens(text: str) -> Iterator[_Token]:
    for match in WORD.finditer(text):
        plain = unicodedata.normalize("NFKC", match[0]).replace("’", "'").removesuffix("'s")
        before = text[: match.start()].rstrip("\"'“‘( \n\0")
        joined = text[: match.start()].endswith(("-", "–"))
        opens = not before or (before[-1] in ".!?:•*-–—" and not joined and not INITIAL.search(before))
        yield _Token(match[0], plain.lower(), match.start(), match.end(), opens)


def _prose(passages: Sequence[Passage]) -> list[Passage]:
    """The passages of running text: from the abstract on, where there is one, up to the references."""
    heads = [(passage.locator.section or "").casefold() for passage in passages]
    begin = next((place for place, head in enumerate(heads) if "abstract" in head or "introduction" in head), 0)
    return [
        passage
        for place, passage in enumerate(passages)
        if place >= begin and passage.role in (None, "caption") and not BACK_MATTER.search(heads[place])
    ]


def _own_words(
    passages: Sequence[Passage], tokens: dict[str, tuple[_Token, ...]], counts: Counter[str]
) -> frozenset[str]:
    """The words that a paper uses as its own: those it writes several times, names, and all of its tables and references."""
    running = {passage.id for passage in _prose(passages)}
    own = {word for word, count in counts.items() if count >= SEVERAL}
    for passage in passages:
        for token in tokens[passage.id]:
            named = token.word[:1].isupper() and not token.opens
            if named or passage.id not in running:
                own.add(token.plain)
    return frozenset(own)


def _is_odd(token: _Token, text: str, known: Lexicon, own: frozenset[str]) -> bool:
    """Whether a word is unknown, and neither a name nor a piece of something else."""
    word = token.plain
    if len(word) < SHORTEST or not word.isascii() or not word.isalpha() or not token.word[1:].islower():
        return False
    if (token.word[0].isupper() and not token.opens) or word in own or _is_part(text, token):
        return False
    return not known.knows(word, own)


def _is_part(text: str, token: _Token) -> bool:
    """Whether a word is a piece of something: of a name with digits, of a formula, of a word that a line's end broke."""
    before, after = text[: token.start], text[token.end :]
    if (before[-1:] and before[-1] in "\0.@&") or after[:1] in ("\0", "@", "&", "("):
        return True
    if before[-1:] and after[:1] and before[-1] in QUOTES and after[0] in QUOTES:
        return True
    if re.match(r"\.\w", after) or re.match(r"\d", after) or re.search(r"\d$", before):
        return True
    broken = r"[-‐‑¬­\ufffe]"
    return bool(re.match(rf"{broken}\s|[¬­\ufffe]", after) or re.search(rf"{broken}\s+$|[¬­\ufffe]$", before))


def _patterns(passage: Passage, text: str) -> list[Slip]:
    """Words written twice, and words that are taken for another one."""
    found = [_slip("doubled", passage, match.start(), match.end(), match[1]) for match in DOUBLED.finditer(text)]
    for pattern, meant in CONFUSIONS:
        found += [_slip("confusion", passage, *match.span(1), meant) for match in pattern.finditer(text)]
    return found


def _slip(kind: SlipKind, passage: Passage, start: int, end: int, proposal: str) -> Slip:
    spans = sentences(passage.text)
    first, last = next(((a, b) for a, b in spans if a <= start < b), (0, len(passage.text)))
    return Slip(
        kind, passage.id, passage.locator.start + start, passage.locator.start + end, passage.text[start:end], proposal,
        passage.text[first:last],
    )  # fmt: skip
