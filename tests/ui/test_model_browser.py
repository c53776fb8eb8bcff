"""The choice of a language model on the page, in a real Chromium, against a server on loopback."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from agent.history import History
from agent.models import opening
from agent.turns import Turns
from compression_demo.runs import RunStore
from tests.agent.metareview.material import open_assistant, open_collection
from tests.ui.serving import serving
from tests.ui.speaking import SpeakingServer, speaking
from ui.app import Rooms

# LangChain's clients leave their connections to the garbage collector, which may close them in the middle of a test.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
PATIENCE_MS = 30_000
MODEL = "openai:local-model"


@pytest.fixture
def server(monkeypatch) -> Iterator[SpeakingServer]:
    with speaking() as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-this-test")
        yield running


@pytest.fixture
def page(browser, server, tmp_path) -> Iterator[Page]:
    collection, history = open_collection(tmp_path), History(tmp_path)
    assistant = open_assistant(collection, history, tmp_path)
    rooms = Rooms(collection, RunStore(tmp_path), history, assistant, Turns(assistant))
    with serving(tmp_path, rooms) as address:
        context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800})
        opened = context.new_page()
        opened.goto(address)
        opened.get_by_role("button", name="Tern: Pruning Along").click(timeout=PATIENCE_MS)
        expect(opened.get_by_role("heading", level=1)).to_contain_text("Tern")
        yield opened
        context.close()


def choose(page: Page, name: str) -> None:
    page.locator("#speaker summary").click()
    page.get_by_label("Its name").fill(name)
    page.get_by_role("button", name="Use it here").click()


def ask(page: Page, words: str) -> None:
    page.get_by_label("Message").fill(words)
    page.get_by_label("Message").press("Enter")


def last(page: Page):
    return page.locator("#log .turn").last


def test_a_model_elsewhere_is_asked_only_after_a_yes_for_this_conversation(page, server, monkeypatch):
    monkeypatch.setattr(opening, "_is_here", lambda host: False)
    choose(page, MODEL)
    speaker = page.locator("#speaker")
    expect(speaker).to_contain_text(f"Answers by {MODEL}", timeout=PATIENCE_MS)
    expect(speaker).to_contain_text("are sent to openai at 127.0.0.1")
    expect(speaker).to_contain_text("Reviews under discussion are confidential")
    ask(page, "What rating did AnonReviewer1 give?")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent.", timeout=PATIENCE_MS)
    expect(page.get_by_label("Message")).to_have_value("What rating did AnonReviewer1 give?")
    assert server.requests == []

    page.get_by_role("button", name="Send, in this conversation").click()
    expect(page.get_by_role("button", name="Send, in this conversation")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("Message").press("Enter")
    expect(last(page)).to_contain_text("AnonReviewer1 gives a rating of 4", timeout=PATIENCE_MS)
    expect(last(page)).not_to_contain_text("a rating of 8.", use_inner_text=True)
    expect(last(page)).to_contain_text(f"Answered by {MODEL}")
    last(page).get_by_text("Removed 1 sentence").click()
    expect(last(page)).to_contain_text("AnonReviewer1 gives a rating of 8")
    last(page).locator(".cite").first.click()
    expect(page.locator("#evidence")).to_contain_text("Rating: 4", timeout=PATIENCE_MS)
    sent = len(server.requests)
    assert sent and "a-key-of-this-test" not in page.content()

    page.get_by_role("button", name="New conversation").click()
    expect(speaker).to_contain_text("Nothing leaves this machine", timeout=PATIENCE_MS)
    ask(page, "What rating did AnonReviewer1 give?")
    expect(last(page)).to_contain_text("rating 4", timeout=PATIENCE_MS)
    assert len(server.requests) == sent


def test_a_model_on_this_machine_streams_stops_and_is_asked_again(page, server):
    server.go_on.clear()
    choose(page, MODEL)
    expect(page.locator("#speaker")).to_contain_text(f"Answers by {MODEL}", timeout=PATIENCE_MS)
    expect(page.locator("#speaker")).to_contain_text("Nothing leaves this machine")
    expect(page.get_by_role("button", name="Send, in this conversation")).to_have_count(0)
    ask(page, "What rating did AnonReviewer1 give?")
    written = page.locator("#live .draft")
    expect(written).to_contain_text("AnonReviewer1 gives a rating of 4.", timeout=PATIENCE_MS)
    expect(written).to_contain_text("Checked so far")
    # Of the second sentence, which no passage bears, some words were written by now, and none is shown.
    assert written.inner_text().count("AnonReviewer1") == 1
    page.get_by_role("button", name="Stop").click()
    expect(last(page)).to_contain_text("You stopped this answer", timeout=PATIENCE_MS)
    server.go_on.set()
    page.get_by_role("button", name="Retry").click()
    expect(last(page)).to_contain_text("AnonReviewer1 gives a rating of 4", timeout=PATIENCE_MS)
    expect(page.locator("#log .turn")).to_have_count(1)
    page.reload()
    expect(last(page)).to_contain_text(f"Answered by {MODEL}", timeout=PATIENCE_MS)
    expect(page.locator("#speaker")).to_contain_text(f"Answers by {MODEL}")


def test_a_model_that_fails_is_named_and_the_embedded_one_answers(page, server):
    server.shutdown()
    server.server_close()
    choose(page, MODEL)
    expect(page.locator("#speaker")).to_contain_text(f"Answers by {MODEL}", timeout=PATIENCE_MS)
    ask(page, "What rating did AnonReviewer1 give?")
    expect(last(page)).to_contain_text(f"{MODEL} did not answer (", timeout=PATIENCE_MS)
    expect(last(page)).to_contain_text("the embedded model answers in its place")
    expect(last(page)).to_contain_text("rating 4")


@pytest.mark.parametrize(
    ("name", "told"), [("nobody", "names no model"), ("openai:sk-abcdefghijklmnop", "looks like a key")]
)
def test_a_name_that_opens_nothing_changes_nothing(page, name, told):
    choose(page, name)
    expect(page.get_by_role("alert")).to_contain_text(told, timeout=PATIENCE_MS)
    expect(page.locator("#speaker")).to_contain_text("the embedded model")
    assert name not in page.locator("#notice").inner_text() or name == "nobody"
