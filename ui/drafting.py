"""The terminal's `draft`: write the meta-review of a submission, or bring it up to date, and write it out."""

import argparse
import json
import sys
from typing import Any

from ui import settings

OWNER = "terminal"


def draft(options: argparse.Namespace, collection: Any) -> int:
    """Refresh the meta-review in a conversation and print it or write it to a file; what is lacking goes to stderr."""
    from agent.delivery import deliver
    from agent.errors import UnknownConversation
    from agent.history import History
    from agent.metareview.checking import check
    from agent.metareview.exporting import export, texts_for
    from agent.metareview.keeping import MetaReviews
    from compression_demo.runs import RunStore
    from ui.commands import write_whole

    submission = collection.submission(options.submission)
    home = settings.load().home
    history = History(home)
    try:
        conversation = options.conversation or _latest(history, submission.id) or history.create(OWNER, submission.id)
        if history.conversation(conversation, OWNER) is None:
            raise UnknownConversation(
                f'there is no conversation "{conversation}" in the terminal: leave --conversation out.'
            )
        deliver(history, RunStore(home), conversation)
        size = {"brief": True, "full": False}.get(options.size or "")
        review = MetaReviews(collection, history).refresh(conversation, submission.id, size).review
    finally:
        history.close()
    made = export(review, submission, options.format, options.venue or "", with_notes=options.with_notes)
    lacks = check(review)
    if options.output is not None:
        write_whole(options.output, made.text)
    if options.json:
        print(json.dumps({
            "submission": submission.id, "conversation": conversation, "version": review.version, "sections": texts_for(review, options.with_notes),
            "lacks": [vars(lack) for lack in lacks], "unfilled": list(made.unfilled), "format": options.format,
            "text": made.text, "file": str(options.output) if options.output else None,
        }, ensure_ascii=False, indent=2))  # fmt: skip
        return 0
    print(f"Written to {options.output}." if options.output else made.text.rstrip())
    for line in (*(f"lacks: {lack.what}" for lack in lacks), *(f"not filled: {line}" for line in made.unfilled)):
        print(line, file=sys.stderr)
    if review.draft.outline.stated and not options.with_notes:
        print("Your own notes and priorities are left out; --with-notes adds them.", file=sys.stderr)
    print(f"(conversation {conversation}, version {review.version})", file=sys.stderr)
    return 0


def _latest(history: Any, submission: str) -> str | None:
    """The terminal's newest conversation about a submission, or None."""
    return next((c.id for c in history.conversations(OWNER) if c.submission == submission), None)
