"""The regions of the page as they stand, drawn from what is kept.

A region has a name: the HTML ones are `header`, `submissions`, `conversations`, `log`, `live`, `suggestions`,
`evidence`, `runs`, `decision`, `metareview`, `imports`, `notice`; the plain ones `conversation` (its id), `message` (the text in the box),
`editing` (the turn being edited, or None), `busy` (an answer is being written), `watching` (a run outside a turn,
or an import, is under way), `following` (a new value starts following the active turn), `tab` (the one in front).
"""

import secrets
from datetime import date
from typing import TYPE_CHECKING, Any

from agent.desks import past_turns
from agent.history import Conversation
from agent.metareview.checking import check
from agent.metareview.keeping import MetaReviews, not_in_it
from knowledge.types import Submission
from ui import evidence, metareview, render
from ui.imports import Imports
from ui.view import Item, Progress, TurnView, last_turn, runs_of, view_conversation, view_turn

if TYPE_CHECKING:
    from ui.app import Rooms

Regions = dict[str, Any]
ENDED_WITHOUT_VERDICT = ("cancelled", "interrupted", "unknown")


class Scene:
    """Draws regions; holds no state of any browser."""

    def __init__(self, rooms: "Rooms", imports: Imports) -> None:
        self.rooms, self._imports = rooms, imports

    def arrival(self, known: Conversation) -> Regions:
        """The whole page for somebody who comes to a conversation."""
        active = self.rooms.turns.active(known.id)
        regions = self._talk(known, busy=active is not None) | {
            "conversation": known.id,
            "notice": render.notice(),
            "evidence": evidence.empty(),
            "message": "",
            "editing": None,
            "submissions": self.submissions(known.submission),
            "conversations": self.conversations(known),
            "following": "",
            "imports": self.imports(known.owner),
        }
        if active is not None:
            regions |= {"live": self.live(view_turn(active.message, ())), "following": secrets.token_hex(8)}
        return regions

    def started(self, known: Conversation) -> Regions:
        """What changes when a question was sent."""
        active = self.rooms.turns.active(known.id)
        return {
            "notice": render.notice(),
            "message": "",
            "editing": None,
            "log": render.conversation(self.items(known.id), None, self.rooms.names, pending=True),
            "live": self.live(view_turn(active.message, ()) if active is not None else None),
            "suggestions": render.suggestions(()),
            "busy": True,
            "following": secrets.token_hex(8),
        }

    def settled(self, known: Conversation, words: str) -> Regions:
        """What changes when an answer or a verdict has come; `words` are those in the search box."""
        return self._talk(known, busy=False) | {
            "conversations": self.conversations(known),
            "submissions": self.submissions(known.submission, words),
        }

    def items(self, conversation: str) -> list[Item]:
        """What is kept of a conversation, without the question that is being answered right now."""
        history = self.rooms.history
        items = view_conversation(history.entries(conversation), history.waiting_runs(conversation))
        last = last_turn(items)
        if last is not None and last.answer is None and last.failure is None and self.rooms.turns.active(conversation):
            items.remove(last)
        for run in runs_of(items):
            if run.state == "running":
                status = self.rooms.runs.status(run.digest)
                run.progress = Progress(status.fraction, status.message, status.left_s)
                run.state = "closed" if status.state in ENDED_WITHOUT_VERDICT else "running"
        return items

    def live(self, turn: TurnView | None) -> str:
        """The turn that is being answered, or nothing."""
        return render.live(turn, self.rooms.names)

    def runs(self, items: list[Item]) -> str:
        """The runs of a conversation."""
        return render.runs(runs_of(items), self.rooms.names)

    def metareview(self, known: Conversation) -> str:
        """The kept meta-review of the conversation's submission, with what it lacks and what is not in it yet."""
        submission = self._submission(known.submission)
        if submission is None:
            return metareview.panel(None)
        history = self.rooms.history
        versions = MetaReviews(self.rooms.collection, history).versions(known.id, submission.id)
        if not versions:
            return metareview.panel(None, submission=submission)
        review = versions[0]
        news = not_in_it(review, history.decision(known.id, submission.id), past_turns(history.entries(known.id)))
        return metareview.panel(review, check(review), submission, known.id, news, versions)

    def submissions(self, current: str | None, words: str = "") -> str:
        """The submissions that have all of `words` in title, names, authors or venue."""
        wanted = words.lower().split()
        found = [
            s
            for s in self.rooms.collection.submissions()
            if all(word in " ".join((s.title, s.id, s.venue, *s.short_names, *s.authors)).lower() for word in wanted)
        ]
        return render.submissions(found, current, searching=bool(wanted))

    def imports(self, owner: str) -> str:
        """The owner's import under way, or its report."""
        titles = {s.id: s.title for s in self.rooms.collection.submissions()}
        return render.imports(self._imports.latest(owner), titles)

    def importing(self, known: Conversation, words: str) -> Regions:
        """What changes while an import goes on, and with its end."""
        active = self._imports.active(known.owner) is not None
        regions: Regions = {"imports": self.imports(known.owner)}
        return regions if active else regions | {"submissions": self.submissions(known.submission, words)}

    def conversations(self, known: Conversation) -> str:
        """The conversations of the owner of `known`, which is the one on show."""
        titles = {s.id: s.short_names[0] if s.short_names else s.title for s in self.rooms.collection.submissions()}
        return render.conversations(self.rooms.history.conversations(known.owner), known.id, titles, date.today())

    def header(self, known: Conversation) -> str:
        """The submission of a conversation, and the model that speaks in it."""
        submission, speakers = self._submission(known.submission), self.rooms.assistant.speakers
        pending = self.rooms.collection.pending(submission.id) if submission else 0
        return render.header(submission, speakers.of(known.id), speakers.known(known.owner), pending)

    def _talk(self, known: Conversation, busy: bool) -> Regions:
        """The regions that follow from what was said; the live one only when nothing is being answered."""
        rooms, submission, items = self.rooms, self._submission(known.submission), self.items(known.id)
        last = last_turn(items)
        if last is not None:
            texts = last.answer["suggestions"] if last.answer else ()
        else:
            texts = rooms.assistant.suggestions(submission.id) if submission else ()
        pending = rooms.collection.pending(submission.id) if submission else 0
        regions: Regions = {
            "header": self.header(known),
            "log": render.conversation(items, submission, rooms.names, pending=busy),
            "suggestions": render.suggestions(() if busy else tuple(texts)),
            "runs": self.runs(items),
            "decision": render.decision(rooms.history.decision(known.id, known.submission)),
            "metareview": self.metareview(known),
            "busy": busy,
            "watching": self._imports.active(known.owner) is not None
            or (not busy and (pending > 0 or any(run.state == "running" for run in runs_of(items)))),
        }
        return regions if busy else regions | {"live": ""}

    def _submission(self, identity: str | None) -> Submission | None:
        return next((s for s in self.rooms.collection.submissions() if s.id == identity), None)
