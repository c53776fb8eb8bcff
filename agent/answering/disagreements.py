"""Where reviewers disagree and where they agree, and what speaks for each side."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import coverage, judge, say
from agent.answering.points import in_paragraph, names_of, passages_of, point_line, ranked, with_reply
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
CRITICISM, PRAISE = ("objects", "asks"), ("praises",)
_TOGETHER = re.compile(
    r"\bagree\w*\b|\b(?:in common|common|unanimous\w*|shared|everybody|everyone|all (?:of them|three|four|five|the reviewers|reviewers|they)|they all|do they all|both)\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\bdisagree\w*|\bdiffer\w*|\bsplit\b|\bconflict\w*|\bcontrovers\w*|\bat odds\b|\bclash\w*|\bdo(?:n't| not) agree",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\bobject\w*|\bcritici\w*|\bcomplain\w*|\bdislik\w*|\bweak\w*|\bconcern\w*|\bbad\b|\bmiss\w*|\bwant\w*|\bask\w*|\bworr\w*|\bnegative",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?<!dis)lik(?:e|es|ed)\b|\bprais\w*|\bstrength\w*|\bgood\b|\bvalue\w*|\bpositive|\bappreciat\w*", re.IGNORECASE
)


def disagreement(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What one reviewer praises and another criticises, with the replies; then what they share; then the scores."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if _TOGETHER.search(request.text) and not _APART.search(request.text):
        return _held_together(request, file)
    sentences: list[DraftSentence] = []
    for theme, praise, blame in disputes(file, request.reviewers)[:MOST]:
        paragraph = 2 * len({s.paragraph for s in sentences})
        text = f"On {theme} {names_of(praise)} and {names_of(blame)} differ."
        both = [*praise[:1], *blame[:1]]
        sentences.append(judge(text, *passages_of(file, both), paragraph=paragraph))
        sentences.append(point_line(file, praise[0], paragraph=paragraph))
        sentences += in_paragraph(with_reply(file, blame[0], nearest=False), paragraph)
    if not sentences:
        held = [*file.raised("praises", reviewers=request.reviewers)[:2], *file.raised("objects")[:2]]
        text = "No point on record is praised by one reviewer and criticised by another."
        sentences.append(judge(text, *passages_of(file, held)))
    sentences += agreements(file, request.reviewers, 100)
    lines = [s for s in scores(request, gathered, desk) if not s.bullet]
    return [*sentences, *(replace(s, paragraph=200) for s in lines)]


def _held_together(request: Request, file: ReviewFile) -> list[DraftSentence]:
    """What several reviewers hold in common: of praise or of criticism, where the question says which."""
    wanted = [s for s, words in ((CRITICISM, _OBJECT), (PRAISE, _LIKE)) if words.search(request.text)]
    lines = [
        line
        for stances in wanted or (CRITICISM, PRAISE)
        for line in (*alike(file, stances, request.reviewers), *agreements(file, request.reviewers, 0, (stances,)))
    ]
    if lines:
        order = {p: n for n, p in enumerate(dict.fromkeys(s.passages for s in lines if s.kind == "judgement"))}
        paragraphs, current = [], 0
        for line in lines:
            current = order.get(line.passages, current) if line.kind == "judgement" else current
            paragraphs.append(replace(line, paragraph=current))
        return paragraphs
    what = "criticism" if wanted == [CRITICISM] else "praise" if wanted == [PRAISE] else "point"
    nearest = [p for stances in wanted or (CRITICISM,) for p in ranked(file, file.raised(*stances))][:2]
    return [
        say(f"No {what} on record is held by several reviewers alike.", "abstention"),
        *[point_line(file, p, paragraph=1) for p in nearest],
    ]


def alike(file: ReviewFile, stances: Sequence[str], names: Sequence[str]) -> list[DraftSentence]:
    """Points of several reviewers that say nearly the same, by their meaning or in nearly the same words."""
    points = file.raised(*stances, reviewers=names)
    for matter in file.matters:
        met = [p for p in points if p.id in matter.points]
        if matter.kind == "agreement" and len({p.reviewer for p in met}) > 1:
            verb = "both speak" if len(met) == 2 else "speak"
            lead = judge(f"{names_of(met)} {verb} of the same:", *passages_of(file, met))
            return [lead, *[point_line(file, p) for p in met[:4]]]
    for point in points:
        few = len(content_words(point.gist)) < 2
        same = [
            p for p in points if p.reviewer != point.reviewer and not few and coverage(point.gist, p.gist) >= NEARLY
        ]
        if same:
            both = [point, *{p.reviewer: p for p in same}.values()]
            verb = "both say" if len(both) == 2 else "say"
            lead = judge(f"{names_of(both)} {verb} nearly the same:", *passages_of(file, both))
            return [lead, *[point_line(file, p) for p in both]]
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
        # Words that are near in meaning may still judge different things: both must speak of one theme.
        for a, b in pairs:
            theme = next((t for t in themes_of(b)[:2] if t in themes_of(a)[:2]), "")
            if theme and theme not in seen:
                found.append((theme, [a], [b]))
                seen.add(theme)
                break
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
    file: ReviewFile, reviewers: Sequence[str], paragraph: int, kinds: Sequence[tuple[str, ...]] = (CRITICISM, PRAISE)
) -> list[DraftSentence]:
    """What several reviewers hold in common, concerns first."""
    sentences: list[DraftSentence] = []
    for stances in kinds:
        words = "share a concern about" if stances == CRITICISM else "both value the paper for its"
        shared = [(t, p) for t, p in by_theme(file.raised(*stances, reviewers=reviewers)).items() if len(p) >= 2]
        for theme, points in sorted(shared, key=lambda item: -len(item[1]))[:2]:
            many = words.replace("both ", "") if len(points) > 2 else words
            text = f"{names_of(points)} {many} {theme}."
            sentences.append(judge(text, *passages_of(file, points), paragraph=paragraph))
            sentences += [point_line(file, p, paragraph=paragraph) for p in points[:3]]
            paragraph += 1
    return sentences
