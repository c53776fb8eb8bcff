"""Answers about experiments: a verdict in words, what can be tested, which runs there are.

The words are put together from the verdict's fields; nothing is judged here.
"""

import re
from collections.abc import Sequence
from typing import Any

from agent.answering.parts import FAIR_COVERAGE, coverage, fact, judge, listed, quote, say, unique, who
from agent.claims import ALTERNATIVES, Plan, understand_claim
from agent.cues import CHAT_WORDS, CUE_WORDS, content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.events import UNTESTABLE
from agent.experiment_questions import asks_why
from agent.gathered import Claimed, Gathered
from agent.mentions import without_reviewers
from agent.plan_words import plan_text
from agent.quoting import quoted
from agent.request import Request
from agent.verdict_words import explain, for_the_decision, tell_meaning
from knowledge.types import Passage

MOST_TESTABLE, MOST_REFUSED = 4, 2
SAME_RUN = "This is the same run as before in this conversation: what you name is what it was run with."
POINT_COVERAGE = 0.5
"""How much of a point, as the chair tells it, the reviewer's own words must hold to be shown as that point."""
_TELLING = re.compile(
    r"\b(?:wonder|ask|doubt|question|suspect|claim|think|believe|say|want|matter|cost)(?:s|ed)?\b", re.IGNORECASE
)


def verified(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What became of a claim put to the test: a verdict, a plan that waits, or why it cannot be tested."""
    sentences: list[DraftSentence] = []
    for result in gathered.verifications:
        if "not_testable" in result:
            sentences += not_testable(result)
        elif result.get("state") == "proposed":
            sentences.append(say(f"{result['plan']} It waits for your yes: {result['why_asked']}"))
        elif "text" in result:
            sentences.append(say(result["text"]))
        elif "verdict" in result:
            if any(result["digest"] == run.get("digest") for past in desk.past for run in past.answer.verdicts):
                sentences.append(run_line(SAME_RUN, result["digest"], 0))
            sentences += [run_line(text, result["digest"], paragraph) for paragraph, text in verdict_lines(result)]
            sentences += _point(request, gathered, desk)
    return sentences or [
        say("There is no statement in this conversation yet that could be put to the test: name one.", "abstention")
    ]


def _point(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The reviewer's own words to which a verdict speaks, where the chair names a reviewer and one of their points fits."""
    file = gathered.file(request.submission)
    if file is None or not request.reviewers:
        return []
    said = _TELLING.sub(" ", without_reviewers(request.claim or request.text, desk.paper(request.submission)))
    wanted = " ".join(w for w in content_words(said) if w not in CUE_WORDS | CHAT_WORDS)
    own = [p for name in request.reviewers for p in file.of("review", "comment", "relayed", reviewer=name)]
    closest = max(own, key=lambda p: coverage(wanted, p), default=None)
    if closest is None or coverage(wanted, closest) < POINT_COVERAGE:
        return []
    return [quote(closest, lead=f"The point as it stands on record: {who(closest)}", paragraph=1, bullet=False)]


def run_line(text: str, digest: str, paragraph: int) -> DraftSentence:
    """A sentence borne by a run."""
    return DraftSentence(text, (), (digest[:12],), "run", paragraph, False, True)


def verdict_lines(result: dict[str, Any]) -> list[tuple[int, str]]:
    """What the verdict means, beside its card, which has the numbers, the settings around, the scope and the plan."""
    first, *more = tell_meaning(result)
    return [(0, first), *((1, line) for line in more)]


def not_testable(result: dict[str, Any]) -> list[DraftSentence]:
    """Why not, and what could be run instead."""
    alternatives: Sequence[str] = result.get("alternatives") or ALTERNATIVES
    sentences = [say(f"{UNTESTABLE} {result['not_testable']}", "abstention")]
    if alternatives:
        sentences.append(say("What the engine can put to the test:", paragraph=1))
        sentences += [say(f"{text}.", paragraph=1, bullet=True) for text in alternatives]
    return sentences


def declined(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The chair does not want the proposed run."""
    return [say("Not run. The plan is dropped; ask again whenever you like.")]


def testable(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The claims and reviewers' points that the engine can test, with the plan for each; then some that it cannot, and why."""
    if request.topic:
        return _testable_on(request, gathered)
    can, cannot = _sorted_out(request, gathered)
    shown, refused = can[:MOST_TESTABLE], cannot[:MOST_REFUSED]
    if not can:
        among = (
            f"the points of {listed(request.reviewers)}"
            if request.reviewers
            else "the claims and the reviewers' points"
        )
        text = f"I find nothing among {among} that can be tested with the engine's methods, not even in its direction."
        lines = [judge(text, *[p for _, p in refused])]
    else:
        lines = [judge("I can put these to the test here, as to their direction:", *[p for _, p in shown])]
    for claimed, p in shown:
        lines += [_quoted(claimed, p), say(f"Plan: {claimed.plan}.")]
    for claimed, p in refused:
        lines += [_quoted(claimed, p, paragraph=1), say(f"Not here: {claimed.reason}", paragraph=1)]
    if len(can) > len(shown):
        left = len(can) - len(shown)
        lines.append(say(f"{left} more can be tested: say “more” to see them.", paragraph=2))
    return lines


def _sorted_out(
    request: Request, gathered: Gathered
) -> tuple[list[tuple[Claimed, Passage]], list[tuple[Claimed, Passage]]]:
    """What can be put to the test and what not, with its passage: reviewers' words first, then the paper's claims."""
    surveyed = gathered.survey(request.submission)
    if surveyed is None:
        return [], []
    held = {p.id: p for p in surveyed.passages}
    found = [(claimed, held[claimed.passage]) for claimed in surveyed.claims if claimed.passage in held]
    if request.reviewers:
        found = [(claimed, p) for claimed, p in found if p.reviewer in request.reviewers]
    return [pair for pair in found if pair[0].plan], [pair for pair in found if not pair[0].plan]


def _quoted(claimed: Claimed, passage: Passage, paragraph: int = 0) -> DraftSentence:
    """The sentence as a bullet, introduced by who said it; of a record in quotation marks."""
    words = " ".join(claimed.sentence.split())
    told = quoted(words, passage) if passage.origin == "record" else words
    return fact(who(passage) + told, passage, paragraph=paragraph, bullet=True)


def _testable_on(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """Whether the claim on one topic can be put to the test."""
    can, cannot = _sorted_out(request, gathered)
    hits = [h.passage for s in gathered.searched for h in s.hits]
    fitting = [(claimed, p) for claimed, p in can if coverage(request.topic, p) >= FAIR_COVERAGE]
    if fitting:
        claimed, p = max(fitting, key=lambda pair: coverage(request.topic, pair[0].sentence))
        return [
            judge("I can put that to the test here, as to its direction:", p),
            _quoted(claimed, p),
            say(f"Plan: {claimed.plan}."),
        ]
    asked = understand_claim(request.claim or request.text)
    if isinstance(asked, Plan):
        return [judge(f"I can put that to the test here, as to its direction. Plan: {plan_text(asked.experiment)}.")]
    lines = not_testable({"not_testable": asked.reason})
    near = [p for p in unique([*(p for _, p in cannot), *hits]) if coverage(request.topic, p) >= FAIR_COVERAGE]
    return lines + [quote(p, lead=who(p), topic=request.topic, paragraph=2) for p in near[:2]]


def bearing(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the last run means for the paper: what it compared, on which net, and what it leaves open."""
    run = next((v for past in reversed(desk.past) for v in past.answer.verdicts[::-1]), None)
    if run is None:
        return [say("No experiment was run in this conversation yet, so there is nothing to read from one.")]
    digest, verdict = run["digest"], run["verdict"]
    if asks_why(request.text):
        return [run_line(text, digest, paragraph) for paragraph, text in enumerate(explain(run))]
    what = f"I would read it as a direction only, not as a statement about the paper's own method, nets or figures: {run['hypothesis']} {verdict['outcome'].capitalize()}."
    lines = [run_line(what, digest, 0), run_line(f"Scope: {verdict['scope']}", digest, 0)]
    if verdict.get("bears_on"):
        lines.append(
            run_line(
                f"It was run on this: {verdict['bears_on']}; what else the concern says is left open by it.", digest, 1
            )
        )
    lines.append(run_line(for_the_decision(run), digest, 1))
    return lines


def runs(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The runs of this conversation with their verdicts."""
    if not gathered.runs:
        return [say('No experiment was run in this conversation yet. Say "check it" after a claim to start one.')]
    sentences = []
    for run in gathered.runs:
        if run.get("verdict"):
            text = f"{run['claim']} - {run['verdict']['outcome']}: {run['verdict']['reason']}"
            sentences.append(DraftSentence(text, (), (run["digest"][:12],), "run", 0, True, True))
        else:
            sentences.append(say(f"{run['claim']} - {run['state']}.", bullet=True))
    return sentences
