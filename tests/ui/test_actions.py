"""What each action does to the page, over the real history and the real turns."""

import threading
import time
from collections.abc import Iterator

import pytest

from agent.errors import AgentError, EmptyQuestion, TurnBusy
from tests.ui.fakes import EXPERIMENT, TEXTS, FakeRuns, fake_rooms
from tests.ui.markup import find, read
from ui.actions import Actions, explain
from ui.app import Rooms
from ui.imports import ImportBusy

ME, OTHER = "browser:me", "browser:other"
CHECK = "Does exact OBS beat magnitude pruning? Check it."


def never() -> bool:
    return False


@pytest.fixture
def rooms(tmp_path) -> Iterator[Rooms]:
    rooms = fake_rooms(tmp_path)
    yield rooms
    rooms.history.close()


@pytest.fixture
def actions(rooms) -> Actions:
    return Actions(rooms)


def start(actions: Actions, submission: str | None = "soft-weight-sharing") -> str:
    return actions.begin(submission, ME)["conversation"]


def talk(actions: Actions, conversation: str, message: str, editing: int | None = None) -> list[dict]:
    """Ask and follow to the end: what the page was told on the way."""
    asked = actions.ask(message, editing, conversation, ME)
    return [asked, *actions.follow(conversation, "", ME, never)]


def turns_in(html: str) -> list[str | None]:
    return [a["aria-label"] for a in find(html, class_="turn")]


def test_a_plain_address_gets_a_conversation_of_its_own(actions):
    page = actions.arrive("", ME)
    assert actions.rooms.history.conversation(page["conversation"], ME) is not None
    assert "Choose a submission" in page["header"] and page["busy"] is False
    assert len(find(page["submissions"], data_act="select")) == 5
    assert actions.arrive("", ME)["conversation"] != page["conversation"]


def test_anothers_conversation_shows_nothing_of_it(actions):
    mine = start(actions)
    talk(actions, mine, "What is missing?")
    page = actions.arrive(mine, OTHER)
    assert page["conversation"] != mine and "not yours or is gone" in page["notice"]
    assert turns_in(page["log"]) == [] and find(page["conversations"], data_act="open") == []
    for act in (
        lambda: actions.open(mine, OTHER),
        lambda: actions.ask("hello", None, mine, OTHER),
        lambda: actions.retry(mine, OTHER),
        lambda: actions.edit(1, mine, OTHER),
        lambda: actions.cite(1, "c1", mine, OTHER),
        lambda: actions.delete(mine, page["conversation"], OTHER),
        lambda: actions.cancel(EXPERIMENT.digest, mine, OTHER),
        lambda: actions.stop(mine, OTHER),
        lambda: actions.tick(mine, "", OTHER),
        lambda: list(actions.follow(mine, "", OTHER, never)),
    ):
        with pytest.raises(AgentError):
            act()
    assert turns_in(actions.arrive(mine, ME)["log"]) == ["Question 1"]


def test_choosing_a_submission_keeps_an_empty_conversation_and_leaves_a_full_one(actions):
    first = start(actions, None)
    chosen = actions.select("integral-pruning", first, ME)
    assert chosen["conversation"] == first and "Integral Pruning" in chosen["header"]
    assert [a["data-submission"] for a in find(chosen["submissions"], aria_current="true")] == ["integral-pruning"]
    talk(actions, first, "What is missing?")
    second = actions.select("soft-weight-sharing", first, ME)
    assert second["conversation"] != first and turns_in(second["log"]) == []
    assert [a["data-conversation"] for a in find(second["conversations"], data_act="open")] == [first]


def test_a_question_streams_and_then_stands_as_it_is_kept(actions):
    conversation = start(actions)
    told = talk(actions, conversation, "What is missing?")
    assert told[0]["busy"] is True and told[0]["message"] == "" and "What is missing?" in told[0]["live"]
    assert any("searching the reviews" in t["live"] for t in told[1:-1])
    assert any(find(t["live"], class_="answer draft") for t in told[1:-1])
    last = told[-1]
    assert last["live"] == "" and last["busy"] is False and turns_in(last["log"]) == ["Question 1"]
    assert last["log"] == actions.arrive(conversation, ME)["log"]
    assert next(a["data-text"] for a in find(last["suggestions"], data_act="ask")).startswith(
        "What does AnonReviewer3 ask"
    )


def test_a_new_conversation_offers_questions_about_its_submission(actions):
    page = actions.begin("soft-weight-sharing", ME)
    assert next(a["data-text"] for a in find(page["suggestions"], data_act="ask")) == "Where do the reviewers disagree?"


def test_a_citation_opens_its_passage(actions):
    conversation = start(actions)
    talk(actions, conversation, "What is missing?")
    opened = actions.cite(1, "c1", conversation, ME)
    assert opened["tab"] == "evidence" and "<mark>comparison with magnitude pruning</mark>" in opened["evidence"]
    whole = actions.document("soft-weight-sharing#1", 1, "c1")["evidence"]
    assert all(text in read(whole).text for text in TEXTS) and '<mark class="here">The comparison' in whole
    assert "no longer in this conversation" in actions.cite(7, "c1", conversation, ME)["evidence"]
    assert "no longer in the collection" in actions.document("gone#0", 1, "c1")["evidence"]


def test_retry_and_edit_replace_the_last_question(actions):
    conversation = start(actions)
    talk(actions, conversation, "first")
    talk(actions, conversation, "second")
    assert actions.edit(2, conversation, ME) == {"message": "second", "editing": 2}
    log = talk(actions, conversation, "second, better", editing=2)[-1]["log"]
    assert turns_in(log) == ["Question 1", "Question 2"] and "second, better" in log
    actions.retry(conversation, ME)
    log = list(actions.follow(conversation, "", ME, never))[-1]["log"]
    assert turns_in(log) == ["Question 1", "Question 2"] and log.count("second, better") == 1


def test_a_busy_conversation_and_an_empty_question_are_refused_with_words(actions):
    conversation = start(actions)
    actions.ask(CHECK, None, conversation, ME)
    with pytest.raises(TurnBusy, match="press Stop"):
        actions.ask("another", None, conversation, ME)
    actions.rooms.runs.finished.set()
    list(actions.follow(conversation, "", ME, never))
    with pytest.raises(EmptyQuestion):
        actions.ask("  ", None, conversation, ME)


def test_a_page_that_comes_back_finds_the_turn_under_way(actions):
    conversation = start(actions)
    actions.ask(CHECK, None, conversation, ME)
    followed = actions.follow(conversation, "", ME, never)
    while "progressbar" not in next(followed)["live"]:
        pass
    followed.close()
    back = actions.arrive(conversation, ME)
    assert (
        back["busy"] is True and back["following"] and CHECK in read(back["live"]).text and turns_in(back["log"]) == []
    )
    again = actions.follow(conversation, "", ME, never)
    assert "Experiment" in next(again)["live"]
    actions.rooms.runs.finished.set()
    last = list(again)[-1]
    assert last["log"].count("SUPPORTED") == 1 and last["live"] == "" and last["runs"].count("SUPPORTED") == 1


def test_a_page_that_is_behind_is_not_drawn_back_into_a_turn_that_has_ended(actions):
    conversation = start(actions)
    actions.ask("What is missing?", None, conversation, ME)
    while actions.rooms.turns.active(conversation):
        time.sleep(0.01)
    assert [r["live"] for r in actions.follow(conversation, "", ME, never)] == [""]
    actions.ask(CHECK, None, conversation, ME)
    followed = actions.follow(conversation, "", ME, never)
    while "progressbar" not in next(followed)["live"]:
        pass
    actions.rooms.runs.finished.set()
    while actions.rooms.turns.active(conversation):
        time.sleep(0.01)
    assert [r["live"] for r in followed] == [""]


def test_a_page_that_is_gone_stops_reading(actions):
    conversation = start(actions)
    actions.ask(CHECK, None, conversation, ME)
    gone = threading.Event()
    followed = actions.follow(conversation, "", ME, gone.is_set)
    next(followed)
    gone.set()
    assert "conversations" not in [name for regions in followed for name in regions]
    assert actions.rooms.turns.active(conversation) is not None
    actions.rooms.runs.finished.set()
    list(actions.follow(conversation, "", ME, never))


def test_a_run_outlives_its_turn_and_its_verdict_comes_once(actions):
    rooms, conversation = actions.rooms, start(actions)
    actions.ask(CHECK, None, conversation, ME)
    followed = actions.follow(conversation, "", ME, never)
    while "progressbar" not in next(followed)["live"]:
        pass
    actions.stop(conversation, ME)
    stopped = list(followed)[-1]
    assert stopped["watching"] is True and "progressbar" in stopped["log"] and "Stopped." in stopped["log"]
    rooms.runs.fraction = 0.6
    ticked = actions.tick(conversation, "", ME)
    assert "60 %" in ticked["log"] and "60 %" in ticked["runs"] and ticked["watching"] is True
    rooms.runs.finished.set()
    assert (rooms.turns.deliver(conversation), rooms.turns.deliver(conversation)) == (1, 0)
    for page in (actions.tick(conversation, "", ME), actions.arrive(conversation, ME)):
        assert page["log"].count("SUPPORTED") == 1 and page["watching"] is False and "progressbar" not in page["log"]
        assert find(page["log"], class_="turn late")


def test_a_plan_that_needs_consent_offers_yes_and_no(actions):
    conversation = start(actions)
    log = talk(actions, conversation, "Check it, but ask first.")[-1]["log"]
    assert [a["data-text"] for a in find(log, data_act="ask")] == ["Yes, run it.", "No, not now."]
    assert actions.tick(conversation, "", ME)["watching"] is False


def test_only_a_run_of_this_conversation_can_be_cancelled(actions):
    runs: FakeRuns = actions.rooms.runs
    empty = start(actions)
    actions.cancel(EXPERIMENT.digest, empty, ME)
    assert runs.cancelled is False
    conversation = start(actions)
    talk(actions, conversation, "Check it, but ask first.")
    actions.cancel(EXPERIMENT.digest, conversation, ME)
    assert runs.cancelled is True


def test_a_cancelled_run_is_not_watched_any_more(actions):
    conversation = start(actions)
    actions.ask(CHECK, None, conversation, ME)
    followed = actions.follow(conversation, "", ME, never)
    while "progressbar" not in next(followed)["live"]:
        pass
    actions.stop(conversation, ME)
    assert list(followed)[-1]["watching"] is True
    actions.cancel(EXPERIMENT.digest, conversation, ME)
    ticked = actions.tick(conversation, "", ME)
    assert ticked["watching"] is False and "ended before a verdict" in ticked["log"]


def test_cancelling_leaves_a_run_to_the_other_who_waits_for_it(actions):
    runs, history = actions.rooms.runs, actions.rooms.history
    mine = start(actions)
    yours = history.create(OTHER, None)
    history.await_run(yours, 1, EXPERIMENT.digest, "their claim", EXPERIMENT.to_json(), "", "started")
    actions.ask(CHECK, None, mine, ME)
    followed = actions.follow(mine, "", ME, never)
    while "progressbar" not in next(followed)["live"]:
        pass
    actions.cancel(EXPERIMENT.digest, mine, ME)
    last = list(followed)[-1]
    assert runs.cancelled is False and last["watching"] is False and "progressbar" not in last["log"]
    assert history.waiting_runs(mine) == () and [r.claim for r in history.waiting_runs(yours)] == ["their claim"]
    actions.cancel(EXPERIMENT.digest, yours, OTHER)
    assert runs.cancelled is True


def test_only_the_newest_plan_has_a_button(actions):
    conversation = start(actions)
    talk(actions, conversation, "Check it, but ask first.")
    log = talk(actions, conversation, "Check it, but ask first, please.")[-1]["log"]
    assert len(find(log, data_act="ask", data_text="Yes, run it.")) == 1
    assert len(actions.rooms.history.waiting_runs(conversation)) == 1


def test_deleting_the_open_conversation_starts_a_new_one(actions):
    first, second = start(actions), start(actions)
    for conversation in (first, second):
        talk(actions, conversation, "What is missing?")
    kept = actions.delete(first, second, ME)
    assert [a["data-conversation"] for a in find(kept["conversations"], data_act="open")] == [second]
    new = actions.delete(second, second, ME)
    assert new["conversation"] not in (first, second) and "Soft Weight-Sharing" in new["header"]
    assert actions.rooms.history.conversations(ME) == ()


def test_search_takes_all_words_in_any_order(actions):
    conversation = start(actions)

    def found(words):
        html = actions.search(words, conversation, ME)["submissions"]
        return [a["data-submission"] for a in find(html, data_act="select")]

    assert found("compression soft") == ["soft-weight-sharing"] and found("OBC") == ["optimal-brain-compression"]
    assert len(found("")) == 5 and found("nothing like it") == []


def test_the_decision_stands_beside_the_conversation(actions):
    conversation = start(actions)
    talk(actions, conversation, "I lean to reject.")
    stated = {"decision": "reject", "rating": "4", "confidence": "4", "note": "baselines are missing"}
    actions.rooms.history.record_decision(conversation, 1, stated, "soft-weight-sharing")
    text = read(actions.arrive(conversation, ME)["decision"]).text
    assert all(word in text for word in ("reject", "baselines are missing", "question 1"))
    actions.rooms.history.choose(conversation, "integral-pruning")
    assert "You have not stated a decision" in read(actions.arrive(conversation, ME)["decision"]).text


def test_a_turn_that_breaks_says_what_is_kept(actions):
    conversation = start(actions)
    last = talk(actions, conversation, "please fail")[-1]
    assert last["busy"] is False and "Retry" in last["log"]


def test_errors_are_worded_for_the_person(caplog):
    assert explain(TurnBusy("Wait or press Stop.")) == "Wait or press Stop."
    assert not caplog.records
    words = explain(KeyError("row"))
    assert "KeyError" in words and "are kept" in words and "reload the page" in words
    assert caplog.records[0].exc_info is not None


def test_files_are_taken_in_while_the_page_watches(actions, rooms):
    rooms.collection.go_on.clear()
    mine = start(actions, "soft-weight-sharing")
    begun = actions.take_in(["/data/good.pdf", "/data/bad.pdf"], True, mine, ME)
    assert begun["watching"] is True and find(begun["imports"], role="progressbar")
    ticked = actions.tick(mine, "", ME)
    assert ticked["watching"] is True and find(ticked["imports"], data_act="cancel-import")
    assert "imports" in actions.arrive(mine, ME) and find(actions.arrive(mine, ME)["imports"], role="progressbar")
    assert not find(actions.arrive("", OTHER)["imports"], role="progressbar"), "others do not see it"
    with pytest.raises(ImportBusy):
        actions.take_in(["/data/good.pdf"], False, mine, ME)
    rooms.collection.go_on.set()
    assert actions.imports.latest(ME).ended.wait(10)
    ticked = actions.tick(mine, "", ME)
    assert ticked["watching"] is False and "bad.pdf, page 2" in ticked["imports"]
    (button,) = find(ticked["imports"], data_act="select")
    assert button["data-submission"] == "soft-weight-sharing", "it was to join the submission on show"
    assert not actions.dismiss_import(ME)["imports"].strip()


def test_a_deleted_submission_leaves_the_page(actions):
    mine = start(actions, "soft-weight-sharing")
    regions = actions.remove("soft-weight-sharing", mine, ME)
    assert "Choose a submission" in regions["header"] and "Deleted" in regions["notice"]
    assert "soft-weight-sharing" not in regions["submissions"]
    assert "Choose a submission" in actions.arrive(mine, ME)["header"], "an old conversation about it still opens"


def test_the_page_says_which_passages_wait_for_their_vectors(actions, rooms):
    rooms.collection.without_vectors["soft-weight-sharing"] = 12
    mine = start(actions, "soft-weight-sharing")
    page = actions.arrive(mine, ME)
    assert "12 passages are found by words only so far" in page["header"] and page["watching"] is True
    rooms.collection.without_vectors.clear()
    page = actions.tick(mine, "", ME)
    assert "words only" not in page["header"] and page["watching"] is False


FAR = "Questions and the passages found for them are sent to openai at api.openai.com."


@pytest.fixture
def far(monkeypatch) -> str:
    """A remote model that can be opened; nothing is ever sent to it."""
    monkeypatch.setenv("OPENAI_API_KEY", "not-to-be-shown")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    return "openai:gpt-5"


def test_a_remote_model_says_where_text_goes_and_waits_for_a_yes(actions, far):
    here = start(actions)
    header = actions.choose_model(far, here, ME)["header"]
    assert FAR in header and "Answers by openai:gpt-5" in header and "Nothing leaves" not in header
    assert "not-to-be-shown" not in header
    (button,) = find(header, data_act="agree")
    with pytest.raises(AgentError, match="Nothing was sent"):
        actions.ask("What is missing?", None, here, ME)
    assert turns_in(actions.open(here, ME)["log"]) == []
    assert find(actions.agree(button["data-where"], here, ME)["header"], data_act="agree") == []
    talk(actions, here, "What is missing?")
    assert turns_in(actions.open(here, ME)["log"]) == ["Question 1"]
    beside = actions.begin_beside(here, ME)
    assert "Answers by the embedded model" in beside["header"], "the choice is the conversation's own"
    assert [b["data-model"] for b in find(beside["header"], data_act="model") if "data-model" in b] == [far]


def test_a_no_to_sending_is_one_press(actions, far):
    here = start(actions)
    header = actions.choose_model(far, here, ME)["header"]
    instead = next(b for b in find(header, data_act="model") if b.get("data-model") == "embedded")
    header = actions.choose_model(instead["data-model"], here, ME)["header"]
    assert "Nothing leaves this machine" in header and find(header, data_act="agree") == []


def test_nobody_chooses_or_agrees_for_another(actions, far):
    here = start(actions)
    actions.choose_model(far, here, ME)
    for act in (lambda: actions.choose_model("embedded", here, OTHER), lambda: actions.agree(FAR, here, OTHER)):
        with pytest.raises(AgentError):
            act()
    assert find(actions.open(here, ME)["header"], data_act="agree")


def test_a_model_that_cannot_be_opened_any_more_is_told_in_the_header(actions):
    here = start(actions)
    actions.rooms.history.choose_model(here, "huggingface:/nowhere")
    assert "names no folder on this machine" in actions.open(here, ME)["header"]
    with pytest.raises(AgentError, match="no folder"):
        actions.ask("What is missing?", None, here, ME)
