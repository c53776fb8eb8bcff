"""What is known -> HTML, pure. Every text goes through Jinja's escaping; nothing here is marked safe but its own markup."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.events import UNTESTABLE
from agent.history import Conversation
from agent.models import EMBEDDED
from agent.speakers import Speaker
from knowledge.types import FindingKind, Review, Score, Submission
from ui.cards import LATE, Names, card
from ui.imports import Import
from ui.view import Item, LateVerdict, RunView, TurnView

LABELS = {"judgement": "Judgement", "abstention": "Not in the sources", "run": "From a run", "finding": "On import"}
NOT_HERE = "Not here"
"""Above what the machine, and not the sources, cannot tell."""
LONGEST_LEAD = 60
FINDINGS: dict[FindingKind, str] = {
    "instruction": "addresses a reviewing machine",
    "invisible": "invisible text",
    "tiny": "text too small to read",
    "off-page": "text off the page",
    "covered": "text behind something else",
    "layer-off": "text on a layer that is off",
    "zero-width": "characters without width",
    "comment": "comment in the source",
    "unread": "pages that could not be read",
}
GRAVEST = tuple(FINDINGS)
"""The kinds in the order in which a chair wants to see them."""


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("ui"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def fill(template: str, **values: Any) -> str:
    """One template of `ui/templates` with these values, escaped."""
    return _templates().get_template(f"{template}.html").render(**values)


# The submission


def header(submission: Submission | None, speaker: Speaker, known: Sequence[str] = (), pending: int = 0) -> str:
    """Who stands where: title, each reviewer's rating and confidence, the decision on record, and who speaks.

    `known` are the models to choose from; `pending` passages have no vectors yet.
    """
    reviews = [
        {
            "reviewer": review.reviewer,
            "title": ", ".join(("also known as", *review.aliases)) if review.aliases else review.reviewer,
            "rating": _score(review.rating) or "no rating on record",
            "confidence": _score(review.confidence),
        }
        for review in (submission.reviews if submission else ())
    ]
    scale = _scale(submission.reviews) if submission else None
    integrity = findings(submission) if submission else None
    return fill(
        "header",
        submission=submission,
        reviews=reviews,
        scale=scale,
        speaker=speaker,
        known=known,
        integrity=integrity,
        pending=pending,
    )


def submissions(found: Sequence[Submission], current: str | None, searching: bool = False) -> str:
    """The list to choose from, each with its ratings or why there are none."""
    rows = [{"id": s.id, "name": s.title, "note": _ratings(s)} for s in found]
    return fill("submissions", rows=rows, current=current, searching=searching)


def imports(work: Import | None, titles: Mapping[str, str]) -> str:
    """An import under way, or its report: what was taken, what was not and why; `titles` names submissions by id."""
    if work is None:
        return fill("imports", work=None)
    total, report = len(work.names), work.report

    def rows(ids: Sequence[str]) -> list[dict[str, str]]:
        return [{"id": id, "title": titles[id]} for id in ids if id in titles]

    shown = {
        "ended": work.ended.is_set(),
        "count": work.names[0] if total == 1 else f"{total} files",
        "words": work.words,
        "percent": round(100 * work.done / max(total, 1)),
        "problem": work.problem,
        "taken": [
            ("Taken in:", rows(report.imported if report else ())),
            ("There already, word for word:", rows(report.unchanged if report else ())),
        ],
        "refused": report.refused if report is not None else (),
    }
    return fill("imports", work=shown)


def findings(submission: Submission) -> dict[str, Any] | None:
    """Text that was kept apart on import, instructions to machines first; None for what came with the program."""
    if submission.bundled and not submission.findings:
        return None
    rows = [
        {"what": FINDINGS[f.kind], "where": f.where, "text": f.text, "grave": f.kind != "comment"}
        for f in sorted(submission.findings, key=lambda f: GRAVEST.index(f.kind))
        if f.kind != "unread"
    ]
    gaps = [{"where": f.where.capitalize(), "text": f.text} for f in submission.findings if f.kind == "unread"]
    grave, comments = sum(row["grave"] for row in rows), sum(not row["grave"] for row in rows)
    parts = [f"{grave} {'stretch' if grave == 1 else 'stretches'} of text that a reader would not see or that"
             " addresses a reviewing machine"] if grave else []  # fmt: skip
    parts += [f"{comments} source {'comment' if comments == 1 else 'comments'}"] if comments else []
    return {"rows": rows, "grave": grave, "summary": " and ".join(parts), "gaps": gaps}


def _ratings(submission: Submission) -> str:
    words = [_score(review.rating) or "–" for review in submission.reviews]
    name = submission.short_names[0] if submission.short_names else submission.venue
    return " · ".join(part for part in (name, " ".join(words) if words else "no reviews on record") if part)


def _score(score: Score | None) -> str:
    if score is None:
        return ""
    return f"{score.value:g}" if score.value is not None else score.label


def _scale(reviews: Sequence[Review]) -> dict[str, Any] | None:
    """The ratings as dots on their scale, equal ones stacked; None where there is nothing to compare."""
    ratings = [r.rating for r in reviews if r.rating is not None and r.rating.value is not None]
    values = sorted(r.value for r in ratings if r.value is not None)
    if len(values) < 2:
        return None
    lows, highs = [r.low for r in ratings if r.low is not None], [r.high for r in ratings if r.high is not None]
    low, high = min([*lows, *values]), max([*highs, *values])
    width = (high - low) or 1.0
    dots = []
    for value, same in groupby(values):
        for layer, _ in enumerate(same):
            dots.append({"x": round(6 + 108 * (value - low) / width, 1), "y": 18 - 6 * min(layer, 2)})
    text = (
        "all equal"
        if values[0] == values[-1]
        else f"spread {values[-1] - values[0]:g} ({values[0]:g} to {values[-1]:g})"
    )
    label = f"Ratings {', '.join(f'{v:g}' for v in values)} on a scale from {low:g} to {high:g}"
    return {"dots": dots, "text": text, "label": label}


# The conversation


def conversations(known: Sequence[Conversation], current: str | None, titles: Mapping[str, str], today: date) -> str:
    """The owner's conversations by day, newest first; `titles` names submissions by id."""
    groups = []
    for day, rows in groupby(known, key=lambda c: datetime.fromisoformat(c.updated).astimezone().date()):
        shown = [
            {"id": c.id, "title": c.title or "Meta-review", "note": titles.get(c.submission or "", "")} for c in rows
        ]
        groups.append({"day": _day(day, today), "rows": shown})
    return fill("conversations", groups=groups, current=current)


def _day(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def conversation(
    items: Sequence[Item], submission: Submission | None, names: Names | None = None, pending: bool = False
) -> str:
    """All finished turns; `pending` tells that another one follows below, so that the last is not offered for retry."""
    turns = [item for item in items if isinstance(item, TurnView)]
    last = turns[-1] if turns and not pending else None
    shown = [_item(item, names, last=item is last) for item in items]
    return fill("conversation", items=shown, submission=submission, pending=pending)


def live(turn: TurnView | None, names: Names | None = None) -> str:
    """The turn that is being answered, or nothing."""
    if turn is None:
        return ""
    return fill("conversation", items=[_item(turn, names, last=False)], submission=None, pending=True)


def _item(item: Item, names: Names | None, last: bool) -> dict[str, Any]:
    if isinstance(item, LateVerdict):
        return {"late": True, "question": item.question, "run": card(item.run, names, LATE)}
    return {
        "late": False,
        "turn": item.turn,
        "question": item.question,
        "last": last,
        "pending": item.pending,
        "doing": _doing(item),
        "tools": [
            {"summary": t.summary, "found": t.found, "took": f"{t.seconds:.1f} s" if t.seconds is not None else ""}
            for t in item.tools
        ],
        "runs": [card(run, names) for run in item.runs],
        "answer": answer(item.answer, item.turn) if item.answer else None,
        "words": item.words,
        "failure": item.failure,
    }


def _doing(turn: TurnView) -> str:
    if any(run.state == "running" for run in turn.runs):
        return "The answer follows when the run has ended. You may close this page: the run goes on, its verdict will be here."
    return "Writing the answer ..." if turn.tools or turn.runs else "Reading the question ..."


def answer(body: Mapping[str, Any], turn: int | None) -> dict[str, Any]:
    """An answer's JSON as blocks of one kind each, citations numbered in the order in which they appear."""
    numbers: dict[str, int] = {}
    sentences = []
    for sentence in body["sentences"]:
        marks = []
        for identity in sentence["citations"]:
            number = numbers.setdefault(identity, len(numbers) + 1)
            marks.append({"id": identity, "number": number, "label": body["citations"][identity]["label"]})
        lead, text = _lead(sentence)
        kind = sentence["kind"] if sentence["kind"] in LABELS else "fact"
        place = ("list",) if sentence["bullet"] else (kind, sentence["paragraph"])
        sentences.append({"lead": lead, "text": text, "marks": marks, "kind": kind, "place": place})
    groups = [_group(list(members), place) for place, members in groupby(sentences, key=lambda s: s["place"])]
    blocks = [
        {"kind": kind, "label": label, "groups": list(members)}
        for (kind, label), members in groupby(groups, key=lambda g: (g["kind"], g["label"]))
    ]
    model = body["model"] if body["model"] != EMBEDDED else ""
    told = {"model": model, "instead_of": body.get("instead_of", "")}
    return {"turn": turn, "blocks": blocks, "struck": body["struck"], **told}


def _group(sentences: list[dict[str, Any]], place: tuple[Any, ...]) -> dict[str, Any]:
    """A paragraph or a list. Its kind is that of its sentences; in a mixed list each item carries its own label."""
    kinds = {sentence["kind"] for sentence in sentences}
    kind = kinds.pop() if len(kinds) == 1 else "fact"
    for sentence in sentences:
        sentence["chip"] = LABELS.get(sentence["kind"], "") if sentence["kind"] != kind else ""
    label = NOT_HERE if sentences[0]["text"].startswith(UNTESTABLE) else LABELS.get(kind, "")
    return {"kind": kind, "label": label, "bullet": place == ("list",), "sentences": sentences}


def _lead(sentence: Mapping[str, Any]) -> tuple[str, str]:
    """The bold lead-in of a list item ("AnonReviewer3:") and the rest."""
    head, colon, rest = sentence["text"].partition(": ")
    if sentence["bullet"] and colon and len(head) <= LONGEST_LEAD and len(head.split()) <= 3:
        return head + ":", rest
    return "", sentence["text"]


# Beside the conversation


def suggestions(texts: Sequence[str]) -> str:
    """Questions to ask next, as buttons."""
    return fill("suggestions", suggestions=texts)


def runs(shown: Sequence[RunView], names: Names | None = None) -> str:
    """The runs of a conversation, newest first."""
    return fill("runs", shown=[card(run, names, "runs") for run in shown])


def decision(stated: Mapping[str, Any] | None) -> str:
    """What the chair has stated."""
    if not stated:
        return fill("decision", decision=None)
    shown = {name: stated.get(name) for name in ("decision", "note", "turn", "notes", "priorities", "judged")}
    for name in ("rating", "confidence"):
        value = stated.get(name)
        shown[name] = f"{value:g}" if isinstance(value, int | float) else value or "not stated"
    return fill("decision", decision=shown)


def edit_note(turn: int | None) -> str:
    """Says that an earlier question is being edited, and lets it be kept."""
    return fill("edit_note", turn=turn)


def top() -> str:
    """The skip link, and on a narrow screen the button that opens the lists."""
    return fill("top")


def notice(message: str = "") -> str:
    """What went wrong, what is kept, what to do; nothing when all is well."""
    return fill("notice", message=message)
