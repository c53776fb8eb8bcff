"""Checks of what a sentence says against the sense of the cited passages; each returns why it fails, or None.

A paraphrase may use other words, but no opposite: easy is not hard, a promise is not kept by being told, what a reviewer
doubts is not what that one says, and who is behind is not ahead.
"""

import re
from collections.abc import Iterator, Sequence

from agent.checks import NAME, stem
from agent.cues import content_words
from agent.figure_checks import OURS, SENTENCES, SPEAKER, figures_in, terms_of
from knowledge.types import Passage

_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE))
    for one, other in (
        (r"eas(?:y|ily|ier)|simple|straightforward", r"hard|difficult\w*|tough|complicated|complex"),
        (r"large|big|huge|substantial\w*|considerabl[ey]|significant\w*|major", r"small|tiny|minor|marginal\w*|negligibl[ey]|insignificant\w*|slight\w*|modest"),
        (r"high", r"low"),
        (r"strong\w*|solid\w*|sound", r"weak\w*|flawed|unsound|shaky"),
        (r"good|excellent|great|nice\w*", r"poor\w*|bad\w*|terrible"),
        (r"better|superior", r"worse|inferior"),
        (r"fast(?:er)?|quick\w*", r"slow\w*"),
        (r"clear\w*|well[- ]written", r"unclear\w*|confus\w+|vague\w*|obscure|hard to (?:follow|read|understand)"),
        (r"novel|original|new", r"incremental|unoriginal|(?:well[- ])?known already|not new"),
        (r"convincing\w*|convinced|persuasive", r"unconvinc\w+|unpersuaded"),
        (r"sufficient\w*|enough|adequate\w*", r"insufficient\w*|inadequate\w*"),
        (r"confident|certain|sure", r"unsure|uncertain|unconfident"),
        (r"correct\w*|right|accurate", r"incorrect\w*|wrong\w*|inaccurate|mistaken"),
        (r"cheap\w*|inexpensive", r"expensive|costly"),
        (r"fair\w*", r"unfair\w*"),
        (r"necessary|needed", r"unnecessary|needless"),
        (r"reproducible", r"irreproducible"),
        (r"complete\w*|thorough\w*", r"incomplete\w*|superficial\w*"),
        (r"increas\w+|rises?|rose", r"decreas\w+|falls?|fell|drop\w*"),
        (r"improv\w+", r"degrad\w+|worsen\w*"),
        (r"agree\w*", r"disagree\w*"),
        (r"above", r"below"),
        (r"lik(?:e[sd]|ing)|prais\w+|appreciat\w+", r"dislik\w+|criticis?z?\w+"),
        (r"support\w*|confirm\w*", r"contradict\w*|refut\w*"),
        (r"always", r"never"),
    )
)  # fmt: skip
_NOT = re.compile(
    r"(?:\b(?:not|no|never|neither|nor|without|hardly|cannot|less|too|lacks?|far from)\b|n't\b)(?:\W+[\w-]+){0,3}\W*$", re.IGNORECASE
)  # fmt: skip
_NEAR = 5
"""Words to either side by which two places are known to speak of the same matter."""

_ACTS = {
    "asked": r"\b(?:should|could|please|ought to|needs? to|must|would (?:like|love|be (?:good|nice|interesting|helpful))|ask(?:s|ed)? (?:for|the authors)|suggest\w*|recommend\w*|request\w*)\b",
    "promised": r"\b(?:promis\w+|(?:will|'ll|shall|are going to|plan(?:s|ned)? to|intend(?:s|ed)? to|commit(?:s|ted)? to|agree[sd]? to|offer(?:s|ed)? to) (?!not\b)|(?:in|for) (?:the |an? )?(?:final|camera[- ]ready|next|future) (?:version|revision|paper))",
    "done": r"\b(?:authors?|they|we)(?: have|'ve| has) (?:now |also |already |since |then )*(?!not\b|to\b|no\b)\w+(?:ed|wn|en|un)\b|\b(?:authors?|they|we|paper|revision|version) now \w+|\b(?:(?:have|has|had) (?:now |also |already |been |since )*(?!not\b)(?:added|included|conducted|run|revised|updated|removed|fixed|corrected|clarified|rewritten|performed|extended|provided|changed|compared|expanded)|(?:now|already) (?:adds?|includes?|contains?|has|have|reports?|gives?|shows?)|(?:we|authors|they|revision|response|version|it) (?:now |also |already |then |therefore )*(?:added|included|conducted|ran|revised|updated|removed|fixed|corrected|clarified|rewrote|performed|extended|provided|changed|expanded|adds|includes)|(?:was|were|been) (?:now |also )?(?:added|included|revised|updated|removed|fixed|corrected|clarified|rewritten|extended|conducted))\b",
    "refused": r"\b(?:refus\w+|declin\w+|reject(?:s|ed)? (?:the|this) (?:request|suggestion|demand|idea)|(?:will|do|does|did|would|could|can) ?not (?:be )?(?:add|include|run|provide|compare|report|change|conduct|revise)\w*|(?:won't|don't|didn't|cannot|can't) (?:add|include|run|provide|compare|report|change|conduct|revise)\w*|unwilling)\b",
}  # fmt: skip
_ACT = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _ACTS.items()}
_BY_AUTHORS = re.compile(r"\b(?:authors?|they|response|rebuttal|revision|revised|paper|version)\b", re.IGNORECASE)

_DOUBTS = re.compile(
    r"\b(?:doubt\w*|unconvinced|sceptical|skeptical|unsure|unclear|uncertain|question(?:s|ed|able)?|wonder\w*|hard to (?:believe|see|say)|(?:not|never|cannot|hardly) (?:\w+ ){0,2}?(?:convinc\w+|sure|clear|certain|persuaded|believe|see|obvious|shown?|evident)"
    r"|(?:am|is|are|was|were|do|does|did)n't (?:\w+ )?(?:convinc\w+|sure|clear|certain|persuaded|believe|see|obvious))\b(?:\W+(?:about|of|by|to me|at all|from \w+ \w+))?(?P<doubted>[^.!?;]*)",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(
    r"\b(?:not|no|nor|never|cannot|without|whether|if|may|might|could|would|should|perhaps|possibl[ye]|maybe|doubt\w*|question\w*|ask\w*|wonder\w*|un(?:clear|sure|convinced|certain)|scept\w+|skept\w+|concern\w*|worr\w+|lack\w*|miss\w*|hard to|hardly|open|critici\w+|object\w*|challeng\w*|disput\w*|fail\w*|weak\w*|limited|want\w*|wish\w*)\b|n't\b|\?",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:according to|as|in the (?:words|view|opinion) of)\b|\b(?:anon)?reviewers? ?[_#]?\w{0,4}\b|\b(?:says?|said|states?|stated|finds?|found|thinks?|believes?|claims?|notes?|argues?|writes?|wrote|holds?|considers?|sees?|convinced|confirms?|shows?|that)\b",
    re.IGNORECASE,
)
LEAST_REPEATED = 0.7
"""Of the words of a sentence, how many must stand behind a doubt for the sentence to tell what is doubted."""

_AHEAD = r"(?:clearly |strongly |also |even |always |consistently |significantly |slightly )*(?:beats?|outperform(?:s|ed)?|surpass(?:es|ed)?|exceed(?:s|ed)?|(?:is|are|was|were|does|do|performs?|works?) (?:[\w.%]+ ){0,4}?better than|(?:is|are|was|were) (?:[\w.%]+ ){0,4}?(?:ahead of|superior to|more accurate than)|wins? (?:over|against))"
_BEHIND = r"(?:clearly |strongly |also |even |always |consistently |significantly |slightly )*(?:(?:fall|lag|trail|stay|is|are|was|were)\w* (?:[\w.%]+ ){0,4}?behind|trails?|underperform(?:s|ed)?|loses? (?:to|against)|(?:is|are|was|were|does|do|performs?|works?) (?:[\w.%]+ ){0,4}?worse than|(?:is|are|was|were) (?:\w+ )?(?:inferior to|less accurate than|beaten by|outperformed by|surpassed by))"
_RANKED = re.compile(rf"(?P<ahead>\b{_AHEAD})(?!\w)|(?P<behind>\b{_BEHIND})(?!\w)", re.IGNORECASE)
_ELIDED = re.compile(r"\b(?:but|and|yet|or)\s+$", re.IGNORECASE)
_LESS_IS_BETTER = (
    "error",
    "perplexity",
    "size",
    "speed",
    "duration",
    "operations",
    "energy",
    "word error",
    "depth error",
    "bits per character",
)


def check_opposites(text: str, passages: Sequence[Passage]) -> str | None:
    """A word of a sentence is not the opposite of what the passage says of the same matter."""
    parts = [part for p in passages for part in SENTENCES.split(p.text)]
    for pair in _OPPOSITES:
        for word, sense, around in _senses(text, pair):
            held = [s for part in parts for _, s, other in _senses(part, pair) if around & other]
            if held and sense not in held:
                return f'"{word}" is the opposite of what the cited passage says'
    return None


def _senses(text: str, pair: tuple[re.Pattern[str], re.Pattern[str]]) -> Iterator[tuple[str, bool, frozenset[str]]]:
    """Each word of a pair of opposites in a text: the word, its side when negation is counted, and the stems around it."""
    taken: list[tuple[int, int]] = []
    for side, pattern in ((False, pair[1]), (True, pair[0])):
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < stop for start, stop in taken):
                continue
            taken.append(match.span())
            before, after = text[: match.start()], text[match.end() :]
            negated = bool(_NOT.search(before))
            near = f"{' '.join(before.split()[-_NEAR:])} {' '.join(after.split()[:_NEAR])}"
            yield match.group(), side != negated, frozenset(stem(w) for w in content_words(near))


def check_acts(text: str, passages: Sequence[Passage]) -> str | None:
    """What the authors promised is not told as done or refused, what was asked for not as promised or done, and so on."""
    said = {name for name, pattern in _ACT.items() if pattern.search(text)}
    # "They refuse to add it in the final version" is no promise.
    said = {"refused"} if "refused" in said else said
    of_authors = _BY_AUTHORS.search(text) or all(p.kind == "response" for p in passages)
    if len(said) != 1 or not of_authors or said == {"asked"}:
        return None
    words = {stem(w) for w in content_words(text)}
    held = [
        {name for name, pattern in _ACT.items() if pattern.search(part)}
        for p in passages
        for part in SENTENCES.split(p.text)
        if len(words & {stem(w) for w in content_words(part)}) >= min(2, len(words))
    ]
    if held and all(held) and not any(said & acts for acts in held):
        return "the cited passage tells another act: asked, promised, done or refused"
    return None


def check_doubt(text: str, passages: Sequence[Passage]) -> str | None:
    """What a passage doubts is not told as what it says."""
    words = {stem(w) for w in content_words(_FRAME.sub(" ", text))}
    if len(words) < 2 or _UNDECIDED.search(text):
        return None
    parts = [part for p in passages for part in SENTENCES.split(p.text)]
    doubted = [" ".join(m["doubted"] for m in _DOUBTS.finditer(part)) for part in parts]
    if not any(_repeats(words, matter) for matter in doubted):
        return None
    if any(_repeats(words, _DOUBTS.sub(" ", part)) for part in parts):
        return None
    return "it leaves out the doubt in the cited passage"


def _repeats(words: set[str], part: str) -> bool:
    return bool(part.strip()) and len(words & {stem(w) for w in content_words(part)}) / len(words) >= LEAST_REPEATED


def check_winner(text: str, passages: Sequence[Passage], own: Sequence[str] = ()) -> str | None:
    """Who is said to be ahead is not behind in a passage, by its words or by its figures."""
    for ahead, behind in _ranks(text, own):
        held = [pair for p in passages for part in SENTENCES.split(p.text) for pair in _ranks(part, own)]
        if (behind, ahead) in held and (ahead, behind) not in held:
            return "who is ahead in it is behind in the cited passage"
        if not held and any(_figures_say_otherwise(text, p.text, ahead, behind, own) for p in passages):
            return "the figures of the cited passage say the opposite"
    return None


def _ranks(text: str, own: Sequence[str]) -> list[tuple[str, str]]:
    """Who is ahead of whom by the words of a text: the last name before the verb and the first one behind it."""
    found, subject = [], ""
    for match in _RANKED.finditer(text):
        before, after = _names(text[: match.start()], own), _names(text[match.end() :], own)
        # "We beat A but fall behind B": the second verb has the subject of the first.
        carried = subject and _ELIDED.search(text[: match.start()])
        subject = subject if carried else before[-1] if before else ""
        if not subject or not after or _NOT.search(text[: match.start()]):
            continue
        pair = (subject, after[0])
        found.append(pair if match["ahead"] else pair[::-1])
    return found


def _names(text: str, own: Sequence[str]) -> list[str]:
    """Names in their order; those of the paper and those who speak for it are one."""
    for name in sorted(filter(None, own), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", OURS, text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:the|this) paper\b", OURS, SPEAKER.sub(OURS, text), flags=re.IGNORECASE)
    return [
        m.group() if m.group() == OURS else re.sub(r"[-_]", "", m.group()).lower()
        for m in re.finditer(rf"{OURS}|[A-Za-z]+(?=[- ](?:pruning|quantization|distillation)\b)|{NAME.pattern}", text)
    ]


def _figures_say_otherwise(text: str, source: str, ahead: str, behind: str, own: Sequence[str]) -> bool:
    """Whether the one pair of figures that the two have for what the sentence speaks of has the other order."""
    figures = figures_in(source, own)
    asked = terms_of(text, own)
    settings = asked["net"] | asked["data"]
    pairs = [
        [f for f in figures if f.of("method") == {name} and settings <= f.of("net") | f.of("data")]
        for name in (ahead, behind)
    ]
    if any(len(found) != 1 for found in pairs):
        return False
    (one,), (other,) = pairs
    less = bool(one.of("quantity") & set(_LESS_IS_BETTER))
    return one.unit == other.unit and one.value != other.value and (one.value < other.value) != less
