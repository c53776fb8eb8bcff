"""Contrasts on how shared values are coded: Huffman codes against fixed-length ones and against the entropy."""

import re

from agent.claim_words import words
from agent.contrasts import deep_compression_drafts
from agent.contrasts.contrast import Contrast, Draft
from agent.contrasts.network_quantization import ENTROPY, OTHER_PAPERS, PAPER, UNIFORM
from agent.contrasts.reading import neighbours, read_clusters, read_testbed
from agent.contrasts.sharing_drafts import DEEP, HESSIAN_WEIGHTED, JUDGED_BY_LOSS, LOSS, TESTBEDS, arm
from agent.contrasts.sharing_drafts import FIXED as FIXED_CODES
from agent.contrasts.sharing_drafts import HUFFMAN as HUFFMAN_CODES
from compression_demo.types import Direction, Expectation, Setting

RATIO = "compression_ratio"
LADDER = (2, 4, 8, 16, 32)
"""Numbers of values that fill the codewords of their length, so that fixed-length codes waste nothing."""
HUFFMAN = words(r"huffman(?:[- ]cod\w+)?(?: codes?)?|variable[- ]length (?:cod\w+)|entropy[- ]cod\w+")
FIXED = words(r"(?:fixed|constant|equal|uniform)[- ]length(?: codes?| coding)?|without (?:it|huffman)|plain codes?")
_GAIN = words(
    r"help\w*|sav\w+|worth|gains?\b|matters?\b|adds?\b|buys?\b|contribut\w+|benefit\w*|useful|useless|needed|necessary|unnecessary|point\b"
    r"|further|on top|additional\w*|extra|fixed[- ]length|smaller|shrink\w*|difference|reduc\w+"
)
_SAVES = words(
    r"sav(?:es?|ed|ing)\b|shrink\w*|(?:more|further|additional|extra) (?:compression|saving)|(?:higher|larger) (?:compression )?ratio|helps?\b|worth\b|reduc\w+"
    r"|matters?\b|adds?\b|buys?\b|useful|contributes?\b"
)
_IDLE = words(
    r"(?:not|never) (?:save|help|shrink|reduce|matter|add|contribute|buy)\w*|(?:little|no|nothing|hardly any)(?: more)? (?:saving|gain|to gain|difference|benefit|help)|(?:sav|add|contribut|gain|help|buy)\w* (?:little|nothing|hardly)"
    r"|not worth|useless|superfluous|unnecessary|not (?:needed|necessary|useful)|no (?:use|point)"
)
_PIPELINE = words(r"deep compression|weight sharing|prun\w+|spars\w+|Han et al")
_RIVALS = words(r"beat\w*|outperform\w*|better than|worse than|ahead of|against (?!fixed)")
_QUANTIZERS: tuple[tuple[re.Pattern[str], str, str, dict[str, Setting]], ...] = (
    (UNIFORM, "uniform", "uniform quantization", {}),
    (ENTROPY, "ecsq", "ECSQ", {}),
    (HESSIAN_WEIGHTED, "kmeans", "Hessian-weighted k-means", {"weighting": "gauss_newton"}),
)
_CODES = {"huffman": "Huffman codes", "fixed": "fixed-length codes", "entropy": "ideal codes"}


def draft_gain(text: str) -> Draft:
    """Huffman codes against fixed-length ones for the very same shared values; beside it, against the entropy."""
    return _draft_codes(text, ("huffman", "fixed", "greater"), ("huffman", "entropy", "not_worse"))


def draft_near_entropy(text: str) -> Draft:
    """Huffman codes against codes as short as the entropy allows, a tenth of the ratio tolerated; beside it, against
    fixed-length ones."""
    return _draft_codes(text, ("huffman", "entropy", "not_worse"), ("huffman", "fixed", "greater"))


def _draft_codes(text: str, asked: tuple[str, str, Direction], beside: tuple[str, str, Direction]) -> Draft:
    clusters, notes = read_clusters(text, 8, 2, 64)
    method, title, given = next(
        ((method, title, given) for pattern, method, title, given in _QUANTIZERS if pattern.search(text)),
        ("kmeans", "k-means", {}),
    )
    counts = (clusters, *neighbours(clusters, LADDER))
    arms = {
        (count, code): arm(f"{name} (k = {count})", method, clusters=count, code=code, **given)
        for count in counts
        for code, name in _CODES.items()
    }

    def expect(count: int, pair: tuple[str, str, Direction]) -> Expectation:
        code, other, direction = pair
        return Expectation(arms[count, code].name, arms[count, other].name, RATIO, direction)

    note = f"Values are shared by {title}, the same for every code: only the bits differ, those of a Huffman code's table counted."
    return Draft(
        tuple(arms.values()), expect(clusters, asked), read_testbed(text, DEEP, TESTBEDS), (*notes, note),
        (*(expect(count, asked) for count in counts[1:]), expect(clusters, beside)),
    )  # fmt: skip


def draft_order_change(text: str) -> Draft:
    """The lead of uniform quantization over k-means with Huffman codes at one ratio, less its lead with as many values
    and codes of fixed length."""
    weighting: dict[str, Setting] = {"weighting": "gauss_newton"} if HESSIAN_WEIGHTED.search(text) else {}
    name = "Hessian-weighted k-means" if weighting else "k-means"
    clusters, notes = read_clusters(text, 8, 2, 64)
    arms, expectations = [], []
    limit = "like_clusters" if weighting else "clusters"
    for count in (clusters, *neighbours(clusters, LADDER)):
        coded = (
            arm(f"uniform, Huffman codes (as k = {count})", "uniform", like_clusters=count, **weighting),
            arm(f"{name}, Huffman codes (k = {count})", "kmeans", **{limit: count}, **weighting),
        )
        fixed = (
            arm(f"uniform, fixed-length codes (k = {count})", "uniform", clusters=count, code="fixed", **weighting),
            arm(f"{name}, fixed-length codes (k = {count})", "kmeans", clusters=count, code="fixed", **weighting),
        )
        arms += [*coded, *fixed]
        first, second = ((one.name, other.name) for one, other in (coded, fixed))
        expectations.append(Expectation(*first, LOSS, minus=second))
        if count == clusters:
            alone = (Expectation(*first, LOSS), Expectation(second[1], second[0], LOSS))
    told = "That the order changes is tested as a lead of uniform quantization that is larger with Huffman codes; each code by itself is told beside it."
    return Draft(tuple(arms), expectations[0], DEEP, (*notes, JUDGED_BY_LOSS, told), (*alone, *expectations[1:]))


CONTRASTS = (
    Contrast(
        name="huffman_saving",
        title="Huffman codes store pruned and shared weights in less space than fixed-length codes",
        paper=PAPER,
        probe="Deep Compression, Sec. 4",
        needs=(words(r"huffman"), _GAIN, _PIPELINE),
        unless=(OTHER_PAPERS, UNIFORM, ENTROPY, words(r"k-?means|hessian|loss\b|accura\w+|index\w*|gaps?\b|positions?\b")),
        treatment=HUFFMAN,
        baseline=FIXED,
        expected=_SAVES,
        level=_IDLE,
        draft=deep_compression_drafts.draft_huffman,
        example="Huffman coding saves further storage on top of weight sharing.",
    ),
    Contrast(
        name="coding_gain",
        title="Huffman codes store shared values in less space than fixed-length codes",
        paper=PAPER,
        probe="Sec. 5.1",
        needs=(words(r"huffman|variable[- ]length|entropy[- ]cod\w+"), _GAIN),
        unless=(OTHER_PAPERS, _RIVALS, _PIPELINE, words(r"index\w*|gaps?\b|positions?\b|loss\b|accura\w+|hessian(?![- ]weighted)|order|uniform\w*[^.;]{0,60}k-?means|k-?means[^.;]{0,60}uniform")),
        treatment=HUFFMAN,
        baseline=FIXED,
        expected=_SAVES,
        level=_IDLE,
        draft=draft_gain,
        example="Does Huffman coding help at all?",
    ),
    Contrast(
        name="huffman_near_entropy",
        title="Huffman codes come within a tenth of the ratio that the entropy allows",
        paper=PAPER,
        probe="Sec. 5.1",
        needs=(words(r"huffman"), words(r"(?:the |its |ideal |optimal )entropy\b(?![- ](?:cod|constr))|entropy (?:limit|bound)|ideal codes?|arithmetic coding|(?:lower|shannon) (?:bound|limit)|optimal codes?"), words(r"close\w*|near\w*|reach\w*|tight\w*|far\b|gap\b|attain\w*|approach\w*|optimal\w*|within|short of|instead")),
        unless=(OTHER_PAPERS, words(r"loss\b|accura\w+")),
        treatment=HUFFMAN,
        baseline=words(r"(?:the |its |ideal |optimal )*entropy(?: (?:limit|bound))?|ideal codes?|arithmetic coding|(?:lower|shannon) (?:bound|limit)"),
        expected=words(r"clos\w+|near\w*|reach\w*|tight\w*|attain\w*|within"),
        reversed=words(r"far (?:from|above|off)|well above|(?:large|big|wide|considerable) gap|falls? (?:well )?short"),
        draft=draft_near_entropy,
        example="Huffman codes come close to the entropy.",
    ),
    Contrast(
        name="code_changes_order",
        title="uniform quantization gains on k-means where codes are Huffman codes",
        paper=PAPER,
        probe="Figure 1",
        needs=(
            words(r"order\w*|ranking|rank\w*|winner|which (?:\w+ )?(?:is|does) (?:best|better)"),
            words(r"flip\w*|revers\w*|chang\w*|differ\w*|switch\w*|turn\w*|depend\w*|same|swap\w*"),
            HUFFMAN_CODES,
            words(rf"{FIXED_CODES.pattern}|cod(?:e|es|ing)\b"),
        ),
        unless=(OTHER_PAPERS,),
        treatment=HUFFMAN_CODES,
        baseline=FIXED_CODES,
        expected=words(r"flip\w*|revers\w*|chang\w*|differ\w*|switch\w*|turn\w*|depend\w*|swap\w*"),
        draft=draft_order_change,
        example="The order of uniform quantization and k-means flips between fixed-length and Huffman codes.",
    ),
)  # fmt: skip
