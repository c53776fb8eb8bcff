"""The experiments behind the contrasts on shared values: arms at the settings that a sentence names. Pure."""

from collections.abc import Callable
from dataclasses import replace

from agent.claim_words import OWN_RATIO, SAME_ACCURACY, STATED_RATIO, words
from agent.contrasts.contrast import Draft
from agent.contrasts.reading import neighbours, read_clusters, read_number, read_testbed
from compression_demo.types import Arm, Direction, Expectation, Setting

LOSS, ACCURACY = "training_loss", "accuracy"
DEEP, TINY = "digits-mlp-deep", "digits-mlp-tiny"
TESTBEDS = ("digits-cnn", "mnist-cnn", "mnist-resnet")
"""Where a sentence can ask for it, instead of the regularised net that the theory fits."""
LADDER = (4, 6, 8, 12, 16, 32)
RATIOS = (8, 12, 15, 18, 22)
ALL_SAMPLES, FEW_SAMPLES = 1197, 100
EPOCHS = 5

HUFFMAN = words(r"huffman|variable[- ]length|entropy[- ]cod\w+")
FIXED = words(
    r"fixed[- ]length|fixed[- ](?:bit|width)|(?:without|no|before|lacking) (?:any )?(?:huffman|entropy[- ]coding|variable)"
)
HESSIAN_WEIGHTED = words(
    r"hessian[- ]weight\w*|weight(?:ed|ing|s)? (?:by|with) (?:the )?(?:diagonal )?(?:hessian|curvature|second derivatives)|(?<!un)(?<!-)weighted k-?means|hessian[- ](?:based |aware )?(?:k-?means|cluster\w*)"
    r"|(?:second[- ]order|curvature|sensitivity)[- ](?:weight\w*|based|aware)? ?(?:k-?means|cluster\w*)|curvature[- ]weight\w*"
)
FINE_TUNED = words(
    r"(?:after|with|including|followed by) (?:\w+ ){0,2}(?:fine-?tun\w+|re-?train\w+)|fine-?tuned|re-?trained|fine-?tuning [^.;]{0,40}(?:clos|remov|eras|narrow|eliminat|level)\w*"
)
_ACCURACY = words(r"accura\w+|top-?1\b|points?\b")
_SAMPLES = words(r"((\d{1,3}(?:,\d{3})+|\d+)) (?:\w+ ){0,2}(?:samples?|images?|inputs?|examples?|rows|data points?)\b")
_COMPRESSION = words(
    r"(?:ratio|factor)s?(?: (?:of|at|to|is|around|about))? ?(\d+)(?:\.\d+)?|(\d+)(?:\.\d+)? ?(?:x|times|-?fold) (?:compress\w+|smaller)"
)
JUDGED_BY_LOSS = "It is judged by the loss on the training images, which the methods are made to keep low."


def arm(name: str, method: str, **settings: Setting) -> Arm:
    """An arm with its settings in order."""
    return Arm(name, method, tuple(sorted(settings.items())))


def read_metric(text: str) -> tuple[str, tuple[str, ...]]:
    """Accuracy where a sentence speaks of it, else the training loss."""
    by_accuracy = _ACCURACY.search(text) and not SAME_ACCURACY.search(text)
    return (ACCURACY, ()) if by_accuracy else (LOSS, (JUDGED_BY_LOSS,))


def draft_pair(
    text: str,
    make: Callable[[int], tuple[Arm, Arm]],
    direction: Direction = "greater",
    testbed: str = DEEP,
    usual: int = 8,
) -> Draft:
    """Two arms at the number of shared values that a sentence names, and at the next numbers on both sides."""
    clusters, notes = read_clusters(text, usual, 2, 64)
    metric, metric_notes = read_metric(text)
    pairs = [make(count) for count in (clusters, *neighbours(clusters, LADDER))]
    expectations = [Expectation(one.name, other.name, metric, direction) for one, other in pairs]
    beside = replace(expectations[0], metric=LOSS if metric == ACCURACY else ACCURACY)
    arms = tuple(each for pair in pairs for each in pair)
    chosen = testbed if testbed == TINY else read_testbed(text, testbed, TESTBEDS)
    return Draft(arms, expectations[0], chosen, (*notes, *metric_notes), (*expectations[1:], beside))


def draft_weighting(text: str) -> Draft:
    """T1: k-means weighted by the Hessian against plain k-means, with as many values or at the same ratio."""
    tuned: dict[str, Setting] = {"epochs": EPOCHS} if FINE_TUNED.search(text) else {}
    coded = HUFFMAN.search(text) and not FIXED.search(text)

    def make(count: int) -> tuple[Arm, Arm]:
        limit, code = ("like_clusters", "huffman") if coded else ("clusters", "fixed")
        weighted = {limit: count, "code": code, "weighting": "gauss_newton"} | tuned
        plain = {"clusters": count, "code": code} | tuned
        return (
            arm(f"Hessian-weighted k-means (k = {count})", "kmeans", **weighted),
            arm(f"plain k-means (k = {count})", "kmeans", **plain),
        )

    found = draft_pair(text, make)
    note = (
        "Both are Huffman-coded, at the compression ratio of plain k-means."
        if coded
        else "Both have as many values and fixed-length codes, so the same ratio."
    )
    return replace(found, changes=(*found.changes, note))


def draft_uniform(text: str) -> Draft:
    """T2 and T3: uniform quantization against k-means, at an equal ratio with Huffman codes or with as many values."""
    weighting: dict[str, Setting] = {"weighting": "gauss_newton"} if HESSIAN_WEIGHTED.search(text) else {}
    name = "Hessian-weighted k-means" if weighting else "k-means"
    if FIXED.search(text):
        return _draft_uniform_at_length(text, name, weighting)
    coded = () if HUFFMAN.search(text) else ("Both are Huffman-coded, as in the paper's tables.",)
    if _COMPRESSION.search(text):
        return _draft_uniform_at_ratio(text, name, weighting, coded)
    limit = "like_clusters" if weighting else "clusters"
    found = draft_pair(
        text,
        lambda count: (
            arm(f"uniform quantization (as k = {count})", "uniform", like_clusters=count, **weighting),
            arm(f"{name} (k = {count})", "kmeans", **{limit: count}, **weighting),
        ),
    )
    note = "The step of uniform quantization is the finest whose ratio is not below that of plain k-means."
    return replace(found, changes=(*found.changes, *coded, note))


def draft_stated_ratio(text: str) -> Draft:
    """A ratio that is stated of another net: uniform quantization against k-means at the ratio of a small net."""
    found = draft_uniform(STATED_RATIO.sub(" ", text))
    return replace(found, changes=(OWN_RATIO, *found.changes))


def _draft_uniform_at_length(text: str, name: str, weighting: dict[str, Setting]) -> Draft:
    found = draft_pair(
        text,
        lambda count: (
            arm(f"{name} (k = {count})", "kmeans", clusters=count, code="fixed", **weighting),
            arm(f"uniform quantization (as k = {count})", "uniform", clusters=count, code="fixed", **weighting),
        ),
    )
    return replace(found, changes=(*found.changes, "Both have at most as many values, with codes of the same length."))


def _draft_uniform_at_ratio(text: str, name: str, weighting: dict[str, Setting], notes: tuple[str, ...]) -> Draft:
    ratio, ratio_notes = read_number(text, _COMPRESSION, 15, "times of compression", 4, 25)
    metric, metric_notes = read_metric(text)
    expectations, arms = [], []
    for target in (ratio, *neighbours(ratio, RATIOS)):
        one = arm(f"uniform quantization ({target}x)", "uniform", ratio=float(target), **weighting)
        other = arm(f"{name} ({target}x)", "kmeans", ratio=float(target), **weighting)
        arms += [one, other]
        expectations.append(Expectation(one.name, other.name, metric))
    note = "Each is the finest whose ratio is not below the one named; k-means, whose values are whole in number, may lie above it."
    return Draft(
        tuple(arms), expectations[0], DEEP, (*ratio_notes, *metric_notes, *notes, note), tuple(expectations[1:])
    )


def draft_entropy(text: str) -> Draft:
    """Entropy-constrained quantization against k-means at its ratio, both Huffman-coded."""
    return draft_pair(
        text,
        lambda count: (
            arm(f"ECSQ (as k = {count})", "ecsq", like_clusters=count),
            arm(f"k-means (k = {count})", "kmeans", clusters=count),
        ),
    )


def draft_uniform_and_entropy(text: str) -> Draft:
    """Uniform quantization against the iterative entropy-constrained one, at the ratio of k-means."""
    return draft_pair(
        text,
        lambda count: (
            arm(f"uniform quantization (as k = {count})", "uniform", like_clusters=count),
            arm(f"ECSQ (as k = {count})", "ecsq", like_clusters=count),
        ),
        "not_worse",
    )


def draft_diagonal(text: str) -> Draft:
    """T6: values shared by the full Hessian against its diagonal alone, and how well both predict the loss beside it."""
    found = draft_pair(
        text,
        lambda count: (
            arm(f"full Hessian (k = {count})", "share_by_hessian", clusters=count, hessian="full"),
            arm(f"diagonal of the Hessian (k = {count})", "share_by_hessian", clusters=count, hessian="diagonal"),
        ),
        testbed=TINY,
    )
    predicted = draft_prediction(text)
    note = "The full Hessian of a net takes a weight's square of numbers, so the net is tiny; codes are of fixed length, so both take as many bits."
    return replace(
        found,
        arms=(*found.arms, *predicted.arms[:2]),
        around=(*found.around, predicted.expectation),
        changes=(*found.changes, note),
    )


def draft_prediction(text: str) -> Draft:
    """T6: how far the predicted change of the loss is from the real one, by the full Hessian and by its diagonal."""
    clusters, notes = read_clusters(text, 8, 2, 64)
    arms, expectations = [], []
    for count in (clusters, *neighbours(clusters, LADDER)):
        one = arm(
            f"prediction by the full Hessian (k = {count})", "predict_loss_change", clusters=count, hessian="full"
        )
        other = arm(
            f"prediction by the diagonal of the Hessian (k = {count})",
            "predict_loss_change",
            clusters=count,
            hessian="diagonal",
        )
        arms += [one, other]
        expectations.append(Expectation(one.name, other.name, "prediction_error"))
    note = "What is predicted is the change of the loss when plain k-means shares the weights."
    return Draft(tuple(arms), expectations[0], TINY, (*notes, note), tuple(expectations[1:]))


def draft_small_steps(text: str) -> Draft:
    """How far the loss predicted by the second-order terms is off with many values, whose steps are small, and with few."""
    kind = "diagonal" if words(r"diagonal").search(text) and not words(r"full").search(text) else "full"
    arms = {n: arm(f"prediction at k = {n}", "predict_loss_change", clusters=n, hessian=kind) for n in (32, 16, 8, 4)}
    names = {n: each.name for n, each in arms.items()}
    pairs = ((32, 4), (16, 4), (32, 8))
    found = [Expectation(names[a], names[b], "prediction_error") for a, b in pairs]
    told = f"The loss is predicted by the {'diagonal of the ' if kind == 'diagonal' else 'full '}Hessian; small steps are those of 32 values, large ones those of 4."
    return Draft(tuple(arms.values()), found[0], TINY, (told,), tuple(found[1:]))


def draft_samples(text: str) -> Draft:
    """T4: the Hessian from a few training inputs against that from all of them."""
    named = [int(match.group(1).replace(",", "")) for match in _SAMPLES.finditer(text)]
    few, notes = min(named, default=FEW_SAMPLES), ()
    if not 2 <= few <= ALL_SAMPLES // 2:
        notes = (
            f"The testbed trains on {ALL_SAMPLES:,} inputs, of which {few:,} would be no small part; {FEW_SAMPLES} are taken.",
        )
        few = FEW_SAMPLES
    found = draft_pair(
        text,
        lambda count: (
            arm(
                f"Hessian from {few} inputs (k = {count})",
                "kmeans",
                clusters=count,
                code="fixed",
                weighting="gauss_newton",
                samples=few,
            ),
            arm(
                f"Hessian from all {ALL_SAMPLES} inputs (k = {count})",
                "kmeans",
                clusters=count,
                code="fixed",
                weighting="gauss_newton",
                samples=ALL_SAMPLES,
            ),
        ),
        "not_worse",
    )
    return replace(found, changes=(*found.changes, *notes))


def draft_adam(text: str) -> Draft:
    """T5: importances from Adam's second moments, or from squared gradients, against the Hessian's diagonal."""
    if words(r"fisher|squared gradients").search(text) and not words(r"adam").search(text):
        return _draft_weightings(text, "fisher", "squared gradients (the Fisher information)")
    return _draft_weightings(text, "adam", "root of Adam's second moments")


def _draft_weightings(text: str, weighting: str, title: str) -> Draft:
    return draft_pair(
        text,
        lambda count: (
            arm(f"{title} (k = {count})", "kmeans", clusters=count, code="fixed", weighting=weighting),
            arm(f"Hessian's diagonal (k = {count})", "kmeans", clusters=count, code="fixed", weighting="gauss_newton"),
        ),
        "not_worse",
    )


def draft_means(text: str) -> Draft:
    """Uniform cells with Hessian-weighted means against plain means, at the ratio of k-means."""
    return draft_pair(
        text,
        lambda count: (
            arm(f"Hessian-weighted means (as k = {count})", "uniform", like_clusters=count, weighting="gauss_newton"),
            arm(f"plain means (as k = {count})", "uniform", like_clusters=count),
        ),
    )


def draft_together(text: str) -> Draft:
    """All layers quantized together against each by itself, at the same compression ratio."""
    metric, metric_notes = read_metric(text)
    ratio, notes = read_number(text, _COMPRESSION, 15, "times of compression", 4, 25)
    arms, expectations = [], []
    for target in (ratio, *neighbours(ratio, RATIOS)):
        common: dict[str, Setting] = {"ratio": float(target), "weighting": "gauss_newton"}
        one = arm(f"all layers together ({target}x)", "ecsq", together=True, **common)
        other = arm(f"each layer by itself ({target}x)", "ecsq", together=False, **common)
        arms += [one, other]
        expectations.append(Expectation(one.name, other.name, metric))
    note = "Both share values by entropy-constrained quantization weighted by the Hessian's diagonal; by itself, each layer pays the same price per bit."
    return Draft(tuple(arms), expectations[0], DEEP, (*notes, *metric_notes, note), tuple(expectations[1:]))


def draft_tuning(text: str) -> Draft:
    """Shared values with fine-tuning against without, from plain k-means."""
    return draft_pair(
        text,
        lambda count: (
            arm(
                f"values fine-tuned for {EPOCHS} epochs (k = {count})",
                "kmeans",
                clusters=count,
                code="fixed",
                epochs=EPOCHS,
            ),
            arm(f"values as clustered (k = {count})", "kmeans", clusters=count, code="fixed"),
        ),
        usual=4,
    )
