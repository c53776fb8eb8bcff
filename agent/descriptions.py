"""Reviewers called by what they gave: "the positive one", "the 8", "the reject", "the least confident reviewer". Pure."""

import re
from collections.abc import Callable, Sequence

from agent.desk import Paper, Reviewer
from agent.number_words import NUMBER_WORDS

_ONE = r"(?:scorers?|(?:score|rating)(?=,)|ones?|reviewers?|reviews?|referees?|guy|person|people|voices?)"
_MOST = r"(?:most |very |more |clearly |only |single |lone |sole )*"
_ASKED = r"(?P<asked>\b(?:who|which)(?: (?:one|of them|of the \w+|reviewer))?(?: is|['’]s| was| are| were) )?"
_BY_WORD = re.compile(
    rf"{_ASKED}\b(?:the|that|those|our|your) (?P<least>least )?{_MOST}"
    r"(?:(?P<low>negative|critical|harsh(?:est|er)?|tough(?:est|er)?|hostile|low(?:est|er)?|reject(?:ing)?|unhappy|sceptical|skeptical|grumpy|pessimistic|strict(?:est)?)"
    r"|(?P<high>positive|favou?rable|enthusiastic|high(?:est|er)?|kind(?:est|er)?|accept(?:ing)?|friendl(?:y|iest)|happy|supportive|optimistic|generous)"
    r"|(?P<sure>confident|sure|surest|certain|expert|knowledgeable)|(?P<unsure>unsure|uncertain|unconfident|non-expert|inexpert))"
    rf"(?:[- ](?:scoring|rating))? {_ONE}\b",
    re.IGNORECASE,
)
_THEN = r"(?:\w{3,}ed|is|was|are|were|has|had|have|says?|said|gives?|gave|wants?|does|did|do|and|or|move[ds]?|counts?|knows?|thinks?|thought|complains?|complained|objects?|objected|got|get|would|will|should(?:n['’]t)?|really|still|came|come|likes?|liked|vs\.?|against|on)"
_BY_SCORE = re.compile(
    rf"{_ASKED}\bthe (?:(?:two|three|four|both) (?=\d{{1,2}}['’]?s\b))?(?:(?P<number>\d{{1,2}}(?:\.5)?)(?P<more>['’]?s)?|(?P<word>{'|'.join(NUMBER_WORDS)})(?P<plural>e?s)?|(?P<label>(?:weak |strong |clear )?(?:accept|reject)s?))"
    rf"(?(more)|(?(plural)|(?=['’]s\b|\s*$|\s*[,;:?!.)](?!\d)|\s+[-–—]\s| {_THEN}\b| (?P<noun>{_ONE})\b)))",
    re.IGNORECASE,
)
_WHO_GAVE = re.compile(
    rf"\b(?:the |that )?{_ONE} (?:who|that|with)(?: (?:gave|rated|scored|voted|has))?(?: it)?(?: an?| the| of)? ?(?:(?P<kind>rating|score|confidence)(?: of)? )?(?P<number>\d{{1,2}}(?:\.5)?)\b(?! (?:points?|questions?|concerns?|weakness\w*))(?!-)",
    re.IGNORECASE,
)
_WHY_SO = re.compile(
    r"\b(?P<lead>why|still|only|just)(?: (?:is it|only|just|still|such))* an? (?P<number>\d{1,2}(?:\.5)?)(?=\s*(?:[?,;!]|$|\.(?!\d))| (?:and|over|then|after)\b)",
    re.IGNORECASE,
)
_IS_IT = re.compile(r"\b(?:is|was|isn['’]t|wasn['’]t)\b", re.IGNORECASE)
SHORT_COUNT = 3
"""Up to this number, "the two" counts reviewers; it is no score."""


def name_described(text: str, paper: Paper | None, *, named: bool = False) -> str:
    """The message with the names of the reviewers whom it calls by their side, score or confidence in place of that.

    Where it asks who that is ("who is the harshest?"), or, `named` saying that it names somebody, whether it is that
    one ("is R2 the harshest?"), it stays as it is.
    """
    if paper is None or (named and _IS_IT.search(text)):
        return text
    people = paper.reviewers

    def put(match: re.Match[str], found: Sequence[str]) -> str:
        names = list(dict.fromkeys(found))
        if match.groupdict().get("asked") or not names or len(names) == len(people):
            return match.group()
        return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]

    text = _WHO_GAVE.sub(lambda m: put(m, _who_gave(m, people)), text)
    text = _WHY_SO.sub(lambda m: _alone(m, people), text)
    text = _BY_WORD.sub(lambda m: put(m, _by_word(m, people)), text)
    return _BY_SCORE.sub(lambda m: put(m, _by_score(m, people)), text)


def _alone(match: re.Match[str], people: Sequence[Reviewer]) -> str:
    """ "why a 3?" with the one reviewer's name where just one gave that."""
    found = [r.name for r in people if r.rating == float(match["number"])]
    return f"{match['lead']} {found[0]}" if len(found) == 1 else match.group()


def _by_word(match: re.Match[str], people: Sequence[Reviewer]) -> list[str]:
    """The end of the ratings or of the confidences that a word names; of several ("the negative ones") the whole side."""
    if match["sure"] or match["unsure"]:
        return _end(people, lambda r: r.confidence, min if match["unsure"] or match["least"] else max)
    low = bool(match["low"]) != bool(match["least"])
    rated = {r.name: r.rating for r in people if r.rating is not None}
    if re.search(r"(?:s|people)$", match.group(), re.IGNORECASE) and rated:
        middle = (min(rated.values()) + max(rated.values())) / 2
        return [name for name, value in rated.items() if (value < middle if low else value > middle)]
    return _end(people, lambda r: r.rating, min if low else max)


def _by_score(match: re.Match[str], people: Sequence[Reviewer]) -> list[str]:
    """Those with the rating, or the words of a rating, that are named; a count of reviewers is no rating."""
    if match["label"]:
        word = match["label"].lower().rstrip("s")
        return [r.name for r in people if word in r.label.lower()]
    value = float(match["number"]) if match["number"] else float(NUMBER_WORDS[match["word"].lower()])
    several = bool(match["more"] or match["plural"])
    counts = bool(match["noun"] and match["noun"].lower().endswith("s")) or bool(match["word"] and value <= SHORT_COUNT)
    if not several and (counts or (match["word"] and value == len(people))):
        return []
    return [r.name for r in people if r.rating == value]


def _who_gave(match: re.Match[str], people: Sequence[Reviewer]) -> list[str]:
    value, sure = float(match["number"]), (match["kind"] or "").lower() == "confidence"
    return [r.name for r in people if (r.confidence if sure else r.rating) == value]


def _end(
    people: Sequence[Reviewer], value: Callable[[Reviewer], float | None], pick: Callable[..., float]
) -> list[str]:
    """Who has the lowest or the highest value; nobody where all have the same."""
    held = [(v, r.name) for r in people if (v := value(r)) is not None]
    if len({v for v, _ in held}) < 2:
        return []
    end = pick(v for v, _ in held)
    return [name for v, name in held if v == end]
