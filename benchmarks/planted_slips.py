"""A fictional paper with forty slips planted in it, for measuring how many the spell checker finds.

A slip is written `{as it stands|what was meant}`; the text without the slips holds no other.
"""

import re

TITLE = "Thistledown: Rate-Aware Pruning of Convolutional Filters"
MARKED = """# Thistledown: Rate-Aware Pruning of Convolutional Filters

## Abstract

We {presesnt|present} Thistledown, a pruning criterion that ranks filters by the {incease|increase} of the coded length of a layer.
Unlike {previuos|previous} work, the criterion takes {the the|the} entropy coder into account, and it needs no {retrianing|retraining} between steps.
On two image benchmarks the pruned networks are {aproximately|approximately} nine times smaller at the same {accurracy|accuracy}.

## 1 Introduction

Deep networks are {succesful|successful} in many tasks, yet their size {prevets|prevents} deployment on small devices. Magnitude pruning removes the
weights that seem least important, but the {assumtion|assumption} that small weights matter least is rarely {jusitfied|justified}. A second-order
expansion of the loss gives a better {citerion|criterion} at a higher price: the inverse of the Hessian has to be {estimaetd|estimated} for every layer.

Our {contribtions|contributions} are threefold. First, we derive a bound on the rate of a pruned layer. Second, we show that the bound is tight when the
weights follow a Laplace {distibution|distribution}. Third, we {evalute|evaluate} the method on three {arhcitectures|architectures} and release the code.

## 2 Related work

{Quantizaton|Quantization} reduces the bitwidth of weights and activations. {Severel|Several} authors learn the step size by gradient descent, {wich|which} demands
a straight-through estimator. Others {cluser|cluster} the weights and store a codebook. Structured sparsity {elminates|eliminates} whole channels {and and|and}
speeds up inference on ordinary hardware, whereas unstructured sparsity is {diffcult|difficult} to exploit.

## 3 Method

Let a layer have $n$ filters with weight vectors $w_i$. We {asume|assume} that the weights within a filter are independent. The rate of a
{qauntized|quantized} filter is {calcualted|calculated} from its histogram, and the {distorsion|distortion} from a calibration set of {randomely|randomly} drawn images.
It is worth noting {taht|that} the optimum is reached when the slope of both curves {concides|coincides}. The {algoritm|algorithm} visits the layers in order, and
{recieves|receives} the statistics of the layer below from a single forward pass. Its cost is {dominted|dominated} by the sorting of the scores.

## 4 Experiments

All {experiements|experiments} use stochastic gradient descent with momentum. Thistledown is better {then|than} the magnitude baseline at every rate,
and {it's|its} performance degrades gracefully. The {improvment|improvement} is largest for the deepest layers, which have {redundent|redundant} filters. Without
calibration the {acheived|achieved} rate drops by a third. We could not {loose|lose} any layer without harm, and the {varience|variance} over seeds is small.

## 5 Conclusion

Rate-aware pruning is simple and works well in practice. A {limitaton|limitation} is that the bound holds for independent weights only.
"""
_SLIP = re.compile(r"\{([^|{}]+)\|([^{}]+)\}")


def planted() -> tuple[str, list[tuple[str, str]]]:
    """The paper with its slips, and the slips as (as it stands, what was meant), in reading order."""
    return _SLIP.sub(r"\1", MARKED), _SLIP.findall(MARKED)


def without_slips() -> str:
    """The same paper as it was meant."""
    return _SLIP.sub(r"\2", MARKED)
