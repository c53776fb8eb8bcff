import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers import read
from tests.knowledge.fictional import dump


def entry(comments: str, signer: str = "", title: str = "", **more):
    return {
        "comments": comments,
        "OTHER_KEYS": signer,
        "TITLE": title,
        "DATE": "15 Feb 2031",
        "IS_META_REVIEW": False,
    } | more


REEF = "The tide criterion is simple, and the harbour timing is missing from every table of the paper."
KIND = "The criterion convinces, the seaweed ablation does not, and nobody measured the salt of the water."
DECIDED = "The committee likes the reef and asks for anchors; the paper is accepted as a poster in the harbour."


def record():
    once = [
        entry(DECIDED, "TIDE 2031 pcs", "TIDE committee final decision", DATE="06 Mar 2031"),
        entry("Dear all, we timed it.", "Ada Reef", "Our update"),
        entry(REEF, "TIDE 2031 conference AnonReviewer3", "Simple", RECOMMENDATION="6: Good", REVIEWER_CONFIDENCE=4),
        entry(KIND, "TIDE 2031 conference AnonReviewer1", "Hm", RECOMMENDATION=3),
        entry("", "TIDE 2031 conference AnonReviewer1", "How much salt?"),
    ]
    copies = [dict(item) for item in once]
    copies[2] |= {"IS_META_REVIEW": True, "CLARITY": "4", "IS_ANNOTATED": True}
    copies[0] |= {"IS_META_REVIEW": True, "TITLE": ""}
    return {
        "conference": "TIDE 2031 conference submission",
        "title": "Coral Pruning",
        "abstract": "We cut filters.",
        "authors": "Ada Reef, Ben Poole",
        "accepted": True,
        "id": "7",
        "histories": [],
        "reviews": [*once, *copies],
    }


def take(tmp_path, tree, **options):
    path = tmp_path / "7.json"
    path.write_bytes(dump(tree))
    return read(path, **options)


def test_each_entry_is_taken_once_as_what_it_is(tmp_path):
    (part,) = take(tmp_path, record()).parts
    assert (part.id, part.decision, part.venue, part.authors) == (
        "coral-pruning",
        "Accept",
        "TIDE 2031",
        ("Ada Reef", "Ben Poole"),
    )
    assert [(document.kind, document.author, document.date) for document in part.documents] == [
        ("paper", None, None),
        ("decision", "Program Chairs", "2031-03-06"),
        ("response", "Authors", "2031-02-15"),
        ("review", "AnonReviewer3", "2031-02-15"),
        ("review", "AnonReviewer1", "2031-02-15"),
        ("comment", "AnonReviewer1", "2031-02-15"),
    ]
    first, second = part.reviews
    assert (
        first.rating
        and (first.rating.value, first.rating.label) == (6, "Good")
        and first.aliases == ("R3", "Reviewer 3")
    )
    assert first.confidence and first.confidence.value == 4 and [name for name, _ in first.other_scores] == ["clarity"]
    assert second.rating and second.rating.value == 3 and second.confidence is None
    assert DECIDED in part.documents[1].text and part.documents[2].addressee == "all"
    assert "no replies below the first level" in part.record


def test_a_review_without_a_rating_is_told_by_its_confidence(tmp_path):
    tree = record() | {"reviews": [entry(REEF, "AnonReviewer3", "Review", REVIEWER_CONFIDENCE="5: Certain")]}
    (part,) = take(tmp_path, tree).parts
    assert part.documents[1].kind == "review"
    (review,) = part.reviews
    assert review.reviewer == "AnonReviewer3" and review.rating is None
    assert review.confidence and review.confidence.value == 5


def test_a_flag_is_believed_where_nothing_speaks_against_it(tmp_path):
    tree = record() | {
        "reviews": [entry(REEF, is_meta_review=True, IS_META_REVIEW=True), entry(KIND, RECOMMENDATION="2")]
    }
    (part,) = take(tmp_path, tree).parts
    assert [(document.kind, document.author) for document in part.documents[1:]] == [
        ("meta-review", "Area Chair"),
        ("review", "Reviewer 2"),
    ]


def test_a_parsed_pdf_is_the_paper(tmp_path):
    tree = {"name": "7.pdf", "metadata": {
        "title": "Coral Pruning", "authors": ["Ada Reef"], "abstractText": "We cut.", "referenceMentions": [],
        "sections": [{"heading": "1 Method", "text": "Tides.\n\nWaves."}, {"heading": "1.1 Set-up", "text": "Sand."}, {"heading": None, "text": "Salt."}],
        "references": [{"title": "Reefs", "author": ["B. Kelp"], "venue": "Sea", "year": 2030}]}}  # fmt: skip
    (part,) = take(tmp_path, tree).parts
    (paper,) = part.documents
    assert [(section.title, section.aspect) for section in paper.sections] == [
        ("Abstract", "summary"), ("1 Method", "method"), ("1.1 Set-up", "method"), ("References", None)]  # fmt: skip
    last = paper.points[-1]
    assert (last.role, paper.text[last.start : last.end]) == ("reference", "B. Kelp. Reefs. Sea. 2030")
    tree["metadata"]["title"] = None
    with pytest.raises(UnreadableFile, match="parsed PDF without a title; say which"):
        take(tmp_path, tree)
    assert take(tmp_path, tree, into="reef").parts[0].documents[0].id == "reef/paper"


@pytest.mark.parametrize(
    ("data", "where", "reason"),
    [
        (b'{"title": "T",\n "reviews": [}', "line 2", "is not whole JSON"),
        (b"[" * 100_000, "", "nested too deeply"),
        (b"[" + b"1" * 5000 + b"]", "", "thousands of digits"),
        (b'{"title": "T", "accepted": true, "reviews": []}', "", "neither an abstract nor a review"),
        (b'{"title": "", "accepted": true, "reviews": []}', "", "empty title"),
        (b" ", "", "is empty"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(tmp_path, data, where, reason):
    path = tmp_path / "7.json"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read(path)
    assert caught.value.where == where


def test_a_review_without_a_rating_is_a_review_and_scores_stand_on_the_venues_scale(tmp_path):
    first = entry(REEF, "TIDE AnonReviewer4", "Hm", REVIEWER_CONFIDENCE="5: Certain")
    asked = entry("How deep is it?", "TIDE AnonReviewer2", "pre-review question")
    silent = entry(KIND, "TIDE AnonReviewer2", "Waves")
    thanks = entry("Thanks, I stay at that.", "TIDE AnonReviewer4", "re: answer")
    rated = entry("A fine reef, cut with care and measured well.", "TIDE AnonReviewer1", "x", RECOMMENDATION=7)
    tree = record() | {
        "conference": "ICLR 2017 conference submission",
        "reviews": [first, asked, silent, thanks, rated],
    }
    (part,) = take(tmp_path, tree).parts
    assert [(document.kind, document.author) for document in part.documents[1:]] == [
        ("review", "AnonReviewer4"), ("comment", "AnonReviewer2"), ("review", "AnonReviewer2"), ("comment", "AnonReviewer4"), ("review", "AnonReviewer1")]  # fmt: skip
    unrated, _, last = part.reviews
    assert unrated.rating is None and unrated.confidence and (unrated.confidence.low, unrated.confidence.high) == (1, 5)
    assert part.venue == "ICLR 2017" and last.rating and (last.rating.low, last.rating.high) == (1, 10)
    assert "Rating: 7 (1 to 10)" in part.documents[-1].text
