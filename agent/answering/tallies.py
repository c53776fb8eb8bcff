"""Questions on scores: who gave what, who is lowest or surest, average and spread, what changed, and a score that is misremembered."""

import re
from collections.abc import Sequence

from agent.answering.outliers import outlier
from agent.answering.parts import fact, judge, listed, quote, say
from agent.answering.points import point_line, ranked
from agent.answering.record import no_reviews, reviewers
from agent.answering.score_changes import (
    ASKS_BEFORE,
    Card,
    find_changes,
    read_card,
    sentences_that,
    spread_before,
    tell_changes,
)
from agent.answering.scores import kinds, score_line, scores_passage
from agent.desk import Desk, Paper
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.mentions import without_reviewers
from agent.quoting import quoted
from agent.request import Request
from knowledge.types import Passage

_SURE = re.compile(r"\b(?:un)?(?:sure\w*|certain\w*|confiden\w*|competen\w*|expert\w*|qualified|knowledgeable)\b", re.I)
_FIELD = re.compile(r"\b(?:experien\w*|background|familiar\w*|kn(?:ow|ows|ew)\b.{0,25}\b(?:area|field|topic|subject|literature|stuff|matter)|from the (?:area|field)|how (?:much|well) (?:do|does) [\w ]{0,20}know)\b", re.I)  # fmt: skip
_ON_THE_SCORE = re.compile(r"\b(?:not|no|n't|without|later|until|before)\b[^.]{0,60}\b(?:scores?|ratings?)\b|\b(?:scores?|ratings?)\b[^.]{0,40}\b(?:later|yet|until|pending|after)\b", re.I)  # fmt: skip
_OF_THE_FIELD = re.compile(r"experience|expertise|familiar|knowledge", re.I)
_CARE = re.compile(r"\b(?:carefully|thorough\w*|closely|attentive\w*|how well\b.{0,30}\bread)\b", re.I)
_OF_CARE = re.compile(r"thorough|careful|checking", re.I)
_RATED = re.compile(
    r"\b(?:rat(?:e|ed|es|ing|ings)|scor(?:es?|ed|ing)|recommendation|overall|mark|grade|vote[ds]?)\b", re.I
)
_LOW = re.compile(
    r"\b(?:lowest|least|harsh(?:er|est)|tough(?:er|est)|strict(?:er|est)|(?:most|more|very) (?:negative|critical|hostile)|less (?:positive|favou?rable|enthusiastic|convinced|sure|certain|confident)|lik(?:es?|ed) (?:it|the paper|this paper) less|worst|minimum|unsure|uncertain)\b",
    re.I,
)
_HIGH = re.compile(
    r"\b(?:highest|kind(?:er|est)|nic(?:er|est)|friendl(?:ier|iest)|warm(?:er|est)|best|maximum|(?:most|more|very) (?:positive|favou?rable|generous|enthusiastic|convinced|sure|certain|confident)|less (?:negative|critical|hostile)|lik(?:es?|ed) (?:it|the paper|this paper) (?:the )?(?:most|more)|sur(?:er|est))\b",
    re.I,
)
_AVERAGE = re.compile(r"\b(?:average|mean)\b", re.I)
_SPREAD = re.compile(r"\b(?:spread|range|apart|between the)\b", re.I)
_CHANGED = re.compile(
    r"\b(?:before|after|rais\w+|lower(?:ed|s|ing)|chang\w+|updat\w+|mov(?:ed?|es)|increas\w+|decreas\w+|dropp?ed|upgrad\w+|downgrad\w+|budg\w+|(?:c[ao]me|coming) (?:a?round|up|down)|(?:went|go|going|gone|up|down) (?:up|down|from)|from (?:what|which)|at first|originally|original (?:score|rating|number|mark)|earlier)\b",
    re.I,
)
_SELF = re.compile(
    r"\bI(?:'m| am)\b[^.!?]{0,40}\b(?:from|outside|not up to date|no expert|not an? (?:expert|specialist)|(?:un)?familiar|an? expert)\b|\bI (?:have |do not |don.t )?work(?:ed)? (?:on|in)\b|\bnot (?:being )?an? expert\b|\bmy (?:expertise|background|field|area)\b|\boutside (?:of )?my\b",
    re.I,
)
_WHY = re.compile(
    r"\bwhy\b|\breasons?\b|\bin (?:his|her|their) (?:own )?(?:words|terms)\b|\bwhat (?:bothers|moves|troubles)\b", re.I
)
MOST_REASONS = 3
_NUMBER = re.compile(r"(?<![\w.%-])(\d{1,2}(?:\.\d+)?)(?![\w%]|\.\d)")


def scores(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the question asks of the scores in a sentence, then a line for each reviewer it is about."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    names = list(request.reviewers or reviewers(file))
    cards = {name: card for name in reviewers(file) if (card := read_card(file, name))}
    text = without_reviewers(request.text, desk.paper(request.submission))
    kind = kind_asked(text, cards, gathered)
    lead = _corrected(text, kind, names, cards, desk.paper(request.submission)) if request.reviewers else []
    if not lead:
        lead = [*_ranked(text, kind, request.reviewers, cards), *_reckoned(text, kind, request.reviewers, cards, file)]
    if apart := outlier(request.text, kind, request.reviewers, cards):
        lead = apart
        names = reviewers(file)  # one score lies apart from all the others
    lead += _unknown_kind(text, kind, names, cards, gathered, file)
    shown = [kind] if kind not in ("Rating", "Confidence") else []
    if _SURE.search(text) or _FIELD.search(text):
        shown += [k for k in _kinds_given(file, names) if _OF_THE_FIELD.search(k) and k not in shown]
    if _CARE.search(text):
        shown += [k for k in _kinds_given(file, names) if _OF_CARE.search(k) and k not in shown]
    lines = [line for name in names if (line := score_line(file, name, shown))]
    unscored = [name for name in names if name not in cards]
    unrated = [n for n in names if n not in cards or "Rating" not in cards[n].values]
    lines += [fact(_said(n, p, words), p, bullet=True) for n, p, words in sentences_that(file, unrated, _ON_THE_SCORE.search)[:2]]  # fmt: skip
    if unscored:
        lines.append(say(f"No score by {listed(unscored)} is on record.", "abstention", 2))
    if not request.reviewers and not lead:
        lead = _spread(*(("Confidence", cards, "The confidences") if kind == "Confidence" else ("Rating", cards, "The ratings")))  # fmt: skip
    lines += _reasons(text, kind, request.reviewers, cards, file)
    about = on_themselves(file, names) if request.reviewers and _SURE.search(text) else []
    return [*lead, *about, *lines]


def _said(name: str, passage: Passage, words: str) -> str:
    """A reviewer's own words with the name before them; a note names its reviewer itself."""
    return words if passage.origin != "record" else f"{name}: {quoted(words, passage)}"


def _kinds_given(file: ReviewFile, names: Sequence[str]) -> list[str]:
    """The names of the scores that some reviewers gave, in words too."""
    held = [scores_passage(file, name) for name in names]
    return list(dict.fromkeys(kind for p in held if p is not None for kind in kinds(p)))


def kind_asked(text: str, cards: dict[str, Card], gathered: Gathered) -> str:
    """The score that a question is about, by its name on record; one named that nobody gave as the question calls it."""
    known = [kind for card in cards.values() for kind in card.values if kind not in ("Rating", "Confidence")]
    for kind in dict.fromkeys(known):
        if re.search(rf"\b{re.escape(kind)}\b", text, re.I):
            return kind
    named = re.search(
        r"\b(soundness|clarity|originality|significance|presentation|correctness|excitement|reproducibility|substance|impact)\b",
        text, re.I,
    )  # fmt: skip
    if named:
        return named.group(1).capitalize()
    return "Confidence" if _SURE.search(text) and not _RATED.search(text) else "Rating"


def _corrected(
    text: str, kind: str, names: Sequence[str], cards: dict[str, Card], paper: Paper | None
) -> list[DraftSentence]:
    """Whether the number that the question gives to a reviewer is theirs; if not, whose or what it is."""
    given = [float(n) for n in _NUMBER.findall(text)]
    card = cards.get(names[0])
    if len(names) != 1 or len(given) != 1 or card is None or _CHANGED.search(text):
        return []
    number, bare = given[0], not (_SURE.search(text) or _RATED.search(text) or kind not in ("Rating", "Confidence"))
    if card.values.get(kind) == number:
        return [] if bare or _LOW.search(text) or _HIGH.search(text) else [
            fact(f"Yes: {name_of(kind, card)} is {number:g}.", card.passage)
        ]  # fmt: skip
    actual = [f"{name_of(kind, card)} is {card.values[kind]:g}"] if kind in card.values else []
    same = [k for k, v in card.values.items() if v == number and k != kind]
    if same:
        actual.append(f"{number:g} is the {same[0].lower()}")
    others = [c for c in cards.values() if c is not card and c.values.get(kind) == number]
    if not same and others:
        actual.append(f"{number:g} is the {kind.lower()} of {listed([_also(c.name, names[0], paper) for c in others])}")
    cited = [card.passage, *(c.passage for c in others if not same)]
    return [fact(f"No: {'; '.join(actual)}.", *cited)] if actual else []


def name_of(kind: str, card: Card) -> str:
    return f"{card.name}'s {kind.lower()}"


def _also(name: str, asked: str, paper: Paper | None) -> str:
    """A reviewer by name, and that another numbering gives them the number that was asked for."""
    number = re.search(r"(\d+)$", asked)
    known = next((r for r in (paper.reviewers if paper else ()) if r.name == name), None)
    if number is None or known is None:
        return name
    alias = next((a for a in known.aliases if re.search(rf"\bReview(?:er)? ?{number.group(1)}\b in ", a)), None)
    return f"{name} ({alias})" if alias else name


def _ranked(text: str, kind: str, named: Sequence[str], cards: dict[str, Card]) -> list[DraftSentence]:
    """Who is lowest or highest; of a reviewer named, whether it is that one, of several named, who of them."""
    several = len(named) > 1
    held = [card for card in cards.values() if kind in card.values and (not several or card.name in named)]
    found: list[DraftSentence] = []
    for pattern, pick, word in ((_LOW, min, "lowest"), (_HIGH, max, "highest")):
        if not pattern.search(text) or not held:
            continue
        value = pick(card.values[kind] for card in held)
        if several and len({card.values[kind] for card in held}) == 1:
            found.append(judge(f"Neither: the {kind.lower()} of both is {value:g}.", *(c.passage for c in held)))
            continue
        those = [card for card in held if card.values[kind] == value]
        verdict = ""
        if len(named) == 1:
            verdict = "Yes: " if named[0] in [card.name for card in those] else "No: "
        own = [c for c in held if c.name in named and c not in those]
        rest = f"; {own[0].name} has {own[0].values[kind]:g}" if own else ""
        word = word.replace("est", "er") if len(held) == 2 and several else word
        said = f"{verdict}the {word} {kind.lower()} is {value:g}, by {listed([c.name for c in those])}{rest}."
        found.append(judge(said[:1].upper() + said[1:], *(c.passage for c in held)))
    return found


def _reasons(
    text: str, kind: str, named: Sequence[str], cards: dict[str, Card], file: ReviewFile
) -> list[DraftSentence]:
    """Why somebody stands at the end of the scores, where that is asked, in their own words."""
    if named or not _WHY.search(text):
        return []
    held = [card for card in cards.values() if kind in card.values]
    for pattern, pick, stances in ((_LOW, min, ("objects", "asks")), (_HIGH, max, ("praises",))):
        if pattern.search(text) and held:
            end = pick(card.values[kind] for card in held)
            those = [card.name for card in held if card.values[kind] == end]
            points = [
                p for name in those for p in ranked(file, file.raised(*stances, reviewers=(name,)))[:MOST_REASONS]
            ]
            head = say("The reasons:", paragraph=3)
            return [head, *(point_line(file, p, paragraph=3) for p in points)] if points else []
    return []


def _reckoned(
    text: str, kind: str, named: Sequence[str], cards: dict[str, Card], file: ReviewFile
) -> list[DraftSentence]:
    """Average, spread and changes, with the numbers that they come from."""
    chosen = {n: c for n, c in cards.items() if kind in c.values and (not named or n in named)}
    found: list[DraftSentence] = []
    values = [card.values[kind] for card in chosen.values()]
    if _AVERAGE.search(text) and len(values) > 1:
        sum_ = " + ".join(f"{v:g}" for v in values)
        shown = f"{sum(values) / len(values):.2f}".rstrip("0").rstrip(".")
        text_ = f"The average {kind.lower()} is ({sum_}) / {len(values)} = {shown}."
        found.append(judge(text_, *(c.passage for c in chosen.values())))
    changed = find_changes(file, named or list(cards)) if _CHANGED.search(text) else None
    if _SPREAD.search(text) and len(values) > 1:
        found += _spread(kind, chosen, "Now the ratings" if changed and kind == "Rating" else f"The {kind.lower()}s")
        found += spread_before(chosen, changed or []) if kind == "Rating" else []
    if changed is not None:
        found += tell_changes(changed, named, file, before=bool(ASKS_BEFORE.search(text)))
    return found


def _spread(kind: str, cards: dict[str, Card], subject: str) -> list[DraftSentence]:
    """From where to where the scores lie, and how far apart that is."""
    held = [card for card in cards.values() if kind in card.values]
    if len(held) < 2:
        return []
    low, high = (pick(card.values[kind] for card in held) for pick in (min, max))
    text = f"{subject} are all {low:g}." if low == high else (
        f"{subject} lie between {low:g} and {high:g} (spread {high:g} - {low:g} = {high - low:g})."
    )  # fmt: skip
    return [judge(text, *(card.passage for card in held))]


def _unknown_kind(
    text: str, kind: str, names: Sequence[str], cards: dict[str, Card], gathered: Gathered, file: ReviewFile
) -> list[DraftSentence]:
    """A score asked for that the reviews do not hold, and what our notes know of it."""
    if kind == "Confidence" and cards and not any(kind in card.values for card in cards.values()):
        return [say(f"No confidence of {listed(names)} is on record.", "abstention")]
    if kind in ("Rating", "Confidence") or any(kind in cards[n].values for n in names if n in cards):
        return []
    found = [say(f"No {kind.lower()} score by {listed(names)} is on record.", "abstention")]
    hits = [h.passage for s in gathered.searched for h in s.hits if h.passage.kind in ("notes", "relayed")]
    notes = [p for p in [*file.passages, *hits] if p.kind in ("notes", "relayed") and kind.lower() in p.text.lower()]
    return found + [quote(p) for p in list({p.id: p for p in notes}.values())[:1]]


def on_themselves(file: ReviewFile, names: Sequence[str]) -> list[DraftSentence]:
    """What reviewers say of their own knowledge of the matter."""
    held = sentences_that(file, names, _SELF.search)[:2]
    return [fact(_said(name, p, words), p, bullet=True) for name, p, words in held]
