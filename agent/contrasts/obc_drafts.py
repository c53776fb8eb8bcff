"""The experiments behind the contrasts on Optimal Brain Compression: arms at the settings that a sentence names. Pure."""

from agent.claim_settings import find_sparsities
from agent.claim_words import words
from agent.contrasts.contrast import Draft
from agent.contrasts.reading import neighbours, read_bits, read_sparsity, read_testbed
from compression_demo.types import Arm, Expectation, Setting

SPARSITIES = (0.5, 0.75, 0.9, 0.95)
WIDTHS = (2, 3, 4)
TESTBED = "mnist-cnn"
REFIT = r"(?:refit\w*|adaprune|least[- ]squares)\b"
IN_BITS = words(r"bits?\b|bit[- ]widths?|precisions?\b|quanti[sz]\w+")
OPERATIONS = words(r"BOPs?\b|bit[- ]operations|operations|FLOPs?\b|MACs?\b|comput\w+")
BYTES = words(r"bytes?\b|(?:model |file )?sizes?\b|memory|storage|stored")


def _arms(method: str, name: str, values: tuple[float, ...]) -> dict[float, Arm]:
    """One arm for each sparsity."""
    return {v: Arm(f"{name} at {v * 100:g} %", method, (("sparsity", v),)) for v in values}


def draft_order(text: str) -> Draft:
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


def draft_gap(text: str) -> Draft:
    """The gain of ExactOBS over a baseline at high sparsity, less that at a lower one."""
    refit = bool(words(REFIT).search(text))
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


def draft_bits_gap(text: str) -> Draft:
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


def draft_fixed_order(text: str) -> Draft:
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


def draft_joint(text: str) -> Draft:
    """2:4 with 4 bits on what is left, against 2 bits on every weight: as many bits of weights."""
    joint = {b: Arm(f"2:4 with {b} bits", "compress_by_plan", _settings(bits=b, n=2, m=4)) for b in (4, 6, 8)}
    alone = {b: Arm(f"{b} bits alone", "compress_by_plan", _settings(bits=b)) for b in (2, 3, 4)}
    expectations = [Expectation(joint[2 * b].name, alone[b].name) for b in (2, 3, 4)]
    note = "2:4 pruning with 4 bits is held against 2 bits alone, which keeps as many bits of weights."
    return Draft(
        (Arm("dense", "dense"), *joint.values(), *alone.values()), expectations[0], read_testbed(text, TESTBED),
        (note,), tuple(expectations[1:]),
    )  # fmt: skip


def draft_compound(text: str) -> Draft:
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


def draft_independent(text: str) -> Draft:
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


def draft_downdate(text: str) -> Draft:
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


def draft_rows(text: str) -> Draft:
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


def draft_levels(text: str) -> Draft:
    """A level for each layer by dynamic programming against one for all, at the same cost."""
    if IN_BITS.search(text) and not find_sparsities(text):
        even, notes = read_bits(text, 3)
        ladder, name, unit, scale = WIDTHS, "bits", "bits", 1.0
        cost, told = ("bops", "bit operations") if OPERATIONS.search(text) else ("bytes", "stored bytes")
    else:
        even, notes = read_sparsity(text, 0.9)
        ladder, name, unit, scale = SPARSITIES, "sparsity", "%", 100.0
        cost, told = ("bytes", "stored bytes") if BYTES.search(text) else ("flops", "FLOPs")
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
