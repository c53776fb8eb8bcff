"""From the first question to the exported meta-review, in a real Chromium over the real rooms of made submissions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from agent.history import History
from agent.turns import Turns
from compression_demo.runs import RunStore
from tests.agent.metareview.material import open_assistant, open_collection, reach_verdict
from tests.ui.serving import serving
from ui.app import Rooms

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 400, "height": 800}
MINE = "I have read the paper twice and I find the route criterion useful."
PATIENCE_MS = 30_000


@dataclass
class Site:
    address: str
    rooms: Rooms


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    collection, history = open_collection(tmp_path), History(tmp_path)
    assistant = open_assistant(collection, history, tmp_path)
    rooms = Rooms(collection, RunStore(tmp_path), history, assistant, Turns(assistant))
    with serving(tmp_path, rooms) as address:
        yield Site(address, rooms)


@pytest.fixture
def person(browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE, accept_downloads=True)
    yield context
    context.close()


def come(person: BrowserContext, address: str) -> Page:
    page = person.new_page()
    page.goto(address)
    expect(page.locator("#submissions .row").first).to_be_attached(timeout=PATIENCE_MS)
    page.wait_for_url("**/?c=*")
    page.get_by_role("button", name="Tern: Pruning Along").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tern")
    return page


def ask(page: Page, words: str) -> None:
    before = page.locator("#log .turn").count()
    page.get_by_label("Message").fill(words)
    page.get_by_label("Message").press("Enter")
    expect(page.locator("#log .turn")).to_have_count(before + 1, timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Send")).to_be_visible(timeout=PATIENCE_MS)


def part(page: Page, name: str) -> Locator:
    return page.locator(f"#part-{name}")


def write(page: Page, name: str, text: str) -> None:
    part(page, name).get_by_role("button", name="Edit").click()
    part(page, name).get_by_role("textbox").fill(text)
    part(page, name).get_by_role("button", name="Save").click()
    expect(part(page, name).get_by_role("textbox")).to_be_hidden()


def test_from_the_first_question_to_the_exported_meta_review(person, site):
    page = come(person, site.address)
    ask(page, "Where do the reviewers disagree?")
    ask(page, "Write the meta-review.")
    expect(page.get_by_role("tab", name="Meta-review")).to_have_attribute("aria-selected", "true")
    expect(part(page, "concerns")).to_contain_text("I count the concern about comparisons as open")
    expect(page.locator("#metareview .lacks")).to_contain_text("State your decision")

    was = part(page, "concerns").locator("textarea").input_value()
    write(page, "concerns", f"{was}\n\n{MINE}")
    expect(part(page, "concerns").locator(".own")).to_have_text(MINE)
    expect(part(page, "concerns").locator("h3")).to_contain_text("edited")

    ask(page, "I lean to reject, 4, confidence 4: the comparison is missing.")
    expect(page.locator("#metareview")).to_contain_text("Your decision has changed since this draft")
    page.get_by_role("button", name="Refresh the draft").click()
    expect(part(page, "recommendation")).to_contain_text("Recommendation, the chair's own: reject")
    expect(part(page, "concerns")).to_contain_text(MINE)
    expect(page.locator("#metareview .lacks")).to_contain_text("Nothing that is checked is lacking")

    page.reload()
    page.get_by_role("tab", name="Meta-review").click()
    expect(part(page, "concerns")).to_contain_text(MINE, timeout=PATIENCE_MS)

    page.evaluate("window.addEventListener('beforeunload', () => (window.hungUp = true))")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="OpenReview JSON").click()
    (note,) = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert waiting.value.suggested_filename == "meta-review-tern-pruning.json"
    assert note["forum"] == "tERn77" and note["content"]["recommendation"] == "Reject"
    assert MINE in note["content"]["metareview"] and note["content"]["confidence"] == "4"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Markdown").click()
    assert MINE in Path(waiting.value.path()).read_text(encoding="utf-8")
    # Gradio hangs up where a page is left, and a form that is sent leaves it.
    assert page.evaluate("window.hungUp") is None


def test_a_mark_of_the_draft_opens_its_passage_and_leads_back(person, site):
    page = come(person, site.address)
    page.get_by_role("tab", name="Meta-review").click()
    page.get_by_role("button", name="Draft the meta-review").click()
    mark = part(page, "claims").locator(".cite").first
    expect(mark).to_be_visible(timeout=PATIENCE_MS)
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#evidence mark")).to_contain_text("Tern removes the filters that no route crosses")
    expect(page.get_by_role("tab", name="Evidence")).to_have_attribute("aria-selected", "true")


def test_what_is_not_saved_yet_survives_a_run_and_a_reload(person, site):
    page = come(person, site.address)
    page.get_by_role("tab", name="Meta-review").click()
    page.get_by_role("button", name="Draft the meta-review").click()
    part(page, "merits").get_by_role("button", name="Edit").click()
    part(page, "merits").get_by_role("textbox").fill(MINE)
    conversation = page.url.rpartition("=")[2]
    reach_verdict(site.rooms.history, conversation)
    page.get_by_role("button", name="Refresh the draft").click()
    expect(part(page, "tests")).to_contain_text("Supported", timeout=PATIENCE_MS)
    expect(part(page, "merits").get_by_role("textbox")).to_have_value(MINE)
    page.reload()
    page.get_by_role("tab", name="Meta-review").click()
    expect(part(page, "merits").get_by_role("textbox")).to_have_value(MINE, timeout=PATIENCE_MS)
    part(page, "merits").get_by_role("button", name="Save").click()
    expect(part(page, "merits").locator(".own")).to_have_text(MINE)
    page.reload()
    page.get_by_role("tab", name="Meta-review").click()
    expect(part(page, "merits").locator(".own")).to_have_text(MINE, timeout=PATIENCE_MS)
    expect(part(page, "merits").get_by_role("textbox")).to_be_hidden()


def test_a_conflict_is_shown_and_settled_by_keyboard(person, site):
    page = come(person, site.address)
    page.get_by_role("tab", name="Meta-review").click()
    page.get_by_role("button", name="Draft the meta-review").click()
    expect(part(page, "recommendation")).to_be_visible(timeout=PATIENCE_MS)
    write(page, "recommendation", "I lean to neither side.")
    ask(page, "I reject the paper.")
    page.get_by_role("button", name="Refresh the draft").click()
    conflict = page.locator("#metareview .conflict")
    expect(conflict).to_contain_text("You and the record both changed this")
    expect(part(page, "recommendation").locator(".part-text")).to_have_text("I lean to neither side.")
    conflict.get_by_role("button", name="Take the draft's").focus()
    page.keyboard.press("Enter")
    expect(conflict).to_have_count(0)
    expect(part(page, "recommendation")).to_contain_text("the chair's own: reject")


def test_somebody_else_gets_no_file(person, browser, site):
    page = come(person, site.address)
    page.get_by_role("tab", name="Meta-review").click()
    page.get_by_role("button", name="Draft the meta-review").click()
    expect(part(page, "claims")).to_be_visible(timeout=PATIENCE_MS)
    address = f"{site.address}meta-review/{page.url.rpartition('=')[2]}?format=text"
    assert page.request.get(address).status == 200
    stranger = browser.new_context()
    assert stranger.request.get(address).status == 404
    other = stranger.new_page()
    other.goto(site.address)
    assert stranger.request.get(address).status == 404
    stranger.close()


def test_the_narrow_page_holds_the_draft_without_a_sideways_scroll(browser, site):
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    page.goto(site.address)
    page.get_by_role("button", name="Submissions and conversations").click()
    page.get_by_role("button", name="Tern: Pruning Along").click()
    page.get_by_role("tab", name="Meta-review").click()
    page.get_by_role("button", name="Draft the meta-review").click()
    expect(part(page, "claims")).to_be_visible(timeout=PATIENCE_MS)
    part(page, "claims").get_by_role("button", name="Edit").click()
    expect(part(page, "claims").get_by_role("textbox")).to_be_focused()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW["width"]
    context.close()
