"""Open a chat model by name, and say whether it takes text off this machine."""

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from agent.errors import UnknownModel

EMBEDDED = "embedded"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Where providers that may run on this machine look for their server: environment variables, and the default address.
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
    """Open "embedded" or "provider:model"; raises UnknownModel that says what to install or set."""
    if name == EMBEDDED:
        return ModelChoice(EMBEDDED)
    provider, _, model = name.partition(":")
    if not model:
        raise UnknownModel(f'"{name}" names no model: write provider:model, e.g. openai:gpt-5, or embedded.')
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(model, model_provider=provider)
    except ImportError as error:
        raise UnknownModel(f"The provider {provider} needs a package that is not installed: {error}") from error
    except ValueError as error:
        raise UnknownModel(f'The model "{name}" cannot be opened: {str(error).splitlines()[0]}') from error
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnknownModel(f'The model "{name}" cannot be opened: {reason}') from error
    return ModelChoice(name, leaves_machine(provider), chat)


def leaves_machine(provider: str) -> str | None:
    """None when the provider's address is on this machine, else a sentence that names where text goes."""
    variables, default = _ADDRESSES.get(provider, ((), None))
    address = next((os.environ[v] for v in variables if os.environ.get(v)), default)
    if address is not None:
        host = urlsplit(address if "//" in address else f"http://{address}").hostname
        if host in _LOOPBACK:
            return None
        return f"Questions and the passages found for them are sent to {provider} at {host}."
    return f"Questions and the passages found for them are sent to {provider}, outside this machine."
