"""Which points are vague, unsupported, contradicted or beyond the paper, and whether one review is fair."""

from dataclasses import replace

from agent.answering.review_faults import at_fault, faults_told, harshest, one_review, points_judged
from agent.answering.review_quality import quality
from agent.desk import PastTurn
from agent.events import Answer, Citation, Sentence
from agent.fault_words import asks_for_faults, asks_of_reviews, faults_asked
from agent.gathered import Gathered, Searched, WholePaper
from agent.intents import settle
from agent.points import Point, PointReply
from agent.request import Request
from knowledge.types import Hit, Locator, Passage
from tests.agent.answering.files import BELOW, GOOD, R1, R2, desk, passage, point, review_file, scores

VAGUE = point("vague", R1, "objects", "The experiments are weak.")
PLACED = point("placed", R1, "objects", "Table 3 gives 71.2 for the tide, which is below the dense 74.0.")
ABSENT = point("absent", R2, "objects", "The paper does not compare with anchors.")
SHOWN = passage("shown", "Table 2 has the row on anchors.", "response", "Authors", R2)
REPLY = PointReply(SHOWN.text, SHOWN.text, ("shown",), 0.9, True, "restated", manner="reference")


def points() -> tuple[Point, ...]:
    return (VAGUE, PLACED, replace(ABSENT, status="answered", replies=(REPLY,)))


def file():
    return review_file((scores(R1, GOOD), scores(R2, BELOW)), points(), SHOWN)


def told(fault: str, gathered: Gathered | None = None) -> list[str]:
    return [s.text for s in at_fault(fault, points_judged(file(), ()), file(), gathered or Gathered())]


def test_what_a_question_looks_for():
    assert faults_asked("Which complaints cannot be acted on, being vague?") == ("vague",)
    assert faults_asked("Did anybody ask for something out of scope?") == ("beyond",)
    assert faults_asked("Which objections come without any evidence?") == ("unsupported",)
    assert faults_asked("Are there factual errors in the reviews?") == ("contradicted",)
    assert faults_asked("What does R1 say on the tide?") == ()


def test_vague_is_what_names_nothing_to_look_up():
    said = "\n".join(told("vague"))
    assert "“The experiments are weak.”" in said and "Table 3" not in said and "anchors" not in said


def test_contradicted_is_an_absence_that_the_reply_shows_to_be_there():
    said = told("contradicted")
    assert said[0].startswith("Reviewer 2 raises") and "it should not count" in said[-1]
    assert "Authors (pointing elsewhere): “Table 2 has the row on anchors.”" in said


def test_beyond_is_a_limit_that_the_paper_draws_itself():
    assert told("beyond")[0].startswith("None that I can show")
    limit = Passage("limit", "We do not compare with anchors of the harbour.", Locator("tern", "paper", None, 0, 46), "paper", aspect="limitations", origin="record")  # fmt: skip
    open_ = review_file((), (replace(ABSENT, status="not answered"),))
    lines = at_fault("beyond", open_.points, open_, Gathered((Searched({}, (Hit(limit, 1.0),)),)))
    assert "We do not compare with anchors of the harbour" in "\n".join(s.text for s in lines)


def test_one_review_is_fair_as_far_as_it_can_be_checked_and_holds():
    assert one_review(file(), R1)[0].text.startswith("Largely fair")
    harsh = [s.text for s in one_review(file(), R2)]
    assert "some were met or taken back" in harsh[0] and "What does not hold, or no longer:" in harsh
    assert harshest(file()) == R2


TABLE = "Table 2: latency on a phone.\nmodel | batch | dense ms | Tern ms | speed-up\nGull-S | 1 | 6.0 | 5.0 | 1.2x\nGull-S | 64 | 90.0 | 30.0 | 3.0x\nGull-L | 64 | 99.0 | 44.0 | 2.3x"
PAPER = (
    passage("abstract", "We prune Gull-S by tides and reach an accuracy of 71.4 on HarborNet-1k.", "paper"),
    passage("table", TABLE, "paper", role="table"),
)
READ = Gathered(papers=(WholePaper("tern", PAPER),))


def faulty(fault: str, *texts: str, gathered: Gathered = READ) -> str:
    raised = tuple(point(f"p{n}", R1, "objects", text) for n, text in enumerate(texts))
    held = review_file((), raised)
    return "\n".join(s.text for s in faults_told((fault,), raised, held, gathered))


def test_each_fault_asked_for_is_looked_for_and_told_in_a_section_of_its_own():
    asked = "Which of the points are vague, unsupported, contradicted by the paper or out of scope?"
    assert faults_asked(asked) == ("vague", "unsupported", "contradicted", "beyond")
    lines = faults_told(faults_asked(asked), points_judged(file(), ()), file(), READ)
    said = [s.text for s in lines]
    heads = [n for n, text in enumerate(said) if "what I would call" in text or text.startswith("None that I can show")]
    assert len(heads) == 4 and "too vague to act on" in said[heads[0]] and "beyond what" in said[heads[3]]
    assert len({lines[n].paragraph for n in heads}) == 4


def test_a_claim_that_a_table_bears_in_another_row_speaks_against_a_point():
    said = faulty("contradicted", "The authors claim 3x faster but Table 2 shows 1.2x.")
    assert "Gull-S (batch 64), speed-up: 3.0x" in said and "bears the 3x" in said
    assert faulty("contradicted", "The authors claim 4x faster but Table 2 shows 1.2x.").startswith("None that I can")
    assert faulty("contradicted", "The authors claim 3x, but that is on a toy net.").startswith("None that I can")


def test_a_figure_that_the_row_does_not_hold_speaks_against_a_point():
    said = faulty("contradicted", "Table 2 gives a speed-up of only 1.7x for Gull-L.")
    assert "Table 2 gives no 1.7x for Gull-L" in said and "Gull-L, speed-up: 2.3x" in said
    for borne in (
        "Gull-L is 2.3x faster, which is little.",
        "Gull-L only gets from 99.0 to 44.0 ms.",
        "The ratio for Gull-L is 2.25x.",
        "Gull-L should reach at least 4.0x.",
        "Gull-L is 4.0x faster in Smith et al.",
    ):
        assert faulty("contradicted", borne).startswith("None that I can show"), borne


def test_what_is_said_to_be_missing_and_stands_there_speaks_against_a_point():
    assert "a table on Gull-L" in faulty("contradicted", "There are no experiments with Gull-L.")
    assert "a result on HarborNet-1k" in faulty("contradicted", "No results on HarborNet-1k are given.")
    for true in (
        "There are no ablations on Gull-L.",
        "No comparison with SkuaNet.",
        "Not only Gull-L should be shown.",
    ):
        assert faulty("contradicted", true).startswith("None that I can show"), true


def test_a_task_that_the_paper_never_names_is_beyond_it():
    said = faulty(
        "beyond",
        "The paper should also solve federated learning.",
        "No comparison with SkuaNet.",
        "It must handle tides.",
    )
    assert "never names federated learning" in said and "SkuaNet" not in said and "handle tides" not in said


def test_without_the_paper_nothing_is_said_to_be_missing_from_it():
    said = faulty("beyond", "The paper should also solve federated learning.", gathered=Gathered())
    assert said.startswith("None that I can show") and "the paper itself is not held" in said


def test_questions_for_points_at_fault_are_told_from_others():
    for text in (
        "Which points are out of scope?",
        "Any unsupported criticism?",
        "Which points does the paper contradict?",
        "Vague remarks?",
        "Does R2 ask for something outside the paper's scope?",
        "Which objections should I discount?",
        "Is reviewer 2 contradicted by the paper?",
    ):
        assert asks_for_faults(text) and settle(("limitations",), text) == ("quality",), text
    for text in (
        "What are the limits of the paper?",
        "Which points did the authors call out of scope?",
        "Do the reviewers contradict each other on any point?",
        "Which claims of the paper are unsupported?",
    ):
        assert not asks_for_faults(text), text
    assert asks_of_reviews("Is any review low quality?") and not asks_of_reviews("Is the concern of R1 fair?")


def test_what_is_asked_of_one_reviewer_is_asked_of_the_whole_review_and_else_of_what_was_just_told():
    asked = Request("Which of that is contradicted by the paper itself?", ("quality",), ("tern",))
    cited = Citation("1", "vague", "tern", "vague", "review", R1, None, None, 0, 1, "", "", "")
    past = PastTurn(1, "Weaknesses?", asked.to_json(), Answer((Sentence("said", ("1",)),), {"1": cited}))
    found = Gathered(files=(file(),))
    of_all = quality(replace(asked, reviewers=(R2,)), found, desk(past))
    assert "Table 2 has the row on anchors" in "\n".join(s.text for s in of_all)
    assert quality(asked, found, desk(past))[0].text.startswith("None that I can show")
