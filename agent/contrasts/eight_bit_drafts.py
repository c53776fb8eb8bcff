"""The experiments of the contrasts on 8-bit inference, at the settings that a sentence names."""

from agent.claim_settings import read_margin
from agent.claim_words import words
from agent.contrasts.contrast import Draft
from agent.contrasts.reading import first_that, neighbours, read_bits, read_calibration, read_testbed
from compression_demo import testbeds
from compression_demo.methods import title_of
from compression_demo.types import Arm, Expectation, Setting

WIDTHS = (3, 4, 6, 8)
SEPARABLE = "mnist-separable"
MOBILE = "mobilenet-v2"
TESTBEDS = ("mnist-resnet", "mnist-cnn", "digits-cnn")
TOLERATED = 0.6
"""Points: the bound on the loss that the paper's abstract states."""
_QUANTIZERS = ((words(r"gptq|optq"), "gptq"), (words(r"obq|optimal brain"), "obq"))
FOLDED_NATS = 1e-3
"""How far folding may move the training loss: rounding of float32 moves it by about a thousandth of this."""


def _name(bits: int, text: str) -> str:
    return f"{text} at {bits} bits"


def _integers(name: str, **given: Setting) -> Arm:
    return Arm(name, "integer_net", tuple(sorted(given.items())))


def draft_depthwise_gap(text: str) -> Draft:
    """What a scale per channel gains on depthwise layers alone, less what it gains on all others alone.

    On the small net at 4 bits and in the error of its weights; where a MobileNet is named, on MobileNetV2 at 8 bits.
    """
    mobile = _names_mobile_net(text)
    bits, notes = read_bits(text, 8 if mobile else 4, 2, 8)
    widths = dict.fromkeys((bits, 8, 6) if mobile else (bits, 4, 6, 8))
    asked = [("integer_net", "agreement" if mobile else "accuracy", width) for width in widths]
    if not mobile:  # whose weights are the same on every seed
        asked.append(("coded_weights", "weight_error", bits))
    arms, expectations = [], []
    for method, metric, width in asked:
        four, expectation = _gap_of_gains(method, metric, width)
        arms += four
        expectations.append(expectation)
    note = (
        "The gain of one scale per channel where only depthwise layers take the bits is held against the gain where only "
        "the other layers do; the rest of the net has 8 bits and scales per channel."
    )
    calibration, more = read_calibration(text, 32 if mobile else 256, 1024 if mobile else 3500)
    return Draft(
        tuple(arms), expectations[0], MOBILE if mobile else SEPARABLE, (*notes, note, *more), tuple(expectations[1:]),
        calibration, 3 if mobile else 5,
    )  # fmt: skip


def _gap_of_gains(method: str, metric: str, bits: int) -> tuple[list[Arm], Expectation]:
    """Depthwise and other layers, each with a scale per channel and per tensor; the first gain less the second."""
    names, arms = {}, []
    for kind, title in (("depthwise", "depthwise layers"), ("others", "other layers")):
        title = f"weights of {title}" if method == "coded_weights" else title
        for each in (True, False):
            name = _name(bits, f"{title}, one scale per {'channel' if each else 'tensor'},")
            given = {"bits": bits, "layers": kind, "per_channel": each}
            arms.append(Arm(name, method, tuple(sorted(given.items()))))
            names[kind, each] = name
    gains = [(names[kind, True], names[kind, False]) for kind in ("depthwise", "others")]
    return arms, Expectation(*gains[0], metric, minus=gains[1])


def draft_depthwise(text: str) -> Draft:
    """One scale per channel against one per tensor on depthwise layers alone."""
    bits, notes = read_bits(text, 4, 2, 8)
    widths = (bits, *neighbours(bits, WIDTHS))
    arms, expectations = [], []
    for width in widths:
        names = {each: _name(width, f"one scale per {'channel' if each else 'tensor'}") for each in (True, False)}
        arms += [_integers(names[each], bits=width, layers="depthwise", per_channel=each) for each in names]
        expectations.append(Expectation(names[True], names[False]))
    note = "Only depthwise layers take the bits; the rest of the net has 8 bits and scales per channel."
    return Draft(tuple(arms), expectations[0], SEPARABLE, (*notes, note), tuple(expectations[1:]))


def draft_loss(text: str) -> Draft:
    """Integer inference after calibration against the dense net: no worse than the paper's bound."""
    bits, notes = read_bits(text, 8, 2, 8)
    widths = (bits, *(w for w in (8, 6, 4) if w != bits))
    # Where a sentence speaks of activations alone, weights keep 8 bits.
    alone = words(r"activations?\b").search(text) and not words(
        r"weights?\b|inference|net\w* (?:to|in|at|with) \d"
    ).search(text)
    arms = [
        _integers(f"weights in 8 bits, activations in {width}", bits=8, activation_bits=width)
        if alone
        else _integers(_name(width, "integer inference"), bits=width)
        for width in widths
    ]
    expectations = [Expectation(arm.name, "dense", direction="not_worse", margin=TOLERATED) for arm in arms]
    calibration, more = read_calibration(text, 256, 3500)
    bound = () if read_margin(text).at_most else (f"The bound is the paper's: {TOLERATED:g} points.",)
    return Draft(
        (Arm("dense", "dense"), *arms), expectations[0], _choose_testbed(text), (*notes, *bound, *more),
        tuple(expectations[1:]), calibration,
    )  # fmt: skip


def draft_retraining(text: str) -> Draft:
    """A few epochs with the rounding in training against calibration alone, and against as many epochs in float."""
    bits, notes = read_bits(text, 8, 2, 8)
    widths = (bits, *(w for w in (8, 6, 4) if w != bits))
    calibrated = {w: _integers(_name(w, "calibration"), bits=w) for w in widths}
    retrained = {w: Arm(_name(w, "retraining"), "retrained_integer_net", (("bits", w),)) for w in widths}
    in_float = Arm(_name(bits, "retraining in float"), "retrained_integer_net", (("bits", bits), ("rounded", False)))
    expectations = [Expectation(retrained[w].name, calibrated[w].name) for w in widths]
    control = Expectation(retrained[bits].name, in_float.name)
    note = (
        "Three epochs of retraining with the rounding in the forward pass are held against calibration alone; beside it, "
        "against as many epochs in float, since more training helps by itself."
    )
    arms = (Arm("dense", "dense"), *calibrated.values(), *retrained.values(), in_float)
    return Draft(arms, expectations[0], _choose_testbed(text), (*notes, note), (*expectations[1:], control))


def draft_rules(text: str) -> Draft:
    """Ranges that cut off large activations against the whole range, at few bits of activations too."""
    rule = first_that(text, ((words(r"percentile"), "percentile"),), "kl")
    title = {"kl": "entropy calibration", "percentile": "percentile calibration"}[rule]
    bits, notes = read_bits(text, 8, 2, 8)
    widths = (bits, *(w for w in (8, 6, 4) if w != bits))
    arms, expectations = [], []
    for width in widths:
        names = (_name(width, title), _name(width, "min-max calibration"))
        for name, ranges in zip(names, (rule, "minmax"), strict=True):
            arms.append(_integers(name, bits=8, activation_bits=width, ranges=ranges))
        expectations.append(Expectation(*names))
    note = "The bits are those of activations; weights have 8 bits and a scale per channel."
    caution = (
        "These images have a constant background: most of the input, and of the first layers' outputs, has the same few "
        "values, which draws entropy calibration's ranges in. What comes out need not hold for photographs."
    )
    return Draft(
        (Arm("dense", "dense"), *arms),
        expectations[0],
        _choose_testbed(text),
        (*notes, note, caution),
        tuple(expectations[1:]),
    )


def draft_zero_points(text: str) -> Draft:
    """Grids with a zero point of their own against grids symmetric around zero: of weights alone by the named
    quantizer, or of weights and activations in integer inference."""
    inference = words(r"activations?|inference|int-?8|integers?|calibrat\w+").search(text)
    method = "integer_net" if inference else first_that(text, _QUANTIZERS, "rtn")
    bits, notes = read_bits(text, 4 if inference else 3, 2, 8)
    widths = (bits, *neighbours(bits, (2, 3, 4, 6, 8)))
    arms, expectations = [], []
    for width in widths:
        names = (_name(width, "grid with zero points"), _name(width, "symmetric grid"))
        for name, symmetric in zip(names, (False, True), strict=True):
            given = {"bits": width, "symmetric": symmetric} | ({"activation_bits": width} if inference else {})
            arms.append(Arm(name, method, tuple(sorted(given.items()))))
        expectations.append(Expectation(*names))
    note = (
        "The bits are those of weights and activations; what a ReLU gives has no negative side, so there both grids are one."
        if inference
        else f"Weights alone are coded, by {title_of(method)} with a scale per channel."
    )
    testbed = _choose_testbed(text) if inference else read_testbed(text, "mnist-cnn", TESTBEDS)
    return Draft((Arm("dense", "dense"), *arms), expectations[0], testbed, (*notes, note), tuple(expectations[1:]))


def draft_folding(text: str) -> Draft:
    """The net with batch normalisation folded against the net as trained, by the loss on the training images."""
    arms = (Arm("dense", "dense"), Arm("batch normalisation folded", "fold_batch_norm"))
    names = (arms[1].name, "dense")
    expectation = Expectation(*names, "training_loss", "equivalent", FOLDED_NATS)
    note = f"The losses count as equal within {FOLDED_NATS:g} nats."
    return Draft(arms, expectation, _choose_testbed(text, ("mnist-resnet",)), (note,))


def draft_fusion(text: str) -> Draft:
    """Shortcuts added to the exact sums of a convolution against an addition of rounded codes of its own."""
    bits, notes = read_bits(text, 8, 2, 8)
    widths = (bits, *(w for w in (8, 6, 4) if w != bits))
    arms, expectations = [], []
    for width in widths:
        names = (_name(width, "fused addition"), _name(width, "separate addition"))
        for name, fused in zip(names, (True, False), strict=True):
            arms.append(_integers(name, bits=8, activation_bits=width, fused=fused))
        expectations.append(Expectation(*names, "training_loss"))
    note = "The bits are those of activations; fusion is judged by the loss on the training images, not by time."
    return Draft(tuple(arms), expectations[0], "mnist-resnet", (*notes, note), tuple(expectations[1:]))


def _convolution(bits: int, winograd: str, title: str) -> Arm:
    return Arm(_name(bits, title), "integer_convolution", (("bits", bits), ("winograd", winograd)))


def draft_winograd_scales(text: str) -> Draft:
    """Winograd's scales in the transformed domain against one scale, by the error of the convolutions."""
    spatial = bool(
        words(r"spatial|input domain|input[- ]space|original (?:domain|scales?)|untransformed|direct").search(text)
    )
    bits, notes = read_bits(text, 8, 2, 8)
    widths = (bits, *(w for w in (8, 6) if w != bits))
    arms = {
        (w, rule): _convolution(w, rule, title)
        for w in widths
        for rule, title in (
            ("positions", "a scale for each transformed position"), ("shared", "one shared scale"),
            ("spatial", "the scale of the spatial domain"),
        )
    }  # fmt: skip
    rules = ("spatial", "shared") if spatial else ("shared", "spatial")
    expectations = [
        Expectation(arms[w, "positions"].name, arms[w, rule].name, "convolution_error")
        for w in widths
        for rule in rules
    ]
    return Draft(
        tuple(arms.values()), expectations[0], read_testbed(text, "mnist-resnet", TESTBEDS[:2]), notes,
        tuple(expectations[1:]),
    )  # fmt: skip


def draft_winograd(text: str) -> Draft:
    """Direct convolution in 8 bits against Winograd with its best scales, by the error of the convolutions."""
    bits, notes = read_bits(text, 8, 2, 8)
    widths = (bits, *neighbours(bits, (4, 6, 8)))
    direct, winograd = (
        {w: _convolution(w, rule, title) for w in widths}
        for rule, title in (("direct", "direct convolution"), ("positions", "Winograd"))
    )
    expectations = [Expectation(direct[w].name, winograd[w].name, "convolution_error") for w in widths]
    note = "Winograd F(2x2, 3x3) has a scale for each transformed position."
    return Draft(
        (*direct.values(), *winograd.values()), expectations[0], read_testbed(text, "mnist-resnet", TESTBEDS[:2]),
        (*notes, note), tuple(expectations[1:]),
    )  # fmt: skip


def draft_speed(text: str) -> Draft:
    """ONNX Runtime in 8 bits against float on this machine, an image at a time and 32 at a time."""
    arms, expectations = [], []
    batches = (32, 1) if words(r"throughput|batch\w*").search(text) else (1, 32)
    for batch in batches:
        told = f"with {batch} image{'s' if batch > 1 else ''} at a time"
        names = (f"int8 {told}", f"fp32 {told}")
        for name, precision in zip(names, ("int8", "fp32"), strict=True):
            arms.append(Arm(name, "onnx_runtime", (("batch", batch), ("precision", precision))))
        expectations.append(Expectation(*names, "milliseconds"))
    note = "Time is that of ONNX Runtime on one core of this machine; it says nothing of other hardware."
    mobile = _names_mobile_net(text)
    testbed = MOBILE if mobile else _choose_testbed(text)
    return Draft(
        tuple(arms),
        expectations[0],
        testbed,
        (note,),
        tuple(expectations[1:]),
        64 if mobile else 256,
        3 if mobile else 5,
    )


def _names_mobile_net(text: str) -> bool:
    """Whether a sentence names a MobileNet and the testbed that is one can be run."""
    return bool(words(r"mobile-?net\w*").search(text)) and testbeds.get(MOBILE).available()[0]


def _choose_testbed(text: str, allowed: tuple[str, ...] = TESTBEDS) -> str:
    """The depthwise-separable net where a sentence speaks of such, else what it names, else the residual net."""
    if words(r"depth-?wise|separable|mobile-?net\w*").search(text):
        return SEPARABLE
    return read_testbed(text, "mnist-resnet", allowed)
