"""A message and the desk -> what is being asked, as a typed Request. Pure but for the reader that it is
given: no search, no clock.

What is named is found by `mentions`, what is asked by a fitted reader, what is left to the conversation by
`references`; a yes, a no and "tell me more" are read here. A message of which nothing is read is a `lookup`: searched
for, and answered or honestly not found.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.after_a_lean import after_a_lean, with_the_lean
from agent.asked_figures import wants_no_run
from agent.chair_questions import OVER_PAPERS, chair_question, names_what_to_compare
from agent.claims import Plan, understand_claim
from agent.cues import CHAT_WORDS, Intent, content_words
from agent.descriptions import name_described
from agent.desk import Desk, Paper, PastTurn
from agent.events import Answer
from agent.experiment_questions import asks_for_any, asks_why, experiment_question
from agent.intents import (
    ASKS_REACTION,
    BACKWARD,
    TALK,
    asking_sentences,
    asks,
    own_words,
    sentences_of,
    settle,
    topic_of,
)
from agent.leading import takes_side
from agent.mentions import (
    find_papers,
    find_reviewers,
    find_unknown_reviewer,
    find_unknown_title,
    with_reviewers_alike,
    without_reviewers,
)
from agent.metareview.asking import wanted_in
from agent.parallel import sets_together
from agent.plain_words import plainly_asked
from agent.questions import questions_of
from agent.references import asked_before, is_elliptic, names_only, refer_back
from agent.request import Request
from agent.stated import StatedDecision
from agent.statements import find_statement, with_points_told
from agent.told_figures import sets_told_against
from agent.unsure import answer_to_offer, leaves_open, unsure_decision

_MORE = re.compile(
    r"^\W*(?:h+m+[,. ]*)?(?:(?:can|could) you )?(?:please )?(?:elaborate|(?:tell|give|show) me more|more|go on|continue|explain (?:that|this|further)|why (?:do|does|did) (?:he|she|they|the reviewer) (?:think|say|believe) (?:so|that|this)|say more|"
    r"expand|why(?: is that| so)?|in more detail|anything else|what else)(?: (?:on|about) (?:that|this|it))?\W*$",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|sure|ok(?:ay)?|please do|please|go ahead|do (?:it|so)|run (?:it|that|the experiment)|start(?: it)?|proceed|confirmed|now)[\s,.!]*)+$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:(?:no|nope|not now|don'?t(?: run (?:it|that))?|cancel(?: it| that)?|never mind|skip (?:it|that)|drop (?:it|that)|stop|thanks|thank you|please)[\s,.!]*)+$",
    re.IGNORECASE,
)
_COMPARE_PAPERS = re.compile(
    r"\b(compare|versus|vs\.?|both papers|which of (?:the|these) (?:papers|two))\b", re.IGNORECASE
)
_COMMAND = re.compile(
    r"^(?:please |can you |could you |would you |now |then )*(?:verify|check|test|confirm|double-?check|prove|find out)(?: that| whether| if|:)?\s+|^is it (?:really )?true that\s+|\b(?:please )?(?:check|verify|test) (?:it|this|that)\b[.!]?$",
    re.IGNORECASE,
)
_ABOUT_TOPIC = re.compile(
    r"\b(about|regarding|concerning|on) (?!(?:the|this|that|it) ?(?:paper|submission|work)?\W*$)\w", re.IGNORECASE
)
_MINE = re.compile(
    r"\bmy (?:own )?(?:worry|worries|concerns?|priorit(?:y|ies)|criterion|point|objection|condition|doubts?)\b",
    re.IGNORECASE,
)
_OF_A_SETTING = re.compile(
    r"\d\s?[:%x/]|\d\.\d|\d ?-?(?:bits?|percent|times|epochs?)\b|\b[IV]{2,}\b|\b\d{3,}\b", re.IGNORECASE
)
"""A number that is a setting or a measure, and nobody's score: "2:4", "3 bits"."""
_ASKS_REASON = re.compile(r"\bwhy\b|\bhow come\b|\breasons?\b|\bwhat for\b", re.IGNORECASE)
_WHO_IS_RIGHT = re.compile(
    r"\bwho(?:['’]?s| is| of (?:them|the two|these) is)? (?:is )?(?:in the )?right\b|\bwhich (?:of them|one)(?: is|['’]s) right\b|\bboth be right\b|\bwho has (?:the (?:better|stronger) (?:case|argument)|a point)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\W*(?:(?:then|and|now|also|please|next)\b\W*)*(?:tell|show|list|give me|explain|name)\b", re.IGNORECASE
)
_THIS_PAPER = re.compile(r"\b(this|current)( (paper|one|submission))?\b|\bit\b", re.IGNORECASE)

OF_FIGURES: tuple[Intent, ...] = ("lookup", "evaluation", "difference", "baselines", "method", "testable")
"""Intents that may be about a bare number."""
STORY = 30
"""Words from which on a message is searched for with its asking sentences alone."""
OF_A_REVIEWER = ("difference", "response", "open", "quality", "scores", "recommendation", "disagreement", "who")
"""Intents that are answered as such, and not by that reviewer's review, where a reviewer is named."""
LEADS_ASTRAY: frozenset[Intent] = frozenset(("quality", "who", "disagreement", "response", "lookup", "weights"))
"""What a leading question on one reviewer ("R1 criticises the writing, doesn't she?") may be misread for."""
ANSWERED_WHOLE: tuple[Intent, ...] = (
    "verify", "testable", "runs", "bearing", "consent", "decline", "metareview", "structured", "triage", "compare", "list", "state", "integrity",
)  # fmt: skip
"""What a message with one of these asks beside is answered with it or left."""
Read = Callable[[str, Sequence[Intent]], tuple[Intent, ...]]
"""Reads what a message asks for, by its words and what was asked before: `agent.reader.Reader.read`."""


def understand(message: str, desk: Desk, read: Read) -> Request:
    """What `message` asks, given what is on the desk; of one that asks several things, each of them."""
    whole = _after(_understand_one(message, desk, read), desk)
    parts = _questions(whole, desk, read)
    if not parts:
        return whole
    intents = tuple(dict.fromkeys(intent for part in parts for intent in part.intents))
    return replace(parts[-1], text=whole.text, intents=intents, parts=parts)


def _after(request: Request, desk: Desk) -> Request:
    """The request with the questions that it may go on from."""
    return replace(request, after=asked_before(desk, request.submission))


def _questions(whole: Request, desk: Desk, read: Read) -> tuple[Request, ...]:
    """The questions of a message as requests, each read after the one before it; none where it asks but one thing."""
    asked = questions_of(whole.text)
    apart = set(whole.intents) & set(ANSWERED_WHOLE) or whole.stated or whole.unknown_paper or whole.more
    if len(asked) < 2 or apart or len(whole.submissions) > 1 or sets_together(whole.text):
        return ()
    found: list[Request] = []
    # "On X, who stands where, and why is Reviewer 1 worried?" is all on X.
    desk = replace(desk, current=whole.submission)
    for text in asked:
        part = _after(_understand_one(text, desk, read), desk)
        if set(part.intents) & set(ANSWERED_WHOLE) or part.stated or part.submission != whole.submission:
            return ()
        if found and BACKWARD.search(text) and (subject := found[-1].topic or found[-1].context):
            part = replace(part, context=subject, query=f"{part.query or text} {subject}")
        found.append(part)
        desk = replace(desk, past=(*desk.past, PastTurn(0, text, part.to_json(), Answer(()))))
    kept = [part for part in found if not set(part.intents) <= set(TALK)]
    same = len({(part.intents, part.reviewers, part.unknown_reviewer) for part in kept}) < 2
    return () if same else tuple(kept)


def _understand_one(message: str, desk: Desk, read: Read) -> Request:
    """What a message asks, read as one question."""
    text = " ".join(message.split())
    if (answered := answer_to_offer(text, desk)) is not None:
        return answered
    if desk.proposal is not None and _YES.search(text):
        return Request(text, ("consent",), (desk.current,) if desk.current else (), claim=desk.proposal.claim)
    if desk.proposal is not None and _NO.search(text):
        return Request(text, ("decline",), (desk.current,) if desk.current else ())
    named, bare = find_papers(text, desk, to_test="verify" in read(with_reviewers_alike(text, None), ()))
    unknown = None if named else find_unknown_title(text)
    submissions = named or ((desk.current,) if desk.current else ())
    if _COMPARE_PAPERS.search(text) and len(named) == 1 and desk.current and _THIS_PAPER.search(text):
        submissions = tuple(dict.fromkeys((desk.current, *named)))
    paper = desk.paper(submissions[0]) if submissions else None
    held = desk.decision or {}
    # Without the names of several papers, what is said of one would be said of all.
    stated = find_statement(
        bare if len(named) < 2 else text, decided=bool(held.keys() & {"decision", "rating", "confidence"}), whole=text
    )
    before = Request.from_json(desk.last.request).latest.intents if desk.last else ()
    offered = unsure_decision(text) if stated is None or leaves_open(text, desk, before) else None
    if offered is not None and not any(map(asks, sentences_of(text))):
        return Request(text, ("state",), submissions, offered=offered)
    stated = with_points_told(stated, desk)
    if stated is not None and len(submissions) > 1:
        submissions = (next((s for s in named if s == desk.current), submissions[0]),)
    bare = name_described(bare, paper, named=bool(find_reviewers(bare, paper)))
    reviewers = find_reviewers(bare, paper)
    request = Request(text, submissions=submissions, unknown_paper=unknown, stated=stated, reviewers=reviewers)
    if paper is not None and not reviewers:
        request = replace(request, unknown_reviewer=find_unknown_reviewer(bare, paper, desk.papers))
    if after_a_lean(desk, request.submission) and (request := with_the_lean(request, reviewers)).intents != ("lookup",):
        return request
    last = Request.from_json(desk.last.request).latest if desk.last else None
    if last is not None and _MORE.search(bare) and last.intents[0] not in ("thanks", "greeting"):
        again: tuple[Intent, ...] = ("runs",) if last.intents[0] in ("verify", "consent", "runs") else last.intents
        return replace(last, text=text, intents=again, more=True, stated=None)

    if not named and not reviewers and stated is None and (turns := sets_told_against(text, desk)) is not None:
        topic = " ".join(dict.fromkeys(word for turn in turns for word in turn.request.get("topic", "").split()))
        return replace(request, intents=("difference",), topic=topic, query=f"{text} {topic}")
    before = last.intents if last is not None else ()

    def reading(words: str) -> tuple[Intent, ...]:
        if last is not None and is_elliptic(words) and names_only(words, paper):
            return ()
        # What is stated beside a question is told from it sentence by sentence.
        parts = re.split(r"(?<=[.!?;])\s+", words) if stated is not None else [" ".join(asking_sentences(words))]
        told: list[Intent] = [intent for part in parts for intent in read(with_reviewers_alike(part, paper), before)]
        if "verify" in told and wants_no_run(words) and not isinstance(understand_claim(words), Plan):
            told = ["evaluation" if intent == "verify" else intent for intent in told]
        return settle(tuple(dict.fromkeys(told)), words)

    found = _possible(reading(bare), request, desk)
    if stated is None and found == ("state",) and not any(map(asks, sentences_of(text))):
        # The chair tells something that is no decision and no priority: it is kept in their words.
        stated = StatedDecision(note=text, kept=(text,))
        request = replace(request, stated=stated)
    of_a_run = _of_a_run(request, found, bare, desk)
    # "How many more seeds would it take?" is asked of the verdict, and not of what would change the chair's mind.
    of_a_verdict = of_a_run is not None and of_a_run.intents == ("bearing",) and asks_why(text)
    apart = of_a_run if of_a_verdict else _of_the_chair(request, found, bare, named, desk, last) or of_a_run
    if apart is not None:
        return apart
    if request.stated is None:
        request = refer_back(request, bare, desk, last, paper, reading)
    if request.intents == ("lookup",) and not request.topic:
        request = replace(request, intents=_decide(request, bare, found))
    if not request.topic:
        request = _with_topic(request, found, bare, paper)
    request = _of_mine(request, bare, desk)
    if "verify" in request.intents and request.claim is None:
        request = replace(request, claim=_claim(bare, request))
    if "metareview" in request.intents and request.stated is None and (wanted := wanted_in(text)):
        request = replace(request, stated=StatedDecision(note=wanted, kept=(wanted,)))
    return request


def _possible(found: tuple[Intent, ...], request: Request, desk: Desk) -> tuple[Intent, ...]:
    """The intents read of a message without those that the desk rules out: what a run says where none was held, and small
    talk about a reviewer."""
    if plain := plainly_asked(request.text):
        return plain
    ran = any(past.answer.verdicts for past in desk.past)
    ruled_out: set[Intent] = set() if ran or desk.running or desk.proposal else {"bearing"}
    ruled_out |= set(TALK) if request.reviewers else set()
    kept: tuple[Intent, ...] = tuple(intent for intent in found if intent not in ruled_out)
    return kept


def _of_a_run(request: Request, found: tuple[Intent, ...], bare: str, desk: Desk) -> Request | None:
    """The request of an order to run something, or of a question on a run."""
    asked = experiment_question(request.text, desk, found) if request.stated is None else None
    if asked is None:
        return None
    intent, claim = asked
    topic = topic_of(bare, request, None) if intent == "testable" and not asks_for_any(request.text) else ""
    return replace(request, intents=(intent,), claim=claim, topic=topic, query=topic)


def _of_the_chair(
    request: Request, found: tuple[Intent, ...], bare: str, named: tuple[str, ...], desk: Desk, last: Request | None
) -> Request | None:
    """The request of a question on the chair's own work; what states something asks at most for what is on file."""
    asked = chair_question(request.text, found, named, desk, last)
    if asked is None or (request.stated is not None and (request.stated.decision or asked[0] != "own")):
        return None
    intent, submissions = asked
    intents: tuple[Intent, ...] = ("state", intent) if request.stated is not None else (intent,)
    several = submissions if intent in OVER_PAPERS else ()
    request = replace(request, intents=intents, submissions=several or request.submissions)
    topic = topic_of(bare, request, None) if intent == "compare" else ""
    if intent == "compare" and not topic and last is not None and not names_what_to_compare(bare):
        topic = " ".join(w for w in last.topic.split() if not w.replace(".", "").isdigit())
    return replace(request, topic=topic, query=topic)


def _of_mine(request: Request, bare: str, desk: Desk) -> Request:
    """The request with what the chair stated as its topic, where it asks who shares "my worry"."""
    held = [*(desk.decision or {}).get("priorities", ()), *(desk.decision or {}).get("notes", ())]
    mine = _MINE.search(bare)
    if not held or mine is None or set(request.intents) & {"own", "state", "recommendation", "metareview"}:
        return request
    own = [w for w in content_words(request.topic) if w not in content_words(mine[0])]
    topic = " ".join([*own, *(w for w in content_words(held[-1]) if w not in CHAT_WORDS)])
    return replace(request, topic=topic, query=f"{request.text} {topic}")


def _with_topic(request: Request, found: tuple[Intent, ...], bare: str, paper: Paper | None) -> Request:
    """The request with its topic and its query, and with what a reviewer is asked for when no topic is left."""
    topic = topic_of(bare, request, paper)
    if request.reviewers and request.intents == ("scores",) and _ASKS_REASON.search(bare):
        request, topic = replace(request, intents=("reviewer",)), ""  # the reasons of a score are the whole review
    if topic and not re.search(r"[a-z]", topic) and not _OF_A_SETTING.search(bare):
        if request.reviewers and set(request.intents) <= {*OF_FIGURES, "reviewer", "quality"}:
            # "R2 sits at 6, right?", "how come the 6?": of somebody, a bare number is a score.
            request = replace(request, intents=("reviewer",) if _ASKS_REASON.search(bare) else ("scores",))
        if not set(request.intents) & set(OF_FIGURES):
            topic = ""  # "a 7 and two 4s": the scores by which somebody is called are no matter
    # What stands before the question belongs to it: "Reviewer 1 says X. Do the authors respond to this?"
    whole = bool(request.reviewers) or bool(BACKWARD.search(" ".join(asking_sentences(bare))))
    words = bare if whole else " ".join(asking_sentences(bare))
    # A search finds more with all that was written, names too, unless that is a story with a question in it.
    query = request.item or (request.text if len(request.text.split()) <= STORY else without_reviewers(words, paper))
    query = f"{query} {request.context}".strip()
    if request.intents == ("reviewer",) and not topic and request.index is None and not takes_side(bare):
        sides: tuple[Intent, ...] = ("strengths", "weaknesses", "questions")
        asked: tuple[Intent, ...] = tuple(i for i in found if i in sides)
        request = replace(request, intents=asked or ("reviewer",))
    return replace(request, topic=topic, query=query if topic else "")


def _decide(request: Request, bare: str, found: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """The intents of a request that stands on its own, of which `found` were read."""
    questions = any(s.endswith("?") or _ORDERED.match(s) for s in sentences_of(bare))
    asking = questions or any(map(asks, sentences_of(bare)))
    if request.stated is not None:
        rest: tuple[Intent, ...] = tuple(
            i
            for i in found
            if (questions or i == "metareview") and i not in ("scores", "recommendation", "decision", "thanks", "state")
        )
        return ("state", *rest)
    if request.unknown_paper:
        return ("list",)
    if "own" in found:
        return ("own",)
    topic = topic_of(bare, request, None)
    if found == ("overview",) and _ABOUT_TOPIC.search(bare) and topic:
        return ("lookup",)
    if request.reviewers and ASKS_REACTION.search(bare) and set(found) <= {"reviewer", "quality", "lookup", "weights"}:
        return ("response",)
    if len(request.reviewers) > 1 and _WHO_IS_RIGHT.search(bare):
        return ("disagreement",)
    if request.reviewers and takes_side(bare) and not ASKS_REACTION.search(bare) and set(found) <= LEADS_ASTRAY:
        return ("reviewer",)
    if request.reviewers and "verify" not in found:
        sub: tuple[Intent, ...] = tuple(i for i in found if i in OF_A_REVIEWER)
        return sub or ("reviewer",)
    if "reviewer" in found:
        # A reviewer who is not named and whom nothing before names: what is asked about is all there is to go by.
        return ("lookup",) if topic else ("overview",)
    if "state" in found:
        return ("thanks",) if not questions else ("lookup",)
    if found:
        return found
    return ("greeting",) if not content_words(bare) and not asking else ("lookup",)


def _claim(bare: str, request: Request) -> str | None:
    """The statement to verify: in the message itself, the item pointed to, or None for "the last answer's"."""
    own = own_words(bare)
    if request.item and len(own) < 4:
        return request.item
    if not own:
        return None
    whole = _statement(request.text)
    # A paper's name can be that of the method which is to be tested.
    if isinstance(understand_claim(whole), Plan) and not isinstance(understand_claim(_statement(bare)), Plan):
        return whole
    return _statement(bare)


def _statement(text: str) -> str:
    """The claim without the command to check it."""
    sentences = sentences_of(text)
    kept = [s for s in sentences if own_words(s)] or sentences
    return re.sub(_COMMAND, "", " ".join(kept)).strip(" ,:?") or text
