"""Names, settings and quantities are the same in whatever spelling; another member of a family is not."""

import pytest

from agent.terms import Term, conflict, holds, terms_in


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("at 3 bits", "3-bit weights"),
        ("R50", "ResNet-50"),
        ("the ResNet", "ResNet-32 on CIFAR"),
        ("at 45 %", "45.2 % of the FLOPs"),
        ("how fast", "latency in ms"),
        ("how much smaller", "a file of 12 MB"),
        ("8 layers", "in 8 layers"),
        ("ViT-L", "ViT-L, 2:4"),
        ("the layer of 4096 by 1000", "layer F3 (4096x1000)"),
        ("corrupted", "Corruptions, severity 3"),
    ],
)
def test_the_same_by_another_spelling(asked, held):
    assert all(holds(terms_in(held), term) for term in terms_in(asked))


@pytest.mark.parametrize(
    ("asked", "held"), [("3 bits", "2-bit weights"), ("ResNet-18", "ResNet-50"), ("70 %", "at 50 %"), ("R18", "R50")]
)
def test_another_of_the_family_contradicts(asked, held):
    assert any(conflict(term, terms_in(held)) for term in terms_in(asked) if term.hard)


def test_both_settings_named_is_no_contradiction():
    assert not conflict(Term("bit", 3.0), terms_in("2 bits and 3 bits"))
