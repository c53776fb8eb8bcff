"""What the search for a message's own questions finds, where the sections written for it leave that out.

Each section goes by what a message is read to ask; the search goes by its words. Where the message is misread, or its section
says less than was found, what most probably answers is told as well, or in the place of a silence that it contradicts.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.found import Found, Query, found_for, lines, surest
from agent.answering.parts import say, speaks_of
from agent.answering.responses import said_under
from agent.cues import ABOUT_PAPER, Intent, content_words
from agent.desk import Desk, Paper
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.intents import BACKWARD
from agent.mentions import without_reviewers
from agent.questions import questions_of
from agent.quoting import quoted, sentences_of
from agent.request import Request
from agent.telling import Told, is_table
from knowledge.types import Passage

COMPLETED: frozenset[Intent] = frozenset((
    *ABOUT_PAPER, "writing", "overview", "lookup", "reviewer", "response", "open", "who", "quality", "disagreement", "scores",
    "decision", "novelty", "weaknesses", "strengths", "questions",
))  # fmt: skip
"""Intents whose answers are completed: those on what somebody wrote."""
BY_STANCE: frozenset[Intent] = frozenset(("strengths", "weaknesses", "questions", "overview", "disagreement", "open"))
"""Intents whose quotations stand for praise, objection or question: another stretch of the passage may be none of these."""
LIMIT = 16
"""Hits of a search whose sentences are looked at."""
BETTER = 1.0
"""By so much the log-odds of another stretch of a passage must be higher to be quoted in the place of the one that is."""
MOST_QUERIES = 3
LONGEST_ASKED = 400
"""Characters of a message that are searched for; a longer one tells a story before it asks."""
WORDS_ALONE = 3
"""Words of content from which on a question says itself what it is about."""
LEAST = 0.15
"""From which probability on what was found is told besides."""
LEAST_INSTEAD = 0.12
"""From which probability on it is told in the place of a silence."""
SURE = 0.5
"""The same where the search as a whole is little supported."""
LEAST_SUPPORT, SURE_SUPPORT = 0.28, 0.5
"""By what the support of a search says where half of the questions are answered: below the first, three of four are not; from
the second on as many are as are not, whatever words the passages have. Not measured on answers."""
MOST_BESIDES = 2
LONG = 160
"""Words of an answer from which on one passage besides is enough."""
OF_OTHERS = 0.5
"""What the words of a reviewer who was not asked about count."""
_OF_REVIEWS = re.compile(
    r"\b(?:review\w*|referee\w*|rebut\w*|respon\w+|repl\w+|scores?|ratings?|rated?|decision|decided|who|they|any(?:one|body)|R\d)\b",
    re.IGNORECASE,
)
"""Words by which a question asks for what reviewers, authors or chairs wrote."""
_OF_THE_RECORD = re.compile(r"No\b[^.;]* (?:is|are) on record\b")
"""A silence that is known from the record as a whole, and not from a search."""
MOSTLY = 0.5
_QUOTES_ALONE = re.compile(r"(?P<lead>[^“”]{0,80})“(?P<words>[^“”]+)”")
_SETTLED_KINDS = ("judgement", "run")


def queries(request: Request, desk: Desk) -> list[Query]:
    """What is searched for to complete an answer: the questions as they are put, and what they go on about."""
    if (
        not set(request.intents) & COMPLETED
        or request.more
        or request.stated is not None
        or request.unknown_paper is not None
        or request.unknown_reviewer is not None
    ):
        return []
    paper = desk.paper(request.submission)
    whole = request.query or request.topic
    if not whole and set(request.intents) <= {*ABOUT_PAPER, "writing", "overview"}:
        return []  # "What is the method?": the section has it all
    asked = [Query(whole)] if whole else []
    for question in questions_of(request.text):
        alone = stands_alone(question, paper)
        asked.append(Query(question if alone else with_subject(question, request, desk)))
        # "And Reviewer 3?" is the same question once more, which is known.
        named = whole and not content_words(without_reviewers(question, paper))
        asked += [Query(question, request.after)] if request.after and not (alone or named) else []
    # Words of the turns before may lead astray.
    asked += [Query(request.text)] if request.context else []
    found: dict[tuple[frozenset[str], str], Query] = {}
    for query in asked:
        # What asks by other little words finds the same.
        words = content_words(without_reviewers(query.text, paper))
        if words or query.after:
            text = query.text if query.text == whole else query.text[-LONGEST_ASKED:]
            found.setdefault((frozenset(words), query.after), replace(query, text=text))
    # What goes on from the questions before is asked so first.
    return sorted(found.values(), key=lambda query: not query.after)[:MOST_QUERIES]


def stands_alone(question: str, paper: Paper | None) -> bool:
    """Whether a question says itself what it is about."""
    return len(content_words(without_reviewers(question, paper))) >= WORDS_ALONE and not BACKWARD.search(question)


def with_subject(question: str, request: Request, desk: Desk) -> str:
    """A question with what it is about, which it leaves to what was said before."""
    own = content_words(without_reviewers(question, desk.paper(request.submission)))
    before = Request.from_json(desk.last.request) if desk.last else None
    subject = request.context or request.topic or (before.topic if before is not None else "")
    return " ".join([question, *(w for w in subject.split() if w not in own)])


def completed(
    request: Request, written: Sequence[DraftSentence], gathered: Gathered, desk: Desk
) -> list[DraftSentence]:
    """The written answer with what it leaves out though it most probably answers; where it only says that the sources are
    silent, that in its place."""
    if not is_silent(written):
        found = _found(request, gathered, desk)
        by_matter = request.topic and not set(request.intents) & BY_STANCE
        told = [_to_the_point(sentence, found, gathered) for sentence in written] if by_matter else written
        return [*told, *_besides(found, told, gathered.file(request.submission))]
    file = gathered.file(request.submission)
    if file is not None and not file.of("review") and not (request.reviewers or _OF_REVIEWS.search(request.text)):
        # That there is no review answers nobody who did not ask for one.
        found = told_of(request, gathered, desk)
        after = max((s.paragraph for s in found), default=0) + 1
        return [*found, *(replace(s, paragraph=s.paragraph + after) for s in (written[:1] if found else written))]
    settled = any(s.kind in _SETTLED_KINDS for s in written) or bool(written and _OF_THE_RECORD.match(written[0].text))
    if settled or not _has_what_is_asked(file, request):
        return list(written)
    return told_of(request, gathered, desk) or list(written)


def told_of(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What was found for the questions of a message, where it is sure enough to be the answer."""
    found = _found(request, gathered, desk)
    if not found or found[0].probability < (LEAST_INSTEAD if _speaks(found, request) else SURE):
        return []
    return _lines(surest(found), gathered.file(request.submission))


def is_silent(written: Sequence[DraftSentence]) -> bool:
    """Whether an answer begins with a silence, and goes on with what comes nearest at most."""
    return not written or (written[0].kind == "abstention" and not written[0].passages)


def _found(request: Request, gathered: Gathered, desk: Desk) -> list[Found]:
    """What was found for what is asked, each passage with what it counts by who speaks, the surest first."""
    found = found_for(request.submission, queries(request, desk), gathered)
    return sorted((one.counted(_share(one.passage, request)) for one in found), key=lambda one: -one.odds)


def _share(passage: Passage, request: Request) -> float:
    """What a passage counts by who speaks: those asked about wholly, other reviewers less, titles and scores not at all."""
    if passage.locator.section in ("Title", "Scores") or passage.kind == "relayed":
        return 0.0
    if not request.reviewers or passage.kind not in ("review", "comment", "response"):
        return 1.0
    speaker = passage.addressee if passage.kind == "response" else passage.reviewer
    return 1.0 if speaker in request.reviewers or speaker in (None, "all") else OF_OTHERS


def _has_what_is_asked(file: ReviewFile | None, request: Request) -> bool:
    """Whether there are replies, or reviews, on record where those are asked about: that there are none is the answer."""
    if file is None or not set(request.intents) - {"lookup", *ABOUT_PAPER}:
        return True
    return bool(file.of("response") if {"response", "open"} & set(request.intents) else file.of("review"))


def _speaks(found: Sequence[Found], request: Request) -> bool:
    """Whether the sources seem to speak of what is asked, and not only of the field."""
    support = max((one.hit.support for one in found if one.hit.support is not None), default=None)
    if support is None or support >= SURE_SUPPORT:
        return True
    topics = [topic for topic in (request.topic, request.text) if topic]
    return support >= LEAST_SUPPORT and any(speaks_of(one.hit, topic) for one in found for topic in topics)


def _to_the_point(sentence: DraftSentence, found: Sequence[Found], gathered: Gathered) -> DraftSentence:
    """A quotation of one passage by the stretch of it that answers what is asked, where it quotes another one."""
    quoted_words = _QUOTES_ALONE.fullmatch(sentence.text)
    if quoted_words is None or sentence.kind != "fact" or len(sentence.passages) != 1:
        return sentence
    one = next((f for f in found if f.passage.id == sentence.passages[0]), None)
    if one is None or is_table(one.passage) or one.probability < LEAST:
        return sentence
    said = _bare(quoted_words["words"])
    inside = [told.odds for told in _sentences(one.passage, gathered) if _bare(told.text) in said]
    if one.odds < max(inside, default=-math.inf) + BETTER:
        return sentence
    return replace(sentence, text=f"{quoted_words['lead']}{quoted(one.words, one.passage)}")


def _sentences(passage: Passage, gathered: Gathered) -> tuple[Told, ...]:
    """The sentences of a passage as the search that was surest of one of them scored them."""
    scored = [s.told[passage.id] for s in gathered.searched if s.told.get(passage.id)]
    return max(scored, key=lambda own: max(one.odds for one in own), default=())


def _besides(found: Sequence[Found], written: Sequence[DraftSentence], file: ReviewFile | None) -> list[DraftSentence]:
    """What was found and the answer leaves out, under a line that says so."""
    if not found:
        return []
    said = _bare(" ".join(sentence.text for sentence in written))
    limit = 1 if len(said.split()) >= LONG else MOST_BESIDES
    unsaid = [one for one in found if not _is_said(one, said)]
    told = [one for one in surest(unsaid, limit, best=found[0].odds) if one.probability >= LEAST]
    if not told:
        return []
    paragraph = max((s.paragraph for s in written), default=-1) + 1
    return [
        say("Also on this:", paragraph=paragraph),
        *(replace(s, paragraph=paragraph) for s in _lines(told, file)),
    ]


def _is_said(one: Found, said: str) -> bool:
    """Whether an answer, bare, tells most of a stretch already, or the sentence that it is told for."""
    if one.sentence and _bare(one.sentence) in said:
        return True
    parts = [_bare(part) for part in sentences_of(one.words)] or [_bare(one.words)]
    return sum(len(part) for part in parts if part in said) >= MOSTLY * sum(map(len, parts))


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _lines(found: Sequence[Found], file: ReviewFile | None) -> list[DraftSentence]:
    """What is told of each; of a reply that only repeats the question, what follows it there."""
    told: dict[str, Found] = {}
    for one in found:
        under = said_under(file, one.passage) if file is not None and one.passage.kind == "response" else []
        for own in [one.of(p) for p in under] or [one]:
            told.setdefault(own.passage.id, own)
    return lines(list(told.values()))
