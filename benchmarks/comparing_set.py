"""Questions that set figures against each other, over small made-up papers, with the figures that they mean.

A file in `comparing/` holds a title and passages (or "@ ID" for a paper of the collection, "@ import:NAME" for one in
`dialogues/submissions`); passages have blank lines between them, those that begin with "Table" are tables; then a line of dashes, and questions in the order of a conversation: "question => 70.5 68.0; 71.0 70.2" for two pairs, "=> none" where the paper has no such figures, "=> -" for a question of another kind.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.answering.differences import tell_pair
from agent.answering.numbers import FIGURE_KINDS, answer, figure_query, prepared
from agent.answering.pairs import named_pair
from agent.desk import Desk, Paper, PastTurn
from agent.desks import to_paper
from agent.draft import DraftSentence, parse, write
from agent.events import Answer
from agent.figures import Figure
from agent.gathered import Gathered, Searched
from agent.grounding import Evidence, ground
from agent.request import Request
from benchmarks.dialogues.material import Shelf, cache_folder
from benchmarks.dialogues.scripts import IMPORT
from knowledge.types import Hit, Locator, Passage

FOLDER = Path(__file__).parent / "comparing"
APART = 1000
"""Characters between the passages of a made-up paper, more than between a table and its caption."""
Pairs = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Question:
    """A message with the pairs of figures that it means, none where there are none; one that compares nothing is there for
    what the next ones refer to."""

    text: str
    pairs: Pairs
    compares: bool = True


@dataclass(frozen=True)
class Conversation:
    """A made-up paper and the questions on it."""

    name: str
    paper: Paper
    find: Callable[[str], tuple[Hit, ...]]
    """What a search brings."""
    questions: tuple[Question, ...]


def load(cache: Path | None = None) -> list[Conversation]:
    """All conversations of the folder; what is imported for them is kept in the cache."""
    shelf = Shelf(cache or cache_folder())
    return [read(path, shelf) for path in sorted(FOLDER.glob("*.txt"))]


def read(path: Path, shelf: Shelf) -> Conversation:
    """One conversation from its file."""
    above, _, below = path.read_text(encoding="utf-8").partition("\n---\n")
    title, *parts = [part.strip() for part in above.split("\n\n") if part.strip()]
    passages = tuple(_passage(path.stem, n, part) for n, part in enumerate(parts))
    lines = [line.split(" => ") for line in below.strip().split("\n")]
    questions = tuple(Question(text, _pairs(told), told.strip() != "-") for text, told in lines)
    if title.startswith("@ "):
        return _of_collection(path.stem, title.removeprefix("@ "), questions, shelf)
    paper = Paper(path.stem, title.removeprefix("# "))
    hits = tuple(Hit(p, 1.0, 0.5) for p in passages)
    return Conversation(path.stem, paper, lambda query: hits, questions)


def _of_collection(name: str, wanted: str, questions: tuple[Question, ...], shelf: Shelf) -> Conversation:
    """A conversation on a paper that comes with the project or is imported for it."""
    imported = wanted.removeprefix(IMPORT)
    collection, ids = shelf.open((imported,) if imported != wanted else ())
    identity = ids.get(imported, wanted)

    def find(query: str) -> tuple[Hit, ...]:
        return tuple(collection.search(query, submission=identity, kinds=FIGURE_KINDS, limit=50))

    return Conversation(name, to_paper(collection.submission(identity)), find, questions)


def _passage(name: str, number: int, text: str) -> Passage:
    start = APART * number
    place = Locator(name, "paper", f"4.{number + 1} Results", start, start + len(text))
    role = "table" if text.startswith("Table") else None
    return Passage(f"{name}{number}", text, place, "paper", origin="record", role=role)


def _pairs(told: str) -> Pairs:
    if told.strip() in ("none", "-"):
        return ()
    found = [tuple(map(float, pair.split())) for pair in told.split(";")]
    return tuple((first, second) for first, second in found)


def asked_in_order(
    conversation: Conversation, taught: bool = False
) -> Iterator[tuple[Question, Request, Desk, Gathered, Answer]]:
    """Each question with its request, what is on the desk, what a search brings, and the answer given; `taught`: the
    answer that tells the pairs meant, so that later questions refer back to these."""
    past: list[PastTurn] = []
    for number, question in enumerate(conversation.questions):
        desk = Desk((conversation.paper,), conversation.paper.id, tuple(past))
        intent = "difference" if question.compares else "evaluation"
        request = Request(question.text, (intent,), (conversation.paper.id,))
        gathered = _gathered(conversation, request, desk)
        lines = (
            told_rightly(question, request, gathered, desk)
            if taught and question.compares
            else answer(request, gathered, desk)
        )
        draft = parse(write(lines))
        evidence = Evidence(gathered.passages)
        grounded = ground(
            draft, evidence, conversation.paper, model="m", submission=conversation.paper.id, trusted=True
        )
        yield question, request, desk, gathered, grounded
        past.append(PastTurn(number, question.text, request.to_json(), grounded))


def told_rightly(question: Question, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The pairs that a question means, told."""
    held = prepared(request, gathered, desk)
    lines: list[DraftSentence] = []
    for first, second in question.pairs if held else ():
        assert held is not None
        found = [(a, b) for a in held.figures for b in held.figures if (a.value, b.value) == (first, second)]
        near = [(a, b) for a, b in found if a.passage.id == b.passage.id and (a.cell is None) == (b.cell is None)]
        # Of equal values those in one line of a table are the ones set against each other.
        near.sort(key=lambda pair: not _in_line(*pair))
        for a, b in (near or found)[:1]:
            lines += tell_pair(named_pair(a, b), held.asked)
    return lines


def _in_line(a: Figure, b: Figure) -> bool:
    return a.cell is not None and b.cell is not None and (a.cell.row == b.cell.row or a.cell.column == b.cell.column)


def _gathered(conversation: Conversation, request: Request, desk: Desk) -> Gathered:
    query = figure_query(request, desk)
    arguments = {
        "query": query, "kinds": FIGURE_KINDS, "submission": conversation.paper.id, "aspects": None, "reviewer": None,
    }  # fmt: skip
    return Gathered((Searched(arguments, conversation.find(query)),) if query else ())


def sums_in(text: str) -> list[tuple[float, float]]:
    """The pairs of figures between which an answer shows a difference or a ratio."""
    found = re.findall(r"(-?\d+(?:\.\d+)?) [-/] (-?\d+(?:\.\d+)?) =", text)
    return [(float(a), float(b)) for a, b in found]


def is_right(question: Question, text: str) -> bool:
    """Whether an answer shows the sum of every pair meant, and of none where none is."""
    told = {frozenset(pair) for pair in sums_in(text)}
    if not question.pairs:
        return not told
    return all(frozenset(pair) in told for pair in question.pairs)
