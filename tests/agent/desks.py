"""Desks and passages made by hand for tests of the pure parts."""

from typing import Any

from agent.desk import Desk, Paper, PastTurn, Reviewer
from agent.events import Answer, Citation, Sentence
from agent.request import Request
from knowledge.types import Locator, Passage

OBC = Paper(
    "optimal-brain-compression",
    "Optimal Brain Compression: A Framework for Accurate Post-Training Quantization and Pruning",
    ("OBC", "ExactOBS", "OBQ"),
)
IPAW = Paper(
    "integral-pruning",
    "Integral Pruning on Activations and Weights for Efficient Neural Networks",
    ("IPAW", "IP", "IPnet"),
    tuple(Reviewer(f"AnonReviewer{n}", (f"R{n}", f"Reviewer {n}")) for n in (1, 2, 3)),
    "Reject",
)
INT8 = Paper(
    "highly-efficient-8-bit-inference",
    "Highly Efficient 8-bit Low Precision Inference of Convolutional Neural Networks",
    ("8-bit inference",),
    (
        Reviewer("AnonReviewer1", ("R1", "Review 3 in page order")),
        Reviewer("AnonReviewer2", ("R2", "Review 2 in page order")),
        Reviewer("AnonReviewer3", ("R3", "Review 1 in page order")),
    ),
)
PAPERS = (OBC, IPAW, INT8)


def desk(current: str | None = "integral-pruning", past=(), **rest):
    return Desk(PAPERS, current, tuple(past), **rest)


def passage(text: str, identity: str = "p1", kind: Any = "notes", reviewer=None, checked=None, where=None, **rest):
    place = Locator("integral-pruning", "doc", rest.pop("section", None), 0, len(text))
    return Passage(identity, text, place, kind, reviewer=reviewer, checked=checked, where=where, **rest)


def past_turn(message, request, *sentences, citations=None):
    """An answered turn; sentences are (text, bullet) pairs, each cited once."""
    cited = {
        f"c{i}": Citation(
            f"c{i}", f"p{i}", "integral-pruning", "doc", "review", None, None, None, 0, 1, "q", "q", "label"
        )
        for i, _ in enumerate(sentences)
    }
    written = tuple(Sentence(text, (f"c{i}",), "fact", 0, bullet) for i, (text, bullet) in enumerate(sentences))
    return PastTurn(1, message, Request.to_json(request), Answer(written, citations or cited))
