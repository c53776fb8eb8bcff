"""The types that flow out of `knowledge`: submissions, documents, reviews, passages.

All offsets are half-open character offsets into `Document.text`, so that for every passage
`document.text[p.locator.start:p.locator.end] == p.text`.
"""

from dataclasses import dataclass
from typing import Literal

DocumentKind = Literal["paper", "notes", "review", "response", "comment", "meta-review", "decision", "relayed"]
"""What a document is. `notes` is our own text about a paper and never the paper's words; `relayed` is a
review known only second hand, "relayed, not on record"."""

Origin = Literal["ours", "paraphrase", "record"]
"""Who wrote the words: `ours` (notes), `paraphrase` (ours, of a public record), `record` (imported original)."""

Aspect = Literal[
    "problem", "contributions", "method", "assumptions", "evaluation", "baselines", "limitations", "ethics",
    "reproducibility", "novelty", "writing", "summary", "strengths", "weaknesses", "questions", "decision",
    "record", "traps", "type",
]  # fmt: skip
"""What a section is about, in the vocabulary of reviewing; unknown headings have none."""


Role = Literal["table", "caption", "reference"]
"""What a point is where it is no running text; `reference` is an entry of the list of references."""

FindingKind = Literal[
    "invisible", "tiny", "off-page", "covered", "layer-off", "zero-width", "comment", "instruction", "unread"
]  # fmt: skip
"""Why text was kept apart: no person would see it (no contrast, under 2 pt, off the page, behind an image, a layer
that is off, characters without width, a comment of the source), or it speaks to a reviewing machine; or why it is
missing: pages that could not be read, the finding's text says why."""


@dataclass(frozen=True)
class Score:
    """A rating or a confidence as the record has it. `value` is None where the record gives only words."""

    value: float | None
    label: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Point:
    """One bullet or paragraph of a document: the unit that is retrieved and cited.

    `where` is the place in the paper that the point speaks of ("Table 1"); `checked` tells whether it was
    checked at the source (None: the question does not arise, as in a review); `caveat` travels into answers; `page` is
    the page of what stands on another one than the text around it, as a table may.
    """

    start: int
    end: int
    where: str | None = None
    checked: bool | None = None
    caveat: str | None = None
    role: Role | None = None
    page: int | None = None


@dataclass(frozen=True)
class Section:
    """A titled stretch of a document, offsets including its title line."""

    title: str
    start: int
    end: int
    aspect: Aspect | None = None


@dataclass(frozen=True)
class Document:
    """One text of a submission. `id` is unique in the store and stable over re-imports of the same file."""

    id: str
    submission: str
    kind: DocumentKind
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    points: tuple[Point, ...] = ()
    author: str | None = None
    """Who signed it: a reviewer's name as the record has it, "Authors", "Area Chair"."""
    addressee: str | None = None
    """For a response or comment: whose text it answers, by name."""
    origin: Origin = "ours"
    source: str = ""
    """Where it comes from, in words: a file name, or "paraphrased from the public OpenReview thread"."""
    date: str | None = None
    reply_to: str | None = None
    """The id of the document that this one replies to; None for the paper's own thread, or where it is not there."""
    pages: tuple[int, ...] = ()
    """The offset at which each page of a paged paper begins, the first one's first; empty where there are none."""
    changed: float = 0.0
    """When it was last changed at the site that it comes from, in milliseconds since 1970; 0 where that is not known."""


@dataclass(frozen=True)
class Finding:
    """Text that was kept apart on import: it is in no document, no passage and no prompt, only shown to the chair.

    `where` is its place in words ("p. 3", "line 12", "Weaknesses"), `document` the document in whose source it stands.
    """

    kind: FindingKind
    where: str
    text: str
    document: str


@dataclass(frozen=True)
class Review:
    """A review's scores and identity; its words are the document `document`."""

    document: str
    submission: str
    reviewer: str
    aliases: tuple[str, ...] = ()
    """Other numberings of the same reviewer, e.g. ("R3", "Review 1 in the order of the page")."""
    rating: Score | None = None
    confidence: Score | None = None
    other_scores: tuple[tuple[str, Score], ...] = ()


@dataclass(frozen=True)
class Submission:
    """A paper under review with all its documents and reviews."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    venue: str = ""
    decision: str | None = None
    short_names: tuple[str, ...] = ()
    """How people call it in conversation: "OBC", "IPAW", "soft weight sharing"."""
    openreview: str | None = None
    record: str = ""
    """What is known of the review record, in one sentence; says so where no thread was found."""
    documents: tuple[Document, ...] = ()
    reviews: tuple[Review, ...] = ()
    bundled: bool = False
    findings: tuple[Finding, ...] = ()
    deleted: tuple[tuple[str, float], ...] = ()
    """The notes of its thread that were deleted at the site, and when, as `Document.changed`; in no store."""
    number: int | None = None
    """The number that the venue gave the paper, by which OpenReview names its forms; None where no note tells it."""


@dataclass(frozen=True)
class Locator:
    """Where a passage stands. `page` is None for everything but paged papers."""

    submission: str
    document: str
    section: str | None
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True)
class Passage:
    """A citable stretch of a document: `text` is exactly the document's text at the locator's offsets."""

    id: str
    text: str
    locator: Locator
    kind: DocumentKind
    aspect: Aspect | None = None
    reviewer: str | None = None
    """The author of the document when it is a review, response, comment or meta-review."""
    addressee: str | None = None
    origin: Origin = "ours"
    where: str | None = None
    checked: bool | None = None
    caveat: str | None = None
    role: Role | None = None
    context: str = ""
    """Words of the document that it is found by besides its own, and that are never quoted as its: the caption and the
    heads of the table that it is a part of."""

    def label(self) -> str:
        """How the passage is named in a citation, e.g. "our note on Sec. 6.1 (checked at the source)"."""
        if self.kind == "notes":
            if self.locator.section == "Record" or self.where == "record":
                return "our note on the record"
            if self.where == "our reading":
                return "our note (our reading)"
            place = f" on {self.where}" if self.where else ""
            state = {True: " (checked at the source)", False: " (not checked at the source)", None: ""}[self.checked]
            return f"our note{place}{state}"
        section = f", {self.locator.section}" if self.locator.section else ""
        page = f", p. {self.locator.page}" if self.locator.page else ""
        who = self.reviewer or ""
        base = {
            "paper": "the paper",
            "review": f"review by {who}",
            "response": f"response of the {who.lower() if who == 'Authors' else who or 'authors'}"
            + (f" to {self.addressee}" if self.addressee else ""),
            "comment": f"comment by {who or 'an unnamed person'}",
            "meta-review": f"meta-review by {who or 'the area chair'}",
            "decision": "decision",
            "relayed": "relayed, not on record",
        }[self.kind]
        paraphrase = " (our paraphrase)" if self.origin == "paraphrase" else ""
        return f"{base}{section}{page}{paraphrase}"


@dataclass(frozen=True)
class Hit:
    """A passage with its fused score and the two ranks and the cosine it came from (None: not found there).

    `support` is the same for all hits of a search: how likely, 0 to 1, the sources answer the question at all. It is
    a hint and no proof (docs/benchmarks.md has its precision).
    """

    passage: Passage
    score: float
    cosine: float | None = None
    dense_rank: int | None = None
    lexical_rank: int | None = None
    support: float | None = None


@dataclass(frozen=True)
class Refusal:
    """A file, or a part of one, that was not taken in: `where` in it ("line 3", "page 2", "" for the whole), and why."""

    file: str
    where: str
    reason: str

    def line(self) -> str:
        """One line for a person."""
        return f"{self.file}{f', {self.where}' if self.where else ''}: {self.reason}"


@dataclass(frozen=True)
class Reading:
    """What a file holds: submissions, or parts of one, and what in it could not be read."""

    parts: tuple[Submission, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import took and what it refused.

    imported, unchanged: ids of submissions that the files changed, and of those they left word for word as they were.
    taken: a line for each part: its file, what it holds, where it went; and one for what two records hold alike.
    """

    imported: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    taken: tuple[str, ...] = ()

    def __add__(self, other: "ImportReport") -> "ImportReport":
        """One report of two imports; what either changed is no longer unchanged."""
        imported = tuple(dict.fromkeys(self.imported + other.imported))
        unchanged = dict.fromkeys(self.unchanged + other.unchanged)
        return ImportReport(
            imported,
            tuple(home for home in unchanged if home not in imported),
            self.refused + other.refused,
            self.taken + other.taken,
        )
