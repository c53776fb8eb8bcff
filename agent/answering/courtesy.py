"""Words that claim nothing about a paper: greetings, thanks, what this is, which papers there are."""

from agent.answering.parts import say
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.request import Request

WITHOUT_PAPER = {
    "own",
    "triage",
    "compare",
    "thanks",
    "greeting",
    "about",
    "list",
    "runs",
    "verify",
    "consent",
    "decline",
    "offtopic",
}


def thanks(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    if desk.decision and desk.decision.get("decision"):
        return [say(f"You are welcome. Your decision is on file: {desk.decision['decision']}.")]
    return [say("You are welcome. Ask on, or tell me your decision and I will keep it.")]


def greeting(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    paper = desk.paper(request.submission)
    if paper is None:
        return [say("Hello."), *papers_held(request, gathered, desk)]
    return [say(f'Hello. We are on "{paper.title}": ask about its claims, its reviews, or have a claim checked.')]


def about(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    return [
        say("I am Second Opinion, an assistant for meta-reviewers of neural-network compression papers."),
        say(
            "I answer from the paper, the reviews and the discussion, with the passage behind every sentence, and say so when they are silent."
        ),
        say(
            'A claim about pruning or quantization can be put to the test: say "check it" and an experiment runs on this machine.'
        ),
        say(
            "Nothing leaves this machine unless you chose a remote language model; the page then says so.", paragraph=1
        ),
    ]


def papers_held(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    said = []
    if request.unknown_paper:
        said.append(
            say(
                f'I hold no paper titled "{request.unknown_paper}". Bring it with: second-opinion import FILE.',
                "abstention",
            )
        )
    said.append(say("These papers are here:", paragraph=1))
    return said + [say(f"{paper.title} ({paper.id}).", paragraph=1, bullet=True) for paper in desk.papers]


def which_paper(desk: Desk) -> list[DraftSentence]:
    return [say("Which paper do you mean?"), *[say(f"{p.title} ({p.id}).", bullet=True) for p in desk.papers]]


def nothing_found(request: Request) -> DraftSentence:
    return say("The sources hold nothing on this.", "abstention")
