"""What a route to an answer left out: the passages that most probably answer the question, where it did not use them.

Each route goes by what it takes a message to ask. Where that is misread, or the route says less than was found, what the
search for the whole question found is told as well, or in the place of a silence that it contradicts.
"""

from collections.abc import Sequence
from dataclasses import replace

from agent.answering.found import Found, found_for, lines, surest
from agent.answering.parts import say, speaks_of
from agent.cues import ABOUT_PAPER, Intent
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.request import Request

COMPLETED: frozenset[Intent] = frozenset((*ABOUT_PAPER, "writing", "overview"))
"""Intents whose answer is completed here: those on the paper. What is asked of the discussion is completed by `completing`."""
LEAST = 0.11
"""From which probability on what was found is told besides."""
LEAST_INSTEAD = 0.09
"""From which probability on it is told in the place of a silence."""
SURE = 0.4
"""The same where the search as a whole is little supported."""
LEAST_SUPPORT, SURE_SUPPORT = 0.45, 0.75
"""Measured on 160 questions over imported and bundled papers, half of which their sources leave open: below the first, three of
four that seemed to be answered were not; above the second, passages of other words answered as often as not."""
MOST_BESIDES = 2
LONG = 160
"""Words of an answer from which on one passage besides is enough."""


def asks_whole(request: Request) -> bool:
    """Whether the answer to a request is completed from a search for the whole question."""
    return bool(
        request.submission
        and (request.topic or request.query)
        and not request.more
        and request.stated is None
        and request.unknown_paper is None
        and request.unknown_reviewer is None
        and request.item is None
        and set(request.intents) <= {*COMPLETED, "lookup"}
    )


def whole_query(request: Request) -> str:
    """What the whole question is searched with."""
    return request.query or request.topic or request.text


def whole_queries(request: Request) -> list[str]:
    """The same, and the message alone where words of the turns before are searched with it, which may lead astray."""
    return [whole_query(request), *([request.text] if request.context else [])]


def complete(request: Request, gathered: Gathered, written: Sequence[DraftSentence]) -> list[DraftSentence]:
    """An answer with what was found besides, or what was found where the answer is that nothing was."""
    if not asks_whole(request) or not set(request.intents) <= COMPLETED:
        return list(written)
    found = found_for(request.submission, whole_queries(request), gathered)
    if not found:
        return list(written)
    if is_silent(written):
        return told_of(request, gathered) or list(written)
    return [*written, *_besides(found, written)]


def told_of(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """What was found for the whole question, where it is sure enough to be the answer."""
    found = found_for(request.submission, whole_queries(request), gathered)
    if not found:
        return []
    least = LEAST_INSTEAD if _speaks(found, request) else SURE
    return lines(surest(found)) if found[0].probability >= least else []


def _speaks(found: Sequence[Found], request: Request) -> bool:
    """Whether the sources seem to speak of what is asked, and not only of the field."""
    support = found[0].hit.support
    if support is None or support >= SURE_SUPPORT:
        return True
    return support >= LEAST_SUPPORT and any(speaks_of(one.hit, request.topic or request.text) for one in found)


def is_silent(written: Sequence[DraftSentence]) -> bool:
    """Whether an answer begins with a silence, and goes on with what comes nearest at most."""
    return not written or (written[0].kind == "abstention" and not written[0].passages)


def _besides(found: Sequence[Found], written: Sequence[DraftSentence]) -> list[DraftSentence]:
    cited = {passage for sentence in written for passage in sentence.passages}
    said = " ".join(sentence.text for sentence in written)
    limit = 1 if len(said.split()) >= LONG else MOST_BESIDES
    told = [one for one in surest(found, limit, but=cited) if one.probability >= LEAST and one.words not in said]
    if not told:
        return []
    paragraph = max((s.paragraph for s in written), default=-1) + 1
    return [say("Also on this:", paragraph=paragraph), *(replace(s, paragraph=paragraph) for s in lines(told))]
