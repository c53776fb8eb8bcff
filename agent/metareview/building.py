"""Basis -> draft: each section composed from structured evidence, then held against the passages it cites. Pure.

The lean is that of `agent.answering.weighing`, which follows the ratings where there are any. What is said for it are
concerns, replies and merits; where none of them carries it, the draft says that the ratings alone do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agent.answering.record import reviewers
from agent.draft import DraftSentence
from agent.events import Answer, Citation, SentenceKind
from agent.grounding import Evidence, ground
from agent.metareview import judgement_sections, record_sections
from agent.metareview.basis import Basis
from agent.metareview.sections import TITLES, Draft, Matter, Outline
from agent.metareview.text import PARAGRAPH, with_marks
from agent.metareview.weighed import GRAVE, Weighed, decision_of, differing, weigh_up
from agent.tools.verify import run_text

STRIDE = 1000
"""Paragraphs of one section are counted from its place times this."""
RUN_MARK = 8


def build(basis: Basis, numbers: Mapping[str, str] | None = None, *, brief: bool = False) -> Draft:
    """The draft of a basis. `numbers` are those that passages have in marks already, by passage id; they are kept."""
    weighed = weigh_up(basis, brief=brief)
    written: list[DraftSentence] = []
    for place, name in enumerate(TITLES, 1):
        written += [replace(s, paragraph=STRIDE * place + s.paragraph) for s in COMPOSERS[name](weighed)]
    passages = {p.id: p for p in (*basis.file.passages, *basis.claims)}
    runs = {v["digest"]: run_text(v) for v in basis.verdicts}
    evidence = Evidence(passages, runs, basis.verdicts)
    answer = ground(written, evidence, basis.paper, model="", submission=basis.submission.id, trusted=True)
    return _as_text(answer, written, dict(numbers or {}), outline_of(weighed))


def _as_text(answer: Answer, written: Sequence[DraftSentence], numbers: dict[str, str], outline: Outline) -> Draft:
    """A grounded draft as the text of its sections; passages without a number get the next free one."""
    digests = {s.text: s.runs for s in written if s.runs}
    cited: dict[str, Citation] = {}
    blocks: dict[str, dict[int, list[str]]] = {name: {} for name in TITLES}
    kinds: dict[str, SentenceKind] = {}
    names = list(TITLES)
    for sentence in answer.sentences:
        if sentence.paragraph < STRIDE:
            continue
        marks = []
        for key in sentence.citations:
            citation = answer.citations[key]
            number = numbers.setdefault(citation.passage_id, str(len(numbers) + 1))
            cited[number] = replace(citation, id=number)
            marks.append(f"[{number}]")
        marks += [f"[run {digest[:RUN_MARK]}]" for digest in digests.get(sentence.text, ())]
        kinds[sentence.text] = sentence.kind
        section, paragraph = names[sentence.paragraph // STRIDE - 1], sentence.paragraph % STRIDE
        text = with_marks(sentence.text, marks)
        blocks[section].setdefault(paragraph, []).append(f"- {text}" if sentence.bullet else text)
    texts = {name: PARAGRAPH.join(_block(lines) for lines in held.values()) for name, held in blocks.items()}
    return Draft(texts, cited, kinds, outline, answer.struck)


def _block(lines: Sequence[str]) -> str:
    return "".join(("" if n == 0 else "\n" if line.startswith("- ") else " ") + line for n, line in enumerate(lines))


COMPOSERS: dict[str, Callable[[Weighed], list[DraftSentence]]] = {
    "claims": record_sections.claims,
    "reviewers": record_sections.stand,
    "concerns": judgement_sections.concerns,
    "tests": record_sections.tests,
    "missing": record_sections.missing,
    "recommendation": judgement_sections.recommendation,
    "merits": judgement_sections.merits,
    "limits": judgement_sections.limits,
    "revisions": judgement_sections.revisions,
    "chair": record_sections.chair,
    "integrity": record_sections.integrity,
}


def outline_of(weighed: Weighed) -> Outline:
    """What the record holds, for checking."""
    basis = weighed.basis
    stated = [*(n.text for n in basis.notes), *(p.text for p in basis.priorities)]
    stated += [
        f"{k} {v:g}" for k, v in (basis.decision or {}).items() if k in ("rating", "confidence") and v is not None
    ]
    return Outline(
        reviewers={r.name: r.aliases for r in basis.paper.reviewers if r.name in reviewers(basis.file)},
        concerns=tuple(
            Matter(f"{c.matter} ({r.reviewer})", (r.passage.id,), r.words)
            for c in weighed.concerns if len(c.holders) > 1 or any(r.point.stance == "objects" for r in c.lead)
            for r in c.lead
        ),
        disagreements=tuple(
            Matter(f"{theme} ({plus.reviewer} and {minus.reviewer})", (plus.id, minus.passage.id), theme)
            for theme, plus, minus in differing(weighed)
        ),
        verdicts=tuple(Matter(v["claim"], runs=(v["digest"],)) for v in basis.verdicts),
        stated=" ".join(stated),
        decision=decision_of(basis),
        rating=(basis.decision or {}).get("rating"),
        confidence=(basis.decision or {}).get("confidence"),
        lean=weighed.weighing.lean if basis.file.of("review") else "none",
        findings=sum(f.kind in GRAVE for f in basis.submission.findings),
        run_texts={v["digest"]: run_text(v) for v in basis.verdicts},
    )  # fmt: skip
