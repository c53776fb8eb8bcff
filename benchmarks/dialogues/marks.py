"""The marks of one turn: whether it was answered rightly, and what in the answer no source bears.

Nothing here looks at how the assistant checks itself: all is read anew from the answer, its citations and the record.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.events import Answer, Citation, Sentence
from benchmarks.dialogues.conversing import Said
from benchmarks.dialogues.numbers import wrong_numbers
from benchmarks.dialogues.people import named_reviewers, score_texts, wrong_reviewers, wrong_scores
from benchmarks.dialogues.scripts import Gold, Turn, is_at
from benchmarks.dialogues.stances import CAVEAT, declines, does, is_silent, refuses
from benchmarks.dialogues.support import is_supported
from benchmarks.dialogues.words import copied_share, k_precision
from knowledge.types import Review, Submission

DECLINING = ("silent", "notestable", "courtesy", "clarify")
"""Acts with which an answer that declines does right."""


@dataclass(frozen=True)
class Marks:
    """What was found in one turn. Tuples hold the faults in words; None means that a measure does not apply."""

    right: bool
    reasons: tuple[str, ...]
    needless_refusal: bool = False
    factual: int = 0
    unsupported: tuple[str, ...] = ()
    wrong_numbers: tuple[str, ...] = ()
    wrong_reviewers: tuple[str, ...] = ()
    wrong_scores: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    precision: float | None = None
    recall: float | None = None
    k_precision: float | None = None
    copied: float | None = None
    struck: int = 0


@dataclass(frozen=True)
class Surroundings:
    """What else an answer may rest on: the submissions at hand by id, and what the chair has said so far."""

    submissions: dict[str, Submission]
    asked: tuple[str, ...] = ()
    verdicts: tuple[dict[str, object], ...] = ()

    def reviews(self, citations: Sequence[Citation], fallback: str | None) -> Sequence[Review]:
        """The reviews of the submissions that a sentence cites, or of the one in question."""
        homes = dict.fromkeys(c.submission for c in citations) or [fallback]
        return [r for home in homes if home in self.submissions for r in self.submissions[home].reviews]


def mark(turn: Turn, said: Said, around: Surroundings) -> Marks:
    """The marks of a turn, but for contradictions, which are seen over the whole conversation."""
    answer = said.answer
    if answer is None:
        return Marks(False, (f"no answer: {said.failure}",))
    reasons = find_reasons(turn, said, answer)
    factual = [s for s in answer.sentences if is_factual(s, around, answer.submission)]
    found = [check_sentence(s, answer, around) for s in factual]
    unsupported, numbers, reviewers, scores = (tuple(x for part in found for x in part[i]) for i in range(4))
    texts = [citation.text for citation in answer.citations.values()]
    precision, recall = coverage(turn.gold, list(answer.citations.values()))
    return Marks(
        right=not reasons,
        reasons=tuple(reasons),
        needless_refusal=is_needless(turn, answer, right=not reasons),
        factual=len(factual),
        unsupported=unsupported,
        wrong_numbers=numbers,
        wrong_reviewers=reviewers,
        wrong_scores=scores,
        precision=precision,
        recall=recall,
        k_precision=k_precision(answer.text, texts),
        copied=copied_share(answer.text, texts),
        struck=len(answer.struck),
    )


def find_reasons(turn: Turn, said: Said, answer: Answer) -> list[str]:
    """Why an answer is not right; nothing for one that is."""
    reasons = [f"does not say /{p.pattern}/" for p in turn.expect if not p.search(said.read)]
    reasons += [f"says /{p.pattern}/" for p in turn.forbid if p.search(said.read)]
    verdict = said.verdict or bool(answer.verdicts)
    if not does(turn.act, answer, type=turn.type, verdict=verdict, proposed=said.proposed):
        reasons.append(f"is no answer of the act {turn.act}")
    return reasons


def is_needless(turn: Turn, answer: Answer, *, right: bool) -> bool:
    """Whether an answer declines though it should not, or speaks as a language model speaks of itself. To say that a
    certain person did not write of something counts where the answer is wrong."""
    own = re.sub(r"“[^”]*”", " ", answer.text)
    if re.search(r"\bas an? (?:AI|(?:large )?language model)\b", own, re.IGNORECASE):
        return True
    silent = declines(answer) or refuses(answer) or (answer.abstained and not right)
    return turn.act not in DECLINING and silent


def is_factual(sentence: Sentence, around: Surroundings, submission: str | None) -> bool:
    """Whether a sentence states something of a paper, its reviews or a run: it cites, or names a reviewer, or holds a
    figure, whatever kind it says it is. Headings, plain silence, and what would be run here are none."""
    if sentence.kind == "finding" or (not sentence.citations and sentence.text.startswith("Plan: ")):
        return False
    if sentence.citations or sentence.kind in ("fact", "run"):
        return not (sentence.text.rstrip().endswith(":") and not sentence.citations)
    if is_silent(sentence.text) or sentence.kind == "abstention":
        return False
    named = names_untold(sentence.text, around, submission)
    return named or bool(re.search(r"\d", re.sub(r"\b[A-Za-z]+-?\d\w*", "", sentence.text)))


def names_untold(text: str, around: Surroundings, submission: str | None) -> bool:
    """Whether a sentence names a reviewer of whom the chair has not spoken."""
    reviews = around.reviews((), submission)
    told = {named.reviewer for named in named_reviewers(" ".join(around.asked), reviews)}
    return any(named.reviewer not in told for named in named_reviewers(text, reviews))


def check_sentence(
    sentence: Sentence, answer: Answer, around: Surroundings
) -> tuple[list[str], list[str], list[str], list[str]]:
    """What is wrong with a factual sentence: unsupported, wrong numbers, reviewers, scores; each in words."""
    cited = [answer.citations[key] for key in sentence.citations if key in answer.citations]
    reviews = around.reviews(cited, answer.submission)
    text = CAVEAT.sub("", sentence.text)
    short = sentence.text if len(sentence.text) <= 160 else f"{sentence.text[:159]}…"
    scores = list(wrong_scores(text, reviews))
    numbers = find_wrong_numbers(text, sentence, cited, answer, around)
    people = [f"{name} in “{short}”" for name in wrong_reviewers(text, cited, reviews)] if not is_silent(text) else []
    return (
        find_unsupported(text, sentence, cited, around, answer.submission),
        [f"{n} in “{short}”" for n in numbers],
        people,
        scores,
    )


def find_wrong_numbers(
    text: str, sentence: Sentence, cited: Sequence[Citation], answer: Answer, around: Surroundings
) -> tuple[str, ...]:
    """Numbers of a sentence that stand neither in its passages and their labels nor, for one without any or on a run, in
    the chair's own words and in the runs. Scores are held against the record, by `wrong_scores`."""
    reviews = around.reviews(cited, answer.submission)
    counts = (len(reviews), len({c.reviewer for c in cited if c.reviewer}))
    sources = [f"{c.text} {c.label} {c.section or ''}" for c in cited] + score_texts(reviews)
    sources += [submission.title for submission in around.submissions.values()]
    runs = sentence.kind == "run" or not cited
    if runs:
        told = [json.dumps(v, ensure_ascii=False) for v in (*answer.verdicts, *around.verdicts)]
        sources += [*around.asked, *told]
        for submission in around.submissions.values():
            sources += [submission.record, *score_texts(submission.reviews)]
    return wrong_numbers(text, sources, reviewers=counts, rounded=runs)


def find_unsupported(
    text: str, sentence: Sentence, cited: Sequence[Citation], around: Surroundings, submission: str | None
) -> list[str]:
    """The sentence, where it is a statement of fact that its passages do not bear, or that cites none."""
    if not cited:
        loose = sentence.kind == "fact" or (sentence.kind != "run" and names_untold(text, around, submission))
        return [f"without citation: {sentence.text}"] if loose else []
    if sentence.kind == "judgement" or is_silent(text):
        return []
    homes = [around.submissions[c.submission] for c in cited if c.submission in around.submissions]
    names = [name for home in homes for r in home.reviews for name in (r.reviewer, *r.aliases)]
    context = " ".join([c.label for c in cited] + [t for h in homes for t in (h.title, *h.short_names)] + names)
    return [] if is_supported(text, [c.text for c in cited], context) else [sentence.text]


def coverage(gold: Sequence[Gold], cited: Sequence[Citation]) -> tuple[float | None, float | None]:
    """Precision: the share of cited passages that are gold; recall: the share of gold facts of which one is cited."""
    if not gold:
        return None, None
    hits = [[any(is_at(c.document, c.text, place) for place in g.places) for c in cited] for g in gold]
    precision = sum(any(row[i] for row in hits) for i in range(len(cited))) / len(cited) if cited else None
    return precision, sum(any(row) for row in hits) / len(gold)
