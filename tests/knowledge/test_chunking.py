import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chunking import LIMIT, search_fields, split_document, split_long
from knowledge.readers.draft import Draft
from knowledge.readers.submission_file import read_submission
from knowledge.readers.text import paragraphs
from knowledge.types import Document

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Zs"]), min_size=1, max_size=8
)
LINES = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
POINTS = st.builds(
    lambda first, rest, mark: "- " + first + "".join(f"\n  {line}" for line in rest) + mark,
    LINES.map(lambda line: "x" + line),
    st.lists(LINES, max_size=4),
    st.sampled_from(["", " [Table 1]", " [Sec. 3; checked]", " [Fig. 2; not checked: only heard of it]"]),
)
SECTIONS = st.lists(
    st.tuples(st.sampled_from(["", "## Method\n", "## Own words\n"]), st.lists(POINTS, min_size=1, max_size=4)),
    min_size=1,
    max_size=3,
)


@st.composite
def submission_files(draw):
    text = "---\nid: made-up\ntitle: Made up\n---\n"
    for number, kind in enumerate(
        draw(st.lists(st.sampled_from(["Notes", "Review", "Comment", "Paper"]), min_size=1, max_size=3))
    ):
        text += f"# {kind}: name {number}\n\n"
        for heading, points in draw(SECTIONS):
            text += heading + "\n".join(points) + "\n\n"
    return text


@given(submission_files())
@settings(max_examples=150, deadline=None)
def test_every_passage_is_the_document_at_its_offsets(text):
    submission = read_submission(text.encode(), "made-up.md")
    seen = set()
    for document in submission.documents:
        passages = split_document(document)
        assert passages
        for passage in passages:
            place = passage.locator
            assert document.text[place.start : place.end] == passage.text == passage.text.strip()
            assert 0 < len(passage.text) <= LIMIT
            assert passage.id not in seen
            seen.add(passage.id)
            if place.section is not None:
                (section,) = [part for part in document.sections if part.start <= place.start and place.end <= part.end]
                assert section.title == place.section
        assert all(first.locator.end <= second.locator.start for first, second in pairwise(passages))
        assert squeeze("".join(passage.text for passage in passages)) == squeeze(
            "".join(document.text[point.start : point.end] for point in document.points)
        )


def squeeze(text: str) -> str:
    return "".join(text.split())


@given(st.text(st.sampled_from("ab .!?\n\t(1)$\"'"), max_size=300), st.integers(5, 40))
@settings(max_examples=200, deadline=None)
def test_splitting_loses_nothing_but_space(text, limit):
    spans = split_long(text, 0, len(text), limit)
    assert squeeze("".join(text[start:end] for start, end in spans)) == squeeze(text)
    assert all(0 < end - start <= limit for start, end in spans)


@given(st.text(st.sampled_from("ab1.-*)\n \t`é"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_paragraphs_are_exact_and_in_order(text):
    spans = paragraphs(text)
    assert all(text[start:end] == text[start:end].strip() and re.search(r"\w", text[start:end]) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_long_points_are_cut_at_sentence_ends_and_not_after_abbreviations():
    text = "The tide, cf. Fig. 3, rises (Reef et al. 2030). It falls. " * 30
    parts = [text[start:end] for start, end in split_long(text, 0, len(text))]
    assert len(parts) > 1 and all(part.startswith(("The tide", "It falls")) and part.endswith(".") for part in parts)


HEAD = "Method | Top-1 | Top-5\n | (in percent) | (in percent)\n"
ROWS = (
    "".join(f"Reef no. {chr(65 + number)}. After Foam et al. | {number}.1 | {number}.5\n" for number in range(26)) * 2
)


def table_document(above: str, *captions: str) -> Document:
    """A paper with a table after `above` as its first words, and captions as points of their own below it."""
    draft = Draft()
    draft.begin_section("4 Results", "evaluation")
    draft.add_point(above + HEAD + ROWS.strip(), role="table", where="Table 2")
    for caption in captions:
        draft.add_point(caption, role="caption", where=caption[:7])
    return Document("p", "s", "paper", "P", draft.text, draft.sections, draft.points)


def test_parts_of_a_table_are_found_by_its_caption_and_heads_and_quote_only_themselves():
    document = table_document("Table 2: The tide of a lagoon.\n")
    first, *others = split_document(document)
    assert others and first.context == "" and first.text.startswith("Table 2: The tide")
    for passage in (first, *others):
        assert document.text[passage.locator.start : passage.locator.end] == passage.text
    for passage in others:
        assert (
            passage.context == "Table 2: The tide of a lagoon.; Method | Top-1 | Top-5; | (in percent) | (in percent)"
        )
        assert passage.text.startswith("Reef no.") and passage.text.endswith(".5"), "cut between rows"
        assert "Method" not in passage.text
        assert search_fields(passage) == (f"4 Results, {passage.context}", passage.text)


def test_a_caption_beside_its_table_belongs_to_the_context_of_each_part():
    passages = split_document(table_document("", "Table 2: The tide.", "Table 3: Another."))
    tables = [passage for passage in passages if passage.role == "table"]
    assert tables[0].context == "Table 2: The tide."
    assert all(passage.context.startswith("Table 2: The tide.; Method | Top-1") for passage in tables[1:])
    assert all(passage.context == "" for passage in passages if passage.role == "caption")


def test_ids_depend_on_content_place_and_context_only():
    def ids(text: str) -> list[str]:
        return [passage.id for passage in split_document(read_submission(text.encode(), "any.md").documents[0])]

    head = "---\nid: a\ntitle: T\n---\n# Notes\n"
    first = ids(head + "## Method\n- one\n- two\n")
    assert ids(head + "## Method\n-   one  \n- two [Table 1; checked]\n") == first
    assert ids(head.replace("T\n", "Another\n") + "## Method\n- one\n- two\n") == first
    changed = ids(head + "## Method\n- one\n- six\n")
    assert changed[0] == first[0] and changed[1] != first[1]
    assert not set(ids(head + "## Ethics\n- one\n- two\n")) & set(first)
    assert all(re.fullmatch(r"[0-9a-f]{16}", passage) for passage in first)
