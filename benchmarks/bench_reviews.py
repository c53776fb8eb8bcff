"""How well the authors' replies are linked to the reviewers' points.

    python -m benchmarks.bench_reviews [--half reporting] [--errors]

Made threads come with the tests. The real ones are read from the folder that SECOND_OPINION_REAL names and skipped
where it is not set; their labels hold no words of theirs. Everything is printed as Markdown. What is reported is
measured on the half of the threads that nothing was tuned on.
"""

import argparse
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bench_retrieval import print_table
from benchmarks.review_labels import GoldPoint, GoldThread, Span, load_threads
from knowledge.discussion.judging import judge_by, sentence_embedder
from knowledge.discussion.manners import ORDER, read_manners
from knowledge.discussion.pairing import Embed
from knowledge.discussion.points import Judge
from knowledge.embedding import MiniLM
from knowledge.reviews import Discussion, ReviewPoint, read_discussion
from tests.knowledge.made_reviews import load_made

VARIABLE = "SECOND_OPINION_REAL"
STATUSES = ("answered", "possibly answered here", "not answered")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("tuning", "reporting"), default="reporting")
    parser.add_argument("--errors", action="store_true", help="list the sure links that are wrong, by their places")
    options = parser.parse_args()
    parts = {"made": load_made(options.half)}
    if folder := os.environ.get(VARIABLE):
        parts["real"] = load_threads(Path(folder), options.half)
    else:
        print(f"The real threads are skipped: set {VARIABLE} to the folder that holds them.\n")
    with tempfile.TemporaryDirectory() as home:
        model = MiniLM(Path(home))
        embedded = sentence_embedder(model)
        assert embedded is not None
        judge = judge_by(embedded[0])
        counts = {name: measure(threads, model.embed, judge) for name, threads in parts.items()}
    head = ("threads", "count", "points", "found", "sure: precision", "recall", "all: precision", "recall", "not answered: precision", "recall", "settled: precision", "recall")  # fmt: skip
    print_table(head, [row(name, len(parts[name]), count) for name, count in counts.items()])
    ways = [(name, share(*count.manners), share(*count.manners_found)) for name, count in counts.items()]
    print_table(("how they answer", "main way right", "labelled main way among those read"), ways)
    for name, count in counts.items():
        by_evidence = [(kind, share(right, total)) for kind, (right, total) in sorted(count.evidence.items())]
        print_table((f"sure links by evidence, {name}", "precision"), by_evidence)
    if options.errors:
        for count in counts.values():
            print("\n".join(count.errors))


@dataclass
class Count:
    """What was counted: pairs are (right, all that were claimed) or (found, all that there were)."""

    points: int = 0
    found: int = 0
    sure: list[int] = field(default_factory=lambda: [0, 0])
    sure_found: list[int] = field(default_factory=lambda: [0, 0])
    links: list[int] = field(default_factory=lambda: [0, 0])
    links_found: list[int] = field(default_factory=lambda: [0, 0])
    silent: list[int] = field(default_factory=lambda: [0, 0])
    silent_found: list[int] = field(default_factory=lambda: [0, 0])
    settled: list[int] = field(default_factory=lambda: [0, 0])
    settled_found: list[int] = field(default_factory=lambda: [0, 0])
    manners: list[int] = field(default_factory=lambda: [0, 0])
    manners_found: list[int] = field(default_factory=lambda: [0, 0])
    evidence: dict[str, list[int]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def measure(threads: Iterable[GoldThread], embed: Embed, judge: Judge) -> Count:
    """Counts over threads. A link is right where the reply overlaps a labelled answer to the point by half of the shorter
    of the two; a labelled point counts as the worst-answered of the points found in it."""
    count = Count()
    for thread in threads:
        discussion = read_discussion(thread.submission, embed, judge)
        texts = {document.id: document.text for document in thread.submission.documents}
        for gold in thread.points:
            if gold.status != "skip":
                measure_point(count, thread, gold, discussion)
                measure_manners(count, gold, texts)
    return count


def measure_point(count: Count, thread: GoldThread, gold: GoldPoint, discussion: Discussion) -> None:
    points = [p for p in discussion.points if p.wants_reply and meet(gold.span, (p.document, p.start, p.end))]
    answers = [discussion.answers[point.id] for point in points]
    count.points += 1
    count.found += bool(points)
    right_sure = right_any = False
    for point, answer in zip(points, answers, strict=True):
        for reply in answer.replies if answer.status != "not answered" else ():
            right = any(meet(span, (reply.document, reply.start, reply.end)) for span in rightly(thread, point))
            tally(count.links, right)
            right_any |= right
            if reply.sure:
                tally(count.sure, right)
                tally(count.evidence.setdefault(reply.evidence, [0, 0]), right)
                right_sure |= right
                if not right:
                    count.errors.append(f"{thread.file}: {point.id} -> {reply.document}:{reply.start}-{reply.end} ({reply.evidence}, {reply.fit:.2f})")  # fmt: skip
    if gold.status == "none":
        silent = bool(points) and all(answer.status == "not answered" for answer in answers)
        tally(count.silent_found, silent)
    else:
        tally(count.sure_found, right_sure)
        tally(count.links_found, right_any)
    if points and all(answer.status == "not answered" for answer in answers):
        tally(count.silent, gold.status == "none")
    measure_settled(count, gold, points, discussion)


def measure_settled(count: Count, gold: GoldPoint, points: Sequence[ReviewPoint], discussion: Discussion) -> None:
    said = {discussion.settled[p.id].verdict for p in points if p.id in discussion.settled} - {"unknown"}
    for verdict in said:
        tally(count.settled, verdict == gold.settled)
    if gold.settled:
        tally(count.settled_found, gold.settled in said)


def measure_manners(count: Count, gold: GoldPoint, texts: Mapping[str, str]) -> None:
    """Whether the main way in which the labelled replies answer is one that a person sees, and the person's main way is
    among those that are read. Read from the labelled replies, so that wrong links do not count twice."""
    if not gold.manners:
        return
    read = [manner.kind for document, a, b in gold.replies for manner in read_manners(texts[document], a, b)]
    tally(count.manners, min(read, key=ORDER.index) in gold.manners)
    tally(count.manners_found, gold.manners[0] in read)


def rightly(thread: GoldThread, point: ReviewPoint) -> list[Span]:
    """The labelled answers to a point."""
    own = (point.document, point.start, point.end)
    return [reply for gold in thread.points if meet(gold.span, own) for reply in gold.replies]


def meet(left: Span, right: Span) -> bool:
    """Whether two spans overlap by half of the shorter one."""
    common = min(left[2], right[2]) - max(left[1], right[1]) if left[0] == right[0] else 0
    return common > 0 and common >= 0.5 * min(left[2] - left[1], right[2] - right[1])


def tally(pair: list[int], hit: bool) -> None:
    pair[0] += hit
    pair[1] += 1


def share(right: int, total: int) -> str:
    return f"{right / total:.2f} ({right} of {total})" if total else "-"


def row(name: str, threads: int, count: Count) -> tuple[str, ...]:
    pairs = (count.sure, count.sure_found, count.links, count.links_found, count.silent, count.silent_found, count.settled, count.settled_found)  # fmt: skip
    return (name, str(threads), str(count.points), share(count.found, count.points), *(share(*pair) for pair in pairs))


if __name__ == "__main__":
    main()
