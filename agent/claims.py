"""A claim or a reviewer's question -> an Experiment, a question back, or NotTestable with the reason. Pure.

Reads methods, baseline, setting, metric and direction from one sentence and maps them to the engine's methods and
the nearest testbed. What differs from the claim is listed in `changes` and travels with the verdict.
"""

import re
from dataclasses import dataclass, field, replace

from agent import contrasts
from agent.claim_reading import (
    Contestant,
    find_contestants,
    find_family,
    nothing_named,
    read_claim,
    refuse_beyond,
    states_direction,
)
from agent.claim_settings import (
    TOLERATED_POINTS,
    Margin,
    Settings,
    read_inputs,
    read_margin,
    read_own_settings,
    read_seeds,
    read_settings,
    states_layer_error,
)
from agent.claim_words import (
    METHODS,
    OTHER_MODEL,
    PATTERN_METHODS,
    PER_CHANNEL,
    PER_TENSOR,
    QUANTIZERS,
    Untestable,
    words,
)
from agent.contrasts.reading import neighbours
from agent.number_words import NUMBER_WORDS, in_digits
from agent.plan_words import state_hypothesis
from compression_demo import testbeds
from compression_demo.errors import ExperimentError
from compression_demo.judge import TOLERATED_SHARE
from compression_demo.phrases import describe_settings
from compression_demo.types import Arm, Direction, Expectation, Experiment
from compression_demo.validation import validate

DEFAULT_TESTBED = "mnist-cnn"
NEAREST = (
    ("digits-cnn", words(r"digits\b")),
    ("mnist-resnet", words(r"(?:wide )?res-?net\w*|residual net\w*")),
    ("mnist-separable", words(r"mobile-?net\w*|efficient-?net\w*|depthwise")),
)
DENIED = (
    "The sentence denies this; what is tested is the statement that it denies, so a verdict of supported speaks "
    "against the sentence."
)
SPARSITIES = (0.5, 0.75, 0.9, 0.95)
WIDTHS = (2, 3, 4, 6, 8)
"""What the settings next to a named one are taken from."""
NAMES_NO = "The sentence names no"
ALTERNATIVES = (
    "ExactOBS against magnitude pruning at high sparsity",
    "OBQ against round-to-nearest at 2 bits",
    "uniform quantization with Huffman codes against k-means",
    "integral pruning against group pruning at the same number of MACs",
    "soft weight-sharing against Deep Compression at the same accuracy",
    "one scale per channel against a single scale for depthwise convolutions",
)
"""What is offered in the place of a claim that cannot be tested."""


@dataclass(frozen=True)
class Plan:
    """A claim with its experiment. `bears_on` names the concern that a verdict would answer."""

    claim: str
    experiment: Experiment
    changes: tuple[str, ...] = ()
    bears_on: str = ""
    unambiguous: bool = True
    contrast: str = ""
    """The name of the contrast that it was read as, where it is one of `agent.contrasts`."""
    paper: str = ""
    """The submission of that contrast."""
    sides: int = 2
    """How many of the two sides that are compared the sentence names itself."""

    @property
    def directed(self) -> bool:
        """Whether the sentence says which side is better; else the direction to expect is tested."""
        return states_direction(self.changes)

    @property
    def hypothesis(self) -> str:
        """What is tested, in one sentence."""
        return state_hypothesis(self.experiment)


@dataclass(frozen=True)
class NotTestable:
    """Why a claim cannot be put to the test here, and what would be needed."""

    claim: str
    reason: str
    alternatives: tuple[str, ...] = field(default=())


def understand_claim(sentence: str, *, bears_on: str = "", seeds: tuple[int, ...] | None = None) -> Plan | NotTestable:
    """The experiment that puts `sentence` to the test, or why there is none."""
    text = _normalize(sentence)
    try:
        return _plan(sentence, text, bears_on, seeds)
    except Untestable as reason:
        return NotTestable(sentence, str(reason), ALTERNATIVES)
    except ExperimentError as broken:
        return NotTestable(sentence, f"The experiment cannot be run: {broken}.", ALTERNATIVES)


def _plan(sentence: str, text: str, bears_on: str, seeds: tuple[int, ...] | None) -> Plan:
    read = contrasts.understand(text)
    if read is not None:
        experiment = replace(read.experiment, seeds=seeds) if seeds else read.experiment
        validate(experiment)
        changes = (*((DENIED,) if read.denied else ()), *read.changes, *_replacements(text, experiment.testbed))
        return Plan(
            sentence,
            experiment,
            changes,
            bears_on,
            not (read.denied or read.guessed),
            read.contrast.name,
            read.contrast.paper,
            read.sides,
        )
    return _plan_methods(sentence, text, bears_on, seeds)


def _plan_methods(sentence: str, text: str, bears_on: str, seeds: tuple[int, ...] | None) -> Plan:
    """The experiment on methods of the engine that a sentence holds against one another, or against the dense net."""
    contestants = find_contestants(text)
    left_out = refuse_beyond(text, contestants)
    families = {m.family for c in contestants for m in METHODS if m.name == c.method}
    if len(families) > 1:
        raise Untestable(
            "The sentence compares a pruning method with a quantization method; there is no common setting to run them at."
        )
    family = next(iter(families), None) or find_family(text)
    margin = read_margin(text)
    methods = sum(c.method != "dense" for c in contestants)
    settings, notes = read_settings(text, family, methods)
    reading = read_claim(text, contestants, family, margin)
    own = read_own_settings(text, [(c.start, c.end) for c in (reading.treatment, reading.baseline)], family)
    if own:
        notes = ("Each side is run at the setting that is named with it.",)
    chosen, seed_notes = (seeds, ()) if seeds else read_seeds(text)
    testbed = nearest_testbed(text)
    inputs, input_notes = read_inputs(text, testbeds.get(testbed).calibration_limit)
    metric = "layer_error" if states_layer_error(text) else "accuracy"
    points, margin_notes = _margin(reading.direction, metric, margin)
    if metric == "layer_error" and not methods:
        raise Untestable(nothing_named(text))
    if metric == "layer_error" and "dense" in (reading.treatment.method, reading.baseline.method):
        raise Untestable(
            "Layer error is measured against the dense net, so the dense net cannot be one of the two sides."
        )
    arms = [Arm("dense", "dense")]
    sides = (reading.treatment, reading.baseline)
    arms += [
        _arm(c, given, text) for c, given in zip(sides, own or (settings, settings), strict=True) if c.method != "dense"
    ]
    names = {c: "dense" if c.method == "dense" else c.title for c in (reading.treatment, reading.baseline)}
    expectation = Expectation(names[reading.treatment], names[reading.baseline], metric, reading.direction, points)
    beside = [] if own else [_at_neighbour(sides, names, expectation, near, text) for near in _near(settings)]
    arms += [arm for more, _ in beside for arm in more]
    experiment = Experiment(testbed, tuple(arms), expectation, chosen, inputs, tuple(e for _, e in beside))
    validate(experiment)
    changes = (
        *((DENIED,) if reading.denied else ()), *reading.changes, *notes, *margin_notes, *seed_notes, *input_notes, *left_out,
        *_replacements(text, testbed),
    )  # fmt: skip
    sides = 0 if any(change.startswith(NAMES_NO) for change in reading.changes) else 2
    return Plan(sentence, experiment, changes, bears_on, not (reading.denied or reading.guessed), sides=sides)


def nearest_testbed(text: str) -> str:
    """The testbed nearest to the net that a sentence names: a residual one for a ResNet, a depthwise-separable one for a
    MobileNet; "digits" are taken at their word."""
    return next((name for name, pattern in NEAREST if pattern.search(text)), DEFAULT_TESTBED)


def _near(settings: Settings) -> list[Settings]:
    """The next setting on each side of the one that is asked for, as far as there is one."""
    if "m" in settings:
        zeros, size = int(settings["n"]), int(settings["m"])
        return [{"n": n, "m": size} for n in (zeros - 1, zeros + 1) if 0 < n < size]
    name, ladder = ("sparsity", SPARSITIES) if "sparsity" in settings else ("bits", WIDTHS)
    return [{**settings, name: value} for value in neighbours(settings[name], ladder)]


def _at_neighbour(
    sides: tuple[Contestant, Contestant], names: dict[Contestant, str], asked: Expectation, near: Settings, text: str
) -> tuple[list[Arm], Expectation]:
    """The arms of both sides at a neighbouring setting, and the same question about them."""
    arms, renamed = [], {}
    for side in sides:
        renamed[side] = names[side]
        if side.method != "dense":
            made = _arm(side, near, text)
            renamed[side] = f"{made.name} at {describe_settings(near)}"
            arms.append(replace(made, name=renamed[side]))
    return arms, replace(asked, treatment=renamed[sides[0]], baseline=renamed[sides[1]])


def _normalize(sentence: str) -> str:
    """One line, without the contractions and idioms that only look like a negation."""
    text = " ".join(sentence.split()).replace("’", "'")
    text = re.sub(r"^(is|are|does|do|did|would|should|could|has)n't\b", r"\1", text, flags=re.I)
    text = re.sub(r"\bcan't\b", "cannot", text, flags=re.I)
    text = re.sub(r"(?<=[a-z])n't\b", " not", text, flags=re.I)
    text = in_digits(text)
    text = re.sub(
        rf"\b({'|'.join(NUMBER_WORDS)})(?= (?:percentage )?points?\b)",
        lambda m: str(NUMBER_WORDS[m.group().lower()]),
        text,
        flags=re.I,
    )
    text = re.sub(
        r"\bloos(e|es|ing)\b(?= (?:more|less|much|an?|no|any|some|accura|the|under|only|little|at|\d))",
        r"los\1",
        text,
        flags=re.I,
    )
    text = re.sub(r"\b(?:do|can|could) ?not see (?:any reason )?why\b(.{0,60}?) not\b", r"\1", text, flags=re.I)
    text = re.sub(r"\bk means\b", "k-means", text, flags=re.I)
    text = re.sub(r"\bhalf (?:a|of a) (?:percentage )?point\b", "0.5 points", text, flags=re.I)
    text = re.sub(r"\b(than|most|under|within|by) (?:a|one) (?:percentage )?point\b", r"\1 1 point", text, flags=re.I)
    return re.sub(r",? \bor not\b", "", text, flags=re.I)


def _margin(direction: Direction, metric: str, stated: Margin) -> tuple[float, tuple[str, ...]]:
    """The margin of an expectation in the metric's units (0: the judge's own), with a note on how it was read."""
    points = stated.at_least if direction == "greater" else stated.at_most
    if metric == "layer_error":
        unused = "The stated margin is left out: layer error is not in points."
        tolerated = f"A difference of {TOLERATED_SHARE * 100:g} % of the baseline's layer error is tolerated."
        return 0.0, (*((unused,) if points else ()), *((tolerated,) if direction != "greater" else ()))
    if points is None:
        return (0.0 if direction == "greater" else TOLERATED_POINTS), ()
    return points, (stated.note,) if stated.note else ()


def _arm(contestant: Contestant, settings: dict[str, float | int | bool], text: str) -> Arm:
    merged = dict(settings)
    if contestant.per_channel is not None:
        merged["per_channel"] = contestant.per_channel
    elif contestant.method in QUANTIZERS and bool(PER_CHANNEL.search(text)) != bool(PER_TENSOR.search(text)):
        merged["per_channel"] = bool(PER_CHANNEL.search(text))
    method = PATTERN_METHODS[contestant.method] if "m" in merged else contestant.method
    return Arm(contestant.title, method, tuple(sorted(merged.items())))


def _replacements(text: str, testbed: str) -> tuple[str, ...]:
    """What of the claim's own setting something smaller stands for."""
    notes = []
    if re.search(r"\badaprune\b", text, re.I):
        notes.append("AdaPrune is represented by a magnitude mask with a least-squares refit.")
    if re.search(r"\b\d+(?:\.\d+)?x FLOP", text, re.I):
        notes.append("The FLOP target is replaced by one sparsity for every layer.")
    other = sorted({m.group() for m in OTHER_MODEL.finditer(text)}, key=str.lower)
    if other:
        verb = "is" if len(other) == 1 else "are"
        title = testbeds.get(testbed).title
        notes.append(f"{', '.join(other)} {verb} replaced by a {title}: this tests the direction only.")
    return tuple(notes)
