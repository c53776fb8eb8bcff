"""A folder or an archive -> the submission that its files are parts of, or the several that it holds."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from knowledge.duplicates import same_words
from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.archives import Intake, Member
from knowledge.readers.deadline import Deadline
from knowledge.readers.formats import read_data
from knowledge.readers.homes import INTO, NoHome
from knowledge.readers.latex.reader import read_latex
from knowledge.readers.latex.sources import Source, split_sources
from knowledge.readers.paging import attach_pages
from knowledge.readers.text import slug
from knowledge.records import attach
from knowledge.types import Document, Finding, Reading, Refusal, Submission

SAID = re.compile(r"(?:^|/)(?:read-?me|licen[cs]e|copying|changelog|makefile)(?:\.\w+)?$", re.IGNORECASE)
SUPPLEMENT = re.compile(
    r"(?:online |electronic )?(?:supplement(?:s|al|ary)?|appendi(?:x|ces)|supporting information)\b", re.IGNORECASE
)
"""How the title of what goes with a paper begins."""
PASSING = 5
"""The rank of what names its paper in passing: a review or a dialogue."""


def read_bundle(intake: Intake, name: str, into: str | None, kind: str | None, limits: Limits) -> Reading:
    """All files of a folder or an archive as one import.

    The thread or submission file decides id and title, else the paper's title, else `name`. A paper that is there in
    several formats is taken once. What stands beside one submission and names another paper is refused, as is what
    names none where there are several. UnreadableFile where nothing can be taken in.
    """
    bundle = Bundle(intake, into, limits, kind)
    if kind is not None and bundle.count > 1:
        raise UnreadableFile(name, f"holds several files; name those that are '{kind}' one by one")
    parts = bundle.parts(name)
    if not parts and not bundle.refused:
        raise UnreadableFile(name, "holds no file with text; name the files themselves")
    return Reading(tuple(parts), tuple(bundle.refused))


class Bundle:
    """The files of one import while they are read and joined."""

    def __init__(self, intake: Intake, into: str | None, limits: Limits, kind: str | None) -> None:
        self.refused = intake.refused
        self._root, self._into, self._limits, self._kind = intake.root, into, limits, kind
        self._sources, self._files = split_sources(intake.members)
        self._homeless: list[tuple[str, Callable[[str | None], list[tuple[str, Submission]]]]] = []

    @property
    def count(self) -> int:
        """How many texts there are: LaTeX sources, each with what it includes, and other files."""
        return len(self._sources) + sum(not SAID.search(member.path) for member in self._files)

    def parts(self, name: str) -> list[Submission]:
        """The submissions of the bundle, each with all that belongs to it."""
        read = [part for source in self._sources for part in self._read_source(source, self._into)]
        read += [part for member in self._files for part in self._read_member(member, self._into)]
        read.sort(key=lambda item: rank(item[1]))
        homes: dict[str, list[Submission]] = {}
        for file, part in read:
            self._place(part, file, homes)
        if self._homeless:
            self._place_homeless(homes, name)
        return [self._join(own) for own in homes.values()]

    def _read_source(self, source: Source, into: str | None) -> list[tuple[str, Submission]]:
        file = f"{self._root}: {source.main}"
        files = {f"{self._root}: {path}": data for path, data in source.files.items()}
        return self._take(
            file,
            lambda: read_latex(files, file, into, self._limits, Deadline(self._limits), kind=self._kind),
            lambda home: self._read_source(source, home),
            into,
        )

    def _read_member(self, member: Member, into: str | None) -> list[tuple[str, Submission]]:
        file = f"{self._root}: {member.path}"
        if SAID.search(member.path):
            self.refused.append(Refusal(file, "", "is about the folder and no part of the submission"))
            return []
        return self._take(
            file,
            lambda: read_data(member.data, file, into, self._kind, self._limits, Deadline(self._limits)),
            lambda home: self._read_member(member, home),
            into,
        )

    def _take(
        self,
        file: str,
        read: Callable[[], Reading],
        again: Callable[[str | None], list[tuple[str, Submission]]],
        into: str | None,
    ) -> list[tuple[str, Submission]]:
        """What `read` finds in a file; what it refuses is noted, and what has no home is kept to read it `again` in one."""
        try:
            reading = read()
        except NoHome as error:
            if into is None:
                self._homeless.append((file, again))
            else:
                self.refused.append(Refusal(error.file, error.where, error.reason))
            return []
        except UnreadableFile as error:
            self.refused.append(Refusal(error.file, error.where, error.reason))
            return []
        self.refused += reading.refused
        return [(file, part) for part in reading.parts]

    def _place(self, part: Submission, file: str, homes: dict[str, list[Submission]]) -> None:
        """Give a part to the submission that it belongs to, else to one of its own; refuse what stands beside a single
        submission and names another, as it may be there by mistake."""
        home = self._into or next((id for id, own in homes.items() if same_paper(own[0], part)), None)
        if home is None and len(homes) == 1 and rank(part) > 0:
            (own,) = homes.values()
            if SUPPLEMENT.match(part.title):
                own.append(part)
                return
            if rank(part) < PASSING or rank(own[0]) < PASSING:
                reason = (
                    f"is of another paper, '{part.title}', beside '{own[0].title}'; import it by itself, or all {INTO}"
                )
                self.refused.append(Refusal(file, "", reason))
                return
        homes.setdefault(home or part.id, []).append(part)

    def _place_homeless(self, homes: dict[str, list[Submission]], name: str) -> None:
        if len(homes) > 1:
            for file, _ in self._homeless:
                reason = f"does not say to which of {len(homes)} submissions it belongs; import it {INTO}"
                self.refused.append(Refusal(file, "", reason))
            return
        home = next(iter(homes), "") or slug(name) or "submission"
        title = homes[home][0].title if homes else name
        for _, again in self._homeless:
            for _, part in again(home):
                homes.setdefault(home, []).append(replace(part, title=title))

    def _join(self, parts: list[Submission]) -> Submission:
        """One submission of all parts, the first deciding what it says; documents with one id are told apart."""
        head = parts[0]
        home = self._into or head.id
        documents: dict[str, Document] = {}
        reviews, findings = [], []
        for part in (attach(part, home) for part in parts):
            names: dict[str, str] = {}
            twins: dict[str, str] = {}
            for document in part.documents:
                if twin := find_twin(document, documents.values()):
                    twins[document.id] = twin.id
                    findings += self._merge(document, twin, part.findings, documents)
                    continue
                new = names[document.id] = self._name(document, documents)
                reply = (names | twins).get(document.reply_to or "", document.reply_to)
                documents[new] = replace(document, id=new, reply_to=reply)
            reviews += [replace(item, document=new) for item in part.reviews if (new := names.get(item.document))]
            findings += [replace(item, document=new) for item in part.findings if (new := names.get(item.document))]
        return Submission(
            home,
            next((part.title for part in parts if part.title), ""),
            authors=next((part.authors for part in parts if part.authors), ()),
            venue=next((part.venue for part in parts if part.venue), ""),
            decision=next((part.decision for part in parts if part.decision), None),
            short_names=tuple(dict.fromkeys(name for part in parts for name in part.short_names)),
            openreview=next((part.openreview for part in parts if part.openreview), None),
            number=next((part.number for part in parts if part.number), None),
            record=next((part.record for part in parts if part.record), ""),
            documents=tuple(documents.values()),
            reviews=tuple(reviews),
            findings=tuple(findings),
            deleted=tuple(note for part in parts for note in part.deleted),
        )

    def _name(self, document: Document, taken: dict[str, Document]) -> str:
        """The id under which a document is kept."""
        count, name = 1, document.id
        while name in taken:
            count += 1
            name = f"{document.id}-{count}"
        return name

    def _merge(
        self, document: Document, twin: Document, findings: Sequence[Finding], taken: dict[str, Document]
    ) -> list[Finding]:
        """Leave out a document that is there already: a paper's PDF gives its pages to the text of the source, and what
        it hides is shown with it; anything else is refused."""
        paged = attach_pages(twin, document) if document.pages and not twin.pages else None
        if paged is None:
            pages = (
                "; its pages do not fit the other's words and are left out" if document.pages and not twin.pages else ""
            )
            reason = f"is the same {document.kind} as {twin.source}, which is taken instead{pages}"
            self.refused.append(Refusal(document.source, "", reason))
        else:
            taken[twin.id] = paged
        own = [finding for finding in findings if finding.document == document.id and finding.kind != "unread"]
        return [replace(finding, document=twin.id) for finding in own]


def find_twin(document: Document, taken: Iterable[Document]) -> Document | None:
    """The document that says the same: word for word, or as the same paper in another format."""
    for other in taken:
        signed = (other.kind, other.author) == (document.kind, document.author)
        if signed and other.source != document.source and same_words(other, document):
            return other
    return None


def rank(part: Submission) -> int:
    """In which order parts decide: whole threads and submission files, papers by how exact their format is, then
    what names its paper in passing."""
    kinds = {document.kind for document in part.documents}
    if part.openreview:
        return -1
    if part.record or "notes" in kinds or ("paper" in kinds and len(kinds) > 1):
        return 0
    if "paper" not in kinds:
        return PASSING
    suffix = PurePosixPath(part.documents[0].source).suffix.lower()
    return {".tex": 1, ".ltx": 1, ".pdf": 2, ".md": 3}.get(suffix, 4)


def same_paper(first: Submission, second: Submission) -> bool:
    """Whether two parts are of one paper: the same thread, or titles that share most of their words."""
    if first.openreview and second.openreview:
        return first.openreview == second.openreview
    if first.id == second.id:
        return True
    one, two = (set(slug(part.title, 300).split("-")) - {""} for part in (first, second))
    return bool(one and two) and 2 * len(one & two) > len(one | two)
