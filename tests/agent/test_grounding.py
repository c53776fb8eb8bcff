"""Answers made false on purpose: a number, a unit, a rating, a reviewer, a quotation, a name - each is struck and said."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checks import check_numbers
from agent.desk import Paper, Reviewer
from agent.draft import DraftSentence, Pieces, parse, write
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
OWN = passage(
    "We test on CIFAR-10.\nThe accuracy of our method is 57.26 %. The size falls by 3.65 % to 98.42 %.", "own", "paper"
)
FACTOR = passage("Integral Pruning cuts operations 12-14x.", "factor", checked=True)
DOUBT = passage("I doubt that the method is new. The authors claim a large gain.", "doubt", "review", "AnonReviewer2")
REPLY = passage(
    "Group pruning would need another cost model.", "reply", "response", "Authors", addressee="AnonReviewer1"
)
PASSAGES = {p.id: p for p in (NOTE, UNCHECKED, SCORES, POINT, RELAYED, OWN, FACTOR, DOUBT, REPLY)}
RUN = (
    "Claim: ExactOBS is better on ImageNet. Outcome: supported. ExactOBS 91.97 % against magnitude pruning 17.55 %, difference"
    " +74.43 points, interval (+70.10 to +78.76), 5 seeds. Scope: no statement about ImageNet-scale networks."
)
LOST = "Outcome: contradicted. OBQ 90.10 % against round-to-nearest 93.57 %, difference -3.47 points, 5 seeds."
OPEN = "Outcome: inconclusive. ExactOBS 91.97 % against magnitude pruning 91.55 %, difference +0.42 points, 5 seeds."
RUNS = {"abcdef123456": RUN, "fedcba987654": LOST, "0123abcd4567": OPEN}


def grounded(markup, trusted=False):
    evidence = Evidence(PASSAGES, RUNS)
    return ground(parse(markup), evidence, IPAW, model="m", submission="integral-pruning", trusted=trusted)


@pytest.mark.parametrize(
    "true",
    [
        "Integral Pruning leaves 13.7 % of the MACs of ResNet-32 on CIFAR-10. [p:note]",
        "On CIFAR-10 the accuracy of the wide ResNet-32 falls by 0.43 points. [p:note]",
        "AnonReviewer2 gives a rating of 5 with confidence 4. [p:scores]",
        "AnonReviewer2 finds limited novelty in a simple approach. [p:point]",
        'AnonReviewer2 speaks of "a simple approach with limited novelty". [p:point]',
        "Compound compression cuts operations about 12x at a drop of about 2 %. [p:unchecked]",
        "{run} The check supported it: +74.43 points over 5 seeds. [run:abcdef123456]",
        "{abstention} The sources do not say which GPU was used.",
        "{judgement} The novelty concern weighs more, as AnonReviewer2 holds to it. [p:point]",
        "You're welcome!",
        "The accuracy of our method is 57.26 %. [p:own]",
        "We test on CIFAR-10. [p:own]",
        "Integral Pruning cuts operations 12-14x. [p:factor]",
        "The authors say that group pruning would need another cost model. [p:reply]",
        "In reply to AnonReviewer1, group pruning would need another cost model. [p:reply]",
        "The authors claim a large gain, says AnonReviewer2. [p:doubt]",
        "AnonReviewer2 rates it marginally below the acceptance threshold. [p:scores]",
        "{run} The run confirms it: 91.97 % against 17.55 %, an interval of 70.10 to 78.76. [run:abcdef12]",
        "{run} It was tested on a small net and makes no statement about ImageNet-scale networks. [run:abcdef12]",
        "{run} It does not hold: the difference is -3.47 points. [run:fedcba98]",
        "{run} The claim is wrong here, by 3.47 points. [run:fedcba98]",
        "{abstention} No reply of the authors is on record.",
        "{abstention} The record holds nothing on this.",
        "{abstention} There is no information on energy in the sources.",
        "{abstention} This is not stated in the sources.",
        "I could not find this in the passages.",
        "The reviews do not mention energy.",
        "{abstention} The sources do not report whether the method beats ImageNet baselines.",
        "{smalltalk} Hello! How can I help you with the paper?",
        "Here are the main points:\n- AnonReviewer2 finds limited novelty in a simple approach. [p:point]",
        "Sure, I can look into that.",
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
        ("{run} The check contradicted it. [run:abcdef123456]", "contradicted"),
        ("{run} The check supported it by +99 points. [run:abcdef123456]", "99"),
        ("{run} The check supported it. [run:feed]", "does not hold"),
        ("{judgement} AnonReviewer2 gave it a rating of 9. [p:scores]", "9"),
        ("{judgement} AnonReviewer1 would accept it.", "no citation"),
        ("{smalltalk} AnonReviewer1 loved it.", "without a citation"),
        ("As an AI language model, I cannot give opinions.", "speaker"),
        ("Our method leaves 13.7 % of the MACs. [p:note]", "speaker"),
        ("The size falls by 36.5 % to 98.42 %. [p:own]", "36.5"),
        ("The size falls by 3.65 % to 9.842 %. [p:own]", "9.842"),
        ("42 %. [p:own]", "42"),
        ("Integral Pruning cuts operations 2-14x. [p:factor]", "2"),
        ("Integral Pruning cuts operations 12-99x. [p:factor]", "99"),
        ("{smalltalk} The method reaches 99.9 % top-1 on ImageNet and beats every baseline.", "number"),
        ("{smalltalk} The method beats every baseline.", "without a citation"),
        ("{smalltalk} What an excellent paper!", "without a citation"),
        ("{smalltalk} Glad to help with ImageNet.", "names"),
        ("{smalltalk} The method is groundbreaking and beats all others. [p:note]", "does not speak"),
        ("{abstention} It reaches only 12 % accuracy.", "number"),
        ("{abstention} It reaches a low accuracy only.", "silent"),
        ("{abstention} The authors never compare.", "silent"),
        ("{abstention} The reviewers found no weakness.", "silent"),
        ("{abstention} The method on record does not give a gain.", "silent"),
        ("{abstention} The method is not novel in the sources.", "silent"),
        ("{abstention} The sources do not say so, but the method beats every baseline.", "without a citation"),
        ("{abstention} The sources do not say so but it fails on ImageNet.", "names"),
        ("{abstention} The record holds no praise by AnonReviewer1.", "reviewer"),
        ("Certainly, the method beats every baseline on ImageNet and is novel.", "citation"),
        ("Of course, reviewers agree that the paper is excellent.", "citation"),
        ("The paper never compares with any baseline.", "citation"),
        ("AnonReviewer1 says: Group pruning would need another cost model. [p:reply]", "AnonReviewer1"),
        ("AnonReviewer1: Group pruning would need another cost model. [p:reply]", "AnonReviewer1"),
        ("According to AnonReviewer1, group pruning would need another cost model. [p:reply]", "AnonReviewer1"),
        ("AnonReviewer1 answers that group pruning would need another cost model. [p:reply]", "AnonReviewer1"),
        ("Authors: I doubt that the method is new. [p:doubt]", "authors"),
        ("The authors admit that Integral Pruning is a simple approach of limited novelty. [p:point]", "authors"),
        ("The method is new. [p:doubt]", "leaves out the doubt"),
        ("AnonReviewer2 recommends strong accept. [p:scores]", "strong accept"),
        ("AnonReviewer2 gives it a strong reject. [p:scores]", "strong reject"),
        ("AnonReviewer2 gives it a weak accept. [p:scores]", "weak accept"),
        ("AnonReviewer2 recommends to accept it. [p:scores]", "accept"),
        ("{judgement} AnonReviewer2 recommends strong accept. [p:scores]", "strong accept"),
        ("AnonReviewer2 praises the novelty. [p:scores]", "does not speak"),
        ("AnonReviewer2 praises the novelty with a rating of 5. [p:scores]", "does not speak"),
        ("{run} The difference is +3.47 points. [run:fedcba98]", "+3.47"),
        ("{run} The difference is -74.43 points. [run:abcdef12]", "-74.43"),
        ("{run} The interval is 70.10-99.76. [run:abcdef12]", "99.76"),
        ("{run} The run confirms the claim. [run:fedcba98]", "confirms"),
        ("{run} The claim holds. [run:fedcba98]", "holds"),
        ("{run} The claim is true. [run:fedcba98]", "true"),
        ("{run} It proves the authors right. [run:fedcba98]", "proves"),
        ("{run} The claim is not supported. [run:abcdef12]", "not supported"),
        ("{run} The run refutes the claim. [run:abcdef12]", "refutes"),
        ("{run} The claim is wrong. [run:abcdef12]", "wrong"),
        ("{run} The check supported it on ImageNet with ResNet-50. [run:abcdef12]", "ImageNet"),
        ("{run} The check supported it for BERT. [run:abcdef12]", "BERT"),
        ("{run} The check supported it for all networks. [run:abcdef12]", "all networks"),
        ("{run} It does not hold on ImageNet. [run:fedcba98]", "ImageNet"),
        ("{run} The check supported it. [run:abcdef1]", "does not hold"),
        ("{run} OBQ did better than round-to-nearest. [run:fedcba98]", "round-to-nearest the better"),
        ("{run} Round-to-nearest was worse than OBQ here. [run:fedcba98]", "round-to-nearest the better"),
        ("{run} Magnitude pruning outperforms ExactOBS in the run. [run:abcdef12]", "ExactOBS the better"),
        ("{run} ExactOBS loses more accuracy. [run:abcdef12]", "ExactOBS the better"),
        ("{run} ExactOBS beats magnitude pruning. [run:0123abcd]", "beats"),
        ("Integral Pruning cuts operations twenty-fold. [p:factor]", "20"),
        ("Compound compression cuts operations about thirty times for a drop of about 2 %. [p:unchecked]", "30"),
        ("The accuracy is not given in the text, but the method beats every baseline.", "without a citation"),
        ("If you have doubts, the method beats every baseline.", "citation"),
        ("{judgement} The novelty is limited and the experiments are poor.", "no citation"),
        ("In my view the paper fails to compare with any baseline.", "no citation"),
        ("Overall, I think the method makes networks twelve times smaller.", "no citation"),
    ],
)
def test_what_no_passage_bears_is_struck_and_said(false, reason):
    answer = grounded(false)
    assert not any(s.kind in ("fact", "run", "judgement", "smalltalk") and s.text in false for s in answer.sentences)
    assert reason in " ".join(answer.struck)


@pytest.mark.parametrize(
    "said",
    [
        "{run} ExactOBS did better than magnitude pruning. [run:abcdef12]",
        "{run} Magnitude pruning loses more accuracy than ExactOBS. [run:abcdef12]",
        "{run} OBQ is not better than round-to-nearest. [run:fedcba98]",
        "{run} OBQ was behind round-to-nearest. [run:fedcba98]",
        "Compound compression cuts operations about twelve times for a drop of about 2 %. [p:unchecked]",
        "{judgement} I lean to reject.",
        "The answer to this concern is not provided in the given text.",
        "If you have other questions, feel free to ask.",
        "I would recommend a weak reject, but it could go either way.",
        "AnonReviewer2 gives a rating of 5. [p:scores]",
    ],
)
def test_what_is_borne_or_only_advised_stands(said):
    assert not grounded(said).struck


def test_a_bare_place_is_no_sentence():
    answer = grounded("Table 1. [p:note]\nIntegral Pruning cuts operations 12-14x. [p:factor]")
    assert [s.text for s in answer.sentences] == ["Integral Pruning cuts operations 12-14x."] and not answer.struck


def test_the_program_s_own_courtesy_stands_only_when_it_is_trusted_and_tagged():
    own = (
        "{smalltalk} Recorded as your decision: weak accept, rating 6, confidence 4.",
        "{smalltalk} Plan: OBQ against round-to-nearest, 2 bits, on a small CNN on MNIST, 5 seeds.",
        "{abstention} AnonReviewer1's review does not speak of this.",
    )
    for line in own:
        assert grounded(line).struck
        assert not grounded(line, trusted=True).struck
    assert grounded("Certainly, the method beats every baseline on ImageNet.", trusted=True).struck
    assert grounded("Integral Pruning leaves 12.7 % of the MACs. [p:note]", trusted=True).struck


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


CODED = Paper("reef", "Reef", (), tuple(Reviewer(name) for name in ("Reviewer 9bQd", "Reviewer P4nn", "Reviewer 2")))


def test_a_name_that_begins_with_a_digit_is_no_number_and_who_is_replied_to_does_not_speak():
    said = passage("The tide is low.", "said", "review", "Reviewer 9bQd", origin="record")
    told = passage("We timed the tide.", "told", "response", "Authors", addressee="Reviewer P4nn", origin="record")

    def kept(markup):
        answer = ground(parse(markup), Evidence({"said": said, "told": told}), CODED, model="m", submission="reef")
        return not answer.struck

    assert kept("- Reviewer 9bQd: “The tide is low.” [p:said]")
    assert not kept("Reviewer 9bQd finds 9 tides low. [p:said]")
    assert kept("- Authors to Reviewer P4nn: “We timed the tide.” [p:told]")
    assert not kept("- Reviewer P4nn: “We timed the tide.” [p:told]")
    assert not kept("- Authors to Reviewer 2: “We timed the tide.” [p:told]")


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


PIECES = st.sampled_from(
    [
        "It holds",
        " ",
        "  ",
        "[p:a1]",
        "[ run : f00 ]",
        "{judgement} ",
        "{run}",
        ".",
        "\n",
        "- ",
        "[sic]",
        "f(x) {Z}",
        "[p",
        "{fact",
    ]
)


@given(st.lists(PIECES, max_size=14), st.data())
def test_what_is_whole_while_writing_does_not_depend_on_how_it_is_cut(pieces, data):
    marked = "".join(pieces) + " end.\nAnother"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(marked)), max_size=8)))
    ends = [0, *cuts, len(marked)]
    written = Pieces()
    whole = "".join(written.add(marked[a:b]) for a, b in pairwise(ends))
    assert marked.startswith(whole) and whole == Pieces().add(marked)


def test_sentences_are_whole_once_their_markers_and_their_line_are():
    written = Pieces()
    marked = "It holds. [p:a1] So it is [p:b2]. And\nso on:\n- one [p:c3]\n[p:d4]\n{judgement} A. [p:a] B.\nlast"
    held = [piece for letter in marked if (piece := written.add(letter))]
    assert held == [
        "It holds. [p:a1] ", "So it is [p:b2]. ", "And\n", "so on:\n- one [p:c3]\n[p:d4]\n", "{judgement} A. [p:a] B.\n",
    ]  # fmt: skip
    whole, apart = parse(marked), [s for piece in [*held, "last"] for s in parse(piece)]
    assert [(s.text, s.passages, s.kind) for s in apart] == [(s.text, s.passages, s.kind) for s in whole]


def test_a_reviewers_name_that_begins_with_a_digit_is_no_number():
    source = passage("The proof of the lemma is unclear.", "p9", "review", "Reviewer 9wEr")
    assert check_numbers("Reviewer 9wEr finds the proof of the lemma unclear.", [source]) is None
    assert check_numbers("Reviewer 9wEr finds 9 proofs unclear.", [source]) is not None
