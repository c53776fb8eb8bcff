"""Finding passages: two rankings, fused, put in the order of what is asked for; kept in step with the store.

Words follow the store at once; vectors follow in the background, and search uses those that are there.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from knowledge.asking import read_question, topic_of
from knowledge.chunking import search_fields
from knowledge.closeness import Closeness, measure_closeness
from knowledge.dense import MANIFEST, Held, Vectors, clear_vectors, load_vectors, save_vectors
from knowledge.embedding import Embedder
from knowledge.errors import UnusableStore
from knowledge.filling import Filler
from knowledge.lexical import LexicalIndex
from knowledge.naming import Names, read_names
from knowledge.questioning import WEIGHTS, Embed, as_embedded, question_embedder
from knowledge.reranking import Candidate, rank, spread
from knowledge.shortlist import Found, QueryVectors, order_found
from knowledge.silence import judge_support, unsaid_words
from knowledge.store import Filter, Store
from knowledge.types import Passage

if TYPE_CHECKING:
    import numpy as np

DEPTH = 150
"""How many hits of each ranking are fused, at least."""
CANDIDATES = 80
"""How many of the passages found the second stage reads and puts in order."""
TAIL = 0.99
"""The scores of hits beyond the candidates fall by this from one to the next."""
SLAB = 128
"""Passages embedded between two writes of the vectors: what a process that dies loses at most."""
STEP = 16
"""Passages embedded between two looks at whether to stop: what a program that ends waits for."""
FEW = 256
PATIENCE_S = 1.0
"""A question waits so long for vectors where no more than `FEW` are missing."""
RETRY_S = 0.2
REMEMBERED_QUERIES = 1024


@dataclass(frozen=True)
class Ranked:
    """A passage with its row and score (higher is better, at most 1), and what it came from. `support` is that of the
    whole search (`Hit`)."""

    row: int
    passage: Passage
    score: float
    support: float = 0.0
    cosine: float | None = None
    dense_rank: int | None = None
    lexical_rank: int | None = None


class Index:
    """The derived index in `folder` over the passages of `store`.

    Whatever is missing, damaged or out of date is made anew when it is needed; only passages that are new are embedded,
    by a thread of low priority. `questions` is what questions are embedded by. Safe for several threads and processes.
    """

    def __init__(self, folder: Path, store: Store, embedder: Embedder, questions: Path = WEIGHTS) -> None:
        self._folder, self._store, self._embedder, self._questions = folder, store, embedder, questions
        owner = store.identity()
        self._vectors = Vectors(f"{owner}:{embedder.name}", embedder.width)
        self._lexical = LexicalIndex(folder / "words.sqlite", owner)
        self._source = StoreSource(store)
        self._names: Names = read_names(())
        self._held = Held.of(())
        self._missing = self._dead = self._held.rows
        self._token, self._manifest = "", 0
        self._refreshing, self._loading = threading.RLock(), threading.Lock()
        self._asking: tuple[Embed | None] | None = None
        self._filler = Filler(self._embed_some)
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="words")
        self._query_vectors = lru_cache(REMEMBERED_QUERIES)(self._embed_query)

    def close(self) -> None:
        """Stop embedding after the step in hand, and close the files."""
        self._filler.stop()
        self._beside.shutdown()
        self._lexical.close()

    def refresh(self) -> None:
        """Bring the words to the state of the store, and let the vectors follow. Costs next to nothing when they are."""
        if self._store.token() == self._token:
            if self._manifest != self._written():
                self._take(None)
            return
        with self._refreshing, translate_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock"):
                token = self._store.token()
                self._lexical.refresh(token, self._source)
                held = Held.of(self._lexical.passages())
            self._names = read_names(self._store.titles(), self._store.authors())
            self._take(held)
            self._token = token
        if len(self._missing):
            self._filler.start()

    def complete(
        self, rows: Collection[int] | None = None, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> None:
        """Bring words and vectors to the state of the store, those of `rows` at least if given, in this thread and at
        its priority. `progress` is told how many of how many vectors are made."""
        with self._filler.paused():
            left = total = len(self._first(rows))
            while left:
                progress(total - left, total)
                self._embed_some(lambda: False, rows)
                left = len(self._first(rows))

    def _first(self, rows: Collection[int] | None) -> "np.ndarray":
        """The rows without vectors, among `rows` if given."""
        import numpy as np

        self.refresh()
        return self._missing if rows is None else self._missing[np.isin(self._missing, np.asarray([*rows], np.int64))]

    def rebuild(self) -> None:
        """Make the whole index anew, whatever state it is in."""
        with self._filler.paused(), self._refreshing, translate_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock"), FileLock(self._folder / "vectors.lock"):
                self._lexical.clear()
                clear_vectors(self._folder)
                self._vectors, self._token = Vectors(self._vectors.owner, self._vectors.width), ""
        self.complete()

    def pending(self) -> set[int]:
        """The rows of the passages that have no vector yet: they are found by their words only."""
        self.refresh()
        return set(self._missing.tolist())

    def search(
        self, query: str, limit: int, only: Sequence[int] | None = None, without: Sequence[int] = (), after: str = ""
    ) -> list[Ranked]:
        """The best passages for a question: those of `candidates` in the order of what is asked for, near duplicates
        behind.

        `only` restricts to these rows, `without` leaves rows out where nothing else restricts; `after` are the questions
        that it goes on from.
        """
        found = self.candidates(query, limit, only, without, after)
        rows, first = list(found), list(found.values())[:CANDIDATES]
        scores = rank(read_question(self.resolve(query, homes(first))), first)
        order = sorted(range(len(first)), key=lambda place: (-scores[place], place))
        order = [order[place] for place in spread([first[place].passage for place in order])]
        topic, best_first = self.topic(query), [first[at] for at in order]
        support = judge_support(topic, best_first, [scores[at] for at in order], self.said_elsewhere(topic, best_first))
        ranked, bound = [], 1.0
        for place in (*order, *range(len(first), len(rows))):
            bound = min(bound, scores[place]) if place < len(first) else bound * TAIL
            hit = found[rows[place]]
            ranked.append(
                Ranked(rows[place], hit.passage, bound, support, hit.cosine, hit.dense_rank, hit.lexical_rank)
            )
        return ranked[:limit]

    def candidates(
        self, query: str, limit: int, only: Sequence[int] | None = None, without: Sequence[int] = (), after: str = ""
    ) -> dict[int, Candidate]:
        """The first stage: at least `limit` passages, if there are so many, by row, the likeliest first
        (`knowledge.shortlist`). Where the question names a submission and nothing restricts, it is looked through too.
        """
        self.refresh()
        if not query.strip() or limit < 1 or (only is not None and not len(only)):
            return {}
        if 0 < len(self._missing) <= FEW:
            self._filler.start()
            self._filler.wait(PATIENCE_S)
        found, named = self.found(query, max(DEPTH, limit), only, without, after)
        vectors = self.query_vectors(query, after)
        rows = order_found(found, self._vectors, vectors)
        return self._describe(query, vectors, rows[: max(CANDIDATES, limit)], found, named)

    def found(
        self, query: str, depth: int, only: Sequence[int] | None = None, without: Sequence[int] = (), after: str = ""
    ) -> tuple[Found, dict[str, float]]:
        """What both rankings find, at least `depth` rows each if there are so many, and the submissions named."""
        self.refresh()
        near, said = self._look(query, depth, only, without, after)
        named = self._names.named(query) if only is None else {}
        if not named:
            return Found(near, said), named
        rows = {row: strength for id, strength in named.items() for row in self._store.rows(Filter(id))}
        return Found(near, said, *self._look(query, DEPTH, [*rows], (), after), rows), named

    def _look(
        self, query: str, depth: int, only: Sequence[int] | None, without: Sequence[int], after: str
    ) -> tuple[list[int], list[int]]:
        """Rows by meaning, and rows by words, which are looked for at the same time."""
        words = f"{after} {query}".strip()
        try:
            said = self._beside.submit(self._search_words, words, depth, only, without).result
        except RuntimeError:  # closed meanwhile: a question that was under way is still answered
            said = partial(self._search_words, words, depth, only, without)
        vector = self.query_vectors(query, after).asked
        near = self._vectors.search(vector, depth, only, [*without, *self._dead.tolist()])
        return [row for row, _ in near], said()

    def _search_words(self, query: str, depth: int, only: Sequence[int] | None, without: Sequence[int]) -> list[int]:
        said = self._lexical.search(query, depth, only, without)
        if said is None:
            self._lexical.refresh(self._token, self._source)
            said = self._lexical.search(query, depth, only, without) or []
        return said

    def _describe(
        self, query: str, vectors: QueryVectors, rows: Sequence[int], found: Found, named: Mapping[str, float]
    ) -> dict[int, Candidate]:
        """What is known of each row; nothing of those that were deleted meanwhile."""
        passages = self._store.passages_at(rows)
        rows = [row for row in rows if row in passages]
        topic, first = self.topic(query), rows[:CANDIDATES]
        cosines, asked = self._vectors.cosines(vectors.query, rows), self._vectors.cosines(vectors.asked, rows)
        dense_ranks = first_ranks([*found.own_near, *found.near])
        lexical_ranks = first_ranks([*found.own_said, *found.said])
        texts = [embedded_text(search_fields(passages[row])) for row in first]
        close = measure_closeness(self._embedder, topic, vectors.topic, self._vectors, first, texts)
        close += [Closeness()] * (len(rows) - len(close))
        return {
            row: Candidate(
                passages[row],
                cosines.get(row),
                asked.get(row, 0.0),
                dense_ranks.get(row),
                lexical_ranks.get(row),
                named.get(passages[row].locator.submission, 0.0),
                closeness,
            )
            for row, closeness in zip(rows, close, strict=True)
        }

    def said_elsewhere(self, topic: str, ranked: Sequence[Candidate]) -> set[str]:
        """Stems of a topic that no candidate of the best one's submission holds, but another passage of it does."""
        unsaid = unsaid_words(topic, ranked) if ranked else {}
        rows = self._store.rows(Filter(ranked[0].passage.locator.submission)) if unsaid else []
        return {stem for word in self._lexical.said_in(unsaid, rows) for stem in unsaid[word]}

    @property
    def vectors(self) -> Vectors:
        """Those that there are."""
        return self._vectors

    def query_vectors(self, query: str, after: str = "") -> QueryVectors:
        """The vectors of a question, which goes on from those in `after`, and of its topic."""
        return self._query_vectors(query, self.topic(query), after)

    def resolve(self, query: str, submissions: Collection[str]) -> str:
        """A question with reviews that are counted in some order replaced by whose they are (`Names.resolve`)."""
        return self._names.resolve(query, submissions)

    def topic(self, query: str) -> str:
        """What a question is about: without the names of submissions, and without whose words are wanted."""
        return topic_of(self._names.without_names(query).strip() or query)

    def _take(self, held: Held | None) -> None:
        """Read what is on disk, and see what is missing in it."""
        with self._refreshing:
            self._manifest = self._written()
            self._held = held if held is not None else self._held
            self._use(load_vectors(self._folder, self._vectors.owner, self._vectors.width, self._vectors))

    def _use(self, vectors: Vectors) -> None:
        vectors = vectors.without_clashes(self._held)
        self._vectors, self._missing, self._dead = vectors, vectors.missing(self._held), vectors.dead(self._held)

    def _written(self) -> int:
        """When the vectors on disk last changed; 0 where there are none."""
        try:
            return (self._folder / MANIFEST).stat().st_mtime_ns
        except OSError:
            return 0

    def _embed_some(self, stopping: Callable[[], bool], wanted: Collection[int] | None = None) -> bool:
        """Embed the next slab, of `wanted` if given, unless another process is at it; whether anything is left."""
        import numpy as np

        with translate_errors(self._folder):
            try:
                with FileLock(self._folder / "vectors.lock", timeout=RETRY_S):
                    self._take(None)
                    rows, held = self._first(wanted)[:SLAB].tolist(), self._held
                    done: list[np.ndarray] = []
                    for start in range(0, len(rows), STEP):
                        if stopping():
                            break
                        done.append(self._embedder.embed(self._texts(rows[start : start + STEP])))
                    if not done:
                        return False
                    fresh = np.asarray(rows[: sum(map(len, done))])
                    places = np.searchsorted(held.rows, fresh)
                    grown = self._vectors.add(Held(fresh, held.ids[places]), np.concatenate(done), held)
                    grown = save_vectors(self._folder, grown)
                    with self._refreshing:
                        self._manifest = self._written()
                        self._use(grown)
            except Timeout:
                self._take(None)
        return bool(len(self._missing))

    def _texts(self, rows: Sequence[int]) -> list[str]:
        """What is embedded for each passage; of one that was deleted meanwhile, nothing."""
        fields = self._source.fields(rows)
        return [embedded_text(fields.get(row, ())) for row in rows]

    def _embed_query(self, query: str, topic: str, after: str) -> QueryVectors:
        """The vectors of a question and of its topic, those of the model as it is in one pass."""
        vectors = self._embedder.embed([query, topic] if topic != query else [query])
        embed = self._question_embedder()
        asked = vectors if embed is None else embed([as_embedded(query, after)])
        return QueryVectors(asked[0], vectors[0], vectors[-1])

    def _question_embedder(self) -> Embed | None:
        """The model of questions, loaded once."""
        with self._loading:
            if self._asking is None:
                self._asking = (question_embedder(self._embedder, self._questions),)
            return self._asking[0]


class StoreSource:
    """The store as the lexical index reads it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def documents(self) -> dict[int, str]:
        return self._store.spoken()

    def passages_of(self, documents: Sequence[int]) -> list[tuple[int, str, int]]:
        return self._store.passage_ids(documents)

    def fields(self, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
        return {row: search_fields(passage) for row, passage in self._store.passages_at(rows).items()}


@contextmanager
def translate_errors(folder: Path) -> Iterator[None]:
    """A file that cannot be written becomes UnusableStore, which names the folder."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnusableStore(f"the search index in {folder} cannot be written ({reason})") from error


def homes(candidates: Sequence[Candidate]) -> set[str]:
    """The submissions that are asked about: those named, or else those found in."""
    found = {candidate.passage.locator.submission for candidate in candidates if candidate.named}
    return found or {candidate.passage.locator.submission for candidate in candidates}


def embedded_text(fields: Sequence[str]) -> str:
    """What is embedded of a passage: its context and its words."""
    return ". ".join(part for part in fields if part)


def first_ranks(rows: Iterable[int]) -> dict[int, int]:
    """Each row's first rank, counted from 1."""
    return {row: place for place, row in enumerate(dict.fromkeys(rows), 1)}
