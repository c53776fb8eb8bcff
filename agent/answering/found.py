"""What the passages found say to a question: of each the stretch that most probably answers, the surest first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.answering.parts import fact, quote, who
from agent.draft import DraftSentence
from agent.gathered import Gathered, Searched
from agent.quoting import between, gist_of, quoted, without_label
from agent.telling import Told, is_table
from knowledge.types import Hit, Passage

LONGEST = 400
"""Characters of a stretch; a single longer sentence is quoted whole."""
MOST = 4
MARGIN = 2.2
"""A stretch is told where its log-odds are at most so much below the surest one's."""
LEAST_BESIDE = 3.0
"""A sentence goes with its neighbour where its log-odds are at most so much below."""
ROWS = 3
SURE = 0.5


@dataclass(frozen=True)
class Query:
    """A question that is searched for, `after` others that it goes on from."""

    text: str
    after: str = ""


@dataclass(frozen=True)
class Found:
    """A passage with the stretch of it that most probably answers, and how probably."""

    hit: Hit
    words: str
    odds: float
    sentence: str = ""
    """The likeliest sentence of the stretch."""

    @property
    def passage(self) -> Passage:
        return self.hit.passage

    @property
    def probability(self) -> float:
        return 1 / (1 + math.exp(-self.odds))

    def counted(self, share: float) -> "Found":
        """The same with its probability counted by a share."""
        chance = share * self.probability
        return self if share == 1 else replace(self, odds=math.log(chance / (1 - chance)) if chance else -math.inf)

    def of(self, passage: Passage) -> "Found":
        """Another passage whole, as surely."""
        return Found(replace(self.hit, passage=passage), gist_of(passage.text, longest=LONGEST), self.odds)


def found_for(submission: str | None, queries: Sequence[Query], gathered: Gathered) -> list[Found]:
    """What was found for some queries over all that was written, each passage where it is surest, the surest first."""
    searches = [
        s
        for s in gathered.searched
        if s.arguments.get("submission") == submission
        and Query(s.arguments.get("query", ""), s.arguments.get("after") or "") in queries
        and not any(s.arguments.get(name) for name in ("kinds", "reviewer", "aspects"))
    ]
    best: dict[str, Found] = {}
    for one in sorted((one for s in searches for one in found_in(s)), key=lambda one: -one.odds):
        best.setdefault(one.passage.id, one)
    return list(best.values())


def found_in(searched: Searched) -> list[Found]:
    """What each passage says to the question, the surest first."""
    found = []
    # Where the paper itself is held, notes do not stand in for it.
    paper = any(hit.passage.kind == "paper" for hit in searched.hits)
    for hit in searched.hits:
        if paper and hit.passage.kind == "notes":
            continue
        told = searched.told.get(hit.passage.id, ())
        if told:
            words, odds = stretch(hit.passage, told)
            found.append(Found(hit, words, odds, max(told, key=lambda one: one.odds).text))
    return sorted(found, key=lambda one: -one.odds)


def stretch(passage: Passage, told: Sequence[Told]) -> tuple[str, float]:
    """The words of a passage around the sentence that answers most probably, and its log-odds; of a table its head and
    the rows that do."""
    best = max(range(len(told)), key=lambda at: told[at].odds)
    if is_table(passage):
        rows = sorted(sorted(range(len(told)), key=lambda at: -told[at].odds)[:ROWS])
        return "; ".join(told[at].text for at in dict.fromkeys((0, *rows))), told[best].odds
    first = last = best
    parts, whole = [one.text for one in told], passage.text
    while True:
        beside = [at for at in (first - 1, last + 1) if 0 <= at < len(told)]
        beside = [
            at
            for at in beside
            if told[at].odds >= told[best].odds - LEAST_BESIDE
            and len(between(whole, parts, min(first, at), max(last, at))) <= LONGEST
        ]
        if not beside:
            return without_label(between(whole, parts, first, last)), told[best].odds
        at = max(beside, key=lambda place: told[place].odds)
        first, last = min(first, at), max(last, at)


def lines(found: Sequence[Found], paragraph: int = 0) -> list[DraftSentence]:
    """Each stretch as a bullet, introduced by who said it; our notes whole."""
    said = []
    for one in found:
        if one.passage.origin != "record":
            said.append(quote(one.passage, lead=who(one.passage), paragraph=paragraph))
        else:
            words = one.words if is_table(one.passage) else quoted(one.words, one.passage)
            said.append(fact(who(one.passage) + words, one.passage, paragraph=paragraph, bullet=True))
    return said


def surest(found: Sequence[Found], limit: int = MOST, best: float | None = None) -> list[Found]:
    """Those that are about as probable as the surest one, of which `best` are the log-odds if it is not among them."""
    least = (found[0].odds if best is None else best) - MARGIN if found else 0.0
    return [one for one in found if one.odds >= least][:limit]
