"""What each action of a person does; returns the regions of the page that change (see `ui.scene`). Knows no Gradio."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import AgentError, NoDraft
from agent.events import AnswerPart, ExperimentProposed, RunProgress, VerdictReached
from agent.history import Conversation
from agent.metareview.keeping import MetaReviews
from compression_demo.errors import CompressionError
from knowledge.errors import KnowledgeError
from ui import evidence, render
from ui.imports import Imports
from ui.scene import Regions, Scene
from ui.view import TurnView, add_events, answer_of, view_turn

if TYPE_CHECKING:
    from ui.app import Rooms

log = logging.getLogger(__name__)
REDRAW_S = 0.08
"""Words of an answer are redrawn at most this often."""
NOT_YOURS = (
    "That conversation is not yours or is gone, so nothing of it is shown. "
    "This is a new one; your own are listed at the left."
)


def explain(error: Exception) -> str:
    """An error as the person at the page needs it: what happened, what is kept, what to do."""
    if isinstance(error, AgentError | KnowledgeError | CompressionError):
        return str(error)
    log.error("an action of the page failed", exc_info=error)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"That did not work ({what}). Your conversations and runs are kept: reload the page and try again."


class Actions:
    """The actions of all browsers; holds no state of any of them but their imports.

    An action on a conversation that is not the owner's raises AgentError and shows nothing of it.
    """

    def __init__(self, rooms: "Rooms") -> None:
        self.rooms, self.imports = rooms, Imports(rooms.collection)
        self.scene = Scene(rooms, self.imports)
        self.drafts = MetaReviews(rooms.collection, rooms.history)

    # Coming and going

    def arrive(self, conversation: str, owner: str) -> Regions:
        """Show the conversation of the address, or a new one where it is missing or somebody else's."""
        if not conversation:
            return self.begin(None, owner)
        known = self._find(conversation, owner)
        if known is None:
            return self.begin(None, owner) | {"notice": render.notice(NOT_YOURS)}
        return self.scene.arrival(known)

    def begin(self, submission: str | None, owner: str) -> Regions:
        """Start a new conversation about `submission`."""
        return self.scene.arrival(self._mine(self.rooms.history.create(owner, submission), owner))

    def begin_beside(self, conversation: str, owner: str) -> Regions:
        """Start a new conversation about the submission of the one on show."""
        known = self._find(conversation, owner)
        return self.begin(known.submission if known else None, owner)

    def open(self, conversation: str, owner: str) -> Regions:
        """Show another of the owner's conversations."""
        return self.scene.arrival(self._mine(conversation, owner))

    def select(self, submission: str, conversation: str, owner: str) -> Regions:
        """Turn to a submission: in this conversation while it is empty, else in a new one."""
        known = self._find(conversation, owner)
        if known is None or self._is_used(known):
            return self.begin(submission, owner)
        self.rooms.history.choose(conversation, submission)
        return self.open(conversation, owner)

    def delete(self, conversation: str, current: str, owner: str) -> Regions:
        """Delete a conversation; when it is the one on show, start a new one about the same submission."""
        known = self._mine(conversation, owner)
        active = self.rooms.turns.active(conversation)
        if active is not None:
            active.stop()
        self.rooms.history.delete(conversation, owner)
        if conversation == current:
            return self.begin(known.submission, owner)
        return {"conversations": self.scene.conversations(self._mine(current, owner)), "notice": render.notice()}

    def search(self, words: str, conversation: str, owner: str) -> Regions:
        """List the submissions that have all of the words."""
        known = self._find(conversation, owner)
        return {"submissions": self.scene.submissions(known.submission if known else None, words)}

    # Taking in and throwing away

    def take_in(self, files: Sequence[str], join: bool, conversation: str, owner: str) -> Regions:
        """Import the files that were dropped; into the submission on show if `join`."""
        known = self._mine(conversation, owner)
        self.imports.start(owner, [Path(file) for file in files], known.submission if join else None)
        return {"notice": render.notice(), "imports": self.scene.imports(owner), "watching": True}

    def cancel_import(self, owner: str) -> Regions:
        """End the import after the file that is being read."""
        self.imports.cancel(owner)
        return {"imports": self.scene.imports(owner)}

    def dismiss_import(self, owner: str) -> Regions:
        """Put the report away."""
        self.imports.dismiss(owner)
        return {"imports": self.scene.imports(owner)}

    def remove(self, submission: str, conversation: str, owner: str) -> Regions:
        """Delete a submission from the collection, and begin a conversation about none."""
        title = self.rooms.collection.submission(submission).title
        self.rooms.collection.delete(submission)
        said = f"Deleted “{title}”. Its passages are gone; no answer will use it again."
        return self.begin(None, owner) | {"notice": render.notice(said)}

    # Talking

    def ask(self, message: str, editing: int | None, conversation: str, owner: str) -> Regions:
        """Start answering `message`, in place of turn `editing` and all that followed when one is being edited."""
        known = self._mine(conversation, owner)
        if editing is None:
            self.rooms.turns.start(conversation, message, owner=owner)
        else:
            self.rooms.turns.edit(conversation, editing, message, owner=owner)
        return self.scene.started(known)

    def retry(self, conversation: str, owner: str) -> Regions:
        """Ask the last message again."""
        known = self._mine(conversation, owner)
        self.rooms.turns.retry(conversation, owner=owner)
        return self.scene.started(known)

    def edit(self, turn: int, conversation: str, owner: str) -> Regions:
        """Put the message of a turn back into the box."""
        self._mine(conversation, owner)
        for item in self.scene.items(conversation):
            if isinstance(item, TurnView) and item.turn == turn:
                return {"message": item.question, "editing": turn}
        return {}

    def keep(self) -> Regions:
        """Leave the message that was being edited as it was."""
        return {"message": "", "editing": None}

    def stop(self, conversation: str, owner: str) -> Regions:
        """Stop the answer that is being written; a run that it started goes on."""
        self._mine(conversation, owner)
        active = self.rooms.turns.active(conversation)
        if active is not None:
            active.stop()
        return {}

    def follow(self, conversation: str, words: str, owner: str, gone: Callable[[], bool]) -> Iterator[Regions]:
        """The active turn as it goes, then the conversation as it is kept; ends early once the page is `gone`."""
        self._mine(conversation, owner)
        active = self.rooms.turns.active(conversation)
        if active is not None:
            turn, drawn = view_turn(active.message, ()), 0.0
            for fresh in active.batches(stop=gone):
                add_events(turn, [event.to_json() for event in fresh])
                if all(isinstance(event, AnswerPart) for event in fresh):
                    time.sleep(max(0.0, drawn + REDRAW_S - time.monotonic()))
                    drawn = time.monotonic()
                if self.rooms.turns.active(conversation) is not active:
                    continue  # it has ended meanwhile: what it came to follows, and may be on show already
                regions: Regions = {"live": self.scene.live(turn)}
                if any(isinstance(event, ExperimentProposed | RunProgress | VerdictReached) for event in fresh):
                    regions["runs"] = self.scene.runs([*self.scene.items(conversation), turn])
                yield regions
        if not gone():
            settled = self.scene.settled(self._mine(conversation, owner), words)
            last = next((e for e in reversed(self.rooms.history.entries(conversation)) if e.role == "answer"), None)
            drafted = (
                active is not None and last is not None and "metareview" in last.body["request"].get("intents", ())
            )
            yield settled | ({"tab": "metareview"} if drafted else {})

    def tick(self, conversation: str, words: str, owner: str) -> Regions:
        """Bring runs that go on outside a turn, and verdicts that arrived meanwhile, up to date."""
        known = self._mine(conversation, owner)
        regions = self.scene.importing(known, words) if self.imports.latest(owner) is not None else {}
        return (
            regions if self.rooms.turns.active(conversation) is not None else self.scene.settled(known, words) | regions
        )

    def cancel(self, digest: str, conversation: str, owner: str) -> Regions:
        """End a run that this conversation waits for; one that another waits for too goes on, and only this one
        stops waiting."""
        self._mine(conversation, owner)
        history = self.rooms.history
        mine = [run for run in history.waiting_runs(conversation) if run.digest == digest]
        if mine and not history.awaited_elsewhere(digest, conversation):
            self.rooms.runs.cancel(digest)
            return {}
        for run in mine:
            history.settle_run(run, "declined")
        active = self.rooms.turns.active(conversation)
        asked = max((entry.turn for entry in history.entries(conversation)), default=0)
        if active is not None and any(run.turn == asked for run in mine):
            active.stop()  # the turn that follows the run would wait for its end
        return {}

    # Who answers

    def choose_model(self, name: str, conversation: str, owner: str) -> Regions:
        """Let another model answer in this conversation; one that cannot be opened changes nothing."""
        known = self._mine(conversation, owner)
        self.rooms.assistant.speakers.choose(conversation, name)
        return {"header": self.scene.header(known), "notice": render.notice()}

    def agree(self, where: str, conversation: str, owner: str) -> Regions:
        """Let the text of this conversation go where the page said that it goes."""
        known = self._mine(conversation, owner)
        self.rooms.assistant.speakers.agree(conversation, where)
        return {"header": self.scene.header(known), "notice": render.notice()}

    # The meta-review

    def draft(self, size: str, conversation: str, owner: str) -> Regions:
        """Draft the meta-review or bring it up to date; `size` "brief" or "full" from now on, "" as it was."""
        known, submission = self._drafting(conversation, owner)
        change = self.drafts.refresh(conversation, submission, {"brief": True, "full": False}.get(size))
        said = (
            "" if change.changed or change.review.version == 1 else "The draft is up to date: nothing has changed it."
        )
        return self._drafted(known, said)

    def write(self, section: str, text: str, seen: int, conversation: str, owner: str) -> Regions:
        """Keep what the person made of a section that they saw in version `seen`."""
        known, submission = self._drafting(conversation, owner)
        self.drafts.edit(conversation, submission, section, text, seen)
        return self._drafted(known)

    def settle(self, section: str, number: int, seen: int, take: bool, conversation: str, owner: str) -> Regions:
        """Choose between the person's words and the draft's, in the place that version `seen` numbered so."""
        known, submission = self._drafting(conversation, owner)
        shown = next((v for v in self.drafts.versions(conversation, submission) if v.version == seen), None)
        if shown is not None:
            conflict = shown.parts[section].conflicts[number]
            self.drafts.settle(conversation, submission, section, conflict, take)
        return self._drafted(known)

    def restore(self, version: int, conversation: str, owner: str) -> Regions:
        """Put the text of an earlier version back."""
        known, submission = self._drafting(conversation, owner)
        self.drafts.restore(conversation, submission, version)
        return self._drafted(known, f"The text of version {version} is back; what stood before is among the versions.")

    def _drafting(self, conversation: str, owner: str) -> tuple[Conversation, str]:
        known = self._mine(conversation, owner)
        if known.submission is None:
            raise NoDraft("Choose a submission first: a meta-review is about one.")
        return known, known.submission

    def _drafted(self, known: Conversation, said: str = "") -> Regions:
        return {"metareview": self.scene.metareview(known), "tab": "metareview", "notice": render.notice(said)}

    # Looking things up

    def cite(self, turn: int, citation: str, conversation: str, owner: str) -> Regions:
        """Open the passage behind a citation mark of an answer, or, with turn 0, of the meta-review."""
        self._mine(conversation, owner)
        cited = self._cited(turn, citation, conversation, owner)
        if cited is None:
            return {"evidence": evidence.empty("That answer is no longer in this conversation."), "tab": "evidence"}
        collection, identity = self.rooms.collection, cited["passage_id"]
        document, newest = collection.document_of(identity), collection.document(cited["document"])
        shown = evidence.passage(cited, document, newest, collection.neighbours(identity), turn)
        return {"evidence": shown, "tab": "evidence"}

    def _cited(self, turn: int, citation: str, conversation: str, owner: str) -> dict[str, Any] | None:
        if turn:
            answer = answer_of(self.scene.items(conversation), turn)
            return answer["citations"].get(citation) if answer else None
        review = self.drafts.latest(conversation, self._drafting(conversation, owner)[1])
        found = review.draft.citations.get(citation) if review else None
        return asdict(found) if found else None

    def document(self, passage: str, turn: int, citation: str) -> Regions:
        """Show the whole document of a cited passage, with the passage marked."""
        document, found = self.rooms.collection.document_of(passage), self.rooms.collection.passage(passage)
        if document is None or found is None:
            return {"evidence": evidence.empty("That document is no longer in the collection.")}
        return {"evidence": evidence.whole(document, found.locator.start, found.locator.end, turn, citation)}

    def _is_used(self, known: Conversation) -> bool:
        """Whether something was said or drafted in a conversation, or is being said."""
        rooms, drafted = self.rooms, known.submission and self.drafts.latest(known.id, known.submission)
        return bool(rooms.history.entries(known.id) or drafted or rooms.turns.active(known.id))

    def _find(self, conversation: str, owner: str) -> Conversation | None:
        return self.rooms.history.conversation(conversation, owner)

    def _mine(self, conversation: str, owner: str) -> Conversation:
        known = self._find(conversation, owner)
        if known is None:
            raise AgentError(NOT_YOURS)
        return known
