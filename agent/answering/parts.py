"""The small parts that answers are made of: lines, relevance, and how a source is introduced."""

import re
from collections.abc import Callable, Iterable, Sequence

from agent.cues import content_words
from agent.draft import DraftSentence
from agent.events import SentenceKind
from agent.quoting import LONGEST_QUOTE, gist_of, quoted
from knowledge.types import Hit, Passage

# Measured on the bundled library: of questions that it answers, the best hit lies above; of questions on which it is
# silent, below. The cosine alone is not enough: a text on compression is near to every question on compression.
NEAR_COSINE = 0.62
FAIR_COSINE = 0.33
FAIR_COVERAGE = 0.6
LONG_TOPIC = 5
SHORTENED = 6
"""Letters from which a word may be the beginning of the one that is meant."""
_ENDING = re.compile(r"(isations?|izations?|ations?|ings?|ised|ized|ed|es|s|ly|ness|ity|ive|al|e)$")
_PLACE = re.compile(
    r"\b(fig(?:ure|\.)?|tab(?:le|\.)?|sec(?:tion|\.)?|eq(?:uation|\.)?|appendix|remark) ?([A-Z]?\.?\d[\d.]*|[A-D])\b",
    re.IGNORECASE,
)


def fact(text: str, *passages: Passage, paragraph: int = 0, bullet: bool = False) -> DraftSentence:
    """A sentence that the passages bear."""
    return DraftSentence(text, tuple(p.id for p in passages), (), "fact", paragraph, bullet, True)


def judge(text: str, *passages: Passage, paragraph: int = 0, bullet: bool = False) -> DraftSentence:
    """A weighing of passages, labelled as such."""
    return DraftSentence(text, tuple(p.id for p in passages), (), "judgement", paragraph, bullet, True)


def say(text: str, kind: SentenceKind = "smalltalk", paragraph: int = 0, bullet: bool = False) -> DraftSentence:
    """Words without a source: small talk, or that the sources are silent."""
    return DraftSentence(text, (), (), kind, paragraph, bullet, True)


def quote(
    passage: Passage,
    *,
    lead: str = "",
    topic: str = "",
    paragraph: int = 0,
    bullet: bool = True,
    longest: int = LONGEST_QUOTE,
) -> DraftSentence:
    """A passage as a bullet, introduced by who said it; of a record's longer one, what bears on the topic."""
    if passage.origin != "record" or passage.locator.section == "Scores" or passage.role == "table":
        words = one_line(passage)
    else:
        words = quoted(gist_of(passage.text, topic=topic, longest=longest), passage)
    return fact(lead + words, passage, paragraph=paragraph, bullet=bullet)


def one_line(passage: Passage) -> str:
    """A passage's words on one line."""
    return "; ".join(line.strip() for line in passage.text.splitlines() if line.strip())


def who(passage: Passage) -> str:
    """How a bullet names its source, "AnonReviewer2: "; empty where the passage itself begins with it."""
    if passage.kind == "response":
        name = f"Authors to {passage.addressee.replace('_', ' ')}" if passage.addressee else "Authors"
        own = passage.text.startswith(("The authors", "Authors"))
    elif passage.kind == "relayed":
        return "" if passage.text.startswith("Relayed") else "Relayed, not on record: "
    elif passage.kind in ("review", "comment", "meta-review"):
        name = passage.reviewer or ""
        own = passage.text.startswith((name, "The area chair", "The program chairs")) if name else True
    else:
        return ""
    return "" if own else f"{name}: "


def coverage(topic: str, source: Passage | str) -> float:
    """Share of the topic's words that stand in a passage or a text, endings and hyphens apart."""
    wanted = content_words(topic)
    if not wanted:
        return 0.0
    held: set[str] = set()
    text = source if isinstance(source, str) else f"{source.text} {source.where or ''} {source.locator.section or ''}"
    for word in content_words(text):
        held |= _forms(word)
    return sum(1 for w in wanted if _stands(w, held)) / len(wanted)


def _forms(word: str) -> set[str]:
    """A word as it may be written: "lenet-5-caffe" also as lenet, lenet5, lenet5caffe, caffe."""
    parts = word.split("-")
    joins = {"".join(parts[:n]) for n in range(1, len(parts) + 1)}
    return {stem(f) for f in (word, *parts, *joins) if f}


def _stands(word: str, held: set[str]) -> bool:
    parts = [p for p in word.split("-") if p]
    if len(word) >= SHORTENED and any(form.startswith(word) for form in held):
        return True  # "backprop" of "backpropagate"
    return (
        stem(word) in held or stem("".join(parts)) in held or (len(parts) > 1 and all(stem(p) in held for p in parts))
    )


def covered_by(topic: str, passage: Passage) -> float:
    """Share of a passage's words that stand in the topic, endings and who speaks apart."""
    wanted = {stem(w) for w in content_words(topic)}
    held = {stem(w) for w in content_words(passage.text.replace(passage.reviewer or "\n", " "))}
    return len(wanted & held) / len(held) if held else 0.0


def wholly_on(topic: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that hold every word of a topic of two or more words, such as a model with a setting."""
    if len(content_words(topic)) < 2:
        return []
    return [h for h in hits if coverage(topic, h.passage) == 1.0]


def relevance(hit: Hit, topic: str) -> float:
    """How well a hit answers a topic, for ordering."""
    return (hit.cosine or 0.0) + 0.5 * coverage(topic, hit.passage)


def speaks_of(hit: Hit, topic: str) -> bool:
    """Whether a passage speaks of the topic, and not only of the field."""
    if not same_place(topic, hit.passage):
        return False
    cosine, share = hit.cosine or 0.0, coverage(topic, hit.passage)
    if share == 1.0:
        return True
    if len(content_words(topic)) <= 2:
        return cosine >= NEAR_COSINE or (share >= 0.5 and cosine >= 0.45)
    if cosine >= NEAR_COSINE or (cosine >= FAIR_COSINE and share >= FAIR_COVERAGE) or (cosine >= 0.5 and share >= 0.4):
        return True
    # A question that retells a passage at length covers the passage, not the other way round.
    long = len(content_words(topic)) >= LONG_TOPIC
    retold = covered_by(topic, hit.passage) >= 0.4 or (cosine >= 0.5 and share >= 0.25)
    return long and cosine >= FAIR_COSINE and retold


def same_place(topic: str, passage: Passage | str) -> bool:
    """Whether a passage or a text speaks of the figure, table or section that the topic names, if it names one."""
    wanted = {(kind.lower()[:3], number.rstrip(".")) for kind, number in _PLACE.findall(topic)}
    if not wanted:
        return True
    held = {
        (kind.lower()[:3], number.rstrip("."))
        for kind, number in _PLACE.findall(
            passage if isinstance(passage, str) else f"{passage.text} {passage.where or ''}"
        )
    }
    return bool(wanted & held)


def stem(word: str) -> str:
    """The word without its common endings, for comparing."""
    for _ in range(2):
        if len(word) > 4:
            word = _ENDING.sub("", word)
    return word[:-1] if len(word) == 4 and word.endswith("s") else word


def unique(passages: Iterable[Passage]) -> list[Passage]:
    """Each passage once, in order."""
    return list({p.id: p for p in passages}.values())


def in_turn(passages: Sequence[Passage], whose: Callable[[Passage], str], limit: int) -> list[Passage]:
    """Passages in turn from each of those whom `whose` names, at most `limit`."""
    queues: dict[str, list[Passage]] = {}
    for p in passages:
        queues.setdefault(whose(p), []).append(p)
    chosen: list[Passage] = []
    while len(chosen) < limit and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    return chosen


def listed(names: Sequence[str]) -> str:
    """Names as a list in words: "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
