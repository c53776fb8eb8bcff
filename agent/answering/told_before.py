"""What an earlier turn of the conversation told as the reply to a point is not denied in a later one. Pure.

An answer may find words of the authors for a point to which the record ties none, by what the question asked for. They
are kept as a possible reply to it for the rest of the conversation, in the answers and in the meta-review alike.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from agent.answering.points import MANNERS, MAYBE, NEAREST
from agent.desk import PastTurn
from agent.events import Answer, Citation, Sentence
from agent.gathered import ReviewFile
from agent.points import Point, PointReply
from agent.quoting import gist_of

TOLD = 0.5
"""The fit of a reply that was told as one: that it is possible is known, not how likely it is."""
BEGINNING = 60
"""Characters by which words are found again; what is quoted may be cut at its end."""
_WORDS = re.compile(r"“([^”]+)”")
_MANNER = {words: manner for manner, words in MANNERS.items()}


def with_told(file: ReviewFile, past: Sequence[PastTurn]) -> ReviewFile:
    """The file in which a point without a reply has what earlier turns told as one."""
    pairs = [pair for turn in past for pair in _pairs(turn.answer)]
    if not pairs:
        return file
    points = tuple(_with_reply(file, p, pairs) if p.status == "not answered" else p for p in file.points)
    return replace(file, points=points)


def in_their_words(points: Sequence[Point], past: Sequence[PastTurn]) -> list[Point]:
    """Of points that share their passages, those whose own words the last turn that told any of them told; else all."""
    for turn in reversed(past):
        said = [(s.text, {c.passage_id for c in _cited(s, turn.answer.citations)}) for s in turn.answer.sentences]
        told = [p for p in points if any(at & set(p.passages) and _tells(text, p) for text, at in said)]
        if told:
            return told
    return list(points)


Pair = tuple[Sentence, tuple[Citation, ...], Sentence, tuple[Citation, ...]]
"""A sentence that tells a reviewer's words and one that tells the authors' right after it, each with what it cites."""


def _pairs(answer: Answer) -> Iterator[Pair]:
    """What an answer told together; any other line between them, such as "Also on this:", parts them."""
    raised: tuple[Sentence, tuple[Citation, ...]] | None = None
    for sentence in answer.sentences:
        cited = _cited(sentence, answer.citations)
        kinds = {c.kind for c in cited}
        if sentence.kind != "fact" or not kinds or sentence.text.startswith(NEAREST):
            raised = None
        elif kinds <= {"review", "comment"}:
            raised = (sentence, cited)
        elif kinds == {"response"} and raised is not None:
            yield *raised, sentence, cited
        else:
            raised = None


def _cited(sentence: Sentence, citations: Mapping[str, Citation]) -> tuple[Citation, ...]:
    return tuple(citations[key] for key in sentence.citations if key in citations)


def _with_reply(file: ReviewFile, point: Point, pairs: Sequence[Pair]) -> Point:
    """The point with the replies that were told of it, the last told first."""
    told = [
        reply
        for raised, at, replied, by in reversed(pairs)
        if {c.passage_id for c in at} & set(point.passages)
        and _tells(raised.text, point)
        and (reply := _reply(file, point, replied, by)) is not None
    ]
    if not told:
        return point
    own = {reply.passages for reply in told}
    return replace(point, status=MAYBE, replies=(*told, *(r for r in point.replies if r.passages not in own)))


def _tells(text: str, point: Point) -> bool:
    """Whether a sentence tells a point and not another one of the same passage."""
    words = _WORDS.findall(text) or [text]
    whole, gist = _plain(point.text), _plain(point.gist)
    return any(_plain(w)[:BEGINNING] in whole or gist[:BEGINNING] in _plain(w) for w in words)


def _reply(file: ReviewFile, point: Point, sentence: Sentence, cited: Sequence[Citation]) -> PointReply | None:
    """What was told, as the record has it."""
    held = file.held(c.passage_id for c in cited)[:1]
    if not held:
        return None
    lead = sentence.text.partition(":")[0]
    manner = next((m for words, m in _MANNER.items() if words in lead), "explanation")
    words = gist_of(held[0].text, topic=f"{' '.join(_WORDS.findall(sentence.text)) or sentence.text} {point.gist}")
    return PointReply(held[0].text, words, (held[0].id,), TOLD, False, "told", manner=manner)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
