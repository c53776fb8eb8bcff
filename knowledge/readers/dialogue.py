"""A conversation about a paper -> Document of kind `relayed`: what it says is known only second hand.

What an assistant said about a paper is neither the paper's own words nor a review of record, whoever asked.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.readers.draft import Draft
from knowledge.readers.homes import find_home
from knowledge.readers.json_tree import words
from knowledge.readers.text import slug
from knowledge.types import Document, Submission

TURN = re.compile(r"[^\w\n]{0,6}(?:turn|round|exchange)[ \t]+\d{1,3}\b[^\w\n]{0,6}$", re.IGNORECASE)
MACHINES = (
    r"assistant|ai(?:[ -]assistant)?|dialogue[ -]agent|conversational[ -]agent|agent|(?:chat)?bot|system|model|machine|"
    r"chatgpt|gpt(?:-?\d\w*)?|claude|gemini|llama|llm|second opinion"
)
PEOPLE = (
    r"user|human|me|you|meta-?[ ]?reviewer|(?:senior )?area[ -]chair|chair|ac|sac|editor|prompter|questioner|person"
)
SPEAKER = re.compile(
    rf"[ \t>]*[*_#]{{0,4}}[ \t]*(?P<name>(?P<machine>{MACHINES})|(?:{PEOPLE}))(?:[ \t]*\d{{1,2}})?[ \t]*"
    r"[*_]{0,3}[ \t]*(?P<end>[:\uff1a]|(?=\n|$))[*_]{0,3}[ \t]*",
    re.IGNORECASE,
)
REACH = 80
"""How far into a line the name of a speaker may reach."""
LEADING = 0.35
"""A conversation begins before this share of its text; one quoted in the appendix of a paper begins later."""


@dataclass(frozen=True)
class Utterance:
    """Who says it ("" before the first speaker), what, and under which "Turn n"."""

    speaker: str
    text: str
    turn: str


def split_utterances(text: str) -> list[Utterance]:
    """What each speaker says in turn, in the order of the text."""
    found: list[Utterance] = []
    speaker, turn, gathered = "", "", []

    def flush() -> None:
        if any(line.strip() for line in gathered):
            found.append(Utterance(speaker, "\n".join(gathered).strip("\n"), turn))
        gathered.clear()

    for line in text.split("\n"):
        if TURN.match(line[:REACH]) and len(line) < REACH:
            flush()
            turn = line.strip(" \t#*_:-.[]()")
            continue
        match = SPEAKER.match(line[:REACH])
        alone = match and not match["end"] and line.strip(" \t*_#>").casefold() == match["name"].casefold()
        if match and (match["end"] or alone):
            flush()
            speaker = match["name"].strip()
            line = line[match.end() :]
        gathered.append(line)
    flush()
    return found


def is_dialogue(text: str) -> bool:
    """Whether a text is a conversation: at least two speakers take turns, one of them a machine or under headings
    "Turn n", and it begins early in the text."""
    utterances = split_utterances(text)
    said = [utterance for utterance in utterances if utterance.speaker]
    speakers = {utterance.speaker.casefold() for utterance in said}
    machine = any(re.fullmatch(MACHINES, speaker) for speaker in speakers)
    turns = any(utterance.turn for utterance in utterances)
    if len(speakers) < 2 or not (machine or turns or len(said) > 3):
        return False
    before = sum(len(utterance.text) for utterance in utterances if not utterance.speaker)
    return before <= LEADING * len(text)


def is_chat(tree: Any) -> bool:
    """Whether a JSON value is an exported conversation: a list of `role` and `content`, maybe under `messages`."""
    if isinstance(tree, dict):
        return any(is_chat(tree[name]) for name in ("messages", "conversation", "dialogue") if name in tree)
    return (
        isinstance(tree, list)
        and bool(tree)
        and all(isinstance(item, dict) and isinstance(item.get("role"), str) and "content" in item for item in tree)
    )


def chat_text(tree: Any) -> str:
    """An exported conversation as text, a paragraph an utterance."""
    if isinstance(tree, dict):
        return next(
            chat_text(tree[n]) for n in ("messages", "conversation", "dialogue") if n in tree and is_chat(tree[n])
        )
    return "\n\n".join(f"{words(item['role'])}: {words(item['content'])}" for item in tree)


def read_dialogue(text: str, file: str, into: str | None) -> Submission:
    """A conversation as one document, a section a turn, each utterance with its speaker's name before it.

    NoHome where neither `into` nor the conversation names the paper.
    """
    home, title = find_home(text, into, file, "a dialogue")
    draft, turn = Draft(), ""
    for utterance in split_utterances(text):
        if utterance.turn != turn:
            turn = utterance.turn
            draft.begin_section(turn)
        draft.add_text(f"{utterance.speaker}: {utterance.text.lstrip()}" if utterance.speaker else utterance.text)
    if not draft.points:
        raise UnreadableFile(file, "is a dialogue without words")
    stem = PurePath(file.replace(": ", "/")).stem
    document = Document(
        id=f"{home}/{slug(f'relayed {stem}', 120)}",
        submission=home,
        kind="relayed",
        title=f"Dialogue: {stem}",
        text=draft.text,
        sections=draft.sections,
        points=draft.points,
        origin="record",
        source=file,
    )
    return Submission(home, title, documents=(document,))
