"""A net, data set, device or method that a question names and nothing told speaks of: said first."""

from dataclasses import replace

import pytest

from agent.answering.named import names_asked, opened
from agent.answering.parts import quote
from agent.gathered import Gathered, Searched
from knowledge.types import Hit
from tests.agent.answering.files import R2, R3, SPLIT, desk, passage, request

CIFAR = passage("cifar", "On CIFAR-10 it keeps 94 % with ResNet-32.", "paper")
VGG = passage("vgg", "For VGG-16 of Huang and Wang the table gives 69 %.", "response")
HUFFMAN = passage("huffman", "Huffman coding follows.", "paper")


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("What is its accuracy on CIFAR-100?", ["CIFAR-100"]),
        ("how does it do on bert or imagenet?", ["bert", "imagenet"]),
        ("How fast is it on an A100 or a Jetson Nano?", ["A100", "Jetson Nano"]),
        ("Does it beat SparseGPT and AdaRound?", ["SparseGPT", "AdaRound"]),
        ("Does it use Huffman coding with QAT?", ["Huffman", "QAT"]),
        ("Does it work for LSTMs?", ["LSTM"]),
        ("Does anyone compare Tern with Skua?", ["Skua"]),
        ("What do W3 and Q2 say of Fc2 in Table 2?", []),
        ("Does Reviewer 2 think that Tern is NOT ready?", []),
        ("IS THE NOVELTY LIMITED?", []),
        ("What about the Novelty at ICLR?", []),
    ],
)
def test_what_a_message_names(message, names):
    assert names_asked(message, desk(), request(message)) == names


def answer(text, intent, told, *found, reviewers=()):
    hits = tuple(Hit(p, 0.5) for p in found)
    held = Gathered((Searched({"query": "q", "submission": "tern"}, hits),), (SPLIT,))
    written = [quote(p) for p in told]
    return [s.text for s in opened(request(text, intent, reviewers=reviewers), written, held, desk())]


def test_what_nothing_found_speaks_of_is_said_first():
    lines = answer("What is its accuracy on CIFAR-100?", "evaluation", [CIFAR], CIFAR)
    assert lines[0] == "Nothing found speaks of CIFAR-100." and "94 %" in lines[2]


def test_beside_a_name_that_is_told_the_answer_stays():
    lines = answer("On CIFAR-10, does it beat SparseGPT?", "evaluation", [CIFAR], CIFAR)
    assert lines[0] == "Nothing found speaks of SparseGPT." and "94 %" in lines[1]


def test_what_was_found_and_not_told_is_told():
    lines = answer("Does it use Huffman coding?", "evaluation", [CIFAR], CIFAR, HUFFMAN)
    assert "Huffman coding follows" in lines[0] and "94 %" in lines[1]


def test_what_others_wrote_is_no_word_of_a_reviewer():
    stale = next(p for p in SPLIT.passages if p.id == "stale")
    lines = answer("What did R2 say about ImageNet?", "reviewer", [stale], reviewers=(R2,))
    assert lines[0] == "Nothing that Reviewer 2 wrote speaks of ImageNet." and "ImageNet" in lines[2]
    lines = answer("What did R2 say about BERT?", "reviewer", [stale], reviewers=(R2,))
    assert lines[0] == "Nothing that Reviewer 2 wrote speaks of BERT." and "incremental" in lines[2]
    own = next(p for p in SPLIT.passages if p.id == "imagenet")
    assert len(answer("What did R3 say about ImageNet?", "reviewer", [own], reviewers=(R3,))) == 1


def test_what_is_told_of_others_work_is_no_result_of_the_paper():
    asked = "Since the authors ran it on VGG, what accuracy did they get?"
    assert answer(asked, "evaluation", [VGG], VGG)[0].startswith("What is told of VGG here is others' work")
    ours = replace(VGG, id="ours", text="On VGG-16 it keeps 70 %.")
    assert answer(asked, "evaluation", [ours], ours)[0] == quote(ours).text


def test_other_questions_are_left_as_they_are():
    assert answer("Should I accept it though BERT is missing?", "recommendation", [CIFAR]) == [quote(CIFAR).text]
