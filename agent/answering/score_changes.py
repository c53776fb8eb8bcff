"""What changed in the scores, in the reviewers' own words, and the scores of each as a card to reckon with."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.answering.parts import fact, judge, listed, say
from agent.answering.record import reviewers
from agent.answering.scores import kinds, score, scores_passage
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.quoting import quoted, sentences_of
from knowledge.types import Passage

_WORD = r"(?:scores?|ratings?|recommendation)"
MOVES = re.compile(
    rf"\b(?:rais|increas|lower|decreas|reduc|chang|updat|mov|upgrad|downgrad|bump|revis|adjust)\w*\b[^.!?\n]{{0,40}}\b{_WORD}\b|\b{_WORD}\b[^.!?\n]{{0,25}}\b(?:rais|increas|lower|chang|updat)\w*"
    r"|\b(?:upgrad|downgrad|chang|updat|revis|improv)(?:ed|ing) my (?:\w+ )?(?:review|assessment|evaluation|grade|mark|vote)\b|\bfrom (?:an? )?\d+ to (?:an? )?\d+\b",
    re.I,
)
STAYS = re.compile(
    rf"\b(?:keep|kept|maintain|stay|remain|left|leav|stick)\w*\b[^.!?\n]{{0,30}}(?:\b{_WORD}\b|\bat \d)|\b{_WORD}\b[^.!?\n]{{0,20}}\b(?:left|unchanged|stays?|remains?)\b|\bcomfortable with (?:an? )?\d",
    re.I,
)
_OFFERED = re.compile(
    r"\b(?:offer\w*|willing|open|ready|prepared|promis\w+) to\b|\b(?:may|might|could|would(?! like)|if|unless|until|depend\w*|consider|(?:did|do|does|have|has|had|will|can) ?(?:not|n.t)|cannot|no reason)\b",
    re.I,
)
"""A change that is only held out, or denied."""
_FROM_TO = re.compile(r"\bfrom (?:an? )?(\d+(?:\.\d+)?) to (?:an? )?(\d+(?:\.\d+)?)\b", re.I)


@dataclass(frozen=True)
class Card:
    """A reviewer's scores by their names on record, with the passage that holds them."""

    name: str
    passage: Passage
    values: dict[str, float]


ASKS_BEFORE = re.compile(
    r"\bfrom (?:what|which|where|how (?:much|high|low))\b|\bwhat\b.{0,30}\b(?:before|at first|first|originally|earlier|initially)\b|\b(?:original|earlier|previous|initial|first|former|old) (?:score|rating|number|mark|grade)s?\b|\band before\b",
    re.I,
)
"""Words that ask for the rating before a change."""
LONGEST_REASON = 200
"""Characters of a sentence before a change of the rating that may be its reason."""
Change = tuple[str, Passage, str, tuple[float, float] | None]
"""Who, where, in which words, and from what to what, where that is said."""


def moves(sentence: str) -> bool:
    """Whether a reviewer says that the rating was changed, and not that it may be, or is kept."""
    return bool(MOVES.search(sentence)) and not STAYS.search(sentence) and not _OFFERED.search(sentence)


def sentences_that(
    file: ReviewFile, names: Sequence[str], fits: Callable[[str], object]
) -> list[tuple[str, Passage, str]]:
    """The sentences of reviewers that fit, with their passages."""
    return [
        (name, p, sentence)
        for name in names
        for p in file.of("review", "comment", reviewer=name)
        for sentence in sentences_of(p.text)
        if fits(sentence)
    ]


def read_card(file: ReviewFile, name: str) -> Card | None:
    """A reviewer's scores, or None where none is on record."""
    held = scores_passage(file, name)
    if held is None:
        return None
    read = {kind: score(held, kind) for kind in kinds(held)}
    return Card(name, held, {kind: line.number for kind, line in read.items() if line and line.number is not None})


def find_changes(file: ReviewFile, names: Sequence[str]) -> list[Change]:
    """Where reviewers say that they changed their rating."""
    return [
        (name, p, _with_reason(p, sentence), (float(m[1]), float(m[2])) if (m := _FROM_TO.search(sentence)) else None)
        for name, p, sentence in sentences_that(file, names, moves)
    ]


def _with_reason(passage: Passage, sentence: str) -> str:
    """A sentence on the rating with the one before it, which says why, where that is short and stands right before it."""
    before = passage.text[: passage.text.find(sentence)].rstrip()
    parts = sentences_of(before)
    if not parts or not before.endswith(parts[-1]) or len(parts[-1]) > LONGEST_REASON:
        return sentence
    start = len(before) - len(parts[-1])
    return passage.text[start : passage.text.find(sentence) + len(sentence)]


def spread_before(cards: dict[str, Card], changed: Sequence[Change]) -> list[DraftSentence]:
    """The spread with the ratings that reviewers say they had before."""
    old = {name: ends[0] for name, _, _, ends in changed if ends and name in cards}
    if not old:
        return []
    before = {name: old.get(name, card.values["Rating"]) for name, card in cards.items()}
    low, high = min(before.values()), max(before.values())
    told = listed([f"{name} had {value:g}" for name, value in old.items()])
    text = f"Before, when {told}, they lay between {low:g} and {high:g} (spread {high:g} - {low:g} = {high - low:g})."
    cited = {p.id: p for p in [*(c.passage for c in cards.values()), *(p for _, p, _, _ in changed)]}
    return [judge(text, *cited.values())]


def _in_words(name: str, held: Passage, words: str) -> str:
    """A reviewer's own words with the name before them; a note names its reviewer itself."""
    return f"{name}: {quoted(words, held)}" if held.origin == "record" else words


def tell_changes(
    changed: Sequence[Change], named: Sequence[str], file: ReviewFile, *, before: bool = False
) -> list[DraftSentence]:
    """Who changed the rating, in their words; of somebody named who did not, that, and who did. Where `before` is asked
    for, first whose earlier rating nobody tells."""
    told = {who for who, _, _, ends in changed if ends}
    untold = list(dict.fromkeys(who for who, _, _, _ in changed if who not in told))
    found: list[DraftSentence] = []
    if before and untold:
        found.append(say(f"The earlier rating of {listed(untold)} is not on record.", "abstention"))
    for name in named:
        if all(who != name for who, _, _, _ in changed):
            card = read_card(file, name)
            now = f"; the rating is {card.values['Rating']:g}" if card and "Rating" in card.values else ""
            found.append(
                judge(f"No change of the rating by {name} is on record{now}.", *([card.passage] if card else []))
            )
            stays = sentences_that(file, [name], STAYS.search)[:1]
            found += [fact(_in_words(name, p, words), p, bullet=True) for name, p, words in stays]
    others = changed if named and changed else changed or find_changes(file, reviewers(file))
    if named and not changed:
        others = find_changes(file, [n for n in reviewers(file) if n not in named])
        if others:
            found.append(say("Others did:"))
    elif not changed:
        found.append(say("No change of a rating is on record.", "abstention"))
        stays = sentences_that(file, reviewers(file), STAYS.search)[:2]
        found += [fact(_in_words(name, p, words), p, bullet=True) for name, p, words in stays]
    return found + [fact(_in_words(name, p, words), p, bullet=True) for name, p, words, _ in others[:3]]
