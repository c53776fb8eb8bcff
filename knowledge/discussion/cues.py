"""The words by which a heading, and a point itself, tell what it is: a request for an experiment, a typo, a list."""

import re
from typing import Literal

from knowledge.discussion.stances import Stance

PointAspect = Literal["summary", "strength", "weakness", "question", "typo", "ethics", "experiment"]
"""What a point is; `experiment` is a request for an experiment, an ablation, a comparison or a measurement."""

HEADINGS: tuple[tuple[str, Stance | None, PointAspect | None], ...] = (
    (r"\btypos?\b|\bnits?\b|typographical|editorial|grammar", "objects", "typo"),
    (r"ethic", None, "ethics"),
    (r"strengths?\b.*(weakness|cons)|pros\b.*\bcons", None, None),
    (r"\bstrengths?\b|\bstrong (points|sides)|\bpros\b|\bpositives?\b|\bmerits\b|\breasons to (accept|publish)", "praises", "strength"),
    (r"\bweak(ness(es)?| points| sides)\b|\bcons\b|\bnegatives?\b|\bconcerns?\b|\breasons to reject|\bissues?\b|\bproblems\b|\bto improve\b", "objects", "weakness"),
    (r"\bquestions?\b|clarifications?|\bsuggest(ed|ions?)\b|\brequest", "asks", "question"),
    (r"claims and evidence|methods and evaluation|theoretical claims|experimental designs|essential references|limitations", "objects", "weakness"),
    (r"\b(summary|description|overview|contributions?|synopsis|abstract)\b", "describes", "summary"),
)  # fmt: skip
"""Words of a heading, what a sentence under it does by default (None: its own words tell), and what it is."""

LEAD_IN = re.compile(
    r"[\s#*_>~-]*(?:\d{1,2}[.)]\s*)?"
    r"((?:(?:the|some|a few|my|several|other|main|major|minor|key|specific|detailed|general|additional|further|clarification"
    r"|weakness|strength|paper|possible|primary|remaining)\s+)*"
    r"(?:strengths?|strong (?:points|sides)|pros|positives?|weakness(?:es)?|weak points|cons|negatives?|concerns?|comments?|issues?"
    r"|questions?|suggestions?|remarks|points?|typos?|notes?|nits?|summary|overview|quality|clarity|originality|significance|novelty"
    r"|limitations?|overall|conclusion|rating|justification)"
    r"(?:\s+(?:and|&|/)\s+\w+(?:\s\w+)?)?(?:,\s*etc\.?)?(?:\s+(?:bullets?|points?|issues?|comments?|for the authors?|of rating|of the paper))*)"
    r"[*_\s]*(?::[*_]*|$|\n)",
    re.IGNORECASE,
)
"""A heading that stands at the start of a sentence: "Weaknesses: ...", "Minor comments:", a line "Pros"."""

EXPERIMENT = re.compile(
    r"\b(experiment\w*|ablat\w+|compar\w+|baselines?|benchmarks?|evaluat\w+|results?|measur\w+|run ?times?|wall[- ]?clock|latency|latencies|throughput|speed-?ups?|(training|inference) (time|cost|speed)|memory (footprint|usage|requirements?|cost)"
    r"|flops?|error bars?|standard deviations?|seeds?|variance|sensitivity|datasets?|imagenet|cifar\S*|accurac(y|ies)|perplexity|tests?|tested|try|tried|sweep|learning curves?|performance|overhead|plots?|curves?|statistics|numbers)\b",
    re.IGNORECASE,
)
WANTED = re.compile(
    r"\b(would|should|could|please|need\w*|lack\w*|missing|no|not|n't|only|without|add\w*|includ\w*|report\w*|show\w*|provid\w*|suggest\w*|try|why not|expect\w*|like to see|fair\w*|unfair|limited|few|more|additional\w*|how (does|do|much|is|well|would)|what (is|are|about))\b|n't\b|\?",
    re.IGNORECASE,
)
TYPO = re.compile(
    r"\btypos?\b|\bmisspell\w*|\bgrammat\w+|\bshould (be|read|probably read)\b.{0,40}$|->|→|\bs/[^/]+/[^/]+/|\bmissing (comma|backslash|space|article)|\bcapital|\bcitation style|\\citep|\bparenthes[ei]s\b|\bproofread|\bpunctuation|\bwrong blank",
    re.IGNORECASE,
)
ETHICS = re.compile(
    r"\bethic\w*|\bsocietal\b|\bbroader impact|\bprivacy\b|\bdual[- ]use|\bharm(s|ful)?\b|\bdiscriminat\w+ (against|of)\b|\bconsent\b",
    re.IGNORECASE,
)
ADDS = re.compile(
    r"^[\W_]*(also\b|additionally|furthermore|moreover|in addition|finally|lastly|second(ly)?\b|third(ly)?\b|fourth(ly)?\b|first(ly)?\b|another|besides|next\b|regarding|concerning|as for|on another note|similarly|perhaps more importantly|more importantly|a (minor|second|further|related|more) (point|issue|concern|question|important)|one (minor|other|more|major)|my (main|other|second|first|biggest|next)|last(ly)?\b|likewise|apart from|other than|relatedly|unfortunately|again\b)",
    re.IGNORECASE,
)
ANAPHORA = re.compile(
    r"^[\W_]*(this\b|that\b|these|those|it\b|its\b|they\b|their|such\b|in particular|for (example|instance|one)|e\.?g|i\.?e|specifically|namely|concretely|more concretely|to be (more )?(clear|specific|precise)|if (so|not|yes|that|this|only|indeed)|otherwise|thus|hence|therefore|so\b|because|since|and\b|or\b|then\b|what about|why\b|is (that|this|it)\b|do (they|these|those)|does (it|this|that)|any (reason|idea)|as a matter of fact|in fact|indeed|note that|here\b|both\b|currently|to (show|elucidate|solve|verify)|one (could|can|example|would)|even\b|given (this|that)|as (a result|i understand|such)|in (other words|this|that|these|such|which)|at the same time|yet\b|instead|still\b|same\b|ideally|maybe|perhaps|without\b|with(out)? (that|this|these)|could (it|this|these|you)|can (you|it|this)|what (do|does|is) (it|that|this|the intuition)|for (this|these|that)|under (this|these|some)|by doing|\(|but\b|however)",
    re.IGNORECASE,
)


def heading_meaning(title: str) -> tuple[Stance | None, PointAspect | None]:
    """What sentences under a heading do, and what they are, as far as the heading tells."""
    for pattern, stance, aspect in HEADINGS:
        if re.search(pattern, title, re.IGNORECASE):
            return stance, aspect
    return None, None


def aspects_of(text: str, stance: Stance, heading: PointAspect | None) -> tuple[PointAspect, ...]:
    """What a point is, the main thing first."""
    found: list[PointAspect] = []
    if stance == "praises":
        found.append("strength")
    elif stance == "describes":
        found.append("summary")
    else:
        if heading == "typo" or (TYPO.search(text) and len(text) < 160):
            found.append("typo")
        found.append("question" if "?" in text or (stance == "asks" and heading == "question") else "weakness")
        if EXPERIMENT.search(text) and WANTED.search(text) and "typo" not in found:
            found.append("experiment")
    if heading == "ethics" or (stance in ("asks", "objects") and ETHICS.search(text)):
        found.append("ethics")
    return tuple(dict.fromkeys(found))
