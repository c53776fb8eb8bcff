"""The sections that judge: the main concerns with what came of them, the recommendation, what speaks for and against."""

import re
from dataclasses import replace
from typing import Any

from agent.answering.carrying import RATINGS_ALONE
from agent.answering.experiments import run_line
from agent.answering.parts import judge, listed, say, unique
from agent.answering.record import reviewers
from agent.cues import content_words
from agent.draft import DraftSentence
from agent.metareview import wording
from agent.metareview.concerns import Concern, is_minor
from agent.metareview.weighed import BRIEF, Weighed, decision_of, one_each, praised
from knowledge.types import Passage

MOST_MENDABLE = 3
MENDABLE = re.compile(
    r"\b(?:no|not|missing|miss|lack\w*|without|add|report|include|provide|show|compare\w*|should|please|would like|need\w*|only)\b",
    re.IGNORECASE,
)
"""What tells that a point asks for something to be added."""


def concerns(weighed: Weighed) -> list[DraftSentence]:
    """Each main concern: who holds it, what the authors answered, what came of it, my judgement."""
    if not reviewers(weighed.basis.file):
        return [say("With no review on record there is no concern to answer.", "abstention")]
    if not weighed.concerns and not weighed.left_out:
        return [say("The reviews on record object to nothing that bears on the decision.", "abstention")]
    sentences = _left_out(weighed)
    for paragraph, concern in enumerate(weighed.told, len(sentences)):
        replied: set[str] = set()
        for raised in concern.lead[: weighed.size.voices]:
            sentences.append(wording.objection(raised, paragraph))
            if raised.reply not in replied:
                sentences += wording.reply(raised, paragraph)
                replied.add(raised.reply)
            sentences += wording.reaction(raised, paragraph)
        sentences += [_bearing(v, paragraph) for v in weighed.basis.verdicts if _bears_on(v, concern)]
        sentences += [*wording.ruled_on(concern, paragraph), wording.verdict_on(concern, paragraph)]
    return sentences


def _left_out(weighed: Weighed) -> list[DraftSentence]:
    """The concerns that the chair does not weigh, named with who holds them."""
    if not weighed.left_out:
        return []
    told = listed([f"{c.matter} ({listed(list(c.holders))})" for c in weighed.left_out])
    many = "s" if len(weighed.left_out) > 1 else ""
    text = f"Left out, since the chair does not weigh {'them' if many else 'it'}: the concern{many} about {told}."
    return [judge(text, *unique(r.passage for c in weighed.left_out for r in one_each(c)))]


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


def recommendation(weighed: Weighed) -> list[DraftSentence]:
    """The chair's decision where there is one, else the lean of the weighing, which the ratings carry where there are any;
    with the concerns and merits that are reasons for it, or that none is."""
    decided = decision_of(weighed.basis)
    if decided is not None:
        side = "reject" if "reject" in decided else "accept" if "accept" in decided else "undecided"
        return [say(f"Recommendation, the chair's own: {decided}."), *_grounds(weighed, side)]
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
    """What carries a side, what stands against it and why that weighs less or as much, and what does not count."""
    against, merits = _against(weighed, side), _for(weighed, side)
    return [*(against + merits if side == "reject" else merits + against), *_met(weighed)]


def _against(weighed: Weighed, side: str) -> list[DraftSentence]:
    """The open concern that weighs most with the reason that it is open, and in short the others; a bare verdict is none."""
    open_ = [c for c in weighed.told if c.open and c.carrying]
    vague = [c for c in weighed.told if c.open and not c.carrying]
    if not open_:
        return [*_carries_none(weighed, side, vague), *_too_vague(vague)]
    first, rest = open_[0], open_[1:]
    holders = listed(list(dict.fromkeys(r.reviewer for r in first.carrying)))
    text = f"What weighs most against it is the concern about {first.matter}, raised by {holders}: {wording.why(first, first.carrying)}."
    lines = [judge(text, *unique(_cited(first)))]
    if rest:
        told = listed([f"{c.matter} ({listed(list(c.holders))})" for c in rest])
        text = f"Open besides {'are the concerns' if len(rest) > 1 else 'is the concern'} about {told}."
        lines.append(judge(text, *unique(r.passage for c in rest for r in one_each(c))))
    return [*lines, *_too_vague(vague)]


def _carries_none(weighed: Weighed, side: str, vague: list[Concern]) -> list[DraftSentence]:
    """That no concern is a reason against the paper, and what then carries a rejection."""
    if side != "reject":
        return [judge("No main concern of the reviewers is open.")] if weighed.concerns and not vague else []
    if decision_of(weighed.basis) is not None:
        return [judge("No open concern on record carries a rejection; the reason for it is the chair's to give.")]
    ratings = [s.passage for s in weighed.weighing.stances]
    return [judge(f"{RATINGS_ALONE[0].upper()}{RATINGS_ALONE[1:]}: no concern of the reviewers is open and can be met.", *ratings)]  # fmt: skip


def _too_vague(vague: list[Concern]) -> list[DraftSentence]:
    """What is open and no reason, since there is nothing in it that the authors could answer."""
    if not vague:
        return []
    whose = listed(list(dict.fromkeys(r.reviewer for c in vague for r in c.lead)))
    verb = "say" if len({r.reviewer for c in vague for r in c.lead}) > 1 else "says"
    text = f"What {whose} {verb} on {listed([c.matter for c in vague])} is too vague to be a reason."
    return [judge(text, *unique(r.passage for c in vague for r in c.lead))]


def _cited(concern: Concern) -> list[Passage]:
    return [p for r in (*one_each(concern), *concern.lead) for p in (r.passage, r.reply_in, r.after_in) if p is not None]  # fmt: skip


def _for(weighed: Weighed, side: str) -> list[DraftSentence]:
    """What is credited, and how it weighs against what is open."""
    merits = weighed.merits
    if not merits:
        bare = side == "accept" and decision_of(weighed.basis) is None and bool(weighed.weighing.stances)
        ratings = [s.passage for s in weighed.weighing.stances]
        return [judge(f"{RATINGS_ALONE[0].upper()}{RATINGS_ALONE[1:]}: no reviewer names a merit.", *ratings)] if bare else []  # fmt: skip
    points = unique(p for _, held in merits for p in held[: weighed.size.voices])
    named = listed([theme for theme, _ in merits])
    credit = "credit" if len({p.reviewer for p in points}) > 1 else "credits"
    weight = ""
    if any(c.open and c.carrying for c in weighed.told):
        weight = {
            "reject": "; it does not make up for what is open",
            "accept": "; I weigh it more than what is open",
        }.get(side, "; it weighs about as much as what is open")
    return [judge(f"For it speaks what {wording.names_of(points)} {credit} it with on {named}{weight}.", *points)]


def _met(weighed: Weighed) -> list[DraftSentence]:
    """The concerns that the authors met, which do not count against the paper."""
    closed = [c for c in weighed.told if not c.open]
    ruled = _ruled([c for c in closed if c.ruled])
    met = [c for c in closed if not c.ruled]
    if not met or weighed.size == BRIEF:
        return ruled
    named = listed([c.matter for c in met])
    text = f"The {'concerns' if len(met) > 1 else 'concern'} about {named} {'have' if len(met) > 1 else 'has'} been answered, and I do not hold {'them' if len(met) > 1 else 'it'} against the paper."
    return [
        *ruled,
        judge(text, *unique(p for c in met for r in c.lead for p in (r.passage, r.reply_in) if p is not None)),
    ]


def _ruled(concerns_: list[Concern]) -> list[DraftSentence]:
    """The concerns that the chair themself takes from what stands against the paper."""
    if not concerns_:
        return []
    named = f"{'concerns' if len(concerns_) > 1 else 'concern'} about {listed([c.matter for c in concerns_])}"
    text = f"By the chair's own judgement the {named} {'do' if len(concerns_) > 1 else 'does'} not stand against it."
    return [judge(text, *unique(r.passage for c in concerns_ for r in c.lead))]


def merits(weighed: Weighed) -> list[DraftSentence]:
    """What speaks for the paper, by those who said it; one voice for each merit, two for the first."""
    if not reviewers(weighed.basis.file):
        return []
    sentences = [wording.praise(p.reviewer or "", p, 0) for p in praised(weighed)]
    return sentences or [say("The reviews on record name no strength that bears on the decision.", "abstention")]


def limits(weighed: Weighed) -> list[DraftSentence]:
    """What keeps the paper from standing higher: for each open concern, what would have to be shown; in a sentence."""
    if not reviewers(weighed.basis.file):
        return []
    open_ = [c for c in weighed.told if c.open and c.carrying]
    sentences = []
    for concern in open_[: weighed.size.merits]:
        raised = concern.carrying[0]
        needed = {
            "open": "an answer to", "kept": "more than the reply to convince", "promised": "that the authors keep what they promised to",
            "perhaps": "a clear answer to",
        }.get(raised.state, "an answer to")  # fmt: skip
        text = f"The concern about {concern.matter} is open: it would take {needed} {raised.reviewer}."
        sentences.append(judge(text, *unique(p for p in (raised.passage, raised.reply_in, raised.after_in) if p is not None)))  # fmt: skip
    return sentences or [
        say("No main concern of the reviews on record is open and says what is missing.", "abstention")
    ]


def revisions(weighed: Weighed) -> list[DraftSentence]:
    """What the authors promised, small things, and what is open and can be mended; each once."""
    if not reviewers(weighed.basis.file):
        return []
    sentences: list[DraftSentence] = []
    seen: set[str] = set()
    for raised in weighed.raised:
        if raised.kind == "promise" and not raised.hedge and raised.reply not in seen:
            seen.add(raised.reply)
            sentences += [replace(s, bullet=True) for s in wording.reply(raised, 0)]
    small = [r for r in weighed.raised if is_minor(r)]
    asked = [r for c in weighed.told if c.open and c.matter != "novelty" for r in c.lead if r.state == "open" and MENDABLE.search(r.point.text)]  # fmt: skip
    sentences += [replace(wording.objection(r, 0), bullet=True) for r in (*small, *asked[:MOST_MENDABLE])]
    fresh = list({s.text: s for s in sentences}.values())[: weighed.size.revisions]
    return fresh or [say("The record names nothing to mend for a final version.", "abstention")]
