"""Which papers a message names."""

import pytest

from agent.desk import Desk, Paper
from agent.mentions import find_papers

BIT = Paper("paper-1", "And the Bit Goes Down: Revisiting the Quantization of Networks", (), ())
TERN = Paper("paper-2", "Tern: Pruning by Tides", (), ())
LONG = Paper("paper-3", "One Two Three Four Five Six Seven Eight Nine: A Title", (), ())
DESK = Desk((BIT, TERN, LONG), None, ())


@pytest.mark.parametrize(
    ("text", "named", "bare"),
    [
        (
            "who grumbles about running time in And the Bit Goes Down?",
            ("paper-1",),
            "who grumbles about running time in ?",
        ),
        ("and the bit goes down, then tern: any ethics flags?", ("paper-1", "paper-2"), ", then : any ethics flags?"),
        ("does the bit go down with eight clusters?", (), "does the bit go down with eight clusters?"),
        ("one two three four five six seven eight nine", (), "one two three four five six seven eight nine"),
    ],
)
def test_a_paper_is_named_by_what_stands_before_the_colon_of_its_title(text, named, bare):
    assert find_papers(text, DESK) == (named, bare)
