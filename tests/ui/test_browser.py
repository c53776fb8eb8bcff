"""The page in a real Chromium over loopback, with scripted rooms: what only a browser can show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from gradio.queueing import Queue
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.fakes import TEXTS, FakeCollection, FakeRuns, fake_rooms
from tests.ui.serving import serving
from ui.app import Rooms

pytestmark = pytest.mark.browser
CHECK = "Does exact OBS beat magnitude pruning? Check it."
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 400, "height": 800}


@dataclass
class Site:
    """A running page and the rooms behind it."""

    address: str
    rooms: Rooms

    @property
    def collection(self) -> FakeCollection:
        assert isinstance(self.rooms.collection, FakeCollection)
        return self.rooms.collection

    @property
    def runs(self) -> FakeRuns:
        return self.rooms.runs  # type: ignore[return-value]


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    rooms = fake_rooms(tmp_path, pause_s=0.01)
    with serving(tmp_path, rooms) as address:
        yield Site(address, rooms)


@pytest.fixture
def person(browser, site) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE)
    yield context
    context.close()


def come(person: BrowserContext, address: str) -> Page:
    page = person.new_page()
    page.goto(address)
    expect(page.locator("#submissions .row").first).to_be_attached(timeout=20_000)
    page.wait_for_url("**/?c=*")
    return page


def choose(page: Page) -> None:
    page.get_by_role("button", name="Soft Weight-Sharing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Soft Weight-Sharing for Neural Network Compression")


def ask(page: Page, words: str) -> None:
    page.get_by_label("Message").fill(words)
    page.get_by_label("Message").press("Enter")


def test_asking_and_opening_a_citation_by_keyboard(person, site, monkeypatch):
    summed: list[int] = []
    monkeypatch.setattr(Queue, "_get_df", staticmethod(summed.append))
    page = come(person, site.address)
    outside, refused = [], []
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith((site.address, "data:")) else None)
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    page.reload()
    choose(page)
    page.get_by_role("button", name="Where do the reviewers disagree?").click()
    mark = page.get_by_role("button", name="Source 1: review by AnonReviewer3, Weaknesses (our paraphrase)").first
    expect(mark).to_be_visible()
    mark.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel.locator("mark")).to_have_text("comparison with magnitude pruning")
    expect(panel.locator("blockquote")).to_have_text(TEXTS[1])
    expect(panel.get_by_role("status")).to_have_text(
        re.compile("Opened beside the conversation: review by AnonReviewer3")
    )
    expect(panel).to_contain_text(TEXTS[0])
    page.get_by_role("button", name="Show the whole document").click()
    expect(panel.locator("mark.here")).to_have_text(TEXTS[1])
    expect(panel).to_contain_text(TEXTS[2])
    page.get_by_role("button", name="Back to the passage").click()
    expect(panel.locator("blockquote")).to_be_visible()
    assert page.evaluate("window.pwned") is None and page.locator("#desk script, #desk img").count() == 0
    assert outside == [] and refused == []
    assert summed == []  # Gradio would sum up all events after each one


def test_markup_that_got_in_could_not_run(person, site):
    """The second line of defence: the policy keeps handlers and scripts of injected markup from running."""
    page = come(person, site.address)
    page.evaluate("""document.querySelector('#log').insertAdjacentHTML('beforeend',
        '<img src=x onerror="window.pwned = 1"><p onclick="window.pwned = 1" id=bait>x</p>')""")
    page.locator("#bait").click()
    page.evaluate("""const s = document.createElement('script'); s.textContent = 'window.pwned = 1';
        document.body.append(s);""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") is None


def test_a_reload_in_the_middle_of_a_run_loses_nothing(person, site):
    page = come(person, site.address)
    choose(page)
    ask(page, CHECK)
    bar = page.locator("#live").get_by_role("progressbar")
    expect(bar).to_be_visible()
    address = page.url
    page.close()
    page = come(person, address)
    assert page.url == address
    expect(page.locator("#live").get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    site.runs.finished.set()
    verdict = page.locator("#log .verdict")
    expect(verdict).to_have_count(1, timeout=60_000)
    expect(verdict).to_contain_text("SUPPORTED")
    expect(verdict.get_by_role("img", name="Plot of test accuracy")).to_be_visible()
    page.reload()
    expect(page.locator("#log .verdict")).to_have_count(1)
    page.get_by_role("tab", name="Runs").click()
    expect(page.locator("#runs .verdict")).to_have_count(1)


def test_a_stopped_turn_leaves_its_run_going_and_the_verdict_comes_by_itself(person, site):
    page = come(person, site.address)
    choose(page)
    ask(page, CHECK)
    expect(page.locator("#live").get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    bar = page.locator("#log").get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.locator("#log")).to_contain_text("Stopped.")
    site.runs.fraction = 0.5
    expect(bar).to_have_attribute("aria-valuenow", "50")
    site.runs.finished.set()
    expect(page.locator("#log .late .verdict")).to_have_count(1, timeout=60_000)
    expect(bar).to_have_count(0)


def test_consent_cancel_edit_and_retry(person, site):
    page = come(person, site.address)
    choose(page)
    ask(page, "Check it, but ask first.")
    page.locator("#log").get_by_role("button", name="Run it").click()
    expect(page.locator("#live").get_by_role("progressbar")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#live").get_by_role("button", name="Cancel").click()
    for _ in range(100):
        if site.runs.cancelled:
            break
        page.wait_for_timeout(50)
    assert site.runs.cancelled
    site.runs.finished.set()
    expect(page.locator("#log .turn")).to_have_count(2)
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Message")).to_have_value("Yes, run it.")
    expect(page.locator("#edit_note")).to_contain_text("Editing question 2")
    ask(page, "What is missing?")
    expect(page.locator("#log .turn").last).to_contain_text("What is missing?")
    expect(page.locator("#log .turn")).to_have_count(2)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.locator("#log .turn")).to_have_count(2)


def test_two_tabs_two_conversations_two_people(person, browser, site):
    first, second = come(person, site.address), come(person, site.address)
    assert first.url != second.url
    choose(first)
    ask(first, "What is missing?")
    expect(first.locator("#log .cite").first).to_be_visible()
    expect(second.locator("#log .turn")).to_have_count(0)
    mine = first.url
    second.reload()
    second.get_by_role("navigation").get_by_role("button", name="What is missing?", exact=False).first.click()
    expect(second.locator("#log .turn")).to_have_count(1)
    second.wait_for_url(mine)
    stranger = browser.new_context(viewport=WIDE)
    other = stranger.new_page()
    other.goto(mine)
    expect(other.get_by_role("alert")).to_contain_text("not yours or is gone")
    assert other.url != mine and other.locator(".turn").count() == 0
    assert "missing" not in other.get_by_role("navigation").inner_text()
    stranger.close()
    first.on("dialog", lambda dialog: dialog.accept())
    first.get_by_role("button", name="Delete conversation").click()
    expect(first.locator("#log .turn")).to_have_count(0)
    first.goto(mine)
    expect(first.get_by_role("alert")).to_contain_text("not yours or is gone")


def test_folds_stay_open_while_the_page_changes(person, site):
    page = come(person, site.address)
    choose(page)
    ask(page, "What is missing?")
    fold = page.locator("#log details.tool").first
    fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")
    ask(page, "And what else?")
    expect(page.locator("#log .turn")).to_have_count(2)
    expect(page.locator("#log details.tool").first).to_have_attribute("open", "")
    expect(page.locator("#log details.tool").nth(1)).not_to_have_attribute("open", "")


def test_a_button_is_busy_until_the_page_answers(person, site):
    page = come(person, site.address)
    page.evaluate(
        """document.addEventListener('click', () => (window.busy = document.querySelector('[data-act][aria-busy]')?.innerText))"""
    )
    choose(page)
    assert "Soft Weight-Sharing" in page.evaluate("window.busy")
    expect(page.locator("[data-act][aria-busy]")).to_have_count(0)


def test_the_latest_question_stands_at_the_top(person, site):
    page = come(person, site.address)
    choose(page)
    for number in (1, 2, 3):
        ask(page, f"What is missing, {number}?")
        expect(page.locator("#log .turn")).to_have_count(number)
    page.wait_for_timeout(300)
    top = page.evaluate("""document.querySelector('#log .turn:last-child').getBoundingClientRect().top
        - document.querySelector('#talk').getBoundingClientRect().top""")
    assert abs(top) < 4


def test_the_narrow_page_has_everything_and_no_sideways_scroll(browser, site):
    context = browser.new_context(viewport=NARROW)
    page = come(context, site.address)
    menu = page.get_by_role("button", name="Submissions and conversations")
    expect(page.locator("#left")).to_be_hidden()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    choose(page)
    expect(page.locator("#left")).to_be_hidden()
    ask(page, "What is missing?")
    page.locator("#log .cite").first.click()
    heading = page.locator("#evidence h2")
    expect(heading).to_be_in_viewport()
    page.get_by_role("button", name="Back to the answer").click()
    expect(page.locator("#log .cite").first).to_be_focused()
    page.get_by_role("button", name="Evidence and meta-review").click()
    expect(page.get_by_role("tab", name="Evidence")).to_be_focused()
    expect(page.get_by_role("tab", name="Meta-review")).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW["width"]
    context.close()


def test_everything_is_reachable_with_the_tab_key(person, site):
    page = come(person, site.address)
    choose(page)
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
        )
    words = "\n".join(reached)
    for name in (
        "Skip to the message box",
        "Soft Weight-Sharing",
        "New conversation",
        "Where do the reviewers",
        "Message",
    ):
        assert name in words
    page.keyboard.press("Home")
    page.get_by_role("link", name="Skip to the message box").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message")).to_be_focused()
    assert "?c=" in page.url


def test_dropped_files_are_imported_with_progress_and_a_report(person, site, tmp_path):
    page = come(person, site.address)
    site.collection.go_on.clear()
    for name in ("good.pdf", "bad.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
    page.locator("#drop input[type=file]").set_input_files([tmp_path / "good.pdf", tmp_path / "bad.pdf"])
    expect(page.locator("#imports").get_by_role("progressbar")).to_be_visible()
    site.collection.go_on.set()
    report = page.locator("#imports").get_by_role("status")
    expect(report).to_contain_text("Integral Pruning")
    expect(report).to_contain_text("bad.pdf, page 2: has no text")
    page.reload()
    expect(report).to_contain_text("1 not taken")
    report.get_by_role("button", name="Open Integral Pruning").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Integral Pruning")
    page.get_by_role("button", name="Close this report").click()
    expect(report).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete submission").click()
    expect(page.locator("#notice")).to_contain_text("Deleted")
    expect(page.locator("#submissions .row")).to_have_count(4)
