"""JSON and JSON Lines -> plain values, with the place of what is wrong."""

import json
import re
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.readers.text import clean, decode


def looks_like_json(data: bytes, file: str) -> bool:
    """Whether a file is meant as JSON: by its name, or since it begins as an object or a list does."""
    named = file.lower().endswith((".json", ".jsonl"))
    return named or bool(re.match(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]", data[:4096]))


def load_tree(data: bytes, file: str) -> Any:
    """The value of a JSON file, for JSON Lines the list of its values; UnreadableFile names line and column."""
    text = decode(data, file)
    if not text.strip():
        raise UnreadableFile(file, "is empty")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1:
                return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        reason = f"is not whole JSON: {error.msg} at column {error.colno}"
        raise UnreadableFile(file, reason, error.lineno) from None
    except RecursionError:
        raise UnreadableFile(file, "is JSON nested too deeply to be a thread; export it anew") from None
    except ValueError:
        raise UnreadableFile(file, "is JSON with a number of thousands of digits; export it anew") from None


def words(value: Any) -> str:
    """A value as clean text: a text, a number, the entries of a list one a line; "" for what is none of these."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str | int | float):
        return clean(str(value)).strip()
    if isinstance(value, list):
        return "\n".join(filter(None, map(words, value)))
    if isinstance(value, dict) and "value" in value:
        return words(value["value"]) if not isinstance(value["value"], dict) else ""
    return ""
