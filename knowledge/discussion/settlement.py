"""Whether a reviewer came back and said that a reply settles a point."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.discussion.pairing import Vectors
from knowledge.discussion.points import ReviewPoint
from knowledge.discussion.replies import Answer
from knowledge.discussion.thread import is_reply
from knowledge.discussion.words import Rarity, sentences, stem, terms
from knowledge.types import Document

Verdict = Literal["yes", "no", "unknown"]

MATTER = r"(?:concerns?|questions?|issues?|comments?|points?|doubts?|criticisms?|weakness(?:es)?|problems?)"
YES = re.compile(
    rf"\b{MATTER}\b.{{0,60}}\b(?:(?:address|resolv|solv|clarif|answer|settl|alleviat)\w*|cleared (?:up\b)?)|\b(?:address|resolv|solv|clarif|answer|settl|alleviat)\w*\b.{{0,40}}\b{MATTER}\b"
    r"|\bsatisfied (?:with|by)|\bno (?:further|more|remaining|other) (?:questions?|concerns?|comments?)|\b(?:am|was) (?:now |fully )*(?:convinced|happy|satisfied)|\bmakes sense (?:now|to me)|\bthis (?:is|was) (?:very |now )*(?:clear|clarifying)\b",
    re.IGNORECASE,
)
NO = re.compile(
    rf"\bfail\w* to (?:\w+ )?(?:address|resolv|solv|clarif|answer|convinc)\w*|\b{MATTER}\b.{{0,60}}\bis still (?:there|open|valid)\b|\b(?:not|n't|nor|never)\b.{{0,45}}\b(?:address|resolv|clarif|answer|convinc|settl|satisf|alleviat)\w*|\b(?:not|n't)\b.{{0,30}}\b(?:chang|rais|increas)\w* (?:my|the) (?:score|rating|mind|opinion|assessment|recommendation)"
    rf"|\bstill (?:\w+ )?(?:think|believe|feel|find|see|have|not|concern\w*|unclear|lack\w*|limited|unconvinced|un\w+|miss\w*|hold|maintain|stand\w*|seems?|worr\w*|doubt\w*|need\w*|remain\w*|an? (?:issue|problem|concern))|\bis \**still limited"
    rf"|\bremain(?:s|ing)? (?:\w+ )?(?:unconvinced|concerned|un\w+|limited|skeptical|sceptical|an? (?:concern|issue|problem)|valid|open|{MATTER})|\b(?:concern|issue|question|problem)s? (?:remain|stay|stand|persist)s?\b|\binsist\b|\bno modifications?\b|\bunconvinced\b"
    r"|\b(?:lower|decreas|reduc)\w* (?:my|the) (?:score|rating)",
    re.IGNORECASE,
)
PARTLY = re.compile(r"\b(?:partial(?:ly)?|partly|some of|to some extent|half)\b", re.IGNORECASE)
RAISED = re.compile(
    r"\bmore (?:favou?rable|positive)|\b(?:rais|increas|upgrad|bump)\w* (?:my|the) (?:\w+ )?(?:score|rating|review|recommendation|evaluation)|\b(?:score|rating) .{0,25}\b(?:raised|increased|upgraded)\b|\b(?:updat|chang|revis)(?:ed|ing) (?:my|the) (?:\w+ )?(?:scores?|ratings?)\b",
    re.IGNORECASE,
)
"""A better score tells that something was settled, and not what."""
KEPT = re.compile(r"\b(?:keep|maintain|retain|stand by|stick (?:to|with)|unchanged|not modified)\w*\b.{0,30}\b(?:score|rating|recommendation|review|assessment)?|\bread (?:through )?(?:the|your) (?:author'?s?'? )?(?:response|rebuttal|repl(?:y|ies))", re.IGNORECASE)  # fmt: skip
WITHDRAWN = re.compile(
    rf"\bI (?:had |have |must have |indeed |clearly )*(?:overlooked|missed|misread|misunderstood|overlook)\b|\bwithdr[ae]w\w*|\bstand corrected|\bI was (?:wrong|mistaken)\b|\bmy (?:mistake|error|oversight)\b|\b{MATTER}\b.{{0,40}}\b(?:was|were|is) (?:mistaken|unfounded|unjustified)",
    re.IGNORECASE,
)
"""What a reviewer takes back needs no reply to be settled."""
_APOLOGY = frozenset(
    stem(word) for word in "sorry apologies apologize point thanks indeed rebuttal author authors".split()
)
CONDITION = re.compile(r"\b(?:if|once|provided|unless|in case)\b.{0,60}\b(?:address|resolv|solv|clarif|answer)\w*|\b(?:needs?|has|have|should|must|would be good) to (?:be )?(?:address|resolv|clarif|answer)\w*", re.IGNORECASE)  # fmt: skip
"""What would settle a matter, or has to, settles nothing yet."""
EVERYTHING = re.compile(
    rf"\b(?:my|all|all (?:of )?(?:my|the)|these|most of my) (?:\w+ ){{0,2}}{MATTER}\b(?! (?:about|on|regarding|of|with|concerning|in|that|over))",
    re.IGNORECASE,
)
"""The reviewer's concerns together, and not one by name."""
UPDATE = re.compile(
    r"^[\s*_#=\-\[(]*(?:post[- ]?rebuttal|after (?:the )?(?:reading |author'?s?'? )*(?:rebuttal|response|discussion)|update[ds]?\b|edit\b|final (?:justification|comments?|remarks?)|response to (?:the )?(?:rebuttal|authors)|no rebuttal)",
    re.IGNORECASE,
)
ORIGINAL = re.compile(r"^[\s*_#=\-\[(]*(?:original|initial|old|previous) review", re.IGNORECASE)
VERDICT_WORDS = frozenset(
    stem(word)
    for word in """address addressed resolve resolved clarify clarified answer answered settle settled solve solved cleared raise raised increase
    increased score rating convinced satisfied remain remains still keep maintain insist overall thus therefore tend
    fully partially partly adequately detailed rebuttal response feedback explanation clarification clarifications
    further happy final accept reject acceptance read reading most all some mine modification original favorable
    weakness issue problem decide decided evaluation recommendation""".split()
)
CLOSE, NEAR_TERMS = 0.34, 0.18
"""From which cosine, or which share of rare words, on a verdict that names a matter speaks of a point."""
BESIDE = 0.15
"""A verdict on a matter speaks of the nearest point, and of those that are nearer than it by no more than this."""


@dataclass(frozen=True)
class Settlement:
    """What a reviewer said after the replies: exactly the document's text at the offsets.

    general: it speaks of all that the reviewer raised, and not of this point by name.
    """

    verdict: Verdict
    document: str
    start: int
    end: int
    general: bool


@dataclass(frozen=True)
class Statement:
    """A sentence in which a reviewer judges the replies."""

    verdict: Verdict
    document: Document
    start: int
    end: int
    topic: frozenset[str]
    withdrawn: bool = False
    """Whether the reviewer takes something back; that is always about a matter, named here or in the sentence before."""

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]


def find_settlements(
    points: Sequence[ReviewPoint],
    answers: Mapping[str, Answer],
    documents: Sequence[Document],
    vectors: Vectors,
) -> dict[str, Settlement]:
    """By point: what its reviewer said of the replies afterwards, where anything. A word on the matter itself goes before
    a general one; "partly" and a score that is kept or raised do not tell what is settled and are "unknown".

    `vectors` holds a unit vector for the text of each point and each statement.
    """
    by_id = {document.id: document for document in documents}
    said = read_statements(documents)
    asking = [point for point in points if point.wants_reply]
    rarity = Rarity.among(terms(point.text) for point in asking)
    settled: dict[str, Settlement] = {}
    for name in {point.reviewer for point in asking}:
        own = [statement for statement in said if statement.document.author == name]
        mine = [point for point in asking if point.reviewer == name]
        for statement in [s for s in own if not s.topic] + [s for s in own if s.topic]:
            targets = [p for p in mine if follows(statement, p, answers, by_id)]
            if statement.topic:
                targets = nearest(statement, targets, rarity, vectors)
            for point in targets:
                found = Settlement(
                    statement.verdict, statement.document.id, statement.start, statement.end, not statement.topic
                )
                settled[point.id] = decide(settled.get(point.id), found)
    return settled


def decide(before: Settlement | None, found: Settlement) -> Settlement:
    """Of two words on a point the one that says more: on the matter before general, a verdict before none, then a no."""
    if (
        before is None
        or before.verdict == "unknown"
        or (before.general and not found.general and found.verdict != "unknown")
    ):
        return found
    return found if found.verdict == "no" and before.general == found.general else before


def read_statements(documents: Sequence[Document]) -> list[Statement]:
    """The sentences of later comments, and of parts of reviews that were written after the replies, that judge these."""
    replied = any(is_reply(document) for document in documents)
    statements = []
    for document in documents if replied else ():
        if document.kind not in ("review", "comment") or is_reply(document):
            continue
        later = document.kind == "comment"
        before = 0
        for start, end in sentences(document.text):
            sentence = document.text[start:end]
            if UPDATE.match(sentence):
                later = True
            elif ORIGINAL.match(sentence) or (document.kind == "review" and starts_section(document, start)):
                later = document.kind == "comment"
            if later and WITHDRAWN.search(sentence):
                statements += _withdrawal(document, before, start, end)
            elif later and (verdict := verdict_of(sentence)):
                statements.append(Statement(verdict, document, start, end, topic_of(sentence, verdict)))
            before = start
    return statements


def _withdrawal(document: Document, before: int, start: int, end: int) -> list[Statement]:
    """What a sentence takes back; one that does not name it ("I overlooked it.") is read with the sentence before."""
    for first in (start, before):
        topic = terms(WITHDRAWN.sub(" ", document.text[first:end])) - VERDICT_WORDS - _APOLOGY
        if topic:
            return [Statement("yes", document, first, end, topic, True)]
    return []


def topic_of(sentence: str, verdict: Verdict) -> frozenset[str]:
    """The terms of the matter that a verdict names; none where it speaks of everything."""
    topic = terms(sentence) - VERDICT_WORDS
    named = len(topic) >= 2 and verdict != "unknown" and not (verdict == "yes" and EVERYTHING.search(sentence))
    return topic if named else frozenset()


def starts_section(document: Document, offset: int) -> bool:
    return any(
        section.start <= offset < section.start + len(section.title) + 4 and not UPDATE.match(section.title)
        for section in document.sections
    )


def verdict_of(sentence: str) -> Verdict | None:
    """What a sentence says of the replies: None where it says nothing of them."""
    if NO.search(sentence):
        return "no"
    if YES.search(sentence) and not CONDITION.search(sentence):
        return "unknown" if PARTLY.search(sentence) else "yes"
    return "unknown" if RAISED.search(sentence) or KEPT.search(sentence) else None


def follows(
    statement: Statement, point: ReviewPoint, answers: Mapping[str, Answer], by_id: Mapping[str, Document]
) -> bool:
    """Whether a statement was made after a reply to the point, as far as the dates tell."""
    answer = answers.get(point.id)
    if (
        answer is None
        or (answer.status == "not answered" and statement.verdict != "no" and not statement.withdrawn)
        or (statement.document.id == point.document and is_asking_anew(statement, point))
    ):
        return False
    if statement.withdrawn:
        return True
    written = [by_id[reply.document].date for reply in answer.replies]
    said = statement.document.date
    return (
        statement.document.id == point.document
        or not said
        or not written
        or any(not date or date <= said for date in written)
    )


def is_asking_anew(statement: Statement, point: ReviewPoint) -> bool:
    """Whether the point came up only with the verdict: in the same later comment, or in the sentence that judges."""
    return statement.document.kind == "comment" or point.start <= statement.start < point.end


def nearest(statement: Statement, points: Sequence[ReviewPoint], rarity: Rarity, vectors: Vectors) -> list[ReviewPoint]:
    """The points that a statement on a matter speaks of."""
    own = vectors[statement.text]
    near = []
    for point in points:
        cosine = float(own @ vectors[point.text])
        shared = rarity.shared(statement.topic, terms(point.text))
        if cosine >= CLOSE or shared >= NEAR_TERMS:
            near.append((cosine + shared, point))
    near.sort(key=lambda pair: -pair[0])
    if statement.withdrawn:
        return [point for _, point in near[:1]]
    return [point for score, point in near if score >= near[0][0] - BESIDE]
