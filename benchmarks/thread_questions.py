"""Questions over real public threads and papers, for fitting only: ours are the questions, the texts stay where they are.

`benchmarks/questions/threads/` holds one text file for each submission: a line with the files that it is read from, in
the folder that SECOND_OPINION_REAL names, then questions as in `benchmarks.question_set`. Instead of a quote, a gold
line names the passage by how many words of it bear the answer and the hash of these words, so that nothing of the texts
is kept here. Alternatives, either of which suffices, are joined by ` || `. `benchmarks/questions/asked/` holds more of them,
whose one gold line names every sentence that answers by itself; a line that begins with `near ` names sentences that come
near to it and that nobody would quote, and a question of the type `silence` is not answered by its text.
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
ASKED = FOLDER.with_name("asked")
VARIABLE = "SECOND_OPINION_REAL"
SOURCE = "source: "
PLACE = re.compile(r"([a-z-]+)(?: by ([^:]+))?: (\d+) words ([0-9a-f]{12})")
OR, NEAR = " || ", "near "
WORDS = re.compile(r"\w+")
VALIDATION = 6
"""One submission in so many is kept for validation."""
HALVES = (0, 1)


@dataclass(frozen=True)
class Place:
    """A passage of this kind, by this author if one is named, that holds `count` words with this hash."""

    kind: str
    author: str | None
    count: int
    digest: str


@dataclass(frozen=True)
class ThreadQuestion:
    """A question with the alternatives of each of its gold lines, and what comes near to it."""

    question: Question
    places: tuple[tuple[Place, ...], ...]
    near: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Thread:
    """A submission with the files that it is read from, and its questions."""

    name: str
    sources: tuple[str, ...]
    questions: tuple[ThreadQuestion, ...]

    @property
    def half(self) -> int:
        """0 or 1: what is fitted on top of the model of questions sees them by one fitted on the other half's threads."""
        return hashlib.sha256(self.name.encode()).digest()[1] % 2

    @property
    def validation(self) -> bool:
        """Whether it is kept from fitting, to choose by."""
        return hashlib.sha256(self.name.encode()).digest()[0] % VALIDATION == 0


def load_threads(folder: Path = FOLDER) -> list[Thread]:
    """All threads with questions; ValueError names a line that is none."""
    return [read_thread(path) for path in sorted(folder.glob("*.txt"))]


def questions_file(home: Path, half: int) -> Path:
    """The model of questions for the threads of a half, which has not seen them; FileNotFoundError where it was not made."""
    path = home / f"questions-{half}.npz"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: python -m benchmarks.fit_questions --home {home} --half {half}")
    return path


def read_thread(path: Path) -> Thread:
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    sources = tuple(first.removeprefix(SOURCE).split(", "))
    found: list[ThreadQuestion] = []
    for number, line in enumerate(lines, 2):
        places = [PLACE.fullmatch(part) for part in line.strip().removeprefix(NEAR).split(OR)]
        if match := HEAD.fullmatch(line):
            found.append(ThreadQuestion(Question(f"{path.stem}/{match[1]}", path.stem, match[2], match[3], ()), ()))
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
            report = collection.import_paths([real / thread.sources[0]])
            ids[thread.name] = (*report.imported, *report.unchanged)[0]
            for further in thread.sources[1:]:
                collection.import_paths([real / further], into=ids[thread.name])
        collection.warm_up()
    return ids


def open_half(home: Path, embedder: Embedder, half: int) -> Collection:
    """The collection in `home` with the model of questions for the threads of a half."""
    return Collection(home, embedder=embedder, library=home / "library", questions=questions_file(home, half))


def ask_all(
    home: Path, embedder: Embedder, real: Path, ask: Callable[[Thread, str, Collection], Iterable[T]]
) -> tuple[list[T], list[T]]:
    """What `ask` makes of each thread with its id and a collection whose model of questions has not seen it: of the threads
    that are fitted on, and of those kept for validation."""
    threads = [*load_threads(), *load_threads(ASKED)]
    ids = open_threads(home, embedder, real, threads)
    fitted_on: list[T] = []
    reported: list[T] = []
    for half in HALVES:
        with open_half(home, embedder, half) as collection:
            for thread in (thread for thread in threads if thread.half == half):
                (reported if thread.validation else fitted_on).extend(ask(thread, ids[thread.name], collection))
    return fitted_on, reported


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
