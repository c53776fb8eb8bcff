"""Who of the reviewers speaks of a matter, and who does not."""

import re
from collections.abc import Collection, Mapping, Sequence

from agent.answering.parts import coverage, judge, listed, quote, say, speaks_of, who
from agent.answering.points import names_of, passages_of, point_line, with_reply
from agent.answering.record import no_reviews, reviewers
from agent.answering.themes import themes_of
from agent.cues import CHAT_WORDS, content_words
from agent.desk import Desk, Paper
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.mentions import without_reviewers
from agent.points import Point
from agent.request import Request
from knowledge.types import Hit

MOST_TOLD = 6
LONG = 4
MOST_HOLDERS = 4
"""Points up to which a word that they hold is rare."""
LONG_WORD = 5
LIKELY = 0.5
"""The score of a passage, its chance to answer, from which its point speaks of the topic in other words, too; and the
chance of the point itself."""
SURELY, MOST_SURE = 0.6, 2
"""From which chance on points are told for a question without a topic, and how many at most."""
LEAST_WORDS = 2
"""Words of content that such a question must have."""
MEANT = 1.5
"""What the chance that a point is asked about counts beside the words that it shares with the topic."""
LEAST_MET = 0.4
"""Share of a concern's words that a statement holds where the concern is about it."""
_AND_THE_REPLY = re.compile(r"\b(?:authors?|answer\w*|repl(?:y|ies|ied)|respon\w+|rebut\w*|c[ao]me back|fixed|address\w*|settled|resolved|what did they)\b", re.IGNORECASE)  # fmt: skip
_OUTSIDE = re.compile(r"\boutsiders?\b(?! (?:of|the))|\boutside (?:of )?(?:the )?(?:review\w*|panel|committee)|\b(?:public|external|community) (?:comment|discussion|remark|feedback|voice)\w*|\b(?:aren.?t|are not|is not|isn.t) (?:the |a )?reviewers?\b|\b(?:non-reviewers?|third part\w+|besides the reviewers|other than the reviewers)\b", re.IGNORECASE)  # fmt: skip
_ELSE = re.compile(r"\b(else|others?|the rest|too|also|anyone|anybody|same)\b", re.IGNORECASE)


def who_speaks(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The reviewers who speak of the topic, each in a quotation, and those who do not; "else" leaves out who was told."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if asks_outside(request.text):
        return _from_outside(file)
    told: set[str] = set()
    if _ELSE.search(request.text):
        told = {p.reviewer for p in file.points if set(p.passages) & set(request.about)} | set(request.reviewers)
    topic = request.topic or spoken_topic(request.text, desk.paper(request.submission))
    speaking = on_topic(file, topic, gathered, asked_themes(request.text))
    if not speaking and not topic:
        speaking = on_what_was_told(file, desk)
    speaking = [p for p in speaking if p.reviewer not in told]
    names = [name for name in reviewers(file) if name not in told]
    chosen = [p for name in names for p in both_sides([q for q in speaking if q.reviewer == name])]
    if not chosen:
        return _nobody(file, topic, gathered, told)
    speakers = {p.reviewer for p in chosen}
    silent = [name for name in names if name not in speakers]
    verb = "speaks" if len(speakers) == 1 else "speak"
    text = f"{names_of(chosen)} {verb} of this" + (
        f"; {listed(silent)} {'does' if len(silent) == 1 else 'do'} not." if silent else "."
    )
    first = {name: next((p.passages[0] for p in file.points if p.reviewer == name), None) for name in silent}
    others = [i for i in first.values() if i]
    lead = judge(text, *passages_of(file, chosen), *file.held(others))
    if _AND_THE_REPLY.search(request.text):
        with_replies = [line for p in chosen for line in (with_reply(file, p, nearest=False) if p.concern else [point_line(file, p, topic=topic)])]  # fmt: skip
        return [lead, *with_replies]
    return [lead, *[point_line(file, p, topic=topic) for p in chosen]]


def asks_outside(text: str) -> bool:
    """Whether a question is for what others than reviewers and authors wrote."""
    return bool(_OUTSIDE.search(text))


def _from_outside(file: ReviewFile) -> list[DraftSentence]:
    """What people wrote in the discussion who are neither reviewers nor authors."""
    names = set(reviewers(file))
    held = [p for p in file.of("comment") if p.reviewer not in names and p.locator.section != "Title" and not re.match(r"(?:paper )?author", p.reviewer or "", re.IGNORECASE)]  # fmt: skip
    chosen = list({p.locator.document: p for p in sorted(held, key=lambda p: len(p.text))}.values())[:MOST_TOLD]
    if not chosen:
        return [say("No comment of anybody but the reviewers and the authors is on record.", "abstention")]
    raised = [p for p in file.points if p.kind == "comment" and p.concern and p.reviewer in {c.reviewer for c in held}]
    if raised:
        return [say("From others than the reviewers:"), *[point_line(file, p) for p in raised[:MOST_TOLD]]]
    return [say("From others than the reviewers:"), *[quote(p, lead=who(p)) for p in chosen]]


def spoken_topic(text: str, paper: Paper | None) -> str:
    """What a question is about where all its words name kinds of matters ("assumptions", "comparison"), talk apart."""
    return " ".join(w for w in content_words(without_reviewers(text, paper)) if w not in CHAT_WORDS)


def both_sides(points: Sequence[Point]) -> list[Point]:
    """Of one reviewer's points, the most fitting first: that, and the next of the other side (praise, objection)."""
    if not points:
        return []
    other = next((p for p in points[1:] if {p.stance, points[0].stance} == {"praises", "objects"}), None)
    return [points[0], *([other] if other else [])]


def _nobody(file: ReviewFile, topic: str, gathered: Gathered, told: set[str]) -> list[DraftSentence]:
    """That no reviewer, or no other one, speaks of it; who speaks of a rare word of it, else the nearest passages."""
    besides = f" besides {listed(sorted(told))}" if told else ""
    partly = [p for p in _by_a_rare_word(file, topic) if p.reviewer not in told][:2]
    if partly:
        verb = "comes" if len({p.reviewer for p in partly}) == 1 else "come"
        text = f"No reviewer on record{besides} says just that; {names_of(partly)} {verb} nearest:"
        return [judge(text, *passages_of(file, partly)), *[point_line(file, p, topic=topic) for p in partly]]
    near = [h.passage for s in gathered.searched for h in s.hits if h.passage.kind == "review"]
    near = [p for p in near if p.reviewer not in told and p.locator.section != "Scores"][:2]
    lines = [say(f"No reviewer on record{besides} speaks of this.", "abstention")]
    if near:
        lines.append(say("The nearest passages are these:", paragraph=1))
        lines += [quote(p, lead=who(p), topic=topic, paragraph=1) for p in near]
    return lines


def _by_a_rare_word(file: ReviewFile, topic: str) -> list[Point]:
    """The points that hold the rarest word of a topic of several, those that hold most of it first."""
    words = [w for w in content_words(topic) if len(w) >= LONG_WORD]
    held = {w: [p for p in file.points if p.kind == "review" and coverage(w, p.text)] for w in words}
    rare = [points for points in held.values() if 0 < len(points) <= MOST_HOLDERS]
    if len(content_words(topic)) < 2 or not rare:
        return []
    return sorted(min(rare, key=len), key=lambda p: -coverage(topic, p.text))


def corrected(file: ReviewFile, name: str, topic: str, gathered: Gathered) -> list[DraftSentence]:
    """That somebody does not speak of a topic and who does, in their words; nothing where nobody does."""
    speaking = on_topic(file, topic, gathered) or nearest_by_rare_words(file, topic)
    others = [p for p in speaking if p.reviewer and p.reviewer != name]
    chosen = list({p.reviewer: p for p in reversed(others)}.values())[::-1][:2]
    if not chosen:
        return []
    mine = [p.passages[0] for p in file.points if p.reviewer == name][:1]
    verb = "does" if len(chosen) == 1 else "do"
    lead = judge(
        f"{name} does not speak of this; {names_of(chosen)} {verb}:", *file.held(mine), *passages_of(file, chosen)
    )
    return [lead, *[point_line(file, p, topic=topic) for p in chosen]]


def nearest_by_rare_words(file: ReviewFile, topic: str) -> list[Point]:
    """The concerns that hold a rare word of a long topic, and most of it; nothing where none of its words is rare."""
    words = content_words(topic)
    held = {w: [p for p in file.raised("objects", "asks") if coverage(w, p.text)] for w in words if not w.isdigit()}
    rare = [points for points in held.values() if 0 < len(points) <= MOST_HOLDERS]
    rare.sort(key=lambda points: (-max(coverage(topic, p.text) for p in points), len(points)))
    return rare[0] if len(words) >= LONG and rare else []


def asked_themes(text: str) -> set[str]:
    """The themes that a question names, of those that are told by a few words."""
    return set(themes_of(text)) & {"writing", "novelty"}


def on_what_was_told(file: ReviewFile, desk: Desk) -> list[Point]:
    """The concerns that speak of a statement of the last answer, the nearest first."""
    last = desk.last
    said = [s.text for s in last.answer.sentences if s.citations][:MOST_TOLD] if last else []
    fits = {p.id: max((coverage(p.gist, text) for text in said), default=0.0) for p in file.raised("objects", "asks")}
    return sorted((p for p in file.points if fits.get(p.id, 0.0) >= LEAST_MET), key=lambda p: -fits[p.id])


def on_topic(file: ReviewFile, topic: str, gathered: Gathered, themes: Collection[str] = ()) -> list[Point]:
    """The points that speak of a topic or in the main of one of `themes`, the most fitting first."""
    found, meant = gathered.best_hits(), gathered.meant(file.submission)
    fits = {p.id: fit(p, topic, found, meant) for p in file.points if p.kind != "relayed"}
    for p in file.points:
        if p.id in fits and set(themes_of(p)[:1]) & set(themes):
            fits[p.id] = max(fits[p.id], 1.0)
    best = max(fits.values(), default=0.0)
    return sorted((p for p in file.points if best and fits.get(p.id, 0.0) > 0.5 * best), key=lambda p: -fits[p.id])


def surely_meant(text: str, points: Sequence[Point], meant: Mapping[str, float]) -> list[Point]:
    """The points that a question means though nothing of it was read as its topic, the surest first. `text` is the question
    without its reviewers: "the second one" or "summarise his review" means none."""
    says_something = len(content_words(text)) >= LEAST_WORDS
    sure = [p for p in points if says_something and meant.get(p.id, 0.0) >= SURELY]
    return sorted(sure, key=lambda p: -meant[p.id])[:MOST_SURE]


def fit(point: Point, topic: str, found: Mapping[str, Hit], meant: Mapping[str, float]) -> float:
    """How well a point answers a topic; 0 where it does not speak of it. `meant` says how likely each is asked about."""
    share = coverage(topic, point.whole)
    hits = [found[i] for i in point.passages if i in found]
    themed = len(topic.split()) <= 3 and bool(set(themes_of(topic)) & set(themes_of(point)))
    near = max((h.cosine or 0.0 for h in hits), default=0.0)
    likely = max((h.score for h in hits), default=0.0)
    chance = meant.get(point.id, 0.0)
    speaks = share >= 0.5 or themed or max(likely, chance) >= LIKELY
    speaks = speaks or (share > 0 and any(speaks_of(h, topic) for h in hits))
    return near + 0.5 * share + 0.3 * themed + MEANT * chance if speaks else 0.0
