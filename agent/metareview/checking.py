"""What a meta-review still lacks, checked on the text as it stands, the chair's changes included. Pure.

A finding names the rule that it breaks, the section and what to do. Sentences of the chair are held to the same rules.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from agent.answering.carrying import RATINGS_ALONE
from agent.answering.parts import listed
from agent.checks import NUMBER, check_numbers, check_quotes
from agent.cues import content_words
from agent.events import Citation
from agent.metareview.keeping import MetaReview
from agent.metareview.scored import SIDE, by_average, by_scores_alone
from agent.metareview.sections import Matter, Outline
from agent.metareview.text import citations_in, count_words, runs_in, sentences, without_marks
from agent.run_checks import check_run_numbers
from knowledge.types import DocumentKind, Locator, Passage

Rule = Literal[
    "short", "unaddressed", "disagreement", "average", "reason", "undecided", "citation", "reviewer", "verdict", "number",
    "quotation", "mark", "conflict", "other side",
]  # fmt: skip
LEAST_WORDS, LEAST_REASON = 100, 7
SPOKEN = 0.6
"""The share of a concern's words from which on two sentences speak of it without citing it."""
LEAST_SHARED, NAMED = 2, 0.25
"""The words of a concern, and the share of them, from which on a sentence that cites it speaks of it."""
_REASON = re.compile(
    r"\b(?:since|because|as|for|given|due to|reasons?|weigh\w*|outweigh\w*|concern\w*|therefore|although|despite|against|speaks?|stands?|lacks?|missing|strengths?|weakness\w*)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:papers?|methods?|approach\w*|authors?|reviewers?|reviews?|submission|experiments?|results?|baselines?|accuracy|novelty|comparison\w*|evaluation|theor\w+|writing|tables?|figures?)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:I|my|we|our) \w+|^(?:in my|on balance|overall|undecided|recommendation|the chair|in the chair's words|for it speaks|against it stands?)\b|\bthe chair('s)?\b",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"\b(?:no|nothing|none|not|neither|every|further)\b.*\b(?:record|found|stated|test|reviews?|none|name)\b|\bmissing\b|^undecided\b",
    re.IGNORECASE,
)
_OWN_SECTIONS = ("chair", "integrity")
_WEIGHS = re.compile(
    r"\b(?:differ\w*|disagree\w*|while|whereas|weigh\w*|outweigh\w*|in contrast|but|on the other hand|contrary|side with|agree with)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Lack:
    """One thing that is still lacking: by which rule, in which section ("" for the whole), and what it is."""

    rule: Rule
    section: str
    what: str


def check(review: MetaReview) -> tuple[Lack, ...]:
    """Everything that a meta-review lacks, what concerns the decision first."""
    texts, outline = review.text, review.draft.outline
    whole = "\n\n".join(texts.values())
    found: list[Lack] = [
        *_decision(review, texts, outline),
        *_conflicts(review),
        *_concerns(review, texts),
        *_disagreements(review, texts),
        *_verdicts(outline, whole),
        *_reviewers(outline, whole),
        *_length(outline, whole),
    ]
    for section, text in texts.items():
        for sentence in sentences(text):
            found += _sentence(section, sentence, review)
    return tuple(dict.fromkeys(found))


def _decision(review: MetaReview, texts: Mapping[str, str], outline: Outline) -> Iterator[Lack]:
    text = texts.get("recommendation", "")
    words = without_marks(text)
    side = SIDE.search(words)
    if not outline.decision and not (
        side and "recommendation" in review.parts and review.parts["recommendation"].edited
    ):
        alone = ", and by the ratings alone, so say what carries it" if RATINGS_ALONE in words.lower() else ""
        what = f"State your decision: the draft only leans, it does not decide{alone}"
        yield Lack("undecided", "recommendation", what)
    argued = [s for s in sentences(text) if _REASON.search(s) and (citations_in(s) or runs_in(s) or _argues(s))]
    argued = [s for s in argued if not by_scores_alone(without_marks(s)) and not by_average(without_marks(s))]
    if side and not argued:
        yield Lack("reason", "recommendation", "Give the reason for the recommendation")
    decided = (
        "reject" if "reject" in (outline.decision or "") else "accept" if "accept" in (outline.decision or "") else ""
    )
    own = _own_words(review)
    if decided and outline.lean in ("accept", "reject") and outline.lean != decided and not own:
        yield Lack(
            "other side",
            "recommendation",
            f"The record alone leans to {outline.lean}; say in your own words why you decide to {decided}",
        )


def _own_words(review: MetaReview) -> bool:
    """Whether the chair has written into the recommendation."""
    return "recommendation" in review.parts and review.parts["recommendation"].edited


def _argues(sentence: str) -> bool:
    """Whether a sentence gives a reason itself, and does not only announce some."""
    return count_words(sentence) >= LEAST_REASON and "reasons that follow" not in sentence


def _conflicts(review: MetaReview) -> Iterator[Lack]:
    for name, part in review.parts.items():
        for conflict in part.conflicts:
            yield Lack(
                "conflict",
                name,
                f"Choose between your words and the draft's: “{_short(conflict.now or conflict.before)}”",
            )


def _concerns(review: MetaReview, texts: Mapping[str, str]) -> Iterator[Lack]:
    """What a holder of a concern says that is nowhere told: neither cited by a sentence that speaks of it, nor said
    without a mark. A mark in a sentence on something else tells nothing."""
    numbers = {c.passage_id: n for n, c in review.draft.citations.items()}
    told = {name: sentences(text) for name, text in texts.items()}
    left: dict[str, list[str]] = {}
    for concern in review.draft.outline.concerns:
        marks = {numbers[p] for p in concern.passages if p in numbers}
        cited = (s for said in told.values() for s in said if marks & set(citations_in(s)))
        if not any(_names(s, concern) for s in cited) and not any(_says(said, concern) for said in told.values()):
            matter, _, holder = concern.name.rstrip(")").partition(" (")
            left.setdefault(matter, []).append(holder)
    for matter, holders in left.items():
        whose = f" ({listed(holders)})" if any(holders) else ""
        yield Lack("unaddressed", "concerns", f"The concern about {matter}{whose} is not spoken of")


def _words(text: str) -> set[str]:
    return {w.rstrip("s") for w in content_words(text)}


def _names(sentence: str, concern: Matter) -> bool:
    """Whether a sentence names the matter of a concern or some of its words."""
    held, wanted = _words(without_marks(sentence)), _words(concern.words)
    matter = _words(concern.name.partition(" (")[0])
    shared = len(wanted & held)
    return (bool(matter) and matter <= held) or shared >= min(len(wanted), max(LEAST_SHARED, NAMED * len(wanted))) > 0


def _says(said: Sequence[str], concern: Matter) -> bool:
    """Whether two sentences in a row say most of what a concern says."""
    wanted = _words(concern.words)
    pairs = (" ".join(said[n : n + 2]) for n in range(len(said)))
    return bool(wanted) and any(len(wanted & _words(without_marks(p))) / len(wanted) >= SPOKEN for p in pairs)


def _disagreements(review: MetaReview, texts: Mapping[str, str]) -> Iterator[Lack]:
    """Disagreements without a sentence that sets both sides against each other."""
    numbers = {c.passage_id: n for n, c in review.draft.citations.items()}
    told = [s for text in texts.values() for s in sentences(text)]
    for matter in review.draft.outline.disagreements:
        sides = {numbers.get(p, "?") for p in matter.passages}
        if not any(sides <= set(citations_in(s)) and _WEIGHS.search(s) for s in told):
            yield Lack("disagreement", "reviewers", f"Weigh the disagreement on {matter.name}")


def _verdicts(outline: Outline, whole: str) -> Iterator[Lack]:
    for verdict in outline.verdicts:
        if not any(digest.startswith(mark) for digest in verdict.runs for mark in runs_in(whole)):
            yield Lack("verdict", "tests", f"Say what the run on “{_short(verdict.name)}” showed, and with which scope")


def _reviewers(outline: Outline, whole: str) -> Iterator[Lack]:
    for name, aliases in outline.reviewers.items():
        if not any(
            re.search(rf"(?<!\w){re.escape(called)}(?!\w)", whole, re.IGNORECASE) for called in (name, *aliases)
        ):
            yield Lack("reviewer", "reviewers", f"{name} is not mentioned")


def _length(outline: Outline, whole: str) -> Iterator[Lack]:
    words = count_words(whole)
    if words < LEAST_WORDS and outline.reviewers:
        yield Lack("short", "", f"{words} words are few: venues ask for at least {LEAST_WORDS}")


def _sentence(section: str, sentence: str, review: MetaReview) -> Iterator[Lack]:
    """What a single sentence lacks."""
    bare, outline = without_marks(sentence), review.draft.outline
    if by_average(bare):
        yield Lack("average", section, f"An average of scores is no reason: “{_short(bare)}”")
    elif section not in _OWN_SECTIONS and by_scores_alone(bare):
        yield Lack("average", section, f"Scores alone are no reason: “{_short(bare)}”")
    marks = citations_in(sentence)
    unknown = [f"[{n}]" for n in marks if n not in review.draft.citations]
    unknown += [f"[run {r}]" for r in runs_in(sentence) if not any(d.startswith(r) for d in outline.run_texts)]
    if unknown:
        yield Lack("mark", section, f"{', '.join(unknown)} points to nothing: “{_short(bare)}”")
    if section in _OWN_SECTIONS:
        return
    cited = [_passage(review.draft.citations[n]) for n in marks if n in review.draft.citations]
    runs = [t for r in runs_in(sentence) for d, t in outline.run_texts.items() if d.startswith(r)]
    if not cited and not runs and _states(bare, review):
        yield Lack("citation", section, f"Nothing is cited for “{_short(bare)}”")
    # A number of the chair's own, such as a rating stated in the conversation, is borne by that.
    if runs and not cited:
        wrong = check_run_numbers(bare, [*runs, outline.stated])
    else:
        wrong = check_numbers(
            bare, [*cited, _passage_of(outline.stated, "chair")] + [_passage_of(t, "run") for t in runs]
        )
    if wrong and NUMBER.search(bare):
        where = (
            wrong.replace("the cited passage", "the passages that it cites")
            if cited
            else wrong.replace("the cited passage", "any source that it cites")
        )
        yield Lack("number", section, f"{where}: “{_short(bare)}”")
    quoted = check_quotes(bare, [*cited, _passage_of(outline.stated, "chair"), *(_passage_of(t, "run") for t in runs)])
    if quoted:
        yield Lack("quotation", section, quoted)


def _states(bare: str, review: MetaReview) -> bool:
    """Whether a sentence without a source says something of the paper or the record, rather than judge or be silent."""
    if bare in review.draft.kinds and review.draft.kinds[bare] != "fact":
        return False
    names = any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", bare) for n in review.draft.outline.reviewers)
    if names:
        return True
    return bool(_CLAIM.search(bare)) and not _OWN.search(bare) and not _SILENT.search(bare)


def _passage(cited: Citation) -> Passage:
    """A citation as the passage that it resolved."""
    place = Locator(cited.submission, cited.document, cited.section, cited.start, cited.end, cited.page)
    kind = cast(DocumentKind, cited.kind)  # a citation is kept as JSON, its kind as plain text
    return Passage(cited.passage_id, cited.text, place, kind, reviewer=cited.reviewer, where=cited.label)


def _passage_of(text: str, name: str) -> Passage:
    return Passage(name, text, Locator("", name, None, 0, len(text)), "comment")


def _short(text: str, length: int = 80) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
