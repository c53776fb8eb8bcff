"""Contrasts of Optimal Brain Compression (ksVGCOlOEba) beyond its methods held against one baseline each."""

from agent.claim_settings import find_sparsities
from agent.claim_words import words
from agent.contrasts.contrast import Contrast, Draft
from agent.contrasts.reading import neighbours, read_bits, read_sparsity, read_testbed
from compression_demo.types import Arm, Expectation, Setting

SPARSITIES = (0.5, 0.75, 0.9, 0.95)
WIDTHS = (2, 3, 4)
TESTBED = "mnist-cnn"
_OBS = r"(?:exact[- ]?obs|(?:exact )?optimal brain surgeon|obs|obc|optimal brain compression)\b"
_REFIT = r"(?:refit\w*|adaprune|least[- ]squares)\b"
_MAGNITUDE = r"(?:magnitude|GMP)\b"
_GROWS = r"(?:grow|widen|increas|rise|larg|more|most|bigg|higher|especially|above all|particular)\w*"
_SHRINKS = r"(?:shrink|narrow|decreas|fall|vanish|disappear|small|less|least)\w*"


def _arms(method: str, name: str, values: tuple[float, ...]) -> dict[float, Arm]:
    """One arm for each sparsity."""
    return {v: Arm(f"{name} at {v * 100:g} %", method, (("sparsity", v),)) for v in values}


def _draft_order(text: str) -> Draft:
    sparsity, notes = read_sparsity(text, 0.75)
    values = (sparsity, *neighbours(sparsity, SPARSITIES))
    kinds = (("exact_obs", "ExactOBS"), ("magnitude_refit", "refit"), ("magnitude", "magnitude"))
    arms = [_arms(method, name, values) for method, name in kinds]
    expectations = [
        Expectation(arms[0][v].name, arms[2][v].name, direction="ordered", order=tuple(a[v].name for a in arms))
        for v in values
    ]
    return Draft(
        (Arm("dense", "dense"), *(arm for kind in arms for arm in kind.values())), expectations[0],
        read_testbed(text, TESTBED), notes, tuple(expectations[1:]),
    )  # fmt: skip


def _draft_gap(text: str) -> Draft:
    """The gain of ExactOBS over a baseline at high sparsity, less that at a lower one."""
    refit = bool(words(_REFIT).search(text))
    method, name = ("magnitude_refit", "refit") if refit else ("magnitude", "magnitude")
    values = (0.5, 0.75, 0.9)
    exact, other = _arms("exact_obs", "ExactOBS", values), _arms(method, name, values)
    pairs = ((0.9, 0.5), (0.75, 0.5), (0.9, 0.75))
    expectations = [
        Expectation(exact[high].name, other[high].name, minus=(exact[low].name, other[low].name)) for high, low in pairs
    ]
    note = "The gains at 90 % and at 50 % sparsity are compared."
    return Draft(
        (Arm("dense", "dense"), *exact.values(), *other.values()), expectations[0],
        read_testbed(text, TESTBED), (note,), tuple(expectations[1:]),
    )  # fmt: skip


def _draft_bits_gap(text: str) -> Draft:
    """The gain of OBQ over rounding at 2 bits, less that at 4."""
    obq = {b: Arm(f"OBQ at {b} bits", "obq", (("bits", b),)) for b in WIDTHS}
    rtn = {b: Arm(f"rounding at {b} bits", "rtn", (("bits", b),)) for b in WIDTHS}
    expectations = [
        Expectation(obq[few].name, rtn[few].name, minus=(obq[many].name, rtn[many].name))
        for few, many in ((2, 4), (3, 4), (2, 3))
    ]
    return Draft(
        (Arm("dense", "dense"), *obq.values(), *rtn.values()), expectations[0], read_testbed(text, TESTBED),
        ("The gains at 2 bits and at 4 bits are compared.",), tuple(expectations[1:]),
    )  # fmt: skip


def _draft_fixed_order(text: str) -> Draft:
    """GPTQ, which takes the columns as they stand, against OBQ: no worse than half a point."""
    bits, notes = read_bits(text, 3)
    values = (bits, *neighbours(bits, WIDTHS))
    fixed = {b: Arm(f"fixed order at {b} bits", "gptq", (("bits", b),)) for b in values}
    greedy = {b: Arm(f"greedy order at {b} bits", "obq", (("bits", b),)) for b in values}
    expectations = [
        Expectation(fixed[b].name, greedy[b].name, direction="not_worse", margin=0.5) for b in values
    ]  # fmt: skip
    changes = (*notes, "GPTQ stands for the fixed order, OBQ for the greedy one.")
    return Draft(
        (Arm("dense", "dense"), *fixed.values(), *greedy.values()), expectations[0], read_testbed(text, TESTBED),
        changes, tuple(expectations[1:]),
    )  # fmt: skip


def _draft_joint(text: str) -> Draft:
    """2:4 with 4 bits on what is left, against 2 bits on every weight: as many bits of weights."""
    joint = {b: Arm(f"2:4 with {b} bits", "compress_by_plan", _settings(bits=b, n=2, m=4)) for b in (4, 6, 8)}
    alone = {b: Arm(f"{b} bits alone", "compress_by_plan", _settings(bits=b)) for b in (2, 3, 4)}
    expectations = [Expectation(joint[2 * b].name, alone[b].name) for b in (2, 3, 4)]
    note = "2:4 pruning with 4 bits is held against 2 bits alone, which keeps as many bits of weights."
    return Draft(
        (Arm("dense", "dense"), *joint.values(), *alone.values()), expectations[0], read_testbed(text, TESTBED),
        (note,), tuple(expectations[1:]),
    )  # fmt: skip


def _draft_compound(text: str) -> Draft:
    """2:4 with 4 bits against 4 bits alone: no worse than a point."""
    bits, notes = read_bits(text, 4)
    values = (bits, *neighbours(bits, (3, 4, 8)))
    joint = {b: Arm(f"2:4 with {b} bits", "compress_by_plan", _settings(bits=b, n=2, m=4)) for b in values}
    alone = {b: Arm(f"{b} bits alone", "compress_by_plan", _settings(bits=b)) for b in values}
    expectations = [Expectation(joint[b].name, alone[b].name, direction="not_worse") for b in values]
    return Draft(
        (Arm("dense", "dense"), *joint.values(), *alone.values()), expectations[0], read_testbed(text, TESTBED),
        (*notes, "2:4 pruning with quantization is held against quantization alone."), tuple(expectations[1:]),
    )  # fmt: skip


def _draft_independent(text: str) -> Draft:
    """ExactOBS with the inputs of the dense net, against one layer after the other on the compressed net's inputs."""
    sparsity, notes = read_sparsity(text, 0.9)
    values = (sparsity, *neighbours(sparsity, SPARSITIES))
    alone, row = (
        {
            v: Arm(f"{kind} layers at {v * 100:g} %", "compress_by_plan", _settings(sparsity=v, calibration=kind))
            for v in values
        }
        for kind in ("independent", "sequential")
    )
    expectations = [Expectation(alone[v].name, row[v].name, direction="not_worse") for v in values]
    return Draft(
        (Arm("dense", "dense"), *alone.values(), *row.values()), expectations[0], read_testbed(text, TESTBED),
        (*notes, "Layers are pruned by ExactOBS."), tuple(expectations[1:]),
    )  # fmt: skip


def _draft_downdate(text: str) -> Draft:
    """The residual of the downdated inverse against that of one computed anew."""
    shares = (0.5, 0.25, 0.9)
    down, anew = (
        {s: Arm(f"{way} after {s * 100:g} %", "inverse_after_removal", _settings(way=way, sparsity=s)) for s in shares}
        for way in ("downdate", "anew")
    )
    expectations = [
        Expectation(down[s].name, anew[s].name, "inverse_residual", "equivalent", 1e-10) for s in shares
    ]  # fmt: skip
    note = "The residuals of the inverse Hessians of all layers are compared once half of the columns are removed, in float64."
    return Draft((*down.values(), *anew.values()), expectations[0], "digits-cnn", (note,), tuple(expectations[1:]))


def _draft_rows(text: str) -> Draft:
    """The error of layers pruned as a whole, measured at their outputs, against the sum of those of rows pruned alone."""
    sparsity, notes = read_sparsity(text, 0.75)
    shares = (sparsity, *neighbours(sparsity, SPARSITIES))
    whole, alone = (
        {s: Arm(f"{name} at {s * 100:g} %", "rows_of_layers", _settings(rows=way, sparsity=s)) for s in shares}
        for way, name in (("together", "all rows together"), ("apart", "each row alone"))
    )
    expectations = [Expectation(alone[s].name, whole[s].name, "rows_error", "equivalent", 1e-9) for s in shares]
    same = Expectation(alone[sparsity].name, whole[sparsity].name, "rows_distance", "equivalent", 1e-9)
    note = (
        "The sum of the errors of rows pruned one by one is compared with the error at the outputs of layers pruned as a "
        "whole, in float64; beside it, the weights."
    )
    return Draft(
        (*alone.values(), *whole.values()), expectations[0], read_testbed(text, "digits-cnn", ("digits-cnn", "mnist-cnn")),
        (*notes, note), (same, *expectations[1:]), seeds=3,
    )  # fmt: skip


def _draft_levels(text: str) -> Draft:
    """A level for each layer by dynamic programming against one for all, at the same cost."""
    if _IN_BITS.search(text) and not find_sparsities(text):
        even, notes = read_bits(text, 3)
        ladder, name, unit, scale = WIDTHS, "bits", "bits", 1.0
        cost, told = ("bops", "bit operations") if _OPERATIONS.search(text) else ("bytes", "stored bytes")
    else:
        even, notes = read_sparsity(text, 0.9)
        ladder, name, unit, scale = SPARSITIES, "sparsity", "%", 100.0
        cost, told = ("bytes", "stored bytes") if _BYTES.search(text) else ("flops", "FLOPs")
    values = (even, *neighbours(even, ladder))
    even_arms, own_arms = (
        {
            v: Arm(
                f"{kind} at {v * scale:g} {unit}", "budgeted_layers", _settings(**{name: v}, levels=levels, cost=cost)
            )
            for v in values
        }
        for levels, kind in (("uniform", "one level for all layers"), ("allocated", "a level for each layer"))
    )
    expectations = [Expectation(own_arms[v].name, even_arms[v].name) for v in values]
    note = f"Levels are allocated by dynamic programming within the {told} of the one level; no layer is retrained."
    return Draft(
        (Arm("dense", "dense"), *own_arms.values(), *even_arms.values()), expectations[0], read_testbed(text, TESTBED),
        (*notes, note), tuple(expectations[1:]),
    )  # fmt: skip


def _settings(**given: Setting) -> tuple[tuple[str, Setting], ...]:
    return tuple(sorted(given.items()))


_PAPER = "ksVGCOlOEba"
_IN_BITS = words(r"bits?\b|bit[- ]widths?|precisions?\b|quanti[sz]\w+")
_OPERATIONS = words(r"BOPs?\b|bit[- ]operations|operations|FLOPs?\b|MACs?\b|comput\w+")
_BYTES = words(r"bytes?\b|(?:model |file )?sizes?\b|memory|storage|stored")
_LEVEL = r"(?:level|sparsit|ratio|bit|precision|width|budget|rate|compression|setting|amount)\w*"
_OWN = (
    rf"alloc\w+|non-?uniform\w*|dynamic programm\w+|mixed[- ](?:precision|sparsity)|unequal\w*|(?:layer[- ]?wise|per[- ]layer|layer[- ]specific) {_LEVEL}"
    rf"|(?:different|own|individual|separate|varying) (?:[\w-]+ )?{_LEVEL} (?:for|per|in|of|to) (?:each|every|the|different)(?: \w+)? layers?|{_LEVEL} (?:chosen |set |picked |found )?(?:per|for each) layer|(?:budget|FLOPs?|bits) (?:spread|divid|split|distribut)\w+"
)
_EVEN = rf"(?<!non-)(?<!non)(?:uniform|even|constant|equal)(?:ly)?(?: (?:[\w-]+ )?{_LEVEL}| prun\w+| quanti\w+| allocation)?|(?:the )?(?:same|one|a single|a fixed) (?:[\w-]+ )?{_LEVEL} (?:for|in|on|across|at|of) (?:all|every|each)(?: \w+)? layers?|everywhere"

CONTRASTS = (
    Contrast(
        name="pruning_order",
        title="ExactOBS is better than a magnitude mask with refit, and that than magnitude alone",
        paper=_PAPER, probe="O3",
        needs=(words(_OBS), words(_REFIT), words(rf"{_MAGNITUDE}(?! mask)(?!-mask)(?: pruning)?"), words(r"order\w*|turn|then|followed by|which (?:in turn )?(?:beats|is better)|>|ahead of")),
        treatment=words(_OBS), baseline=words(rf"{_REFIT}|{_MAGNITUDE}"),
        draft=_draft_order,
        example="ExactOBS beats magnitude pruning with refit (AdaPrune), which in turn beats plain magnitude pruning at 75 % sparsity.",
    ),
    Contrast(
        name="gap_grows_with_sparsity",
        title="the gain of ExactOBS over magnitude pruning grows with sparsity",
        paper=_PAPER, probe="O3",
        needs=(words(_OBS), words(rf"{_MAGNITUDE}|{_REFIT}|baselines?\b"), words(r"gap|gain|advantage|lead|margin|difference"), words(rf"(?:{_GROWS}|{_SHRINKS}|depend\w*|constant|same)"), words(r"spars\w+|prun\w+ (?:ratio|rate|level)")),
        treatment=words(r"high(?:er)? spars\w+|(?:with|at) (?:the |more )?spars\w+"), baseline=words(r"low(?:er)? spars\w+"),
        expected=words(rf"{_GROWS}(?= (?:\w+ ){{0,4}}(?:spars|with|at|as|when))|{_GROWS}\W*$"), reversed=words(rf"{_SHRINKS}(?= (?:\w+ ){{0,4}}(?:spars|with|at|as|when))|{_SHRINKS}\W*$"),
        draft=_draft_gap,
        example="The gap between ExactOBS and magnitude pruning grows with sparsity.",
    ),
    Contrast(
        name="gap_grows_at_few_bits",
        title="the gain of OBQ over rounding is largest at few bits",
        paper=_PAPER, probe="O4",
        needs=(words(r"obq\b|optimal brain quanti\w+|gptq\b"), words(r"rtn\b|round\w*"), words(r"gap|gain|advantage|lead|margin|difference|matters?"), words(r"(?:few(?:er)?|low(?:er)?|less) (?:bits?\b|bit[- ]widths?|precision)|bit[- ]widths?|low[- ]bit")),
        treatment=words(r"(?:few(?:er)?|low(?:er)?|less)[- ](?:bits?|bit[- ]widths?|precision)"), baseline=words(r"(?:more|many|high(?:er)?)[- ](?:bits?|bit[- ]widths?|precision)"),
        expected=words(_GROWS), reversed=words(_SHRINKS),
        draft=_draft_bits_gap,
        example="The gain of OBQ over round-to-nearest is largest at few bits.",
    ),
    Contrast(
        name="fixed_order",
        title="a fixed order of the weights is as good as the greedy one",
        paper=_PAPER, probe="O5",
        needs=(words(r"(?:fixed|given|arbitrary|any|same|column|natural|left[- ]to[- ]right) order|order (?:of (?:the )?(?:weights|columns)|in which)"), words(r"greed\w+|obq\b|gptq\b|quanti\w+")),
        unless=(words(r"magnitude|prun\w+"),),
        treatment=words(r"(?:fixed|given|arbitrary|any|same|column|natural|left[- ]to[- ]right) order|gptq"), baseline=words(r"greed\w+(?: \w+)?|obq"),
        draft=_draft_fixed_order,
        example="Quantizing the weights in a fixed order is no worse than the greedy order of OBQ at 3 bits.",
    ),
    Contrast(
        name="joint_beats_quantization_alone",
        title="pruning and quantization together are better than quantization alone at as many bits of weights",
        paper=_PAPER, probe="O6",
        needs=(words(r"prun\w+|2:4|spars\w+"), words(r"quanti\w+|bits?\b"), words(r"joint\w*|compound\w*|combin\w+|together|both"), words(r"alone|only|single|either|each|fewer bits|lower bits|same (?:size|budget|bits|bops|number)|equal (?:size|budget|bits|bops)")),
        treatment=words(r"joint\w*(?: \w+)?|compound\w*(?: \w+)?|combin\w+(?: \w+)?|together|both"), baseline=words(r"(?:quanti\w+|prun\w+|bits?|either|each)(?: \w+)? (?:alone|only)|alone|either|single"),
        unless=(words(r"los\w+|cost\w*|hurts?|degrad\w*|without|speed\w*|weight sharing|k-?means|huffman|activations?"),),
        draft=_draft_joint,
        example="Pruning and quantization combined beat quantization alone at the same number of bits.",
    ),
    Contrast(
        name="compound_costs_little",
        title="2:4 pruning on top of quantization costs at most a point",
        paper=_PAPER, probe="O6",
        needs=(words(r"2:4|prun\w+|spars\w+"), words(r"quanti\w+|bits?\b"), words(r"joint\w*|compound\w*|combin\w+|together|on top of|added to|both"), words(r"(?:los\w+|costs?\b|hurts?|degrad\w*|preserv\w+|keeps?)")),
        treatment=words(r"joint\w*(?: \w+)?|compound\w*(?: \w+)?|combin\w+(?: \w+)?|together|both|2:4"), baseline=words(r"(?:quanti\w+|bits?)(?: \w+)? (?:alone|only)|alone"),
        unless=(words(r"weight sharing|k-?means|huffman|activations?|mixture|fine-?tun\w*|retrain\w*|MACs?\b"),),
        expected=words(r"(?:los\w+|costs?|hurts?|degrad\w*)(?: \w+){0,4} (?:little|hardly|nothing|small|negligible|at most|less than|no)|(?:little|small|no|negligible|hardly)(?: \w+){0,3} (?:loss|accuracy|cost|degradation)|without (?:much )?(?:loss|accuracy)"),
        draft=_draft_compound,
        example="2:4 pruning combined with 4-bit quantization loses little accuracy against 4-bit quantization alone.",
    ),
    Contrast(
        name="independent_layers",
        title="layers compressed independently are as good as one after the other",
        paper=_PAPER, probe="O7",
        needs=(words(r"independent\w*|layer[- ]wise|layer by layer|each layer (?:by itself|alone|separately)"), words(r"sequential\w*|one after (?:the other|another)|in sequence|compressed (?:inputs|activations)|previous layers|propagat\w+|accumulat\w+")),
        treatment=words(r"independent\w*(?: \w+)?"), baseline=words(r"sequential\w*(?: \w+)?|one after (?:the other|another)|in sequence"),
        unless=(words(r"winner|static|dynamic|mixture"),),
        draft=_draft_independent,
        example="Compressing the layers independently is no worse than compressing them sequentially.",
    ),
    Contrast(
        name="rows_decouple",
        title="pruning the rows of a layer one by one is the same as together, and their errors add up",
        paper=_PAPER, probe="O2",
        needs=(
            words(r"rows?\b|row[- ]wise"),
            words(r"(?:de|un)coupl\w+|independen\w+|separa\w+|interact\w*|one by one|one at a time|by itself|alone|add(?:s|ed)? up|sums?\b|summ\w+"),
            words(r"prun\w+|errors?\b|loss\w*|compress\w+|obs\b|hessian|layers?"),
        ),
        unless=(words(r"table|tables|columns? (?:are|is) (?:not )?bold|winner|mixture|k-?means|scales?\b|invers\w+"),),
        treatment=words(r"(?:each |every |the |single )*rows?(?: \w+)? (?:alone|one by one|one at a time|by (?:itself|themselves)|separately|independently|apart)|row[- ]wise(?: \w+)?|row by row|(?:the )?sum (?:of|over) (?:the |all )?(?:\w+ )?rows?(?: errors?)?"),
        baseline=words(r"(?:all (?:of )?(?:the )?)?rows? (?:together|jointly|at once)|(?:the )?whole layers?|(?:all )?together|jointly|(?:the )?layer'?s(?: \w+)? errors?"),
        expected=words(r"decoupl\w+|(?:the )?same|exact\w*|equals?\b|(?:is|are) (?:the )?sums?|adds? up|sums? (?:up )?to|independent(?:ly)?|separable|separates?|(?:no|without|lose nothing|loses nothing)(?: \w+)? (?:loss|interaction)|do(?:es)? not interact"),
        reversed=words(r"(?<!not )(?<!no )(?<!n't )interacts?\b|(?<!de)(?<!un)coupled|not (?:the )?(?:same|independent|separable|exact)|approximat\w+|ignores?\b|inexact"),
        draft=_draft_rows,
        example="The rows of a layer decouple: pruning them one by one gives the same as together, and their errors add up to the layer's.",
    ),
    Contrast(
        name="allocated_levels",
        title="a level for each layer is better than one for all at the same cost",
        paper=_PAPER, probe="Sec. 6",
        needs=(words(_OWN), words(_EVEN), words(r"spars\w+|prun\w+|bits?\b|precision|quanti\w+|compress\w+|levels?|FLOPs?\b|budgets?"), words(r"\w")),
        unless=(words(r"k-?means|cluster\w*|huffman|codebooks?|entropy|winner|mixture|gaussians?|prior\b|scales?\b|codes?\b|shared values?|calibrat\w+"),),
        treatment=words(_OWN), baseline=words(_EVEN),
        draft=_draft_levels,
        example="Does allocating sparsity per layer beat a uniform sparsity at the same FLOPs?",
    ),
    Contrast(
        name="exact_downdate",
        title="downdating the inverse Hessian is as exact as inverting anew",
        paper=_PAPER, probe="O1",
        needs=(words(r"invers\w+|inverting"), words(r"hessian"), words(r"(?:down|up)dat\w+|lemma 1|row and column|remov\w+|eliminat\w+"), words(r"(?:in)?exact(?:ly|ness)?\b(?![- ]?(?:obs|greedy|optimal))|numerical\w*|(?:un)?stable|precis\w+|drift\w*|(?:rounding|accumulat\w+) errors?|errors? accumulat\w+")),
        treatment=words(r"(?:down|up)dat\w+(?: \w+)?|lemma 1"), baseline=words(r"(?:recomput|invert)\w*(?: \w+)?|anew|direct(?: \w+)?"),
        expected=words(r"(?:as )?exact(?:ly|ness)?\b(?![- ]?obs)|no (?:numerical )?(?:error|drift)|stable|same"), reversed=words(r"inexact|drifts|unstable|numerical errors? (?:grow|accumulat)\w*"),
        draft=_draft_downdate,
        example="Downdating the inverse Hessian when a weight is removed is exact.",
    ),
)  # fmt: skip
