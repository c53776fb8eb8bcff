"""Questions over real public threads and written papers, for fitting only: of the threads ours are the questions alone, the
texts stay where they are.

`benchmarks/questions/threads/` holds one text file for each submission: a line with the files that it is read from, in
the folder that SECOND_OPINION_REAL names, then questions as in `benchmarks.question_set`. Instead of a quote, a gold
line names the passage by how many words of it bear the answer and the hash of these words, so that nothing of the texts
is kept here. Alternatives, either of which suffices, are joined by ` || `. `benchmarks/questions/asked/` holds more of them,
whose one gold line names every sentence that answers by itself; a line that begins with `near ` names sentences that come
near to it and that nobody would quote, and a question of the type `silence` is not answered by its text. A source that begins
with `written/` is a made-up paper of our own in `benchmarks/questions/written/`. `benchmarks/questions/following/` holds
conversations, each under a line `## n`: a question of the type `follow`, or `silence`, goes on from those before it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from benchmarks.question_set import HEAD, Question
from knowledge.collection import Collection
from knowledge.embedding import Embedder
from knowledge.store import Filter, Store
from knowledge.types import Passage

T = TypeVar("T")
FOLDER = Path(__file__).parent / "questions" / "threads"
ASKED, FOLLOWING = FOLDER.with_name("asked"), FOLDER.with_name("following")
WRITTEN = "written/"
VARIABLE = "SECOND_OPINION_REAL"
SOURCE = "source: "
PLACE = re.compile(r"([a-z-]+)(?: by ([^:]+))?: (\d+) words ([0-9a-f]{12})")
OR, NEAR, CONVERSATION = " || ", "near ", "## "
BEFORE = 2
"""So many questions before one are what it goes on from."""
STANDS_ALONE = "asked"
WORDS = re.compile(r"\w+")
KEPT = 6
"""One submission in so many is kept from the model of questions: it is measured on them, and what stands on top of that
model is fitted on them, so that it sees questions as new ones come."""


@dataclass(frozen=True)
class Place:
    """A passage of this kind, by this author if one is named, that holds `count` words with this hash."""

    kind: str
    author: str | None
    count: int
    digest: str


@dataclass(frozen=True)
class ThreadQuestion:
    """A question with the alternatives of each of its gold lines, what comes near to it, and, where it goes on from
    them, the last questions `after` which it was asked."""

    question: Question
    places: tuple[tuple[Place, ...], ...]
    near: tuple[Place, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Thread:
    """A submission with the files that it is read from, and its questions."""

    name: str
    sources: tuple[str, ...]
    questions: tuple[ThreadQuestion, ...]

    @property
    def side(self) -> int:
        """0 or 1: what is fitted on the kept threads of one side is measured on those of the other."""
        return hashlib.sha256(self.name.encode()).digest()[1] % 2

    @property
    def written(self) -> bool:
        """Whether it is a paper of our own, whose questions tell by what they ask which paper is meant."""
        return self.sources[0].startswith(WRITTEN)

    @property
    def kept(self) -> bool:
        """Whether the model of questions is not fitted on it."""
        return hashlib.sha256(self.name.encode()).digest()[0] % KEPT == 0


def load_threads(folder: Path = FOLDER) -> list[Thread]:
    """All threads with questions; ValueError names a line that is none."""
    return [read_thread(path) for path in sorted(folder.glob("*.txt"))]


def load_all() -> list[Thread]:
    """The threads of all three folders, one after another."""
    return [thread for folder in (FOLDER, ASKED, FOLLOWING) for thread in load_threads(folder)]


def read_thread(path: Path) -> Thread:
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    sources = tuple(first.removeprefix(SOURCE).split(", "))
    found: list[ThreadQuestion] = []
    said: list[str] = []
    conversing = False
    for number, line in enumerate(lines, 2):
        if line.startswith(CONVERSATION):
            said, conversing = [], True
            continue
        places = [PLACE.fullmatch(part) for part in line.strip().removeprefix(NEAR).split(OR)]
        if match := HEAD.fullmatch(line):
            after = " / ".join(said[-BEFORE:]) if match[2] != STANDS_ALONE else ""
            question = Question(f"{path.stem}/{match[1]}", path.stem, match[2], match[3], ())
            found.append(ThreadQuestion(question, (), after=after))
            said += [match[3]] if conversing else []
        elif all(places) and found:
            named = tuple(Place(m[1], m[2], int(m[3]), m[4]) for m in places if m)
            near = line.strip().startswith(NEAR)
            found[-1] = (
                replace(found[-1], near=named) if near else replace(found[-1], places=(*found[-1].places, named))
            )
        else:
            raise ValueError(f"{path.name}, line {number}: neither a question nor a gold passage")
    return Thread(path.stem, sources, tuple(found))


def open_threads(home: Path, embedder: Embedder, real: Path, threads: Sequence[Thread]) -> dict[str, str]:
    """Import the threads, read from the folder `real`, into the data folder `home`, and make their vectors; the
    submission's id by the thread's name."""
    ids: dict[str, str] = {}
    library = home / "library"
    library.mkdir(parents=True, exist_ok=True)
    with Collection(home, embedder=embedder, library=library) as collection:
        for thread in threads:
            first, *others = (path_of(source, real) for source in thread.sources)
            report = collection.import_paths([first])
            ids[thread.name] = (*report.imported, *report.unchanged)[0]
            for further in others:
                collection.import_paths([further], into=ids[thread.name])
        collection.warm_up()
    return ids


def path_of(source: str, real: Path) -> Path:
    """Where a source is read from: the folder `real`, or ours for what was written here."""
    return (FOLDER.parent if source.startswith(WRITTEN) else real) / source


def ask_kept(
    home: Path, embedder: Embedder, real: Path, ask: Callable[[Thread, str, Collection], Iterable[T]]
) -> tuple[list[T], list[T]]:
    """What `ask` makes of each thread that the model of questions has not seen, with its id and the collection, by side."""
    threads = [thread for thread in load_all() if thread.kept]
    ids = open_threads(home, embedder, real, threads)
    found: tuple[list[T], list[T]] = ([], [])
    with Collection(home, embedder=embedder, library=home / "library") as collection:
        for thread in threads:
            found[thread.side].extend(ask(thread, ids[thread.name], collection))
    return found


def thread_gold(store: Store, thread: Thread, id: str) -> dict[str, list[set[int]]]:
    """For each question id, the rows of the passages that satisfy each of its gold lines; a line that no passage
    satisfies, as where a quote is cut in two, is left out."""
    passages = store.passages_at(store.rows(Filter(id)))
    found: dict[str, list[set[int]]] = {}
    for asked in thread.questions:
        lines = [
            {row for row, passage in passages.items() if any(holds(passage, place) for place in gold)}
            for gold in asked.places
        ]
        found[asked.question.id] = [rows for rows in lines if rows]
    return found


def holds(passage: Passage, place: Place) -> bool:
    author = place.author is None or place.author == passage.reviewer
    return passage.kind == place.kind and author and place.digest in digests(passage.text, place.count)


@lru_cache(1 << 13)
def digests(text: str, count: int) -> frozenset[str]:
    """The hash of every `count` words in a row, in lower case and without what stands between them."""
    words = WORDS.findall(text.casefold())
    return frozenset(digest(words[start : start + count]) for start in range(len(words) - count + 1))


def digest(words: Sequence[str]) -> str:
    return hashlib.sha1(" ".join(words).encode()).hexdigest()[:12]
