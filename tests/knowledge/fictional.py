"""Submissions that never were: the texts the tests read, and a light embedder that stands where MiniLM stands."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.lexical import STOP_WORDS, WORD

CORAL = """\
---
id: coral-pruning
title: Coral Pruning: Cutting Networks Like Reefs   # a colon in a title is fine
authors: [Ada Reef, "Poole, Ben"]
venue: TIDE 2031
decision: Reject
openreview: coRAL31
short names: [Coral, CP]
record: Two reviews and a meta-review,
  from a thread that never was.
---

# Notes

## Contributions
- Coral removes filters that no tide reaches, in one pass. [Abstract; checked]
- It claims 12.5x fewer operations on a harbour
  data set. [Fig. 3; not checked: two transcriptions disagree]

## Evaluation
- On Lagoon-10 it keeps 91.2 % accuracy at 80 % sparsity. [Table 2; checked]
- The ablation is thin. [our reading]

## Limitations
A paragraph is a point as well.

# Review: AnonReviewer3
aliases: R3, Review 1 in page order
rating: 5 (Marginally below acceptance threshold; 1 to 10)
confidence: 4 (Confident but not certain; 1 to 5)
score soundness: 2.5
date: 2031-02-28
origin: paraphrase
source: a public thread

## Summary
- The reviewer sums up the tide criterion.
## Weaknesses
- No comparison with anchor pruning.
- Wall-clock time on a harbour CPU is missing.

# Review: AnonReviewer1
aliases: R1
rating: Accept, with reservations
origin: paraphrase

- The seaweed ablation convinces this reviewer.

# Response: Authors to AnonReviewer3
to: AnonReviewer3
origin: paraphrase

- The authors timed the harbour CPU: 3.1 ms a picture.

# Comment: AnonReviewer3 (after the response)
to: Authors
origin: paraphrase

- The reviewer keeps the rating.

# Meta-review: Area Chair
recommendation: Reject
confidence: 5 (Certain; 1 to 5)
origin: paraphrase

- The chair misses a comparison with anchor pruning.
"""

KELP = """\
---
id: kelp-quantization
title: Kelp Quantization
---

# Notes

## Method
- Kelp rounds weights to the nearest frond. [Sec. 2; checked]
- It needs 200 calibration pictures of seaweed. [Sec. 3; checked]
"""


def note_v1(id: str, ending: str, content: dict[str, Any], signer: str, replyto: str | None = "coRAL31", **more: Any):
    """A note as API v1 exports it."""
    return {
        "id": id,
        "forum": "coRAL31",
        "replyto": replyto,
        "invitation": f"TIDE.org/2031/Conference/-/{ending}",
        "signatures": [signer if signer.startswith("~") else f"TIDE.org/2031/Conference/Paper7/{signer}"],
        "content": content,
        "tcdate": 1929000000000 + 1000 * len(id),
        "tmdate": 1929000000000 + 1000 * len(id),
        **more,
    }


def thread_v1() -> dict[str, Any]:
    """A thread in the shape of API v1, the submission not first, a reply to a reply, a deleted note, two versions."""
    review = {
        "title": "Reefs, again",
        "review": "A tide criterion for filters.\n\nPros:\n- Simple.\n- Fast on Lagoon-10.\n\nCons:\n1) No anchors.\n2) No time.",
        "rating": "6: Marginally above acceptance threshold",
        "confidence": "4: The reviewer is confident",
    }
    return {
        "notes": [
            note_v1("r3", "Paper7/Official_Review", review | {"rating": "5: Marginally below"}, "AnonReviewer3"),
            note_v1("coRAL31", "Blind_Submission",
                    {"title": "Coral Pruning: Cutting Networks Like Reefs", "abstract": "We cut filters.",
                     "authors": ["Ada Reef", "Ben Poole"], "pdf": "/pdf/x.pdf"}, "", None),
            note_v1("r3", "Paper7/Official_Review", review, "AnonReviewer3", tmdate=1930000000000),
            note_v1("r1xx", "Paper7/Official_Review", {"review": "Fine.", "rating": "7: Good"}, "AnonReviewer1"),
            note_v1("answer", "Paper7/Official_Comment", {"title": "On time", "comment": "3.1 ms."}, "Authors", "r3"),
            note_v1("reply-1", "Paper7/Official_Comment", {"comment": "Thanks."}, "AnonReviewer3", "answer"),
            note_v1("gone-1", "Paper7/Official_Comment", {"comment": "Deleted."}, "AnonReviewer1", ddate=1930000000001),
            note_v1("general-1", "Paper7/Official_Comment", {"comment": "To all: we fixed Fig. 3."}, "~Ada_Reef1"),
            note_v1("public-11", "Paper7/Public_Comment", {"comment": "Code?"}, "~Some_Body2", "general-1"),
            note_v1("odd-odd-odd", "Paper7/Tide_Table", {"height": "Two metres of water."}, "Harbour_Master"),
            note_v1("meta-review1", "Paper7/Meta_Review",
                    {"metareview": "No anchors.", "recommendation": "Reject", "confidence": "5: Sure"}, "Area_Chair1"),
        ]
    }  # fmt: skip


def thread_v2() -> dict[str, Any]:
    """A thread in the shape of API v2, with `details.replies` and values wrapped."""

    def note(id: str, ending: str, content: dict[str, Any], signer: str, replyto: str = "wAVe9") -> dict[str, Any]:
        return {
            "id": id,
            "forum": "wAVe9",
            "replyto": replyto,
            "invitations": [f"TIDE.org/2033/Conference/Submission9/-/{ending}", "TIDE.org/2033/Conference/-/Edit"],
            "signatures": [f"TIDE.org/2033/Conference/Submission9/{signer}"],
            "content": {key: {"value": value} for key, value in content.items()},
            "cdate": 2000000000000,
        }

    replies = [
        note("q1", "Official_Review", {
            "summary": "Waves carry bits.", "strengths": "- Clear.", "weaknesses": "1. Salt.\n2. Foam.",
            "questions": "Which shore?", "soundness": "3 good", "rating": 6, "confidence": "4: quite sure",
            "flag_for_ethics_review": ["No ethics review needed."], "code_of_conduct": "Yes",
            "tide_table": "Attached below, 2 of 3 pages."}, "Reviewer_AG4r"),
        note("q2", "Rebuttal", {"rebuttal": "The north shore."}, "Authors", "q1"),
        note("q3", "Ethics_Review", {"ethics_review": "Nothing.", "decision": "No issue"}, "Ethics_Chair"),
        note("q4", "Decision", {"decision": "Accept (poster)", "comment": "Good."}, "Program_Chairs"),
    ]  # fmt: skip
    head = note("wAVe9", "Submission", {"title": "Wave Coding", "abstract": "Bits ride.", "authors": ["C. Foam"]}, "")
    return head | {"replyto": None, "details": {"replies": replies}}


def dump(tree: Any) -> bytes:
    return json.dumps(tree).encode()


class WordVectors:
    """Bags of words hashed into 64 dimensions: a second implementation of `Embedder`, without a model."""

    name = "bag-of-words:64"
    width = 64

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in ["", *WORD.findall(text.casefold())]:
                if word not in STOP_WORDS:
                    digest = hashlib.sha256(word.encode()).digest()
                    vectors[row, digest[0] % self.width] += 1 if digest[1] % 2 else -1
            if not vectors[row].any():
                vectors[row, 0] = 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def match(self, query: str, texts: Sequence[str]) -> np.ndarray:
        asked = set(WORD.findall(query.casefold()))
        shares = [len(asked & set(WORD.findall(text.casefold()))) / max(len(asked), 1) for text in texts]
        return np.array([shares, shares], dtype=np.float32).T.reshape(-1, 2)


class Counted:
    """Another embedder with a count of the texts that it was given."""

    def __init__(self, inner: Any) -> None:
        self._inner, self.name, self.width = inner, inner.name, inner.width
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return self._inner.embed(texts)

    def match(self, query: str, texts: Sequence[str]) -> np.ndarray:
        return self._inner.match(query, texts)
