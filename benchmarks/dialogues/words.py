"""Words of an answer against the words of its passages: K-Precision, the share that is copied, content stems."""

import re
from collections import Counter
from collections.abc import Sequence

LEAST_RUN = 5
_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_ARTICLES = {"a", "an", "the"}
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_STOP = frozenset(
    """a about above after against all also although an and any are as at be because been before being between both but by can could did
    do does doing down each either else even ever for from further had has have having he her here hers him his how i if
    in into is it its itself just may me might more most much must my no nor not of off on once only or other our out
    over own per rather same she should so some still such than that the their them then there these they this those
    though thus to too under until up upon us very was we were what when where whether which while who whom whose why
    will with within without would yet you your""".split()
)
_ENDINGS = (
    "ations", "ation", "ments", "ment", "nesses", "ness", "ities", "ity",
    "ively", "ingly", "edly", "ables", "able", "ously", "ings", "ions", "ion", "ives", "ive", "ing", "ies", "ied", "ers",
    "ally", "ous", "ily", "ely", "al", "ly", "ed", "er", "es", "ic", "e", "s", "y",
)  # fmt: skip
LEAST_STEM = 4


def words(text: str) -> list[str]:
    """The words and numbers of a text, lower-cased."""
    return [match.group().casefold() for match in _WORD.finditer(text)]


def stem(word: str) -> str:
    """A word without its endings, of which the longest that leaves four letters goes, twice at most."""
    for _ in range(2):
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= LEAST_STEM), None)
        if ending is None or not word.isalpha():
            break
        word = word[: -len(ending)]
    return word


def content_stems(text: str) -> list[str]:
    """Stems of the words that say something, numbers left out."""
    return [stem(word) for word in words(text) if word not in _STOP and len(word) > 1 and not word[0].isdigit()]


def k_precision(answer: str, passages: Sequence[str]) -> float | None:
    """The share of the answer's words that stand in the cited passages, each as often as it stands there at most.

    K-Precision of Adlakha et al., "Evaluating Correctness and Faithfulness of Instruction-Following Models for Question
    Answering" (TACL 2024, arXiv 2307.16877): unigram overlap of the two multisets over the answer's length, after lower
    case and without punctuation and articles, as for SQuAD. None for an answer without words or without citations.
    """
    said = Counter(word for word in words(answer) if word not in _ARTICLES)
    held = Counter(word for text in passages for word in words(text) if word not in _ARTICLES)
    return (said & held).total() / said.total() if said and held else None


def copied_share(answer: str, passages: Sequence[str]) -> float | None:
    """The share of the answer's words in runs of five or more that stand in one passage word for word, outside of
    quotation marks. None for an answer without words or without citations."""
    count = len(words(answer))
    if not count or not passages:
        return None
    held = {tuple(run) for text in passages for run in _runs(words(text))}
    copied = 0
    for part in _QUOTED.split(answer):
        said = words(part)
        marked = {
            start + step for start, run in enumerate(_runs(said)) if tuple(run) in held for step in range(LEAST_RUN)
        }
        copied += len(marked)
    return copied / count


def _runs(sequence: Sequence[str]) -> list[Sequence[str]]:
    """Every stretch of five words, which together cover every longer run."""
    return [sequence[start : start + LEAST_RUN] for start in range(len(sequence) - LEAST_RUN + 1)]
