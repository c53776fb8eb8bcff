"""Tool calls and citations as other models write them."""

import pytest

from agent.draft import parse
from agent.models.dialects import read_calls, to_markup

TOOLS = {"search": ("query", "reviewer", "aspects"), "reviews": ("reviewer",)}
IDS = ("a1b2c3d4e5", "f6a7b8c9d0")


@pytest.mark.parametrize(
    "written",
    [
        '```json\n{"name": "search", "arguments": {"query": "speed"}}\n```',
        'I will look.\n{"name": "search", "arguments": {"query": "speed"}}',
        '<tool_call>\n{"name": "search", "arguments": {"query": "speed"}}\n</tool_call>',
        '{"function": {"name": "search", "arguments": "{\\"query\\": \\"speed\\"}"}}',
        '{"tool_calls": [{"type": "function", "function": {"name": "search", "arguments": {"query": "speed"}}}]}',
        "{'name': 'search', 'parameters': {'query': 'speed', 'reviewer': None}}",
        '{"tool": "search", "query": "speed"}',
        '{"search": {"query": "speed"}}',
        '{"action": "search", "action_input": "speed"}',
        '```python\nsearch(query="speed")\n```',
        '{"name": "search", "arguments": {"query": "speed", "depth": 3, "reviewer": ""}}',
        '<think>Perhaps {"name": "reviews"}?</think>{"name": "search", "arguments": {"query": "speed"}}',
        '{"name": "search", "arguments": {"query": "speed"}}\n' * 3,
    ],
)
def test_a_printed_call_is_read(written):
    assert read_calls(written, TOOLS) == [{"name": "search", "args": {"query": "speed"}}]


@pytest.mark.parametrize(
    "written",
    [
        "The search for speed was good. [p:a1b2c3d4e5]",
        '{"name": "delete", "arguments": {"query": "speed"}}',
        '{"name": "search", "arguments"',
        "They search (query by query) and find it.",
        "{judgement} A search of the reviews finds {a, b}.",
    ],
)
def test_words_are_no_call(written):
    assert read_calls(written, TOOLS) == []


def test_two_calls_are_two():
    written = '[{"name": "reviews", "arguments": {}}, {"name": "search", "arguments": {"query": "a {b}"}}]'
    assert [c["name"] for c in read_calls(written, TOOLS)] == ["reviews", "search"]


@pytest.mark.parametrize(
    "mark",
    [
        "[p:a1b2c3d4e5]", "(p:a1b2c3d4e5)", "[a1b2c3d4e5]", "【p:a1b2c3d4e5】", "[passage p:a1b2c3d4e5]",
        "(see p:a1b2c3d4e5)", "[p: a1b2c3d4e5]", "[p:a1b2c3]", "[source: a1b2c3d4e5]", "(`a1b2c3d4e5`)",
    ],
)  # fmt: skip
def test_a_citation_in_another_style_is_read(mark):
    (sentence,) = parse(to_markup(f"It is fast {mark}.", IDS))
    assert sentence.passages == ("a1b2c3d4e5",) and sentence.text == "It is fast."


def test_several_passages_in_one_mark_and_on_a_line_of_their_own():
    (sentence,) = parse(to_markup("It is fast.\n(p:a1b2c3d4e5, p:f6a7b8c9d0)", IDS))
    assert sentence.passages == IDS


@pytest.mark.parametrize("mark", ["[p:unknown99]", "(see Table 3)", "(a1b2c3d4e5 or not)", "[run:a1b2c3d4e5]"])
def test_what_names_no_passage_stays(mark):
    assert mark in to_markup(f"It is fast {mark}.", IDS)


def test_numbers_and_lists_of_sources_name_nothing():
    written = "It is fast [1], [2, 3]. They say “as in [7]”.\n\nSources:\n[1] a1b2c3d4e5\n[2] something"
    assert to_markup(written, IDS).strip() == "It is fast , . They say “as in [7]”."
    assert [s.passages for s in parse(to_markup(written, IDS))] == [(), ()]


def test_a_model_that_repeats_itself_is_heard_once():
    written = "<think>hm\nhm</think>\n" + "It is fast. [p:a1b2c3d4e5]\n" * 40
    assert len(parse(to_markup(written, IDS))) == 1
