"""Whether the code of a paper is to be had: who says so, who promises it, and who misses it."""

import re
from collections.abc import Iterable, Sequence

from agent.answering.parts import judge, quote, say, unique, who
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.quoting import sentences_of
from agent.request import Request
from knowledge.types import Passage

_CODE = r"(?:code|codebase|implementation|source|scripts?|repo(?:sitory|s)?|github|checkpoints?|pre-?trained (?:weights|models))"
_THERE = r"(?:available|public(?:ly)?|releas\w*|open(?:ed|[- ]?sourc\w*)?|shar(?:e|ed)|publish\w*|online|link|url|github|download\w*|provid\w+|made)"
ASKS_FOR_CODE = re.compile(
    rf"\b{_CODE}\b[^.?!]{{0,40}}\b{_THERE}\b|\b{_THERE}\b[^.?!]{{0,30}}\b{_CODE}\b|\bis there (?:any |an? )?(?:\w+ )?{_CODE}\b|\bwhere (?:is|can|do)\b[^.?!]{{0,30}}\b(?:code|implementation|repo\w*)\b|\bopen[- ]?source[d]?\b",
    re.IGNORECASE,
)
"""Words that ask whether the code is to be had."""
_NOT_OF_CODE = re.compile(r"\b(?:code ?words?|code ?books?|code length|huffman|binary code|source of|error|promis\w+)\b", re.IGNORECASE)  # fmt: skip
_GITHUB = re.compile(r"\bgit(?:hub|lab)\b|\bbitbucket\b|https?://\S*(?:git|code)\S*", re.IGNORECASE)
_PUBLIC = re.compile(rf"\b(?:is|are|was|were|been|has|have|we|now)\b[^.;]{{0,60}}\b(?:available|public\w*|released|open[- ]?sourced?|published|online|provided)\b|\b(?:available|published|released|public) (?:at|on|as|online|under)\b|{_GITHUB.pattern}", re.IGNORECASE)  # fmt: skip
_WILL = re.compile(
    r"\bwill\b|\bwould\b|\bpromis(?:e|es|ed)\b|\bplan(?:s|ned)?\b|\bintend\w*|\bsoon\b|\bannounces? that\b|\bupon (?:acceptance|publication)\b|\bafter (?:acceptance|publication)\b|\bgoing to\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:no|not|without|n['’]t|never|un(?:available|released)|missing|lacks?|lacking)\b", re.IGNORECASE)
_OF_CODE = re.compile(r"\b(?:code|implementation|repositor\w+|scripts|tutorial|checkpoints|notebook)\b|git(?:hub|lab)\b", re.IGNORECASE)  # fmt: skip
MOST = 3
_OWN_KINDS = ("paper", "notes", "response", "comment", "review", "meta-review")


def asks_for_code(text: str) -> bool:
    """Whether a message asks whether the code is to be had."""
    return bool(ASKS_FOR_CODE.search(text)) and not _NOT_OF_CODE.search(text)


def code_available(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Yes, promised or no, with the passages that say so; that the sources do not say where none speaks of it."""
    file = gathered.file(request.submission)
    hits = (h.passage for s in gathered.searched for h in s.hits if s.arguments.get("submission") == request.submission)
    held = unique([*hits, *(file.passages if file else ())])
    said = [(p, state) for p in held if p.kind in _OWN_KINDS and (state := _state(p))]
    if not said:
        return [say("The sources found do not say whether the code is available.", "abstention")]
    public, promised, missing = ([p for p, state in said if state == wanted] for wanted in ("public", "promised", "missing"))  # fmt: skip
    chosen = _few(public, promised, missing)
    lead = (
        "Yes, something is public, by what is on record:"
        if public
        else "It is announced or promised; that it is out is not on record:"
        if promised
        else "No code is known from what is on record:"
    )
    return [
        judge(lead, *chosen),
        *(quote(p, lead=who(p), topic="code available public github release") for p in chosen),
    ]


def _few(*groups: Sequence[Passage]) -> list[Passage]:
    """The passages told: those that decide it first, then one of each other kind."""
    first = next((group for group in groups if group), [])
    return unique([*first[: MOST - 1], *(p for group in groups if group is not first for p in group[:1])])[:MOST]


def _state(passage: Passage) -> str:
    """What a passage says of the code: "public", "promised", "missing", or nothing."""
    return next((state for sentence in _sentences(passage) if (state := _state_of(sentence))), "")


def _sentences(passage: Passage) -> Iterable[str]:
    return (s for s in sentences_of(passage.text) if _OF_CODE.search(s) and not _NOT_OF_CODE.search(_WILL.sub("", s)))


def _state_of(sentence: str) -> str:
    if not (re.search(_THERE, sentence, re.IGNORECASE) or _GITHUB.search(sentence)):
        return ""
    if _NOT.search(sentence):
        return "promised" if _WILL.search(sentence) else "missing"
    if _GITHUB.search(sentence):
        return "public"
    return "promised" if _WILL.search(sentence) else "public" if _PUBLIC.search(sentence) else ""
