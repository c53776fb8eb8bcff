"""Contrasts of Optimal Brain Compression (ksVGCOlOEba) on where zeros may lie: N:M patterns, blocks, anywhere."""

import re

from agent.claim_words import Untestable, words
from agent.contrasts.contrast import Contrast, Draft
from agent.contrasts.reading import neighbours, read_sparsity, read_testbed
from compression_demo.types import Arm, Expectation

TESTBED = "mnist-cnn"
SPARSITIES = (0.5, 0.75, 0.9)
_PAPER = "ksVGCOlOEba"
_N_M = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{1,2})(?![\d:])")
_METHODS = (
    (words(r"magnitude|GMP\b"), "magnitude", "magnitude pruning"),
    (words(r"adaprune|refit\w*|least[- ]squares"), "magnitude_refit", "magnitude mask + least-squares refit"),
    (words(r"sparsegpt"), "sparsegpt", "SparseGPT"),
)
_FREE = r"unstructured(?: prun\w+| spars\w+)?|(?:single|individual) weights|no (?:pattern|structure)|free(?:ly)? chosen"
_BLOCKS = r"(?:block[- ]?(?:sparse|sparsity|structured)(?: prun\w+| spars\w+)?|block-?wise (?:prun|spars)\w+|blocks?\b(?: of)?(?: (?:4|four|8|eight))?|4-blocks?)"
_COSTS = r"los\w+|hurts?|worse|better|harm\w*|accura\w+|costs?|less|more|beat\w*|same|degrad\w*"


def _method(text: str) -> tuple[str, str, tuple[str, ...]]:
    """The pruning method that a sentence names, else the paper's own, with a note."""
    for pattern, name, title in _METHODS:
        if pattern.search(text):
            return name, title, ()
    named = words(r"ob[sc]\b|exact[- ]?obs|optimal brain").search(text)
    return "exact_obs", "ExactOBS", () if named else ("No pruning method is named; ExactOBS is taken.",)


def _patterns(text: str) -> list[tuple[int, int]]:
    """The N:M patterns of one sparsity that a sentence names, as (kept, of), from the widest group."""
    named = {(int(kept), int(size)) for kept, size in _N_M.findall(text)}
    found = [(kept, size) for kept, size in named if 0 < kept < size <= 32]
    return sorted(found, key=lambda pair: -pair[1])


def _draft_wider(text: str) -> Draft:
    """A wider N:M pattern against a narrower one of the same sparsity, by one method."""
    (wide, narrow), notes = (pair if len(pair := _patterns(text)[:2]) == 2 else [(4, 8), (2, 4)]), ()
    if wide[0] * narrow[1] != narrow[0] * wide[1]:
        raise Untestable(
            f"{wide[0]}:{wide[1]} and {narrow[0]}:{narrow[1]} leave different shares of the weights; only patterns of one sparsity are compared."
        )
    method, title, notes = _method(text)
    shapes = (
        dict.fromkeys((wide, narrow, (4, 8), (2, 4), (8, 16)))
        if 2 * wide[0] == wide[1]
        else dict.fromkeys((wide, narrow))
    )
    arms = {
        (kept, size): Arm(f"{title} at {kept}:{size}", f"{method}_nm", (("m", size), ("n", size - kept)))
        for kept, size in shapes
    }
    around = [
        Expectation(arms[one].name, arms[other].name)
        for one, other in (((8, 16), (4, 8)), ((4, 8), (2, 4)), ((8, 16), (2, 4)))
        if one in arms and other in arms and (one, other) != (wide, narrow)
    ]
    note = "Layers whose number of input channels a group does not divide stay dense."
    return Draft(
        (Arm("dense", "dense"), *arms.values()), Expectation(arms[wide].name, arms[narrow].name),
        read_testbed(text, TESTBED), (*notes, note), tuple(around),
    )  # fmt: skip


def _draft_blocks(text: str) -> Draft:
    """ExactOBS on single weights against ExactOBS in blocks of consecutive ones, at the same sparsity."""
    sparsity, notes = read_sparsity(text, 0.5)
    size = 8 if words(r"(?:blocks? of|size) (?:8|eight)|8-blocks?").search(text) else 4
    values = (sparsity, *neighbours(sparsity, SPARSITIES))
    free = {v: Arm(f"single weights at {v * 100:g} %", "exact_obs", (("sparsity", v),)) for v in values}
    blocks = {
        v: Arm(f"blocks of {size} at {v * 100:g} %", "exact_obs_blocks", (("block", size), ("sparsity", v)))
        for v in values
    }
    expectations = [Expectation(free[v].name, blocks[v].name) for v in values]
    note = f"Both by ExactOBS; blocks are of {size} consecutive weights."
    return Draft(
        (Arm("dense", "dense"), *free.values(), *blocks.values()), expectations[0], read_testbed(text, TESTBED),
        (*notes, note), tuple(expectations[1:]),
    )  # fmt: skip


CONTRASTS = (
    Contrast(
        name="wider_pattern",
        title="a wider N:M pattern is better than a narrower one of the same sparsity",
        paper=_PAPER, probe="Table 2",
        needs=(re.compile(r"(?<![\d:.])\d{1,2}:\d{1,2}(?![\d:]).*(?<![\d:.])\d{1,2}:\d{1,2}(?![\d:])"), words(rf"{_COSTS}|\d{{1,2}}:\d{{1,2}} (?:or|vs|versus|against) \d")),
        unless=(words(r"(?:exact[- ]?)?ob[sc]\b.*(?:adaprune|magnitude|refit)|(?:adaprune|magnitude|refit).*ob[sc]\b|bits?\b|quanti\w+|speed\w*"),),
        treatment=re.compile(r"(?<![\d:.])(?:4:8|8:16|16:32|2:8|4:16)(?![\d:])"), baseline=re.compile(r"(?<![\d:.])\d{1,2}:\d{1,2}(?![\d:])"),
        draft=_draft_wider,
        example="The pattern 4:8 loses less accuracy than 2:4.",
    ),
    Contrast(
        name="blocks",
        title="pruning single weights is better than pruning blocks of them",
        paper=_PAPER, probe="Sec. 4",
        needs=(words(_BLOCKS), words(rf"{_FREE}|{_COSTS}"), words(r"prun\w+|spars\w+|zeros?\b|blocks? of (?:4|four|8|eight) (?:or|vs|versus|against|instead of|rather than) single weights|single weights (?:or|vs|versus|against|instead of|rather than) blocks? of (?:4|four|8|eight)")),
        unless=(words(r"channels?|filters?|residual|winograd|magnitude|quanti\w+|bits?\b|speed\w*|faster|reconstruct\w*|BRECQ|building|search\w*"),),
        treatment=words(_FREE), baseline=words(_BLOCKS),
        draft=_draft_blocks,
        example="Unstructured pruning loses less accuracy than pruning in blocks of 4.",
    ),
)  # fmt: skip
