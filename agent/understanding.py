"""A message and the desk -> what is being asked, as a typed Request. Pure: no search, no model, no clock.

The cues stand in `cues`; references back ("what about the second one?") are resolved against the last answer. A
message without a cue is a `lookup`: searched for, and answered or honestly not found.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from agent import cues
from agent.claims import METHODS, settings_in
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
    r"^\W*(?:(?:can|could) you )?(?:please )?(?:elaborate|(?:tell|give|show) me more|more|go on|continue|explain (?:that|this|further)|"
    r"expand|why(?: is that| so)?|in more detail|anything else|what else)(?: (?:on|about) (?:that|this|it))?\W*$",
    re.IGNORECASE,
)
_BACKWARD = re.compile(
    r"\b(it|this|that|these|those|they|them|he|she|the (?:claim|same|former|latter|reviewer)|(?:that|this) (?:claim|point|reviewer))\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(yes|yeah|yep|sure|ok(?:ay)?|please do|go ahead|do (?:it|so)|run it|start(?: it)?|proceed|confirm\w*)\b(?!.*\?)",
    re.IGNORECASE,
)
_NO = re.compile(r"^\W*(no|nope|not now|don'?t|cancel|never mind|skip it|stop)\b(?!.*\?)", re.IGNORECASE)
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
    the sentence to verify; `more` asks for what the last answer left out; `unknown_paper` a title not held here.
    """

    text: str
    intents: tuple[Intent, ...] = ("lookup",)
    submissions: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
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
    if len(submissions) > 1 and not _COMPARE_PAPERS.search(text) and "list" not in _intents(bare):
        submissions = submissions[:2]
    if (
        _COMPARE_PAPERS.search(text)
        and len(named) == 1
        and desk.current
        and re.search(r"\b(this|current) (paper|one|submission)\b|\bit\b", text, re.I)
    ):
        submissions = tuple(dict.fromkeys((desk.current, *named)))
    paper = desk.paper(submissions[0]) if submissions else None
    request = Request(text, submissions=submissions, unknown_paper=unknown, stated=find_decision(bare))
    request = replace(request, reviewers=_find_reviewers(bare, paper))
    last = Request.from_json(desk.last.request) if desk.last else None
    if last is not None and _MORE.search(bare) and last.intents[0] not in ("thanks", "greeting"):
        return replace(last, text=text, more=True, stated=None)
    request = _refer_back(request, bare, desk, last, paper)
    if request.intents == ("lookup",):
        request = replace(request, intents=_decide(request, bare, guess))
    if not request.topic:
        request = replace(request, topic=_topic(bare, request))
        request = replace(request, query=request.item or " ".join(_asked(bare)) if request.topic else "")
    if "verify" in request.intents and request.claim is None:
        request = replace(request, claim=_claim(bare, request, desk))
    return request


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

    if "verify" in found and _TEXT_CHECK.search(asked) and not re.search(r"\b(re-?run|experiment)\b", asked, re.I):
        drop("verify")
    if "testable" in found or "runs" in found:
        keep_only("testable" if "testable" in found else "runs")
    if "verify" in found:
        keep_only("verify")
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


def _topic(bare: str, request: Request) -> str:
    """The content words to search for, without the words that only name the intent."""
    text = " ".join(_asked(bare))
    if request.item and len(content_words(text)) < 3:
        return request.item
    text = _REVIEWER.sub(" ", text if not request.reviewers else bare)
    words = content_words(text)
    if len(words) < 2 or (len(words) < 4 and _BACKWARD.search(text)):
        words = content_words(_REVIEWER.sub(" ", bare))
    # A word that only names what is asked for is no topic; alone with a reviewer ("R2 on novelty") it is one.
    specific = [w for w in words if w not in cues.CUE_WORDS or (request.reviewers and _THEMATIC.match(w))]
    return " ".join(specific)


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
                if not any(m.pattern.fullmatch(match.group()) for m in METHODS):
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


def _find_reviewers(text: str, paper: Paper | None) -> tuple[str, ...]:
    """Reviewers named in the text, by the record's names; numbers are read in the record's numbering."""
    if paper is None:
        return ()
    lowered = text.lower()
    found = [r.name for r in paper.reviewers if re.search(rf"(?<!\w){re.escape(r.name.lower())}(?!\w)", lowered)]
    for match in _REVIEWER.finditer(text):
        mark = (match.group(1) or match.group(2)).lower()
        for reviewer in paper.reviewers:
            number = re.search(r"(\d+)$", reviewer.name)
            same = (number and number.group(1) == mark) or reviewer.name.lower().endswith(f"_{mark}")
            if same and reviewer.name not in found:
                found.append(reviewer.name)
    return tuple(found)


# References back


def _refer_back(request: Request, bare: str, desk: Desk, last: Request | None, paper: Paper | None) -> Request:
    """Fill in what a message leaves to the conversation: the second one, the same question, that claim."""
    if last is None or desk.last is None:
        return request
    if (
        "response" in _intents(bare)
        and _BACKWARD.search(bare)
        and not request.reviewers
        and len(content_words(bare)) <= 2
        and (last.reviewers or last.topic)
    ):
        return replace(request, intents=("response",), reviewers=last.reviewers, topic=last.topic, query=last.query)
    elliptic = bool(_ELLIPSIS.search(bare)) and len(content_words(bare)) <= 4
    index = _ordinal(bare)
    found = _intents(bare)
    if last.intents[0] in ("verify", "consent") and settings_in(bare) and len(content_words(bare)) <= 4:
        return replace(request, intents=("verify",))
    if index is not None:
        request = _take_item(request, bare, index, desk, last, paper)
        if request.reviewers and not found:
            return replace(request, intents=_reviewer_intents(last), topic=last.topic, query=last.query)
        if request.submissions != ((desk.current,) if desk.current else ()) and not found:
            return replace(request, intents=last.intents, topic=last.topic, query=last.query)
        if request.item is not None and not found:
            return replace(request, intents=("lookup",), topic=request.item, query=request.item)
    if not elliptic:
        return request
    named_other = request.submission not in (None, last.submission)
    if request.reviewers and not found:
        return replace(request, intents=_reviewer_intents(last), topic=last.topic, query=last.query)
    if named_other and not found and not content_words(bare):
        return replace(request, intents=last.intents, topic=last.topic, query=last.query)
    return request


def _reviewer_intents(last: Request) -> tuple[Intent, ...]:
    kept: tuple[Intent, ...] = tuple(
        i for i in last.intents if i in ("response", "scores", "reviewer", "recommendation")
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
    """The reviewer, paper or statement that an ordinal points to in the last answer."""
    assert desk.last is not None
    answer = desk.last.answer
    says_reviewer = bool(re.search(r"review", bare, re.IGNORECASE))
    of_reviewers = last.intents[0] in ("overview", "scores", "reviewer") or bool(last.reviewers) or says_reviewer
    if (
        of_reviewers
        and paper is not None
        and paper.reviewers
        and not re.search(r"\b(point|claim|concern|weakness|strength|question)\b", bare, re.I)
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


def _claim(bare: str, request: Request, desk: Desk) -> str | None:
    """The statement to verify: in the message itself, the item pointed to, or None for "the last answer's"."""
    own = re.sub(
        r"(?i)\b(please|can you|could you|would you|i want you to|let'?s|now)\b|\b(verify|check|test|re-?run|run|try|prove|confirm|double-?check)( (out|it|this|that|them|here|now|an experiment|the experiment|to the test))*\b"
        r"|\bput (it|this|that) to the test\b|\bis it (really )?true( that)?\b|\b(whether|if)\b|\bthat claim\b|\bthe claim( that)?\b|\bclaim \d+\b|\bexperiments?\b|\bwith \w+ seeds\b|\bon (digits|mnist)\b",
        " ",
        bare,
    )
    if request.item and len(content_words(own)) < 4:
        return request.item
    return _statement(bare) if len(content_words(own)) >= 3 else None


def _statement(text: str) -> str:
    """The claim without the command to check it."""
    sentences = sentences_of(text)
    kept = [s for s in sentences if len(content_words(_COMMAND.sub(" ", s))) >= 2] or sentences
    return re.sub(_COMMAND, "", " ".join(kept)).strip(" ,:?") or text
