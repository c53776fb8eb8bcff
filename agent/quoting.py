"""Short exact quotations: which sentences of a text carry it, and how they stand in an answer."""

import re

from agent.cues import content_words
from knowledge.types import Passage

LONGEST_QUOTE = 360
"""Characters of a quotation; a single longer sentence is quoted whole."""
_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bet al\.)(?<!\bvs\.)(?<!\bcf\.)(?<!\bw\.r\.t\.)(?<!\bSec\.)(?<!\bFig\.)(?<!\bEq\.)(?<!\bTab\.)(?<!\bNo\.)(?<!\bp\.)(?<!\bpp\.)(?<!\b[A-Z]\.)[\"'”’)\]]*\s+(?=[A-Z0-9\"“‘(\[$*>-])|\n\s*\n|\n(?=\s*(?:[-*•>]|\d+[.)])\s)"
)
_OPENING = re.compile(r"^\W*(?:(?:(?:[QWA]?\d{1,2}[a-h]?|[a-h])[.):]+|[QA]:|[-*•>]+)\s+|\d{1,2}[.)](?=[A-Z]))")
_CONCERN = re.compile(
    r"\?|\b(?:not|no|lack\w*|missing|unclear|however|but|limited|should|would|could|need\w*|concern\w*|only|why|how|weak\w*|novel\w*|incremental|without|fail\w*|hard|cannot|problem\w*|issue\w*)\b|n't\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^\W*(?:thank|we (?:sincerely |really |would like to )?(?:thank|appreciate)|dear|good (?:point|question)|hi\b|hello|best\b|regards|sincerely|please (?:also )?(?:see|note)|(?:re(?:ply|sponse)|answer) (?:to|#)|yes,? thank)",
    re.IGNORECASE,
)


def is_courtesy(text: str) -> bool:
    """Whether a sentence opens or closes a reply without telling anything."""
    return _COURTESY.match(text) is not None


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, each exactly as it stands there but for outer space."""
    parts, begin = [], 0
    for match in _END.finditer(text):
        closing = len(match.group()) - len(match.group().lstrip("\"'”’)]"))
        parts.append(text[begin : match.start() + closing])
        begin = match.end()
    parts.append(text[begin:])
    return [part.strip() for part in parts if re.search(r"\w", part)]


def without_label(text: str) -> str:
    """A text without the number or letter by which a list tells it: "Q2. Did you" is "Did you"."""
    return _OPENING.sub("", text.strip())


def gist_of(text: str, stance: str = "", topic: str = "", longest: int = LONGEST_QUOTE) -> str:
    """The sentences in a row that carry a text: a part of it, word for word, of at most `longest` characters or one sentence.

    A point's concern comes before what leads up to it, a reply's matter before its courtesy; words of `topic` before all.
    """
    whole = text.strip()
    if len(whole) <= longest and not _COURTESY.match(whole):
        return _OPENING.sub("", whole)
    parts = sentences_of(whole) or [whole]
    wanted = set(content_words(topic))

    def weight(index: int) -> float:
        part = parts[index]
        on_topic = len(wanted & set(content_words(part))) / len(wanted) if wanted else 0.0
        concern = stance in ("objects", "asks") and bool(_CONCERN.search(part))
        return 3 * on_topic + concern - 2 * bool(_COURTESY.match(part)) - 0.5 * (len(part) < 25) - 0.04 * index

    best = max(range(len(parts)), key=weight)
    last = best
    while last + 1 < len(parts) and len(between(whole, parts, best, last + 1)) <= longest:
        last += 1
    return _OPENING.sub("", between(whole, parts, best, last))


def told_from(text: str, sentence: str, longest: int = LONGEST_QUOTE) -> str:
    """A text from its telling sentence on, as far as `longest` characters go: the whole where it is no longer; what
    stands at the head of a list ("There are two things:") does not stand alone."""
    whole = text.strip()
    if len(whole) <= longest or not sentence.strip():
        return gist_of(whole, longest=longest)
    start = whole.find(sentence.strip())
    if start < 0:
        return gist_of(whole, longest=longest)
    parts = sentences_of(whole[start:])
    last = 0
    while last + 1 < len(parts) and (
        len(between(whole[start:], parts, 0, last + 1)) <= longest or parts[last].endswith(":")
    ):
        last += 1
    return _OPENING.sub("", between(whole[start:], parts, 0, last)) if parts else gist_of(whole, longest=longest)


def around(text: str, sentence: str, longest: int) -> str:
    """A text's telling sentence with what follows it and then what leads to it, as far as `longest` characters go."""
    whole = text.strip()
    if len(whole) <= longest or sentence.strip() not in whole:
        return told_from(text, sentence, longest)
    parts = sentences_of(whole)
    first = last = next((n for n, part in enumerate(parts) if sentence.strip()[:60] in part), 0)
    while last + 1 < len(parts) and len(between(whole, parts, first, last + 1)) <= longest:
        last += 1
    while first and len(between(whole, parts, first - 1, last)) <= longest:
        first -= 1
    return _OPENING.sub("", between(whole, parts, first, last))


def between(whole: str, parts: list[str], first: int, last: int) -> str:
    """The stretch of the text from one of its sentences to another."""
    start = 0
    for part in parts[: first + 1]:
        start = whole.index(part, start)
    end = start
    for part in parts[first : last + 1]:
        end = whole.index(part, end) + len(part)
    return whole[start:end]


def quoted(words: str, passage: Passage) -> str:
    """Words of a passage as they stand in an answer: a record's own in quotation marks, our paraphrase and notes without."""
    line = " ".join(words.replace("**", "").split())
    if passage.origin != "record":
        return line
    # A closing mark inside would end the quotation early.
    return f"“{line.replace('“', '‘').replace('”', '’').replace(chr(34), chr(39))}”"
