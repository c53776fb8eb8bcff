"""Several submissions side by side: by what the message asks for, else scores, main concern, and what is open."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.answering import papers
from agent.answering.decisions import name_of
from agent.answering.measured_papers import figures_of_one, measured_in
from agent.answering.own_decision import priorities_of
from agent.answering.parts import fact, judge, listed, quote, say
from agent.answering.points import names_of, passages_of, point_line
from agent.answering.recommending import concern_lines
from agent.answering.record import reviewers
from agent.answering.review_faults import specific
from agent.answering.scores import ScoreLine, score, scores_passage
from agent.answering.weighing import CLOSE, Weighing, weigh
from agent.desk import Desk, Paper
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.number_words import in_words
from agent.request import Request
from knowledge.types import Passage

_SCORES = re.compile(r"\b(?:ratings?|scores?|rated|confiden\w+|grades?)\b", re.IGNORECASE)
_DECISION = re.compile(r"\b(?:decisions?|rejected|accepted|outcome|reasons?)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:about|idea|problem|contribut\w+|propos\w+|claims?)\b|\bwhat (?:do(?:es)?|did) (?:each|they|both|either|the (?:two|papers))\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:unanswered|open|unsettled|unresolved|outstanding|left standing|problems?|worse|worst|critici\w+|concerns?|weak\w*|objections?)\b",
    re.IGNORECASE,
)
_BETTER = re.compile(
    r"\b(?:better|stronger|prefer|rather|worse|worst|weaker|first|which|wins?|winner|ahead|beats?)\b", re.IGNORECASE
)
Writer = Callable[[Request, Gathered, Desk, ReviewFile | None], list[DraftSentence]]


def compare(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """One paragraph a submission, and what follows from the comparison before or after."""
    chosen = [p for p in (desk.paper(s) for s in request.submissions) if p is not None]
    if len(chosen) < 2:
        chosen = list(desk.papers)
    files = {p.id: gathered.file(p.id) for p in chosen}
    write, conclude = _asked(request)
    lines = conclude(chosen, files, desk)
    start = 1 if lines else 0
    for paragraph, paper in enumerate(chosen, start):
        one = replace(request, submissions=(paper.id,))
        lines.append(say(f"{paper.title}:", paragraph=paragraph))
        lines += [_at(s, paragraph) for s in write(one, gathered, desk, files[paper.id])]
    return lines


Conclusion = Callable[[Sequence[Paper], dict[str, ReviewFile | None], Desk], list[DraftSentence]]


def _asked(request: Request) -> tuple[Writer, Conclusion]:
    """What of each paper is told, and what is concluded."""
    text = request.text
    if _SCORES.search(text):
        return _score_lines, _nothing
    if _DECISION.search(text):
        return _decision_lines, _shared_reasons
    if _OPEN.search(text):
        return _open_lines, _worse
    if measured_in(request.text):
        return figures_of_one, _not_the_same
    if request.topic and not re.search(r"\bcompare\b|side by side|about", text, re.IGNORECASE):
        return _on_topic, _not_the_same if _BETTER.search(text) else _nothing
    if _ABOUT.search(text):
        return _about, _nothing
    return _all_lines, _better


def _score_lines(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    if file is None or not file.of("review"):
        return [say("No review is on record, so there is no rating.", "abstention")]
    held = {n: scores_passage(file, n) for n in reviewers(file)}
    scored = {n: p for n, p in held.items() if p is not None}
    lines = [fact("; ".join(_short_scores(n, p) for n, p in scored.items()) + ".", *scored.values())] if scored else []
    unscored = [n for n in held if n not in scored]
    return lines + ([say(f"No score by {listed(unscored)} is on record.", "abstention")] if unscored else [])


def _short_scores(name: str, held: Passage) -> str:
    """ "AnonReviewer1 rates it 4, with confidence 3": the numbers alone, or the words where the record has only those."""
    rating, sure = score(held, "Rating"), score(held, "Confidence")
    told = f"{name} rates it {_value(rating)}" if rating else f"{name} gives no rating"
    return f"{told}, with confidence {_value(sure)}" if sure else told


def _value(line: ScoreLine) -> str:
    return f"{line.number:g}" if line.number is not None else line.words


def _decision_lines(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    held = (*file.of("decision")[:1], *file.of("meta-review")[:4]) if file else ()
    return [quote(p) for p in held] or [say("No decision is on record.", "abstention")]


def _shared_reasons(chosen: Sequence[Paper], files: dict[str, ReviewFile | None], desk: Desk) -> list[DraftSentence]:
    """Which themes the reviewers' main concerns have in common."""
    weighed = [(f, weigh(f)) for p in chosen if (f := files[p.id]) is not None and f.of("review")]
    if len(weighed) < 2:
        return []
    shared = set.intersection(*({c.theme for c in w.concerns} for _, w in weighed))
    told = [
        (f, c)
        for f, w in weighed
        for c in (w.concerns[:1] if not shared else w.concerns)
        if not shared or c.theme in shared
    ]
    passages = [p for f, c in told for p in passages_of(f, c.points[:1])]
    if not shared:
        return [judge("No: the main concerns of the reviewers are not the same.", *passages)]
    text = f"In part: the concerns of the reviewers meet on {listed(sorted(shared))}; beyond that each has its own."
    return [judge(text, *passages)]


def _open_lines(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    if file is None or not file.of("review"):
        return [say("No review is on record.", "abstention")]
    concerns = [c for c in weigh(file, priorities_of(desk.decision)).concerns if c.state not in ("settled", "answered")]
    if not concerns:
        return [judge("No main concern of the reviewers is left without an answer.", *file.of("review")[:1])]
    return [line for c in concerns[:2] for line in concern_lines(file, c, 0)]


def _worse(chosen: Sequence[Paper], files: dict[str, ReviewFile | None], desk: Desk) -> list[DraftSentence]:
    """Which paper has the heavier concern open."""
    found = []
    for paper in chosen:
        file = files[paper.id]
        if file is None or not file.of("review"):
            continue
        concerns = [c for c in weigh(file).concerns if c.state not in ("settled", "answered")]
        found += [(sum(c.weight for c in concerns), paper, file, concerns)] if concerns else []
    if not found:
        return []
    _, paper, file, concerns = max(found, key=lambda row: row[0])
    text = f"{name_of(paper)}, as I weigh it: what is unsettled there is held by {names_of(concerns[0].points)}, on {concerns[0].theme}."
    return [judge(text, *passages_of(file, concerns[0].points))]


def _on_topic(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    """What the paper and its discussion say on the topic, else what is nearest to it."""
    lines = papers.lookup(request, gathered, desk)
    if lines[0].kind == "abstention" and len(lines) > 1:
        return [say("Nothing speaks of just that; nearest to it:"), *lines[2:4]]
    return lines[:3]


def _not_the_same(chosen: Sequence[Paper], files: dict[str, ReviewFile | None], desk: Desk) -> list[DraftSentence]:
    """A warning before figures of several papers stand side by side."""
    return [
        judge(
            "I would not rank the papers by these alone: whether model, data and setting are the same has to be read from each."
        )
    ]


def _about(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    return papers.section("summary")(replace(request, topic="", query=""), gathered, desk)[:3]


def _all_lines(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    """Scores, the heaviest concern with what became of it, and the clearest merit."""
    if file is None or not file.of("review"):
        return _about(request, gathered, desk, file)
    weighing = weigh(file, priorities_of(desk.decision))
    lines = _score_lines(request, gathered, desk, file)
    lines += [line for c in weighing.concerns[:1] for line in concern_lines(file, c, 0)]
    best = [sorted(points, key=lambda p: not specific(p.text))[:1] for points in list(weighing.merits.values())[:1]]
    return lines + [point_line(file, p) for points in best for p in points]


def _better(chosen: Sequence[Paper], files: dict[str, ReviewFile | None], desk: Desk) -> list[DraftSentence]:
    """Which paper stands better as weighed; nothing where it cannot be told."""
    weighed: list[tuple[Paper, Weighing]] = [
        (p, weigh(f)) for p in chosen if (f := files[p.id]) is not None and f.of("review")
    ]
    if len(weighed) < 2:
        return []
    ordered = sorted(weighed, key=lambda row: -row[1].odds)
    (best, first), (worst, last) = ordered[0], ordered[-1]
    support = [s.passage for w in (first, last) for s in w.stances]
    how = "slightly better" if abs(first.odds - last.odds) < CLOSE else "better"
    text = f"{name_of(best)} stands {how} than {name_of(worst)}, as I weigh what the reviewers wrote: {_standing(best, first)}; {_standing(worst, last)}."
    return [judge(text, *support)]


def _standing(paper: Paper, weighing: Weighing) -> str:
    """How a paper stands: the lean, and how many reviewers are on either side."""
    pro, con = (sum(s.grade * side > 0 for s in weighing.stances) for side in (1, -1))
    lean = {"accept": "I lean to accept", "reject": "I lean to reject", "undecided": "it is undecided"}[weighing.lean]
    if not pro + con:
        return f"{name_of(paper)}, without a score on record: {lean}"
    sides = [f"{in_words(n)} {word}" for n, word in ((pro, "for it"), (con, "against it")) if n]
    return f"{name_of(paper)} has {' and '.join(sides)}, and {lean}"


def _nothing(chosen: Sequence[Paper], files: dict[str, ReviewFile | None], desk: Desk) -> list[DraftSentence]:
    return []


def _at(line: DraftSentence, paragraph: int) -> DraftSentence:
    return DraftSentence(line.text, line.passages, line.runs, line.kind, paragraph, line.bullet, True)
