"""What the words of a message ask about, taken by themselves: the asking sentences and the topic. Pure."""

import re

from agent import cues
from agent.cues import Intent, content_words
from agent.desk import Paper
from agent.disagreeing_words import sides_with_authors
from agent.fault_words import asks_for_faults, asks_of_reviews, without_faults
from agent.mentions import without_reviewers
from agent.request import Request
from agent.setting_changes import without_settings

ALONE: tuple[Intent, ...] = ("metareview", "integrity", "verify", "testable", "runs")
"""Intents that take the whole message."""
TALK: tuple[Intent, ...] = ("thanks", "greeting", "about", "offtopic")
"""Intents that a question beside them outdoes."""
OF_A_THEME: tuple[Intent, ...] = ("response", "open", "disagreement", "quality", "who", "enough")
"""Intents that may be asked of a theme of reviews, such as the novelty."""
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
_NAMED_MATTER = re.compile(
    r"\b(?:the|that|this|their|his|her|its|about|on|missing|any) (?P<what>(?:(?!(?:the|an?|this|that|their|his|her|about|on|of)\b)[\w/+-]+ ){1,4}?)(?:thing|issue|point|concern|question|complaint|objection|criticism|remark|business|stuff|matter|problem|worry|claim|argument|one|bit|part|comparison|experiment|result|number|request)s?\b(?! (?:by|of|who|that|which|question|issue|point|concern)\b)",
    re.IGNORECASE,
)
_NO_MATTER = frozenset(
    "first second third fourth fifth last other others main open same only big bigger biggest key major minor whole single next previous former latter remaining serious real good bad best worst important most more positive negative new old one two three four five all each every any some right wrong few little of to and or his her their your my no not is was".split()
)
ASKS_REACTION = re.compile(
    r"\b(?:satisfied|convinc\w+|persuad\w+|swayed|buys? (?:it|that|this)|bought (?:it|that|this)|won over|(?:happy|fine|okay|ok|content|comfortable|at ease|pleased) (?:now|with(?! (?:the|its|their|his|her) (?!author|answer|repl|respon|rebut|expla|clarif|revis|chang|new )\w))|budged?|relent\w*|react\w*|chang\w+ (?:his|her|their) minds?|c[ao]mes? (?:a)?round|c[ao]mes? back (?:after|on (?:it|that|this)|at all)|turn\w* (?:him|her|them))\b"
    r"|\b(?:take|takes|took|taken) (?:it|that|this|any of (?:it|that)) back\b|\bsettles? on\b|\bafter the (?:reply|replies|response|rebuttal)\b"
    r"|\b(?:tak(?:e|es|en)|took|receiv\w+|mak(?:e|es)|made|thinks?|thought|say|says|said) (?:of |to |about )?(?:the |their |that |this |these )?(?:authors?['’]? )?(?:answers?|repl(?:y|ies)|responses?|rebuttal)\b|\bcontent\b\W*$|\b(?:buys?|bought) (?:their|the)\b",
    re.IGNORECASE,
)
"""Words that ask what a reviewer made of the replies."""
_OF_REPLIES = re.compile(r"\b(?:repl(?:y|ies|ied)|answer\w*|respond\w*|response|rebut\w*|came back)\b", re.IGNORECASE)
_OF_SCORES = re.compile(
    r"\b(?:scores?|scored|rat(?:e|ed|ing|ings)|confiden\w+|marks?|grades?|votes?|numbers?|average|mean|spread|chang\w+|mov(?:e|ed)|rais(?:e|ed) (?:his|her|their)|know|expert\w*|area|sure)\b|\d",
    re.IGNORECASE,
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
    r"\b(authors?|reviewers?|rebuttal|paper) (?:\w+ )?(respond\w*|repl\w+|answer\w*|address\w*|sa(?:y|id|ys)|mention\w*|explain\w*|discuss\w*|clarif\w+)\b"
    r"|\b(?:do|does|did) (?:the |any |one of the )?(?:authors?|reviewers?|rebuttal|paper) (?:\w+ )?(?:claim|state|report|show|argue|prove)\b",
    re.IGNORECASE,
)


def settle(found: tuple[Intent, ...], text: str) -> tuple[Intent, ...]:
    """The intents read of a message without those that cannot stand beside the others or are asked of the wrong room."""
    asked = " ".join(asking_sentences(text))
    if "verify" in found and not _is_measurable(asked):
        found = _without(found, "verify")
    for alone in ALONE:
        if alone in found:
            return (alone,)
    if found == ("scores",) and _OF_REPLIES.search(text) and not _OF_SCORES.search(text):
        found = ("response",)  # "how many raise it, and did anybody reply": counted are not the scores
    if sides_with_authors(text):
        found = ("disagreement",)
    if asks_for_faults(text) or (found == ("weaknesses",) and asks_of_reviews(text)):
        found = ("quality",)  # "which points are out of scope" asks of the reviews, not of the limits of the paper
    if "difference" in found:
        found = _without(found, "evaluation")  # both figures are told with what lies between them
    if "open" in found:
        found = _without(found, "response")  # what is open is told with what was answered
    asking: tuple[Intent, ...] = tuple(i for i in found if i not in TALK)
    return asking or found[:1]


def _without(found: tuple[Intent, ...], name: Intent) -> tuple[Intent, ...]:
    kept: tuple[Intent, ...] = tuple(i for i in found if i != name)
    return kept


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
    if (named := named_matter(bare)) and not set(request.intents) & {"verify", "testable", "runs", "state", "own"}:
        return named
    if "quality" in request.intents and (asks_for_faults(bare) or asks_of_reviews(bare)):
        text = bare = without_faults(text)
    words = content_words(text)
    if len(words) < 2 or (len(words) < 4 and BACKWARD.search(text)):
        words = content_words(without_reviewers(bare, paper))
    # A word that only names what is asked for is no topic; alone with a reviewer ("R2 on novelty") it is one.
    themed = bool(request.reviewers) or bool(set(request.intents) & set(OF_A_THEME))
    specific = [w for w in words if w not in cues.CUE_WORDS or (themed and _THEMATIC.match(w))]
    title = {w.rstrip("s") for w in content_words(paper.title)} if paper else set()
    telling = [
        w
        for w in specific
        if (w.rstrip("s") not in title and w not in cues.CHAT_WORDS) or (themed and _THEMATIC.match(w))
    ]
    about_paper = all(i in cues.ABOUT_PAPER for i in request.intents)
    spoken = [w for w in specific if w not in cues.CHAT_WORDS]
    return " ".join(telling if telling or about_paper else spoken)


def named_matter(text: str) -> str:
    """What a message calls by name as a matter, "the test set thing", "that compression ratio one", though each of its words
    may be one of those that say what is asked; empty where it calls none so."""
    for match in _NAMED_MATTER.finditer(text):
        words = [w for w in content_words(match["what"]) if w not in _NO_MATTER]
        if words and any(w in cues.CUE_WORDS or w in cues.CHAT_WORDS for w in words):
            return " ".join(words)
    return ""


def own_words(text: str) -> list[str]:
    """The content words of a message to check something, without the command, pronouns and changed settings."""
    bare = _CHECK_WORDS.sub(" ", text)
    words = content_words(without_settings(bare))
    return [w for w in words if w not in _EMPTY]


def sentences_of(text: str) -> list[str]:
    """Split a message into sentences, abbreviations and decimals kept whole."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z\"“(])|(?<=[?!])\s+|\n+", text)
    return [part.strip() for part in parts if part and part.strip()]


def asking_sentences(text: str) -> list[str]:
    """The sentences that ask or command; all of them when none does."""
    sentences = sentences_of(text)
    return [s for s in sentences if asks(s)] or sentences


def asks(sentence: str) -> bool:
    """Whether a sentence asks or orders something."""
    return sentence.endswith("?") or bool(_ASKING.search(sentence))
