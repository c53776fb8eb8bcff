"""A message and the desk -> what is being asked, as a typed Request. Pure: no search, no model, no clock.

The cues stand in `cues`; references back ("what about the second one?") are resolved against the last answer. A
message without a cue is a `lookup`: searched for, and answered or honestly not found.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from agent import cues
from agent.claims import settings_in, with_settings
from agent.cues import Intent, content_words
from agent.desk import Desk, Paper
from agent.stated import StatedDecision, find_decision

ORDINALS = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1, "latter": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b(?:the |its |that )?({'|'.join(ORDINALS)})\b(?: (one|reviewer|review|point|claim|item|question|concern|weakness|strength|paper|of (?:these|them|those)))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:claim|point|item|concern|question|number|no\.?|#) ?(\d{1,2})\b", re.IGNORECASE)
_REVIEWER = re.compile(
    r"\b(?:anon(?:ymous)?[ -]?)?review(?:er|s)?[ _#-]*(\d{1,2}|[A-Za-z0-9]{4}(?=\b))(?:'s)?\b|\bR(\d{1,2})(?:'s)?\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:ok(?:ay)?,? |and |but |so |now |then |also |please |ok(?:ay)?,? |could you |can you |would you )*"
    r"(tell|explain|summari[sz]e|give|list|show|describe|compare|check|verify|test|run|elaborate|help|remind|name|quote|say|re-?run|"
    r"what|how|why|which|who|where|when|is|are|was|were|do|does|did|has|have|should|would|could|can|walk|outline|put|record|note|find|search|look)\b",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^\W*(?:ok(?:ay)?[,.]? |thanks?[,.]? |i see[,.]? |right[,.]? )*(?:and|what about|how about|and what about|now|same (?:for|question))\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^\W*(?:h+m+[,. ]*)?(?:(?:can|could) you )?(?:please )?(?:elaborate|(?:tell|give|show) me more|more|go on|continue|explain (?:that|this|further)|why (?:do|does|did) (?:he|she|they|the reviewer) (?:think|say|believe) (?:so|that|this)|say more|"
    r"expand|why(?: is that| so)?|in more detail|anything else|what else)(?: (?:on|about) (?:that|this|it))?\W*$",
    re.IGNORECASE,
)
_BACKWARD = re.compile(
    r"\b(it|this|that|these|those|they|them|he|she|the (?:claim|same|former|latter|reviewer)|(?:that|this) (?:claim|point|reviewer))\b",
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
_MEANT = re.compile(r"^\W*(?:no|sorry|actually|wait)?[,. ]*(?:i meant|i mean|rather|instead)\b(?: to)?", re.IGNORECASE)
_OTHER = re.compile(r"\bthe other (?:one|reviewers?|ones)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\breviewers? (\d{1,2}(?:\s*(?:,|and|&|or|vs\.?)\s*\d{1,2})+)\b", re.IGNORECASE)
_POINT = re.compile(r"\b(concern|weakness|question|point|objection|criticism|strength|issue)s?\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"prun|quantiz|quantis|spars|\bbits?\b|accura|magnitude|\bob[sqc]\b|exact ?obs|\brtn\b|round|scales?\b|k-?means|huffman|winograd|speed|throughput|latency|faster|"
    r"compress|smaller|retrain|calibrat|activation|masks?\b|\bint8\b|\d ?x\b|\bflops?\b|\bmacs?\b|\bbops?\b|hessian",
    re.IGNORECASE,
)
_OF_THE_TEXT = re.compile(
    r"\b(typos?|citations?|references?|cites?|spelling|grammar|code|released?|ratings?|decision|confidence)\b|\b(gave|give|rated|scored)\b.{0,15}\d|"
    r"\b(did|has|have|do|does) (anyone|anybody|somebody|they|the reviewers?)\b",
    re.IGNORECASE,
)
_QUOTED_TITLE = re.compile(
    r"(?:paper|submission|work|titled|called|entitled)[^\"“”]{0,30}[\"“]([^\"“”]{8,200})[\"”]", re.IGNORECASE
)
_COMPARE_PAPERS = re.compile(
    r"\b(compare|versus|vs\.?|both papers|which of (?:the|these) (?:papers|two))\b", re.IGNORECASE
)
_COMMAND = re.compile(
    r"^(?:please |can you |could you |would you |now |then )*(?:verify|check|test|confirm|double-?check|prove|find out)(?: that| whether| if|:)?\s+|^is it (?:really )?true that\s+|\b(?:please )?(?:check|verify|test) (?:it|this|that)\b[.!]?$",
    re.IGNORECASE,
)
_THEMATIC = re.compile(
    r"novel|writing|typos|comparison|baseline|motivation|ideas?$|experiment|ethic|limitation|assumption", re.IGNORECASE
)
_CHECK_WORDS = re.compile(
    r"\b(please|can you|could you|could we|would you|i want you to|let'?s|now|find out)\b|\b(verify|check|test|re-?run|run|try|prove|confirm|double-?check|repeat)( (out|it|this|that|them|here|now|again|an experiment|the experiment|to the test))*\b"
    r"|\bput (it|this|that) to the test\b|\bis (it|that|this) (really )?true( that)?\b|\bback (it|this|that) up\b|\b(whether|if)\b|\bexperiment(s|ally)?\b|\b(would|does) (it|this|that) (still )?hold( up)?\b",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    "claim claims claimed statement result results true correct right one first second third last again once thing hold holds sure really number".split()
)
_ABOUT_TOPIC = re.compile(
    r"\b(about|regarding|concerning|on) (?!(?:the|this|that|it) ?(?:paper|submission|work)?\W*$)\w", re.IGNORECASE
)
_METHOD_NAME = re.compile(r"exact[- ]?obs|obq|optimal brain quantiz\w+", re.IGNORECASE)
_THIS_PAPER = re.compile(r"\b(this|current)( (paper|one|submission))?\b|\bit\b", re.IGNORECASE)
_TEXT_CHECK = re.compile(
    r"\b(authors?|reviewers?|rebuttal|paper) (?:\w+ )?(respond\w*|repl\w+|answer\w*|address\w*|sa(?:y|id|ys)|mention\w*|explain\w*|discuss\w*|clarif\w+)\b",
    re.IGNORECASE,
)
_X_OF_METHOD = re.compile(
    r"\b(?:evaluat\w+|limit\w+|strength\w*|weakness\w*|novelty|results?|performance|contributions?|assumptions?|compar\w+|accuracy|ethic\w*|baselines?|reproducib\w+|"
    r"originality|quality|drawbacks?)\b.{0,45}\b(?:method|approach|technique|algorithm)s?\b|\b(?:method|approach|technique)s? compare",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Request:
    """What a message asks for.

    `topic` are the words that a fitting passage holds, `query` the question as it is searched for; `item` is the earlier statement that the message refers back to; `claim`
    the sentence to verify; `index` counts a reviewer's points ("the second concern" is 1); `more` asks for what the last answer left out; `unknown_paper` a title not held here.
    """

    text: str
    intents: tuple[Intent, ...] = ("lookup",)
    submissions: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    unknown_reviewer: str | None = None
    index: int | None = None
    topic: str = ""
    query: str = ""
    item: str | None = None
    claim: str | None = None
    more: bool = False
    stated: StatedDecision | None = None
    unknown_paper: str | None = None

    @property
    def submission(self) -> str | None:
        """The one submission, or the first of several."""
        return self.submissions[0] if self.submissions else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Request":
        lists = {k: tuple(data[k]) for k in ("intents", "submissions", "reviewers")}
        stated = StatedDecision(**data["stated"]) if data.get("stated") else None
        return Request(**{**data, **lists, "stated": stated})


Guess = Callable[[str], Intent | None]
"""A second opinion on a message without cues, e.g. its nearest example question by meaning."""


def understand(message: str, desk: Desk, guess: Guess | None = None) -> Request:
    """What `message` asks, given what is on the desk."""
    text = " ".join(message.split())
    if desk.proposal is not None and _YES.search(text):
        return Request(text, ("consent",), (desk.current,) if desk.current else (), claim=desk.proposal.claim)
    if desk.proposal is not None and _NO.search(text):
        return Request(text, ("decline",), (desk.current,) if desk.current else ())
    named, bare = _find_papers(text, desk)
    unknown = None if named else _unknown_title(text)
    submissions = named or ((desk.current,) if desk.current else ())
    if _COMPARE_PAPERS.search(text) and len(named) == 1 and desk.current and _THIS_PAPER.search(text):
        submissions = tuple(dict.fromkeys((desk.current, *named)))
    paper = desk.paper(submissions[0]) if submissions else None
    stated = find_decision(bare, decided=desk.decision is not None)
    reviewers = find_reviewers(bare, paper)
    request = Request(text, submissions=submissions, unknown_paper=unknown, stated=stated, reviewers=reviewers)
    if paper is not None and not reviewers:
        request = replace(request, unknown_reviewer=_unknown_reviewer(bare, paper))
    last = Request.from_json(desk.last.request) if desk.last else None
    if last is not None and _MORE.search(bare) and last.intents[0] not in ("thanks", "greeting"):
        again: tuple[Intent, ...] = ("runs",) if last.intents[0] in ("verify", "consent", "runs") else last.intents
        return replace(last, text=text, intents=again, more=True, stated=None)
    if request.stated is None:
        request = refer_back(request, bare, desk, last, paper)
    if request.intents == ("lookup",) and not request.topic:
        request = replace(request, intents=_decide(request, bare, guess))
    if not request.topic:
        request = _with_topic(request, bare, paper)
    if "verify" in request.intents and request.claim is None:
        request = replace(request, claim=_claim(bare, request))
    return request


def _with_topic(request: Request, bare: str, paper: Paper | None) -> Request:
    """The request with its topic and its query, and with what a reviewer is asked for when no topic is left."""
    topic = _topic(bare, request, paper)
    # What stands before the question belongs to it: "Reviewer 1 says X. Do the authors respond to this?"
    whole = bool(request.reviewers) or bool(_BACKWARD.search(" ".join(_asked(bare))))
    query = request.item or " ".join(_REVIEWER.sub(" ", bare if whole else " ".join(_asked(bare))).split())
    if request.intents == ("reviewer",) and not topic and request.index is None:
        sides: tuple[Intent, ...] = ("strengths", "weaknesses", "questions")
        asked: tuple[Intent, ...] = tuple(i for i in sides if cues.COMPILED[i].search(bare))
        request = replace(request, intents=asked or ("reviewer",))
    return replace(request, topic=topic, query=query if topic else "")


def sentences_of(text: str) -> list[str]:
    """Split a message into sentences, abbreviations and decimals kept whole."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z\"“(])|(?<=[?!])\s+|\n+", text)
    return [part.strip() for part in parts if part and part.strip()]


def _asked(text: str) -> list[str]:
    """The sentences that ask or command; all of them when none does."""
    sentences = sentences_of(text)
    asked = [s for s in sentences if s.endswith("?") or _ASKING.search(s)]
    return asked or sentences


def _intents(text: str) -> tuple[Intent, ...]:
    """The intents whose cues stand in the asking sentences, in the order of their first cue."""
    found: dict[Intent, int] = {}
    asked = " ".join(_asked(text))
    for intent, pattern in cues.COMPILED.items():
        source = text if intent in ("thanks", "greeting") else asked
        match = pattern.search(source)
        if match:
            found[intent] = match.start()
    _drop_overruled(found, asked, asks=any(s.endswith("?") or _ASKING.search(s) for s in sentences_of(text)))
    return tuple(sorted(found, key=lambda intent: found[intent]))


def _drop_overruled(found: dict[Intent, int], asked: str, asks: bool) -> None:
    """Remove the weaker of two readings of the same words."""

    def drop(*names: Intent) -> None:
        for name in names:
            found.pop(name, None)

    def keep_only(*names: Intent) -> None:
        gone: list[Intent] = [name for name in found if name not in names]
        drop(*gone)

    if "verify" in found and not _is_measurable(asked):
        drop("verify")
    if "testable" in found or "runs" in found:
        keep_only("testable" if "testable" in found else "runs")
    if "verify" in found:
        keep_only("verify")
    if "overview" in found and {"novelty", "writing", "ethics", "reproducibility", "decision"} & set(found):
        drop("overview")
    if re.search(r"how many (review|referee)", asked, re.I):
        drop("evaluation", "overview")
    if "overview" in found:
        drop(
            "summary",
            "contributions",
            "method",
            "response",
            "weaknesses",
            "scores",
            "disagreement",
            "questions",
            "type",
        )
    if "method" in found and (_X_OF_METHOD.search(asked) or "baselines" in found or "recommendation" in found):
        drop("method")
    if "recommendation" in found:
        drop("decision", "disagreement", "summary", "evaluation", "type")
        if re.search(r"\byour (opinion|view)\b", asked, re.I) and {"strengths", "weaknesses"} & set(found):
            drop("recommendation")
    if "summary" in found and re.search(r"what problem", asked, re.I):
        drop("response")
    if "response" in found:
        drop("weaknesses", "method", "evaluation", "summary", "scores")
        if re.search(r"(does|do|did) (the|this) (paper|method|work|approach)\b", asked, re.I) and not re.search(
            "author|rebuttal|respon", asked, re.I
        ):
            drop("response")
    if "ethics" in found and not re.search(r"\b(and|or|,)\b.*\b(weakness|concern|drawback)", asked, re.I):
        drop("weaknesses", "limitations") if re.search(r"ethic\w* (concern|issue|limitation)", asked, re.I) else None
    if "decision" in found and "overview" not in found:
        drop("summary", "type")
    if "questions" in found:
        drop("summary", "evaluation")
    if "contributions" in found or "novelty" in found:
        drop("summary")
    for intent in ("strengths", "weaknesses", "limitations", "baselines", "novelty", "ethics", "assumptions"):
        if intent in found:
            drop("evaluation") if not re.search(
                r"\b(evaluat\w+|experiment\w*|numbers?|how (much|well|many))\b", asked, re.I
            ) else None
    if "thanks" in found and not asks:
        keep_only("thanks", "verify")
    if len(found) > 1:
        drop("thanks", "greeting")
    if len(found) > 1 and "about" in found and not re.search(r"\b(who|what) are you\b|can you do", asked, re.I):
        drop("about")


def _is_measurable(asked: str) -> bool:
    """Whether what is to be checked is for an experiment, and not for a look into the text."""
    if _TEXT_CHECK.search(asked) and not re.search(r"\b(re-?run|experiment)", asked, re.I):
        return False
    if _OF_THE_TEXT.search(asked) and not re.search(r"accura|\bloss|error", asked, re.I):
        return False
    return not _own_words(asked) or bool(_MEASURED.search(asked))


def _decide(request: Request, bare: str, guess: Guess | None) -> tuple[Intent, ...]:
    """The intents of a request that stands on its own."""
    found = _intents(bare)
    asks = any(s.endswith("?") for s in sentences_of(bare))
    if request.stated is not None:
        rest: tuple[Intent, ...] = tuple(
            i for i in found if asks and i not in ("scores", "recommendation", "decision", "thanks", "state")
        )
        return ("state", *rest)
    if request.unknown_paper:
        return ("list",)
    if "own" in found:
        return ("own",)
    if found == ("overview",) and _ABOUT_TOPIC.search(bare) and _topic(bare, request, None):
        return ("lookup",)
    if "verify" in found:
        return ("verify",)
    if request.reviewers:
        sub: tuple[Intent, ...] = tuple(
            i for i in found if i in ("response", "scores", "recommendation", "disagreement")
        )
        return sub or ("reviewer",)
    if found:
        return found
    if not content_words(bare):
        return ("greeting",) if not asks else ("lookup",)
    guessed = guess(bare) if guess is not None else None
    return (guessed,) if guessed is not None else ("lookup",)


def _topic(bare: str, request: Request, paper: Paper | None) -> str:
    """The content words to search for, without those that only name the intent or stand in every passage."""
    text = " ".join(_asked(bare))
    if request.item and len(content_words(text)) < 3:
        return request.item
    text = _REVIEWER.sub(" ", _SEVERAL.sub(" ", text if not request.reviewers else bare))
    words = content_words(text)
    if len(words) < 2 or (len(words) < 4 and _BACKWARD.search(text)):
        words = content_words(_REVIEWER.sub(" ", bare))
    # A word that only names what is asked for is no topic; alone with a reviewer ("R2 on novelty") it is one.
    specific = [w for w in words if w not in cues.CUE_WORDS or (request.reviewers and _THEMATIC.match(w))]
    title = {w.rstrip("s") for w in content_words(paper.title)} if paper else set()
    telling = [w for w in specific if w.rstrip("s") not in title]
    about_paper = all(i in cues.ABOUT_PAPER for i in request.intents)
    return " ".join(telling if telling or about_paper else specific)


# Papers and reviewers


def _find_papers(text: str, desk: Desk) -> tuple[tuple[str, ...], str]:
    """The papers that a message names, in order, and the message without their names."""
    found: dict[str, int] = {}
    bare = text
    method_talk = cues.COMPILED["verify"].search(text) or re.search(r"\bis it true\b", text, re.I)
    for paper in desk.papers:
        names = sorted({paper.id, paper.title, *paper.short_names}, key=len, reverse=True)
        for name in names:
            # Names of methods are short names too; in a claim to test they name the method, not the paper.
            if method_talk and desk.current and paper.id != desk.current and name != paper.title and name != paper.id:
                continue
            match = re.search(rf"(?<![\w-]){_loose(name)}(?![\w-])", bare, re.IGNORECASE)
            if match and not (method_talk and name not in (paper.title, paper.id)):
                found.setdefault(paper.id, text.lower().find(match.group().lower()))
                if not _METHOD_NAME.fullmatch(match.group()):
                    bare = bare[: match.start()] + " " + bare[match.end() :]
            elif match:
                found.setdefault(paper.id, 10_000)
    return tuple(sorted(found, key=lambda identity: found[identity])), " ".join(bare.split())


def _loose(name: str) -> str:
    """A pattern of a name in which spaces, hyphens and punctuation may differ."""
    return r"[\s:,-]*".join(re.escape(word) for word in re.findall(r"\w+", name))


def _unknown_title(text: str) -> str | None:
    match = _QUOTED_TITLE.search(text)
    return match.group(1).strip() if match else None


def find_reviewers(text: str, paper: Paper | None) -> tuple[str, ...]:
    """Reviewers named in the text, by the record's names; numbers are read in the record's numbering."""
    if paper is None:
        return ()
    lowered = text.lower()
    found = [r.name for r in paper.reviewers if re.search(rf"(?<!\w){re.escape(r.name.lower())}(?!\w)", lowered)]
    for mark in _marks(text):
        for reviewer in paper.reviewers:
            number = re.search(r"(\d+)$", reviewer.name)
            same = (number and number.group(1) == mark) or reviewer.name.lower().endswith(f"_{mark}")
            if same and reviewer.name not in found:
                found.append(reviewer.name)
    return tuple(found)


def _marks(text: str) -> list[str]:
    """The numbers or short names by which a text calls reviewers."""
    several = [n for m in _SEVERAL.finditer(text) for n in re.findall(r"\d+", m.group(1))]
    return several + [(m.group(1) or m.group(2)).lower() for m in _REVIEWER.finditer(text)]


def _unknown_reviewer(text: str, paper: Paper) -> str | None:
    """A reviewer's number that nobody on record bears."""
    return next((f"AnonReviewer{m}" for m in _marks(text) if m.isdigit()), None) if paper.reviewers else None


# References back


def refer_back(request: Request, bare: str, desk: Desk, last: Request | None, paper: Paper | None) -> Request:
    """Fill in what a message leaves to the conversation: the second one, the same question, that claim."""
    if last is None or desk.last is None:
        return request
    meant = _MEANT.search(bare)
    if meant:
        bare = bare[meant.end() :]
    found = _intents(bare)
    own = _topic(bare, request, paper)
    if last.intents[0] in ("verify", "consent") and settings_in(bare) and len(content_words(bare)) <= 4:
        return replace(request, intents=("verify",))
    if found == ("response",) and _BACKWARD.search(bare) and not request.reviewers and not own:
        return _response_to_last(request, desk, last)
    index = _ordinal(bare)
    if index is not None:
        request = _take_item(request, bare, index, desk, last, paper)
        if request.index is not None:
            return replace(request, intents=("reviewer",))
        if request.item is not None and not found:
            return replace(request, intents=("lookup",), topic=request.item, query=request.item)
    elif _OTHER.search(bare) and paper is not None and last.reviewers:
        others = tuple(r.name for r in paper.reviewers if r.name not in last.reviewers)
        request = replace(request, reviewers=others)
    elliptic = index is not None or bool(meant) or (bool(_ELLIPSIS.search(bare)) and len(content_words(bare)) <= 6)
    if not elliptic:
        return request
    pointed = request.submission not in (None, last.submission)
    if request.reviewers and not [i for i in found if i != "evaluation"]:
        return _same_question(request, last, own)
    if pointed and not found and not own:
        return replace(request, intents=last.intents, topic=last.topic, query=last.query)
    if meant and request.reviewers:
        return replace(request, intents=found or _reviewer_intents(last))
    return request


def _same_question(request: Request, last: Request, own: str) -> Request:
    """The last question for other reviewers; the message's own topic, else the last one where it was a topic."""
    topic, query = last.topic, last.topic
    if last.intents[0] not in ("lookup", "reviewer", "response", "novelty", "writing", "strengths", "weaknesses"):
        topic, query = "", ""
    if own:
        topic, query = own, f"{own} {request.text}"
    theme = {"novelty": "novelty", "writing": "writing"}.get(last.intents[0], "")
    return replace(request, intents=_reviewer_intents(last), topic=topic or theme, query=query or theme)


def _response_to_last(request: Request, desk: Desk, last: Request) -> Request:
    """ "Did the authors answer that?": that is the last topic, else what the last answer said first."""
    assert desk.last is not None
    if last.reviewers or last.topic:
        return replace(request, intents=("response",), reviewers=last.reviewers, topic=last.topic, query=last.query)
    said = next((s.text for s in desk.last.answer.sentences if s.citations), "")
    return replace(request, intents=("response",), topic=" ".join(content_words(said)), query=said)


def _reviewer_intents(last: Request) -> tuple[Intent, ...]:
    kept: tuple[Intent, ...] = tuple(
        i
        for i in last.intents
        if i in ("response", "scores", "reviewer", "recommendation", "strengths", "weaknesses", "questions")
    )
    return kept or ("reviewer",)


def _ordinal(text: str) -> int | None:
    """Which item of a list the text points to (0-based, -1 the last), or None."""
    numbered = _NUMBERED.search(text)
    if numbered:
        return int(numbered.group(1)) - 1
    match = _ORDINAL.search(text)
    if match and (match.group(2) or len(content_words(text)) <= 2 or match.group(1).lower() in ("former", "latter")):
        return ORDINALS[match.group(1).lower()]
    return None


def _take_item(request: Request, bare: str, index: int, desk: Desk, last: Request, paper: Paper | None) -> Request:
    """The reviewer, the reviewer's point, the paper or the statement that an ordinal points to."""
    assert desk.last is not None
    answer = desk.last.answer
    if request.reviewers and _POINT.search(bare):
        return replace(request, index=index)
    of_reviewers = (
        last.intents[0] in ("overview", "scores", "reviewer")
        or bool(last.reviewers)
        or re.search(r"review", bare, re.I)
    )
    if (
        of_reviewers
        and paper is not None
        and paper.reviewers
        and not _POINT.search(bare)
        and "claim" not in bare.lower()
    ):
        names = [r.name for r in paper.reviewers]
        if -len(names) <= index < len(names):
            return replace(request, reviewers=(names[index],))
    if last.intents[0] == "list" and -len(desk.papers) <= index < len(desk.papers):
        return replace(request, submissions=(desk.papers[index].id,))
    items = [s.text for s in answer.sentences if s.bullet] or [s.text for s in answer.sentences if s.citations]
    if -len(items) <= index < len(items):
        return replace(request, item=items[index])
    return request


# Claims to verify


def _own_words(text: str) -> list[str]:
    """The content words of a message to check something, without the command, pronouns and changed settings."""
    bare = _CHECK_WORDS.sub(" ", text)
    for setting in settings_in(bare).split("  "):
        bare = bare.replace(setting, " ") if setting else bare
    words = content_words(
        with_settings(bare, settings_in(bare)).replace(settings_in(bare), " ") if settings_in(bare) else bare
    )
    return [w for w in words if w not in _EMPTY]


def _claim(bare: str, request: Request) -> str | None:
    """The statement to verify: in the message itself, the item pointed to, or None for "the last answer's"."""
    own = _own_words(bare)
    if request.item and len(own) < 4:
        return request.item
    return _statement(bare) if own else None


def _statement(text: str) -> str:
    """The claim without the command to check it."""
    sentences = sentences_of(text)
    kept = [s for s in sentences if _own_words(s)] or sentences
    return re.sub(_COMMAND, "", " ".join(kept)).strip(" ,:?") or text
