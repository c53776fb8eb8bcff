"""The mounted application over loopback: what a browser gets before any script runs."""

import asyncio
import json
import re

import pytest
from starlette.testclient import TestClient

from tests.ui.fakes import fake_rooms
from ui.app import create_app, names_of_registries

HERE = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")

    async def build():
        # Inside a running loop, because Gradio else leaves event loops of its own unclosed.
        return create_app(home, rooms=fake_rooms(home))

    with TestClient(asyncio.run(build()), base_url=HERE) as client:
        yield client


@pytest.fixture
def config(client):
    page = client.get("/").text
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", page)
    assert found
    return json.loads(found.group(1))


def test_the_page_is_guarded(client):
    client.cookies.clear()
    answer = client.get("/")
    assert answer.status_code == 200 and "Second Opinion" in answer.text
    assert "HttpOnly" in answer.headers["set-cookie"] and "nonce-" in answer.headers["content-security-policy"]
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.post("/gradio_api/queue/join", json={}, headers={"origin": "http://evil.example"}).status_code == 403


def test_every_script_of_the_page_carries_the_nonce(client):
    answer = client.get("/")
    found = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
    assert found
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts and all(f'nonce="{found.group(1)}"' in script for script in scripts)


def test_the_page_asks_for_nothing_from_elsewhere(client):
    page = client.get("/").text
    loaded = re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=[\"']([^\"']+)", page)
    assert loaded and all(not re.match(r"(?:https?:)?//(?!127\.0\.0\.1)", address) for address in loaded)


def test_its_own_files_are_served(client):
    assert "secondOpinion" in client.get("/desk/page.js").text
    assert client.get("/desk/../page.py").status_code == 404


def test_no_interface_is_offered_to_programs(client, config):
    assert client.get("/gradio_api/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}
    assert {d["api_visibility"] for d in config["dependencies"]} == {"private"}
    for path in ("/docs", "/openapi.json", "/redoc"):
        assert client.get(path).status_code in (404, 405)


def test_the_page_keeps_to_itself(config):
    assert config["analytics_enabled"] is False and config["footer_links"] == []
    assert not config.get("run_history")
    kinds = {component["type"] for component in config["components"]}
    assert {"html", "textbox", "tabs", "timer"} <= kinds


def test_no_conversation_is_in_what_everybody_gets(client, config):
    assert "Soft Weight-Sharing" not in json.dumps(config)


def test_names_come_from_the_registries():
    names = names_of_registries()
    assert "mnist-cnn" in names.testbeds and names.metric("accuracy") == "test accuracy"
    assert names.quantity("+3.1", "accuracy") == "+3.1 points" and names.metric("no_such") == "no such"
    assert len(names.methods) >= 5
