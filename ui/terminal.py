"""How things look in a terminal, and the JSON that its commands print. Pure, but for `Status`."""

import sys
import textwrap
from dataclasses import asdict
from typing import Any

from agent.claim_settings import figures_in
from agent.events import Answer, ExperimentProposed, RunProgress
from agent.history import WaitingRun
from agent.plan_words import tell_around
from compression_demo.types import Experiment, RunResult, Verdict
from knowledge.types import Hit, Score, Submission

WIDTH = 100
_LABELS = {"judgement": "Judgement: ", "abstention": "", "run": "", "fact": "", "finding": "", "smalltalk": ""}
_CITATION_KEYS = (
    "passage_id", "submission", "document", "kind", "reviewer", "section", "page", "start", "end", "quote", "text",
)  # fmt: skip


class Status:
    """One line on stderr that tells what is going on; silent when asked or when nobody watches."""

    def __init__(self, quiet: bool = False) -> None:
        self._live = not quiet and sys.stderr.isatty()
        self._quiet = quiet

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._live:
            print(f"\r\033[K{text[: WIDTH - 2]}", end="", file=sys.stderr, flush=True)

    def line(self, text: str) -> None:
        """A line that stays."""
        self.clear()
        if not self._quiet:
            print(text, file=sys.stderr, flush=True)

    def progress(self, event: RunProgress) -> None:
        """The progress of a run."""
        left = f", {event.left_s:.0f} s left" if event.left_s is not None else ""
        self.show(f"{event.fraction:4.0%} {event.message}{left}")

    def progress_of(self, event: dict[str, Any]) -> None:
        """The same from a run's own event."""
        self.progress(RunProgress("", event.get("fraction") or 0.0, event.get("message") or "", event.get("left_s")))

    def clear(self) -> None:
        """Empty the line."""
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def scores(submission: Submission) -> str:
    """Ratings with confidences: "4 (3) 5 (4) 5 (4)", or that none is on record."""
    found = [
        (f"{r.rating.value:g}" if r.rating.value is not None else r.rating.label)
        + (f" ({r.confidence.value:g})" if r.confidence and r.confidence.value is not None else "")
        for r in submission.reviews
        if r.rating and (r.rating.value is not None or r.rating.label)
    ]
    return " ".join(found) or "no scores"


def submission(found: Submission) -> str:
    """A submission as text: head, reviews, documents with their length."""
    lines = [found.title, f"{found.venue}; decision: {found.decision or 'none on record'}; {found.record}", ""]
    for r in found.reviews:
        parts = [
            f"{name} {'' if score.value is None else f'{score.value:g} '}{score.label}".strip()
            for name, score in (("rating", r.rating), ("confidence", r.confidence))
            if score and (score.value is not None or score.label)
        ]
        also = f" ({', '.join(r.aliases)})" if r.aliases else ""
        lines.append(f"{r.reviewer}{also}: {', '.join(parts) or 'no score on record'}")
    for f in found.findings:
        gap = f.kind == "unread"
        lines.append(f"Incomplete, {f.where}: {f.text}" if gap else f"Kept apart ({f.kind}, {f.where}): {f.text}")
    for d in found.documents:
        lines += ["", f"== {d.kind}: {d.title} [{d.id}] ({d.origin}) ==", d.text]
    return "\n".join(lines)


def submission_json(found: Submission) -> dict[str, Any]:
    """The JSON of `show`."""
    return {
        "id": found.id,
        "title": found.title,
        "venue": found.venue,
        "authors": list(found.authors),
        "documents": [
            {
                "id": d.id,
                "kind": d.kind.replace("-", "_"),
                "signature": d.author,
                "reply_to": d.reply_to,
                "title": d.title,
                "origin": d.origin,
                "source": d.source,
                "date": d.date,
                "text": d.text,
                "sections": [{"name": s.title, "start": s.start, "end": s.end} for s in d.sections],
                "pages": list(d.pages),
            }
            for d in found.documents
        ],
        "reviews": [
            {
                "document": r.document,
                "reviewer": r.reviewer,
                "rating": score_json(r.rating),
                "confidence": score_json(r.confidence),
                "scores": {name: score_json(score) for name, score in r.other_scores},
                "aliases": list(r.aliases),
            }
            for r in found.reviews
        ],
        "decision": found.decision,
        "record": found.record,
        "integrity": [{"kind": f.kind, "where": f.where, "text": f.text} for f in found.findings],
    }


def score_json(score: Score | None) -> dict[str, Any] | None:
    """A score with its label and its scale as [lowest, highest]; null where it is not known."""
    if score is None:
        return None
    scale = [score.low, score.high] if score.low is not None and score.high is not None else None
    return {"value": score.value, "label": score.label, "scale": scale}


def hit(found: Hit) -> str:
    """A passage as search finds it: score, place, words."""
    place = found.passage.locator
    head = f"{found.score:.4f}  {place.submission}, {found.passage.label()} [{place.start}:{place.end}]"
    return f"{head}\n{textwrap.fill(found.passage.text, WIDTH, initial_indent='    ', subsequent_indent='    ')}"


def hit_json(found: Hit) -> dict[str, Any]:
    """The JSON of one passage of `search`."""
    passage = found.passage
    return {
        "passage_id": passage.id,
        "score": found.score,
        "label": passage.label(),
        "kind": passage.kind.replace("-", "_"),
        "reviewer": passage.reviewer,
        "locator": asdict(passage.locator),
        "text": passage.text,
    }


def answer(found: Answer, conversation: str, waits: tuple[WaitingRun, ...] = ()) -> str:
    """An answer with citation marks and the passages behind them."""
    lines: list[str] = [found.instead_of, ""] if found.instead_of else []
    paragraph = None
    for s in found.sentences:
        marks = "".join(f"[{key[1:]}]" for key in s.citations)
        text = f"{_LABELS[s.kind]}{s.text}{' ' + marks if marks else ''}"
        if paragraph is not None and s.paragraph != paragraph:
            lines.append("")
        if s.bullet or paragraph is None or s.paragraph != paragraph:
            lines.append(("- " if s.bullet else "") + text)
        else:
            lines[-1] += " " + text
        paragraph = s.paragraph
    shown = [textwrap.fill(line, WIDTH, subsequent_indent="  " if line.startswith("- ") else "") for line in lines]
    if found.citations:
        shown.append("")
        shown += [
            textwrap.fill(f"[{key[1:]}] {c.label}: {c.quote}", WIDTH, subsequent_indent="    ")
            for key, c in found.citations.items()
        ]
    shown += [f"Removed: {reason}" for reason in found.struck]
    shown += [f"Waits for your yes: {run.claim}" for run in waits if run.state == "proposed"]
    return "\n".join([*shown, "", f"(conversation {conversation}, model {found.model})"])


def answer_json(found: Answer, conversation: str) -> dict[str, Any]:
    """The JSON of `ask`."""
    return {
        "answer": found.text,
        "sentences": [{"text": s.text, "citations": list(s.citations), "kind": s.kind} for s in found.sentences],
        "citations": {
            key: {**{k: v for k, v in asdict(c).items() if k in _CITATION_KEYS}, "label": c.label, "caveat": c.caveat}
            for key, c in found.citations.items()
        },
        "verdicts": [
            {"claim": v["claim"], **v["verdict"], "cached": v["cached"], "rows": v["rows"]} for v in found.verdicts
        ],
        "abstained": found.abstained,
        "struck": list(found.struck),
        "model": found.model,
        "instead_of": found.instead_of,
        "conversation": conversation,
    }


def verification_json(
    claim: str, outcome: tuple[Experiment, RunResult, Verdict], cached: bool, hypothesis: str
) -> dict[str, Any]:
    """The JSON of `verify`."""
    experiment, result, verdict = outcome
    return {
        "claim": claim,
        "hypothesis": hypothesis,
        "experiment": {**experiment.to_json(), "digest": experiment.digest},
        "verdict": verdict.to_json(),
        "around": tell_around(experiment, result) if result.rows else [],
        "stated": figures_in(claim),
        "rows": result.to_json()["rows"],
        "cached": cached,
    }


def verdict(found: dict[str, Any]) -> str:
    """A verdict with its table: one row an arm, one column a seed."""
    v = found["verdict"]
    metric = found["experiment"]["expectation"]["metric"]
    lines = [f"{v['outcome'].upper()}: {v['reason']}"]
    lines += [f"Tested: {found['hypothesis']}"] if found["hypothesis"] else []
    lines += [f"At a neighbouring setting: {line}" for line in found.get("around", ())]
    lines += [f"The claim's own figures: {', '.join(found['stated'])}"] if found.get("stated") else []
    lines += [f"Scope: {v['scope']}", *([f"Bears on: {v['bears_on']}"] if v["bears_on"] else []), ""]
    rows = [r for r in found["rows"] if r["metric"] == metric]
    seeds = sorted({r["seed"] for r in rows})
    lines.append(f"{metric.replace('_', ' '):42}" + "".join(f"{f'seed {s}':>9}" for s in seeds) + f"{'mean':>9}")
    for arm in dict.fromkeys(r["arm"] for r in rows):
        values = {r["seed"]: r["value"] for r in rows if r["arm"] == arm}
        setting = next(r["setting"] for r in rows if r["arm"] == arm)
        mean = sum(values.values()) / len(values)
        cells = "".join(f"{values[s]:9.2f}" if s in values else f"{'-':>9}" for s in seeds)
        lines.append(f"{f'{arm} ({setting})':42}{cells}{mean:9.2f}")
    from agent.tools.verify import describe  # brings the agent's framework, which other commands do without

    stored = " (from the run store)" if found["cached"] else ""
    settings = describe(Experiment.from_json(found["experiment"]))
    run = f"run {v['digest'][:12]}{stored} on {found['experiment']['testbed']}: {settings}"
    return "\n".join([*lines, "", run])


def proposal(event: ExperimentProposed) -> str:
    """A plan before it runs."""
    from agent.tools.verify import describe  # as above

    time = "from the run store" if event.cached else f"about {event.estimate_s:.0f} s"
    return "\n".join([describe(Experiment.from_json(event.experiment)), *event.changes, f"({time})"])


def run_list(found: list[dict[str, Any]]) -> str:
    """One line a run; of one that waits, in brackets how many are before it."""
    lines = []
    for r in found:
        state = r["verdict"]["outcome"] if "verdict" in r else r["state"]
        waits = f" ({r['ahead']})" if "ahead" in r else ""
        lines.append(f"{r['digest'][:12]}  {state + waits:13} {r['claim']}")
    return "\n".join(lines) or 'No runs yet. Start one with: second-opinion verify "a claim"'
