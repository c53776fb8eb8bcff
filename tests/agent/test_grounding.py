"""Answers made false on purpose: a number, a unit, a rating, a reviewer, a quotation, a name - each is struck and said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.draft import DraftSentence, parse, strip_markers, write
from agent.grounding import Evidence, best_quote, ground
from tests.agent.desks import IPAW, passage

NOTE = passage(
    "Integral Pruning leaves 13.7 % of the MACs of the wide ResNet-32 on CIFAR-10, at an accuracy 0.43 points lower.",
    "note", where="Table 1", checked=True,
)  # fmt: skip
UNCHECKED = passage(
    "Compound compression cuts operations about 12-fold for a drop of about 2 %.",
    "unchecked",
    checked=False,
    where="Fig. 3",
)
SCORES = passage(
    "Rating: 5 (Marginally below acceptance threshold; 1 to 10)\nConfidence: 4 (Confident; 1 to 5)",
    "scores",
    "review",
    "AnonReviewer2",
    section="Scores",
)
POINT = passage(
    "AnonReviewer2 sees Integral Pruning as a simple approach with limited novelty.",
    "point",
    "review",
    "AnonReviewer2",
    section="Weaknesses",
)
RELAYED = passage("A reviewer is said to miss a comparison with joint methods.", "relayed", "relayed")
PASSAGES = {p.id: p for p in (NOTE, UNCHECKED, SCORES, POINT, RELAYED)}
RUN = "Outcome: supported. ExactOBS 91.97 % against magnitude pruning 17.55 %, difference +74.43 points, 5 seeds."


def grounded(markup):
    return ground(
        parse(markup), Evidence(PASSAGES, {"abcdef123456": RUN}), IPAW, model="m", submission="integral-pruning"
    )


@pytest.mark.parametrize(
    "true",
    [
        "Integral Pruning leaves 13.7 % of the MACs of ResNet-32 on CIFAR-10. [p:note]",
        "On CIFAR-10 the accuracy of the wide ResNet-32 falls by 0.43 points. [p:note]",
        "AnonReviewer2 gives a rating of 5 with confidence 4. [p:scores]",
        "AnonReviewer2 finds limited novelty in a simple approach. [p:point]",
        'AnonReviewer2 speaks of "a simple approach with limited novelty". [p:point]',
        "Compound compression cuts operations about 12x at a drop of about 2 %. [p:unchecked]",
        "{run} The check supported it: +74.43 points over 5 seeds. [run:abcdef]",
        "{abstention} The sources do not say which GPU was used.",
        "{judgement} The novelty concern weighs more, as AnonReviewer2 holds to it. [p:point]",
        "You're welcome!",
    ],
)
def test_what_the_passages_bear_stands(true):
    answer = grounded(true)
    assert not answer.struck
    assert answer.sentences


@pytest.mark.parametrize(
    ("false", "reason"),
    [
        ("Integral Pruning leaves 12.7 % of the MACs of ResNet-32 on CIFAR-10. [p:note]", "12.7"),
        ("Integral Pruning makes MACs of ResNet-32 13.7x fewer on CIFAR-10. [p:note]", "another unit"),
        (
            "Compound compression makes the model size about 12x smaller, for a drop of about 2 %. [p:unchecked]",
            "another quantity",
        ),
        ("AnonReviewer2 gives a rating of 6 with confidence 4. [p:scores]", "6"),
        ("AnonReviewer2 gives a rating of 4 with confidence 5. [p:scores]", "is not the"),
        ("AnonReviewer3 sees Integral Pruning as a simple approach with limited novelty. [p:point]", "AnonReviewer3"),
        ("AnonReviewer7 sees Integral Pruning as a simple approach. [p:point]", "AnonReviewer7"),
        ("All three reviewers see Integral Pruning as a simple approach with limited novelty. [p:point]", "cited"),
        ('AnonReviewer2 calls it "a groundbreaking approach with great novelty". [p:point]', "quotation"),
        ("Integral Pruning leaves 13.7 % of the MACs of VGG-16 on CIFAR-10. [p:note]", "VGG-16"),
        (
            "AnonReviewer2 does not see Integral Pruning as a simple approach with limited novelty. [p:point]",
            "opposite",
        ),
        ("The authors promise to open their laboratory to visitors from abroad. [p:note]", "does not speak"),
        ("Integral Pruning is evaluated on many networks.", "no citation"),
        ("Integral Pruning is evaluated on many networks. [p:invented]", "no citation"),
        ("{run} The check contradicted it. [run:abcdef]", "contradicted"),
        ("{run} The check supported it by +99 points. [run:abcdef]", "99"),
        ("{run} The check supported it. [run:feed]", "does not hold"),
        ("{judgement} AnonReviewer2 gave it a rating of 9. [p:scores]", "9"),
        ("{judgement} AnonReviewer1 would accept it.", "no citation"),
        ("{smalltalk} AnonReviewer1 loved it.", "without a citation"),
        ("As an AI language model, I cannot give opinions.", "speaker"),
        ("Our method leaves 13.7 % of the MACs. [p:note]", "speaker"),
    ],
)
def test_what_no_passage_bears_is_struck_and_said(false, reason):
    answer = grounded(false)
    assert not any(s.kind in ("fact", "run", "judgement", "smalltalk") and s.text in false for s in answer.sentences)
    assert reason in " ".join(answer.struck)


def test_when_nothing_stands_the_nearest_passages_are_shown():
    answer = grounded("It is 99 % faster. [p:note]")
    assert answer.sentences[0].kind == "abstention"
    assert any(s.citations for s in answer.sentences[1:])


def test_caveats_travel():
    answer = grounded(
        "Compound compression cuts operations about 12-fold for a drop of about 2 %. [p:unchecked]\nA reviewer is said to miss a comparison with joint methods. [p:relayed]"
    )
    assert answer.sentences[0].text.endswith("(not checked at the source).")
    assert answer.sentences[1].text.endswith("(relayed, not on record).")


def test_scores_of_two_reviewers_in_one_sentence_go_with_their_names():
    other = passage(
        "Rating: 4 (Not good enough; 1 to 10)\nConfidence: 3 (Fairly; 1 to 5)",
        "other",
        "review",
        "AnonReviewer1",
        section="Scores",
    )
    evidence = Evidence({**PASSAGES, "other": other})
    right = "AnonReviewer1 gives a rating of 4 and AnonReviewer2 a rating of 5. [p:scores][p:other]"
    wrong = "AnonReviewer1 gives a rating of 5 and AnonReviewer2 a rating of 4. [p:scores][p:other]"
    assert not ground(parse(right), evidence, IPAW, model="m", submission=None).struck
    assert ground(parse(wrong), evidence, IPAW, model="m", submission=None).struck


@given(
    st.lists(
        st.tuples(st.text("abc XYZ019.", min_size=1, max_size=40), st.sampled_from(sorted(PASSAGES)), st.booleans()),
        max_size=6,
    )
)
def test_no_fact_ever_stands_without_a_resolved_citation(lines):
    markup = "\n".join(f"{'- ' if bullet else ''}{text} [p:{identity}]" for text, identity, bullet in lines)
    answer = grounded(markup)
    for s in answer.sentences:
        assert s.kind != "fact" or s.citations
        for key in s.citations:
            citation = answer.citations[key]
            assert citation.quote in citation.text


@given(st.text(min_size=1, max_size=200), st.text(max_size=80))
def test_a_quote_is_always_in_its_passage(text, sentence):
    assert best_quote(text, sentence) in text


def test_markers_on_a_line_bear_the_sentences_before_them():
    first, second, third = parse("One thing. Another thing. [p:a] A third. [p:b]")
    assert (first.passages, second.passages, third.passages) == (("a",), ("a",), ("b",))


def test_a_draft_survives_writing_and_parsing():
    draft = (
        DraftSentence("A fact of 76.1 %.", ("a", "b"), (), "fact", 0, True),
        DraftSentence("A weighing.", ("a",), (), "judgement", 0, False, True),
        DraftSentence("What a run says.", (), ("f00",), "run", 1, False, True),
    )
    read = parse(write(draft))
    assert [(s.text, s.passages, s.runs, s.kind, s.paragraph, s.bullet) for s in read] == [
        (s.text, s.passages, s.runs, s.kind, s.paragraph, s.bullet) for s in draft
    ]


def test_markers_are_not_shown_while_writing():
    assert strip_markers("{judgement} It holds [p:a1].[run:x]") == "It holds ."
