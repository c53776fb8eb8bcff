"""What counts as the chair's own decision, and above all what does not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.stated import StatedDecision, find_decision

ABOVE = "marginally above the acceptance threshold"

STATED = [
    ("I'll go with a weak reject, confidence 4.", "weak reject", None, 4),
    ("My decision: reject, rating 4/10, confidence 5/5.", "reject", 4, 5),
    ("Let's reject it.", "reject", None, None),
    ("Weak accept, confidence 3.", "weak accept", None, 3),
    ("Rating: 7, Confidence: 4", None, 7, 4),
    ("I think we should accept this one", "accept", None, None),
    ("We will reject this submission", "reject", None, None),
    ("I change my rating to 5", None, 5, None),
    ("This should be rejected", "reject", None, None),
    ("I would not accept this paper.", "reject", None, None),
    ("My decision is not to accept.", "reject", None, None),
    ("I lean towards not accepting", "reject", None, None),
    ("I recommend against accepting", "reject", None, None),
    ("I'm inclined to accept", "accept", None, None),
    ("Based on these reviews, I am inclined to accept the paper.", "accept", None, None),
    ("marginally above the acceptance threshold", ABOVE, None, None),
    ("I think the paper is marginally above the acceptance threshold.", ABOVE, None, None),
    ("I would reject the paper. My rating is 4 with a confidence of 4.", "reject", 4, 4),
    (
        "I will be giving the paper a rating of 6: Weak Accept, with a confidence level of 4.",
        "weak accept",
        6,
        4,
    ),
    # Further wordings.
    ("I'd say strong reject.", "strong reject", None, None),
    ("We've decided to reject this one, with confidence 5.", "reject", None, 5),
    ("Overall score: 6. Confidence: 3.", None, 6, 3),
    ("I'm raising my score from 5 to 7.", None, 7, None),
    ("I can't accept this paper in its current form.", "reject", None, None),
    ("I don't think this paper should be accepted.", "reject", None, None),
    ("Let's go with rejection, confidence 4/5.", "reject", None, 4),
    ("I am not inclined to recommend acceptance.", "reject", None, None),
    ("I agree with Reviewer 2 and will reject this paper.", "reject", None, None),
    ("With confidence 4, I recommend rejection.", "reject", None, 4),
    ("It's a clear reject from me.", "clear reject", None, None),
    ("Please record a weak accept, rating 6, confidence 4.", "weak accept", 6, 4),
    ("I will accept even if the code is missing.", "accept", None, None),
    ('I would call this paper a "Weak Reject".', "weak reject", None, None),
    ("Given Reviewer 2's concerns, weak reject, 4/10.", "weak reject", 4, None),
    ("I will accept this paper, given the information provided by the reviewers.", "accept", None, None),
    ("Put me down for a weak reject.", "weak reject", None, None),
    # Plain words.
    ("I reject it.", "reject", None, None),
    ("I reject it, confidence 4.", "reject", None, 4),
    ("We accept it.", "accept", None, None),
    ("I hereby reject.", "reject", None, None),
    ("Reject.", "reject", None, None),
    ("Accept.", "accept", None, None),
    ("Reject it, please.", "reject", None, None),
    ("Reject: too little is new.", "reject", None, None),
    ("Accept because the results are solid", "accept", None, None),
    ("I have decided: reject", "reject", None, None),
    ("Decided: accept, confidence 3", "accept", None, 3),
    ("My mind is made up: reject.", "reject", None, None),
    ("I changed my mind, accept it", "accept", None, None),
    ("I changed my mind: reject, rating 3.", "reject", 3, None),
    ("Having read it all: reject.", "reject", None, None),
    ("Their timings are missing, so I reject it.", "reject", None, None),
    ("I say we reject it", "reject", None, None),
    ("I’ll reject it, since the reviewers accept none of its claims.", "reject", None, None),
]

NUMBERS = [
    ("I'd rate it 4/10.", 4, None),
    ("My rating is 4 out of 10.", 4, None),
    ("rating 4 out of 10", 4, None),
    ("Confidence 5/5.", None, 5),
    ("I'd give it a 6.", 6, None),
    ("8 (accept)", 8, None),
    ("My confidence is 4 and my rating is 6.", 6, 4),
    ("Confidence: 3, rating: 8", 8, 3),
    ("I will give it an 8, confidence 3.", 8, 3),
    ("I settle on a 5 with confidence 3.", 5, 3),
    ("I will accept the paper with a confidence rating of 2.", None, 2),
    ("I'd lower my rating from 5 to 3, confidence 5.", 3, 5),
    ("Reviewer 1 gave a 7, but I would give it a 4.", 4, None),
    ("I would give it a 4, unlike reviewer 1 with confidence 3.", 4, None),
    ("My confidence in this is 4.", None, 4),
    ("Record my rating as 5.", 5, None),
    ("Rating 4/10, conf. 5", 4, 5),
    ("I recommend rejection with a rating of 3.5.", 3.5, None),
    ("I recommend rejection, rating 45/100.", None, None),
    ("I reject this paper with 3 in confidence", None, 3),
]

CONDITIONAL = [
    "I would accept this paper if the experiments were larger.",
    "I'll accept it provided the code is released.",
    "If the authors add a baseline, I would accept this paper.",
    "I will accept this paper with minor revisions.",
    "I recommend acceptance on the condition that the proof is fixed.",
    "I would accept this as long as the typos are corrected.",
    "We should accept this paper, subject to a shepherd.",
    "I'd give it a weak accept once the code is there.",
    "I lean towards accepting, assuming the numbers hold.",
    "I believe that the paper should be accepted with the stipulation that it is shortened.",
    "I would accept this paper but for the missing baselines.",
    "I would accept it with more experiments.",
    "I would accept unless something is wrong in the appendix.",
]

NOTES = [
    "Please note down that reviewer 1 recommends acceptance",
    "Remember that Reviewer 2 gave a rating of 3.",
    "Please record: my priority is the missing timing",
    "I'd rate it between 4 and 5.",
    "I'll give it 4-5.",
    "I would not give it a 6.",
    "My rating is 4 or 5.",
    "I would not reject this paper.",
    "I do not recommend a strong accept.",
    "I would reject this paper unless the authors add baselines.",
    "Write down that I need to read the appendix.",
    "Keep in mind that the committee rejected it last year.",
    "Note: the area has a page limit.",
    "Make a note that I will decide tomorrow whether to accept or reject.",
]

AGAIN = [
    ("change that to weak reject", "weak reject", None),
    ("Actually make it 3", None, 3),
    ("Put me down for a 4", None, 4),
    ("Let's make it a weak accept.", "weak accept", None),
    ("Ok, raise it to 6.", None, 6),
]

SILENT = [
    "I accept that point, thanks.",
    "I accept your explanation.",
    "I reject that argument",
    "I will decide tomorrow whether to accept or reject",
    "Reviewer 2 gave a rating of 5.",
    "Should I accept it?",
    "Would a rating of 6 be right?",
    "The committee rejected it.",
    "Why was it rejected?",
    "Do you think I should accept?",
    "The reviewers recommend rejection",
    "I was thinking about whether it is acceptable",
    "Reviewer 1 says I should accept",
    # Acknowledgements and arguments.
    "I accept it, thanks.",
    "Accepted.",
    "Reviewer 1's point is that timings are missing. I accept this.",
    "The reply says so and I accept it.",
    "I accept it as an argument.",
    "What would R2 say? Reject.",
    "Reject-level novelty.",
    "I accept the authors' reply on baselines.",
    "I'd accept that as an answer.",
    "I can't accept this explanation.",
    "We reject the null hypothesis.",
    "This argument should be rejected.",
    "It is above the threshold.",
    # Others' views.
    "You said I would reject this paper.",
    "The authors hope that I will accept this paper.",
    "Reviewer 2: weak accept, confidence 3.",
    "It is a weak accept according to reviewer 2.",
    'The review reads "I recommend rejection because of novelty".',
    "AnonReviewer1 thinks this is a weak accept.",
    "Most of them think it is marginally below the acceptance threshold.",
    "I think the reviewers believe it should be accepted.",
    "Their rating is 6 with confidence 4.",
    # Not decided, hypothetical, past.
    "I might accept this paper.",
    "Maybe a weak accept.",
    "I'm torn between accept and reject.",
    "I'm considering rejecting the paper.",
    "Before I accept this paper I want to see the code.",
    "I do not know if I will accept this paper.",
    "I was leaning towards accepting this paper.",
    "I will consider the paper for acceptance.",
    "If I accept this paper, the authors must add baselines.",
    "Normally I would reject this paper.",
    "I wish I would accept this paper.",
    "It's not that I reject the paper.",
    "Let's accept it as a premise.",
    "Draft a review in which I recommend rejection.",
    "Had it been better I would accept it.",
    # Numbers of other things.
    "I give the novelty a 5.",
    "My score for clarity is 3.",
    "I would give it a 3 for clarity.",
    "I will give the authors 2 days.",
    "I'll go with 2.",
    "I'd say 3 of the reviewers are wrong.",
    "I would set it at 10 epochs.",
    "Show rating 5 and confidence 4.",
    "5/5",
]


@pytest.mark.parametrize(("text", "decision", "rating", "confidence"), STATED)
def test_a_decision_is_read_with_its_fields(text, decision, rating, confidence):
    found = find_decision(text)
    assert found is not None
    assert (found.decision, found.rating, found.confidence) == (decision, rating, confidence)
    assert found.note == text


@pytest.mark.parametrize(("text", "rating", "confidence"), NUMBERS)
def test_rating_and_confidence_are_never_swapped(text, rating, confidence):
    found = find_decision(text)
    assert found is not None
    assert (found.rating, found.confidence) == (rating, confidence)


@pytest.mark.parametrize("text", CONDITIONAL)
def test_an_acceptance_on_a_condition_is_no_plain_acceptance(text):
    assert find_decision(text) == StatedDecision("conditional accept", note=text)


@pytest.mark.parametrize("text", NOTES)
def test_a_note_or_an_open_statement_keeps_only_its_words(text):
    stated = find_decision(text)
    assert stated is not None and replace(stated, kept=()) == StatedDecision(note=text)


@pytest.mark.parametrize(("text", "decision", "rating"), AGAIN)
def test_a_change_needs_a_decision_on_file(text, decision, rating):
    assert find_decision(text) is None
    assert find_decision(text, decided=True) == StatedDecision(decision, rating, note=text)


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize("text", SILENT)
def test_no_decision_is_invented(text, decided):
    assert find_decision(text, decided) is None


@pytest.mark.parametrize("text", [row[0] for row in STATED + NUMBERS if ". " not in row[0]])
def test_the_same_words_asked_or_told_of_a_reviewer_state_nothing(text):
    assert find_decision(f"{text.rstrip('.')}?") is None
    assert find_decision(f'Reviewer 2 wrote "to my mind, in all: {text}"') is None


def test_thanks_before_it_are_no_argument_that_is_rejected():
    found = find_decision("Thank you. I reject it.")
    assert found is not None and (found.decision, found.note) == ("reject", "I reject it.")


def test_sentences_are_merged_and_the_later_wins():
    found = find_decision("I lean accept, rating 6. Confidence 3. What do others say? Actually, make it 5.")
    assert found is not None
    assert (found.decision, found.rating, found.confidence) == ("accept", 5, 3)
    assert found.note == "I lean accept, rating 6. Confidence 3. Actually, make it 5."


WORDS = st.sampled_from(
    "i we my the paper it this reviewer 2 would not accept reject weak if rating confidence of 4 5/5 is and , . ? : "
    'give recommend acceptance rejection between make that to record " based on says should think'.split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(WORDS, max_size=25).map(" ".join)), st.booleans())
def test_any_text_gives_nothing_or_something_said(text, decided):
    found = find_decision(text, decided)
    assert found is None or (found.note and found.note.split()[0] in text)
    if found is not None:
        assert all(v is None or 0 <= v <= 10 for v in (found.rating, found.confidence))


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS.filter(lambda w: w not in ".?"), max_size=25).map(" ".join), st.booleans())
def test_a_question_never_states(text, decided):
    assert find_decision(f"{text}?", decided) is None
