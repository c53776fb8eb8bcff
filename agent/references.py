"""What a message leaves to the conversation: "the second one", "that claim", "the same for reviewer 3". Pure.

References back are resolved against the last answer and its request.
"""

import re
from dataclasses import replace

from agent.claims import settings_in
from agent.cues import Intent, content_words
from agent.desk import Desk, Paper
from agent.intents import BACKWARD, intents_in, topic_of
from agent.request import Request

ORDINALS = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1, "latter": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b(?:the |its |that )?({'|'.join(ORDINALS)})\b(?: (one|reviewer|review|point|claim|item|question|concern|weakness|strength|paper|of (?:these|them|those)))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:claim|point|item|concern|question|number|no\.?|#) ?(\d{1,2})\b", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"^\W*(?:ok(?:ay)?[,.]? |thanks?[,.]? |i see[,.]? |right[,.]? )*(?:and|what about|how about|and what about|now|same (?:for|question))\b",
    re.IGNORECASE,
)
_MEANT = re.compile(r"^\W*(?:no|sorry|actually|wait)?[,. ]*(?:i meant|i mean|rather|instead)\b(?: to)?", re.IGNORECASE)
_OTHER = re.compile(r"\bthe other (?:one|reviewers?|ones)\b", re.IGNORECASE)
_POINT = re.compile(r"\b(concern|weakness|question|point|objection|criticism|strength|issue)s?\b", re.IGNORECASE)


def refer_back(request: Request, bare: str, desk: Desk, last: Request | None, paper: Paper | None) -> Request:
    """Fill in what a message leaves to the conversation: the second one, the same question, that claim."""
    if last is None or desk.last is None:
        return request
    meant = _MEANT.search(bare)
    if meant:
        bare = bare[meant.end() :]
    found = intents_in(bare)
    own = topic_of(bare, request, paper)
    if last.intents[0] in ("verify", "consent") and settings_in(bare) and len(content_words(bare)) <= 4:
        return replace(request, intents=("verify",))
    if found == ("response",) and BACKWARD.search(bare) and not request.reviewers and not own:
        return _response_to_last(request, desk, last)
    index = _ordinal(bare)
    if index is not None:
        request = _take_item(request, bare, index, desk, last, paper)
        if request.index is not None:
            return replace(request, intents=("reviewer",))
        if request.item is not None and not found:
            return replace(request, intents=("lookup",), topic=request.item, query=request.item)
    elif _OTHER.search(bare) and paper is not None and last.reviewers:
        others = tuple(r.name for r in paper.reviewers if r.name not in last.reviewers)
        request = replace(request, reviewers=others)
    elliptic = index is not None or bool(meant) or (bool(_ELLIPSIS.search(bare)) and len(content_words(bare)) <= 6)
    if not elliptic:
        return request
    pointed = request.submission not in (None, last.submission)
    if request.reviewers and not [i for i in found if i != "evaluation"]:
        return _same_question(request, last, own)
    if pointed and not found and not own:
        return replace(request, intents=last.intents, topic=last.topic, query=last.query)
    if meant and request.reviewers:
        return replace(request, intents=found or _reviewer_intents(last))
    return request


def _same_question(request: Request, last: Request, own: str) -> Request:
    """The last question for other reviewers; the message's own topic, else the last one where it was a topic."""
    topic, query = last.topic, last.topic
    if last.intents[0] not in ("lookup", "reviewer", "response", "novelty", "writing", "strengths", "weaknesses"):
        topic, query = "", ""
    if own:
        topic, query = own, f"{own} {request.text}"
    theme = {"novelty": "novelty", "writing": "writing"}.get(last.intents[0], "")
    return replace(request, intents=_reviewer_intents(last), topic=topic or theme, query=query or theme)


def _response_to_last(request: Request, desk: Desk, last: Request) -> Request:
    """ "Did the authors answer that?": that is the last topic, else what the last answer said first."""
    assert desk.last is not None
    if last.reviewers or last.topic:
        return replace(request, intents=("response",), reviewers=last.reviewers, topic=last.topic, query=last.query)
    said = next((s.text for s in desk.last.answer.sentences if s.citations), "")
    return replace(request, intents=("response",), topic=" ".join(content_words(said)), query=said)


def _reviewer_intents(last: Request) -> tuple[Intent, ...]:
    kept: tuple[Intent, ...] = tuple(
        i
        for i in last.intents
        if i in ("response", "scores", "reviewer", "recommendation", "strengths", "weaknesses", "questions")
    )
    return kept or ("reviewer",)


def _ordinal(text: str) -> int | None:
    """Which item of a list the text points to (0-based, -1 the last), or None."""
    numbered = _NUMBERED.search(text)
    if numbered:
        return int(numbered.group(1)) - 1
    match = _ORDINAL.search(text)
    if match and (match.group(2) or len(content_words(text)) <= 2 or match.group(1).lower() in ("former", "latter")):
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
