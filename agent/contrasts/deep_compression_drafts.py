"""The experiments behind the contrasts on Deep Compression: arms at the settings that a sentence names. Pure."""

from agent.claim_words import words
from agent.contrasts.contrast import Draft
from agent.contrasts.reading import neighbours, read_bits, read_sparsity, read_testbed
from agent.contrasts.sharing_drafts import arm
from compression_demo.types import Arm, Expectation

ACCURACY, RATIO = "accuracy", "compression_ratio"
TESTBED, TESTBEDS = "digits-cnn", ("digits-cnn", "mnist-cnn")


def draft_start(text: str) -> Draft:
    """Linear initialisation of k-means in Deep Compression against density and random ones."""
    bits, notes = read_bits(text, 4, 1, 8)
    sparsity, sparsity_notes = read_sparsity(text, 0.9)
    other = "random" if words(r"random\w*|forgy").search(text) and not words(r"density").search(text) else "density"
    kinds = (other, *(kind for kind in ("density", "random") if kind != other))
    arms, expectations = [], []
    for width in (bits, *neighbours(bits, (2, 3, 4, 5))):
        made = {kind: arm(f"{kind} initialisation ({width} bits)", "deep_compression", bits=width, sparsity=sparsity, start=kind) for kind in ("linear", *kinds)}  # fmt: skip
        arms += made.values()
        expectations += [Expectation(made["linear"].name, made[kind].name, ACCURACY) for kind in kinds]
    testbed = read_testbed(text, TESTBED, TESTBEDS)
    return Draft(tuple(arms), expectations[0], testbed, (*notes, *sparsity_notes), tuple(expectations[1:]))


def draft_pipeline(text: str) -> Draft:
    """Deep Compression against the dense net in accuracy."""
    bits, notes = read_bits(text, 5, 1, 8)
    sparsity, sparsity_notes = read_sparsity(text, 0.9)
    settings = [(sparsity, bits), *((s, bits) for s in neighbours(sparsity, (0.8, 0.9, 0.95)))]
    arms = [
        arm(f"Deep Compression ({s * 100:g} %, {b} bits)", "deep_compression", sparsity=s, bits=b) for s, b in settings
    ]
    expectations = [Expectation(each.name, "dense", ACCURACY, "not_worse") for each in arms]
    testbed = read_testbed(text, TESTBED, TESTBEDS)
    return Draft(
        (Arm("dense", "dense"), *arms), expectations[0], testbed, (*notes, *sparsity_notes), tuple(expectations[1:])
    )


def draft_huffman(text: str) -> Draft:
    """Deep Compression with Huffman codes against codes of fixed length, in compression ratio."""
    bits, notes = read_bits(text, 5, 1, 8)
    sparsity, sparsity_notes = read_sparsity(text, 0.9)
    arms, expectations = [], []
    for width in (bits, *neighbours(bits, (3, 4, 5, 6))):
        pair = [arm(f"{code} codes ({width} bits)", "deep_compression", bits=width, sparsity=sparsity, code=kind) for code, kind in (("Huffman", "huffman"), ("fixed-length", "fixed"))]  # fmt: skip
        arms += pair
        expectations.append(Expectation(pair[0].name, pair[1].name, RATIO))
    testbed = read_testbed(text, TESTBED, TESTBEDS)
    return Draft(tuple(arms), expectations[0], testbed, (*notes, *sparsity_notes), tuple(expectations[1:]))
