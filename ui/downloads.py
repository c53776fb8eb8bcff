"""Files that the page hands out: the meta-review of a conversation, to whom the conversation belongs."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.app import Rooms


def add_downloads(app: "FastAPI", rooms: "Rooms") -> None:
    """Add `/meta-review/CONVERSATION?format=markdown|text|openreview&venue=&notes=yes`."""
    from fastapi import Request
    from fastapi.responses import PlainTextResponse, Response

    from agent.errors import AgentError
    from agent.metareview.exporting import ENDINGS, export
    from agent.metareview.keeping import MetaReviews
    from knowledge.errors import KnowledgeError
    from ui.door import NoOwner, owner_of

    kinds = {"markdown": "text/markdown", "text": "text/plain", "openreview": "application/json"}

    def download(
        conversation: str,
        request: Request,
        format: Literal["markdown", "text", "openreview"] = "markdown",
        venue: str = "",
        notes: bool = False,
    ) -> Response:
        try:
            known = rooms.history.conversation(conversation, owner_of(request))
            if known is None or known.submission is None:
                return PlainTextResponse("That conversation is not yours, or is gone.", 404)
            review = MetaReviews(rooms.collection, rooms.history).latest(conversation, known.submission)
            if review is None:
                return PlainTextResponse("There is no meta-review in this conversation yet: draft one first.", 404)
            made = export(review, rooms.collection.submission(known.submission), format, venue, with_notes=notes)
        except (AgentError, KnowledgeError, NoOwner) as error:
            return PlainTextResponse(str(error), 404)
        head = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
        return Response(made.text, media_type=f"{kinds[format]}; charset=utf-8", headers=head)

    assert set(kinds) == set(ENDINGS)
    download.__annotations__["request"] = Request
    app.get("/meta-review/{conversation}")(download)
