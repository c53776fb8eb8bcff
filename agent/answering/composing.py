"""Arrange what the tools brought back into an answer: one section an intent, in the order of the question."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.after_a_lean import asks_for_account
from agent.answering import (
    arguing,
    backing,
    code_available,
    comparing_papers,
    completing,
    corrections,
    courtesy,
    disagreements,
    experiments,
    final_version,
    integrity,
    leaning,
    meant,
    named,
    numbers,
    one_reviewer,
    open_questions,
    own_decision,
    papers,
    praise_and_criticism,
    premises,
    recommending,
    reconsidering,
    responses,
    review_quality,
    reviews,
    structured_review,
    tallies,
    triage,
    voices,
    wanted,
)
from agent.answering.marks import spare_marks
from agent.answering.numbering import settle_numbers
from agent.answering.parts import say
from agent.answering.planning import plan
from agent.answering.told_before import with_told
from agent.chair_questions import OVER_PAPERS
from agent.cues import Intent
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.metareview import telling
from agent.plain_words import asks_for_camera_ready, plainly_asked
from agent.request import Request

_OPINION = re.compile(r"\b(your|you) (opinion|view|think|judge?ment|assessment|take)\b", re.IGNORECASE)
PLACES = ("first", "second", "third", "fourth")
Section = Callable[[Request, Gathered, Desk], Sequence[DraftSentence]]

SECTIONS: dict[str, Section] = {
    "overview": reviews.overview,
    "scores": tallies.scores,
    "reviewer": one_reviewer.one_reviewer,
    "strengths": praise_and_criticism.strengths,
    "weaknesses": praise_and_criticism.weaknesses,
    "novelty": praise_and_criticism.novelty,
    "writing": corrections.writing,
    "questions": open_questions.questions,
    "response": responses.response,
    "open": open_questions.open_points,
    "integrity": integrity.integrity,
    "who": voices.who_speaks,
    "quality": review_quality.quality,
    "decision": reviews.decision,
    "disagreement": disagreements.disagreement,
    "recommendation": recommending.recommendation,
    "argue": arguing.argue,
    "changes": arguing.changes,
    "enough": arguing.enough,
    "weights": arguing.weights,
    "structured": structured_review.structured_review,
    "triage": triage.triage,
    "compare": comparing_papers.compare,
    "state": backing.stated_and_held,
    "verify": experiments.verified,
    "consent": experiments.verified,
    "decline": experiments.declined,
    "testable": experiments.testable,
    "runs": experiments.runs,
    "list": courtesy.papers_held,
    "own": own_decision.own_decision,
    "thanks": courtesy.thanks,
    "greeting": courtesy.greeting,
    "about": courtesy.about,
    "metareview": telling.draft,
    "offtopic": courtesy.offtopic,
    "bearing": experiments.bearing,
    "lookup": papers.lookup,
}


def compose(request: Request, gathered: Gathered, desk: Desk) -> tuple[DraftSentence, ...]:
    """The draft of an answer; of a message that asks several things, the answers one after another."""
    gathered = replace(gathered, files=tuple(with_told(file, desk.past) for file in gathered.files))
    if not request.parts:
        return _answer(request, gathered, desk)
    sentences: list[DraftSentence] = []
    for number, part in enumerate(request.parts):
        own = gathered.only([call.arguments for call in plan(part, desk) if call.name == "search"])
        written = [s for s in _answer(part, own, desk) if not _said(s, sentences)]
        if number and written:
            sentences += _on(_next(sentences), [say(f"On the {PLACES[number]} question:")])
        sentences += _on(_next(sentences), written)
    return tuple(sentences)


def _answer(request: Request, gathered: Gathered, desk: Desk) -> tuple[DraftSentence, ...]:
    """The draft of an answer to one question."""
    if request.submission is None and not set(request.intents) & courtesy.WITHOUT_PAPER:
        return tuple(courtesy.which_paper(desk))
    over = next((intent for intent in request.intents if intent in OVER_PAPERS), None)
    if over is not None:
        return tuple(SECTIONS[over](request, gathered, desk))
    if request.more:
        gathered = gathered.without({c.passage_id for past in desk.past[-3:] for c in past.answer.citations.values()})
    sentences: list[DraftSentence] = []
    for submission in request.submissions or ("",):
        one, explained = settle_numbers(
            replace(request, submissions=(submission,) if submission else ()), gathered, desk
        )
        sentences += _on(_next(sentences), explained)
        if len(request.submissions) > 1:
            paper = desk.paper(submission)
            sentences += _on(_next(sentences), [say(f"{paper.title if paper else submission}:")])
        sentences += _on(_next(sentences), _on_one_paper(one, gathered, desk, sentences))
        if set(request.intents) <= {"thanks", "greeting", "about", "list", "runs", "verify", "consent", "decline"}:
            break
    spared = spare_marks(sentences, gathered.passages, desk.paper(request.submission))
    return tuple(spared) or (courtesy.nothing_found(request),)


def _on_one_paper(one: Request, gathered: Gathered, desk: Desk, before: Sequence[DraftSentence]) -> list[DraftSentence]:
    """The draft of an answer on one paper, `before` which other sentences stand."""
    if one.unknown_reviewer:
        return one_reviewer.unknown_reviewer(one, gathered, desk)
    one = meant.settle_reviewer(one, gathered)
    file = gathered.file(one.submission)
    if file is not None and (points := meant.points_meant(one, file, desk)):
        if one.intents != ("testable",):
            return meant.on_points(one, file, points, gathered)
        one = replace(one, claim=points[0].text, topic=points[0].gist)
    corrected, whole = premises.held_against(one, file, gathered, desk) if file is not None else ([], False)
    if not (corrected and whole):
        corrected += _on(_next(corrected), _sections(one, gathered, desk, [*before, *corrected]))
    return named.opened(one, corrected, gathered, desk)


def _sections(one: Request, gathered: Gathered, desk: Desk, before: Sequence[DraftSentence]) -> list[DraftSentence]:
    """What the figures found answer, else the sections of the intents, completed with what the search finds."""
    if missing := wanted.of_no_kind(one, gathered):
        return missing
    if figures := numbers.answer(one, gathered, desk):
        return completing.completed(one, figures, gathered, desk)
    sentences: list[DraftSentence] = []
    folded = frozenset(("novelty", "writing", "baselines")) if "response" in one.intents else frozenset[str]()
    for intent in one.intents:
        if intent in folded:
            continue
        written = _section(intent, one)(one, gathered, desk)
        sentences += _on(_next(sentences), [s for s in written if not _said(s, [*before, *sentences])])
    plain = set(one.intents) == set(plainly_asked(one.text))  # what is plain is answered with nothing besides
    whole = sentences if plain else completing.completed(one, sentences, gathered, desk)
    if wanted.without_figure(one, whole, gathered.passages.values()):
        whole = wanted.said_to_be_without(whole)
    if {"strengths", "weaknesses"} <= set(one.intents) and _OPINION.search(one.text):
        whole = [*whole, *_on(_next(whole), leaning.lean_of(one, gathered, desk))]
    return whole


def _section(intent: Intent, request: Request) -> Section:
    """What writes the answer to an intent; of questions on experiments that reviewers want, those."""
    if intent in ("reproducibility", "lookup") and not request.reviewers and code_available.asks_for_code(request.text):
        return code_available.code_available
    if intent == "open" and asks_for_camera_ready(request.text):
        return final_version.final_version
    if intent in ("open", "questions", "reviewer", "disagreement", "lookup", "weaknesses", "response") and voices.asks_outside(request.text):  # fmt: skip
        return voices.who_speaks
    if intent in ("questions", "weaknesses", "baselines") and open_questions.asks_for_experiments(request):
        return open_questions.experiments_wanted
    if intent == "recommendation" and asks_for_account(request.text):
        return _account
    if intent == "difference" and request.reviewers:
        return one_reviewer.one_reviewer
    return SECTIONS.get(intent) or papers.section(intent)


def _account(request: Request, gathered: Gathered, desk: Desk) -> Sequence[DraftSentence]:
    """What was recommended so far; where nothing was, a recommendation."""
    return reconsidering.account(request, gathered, desk) or recommending.recommendation(request, gathered, desk)


def _next(sentences: Sequence[DraftSentence]) -> int:
    return max((s.paragraph for s in sentences), default=-1) + 1


def _on(paragraph: int, sentences: Sequence[DraftSentence]) -> list[DraftSentence]:
    """The sentences with their paragraphs counted from `paragraph`."""
    return [replace(s, paragraph=paragraph + s.paragraph) for s in sentences]


def _said(sentence: DraftSentence, before: Sequence[DraftSentence]) -> bool:
    """Whether a sentence of the same words stands already."""
    return any(s.text == sentence.text for s in before)
