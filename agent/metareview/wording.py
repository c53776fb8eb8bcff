"""The sentences of a meta-review, one a function: who holds a point, what was replied, what came of it, in short.

Words on record stand in “ ” and are exact; our own paraphrases are sentences of ours and stand without.
"""

from collections.abc import Sequence

from agent.answering.outcomes import DONE, ORDER, Outcome
from agent.answering.parts import fact, judge, listed, one_line
from agent.draft import DraftSentence
from agent.metareview.concerns import Concern, Raised
from agent.metareview.excerpts import telling
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
OPEN: dict[Outcome, str] = {
    "kept": "{who} still {holds} it after the reply",
    "open": "no reply is on record",
    "promised": "the reply only promises a change",
    "perhaps": "it is not sure that the reply meets it",
}
RULED: dict[str, str] = {
    "settled": "The chair takes {what} as settled and does not hold it against the paper",
    "void": "The chair does not count {what}",
}
"""The chair's own rulings on points, told as theirs."""
UNFOUND = "no reply was found"
"""Of a point near to which the authors wrote something: that may be meant as a reply."""
HEDGED: dict[str, str] = {
    "perhaps": "Possibly in answer, the authors write",
    "open": "No reply to this was found; nearest to it, the authors write",
}
"""How words of the authors are led in that may be no reply: also before a paraphrase that names them itself."""


def quoted(words: str) -> str:
    """Exact words in quotation marks, without the full stop that the sentence brings."""
    return f"“{' '.join(words.split()).rstrip(' .;,:')}”"


def told(lead: str, words: str, passage: Passage, paragraph: int) -> DraftSentence:
    """Words of a passage after who speaks: quoted where they are on record, as they stand where they are ours."""
    if passage.origin == "record" or (passage.origin == "ours" and passage.kind != "notes"):
        return fact(f"{lead}: {quoted(words)}.", passage, paragraph=paragraph)
    own = words.startswith(("The author", "Authors", passage.reviewer or "\n"))
    text = " ".join(words.split()).rstrip(" .;,:")
    if own and lead in HEDGED.values():
        return fact(f"{lead.removesuffix(', the authors write')}: {text}.", passage, paragraph=paragraph)
    return fact(f"{text}." if own else f"{lead}: {text}.", passage, paragraph=paragraph)


def objection(raised: Raised, paragraph: int) -> DraftSentence:
    """A reviewer's point."""
    words = raised.words
    verb = "asks" if "?" in words else "objects" if raised.point.stance == "objects" else "writes"
    return told(f"{raised.reviewer} {verb}", words, raised.passage, paragraph)


def praise(reviewer: str, passage: Passage, paragraph: int) -> DraftSentence:
    """What a reviewer credits the paper with."""
    return told(f"{reviewer} praises", telling(passage.text, praising=True), passage, paragraph)


def reply(raised: Raised, paragraph: int) -> list[DraftSentence]:
    """What the authors answered to a point, or what comes nearest to an answer; or nothing."""
    if raised.reply_in is None:
        return []
    lead = HEDGED.get(raised.hedge) or REPLIES[raised.kind or "explanation"]
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
        open_, done = ([r for r in concern.lead if r.open is is_open] for is_open in (True, False))
        whose = f" for {listed(list(dict.fromkeys(r.reviewer for r in open_)))}" if done else ""
        vague = "" if any(r.carries for r in open_) else ", but it is too vague to be a reason"
        text += f": I count the concern about {concern.matter} as open{whose}{shared}{vague}."
    elif all(r.state == "settled" for r in concern.lead if not r.ruled):
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


def why(concern: Concern, of: Sequence[Raised] = ()) -> str:
    """Why a concern is open or not, in words, for each who holds it where that differs: "no reply to it is on record"."""
    lead = of or [r for r in concern.lead if not r.ruled]
    parts: dict[Outcome, list[Raised]] = {o: held for o in ORDER if (held := [r for r in lead if r.state == o])}
    if all(o in DONE for o in parts):
        if set(parts) == {"settled"}:
            return f"{_who(lead)} {'take' if len(lead) > 1 else 'takes'} the reply as settling it"
        return "the authors answered it, and nobody on record contradicts the answer"
    told = [_reason(o, held, alone=len(parts) == 1) for o, held in parts.items() if o not in DONE]
    done = [r for o in DONE for r in parts.get(o, [])]
    told += [f"what {_who(done)} {'raise' if len(done) > 1 else 'raises'} was answered"] if done else []
    return "; ".join(told)


def _reason(state: Outcome, held: Sequence[Raised], *, alone: bool) -> str:
    """Why points in one state are open."""
    many = len(held) > 1
    unfound = state == "open" and any(r.reply_in is not None for r in held)
    reason = UNFOUND if unfound else OPEN[state].format(who=_who(held), holds="hold" if many else "holds")
    return reason if alone or state == "kept" else f"on what {_who(held)} {'raise' if many else 'raises'}, {reason}"


def _who(held: Sequence[Raised]) -> str:
    return listed([r.reviewer for r in held])


def claim(passage: Passage, paragraph: int) -> DraftSentence:
    """What the paper says it contributes: its own words quoted, our notes as they stand."""
    if passage.kind == "notes":
        return fact(one_line(passage), passage, paragraph=paragraph)
    return fact(f"The authors claim: {quoted(telling(passage.text, claiming=True))}.", passage, paragraph=paragraph)


def names_of(passages: Sequence[Passage]) -> str:
    """The reviewers of passages as a list in words, each once."""
    return listed(list(dict.fromkeys(p.reviewer or "" for p in passages if p.reviewer)))
