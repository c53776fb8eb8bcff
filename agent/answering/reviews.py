"""Answers from the reviews: where reviewers stand, what one says, what they praise and what they object to."""

import re
from collections.abc import Sequence

from agent.answering.papers import silent_on
from agent.answering.parts import coverage, fact, judge, listed, one_line, quote, say, unique, who
from agent.answering.points import in_paragraph, names_of, one_each, passages_of, point_line, ranked, with_reply
from agent.answering.record import no_reviews, reviewers
from agent.answering.scores import SECTION, score_line
from agent.answering.themes import by_theme, themes_of
from agent.answering.voices import corrected, fit, who_speaks
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Passage

_STANCES = {
    "questions": (r"question", ("asks",)),
    "strengths": (r"strength|merit|praise", ("praises",)),
    "weaknesses": (r"weakness|concern|objection|criticism|point|issue", ("objects", "asks")),
}
LEAST_OWN = 0.5
"""Share of a question's words that a reviewer's point holds where it is surely that reviewer's."""
_ASSUMED = re.compile(r"\b(?:no|right|correct|true|yes|does(?:n'?t)? (?:he|she|it))\W*$", re.IGNORECASE)
_WHY = re.compile(r"\b(why|explain|elaborate|reasons?|more about)\b", re.IGNORECASE)
_SMALL = re.compile(
    r"typo|correction|grammar|spelling|minor|editorial|\bnits?\b|small (?:stuff|points|things)", re.IGNORECASE
)
_CORRECTS = re.compile(
    r"\bcorrect [\"“']|\btypos?\b|\bsyntax error|\bmisspel|\bspelling\b|\b(?:should|must) read\b|[\"”'] (?:to|into|by|with) [\"“']",
    re.IGNORECASE,
)


def overview(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """A paragraph a reviewer: scores, what weighs most in favour and against; then where they meet, the replies, the decision."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    sentences = []
    names = reviewers(file)
    for paragraph, name in enumerate(names):
        score = score_line(file, name)
        lines = [score] if score else []
        for lead, stances in (("In favour", ("praises",)), ("Against", ("objects",)), ("Asks", ("asks",))):
            if lead == "Asks" and any(s.text.startswith("Against") for s in lines):
                continue
            points = ranked(file, file.raised(*stances, reviewers=(name,)))[:1]
            lines += [point_line(file, p, lead=lead if score else f"{name}, {lead.lower()}") for p in points]
        if not lines:
            lines = [quote(p, lead=who(p)) for p in file.of("review", reviewer=name)[:1]]
        sentences += [_plain(line, paragraph) for line in lines]
    return [*sentences, *_together(file, len(names)), *_outcome(file, len(names) + 1)]


def _plain(sentence: DraftSentence, paragraph: int) -> DraftSentence:
    """A sentence of a running paragraph."""
    return DraftSentence(sentence.text, sentence.passages, sentence.runs, sentence.kind, paragraph, False, True)


def _together(file: ReviewFile, paragraph: int) -> list[DraftSentence]:
    """The concern that most reviewers share."""
    shared = [(t, p) for t, p in by_theme(file.raised("objects", "asks")).items() if len(p) >= 2]
    if not shared:
        return []
    theme, points = max(shared, key=lambda item: len(item[1]))
    text = f"Most widely shared is the concern about {theme}, held by {names_of(points)}."
    return [judge(text, *passages_of(file, points), paragraph=paragraph)]


def _outcome(file: ReviewFile, paragraph: int) -> list[DraftSentence]:
    """Whether the authors answered, what stays without a reply, and the decision on record."""
    said = []
    responses = unique(file.of("response"))
    waiting = [p for p in file.raised("objects", "asks") if p.status == "not answered"]
    if not responses:
        said.append(say("No author response is on record.", "abstention", paragraph))
    elif waiting:
        first = ranked(file, waiting)[0]
        text = f"The authors replied; what weighs most of that without a reply on record is from {first.reviewer}:"
        said.append(judge(text, *passages_of(file, [first]), *responses[:1], paragraph=paragraph))
        said.append(_plain(point_line(file, first), paragraph))
    told = sorted(
        file.of("decision", "meta-review"), key=lambda p: not p.text.startswith(("Decision", "Recommendation"))
    )
    verdicts = [p for p in told if p.locator.section != "Title"]
    if verdicts:
        said.append(fact(f"{_speaker(verdicts[0])}{one_line(verdicts[0])}", verdicts[0], paragraph=paragraph))
    return said


def one_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What a reviewer says: on the topic of the question, or as a whole."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    sentences: list[DraftSentence] = []
    for name in request.reviewers:
        if request.index is not None:
            sentences += _numbered_point(file, name, request)
        elif not re.search(r"[a-z]{2}", request.topic):
            sentences += _whole_review(file, name)
        else:
            sentences += _on_topic(file, name, request, gathered)
    if request.reviewers:
        return sentences
    if request.topic:
        return who_speaks(request, gathered, desk)
    return [say(f"Which reviewer do you mean? On record are {listed(reviewers(file))}.", "abstention")]


def _numbered_point(file: ReviewFile, name: str, request: Request) -> list[DraftSentence]:
    """ "Reviewer 1's second concern": the point with the reply to it."""
    asked = next(
        (a for a, (words, _) in _STANCES.items() if re.search(words, request.text, re.IGNORECASE)), "weaknesses"
    )
    stances = _STANCES[asked][1]
    points = file.raised("objects", reviewers=(name,)) if asked == "weaknesses" else ()
    points = points or file.raised(*stances, reviewers=(name,))
    index = request.index or 0
    labelled = next((p for p in points if p.label and p.label.lstrip("QWSC") == str(index + 1)), None)
    if labelled is not None:
        return with_reply(file, labelled)
    if not -len(points) <= index < len(points):
        fewer = say(f"{name} names fewer {asked} than that.", "abstention")
        return [fewer, *[point_line(file, p, paragraph=1) for p in points[:4]]]
    return with_reply(file, points[index])


def unknown_reviewer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Nobody on record bears the number asked for; what stands under that name in the discussion is shown."""
    file = gathered.file(request.submission)
    paper = desk.paper(request.submission)
    names = listed([r.name for r in paper.reviewers]) if paper else ""
    text = f"No review by {request.unknown_reviewer} is on record for this paper; on record are {names}."
    said = [say(text, "abstention")]
    comments = file.of("comment", reviewer=request.unknown_reviewer)[:3] if file else ()
    if comments:
        said.append(say("In the discussion, under that name:", paragraph=1))
        said += [quote(p, paragraph=1) for p in comments]
    return said


def _on_topic(file: ReviewFile, name: str, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """What one reviewer says on the topic, with the replies; or that the review is silent, and who does speak of it."""
    topic = request.topic
    found = {h.passage.id: h for s in gathered.searched for h in s.hits}
    points = [p for p in file.points if p.reviewer == name]
    fits = {p.id: fit(p, topic, found) for p in points}
    best = max(fits.values(), default=0.0)
    fitting = sorted((p for p in points if fits[p.id] > max(0.55 * best, 0.0)), key=lambda p: -fits[p.id])[:3]
    shares = max((coverage(topic, p.text) for p in fitting), default=0.0)
    elsewhere = max((coverage(topic, p.text) for p in file.points if p.reviewer != name), default=0.0)
    # What the question puts into somebody's mouth may be another's: whose words hold more of it is told as such.
    several = len(topic.split()) >= 2
    if several and shares < LEAST_OWN and elsewhere >= 2 * max(shares, LEAST_OWN / 2):
        told = corrected(file, name, topic, gathered)
        if told:
            return told
    if fitting:
        sentences: list[DraftSentence] = []
        if _ASSUMED.search(request.text):
            sentences.append(judge(f"Yes, {name} speaks of this:", *passages_of(file, fitting)))
        for p in sorted(fitting, key=lambda p: file.points.index(p)):
            lines = with_reply(file, p, nearest=False) if p.concern else [point_line(file, p, topic=topic)]
            sentences += lines
        return sentences + (_goes_on(file, name, fitting) if _WHY.search(request.text) else [])
    told = corrected(file, name, topic, gathered)
    if told:
        return told
    mine = [h for h in found.values() if h.passage.reviewer == name and h.passage.locator.section != SECTION]
    return [say(f"{name}'s review does not speak of this.", "abstention"), *silent_on(topic, mine)[1:]]


def _goes_on(file: ReviewFile, name: str, said: Sequence[Point]) -> list[DraftSentence]:
    """The other objections and questions of the same reviewer, which are the reasons."""
    points = [p for p in file.raised("objects", "asks", reviewers=(name,)) if p not in said][:4]
    return (
        [say("The same review goes on:", paragraph=2), *[point_line(file, p, paragraph=2) for p in points]]
        if points
        else []
    )


def _whole_review(file: ReviewFile, name: str) -> list[DraftSentence]:
    """A review in short: scores, gist, two strengths, the weaknesses, what is asked, what was said later."""
    score = score_line(file, name)
    sentences = [score] if score else []
    reviewed = [p for p in file.points if p.reviewer == name and p.kind == "review"]
    parts = (
        (1, "", [p for p in reviewed if "summary" in p.aspects]),
        (2, "In favour:", [p for p in reviewed if p.stance == "praises"]),
        (4, "Against:", [p for p in reviewed if p.stance == "objects" and not p.small]),
        (3, "Asked:", [p for p in reviewed if p.stance == "asks" and not p.small]),
    )
    for limit, lead, points in parts:
        if not points:
            continue
        paragraph = len({s.paragraph for s in sentences}) + 1
        if lead:
            sentences.append(say(lead, paragraph=paragraph))
        chosen = sorted(ranked(file, points)[:limit], key=lambda p: file.points.index(p))
        sentences += [point_line(file, p, paragraph=paragraph, bullet=bool(lead)) for p in chosen]
    review = next((file.date(p) for p in file.of("review", reviewer=name)), "")
    comments = file.of("comment", reviewer=name)
    for lead, later in (("Before the review:", False), ("Later, in the discussion:", True)):
        chosen_comments = [p for p in comments if (file.date(p) >= review) is later and p.locator.section != "Title"][
            :2
        ]
        if chosen_comments:
            dated = review and file.date(chosen_comments[0])
            sentences.append(say(lead if dated else "In the discussion:", paragraph=20 + later))
            sentences += [quote(p, paragraph=20 + later) for p in chosen_comments]
    return sentences or [say(f"No review text by {name} is on record.", "abstention")]


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
        text = f"{theme[0].upper()}{theme[1:]} is {verb} by {names_of(held)}."
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
    for p in blame:
        sentences += in_paragraph(with_reply(file, p, nearest=False), 2)
    return [*sentences, *_chairs_on(file, theme)]


def _chairs_on(file: ReviewFile, theme: str) -> list[DraftSentence]:
    """What the meta-review says on a theme."""
    said = [p for p in file.of("meta-review") if theme in themes_of(p)[:2]][:1]
    return [quote(p, lead=who(p), topic=theme, paragraph=3) for p in said]


def decision(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The decision and the meta-review on record."""
    file = gathered.file(request.submission)
    passages = unique(file.of("decision", "meta-review")) if file else []
    paper = desk.paper(request.submission)
    if not passages:
        notes = [h.passage for s in gathered.searched for h in s.hits if h.passage.aspect in ("record", "decision")]
        own = [p for p in (file.passages if file else ()) if p.aspect in ("record", "decision")]
        found = unique([*own, *notes])[:2]
        return [quote(p) for p in found] or [
            say(f"No decision is on record{f' for {paper.title}' if paper else ''}.", "abstention")
        ]
    return [quote(p, lead=_speaker(p)) for p in passages[:6]]


def _speaker(passage: Passage) -> str:
    """Decisions speak for themselves; a meta-review is named."""
    if passage.text.startswith(("Decision", "Recommendation", "Rating", "Confidence")):
        return ""
    return "Meta-review: " if passage.kind == "meta-review" else ""
