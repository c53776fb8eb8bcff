"""Which model speaks in a conversation, and the yes that text may leave the machine."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from agent.conversation import Assistant
from agent.errors import NotAgreed, UnknownModel
from agent.history import History
from agent.models import EMBEDDED, ModelChoice
from agent.speakers import Speakers
from compression_demo.runs import RunStore

FAR = "Questions and the passages found for them are sent to openai at far.example."


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


class Untouched:
    """A remote model that nobody may call."""

    def __getattr__(self, name):
        raise AssertionError(f"the model was touched: {name}")


def test_nothing_is_sent_before_a_yes_and_the_yes_is_for_one_conversation(history, tmp_path):
    collection: Any = SimpleNamespace(embedder=None)
    remote = ModelChoice("openai:far", FAR, Untouched())
    speakers = Speakers(remote, history)
    one, other = history.create("me"), history.create("me")
    assert speakers.of(one).leaves_machine == FAR and not speakers.of(one).agreed
    assistant = Assistant(collection, RunStore(tmp_path), history, model=remote)
    with pytest.raises(NotAgreed, match=r"Nothing was sent.*far\.example"):
        next(assistant.stream(one, "What did they rate?"))
    with pytest.raises(NotAgreed):
        assistant.check(one, "What did they rate?", "me")
    assert history.entries(one) == ()
    speakers.agree(one, FAR)
    assert speakers.choice(one) is remote and speakers.of(one).agreed
    assert not speakers.of(other).agreed
    assert Speakers(remote, history).of(one).agreed, "a yes outlives the process"


def test_a_yes_holds_for_the_words_in_which_it_was_asked(history):
    one = history.create("me")
    Speakers(ModelChoice("openai:far", FAR, Untouched()), history).agree(one, FAR)
    moved = Speakers(ModelChoice("openai:far", FAR.replace("far.", "elsewhere."), Untouched()), history)
    assert not moved.of(one).agreed
    with pytest.raises(NotAgreed, match="changed"):
        moved.agree(one, FAR)
    with pytest.raises(NotAgreed):
        moved.choice(one)


def test_another_model_takes_the_yes_away(history, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "not-needed")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    one = history.create("me")
    speakers = Speakers(ModelChoice("far:one", FAR, Untouched()), history)
    speakers.agree(one, FAR)
    speakers.choose(one, "far:one")
    assert speakers.of(one).agreed, "the same model again changes nothing"
    speakers.choose(one, " openai:gpt-5 ")
    assert speakers.of(one).name == "openai:gpt-5" and not speakers.of(one).agreed
    speakers.choose(one, EMBEDDED)
    assert speakers.of(one).agreed and speakers.of(one).leaves_machine is None
    speakers.choose(one, "far:one")
    assert not speakers.of(one).agreed


def test_a_model_that_cannot_be_opened_changes_nothing(history, monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)  # as where the extra is not installed
    one = history.create("me")
    speakers = Speakers(ModelChoice(EMBEDDED), history)
    with pytest.raises(UnknownModel, match="pip install langchain-ollama"):
        speakers.choose(one, "ollama:llama3.1")
    assert speakers.of(one).name == EMBEDDED
    history.choose_model(one, "ollama:llama3.1")  # as if it had been installed then
    assert "langchain-ollama" in (speakers.of(one).problem or "")
    with pytest.raises(UnknownModel):
        speakers.choice(one)


def test_a_pasted_key_is_refused_and_not_repeated(history, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "averysecretkey")
    speakers, one = Speakers(ModelChoice(EMBEDDED), history), history.create("me")
    for pasted in ("openai:sk-abcdefgh12345678", "openai:averysecretkey"):
        with pytest.raises(UnknownModel, match="looks like a key") as caught:
            speakers.choose(one, pasted)
        assert pasted.split(":")[1] not in str(caught.value)


def test_the_models_to_choose_from_are_those_once_chosen(history):
    speakers = Speakers(ModelChoice("far:one", FAR, Untouched()), history)
    mine, others = history.create("me"), history.create("somebody")
    for conversation, model in ((mine, "near:two"), (others, "near:three")):
        history.add_message(conversation, "hello")
        history.choose_model(conversation, model)
    assert speakers.known("me") == (EMBEDDED, "far:one", "near:two")
