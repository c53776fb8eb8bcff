"""The meta-review as the page shows it: sections to read and to edit, what is lacking, how to take it away; pure."""

from collections.abc import Sequence
from typing import Any

from agent.metareview.checking import Lack
from agent.metareview.forms import FORMS, form_of
from agent.metareview.keeping import MetaReview, Part
from agent.metareview.sections import TITLES
from agent.metareview.text import marks_in, sentences, units
from knowledge.types import Submission
from ui.render import fill


def panel(
    review: MetaReview | None,
    lacks: Sequence[Lack] = (),
    submission: Submission | None = None,
    conversation: str = "",
    news: Sequence[str] = (),
    versions: Sequence[MetaReview] = (),
) -> str:
    """The whole panel; before there is a draft, what it would be. `news` is what the draft does not hold yet."""
    if review is None or submission is None:
        return fill("metareview", review=None, submission=submission)
    known = form_of(submission.venue)
    shown = {
        "version": review.version,
        "brief": review.brief,
        "words": sum(len(text.split()) for text in review.text.values()),
        "parts": [_part(name, part, review) for name, part in review.parts.items() if part.text or part.generated],
        "lacks": [{"what": lack.what, "section": lack.section} for lack in lacks],
        "news": list(news),
        "struck": review.draft.struck,
        "versions": [
            {
                "version": v.version,
                "by": "you" if v.by == "chair" else "the draft",
                "when": v.written[:16].replace("T", " "),
            }
            for v in versions[1:]
        ],
        "venue": known.venue if known else "",
        "venues": list(FORMS),
        "conversation": conversation,
    }
    return fill("metareview", review=shown, submission=submission)


def _part(name: str, part: Part, review: MetaReview) -> dict[str, Any]:
    return {
        "name": name,
        "title": TITLES[name],
        "text": part.text,
        "edited": part.edited,
        "blocks": _blocks(part, review),
        "conflicts": [{"yours": c.yours, "before": c.before, "now": c.now, "number": n} for n, c in enumerate(part.conflicts)],
    }  # fmt: skip


def _blocks(part: Part, review: MetaReview) -> list[dict[str, Any]]:
    """The text as paragraphs and lists of sentences; those that are not the draft's are told apart."""
    generated = set(sentences(part.generated))
    blocks: list[dict[str, Any]] = []
    for unit in units(part.text):
        words = unit.strip()
        bullet = words.startswith("- ")
        sentence = words.removeprefix("- ")
        begins = unit.startswith("\n")
        item = {"parts": _pieces(sentence, review), "own": part.edited and sentence not in generated}
        if blocks and bullet and blocks[-1]["list"]:
            blocks[-1]["items"].append([item])
        elif begins or not blocks:
            blocks.append({"list": bullet, "items": [[item]]})
        else:
            blocks[-1]["items"][-1].append(item)
    return blocks


def _pieces(sentence: str, review: MetaReview) -> list[dict[str, str]]:
    """A sentence cut at its marks."""
    pieces, at = [], 0
    for mark in marks_in(sentence):
        before = sentence[at : mark.start()]
        if before.strip():
            pieces.append({"kind": "text", "text": before.rstrip()})
        at = mark.end()
        cited = review.draft.citations.get(mark.group(1) or "")
        if cited is not None:
            pieces.append({"kind": "cite", "text": mark.group(1), "label": cited.label})
        else:
            pieces.append({"kind": "text", "text": mark.group()})
    return [*pieces, {"kind": "text", "text": sentence[at:]}]
