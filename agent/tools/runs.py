"""The experiments of this conversation with their verdicts."""

from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.tools.context import TurnContext


@tool(response_format="content_and_artifact")
def runs(runtime: ToolRuntime[TurnContext]) -> tuple[str, dict[str, Any]]:
    """List the experiments asked for in this conversation with their state and verdict."""
    context = runtime.context
    found = []
    latest = {request.digest: request for request in context.history.run_requests(context.conversation)}
    for request in latest.values():
        outcome = context.runs.outcome(request.digest, bears_on=request.bears_on)
        verdict = outcome[2].to_json() if outcome else None
        state = context.runs.status(request.digest).state if request.state != "proposed" else "waits for your yes"
        found.append({"digest": request.digest, "claim": request.claim, "state": state, "verdict": verdict})
    lines = [
        f"[run:{r['digest'][:12]}] {r['claim']}: {r['verdict']['outcome'] + '. ' + r['verdict']['reason'] if r['verdict'] else r['state']}"
        for r in found
    ]
    return "\n".join(lines) or "No experiment was asked for in this conversation.", {"runs": found}
