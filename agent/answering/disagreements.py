"""Where reviewers disagree and where they agree, and what speaks for each side."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import coverage, judge, say
from agent.answering.points import in_paragraph, names_of, one_each, passages_of, point_line, with_reply
from agent.answering.record import no_reviews
from agent.answering.tallies import scores
from agent.answering.themes import THEMES, by_theme, themes_of
from agent.cues import content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request

MOST = 3
NEARLY = 0.6
"""Share of a short point's words that another holds where both say nearly the same."""
MET = 0.25
"""Share of words in common from which two points on no common theme count as on one matter."""
_SHARED = re.compile(
    r"\bagree\w*|\bcommon\b|\bshare\w*|\bboth\b|\ball (?:of them|three|four|five|like|say|think|want|criti\w+|prais\w+|complain\w*)|\bthey all\b|\bunanim\w+|\bconsensus\b",
    re.IGNORECASE,
)
_APART = re.compile(r"\bdisagree\w*|\bdiffer\w*|\bsplit\b|\bconflict\w*|\bcontrovers\w+|\bat odds\b", re.IGNORECASE)
_LIKED = re.compile(
    r"\blik(?:e|es|ed|ing)\b|\bprais\w+|\bgood\b|\bstrengths?\b|\bpositive\w*|\blov(?:e|ed|es)\b", re.IGNORECASE
)
_FAULTED = re.compile(
    r"\bcomplain\w*|\bconcerns?\b|\bcriti\w+|\bbad\b|\bweakness\w*|\bworr\w+|\bobject\w*|\bdislike\w*|\bnegative\w*",
    re.IGNORECASE,
)


def disagreement(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What one reviewer praises and another criticises, with the replies; then what they share; then the scores."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if _SHARED.search(request.text) and not _APART.search(request.text):
        return in_common(file, request)
    sentences = _apart(file, request.reviewers)
    sentences += agreements(file, request.reviewers, 100)
    lines = [s for s in scores(request, gathered, desk) if not s.bullet]
    return [*sentences, *(replace(s, paragraph=200) for s in lines)]


def _apart(file: ReviewFile, names: Sequence[str]) -> list[DraftSentence]:
    """What one reviewer praises and another criticises, with the replies."""
    sentences: list[DraftSentence] = []
    for theme, praise, blame in disputes(file, names)[:MOST]:
        paragraph = 2 * len({s.paragraph for s in sentences})
        text = f"On {theme} {names_of(praise)} and {names_of(blame)} differ."
        sentences.append(judge(text, *passages_of(file, [*praise[:1], *blame[:1]]), paragraph=paragraph))
        sentences.append(point_line(file, praise[0], paragraph=paragraph))
        sentences += in_paragraph(with_reply(file, blame[0], nearest=False), paragraph)
    if not sentences:
        sentences.append(say("No point on record is praised by one reviewer and criticised by another.", "abstention"))
    return sentences


def in_common(file: ReviewFile, request: Request) -> list[DraftSentence]:
    """What several reviewers hold in common: praise, concerns, or both, as the question asks."""
    liked, faulted = bool(_LIKED.search(request.text)), bool(_FAULTED.search(request.text))
    stances = (("praises",),) if liked and not faulted else (("objects", "asks"),) if faulted and not liked else None
    sentences = [
        s for group in (stances or (("objects", "asks"), ("praises",))) for s in alike(file, group, request.reviewers)
    ]
    sentences += agreements(file, request.reviewers, 100, stances)
    if sentences:
        return sentences
    kind = "praise" if liked else "concern" if faulted else "point"
    nobody = say(f"No {kind} is shared by several reviewers on record.", "abstention")
    own = one_each(list(file.raised(*(stances or (("praises", "objects"),))[0], reviewers=request.reviewers)), 3)
    return [nobody, *[point_line(file, p, paragraph=1) for p in own]]


def alike(file: ReviewFile, stances: Sequence[str], names: Sequence[str]) -> list[DraftSentence]:
    """Points of several reviewers that say nearly the same, by their meaning or in nearly the same words."""
    points = file.raised(*stances, reviewers=names)
    for matter in file.matters:
        met = [p for p in points if p.id in matter.points]
        if matter.kind == "agreement" and len({p.reviewer for p in met}) > 1:
            verb = "both speak" if len(met) == 2 else "speak"
            lead = judge(f"{names_of(met)} {verb} of the same:", *passages_of(file, met))
            return [lead, *[point_line(file, p) for p in met[:4]]]
    for n, point in enumerate(points):
        few = len(content_words(point.gist)) < 2
        same = [
            p for p in points if p.reviewer != point.reviewer and not few and coverage(point.gist, p.gist) >= NEARLY
        ]
        if same:
            both = [point, *list({p.reviewer: p for p in same}.values())]
            verb = "both say" if len(both) == 2 else "say"
            lead = judge(f"{names_of(both)} {verb} nearly the same:", *passages_of(file, both), paragraph=n)
            return [lead, *[point_line(file, p, paragraph=n) for p in both]]
    return []


def disputes(file: ReviewFile, reviewers: Sequence[str] = ()) -> list[tuple[str, list[Point], list[Point]]]:
    """Themes with who praises and who criticises: first where points meet by their meaning, then by their theme."""
    found: list[tuple[str, list[Point], list[Point]]] = []
    seen: set[str] = set()
    for matter in file.matters:
        if matter.kind != "disagreement":
            continue
        points = [p for identity in matter.points if (p := file.point(identity)) is not None]
        praise, blame = [p for p in points if p.stance == "praises"], [p for p in points if p.concern]
        pairs = [(a, b) for a in praise for b in blame if _between(a, b, reviewers)]
        common = set.intersection(*(set(themes_of(p)) for p in (*praise, *blame))) if pairs else set()
        theme = next((t for t in THEMES if t in common), "the same matter")
        if not common and pairs and coverage(pairs[0][1].gist, pairs[0][0].gist) < MET:
            continue
        if pairs and theme not in seen:
            found.append((theme, [pairs[0][0]], [pairs[0][1]]))
            seen.add(theme)
    praised, blamed = by_theme(file.raised("praises")), by_theme(file.raised("objects"))
    for theme in (t for t in THEMES if t not in seen and t != "experiments"):
        pairs = [(a, b) for a in praised.get(theme, ()) for b in blamed.get(theme, ()) if _between(a, b, reviewers)]
        if pairs:
            found.append((theme, [pairs[0][0]], [pairs[0][1]]))
    return found


def _between(a: Point, b: Point, reviewers: Sequence[str]) -> bool:
    """Whether two points are of two reviewers, of those asked about where any are named."""
    names = {a.reviewer, b.reviewer}
    return (
        len(names) == 2
        and (len(reviewers) < 2 or names <= set(reviewers))
        and (not reviewers or bool(names & set(reviewers)))
    )


def agreements(
    file: ReviewFile, reviewers: Sequence[str], paragraph: int, only: Sequence[tuple[str, ...]] | None = None
) -> list[DraftSentence]:
    """What several reviewers hold in common by theme, concerns first; `only` some stances."""
    sentences: list[DraftSentence] = []
    for stances, words in (
        (("objects", "asks"), "share a concern about"),
        (("praises",), "both value the paper for its"),
    ):
        if only is not None and stances not in only:
            continue
        shared = [(t, p) for t, p in by_theme(file.raised(*stances, reviewers=reviewers), 2).items() if len(p) >= 2]
        shared.sort(key=lambda item: -len(item[1]))
        named = {p.reviewer for _, points in shared[:2] for p in points}
        others = [(t, points) for t, points in shared[2:] if {p.reviewer for p in points} - named]
        for theme, points in [*shared[:2], *others[:1]]:
            many = words.replace("both ", "") if len(points) > 2 else words
            text = f"{names_of(points)} {many} {theme}."
            sentences.append(judge(text, *passages_of(file, points), paragraph=paragraph))
            sentences += [point_line(file, p, paragraph=paragraph) for p in points[:3]]
            paragraph += 1
    return sentences
