"""Lines -> running text: words that a line's end cut are joined, those with a hyphen of their own keep it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from knowledge.readers.pdf.lines import Line

CUT = re.compile(r"([^\s-]+(?:-[^\s-]+)*)[-\u2010\u00ad]$")
TRAILING = "[-\u2010\u00ad]$"
PREFIXES = set(
    "non self pre post multi cross semi well fine low high end one two three four first second third large small real open "
    "long short few zero state".split()
)
"""Words that are usually joined to the next by a hyphen."""
SMALL_WORDS = {"a", "and", "by", "for", "in", "of", "on", "or", "the", "to"}
"""Words inside of compounds such as "state-of-the-art"."""
NAME_PREFIXES = ("mc", "mac")
"""What a name begins with whose next letter is large: McFarland."""
BULLET = re.compile(r"^[•◦▪∙·‣]\s*")


def read_vocabulary(lines: Iterable[str]) -> Counter[str]:
    """How often each word stands within a line, with its inner hyphens, in lower case."""
    words: Counter[str] = Counter()
    cut = False
    for line in lines:
        whole = re.sub(r"^\S+", "", line) if cut else line
        cut = bool(re.search(TRAILING, line))
        own = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", re.sub(r"\S+" + TRAILING, "", whole.lower()))
        words.update(own)
        words.update(word.partition("-")[0] + "-" for word in own if "-" in word)
    return words


def join_lines(
    lines: Sequence[Line], vocabulary: Counter[str], text: str = "", listing: bool = False, done: int = 0
) -> str:
    """`text`, which holds the first `done` lines, with the others after it; in a listing each line stays one."""
    for index, line in enumerate(lines):
        if index < done:
            continue
        following = line.text if text or listing else BULLET.sub("", line.text)
        if not text:
            text = following
        elif listing or line.formula or (index and lines[index - 1].formula):
            text += "\n" + following
        else:
            text = join(text, following, vocabulary)
    return text


def join(text: str, following: str, vocabulary: Counter[str]) -> str:
    """Two lines as one, the word between them as it would stand within a line."""
    url = re.search(r"(?:https?://|www\.|doi\.org/)\S*$", text)
    if url and (text.endswith(("/", "-", "_", "=", "?", "&", ".")) and re.match(r"[\w%~]", following)):
        return text + following if not text.endswith(".") or following[:1].islower() else f"{text} {following}"
    cut = CUT.search(text)
    if not cut or not re.match(r"[^\W_]", following):
        return text + following if re.search(r"\d[–—]$", text) and following[:1].isdigit() else f"{text} {following}"
    return (text[:-1] if drops_hyphen(cut[1], following, vocabulary) else text) + following


def drops_hyphen(left: str, following: str, vocabulary: Counter[str]) -> bool:
    """Whether the hyphen at a line's end is one of the line: what the paper itself writes elsewhere decides, then which
    words there are."""
    right = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)*|", following)
    part = re.split(r"[^\w-]", left)[-1].lower()
    if not right or not right[0] or not part or part[-1:].isdigit():
        return False
    whole, parted = vocabulary[part + right[0].lower()], vocabulary[f"{part}-{right[0].lower()}"]
    if whole or parted:
        return whole >= parted
    if not right[0][0].islower():
        return (part == "la" and right[0] == "TEX") or part in NAME_PREFIXES
    tail, head = part.rpartition("-")[2], right[0].split("-")[0].lower()
    if "-" in part and tail in SMALL_WORDS:
        return False
    if (witness := ask_lexicon(tail, head)) is not None:
        return witness
    both = vocabulary[tail] and vocabulary[head] and len(head) > 3
    if both and ("-" in part or tail.endswith("ly") or len(tail) > 3):
        return False
    return not (vocabulary[head] and (tail in PREFIXES or vocabulary[tail + "-"] > 1))


def ask_lexicon(tail: str, head: str) -> bool | None:
    """Whether two halves of a cut are one word (True) or two words (False) of the language; None where neither is sure."""
    from knowledge.spelling.lexicon import lexicon  # its dictionary takes a second: only where a paper has such a word

    known = lexicon()
    if min(len(tail), len(head)) > 1 and known.inflects(tail + head):
        return None if tail in PREFIXES and known.stands(head) and len(head) > 3 else True
    if min(len(tail), len(head)) > 2 and known.common(tail) and known.common(head):
        return False
    return None
