"""A draft against its passages: what no passage bears is struck and said; what stands carries citations.

Works on any model's words. The checks themselves are in `checks`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent import checks
from agent.cues import content_words
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.events import Answer, Citation, Sentence
from knowledge.types import Passage

_ABSTAINS = re.compile(
    r"\b(?:sources?|passages?|reviews?|record|notes?|paper|authors?)\b.{0,60}\b(?:do(?:es)? not|don't|doesn't|did not|is silent|are silent|no mention|never)\b|\bnot (?:stated|mentioned|on record|in the sources|found|specified|reported)\b"
    r"|\bno (?:passage|answer|mention|information|review|reply|record)\b|\bI (?:find|found) no",
    re.IGNORECASE,
)
_JUDGES = re.compile(
    r"^(?:in my (?:judge?ment|view|opinion)|i (?:would|recommend|lean|think|suggest|judge)|my (?:recommendation|judge?ment|assessment)|on balance|overall,? i)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:you'?re welcome|you are welcome|thanks?|thank you|hello|hi|glad|happy to|certainly|sure|of course|here (?:is|are)|let me know|good (?:luck|morning|day)|noted)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Evidence:
    """What the tools returned in a turn: passages by id, and the text of each run by the start of its digest."""

    passages: Mapping[str, Passage]
    runs: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[dict[str, Any], ...] = ()


def ground(
    draft: Sequence[DraftSentence], evidence: Evidence, paper: Paper | None, *, model: str, submission: str | None
) -> Answer:
    """The answer that remains of a draft once every sentence is held against its passages."""
    sentences: list[Sentence] = []
    citations: dict[str, Citation] = {}
    numbers: dict[str, str] = {}
    struck: list[str] = []
    for written in draft:
        written = _classify(written)
        cited = [evidence.passages[p] for p in written.passages if p in evidence.passages]
        reason = _objection(written, cited, evidence, paper)
        if reason is not None:
            struck.append(f'"{_shorten(written.text)}": {reason}')
            continue
        keys = []
        for passage in cited:
            key = numbers.setdefault(passage.id, f"c{len(numbers) + 1}")
            keys.append(key)
            if key not in citations:
                citations[key] = _citation(key, passage, written.text)
        text = _with_caveat(written, cited)
        sentences.append(Sentence(text, tuple(dict.fromkeys(keys)), written.kind, written.paragraph, written.bullet))
    sentences = _without_headless(sentences)
    if not any(s.kind != "smalltalk" for s in sentences) and struck:
        sentences += _nearest(evidence, numbers, citations)
    kinds = {s.kind for s in sentences}
    abstained = "abstention" in kinds and not kinds & {"judgement", "run"} and not _answers_facts(sentences)
    return Answer(tuple(sentences), citations, evidence.verdicts, abstained, tuple(struck), model, submission)


def _classify(s: DraftSentence) -> DraftSentence:
    """The kind of an untagged sentence: cited ones are facts; others by how they speak."""
    if s.tagged:
        return s
    if s.runs and not s.passages:
        return _as(s, "run")
    if _JUDGES.search(s.text):
        return _as(s, "judgement")
    if not s.passages and _COURTESY.search(s.text) and not re.search(r"\d", s.text):
        return _as(s, "smalltalk")
    if not s.passages and _ABSTAINS.search(s.text):
        return _as(s, "abstention")
    return s


def _as(s: DraftSentence, kind: Any) -> DraftSentence:
    return DraftSentence(s.text, s.passages, s.runs, kind, s.paragraph, s.bullet, s.tagged)


def _objection(s: DraftSentence, cited: Sequence[Passage], evidence: Evidence, paper: Paper | None) -> str | None:
    """Why a sentence cannot stand, or None."""
    role = checks.check_role(s.text)
    if role is not None:
        return role
    if s.kind == "run":
        return _run_objection(s, evidence)
    names = checks.named_reviewers(s.text, paper)
    if s.kind in ("smalltalk", "abstention") and not cited:
        if s.kind == "smalltalk" and names:
            return "it speaks of a reviewer without a citation"
        return None
    if not cited:
        if s.kind == "judgement" and not names and not checks.NUMBER.search(s.text):
            return None
        return "it carries no citation"
    if s.kind == "fact" and checks.is_verbatim(s.text, cited):
        return None
    known = f"{paper.title} {' '.join(paper.short_names)} {paper.id}" if paper else ""
    found = (
        checks.check_numbers(s.text, cited)
        or checks.check_scores(s.text, cited, names)
        or checks.check_reviewers(s.text, cited, paper)
        or checks.check_quotes(s.text, cited)
        or checks.check_names(s.text, cited, known)
    )
    if found is None and s.kind == "fact":
        found = checks.check_support(s.text, cited) or checks.check_negation(s.text, cited)
    return found


def _run_objection(s: DraftSentence, evidence: Evidence) -> str | None:
    """A sentence about an experiment says what the run says: its outcome and its numbers."""
    texts = [t for r in s.runs for key, t in evidence.runs.items() if key.startswith(r)]
    if not texts:
        return "it speaks of a run that this conversation does not hold"
    source = " ".join(texts)
    held = {abs(float(n.replace(",", ""))) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", source)}
    for match in checks.NUMBER.finditer(re.sub(r"\b[A-Za-z][\w-]*\d[\w-]*", " ", s.text)):
        if abs(float(match.group(1).replace(",", "").replace("−", "-"))) not in held:
            return f"{match.group().strip()} is not in the run"
    for word in ("supported", "contradicted", "inconclusive", "failed"):
        if re.search(rf"\b{word}\b", s.text, re.IGNORECASE) and not re.search(rf"\b{word}\b", source, re.IGNORECASE):
            return f'the run does not say "{word}"'
    return None


def _citation(key: str, passage: Passage, sentence: str) -> Citation:
    place = passage.locator
    return Citation(
        id=key, passage_id=passage.id, submission=place.submission, document=place.document, kind=passage.kind,
        reviewer=passage.reviewer, section=place.section, page=place.page, start=place.start, end=place.end,
        quote=best_quote(passage.text, sentence), text=passage.text, label=passage.label(), caveat=passage.caveat,
    )  # fmt: skip


def best_quote(text: str, sentence: str) -> str:
    """The sentence of `text` that shares most words with `sentence`; always a substring of `text`."""
    parts = [p for p in re.split(r"(?<=[.!?])\s+(?=[A-Z(\"“])", text) if p.strip()]
    wanted = set(content_words(sentence))
    return max(parts, key=lambda p: len(wanted & set(content_words(p))), default=text).strip() or text


def _with_caveat(s: DraftSentence, cited: Sequence[Passage]) -> str:
    """A fact that rests on unchecked notes or on hearsay alone says so."""
    if s.kind not in ("fact", "judgement") or not cited:
        return s.text
    if all(p.kind == "relayed" for p in cited) and "relayed" not in s.text.lower():
        return _append(s.text, "relayed, not on record")
    if all(p.kind == "notes" and p.checked is False for p in cited) and "not checked" not in s.text:
        return _append(s.text, "not checked at the source")
    return s.text


def _append(text: str, caveat: str) -> str:
    body, end = (text[:-1], text[-1]) if text[-1:] in ".!?" else (text, "")
    return f"{body} ({caveat}){end}"


def _without_headless(sentences: list[Sentence]) -> list[Sentence]:
    """Drop a lead-in that ends in a colon when nothing is left for it to lead in."""
    kept = []
    for index, s in enumerate(sentences):
        after = sentences[index + 1] if index + 1 < len(sentences) else None
        if (
            s.text.endswith(":")
            and not s.citations
            and (after is None or (after.text.endswith(":") and not after.citations))
        ):
            continue
        kept.append(s)
    return kept


def _nearest(evidence: Evidence, numbers: dict[str, str], citations: dict[str, Citation]) -> list[Sentence]:
    """What to say when nothing stands: that, and the passages that were found."""
    said = [Sentence("The sources found do not bear what the model wrote, so it is not shown.", (), "abstention", 90)]
    for passage in list(evidence.passages.values())[:3]:
        key = numbers.setdefault(passage.id, f"c{len(numbers) + 1}")
        citations.setdefault(key, _citation(key, passage, passage.text))
        said.append(
            Sentence(f"{passage.label()[:1].upper()}{passage.label()[1:]}: {passage.text}", (key,), "fact", 91, True)
        )
    return said


def _answers_facts(sentences: Sequence[Sentence]) -> bool:
    """Whether facts stand before the abstention: then the question was answered in part."""
    first = next((i for i, s in enumerate(sentences) if s.kind == "abstention"), len(sentences))
    return any(s.kind == "fact" for s in sentences[:first])


def _shorten(text: str, length: int = 90) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
