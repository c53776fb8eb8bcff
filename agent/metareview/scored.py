"""Whether a sentence of a meta-review decides by the scores: by their average, or by them and nothing else. Pure."""

import re

from agent.answering.themes import themes_of
from agent.cues import content_words

_AVERAGE = re.compile(
    r"\b(?:average|mean|median)\w*\W+(?:\w+\W+){0,3}?(?:scores?|ratings?|recommendations?)\b|\b(?:scores?|ratings?)\b(?!\W+[\d.]+ ?%)\W+(?:\w+\W+){0,3}?(?:averag\w+|mean|median)\b"
    r"|\b(?:sum|majority) of (?:the )?(?:scores|ratings)\b|\b(?:scores?|ratings?) (?:add|sum) up\b|\b(?:since|because|as|given)\W+(?:\w+\W+){0,4}?(?:scores?|ratings?) (?:is|are|was|were|lies?|stands?|falls?) (?:\w+ )?(?:above|below|under|over|too|low|high)\b"
    r"|\b(?:reviewers?|referees?|they)\b.{0,30}?\b(?:gave|give[ns]?|rated?|scored?|stand)\b.{0,20}?\bon average\b|\bon average\b.{0,20}?\b(?:reviewers?|referees?|they)\b.{0,20}?\b(?:gave|give[ns]?|rated?|scored?|stand)\b|\b(?:reviewers|they) averag\w+\b",
    re.IGNORECASE,
)
_SCORES = re.compile(r"\b(?:scor(?:es?|ed|ing)|rat(?:ings?|ed)|grades?|marks)\b|\b(?:gave|gives?|given) (?:it |the paper |this )?(?:an? |only )?\d", re.IGNORECASE)  # fmt: skip
SIDE = re.compile(r"\b(?:accept\w*|reject\w*|borderline|revisions?|declin\w+|turn(?:ed|ing)? (?:it |this )?down)\b", re.IGNORECASE)  # fmt: skip
_IN_SPITE = re.compile(
    r"\b(?:despite|in spite of|regardless of|notwithstanding|although|though|even if|even though|rather than|instead of|not (?:\w+ ){0,3}?(?:because of|due to|by|on|from))\W+(?:\w+\W+){0,6}?(?:scor\w+|ratings?|grades?|marks)\b",
    re.IGNORECASE,
)
"""What sets the scores aside."""
_OF_SCORES = re.compile(
    r"scor\w+|rat(?:e|ing|ed)\w*|grades?|marks?|low\w*|high\w*|below|above|under|over|thresholds?|bars?|cut\w*|negative\w*|positive\w*|overall|recommend\w*|lean\w*|decid\w*|decision|verdict|papers?|submissions?|(?:anon)?reviewers?\d*\w*|r\d|authors?|giv\w+|gave|averag\w*|mean|median|consensus|clear\w*|weak\w*|strong\w*|numbers?|confiden\w*|final|vot\w+|majority|unanim\w*|agree\w*|enough|too|all|both|three|two|four|accept\w*|reject\w*|borderline|thus|hence|therefore|conclu\w+|outcome|result(?:s|ing)?|suffic\w+|insufficient|reach\w*|fall\w*|stand\w*|lie\w*|point\w*|toward\w*|side\w*|simply|mostly|mainly|given|base[sd]?|basis|account|reason\w*|declin\w+|must|cannot|chair|area|venue|conference|bad|good|poor\w*|out|sum\w*|total\w*|average",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\d+(?:\.\d+)?(?:\s*(?:,|/|and|to|or)\s*(?:and\s*)?\d+(?:\.\d+)?)*")
_CLAUSES = re.compile(r"[,;:]|\b(?:and|but|so|thus|hence|therefore|whatever|whatsoever|which)\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:since|because|as|given|with|for|due to|owing to|on account of|in view of|in light of|based on|by)\b",
    re.IGNORECASE,
)
LEAST_ELSE = 3
"""Words on something else than scores and sides from which a sentence gives a reason besides."""


def by_average(sentence: str) -> bool:
    """Whether a sentence speaks of an average of scores."""
    return bool(_AVERAGE.search(sentence))


def by_scores_alone(sentence: str) -> bool:
    """Whether a sentence takes a side and names nothing for it but the scores."""
    if not (_SCORES.search(sentence) and SIDE.search(sentence)) or _IN_SPITE.search(sentence):
        return False
    left = _else(sentence)
    if themes_of(" ".join(left)):
        return False
    clauses = _CLAUSES.split(_LISTED.sub("#", sentence))
    reasons = [c for c in clauses if _SCORES.search(c) and _BECAUSE.search(c)]
    other = any(_BECAUSE.search(c) and len(_else(c)) >= LEAST_ELSE - 1 for c in clauses if c not in reasons)
    return len(left) < LEAST_ELSE or (not other and any(len(_else(c)) < LEAST_ELSE - 1 for c in reasons))


def _else(text: str) -> list[str]:
    """The words of a text that speak neither of scores nor of a side."""
    return [w for w in content_words(text) if not w.isdigit() and not _OF_SCORES.fullmatch(w)]
