"""Data folders with the submissions that a dialogue needs, made once and kept by the hash of what is in them."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.dialogues.scripts import IMPORT, MATERIAL, BadDialogue, Dialogue, is_at
from benchmarks.remembered import Remembered
from knowledge.collection import Collection
from knowledge.embedding import Embedder, MiniLM
from knowledge.types import Passage, Submission

_KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
_MADE = "made.txt"
_NOT_MATERIAL = ("__pycache__",)


def cache_folder() -> Path:
    """Where data folders, vectors and trained nets are kept between evaluations."""
    home = os.environ.get("SECOND_OPINION_HOME")
    return (
        Path(home) / "evaluation" if home else Path(tempfile.gettempdir()) / f"second-opinion-evaluation-{os.getuid()}"
    )


class Shelf:
    """Data folders by the imports in them; one embedding model for all."""

    def __init__(self, cache: Path, material: Path = MATERIAL, embedder: Embedder | None = None) -> None:
        self.cache, self._material = cache, material
        cache.mkdir(parents=True, exist_ok=True)
        self.embedder = embedder or MiniLM(cache)

    def open(self, imports: Sequence[str]) -> tuple[Collection, dict[str, str]]:
        """A collection with the bundled papers and these imports, every vector made, and the id that each import got."""
        names = tuple(sorted(set(imports)))
        home = self.cache / "homes" / self._key(names)
        if not (home / _MADE).exists():
            self._make(home, names)
        lines = (home / _MADE).read_text(encoding="utf-8").splitlines()
        return Collection(home, embedder=self.embedder), dict(line.split("\t") for line in lines)

    def _make(self, home: Path, names: Sequence[str]) -> None:
        """Import into a folder beside it, which is moved in place when it is whole."""
        home.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".making-", dir=home.parent))
        try:
            with Collection(unfinished, embedder=Remembered(self.embedder, self.cache)) as collection:
                ids = {name: take_in(collection, self._material / name, name) for name in names}
                collection.warm_up()
            made = "".join(f"{name}\t{identity}\n" for name, identity in ids.items())
            (unfinished / _MADE).write_text(made, encoding="utf-8")
            try:
                unfinished.rename(home)
            except OSError:
                if not (home / _MADE).exists():  # else another process made the same meanwhile
                    raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _key(self, names: Sequence[str]) -> str:
        """The hash of the embedding model, the sources that read, the bundled papers, and the files to import."""
        digest = hashlib.sha256(self.embedder.name.encode())
        roots = [_KNOWLEDGE, *(self._material / name for name in names)]
        for root in roots:
            for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
                if path.is_file() and not set(path.parts) & set(_NOT_MATERIAL):
                    digest.update(f"{root.name}/{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()[:24]


def take_in(collection: Collection, path: Path, name: str) -> str:
    """Import a folder's one file, or the whole folder; the id of the one submission that comes of it."""
    files = [entry for entry in sorted(path.iterdir()) if not entry.name.startswith(".")] if path.is_dir() else [path]
    report = collection.import_paths(files if len(files) == 1 else [path])
    ids = dict.fromkeys(report.imported + report.unchanged)
    if len(ids) != 1:
        told = "; ".join(refusal.line() for refusal in report.refused) or ", ".join(ids)
        raise BadDialogue(f"submissions/{name}: one submission was to come of it, not {len(ids)} ({told})")
    return next(iter(ids))


def resolve(dialogue: Dialogue, ids: dict[str, str], collection: Collection) -> tuple[Submission, ...]:
    """The submissions that a dialogue names, in its order; BadDialogue for one that is not there."""
    found = {submission.id: submission for submission in collection.submissions()}
    wanted = [ids[p.removeprefix(IMPORT)] if p.startswith(IMPORT) else p for p in dialogue.papers]
    for paper in wanted:
        if paper not in found:
            raise BadDialogue(f"{dialogue.name}.toml, papers: no submission '{paper}'; there are {', '.join(found)}")
    return tuple(found[paper] for paper in wanted)


def passages_of(collection: Collection, papers: Iterable[Submission]) -> list[Passage]:
    """Every passage of the papers, those of replaced notes too."""
    return [
        passage
        for paper in papers
        for document in paper.documents
        for passage in collection.passages(paper.id, document=document.id)
    ]


def check_gold(dialogue: Dialogue, passages: Sequence[Passage]) -> None:
    """BadDialogue for a gold fragment that stands in no passage of the papers named."""
    for number, turn in enumerate(dialogue.turns, 1):
        for gold in turn.gold:
            for place in gold.places:
                if not any(is_at(p.locator.document, p.text, place) for p in passages):
                    documents = dict.fromkeys(p.locator.document for p in passages)
                    raise BadDialogue(
                        f"{dialogue.name}.toml, turn {number}, gold: '{place[1]}' stands in no passage of"
                        f" '{place[0]}'; the documents are {', '.join(documents)}"
                    )
