"""Open a chat model by name, and say whether it takes text off this machine. Nothing is sent to do so."""

import ipaddress
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from agent.errors import UnknownModel
from agent.models.failures import explain_failure, without_keys

EMBEDDED = "embedded"
HUGGINGFACE = "huggingface"
# Where the clients of LangChain's packages keep the address that they send to, the surest place first.
_IN_CLIENT = ("root_client.base_url", "_client._client.base_url", "_client.base_url", "openai_api_base", "base_url")
# Where providers look for their server when the client does not tell: environment variables, and the default address.
_ADDRESSES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "openai": (("OPENAI_BASE_URL", "OPENAI_API_BASE"), None),
    "ollama": (("OLLAMA_HOST",), "http://127.0.0.1:11434"),
}


@dataclass(frozen=True)
class ModelChoice:
    """A model by its name; `leaves_machine` is None or a sentence on where text goes; `chat` is None when embedded."""

    name: str
    leaves_machine: str | None = None
    chat: Any = None


def choose_model(name: str) -> ModelChoice:
    """Open "embedded", "provider:model" or "huggingface:PATH"; raises UnknownModel that says what to install or set."""
    if name == EMBEDDED:
        return ModelChoice(EMBEDDED)
    if without_keys(name) != name:
        raise UnknownModel("That looks like a key. Keys are read from the environment only; name the model alone.")
    provider, _, model = name.partition(":")
    if not model:
        raise UnknownModel(f'"{name}" names no model: write provider:model, e.g. openai:gpt-5, or embedded.')
    if provider == HUGGINGFACE:
        from agent.models.huggingface import TransformersChatModel, find_model

        return ModelChoice(name, None, TransformersChatModel(path=find_model(model)))
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(model, model_provider=provider)
    except ImportError as error:
        needed = f"pip install langchain-{provider.replace('_', '-')}"
        raise UnknownModel(f"The provider {provider} needs a package that is not installed: {needed}") from error
    except Exception as error:
        raise UnknownModel(f'The model "{name}" cannot be opened: {explain_failure(error)}') from error
    return ModelChoice(name, leaves_machine(provider, chat), chat)


def leaves_machine(provider: str, chat: Any = None) -> str | None:
    """None when the address that `chat` sends to is on this machine, else a sentence that names where text goes.

    The environment is asked only where the client does not tell its address.
    """
    address = _address_of(chat) or _address_in_environment(provider)
    host = urlsplit(address if "//" in address else f"http://{address}").hostname if address else None
    if host is None:
        return f"Questions and the passages found for them are sent to {provider}, outside this machine."
    return None if _is_here(host) else f"Questions and the passages found for them are sent to {provider} at {host}."


def _address_of(chat: Any) -> str | None:
    """The address that an opened client sends to, where it tells."""
    for path in _IN_CLIENT:
        found = chat
        for name in path.split("."):
            found = getattr(found, name, None)
        if found is not None and str(found):
            return str(found)
    return None


def _address_in_environment(provider: str) -> str | None:
    variables, default = _ADDRESSES.get(provider, ((), None))
    return next((os.environ[v] for v in variables if os.environ.get(v)), default)


def _is_here(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
