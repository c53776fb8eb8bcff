"""Words that claim nothing about a paper: greetings, thanks, what this is, which papers there are."""

import re

from agent.answering.parts import say
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.plain_words import AS_SOMEBODY
from agent.request import Request

WITHOUT_PAPER = {
    "own", "triage", "compare", "thanks", "greeting", "about", "list", "runs", "bearing", "verify", "consent", "decline",
    "offtopic",
}  # fmt: skip


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
    """What this is, by what is asked about it: how verdicts come about, where text goes, how it decides, its limits."""
    chosen = [lines for pattern, lines in _ABOUT if pattern.search(request.text)] or [_WHAT, _DATA]
    return [say(text, paragraph=n) for n, lines in enumerate(chosen) for text in lines]


_WHAT = (
    "I am Second Opinion, an assistant for meta-reviewers of neural-network compression papers.",
    "I answer from the paper, the reviews and the discussion, with the passage behind every sentence, and say so when they are silent.",
    'A claim about pruning or quantization can be put to the test: say "check it" and an experiment runs on this machine.',
)
_DATA = (
    "What you import stays on this machine, in the data folder: it is read into passages with an index, and nothing is sent anywhere.",
    "Only if you chose a remote language model are questions and the passages found for them sent to it; the page then says so.",
)
_MODEL = (
    "No language model takes part by default: an embedded program finds passages, selects and arranges them, and every sentence is held against the passages that it cites.",
    "Another chat model can take its place if you choose one; what it writes goes through the same checks.",
)
_VERDICTS = (
    "Nobody words a verdict at will: it is computed from the run by plain statistics, the effect between paired seeds with its interval.",
    "It is supported or contradicted where the interval leaves no doubt, else inconclusive, and it holds for its small testbed only; no language model decides it.",
)
_DECIDING = (
    "A lean comes from what the reviewers wrote: their ratings by degree and confidence, as far as their reasons stand after the discussion, and your own priorities.",
    "The same record gives the same lean; it changes when you state something new, and then I say why. The decision is yours and I never overwrite it.",
)
_LIMITS = (
    "I cannot look anything up outside the papers on your desk, and I cannot judge what no source says.",
    "Runs are small: they test the direction of a claim on pruning or quantization of small nets, never figures on ImageNet, storage ratios or speed on other hardware.",
)
_ABOUT = tuple(
    (re.compile(pattern, re.IGNORECASE), lines)
    for pattern, lines in (
        (r"\bverdicts?\b|\boutcomes?\b|\bsupported\b|\bcontradicted\b|\bexperiments?\b", _VERDICTS),
        (r"\bgpt|chat ?gpt|\bllm|\bai\b|\bmodel\b|\bbot\b|\bhuman\b|\bperson\b|\bmachine\b(?! learning)", _MODEL),
        (r"\bpdfs?\b|\bpapers? go\b|\bservers?\b|\bcloud\b|\binternet\b|\bupload\w*|\bsen[dt]\b|\bleaves?\b|\bstor(?:e|ed|es|ing)\b|\bsafe\b|\bshare\w*|\bprivate\b|\bconfidential\w*|\bdata\b|\bfiles?\b|\btrain\b|\bdo with\b|\bgo to\b", _DATA),
        (r"\bhow\b.{0,30}\b(?:decide|weigh|judge|lean|recommend\w*|come to|arrive|reach)|\btrust you\b", _DECIDING),
        (r"\b(?:can't|cannot|can you not|not do|limits|limitations|weaknesses|trust)\b", _LIMITS),
        (r"\bwho (?:are|made|built|wrote) you\b|\bwhat (?:are you|can you do|do you do\b(?! with))", _WHAT),
    )
)  # fmt: skip


def offtopic(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    if AS_SOMEBODY.search(request.text):
        return [
            say(
                "I would rather stay myself and not write as an author or a reviewer, but I gladly tell you what they wrote."
            )
        ]
    return [say("That I cannot help with: I know only the papers on your desk, their reviews, and small experiments.")]


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
