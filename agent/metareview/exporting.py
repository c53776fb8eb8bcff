"""A meta-review written out: Markdown with its sources, plain text, or a note for the venue's form on OpenReview. Pure.

What the chair has not stated is left out of a form and named, never filled in. What the chair notes for themself stays
here unless it is asked for.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agent.metareview.forms import Content, Form, form_of, general
from agent.metareview.keeping import MetaReview
from agent.metareview.sections import TITLES
from agent.metareview.text import citations_in, runs_in, without_marks
from knowledge.types import Submission

Format = Literal["markdown", "text", "openreview"]
ENDINGS: dict[Format, str] = {"markdown": "md", "text": "txt", "openreview": "json"}
PUBLIC = tuple(name for name in TITLES if name != "chair")
"""The chair's notes to themself are no part of what authors read."""
DISCUSSION = ("reviewers", "concerns")


@dataclass(frozen=True)
class Export:
    """A meta-review as a file: its name and text, and what of the form could not be filled."""

    name: str
    text: str
    unfilled: tuple[str, ...] = ()


def export(
    review: MetaReview, submission: Submission, format: Format, venue: str = "", *, with_notes: bool = False
) -> Export:
    """Write a meta-review out; `venue` chooses the form of a note, by default that of the submission. `with_notes`: with
    what the chair noted for themself, which no venue's form ever takes."""
    name = f"meta-review-{re.sub(r'[^A-Za-z0-9-]+', '-', submission.id).strip('-')}.{ENDINGS[format]}"
    if format != "openreview":
        write = markdown if format == "markdown" else plain
        return Export(name, write(review, submission, with_notes))
    note, unfilled = openreview(review, submission, venue or submission.venue)
    return Export(name, json.dumps([note], ensure_ascii=False, indent=2) + "\n", unfilled)


def texts_for(review: MetaReview, with_notes: bool) -> dict[str, str]:
    """The sections that are written out, in order."""
    return {name: text for name, text in review.text.items() if with_notes or name in PUBLIC}


def markdown(review: MetaReview, submission: Submission, with_notes: bool = False) -> str:
    """Sections with marks, then what each mark stands for."""
    texts = texts_for(review, with_notes)
    lines = [f"# Meta-review: {submission.title}", ""]
    for name, text in texts.items():
        lines += [f"## {TITLES[name]}", "", text, ""]
    cited = {n for text in texts.values() for n in citations_in(text)}
    sources = sorted((n for n in cited if n in review.draft.citations), key=int)
    if sources:
        lines += ["## Sources", ""]
        lines += [
            f"- [{n}] {review.draft.citations[n].label}: “{_line(review.draft.citations[n].quote)}”" for n in sources
        ]
    runs = [r for text in texts.values() for r in runs_in(text)]
    for mark in dict.fromkeys(runs):
        said = next((text for digest, text in review.draft.outline.run_texts.items() if digest.startswith(mark)), "")
        lines += [f"- [run {mark}] {_line(said)}"] if said else []
    return "\n".join(lines).rstrip() + "\n"


def plain(review: MetaReview, submission: Submission, with_notes: bool = False) -> str:
    """Sections without marks, for a form that takes text."""
    lines = [f"Meta-review: {submission.title}", ""]
    for name, text in texts_for(review, with_notes).items():
        lines += [TITLES[name].upper(), "", without_marks(text), ""]
    return "\n".join(lines).rstrip() + "\n"


def openreview(review: MetaReview, submission: Submission, venue: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The note for a venue's form, in the shape of its API, and what could not be filled and why."""
    form = form_of(venue)
    unfilled = (
        []
        if form
        else [f"the form of {venue or 'a venue that is not on record'} is not known: general fields are used"]
    )
    form = form or general(venue)
    content: dict[str, Any] = {}
    for field, what in form.fields:
        value, why = _value(what, review, form)
        if value is not None:
            content[field] = value
        if why:
            unfilled.append(f"{field}: {why}")
    forum = submission.openreview
    if not forum:
        unfilled.append("forum: no OpenReview id of the submission is on record; import the file with --into")
    if form.paper and submission.number is None:
        unfilled.append("invitation and signatures: without the paper's number, which is not on record")
    if form.signer == "Area_Chair":
        unfilled.append("signatures: they end with your own number or code as area chair of the paper")
    return _note(form, content, forum, submission.number), tuple(unfilled)


def _note(form: Form, content: Mapping[str, Any], forum: str | None, number: int | None) -> dict[str, Any]:
    invitation = form.invitation(number)
    note: dict[str, Any] = {"forum": forum, "replyto": forum} if forum else {}
    note |= {"signatures": [form.signature(number)]}
    if form.api == 1:
        return {**note, "invitation": invitation, "content": dict(content)}
    return {
        **note,
        "invitations": [invitation],
        "content": {field: {"value": value} for field, value in content.items()},
    }


def _value(what: Content, review: MetaReview, form: Form) -> tuple[str | None, str]:
    """What goes into a field, or None with the reason; a reason beside a value is a caution."""
    outline = review.draft.outline
    if what == "title":
        return form.title, ""
    if what == "whole":
        apart = {inner for _, inner in form.fields}
        return _sections(review, [name for name in PUBLIC if name not in apart]), ""
    if what == "decision":
        return _decision(review, form)
    if what == "confidence":
        if outline.confidence is None:
            return None, "you have not stated your confidence"
        return f"{outline.confidence:g}", ""
    if what == "assessment":
        fits = outline.rating is not None and 1 <= outline.rating <= 5 and (2 * outline.rating).is_integer()
        return (f"{outline.rating:g}", "") if fits else (None, "you have stated no rating from 1 to 5 in half steps")
    if what == "discussion":
        text = _sections(review, DISCUSSION)
        return (text, "") if text else (None, "the draft has no section on the discussion")
    text = without_marks(review.text.get(what, ""))
    if what == "integrity":
        return (text, "") if text else (None, "nothing is on record; write it yourself if there is a concern")
    return (text, "") if text else (None, f"the section “{TITLES[what]}” is empty")


def _decision(review: MetaReview, form: Form) -> tuple[str | None, str]:
    """The decision as the form words it; only the chair's own, never the lean of the draft."""
    decision, lean = review.draft.outline.decision, review.draft.outline.lean
    if not decision:
        leans = f"; the draft leans to {lean}" if lean in ("accept", "reject") else ""
        return None, f"you have not stated a decision{leans}"
    if "reject" in decision:
        return "Reject", ""
    if decision in ("accept", "strong accept", "weak accept", "clear accept", "borderline accept"):
        fits = [choice for choice in form.choices if choice.lower().startswith("accept")]
        return "Accept", f"choose among {', '.join(fits)}; you stated “{decision}”" if fits else ""
    return None, f"“{decision}” is neither to accept nor to reject"


def _sections(review: MetaReview, names: Any) -> str:
    """Sections as one text with titles, without marks."""
    held = [(TITLES[name], without_marks(review.text[name])) for name in names if name in review.text]
    return "\n\n".join(f"{title}\n{text}" for title, text in held)


def _line(text: str) -> str:
    return " ".join(text.split())
