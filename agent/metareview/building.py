"""Basis -> draft: each section composed from structured evidence, then held against the passages it cites. Pure.

Scores never are a reason: the lean is that of `agent.answering.weighing`, and what is said for it are concerns,
replies and merits.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.answering.experiments import run_line
from agent.answering.own_decision import priorities_of
from agent.answering.parts import fact, in_turn, judge, listed, say, unique
from agent.answering.record import reviewers
from agent.answering.scores import SECTION as SCORES
from agent.answering.themes import themes_of
from agent.answering.weighing import Weighing, weigh
from agent.cues import content_words
from agent.draft import DraftSentence
from agent.events import Answer, Citation, SentenceKind
from agent.grounding import Evidence, ground
from agent.metareview import wording
from agent.metareview.basis import Basis
from agent.metareview.concerns import Concern, Raised, find_concerns, find_raised, telling
from agent.metareview.sections import TITLES, Draft, Matter, Outline
from agent.metareview.text import PARAGRAPH, with_marks
from agent.quoting import sentences_of
from agent.tools.verify import run_text
from knowledge.types import Passage

STRIDE = 1000
"""Paragraphs of one section are counted from its place times this."""
RUN_MARK = 8
GRAVE = ("instruction", "invisible", "tiny", "off-page", "covered", "layer-off", "zero-width")


@dataclass(frozen=True)
class Size:
    """How much of each kind a draft tells at most."""

    claims: int = 3
    concerns: int = 5
    voices: int = 3
    merits: int = 3
    missing: int = 4
    revisions: int = 6


FULL, BRIEF = Size(), Size(claims=1, concerns=3, voices=1, merits=1, missing=2, revisions=2)


OWN_DOING = re.compile(
    r"\b(?:we|our|this (?:paper|work)|the (?:paper|authors?)|contributions?|proposed)\b", re.IGNORECASE
)
"""What tells that a sentence of an abstract speaks of the paper and not of the field."""


@dataclass(frozen=True)
class Weighed:
    """The basis with what the sections share: concerns in order, weighing, what the chair prefers, the size."""

    basis: Basis
    concerns: tuple[Concern, ...]
    raised: tuple[Raised, ...]
    weighing: Weighing
    preferred: frozenset[str]
    size: Size

    @property
    def told(self) -> tuple[Concern, ...]:
        """The concerns that the draft speaks of."""
        return self.concerns[: self.size.concerns]


def build(basis: Basis, numbers: Mapping[str, str] | None = None, *, brief: bool = False) -> Draft:
    """The draft of a basis. `numbers` are those that passages have in marks already, by passage id; they are kept."""
    weighed = Weighed(
        basis, find_concerns(basis), find_raised(basis), weigh(basis.file, priorities_of(basis.decision)),
        frozenset(theme for said in basis.priorities for theme in themes_of(said.text)), BRIEF if brief else FULL,
    )  # fmt: skip
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


# The sections, in the order of TITLES


def claims(weighed: Weighed) -> list[DraftSentence]:
    """What the paper says it contributes; where only reviews are there, how a reviewer sums it up."""
    told = {s.text: s for s in (wording.claim(p, 0) for p in weighed.basis.claims)}
    own = {text: s for text, s in told.items() if OWN_DOING.search(text.partition(": ")[2] or text)}
    if told:
        return list((own or told).values())[: weighed.size.claims]
    summed = [p for p in weighed.basis.file.of("review", aspects=("summary",)) if p.reviewer][:1]
    if summed:
        return [wording.told(f"{summed[0].reviewer} sums it up", telling(summed[0].text), summed[0], 0)]
    return [say("What the paper claims is not on record: neither its text nor a summary was found.", "abstention")]


def stand(weighed: Weighed) -> list[DraftSentence]:
    """Each reviewer's side, what they differ on and how I weigh that, what they agree in praising."""
    file = weighed.basis.file
    held = reviewers(file)
    if not held:
        record = [p for p in file.passages if p.aspect == "record" and p.kind == "notes"][:1]
        return [say("No review of this paper is on record.", "abstention"), *(fact(p.text, p) for p in record)]
    sentences = _sides(weighed.weighing)
    silent = [name for name in held if name not in {s.reviewer for s in weighed.weighing.stances}]
    if silent and sentences:
        sentences.append(say(f"No rating by {listed(silent)} tells a side.", "abstention"))
    for number, (plus, minus) in enumerate(differing(weighed), 1):
        sentences += _difference(plus, minus, number)
    spoken = {name for c in weighed.told for name in [r.reviewer for r in c.lead[: weighed.size.voices]]}
    spoken |= {p.reviewer or "" for _, points in _merits(weighed) for p in points[: weighed.size.voices]}
    for name in held:
        if name not in spoken:
            own = [r for r in weighed.raised if r.reviewer == name][:1]
            sentences += [wording.objection(r, 50) for r in own] or [
                wording.told(f"{name} writes", telling(p.text), p, 50)
                for p in file.of("review", reviewer=name) if p.locator.section != SCORES
            ][:1]  # fmt: skip
    return sentences


def _sides(weighing: Weighing) -> list[DraftSentence]:
    pro, con = ([(s.reviewer, s.passage) for s in weighing.stances if s.grade * side > 0] for side in (1, -1))
    parts = [
        f"{listed([n for n, _ in side])} {'stand' if len(side) > 1 else 'stands'} {word}"
        for side, word in ((pro, "for the paper"), (con, "against it" if pro else "against the paper"))
        if side
    ]
    return [judge(f"{'; '.join(parts)}.", *[p for _, p in (*pro, *con)])] if parts else []


def _difference(plus: Passage, minus: Raised, paragraph: int) -> list[DraftSentence]:
    """A matter that one reviewer praises and another criticises, with my weighing of it."""
    matter, one, other = themes_of(plus.text)[0], plus.reviewer or "", minus.reviewer
    if minus.state == "settled":
        weight = f"{other} takes the reply as settling it, so the praise of {one} stands."
    elif minus.state == "answered":
        weight = f"The authors have answered {other}, and I weigh the praise of {one} as high as the objection."
    else:
        weight = f"I weigh the objection of {other} more than the praise of {one}, since it is open."
    about = [p for p in (plus, minus.passage, minus.reply_in, minus.after_in) if p is not None]
    return [
        judge(f"{one} and {other} differ on {matter}.", plus, minus.passage, paragraph=paragraph),
        wording.praise(one, plus, paragraph),
        wording.objection(minus, paragraph),
        judge(weight, *unique(about), paragraph=paragraph),
    ]


def differing(weighed: Weighed) -> list[tuple[Passage, Raised]]:
    """The heavy matters that one reviewer praises and another criticises, each with a point of both; the two must be
    near in meaning too, since a theme's words alone also join points that do not meet."""
    groups = [set(a.points) for a in weighed.basis.discussion.agreements if a.kind == "disagreement"]
    found: dict[str, tuple[Passage, Raised]] = {}
    for theme, points in weighed.weighing.merits.items():
        for minus in (r for c in weighed.concerns if c.matter == theme for r in c.lead):
            met = [
                p
                for p in points
                if p.reviewer and p.reviewer != minus.reviewer and any({p.id, minus.point.id} <= g for g in groups)
            ]
            for passage in weighed.basis.file.held(i for p in met[:1] for i in p.passages[:1]):
                found.setdefault(theme, (passage, minus))
    return list(found.values())[: weighed.size.voices]


def concerns(weighed: Weighed) -> list[DraftSentence]:
    """Each main concern: who holds it, what the authors answered, what came of it, my judgement."""
    if not reviewers(weighed.basis.file):
        return [say("With no review on record there is no concern to answer.", "abstention")]
    if not weighed.concerns:
        return [say("The reviews on record object to nothing that bears on the decision.", "abstention")]
    sentences: list[DraftSentence] = []
    for paragraph, concern in enumerate(weighed.told):
        replied: set[str] = set()
        for raised in concern.lead[: weighed.size.voices]:
            sentences.append(wording.objection(raised, paragraph))
            if raised.reply not in replied:
                sentences += wording.reply(raised, paragraph)
                replied.add(raised.reply)
            sentences += wording.reaction(raised, paragraph)
        sentences += [_bearing(v, paragraph) for v in weighed.basis.verdicts if _bears_on(v, concern)]
        sentences.append(wording.verdict_on(concern, concern.matter in weighed.preferred, paragraph))
    return sentences


def _bears_on(verdict: dict[str, Any], concern: Concern) -> bool:
    """Whether a run's claim says what a point of the concern says."""
    claimed = set(content_words(verdict["claim"]))
    return any(
        verdict["claim"].strip(" .") in r.passage.text
        or (claimed and len(claimed & set(content_words(r.point.text))) >= max(3, len(claimed) / 2))
        for r in concern.raised
    )


def _bearing(verdict: dict[str, Any], paragraph: int) -> DraftSentence:
    text = f"A run bears on this: {verdict['verdict']['outcome']}, on the {verdict['testbed_title']} only."
    return run_line(text, verdict["digest"], paragraph)


def tests(weighed: Weighed) -> list[DraftSentence]:
    """The verdicts with their scope."""
    sentences = []
    for paragraph, found in enumerate(weighed.basis.verdicts):
        verdict = found["verdict"]
        lines = [
            f"Claim put to the test: {wording.quoted(found['claim'])}.",
            f"{verdict['outcome'].capitalize()}: {verdict['reason']}",
            *sentences_of(f"Scope: {verdict['scope']}"),
        ]
        sentences += [
            run_line(line if line.endswith((".", "!", "?")) else f"{line}.", found["digest"], paragraph)
            for line in lines
        ]
    return sentences or [say("No claim of this paper was put to the test in this conversation.", "abstention")]


def missing(weighed: Weighed) -> list[DraftSentence]:
    """What the record lacks: replies, points without one, reviewers who did not come back."""
    file = weighed.basis.file
    held = reviewers(file)
    if not held:
        return [say("Reviews, replies and a discussion are missing.", "abstention")]
    if not file.of("response"):
        return [say("No reply of the authors is on record.", "abstention")]
    told = {r.point.id for c in weighed.told for r in c.lead[: weighed.size.voices]}
    unanswered = [r for r in weighed.raised if r.state == "unanswered" and r.point.id not in told and not _minor(r)]
    sentences = []
    if unanswered:
        sentences.append(say("No reply on record was found to these points.", "abstention"))
        chosen = in_turn_of(unanswered, weighed.size.missing)
        sentences += [replace(wording.objection(r, 0), bullet=True) for r in chosen]
        if len(unanswered) > len(chosen):
            sentences.append(say("Further points have none either.", "abstention", 1))
    back = {p.reviewer for p in file.of("comment") if p.reviewer} | {
        r.reviewer for r in weighed.raised if r.after_in is not None
    }
    gone = [name for name in held if name not in back]
    if gone:
        sentences.append(say(f"Of {listed(gone)} nothing is on record after the authors' reply.", "abstention", 2))
    return sentences or [say("Every point of the reviews has a reply on record.", "abstention")]


def in_turn_of(points: Sequence[Raised], limit: int) -> list[Raised]:
    """Points in turn from each reviewer, at most `limit`."""
    chosen = in_turn([r.passage for r in points], lambda p: p.reviewer or "", limit)
    return [next(r for r in points if r.passage is p) for p in chosen]


def recommendation(weighed: Weighed) -> list[DraftSentence]:
    """The chair's decision where there is one, else the lean; with the reasons, which never are the scores."""
    decided = decision_of(weighed.basis)
    if decided is not None:
        reasons = _grounds(
            weighed, "reject" if "reject" in decided else "accept" if "accept" in decided else "undecided"
        )
        return [say(f"Recommendation, the chair's own: {decided}."), *reasons]
    if not weighed.basis.file.of("review"):
        return [say("Undecided: there is no review to weigh, and no recommendation is made without one.", "abstention")]
    lean = weighed.weighing.lean
    opening = {
        "accept": "I lean towards accepting",
        "reject": "I lean towards rejecting",
        "undecided": "Undecided so far",
    }[lean]
    return [
        judge(f"{opening}, for the reasons that follow; the decision is still to be stated."),
        *_grounds(weighed, lean),
    ]


def _grounds(weighed: Weighed, side: str) -> list[DraftSentence]:
    """What speaks for a side, then what speaks against it and why that weighs less or as much."""
    against, merits = _against(weighed), _for(weighed)
    if side == "reject":
        return [*against, *merits]
    return [*merits, *against]


def _against(weighed: Weighed) -> list[DraftSentence]:
    open_ = [c for c in weighed.told if c.open]
    if not open_:
        return [judge("No main concern of the reviewers is open.")] if weighed.concerns else []
    named = listed([c.matter for c in open_])
    holders = listed(list(dict.fromkeys(n for c in open_ for n in c.holders)))
    cited = unique(r.passage for c in open_ for r in _one_each(c))
    plural = len(open_) > 1
    return [
        judge(
            f"Against it {'stand the concerns' if plural else 'stands the concern'} about {named}, raised by {holders},"
            f" which {'are' if plural else 'is'} open.",
            *cited,
        )
    ]


def _one_each(concern: Concern) -> list[Raised]:
    """The first point of each holder."""
    first: dict[str, Raised] = {}
    for raised in (*concern.lead, *concern.raised):
        first.setdefault(raised.reviewer, raised)
    return list(first.values())


def _for(weighed: Weighed) -> list[DraftSentence]:
    merits = _merits(weighed)
    if not merits:
        return []
    points = unique(p for _, held in merits for p in held)
    named = listed([theme for theme, _ in merits])
    credit = "credit" if len({p.reviewer for p in points}) > 1 else "credits"
    return [judge(f"For it speaks what {wording.names_of(points)} {credit} it with on {named}.", *points)]


def _merits(weighed: Weighed) -> list[tuple[str, list[Passage]]]:
    """What reviewers praise on heavy matters, the most shared first."""
    ranked = sorted(weighed.weighing.merits.items(), key=lambda item: -len(item[1]))
    return [
        (theme, list(weighed.basis.file.held(p.passages[0] for p in points if p.reviewer)))
        for theme, points in ranked[: weighed.size.merits]
    ]


def merits(weighed: Weighed) -> list[DraftSentence]:
    """What speaks for the paper, by those who said it."""
    if not reviewers(weighed.basis.file):
        return []
    found = [(p.reviewer or "", p) for _, points in _merits(weighed) for p in points[: weighed.size.voices]]
    sentences = [wording.praise(name, p, 0) for name, p in {p.id: (n, p) for n, p in found}.values()]
    return sentences or [say("The reviews on record name no strength that bears on the decision.", "abstention")]


def limits(weighed: Weighed) -> list[DraftSentence]:
    """The open concerns in one sentence each."""
    if not reviewers(weighed.basis.file):
        return []
    sentences = [
        judge(
            f"The concern about {c.matter}, raised by {listed(list(c.holders))}, is open: {wording.why(c)}.",
            *unique(p for r in (*_one_each(c), *c.lead) for p in (r.passage, r.reply_in, r.after_in) if p is not None),
        )
        for c in weighed.told if c.open
    ]  # fmt: skip
    return sentences or [say("No main concern of the reviews on record is open.", "abstention")]


def revisions(weighed: Weighed) -> list[DraftSentence]:
    """What the authors promised, what is open and can be mended, and small things."""
    if not reviewers(weighed.basis.file):
        return []
    sentences: list[DraftSentence] = []
    seen: set[str] = set()
    for raised in weighed.raised:
        if raised.kind == "promise" and raised.state != "unsure" and raised.reply not in seen:
            seen.add(raised.reply)
            sentences += [replace(s, bullet=True) for s in wording.reply(raised, 0)]
    asked = [r for c in weighed.told if c.open for r in c.lead if r.state in ("unanswered", "contested")]
    small = [r for r in weighed.raised if _minor(r)]
    sentences += [replace(wording.objection(r, 0), bullet=True) for r in (*asked, *small)]
    fresh = list({s.text: s for s in sentences}.values())[: weighed.size.revisions]
    return fresh or [say("The record names nothing to mend for a final version.", "abstention")]


def _minor(raised: Raised) -> bool:
    return "typo" in raised.point.aspects or themes_of(raised.point.text)[:1] == ("writing",)


def chair(weighed: Weighed) -> list[DraftSentence]:
    """What the chair stated, in their own words, marked as theirs."""
    basis = weighed.basis
    sentences = []
    decided = decision_of(basis)
    if decided is not None:
        given = [
            f"{k} {basis.decision[k]:g}"
            for k in ("rating", "confidence")
            if basis.decision and basis.decision.get(k) is not None
        ]
        sentences.append(say(f"The chair's decision: {', '.join([decided, *given])}."))
    words = dict.fromkeys([*(n.text for n in basis.notes), *(p.text for p in basis.priorities)])
    sentences += [say(f"In the chair's words: {wording.quoted(text)}.") for text in words]
    return sentences or [say("The chair has stated no decision and no priority yet.", "abstention")]


def integrity(weighed: Weighed) -> list[DraftSentence]:
    """What was found in the submission that nobody should see, or that speaks to a machine; its words are not repeated."""
    found = weighed.basis.submission.findings
    spoken = [f for f in found if f.kind == "instruction"]
    hidden = [f for f in found if f.kind in GRAVE and f.kind != "instruction"]
    sentences = []
    for kind, what in (
        (spoken, "Text that addresses a reviewing machine"),
        (hidden, "Text that a reader does not see"),
    ):
        if kind:
            where = listed(list(dict.fromkeys(f.where for f in kind if f.where))[:4])
            sentences.append(
                say(
                    f"{what} was found in the submission{f' ({where})' if where else ''} and kept apart: nothing in this text rests on it."
                )
            )
    if sentences:
        sentences.append(say("Whether it is a breach of the venue's rules is for the chairs to decide."))
    return sentences


COMPOSERS: dict[str, Callable[[Weighed], list[DraftSentence]]] = {
    "claims": claims,
    "reviewers": stand,
    "concerns": concerns,
    "tests": tests,
    "missing": missing,
    "recommendation": recommendation,
    "merits": merits,
    "limits": limits,
    "revisions": revisions,
    "chair": chair,
    "integrity": integrity,
}


def decision_of(basis: Basis) -> str | None:
    """The chair's stated decision in words, or None."""
    return (basis.decision or {}).get("decision") or None


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
            Matter(f"{c.matter} ({listed(list(c.holders))})", tuple(p.id for p in unique(r.passage for r in c.raised)), " ".join(telling(r.point.text, objecting=True) for r in c.lead))
            for c in weighed.concerns if len(c.holders) > 1 or any(r.point.stance == "objects" for r in c.lead)
        ),
        disagreements=tuple(
            Matter(f"{themes_of(plus.text)[0]} ({plus.reviewer} and {minus.reviewer})", (plus.id, minus.passage.id), themes_of(plus.text)[0])
            for plus, minus in differing(weighed)
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
