"""The experiments behind the contrasts on soft weight-sharing: arms at the settings that a sentence names. Pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from agent.claim_words import OWN_RATIO, SAME_ACCURACY, words
from agent.contrasts.contrast import Draft
from agent.contrasts.reading import names_convolutions, neighbours, read_components, read_sparsity, read_testbed
from agent.contrasts.sharing_drafts import arm
from compression_demo.types import Arm, Expectation, Setting

METHOD = "soft_weight_sharing"
ACCURACY, RATIO, COMPONENTS = "accuracy", "compression_ratio", "components"
PRUNED, LEAST_DEVIATION, ERROR = "pruned_weights", "least_deviation", "gradient_error"
DIGITS = "digits-mlp"
TAU, TAUS = 0.1, (0.01, 0.03, 0.1, 0.3, 1.0)
RATE, SLOW_RATE, SLOWEST_RATE = 0.02, 0.002, 0.0005
"""Learning rates of the mixture: the engine's, a tenth of it, and the paper's."""
SEEDS = 3
"""Where each seed is retrained three times or more, by settings that no other check shares."""
TOLERATED = 1.0
COMPONENT_COUNT = 17
DIGITS_CNN, MNIST_CNN = "digits-cnn", "mnist-cnn"
SMALLER_CONVNET = (
    "LeNet-5-Caffe on MNIST is replaced by a net of three convolutions and two linear layers with 16 to 64 units, on few "
    "images: direction only."
)
CONV_ZERO_WEIGHT = 0.9
LIGHTER = (
    "The zero component has a mixing weight of 0.9 and not 0.99: on one seed of this small net, looked at beforehand, it took "
    "weights that matter with the latter."
)
SMALLER = "LeNet-300-100 on MNIST is replaced by a 64-300-100-10 net on 8x8 digits: direction only."
SCHEDULE = "The engine's own schedule: tau grows over the first half, and the hyper-priors hold variances ever tighter."
_ACCURACY = words(r"accura\w+|top-?1\b|points?\b|(?:test )?errors?\b|performance")
_COMPRESSES = words(
    r"compress\w* (?:more|less|better|further|harder)|(?:higher|lower|larger|better) (?:compression )?(?:rates?|ratios?)|\d ?(?:x|times|-?fold)\b"
)
_TAU = words(r"tau ?(?:=|of|is|at|:)? ?(\d*\.?\d+)(?![\d.]*(?: ?x\b| times\b|-?fold))")
_SAMPLE = words(r"(\d+(?:\.\d+)?) ?(?:%|percent)")


def soft(name: str, components: int = COMPONENT_COUNT, **settings: Setting) -> Arm:
    """An arm of soft weight-sharing; what is as usual is left out, so that arms of different checks are one."""
    usual = {"components": COMPONENT_COUNT, "tau": TAU, "rate": RATE}
    given = {"components": components, **settings}
    return arm(name, METHOD, **{k: v for k, v in given.items() if usual.get(k) != v})


def read_tau(text: str) -> tuple[float, tuple[str, ...]]:
    """The weight of the prior that a sentence names."""
    match = _TAU.search(text)
    if match is None:
        return TAU, (f"No tau is named; {TAU:g} is taken, beside a schedule of the engine's own.",)
    return min(max(float(match.group(1)), 1e-4), 10.0), ()


def read_count(text: str) -> tuple[int, tuple[str, ...]]:
    """The number of components; the paper's 17 without a note, since it is the paper's."""
    found, notes = read_components(text, COMPONENT_COUNT, 3, 64)
    return found, notes if found != COMPONENT_COUNT else ()


def choose_testbed(text: str) -> tuple[str, tuple[str, ...]]:
    """A convolutional net where a sentence speaks of one, on MNIST where it names it; else always the digits, since a net
    as large as LeNet-300-100 takes minutes a seed."""
    if names_convolutions(text):
        return read_testbed(text, DIGITS_CNN, (MNIST_CNN, DIGITS_CNN)), (SMALLER_CONVNET,)
    found = read_testbed(text, DIGITS, (DIGITS,))
    return found, (SMALLER,)


def fitted(make: Callable[[str], Draft]) -> Callable[[str], Draft]:
    """A draft that gives the zero component less mixing weight where it is run on a convolutional net."""

    @wraps(make)
    def fit(text: str) -> Draft:
        found = make(text)
        if found.testbed not in (DIGITS_CNN, MNIST_CNN):
            return found
        arms = tuple(
            arm(a.name, a.method, **{"zero_weight": CONV_ZERO_WEIGHT, **dict(a.settings)}) if a.method == METHOD else a
            for a in found.arms
        )
        return replace(found, arms=arms, changes=(*found.changes, LIGHTER))

    return fit


@fitted
def draft_accuracy(text: str) -> Draft:
    """S1: soft weight-sharing against the dense net, its ratio measured beside it."""
    (components, notes), (tau, tau_notes) = read_count(text), read_tau(text)
    testbed, where = choose_testbed(text)
    arms = [
        soft(f"soft weight-sharing (tau {t:g})", components, tau=t) for t in (tau, *neighbours(tau, (0.03, 0.1, 0.3)))
    ]
    expectations = [Expectation(each.name, "dense", ACCURACY, "not_worse", TOLERATED) for each in arms]
    changes = (*notes, *tau_notes, *where)
    return Draft((*arms, Arm("dense", "dense")), expectations[0], testbed, changes, tuple(expectations[1:]))


@fitted
def draft_pipeline(text: str) -> Draft:
    """S1: soft weight-sharing against Deep Compression, by ratio or by accuracy; the other is told beside it."""
    (components, notes), (tau, tau_notes) = read_count(text), read_tau(text)
    sparsity, sparsity_notes = read_sparsity(text, 0.9)
    testbed, where = choose_testbed(text)
    ours = soft("soft weight-sharing", components, tau=tau)
    deep = [
        arm(f"Deep Compression ({s * 100:g} %, {bits} bits)", "deep_compression", sparsity=s, bits=bits)
        for s, bits in ((sparsity, 4), (0.95 if sparsity < 0.95 else 0.9, 4), (sparsity, 3))
    ]
    told = SAME_ACCURACY.sub(" ", text)
    by_accuracy = _ACCURACY.search(told) and not _COMPRESSES.search(told)
    metric, beside = (ACCURACY, RATIO) if by_accuracy else (RATIO, ACCURACY)
    around = (
        Expectation(ours.name, deep[0].name, beside),
        *(Expectation(ours.name, each.name, m) for each in deep[1:] for m in (metric, beside)),
    )
    judged = (
        f"It is judged by {'accuracy' if metric == ACCURACY else 'the compression ratio'}; the other is told beside it."
    )
    changes = (*notes, *tau_notes, *sparsity_notes, judged, *where)
    return Draft((ours, *deep), Expectation(ours.name, deep[0].name, metric), testbed, changes, around)


def draft_stated_ratio(text: str) -> Draft:
    """A ratio that is stated of another net: soft weight-sharing against Deep Compression by the small net's own ratios."""
    found = draft_pipeline(_COMPRESSES.sub(" compresses more ", text))
    return replace(found, changes=(OWN_RATIO, *found.changes))


@fitted
def draft_components(text: str) -> Draft:
    """S2: components that are left at the end against those at the start."""
    components, notes = read_count(text)
    testbed, where = choose_testbed(text)
    pairs = [
        (soft(f"at the end ({n})", n), soft(f"at the start ({n})", n, retraining=0))
        for n in (components, *neighbours(components, (9, 17, 33)))
    ]
    expectations = [Expectation(after.name, before.name, COMPONENTS) for after, before in pairs]
    counted = "A component counts if it is left after merging and at least one weight falls to it."
    arms = tuple(each for pair in pairs for each in pair)
    return Draft(arms, expectations[0], testbed, (*notes, counted, *where), tuple(expectations[1:]), seeds=SEEDS)


@fitted
def draft_component_count(text: str) -> Draft:
    """Soft weight-sharing with many components against few, by ratio or by accuracy; the other is told beside it."""
    named = sorted({int(n) for n in re.findall(r"\b(\d+)\b(?! ?%)(?!\.\d)", text) if 3 <= int(n) <= 64})
    few, many = (named[0], named[-1]) if len(named) > 1 else (9, 33)
    if len(named) == 1 and named[0] < many:
        few = named[0]
    testbed, where = choose_testbed(text)
    counts = dict.fromkeys((many, few, COMPONENT_COUNT))
    arms = {n: soft(f"{n} components", n) for n in counts}
    metric, beside = (ACCURACY, RATIO) if _ACCURACY.search(text) and not _COMPRESSES.search(text) else (RATIO, ACCURACY)
    between = COMPONENT_COUNT if few < COMPONENT_COUNT < many else None
    around = (
        Expectation(arms[many].name, arms[few].name, beside),
        *((Expectation(arms[many].name, arms[between].name, metric), Expectation(arms[between].name, arms[few].name, metric)) if between else ()),
    )  # fmt: skip
    note = () if len(named) > 1 else (f"No two numbers of components are named; {many} and {few} are taken.",)
    judged = (
        f"It is judged by {'accuracy' if metric == ACCURACY else 'the compression ratio'}; the other is told beside it."
    )
    first = Expectation(arms[many].name, arms[few].name, metric)
    return Draft(tuple(arms.values()), first, testbed, (*note, judged, *where), around, seeds=SEEDS)


@fitted
def draft_layers(text: str) -> Draft:
    """S3: the share of zeros in the largest layer against that in the smallest, the output layer."""
    tau, notes = read_tau(text)
    testbed, where = choose_testbed(text)
    conv = names_convolutions(text)  # its smallest layer is the first, its output layer the last
    pairs = [
        (
            soft(f"largest layer (tau {t:g})", tau=t, zeros_of="largest"),
            soft(f"output layer (tau {t:g})", tau=t, zeros_of="last" if conv else "smallest"),
        )
        for t in (tau, *neighbours(tau, (0.03, 0.1, 0.3)))
    ]
    expectations = [Expectation(large.name, small.name, PRUNED) for large, small in pairs]
    arms = tuple(each for pair in pairs for each in pair)
    sizes = "The largest layer has 30,000 weights, the output layer, which is the smallest, 1,000."
    if conv:
        sizes = "The largest layer is that with the most weights; the output layer has 640."
    return Draft(arms, expectations[0], testbed, (*notes, sizes, *where), tuple(expectations[1:]), seeds=SEEDS)


@fitted
def draft_hyper_priors(text: str) -> Draft:
    """S4: with hyper-priors on the precisions against without, by the narrowest component or by accuracy."""
    testbed, where = choose_testbed(text)
    held = soft("with hyper-priors")
    still = soft("with hyper-priors, not annealed", annealed=False)
    free = soft("without hyper-priors", hyper_priors=False)
    metric, beside = (ACCURACY, LEAST_DEVIATION) if _ACCURACY.search(text) else (LEAST_DEVIATION, ACCURACY)
    expectations = [Expectation(held.name, free.name, m) for m in (metric, beside)]
    around = (*expectations[1:], Expectation(still.name, free.name, metric))
    return Draft((held, still, free), expectations[0], testbed, (SCHEDULE, *where), around, seeds=SEEDS)


@fitted
def draft_tau(text: str) -> Draft:
    """S5: accuracy at the usual tau against ten times as much."""
    tau, notes = read_tau(text)
    testbed, where = choose_testbed(text)
    arms = [soft(f"tau {t:g}", tau=t) for t in (tau, 10 * tau, tau / 10)]
    one, more, less = (each.name for each in arms)
    told = "Ten times as much is the other side; a tenth is told beside it."
    around = (Expectation(one, less, ACCURACY), Expectation(one, less, RATIO), Expectation(more, one, RATIO))
    return Draft(tuple(arms), Expectation(one, more, ACCURACY), testbed, (*notes, told, *where), around, seeds=SEEDS)


@fitted
def draft_rate(text: str) -> Draft:
    """S5: accuracy with a mixture that learns at the usual rate against one that learns at a tenth of it."""
    testbed, where = choose_testbed(text)
    arms = [soft(f"mixture learning at {rate:g}", rate=rate) for rate in (RATE, SLOW_RATE, SLOWEST_RATE)]
    usual, slow, slowest = (each.name for each in arms)
    told = "A tenth of the engine's rate is the other side; beside it the paper's own, which was set for ten times as many updates."  # fmt: skip
    around = (Expectation(usual, slowest, ACCURACY),)
    return Draft(tuple(arms), Expectation(usual, slow, ACCURACY), testbed, (told, *where), around, seeds=SEEDS)


def draft_draws(text: str) -> Draft:
    """S6: the error of the sampled gradient against that of all weights, which must fall as draws are averaged."""
    testbed, where = choose_testbed(text)
    arms = [arm(f"the mean of {n} draws", "sampled_prior", draws=n) for n in (256, 32, 4)]
    names = tuple(each.name for each in arms)
    told = "What is unbiased comes nearer to the whole gradient as draws are averaged; each draw is of 1,000 weights."
    expectation = Expectation(names[0], names[-1], ERROR, "ordered", order=names)
    return Draft(tuple(arms), expectation, testbed, (told, *where), ())


@fitted
def draft_sampled_training(text: str) -> Draft:
    """Appendix C in training: the prior's gradient from a share of the weights against all of them."""
    match = _SAMPLE.search(text)
    share = min(max(float(match.group(1)) / 100, 0.001), 0.999) if match else 0.1
    testbed, where = choose_testbed(text)
    full = soft("all weights")
    arms = [soft(f"{s * 100:g} % of the weights", sampled=s) for s in (share, *neighbours(share, (0.01, 0.1, 0.5)))]
    expectations = [Expectation(each.name, full.name, ACCURACY, "not_worse", TOLERATED) for each in arms]
    beside = Expectation(arms[0].name, full.name, RATIO, "not_worse")
    note = () if match else ("No share is named; each step takes the prior's gradient from 10 % of the weights.",)
    found = Draft((*arms, full), expectations[0], testbed, (*note, *where), (*expectations[1:], beside))
    return replace(found, seeds=SEEDS)
