"""The reviews as a whole: each reviewer in a paragraph, where they meet, what the authors replied, and the decision."""

import re

from agent.answering.meeting import speaks_against
from agent.answering.parts import coverage, fact, judge, one_line, quote, say, unique, who
from agent.answering.points import names_of, passages_of, point_line, ranked
from agent.answering.record import no_reviews, reviewers
from agent.answering.scores import score_line
from agent.answering.themes import by_theme
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from knowledge.types import Passage

MOST_ON_TOPIC = 3
LONGEST_OUTCOME = 60
"""Characters up to which a line of a decision is its outcome."""
_TELLS = re.compile(
    r"^\W*(?:in this (?:paper|work)|(?:this|the) (?:paper|work|submission|manuscript|study|authors?)|they) (?!(?:is|are|was|should|could|would|lacks?|needs?|has|have) )\w+",
    re.IGNORECASE,
)
"""A sentence on what the paper does."""


def overview(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """A paragraph a reviewer: scores, what weighs most in favour and against; then where they meet, the replies, the decision."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    names = reviewers(file)
    sentences = _about(file)
    for paragraph, name in enumerate(names, 1):
        score = score_line(file, name)
        lines = [score] if score else []
        for lead, stances in (("In favour", ("praises",)), ("Against", ("objects",)), ("Asks", ("asks",))):
            if lead == "Asks" and any(s.text.startswith("Against") for s in lines):
                continue
            points = [p for p in ranked(file, file.raised(*stances, reviewers=(name,))) if lead == "In favour" or speaks_against(p)][:1]  # fmt: skip
            lines += [point_line(file, p, lead=lead if score else f"{name}, {lead.lower()}") for p in points]
        if not lines:
            lines = [quote(p, lead=who(p)) for p in file.of("review", reviewer=name)[:1]]
        sentences += [_plain(line, paragraph) for line in lines]
    return [*sentences, *_together(file, len(names) + 1), *_outcome(file, len(names) + 2)]


def _about(file: ReviewFile) -> list[DraftSentence]:
    """What the paper does, in the words of the first reviewer who tells it."""
    told = (p for p in file.points if p.kind == "review" and p.stance == "describes" and _TELLS.match(p.gist))
    return [_plain(point_line(file, p, lead=f"The paper, as {p.reviewer} puts it"), 0) for p in [*told][:1]]


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
        text = f"The authors replied; of that to which no reply was found, what weighs most is from {first.reviewer}:"
        said.append(judge(text, *passages_of(file, [first]), *responses[:1], paragraph=paragraph))
        said.append(_plain(point_line(file, first), paragraph))
    told = sorted(
        file.of("decision", "meta-review"), key=lambda p: not p.text.startswith(("Decision", "Recommendation"))
    )
    verdicts = [p for p in told if p.locator.section != "Title"]
    if verdicts:
        said.append(fact(f"{_speaker(verdicts[0])}{one_line(verdicts[0])}", verdicts[0], paragraph=paragraph))
    return said


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
    on_it = [p for p in passages if coverage(request.topic, p)] if len(request.topic.split()) > 1 else []
    if on_it:
        said = sorted(on_it, key=lambda p: -coverage(request.topic, p))[:MOST_ON_TOPIC]
        outcome = [p for p in passages if p.locator.section != "Title" and len(p.text) <= LONGEST_OUTCOME][:1]
        chosen = [p for p in passages if p in said or p in outcome]
        return [quote(p, lead=_speaker(p), topic=request.topic) for p in chosen]
    return [quote(p, lead=_speaker(p)) for p in passages[:6]]


def _speaker(passage: Passage) -> str:
    """Decisions speak for themselves; a meta-review is named."""
    if passage.text.startswith(("Decision", "Recommendation", "Rating", "Confidence")):
        return ""
    return "Meta-review: " if passage.kind == "meta-review" else ""
