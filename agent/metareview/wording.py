"""The sentences of a meta-review, one a function: who holds a point, what was replied, what came of it, in short.

Words on record stand in “ ” and are exact; our own paraphrases are sentences of ours and stand without.
"""

from collections.abc import Sequence

from agent.answering.parts import fact, judge, listed, one_line
from agent.draft import DraftSentence
from agent.metareview.concerns import Concern, Raised, State, telling
from knowledge.reviews import MannerKind
from knowledge.types import Passage

REPLIES: dict[MannerKind, str] = {
    "promise": "The authors promise a change",
    "results": "The authors report",
    "revision": "The authors have changed the paper",
    "reference": "The authors point to another place",
    "concession": "The authors concede",
    "rebuttal": "The authors object",
    "explanation": "The authors reply",
}
OPEN: dict[State, str] = {
    "contested": "{who} still {holds} it after the reply",
    "promised": "the reply only promises a change",
    "unsure": "it is not sure that the reply meets it",
    "unanswered": "no reply is on record",
}


RULED: dict[str, str] = {
    "settled": "The chair takes {what} as settled and does not hold it against the paper",
    "void": "The chair does not count {what}",
}
"""The chair's own rulings on points, told as theirs."""
MAYBE = "Possibly in answer to this"


def quoted(words: str) -> str:
    """Exact words in quotation marks, without the full stop that the sentence brings."""
    return f"“{' '.join(words.split()).rstrip(' .;,:')}”"


def told(lead: str, words: str, passage: Passage, paragraph: int) -> DraftSentence:
    """Words of a passage after who speaks: quoted where they are on record, as they stand where they are ours."""
    if passage.origin == "record" or (passage.origin == "ours" and passage.kind != "notes"):
        return fact(f"{lead}: {quoted(words)}.", passage, paragraph=paragraph)
    own = words.startswith(("The author", "Authors", passage.reviewer or "\n"))
    text = " ".join(words.split()).rstrip(" .;,:")
    return fact(f"{text}." if own else f"{lead}: {text}.", passage, paragraph=paragraph)


def objection(raised: Raised, paragraph: int) -> DraftSentence:
    """A reviewer's point."""
    words = raised.words
    verb = "asks" if "?" in words else "objects" if raised.point.stance == "objects" else "writes"
    return told(f"{raised.reviewer} {verb}", words, raised.passage, paragraph)


def praise(reviewer: str, passage: Passage, paragraph: int) -> DraftSentence:
    """What a reviewer credits the paper with."""
    return told(f"{reviewer} praises", telling(passage.text), passage, paragraph)


def reply(raised: Raised, paragraph: int) -> list[DraftSentence]:
    """What the authors answered to a point, or nothing."""
    if raised.reply_in is None:
        return []
    lead = (
        REPLIES[raised.kind or "explanation"] if raised.state != "unsure" else "Possibly in answer, the authors write"
    )
    return [told(lead, raised.reply, raised.reply_in, paragraph)]


def reaction(raised: Raised, paragraph: int) -> list[DraftSentence]:
    """What the reviewer said of the reply, or nothing."""
    if raised.after_in is None:
        return []
    words = "takes this as settled" if raised.state == "settled" else "still holds this open"
    return [told(f"{raised.reviewer} {words}", raised.after, raised.after_in, paragraph)]


def verdict_on(concern: Concern, paragraph: int) -> DraftSentence:
    """My judgement of a concern: from who holds it, what kind of reply it got, and whether that settled it; the chair's
    own where they ruled on it."""
    cited = [p for r in concern.lead for p in (r.passage, r.reply_in, r.after_in) if p is not None]
    if concern.ruled:
        return judge(f"{RULED[concern.ruled].format(what=f'the concern about {concern.matter}')}.", *dict.fromkeys(cited), paragraph=paragraph)  # fmt: skip
    text = f"{why(concern)[:1].upper()}{why(concern)[1:]}"
    if concern.open:
        shared = ", and more than one reviewer holds it" if concern.shared else ""
        text += f": I count the concern about {concern.matter} as open{shared}."
    elif all(r.state == "settled" for r in concern.lead):
        text += f": I count the concern about {concern.matter} as settled."
    else:
        text += f": I would not hold the concern about {concern.matter} against the paper."
    if concern.factor != 1:
        text = f"{text[:-1]}; it is among what weighs {'most' if concern.factor > 1 else 'least'} for me."
    return judge(text, *dict.fromkeys(cited), paragraph=paragraph)


def ruled_on(concern: Concern, paragraph: int) -> list[DraftSentence]:
    """What the chair ruled on some of what leads a concern, where the rest stands."""
    if concern.ruled:
        return []
    lines = []
    for ruling, words in RULED.items():
        held = [r for r in concern.lead if r.ruled == ruling]
        if held:
            holds = f"{listed([r.reviewer for r in held])} {'hold' if len(held) > 1 else 'holds'}"
            text = f"{words.format(what=f'what {holds} on this')}."
            lines.append(judge(text, *dict.fromkeys(r.passage for r in held), paragraph=paragraph))
    return lines


def why(concern: Concern) -> str:
    """Why a concern is open or not, in words: "no reply to it is on record"."""
    lead = [r for r in concern.lead if not r.ruled]
    order: tuple[State, ...] = ("contested", "unanswered", "promised", "unsure")
    for state in order:
        held = [r for r in lead if r.state == state]
        if held:
            names = listed([r.reviewer for r in held])
            reason = OPEN[state].format(who=names, holds="hold" if len(held) > 1 else "holds")
            whole = len(held) == len(lead) or state == "contested"
            return reason if whole else f"on what {names} {'raise' if len(held) > 1 else 'raises'}, {reason}"
    if all(r.state == "settled" for r in lead):
        names = listed([r.reviewer for r in lead])
        return f"{names} {'take' if len(lead) > 1 else 'takes'} the reply as settling it"
    return "the authors answered it, and nobody on record contradicts the answer"


def claim(passage: Passage, paragraph: int) -> DraftSentence:
    """What the paper says it contributes: its own words quoted, our notes as they stand."""
    if passage.kind == "notes":
        return fact(one_line(passage), passage, paragraph=paragraph)
    return fact(f"The authors claim: {quoted(telling(passage.text, claiming=True))}.", passage, paragraph=paragraph)


def names_of(passages: Sequence[Passage]) -> str:
    """The reviewers of passages as a list in words, each once."""
    return listed(list(dict.fromkeys(p.reviewer or "" for p in passages if p.reviewer)))
