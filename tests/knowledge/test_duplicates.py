"""The same contribution from two records is one."""

from dataclasses import replace

from knowledge.duplicates import find_copies
from knowledge.precedence import THREAD
from tests.knowledge.discussion.documents import document

WORDS = "The tide coder of this paper is new and the harbour results convince me. No anchor was compared with it, though, and the salt of the harbour is not discussed at any place of the paper."


def review(id: str, source: str, text: str = WORDS, author: str = "Reviewer 1", title: str = "Review"):
    return replace(document("review", author, (title, text), id=id), origin="record", source=source)


def test_a_thread_is_kept_before_another_record_of_it():
    both = [review("a", "345.json"), review("b", f"{THREAD} x, thread.json", author="AnonReviewer4")]
    assert find_copies(both, THREAD) == {"a": "b"} == find_copies(both[::-1], THREAD)


def test_the_longer_copy_is_kept_without_a_thread():
    longer = review("b", "two.json", WORDS + " Update: the score stays.")
    assert find_copies([review("a", "one.json"), longer], THREAD) == {"a": "b"}


def test_the_form_does_not_count():
    scored = replace(document("review", "Reviewer 1", ("Scores", "Rating: 6 (Marginally above the threshold of acceptance; 1 to 10)"), ("Review", WORDS), id="b"), origin="record", source="two.json")  # fmt: skip
    assert find_copies([review("a", "one.json"), scored], THREAD) == {"a": "b"}


def test_other_words_one_source_and_quotations_are_no_copies():
    other = "I like the pier. The boats in it are well kept, and the experiments with nets and buoys are convincing to anyone who fishes at night in winter."
    assert find_copies([review("a", "one.json"), review("b", "two.json", other)], THREAD) == {}
    assert find_copies([review("a", "one.json"), review("b", "one.json")], THREAD) == {}
    quoting = review("b", "two.json", f"{WORDS} {other} {other.upper()} and more")
    assert find_copies([review("a", "one.json"), quoting], THREAD) == {}


def test_short_words_are_copies_only_of_the_same_author():
    short = "Thank you for the update of the paper."
    mine, theirs = review("a", "one.json", short), review("b", "two.json", short, author="Reviewer 2")
    assert find_copies([mine, theirs], THREAD) == {}
    assert find_copies([mine, replace(theirs, author="Reviewer 1")], THREAD) == {"b": "a"}
    assert find_copies([review("a", "one.json", "Thanks."), review("b", "two.json", "Thanks.")], THREAD) == {}
