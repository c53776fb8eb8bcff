"""Answers completed by what the search finds and the sections leave out."""

import math
from dataclasses import replace

from agent.answering.completing import completed, queries
from agent.answering.composing import compose
from agent.answering.found import Query
from agent.answering.parts import fact, say
from agent.gathered import Gathered, Searched
from agent.telling import Told
from knowledge.types import Hit
from tests.agent.answering.files import GOOD, R1, R2, SPLIT, STALE, desk, passage, request, review_file, scores

ASKED = "Does anybody doubt the tides in winter?"
DOUBT = passage("doubt", "In winter the tides hardly differ, so I doubt the gain.", "comment", R1)
OTHER = passage("other", "The tides of summer are plotted in Figure 2.", "comment", R2)


def found(*hits: Hit, query: str = ASKED) -> Gathered:
    """A search of whose hits each is one sentence that answers as probably as its score says."""
    told = {h.passage.id: (Told(h.passage.text, math.log(h.score / (1 - h.score))),) for h in hits}
    return Gathered((Searched({"query": query, "submission": "tern"}, hits, told),), (SPLIT,))


def asking(text: str = ASKED, *intents, **rest):
    return request(text, *(intents or ("who",)), **rest)


def hit(held, score: float, support: float = 0.9) -> Hit:
    return Hit(held, score, support=support)


def test_a_passage_that_probably_answers_is_added_and_an_unlikely_one_is_not():
    written = [fact("Reviewer 2: “No wall-clock speed.”", *SPLIT.held(["slow"]))]
    said = completed(asking(), written, found(hit(DOUBT, 0.8), hit(OTHER, 0.05)), desk())
    assert [line.passages for line in said] == [("slow",), (), ("doubt",)]
    assert said[1].text == "Also on this:" and said[2].text.startswith("Reviewer 1: “In winter")


def test_what_is_told_already_is_not_told_again():
    written = [fact("Reviewer 1: “In winter the tides hardly differ, so I doubt the gain.”", DOUBT)]
    assert completed(asking(), written, found(hit(DOUBT, 0.9)), desk()) == written


LEADS, ANSWERS = "The tides are plotted by month.", "In winter they hardly differ, so I doubt the gain."
BOTH = passage("both", f"{LEADS} {ANSWERS}", "comment", R1)


def scored(leads: float, answers: float) -> Gathered:
    told = {"both": (Told(LEADS, leads), Told(ANSWERS, answers))}
    return Gathered((Searched({"query": ASKED, "submission": "tern"}, (hit(BOTH, 0.5),), told),), (SPLIT,))


def test_a_passage_is_quoted_by_the_stretch_that_answers():
    on_tides = asking(topic="tides winter")
    written = [fact(f"Reviewer 1: “{LEADS}”", BOTH)]
    assert [line.text for line in completed(on_tides, written, scored(-6.0, 2.0), desk())] == [
        f"Reviewer 1: “{ANSWERS}”"
    ]
    assert completed(on_tides, written, scored(2.0, 1.5), desk()) == written, "what is quoted answers as well"
    assert completed(on_tides, written, scored(-9.0, -6.0), desk()) == written, "nothing is likely to answer"


def test_what_stands_for_praise_or_objection_is_left_as_it_is_quoted():
    written = [fact(f"Reviewer 1: “{LEADS}”", BOTH)]
    told = completed(asking(ASKED, "strengths", topic="tides winter"), written, scored(-6.0, 2.0), desk())
    assert told[0] == written[0] and told[-1].passages == ("both",), "it is told besides"


def test_silence_gives_way_to_a_passage_that_answers_only_if_the_sources_may_answer_at_all():
    silence = [say("No reviewer on record speaks of this.", "abstention")]
    assert [line.passages for line in completed(asking(), silence, found(hit(DOUBT, 0.8)), desk())] == [("doubt",)]
    assert completed(asking(), silence, found(hit(DOUBT, 0.3, support=0.1)), desk()) == silence
    assert completed(asking(), silence, found(hit(DOUBT, 0.05)), desk()) == silence


def test_that_no_reply_is_on_record_is_the_answer_whatever_the_search_finds():
    silence = [say("No author response is on record for this paper.", "abstention")]
    unanswered = review_file((scores(R1, GOOD),), (STALE,))
    held = replace(found(hit(DOUBT, 0.9)), files=(unanswered,))
    assert completed(asking(ASKED, "response"), silence, held, desk()) == silence
    silence = [say("No reply to Reviewer 2 is on record; what Reviewer 2 raised stands unanswered.", "abstention")]
    assert completed(asking(ASKED, "response"), silence, found(hit(DOUBT, 0.9)), desk()) == silence


def test_the_words_of_a_reviewer_who_was_not_asked_about_count_less():
    written = [fact("Reviewer 2: “No wall-clock speed.”", *SPLIT.held(["slow"]))]
    of_two = asking(ASKED, "reviewer", reviewers=(R2,))
    assert completed(of_two, written, found(hit(DOUBT, 0.2)), desk()) == written
    assert len(completed(of_two, written, found(hit(DOUBT, 0.9)), desk())) == 3


def test_a_question_that_leaves_its_subject_to_the_one_before_is_searched_with_it():
    follow = asking("and is there anything to it", context="winter tides")
    assert queries(follow, desk()) == [Query("and is there anything to it winter tides")]
    after = "Does R2 doubt the tides in winter?"
    assert Query(follow.text, after) in queries(replace(follow, after=after), desk())


def test_a_question_that_stands_alone_is_not_searched_behind_those_before():
    assert queries(replace(asking(), after="What is the method?"), desk()) == [Query(ASKED)]


def test_courtesy_and_drafts_are_not_completed():
    assert queries(asking("thanks", "thanks"), desk()) == [] == queries(asking("Draft it.", "metareview"), desk())


def test_each_question_of_a_message_gets_its_own_answer():
    standing, worry = asking("Who stands where", "scores"), asking("why is Reviewer 2 worried?", "reviewer", reviewers=(R2,))  # fmt: skip
    both = replace(worry, text="Who stands where, and why is Reviewer 2 worried?", parts=(standing, worry))
    text = "\n".join(line.text for line in compose(both, Gathered(files=(SPLIT,)), desk()))
    first, _, second = text.partition("On the second question:")
    assert "rating 8" in first and "No wall-clock speed" in second and "No wall-clock speed" not in first


def test_that_there_is_no_review_answers_only_who_asked_for_one():
    paper = passage("paper", "Tides prune the layers of a net one by one.", "paper")
    asked = "How are layers pruned?"
    held = replace(found(hit(paper, 0.8), query=asked), files=(review_file((), ()),))
    none = [say("No review of this paper is on record.", "abstention"), say("Heard at second hand only:", paragraph=1)]
    said = completed(asking(asked, "novelty"), none, held, desk())
    assert said[0].passages == ("paper",) and said[1].text == none[0].text and len(said) == 2
    assert said[0].paragraph < said[1].paragraph
    of_them = "How do the reviewers find the pruning of layers?"
    held = replace(found(hit(paper, 0.8), query=of_them), files=held.files)
    assert completed(asking(of_them, "novelty"), none, held, desk()) == none
