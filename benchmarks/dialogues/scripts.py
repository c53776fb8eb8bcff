"""Dialogues as written: TOML files in `conversations/`, checked word for word before anything is run."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent / "conversations"
MATERIAL = Path(__file__).parent / "submissions"
IMPORT = "import:"
TYPES = (
    "overview", "scores", "reviewer", "contributions", "method", "assumptions", "evaluation", "number", "comparison",
    "baselines", "novelty", "strengths", "weaknesses", "agreement", "disagreement", "response", "questions",
    "reproducibility", "limitations", "ethics", "writing", "paper_type", "testable", "verify", "review_quality",
    "recommendation", "own_decision", "structured_review", "metareview", "compare", "triage", "smalltalk", "offtopic",
    "about", "silence", "followup",
)  # fmt: skip
ACTS = ("facts", "silent", "judgement", "courtesy", "verdict", "draft", "notestable", "clarify")
Half = Literal["tuning", "reporting"]
_FIELDS = {
    "ask": str, "type": str, "act": str, "note": str, "expect": list, "forbid": list, "gold": list,
}  # fmt: skip


class BadDialogue(ValueError):
    """A dialogue that does not keep to the format; the message names file, turn and field."""


@dataclass(frozen=True)
class Gold:
    """One fact that a complete answer cites: any of `places`, each a document ("*" for any) and a fragment of a passage."""

    text: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Turn:
    """One question with what a right answer does and says."""

    ask: str
    type: str
    act: str
    expect: tuple[re.Pattern[str], ...] = ()
    forbid: tuple[re.Pattern[str], ...] = ()
    gold: tuple[Gold, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """A conversation of one chair; `papers` are ids of submissions or "import:NAME", the first is the one in question."""

    name: str
    about: str
    papers: tuple[str, ...]
    adversarial: bool
    turns: tuple[Turn, ...]

    @property
    def half(self) -> Half:
        """By the hash of the name: what is tuned on, and what is reported."""
        return "reporting" if int(hashlib.sha256(self.name.encode()).hexdigest()[:8], 16) % 2 else "tuning"

    @property
    def imports(self) -> tuple[str, ...]:
        """The names of the folders under `submissions/` that it needs."""
        return tuple(paper.removeprefix(IMPORT) for paper in self.papers if paper.startswith(IMPORT))


def load_dialogues(
    half: Half | None = None, only: Sequence[str] = (), folder: Path = FOLDER, material: Path = MATERIAL
) -> list[Dialogue]:
    """All dialogues of a folder, of one half or of the names given; BadDialogue for the first fault."""
    paths = sorted(folder.glob("*.toml"))
    missing = set(only) - {path.stem for path in paths}
    if missing:
        raise BadDialogue(f"there is no dialogue {', '.join(sorted(missing))} in {folder.name}/")
    found = [read_dialogue(path, material) for path in paths if not only or path.stem in only]
    return [dialogue for dialogue in found if half is None or dialogue.half == half]


def read_dialogue(path: Path, material: Path = MATERIAL) -> Dialogue:
    """One dialogue from its file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDialogue(f"{path.name}: no valid TOML ({error})") from None
    unknown = set(data) - {"about", "papers", "adversarial", "turn"}
    if unknown:
        raise BadDialogue(f"{path.name}: unknown field {', '.join(sorted(unknown))}")
    papers, turns = data.get("papers"), data.get("turn")
    if not isinstance(data.get("about"), str) or not data["about"].strip():
        raise BadDialogue(f"{path.name}, about: one line is needed")
    if not _are_texts(papers) or not papers:
        raise BadDialogue(f"{path.name}, papers: a list of ids is needed")
    for name in (paper.removeprefix(IMPORT) for paper in papers if paper.startswith(IMPORT)):
        if not (material / name).exists():
            raise BadDialogue(f"{path.name}, papers: {material.name}/{name} does not exist")
    if not isinstance(data.get("adversarial", False), bool):
        raise BadDialogue(f"{path.name}, adversarial: true or false is needed")
    if not isinstance(turns, list) or not turns:
        raise BadDialogue(f"{path.name}: it has no [[turn]]")
    read = tuple(_turn(turn, f"{path.name}, turn {number}") for number, turn in enumerate(turns, 1))
    return Dialogue(path.stem, data["about"], tuple(papers), data.get("adversarial", False), read)


def _turn(data: Mapping[str, Any], where: str) -> Turn:
    for name, value in data.items():
        if name not in _FIELDS:
            raise BadDialogue(f"{where}: unknown field {name}")
        if not (_are_texts(value) if _FIELDS[name] is list else isinstance(value, str)):
            raise BadDialogue(f"{where}, {name}: {'a list of texts' if _FIELDS[name] is list else 'a text'} is needed")
    for name, known in (("type", TYPES), ("act", ACTS)):
        if data.get(name) not in known:
            raise BadDialogue(f"{where}, {name}: '{data.get(name)}' is none of {', '.join(known)}")
    if not data.get("ask", "").strip():
        raise BadDialogue(f"{where}, ask: it is empty")
    expect, forbid = (_patterns(data.get(name, ()), f"{where}, {name}") for name in ("expect", "forbid"))
    gold = tuple(_gold(text, f"{where}, gold") for text in data.get("gold", ()))
    return Turn(data["ask"], data["type"], data["act"], expect, forbid, gold)


def _patterns(texts: Iterable[str], where: str) -> tuple[re.Pattern[str], ...]:
    found = []
    for text in texts:
        try:
            found.append(re.compile(text, re.IGNORECASE | re.DOTALL))
        except re.error as error:
            raise BadDialogue(f"{where}: '{text}' does not compile ({error})") from None
    return tuple(found)


def _gold(text: str, where: str) -> Gold:
    """`document :: fragment`, or several of them between " || "; a later one without document has the first one's."""
    places: list[tuple[str, str]] = []
    for part in text.split(" || "):
        document, mark, fragment = part.partition("::")
        if not mark and places:
            document, fragment = places[0][0], part
        elif not mark:
            raise BadDialogue(f"{where}: '{text}' is not of the form 'document :: fragment'")
        if not document.strip() or not fragment.strip():
            raise BadDialogue(f"{where}: '{text}' lacks its {'fragment' if document.strip() else 'document'}")
        places.append((document.strip(), " ".join(fragment.split())))
    return Gold(text, tuple(places))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_at(document: str, text: str, place: tuple[str, str]) -> bool:
    """Whether a passage is where a gold place points: `document` is the passage's, `text` its words.

    A place may name a document by its whole id or by the end of it, from a "/" or a "-" on.
    """
    wanted, fragment = place
    named = wanted == "*" or document == wanted or document.endswith((f"/{wanted}", f"-{wanted}"))
    return named and fragment.casefold() in " ".join(text.split()).casefold()
