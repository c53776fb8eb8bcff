"""Numbers of a reply count where they are those of the reviewer's list."""

from knowledge.discussion.points import split_points
from knowledge.discussion.replies import find_answers
from tests.knowledge.discussion.documents import document, embed

REVIEW = document(
    "review", "Reviewer Ab1",
    ("Weaknesses", "1. The salt of the harbour is not discussed.\n2. No anchor was compared with the tide.\n3. The buoy lacks a lamp at night."),
    date="2031-02-01",
)  # fmt: skip


def evidence(text: str) -> list[tuple[str, str]]:
    own = document("response", "Authors", ("Comment", text), addressee="Reviewer Ab1", date="2031-03-01")
    points = split_points(REVIEW)
    return [(a.replies[0].evidence, own.text[a.replies[0].start : a.replies[0].end]) for a in find_answers(points, [REVIEW, own], embed).values()]  # fmt: skip


def test_the_same_list_is_known_by_its_numbers():
    found = evidence("1. Section 2 has the harbour salt.\n\n2. The anchor and the tide are in Table 4.\n\n3. The buoy has a lamp.")  # fmt: skip
    assert [kind for kind, _ in found] == ["numbered"] * 3


def test_the_authors_own_numbering_tells_nothing():
    found = evidence("1. The anchor and the tide are compared now.\n\n2. The buoy has a lamp for the night.\n\n3. The salt of the harbour is discussed.")  # fmt: skip
    assert all(kind != "numbered" for kind, _ in found)
    assert ["salt" in found[0][1], "anchor" in found[1][1], "buoy" in found[2][1]] == [True] * 3
