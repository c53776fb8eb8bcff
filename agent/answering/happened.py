"""What a question takes for granted of the authors and the chairs ("they admitted it", "why was it withdrawn?"), held against
the record."""

import re

from agent.answering.parts import coverage, judge, quote, say, unique
from agent.answering.points import in_paragraph, passages_of, ranked, with_reply
from agent.answering.themes import themes_of
from agent.answering.voices import on_topic
from agent.cues import CHAT_WORDS, CUE_WORDS, content_words
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.leading import HYPOTHETICAL, asks_what, statement_of
from agent.points import Point, PointReply
from agent.request import Request

_ADMITS = re.compile(
    r"\b(?:authors?|they|rebuttal|response)\b(?: \w+){0,3}? (?:admit\w*|conced\w+|acknowledg\w+|grant(?:s|ed)?|own(?:s|ed)? up|agree[sd]?(?! to\b))\b(?: (?:\w+ )?(?:that|to|the|it|its|with|there|their|how)\b)",
    re.IGNORECASE,
)
_GRANTS = re.compile(
    r"\b(?:we|authors) (?:\w+ )?(?:agree|admit|conced|acknowledg|grant|regret)\w*|\b(?:is|are) (?:indeed )?(?:right|correct) (?:that|in)\b|\bgood point\b",
    re.IGNORECASE,
)
_PAPER = r"(?:it|(?:the|this|that|their|our) (?:paper|submission|manuscript|work))"
_CHAIRS = r"(?:chairs?|acs?|pcs?|committee|conference|venue|editors?|organi[sz]ers?|they|you|iclr|neurips|icml)"


def _decided(verb: str) -> re.Pattern[str]:
    """Words by which a paper is said to have been accepted, or rejected."""
    return re.compile(
        rf"\b{_PAPER}(?: \w+)? (?:was|were|got|get|been)\b(?: \w+)? (?:desk[- ])?{verb}ed\b|\b(?:was|were) {_PAPER} (?:\w+ )?(?:desk[- ])?{verb}ed\b"
        rf"|\b(?:did|have|has|had)\b[^.?!]{{0,20}}\b{_CHAIRS}\b(?: \d+)?(?: \w+)? {verb}(?:ed)? {_PAPER}|\b{_CHAIRS}(?: \d+)? {verb}ed {_PAPER}",
        re.IGNORECASE,
    )


_HAPPENED = {
    "withdrawn": re.compile(
        rf"\b(?:authors?|they)\b(?: \w+)? (?:withdrew|withdraw|withdrawn|pulled|retracted)(?: {_PAPER})?(?=\W*$|, \w+\W*$| (?:after|before|from|during|because|since)\b)|\b(?:{_PAPER} (?:was|got|been)|(?:was|has) {_PAPER}(?: been)?)(?: \w+)? (?:withdrawn|retracted)\b",
        re.IGNORECASE,
    ),
    "accepted": _decided("accept"),
    "rejected": _decided("reject"),
}
OF_AUTHORS_AND_CHAIRS = (_ADMITS, *_HAPPENED.values())
_OUTCOMES = (
    ("withdrawn", re.compile(r"\bwithdr\w+|\bretract\w+", re.IGNORECASE)),
    ("rejected", re.compile(r"\breject\w*|\bnot accept\w*|\bdeclin\w+", re.IGNORECASE)),
    ("accepted", re.compile(r"\baccept\w*", re.IGNORECASE)),
)
_NOT = re.compile(r"(?:\bnot|\bnever|n['’]t)(?: \w+)? (?:accept|reject|withdr)\w*|\b(?:was|did|has|had)n['’]t\b.{0,30}(?:accept|reject|withdr)", re.IGNORECASE)  # fmt: skip
MOST = 3
HOLDS = 0.5
"""Share of a matter's words that a point holds which is on it."""


def on_outcome(request: Request, file: ReviewFile) -> list[DraftSentence]:
    """That a paper was not withdrawn, accepted or rejected as a message takes it to be, with the decision on record."""
    said = next(((name, found) for name, words in _HAPPENED.items() if (found := words.search(request.text))), None)
    if said is None or request.reviewers or HYPOTHETICAL.search(request.text[: said[1].start()]):
        return []
    assumed = said[0]
    decided = unique(p for p in file.of("decision") if p.locator.section != "Title") or unique(file.of("meta-review"))
    found = next(((names[0], p) for p in decided if (names := _outcomes_in(p.text))), None)
    if found is not None and len(_outcomes_in(found[1].text)) > 1:
        return []  # it speaks of both: which of them came of it is not told by the words
    if found is None:
        return [say("No withdrawal is on record, and no decision either.", "abstention")] if assumed == "withdrawn" and not decided else []  # fmt: skip
    if (found[0] == assumed) is not bool(_NOT.search(request.text)):
        return []
    lead = "No withdrawal is on record; the decision on record is this:" if assumed == "withdrawn" else f"The record has it otherwise: the paper was {found[0]}."  # fmt: skip
    return [judge(lead, found[1]), quote(found[1])]


def _outcomes_in(text: str) -> list[str]:
    """The outcomes that a text speaks of."""
    return [name for name, words in _OUTCOMES if words.search(text)]


def on_admission(request: Request, file: ReviewFile, gathered: Gathered) -> list[DraftSentence]:
    """Whether the authors grant what a message says that they admitted: the replies that do, or those that do not."""
    said = _ADMITS.search(request.text)
    # "Limits that they own up to?" asks which, and takes nothing for granted.
    asks_which = asks_what(request.text) or "limitations" in request.intents
    if said is None or asks_which or HYPOTHETICAL.search(request.text[: said.start()]):
        return []
    points = _concerns_on(statement_of(request.text[said.end() :]), request, file, gathered)
    if not points:
        named = content_words(request.text[said.end() :])
        return [say("No admission of this was found in the replies.", "abstention")] if named else []
    replied = [p for p in points if p.status != "not answered"]
    granting = [p for p in replied if any(map(_grants, p.replies[:1]))]
    chosen = ranked(file, granting or replied or points)[:MOST]
    lead = "The authors seem to grant something on this:" if granting else "No such admission was found in the replies:"
    cited = file.held(r.passages[0] for p in chosen for r in p.replies[:1] if p.status != "not answered")
    lines = [judge(lead, *passages_of(file, chosen), *cited)]
    for n, point in enumerate(chosen, 1):
        lines += in_paragraph(with_reply(file, point, nearest=False), n)
    return lines


def _grants(reply: PointReply) -> bool:
    """Whether a reply concedes something, by its manner or its words."""
    return reply.manner == "concession" or bool(_GRANTS.search(reply.text))


def _concerns_on(matter: str, request: Request, file: ReviewFile, gathered: Gathered) -> list[Point]:
    """The objections and questions that a matter is about: that hold its words, else on its theme."""
    raised = [p for p in file.raised("objects", "asks", reviewers=request.reviewers) if p.status is not None]
    words = [w for w in content_words(matter) if w not in CHAT_WORDS and w not in CUE_WORDS]
    topic = " ".join(words)
    near = [p for p in on_topic(file, topic, gathered) if p in raised] if topic else []
    held = [p for p in near if coverage(topic, p.whole) >= HOLDS]
    themes = themes_of(matter)[:1]
    return held or [p for p in raised if set(themes) & set(themes_of(p)[:2])] or near[:MOST]
