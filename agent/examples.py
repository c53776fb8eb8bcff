"""Example questions by intent: a message without a cue takes the intent of its nearest example, if one is near."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from agent.cues import INTENTS, Intent

NEAR = 0.62
_FILE = Path(__file__).parent / "prompts" / "questions.txt"


class Examples:
    """Nearest example question by meaning. `embed` maps texts to unit vectors (n, d)."""

    def __init__(self, embed: Callable[[Sequence[str]], Any]) -> None:
        self._embed = embed

    @cached_property
    def _known(self) -> tuple[list[Intent], Any]:
        intents: list[Intent] = []
        questions: list[str] = []
        for line in _FILE.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            intent, _, question = line.partition(":")
            name = intent.strip()
            assert name in INTENTS, f"{_FILE.name}: unknown intent {name}"
            intents.append(cast(Intent, name))
            questions.append(question.strip())
        return intents, self._embed(questions)

    def nearest(self, message: str) -> Intent | None:
        """The intent of the nearest example, or None when none is near."""
        intents, vectors = self._known
        cosines = vectors @ self._embed([message])[0]
        best = int(cosines.argmax())
        return intents[best] if float(cosines[best]) >= NEAR else None
