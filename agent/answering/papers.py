"""Answers about the paper itself: contributions, method, numbers, baselines, limits; and free questions."""

import re
from collections.abc import Sequence

from agent import cues
from agent.answering.claimed import contributions
from agent.answering.completing import LEAST_SUPPORT, SURE_SUPPORT, told_of
from agent.answering.parts import coverage, quote, relevance, say, speaks_of, unique, who, wholly_on
from agent.answering.points import one_each, point_line, ranked
from agent.answering.rivals import asks_for_names, rivals
from agent.answering.themes import themes_of
from agent.cues import Intent, content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.request import Request
from knowledge.types import Hit, Passage

MOST_BESIDE_NAMES = 2
"""Passages told beside the names that tables give."""
LONG_TOPIC = 3
"""Words of a topic from which on it is searched for beyond the section that the question names."""
LIMITS: dict[str, int] = {
    "summary": 4,
    "contributions": 4,
    "method": 5,
    "evaluation": 5,
    "difference": 5,
    "baselines": 4,
    "limitations": 5,
}
_OF_REVIEWERS = re.compile(
    r"\b(?:who|reviewers?|referees?|any(?:one|body)|they|others?|ask\w*|flag\w*|R\d)\b", re.IGNORECASE
)
_ETHICAL = re.compile(r"\bethic\w*|\bsocietal\b|\bprivacy\b|\bminorit\w+|\bdual[- ]use", re.IGNORECASE)
_CONCERNED = re.compile(r"\b(?:ask|concern|harm|risk|review|miss|should|worr)\w*", re.IGNORECASE)
MOST_ON_ETHICS = 4
PLACES = frozenset(
    "section sections abstract appendix text part list table figure introduction conclusion claimed".split()
)
"""Words that say where to look and not for what."""
NAMES: dict[str, str] = {
    "summary": "what the paper is about", "contributions": "contributions", "method": "the method", "assumptions": "assumptions",
    "evaluation": "the evaluation", "difference": "figures to compare", "baselines": "baselines and related work", "reproducibility": "reproducibility",
    "limitations": "limitations", "ethics": "ethics or societal impact", "type": "the type of the paper",
}  # fmt: skip


def section(intent: Intent) -> "Section":
    """The answer to one of the questions about a paper."""
    return Section(intent)


class Section:
    """The notes' or the paper's passages on one aspect, the most fitting first, and what reviewers add."""

    def __init__(self, intent: Intent) -> None:
        self.intent: Intent = intent

    def __call__(self, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
        told = self._told(request, gathered, desk)
        beside = self._beside(request, gathered, desk)
        if not beside:
            return told
        return beside if not told or told[0].kind == "abstention" else [*beside, *told[:MOST_BESIDE_NAMES]]

    def _told(self, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
        if self.intent == "ethics" and (told := _reviewers_on_ethics(request, gathered)):
            return told
        aspects = list(cues.ASPECTS.get(self.intent, ()))
        hits = gathered.search(aspects=aspects, submission=request.submission)
        topic = "" if set(request.topic.split()) <= PLACES else request.topic
        long = len(topic.split()) >= LONG_TOPIC
        if (long or (topic and not hits)) and (found := told_of(request, gathered, desk)):
            return found
        specific = bool(topic) and any(speaks_of(h, topic) for h in hits)
        figures = self.intent in ("evaluation", "difference")
        # A single word that no passage speaks of is seldom what is asked for, but where figures are.
        if topic and not specific and (figures or len(topic.split()) > 1 or not hits):
            elsewhere = lookup(request, gathered, desk)
            if elsewhere[0].kind != "abstention" or figures:
                return elsewhere
        chosen = self._choose(hits, topic if specific else "")
        if not chosen:
            return self._silent(request, gathered, desk)
        sentences: list[DraftSentence] = []
        if self.intent == "contributions" and not topic:
            sentences = contributions([h.passage for h in hits if h.passage.kind == "paper"])
        if not sentences:
            sentences = [quote(p, lead=self._lead(p), topic=topic) for p in chosen]
        if self.intent == "evaluation" and len(hits) > len(chosen) and not specific:
            sentences.append(
                say("More figures are on file: ask for a model, a dataset, a method or a bit width.", paragraph=2)
            )
        if self.intent in ("baselines", "limitations"):
            sentences += _reviewers_add(self.intent, request, gathered)
        return sentences

    def _beside(self, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
        """What the tables of a paper set beside its own method, where a message asks for that."""
        if self.intent != "baselines" or not asks_for_names(request.text):
            return []
        hits = (h for s in gathered.searched for h in s.hits if s.arguments.get("submission") == request.submission)
        held = unique(h.passage for h in hits if h.passage.kind == "paper")
        return rivals(held, desk.paper(request.submission), request.topic)

    def _choose(self, hits: Sequence[Hit], topic: str) -> list[Passage]:
        """The passages to show: by relevance to a topic, else in reading order and from different places."""
        limit = LIMITS.get(self.intent, 4)
        if topic:
            ranked = sorted(wholly_on(topic, hits) or hits, key=lambda h: -relevance(h, topic))
            best = relevance(ranked[0], topic)
            found = [h for h in ranked if speaks_of(h, topic) and relevance(h, topic) > 0.6 * best][:limit]
            # What a section is named after is told from its beginning.
            titled = [h for h in hits if coverage(topic, h.passage.locator.section or "") > 0]
            titled.sort(key=lambda h: (h.passage.locator.document, h.passage.locator.start))
            return unique(h.passage for h in (*found, *titled))[:limit]
        if hits and all(
            h.passage.kind == "paper" and h.passage.aspect not in cues.ASPECTS.get(self.intent, ()) for h in hits
        ):
            return [h.passage for h in hits][:limit]
        ordered = sorted(
            (h.passage for h in hits), key=lambda p: (_aspect_rank(self.intent, p), p.locator.document, p.locator.start)
        )
        if self.intent == "summary":
            problem = [p for p in ordered if p.aspect == "problem"][:2]
            return problem + [p for p in ordered if p.aspect == "contributions"][: limit - len(problem)]
        if self.intent == "evaluation":
            return _spread_over_places(ordered, limit)
        return ordered[:limit]

    def _lead(self, passage: Passage) -> str:
        """The heading over a step of the method, where the paper has one."""
        section = re.sub(r"^[\dA-Z.]+\s+", "", passage.locator.section or "")
        own = section and section.lower() not in ("method", "methods", "approach", "abstract", "introduction")
        return f"{section}: " if self.intent == "method" and passage.kind == "paper" and own else ""

    def _silent(self, request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
        name = NAMES.get(self.intent, self.intent)
        more = "nothing more " if request.more else "nothing "
        paper = desk.paper(request.submission)
        title = f' of "{paper.title}"' if paper else ""
        return [say(f"The sources{title} hold {more}on {name}.", "abstention"), *_nearest(request, gathered)]


def lookup(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """A free question: the passages that speak of it, or that the sources are silent, with the nearest."""
    if found := told_of(request, gathered, desk):
        return found
    query = request.query or request.topic or request.text
    hits = gathered.search(query=query, submission=request.submission, aspects=None, reviewer=None, kinds=None)
    topic = request.topic or request.text
    fitting = [h for h in hits if speaks_of(h, topic)]
    support = hits[0].support if hits else None
    if support is not None and support < LEAST_SUPPORT and not wholly_on(topic, fitting):
        return silent_on(topic, hits)
    if not fitting and support is not None and support >= SURE_SUPPORT and request.topic:
        best_first = sorted(hits, key=lambda h: -_weight(h, topic))
        return [quote(h.passage, lead=who(h.passage), topic=topic) for h in best_first[:2]]
    fitting = sorted(wholly_on(topic, fitting) or fitting, key=lambda h: -_weight(h, topic))
    if not fitting:
        return silent_on(topic, hits)
    best = max(relevance(h, topic) for h in fitting)
    return [quote(h.passage, lead=who(h.passage), topic=topic) for h in fitting if relevance(h, topic) > 0.7 * best][:4]


def _weight(hit: Hit, topic: str) -> float:
    """Relevance, the paper before its reviews and both before small corrections."""
    place = {"notes": 0.15, "paper": 0.15}.get(hit.passage.kind, 0.0)
    return relevance(hit, topic) + place - {"writing": 0.3, "traps": 0.2}.get(hit.passage.aspect or "", 0.0)


def silent_on(topic: str, hits: Sequence[Hit]) -> list[DraftSentence]:
    """That the sources do not answer, and the passages nearest to the question."""
    words = " ".join(content_words(topic)[:8])
    said = [say(f"The sources do not say{f' (searched for: {words})' if words else ''}.", "abstention")]
    nearest = [h.passage for h in hits if (h.cosine or 0) > 0.2][:2]
    if nearest:
        said.append(say("The nearest passages are these:", paragraph=1))
        said += [quote(p, lead=who(p), topic=topic, paragraph=1) for p in nearest]
    return said


def _nearest(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """The two best passages of any search of this turn."""
    hits = sorted((h for s in gathered.searched for h in s.hits), key=lambda h: -h.score)
    found = unique(h.passage for h in hits)[:2]
    return (
        [say("The nearest passages are these:", paragraph=1)] + [quote(p, lead=who(p), paragraph=1) for p in found]
        if found
        else []
    )


def _reviewers_on_ethics(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """What reviewers say on ethics, where the question is for them."""
    file = gathered.file(request.submission)
    if file is None or not (request.reviewers or _OF_REVIEWERS.search(request.text)):
        return []
    held = [p for p in file.of("review") if _ETHICAL.search(f"{p.locator.section or ''} {p.text}")]
    held = [
        p for p in held if (not request.reviewers or p.reviewer in request.reviewers) and len(p.text) > len("None.")
    ]
    held.sort(key=lambda p: not _CONCERNED.search(p.text))
    chosen = list({p.reviewer: p for p in reversed(held)}.values())[::-1]
    chosen.sort(key=held.index)
    return [quote(p, lead=who(p), topic="ethics ethical") for p in chosen[:MOST_ON_ETHICS]]


def _reviewers_add(intent: Intent, request: Request, gathered: Gathered) -> list[DraftSentence]:
    """What reviewers say on the same matter."""
    file = gathered.file(request.submission)
    if file is None:
        return []
    wanted = {"baselines": {"comparisons"}, "limitations": {"scale and practicality", "experiments"}}[intent]
    points = [p for p in ranked(file, file.raised("objects", "asks")) if wanted & set(themes_of(p)[:2])]
    if not points:
        return []
    return [say("The reviewers add:", paragraph=3), *[point_line(file, p, paragraph=3) for p in one_each(points, 3)]]


def _aspect_rank(intent: Intent, passage: Passage) -> int:
    aspects = cues.ASPECTS.get(intent, ())
    return aspects.index(passage.aspect) if passage.aspect in aspects else len(aspects)


def _spread_over_places(passages: Sequence[Passage], limit: int) -> list[Passage]:
    """One passage from each place of the paper in turn, so that every table is seen."""
    places: dict[str, list[Passage]] = {}
    for p in passages:
        places.setdefault(p.where or p.locator.section or "", []).append(p)
    chosen: list[Passage] = []
    while len(chosen) < limit and any(places.values()):
        for queue in places.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    return sorted(chosen, key=lambda p: (p.locator.document, p.locator.start))
