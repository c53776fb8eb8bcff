"""A recommendation in words: what is settled and what not, why it changed, whose priority it is, what would turn it."""

from dataclasses import replace

from agent.answering.arguing import argue, changes, enough, weights
from agent.answering.backing import backing, stated_and_held
from agent.answering.recommending import recommendation
from agent.grounding import Evidence, ground
from tests.agent.answering.files import (
    BELOW,
    GOOD,
    R1,
    R2,
    R3,
    SPLIT,
    TERN,
    desk,
    gathered,
    leaned,
    passage,
    request,
    review_file,
    scores,
    told_to_weigh,
)  # fmt: skip


def text(lines):
    return "\n".join(line.text for line in lines)


def stands(lines, file=SPLIT):
    """Whether grounding leaves every line."""
    evidence = Evidence({p.id: p for p in file.passages})
    struck = ground(lines, evidence, TERN, model="embedded", submission="tern", trusted=True).struck
    assert struck == ()
    return True


def test_each_main_concern_is_told_with_its_reply_and_what_remains():
    lines = recommendation(request(), gathered(), desk())
    said = text(lines)
    assert "Novelty, by Reviewer 2: without a reply on record." in said
    assert "Scale and practicality, by Reviewer 2: answered, and nobody has come back on it." in said
    assert "Authors: “It runs twice as fast.”" in said
    assert "the concern about" in lines[0].text and "outweigh" in lines[0].text
    assert "scale and practicality is answered" in lines[1].text and "are open" in lines[1].text
    assert "average" not in said and "mean" not in said
    assert stands(lines)


def test_the_lean_stays_as_before_until_something_is_stated_and_then_says_so():
    before = desk(leaned())
    assert recommendation(request(), gathered(), before)[0].text.startswith("As before, I would")
    said = "don't weigh the missing ImageNet and give R1 more weight"
    now = desk(leaned(), told_to_weigh(2, said), decision={"priorities": [said]})
    lines = recommendation(request(), gathered(), now)
    assert lines[0].text.startswith("I would lean towards accepting")
    assert "That is not what I said before (reject)" in text(lines[1:3])
    assert stands(lines)


def test_a_priority_is_named_as_the_chairs_with_what_it_does_and_what_holds_without_it():
    held = {"priorities": ["novelty matters most to me"]}
    said = text(recommendation(request(), gathered(), desk(decision=held)))
    assert "Your priority: “novelty matters most to me”" in said
    assert "So the points on novelty by Reviewer 1 and Reviewer 2 count twice" in said
    assert "without that" in said.lower() and "you weigh this more" in said


def test_what_is_only_supposed_is_not_taken_for_the_chairs_priority():
    said = text(recommendation(request("what if we ignore R2, would you accept?"), gathered(), desk()))
    assert "Taken for this answer only: " in said and "Your priority" not in said
    assert "So Reviewer 2 counts a quarter with the rating given." in said


def test_the_own_decision_stands_beside_and_a_difference_is_said():
    file = review_file((scores(R1, GOOD), scores(R2, GOOD)), ())
    lines = recommendation(request(), gathered(file), desk(decision={"decision": "weak reject", "rating": 4.0}))
    assert (
        lines[-1].text
        == "Your own decision stays as you gave it: weak reject, rating 4. It differs from my lean; yours stands."
    )


def test_a_premise_of_unanimity_is_corrected_first():
    lines = recommendation(request("All reviewers recommend acceptance, right?"), gathered(), desk())
    assert lines[0].text == "Not all of them: Reviewer 2 and Reviewer 3 stand against it."
    assert "rating 5" in lines[1].text
    theme = recommendation(request("Everybody finds the novelty low, so confirm the reject"), gathered(), desk())
    assert theme[0].text.startswith("Not everybody: Reviewer 1 praises it on novelty, Reviewer 2 criticises it.")
    agreed = recommendation(request("All reviewers want experiments, right?"), gathered(), desk())
    assert agreed[0].text.startswith("I would")


def test_one_side_is_argued_and_said_to_be_one_side():
    against_me = argue(request("argue against me", "argue"), gathered(), desk(decision={"decision": "reject"}))
    assert "strongest case for accepting" in against_me[0].text and "novel" in text(against_me)
    rejecting = argue(request("strongest case for rejecting", "argue"), gathered(), desk())
    assert "strongest case for rejecting" in rejecting[0].text and "my lean goes the same way" in text(rejecting)
    assert "it is not my lean" in text(against_me)
    assert stands(against_me) and stands(rejecting)


def test_what_would_change_a_reviewers_mind_is_quoted():
    wish = passage("wish", "I would raise my score if ImageNet were added.", "review", R3)
    file = replace(SPLIT, passages=(*SPLIT.passages, wish))
    lines = changes(request("what would change that?", "changes"), gathered(file), desk())
    assert "Reviewer 3: “I would raise my score if ImageNet were added.”" in text(lines)
    assert stands(lines, file)


def test_thin_novelty_is_not_enough_where_who_names_it_stands_for_the_paper():
    kind = review_file((scores(R1, GOOD), scores(R2, GOOD), scores(R3, BELOW)), SPLIT.points, *SPLIT.of("response"))
    lines = enough(request("is thin novelty enough to reject?", "enough"), gathered(kind), desk())
    assert "Reviewer 2 names that and still stands for accepting it" in lines[0].text
    harsh = enough(request("is thin novelty enough to reject?", "enough"), gathered(), desk())
    assert harsh[0].text.startswith("It could be: Reviewer 2, who raises it, stands against the paper.")


def test_who_is_no_expert_weighs_least():
    doubt = passage("doubt", "I am not an expert on pruning.", "review", R1)
    file = replace(SPLIT, passages=(*SPLIT.passages, doubt))
    lines = weights(request("who should weigh most?", "weights"), gathered(file), desk())
    assert "Reviewer 2 most and Reviewer 1 least" in lines[0].text
    assert "“I am not an expert on pruning.”" in text(lines)


def test_a_review_that_is_thought_away_and_a_concern_that_is_thought_met_count_for_this_answer_only():
    gone = recommendation(replace(request("And if R1's review did not exist?"), reviewers=(R1,)), gathered(), desk())
    assert "Taken away, for this answer only: the review by Reviewer 1." in text(gone)
    assert "Reviewer 1: “" not in text(gone) and stands(gone)
    met = recommendation(replace(request("Suppose R2's objection on novelty were met?"), reviewers=(R2,)), gathered(), desk())  # fmt: skip
    assert "Taken as met, for this answer only: what Reviewer 2 holds against it." in text(met)
    assert "Novelty, by Reviewer 2" not in text(met) and stands(met)


def test_the_own_decision_is_held_against_the_record_on_request():
    held = desk(decision={"decision": "reject"})
    lines = backing(request("Is my take defensible?", "argue"), gathered(), held)
    assert lines[0].text.startswith("Yes, rejecting can be defended: Reviewer 2 and Reviewer 3 stand with you; Reviewer 1 stands against you")  # fmt: skip
    assert stands(lines) and text(argue(request("does that hold up?", "argue"), gathered(), held)) == text(lines)
    kind = backing(request("Too generous?"), gathered(), desk(decision={"decision": "accept"}))
    assert "Reviewer 2 and Reviewer 3 stand against you" in kind[0].text and not kind[0].text.startswith("Yes")
    assert backing(request("Too generous?"), gathered(), desk()) == []
    assert stated_and_held(request("thanks?", "state"), gathered(), desk()) == []


def test_what_would_convince_one_reviewer_is_what_they_hold_and_nothing_of_others():
    lines = changes(request("What would convince R2?", "changes", reviewers=(R2,)), gathered(), desk())
    assert lines[0].text.startswith(
        "Reviewer 2 would have to be convinced on novelty: nothing on record settles that yet"
    )
    assert "ImageNet" not in text(lines) and stands(lines)
