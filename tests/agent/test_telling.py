"""Which sentences of found passages answer: telling, the stretch that is shown, and what completes an answer."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from agent.answering.completing import completed, queries
from agent.answering.found import LONGEST, Query, found_for, lines, stretch, surest
from agent.answering.parts import fact, say
from agent.draft import DraftSentence
from agent.gathered import Gathered, Searched
from agent.telling import Told, parts_of, tell
from knowledge.types import Hit, Passage
from tests.agent.answering.files import desk, passage, request

LEAD = "We describe the setup first."
TELLS = "The pruning rate of each layer is set by its noise on held-out images."
AFTER = "This costs one pass."
SETUP = passage("setup", f"{LEAD} {TELLS} {AFTER}", "paper", section="Method")
OTHER = passage("other", "Related work prunes filters by their norm.", "paper", section="Related work")
TABLE = passage("table", "Net | Error | Size\nSmall | 7.1 | 3\nLarge | 6.2 | 9\nHuge | 6.0 | 12", "paper", role="table")
QUESTION = "How is the pruning rate of a layer set?"


def match(query: str, texts: Sequence[str]) -> np.ndarray:
    """The share of the query's words that each text holds, in the place of a model's late interaction."""
    wanted = set(re.findall(r"\w+", query.lower()))
    shares = [len(wanted & set(re.findall(r"\w+", text.lower()))) / len(wanted) for text in texts]
    return np.array([[share, share] for share in shares]).reshape(len(texts), 2)


def nearness(query: str, texts: Sequence[str]) -> np.ndarray:
    """As `match`, in the place of the model of questions."""
    return match(query, texts)[:, 0]


def hits(*passages: Passage) -> tuple[Hit, ...]:
    return tuple(Hit(p, 0.8 - 0.1 * n, 0.6) for n, p in enumerate(passages))


def searched(query: str, *passages: Passage, **arguments: object) -> Searched:
    found = hits(*passages)
    told = {h.passage.id: own for h, own in zip(found, tell(query, found, match, nearness), strict=True)}
    return Searched({"query": query, "submission": "tern", **arguments}, found, told)


def asked(text: str = QUESTION, *intents: str, **rest: object):
    return request(text, *(intents or ("method",)), topic="pruning rate layer", query=text, **rest)


def test_the_sentence_with_the_words_of_the_question_is_the_likeliest():
    told = tell(QUESTION, hits(SETUP, OTHER), match, nearness)
    assert [len(own) for own in told] == [3, 1]
    assert max((one for own in told for one in own), key=lambda one: one.odds).text == TELLS


def test_no_hits_tell_nothing():
    assert tell(QUESTION, (), match, nearness) == ()


def test_a_table_is_read_by_its_rows():
    assert parts_of(TABLE)[1] == "Small | 7.1 | 3"


def test_a_stretch_is_a_part_of_its_passage_and_no_longer_than_wanted():
    long = passage("long", " ".join(f"Sentence number {n} tells of the tides at length." for n in range(20)), "paper")
    told = [Told(text, 1.0 if n == 9 else 0.0) for n, text in enumerate(parts_of(long))]
    words, odds = stretch(long, told)
    assert words in long.text and "number 9" in words and odds == 1.0
    assert len(words) <= LONGEST


def test_a_sentence_that_tells_nothing_is_left_out_of_a_stretch():
    words, _ = stretch(SETUP, [Told(LEAD, -9.0), Told(TELLS, 1.0), Told(AFTER, 0.0)])
    assert words == f"{TELLS} {AFTER}"


def test_of_a_table_the_head_and_the_likely_rows_are_told():
    odds = (-5.0, 1.0, 0.5, 0.4)
    words, _ = stretch(TABLE, [Told(t, o) for t, o in zip(parts_of(TABLE), odds, strict=True)])
    assert words.startswith("Net | Error | Size; Small | 7.1 | 3")


def test_of_two_queries_the_surer_answer_comes_first():
    alone = searched(QUESTION, SETUP)
    astray = searched(f"{QUESTION} bleu swahili", OTHER)
    found = found_for("tern", [Query(QUESTION), Query(f"{QUESTION} bleu swahili")], Gathered((astray, alone)))
    assert found[0].passage is SETUP


def test_searches_for_something_else_are_not_taken():
    assert found_for("tern", [Query(QUESTION)], Gathered((searched(QUESTION, SETUP, reviewer="Reviewer 1"),))) == []
    assert found_for("tern", [Query("else")], Gathered((searched(QUESTION, SETUP),))) == []


def test_what_is_far_less_sure_is_not_told():
    found = found_for("tern", [Query(QUESTION)], Gathered((searched(QUESTION, SETUP, OTHER),)))
    sure = [replace(found[0], odds=2.0), replace(found[1], odds=-3.0)]
    assert [one.passage for one in surest(sure)] == [SETUP]
    assert surest(sure[1:], best=2.0) == [] == surest([])


def test_words_of_a_record_are_quoted_with_their_passage():
    line = lines(found_for("tern", [Query(QUESTION)], Gathered((searched(QUESTION, SETUP),))))[0]
    assert line.passages == (SETUP.id,)
    assert line.text.startswith("“") and TELLS in line.text


def sure(*passages: Passage) -> Gathered:
    """A search in which the first sentence with the question's words is nearly certain."""
    one = searched(QUESTION, *passages)
    told = {id: tuple(Told(t.text, 3.0 if t.text == TELLS else -6.0) for t in own) for id, own in one.told.items()}
    return Gathered((replace(one, told=told),))


def test_an_answer_that_left_out_what_was_found_is_completed():
    written = [fact("The ratings are all 7.", OTHER)]
    done = completed(asked(), written, sure(SETUP, OTHER), desk())
    assert done[0] is written[0]
    assert SETUP.id in done[-1].passages


def test_an_answer_that_tells_it_already_is_left_alone():
    written = [fact(f"“{TELLS}”", SETUP)]
    assert completed(asked(), written, sure(SETUP, OTHER), desk()) == written


def test_a_silence_that_is_contradicted_by_what_was_found_is_not_said():
    silent = [say("The sources do not say.", "abstention")]
    done = completed(asked(), silent, sure(SETUP), desk())
    assert [s.passages for s in done] == [(SETUP.id,)]


def test_a_silence_stays_where_nothing_likely_was_found():
    silent: list[DraftSentence] = [say("The sources do not say.", "abstention")]
    one = searched(QUESTION, OTHER)
    low = Gathered((replace(one, told={OTHER.id: (Told(OTHER.text, -6.0),)}),))
    assert completed(asked(), silent, low, desk()) == silent


def test_talk_drafts_and_what_has_no_topic_are_not_completed():
    assert queries(asked(), desk()) == [Query(QUESTION)]
    assert queries(asked(QUESTION, "metareview"), desk()) == []
    assert queries(request("What is the method?", "method"), desk()) == []


def test_words_of_earlier_turns_are_searched_with_and_without():
    later = replace(asked("and at 3 bits?"), query="and at 3 bits? perplexity", context="perplexity")
    assert queries(later, desk()) == [Query("and at 3 bits? perplexity"), Query("and at 3 bits?")]
    after = "What is the perplexity?"
    assert queries(replace(later, after=after), desk())[0] == Query("and at 3 bits?", after)
