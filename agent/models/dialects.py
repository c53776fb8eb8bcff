"""How other models write tool calls and citations, read into ours; pure.

Weak models print a tool call instead of making one, and cite in the style that they have seen most.
"""

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_NAMES = ("name", "tool", "tool_name", "function", "action")
_ARGUMENTS = ("arguments", "args", "parameters", "input", "action_input")
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
CALL_OPENS = re.compile(r"```|<\|?/?tool|<function|<think|\[?\{\s*[\"']")
"""Where printed tool calls, or thoughts, may begin in words that are still being written."""
_BRACKETS = re.compile(r"“[^“”]*”|[\[(【]([^\[\]()【】\n]{1,200})[\])】]")
_ABOUT = re.compile(
    r"\b(?:passages?|sources?|citations?|cited?|refs?|references?|see|from|and|ids?)\b[:.]?", re.IGNORECASE
)
_COUNTED = re.compile(r"\^?\d{1,2}(?:\s*[,;–-]\s*\^?\d{1,2})*(?:†[^\]】]*)?")
_LIST_OF_SOURCES = re.compile(
    r"^\W*(?:sources?|references?|citations?|passages? (?:cited|used))\W*$", re.IGNORECASE | re.MULTILINE
)
_ONLY_MARKERS = re.compile(r"^\s*(?:\[(?:p|run):[^\]]+\][\s.,;]*)+$")
SHORTEST_PREFIX = 6


def read_calls(text: str, tools: Mapping[str, Collection[str]]) -> list[dict[str, Any]]:
    """The tool calls printed in `text` as {"name", "args"}, each once; `tools` holds the arguments of each by name.

    Understood: JSON objects, fenced, tagged or bare, also in Python's notation, and calls such as `search(query="x")`
    on a line of their own. Arguments that a tool does not have, and empty ones, are left out.
    """
    text = _THOUGHTS.sub("", text)
    found: list[dict[str, Any]] = []
    for name, arguments in (*_from_objects(text, tools), *_from_lines(text, tools)):
        kept = {k: v for k, v in arguments.items() if k in tools[name] and v not in (None, "", [], "null", "None")}
        call = {"name": name, "args": kept}
        if call not in found:
            found.append(call)
    return found


def to_markup(text: str, passages: Collection[str]) -> str:
    """An answer in our markup: markers in other styles that name one of `passages` become ours.

    Numbers such as [1] name nothing here and go; so do thoughts, fences, lists of sources, and lines said before.
    """
    text = _FENCE.sub("", _THOUGHTS.sub("", text))
    sources = _LIST_OF_SOURCES.search(text)
    text = text[: sources.start()] if sources and text[: sources.start()].strip() else text
    text = _BRACKETS.sub(lambda match: _as_markers(match, passages), text)
    lines: list[str] = []
    seen: set[str] = set()
    for line in text.splitlines():
        if _ONLY_MARKERS.match(line) and any(lines):
            last = max(i for i, held in enumerate(lines) if held)
            lines[last] += " " + line.strip()
        elif not line.strip() or line.strip() not in seen:
            lines.append(line.rstrip())
            seen.add(line.strip())
    return "\n".join(lines)


def _as_markers(match: re.Match[str], passages: Collection[str]) -> str:
    inside = match.group(1)
    if inside is None:  # a quotation is the source's own
        return match.group()
    if match.group()[0] != "(" and _COUNTED.fullmatch(inside.strip()):
        return ""
    tokens = [t.strip("`'\"#") for t in re.split(r"[,;|\s]+", _ABOUT.sub(" ", inside)) if t.strip("`'\"#:.")]
    if any(t.startswith("run:") for t in tokens):
        return match.group()
    held = [_resolve(t, passages) for t in tokens]
    if not tokens or None in held:
        return match.group()
    return "".join(f"[p:{identity}]" for identity in dict.fromkeys(held))


def _resolve(token: str, passages: Collection[str]) -> str | None:
    """The passage that a token names in full or by the only beginning of its id."""
    token = re.sub(r"^p\s*[:=]\s*", "", token)
    if token in passages:
        return token
    near = [p for p in passages if p.startswith(token)] if len(token) >= SHORTEST_PREFIX else []
    return near[0] if len(near) == 1 else None


def _from_objects(text: str, tools: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    end = 0
    for opening in re.finditer(r"\{", text):
        if opening.start() < end:
            continue
        value, end = _object_at(text, opening.start())
        yield from _calls_in(value, tools)


def _object_at(text: str, start: int) -> tuple[Any, int]:
    """The JSON or Python object that begins at `start`, and where it ends; (None, start) where there is none."""
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text, start)
        return value, end
    except ValueError:
        pass
    depth = 0
    for place in range(start, min(len(text), start + 4000)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            try:
                return ast.literal_eval(text[start : place + 1]), place + 1
            except (ValueError, SyntaxError):
                break
    return None, start


def _calls_in(value: Any, tools: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for item in value:
            yield from _calls_in(item, tools)
    if not isinstance(value, dict):
        return
    named = next((value[k] for k in _NAMES if k in value), None)
    if isinstance(named, str) and named in tools:
        arguments = next((value[k] for k in _ARGUMENTS if k in value), None)
        if arguments is None:
            arguments = {k: v for k, v in value.items() if k not in _NAMES}
        if isinstance(arguments, str):
            arguments = _object_at(arguments, 0)[0] if arguments.startswith("{") else {"query": arguments}
        yield named, arguments if isinstance(arguments, dict) else {}
        return
    for key, inner in value.items():
        if key in tools and isinstance(inner, dict):
            yield key, inner
        else:
            yield from _calls_in(inner, tools)


def _from_lines(text: str, tools: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in re.finditer(r"^[ \t`]*(\w+)(\(.*\))[ \t`]*$", text, re.MULTILINE):
        if line.group(1) not in tools:
            continue
        try:
            call = ast.parse(line.group(1) + line.group(2), mode="eval").body
            if isinstance(call, ast.Call):
                yield line.group(1), {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg}
        except (ValueError, SyntaxError):
            continue
