"""The one door to `knowledge`: submissions, their documents and passages, search, and import."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.embedding import Embedder, MiniLM
from knowledge.errors import FetchFailed, UnknownSubmission, UnreadableFile
from knowledge.fetching import fetch_thread
from knowledge.index import Index
from knowledge.integrity import keep_parts_apart
from knowledge.kept_discussions import KeptDiscussions
from knowledge.limits import Limits
from knowledge.questioning import WEIGHTS
from knowledge.readers import read
from knowledge.readers.formats import check_kind, read_json
from knowledge.readers.homes import NoHome
from knowledge.readers.submission_file import read_submission
from knowledge.records import attach
from knowledge.reviews import Discussion, find_names
from knowledge.store import Filter, Store
from knowledge.types import Document, Hit, ImportReport, Passage, Reading, Refusal, Review, Submission

if TYPE_CHECKING:
    import numpy as np

Progress = Callable[[int, int, str], None]
"""Told how many of how many things are done, and what comes next, in words."""
LIBRARY = Path(__file__).parent / "library"
NEIGHBOUR_CHARACTERS = 300


class Collection:
    """All submissions under a data folder, those that come with the program included.

    Opening takes in the bundled files that are new or changed, one transaction each, and is cheap when none is. The
    embedding model and the index are loaded by the first search or import; from then on a thread of low priority makes
    the vectors that are missing, until `close`. Safe for several threads and processes.
    """

    def __init__(
        self,
        home: Path,
        *,
        embedder: Embedder | None = None,
        library: Path = LIBRARY,
        limits: Limits | None = None,
        questions: Path = WEIGHTS,
    ) -> None:
        self._limits = limits or Limits.from_environment()
        self._store = Store(home / "knowledge.sqlite")
        self._embedder = embedder or MiniLM(home / "index")
        self._index = Index(home / "index", self._store, self._embedder, questions)
        self._submissions: tuple[str, tuple[Submission, ...]] = ("", ())
        self._discussions = KeptDiscussions(home / "index", self._embedder, self.submission)
        self._import_library(library)

    def __enter__(self) -> "Collection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._discussions.close()
        self._index.close()
        self._store.close()

    def submissions(self) -> tuple[Submission, ...]:
        """All submissions, bundled ones first, then by title, with the documents that are found and cited.

        Cost: the first call after a change reads every text.
        """
        token = self._store.token()
        if self._submissions[0] != token:
            self._submissions = (token, self._store.submissions())
        return self._submissions[1]

    def submission(self, id: str) -> Submission:
        """One submission; UnknownSubmission lists the ids that there are."""
        found = {submission.id: submission for submission in self.submissions()}
        if id not in found:
            raise UnknownSubmission(f"there is no submission '{id}'; there are: {', '.join(found) or 'none'}")
        return found[id]

    def passages(
        self,
        submission: str,
        *,
        kinds: Sequence[str] | None = None,
        reviewer: str | None = None,
        document: str | None = None,
        aspects: Sequence[str] | None = None,
    ) -> tuple[Passage, ...]:
        """The passages of a submission in reading order.

        `reviewer` is a name of the record or an alias ("R3", "Reviewer 3", "AnonReviewer3"). Notes are left out where
        there is the paper itself, unless `kinds` or `document` names them.
        """
        self.submission(submission)
        return self._store.passages(self._filter(submission, kinds, reviewer, document, aspects))

    def passage(self, id: str) -> Passage | None:
        """A passage by id, also one of a document that has been replaced since."""
        return self._store.passage(id)

    def document(self, id: str) -> Document | None:
        """The newest version of a document."""
        return self._store.document(id)

    def document_of(self, passage_id: str) -> Document | None:
        """The version of the document in which a passage stands, to which its offsets belong."""
        return self._store.document_of(passage_id)

    def neighbours(self, passage_id: str) -> tuple[str, str]:
        """The text before and after a passage in its document, at most 300 characters each, cut between words."""
        passage, document = self.passage(passage_id), self.document_of(passage_id)
        if passage is None or document is None:
            return "", ""
        start, end = passage.locator.start, passage.locator.end
        first, last = max(0, start - NEIGHBOUR_CHARACTERS), min(len(document.text), end + NEIGHBOUR_CHARACTERS)
        before, after = document.text[first:start], document.text[end:last]
        if first > 0 and not document.text[first - 1].isspace():
            before = before.partition(" ")[2]
        if last < len(document.text) and not document.text[last].isspace():
            after = after.rpartition(" ")[0]
        return before.strip(), after.strip()

    def adjacent(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document; None at its ends and for a document replaced since."""
        passage = self.passage(passage_id)
        around = self._store.passages(Filter(document=passage.locator.document)) if passage else ()
        place = next((place for place, other in enumerate(around) if other.id == passage_id), None)
        if place is None:
            return None, None
        return around[place - 1] if place else None, around[place + 1] if place + 1 < len(around) else None

    def search(
        self,
        query: str,
        *,
        after: str = "",
        submission: str | None = None,
        kinds: Sequence[str] | None = None,
        reviewer: str | None = None,
        document: str | None = None,
        aspects: Sequence[str] | None = None,
        section: str | None = None,
        limit: int = 8,
    ) -> tuple[Hit, ...]:
        """The passages that answer a question best, best first; restricted as `passages` is, and to headings that
        hold `section`. `after` are the questions that this one goes on from, where it does not stand alone.

        What was just imported is found by its words at once, and by its meaning as soon as it has vectors (`pending`).
        """
        if submission is not None:
            self.submission(submission)
        if any(value is not None for value in (submission, kinds, reviewer, document, aspects, section)):
            only = self._store.rows(self._filter(submission, kinds, reviewer, document, aspects, section))
            ranked = self._index.search(query, limit, only, after=after)
        else:
            ranked = self._index.search(query, limit, without=self._store.aside(), after=after)
        return tuple(Hit(h.passage, h.score, h.cosine, h.dense_rank, h.lexical_rank, h.support) for h in ranked)

    def pending(self, submission: str | None = None) -> int:
        """How many passages, of one submission or of all, have no vectors yet and are found by their words only."""
        missing = self._index.pending()
        if submission is None or not missing:
            return len(missing)
        self.submission(submission)
        return len(missing.intersection(self._store.rows(self._filter(submission, None, None, None, None))))

    @property
    def embedder(self) -> Embedder:
        """The embedding model of the index."""
        return self._embedder

    def discussion(self, id: str) -> Discussion:
        """What reviewers and authors said to each other about a submission; UnknownSubmission where there is none.

        Read in the background after an import; it costs most of a second where that has not been done yet.
        """
        return self._discussions.read(self.submission(id))

    def match(self, query: str, texts: Sequence[str]) -> "np.ndarray":
        """How near each text, and its best stretch, comes to the single word pieces of a query, shape (len(texts), 2)."""
        return self._embedder.match(query, texts)

    def nearness(self, question: str, texts: Sequence[str], after: str = "") -> "np.ndarray":
        """How near texts come to a question, shape (len(texts),), at most 1: cosines of their vectors with that of the
        question (`knowledge.questioning`), which goes on from those in `after`. The texts' vectors are kept."""
        return self._discussions.vectors(texts) @ self._index.query_vectors(question, after).asked

    def warm_up(
        self, submission: str | None = None, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> None:
        """Load the model and make the vectors of every passage, or of one submission's, so that the first question need
        not wait. `progress` is told how many of how many are made."""
        self._index.query_vectors("warm")
        rows = None if submission is None else self._store.rows(self._filter(submission, None, None, None, None))
        self._index.complete(rows, progress)
        if submission is not None:
            self.discussion(submission)

    def reindex(self) -> int:
        """Make the search index anew from the store; how many passages it holds. Embeds every passage."""
        self._index.rebuild()
        return len(self._store.findable())

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        into: str | None = None,
        kind: str | None = None,
        progress: Progress = lambda done, total, words: None,
    ) -> ImportReport:
        """Take in files; what is bad in them is refused, with the place and the reason, and the rest is taken.

        `into` is the submission that the files belong to, UnknownSubmission if there is none; what names none goes to the
        single submission of the others. `kind` says what a text is. What a file holds is one transaction per submission.
        `progress` is told how many of how many paths are done, and what comes next; what it raises ends the import, and
        what was taken so far stays.
        """
        if into is not None:
            self.submission(into)
        report, homeless = ImportReport(), dict[Path, NoHome]()
        for done, path in enumerate(paths):
            progress(done, len(paths), f"reading {path.name}")
            try:
                reading = read(path, into, kind, self._limits)
            except NoHome as error:
                homeless[path] = error
                continue
            except UnreadableFile as error:
                reading = Reading(refused=(Refusal(error.file, error.where, error.reason),))
            report += self._take(reading, path.name, into, lambda words, done=done: progress(done, len(paths), words))
        done = len(paths) - len(homeless)
        report += self._take_homeless(homeless, report, kind, lambda words: progress(done, len(paths), words))
        self._index.refresh()
        self._discussions.read_ahead(report.imported)
        progress(len(paths), len(paths), "")
        return report

    def import_forum(
        self,
        forum: str,
        *,
        into: str | None = None,
        kind: str | None = None,
        progress: Progress = lambda done, total, words: None,
    ) -> ImportReport:
        """Fetch the thread of a forum from OpenReview, by its id or its page's address, and take it in like a file. A `kind`
        is refused as for any format that says itself what its texts are.

        Asks the network, which nothing else here does. What keeps it from a thread is refused, with what to do.
        """
        if into is not None:
            self.submission(into)
        name = f"openreview:{forum}"
        progress(0, 1, f"fetching {name}")
        try:
            data = fetch_thread(forum, timeout_s=self._limits.file_s, most_mb=self._limits.file_mb)
            reading = keep_parts_apart(check_kind(read_json(data, name, into), kind, name))
        except FetchFailed as error:
            reading = Reading(refused=(Refusal(name, "", str(error)),))
        except UnreadableFile as error:
            reading = Reading(refused=(Refusal(name, error.where, error.reason),))
        report = self._take(reading, name, into, lambda words: progress(0, 1, words))
        self._index.refresh()
        self._discussions.read_ahead(report.imported)
        progress(1, 1, "")
        return report

    def _take_homeless(
        self, homeless: dict[Path, NoHome], report: ImportReport, kind: str | None, tell: Callable[[str], None]
    ) -> ImportReport:
        """Take the files of an import that name no submission into the single one of its other files, if there is one."""
        homes, taken = {*report.imported, *report.unchanged}, ImportReport()
        for path, error in homeless.items():
            try:
                if len(homes) != 1:
                    raise error
                (home,) = homes
                tell(f"reading {path.name}")
                taken += self._take(read(path, home, kind, self._limits), path.name, home, tell)
            except UnreadableFile as problem:
                taken += ImportReport(refused=(Refusal(problem.file, problem.where, problem.reason),))
        return taken

    def _take(self, reading: Reading, name: str, into: str | None, tell: Callable[[str], None]) -> ImportReport:
        """Store what a source called `name` holds, each part in a transaction of its own."""
        report = ImportReport(refused=reading.refused)
        for part in reading.parts:
            tell(f"storing {part.title or part.id}")
            told: list[str] = []
            home, new = self._store.save(part, into=into, tell=told.append)
            line = "; ".join([f"{name}: {describe(part)} -> {home}{'' if new else ' (unchanged)'}", *told])
            report += ImportReport(
                (home,) if new else (), () if new else (home,), (), (line, *self._copies(part, home))
            )
        return report

    def _copies(self, part: Submission, home: str) -> list[str]:
        """A line for what two records of a thread hold word for word."""
        copies = self._store.copies(attach(part, home))
        if not copies:
            return []
        names = [
            f"{copy.author} there is {kept.author} here"
            for copy, kept in copies
            if copy.kind == "review" and copy.author and kept.author and not find_names(copy.author, [kept.author])
        ]
        said = f"{len(copies)} contribution{'s' if len(copies) > 1 else ''} that another record of {home} holds too"
        return [f"{said}; one copy of each is read{': ' + ', '.join(names) if names else ''}"]

    def delete(self, id: str) -> None:
        """Remove a submission with all its versions, passages and vectors; a bundled one stays away from then on.

        Citations of it in old conversations do not resolve any more. UnknownSubmission lists what there is.
        """
        self.submission(id)
        self._store.delete(id)
        # Vectors of sentences are kept by their text alone, not by whose it is: none of them stays.
        self._discussions.forget()

    def _import_library(self, library: Path) -> None:
        known, removed = self._store.bundled(), self._store.removed()
        for path in sorted(library.glob("*.md")):
            if path.stem in removed:
                continue
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if known.get(path.stem) != digest:
                self._store.save(read_submission(data, path.name), bundled=digest)

    def _filter(
        self,
        submission: str | None,
        kinds: Sequence[str] | None,
        reviewer: str | None,
        document: str | None,
        aspects: Sequence[str] | None,
        section: str | None = None,
    ) -> Filter:
        authors = None
        if reviewer is not None:
            authors = tuple(self._authors(submission, reviewer))
        return Filter(
            submission,
            tuple(kinds) if kinds is not None else None,
            document,
            tuple(aspects) if aspects is not None else None,
            authors,
            section,
        )

    def _authors(self, submission: str | None, wanted: str) -> list[tuple[str, str]]:
        homes: dict[str, list[Review]] = {}
        for home, name, aliases in self._store.authors(submission):
            homes.setdefault(home, []).append(Review("", home, name, aliases))
        return [
            (home, name)
            for home, people in homes.items()
            for name in sorted(find_names(wanted, [person.reviewer for person in people], people))
        ]


def describe(part: Submission) -> str:
    """What a file held, in words: "3 reviews, 1 decision"."""
    counts: dict[str, int] = {}
    for document in part.documents:
        counts[document.kind] = counts.get(document.kind, 0) + 1
    plural = {kind: kind if kind == "notes" else f"{kind}s" for kind in counts}
    return ", ".join(f"{count} {kind if count == 1 else plural[kind]}" for kind, count in counts.items())
