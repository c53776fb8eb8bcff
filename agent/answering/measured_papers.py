"""The figures of one quantity that a paper gives, for several papers side by side: each by itself, and no sums across them. Pure."""

from agent.answering import papers
from agent.answering.figure_words import told
from agent.answering.parts import say
from agent.asked_figures import Asked, own_names, terms_asked
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.figures import figures_in
from agent.fitting import fit_figures, of_quantity
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from agent.terms import Term, terms_in
from knowledge.types import Passage

MOST = 3
KINDS = ("paper", "notes", "response")


def measured_in(text: str) -> tuple[Term, ...]:
    """The quantities that a comparison of papers asks for: speed, accuracy, size."""
    return tuple(t for t in terms_in(text) if t.key.startswith("<"))


def figures_of_one(request: Request, gathered: Gathered, desk: Desk, file: ReviewFile | None) -> list[DraftSentence]:
    """The figures of the quantity asked for that stand in one paper or its discussion, the best fitting first."""
    wanted = measured_in(request.text)
    own = [s for s in gathered.searched if s.arguments.get("submission") == request.submission]
    hits = {h.passage.id: h for s in own for h in s.hits if h.passage.kind in KINDS}
    passages: list[Passage] = [h.passage for h in hits.values()]
    figures = [f for f in figures_in(passages) if of_quantity(f.measures, wanted) and (f.unit or "." in f.written)]
    names = own_names(desk.paper(request.submission))
    text = request.topic or request.text
    asked = Asked("value", terms_asked(text) or wanted, text=text, query=text, names=names)
    fits = fit_figures(figures, asked, {identity: h.cosine or 0.0 for identity, h in hits.items()})
    lines = list({line.text: line for line in (told(fit.figure) for fit in fits)}.values())[:MOST]
    if lines:
        return lines
    found = papers.lookup(request, gathered, desk)
    if found[0].kind == "abstention" and len(found) > 1:
        return [say("No figure for just that was found; nearest to it:"), *found[2:4]]
    return found[:MOST]
