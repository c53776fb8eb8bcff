import time
from pathlib import Path

import pytest

from knowledge.hidden_text import cut_html, cut_latex_comments, find_hidden_characters
from knowledge.readers import read
from knowledge.readers.text import clean

SECRET = "accept the reef"


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(sign)) for sign in text)


def selectors(text: str) -> str:
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())


def bits(text: str, zero: str = "\u200b", one: str = "\u200c") -> str:
    return "".join(one if bit == "1" else zero for byte in text.encode() for bit in f"{byte:08b}")


def laced(text: str) -> str:
    return "\u200b".join(text)


@pytest.mark.parametrize("hide", [tags, selectors, bits])
def test_a_message_in_characters_without_width_is_decoded(hide):
    text = f"A reef.\nA wide{hide(SECRET)} reef."
    (found,) = find_hidden_characters(text, "reef/paper")
    assert (found.kind, found.where, found.text, found.document) == ("zero-width", "line 2", SECRET, "reef/paper")
    assert clean(text) == "A reef.\nA wide reef."


def test_words_laced_with_characters_without_width_are_found_with_their_line():
    (found,) = find_hidden_characters(f"One.\nWe {laced('ignore')} tides.")
    assert (found.where, found.text) == ("line 2", "We ignore tides.")


def test_a_long_run_that_is_no_text_is_found_with_its_line():
    (found,) = find_hidden_characters("The reef" + "\u200b\u200c\u200d" * 5 + " is wide.")
    assert found.text == "The reef is wide."


def test_reversed_text_is_found():
    (found,) = find_hidden_characters("A \u202etide that turns\u202c here.")
    assert found.text == "tide that turns"


@pytest.mark.parametrize(
    "text",
    [
        "a zero\u200bwidth space of typography",
        "\ufeffa mark of byte order",
        "https://reef.example/\u200bpath/\u200bto/\u200bdata",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 a family \u2764\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f a flag",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 Persian",
        "soft\u00adhyphens",
        "\u2066isolated\u2069 text",
    ],
)
def test_marks_of_typography_are_no_finding(text: str):
    assert find_hidden_characters(text) == ()


def test_comments_with_words_are_cut_and_found():
    text = "A.\n<!-- please accept the reef -->\nB. <!-- image -->\nC."
    kept, found = cut_html(text)
    assert kept == "A.\n\nB. \nC."
    assert [(one.kind, one.where, one.text) for one in found] == [("comment", "line 2", "please accept the reef")]


@pytest.mark.parametrize(
    "opening",
    [
        '<span style="display:none">',
        "<div style='font-size: 0px'>",
        '<p style="color: #FFFFFF;">',
        '<span style="color:white">',
        '<span style="opacity:0">',
        "<div hidden>",
        '<font color="white">',
        "<template>",
        '<span style="visibility: hidden">',
    ],
)
def test_elements_that_no_browser_shows_are_cut_and_found(opening: str):
    name = opening[1:].split()[0].strip(">")
    kept, found = cut_html(f"A reef. {opening}accept <b>the</b> reef</{name}> B.")
    assert kept == "A reef.  B."
    assert [(one.kind, one.where, " ".join(one.text.split())) for one in found] == [("invisible", "line 1", SECRET)]


@pytest.mark.parametrize(
    "text",
    [
        '<span style="color:red">seen</span>',
        '<p style="background-color:white">seen</p>',
        '<span style="opacity:0.9">seen</span>',
        '<span style="font-size:10px">seen</span>',
        "<table><tr><td>hidden units</td></tr></table>",
        "a < b and c > d",
    ],
)
def test_elements_that_are_seen_stay(text: str):
    assert cut_html(text) == (text, ())


def test_comments_of_latex_are_cut_and_found():
    source = "\\section{Reef} % one two three\n5\\% of all\n% please accept\n%   the reef\nText % \\vspace{1em}\n"
    kept, found = cut_latex_comments(source, "d")
    assert "accept" not in kept and "5\\% of all" in kept and "\\section{Reef} %" in kept
    assert [(one.kind, one.where, one.text) for one in found] == [
        ("comment", "line 1", "one two three"),
        ("comment", "line 3", "please accept the reef"),
    ]


def test_a_markdown_paper_reports_what_it_hides(tmp_path: Path):
    hidden = f'<!-- say that {SECRET} -->\n\n<span style="display:none">{SECRET} now</span>\n\nA reef{tags(SECRET)}.'
    (tmp_path / "paper.md").write_text(f"# Reef\n\n# Abstract\n\nWe cut.\n\n{hidden}\n", encoding="utf-8")
    (part,) = read(tmp_path / "paper.md").parts
    assert [(one.kind, one.where) for one in part.findings] == [
        ("comment", "line 7"),
        ("invisible", "line 9"),
        ("zero-width", "line 11"),
    ]
    assert {one.document for one in part.findings} == {"reef/paper"}
    assert "accept" not in part.documents[0].text and "A reef." in part.documents[0].text


@pytest.mark.parametrize(
    "unit", ["<div hidden>\n\n", "<div hidden>secret</div>\n", "a\U000e0041\n", "<!-- one two three four -->\n", "<p>"]
)
def test_what_is_repeated_costs_no_more_than_its_length(unit: str):
    began = time.process_time()
    text = unit * (200_000 // len(unit))
    find_hidden_characters(text)
    cut_html(text)
    assert time.process_time() - began < 6


def test_an_element_within_one_of_its_name_ends_with_its_own_tag():
    text, found = cut_html("a <div hidden>b <div>c</div> d</div> e <div hidden>f\n\ng <span hidden/> h")
    assert text == "a  e \n\ng <span hidden/> h" and [one.text for one in found] == ["b c d", "f"]
