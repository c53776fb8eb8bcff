"""The meta-review of a submission in a conversation as it is kept: written, refreshed, edited, put back.

Every change adds a version to the history. A section's text is what the chair made of it; beside it stands what was
last generated, so that a refresh can tell the chair's changes from the evidence's (see `merging`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agent.desk import PastTurn
from agent.errors import DraftMoved, NoDraft
from agent.history import History
from agent.history_drafts import Author, DraftVersion
from agent.metareview.basis import read_basis
from agent.metareview.building import build
from agent.metareview.merging import Conflict, merge
from agent.metareview.sections import TITLES, Draft
from agent.metareview.text import tidy
from knowledge.collection import Collection

BODY_VERSION = 1
TRIES = 5
LONGEST_SECTION = 40_000


@dataclass(frozen=True)
class Part:
    """A section as it stands: `generated` last, `text` now, and where both the chair and the evidence changed it."""

    generated: str
    text: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def edited(self) -> bool:
        return self.text != self.generated


@dataclass(frozen=True)
class MetaReview:
    """One version of a meta-review. `draft` is what was last generated; version 0 is not kept yet."""

    submission: str
    parts: Mapping[str, Part]
    draft: Draft
    brief: bool = False
    version: int = 0
    written: str = ""
    by: Author = "draft"

    @property
    def text(self) -> dict[str, str]:
        """The text of each section that has one, in order."""
        return {name: self.parts[name].text for name in TITLES if name in self.parts and self.parts[name].text}

    @property
    def conflicts(self) -> int:
        """How many places wait for the chair to choose."""
        return sum(len(part.conflicts) for part in self.parts.values())


@dataclass(frozen=True)
class Change:
    """What a refresh changed: names of sections, those new in this version included."""

    review: MetaReview
    changed: tuple[str, ...] = field(default=())


class MetaReviews:
    """All meta-reviews over a collection and a history."""

    def __init__(self, collection: Collection, history: History) -> None:
        self._collection, self._history = collection, history

    def latest(self, conversation: str, submission: str) -> MetaReview | None:
        """The newest version, or None before the first."""
        held = self._history.drafts.latest(conversation, submission)
        return from_version(held) if held is not None else None

    def versions(self, conversation: str, submission: str) -> tuple[MetaReview, ...]:
        """Every version, newest first."""
        return tuple(from_version(held) for held in self._history.drafts.all(conversation, submission))

    def refresh(self, conversation: str, submission: str, brief: bool | None = None) -> Change:
        """Build the draft anew from the record and the conversation, and bring it into what the chair has written.

        `brief` makes it short or full from now on; None leaves that. Nothing is kept where nothing has changed.
        """
        basis = read_basis(self._collection, self._history, conversation, submission)

        def make(held: MetaReview | None) -> MetaReview:
            short = brief if brief is not None else held.brief if held else False
            numbers = {c.passage_id: number for number, c in held.draft.citations.items()} if held else {}
            return refreshed(held, build(basis, numbers, brief=short), submission, short)

        before, after = self._change(conversation, submission, "draft", make)
        old = before.text if before else {}
        changed = tuple(name for name in TITLES if after.text.get(name, "") != old.get(name, ""))
        return Change(after, changed)

    def edit(self, conversation: str, submission: str, section: str, text: str, seen: int) -> MetaReview:
        """Keep what the chair made of a section that they saw in version `seen`.

        Where the section has changed since, both changes are brought together.
        """
        if len(text) > LONGEST_SECTION:
            raise NoDraft(f"A section is at most {LONGEST_SECTION:,} characters long: shorten it. Nothing was changed.")
        versions = {held.version: held for held in self.versions(conversation, submission)}

        def make(held: MetaReview | None) -> MetaReview:
            part = _part(held, section)
            assert held is not None
            base = versions[seen].parts[section].text if seen in versions else part.text
            found = merge(base, tidy(text), part.text)
            # `yours` is what is being kept now, `now` what somebody kept meanwhile: neither may be lost.
            kept = replace(part, text=found.text, conflicts=(*part.conflicts, *found.conflicts))
            return replace(held, parts={**held.parts, section: kept})

        return self._change(conversation, submission, "chair", make)[1]

    def settle(self, conversation: str, submission: str, section: str, conflict: Conflict, take: bool) -> MetaReview:
        """Settle a conflict: `take` puts the draft's words in place of the chair's, else the chair's stay."""

        def make(held: MetaReview | None) -> MetaReview:
            part = _part(held, section)
            assert held is not None
            if conflict not in part.conflicts:
                raise NoDraft("That choice was made already; the text is as you left it.")
            left = list(part.conflicts)
            left.remove(conflict)
            text = part.text
            if take:
                text = (
                    text.replace(conflict.yours, conflict.now, 1)
                    if conflict.yours in text and conflict.yours
                    else tidy(f"{text}\n\n{conflict.now}")
                )
            return replace(held, parts={**held.parts, section: replace(part, text=text, conflicts=tuple(left))})

        return self._change(conversation, submission, "chair", make)[1]

    def restore(self, conversation: str, submission: str, version: int) -> MetaReview:
        """Put the texts of an earlier version back, as a new version; what was generated since stays the base."""
        old = next((held for held in self.versions(conversation, submission) if held.version == version), None)
        if old is None:
            raise NoDraft(f"There is no version {version} of this meta-review.")

        def make(held: MetaReview | None) -> MetaReview:
            assert held is not None
            cited = {**old.draft.citations, **held.draft.citations}
            parts = {
                name: replace(part, text=old.parts[name].text if name in old.parts else "", conflicts=())
                for name, part in held.parts.items()
            }
            return replace(held, parts=parts, draft=replace(held.draft, citations=cited))

        return self._change(conversation, submission, "chair", make)[1]

    def _change(
        self, conversation: str, submission: str, by: Author, make: Callable[[MetaReview | None], MetaReview]
    ) -> tuple[MetaReview | None, MetaReview]:
        """Make a change of the newest version and keep it; again where somebody else was faster."""
        for _ in range(TRIES):
            held = self.latest(conversation, submission)
            made = make(held)
            if held is not None and (made.parts, made.draft, made.brief) == (held.parts, held.draft, held.brief):
                return held, held
            try:
                kept = self._history.drafts.add(
                    conversation, submission, held.version if held else 0, by, to_body(made)
                )
            except DraftMoved:
                continue
            return held, from_version(kept)
        raise DraftMoved("The meta-review is being changed elsewhere all the time: wait a moment and try again.")


def refreshed(held: MetaReview | None, draft: Draft, submission: str, brief: bool) -> MetaReview:
    """A new draft brought into what the chair has written; citations of earlier drafts stay, the chair may use them."""
    parts = {}
    for name in TITLES:
        now = draft.texts.get(name, "")
        part = held.parts.get(name) if held else None
        if part is None:
            parts[name] = Part(now, now)
            continue
        found = merge(part.generated, part.text, now)
        waiting = [c for c in part.conflicts if c.now in now and c not in found.conflicts]
        parts[name] = Part(now, found.text, (*waiting, *found.conflicts))
    citations = {**(held.draft.citations if held else {}), **draft.citations}
    return MetaReview(submission, parts, replace(draft, citations=citations), brief, held.version if held else 0)


def not_in_it(review: MetaReview, decision: Mapping[str, Any] | None, past: Sequence[PastTurn]) -> tuple[str, ...]:
    """What the conversation holds and the draft was not built with: cheap, without reading the record again."""
    news = []
    if (decision or {}).get("decision") != review.draft.outline.decision:
        news.append("Your decision has changed since this draft: refresh it.")
    told = {verdict["digest"] for turn in past for verdict in turn.answer.verdicts if "verdict" in verdict}
    if told - {digest for matter in review.draft.outline.verdicts for digest in matter.runs}:
        news.append("A run has come to a verdict since this draft: refresh it.")
    return tuple(news)


def to_body(review: MetaReview) -> dict[str, Any]:
    """A version as JSON."""
    return {
        "format": BODY_VERSION,
        "parts": {name: asdict(part) for name, part in review.parts.items()},
        "draft": review.draft.to_json(),
        "brief": review.brief,
    }


def from_version(held: DraftVersion) -> MetaReview:
    """A kept version; NoDraft where a newer version of the program wrote it."""
    if held.body["format"] > BODY_VERSION:
        raise NoDraft("This meta-review was written by a newer version of Second Opinion: update to read it.")
    parts = {
        name: Part(part["generated"], part["text"], tuple(Conflict(**c) for c in part["conflicts"]))
        for name, part in held.body["parts"].items()
    }
    draft = Draft.from_json(held.body["draft"])
    return MetaReview(held.submission, parts, draft, held.body["brief"], held.version, held.written, held.by)


def _part(held: MetaReview | None, section: str) -> Part:
    if held is None:
        raise NoDraft('There is no meta-review yet: write one first ("Write the meta-review.").')
    if section not in held.parts:
        raise NoDraft(f'The meta-review has no section "{section}".')
    return held.parts[section]
