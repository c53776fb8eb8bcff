"""The experiments behind the contrasts on activation masks: arms at the settings that a sentence names. Pure."""

from agent.claim_words import Untestable, words
from agent.contrasts.contrast import Draft
from agent.contrasts.reading import (
    names_convolutions,
    neighbours,
    read_sparsity,
    read_testbed,
    read_winner_rate,
    read_winner_rates,
)
from agent.contrasts.sharing_drafts import arm
from compression_demo.types import Arm, Expectation, Setting

ACCURACY, MACS, TIME = "accuracy", "effective_macs", "processor_ms"
DIGITS, LEAKY, MNIST = "digits-mlp", "digits-mlp-leaky", "mnist-mlp"
DIGITS_CNN, MNIST_CNN = "digits-cnn", "mnist-cnn"
WEIGHTS = 0.9
CONV_WEIGHTS, CONV_RATE = 0.6, 0.44
"""Of ConvNet-5 in the paper: 40.4 % of the weights and 43.6 % of the activations are kept (Table 1)."""
PAPER_RATES = "0.12/0.24"
RATES = (0.05, 0.1, 0.2, 0.3, 0.5)
MILDER, TOLERATED = 0.8, 2.0
STATED = 0.5
"""Points of accuracy that the paper's abstract says its method changes at most."""
ALONE = words(
    r"(?:(?:plain |only |just |mere )?(?:weight|magnitude)[- ]prun\w+(?: (?:alone|only|by itself|on its own|net\w*|model))?|(?:only |just )?prun\w+ (?:of )?(?:only |just )?(?:the )?weights(?: (?:alone|only))?|weights (?:alone|only)|weight sparsity(?: alone)?|Han et al\w*\.?)"
)
FEWER_DATA = "The paper's net, 784-300-100-10 on all of MNIST, is run with a fifteenth of its images."
OTHER_NET = (
    "The paper's nets on MNIST, CIFAR-10 and ImageNet are replaced by a small fully connected net: direction only."
)
OTHER_CONVNET = (
    "The paper's nets on CIFAR-10 and ImageNet are replaced by a net of three convolutions and two linear layers: direction "
    "only. Activations are masked where the next layer takes them in, behind a max-pool where there is one."
)
DENSE_KERNELS = "Time is that of this machine's dense kernels on one thread, which skip no zeros: a local measurement."
_MACHINES = words(
    r"accelerators?|ASICs?|FPGAs?|GPUs?|TPUs?|Xeon|phones?|mobile|embedded|edge devices?|(?:dedicated|special\w*|custom) hardware|ImageNet|AlexNet"
)
_WITHOUT = words(rf"(?:without|no|lacking|absent)(?: any)? (?:{_MACHINES.pattern})")


def choose_testbed(text: str, usual: str = DIGITS) -> tuple[str, tuple[str, ...]]:
    """Where to run: a convolutional net where a sentence speaks of one, the leaky net likewise, MNIST where it names it."""
    if names_convolutions(text):
        return read_testbed(text, DIGITS_CNN, (MNIST_CNN, DIGITS_CNN)), (OTHER_CONVNET,)
    found = read_testbed(text, usual, (LEAKY, MNIST, DIGITS))
    return found, (FEWER_DATA if found == MNIST else OTHER_NET,)


def read_rates(text: str) -> tuple[float | str, tuple[str, ...]]:
    """The winner rate that a sentence names, else those of the paper for its fully connected or its small convolutional
    net."""
    rate, notes = read_winner_rate(text, -1.0)
    if rate < 0 and names_convolutions(text):
        return CONV_RATE, (
            f"No winner rate is named; {CONV_RATE * 100:g} % is taken, what the paper keeps in ConvNet-5.",
        )
    if rate < 0:
        return PAPER_RATES, ("No winner rate is named; the paper's 12 % and 24 % for the two hidden layers are taken.",)
    return rate, notes


def integral(name: str, sparsity: float, winners: float | str, **settings: Setting) -> Arm:
    """An arm of integral pruning."""
    return arm(name, "integral_pruning", sparsity=sparsity, winners=winners, **settings)


def tell(winners: float | str) -> str:
    """Winner rates in words."""
    rates = winners.split("/") if isinstance(winners, str) else [winners]
    return " and ".join(f"{float(rate) * 100:g} %" for rate in rates)


def _weights(text: str) -> tuple[float, tuple[str, ...]]:
    return read_sparsity(text, CONV_WEIGHTS if names_convolutions(text) else WEIGHTS)


def _other_rates(winners: float | str) -> tuple[float | str, ...]:
    return ("0.06/0.12", "0.24/0.48") if isinstance(winners, str) else neighbours(winners, RATES)


def draft_macs(text: str) -> Draft:
    """P2: integral pruning against the same weight pruning alone, or the dense net, by useful multiplications."""
    (sparsity, notes), (winners, rate_notes) = _weights(text), read_rates(text)
    testbed, where = choose_testbed(text)
    pruned = arm(f"weight pruning alone ({sparsity * 100:g} %)", "iterative_magnitude", sparsity=sparsity)
    other = pruned if ALONE.search(text) else Arm("dense", "dense")
    arms = [
        integral(f"integral pruning ({tell(rates)})", sparsity, rates) for rates in (winners, *_other_rates(winners))
    ]
    expectations = [Expectation(each.name, other.name, MACS) for each in arms]
    beside = Expectation(arms[0].name, pruned.name, ACCURACY, "not_worse", STATED)
    if other is not pruned:
        notes = (*notes, "No other method is named; the dense net is what it is held against.")
    return Draft(
        (*arms, pruned, *([other] if other is not pruned else [])),
        expectations[0],
        testbed,
        (*notes, *rate_notes, *where, "A multiplication counts where weight and activation are both non-zero."),
        (*expectations[1:], beside),
    )


def draft_accuracy(text: str) -> Draft:
    """P3: integral pruning, at rates from its sensitivity sweep or those named, against the dense net."""
    (sparsity, notes), (winners, _) = _weights(text), read_rates(text)
    testbed, where = choose_testbed(text, MNIST)
    unnamed = winners in (PAPER_RATES, CONV_RATE) and not read_winner_rate(text, -1.0)[0] > 0
    swept = [
        arm(f"integral pruning ({s * 100:g} % of weights)", "integral_pruning_swept", sparsity=s, tolerated=TOLERATED)
        for s in (sparsity, MILDER if sparsity > MILDER else WEIGHTS)
    ]
    named = integral(f"integral pruning ({tell(winners)} winners)", sparsity, winners)
    pruned = arm(f"weight pruning alone ({sparsity * 100:g} %)", "iterative_magnitude", sparsity=sparsity)
    first, *rest = [*swept, named] if unnamed else [named, *swept]
    against = pruned if ALONE.search(text) else Arm("dense", "dense")
    expectations = [Expectation(each.name, against.name, ACCURACY, "not_worse", STATED) for each in (first, *rest)]
    beside = () if against is pruned else (Expectation(pruned.name, "dense", ACCURACY, "not_worse", STATED),)
    chosen = (
        "Winner rates come from the sensitivity sweep of the paper, at most 2 points before fine-tuning."
        if first in swept
        else ""
    )
    margin = f"The margin is the paper's, {STATED:g} points, where the sentence states none."
    changes = tuple(filter(None, (*notes, chosen, *where, margin)))
    arms = tuple(dict.fromkeys((first, *rest, pruned, Arm("dense", "dense"))))
    return Draft(arms, expectations[0], testbed, changes, (*expectations[1:], *beside))


def draft_static(text: str) -> Draft:
    """P4: thresholds of each input's own against one fixed threshold a layer, nothing fine-tuned."""
    winners, notes = read_winner_rate(text, 0.2)
    testbed, where = choose_testbed(text, LEAKY)
    if testbed == LEAKY and words(r"(?<!leaky )(?<!leaky-)relu\b").search(text):
        testbed = DIGITS
    pairs = [
        (
            integral(f"dynamic thresholds ({rate * 100:g} %)", 0.0, rate, epochs=0),
            integral(f"static thresholds ({rate * 100:g} %)", 0.0, rate, epochs=0, threshold="static"),
        )
        for rate in (winners, *neighbours(winners, RATES))
    ]
    expectations = [Expectation(one.name, other.name, ACCURACY) for one, other in pairs]
    told = "Weights stay dense and nothing is fine-tuned; a static threshold keeps its layer's share on average."
    return Draft(tuple(e for p in pairs for e in p), expectations[0], testbed, (*notes, told, *where), tuple(expectations[1:]))  # fmt: skip


def draft_fine_tuning(text: str) -> Draft:
    """P5: integral pruning with its fine-tuning through the masks, and without."""
    (sparsity, notes), (winners, rate_notes) = _weights(text), read_rates(text)
    testbed, where = choose_testbed(text)
    pairs = [
        (
            integral(f"fine-tuned through the masks ({tell(rates)})", sparsity, rates),
            integral(f"masks alone ({tell(rates)})", sparsity, rates, epochs=0),
        )
        for rates in (winners, *_other_rates(winners))
    ]
    expectations = [Expectation(one.name, other.name, ACCURACY) for one, other in pairs]
    arms = tuple(each for pair in pairs for each in pair)
    return Draft(arms, expectations[0], testbed, (*notes, *rate_notes, *where), tuple(expectations[1:]))


def draft_static_gap(text: str) -> Draft:
    """P4: what each input's own thresholds gain over a fixed one with few winners, less what they gain with more."""
    rates, notes = read_winner_rates(text, (0.1, 0.3))
    low, high = rates[0], rates[-1]
    testbed, where = choose_testbed(text, LEAKY)
    middle = [rate for rate in RATES if low < rate < high][:1]
    arms = {
        (rate, kind): integral(f"{kind} thresholds ({rate * 100:g} %)", 0.0, rate, epochs=0, **given)
        for rate in (low, *middle, high)
        for kind, given in (("dynamic", {}), ("static", {"threshold": "static"}))
    }

    def gap(few: float, many: float) -> Expectation:
        first, second = ((arms[rate, "dynamic"].name, arms[rate, "static"].name) for rate in (few, many))
        return Expectation(*first, ACCURACY, minus=second)

    told = "Weights stay dense and nothing is fine-tuned; the gains with few winners and with more are compared."
    pairs = [(low, high), *((low, rate) for rate in middle), *((rate, high) for rate in middle)]
    found = [gap(*pair) for pair in pairs]
    return Draft(tuple(arms.values()), found[0], testbed, (*notes, told, *where), tuple(found[1:]))


_SAMPLE = words(r"(\d+(?:\.\d+)?) ?(?:%|percent)(?! winner)|alpha ?(?:=|of|is)? ?(0?\.\d+)")
_SHARES = (0.05, 0.1, 0.3)


def draft_sample(text: str) -> Draft:
    """P6: thresholds from a share of the activations against thresholds from all of them, nothing fine-tuned."""
    match = _SAMPLE.search(text)
    share = 0.1 if match is None else float(match.group(1)) / 100 if match.group(1) else float(match.group(2))
    if not 0 < share <= 1:
        raise Untestable(f"A sample of {share * 100:g} % of the activations cannot be drawn.")
    testbed, where = choose_testbed(text)
    winners, kept = 0.3, "Winner rate 30 %, weights dense, nothing fine-tuned."
    full = integral("thresholds from all activations", 0.0, winners, epochs=0)
    arms = [
        integral(f"thresholds from {s * 100:g} % of them", 0.0, winners, epochs=0, threshold="sampled", alpha=s)
        for s in (share, *neighbours(share, _SHARES))
    ]
    expectations = [Expectation(each.name, full.name, ACCURACY, "not_worse", STATED) for each in arms]
    layers = "The small net's feature maps" if names_convolutions(text) else "Layers of 300 and 100 units"
    small = f"{layers} give far smaller samples than AlexNet's, so the thresholds are noisier."
    return Draft((*arms, full), expectations[0], testbed, (kept, small, *where), tuple(expectations[1:]))


def draft_units(text: str) -> Draft:
    """P7: integral pruning against whole units removed until no more multiplications are left."""
    (sparsity, notes), (winners, rate_notes) = _weights(text), read_rates(text)
    testbed, where = choose_testbed(text)
    rates = (winners, _other_rates(winners)[-1])
    integrals = [integral(f"integral pruning ({tell(rate)})", sparsity, rate) for rate in rates]
    units = [
        arm(f"unit pruning to its MACs ({tell(rate)})", "unit_pruning", sparsity=sparsity, winners=rate)
        for rate in rates
    ]
    strict = arm(f"unit pruning, all MACs counted ({tell(winners)})", "unit_pruning", sparsity=sparsity, winners=winners, counted="all")  # fmt: skip
    expectations = [Expectation(one.name, other.name, ACCURACY) for one, other in zip(integrals, units, strict=True)]
    around = (Expectation(integrals[0].name, strict.name, ACCURACY), expectations[1])
    counted = "Both do as many multiplications with two non-zero operands; beside it, all of the smaller net's count."
    return Draft((*integrals, *units, strict), expectations[0], testbed, (*notes, *rate_notes, counted, *where), around)


def draft_time(text: str) -> Draft:
    """P7: the dense net against integral pruning by time with dense kernels."""
    _refuse_machines(text)
    testbed, where = choose_testbed(text)
    (sparsity, notes), (winners, rate_notes) = _weights(text), read_rates(text)
    dense = arm("dense net, timed", "time_masks", sparsity=0.0, winners=1.0)
    masked = arm(f"integral pruning ({tell(winners)})", "time_masks", sparsity=sparsity, winners=winners)
    milder = arm("integral pruning (50 % winners)", "time_masks", sparsity=sparsity, winners=0.5)
    expectations = [Expectation(dense.name, each.name, TIME) for each in (masked, milder)]
    changes = (*notes, *rate_notes, DENSE_KERNELS, *where)
    return Draft((dense, masked, milder), expectations[0], testbed, changes, tuple(expectations[1:]))


def draft_unit_time(text: str) -> Draft:
    """P7: whole units removed against integral pruning by time with dense kernels."""
    _refuse_machines(text)
    (sparsity, notes), (winners, rate_notes) = _weights(text), read_rates(text)
    testbed, where = choose_testbed(text)
    pairs = [
        (
            arm(f"unit pruning to its MACs ({tell(rate)})", "time_units", sparsity=sparsity, winners=rate),
            arm(f"integral pruning ({tell(rate)})", "time_masks", sparsity=sparsity, winners=rate),
        )
        for rate in (winners, _other_rates(winners)[-1])
    ]
    expectations = [Expectation(one.name, other.name, TIME) for one, other in pairs]
    arms = tuple(each for pair in pairs for each in pair)
    changes = (*notes, *rate_notes, DENSE_KERNELS, *where)
    return Draft(arms, expectations[0], testbed, changes, tuple(expectations[1:]))


def draft_layers(text: str) -> Draft:
    """Fig. 5: only the second hidden layer masked against only the first, or the third convolution against the first, at
    the same winner rate."""
    winners, notes = read_winner_rate(text, 0.1)
    testbed, where = choose_testbed(text)
    conv = names_convolutions(text)
    later, earlier = ("third convolution", "first convolution") if conv else ("second layer", "first layer")
    pairs = [
        (
            integral(f"{later} masked ({rate * 100:g} %)", 0.0, f"1/1/{rate:g}/1" if conv else f"1/{rate:g}", epochs=0),
            integral(
                f"{earlier} masked ({rate * 100:g} %)", 0.0, f"{rate:g}/1/1/1" if conv else f"{rate:g}/1", epochs=0
            ),
        )
        for rate in (winners, *neighbours(winners, RATES))
    ]
    expectations = [Expectation(one.name, other.name, ACCURACY) for one, other in pairs]
    arms = tuple(each for pair in pairs for each in pair)
    told = "One hidden layer is masked at a time, weights dense, nothing fine-tuned."
    return Draft(arms, expectations[0], testbed, (*notes, told, *where), tuple(expectations[1:]))


def _refuse_machines(text: str) -> None:
    """Raise Untestable for seconds on hardware that is not this machine."""
    match = _MACHINES.search(_WITHOUT.sub("", text))
    if match:
        raise Untestable(
            f'It concerns time on "{match.group()}", which is not here; that would need it with kernels that skip zeros. '
            "Time with this machine's dense kernels can be measured instead."
        )
