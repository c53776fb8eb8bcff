"""What a question names and no passage found speaks of: nets, datasets and methods, and hardware that is never called by name. Pure."""

import re
from collections.abc import Sequence

from agent.answering.parts import quote, say, who
from agent.draft import DraftSentence
from agent.terms import Term, holds, stem, terms_in
from knowledge.types import Hit

_NAME = re.compile(r"\b(?:[A-Z][a-z]+[A-Z]\w*|[A-Za-z]?[A-Z]{2,}[a-z]?|(?<=[a-z,] )[A-Z][a-z]{3,})\b")
"""Words in capitals or with capitals inside, and words with a capital where no sentence begins."""
TALK = frozenset(
    "OK AC PC SAC TLDR FYI ASAP SOTA ML AI NN DNN CNN RNN LLM LLMS DL NLP CV PDF TLDR IMO IMHO EU US UK II III IV ID CI SD STD AVG VS GB MB KB MS FLOPS FLOP MACS MAC BOPS ICLR NEURIPS ICML CVPR ACL EMNLP ARR".split()
)
_WHICH_HARDWARE = re.compile(
    r"\b(?:what|which)(?: exact| kind of| sort of| type of| model of)? (?P<noun>gpus?|cpus?|tpus?|processor|phone|laptop|machine|server|device|accelerator|hardware|board|fpga|chip|card)\b",
    re.IGNORECASE,
)
_HARDWARE = re.compile(r"\b(?:gpus?|cpus?|tpus?|processors?|phones?|laptops?|machines?|servers?|devices?|accelerators?|hardware|boards?|fpgas?|chips?|cores?)\b", re.IGNORECASE)  # fmt: skip
PRODUCT = re.compile(
    r"\b(?:Intel|Xeon|AMD|EPYC|Ryzen|NVIDIA|Nvidia|Tesla|GeForce|RTX|GTX|Titan|Quadro|[AHVP]\d0{2}|A6000|A40|T4|L4|TPUv?\d|Snapdragon|Kirin|Exynos|Pixel \d|iPhone|Galaxy|Raspberry|Jetson|Cortex|Apple M\d|Graviton|Virtex|Zynq|Stratix|c\d\.\d*x?large)\b"
)
_LETTERS = re.compile(r"[cgt]pu|fpga", re.IGNORECASE)
MOST = 2


def unspoken_names(text: str, hits: Sequence[Hit], names: Sequence[Term]) -> list[str]:
    """The names of a message that stand in no passage found, written out or shortened."""
    said = " ".join(
        f"{h.passage.text} {h.passage.context} {h.passage.where or ''} {h.passage.locator.section or ''}" for h in hits
    )
    held = terms_in(said)
    found = []
    for match in _NAME.finditer(text):
        name = match.group()
        if (
            name.upper().rstrip("S") in TALK
            or name.upper() in TALK
            or re.match(r"[-\d]", text[match.end() : match.end() + 1])
        ):
            continue
        terms = terms_in(name)
        if all(not holds((*held, *names), t) for t in terms) and not is_short_for(name, said) and terms:
            found.append(name)
    return list(dict.fromkeys(found))


def is_short_for(name: str, said: str) -> bool:
    """Whether an abbreviation's letters begin words that stand in a row, "QAT" of "quantization-aware training", or the
    name is a part of a longer one."""
    letters = [re.escape(letter) for letter in name if letter.isalpha()]
    spelled = r"\b" + r"\w*[\s-]+".join(letters) + r"\w*"
    if name.isupper() and len(letters) > MOST:  # the last letter may stand within a word: "PTB" of "Penn Treebank"
        inside = r"\b" + r"\w*[\s-]+".join(letters[:-1]) + rf"\w*{letters[-1].lower()}"
        if re.search(inside, said):
            return True
    whole = stem(name.lower())
    return bool((name.isupper() and re.search(spelled, said, re.IGNORECASE)) or whole in said.lower())


def unnamed_hardware(text: str, hits: Sequence[Hit]) -> list[DraftSentence]:
    """Where a message asks which machine it was and no passage calls one by name: that, and what is said of it."""
    asked = _WHICH_HARDWARE.search(text)
    if asked is None or any(PRODUCT.search(h.passage.text) for h in hits):
        return []
    noun = asked["noun"].upper() if _LETTERS.fullmatch(asked["noun"]) else asked["noun"].lower()
    said = [say(f"The sources do not name the {noun}.", "abstention")]
    near = [h.passage for h in hits if _HARDWARE.search(h.passage.text)][:MOST]
    if near:
        said.append(say("What they say of it:", paragraph=1))
        said += [quote(p, lead=who(p), topic=asked["noun"], paragraph=1) for p in near]
    return said


def nothing_said_of(names: Sequence[str], hits: Sequence[Hit]) -> list[DraftSentence]:
    """That the sources do not speak of something, and the nearest passages."""
    listed = " and ".join(names)
    said = [say(f"The sources found say nothing of {listed}.", "abstention")]
    near = [h.passage for h in hits][:MOST]
    if near:
        said.append(say("The nearest passages are these:", paragraph=1))
        said += [quote(p, lead=who(p), paragraph=1) for p in near]
    return said
