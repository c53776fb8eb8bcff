"""What the authors answered in one way: granted, disputed, changed in the paper, or met with new results."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.parts import judge, listed, say
from agent.answering.point_by_point import by_reply
from agent.answering.points import in_paragraph, names_of, passages_of, point_line, ranked, reply_line, verdict_line
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.points import Point, PointReply
from agent.quoting import sentences_of

ASKED = {
    "concession": r"\b(?:conced\w+|admit\w*|grant(?:s|ed)?|acknowledg\w+|own(?:s|ed)? up|back(?:s|ed)? down)\b",
    "rebuttal": r"\b(?:disput\w+|push(?:es|ed)? back|disagree\w*|contest\w*|reject(?:s|ed)? (?:the|that|which|any) (?:point|criticism|objection)s?|deny|denied|denies)\b",
    "results": r"\b(?:new|additional|extra|further|fresh|more) (?:results?|experiments?|numbers?|runs?|measurements?|evidence|data|tables?)\b|\b(?:experiments?|results?|runs?|numbers?|measurements?) (?:did|have|do) (?:they|the authors)\b",
    "revision": r"\b(?:what|which|how|anything|something)\b.{0,30}\b(?:chang\w+|revis\w+|rewr\w+|edit\w*|updat\w+|fix\w*)\b.{0,30}\b(?:paper|manuscript|text|version|draft|revision)\b|\bwhat (?:did|have) (?:they|the authors) (?:actually )?(?:chang\w+|revis\w+|fix\w*)\b",
}
"""How a question asks for one way of answering."""
TOLD = {
    "concession": ("grant", "these points"), "rebuttal": ("dispute", "these points"),
    "results": ("answer", "these points with results"), "revision": ("say that they changed the paper on", "these points"),
}  # fmt: skip
NONE = {
    "concession": "grant a point", "rebuttal": "dispute a point", "results": "answer a point with results",
    "revision": "say that they changed the paper",
}  # fmt: skip
_BY_AUTHORS = re.compile(r"\b(?:authors?|they|rebuttal|response|repl\w+)\b", re.IGNORECASE)
_ASKS_LATER = re.compile(r"\b(?:put(?:ting)? off|postpon\w+|defer(?:red|s)?|future work|left? (?:\w+ ){0,3}for (?:later|the future|another paper)|kick\w* (?:\w+ )?down the road|not (?:do|done|deliver\w*) now)\b", re.IGNORECASE)  # fmt: skip
_LATER = re.compile(
    r"\bfuture (?:work|research|study|version|direction|investigation)|\bin (?:the|near) future\b|\b(?:leave|left) (?:\w+ ){0,6}(?:for|to|as) (?:future|later|a)|\bnot (?:the|our) (?:focus|scope|goal)\b|\bbeyond (?:the|our) scope|\b(?:out|outside) (?:of )?(?:the |our )?scope|\bnext (?:version|paper)\b|\bsubject to (?:our )?future|\b(?:could|can|may|were|are) (?:not|unable to) (?:be )?(?:carry|complete|run|finish|do)\w*",
    re.IGNORECASE,
)
MOST = 6


def manner_asked(text: str) -> str | None:
    """The way of answering that a question about the authors' replies is after, if one."""
    if not _BY_AUTHORS.search(text):
        return None
    return next((manner for manner, words in ASKED.items() if re.search(words, text, re.IGNORECASE)), None)


def answered_by(file: ReviewFile, manner: str, names: Sequence[str]) -> list[DraftSentence]:
    """The points that the authors mainly answer in one way, each with the reply; or that there are none."""
    points = [p for p in file.raised("objects", "asks", reviewers=names, small=True) if p.status != "not answered"]
    held = [p for p in points if p.replies and p.replies[0].manner == manner]
    to = f" to {listed(names)}" if names else ""
    if not held:
        return [say(f"In the replies{to} on record the authors do not {NONE[manner]}.", "abstention")]
    groups = by_reply(ranked(file, held))[:MOST]
    chosen = [p for group in groups for p in group]
    verb, what = TOLD[manner]
    lines = [
        judge(
            f"The authors {verb} {what} of {names_of(chosen)}:",
            *passages_of(file, chosen[:8]),
            *file.held(p.replies[0].passages[0] for p in chosen[:8]),
        )
    ]
    for n, group in enumerate(groups, 1):
        told = [*[point_line(file, p) for p in group], reply_line(file, group[0], group[0].replies[0])]
        lines += in_paragraph([*told, *verdict_line(file, group[0])], n)
    return lines


def asks_postponed(text: str) -> bool:
    """Whether a question is for what the authors leave to later work."""
    return bool(_ASKS_LATER.search(text))


def postponed(file: ReviewFile, names: Sequence[str]) -> list[DraftSentence]:
    """The points that the authors leave to later work, or outside of theirs, each with the words in which they do."""
    found: list[tuple[Point, PointReply, str]] = []
    for point in ranked(file, file.raised("objects", "asks", reviewers=names)):
        for reply in point.replies if point.status != "not answered" else ():
            said = next((s for s in sentences_of(reply.text) if _LATER.search(s)), "")
            if said and all(said != other for _, _, other in found):
                found.append((point, reply, said))
                break
    if not found:
        return [say("In the replies on record the authors leave nothing to later work.", "abstention")]
    points = [point for point, _, _ in found[:MOST]]
    cited = [*passages_of(file, points), *file.held(r.passages[0] for _, r, _ in found[:MOST])]
    lines = [
        judge(f"The authors leave these points of {names_of(points)} to later work, or outside of theirs:", *cited)
    ]
    for n, (point, reply, said) in enumerate(found[:MOST], 1):
        told = replace(reply, gist=said, manner="explanation")
        lines += in_paragraph([point_line(file, point), reply_line(file, point, told)], n)
    return lines
