"""Where the points of several reviewers meet: by what they say of the same thing, and not by their theme alone."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.answering.parts import stem
from agent.answering.points import ranked
from agent.answering.themes import THEMES, themes_of
from agent.cues import content_words
from agent.gathered import ReviewFile
from agent.points import Point

CRITICISM, PRAISE = ("objects", "asks"), ("praises",)
MEETS = 0.3
"""Share of the rarer words of the shorter point from which two points of one theme speak of the same thing."""
COMMON = 0.25
"""Share of the points from which a word, such as the paper's name, tells none from another."""
WHOLE = ("novelty", "writing", "motivation")
"""Themes on which a reviewer judges the paper as a whole, in whatever words."""
SHORT, SWEEPING = 240, 70
"""Characters up to which a point judges the theme that it leads with, and up to which it judges it as a whole."""
_NAMED = re.compile(r"\b(?:results?|experiments?|evaluation|comparisons?|baselines?)\b", re.IGNORECASE)
"""What a short praise names where it speaks of the whole of a theme ("The experiments are thorough")."""
_PRAISING = re.compile(
    r"\b(?:good|nice|great|convincing|thorough|interesting|impressive|useful|strong|solid|valuable|well|elegant|clear|correct|credible|acceptable|confirms?|motivates?|standard)\b",
    re.IGNORECASE,
)
_OBJECTING = re.compile(
    r"\?|\b(?:not|no|never|nor|lack\w*|miss\w*|unclear|however|but|limited|should|would|could|need\w*|concern\w*|only|weak\w*|incremental|without|fail\w*|hard|cannot|problem\w*|issue\w*|too|little|few|small|less|poor\w*|trivial|doubt\w*|strong assumption|biased|unfair|wrong|overstat\w*|single|straight\w*)\b|n't\b",
    re.IGNORECASE,
)


_OTHERS_LACK = re.compile(
    r"\b(?:many|most|other|few|too many)(?: \w+){0,2} papers? (?:lack|miss|omit|do not|don't|never)\w*", re.IGNORECASE
)

_OF_SELF = re.compile(r"^\W*I(?: am|'m) (?:not|no) (?:an? |really |very |so )*(?:expert|familiar|specialist)\b[^.;]*\.?$", re.IGNORECASE)  # fmt: skip
"""What a reviewer says of themselves and not of the paper."""


@dataclass(frozen=True)
class Dispute:
    """A matter that one reviewer praises and another criticises; `same`: they speak of one thing, not of one theme only."""

    theme: str
    praise: Point
    blame: Point
    same: bool

    @property
    def points(self) -> tuple[Point, Point]:
        return self.praise, self.blame


class Words:
    """What the points of a file have in common word by word; rarer words count more."""

    def __init__(self, file: ReviewFile) -> None:
        names = {stem(w) for p in file.points for w in content_words(p.reviewer)}
        self._held = {p.id: {stem(w) for w in content_words(p.text)} - names for p in file.points}
        count = Counter(word for words in self._held.values() for word in words)
        many = max(len(self._held), 1)
        few = max(2.0, COMMON * many)
        self._weight = {word: math.log((many + 1) / n) if n <= few else 0.0 for word, n in count.items()}

    def likeness(self, a: Point, b: Point) -> float:
        """Share of the weight of the lighter point's words that the other holds; 0 where fewer than two words meet."""
        left, right = self._held.get(a.id, set()), self._held.get(b.id, set())
        common = {w for w in left & right if self._weight[w]}
        lighter = min(self._sum(left), self._sum(right))
        return self._sum(common) / lighter if lighter and len(common) > 1 else 0.0

    def _sum(self, words: Collection[str]) -> float:
        return sum(self._weight[w] for w in words)


def speaks_against(point: Point) -> bool:
    """Whether a point that is filed as a criticism has the words of one; what only praises has none."""
    return reads_as_criticism(point.gist)


def reads_as_criticism(text: str) -> bool:
    """Whether a text objects or asks, and does not only praise, be it by what other papers lack."""
    if _OF_SELF.search(text):
        return False
    own = _OTHERS_LACK.sub(" ", text)
    return bool(_OBJECTING.search(own)) or not (_PRAISING.search(text) or own != text)


def criticisms(file: ReviewFile, reviewers: Sequence[str] = ()) -> list[Point]:
    """The objections and questions of reviewers, those that read as praise left out."""
    return [p for p in file.raised(*CRITICISM, reviewers=reviewers) if speaks_against(p)]


def disputes(file: ReviewFile, reviewers: Sequence[str] = ()) -> list[Dispute]:
    """What one reviewer praises and another criticises: one pair a theme, those that speak of the same thing first."""
    words, met = Words(file), _met(file, "disagreement")
    praised = list(file.raised("praises"))
    blamed = [p for p in file.raised("objects") if speaks_against(p)]
    found: dict[str, tuple[float, Dispute]] = {}
    for a in praised:
        for b in blamed:
            theme = next((t for t in themes_of(b)[:2] if t in themes_of(a)[:2]), "")
            if not theme or not _between(a, b, reviewers):
                continue
            likeness = words.likeness(a, b)
            same = likeness >= MEETS or (frozenset((a.id, b.id)) in met and likeness > 0)
            sweeping = theme in WHOLE or (len(a.gist) <= SWEEPING and bool(_NAMED.search(a.gist)))
            whole = sweeping and _leads(a, theme) and _leads(b, theme)
            if same or whole:
                strength = likeness + same + 0.5 * whole - 0.001 * (len(a.gist) + len(b.gist))
                if theme not in found or strength > found[theme][0]:
                    found[theme] = (strength, Dispute(theme, a, b, same))
    return [dispute for _, dispute in sorted(found.values(), key=lambda f: -f[0])]


@dataclass(frozen=True)
class Shared:
    """What several reviewers hold alike, one point a reviewer; `same`: of one thing, and not each of its own."""

    theme: str
    points: tuple[Point, ...]
    same: bool


def shared(file: ReviewFile, stances: Sequence[str], reviewers: Sequence[str] = ()) -> list[Shared]:
    """What several reviewers hold alike: what says the same, what judges one theme as a whole, then what falls under
    one theme; what most hold comes first."""
    words, met = Words(file), _met(file, "agreement")
    points = [p for p in ranked(file, file.raised(*stances, reviewers=reviewers)) if "praises" in stances or speaks_against(p)]  # fmt: skip
    groups: list[Shared] = []
    used: set[str] = set()
    for point in points:
        same = _one_each([point, *(p for p in points if p.id not in used and _same(words, met, point, p))])
        if point.id not in used and len(same) > 1:
            groups.append(Shared(next(iter(themes_of(point)), ""), tuple(same), True))
            used |= {p.id for p in same}
    loose: list[Shared] = []
    for theme in THEMES:
        alike = _one_each([p for p in points if p.id not in used and _leads(p, theme) and len(p.gist) <= SHORT])
        if len(alike) > 1:
            loose.append(Shared(theme, tuple(alike), theme in WHOLE))
    groups.sort(key=lambda g: -len(g.points))
    return [*groups, *sorted(loose, key=lambda g: (not g.same, -len(g.points)))]


def _same(words: Words, met: set[frozenset[str]], a: Point, b: Point) -> bool:
    if a.reviewer == b.reviewer:
        return False
    likeness = words.likeness(a, b)
    themes = set(themes_of(a)[:2]) & set(themes_of(b)[:2])
    return likeness >= MEETS or (frozenset((a.id, b.id)) in met and bool(likeness or themes))


def _met(file: ReviewFile, kind: str) -> set[frozenset[str]]:
    """The pairs of points that are near in meaning."""
    return {frozenset((a, b)) for m in file.matters if m.kind == kind for a in m.points for b in m.points if a != b}


def _leads(point: Point, theme: str) -> bool:
    return themes_of(point)[:1] == (theme,)


def _one_each(points: Sequence[Point]) -> list[Point]:
    """The first point of each reviewer."""
    return list({p.reviewer: p for p in reversed(points)}.values())[::-1]


def _between(a: Point, b: Point, reviewers: Sequence[str]) -> bool:
    """Whether two points are of two reviewers, of those asked about where any are named."""
    names = {a.reviewer, b.reviewer}
    return (
        len(names) == 2
        and (len(reviewers) < 2 or names <= set(reviewers))
        and (not reviewers or bool(names & set(reviewers)))
    )
