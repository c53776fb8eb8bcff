"""A tool's call and its result in one line each, for a person."""

from typing import Any

from langchain_core.messages import ToolMessage


def asked_for(tool: str, arguments: dict[str, Any]) -> str:
    """A tool call in one line."""
    if tool == "search":
        where = ", ".join(
            w for w in (arguments.get("reviewer"), *(arguments.get("aspects") or arguments.get("kinds") or ())) if w
        )
        return f'searched{f" {where}" if where else ""} for "{arguments.get("query", "")}"'
    if tool == "reviews":
        return f"read the reviews{' of ' + arguments['reviewer'] if arguments.get('reviewer') else ''}"
    if tool == "claims":
        return "looked for what can be tested"
    if tool == "paper":
        return "read the paper"
    if tool == "typos":
        return "checked the paper's spelling"
    if tool == "verify":
        return f'put to the test: "{arguments.get("claim", "")}"'
    if tool == "draft":
        return f"{'looked at' if arguments.get('task') == 'check' else 'worked on'} the meta-review"
    return "looked at the runs"


def found_by(message: ToolMessage) -> str:
    """A tool result in one line."""
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    if message.name == "search":
        return f"{len(artifact.get('hits', ()))} passages"
    if message.name in ("reviews", "paper"):
        return f"{len(artifact.get('passages', ()))} passages"
    if message.name == "claims":
        return f"{sum(bool(c['plan']) for c in artifact.get('claims', ()))} sentences that can"
    if message.name == "typos":
        return f"{len(artifact.get('slips', ()))} suggestions" if artifact.get("held") else "the paper is not held"
    if message.name == "verify":
        if "not_testable" in artifact:
            return "not testable here"
        return artifact.get("verdict", {}).get("outcome") or artifact.get("state", "done")
    if message.name == "draft":
        return (
            f"version {artifact['version']}, {len(artifact['lacks'])} things to do" if "version" in artifact else "none"
        )
    return f"{len(artifact.get('runs', ()))} runs"
