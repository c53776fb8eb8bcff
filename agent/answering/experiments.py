"""Answers about experiments: a verdict in words, what can be tested, which runs there are.

The words are put together from the verdict's fields; nothing is judged here.
"""

from collections.abc import Sequence
from typing import Any

from agent.answering.parts import quote, say, unique, who
from agent.claims import ALTERNATIVES, NotTestable, Plan, understand_claim
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.request import Request
from compression_demo import testbeds


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
            sentences += [run_line(text, result["digest"], paragraph) for paragraph, text in verdict_lines(result)]
    return sentences or [
        say("There is no statement in this conversation yet that could be put to the test: name one.", "abstention")
    ]


def run_line(text: str, digest: str, paragraph: int) -> DraftSentence:
    """A sentence borne by a run."""
    return DraftSentence(text, (), (digest[:12],), "run", paragraph, False, True)


def verdict_lines(result: dict[str, Any]) -> list[tuple[int, str]]:
    """The verdict in words: outcome with effect and interval, scope, what it bears on, where it came from."""
    verdict = result["verdict"]
    lines = [(0, f"{verdict['outcome'].capitalize()}: {verdict['reason']}")]
    if result.get("hypothesis"):
        lines.append((1, f"Tested: {result['hypothesis']}"))
    if result.get("changes"):
        lines.append((1, f"Read into it: {' '.join(result['changes'])}"))
    lines.append((1, f"Scope: {verdict['scope']}"))
    if verdict.get("bears_on"):
        lines.append(
            (
                1,
                f"It bears on this: {verdict['bears_on']}; for the decision it speaks to the direction of that point, not to figures on other nets.",
            )
        )
    if result.get("cached"):
        lines.append((2, "Every number came from the run store; nothing was computed anew."))
    return lines


def not_testable(result: dict[str, Any]) -> list[DraftSentence]:
    """Why not, and what could be run instead."""
    alternatives: Sequence[str] = result.get("alternatives") or ALTERNATIVES
    sentences = [say(f"This cannot be tested here. {result['not_testable']}", "abstention")]
    if alternatives:
        sentences.append(say("What the engine can put to the test:", paragraph=1))
        sentences += [say(f"{text}.", paragraph=1, bullet=True) for text in alternatives]
    return sentences


def declined(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The chair does not want the proposed run."""
    return [say("Not run. The plan is dropped; ask again whenever you like.")]


def testable(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The claims and reviewers' points that the engine can test, with the plan for each; then some that it cannot."""
    file = gathered.file(request.submission)
    points = file.of("review", "relayed", aspects=("weaknesses", "questions")) if file else ()
    claims = [
        h.passage for s in gathered.searched for h in s.hits if h.passage.locator.submission == request.submission
    ]
    claims.sort(key=lambda p: p.locator.start)
    can, cannot = [], []
    for p in unique([*points, *claims]):
        plan = understand_claim(p.text)
        (can if isinstance(plan, Plan) else cannot).append((p, plan))
    sentences: list[DraftSentence] = []
    if can:
        sentences.append(say("These can be put to the test here, as to their direction:"))
        for p, plan in can[:4]:
            assert isinstance(plan, Plan)
            sentences.append(quote(p, lead=who(p)))
            sentences.append(say(f"Plan: {plan_text(plan)}."))
    else:
        sentences.append(
            say(
                "None of the claims or questions on file can be put to the test with the engine's methods.",
                "abstention",
            )
        )
    for p, plan in cannot[:2]:
        if isinstance(plan, NotTestable):
            sentences += [
                quote(p, lead=who(p), paragraph=1),
                say(f"Not here: {plan.reason}", paragraph=1),
            ]
    return sentences


def plan_text(plan: Plan) -> str:
    """An experiment in one line: arms, setting, testbed, seeds."""
    e = plan.experiment
    treatment = next(a for a in e.arms if a.name == e.expectation.treatment)
    net = f"the {testbeds.get(e.testbed).title}"
    return f"{e.expectation.treatment} against {e.expectation.baseline}, {treatment.setting_text()}, on {net}, {len(e.seeds)} seeds"


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
