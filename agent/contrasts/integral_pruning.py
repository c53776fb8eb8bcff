"""Contrasts of Integral Pruning on Activations and Weights (HyevnsCqtQ) and of its reviewers."""

from agent.claim_words import words
from agent.contrasts.contrast import Contrast, Draft
from agent.contrasts.reading import neighbours, read_sparsity, read_testbed
from compression_demo.types import Arm, Expectation

SPARSITIES = (0.5, 0.8, 0.9, 0.95)


def _draft_density(text: str) -> Draft:
    """The dense net against itself with its weights pruned and fine-tuned, by the share of non-zero activations."""
    sparsity, notes = read_sparsity(text, 0.9)
    settings = (sparsity, *neighbours(sparsity, SPARSITIES))
    arms = [Arm(_pruned(s), "iterative_magnitude", (("sparsity", s),)) for s in settings]
    expectations = [Expectation("dense", arm.name, "activation_density") for arm in arms]
    testbed = read_testbed(text, "digits-cnn")
    return Draft((Arm("dense", "dense"), *arms), expectations[0], testbed, notes, tuple(expectations[1:]))


def _pruned(sparsity: float) -> str:
    return f"the net pruned to {sparsity * 100:g} %"


CONTRASTS = (
    Contrast(
        name="denser_activations",
        title="activations are denser after weight pruning",
        paper="HyevnsCqtQ",
        probe="P1",
        needs=(
            words(r"(?:weight|magnitude|parameter)[- ]prun\w+|prun\w+ (?:of )?(?:the |all |its |most )?(?:weights|connections|parameters|net\w*)|(?:weight[- ])?prun(?:ing|ed)\b|sparse weights|weight sparsity"),
            words(r"activations?\b|feature maps?|(?:ReLU|neuron|hidden|layer)s?'?s? outputs?|non-?zero (?:outputs|neurons|units)"),
            words(r"dens\w+|spars(?:er|ity|e)\b|non-?zeros?\b|zeros?\b"),
        ),
        unless=(
            words(r"winner|dynamic|static|threshold|integral|IP(?:net)?\b|masks?\b|activation[- ]prun\w+|prun\w+ (?:of )?(?:the )?activations|sensitiv\w+|accura\w+|MACs?\b|operations|speed\w*"),
        ),
        treatment=words(r"(?:dense|unpruned|original|uncompressed) (?:net\w*|model)"),
        baseline=words(r"(?:weight[- ])?prun\w+(?: weights| net\w*)?"),
        expected=words(
            r"denser|less sparse|(?:rais|increas|grow|rise|higher|more)\w*(?: \w+){0,3} (?:density|non-?zeros?)\b|(?:density|non-?zeros?)\b(?: \w+){0,4} (?:rises?|grows?|increases?|higher|goes up)"
            r"|(?:lower|reduc|decreas|destroy|hurt|los)\w*(?: \w+){0,3} (?:sparsity|zeros)\b|activation sparsity (?:drops?|falls?|decreases?|suffers?|goes down)|fewer zeros"
        ),
        reversed=words(
            r"sparser|more sparse|less dense|(?:lower|reduc|decreas)\w*(?: \w+){0,3} (?:density|non-?zeros?)\b|fewer non-?zeros?|(?:rais|increas|improv|higher|more)\w*(?: \w+){0,3} (?:(?:activation )?sparsity|zeros)\b|more zeros"
        ),
        draft=_draft_density,
        example="Weight pruning makes the activations of a ReLU net denser.",
    ),
)  # fmt: skip
