"""A draft against its passages: what no passage bears is struck and said; what stands carries citations.

Works on any model's words. The checks themselves are in `checks`, `attribution` and `run_checks`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent import attribution, checks, figure_checks, group_checks, run_checks, sense_checks
from agent.cues import content_words
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.events import Answer, Citation, Sentence
from agent.uncited import COURTESY, SILENT, ground_of, uncited_objection
from agent.verbatim import is_verbatim
from knowledge.types import Passage

LEAST_DIGEST = 8
_SHORTEST_NAME = 2
NOTHING_STANDS = "The sources found do not bear what the model wrote, so it is not shown."
_JUDGES = re.compile(
    r"^(?:in my (?:judge?ment|view|opinion)|i (?:would|recommend|lean|think|suggest|judge)|my (?:recommendation|judge?ment|assessment)|on balance|overall,? i)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Evidence:
    """What the tools returned in a turn: passages by id, and the text of each run by the start of its digest."""

    passages: Mapping[str, Passage]
    runs: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[dict[str, Any], ...] = ()


def ground(
    draft: Sequence[DraftSentence],
    evidence: Evidence,
    paper: Paper | None,
    *,
    model: str,
    submission: str | None,
    trusted: bool = False,
    others: Sequence[Paper] = (),
    nearest: bool = True,
) -> Answer:
    """The answer that remains of a draft once every sentence is held against its passages.

    `paper` is the one in question; a sentence that cites passages of `others` is held against their reviewers and names.

    `trusted` is for the embedded model alone: its tagged small talk and abstentions, and the words in which it reports
    a run, are the program's own and stand; its facts, judgements and numbers are checked like any other's.
    `nearest`: whether, where nothing stands, that is said and the nearest passages are shown.
    """
    sentences: list[Sentence] = []
    citations: dict[str, Citation] = {}
    numbers: dict[str, str] = {}
    struck: list[str] = []
    for written in draft:
        written = classify(written)
        cited = [evidence.passages[p] for p in written.passages if p in evidence.passages]
        about = _paper_of(cited, paper, others)
        reason = objection(written, cited, evidence, about, trusted and written.tagged)
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
    sentences = _without_headless([s for s in sentences if not checks.says_nothing(s.text)])
    if nearest and struck and not any(s.kind != "smalltalk" for s in sentences):
        sentences += _nearest(evidence, numbers, citations)
    kinds = {s.kind for s in sentences}
    abstained = "abstention" in kinds and not kinds & {"judgement", "run"} and not _answers_facts(sentences)
    return Answer(tuple(sentences), citations, evidence.verdicts, abstained, tuple(struck), model, submission)


def _paper_of(cited: Sequence[Passage], paper: Paper | None, others: Sequence[Paper]) -> Paper | None:
    """The paper that a sentence speaks of by its passages; of several, their names and reviewers together."""
    homes = {p.locator.submission for p in cited}
    held = [one for one in others if one.id in homes]
    if not held or (paper is not None and homes <= {paper.id}):
        return paper
    reviewers = {r.name: r for one in held for r in one.reviewers}
    names = tuple(name for one in held for name in (one.title, *one.short_names, one.id))
    return replace(held[0], short_names=names, reviewers=tuple(reviewers.values()))


def classify(s: DraftSentence) -> DraftSentence:
    """The kind of an untagged sentence: cited ones are facts; others by how they speak."""
    if s.tagged:
        return s
    if s.runs and not s.passages:
        return _as(s, "run")
    if _JUDGES.search(s.text):
        return _as(s, "judgement")
    if not s.passages and COURTESY.search(s.text) and not re.search(r"\d", s.text):
        return _as(s, "smalltalk")
    if not s.passages and SILENT.search(s.text):
        return _as(s, "abstention")
    return s


def _as(s: DraftSentence, kind: Any) -> DraftSentence:
    return DraftSentence(s.text, s.passages, s.runs, kind, s.paragraph, s.bullet, s.tagged)


def objection(
    s: DraftSentence, cited: Sequence[Passage], evidence: Evidence, paper: Paper | None, trusted: bool
) -> str | None:
    """Why a sentence cannot stand, or None."""
    if s.kind == "fact" and cited and is_verbatim(s.text, cited):
        return None
    role = checks.check_role(s.text)
    if role is not None:
        return role
    if s.kind == "run":
        return _run_objection(s, evidence, trusted)
    names = attribution.named_reviewers(s.text, paper)
    if not cited:
        return uncited_objection(s, names, trusted)
    own_names = (paper.title, *paper.short_names) if paper else ()
    known = f"{paper.title} {' '.join(paper.short_names)} {paper.id}" if paper else ""
    # Quoted words are the source's own, whoever they name; the rest is what the sentence itself says.
    own = checks.without_quotes(s.text)
    names = attribution.named_reviewers(own, paper)
    found = (
        checks.check_quotes(s.text, cited)
        or checks.check_numbers(_without_titles(own, paper), cited)
        or figure_checks.check_figures(_without_titles(own, paper), cited, own_names)
        or figure_checks.check_counts(own, cited)
        or sense_checks.check_winner(own, cited, own_names)
        or attribution.check_scores(own, cited, names)
        or group_checks.check_scale(own, cited, names)
        or group_checks.check_confidence(own, cited, names)
        or group_checks.check_group(own, cited, paper, trusted=trusted)
        or attribution.check_reviewers(own, cited, paper)
        or attribution.check_authors(own, cited)
        or checks.check_names(own, cited, known)
    )
    if found is None and (s.kind != "judgement" or names):
        found = checks.check_stance(own, cited)
    silent = s.kind == "abstention" and (trusted or SILENT.search(s.text))
    if found is None and s.kind != "judgement" and not silent:
        aliases = " ".join(a for r in (paper.reviewers if paper else ()) if r.name in names for a in r.aliases)
        # A lead before a quotation ("In favour:") says nothing that a passage would have to bear.
        frame = _without_titles(s.text, paper) if own == s.text or len(own.split()) > 6 else ""
        found = checks.check_support(frame, cited, aliases) or checks.check_negation(own, cited)
        found = found or _turned(own, cited)
    if found is None and s.kind == "judgement" and not trusted:
        found = checks.check_support(ground_of(own), cited) or _turned(ground_of(own) or own, cited)
    return found


def _turned(text: str, cited: Sequence[Passage]) -> str | None:
    """Why a paraphrase says something else than its passages, or None."""
    return (
        sense_checks.check_opposites(text, cited)
        or sense_checks.check_acts(text, cited)
        or sense_checks.check_doubt(text, cited)
    )


def _without_titles(text: str, paper: Paper | None) -> str:
    """The text without the names of the paper: their digits ("8-bit inference") are no figures of a passage, and their
    words need not stand in a passage on it."""
    names = {paper.title, *paper.short_names} if paper else set[str]()
    # A paper is called by what stands before the colon of its title, too.
    names |= {head for name in names if len(head := name.partition(":")[0]) > _SHORTEST_NAME}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _run_objection(s: DraftSentence, evidence: Evidence, trusted: bool) -> str | None:
    """A sentence about an experiment says what the run says: its outcome, its numbers and its scope."""
    texts = [t for r in s.runs if len(r) >= LEAST_DIGEST for key, t in evidence.runs.items() if key.startswith(r)]
    if not texts:
        return "it speaks of a run that this conversation does not hold"
    wrong = run_checks.check_run_numbers(s.text, texts)
    if wrong or trusted:
        return wrong
    return (
        run_checks.check_outcome(s.text, texts)
        or run_checks.check_direction(s.text, texts)
        or run_checks.check_scope(s.text)
    )


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
    said = [Sentence(NOTHING_STANDS, (), "abstention", 90)]
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
