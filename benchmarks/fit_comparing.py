"""Fit the weights by which `agent.answering.contrasts` scores pairs of figures, and say how well they answer held-out papers.

    python -m benchmarks.fit_comparing              leave one paper out in turn, measure, then fit on all and write the weights
    python -m benchmarks.fit_comparing --measure    the answers to all questions with the weights as they are

A question's pairs compete with each other and with "none is meant", which has the score 0; the loss is the negative log of the
share of those that the question means, with a ridge, minimised by L-BFGS. Nothing is drawn, so the weights are the same every time.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from agent.answering import contrasts
from agent.answering.contrast_candidates import pairs_of, view_of
from agent.answering.contrast_features import features
from agent.answering.contrasts import WEIGHTS, sides_of
from agent.answering.gaps import asks_where
from agent.answering.numbers import prepared
from agent.answering.setting_against import told_before
from agent.figures import Figure
from benchmarks.comparing_set import FOLDER, Conversation, Question, asked_in_order, is_right, load, sums_in

RIDGE = 0.1
ROUNDS = 120
FOLDS = 5
LEVELS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Case:
    """The pairs of one question: the measures of each, and which of them the question means (none: a silent question)."""

    paper: str
    text: str
    rows: list[dict[str, float]]
    meant: list[bool]

    @property
    def answerable(self) -> bool:
        return any(self.meant)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--quick", action="store_true", help="fit on all without leaving papers out")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where imports are kept")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    conversations = load(options.cache)
    if not options.measure:
        cases = [case for conversation in conversations for case in cases_of(conversation)]
        if not options.quick:
            report(left_out(cases))
        weights = fit(cases)
        told = {"digest": digest(), "weights": {name: round(value, 3) for name, value in sorted(weights.items())}}
        WEIGHTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        contrasts.weights.cache_clear()
    measure(conversations)
    return 0


def left_out(cases: Sequence[Case]) -> list[tuple[float, bool, bool]]:
    """What becomes of each question by weights that were fitted without its paper, a fifth of the papers at a time."""
    names = list(dict.fromkeys(case.paper for case in cases))
    found: list[tuple[float, bool, bool]] = []
    for start in range(FOLDS):
        out = set(names[start::FOLDS])
        weights = fit([case for case in cases if case.paper not in out])
        found += [outcome(case, weights) for case in cases if case.paper in out]
    return found


def digest() -> str:
    """The SHA-256 of what the weights are fitted on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.txt")))).hexdigest()


def cases_of(conversation: Conversation) -> list[Case]:
    """The questions of a conversation as pairs to choose from, each with what was told before it."""
    found: list[Case] = []
    for question, request, desk, gathered, _ in asked_in_order(conversation, taught=True):
        held = prepared(request, gathered, desk)
        if held is None or not question.compares:
            continue
        view, candidates = view_of(held.asked, held.fits, told_before(desk))
        pairs = [(one.figure, other.figure) for one, other in pairs_of(candidates)]
        rows = [features(one, other, view) for one, other in pairs_of(candidates)]
        found.append(Case(conversation.name, question.text, rows, meant_of(question, pairs)))
    return found


def meant_of(question: Question, pairs: Sequence[tuple[Figure, Figure]]) -> list[bool]:
    """Which pairs a question means; of one that asks where a change is largest, the change at any place."""
    wanted = {frozenset(pair) for pair in question.pairs}
    meant = [frozenset((a.value, b.value)) in wanted for a, b in pairs]
    if not asks_where(question.text):
        return meant
    sides = {sides_of(a, b) for (a, b), right in zip(pairs, meant, strict=True) if right}
    return [
        right or bool(sides_of(a, b) and sides_of(a, b) in sides) for (a, b), right in zip(pairs, meant, strict=True)
    ]


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """The weights of the measures."""
    names = sorted({name for case in cases for row in case.rows for name in row})
    place = {name: n for n, name in enumerate(names)}
    held = []
    for case in cases:
        if not case.rows:
            continue
        given = torch.zeros(len(case.rows) + 1, len(names))
        for n, row in enumerate(case.rows):
            for name, value in row.items():
                given[n, place[name]] = value
        held.append((given, torch.tensor([*case.meant, not case.answerable])))
    weights = torch.zeros(len(names), requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        shares = [
            torch.logsumexp(s[right], 0) - torch.logsumexp(s, 0) for s, right in ((g @ weights, r) for g, r in held)
        ]
        total = -torch.stack(shares).sum() + RIDGE / 2 * (weights**2).sum()
        total.backward()
        return total

    search.step(loss)
    return dict(zip(names, weights.tolist(), strict=True))


def outcome(case: Case, weights: Mapping[str, float]) -> tuple[float, bool, bool]:
    """How sure the best pair is, whether it is meant, and whether any is."""
    if not case.rows:
        return 0.0, False, case.answerable
    scores = torch.tensor([sum(weights.get(n, 0.0) * v for n, v in row.items()) for row in case.rows] + [0.0])
    shares = torch.softmax(scores, 0)
    best = int(scores[:-1].argmax())
    return float(shares[best]), case.meant[best], case.answerable


def report(outcomes: Sequence[tuple[float, bool, bool]]) -> None:
    """What each level of confidence lets through, on papers that the weights had not seen."""
    meant = sum(answerable for *_, answerable in outcomes)
    print(f"papers left out: {len(outcomes)} questions, {meant} with figures that answer them")
    print("| told from | told | right | told where there is nothing |\n|---|---|---|---|")
    for level in (0.0, *LEVELS):
        told = [(right, answerable) for sure, right, answerable in outcomes if sure >= level]
        print(f"| {level} | {len(told)} | {sum(r for r, _ in told)} | {sum(not a for _, a in told)} |")


def measure(conversations: Sequence[Conversation]) -> None:
    """How many questions are answered rightly, and how many by sums of other figures."""
    right = wrong = count = 0
    for conversation in conversations:
        for question, *_, answer in asked_in_order(conversation):
            if not question.compares:
                continue
            good = is_right(question, answer.text)
            count, right, wrong = count + 1, right + good, wrong + (not good and bool(sums_in(answer.text)))
            if not good:
                print(f"  {conversation.name}: {question.text} -> {sums_in(answer.text)}, meant {question.pairs}")
    print(f"{right} of {count} right, {wrong} with other sums")


if __name__ == "__main__":
    sys.exit(main())
