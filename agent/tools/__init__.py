"""The tools of the agent: typed, few, each with one job."""

from agent.tools.claims import claims
from agent.tools.context import TurnContext
from agent.tools.paper import paper
from agent.tools.reviews import reviews
from agent.tools.runs import runs
from agent.tools.search import search
from agent.tools.typos import typos
from agent.tools.verify import verify

TOOLS = (search, reviews, claims, paper, typos, verify, runs)

__all__ = ["TOOLS", "TurnContext"]
