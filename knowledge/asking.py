"""What a question asks for, read from its words: a number, a reviewer's point, a reply, a score, the decision."""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.lexical import STOP_WORDS, WORD

CUES = {
    "review": r"review|referee|critic|critique|complain|weakness|strength|objection|"
    r"\bwho (?:says|finds|found|asks|wanted|calls|thinks|complains|appreciates)|\bany(?:one|body)\b|\bsome(?:one|body)\b",
    "reply": r"repl(?:y|ies|ied)|respon[ds]|rebut|authors? (?:say|said|tell|concede|admit|explain|justify|defend|promise)|"
    r"did (?:they|the \S+ authors|the authors|\S+ authors)|(?:do|how) (?:do )?they (?:say|answer|explain|tell|deal)|\banswer",
    "decision": r"decision|decided|accept|reject|\bchairs?\b|\bACs?\b|meta-?review|verdict|turn(?:ed)? down|outcome|"
    r"\boral\b|\bposter\b",
    "chair": r"\bchairs?\b|\bACs?\b|meta-?review|official",
    "score": r"\bscore|\brat(?:e|ed|ing|ings)\b|confiden|how sure|soundness|favourable|presentation|recommend|assessment",
    "after": r"after the (?:response|discussion|rebuttal|review|answer)|after reading|chang\w* (?:the|his|her|their)|"
    r"\brais|in the end|\bkeep|\bkept|convince|stand after",
    "number": r"how (?:many|much|long|large|big|far|close|small|well|bad|slow|fast|few|sparse|expensive)|\d|"
    r"what (?:fraction|share|percentage|part|rate|ratio|accuracy|speed|perplexity|latency|error|loss|factor)|"
    r"by what factor|which accuracy|accuracy|percent|ratio|number|compression rate|speed-?up|throughput|latency|"
    r"parameters|perplexity|top-1|\bF1\b|\bAP\b|figures?",
}
"""What is asked for -> the words that say so."""
ASPECTS = {
    "problem": r"\bproblem|motivat|\bwhy (?:bother|care|would)",
    "contributions": r"contribut|main idea|what is new|\bclaim|is about|deal with|what does .{3,60} do\b",
    "method": r"\bhow (?:does|do|is|are|would|did)|method|algorithm|solver|approach|explain|defin|optimi[sz]er|work\b",
    "assumptions": r"assum|presuppos|requir|must|need|guarantee|depend",
    "evaluation": r"accuracy|speed|result|experiment|reach|perform|how (?:many|much|long|large|far)|reduction|numbers",
    "baselines": r"compar|baseline|against|versus|\bvs\b|rival|better than|competitor",
    "limitations": r"limitation|fail|wrong|drawback|break|scal(?:e|ing)|slow|\bworst|large models|hits? a wall",
    "ethics": r"ethic|consent|societal|funding|paid for|broader impact",
    "reproducibility": r"\bcode\b|public|download|repository|reproduc|source files|implementation|tutorial|seeds?\b",
    "novelty": r"novel|original|\bnew\b|incremental",
    "writing": r"typo|readab|easy to (?:read|follow)|pages|too long|shorten|writ(?:ten|ing)|figure|section|notation",
    "strengths": r"strength|\blikes?\b|liked|prais|appreciat|impress|favourable|positive|interesting|\bpros?\b|remember",
    "weaknesses": r"weakness|concern|complain|critici|worr|\bmiss|object|drawback|against|demand|not convinced|\bcons?\b",
    "questions": r"\bask|question|want(?:s|ed)? to know|wonder|clarif|request",
    "record": r"record|rating|page order|reviewers? (?:is|are) called",
    "traps": r"\btrue\b|wrong|heard|widely|repeated|circulat|mean that|confus|factually|error in",
    "type": r"\btype\b|long or|short paper|kind of paper",
}  # fmt: skip
"""An aspect of `knowledge.types.Aspect` -> the words that ask for it."""
COMPILED_CUES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in CUES.items()}
COMPILED_ASPECTS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in ASPECTS.items()}
REVIEWER = re.compile(
    r"\b(?:anon)?review(?:er)?s?[ ]*#?(\d{1,2}|[A-Za-z0-9]*\d[A-Za-z0-9]*)\b|\bR(\d)\b", re.IGNORECASE
)
ABOUT_THE_RECORD = re.compile(
    r"\b(?:(?:anon)?review(?:er|ers|s)?|referees?|authors?(?:'s?)?|rebuttals?|respon(?:se|ses|d|ds|ded)|repl(?:y|ies|ied)|"
    r"answer(?:s|ed)?|papers?|submissions?|according|says?|said|R\d|please|summary|AC|meta)\b",
    re.IGNORECASE,
)
"""Words of a question that say whose words are wanted, and not what they are about."""
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
ENDINGS = (
    "izations",
    "ization",
    "ations",
    "ation",
    "ings",
    "ing",
    "edly",
    "ed",
    "ers",
    "er",
    "ies",
    "es",
    "s",
    "e",
    "y",
)
STEM = 4
"""A stem keeps at least as many letters."""


@dataclass(frozen=True)
class Asked:
    """A question's stems in their order, its numbers, its cues and aspects, and the reviewers that it names."""

    stems: tuple[str, ...]
    numbers: frozenset[str]
    cues: frozenset[str]
    aspects: frozenset[str]
    reviewers: frozenset[str]
    words: frozenset[str]


def read_question(query: str) -> Asked:
    """What a question asks for. Pure."""
    return Asked(
        tuple(stems_of(query)),
        frozenset(NUMBER.findall(query)),
        frozenset(name for name, pattern in COMPILED_CUES.items() if pattern.search(query)),
        frozenset(name for name, pattern in COMPILED_ASPECTS.items() if pattern.search(query)),
        frozenset((first or second).lower() for first, second in REVIEWER.findall(query)),
        frozenset(WORD.findall(query.casefold())),
    )


def topic_of(query: str) -> str:
    """A question without the words on whose words are wanted; all of it where nothing else is in it."""
    return " ".join(ABOUT_THE_RECORD.sub(" ", query).split()).strip(" :,;-?'") or query


def stems_of(text: str) -> list[str]:
    """The stems of the words that carry meaning, compounds also in their parts."""
    return [stem for word in WORD.findall(text.casefold()) for stem in stems_in(word)]


@lru_cache(1 << 16)
def stems_in(word: str) -> tuple[str, ...]:
    """The stems of one word, in lower case, and of its parts."""
    parts = dict.fromkeys((word, *re.split(r"[^\w.]+", word)))
    return tuple(stem(part) for part in parts if part not in STOP_WORDS and (len(part) > 1 or part.isdigit()))


def stem(word: str) -> str:
    """A word without its commonest ending: light stemming, enough to tell whether two texts share a word."""
    if not word.isalpha():
        return word
    ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= STEM), "")
    return word.removesuffix(ending)
