"""Who writes the words: the embedded model, or any LangChain chat model by "provider:name"."""

from agent.models.opening import EMBEDDED, ModelChoice, choose_model

__all__ = ["EMBEDDED", "ModelChoice", "choose_model"]
