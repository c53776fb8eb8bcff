"""The words of the record that a meta-review quotes: one telling sentence of a text, which stands alone. Pure."""

import re

from agent.quoting import sentences_of

_OBJECTS = re.compile(
    r"\b(?:lack\w*|miss\w*|unclear|not|no|never|without|limited|weak|insufficient|incremental|should|however|but|why|how|concern\w*|only|unfair|too)\b|\?",
    re.IGNORECASE,
)
_CLAIMS = re.compile(
    r"\b(?:we|our|this (?:paper|work)|the (?:paper|authors?)|contributions?)\b|\b(?:propos|introduc|present|show|prov|develop|deriv|achiev|reach|reduc|improv|outperform)\w*\b",
    re.IGNORECASE,
)
LONGEST_QUOTE, REPEATED = 240, 0.8
LEAST_TELLING = 6
"""Words from which a sentence tells something and is no heading."""
_LABEL = re.compile(
    r"^(?:@?(?:Anon)?Reviewer[ _#]*\w{1,4}|R\d|Re|[QWACS]\d{0,2}(?:\.\d)?|\(?\d{1,2})[ \t]*[:.)\]-]+[ \t]+(?=\S)",
    re.IGNORECASE,
)
"""Whom or what an answer or a point names before its first words: "Reviewer 1:", "W2."."""
_CUT = re.compile(
    r"(?:(?P<within>, (?:which|where|e\.g\.|for example|such as|for instance|including))|;|: )(?!.*\b(?:but|however|though|unless)\b)"
)
_GOES_ON = re.compile(
    r"[,)] (?:\w+ )?(?:is|are|was|were|do(?:es)?|did|has|have|had|can(?:not)?|could|will|would|should|may|might|must|seems?|looks?|lacks?|fails?|makes?)\b",
    re.IGNORECASE,
)
"""What tells that the clause before a cut has its verb after it."""
_FRAGMENT = re.compile(
    r"^\W*(?:not to mention|let alone|as well as|such as|including|e\.g\.|i\.e\.|etc\b|and so (?:on|forth)|among others|same (?:here|for|with)|for (?:example|instance)\W*$|in particular\W*$|which\b|whereas\b)",
    re.IGNORECASE,
)
"""How what hangs on the sentence before it begins."""
_THANKS = re.compile(
    r"^\W*(?:(?:first(?:ly)?|again|and|we|i|many|dear|sincerely|would|like|to|really|also|once|more|all|reviewer\w*|\W)\s*){0,8}\b(?:thank\w*|appreciate|grateful)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:we|our|table|figure|section|appendix|added?|fixed|corrected|revised|because|since|but)\b.*", re.IGNORECASE)  # fmt: skip
"""What a sentence of thanks may tell besides."""
OWN_WORD = 0.15
"""What a sentence of a reply gains by telling the authors' own doing, in overlap."""
_OWN = re.compile(r"\b(?:we|our|table|figure|section|appendix)\b", re.IGNORECASE)
_GRANTS = re.compile(
    r"\b(?:is|are) (?:indeed |also |very |certainly |truly )*(?:important|interesting|relevant|valuable|(?:an? )?(?:very )?(?:good|fair|valid|great|important|interesting|excellent) (?:point|question|suggestion|concern|observation|idea)\w*|right|correct)\s*[.!]*$|^\W*(?:good|fair|great|valid) (?:point|question|suggestion)",
    re.IGNORECASE,
)
"""A sentence of a reply that only grants that the point was worth raising."""
_PRAISES = re.compile(
    r"\b(?:good|nice\w*|great|convinc\w+|thorough\w*|interesting|impressive|useful|strong\w*|solid|valuable|well|elegant\w*|clear\w*|novel\w*|original|sound|extensive|comprehensive|important|like|appreciate|enjoy\w*|praise\w*|credits?|values?|finds?|simple|effective\w*|improve\w*|timely|relevant)\b",
    re.IGNORECASE,
)


def telling(text: str, about: str = "", objecting: bool = False, claiming: bool = False, praising: bool = False) -> str:
    """The sentence of a text that says most of `about`, or that objects, claims or praises most; an exact part of the
    text, cut at a clause where it is long. Thanks and what hangs on another sentence are told only where there is no more."""
    # Rows of tables tell nothing alone, and what a reply repeats of the reviewer is not the authors' word.
    own = [part for part in sentences_of(text) if not part.lstrip().startswith(("|", ">"))] or sentences_of(text)
    every = [part for part in (_LABEL.sub("", part.strip(" -*•\t")) for part in own) if len(part.split()) > 2]
    own = [part for part in every if not _repeats(part, about)] or every or [text.strip()]
    parts = [part for part in own if not _is_thanks(part) and not is_fragment(part)] or own
    if objecting:
        best = max(parts, key=lambda part: min(len(_OBJECTS.findall(part)), 3))
    elif claiming:
        best = max(parts, key=lambda part: min(len(_CLAIMS.findall(part)), 3))
    elif praising:
        best = max(parts, key=lambda part: min(len(_PRAISES.findall(part)), 2))
    else:
        # A reply begins by granting or repeating; what was done or is meant comes in the first person, or at a place.
        said = [part for part in parts if not _GRANTS.search(part) and _OWN.search(part)] if about else []
        granting = any(_GRANTS.search(part) for part in parts)
        parts = said if granting and said else parts
        best = max(parts, key=lambda part: overlap(part, about) + OWN_WORD * bool(_OWN.search(part)))
    if is_fragment(best):
        return text.strip()
    return _cut(best) if len(best) > LONGEST_QUOTE else best


def _cut(sentence: str) -> str:
    """A long sentence up to a clause that it can do without: not within brackets, and not before the verb."""
    for match in _CUT.finditer(sentence, LONGEST_QUOTE // 3):
        head, rest = sentence[: match.start()], sentence[match.end() :]
        if _closed(head) and not (match["within"] and _GOES_ON.search(rest)):
            return head
    return sentence


def _closed(text: str) -> bool:
    """Whether every bracket, formula and quotation that a text opens is closed in it."""
    pairs = all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}", "“”"))
    return pairs and text.count("$") % 2 == 0 and text.count('"') % 2 == 0


def is_fragment(text: str) -> bool:
    """Whether words hang on a sentence before them, or leave a bracket open, and so say nothing alone."""
    return bool(_FRAGMENT.match(text)) or text.count("(") > text.count(")")


def stands_alone(text: str) -> bool:
    """Whether words are a sentence that tells something: no heading, no thanks, no fragment."""
    return len(text.split()) >= LEAST_TELLING and not is_fragment(text) and not _is_thanks(text)


def _is_thanks(text: str) -> bool:
    thanks = _THANKS.match(text)
    return thanks is not None and not _TOLD.search(text, thanks.end())


def _repeats(part: str, about: str) -> bool:
    held, wanted = (set(re.findall(r"[a-z]{4,}", words.lower())) for words in (part, about))
    return len(held) >= 4 and len(held & wanted) / len(held) >= REPEATED


def overlap(text: str, about: str) -> float:
    wanted, held = (set(re.findall(r"[a-z]{4,}", words.lower())) for words in (about, text))
    return len(wanted & held) / (len(held) + 4) if wanted else 0.0
