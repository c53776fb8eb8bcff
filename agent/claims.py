"""A claim or a reviewer's question -> an Experiment, a question back, or NotTestable with the reason. Pure.

Reads method, baseline, setting, metric and direction from one sentence and maps them to the engine's methods and
the nearest testbed. What differs from the claim is listed in `changes` and travels with the verdict.
"""

import re
from dataclasses import dataclass, field

from compression_demo.types import Arm, Direction, Expectation, Experiment

DEFAULT_TESTBED = "mnist-cnn"
HIGH_SPARSITY, DEFAULT_BITS, LOW_BITS = 0.9, 3, 2
DEFAULT_SEEDS = (0, 1, 2, 3, 4)
MOST_SEEDS = 20


@dataclass(frozen=True)
class Plan:
    """A claim with its experiment. `bears_on` names the concern that a verdict would answer."""

    claim: str
    experiment: Experiment
    changes: tuple[str, ...] = ()
    bears_on: str = ""
    unambiguous: bool = True

    @property
    def hypothesis(self) -> str:
        """What is tested, in one sentence: "ExactOBS has higher accuracy than magnitude pruning at 90 % sparsity."."""
        e = self.experiment.expectation
        setting = next(a for a in self.experiment.arms if a.name == e.treatment).setting_text()
        better = "lower layer error" if e.metric == "layer_error" else f"higher {e.metric}"
        unit = " points" if e.metric == "accuracy" else ""
        relation = {
            "greater": f"has {better} than {e.baseline}" + (f", by at least {e.margin:g}{unit}" if e.margin else ""),
            "not_worse": f"is at most {e.margin:g}{unit} worse in {e.metric.replace('_', ' ')} than {e.baseline}",
            "equivalent": f"is within {e.margin:g}{unit} of {e.baseline} in {e.metric.replace('_', ' ')}",
        }[e.direction]
        return f"{e.treatment} ({setting}) {relation}."


@dataclass(frozen=True)
class NotTestable:
    """Why a claim cannot be put to the test here, and what would be needed."""

    claim: str
    reason: str
    alternatives: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Method:
    """A method as people write it, with the engine's name and title for it."""

    name: str
    title: str
    family: str  # prune | quantize
    pattern: re.Pattern[str]


def _method(name: str, title: str, family: str, pattern: str) -> Method:
    return Method(name, title, family, re.compile(pattern, re.IGNORECASE))


METHODS = (
    _method("magnitude_refit", "magnitude mask + least-squares refit", "prune",
            r"magnitude[^.]{0,25}(?:refit|least[- ]squares|reconstruct)\w*|\badaprune\b|\b(?:mask[- ]then[- ])?refit\w*\b|least[- ]squares (?:refit|update|reconstruction)"),
    _method("exact_obs", "ExactOBS", "prune",
            r"exact[- ]?obs\b|\bexact optimal brain surgeon\b|\bobs\b(?! ?erv)|optimal brain surgeon|\bobc\b|optimal brain compression|second[- ]order pruning|hessian[- ]based pruning"),
    _method("magnitude", "magnitude pruning", "prune",
            r"\b(?:global )?magnitude(?:[- ]based)?(?: weight)?(?:[- ](?:pruning|prune[sd]?|baseline))?\b|\bGMP\b"),
    _method("obq", "OBQ", "quantize", r"\bobq\b|optimal brain quantiz\w+|second[- ]order quantiz\w+"),
    _method("rtn", "round-to-nearest", "quantize",
            r"\brtn\b|round(?:ing)?[- ]to[- ](?:the[- ])?nearest|(?:naive|plain|simple|direct) (?:rounding|quantization|quantisation)|\brounding\b"),
)  # fmt: skip

# What reviews and papers speak of and the engine does not hold: pattern, name, what would be needed.
BEYOND = (
    (r"winograd", "8-bit Winograd convolution", "an integer Winograd kernel with scales in the transformed domain"),
    (r"\bhuffman|entropy[- ]cod|ecsq|entropy[- ]constrained", "entropy-coded quantization", "k-means or uniform codes with a Huffman coder and its size accounting"),
    (r"hessian[- ]weighted|\bk-?means\b|weight[- ]sharing|\bcluster", "clustered weights (k-means, weight sharing)", "a clustering quantizer with shared values"),
    (r"mixture (?:of gaussians|prior|components?)|soft weight|hyper-?prior|empirical bayes", "soft weight-sharing", "retraining under a mixture prior, with its schedule"),
    (r"activation (?:mask|prun|spars)\w*|winner[- ]rate|integral pruning|dynamic (?:mask|threshold|activation)|\bIP(?:net|AW)?\b", "activation pruning by winner rate", "dynamic activation masks and a fine-tuning stage"),
    (r"(?:group|channel|filter|structured|feature[- ]map)[- ]pruning|prun\w+ (?:of )?(?:whole |entire )?(?:groups?|channels?|filters?|feature maps?)", "group or channel pruning", "structured removal of channels with a matched cost"),
    (r"\bspeed-?ups?\b|\blatency\b|\bthroughput\b|\bwall[- ]?clock|\bfaster\b|inference time|run-?times?\b|\b\d+(?:\.\d+)? ?ms\b", "speed", "the named hardware and kernels; this engine measures accuracy and layer error only"),
    (r"\bBOPs?\b|bit-operations|\bMACs?\b|\bFLOPs?\b|theoretical operations", "operation counts at a given budget", "a budgeted, per-layer allocation"),
    (r"\bGPTQ\b|\bAdaRound\b|\bAdaQuant\b|\bBRECQ\b|\bBitSplit\b|\bL-OBS\b|\bSparseGPT\b|\bTensorRT\b|deep compression|\bDynamic Network Surgery\b", "a named competitor that is not implemented here", "an implementation of that competitor"),
    (r"\b[248]:[48]\b|\bN:M\b|semi-structured", "N:M sparsity", "an N:M solver"),
    (r"\bretrain\w*|fine-?tun\w+|quantization[- ]aware|\bQAT\b", "retraining or fine-tuning after compression", "a training stage after compression; this engine compresses without retraining"),
    (r"batch[- ]norm\w* fold|calibration (?:method|step|process|procedure)|int8 (?:activations?|arithmetic)|quantiz\w+ (?:of )?activations", "8-bit activations", "integer activations with calibrated ranges"),
    (r"compression (?:rate|ratio)|model size|storage|\b\d+(?:\.\d+)?[- ]?(?:x|fold|times) (?:smaller|compression)", "a storage ratio", "the storage format and entropy coder of the paper"),
)  # fmt: skip

DEFINING = ("N:M sparsity", "8-bit Winograd convolution", "entropy-coded quantization")

_SPARSITY = re.compile(
    r"(\d{1,2}(?:\.\d+)?) ?(?:%|percent|per cent)(?: of (?:the )?(?:weights|parameters))?(?: are| is)?(?: \w+)? ?(?:spars\w+|pruned|removed|zeros?|unstructured)?",
    re.I,
)
_SPARSE_WORD = re.compile(r"spars|prun|zero|remov|of (the )?(weights|parameters)", re.I)
_SPARSE_BEFORE = re.compile(
    r"(\bspars\w+(?: of| at|:|=)?|\bprun\w+(?: away| out)?(?: to| at| by| about)*|\bremov\w+(?: about)?|\bat|\bkeep\w*(?: only)?) $",
    re.I,
)
_KEPT = re.compile(r"\b(?:keep\w*|kept|left|remain\w*|non-?zero)\b", re.I)
_BITS = re.compile(r"\b(?:int|w)?(\d{1,2}) ?-? ?bits?\b|\bint(\d)\b|\b(two|three|four|eight)[- ]bits?\b", re.I)
_MEASURABLE = re.compile(
    r"accura\w+|\blos[st]\w*|\blosses|\berror\b|perform\w*|\bdrop\w*|degrad\w*|\bhurts?\b|preserv\w*|matters?\b", re.I
)
_SEEDS = re.compile(r"\b(\d{1,3}|three|five|ten|twenty) (?:different |independent |random )?seeds?\b", re.I)
_POINTS = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|percent|per cent|pp|points?|percentage points?)\b", re.I)
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "eight": 8, "ten": 10, "twenty": 20}
_LOSES_LESS = re.compile(
    r"\b(los\w+|drop\w*|degrad\w*|hurt\w*|damag\w*|suffer\w*|error)\b[^.]{0,20}\b(less|smaller|lower|fewer)\b|\b(less|smaller|lower|fewer)\b[^.]{0,25}\b(loss|losses|drop|degradation|error|damage)\b",
    re.I,
)
_LOSES_MORE = re.compile(
    r"\b(los\w+|drop\w*|degrad\w*|hurt\w*|damag\w*|suffer\w*)\b[^.]{0,20}\b(more|larger|greater|higher)\b|\b(more|larger|greater|higher)\b[^.]{0,25}\b(loss|losses|drop|degradation|error)\b",
    re.I,
)
_BETTER = re.compile(
    r"\b(beats?|outperform\w*|better|superior|higher|more accurate|ahead|wins?|improv\w*|surpass\w*|exceeds?|prefer\w*|gains?|helps?|matters?|needed|necessary|important|advantage|leads?|stronger|keeps? more)\b",
    re.I,
)
_WORSE = re.compile(
    r"\b(worse|inferior|below|behind|lower accuracy|underperform\w*|less accurate|loses? to|weaker|trails?)\b", re.I
)
_SAME = re.compile(
    r"\b(no worse|not worse|match\w*|(?:as|equally|just as) (?:good|accurate|well)|on par|equal\w*|same|comparable|close to|similar|level with|no (?:accuracy )?(?:loss|drop|difference|gain|benefit|advantage)|without (?:any )?(?:accuracy )?(?:loss|losing)|"
    r"negligible|minimal|lossless|within \d|little (?:accuracy )?(?:loss|drop)|unnecessary|not (?:needed|necessary)|hardly|preserv\w*|retain\w*|keeps? (?:the )?accuracy|maintain\w*)\b",
    re.I,
)
_OTHER_MODEL = re.compile(
    r"\b(ImageNet|ResNet-?\w*|AlexNet|VGG-?\w*|BERT\w*|YOLO\w*|CIFAR-?\d*|COCO|SQuAD|MobileNet\w*|Inception\w*|LeNet-?\w*|OPT-\w+|GPT\w*|transformers?|language models?|MLP-\d|ConvNet-\d|wide ResNet)\b",
    re.I,
)


def understand_claim(sentence: str, *, bears_on: str = "", seeds: tuple[int, ...] | None = None) -> Plan | NotTestable:
    """The experiment that puts `sentence` to the test, or why there is none."""
    text = " ".join(sentence.split())
    channel = re.search(
        r"(per[- ]channel|channel[- ]wise|one scale (?:per|for each) channel|per[- ]tensor|single scal\w+|one scal\w+)",
        text,
        re.I,
    )
    named = [m for m in METHODS if m.pattern.search(text)]
    named = _without_overlaps(named, text)
    beyond = _beyond(text, named, bool(channel))
    if beyond is not None and not (channel and not named):
        return NotTestable(sentence, beyond, ALTERNATIVES)
    family = _family(text, named, bool(channel))
    if not named and not channel and not _MEASURABLE.search(text):
        family = None
    if family is None:
        return NotTestable(
            sentence,
            "The sentence names no compression method that the engine holds, so there is nothing to run.",
            ALTERNATIVES,
        )
    if len(named) == 1 and not channel and not _compares(text):
        reason = f"It names {named[0].title} but states no comparison that accuracy or layer error could decide."
        return NotTestable(sentence, reason, ALTERNATIVES)
    if len({m.family for m in named}) > 1:
        return NotTestable(
            sentence,
            "The sentence compares a pruning method with a quantization method; there is no common setting to run them at.",
            ALTERNATIVES,
        )
    metric = (
        "layer_error"
        if re.search(r"layer(?:-wise)? (?:output )?error|reconstruction error|output error|squared error", text, re.I)
        else "accuracy"
    )
    plan = _channel_plan(text) if channel and family == "quantize" and len(named) < 2 else _plan(text, named, family)
    treatment, baseline, direction, margin, changes = plan
    settings, setting_note = _settings(text, family)
    if setting_note:
        changes += (setting_note,)
    if re.search(r"\b(doubts?|questions? (?:whether|the)|not convinced|sceptical|skeptical)\b", text, re.I):
        changes = (*changes, "The sentence doubts this; what is tested is the statement that it doubts.")
    if re.search(r"\badaprune\b", text, re.I):
        changes = (*changes, "AdaPrune is represented by a magnitude mask with a least-squares refit.")
    arms = [Arm("dense", "dense"), *_arms(treatment, baseline, settings)]
    testbed = "digits-cnn" if re.search(r"\bdigits\b", text, re.I) else DEFAULT_TESTBED
    if re.search(r"\b\d+x FLOP", text, re.I):
        changes = (*changes, "The FLOP target is replaced by one sparsity for every layer.")
    other = sorted({m.group() for m in _OTHER_MODEL.finditer(text)}, key=str.lower)
    if other:
        changes = (
            *changes,
            f"{', '.join(other)} is replaced by {TESTBED_TITLES[testbed]}: this tests the direction only.",
        )
    expectation = Expectation(arms[1].name, arms[2 if baseline else 0].name, metric, direction, margin)
    experiment = Experiment(testbed, tuple(arms), expectation, seeds or _seeds(text))
    return Plan(sentence, experiment, changes, bears_on, unambiguous=len(named) >= 1 or bool(channel))


TESTBED_TITLES = {"mnist-cnn": "a small CNN on MNIST", "digits-cnn": "a small CNN on scikit-learn's digits"}
ALTERNATIVES = (
    "ExactOBS against magnitude pruning at 90 % sparsity",
    "ExactOBS against a magnitude mask with least-squares refit at 90 % sparsity",
    "OBQ against round-to-nearest at 2 bits",
    "one scale per channel against one scale per tensor at 4 bits",
)
# Settings that a chair changes from one check to the next: "with ten seeds", "on digits", "at 2 bits".
_CHANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bwith \w+ seeds?\b",
        r"\b(?:on|for) (?:the )?(?:digits|mnist)\b",
        r"\bat (?:\d+|two|three|four|eight)[- ]?bits?\b",
        r"\bat \d+(?:\.\d+)? ?(?:%|percent)(?: sparsity)?",
    )
)
_Plan = tuple[tuple[str, dict[str, bool]], tuple[str, dict[str, bool]] | None, Direction, float, tuple[str, ...]]


def settings_in(text: str) -> str:
    """The settings that a message names, in words."""
    return " ".join(m.group() for pattern in _CHANGES for m in pattern.finditer(text))


def with_settings(claim: str, settings: str) -> str:
    """A claim with settings put in the place of its own."""
    for pattern in _CHANGES:
        if pattern.search(settings):
            claim = pattern.sub(" ", claim)
    return " ".join(f"{claim.rstrip(' .?')} {settings}".split()) if settings else claim


def _without_overlaps(named: list[Method], text: str) -> list[Method]:
    """Methods in the order of the text, "magnitude" not counted inside "magnitude mask + refit"."""
    refit = next((m for m in named if m.name == "magnitude_refit"), None)
    # "magnitude mask + refit" names the refit only; blank it out before looking for plain magnitude pruning.
    rest = refit.pattern.sub(lambda match: " " * len(match.group()), text) if refit else text
    starts = {}
    for method in named:
        match = method.pattern.search(text if method is refit else rest)
        if match:
            starts[method.name] = match.start()
    return sorted((m for m in named if m.name in starts), key=lambda m: starts[m.name])


def _beyond(text: str, named: list[Method], channel: bool) -> str | None:
    """The reason why the sentence is beyond the engine, or None."""
    for pattern, name, needed in BEYOND:
        match = re.search(pattern, text, re.IGNORECASE)
        # Two methods of the engine can be compared whatever else a sentence reports of them, but for what defines them.
        if not match or (len(named) >= 2 and name not in DEFINING) or (name.startswith("a storage") and named):
            continue
        if name.startswith("retraining") and re.search(
            r"(without|no|not|any|need of)[^.]{0,20}(re-?train|fine-?tun)", text, re.I
        ):
            continue
        return (
            f'It concerns {name} ("{match.group().strip()}"), which this engine does not run; that would need {needed}.'
        )
    if (
        len(named) < 2
        and not named
        and not channel
        and re.search(r"\b(?:theor\w+|novel\w*|clear\w*|writ\w+|motivat\w*|convinc\w*|ethic\w*)\b", text, re.I)
    ):
        return "It is a judgement about the text, not a measurable claim."
    return None


def _compares(text: str) -> bool:
    """Whether a sentence says that something is better, worse, the same, or how much is lost."""
    return any(p.search(text) for p in (_LOSES_LESS, _LOSES_MORE, _BETTER, _WORSE, _SAME, _MEASURABLE))


def _family(text: str, named: list[Method], channel: bool) -> str | None:
    if named:
        return named[0].family
    if channel or re.search(r"quantiz|quantis|\b\d+[- ]bits?\b|\bint\d\b", text, re.I):
        return "quantize"
    return "prune" if re.search(r"\bprun\w+|\bspars\w+", text, re.I) else None


def _channel_plan(text: str) -> _Plan:
    """One scale per channel against one per tensor, both round-to-nearest."""
    direction, margin = _direction(text)
    return ("rtn", {"per_channel": True}), ("rtn", {"per_channel": False}), direction, margin, ()


def _plan(text: str, named: list[Method], family: str) -> _Plan:
    """Treatment, baseline (None = dense), direction and margin of a sentence about one or two methods."""
    direction, margin = _direction(text)
    if len(named) >= 2:
        first, second = named[0], named[1]
        swap = bool(
            _LOSES_MORE.search(text) or (_WORSE.search(text) and not re.search(r"\b(no|not) worse\b", text, re.I))
        )
        swap = swap and not _LOSES_LESS.search(text)
        treatment, baseline = (second, first) if swap else (first, second)
        more = (f"only {treatment.title} and {baseline.title} are compared.",) if len(named) > 2 else ()
        return (treatment.name, {}), (baseline.name, {}), direction, margin, more
    if named and direction == "greater":
        usual = {
            "exact_obs": "magnitude",
            "magnitude_refit": "magnitude",
            "obq": "rtn",
            "rtn": "rtn",
            "magnitude": "magnitude",
        }[named[0].name]
        if usual != named[0].name:
            note = f"The sentence names no baseline; {_title(usual)} is taken."
            return (named[0].name, {}), (usual, {}), direction, margin, (note,)
    chosen = named[0].name if named else ("rtn" if family == "quantize" else "magnitude")
    changes = ("Compared with the uncompressed net: does accuracy hold?",)
    if not named:
        changes = (f"The sentence names no method of the engine; {_title(chosen)} is taken.", *changes)
    if direction == "greater":
        direction, margin = "not_worse", 1.0
    return (chosen, {}), None, direction, margin, changes


def _title(name: str) -> str:
    return next(m.title for m in METHODS if m.name == name)


def _direction(text: str) -> tuple[Direction, float]:
    """The direction claimed and its margin in points."""
    points = _POINTS.search(
        re.sub(
            r"\d+(?:\.\d+)? ?(?:%|percent) (?:spars\w+|of (?:the )?(?:weights|parameters)|pruned|unstructured)|(?<=at )\d+(?:\.\d+)? ?(?:%|percent)",
            " ",
            text,
        )
    )
    stated = float(points.group(1)) if points else None
    if _SAME.search(text) and not _LOSES_LESS.search(text):
        two_sided = re.search(r"\b(equal\w*|same|no difference|comparable|similar|on par)\b", text, re.I)
        return ("equivalent" if two_sided else "not_worse"), (stated if stated is not None and stated <= 10 else 1.0)
    at_most = re.search(
        r"\b(?:at most|no more than|not more than|up to|under|less than|below|within) (?:about )?(\d+(?:\.\d+)?) ?(?:%|percent|points?|pp)",
        text,
        re.I,
    )
    if (
        at_most
        and re.search(r"\b(loss|los\w+|drop\w*|cost\w*|degrad\w*|change|disturb\w*|within)\b", text, re.I)
        and not _LOSES_LESS.search(text)
    ):
        return "not_worse", float(at_most.group(1))
    at_least = re.search(
        r"\b(?:by|at least|more than|over) (?:at least |more than |about )?(\d+(?:\.\d+)?) ?(?:points?|pp|percentage points?)\b",
        text,
        re.I,
    )
    return "greater", float(at_least.group(1)) if at_least else 0.0


def _settings(text: str, family: str) -> tuple[dict[str, float | int | bool], str]:
    """The sparsity or bit width to run at, and a note where it was chosen and not read."""
    if family == "prune":
        for match in _SPARSITY.finditer(text):
            before, after = text[max(0, match.start() - 25) : match.start()], text[match.end() : match.end() + 12]
            if _SPARSE_WORD.search(match.group()) or _SPARSE_BEFORE.search(before):
                value = float(match.group(1)) / 100
                if _KEPT.search(before + after):
                    value = 1 - value
                return {"sparsity": round(value, 4)}, ""
        reason = (
            '"high sparsity" is read as' if re.search(r"high(?:er)? spars", text, re.I) else "No sparsity is named;"
        )
        return (
            {"sparsity": HIGH_SPARSITY},
            f"{reason} {HIGH_SPARSITY * 100:g} % of the weights of every layer{' is taken' if reason.endswith(';') else ''}.",
        )
    match = _BITS.search(text)
    if match:
        word = next(g for g in match.groups() if g)
        bits = int(word) if word.isdigit() else _WORDS[word.lower()]
        return {"bits": min(bits, 16)}, ""
    low = re.search(r"low(?:er)?[- ]?(?:bit|precision)|few bits|extreme", text, re.I)
    bits = LOW_BITS if low else DEFAULT_BITS
    return {
        "bits": bits
    }, f"{'Low precision is read as' if low else 'No bit width is named;'} {bits} bits{'' if low else ' are taken'}."


def _arms(
    treatment: tuple[str, dict[str, bool]],
    baseline: tuple[str, dict[str, bool]] | None,
    settings: dict[str, float | int | bool],
) -> tuple[Arm, ...]:
    """The treatment and, unless it is the dense net itself, the baseline."""

    def arm(method: str, extra: dict[str, bool]) -> Arm:
        merged = {**settings, **extra}
        name = _title(method) + (
            " per channel" if extra.get("per_channel") else " per tensor" if "per_channel" in extra else ""
        )
        return Arm(name, method, tuple(sorted(merged.items())))

    return (arm(*treatment), arm(*baseline)) if baseline is not None else (arm(*treatment),)


def _seeds(text: str) -> tuple[int, ...]:
    match = _SEEDS.search(text)
    if not match:
        return DEFAULT_SEEDS
    word = match.group(1).lower()
    count = int(word) if word.isdigit() else _WORDS[word]
    return tuple(range(max(3, min(count, MOST_SEEDS))))
