"""Request + evidence -> cited sentences, and before that: which tools to ask. Pure.

`plan` says which tools a request needs, `compose` arranges what they brought back. The embedded model is a thin
adapter of these two; sentences about a paper are its passages, selected and arranged, never invented.
"""

from agent.answering.composing import compose
from agent.answering.planning import ToolCall, plan

__all__ = ["ToolCall", "compose", "plan"]
