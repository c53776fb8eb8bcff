"""What a question on a figure and the place of a figure are compared by: names, settings, quantities, plain words. Pure.

"ResNet 50" and "R50", "3-bit" and "3 bits", "45 %" and "45.2 %", "faster" and "latency" are the same here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from agent.cues import STOP_WORDS
from agent.number_words import NUMBER_WORDS

# What a figure measures -> the words that say so. A unit says it as well as a noun does.
QUANTITIES = {
    "accuracy": r"\baccura\w+|\btop[- ]?[15]\b|\bacc\b|\bcorrect\b",
    "error": r"\berror(?:s| rates?)?\b",
    "perplexity": r"\bperplexit\w+|\bppl\b",
    "size": r"\bsizes?\b|\bsmaller\b|\bshr[iau]nk\w*|\bstorage\b|\bmemory\b|\bfiles?\b|\b[KMG]B\b|\bcompression (?:rates?|ratios?|factors?)\b|\bratios\b(?! of)"
    r"|\bcompress(?:es|ed)? .{0,30}(?:-fold|x\b|times)|\bbytes\b",
    "speed": r"\bfast\w*|\bspeed\w*|\blatenc\w+|\bthroughput\b|\btime per\b|\btime\b|\bms\b|\bper second\b|\b\w+/s\b|\bfps\b|\bslow\w*|\bwall[- ]clock\b|\bmilliseconds\b",
    "duration": r"\bminutes?\b|\bhours?\b|\bhow long\b|\btakes?\b|\brun[- ]?times?\b|\b(?:computing|running|training) time\b|\bcosts?\b(?= (?:\d|in time|of running))|\bseconds\b",
    "operations": r"\b[KMGT]?MACs?\b|\b[KMGT]?FLOPs?\b|\bBOPs?\b|\boperations\b|\bmultiply-accumulate",
    "sparsity": r"\bspars(?:e|er|ely|ity|ities|if\w+)\b|\bpruned\b|\bremoved\b|\bkept\b|\bzeros?\b",
    "energy": r"\benerg\w+|\bjoules?\b|\bm?J\b|\bwatts?\b|\bpower (?:draw|consumption)\b|\bcarbon\b",
    "parameters": r"\bparameters\b|\bweights\b",
    "auc": r"\bAUC\b",
    "bleu": r"\bBLEU\b",
    "bits per character": r"\bBPC\b|\bbits per character\b",
    "word error": r"\bWER\b",
    "depth error": r"\babs(?:olute)? ?rel\w*|\bRMSE\b",
}  # fmt: skip
_COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in QUANTITIES.items()}
_KEPT = frozenset("before after without with only all same each per over under no none both".split())
_STOPS = (STOP_WORDS - _KEPT) | frozenset("vs versus against per with both over under each".split())
_UNITS = {"percent": "%", "per cent": "%", "×": "x", "times": "x", "fold": "x", "bits": "bit", "b": "bit"}
_TOKEN = re.compile(
    r"(?<![\w.])(?P<name>\d+[:/]\d+(?![\d/])|\d+(?:(?:[x×]| [x×] )\d+)+(?![\w.])|\d{2,} by \d{2,}(?![\w.]|\s?(?:%|points?\b|per))|\d[\d.]*[KMGBkmb]\b(?!\w)|(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z][\w-]*|[A-Za-z]+-[A-Za-z]\b|\b[A-Za-z]-[A-Za-z]{3,}\b)"
    r"|(?<![\w.])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:[\s-]?(?P<unit>%|percent\b|per cent\b|x\b|×)|[\s-](?P<noun>[A-Za-z]{2,}))?"
    r"|(?P<word>[A-Za-z][A-Za-z']*)"
)
_ENDING = re.compile(r"(?:isations?|izations?|ations?|ions?|ings?|ied|ies|ised|ized|ed|es|s|ly|er|e)$")
_DECADE = 10
_DATA = re.compile(
    r"(?:tiny)?imagenet\d*\w?|mnist|emnist|fashionmnist|cifar\d*|svhn|coco|voc\d*|squad|glue|ptb|c4|wikitext\d*|librispeech|cityscap\w*|kitti|imdb|sst\d*|mnli|nli|ner|qnli|an4|celeba|birds\d*"
)
_NET = re.compile(
    r"(?!(?:sub|inter|mag|cabi|pla|super|hyper|ether)net)(?:[a-z]{2,}net|vgg|bert|roberta|distilbert|llama|lstm|gru|mlp|inception|googlenet|yolo)(?:v?\d+\w*)?"
)


@dataclass(frozen=True)
class Term:
    """A word, a name or a quantity by its key; or a setting, a number with what it counts ("" where that is open)."""

    key: str
    value: float | None = None

    @cached_property
    def hard(self) -> bool:
        """Whether it fixes what is meant, as names and settings do."""
        return self.value is not None or any(ch.isdigit() for ch in self.key) or bool(self.kind)

    @cached_property
    def kind(self) -> str:
        """ "net" or "data" where it names one; of these another one stands for something else."""
        if self.value is not None or self.key.startswith("<"):
            return ""
        return "data" if _DATA.fullmatch(self.key) else "net" if _NET.fullmatch(self.key) else ""


def names_in(text: str) -> list[tuple[int, int]]:
    """Where names with digits stand in a text, as half-open spans."""
    return [match.span("name") for match in _TOKEN.finditer(text) if match["name"] and match["name"][0].isalpha()]


@lru_cache(1 << 14)
def terms_in(text: str) -> tuple[Term, ...]:
    """The terms of a text, each once, in their order; quantities last."""
    found: dict[Term, None] = {}
    for match in _TOKEN.finditer(text.replace("−", "-")):
        if match["name"]:
            name = re.sub(r"[-_]", "", match["name"]).lower()
            # The shape of a layer: "4096 by 1000" is "4096x1000".
            found.setdefault(Term(re.sub(r"(?<=\d)\s?(?:x|×|by)\s?(?=\d)", "x", name) if name[0].isdigit() else name))
        elif match["number"]:
            noun = (match["unit"] or match["noun"] or "").lower()
            unit = _UNITS.get(noun, noun if noun in ("%", "x") else "" if noun in STOP_WORDS else stem(noun))
            found.setdefault(Term(_UNITS.get(unit, unit), float(match["number"].replace(",", ""))))
            if match["noun"]:
                _add_word(noun, found)
        else:
            _add_word(match["word"].lower(), found)
    for name, pattern in _COMPILED.items():
        if pattern.search(text):
            found.setdefault(Term(f"<{name}>"))
    return tuple(found)


def _add_word(word: str, found: dict[Term, None]) -> None:
    word = word.split("'")[0]
    if word in NUMBER_WORDS and word != "one":
        found.setdefault(Term("", float(NUMBER_WORDS[word])))
    elif word not in _STOPS and len(word) > 1 and not _is_quantity(word):
        found.setdefault(Term(stem(word)))


@lru_cache(1 << 12)
def _is_quantity(word: str) -> bool:
    """Whether a word by itself says what is measured: it stands for the quantity then."""
    return any(pattern.fullmatch(word) for pattern in _COMPILED.values())


def acronyms_in(text: str) -> tuple[Term, ...]:
    """What words with capitals that stand in a row may be shortened to: "dgc" for "Deep Gradient Compression"."""
    found = re.findall(r"\b[A-Z][a-z]+(?:[ -][A-Z][a-z]+)+\b", text)
    return tuple(Term("".join(word[0] for word in re.split(r"[ -]", run)).lower()) for run in found)


def stem(word: str) -> str:
    """A word without its commonest ending."""
    for _ in range(2):
        short = _ENDING.sub("", word)
        word = short if len(short) >= 3 else word
    return word


def holds(held: Sequence[Term], asked: Term) -> bool:
    """Whether the asked term is among those held, by whatever spelling."""
    return asked in held or any(same(asked, term) for term in held if term.hard or asked.hard)


def same(asked: Term, held: Term) -> bool:
    """Whether two terms mean the same; a setting may be asked for by fewer digits than are held."""
    if asked.value is not None:
        if held.value is None or (asked.key and asked.key != held.key):
            return False
        near = abs(held.value - asked.value) <= 0.1 and asked.key == "bit"  # bits per weight on average
        rounded = (
            asked.value == int(asked.value) and (near or asked.value >= _DECADE) and round(held.value) == asked.value
        )
        return held.value == asked.value or rounded
    if held.value is not None:
        return False
    return asked.key == held.key or _abbreviates(asked.key, held.key) or _abbreviates(held.key, asked.key)


def _abbreviates(short: str, long: str) -> bool:
    """Whether one name shortens the other: "r50" of "resnet50", "resnet" of "resnet32"."""
    (letters, digits), (other, others) = _parts(short), _parts(long)
    if not letters or not other.startswith(letters[0]) or (digits and digits != others) or not others:
        return False
    if not digits:
        return len(letters) >= 3 and other == letters
    return len(letters) <= 2 < len(other) or other == letters


def _parts(name: str) -> tuple[str, str]:
    match = re.fullmatch(r"([a-z]{7,}?)v(\d)\w*|([a-z]+)(\d*)\w*", name)
    return (match[1] or match[3], match[2] or match[4] or "") if match else ("", "")


def conflict(asked: Term, held: Iterable[Term]) -> bool:
    """Whether another setting or another member of a family of names stands where the asked one would."""
    held = tuple(held)
    if holds(held, asked):
        return False
    if asked.value is not None:
        return bool(asked.key) and any(t.value is not None and t.key == asked.key for t in held)
    if asked.kind and any(t.kind == asked.kind for t in held):
        return True
    letters, digits = _parts(asked.key)
    if not digits:
        return False
    return any(
        t.value is None and (o := _parts(t.key))[1] and o[1] != digits and o[0][:1] == letters[:1]
        and (o[0] == letters or len(o[0]) <= 2 or len(letters) <= 2)
        for t in held
    )  # fmt: skip
