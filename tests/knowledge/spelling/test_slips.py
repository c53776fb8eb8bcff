"""Likely slips: found at exact offsets with a proposal, and no right word taken for one."""

import re

import pytest

from benchmarks.planted_slips import planted, without_slips
from knowledge.chunking import split_document
from knowledge.readers.plain import read_plain
from knowledge.spelling import find_slips
from knowledge.types import Passage


def passages(text: str) -> list[Passage]:
    part = read_plain(text.encode(), "paper.md", None, "paper")
    return [passage for document in part.documents for passage in split_document(document)]


def found(body: str, elsewhere=lambda word: False) -> list[tuple[str, str]]:
    text = f"# A Paper on Saltwort\n\n## Abstract\n\n{body}\n"
    return [(slip.word, slip.proposal) for slip in find_slips(passages(text), elsewhere)]


def test_planted_slips_are_found_and_the_paper_without_them_has_none():
    text, slips = planted()
    proposed = {slip.word: slip.proposal for slip in find_slips(passages(text))}
    hit = [(word, meant) for word, meant in slips if proposed.get(word, "").lower() == meant.lower()]
    assert len(slips) > 40 and len(hit) >= 0.9 * len(slips)
    assert set(proposed) <= {word for word, _ in slips}
    assert find_slips(passages(without_slips())) == ()


def test_a_slip_stands_at_its_offsets_in_passage_and_document():
    text, _ = planted()
    part = read_plain(text.encode(), "paper.md", None, "paper")
    (document,) = part.documents
    held = {passage.id: passage for passage in split_document(document)}
    for slip in find_slips(list(held.values())):
        place = held[slip.passage].locator
        assert document.text[slip.start : slip.end] == slip.word
        assert place.start <= slip.start < slip.end <= place.end
        assert slip.word in slip.sentence and slip.sentence in held[slip.passage].text


@pytest.mark.parametrize(
    "body",
    [
        "The optimiser minimises the quantisation error; the neighbouring centres are colour-coded.",
        "We use sparsifiers, unprunable subnetworks, dequantized logits and a lookup per bitplane.",
        "Following Hubarra and Denill, the SqueezzeNet model runs on an Armhf board.",
        "The value $performence_i$ and \\emph{acuracy} follow `retrianing` at https://example.org/algoritm and a_wieght.",
        "The packages “lmodern” and “ltimes” set the type.",
        "It is fixed a priori. The fact that that bound holds is known.",
        "Donec auctor varius metus felis congue risus tempor lacinia, massa pretium nulla vitae.",
        "The shirnk step comes first. A shirnk of one bit is free. Each shirnk is cheap.",
        "It holds iff Ju-Guo Liu and Gregory D. Hager say so.",
        "The quanti- zation of the weigths2 layer.",
    ],
)
def test_what_is_no_slip(body):
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "slip"),
    [
        ("We report the performence of the network.", ("performence", "performance")),
        ("Acuracy drops by a point.", ("Acuracy", "Accuracy")),
        ("The rate of of the layer is low.", ("of of", "of")),
        ("The model and it's performance are stable.", ("it's", "its")),
        ("This is better then the baseline.", ("then", "than")),
        ("The fine-tunning takes an hour.", ("tunning", "tuning")),
        ("The preceeding layer is frozen.", ("preceeding", "preceding")),
        ("It doesnt converge.", ("doesnt", "doesn't")),
    ],
)
def test_what_is_one(body, slip):
    assert found(body) == [slip]


def test_a_word_that_others_write_is_none():
    body = "We report the performence of the network."
    assert found(body, elsewhere=lambda word: word == "performence") == []


def test_references_and_authors_are_not_looked_at():
    text = "# Saltwort\n\nJohan Performence\n\n## Abstract\n\nA short text.\n\n## References\n\nA. Nobody. The performence of nets. 2019.\n"
    assert find_slips(passages(text)) == ()


def test_the_same_sentence_twice_is_told_once():
    body = "We report the performence of the network."
    text = f"# Saltwort\n\n## Abstract\n\n{body}\n"
    twice = [*passages(text), *passages(text.replace("Saltwort", "Saltworts"))]
    assert len(find_slips(twice)) == 1


def test_no_term_of_ours_is_written_twice_or_badly():
    from knowledge.spelling.lexicon import TERMS

    words = [w for line in TERMS.read_text("utf-8").splitlines() if not line.startswith("#") for w in line.split()]
    assert len(words) == len(set(words)) > 500
    assert all(re.fullmatch(r"[a-z]+\d*", word) for word in words)
