"""Which words of the authors answer which point in the bundled threads, as a person read them.

By the beginning of a point, without its reviewer: the beginnings of the replies to it, without "The authors"; none where
nothing on record answers it. A point that is answered in part has the replies to that part.
"""

SPEED = ("timed the last three", "report speed-ups of", "or layer Fc", "explain that fully connected layers", "state that the pruned times")  # fmt: skip
COMPARED = ("relate activation pruning to feature map", "thank AnonReviewer3 for the references", "or MNIST the table", "or ImageNet the table", "or CIFAR-10 the table", "conclude from their comparison table", "concede that feature map pruning")  # fmt: skip
SCAN = ("report the time to scan", "add that for very deep", "report that scanning winner rates", "describe the layer-wise search")  # fmt: skip
DYNAMIC = ("answer AnonReviewer2 with two key", "argue that static weight masks", "call activation pruning their major", "add that their activation pruning", "answer AnonReviewer3 that the weight pruning", "add that research before")  # fmt: skip
AIM = (
    "answer AnonReviewer1 that Integral Pruning aims",
    "argue that the saved computation",
    "report that they are working",
)
SHORTER = ("promise AnonReviewer2 a shorter", "announce a revision with 10 pages", "list the cuts", "announce a further cut", "list the changes", "announce a shorter revised", "promise AnonReviewer3 a shorter")  # fmt: skip
DIAGONAL = (
    "explain that the diagonal Hessian",
    "reason that quantization errors",
    "could not verify this",
    "announce Remark 1",
)
OWN_FOCUS = ("answer AnonReviewer4 that Han 2015 served", "name as a contribution", "name as a further", "state that uniform quantization, though", "stress that uniform quantization is inefficient", "name two more novel")  # fmt: skip
BOTTLENECK = ("locate the computational bottleneck", "announce a proposal in Appendix C", "ran the algorithm that worked on MNIST on ImageNet", "announce the final update")  # fmt: skip

REPLIES: dict[str, dict[str, tuple[str, ...]]] = {
    "integral-pruning": {
        "names the missing time comparison": SPEED,
        "points out that handling sparse weights": (*SPEED, *AIM),
        "considers the pruning method of Integral Pruning straightforward": DYNAMIC,
        "suspects that finding suitable winner rates": SCAN,
        "does not see how Integral Pruning would speed up": (*SPEED, *AIM),
        "asks for wall-clock measurements": SPEED,
        "asks how the winner rate of each layer": ("answer AnonReviewer1 that the winner rate",),
        "sees Integral Pruning as a simple approach": DYNAMIC,
        "asks that related work also cover": ("promise AnonReviewer2 a discussion", "regard activation pruning as"),
        "misses any experimental comparison": ("regard activation pruning as", *COMPARED),
        "considers the originality": DYNAMIC,
        "expects the search for winner rates": SCAN,
        "notes that ResNet-32 uses one winner rate": ("agree with AnonReviewer3", "set layer-wise winner rates", *SCAN),
        "criticises that the MACs": COMPARED,
        "demands a comparison with group pruning": COMPARED,
        "finds no precise statement": ("answer AnonReviewer3 that Table 1",),
        "finds the connection of the text": ("explain that Figure 4",),
        "asks for corrections of occasional": ("promise AnonReviewer3 another check",),
        "objects in the reply that the MAC": (),
        "concludes from the paper and the new": (),
        "finds the take-away message": (),
        "recommends comparing the inference time": (),
        "suggests comparing the same architecture": (),
    },
    "soft-weight-sharing": {
        "finds that the results of the Spearmint": (),
        "notes that the algorithm is, by the authors' own": BOTTLENECK,
        "asks for a small discussion of whether a linear": ("agree with AnonReviewer1 that no theory", "can derive some"),
        "asks what slows down training": BOTTLENECK,
        "asks for a clear description of the training": ("promise better and longer", *BOTTLENECK),
        "calls it a serious drawback": BOTTLENECK,
        "supposes that AlexNet takes too long": (),
        "finds Sections 4, 5 and 6 very short": ("promise better and longer", "announce the final update"),
        "asks why Figure 2 (left) shows many": ("suppose that the fully connected", "answer AnonReviewer3's question on Figure 2"),
        "asks for more details of the models": (),
        "points to a syntax error": (),
        "notes two wrong blanks": (),
    },
    "limit-of-network-quantization": {
        "does not consider the contribution on uniform": ("state that uniform quantization, though", "stress that uniform quantization"),
        "criticises the length of 20 pages": SHORTER,
        "finds the first three sections": SHORTER,
        "notes that Gong et al. (2014) is left out": (),
        "asks for an explanation of the last statement": ("explain that layer-by-layer", "announce an explanation in Section 4.5"),
        "names novelty as the main drawback": OWN_FOCUS,
        "asks why Table 1 leaves out Han": ("answer AnonReviewer4 that the work", "announce a new row"),
        "asks whether the procedure of Figure 1": ("state that the procedure of Figure 1",),
        "asks how the diagonal approximation": DIAGONAL,
    },
}  # fmt: skip
