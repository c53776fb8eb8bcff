"""What reviewers, chairs and authors say about a paper never becomes the paper, whatever format it comes in."""

from pathlib import Path

import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers import read
from knowledge.readers.voices import tell_kind
from tests.knowledge.readers.pdf_making import PdfMaker, lines

PAPER = """# Coral Pruning

## Abstract
We cut filters that no tide reaches.

## Introduction
Reefs are dense. We propose a tide criterion; our method needs no labels.

## Experiments
We prune two harbours. Our results hold in both.
"""
BY_SECTION = """## Abstract
The abstract overclaims: 91.3 % is not the best on record. The authors should tone it down.

## Introduction
Too long, and the motivation is weak.

## Method
I do not understand why salt is used. Please explain.

## Experiments
No anchors. I would lean to reject.
"""
LETTER = """We thank all reviewers for their careful reading. We have revised the manuscript.

## Additional experiments
We have run the north shore and reach 76.1 %.

## Limitations
We agree and have added a paragraph on salt.
"""
RESPONSES = [
    LETTER,
    "# Rebuttal\n\n## Experiments\nThe anchors are in Table 3.\n\n## Limitations\nSalt is one.\n",
    "Response to Reviewer 2\n\nThe anchors are in Table 3.\n",
    "# Author Response for Submission 4711\n\nThe anchors are in Table 3.\n",
    "Dear reviewers,\n\nthe anchors are now in Table 3.\n\n# Discussion\nSalt stays.\n",
    "Coral Pruning: author letter\n\nWe are grateful to the referees for their reports. Below we answer each.\n\n# Results\nThe anchors are new.\n",
    "Thank you for your thoughtful comments and questions!\n\nQ1: Anchors are in Table 3.\n",
    "R1 and R3 ask for anchors: we have added them. R2 doubts the salt; we respectfully disagree, as our Table 2 shows.\n",
    "Reply to the comments of the reviewers\n\n1. Anchors are in Table 3.\n",
]
REVIEWS = [
    BY_SECTION,
    "# Official Review of Submission 12\n\n## Summary\nA tide.\n\n## Introduction\nThin.\n\n## Experiments\nNo anchors.\n\n## Conclusion\nRating: 3\n",
    "# Review\n\n## Strengths\nThe paper is clear.\n\n## Weaknesses\nThe authors miss anchors.\n",
    "## Abstract\nFine.\n\n## Introduction\nThe authors could shorten it. Please define tides.\n\n## Method\nI wonder whether salt matters.\n\n"
    "## Conclusion\nWeak accept.\n",
    "# Referee report\n\n## Introduction\nThe tide is old.\n\n## Results\nAnchors are missing.\n",
]
PAPERS = [
    PAPER,
    PAPER + "\n## Acknowledgements\nWe thank the anonymous reviewers for their comments.\n",
    PAPER.replace("We cut filters", "Thanks for your reviews is what authors write; we cut filters"),
    "# A Review of Reef Pruning\n\n## Abstract\nThis paper reviews tides.\n\n## Introduction\nThe authors of [3] cut reefs. We compare ten.\n\n## Methods\nOur survey.\n",
    "# Predicting Scores of Reviewers\n\n## Abstract\nThe reviewer writes and the authors answer. We predict whether the paper is accepted; our model "
    "recommends to accept or reject.\n\n## Introduction\nWe use reviews. We thank nobody.\n\n## Results\nOur scores are good.\n",
    "Response of Reefs to Tides\n\nAbstract\nWe measure reefs.\n\n1 Introduction\nOur reefs answer.\n\nReferences\n[1] A. Kelp. 2030.\n",
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "kind"),
    [(RESPONSES, "response"), (REVIEWS, "review"), (PAPERS, None)],
    ids=["response", "review", "paper"],
)
def test_the_voice_of_a_text_comes_before_its_headings(texts, kind):
    assert [tell_kind(text) for text in texts] == [kind] * len(texts)


def take(path: Path, data: str | bytes, **options):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (part,) = read(path, options.pop("into", "reef"), **options).parts
    return part


def said(part):
    return [(document.kind, document.author, document.addressee) for document in part.documents]


def tex(title: str, body: str) -> str:
    return f"\\documentclass{{article}}\\title{{{title}}}\\begin{{document}}\\maketitle\n{body}\n\\end{{document}}\n"


REBUTTAL = "\\section*{Response to Reviewer 1}\nWe thank the reviewer. Anchors are in Table 3.\n\\section*{Response to Reviewer 2}\nWe disagree; our salt is pure.\n"
TWO_RESPONSES = [("response", "Authors", "Reviewer 1"), ("response", "Authors", "Reviewer 2")]


@pytest.mark.parametrize("name", ["r.tex", "rebuttal.tex"])
@pytest.mark.parametrize("kind", [None, "response"])
def test_a_response_in_latex(tmp_path, name, kind):
    part = take(tmp_path / name, tex("Rebuttal", REBUTTAL), kind=kind)
    assert said(part) == TWO_RESPONSES and part.title == ""


def test_a_review_in_latex_and_a_paper_that_says_so(tmp_path):
    source = tex(
        "Report",
        "\\section{Abstract} The authors should tone it down. I would recommend to reject. Please explain the salt.",
    )
    assert said(take(tmp_path / "a.tex", source, kind="review")) == [("review", "Anonymous reviewer", None)]
    assert said(take(tmp_path / "b.tex", tex("Rebuttal", REBUTTAL), kind="paper")) == [("paper", None, None)]
    notes = take(tmp_path / "c.tex", tex("Mine", "\\section{To ask} Anchors?"), kind="notes")
    assert [(d.kind, d.origin, d.id) for d in notes.documents] == [("notes", "ours", "reef/notes-c")]


FORUM = """Official Review of Submission12 by Reviewer fMm6
Official Review by Reviewer fMm6, 03 Nov 2031
Summary: The authors cut filters in a way that goes on in the
next line of the page.
Weaknesses: No anchors.
Rating: 3: reject
Confidence: 4
Official Comment by Authors
We thank the reviewer and added anchors.
"""
ANSWER = """We thank the reviewers for their time.

Reviewer 1 (R1)
Q1: No anchors. We have run them.
Q2: Salt. We now compare.

Reviewer 2 (R2)
We respectfully disagree; our tide is new.
"""


def pdf(title: str, text: str) -> bytes:
    return PdfMaker().page(lines(72, 740, title, 16) + lines(72, 700, text)).data()


@pytest.mark.parametrize("kind", [None, "response"])
def test_a_rebuttal_as_pdf_is_the_authors_words_to_each_reviewer(tmp_path, kind):
    part = take(tmp_path / "r.pdf", pdf("Rebuttal for Submission 4711", ANSWER), kind=kind)
    assert said(part) == TWO_RESPONSES
    assert "\n\nQ2: Salt." in part.documents[0].text or "\nQ2: Salt." in part.documents[0].text


@pytest.mark.parametrize("kind", [None, "review"])
def test_a_forums_page_as_pdf_is_its_reviews(tmp_path, kind):
    part = take(tmp_path / "f.pdf", pdf("Coral Pruning | OpenReview", FORUM), kind=kind)
    assert said(part) == [("review", "Reviewer fMm6", None), ("response", "Authors", "all")]
    (review,) = part.reviews
    assert review.rating and review.confidence and (review.rating.value, review.confidence.value) == (3, 4)
    assert "goes on in the next line of the page." in part.documents[0].text
    alone = read(tmp_path / "f.pdf").parts[0]
    assert alone.title == "Coral Pruning"


def test_a_users_word_goes_before_the_voice(tmp_path):
    data = pdf("Rebuttal for Submission 4711", ANSWER)
    assert said(take(tmp_path / "r.pdf", data, kind="paper")) == [("paper", None, None)]
    assert said(take(tmp_path / "n.pdf", data, kind="notes")) == [("notes", None, None)]
    assert said(take(tmp_path / "p.md", LETTER, kind="paper")) == [("paper", None, None)]


def test_a_format_that_says_itself_what_it_holds_refuses_another_kind(tmp_path):
    review = '{"title": "Tides", "reviews": [{"reviewer": "R1", "paper_summary": "A tide.", "summary_of_weaknesses": "Salt."}]}'
    with pytest.raises(UnreadableFile, match=r"what its texts are \(review\), which --kind response cannot change"):
        take(tmp_path / "a.json", review, kind="response")
    assert said(take(tmp_path / "b.json", review, kind="review")) == [("review", "R1", None)]
    with pytest.raises(UnreadableFile, match="leave --kind out"):
        take(tmp_path / "own.md", "---\nid: a\ntitle: T\n---\n# Notes\n- x\n", kind="review")


def test_what_is_no_paper_never_leads_a_folder(tmp_path):
    folder = tmp_path / "sub"
    folder.mkdir()
    (folder / "paper.md").write_text(PAPER)
    (folder / "a.pdf").write_bytes(pdf("Rebuttal for Submission 4711", ANSWER))
    (folder / "answer.tex").write_text(tex("Rebuttal", REBUTTAL.replace("Reviewer 2", "Reviewer 3")))
    (folder / "b.md").write_text(BY_SECTION)
    reading = read(folder)
    (part,) = reading.parts
    assert (part.id, part.title, reading.refused) == ("coral-pruning", "Coral Pruning", ())
    kinds = [document.kind for document in part.documents]
    assert kinds.count("paper") == 1 and kinds.count("response") == 4 and kinds.count("review") == 1


@pytest.mark.parametrize("word", ["Review", "Notes", "Comment", "Meta-review", "Reviewer 2", "Decision"])
def test_a_common_heading_makes_no_submission_file(tmp_path, word):
    text = f"# {word}\n\n## Strengths\nThe paper is clear and the authors do well.\n\n## Weaknesses\nAnchors are missing.\n\nRating: 4\n"
    assert not {kind for kind, *_ in said(take(tmp_path / "r.md", text))} & {"paper", "notes"}


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ('title: "Teapots: For All"\nauthor: A. Brown\ndate: 2031-01-05', ("A. Brown",)),
        ("title: 'Teapots: For All'\nauthor:\n  - A. Brown\n  - Ben Tide", ("A. Brown", "Ben Tide")),
        ("title: Teapots: For All\nauthors: [A. Brown, Ben Tide]\nbibliography: x.bib", ("A. Brown", "Ben Tide")),
        ("title: >-\n  Teapots:\n  For All\nauthor:\n  - name: A. Brown\n    affiliation: Shore\n  - name: Ben Tide", ("A. Brown", "Ben Tide")),
        ("title: Teapots\nsubtitle: For All\nauthor: A. Brown and Ben Tide\nabstract: |\n  We pour.\n\n  We pour twice.", ("A. Brown", "Ben Tide")),
    ],
)  # fmt: skip
def test_a_paper_with_the_front_matter_of_another_program(tmp_path, above, authors):
    body = (
        "# Introduction\nTea is hot.\n"
        if "abstract" in above
        else "# Abstract\nWe pour.\n\n# Introduction\nTea is hot.\n"
    )
    path = tmp_path / "tea.md"
    path.write_text(f"---\n{above}\n---\n\n{body}")
    (part,) = read(path).parts
    assert (part.id, part.title, part.authors) == ("teapots-for-all", "Teapots: For All", authors)
    (paper,) = part.documents
    assert [section.title for section in paper.sections][-2:] == ["Abstract", "Introduction"]
    assert "We pour." in paper.text and "bibliography" not in paper.text


def test_rules_around_a_reviews_words_are_no_front_matter(tmp_path):
    part = take(
        tmp_path / "r.md",
        "---\nSummary: a fine paper by the authors.\n---\nStrengths: the authors write well.\nRating: 4\n",
    )
    assert said(part) == [("review", "Anonymous reviewer", None)]
    assert "a fine paper" in part.documents[0].text and part.reviews[0].rating
