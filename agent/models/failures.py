"""Why a language model did not answer, in one line that holds no key."""

import os
import re

LONGEST = 200
_SECRET_VARIABLE = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_LOOKS_LIKE_KEY = re.compile(r"\b(?:sk|pk|hf|gsk|xai|key)[-_][A-Za-z0-9_*-]{6,}|\bAIza[\w-]{10,}|\bBearer\s+\S+")
SHORTEST_KEY = 6


def explain_failure(error: BaseException) -> str:
    """The first line of an error, or its type where it says nothing."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = without_keys(lines[0] if lines else type(error).__name__).rstrip(" .:")
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def without_keys(text: str) -> str:
    """`text` with the values of secret environment variables, and what looks like a key, blotted out."""
    for name, value in os.environ.items():
        if _SECRET_VARIABLE.search(name) and len(value) >= SHORTEST_KEY:
            text = text.replace(value, "(key)")
    return _LOOKS_LIKE_KEY.sub("(key)", text)
