"""What reviewers praise and what they object to: by the themes that several share, or on the novelty and the writing."""

import re

from agent.answering.parts import judge, quote, say, who
from agent.answering.points import in_paragraph, names_of, one_each, passages_of, point_line, ranked, with_reply
from agent.answering.record import no_reviews
from agent.answering.themes import be_of, by_theme, themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request

_SMALL = re.compile(
    r"typo|correction|grammar|spelling|minor|editorial|\bnits?\b|small (?:stuff|points|things)", re.IGNORECASE
)
_CORRECTS = re.compile(
    r"\bcorrect [\"“']|\btypos?\b|\bsyntax error|\bmisspel|\bspelling\b|\b(?:should|must) read\b|[\"”'] (?:to|into|by|with) [\"“']",
    re.IGNORECASE,
)


def strengths(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The strengths that reviewers name, those that several name first."""
    return _by_theme("strengths", ("praises",), request, gathered, desk)


def weaknesses(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The weaknesses that reviewers name, shared concerns first."""
    return _by_theme("weaknesses", ("objects", "asks"), request, gathered, desk)


def _by_theme(
    aspect: str, stances: tuple[str, ...], request: Request, gathered: Gathered, desk: Desk, limit: int = 6
) -> list[DraftSentence]:
    """Points of an aspect: the themes that several reviewers share with who holds them, then the others."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    points = list(file.raised(*stances, reviewers=request.reviewers))
    if aspect == "weaknesses":
        # A question is a weakness only where nothing is objected to.
        objecting = {p.reviewer for p in points if p.stance == "objects"}
        points = [p for p in points if p.stance == "objects" or p.reviewer not in objecting]
    if not points:
        relayed = file.of("relayed", aspects=(aspect,))
        return [
            say(f"The reviews on record name no {aspect}.", "abstention"),
            *[quote(p, lead=who(p)) for p in relayed[:4]],
        ]
    sentences: list[DraftSentence] = []
    told: set[str] = set()
    shared = sorted((item for item in by_theme(points).items() if len(item[1]) >= 2), key=lambda item: -len(item[1]))
    verb = "praised" if aspect == "strengths" else "criticised"
    for paragraph, (theme, held) in enumerate(shared[:2]):
        text = f"{theme[0].upper()}{theme[1:]} {be_of(theme)} {verb} by {names_of(held)}."
        sentences.append(judge(text, *passages_of(file, held), paragraph=paragraph))
        sentences += [point_line(file, p, paragraph=paragraph) for p in held[:3]]
        told |= {p.id for p in held[:3]}
    rest = one_each([p for p in ranked(file, points) if p.id not in told], max(3, limit - len(told)))
    if rest:
        lead = "Besides:" if told else f"{aspect[0].upper()}{aspect[1:]}, as the reviewers see them:"
        sentences.append(say(lead, paragraph=9))
        sentences += [point_line(file, p, paragraph=9) for p in rest]
    return sentences


def novelty(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What reviewers say on novelty, both ways, and what the authors replied."""
    return _theme("novelty", request, gathered, desk)


def writing(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What reviewers say on the writing; asked for typos, their small corrections alone."""
    file = gathered.file(request.submission)
    small = [
        p
        for p in (file.points if file else ())
        if (p.small or _CORRECTS.search(p.text)) and (not request.reviewers or p.reviewer in request.reviewers)
    ]
    if file is not None and small and _SMALL.search(request.text):
        fixed = [p for p in file.of("response") if _CORRECTS.search(p.text)][:1]
        return [*[point_line(file, p) for p in small[:12]], *[quote(p, lead=who(p), topic="typos") for p in fixed]]
    return _theme("writing", request, gathered, desk)


def _theme(theme: str, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The points on a theme, praise and criticism apart, the criticism with the replies."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    points = [
        p for p in file.raised("praises", "objects", "asks", reviewers=request.reviewers) if theme in themes_of(p)[:2]
    ]
    told = {p.reviewer for p in points}
    aside = [p for p in file.raised("describes", reviewers=request.reviewers) if theme in themes_of(p)[:1]]
    aside = [p for p in aside if p.reviewer not in told][:3]
    if not points and aside:
        return [
            judge(f"{names_of(aside)} touch on {theme}:", *passages_of(file, aside)),
            *[point_line(file, p) for p in aside],
        ]
    if not points:
        return [say(f"The reviews on record do not speak of {theme}.", "abstention"), *_chairs_on(file, theme)]
    praise = one_each([p for p in points if p.stance == "praises"], 3)
    blame = one_each([p for p in points if p.concern], 3)
    sentences: list[DraftSentence] = []
    if praise and blame:
        text = f"On {theme} there are both: praise by {names_of(praise)}, criticism by {names_of(blame)}."
        sentences.append(judge(text, *passages_of(file, [*praise, *blame])))
    sentences += [point_line(file, p, paragraph=1) for p in [*praise, *aside]]
    for n, p in enumerate(blame):
        sentences += in_paragraph(with_reply(file, p, nearest=False, fully=not n), 2)
    return [*sentences, *_chairs_on(file, theme)]


def _chairs_on(file: ReviewFile, theme: str) -> list[DraftSentence]:
    """What the meta-review says on a theme."""
    said = [p for p in file.of("meta-review") if theme in themes_of(p)[:2]][:1]
    return [quote(p, lead=who(p), topic=theme, paragraph=3) for p in said]
