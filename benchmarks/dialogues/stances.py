"""What an answer does: stays silent, refuses, leans, asks back; and whether a conversation contradicts itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.events import Answer, Sentence
from benchmarks.dialogues.people import scores_said
from knowledge.types import Review

Lean = Literal["accept", "reject", "undecided"]
SOURCES = r"(?:sources?|passages?|papers?|reviews?|record|notes?|thread|submissions?|documents?|reviewers?|authors?|text|discussion)"
_SILENT = re.compile(
    rf"\b{SOURCES}\b[^.;]{{0,40}}\b(?:do(?:es)? not|don['’]t|doesn['’]t|did not|didn['’]t|never) (?:\w+ )?(?:say|state|mention|report|give|name|address|discuss|specify|answer|describe|cover|tell|include|contain|provide|bear|speak|touch|raise|reply|respond|ask)\w*"
    rf"|\b{SOURCES}\b[^.;]{{0,40}}\b(?:say|give|hold|name|report|contain|mention|tell)s? (?:no|nothing (?:of|on|about))\b"
    rf"|\b(?:nothing|no(?:body|where| one)?)\b[^.;]{{0,70}}\b(?:on record|on file|in the (?:\w+ )?{SOURCES}|was found|were found|found|is known|given|recorded|stated|mentioned|reported)\b"
    rf"|\b(?:is|are|was|were) (?:not|nowhere) (?:\w+ )?(?:stated|mentioned|given|reported|on record|on file|recorded|specified|known|described|addressed|found|said)\b"
    r"|\bthere (?:is|are|was|were) (?:no|none|not)\b|\bI (?:found|find|have) (?:no|nothing)\b|\bcould not find\b|\bsilent\b|\bnot on record\b|\b(?:is|are|remains?) unknown\b|\bcannot be (?:said|told|known)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\bas an? (?:AI|(?:large )?language model|assistant)\b|\bI (?:cannot|can['’]?t|can not|am unable to|['’]m unable to|am not able to|won['’]t|will not|must decline)\b|\bunable to (?:answer|help|assist)\b|\bbeyond my\b",
    re.IGNORECASE,
)
_UNTESTABLE = re.compile(
    r"\b(?:not|cannot|can['’]?t|can not|no)\b[^.;]{0,60}\b(?:testable|tested|test|checked|check|rerun|verified|verify|run here|measured here)\b|\boutside (?:of )?what\b[^.;]*\b(?:engine|test)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(r"\b(?:supported|contradicted|inconclusive|failed)\b", re.IGNORECASE)
_DRAFT = re.compile(
    r"\b(?:summary|strengths?|weaknesses|recommendation|decision|meta-?review|justification|for acceptance|against|discussion|concerns?)\b",
    re.IGNORECASE,
)
_TOWARDS = r"(?P<way>accept|reject)"
_LEAN = re.compile(
    rf"\b(?:lean\w*|inclin\w+|tend|tip\w*|recommend\w*|suggest|advise|would|vote|favou?r\w*|side)\b(?P<between>[^.;:]{{0,50}}?)\b{_TOWARDS}",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"\b(?:undecided|no (?:clear )?lean|neither way|either way|too close|cannot be decided|would not lean|do not lean|borderline case|evenly split|hangs in the balance|open)\b",
    re.IGNORECASE,
)
_OWN_VOICE = re.compile(r"\b(?:I|my)\b")
_NEW = re.compile(
    r"\b(?:assum\w+|suppose|what if|if (?:they|the authors|it|we|I|R\d|reviewer)|given that|I (?:think|disagree|decided|weigh|care|changed|read|talked|know|consider|want|lean|'m)|my (?:view|decision|priorit\w+|take|own)|new|just (?:told|posted|replied|wrote)|updated|ignor\w+|set \w+ aside|leav\w+ \w+ out|leave out|without|discount\w*|instead)\b",
    re.IGNORECASE,
)
CAVEAT = re.compile(r"\((?:not checked at the source|relayed, not on record)\)", re.IGNORECASE)
_OF_SOMEBODY = re.compile(
    r"\b(?:reviews? by|(?:Anon)?Reviewer\s?\w*\d\w*|R\d|authors?|responses?|rebuttal|repl(?:y|ies))\b", re.IGNORECASE
)
LEAST_DRAFT_WORDS = 60


@dataclass(frozen=True)
class Exchange:
    """One question with its answer, as far as contradictions are concerned."""

    ask: str
    type: str
    answer: Answer
    reviews: Sequence[Review]
    ran: bool = False


def is_silent(text: str) -> bool:
    """Whether a sentence says that the sources do not say."""
    return _SILENT.search(text) is not None


def says_silence(answer: Answer) -> bool:
    """Whether an answer says plainly that the sources do not say, before anything else or as its whole point."""
    first = next((s.text for s in answer.sentences), "")
    return is_silent(first) or (answer.abstained and any(is_silent(s.text) for s in answer.sentences))


def declines(answer: Answer) -> bool:
    """Whether an answer leaves the question at "the sources do not say".

    A cited absence ("the paper states no ..." [1]) is an answer, and so is what a certain person did not write ("no
    review by Reviewer 4 is on record"): such sentences are held against what is expected.
    """
    if not answer.sentences:
        return True
    said = answer.sentences if answer.abstained else answer.sentences[:1]
    return any(is_silent(s.text) and not s.citations and not _OF_SOMEBODY.search(s.text) for s in said)


def refuses(answer: Answer) -> bool:
    """Whether an answer declines, or speaks as a language model speaks of itself; what it quotes is not its own."""
    return _REFUSAL.search(re.sub(r"“[^”]*”", " ", answer.text)) is not None


def does(act: str, answer: Answer, *, type: str = "", verdict: bool = False, proposed: bool = False) -> bool:
    """Whether an answer does what `act` says that a right one does; `type` is what was asked for."""
    cited = any(s.citations for s in answer.sentences)
    answers = not declines(answer) and not refuses(answer)
    if act == "facts":
        return answers
    if act == "silent":
        return says_silence(answer)
    if act == "judgement":
        return answers and any(s.kind == "judgement" or _OWN_VOICE.search(s.text) for s in answer.sentences)
    if act == "courtesy":
        # Silence is no reply to a greeting, but it is one to a question on the weather.
        return not verdict and {"offtopic": not cited, "own_decision": answers}.get(
            type, not cited and not declines(answer)
        )
    if act == "verdict":
        return verdict or any(s.kind == "run" and _OUTCOME.search(s.text) for s in answer.sentences)
    if act == "draft":
        headings = {match.group().casefold() for match in _DRAFT.finditer(answer.text)}
        return answers and cited and len(answer.text.split()) >= LEAST_DRAFT_WORDS and len(headings) > 1
    if act == "notestable":
        said = (CAVEAT.sub("", s.text) for s in answer.sentences if not s.citations)
        return not verdict and any(_UNTESTABLE.search(text) for text in said)
    return proposed or "?" in answer.text


def read_lean(answer: Answer) -> Lean | None:
    """Where an answer leans in its own voice; None where it does not speak of accepting or rejecting."""
    for sentence in answer.sentences:
        lean = _lean_of(sentence)
        if lean is not None:
            return lean
    return None


def _lean_of(sentence: Sentence) -> Lean | None:
    if sentence.kind != "judgement" and not _OWN_VOICE.search(sentence.text):
        return None
    match = _LEAN.search(sentence.text)
    if match is None:
        return "undecided" if _UNDECIDED.search(sentence.text) else None
    if re.search(r"\b(?:not|neither|or)\b", match["between"]) or re.match(
        r"\w*\s+(?:or|nor)\s+(?:to\s+)?(?:accept|reject)", sentence.text[match.start("way") :]
    ):
        return "undecided"
    return "accept" if match["way"].lower() == "accept" else "reject"


def contradictions(exchanges: Sequence[Exchange]) -> list[tuple[int, str]]:
    """Where a conversation contradicts itself: the index of the exchange and why.

    A recommendation on a submission that turns from accepting to rejecting or back though between the two no run ended
    and the chair neither stated anything of their own nor put a condition; a score of a reviewer given as two values.
    """
    found: list[tuple[int, str]] = []
    leans: dict[str | None, tuple[int, Lean]] = {}
    scores: dict[tuple[str | None, str, str], float] = {}
    for index, exchange in enumerate(exchanges):
        home = exchange.answer.submission
        lean = read_lean(exchange.answer)
        if lean in ("accept", "reject"):
            before = leans.get(home)
            if before is not None and before[1] != lean:
                between = exchanges[before[0] + 1 : index + 1]
                if not any(e.ran or e.type == "own_decision" or _NEW.search(e.ask) for e in between):
                    found.append((index, f"leans to {lean} after it leaned to {before[1]} with nothing new between"))
            leans[home] = (index, lean)
        for sentence in exchange.answer.sentences:
            cited = [exchange.answer.citations[k] for k in sentence.citations if k in exchange.answer.citations]
            if any(citation.submission != home for citation in cited):
                continue  # of another submission: its reviewers may bear the same names
            for said in scores_said(sentence.text, exchange.reviews):
                value = scores.setdefault((home, said.reviewer, said.kind), said.value)
                if value != said.value:
                    found.append((index, f"{said.kind} of {said.reviewer} is {said.value:g} after it was {value:g}"))
    return found
