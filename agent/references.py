"""What a message leaves to the conversation: "the second one", "that claim", "the same for reviewer 3". Pure.

References back are resolved against the last answer and its request.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.claims import Plan, understand_claim
from agent.cues import Intent, content_words
from agent.desk import Desk, Paper, PastTurn
from agent.disagreeing_words import asks_for_sides
from agent.fault_words import faults_asked
from agent.intents import topic_of
from agent.mentions import OF_A_FIELD, find_reviewers, labels_in, without_reviewers
from agent.request import Request
from agent.setting_changes import settings_in

ORDINALS = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6, "eighth": 7, "8th": 7, "last": -1, "latter": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b(?:the |its |that )?({'|'.join(ORDINALS)})\b(?: (one|reviewer|review|point|claim|item|question|concern|weakness|strength|paper|of (?:these|them|those)))?",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(
    r"\s*[/&-]|\s+(?:and|or) (?:the )?(?:last|first|second)\b|\s+(?!is\b|was\b|too\b|as\b|please\b|now\b|then\b)[a-z]{3,}",
    re.IGNORECASE,
)
"""What makes an ordinal the property of something of the paper: "the first/last layer"."""
_NUMBERED = re.compile(r"\b(?:claim|point|item|concern|question|number|no\.?|#) ?(\d{1,2})\b", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"^\W*(?:ok(?:ay)?[,.]? |thanks?[,.]? |i see[,.]? |right[,.]? )*(?:and|what about|how about|and what about|now|same (?:for|question))\b",
    re.IGNORECASE,
)
_MEANT = re.compile(r"^\W*(?:no|sorry|actually|wait)?[,. ]*(?:i meant|i mean|rather|instead)\b(?: to)?", re.IGNORECASE)
_OTHER = re.compile(r"\bthe (?:other (?:one|reviewers?|ones|two|three)|others)\b", re.IGNORECASE)
_NOT_THAT = re.compile(r"\b(?:(?:is|was)(?:n'?t| not)|not|except|other than|besides)\b", re.IGNORECASE)
_POINT = re.compile(r"\b(concern|weakness|question|point|objection|criticism|strength|issue)s?\b", re.IGNORECASE)


_PERSON = re.compile(
    r"\b(he|she|his|hers?|him|(that|this|the same) (one|reviewer|person|guy|referee)|(that|this) review|the reviewer)\b(?! (reviewers?|who|that))",
    re.IGNORECASE,
)
_TRUE = re.compile(
    r"\b(?:is|was) (?:that|this|it|he|she|the \w+) (?:really |actually )?(?:true|right|correct)\b|^\W*(?:really|true)\W*$",
    re.IGNORECASE,
)
_ON_THE_DRAFT = re.compile(
    r"\b(update|refresh|redo|shorten|shorter|longer|condense|expand|trim|put (\w+ ){0,6}in|add|include|mention|has to (go in|be in)|take (\w+ ){0,4}out|remove|drop|say that)\b"
    r"|\bwhat('s| is| does)? .{0,20}(missing|lack\w*|left|wanting)\b|\bready to (send|submit|go)|\bbefore I (can )?(send|submit|post)|\bis (it|that) (complete|done|ready|enough)",
    re.IGNORECASE,
)
_OVER_ALL = re.compile(
    r"\b(?:by reviewer|per reviewer|reviewer by reviewer|all (?:of )?the reviewers|over(?:all)? (?:all )?reviewers|everyone|everybody|in total|who was left|which (?:of the )?(?:reviews?|reviewers?)|whose (?:review|point)|which (?:of )?(?:\S+ )?(?:points|objections|concerns) (?:are|were|is|do|did|does|have)|(?:reviewer \w{1,4}|R\d|anonreviewer\d)['’]s (?:points|objections|concerns) (?:are|were|do|did|have|still))\b",
    re.IGNORECASE,
)
"""What asks of all reviewers, whoever was spoken of before."""
_VERBAL = re.compile(
    r"^\W*(?:what(?! about)|how(?! about)|why|which|who|where|when|is|are|was|were|do|does|did|has|have|can|could|should|would|give|show|tell|list|explain|check|compare)\b|(?<!fig )(?<!figure )(?<!table )(?<!section )(?<!sec )(?<!eq )\b\d|\b(?:vs|versus|against|gap|difference|minus|settled|answered|fixed|open)\b",
    re.IGNORECASE,
)
_NO_MATTER: tuple[Intent, ...] = (
    "verify", "testable", "runs", "metareview", "state", "own", "recommendation", "decision", "argue", "structured",
    "triage", "compare", "who", "thanks", "greeting", "offtopic", "about", "integrity", "list", "consent", "decline",
)  # fmt: skip
POINTED = ("response", "open", "quality", "who", "testable")
"""Intents that ask of something said before, when the message itself does not say of what."""
TOPICAL = ("lookup", "evaluation", "difference", "baselines", "method", "reviewer", "response", "quality", "who", "limitations", "assumptions", "novelty", "contributions", "questions")  # fmt: skip
"""Intents whose answer is about a topic, which a following elliptic question goes on about."""
ASIDE = ("thanks", "greeting", "about", "offtopic", "own", "state", "list", "runs", "decline", "consent")
MOST_POINTED = 4
MOST_BEFORE, LONGEST_BEFORE, BETWEEN_QUESTIONS = 2, 160, " / "
SHORT = 5


@dataclass(frozen=True)
class Focus:
    """What the conversation is at: the last question that had a subject, who it was about, and the passages of
    reviewers and authors that the last answer told, where they are few."""

    reviewers: tuple[str, ...] = ()
    topic: str = ""
    query: str = ""
    told: tuple[str, ...] = ()


def focus_of(desk: Desk, submission: str | None, paper: Paper | None) -> Focus:
    """The focus left by the turns before, asides apart."""
    turns = [(past, Request.from_json(past.request).latest) for past in reversed(desk.past)]
    turns = [(past, r) for past, r in turns if r.intents[0] not in ASIDE and submission in (r.submission, None)]
    if not turns:
        return Focus()
    past, last = turns[0]
    reviewers = last.reviewers or _named_alone(past, paper)
    kinds = ("review", "comment", "response")
    told = tuple(c.passage_id for c in past.answer.citations.values() if c.kind in kinds and c.section != "Scores")
    topic, query = last.topic, last.query
    if last.context and topic and len(topic.split()) < 2:
        topic = f"{topic} {last.context}"  # "at 3 bits?", which itself goes on from the turn before
    if not topic and len(turns) > 1 and last.intents[0] in POINTED:
        topic, query = turns[1][1].topic, turns[1][1].query
    return Focus(reviewers, topic, query, told if len(told) <= MOST_POINTED else told[:1])


def asked_before(desk: Desk, submission: str | None) -> str:
    """The last questions that were asked about a submission, asides apart."""
    asked = [
        past.message
        for past in desk.past
        if past.request["intents"][0] not in ASIDE and submission in (Request.from_json(past.request).submission, None)
    ]
    return BETWEEN_QUESTIONS.join(" ".join(text.split())[-LONGEST_BEFORE:] for text in asked[-MOST_BEFORE:])


def _at_the_draft(desk: Desk) -> bool:
    """Whether the last thing worked on, asides apart, was the meta-review."""
    asked = [past.request["intents"][0] for past in reversed(desk.past)]
    return next((intent for intent in asked if intent not in ASIDE), "") == "metareview"


def _named_alone(past: PastTurn, paper: Paper | None) -> tuple[str, ...]:
    """The one reviewer whom an answer names; where it answers who, the one whom it names first."""
    told = [find_reviewers(s.text, paper) for s in past.answer.sentences if s.citations]
    named = {name for names in told for name in names}
    if len(named) == 1:
        return tuple(named)
    first = next((names for names in told if names), ())
    return first if len(first) == 1 and past.request["intents"][0] in ("who", "scores", "quality") else ()


def is_elliptic(bare: str) -> bool:
    """Whether a message goes on from the one before: "and at 3 bits?"."""
    return bool(_ELLIPSIS.search(bare)) and len(content_words(bare)) <= 6


def names_only(bare: str, paper: Paper | None) -> bool:
    """Whether nothing but names is left of a message, which say of whom it is asked and not what: "and R3?"."""
    return not content_words(without_reviewers(bare, paper))


def refer_back(
    request: Request,
    bare: str,
    desk: Desk,
    last: Request | None,
    paper: Paper | None,
    reading: Callable[[str], tuple[Intent, ...]],
) -> Request:
    """Fill in what a message leaves to the conversation: the second one, the same question, that claim, that reviewer."""
    if last is None or desk.last is None:
        return request
    meant = _MEANT.search(bare)
    if meant:
        bare = bare[meant.end() :]
    elliptic = bool(meant) or is_elliptic(bare)
    read = () if meant and names_only(bare, paper) else reading(bare)
    found: tuple[Intent, ...] = tuple(i for i in read if i != "lookup")
    own = topic_of(bare, request, paper)
    focus = focus_of(desk, request.submission, paper)
    pointed = request.submission not in (None, last.submission)
    if not request.reviewers and _ON_THE_DRAFT.search(bare) and _at_the_draft(desk):
        return replace(request, intents=("metareview",))
    if last.intents[0] in ("verify", "consent") and settings_in(bare) and len(content_words(bare)) <= 4:
        return replace(request, intents=("verify",))
    index = ordinal(bare)
    if index is not None and not request.reviewers and _PERSON.search(bare):
        request = replace(request, reviewers=focus.reviewers)
    if index is not None:
        request = _take_item(request, bare, index, desk, last, paper)
        if request.index is not None:
            return replace(request, intents=("reviewer",))
        if request.item is not None and not found:
            return replace(request, intents=("lookup",), topic=request.item, query=request.item)
    elif _OTHER.search(bare) and paper is not None and focus.reviewers:
        left_out = {*focus.reviewers, *find_reviewers("".join(_NOT_THAT.split(bare)[1:]), paper)}
        others = tuple(r.name for r in paper.reviewers if r.name not in left_out)
        request = replace(request, reviewers=others)
    elif (
        not request.reviewers
        and not OF_A_FIELD.search(bare)
        and (_PERSON.search(bare) or labels_in(bare) or "reviewer" in found)
    ):
        request = replace(request, reviewers=focus.reviewers)
    if {"verify", "quality"} & set(found) and not own and focus.told and _TRUE.search(bare):
        found = ("verify",) if _testable(desk.last, focus.told) else ("quality",)
        request = replace(request, intents=found) if found == ("verify",) else request
    if _OVER_ALL.search(bare):
        focus = Focus()
    elif "quality" in found and faults_asked(bare):
        focus = replace(focus, reviewers=last.reviewers)  # "which of them are vague": whoever raised them
    elif _goes_on_with_the_reply(last, bare, found, own, request):
        return replace(request, intents=("response",), reviewers=request.reviewers, topic=own, query=own)
    if found == ("disagreement",) and last.intents == ("disagreement",) and last.topic and asks_for_sides(bare):
        # The "evidence" and the "sides" are of what was just disputed.
        return replace(
            request, intents=found, reviewers=request.reviewers or last.reviewers, topic=last.topic, query=last.query
        )
    if found and found[0] in POINTED and not own and not pointed and request.item is None:
        return _of_what_was_said(request, found, focus)
    short = len(content_words(bare)) <= SHORT
    elliptic |= index is not None
    if request.reviewers and elliptic and set(found) <= {"evaluation", "difference", "reviewer"}:
        return _same_question(request, last, own)
    if pointed:
        return (
            replace(request, intents=last.intents, topic=last.topic, query=last.query)
            if not found and not own and elliptic
            else request
        )
    if meant and request.reviewers:
        return replace(request, intents=found or _reviewer_intents(last))
    if not found and not own and not request.reviewers and request.item is None and last.intents[0] in TOPICAL:
        return replace(request, intents=last.intents, topic=focus.topic, query=focus.query, about=focus.told)
    if own and short and (not found or found[0] in TOPICAL) and last.intents[0] in TOPICAL and not request.reviewers:
        # "at 3 bits?" after a question on perplexity: the topic is new, its subject is the last one.
        shared = " ".join(w for w in content_words(focus.topic) if w not in content_words(own))
        return replace(request, context=shared)
    return request


def _goes_on_with_the_reply(last: Request, bare: str, found: tuple[Intent, ...], own: str, request: Request) -> bool:
    """Whether a matter is named and nothing else after a question on the authors' reply: "the slowness?"."""
    named_alone = bool(own) and len(bare.split()) <= SHORT and not _VERBAL.search(bare)
    after_reply = (last.intents[0] in ("response", "open") or last.index is not None) and request.submission in (
        None,
        last.submission,
    )
    # Of a matter alone little can be read, and any reading of it is a guess; what needs no matter is none.
    return after_reply and named_alone and not set(found) & {*_NO_MATTER, "disagreement", "overview"}


def _testable(past: PastTurn, told: tuple[str, ...]) -> bool:
    """Whether a passage that an answer told makes a claim that can be put to the test."""
    cited = (c for c in past.answer.citations.values() if c.passage_id in told)
    return any(isinstance(understand_claim(c.text), Plan) for c in cited)


def _of_what_was_said(request: Request, found: tuple[Intent, ...], focus: Focus) -> Request:
    """ "Did the authors answer that?", "is that fair?": the last topic, of the last reviewers, and what was told of it."""
    if request.reviewers and focus.reviewers and set(request.reviewers) != set(focus.reviewers):
        return replace(request, intents=found)  # another reviewer is named, and nothing of what was said before
    return replace(
        request, intents=found, reviewers=request.reviewers or focus.reviewers, topic=focus.topic,
        query=focus.query or focus.topic, about=focus.told,
    )  # fmt: skip


def _same_question(request: Request, last: Request, own: str) -> Request:
    """The last question for other reviewers; the message's own topic, else the last one where it was a topic."""
    topic, query = last.topic, last.topic
    if last.intents[0] not in ("lookup", "reviewer", "response", "novelty", "writing", "strengths", "weaknesses"):
        topic, query = "", ""
    if own:
        topic, query = own, f"{own} {request.text}"
    theme = {"novelty": "novelty", "writing": "writing"}.get(last.intents[0], "")
    return replace(request, intents=_reviewer_intents(last), topic=topic or theme, query=query or theme)


def _reviewer_intents(last: Request) -> tuple[Intent, ...]:
    kept: tuple[Intent, ...] = tuple(
        i
        for i in last.intents
        if i in ("response", "scores", "reviewer", "recommendation", "strengths", "weaknesses", "questions")
    )
    return kept or ("reviewer",)


def ordinal(text: str) -> int | None:
    """Which item of a list the text points to (0-based, -1 the last), or None."""
    numbered = _NUMBERED.search(text)
    if numbered:
        return int(numbered.group(1)) - 1
    match = _ORDINAL.search(text)
    if match is None:
        return None
    alone = len(content_words(text)) <= 2 and not _OF_A_THING.match(text, match.end())
    if match.group(2) or alone or match.group(1).lower() in ("former", "latter"):
        return ORDINALS[match.group(1).lower()]
    return None


def _take_item(request: Request, bare: str, index: int, desk: Desk, last: Request, paper: Paper | None) -> Request:
    """The reviewer, the reviewer's point, the paper or the statement that an ordinal points to."""
    assert desk.last is not None
    answer = desk.last.answer
    if request.reviewers and _POINT.search(bare):
        return replace(request, index=index)
    of_reviewers = (
        last.intents[0] in ("overview", "scores", "reviewer")
        or bool(last.reviewers)
        or re.search(r"review", bare, re.I)
    )
    if (
        of_reviewers
        and paper is not None
        and paper.reviewers
        and not _POINT.search(bare)
        and "claim" not in bare.lower()
    ):
        names = [r.name for r in paper.reviewers]
        if -len(names) <= index < len(names):
            return replace(request, reviewers=(names[index],))
    if last.intents[0] == "list" and -len(desk.papers) <= index < len(desk.papers):
        return replace(request, submissions=(desk.papers[index].id,))
    items = [s.text for s in answer.sentences if s.bullet] or [s.text for s in answer.sentences if s.citations]
    if -len(items) <= index < len(items):
        return replace(request, item=items[index])
    return request
