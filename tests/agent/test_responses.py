"""How a reply is worded: sure, possible, or none with what is nearest, and what the reviewer said of it."""

from agent.answering.responses import with_reply
from agent.gathered import ReviewFile, gather, passage_to_json
from agent.tools.replies import link_passages
from knowledge.chunking import split_document
from knowledge.reviews import Discussion, read_discussion
from knowledge.types import Document, Locator, Passage
from tests.knowledge.discussion.documents import document, embed, submission

POINT = Passage("p", "No anchors.", Locator("s", "d", None, 0, 11), "review", reviewer="R1")
REPLY = Passage("r", "See Table 4.", Locator("s", "e", None, 0, 12), "response", reviewer="Authors", addressee="R1")
WORD = Passage("c", "This settles it.", Locator("s", "f", None, 0, 16), "comment", reviewer="R1")
REVIEW = document("review", "R1", ("Weaknesses", "- No anchor was compared with the tide."))


def worded(**facts: object) -> list[str]:
    file = ReviewFile("s", (POINT, REPLY, WORD), **facts)  # pyright: ignore[reportArgumentType]
    return [sentence.text for sentence in with_reply(file, POINT)]


def test_a_sure_reply_is_cited_with_what_the_reviewer_said_of_it():
    lines = worded(replies={"p": (("r", 0.9),)}, statuses={"p": "answered"}, settled={"p": ("yes", "c")})
    assert lines == ["R1: No anchors.", "Authors: See Table 4.", "R1 takes this as settled: This settles it."]


def test_an_unsure_reply_says_so():
    lines = worded(replies={"p": (("r", 0.4),)}, statuses={"p": "possibly answered here"}, settled={"p": ("no", "c")})
    assert lines[1:] == [
        "Authors (possibly answered here): See Table 4.",
        "R1 still holds this open: This settles it.",
    ]


def test_no_reply_lists_the_nearest():
    lines = worded(statuses={"p": "not answered"}, nearest={"p": ("r",)})
    assert lines[1:3] == ["No reply to this point is on record.", "Nearest to it, on other points:"]
    assert lines[3].endswith("See Table 4.")


def linked(*documents: Document) -> tuple[dict[str, object], list[Passage]]:
    passages = [passage for whole in documents for passage in split_document(whole)]
    found: Discussion = read_discussion(submission(*documents), embed)
    return link_passages(found, passages), passages


def test_the_discussion_reaches_the_answer_through_passages():
    reply = document(
        "response", "Authors", ("", "> No anchor was compared with the tide.\n\nSee Table 4."), addressee="R1"
    )
    comment = document("comment", "R1", ("", "All my concerns have been addressed."), date="2031-03-01")
    links, passages = linked(REVIEW, reply, comment)
    artifact = {"submission": "s", "passages": [passage_to_json(p) for p in passages], **links}
    (file,) = gather([("reviews", artifact)]).files
    lines = [sentence.text for sentence in with_reply(file, passages[0])]
    assert lines[1:] == ["Authors: See Table 4.", "R1 takes this as settled: All my concerns have been addressed."]


def test_a_passage_with_an_unanswered_point_is_not_answered():
    links, passages = linked(REVIEW, document("response", "Authors", ("", "A new pier for the boats."), addressee="R1"))
    assert links["statuses"] == {passages[0].id: "not answered"}
    assert links["nearest"] == {passages[0].id: [passages[1].id]} and links["replies"] == {passages[0].id: []}
