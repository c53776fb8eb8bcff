import pytest

from benchmarks.thread_questions import (
    ASKED,
    FOLDER,
    Place,
    digest,
    digests,
    holds,
    load_threads,
    open_threads,
    read_thread,
    thread_gold,
)
from knowledge.store import Store
from tests.knowledge.fictional import CORAL, WordVectors
from tests.knowledge.test_reranking import passage

SAID = "The coral criterion takes 3 ms, on a harbour CPU."


def test_words_are_known_by_their_hash_whatever_stands_between_them():
    place = Place("review", "AnonReviewer3", 4, digest(["3", "ms", "on", "a"]))
    assert holds(passage(SAID, "review", "AnonReviewer3"), place)
    assert not holds(passage(SAID, "review", "AnonReviewer1"), place), "another author"
    assert not holds(passage(SAID, "response", "AnonReviewer3"), place), "another kind"
    assert not holds(passage(SAID.replace("3", "4"), "review", "AnonReviewer3"), place)
    assert len(list(digests(SAID, 4))) == 7 and not list(digests("coral", 4))


def test_threads_are_read_with_their_alternatives_and_a_line_that_is_none_is_named(tmp_path):
    path = tmp_path / "reef.txt"
    places = f"paper: 2 words {digest(['a', 'b'])} || review by R: 3 words {digest(['c'])}"
    path.write_text(f"source: iclr/reef.json, text/reef.md\n001 numbers: How long?\n    {places}\n")
    thread = read_thread(path)
    assert thread.sources == ("iclr/reef.json", "text/reef.md")
    (asked,) = thread.questions
    assert asked.question.text == "How long?" and [place.kind for place in asked.places[0]] == ["paper", "review"]
    path.write_text("source: iclr/reef.json\n001 numbers: How long?\n    paper: these words stand there\n")
    with pytest.raises(ValueError, match=r"reef\.txt, line 3"):
        read_thread(path)


def test_what_comes_near_is_kept_apart_from_what_answers(tmp_path):
    path = tmp_path / "reef.txt"
    near, gold = f"near paper: 1 words {digest(['a'])}", f"paper: 2 words {digest(['a', 'b'])}"
    path.write_text(f"source: reef.md\n001 asked: How long?\n    {gold}\n    {near}\n002 silence: How far?\n")
    answered, silent = read_thread(path).questions
    assert [place.count for place in answered.near] == [1] and [place.count for place in answered.places[0]] == [2]
    assert silent.question.type == "silence" and not silent.places and not silent.near


def test_the_questions_written_for_the_model_of_questions_are_read():
    asked = [one for thread in load_threads(ASKED) for one in thread.questions]
    assert len(asked) > 4000 and len({one.question.id for one in asked}) == len(asked)
    assert all(bool(one.places) == (one.question.type != "silence") for one in asked)


def test_a_question_of_a_conversation_goes_on_from_the_last_before_it(tmp_path):
    path = tmp_path / "reef.txt"
    gold = f"    paper: 2 words {digest(['a', 'b'])}"
    lines = ["## 1", "001 asked: How long?", gold, "002 follow: why?", gold, "003 silence: how many seeds", "004 follow: sure?", gold]  # fmt: skip
    lines += ["## 2", "005 follow: and tides?", gold, "006 asked: What is pruned?", gold]
    path.write_text("\n".join(["source: reef.md", *lines]))
    after = [one.after for one in read_thread(path).questions]
    assert after == ["", "How long?", "How long? / why?", "why? / how many seeds", "", ""]


def test_papers_written_for_questions_are_here_and_bear_their_answers(tmp_path):
    thread = next(thread for thread in load_threads(ASKED) if thread.written)
    ids = open_threads(tmp_path / "home", WordVectors(), tmp_path / "nowhere", [thread])
    store = Store(tmp_path / "home" / "knowledge.sqlite")
    gold = thread_gold(store, thread, ids[thread.name])
    assert all(gold[one.question.id] for one in thread.questions if one.places)
    store.close()


def test_gold_is_found_in_what_is_imported(tmp_path):
    (tmp_path / "coral-pruning.md").write_text(CORAL)
    store_path = tmp_path / "home" / "knowledge.sqlite"
    path = tmp_path / "coral.txt"
    path.write_text("source: coral-pruning.md\n")
    thread = read_thread(path)
    ids = open_threads(tmp_path / "home", WordVectors(), tmp_path, [thread])
    store = Store(store_path)
    held = next(iter(store.passages(store_filter(ids["coral"]))))
    words = held.text.casefold().split()[:3]
    who = f" by {held.reviewer}" if held.reviewer else ""
    path.write_text(f"source: coral-pruning.md\n001 method: What?\n    {held.kind}{who}: 3 words {digest(words)}\n")
    gold = thread_gold(store, read_thread(path), ids["coral"])
    assert gold["coral/001"] and all(gold["coral/001"])
    store.close()


def store_filter(id: str):
    from knowledge.store import Filter

    return Filter(id)


def test_the_kept_threads_hold_questions_and_no_words_of_their_sources():
    threads = load_threads()
    assert sum(len(thread.questions) for thread in threads) > 1000
    assert all(asked.places for thread in threads for asked in thread.questions)
    assert 0.1 < sum(thread.kept for thread in threads) / len(threads) < 0.4
    assert not any('"' in line for path in FOLDER.glob("*.txt") for line in path.read_text().splitlines()
                   if line.startswith("    "))  # fmt: skip
