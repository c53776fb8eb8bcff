"""What the words of a message ask for, taken by themselves: its intents and its topic. Pure.

The cues stand in `cues`; where two of them read the same words, the weaker reading is dropped here.
"""

import re

from agent import cues
from agent.claims import settings_in, with_settings
from agent.cues import Intent, content_words
from agent.desk import Paper
from agent.mentions import without_reviewers
from agent.request import Request

_ASKING = re.compile(
    r"^(?:ok(?:ay)?,? |and |but |so |now |then |also |please |ok(?:ay)?,? |could you |can you |would you )*"
    r"(tell|explain|summari[sz]e|give|list|show|describe|compare|check|verify|test|run|elaborate|help|remind|name|quote|say|re-?run|"
    r"what|how|why|which|who|where|when|is|are|was|were|do|does|did|has|have|should|would|could|can|walk|outline|put|record|note|find|search|look)\b",
    re.IGNORECASE,
)
BACKWARD = re.compile(
    r"\b(it|this|that|these|those|they|them|he|she|the (?:claim|same|former|latter|reviewer)|(?:that|this) (?:claim|point|reviewer))\b",
    re.IGNORECASE,
)
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
_TEXT_CHECK = re.compile(
    r"\b(authors?|reviewers?|rebuttal|paper) (?:\w+ )?(respond\w*|repl\w+|answer\w*|address\w*|sa(?:y|id|ys)|mention\w*|explain\w*|discuss\w*|clarif\w+)\b",
    re.IGNORECASE,
)
_X_OF_METHOD = re.compile(
    r"\b(?:evaluat\w+|limit\w+|strength\w*|weakness\w*|novelty|results?|performance|contributions?|assumptions?|compar\w+|accuracy|ethic\w*|baselines?|reproducib\w+|"
    r"originality|quality|drawbacks?)\b.{0,45}\b(?:method|approach|technique|algorithm)s?\b|\b(?:method|approach|technique)s? compare",
    re.IGNORECASE,
)


def intents_in(text: str) -> tuple[Intent, ...]:
    """The intents whose cues stand in the asking sentences, in the order of their first cue."""
    found: dict[Intent, int] = {}
    asked = " ".join(asking_sentences(text))
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

    if "metareview" in found:
        keep_only("metareview")
    if "verify" in found and not _is_measurable(asked):
        drop("verify")
    if "integrity" in found:
        keep_only("integrity")
    if "greeting" in found and not asks:
        keep_only("greeting")
    if "quality" in found and {"response", "open", "scores", "recommendation"} & set(found):
        drop("quality")
    if "quality" in found:
        drop("weaknesses", "strengths", "overview", "evaluation", "method", "questions", "novelty")
    if "disagreement" in found:
        drop("weaknesses", "strengths")
    if "who" in found and {"scores", "open", "verify", "response", "recommendation"} & set(found):
        drop("who")
    if "who" in found:
        drop("novelty", "weaknesses", "strengths", "baselines", "evaluation", "method", "questions", "limitations")
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
    if "open" in found:
        only_questions = re.search(r"\bquestions?\b", asked, re.I) and not re.search(
            r"concern|point|issue|critici", asked, re.I
        )
        if only_questions or {"ethics", "limitations", "assumptions", "reproducibility"} & set(found):
            drop("open")
        else:
            keep_only("open")
    if {"scores", "response"} <= set(found) and re.search(
        r"\b(spread|average|mean)\b|\b(scores?|ratings?)\b.{0,20}\b(before|after)\b", asked, re.I
    ):
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
    return not own_words(asked) or bool(_MEASURED.search(asked))


def topic_of(bare: str, request: Request, paper: Paper | None) -> str:
    """The content words to search for, without those that only name the intent or stand in every passage."""
    text = " ".join(asking_sentences(bare))
    if request.item and len(content_words(text)) < 3:
        return request.item
    text = without_reviewers(text if not request.reviewers else bare, paper)
    words = content_words(text)
    if len(words) < 2 or (len(words) < 4 and BACKWARD.search(text)):
        words = content_words(without_reviewers(bare, paper))
    # A word that only names what is asked for is no topic; alone with a reviewer ("R2 on novelty") it is one.
    specific = [w for w in words if w not in cues.CUE_WORDS or (request.reviewers and _THEMATIC.match(w))]
    title = {w.rstrip("s") for w in content_words(paper.title)} if paper else set()
    telling = [w for w in specific if w.rstrip("s") not in title and w not in cues.CHAT_WORDS]
    about_paper = all(i in cues.ABOUT_PAPER for i in request.intents)
    spoken = [w for w in specific if w not in cues.CHAT_WORDS]
    return " ".join(telling if telling or about_paper else spoken)


def own_words(text: str) -> list[str]:
    """The content words of a message to check something, without the command, pronouns and changed settings."""
    bare = _CHECK_WORDS.sub(" ", text)
    for setting in settings_in(bare).split("  "):
        bare = bare.replace(setting, " ") if setting else bare
    words = content_words(
        with_settings(bare, settings_in(bare)).replace(settings_in(bare), " ") if settings_in(bare) else bare
    )
    return [w for w in words if w not in _EMPTY]


def sentences_of(text: str) -> list[str]:
    """Split a message into sentences, abbreviations and decimals kept whole."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z\"“(])|(?<=[?!])\s+|\n+", text)
    return [part.strip() for part in parts if part and part.strip()]


def asking_sentences(text: str) -> list[str]:
    """The sentences that ask or command; all of them when none does."""
    sentences = sentences_of(text)
    asked = [s for s in sentences if s.endswith("?") or _ASKING.search(s)]
    return asked or sentences
