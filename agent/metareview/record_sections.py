"""The sections that tell the record: what the paper claims, where reviewers stand, what was run, what is missing."""

import re
from dataclasses import replace

from agent.answering.experiments import run_line
from agent.answering.parts import coverage, fact, judge, listed, say, unique
from agent.answering.record import reviewers
from agent.answering.scores import SECTION as SCORES
from agent.answering.weighing import Weighing
from agent.draft import DraftSentence
from agent.metareview import wording
from agent.metareview.concerns import Raised, is_minor
from agent.metareview.excerpts import telling
from agent.metareview.weighed import GRAVE, Weighed, decision_of, differing, in_turn_of, praised
from agent.quoting import sentences_of
from knowledge.types import Passage

OWN_DOING = re.compile(
    r"\b(?:we|our|this (?:paper|work)|the (?:paper|authors?)|contributions?|proposed)\b", re.IGNORECASE
)
"""What tells that a sentence of an abstract speaks of the paper and not of the field."""
PROMISED = re.compile(r"\b(?:code|source|models?|data)\b.{0,40}\b(?:publish|releas|available|public|open)\w*|https?://", re.IGNORECASE)  # fmt: skip
SAME = 0.6
"""Share of a claim's words from which on another says the same."""


def claims(weighed: Weighed) -> list[DraftSentence]:
    """What the paper says it contributes; where only reviews are there, how a reviewer sums it up."""
    told = {s.text: s for s in (wording.claim(p, 0) for p in weighed.basis.claims)}
    own = {text: s for text, s in told.items() if OWN_DOING.search(text.partition(": ")[2] or text)}
    own = {text: s for text, s in own.items() if not PROMISED.search(text)} or own
    chosen: list[DraftSentence] = []
    for sentence in (own or told).values():
        if all(max(coverage(a, b) for a, b in ((sentence.text, s.text), (s.text, sentence.text))) < SAME for s in chosen):  # fmt: skip
            chosen.append(sentence)
    if chosen:
        return chosen[: weighed.size.claims]
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
    for number, (matter, plus, minus) in enumerate(differing(weighed), 1):
        sentences += _difference(weighed, matter, plus, minus, number)
    spoken = {name for c in weighed.told for name in [r.reviewer for r in c.lead[: weighed.size.voices]]}
    spoken |= {p.reviewer or "" for _, points in weighed.merits for p in points[: weighed.size.voices]}
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


def _difference(weighed: Weighed, matter: str, plus: Passage, minus: Raised, paragraph: int) -> list[DraftSentence]:
    """A matter that one reviewer praises and another criticises, with my weighing of it; what other sections quote is
    not quoted here."""
    told = {r.point.id for c in weighed.told for r in c.lead[: weighed.size.voices]}
    one, other = plus.reviewer or "", minus.reviewer
    about = [p for p in (plus, minus.passage, minus.reply_in, minus.after_in) if p is not None]
    return [
        judge(f"{one} and {other} differ on {matter}.", plus, minus.passage, paragraph=paragraph),
        *([] if plus in praised(weighed) else [wording.praise(one, plus, paragraph)]),
        *([] if minus.point.id in told else [wording.objection(minus, paragraph)]),
        judge(_weight(one, other, minus), *unique(about), paragraph=paragraph),
    ]


def _weight(one: str, other: str, minus: Raised) -> str:
    """How a praise weighs against an objection, by what came of the objection."""
    if minus.ruled:
        return f"The chair {'takes' if minus.ruled == 'settled' else 'does not count'} the objection of {other}{' as settled' if minus.ruled == 'settled' else ''}, so the praise of {one} stands."  # fmt: skip
    if minus.state == "settled":
        return f"{other} takes the reply as settling it, so the praise of {one} stands."
    if minus.state == "answered" and minus.kind in ("results", "reference", "revision"):
        return f"The authors have answered {other} with something that can be checked, so I weigh the praise of {one} more."  # fmt: skip
    if minus.state == "answered":
        return f"The authors have answered {other}, and I weigh the praise of {one} as high as the objection."
    if not minus.carries:
        return f"The objection of {other} is too vague to weigh against the praise of {one}."
    return f"I weigh the objection of {other} more than the praise of {one}, since it is open."


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
    unanswered = [r for r in weighed.raised if r.state == "open" and r.point.id not in told and not is_minor(r)]
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
    return sentences or [say("Every point of the reviews has a reply on record, or what may be one.", "abstention")]


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
