"""The whole walk of a chair in a real browser, on the real library, against a real server that is killed midway."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
CLAIM = "Is it true that ExactOBS loses less accuracy than magnitude pruning at 90 % sparsity on digits with 3 seeds? Check it."
SLOW = "Check that OBQ beats round-to-nearest at 2 bits on MNIST with 3 seeds"
PATIENCE_MS = 120_000


class Server:
    """`second-opinion serve` as a user starts it."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._home = home
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start and wait until the address is printed."""
        command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(self.port)]
        environment = {**os.environ, "SECOND_OPINION_HOME": str(self._home)}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert self.address.rstrip("/") in line, line

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


@pytest.fixture
def server(home) -> Iterator[Server]:
    running = Server(home)
    running.start()
    yield running
    running.kill()


def come(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#submissions .row").first).to_be_attached(timeout=30_000)


def ask(page: Page, words: str) -> None:
    page.get_by_label("Message").fill(words)
    page.get_by_label("Message").press("Enter")


def test_choose_ask_cite_verify_reload_and_find_it_all_again(browser, server):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    come(page, server.address)
    outside: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((server.address, "data:")) else outside.append(r.url))

    page.get_by_role("button", name="Integral Pruning on Activations").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Integral Pruning")
    ask(page, "What does reviewer 2 say about novelty?")
    log = page.get_by_role("log")
    expect(log).to_contain_text("a simple approach with limited novelty", timeout=PATIENCE_MS)

    page.get_by_role("button", name=re.compile("review by AnonReviewer2")).first.click()
    panel = page.get_by_role("complementary")
    expect(panel.locator("mark")).to_contain_text("a simple approach with limited novelty")

    ask(page, CLAIM)
    expect(page.get_by_role("progressbar").first).to_be_attached(timeout=30_000)
    page.reload()
    expect(log.locator(".verdict .word").first).to_have_text("SUPPORTED", timeout=PATIENCE_MS)
    expect(log).to_contain_text("no statement about ImageNet-scale networks")
    expect(log.locator("figure.plot")).to_be_visible()

    address = page.url
    page.reload()
    expect(log.locator(".verdict .word")).to_have_count(1)
    expect(log).to_contain_text("a simple approach with limited novelty")
    page.get_by_role("button", name=re.compile("review by AnonReviewer2")).first.click()
    expect(panel.locator("mark")).to_contain_text("a simple approach with limited novelty")

    _killed_in_the_middle(page, server)
    assert page.url == address
    assert outside == []
    _somebody_else_sees_nothing(browser, address)
    context.close()


def _killed_in_the_middle(page: Page, server: Server) -> None:
    """The server dies while a run is under way; its verdict is in the conversation once all the same."""
    log = page.get_by_role("log")
    ask(page, SLOW)
    expect(page.get_by_role("progressbar").first).to_be_attached(timeout=30_000)
    address = page.url
    server.kill()
    time.sleep(1)
    server.start()
    come(page, address)
    expect(log.locator(".verdict .word")).to_have_count(2, timeout=PATIENCE_MS)
    page.reload()
    expect(log.locator(".verdict .word")).to_have_count(2)


def _somebody_else_sees_nothing(browser, address: str) -> None:
    """Another browser with the same address gets no word of the conversation."""
    context = browser.new_context()
    page = context.new_page()
    come(page, address)
    expect(page.get_by_role("log")).not_to_contain_text("novelty")
    assert page.url != address
    context.close()
