"""Words of a question that set a reviewer against the authors. Pure."""

import re

_REVIEWER = r"(?:R ?\d|(?:anon)?reviewers?(?:\d| \w{1,4})?|referees?(?: \w{1,4})?|he|she|the critic)"
_AUTHORS = r"(?:the )?(?:authors?|rebuttal|(?:authors?['’]? )?(?:repl(?:y|ies)|response))"
_WHO = r"\b(?:who(?:m|se|['’]s)?|which (?:side|of them|one|of the two)|(?:each|either|both) sides?|side with|believe|trust|right|got it right|better case|stronger case|better argument|evidence|correct|convinc\w+|prevail\w*|wins?)\b"
_BOTH_NAMED = re.compile(
    rf"\b{_REVIEWER}\b.{{0,40}}\b(?:or|vs\.?|versus|against|and|than)\b.{{0,12}}\b{_AUTHORS}\b|\b{_AUTHORS}\b.{{0,40}}\b(?:or|vs\.?|versus|against|and|than|with)\b.{{0,12}}\b{_REVIEWER}\b",
    re.IGNORECASE,
)
_WHO_IS_RIGHT = re.compile(_WHO, re.IGNORECASE)
_DISPUTE = re.compile(
    rf"\b{_REVIEWER}\b.{{0,20}}\b(?:disagree\w*|dispute\w*|at odds|clash\w*|argu\w+|conflict\w*)\b.{{0,12}}\bwith {_AUTHORS}\b|\b{_AUTHORS}\b.{{0,20}}\b(?:disagree\w*|at odds|clash\w*|conflict\w*)\b.{{0,12}}\bwith {_REVIEWER}\b|\b(?:dispute|disagreement|conflict|clash)\b.{{0,30}}\b(?:between|of) .{{0,30}}\b{_AUTHORS}\b",
    re.IGNORECASE,
)
_EACH_SIDE = re.compile(
    r"\b(?:each|either|both|which|whose|the two|every|one) sides?\b|\bpro and contra\b|\bwho(?:['’]s| is)? (?:in the )?right\b|\b(?:stronger|better) (?:case|argument|evidence)\b",
    re.IGNORECASE,
)


def sides_with_authors(text: str) -> bool:
    """Whether a question asks whom to believe, a reviewer or the authors, or where they disagree."""
    return bool(_DISPUTE.search(text)) or bool(_BOTH_NAMED.search(text) and _WHO_IS_RIGHT.search(text))


def asks_for_sides(text: str) -> bool:
    """Whether a question asks on about the sides of what was just disputed: "which evidence speaks for each side?"."""
    return bool(_EACH_SIDE.search(text))
