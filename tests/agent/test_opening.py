"""Where text goes is told from the client that was opened, not guessed."""

from types import SimpleNamespace
from typing import Any

import pytest

from agent.models.opening import choose_model, leaves_machine


def openai_at(address: str) -> Any:
    return SimpleNamespace(root_client=SimpleNamespace(base_url=address), openai_api_base=None)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:1/", "127.0.0.2:9"]
)
def test_an_address_on_this_machine_leaves_nothing(address, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example/v1")
    assert leaves_machine("openai", openai_at(address)) is None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://api.example.org/v1", "api.example.org"),
        ("http://10.0.0.7:8000", "10.0.0.7"),
        ("http://localhost.example.org", "localhost.example.org"),
    ],
)
def test_the_client_is_believed_before_the_environment(address, host, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1")
    assert f"openai at {host}" in (leaves_machine("openai", openai_at(address)) or "")


def test_ollama_tells_its_address_in_its_own_client(monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:11434")
    sends_to = SimpleNamespace(_client=SimpleNamespace(base_url="http://gpu.example:11434"))
    told = leaves_machine("ollama", SimpleNamespace(_client=sends_to, base_url=None))
    assert told is not None and "gpu.example" in told


def test_the_environment_is_asked_only_where_the_client_is_silent(monkeypatch):
    silent = SimpleNamespace()
    monkeypatch.setenv("OLLAMA_HOST", "gpu.example:11434")
    assert "gpu.example" in (leaves_machine("ollama", silent) or "")
    monkeypatch.delenv("OLLAMA_HOST")
    assert leaves_machine("ollama", silent) is None
    assert "outside this machine" in (leaves_machine("elsewhere", silent) or "")


def test_a_real_client_tells_its_address(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "not-needed")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    assert "api.openai.com" in (choose_model("openai:gpt-5").leaves_machine or "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert choose_model("openai:gpt-5").leaves_machine is None
