"""The markup in which any model writes an answer: lines of sentences with passage markers.

    A sentence borne by two passages. [p:3fa9c1][p:77b0de]
    - A bullet. [p:3fa9c1]
    {judgement} A weighing of the evidence. [p:3fa9c1]
    {abstention} What the sources do not say.
    {run} What an experiment showed. [run:9f2c]
    {finding} What was found in the files on import, told by the program alone.
    {smalltalk} Words that claim nothing about the paper.

A blank line starts a new paragraph. A tag opens a line and holds for it. Without a tag a sentence is a fact.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from agent.events import SentenceKind

MARKER = re.compile(r"\[\s*(p|run)\s*:\s*([A-Za-z0-9_.:-]+)\s*\]")
_TAG = re.compile(r"^\{(fact|judgement|judgment|abstention|run|finding|smalltalk)\}\s*", re.IGNORECASE)
_ENDED = re.compile(
    # A line of which the next one is no line of markers, which would belong to it, unless it leads in what follows.
    r"(?<!:)\n\s*(?=[^\s\[])"
    # Sentences with their markers before another one on the line.
    r"|(?:\[\s*(?:p|run)\s*:[^\]\n]+\][.!?]?[ \t]*)+(?=[A-Z\"“])"
)
_SPLIT = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bet al\.)(?<!\bvs\.)(?<!\bSec\.)(?<!\bFig\.)(?<!\bEq\.)(?<!\bNo\.)(?<!\bp\.)\s+(?=[A-Z\"“(\[{])"
)


_QUOTED = re.compile(r"“[^“”]*”")


@dataclass(frozen=True)
class DraftSentence:
    """A sentence as written, with the ids of the passages and runs it points to."""

    text: str
    passages: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    kind: SentenceKind = "fact"
    paragraph: int = 0
    bullet: bool = False
    tagged: bool = False


def write(sentences: Iterable[DraftSentence]) -> str:
    """The markup of sentences, one a line."""
    lines: list[str] = []
    last: int | None = None
    for s in sentences:
        if last is not None and s.paragraph != last:
            lines.append("")
        last = s.paragraph
        marks = "".join(f"[p:{p}]" for p in s.passages) + "".join(f"[run:{r}]" for r in s.runs)
        tag = "" if s.kind == "fact" else f"{{{s.kind}}} "
        lines.append(f"{'- ' if s.bullet else ''}{tag}{s.text}{' ' + marks if marks else ''}")
    return "\n".join(lines)


def parse(markup: str) -> tuple[DraftSentence, ...]:
    """Sentences of a draft; a marker bears the sentences before it that have none on the same line."""
    sentences: list[DraftSentence] = []
    paragraph = 0
    for raw in markup.splitlines():
        line = raw.strip()
        if not line:
            paragraph += 1 if sentences and sentences[-1].paragraph == paragraph else 0
            continue
        bullet = bool(re.match(r"^([-*•]|\d+[.)])\s+", line))
        line = re.sub(r"^([-*•]|\d+[.)])\s+", "", line)
        line = re.sub(r"^#{1,6}\s+", "", line).replace("**", "")
        tag = _TAG.match(line)
        kind = _kind(tag.group(1)) if tag else "fact"
        line = _TAG.sub("", line)
        # A text that is one cited whole (as the embedded model writes) stays whole.
        sentences += _split(line, kind, paragraph, bullet, tag is not None)
    return tuple(sentences)


class Pieces:
    """A draft while it is written in pieces of any size: `add` returns the whole sentences, with their markers, that are
    new; they add up to the draft but for its end."""

    def __init__(self) -> None:
        self._held = ""

    def add(self, chunk: str) -> str:
        """Take the next piece and return what is whole by now; often nothing."""
        self._held += chunk
        end = max((m.end() for m in _ENDED.finditer(self._held) if not self._tagged(m)), default=0)
        whole, self._held = self._held[:end], self._held[end:]
        return whole

    def _tagged(self, match: re.Match[str]) -> bool:
        """Whether a cut would part a line from the tag that holds for all of it."""
        start = self._held.rfind("\n", 0, match.start() + 1) + 1
        line = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", self._held[start : match.end()])
        return "\n" not in match.group() and line.lstrip().startswith("{")


def _kind(word: str) -> SentenceKind:
    word = word.lower()
    return "judgement" if word == "judgment" else cast(SentenceKind, word)


def _split(line: str, kind: SentenceKind, paragraph: int, bullet: bool, tagged: bool) -> list[DraftSentence]:
    """The sentences of one line with their markers."""
    # Markers may stand after the full stop; move them before it so that the split keeps them with their sentence.
    joined = re.sub(r"([.!?])\s*((?:\[\s*(?:p|run)\s*:[^\]]+\]\s*)+)", r" \2\1 ", line).strip()
    parts = _sentences(joined)
    found: list[DraftSentence] = []
    for index, part in enumerate(parts):
        marks = list(MARKER.finditer(part))
        text = re.sub(r"\s+([.,;!?])", r"\1", MARKER.sub("", part)).strip()
        if not re.search(r"\w", text):
            continue
        passages = tuple(dict.fromkeys(m.group(2) for m in marks if m.group(1) == "p"))
        runs = tuple(dict.fromkeys(m.group(2) for m in marks if m.group(1) == "run"))
        found.append(DraftSentence(text, passages, runs, kind, paragraph, bullet and index == 0, tagged))
    return _carry_back(found)


def _sentences(line: str) -> list[str]:
    """The sentences of a line; what stands between quotation marks stays whole."""
    held = [match.span() for match in _QUOTED.finditer(line)]
    cuts = [m for m in _SPLIT.finditer(line) if not any(start < m.start() < end for start, end in held)]
    starts, ends = [0, *(m.end() for m in cuts)], [*(m.start() for m in cuts), len(line)]
    return [line[start:end] for start, end in zip(starts, ends, strict=True) if line[start:end].strip()]


def _carry_back(sentences: list[DraftSentence]) -> list[DraftSentence]:
    """Give sentences without markers those of the next marked sentence on their line."""
    passages: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    result: list[DraftSentence] = []
    for s in reversed(sentences):
        if s.passages or s.runs:
            passages, runs = s.passages, s.runs
        result.append(DraftSentence(s.text, passages, runs, s.kind, s.paragraph, s.bullet, s.tagged))
    return result[::-1]
