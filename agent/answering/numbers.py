"""Answers on figures: the exact one with its setting and place; that a setting does not occur, with the nearest that do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.answering.changes import asks_for_two_changes
from agent.answering.differences import check_in_sentence, quoted_claims
from agent.answering.figure_words import column_told, row_told, told
from agent.answering.followed import followed
from agent.answering.parts import say
from agent.answering.rankings import ends, trend
from agent.answering.rivals import asks_for_names
from agent.answering.same_elsewhere import same_elsewhere
from agent.answering.setting_against import set_against, told_before
from agent.answering.share_words import asks_for_share
from agent.answering.standing import COMPARABILITY
from agent.answering.supposed_figures import supposed_in
from agent.answering.told_together import told_together
from agent.answering.unspoken import is_short_for, nothing_said_of, unspoken_names
from agent.asked_figures import Asked, is_on_figures_alone, read_asked
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.figures import Figure, figures_in
from agent.fitting import Fit, borne, fit_figures, holds_any, of_quantity, settings_near
from agent.gathered import Gathered
from agent.request import Request
from agent.terms import Term, holds, terms_in
from knowledge.types import Hit

ANSWERS = frozenset(
    (
        "evaluation",
        "difference",
        "lookup",
        "baselines",
        "method",
        "summary",
        "limitations",
        "quality",
        "reproducibility",
        "scores",
    )
)
"""Intents whose question may be one on figures, where it names a quantity or a number."""
SOMETIMES = frozenset(("response", "open", "who", "scores", "questions", "writing", "weaknesses", "disagreement"))
"""Intents that a message may seem to have by a word of its own, where it speaks of figures and of nobody who wrote."""
OF_FIGURES = frozenset(("evaluation", "difference", "lookup", "baselines"))
FIGURE_KINDS = ["paper", "notes", "response", "review", "comment"]
LEAST_SHARE = 0.6
LEAST_WHOLE = 0.45
SURE_SHARE = 0.85
CLOSE, CLOSE_OF_SEVERAL = 0.08, 0.3
MOST, MOST_OF_SEVERAL = 3, 6
_SEVERAL = re.compile(
    r"\b(?:all|each|every|both|respectively|list)\b|\bper (?!cent\b)\w+|\b(?:two|three|four|five|six) (?:\w+ )?\w+s\b",
    re.IGNORECASE,
)
_ASKS_VALUES = re.compile(r"^\W*(?:(?:and|so)\W+)?how (?:long|large|big|many|high|low|accurate)\b", re.IGNORECASE)
_UNWANTED = ("record",)
_TELLING = ("<energy>", "<perplexity>", "<word error>", "<bleu>", "<auc>", "<depth error>")
"""Quantities that whoever measures them calls by their name."""


def figure_query(request: Request, desk: Desk) -> str | None:
    """What to search for, where a message may ask for figures; None where it does not."""
    if request.unknown_reviewer or request.item or request.more or request.stated is not None:
        return None
    intents, measures = (
        set(request.intents),
        any(t.value is not None or t.key.startswith("<") for t in terms_in(request.text)),
    )
    if request.reviewers and intents != {"difference"}:
        return None
    allowed = (ANSWERS if measures else OF_FIGURES) | (SOMETIMES if is_on_figures_alone(request.text) else set())
    if asks_for_share(request.text):
        allowed = ANSWERS | SOMETIMES
    if not intents <= allowed:
        return None
    if "quality" in intents and not any(t.value is not None for t in terms_in(request.text)):
        return None
    asked = read_asked(request, desk)
    certain = (
        asked.plain
        or asks_for_share(request.text)
        or asked.elliptic
        or "difference" in intents
        or request.intents == ("lookup",)
    )
    return asked.query if certain else None


@dataclass(frozen=True)
class Prepared:
    """A question on figures with what was found for it."""

    asked: Asked
    hits: tuple[Hit, ...]
    figures: Sequence[Figure]
    fits: Sequence[Fit]


def prepared(request: Request, gathered: Gathered, desk: Desk) -> Prepared | None:
    """The figures found for a question, the best fitting first; None where it asks for none."""
    query = figure_query(request, desk)
    if query is None or ("baselines" in request.intents and asks_for_names(request.text)):
        return None
    asked = read_asked(request, desk)
    hits = gathered.search(query=query, submission=request.submission, kinds=FIGURE_KINDS)
    # Where the paper itself is held, notes do not stand in for it.
    unwanted = {"notes"} if any(h.passage.kind == "paper" for h in hits) else set()
    hits = tuple(
        h
        for h in hits
        if h.passage.aspect not in _UNWANTED
        and h.passage.locator.section != "Scores"
        and h.passage.kind not in unwanted
    )
    figures = figures_in([h.passage for h in hits])
    return Prepared(asked, hits, figures, fit_figures(figures, asked, {h.passage.id: h.cosine or 0.0 for h in hits}))


def answer(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the figures found answer; empty where they do not, and the question is for another section."""
    held = prepared(request, gathered, desk)
    if held is None:
        return []
    asked, hits, figures, fits = held.asked, held.hits, held.figures, held.fits
    names = unspoken_names(asked.text, hits, asked.names) if hits and not request.unknown_paper else []
    paper = desk.paper(request.submission)
    names = [name for name in names if paper is None or not is_short_for(name, paper.title)]
    if names:
        return nothing_said_of(names, hits)
    if not fits or not (asked.new or asked.old):
        return []
    if lines := told_together(asked, figures, desk):
        return lines
    # "How far behind that is it on B?" is a comparison made elsewhere, and no two values told elsewhere.
    elsewhere = same_elsewhere(asked, figures, told_before(desk))
    if elsewhere and not (asked.compares and followed(asked, figures, desk)):
        return elsewhere
    if _sets_against(request, asked) and (lines := set_against(asked, fits, figures, hits, desk)):
        return lines
    if elsewhere:
        return elsewhere
    missing = _missing(asked, hits, figures) or _missing_there(asked, fits)
    if missing:
        return _does_not_occur(missing, asked, fits)
    best = fits[0]
    telling = asked.plain or (
        best.share >= SURE_SHARE and (best.figure.cell is not None or any(t.hard for t in asked.new))
    )
    least = LEAST_WHOLE if _SEVERAL.search(asked.text) else LEAST_SHARE
    if not telling or (best.share < least and not (asked.elliptic and best.whole >= LEAST_WHOLE)):
        return []
    if asked.form == "check":
        return _checked(asked, fits, desk) or _values(fits, asked)
    if asked.form == "difference":
        return _of_each(fits, asked)
    if asked.form in ("best", "worst"):
        return ends(asked, fits) or _values(fits, asked)
    if asked.form == "trend":
        return trend(asked, fits) or _values(fits, asked)
    return _values(fits, asked)


def _sets_against(request: Request, asked: Asked) -> bool:
    """Whether a message sets figures against each other, or against a change that it supposes."""
    if _ASKS_VALUES.search(asked.text) and not asked.compares and not asks_for_share(asked.text):
        return False
    if (
        request.intents == ("difference",)
        or ("difference" in request.intents and asked.compares)
        or asks_for_share(asked.text)
        or asks_for_two_changes(asked.text)
        or COMPARABILITY.search(asked.text)
    ):
        return True
    allowed = (ANSWERS | SOMETIMES) if is_on_figures_alone(asked.text) else OF_FIGURES
    return set(request.intents) <= allowed and (
        asked.compares or any(number.change for number in supposed_in(asked.text))
    )


def _checked(asked: Asked, fits: Sequence[Fit], desk: Desk) -> list[DraftSentence]:
    """What speaks for or against a figure that the question supposes: who gives it, or the sum of the last answer worked out anew."""
    if any(t.value is not None for t in asked.new):
        return quoted_claims(asked, fits)
    figures = [fit.figure for fit in fits]
    cited = {c.passage_id for c in desk.last.answer.citations.values()} if desk.last is not None else set()
    passages = {f.passage.id: f.passage for f in figures if f.passage.id in cited}
    sums = [check_in_sentence(p, figures, asked) for p in passages.values()]
    return [s for s in sums if s is not None]


def _values(fits: Sequence[Fit], asked: Asked) -> list[DraftSentence]:
    """The best fitting figures, each once, and the column of the first."""
    best = fits[0]
    chosen: list[Fit] = []
    seen: set[str] = set()
    several = bool(_SEVERAL.search(asked.text))
    close, most = (CLOSE_OF_SEVERAL, MOST_OF_SEVERAL) if several else (CLOSE, MOST)
    for fit in fits:
        if fit.score < best.score - close or len(chosen) >= most:
            break
        if several and best.figure.measures and not of_quantity(fit.figure.measures, best.figure.measures):
            continue
        key = f"{fit.figure.passage.id}:{fit.figure.sentence or fit.figure.bound}"
        if fit.figure.passage.kind == "notes":
            key = fit.figure.passage.id
        if key not in seen:
            seen.add(key)
            chosen.append(fit)
    sentences = [told(fit.figure) for fit in chosen]
    cell = best.figure.cell
    if (
        cell is not None
        and holds_any(terms_in(cell.column), asked.names)
        and not holds_any(terms_in(cell.row), asked.names)
    ):
        return [*sentences, *row_told(best.figure, paragraph=1)]
    return [*sentences, *column_told(best.figure, [fit.figure for fit in chosen], paragraph=1)]


def _of_each(fits: Sequence[Fit], asked: Asked) -> list[DraftSentence]:
    """The best figure for each name of the question, where it sets several side by side."""
    names = [t for t in asked.new if t.hard and t.value is None]
    best = [next((fit for fit in fits if holds(fit.figure.own, t)), None) for t in names]
    found = list({id(fit): fit for fit in best if fit is not None}.values())
    if len(found) < 2:
        return _values(fits, asked)
    return list({line.text: line for line in (told(fit.figure) for fit in found)}.values())


def _missing_there(asked: Asked, fits: Sequence[Fit]) -> list[Term]:
    """The settings of a question for one value that no figure of the names beside them has: "4 bits" of "ResNet-18 at 4 bits"."""
    settings = [t for t in asked.new if t.value is not None and t.key in ("bit", "%", "x")]
    names = [t for t in asked.new if t.hard and t.value is None and not holds(asked.names, t)]
    if asked.form != "value" or len(settings) != 1 or not names:
        return []
    of_names = [fit for fit in fits if all(borne(t, fit.figure) for t in names)]
    there = any(borne(settings[0], fit.figure) or fit.figure.value == settings[0].value for fit in of_names)
    return settings if of_names and not there else []


def _missing(asked: Asked, hits: Sequence[Hit], figures: Sequence[Figure]) -> list[Term]:
    """The names and settings of the question that no passage found speaks of, and the quantities that none measures."""
    measured = [f.measures for f in figures]
    held = [
        terms_in(f"{h.passage.text} {h.passage.context} {h.passage.where or ''} {h.passage.locator.section or ''}")
        for h in hits
    ]
    supposed = {number.value for number in supposed_in(asked.text) if number.change}
    return [
        t
        for t in asked.new
        if t.value not in supposed
        and (t.key in _TELLING or (t.hard and (re.search(r"\d", t.key) or t.key in ("%", "bit", "x")))) and not holds(asked.names, t)
        and not any(holds(terms, t) for terms in (measured if t.key in _TELLING else held))
    ]  # fmt: skip


def _does_not_occur(missing: Sequence[Term], asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """That a setting or a name does not occur, and the figures of the nearest ones that do."""
    words = " and ".join(_in_words(t, asked.text) for t in missing)
    said = [say(f"The sources give no figure for {words}.", "abstention")]
    near = settings_near(fits, missing[0]) if missing[0].value is not None else []
    near = near or [fit for fit in fits if fit.share > 0][:MOST]
    if near:
        said.append(say("The nearest figures that they do give:", paragraph=1))
        lines = [told(fit.figure, paragraph=1) for fit in near]
        said += list({line.text: line for line in lines}.values())
    return said


def _in_words(term: Term, text: str) -> str:
    """A term as the message writes it."""
    if term.key in _TELLING:
        return term.key.strip("<>")
    if term.value is None:
        return next((w for w in re.findall(r"[\w:.-]+", text) if holds(terms_in(w), term)), term.key)
    number = f"{term.value:g}"
    return {"%": f"{number} %", "x": f"{number}x", "bit": f"{number} bits"}.get(term.key, number)
