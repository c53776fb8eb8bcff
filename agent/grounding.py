"""A draft against its passages: what no passage bears is struck and said; what stands carries citations.

Works on any model's words. The checks themselves are in `checks`, `attribution` and `run_checks`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent import attribution, checks, run_checks
from agent.cues import content_words
from agent.desk import Paper
from agent.draft import DraftSentence
from agent.events import Answer, Citation, Sentence
from agent.number_words import in_digits
from knowledge.types import Passage

_SOURCES = r"(?:sources?|passages?|reviews?|record|notes?|documents?|discussion|threads?|material)"
_TELL = r"(?:say|state|mention|report|speak|tell|hold|contain|give|name|address|discuss|specify|answer|describe|cover|indicate|provide|include|list|reveal|disclose|explain|record)"
_SILENT = re.compile(
    rf"\b(?:the|these|those|my|our) (?:\w+ )?{_SOURCES}(?: (?:on record|on file|here|found|I found|given|retrieved|of this paper))*"
    rf" (?:(?:(?:do|does|did)(?: not|n't)|never) {_TELL}|(?:is|are) silent|(?:hold|contain|sa[yi]|give|name)\w* (?:nothing|no))\b[^,;.]*"
    rf"|\b(?:not|nowhere|nothing)(?: (?:stated|mentioned|given|reported|found|recorded|specified|said|addressed|discussed|described|answered|covered))?"
    rf" (?:on|in) (?:(?:record|file)|(?:the|these) (?:\w+ )?{_SOURCES})\b[^,;.]*"
    rf"|\b(?:is|are|was|were)(?: not|n't) (?:stated|mentioned|given|provided|reported|found|specified|said|addressed|discussed|described|included|available) (?:in|by) (?:the|these) (?:\w+ )?(?:{_SOURCES}|text|context)\b[^,;.]*"
    r"|\bno\b[^,;.]{0,60}\b(?:is|are|was|were) on (?:record|file)\b[^,;.]*"
    r"|(?:^|\bthere (?:is|was) )no (?:passage|source|note|information|mention|answer|statement)s?\b[^,;.]*"
    r"|\bI (?:(?:could|can|did)(?: not|n't) find|f[io]u?nd (?:no|nothing))\b[^,;.]*",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(?:but|however|although|though|yet|whereas|while|still|nevertheless|and (?:it|the|they))\b", re.IGNORECASE
)
_MATTER = r"\b(?:papers?|methods?|approach\w*|authors?|reviewers?|reviews?|submissions?|results?|experiments?|baselines?|accuracy|novelty|work|it|they)\b"
_ACHIEVES = re.compile(
    rf"{_MATTER}\W+(?:[\w-]+\W+){{0,4}}?(?:is|are|was|were|has|have|had|does|did|never|fails?|failed|lacks?|lacked|works?|worked|wins?|won"
    r"|(?:beat|outperform|surpass|exceed|reach|achiev|attain|improv|agree|disagree|accept|reject|recommend|prais|critici|lik|lov|hat|show|prov"
    r"|compar|claim|admit|propos|introduc|confirm|deliver|gain|los|reduc|preserv|match|support|contradict)(?:e|es|ed|s|d|zes?|ses?|zed|sed|ves?|ved|t|ting|ing)?)\b",
    re.IGNORECASE,
)
_PRAISES = re.compile(
    r"\b(?:novel|excellent|groundbreaking|outstanding|superb|brilliant|flawed|poor|weak|strong|convincing|incremental|superior|inferior|state-of-the-art|best|worst)\b",
    re.IGNORECASE,
)
# What a judgement advises is its own; what it says of the paper on the way there is not.
_LEANS = re.compile(
    r"\b(?:lean\w*|recommend\w*|suggest\w*|favou?r\w*|would|should|ought to|be|(?:to|towards?|for|against)?\s*(?:weak |strong |clear )?(?:accept\w*|reject\w*))\b",
    re.IGNORECASE,
)
LEAST_DIGEST = 8
NOTHING_STANDS = "The sources found do not bear what the model wrote, so it is not shown."
_UNNAMED = ("OK", "AI", "PDF")
_JUDGES = re.compile(
    r"^(?:in my (?:judge?ment|view|opinion)|i (?:would|recommend|lean|think|suggest|judge)|my (?:recommendation|judge?ment|assessment)|on balance|overall,? i)\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^(?:you'?re welcome|you are welcome|thanks?|thank you|hello|hi|glad|happy to|certainly|sure|of course|here (?:is|are)|let me know|feel free|if you (?:have|need|want)\b|good (?:luck|morning|day)|noted)\b",
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
) -> Answer:
    """The answer that remains of a draft once every sentence is held against its passages.

    `paper` is the one in question; a sentence that cites passages of `others` is held against their reviewers and names.

    `trusted` is for the embedded model alone: its tagged small talk and abstentions, and the words in which it reports
    a run, are the program's own and stand; its facts, judgements and numbers are checked like any other's.
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
    if not any(s.kind != "smalltalk" for s in sentences) and struck:
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
    if not s.passages and _COURTESY.search(s.text) and not re.search(r"\d", s.text):
        return _as(s, "smalltalk")
    if not s.passages and _SILENT.search(s.text):
        return _as(s, "abstention")
    return s


def _as(s: DraftSentence, kind: Any) -> DraftSentence:
    return DraftSentence(s.text, s.passages, s.runs, kind, s.paragraph, s.bullet, s.tagged)


def objection(
    s: DraftSentence, cited: Sequence[Passage], evidence: Evidence, paper: Paper | None, trusted: bool
) -> str | None:
    """Why a sentence cannot stand, or None."""
    if s.kind == "fact" and cited and checks.is_verbatim(s.text, cited):
        return None
    role = checks.check_role(s.text)
    if role is not None:
        return role
    if s.kind == "run":
        return _run_objection(s, evidence, trusted)
    names = attribution.named_reviewers(s.text, paper)
    if not cited:
        return _uncited_objection(s, names, trusted)
    known = f"{paper.title} {' '.join(paper.short_names)} {paper.id}" if paper else ""
    # Quoted words are the source's own, whoever they name; the rest is what the sentence itself says.
    own = checks.without_quotes(s.text)
    names = attribution.named_reviewers(own, paper)
    found = (
        checks.check_quotes(s.text, cited)
        or checks.check_numbers(_without_titles(own, paper), cited)
        or attribution.check_scores(own, cited, names)
        or attribution.check_reviewers(own, cited, paper)
        or attribution.check_authors(own, cited)
        or checks.check_names(own, cited, known)
    )
    if found is None and (s.kind != "judgement" or names):
        found = checks.check_stance(own, cited)
    silent = s.kind == "abstention" and (trusted or _SILENT.search(s.text))
    if found is None and s.kind != "judgement" and not silent:
        aliases = " ".join(a for r in (paper.reviewers if paper else ()) if r.name in names for a in r.aliases)
        # A lead before a quotation ("In favour:") says nothing that a passage would have to bear.
        frame = s.text if own == s.text or len(own.split()) > 6 else ""
        found = checks.check_support(frame, cited, aliases) or checks.check_negation(own, cited)
    return found


def _without_titles(text: str, paper: Paper | None) -> str:
    """The text without the names of the paper, whose digits ("8-bit inference") are no figures of a passage."""
    for name in sorted({paper.title, *paper.short_names} if paper else (), key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _uncited_objection(s: DraftSentence, names: Sequence[str], trusted: bool) -> str | None:
    """A sentence without citation may be courtesy, silence or a weighing; it states nothing of the paper."""
    numbered = checks.NUMBER.search(in_digits(s.text))
    if s.kind == "judgement":
        stated = not trusted and _states_of_the_paper(_LEANS.sub(" ", s.text))
        return "it carries no citation" if names or numbered or stated else None
    if s.kind not in ("smalltalk", "abstention", "finding"):
        return "it carries no citation"
    if trusted:
        return None
    if s.kind == "finding":
        return "what was found on import is told by the program alone"
    if names:
        return "it speaks of a reviewer without a citation"
    if numbered:
        return "it states a number without a citation"
    rest = s.text
    if s.kind == "abstention":
        if not _SILENT.search(rest):
            return "it does not say that the sources are silent, and carries no citation"
        # What the sources do not say may name anything; what follows a "but" is a statement again.
        rest = " ".join(
            _SILENT.sub(lambda m: m.group()[t.start() :] if (t := _TURN.search(m.group())) else " ", rest).split()
        )
    if any(m.group() not in _UNNAMED for m in checks.NAME.finditer(rest)):
        return "it names a model, a dataset or a method without a citation"
    if _states_of_the_paper(rest):
        return "it states something of the paper without a citation"
    return None


def _states_of_the_paper(text: str) -> bool:
    """Whether words tell what the paper, its authors or its reviewers do, or praise or blame them."""
    return bool(_ACHIEVES.search(text) or (_PRAISES.search(text) and re.search(_MATTER, text, re.IGNORECASE)))


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
