"""Hold written dialogues with the assistant and count what it gets right and what no source bears.

    python -m benchmarks.eval_dialogues [--half tuning|reporting|all] [--model provider:name [--send]] [--only STEM ...]
        [--turns] [--transcripts FOLDER] [--sample-sentences N FILE] [--json FILE] [--lean] [--cache FOLDER]

Tables are Markdown, progress goes to stderr. Data folders, vectors and trained nets are kept in the cache, so that a
second evaluation asks at once. A model outside this machine is asked only with --send. The counting shares no code with the assistant's own checks.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from agent.conversation import Assistant
from agent.errors import UnknownModel
from agent.history import History
from agent.models import EMBEDDED, ModelChoice, choose_model
from agent.steering import Limits
from benchmarks.dialogues.conversing import Said, converse
from benchmarks.dialogues.leaning import VARIABLE, measure_leaning, print_leaning
from benchmarks.dialogues.marks import Surroundings, mark
from benchmarks.dialogues.material import Shelf, cache_folder, check_gold, passages_of, resolve
from benchmarks.dialogues.scripts import BadDialogue, Dialogue, load_dialogues
from benchmarks.dialogues.stances import Exchange, contradictions
from benchmarks.dialogues.support import THRESHOLD, calibrate, load_pairs
from benchmarks.dialogues.tables import Marked, print_tables, to_json, wilson
from benchmarks.dialogues.transcripts import print_wrong, write_sample, write_transcripts
from compression_demo.runs import RunStore
from knowledge.collection import Collection
from ui import settings


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    try:
        model = choose_model(options.model)
        if model.leaves_machine is not None:
            print(model.leaves_machine, file=sys.stderr)
            if not options.send:
                print("eval_dialogues: nothing was sent. Add --send if they may go there.", file=sys.stderr)
                return 2
        half = None if options.half == "all" or options.only else options.half
        dialogues = load_dialogues(half, options.only)
        shelf = Shelf(options.cache or cache_folder())
        marked = evaluate(dialogues, shelf, model)
    except (BadDialogue, UnknownModel) as error:
        print(f"eval_dialogues: {error}", file=sys.stderr)
        return 2
    report(marked, options)
    if options.lean:
        folder = os.environ.get(VARIABLE)
        if folder is None:
            print(f"Leaning: skipped, {VARIABLE} names no folder.")
        else:
            print_leaning(measure_leaning(Path(folder), shelf.cache, model, tell))
    return 0


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("tuning", "reporting", "all"), default="reporting")
    parser.add_argument("--model", default=EMBEDDED, help='"embedded" (default) or provider:name')
    parser.add_argument("--send", action="store_true", help="agree that text goes to a model outside this machine")
    parser.add_argument("--only", nargs="+", default=(), metavar="STEM", help="these dialogues, of either half")
    parser.add_argument("--turns", action="store_true", help="list the turns with any fault, and why")
    parser.add_argument("--transcripts", type=Path, metavar="FOLDER", help="write each conversation as Markdown")
    parser.add_argument("--sample-sentences", nargs=2, metavar=("N", "FILE"), help="write N random cited sentences")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every turn with its marks")
    parser.add_argument("--lean", action="store_true", help=f"also measure leaning, on the threads in {VARIABLE}")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="default: in the data or the temporary folder")
    return parser.parse_args(arguments)


def evaluate(dialogues: Sequence[Dialogue], shelf: Shelf, model: ModelChoice) -> list[Marked]:
    """Hold all dialogues; those with the same imports share a data folder and an assistant.

    Every dialogue is checked against its papers before the first question is asked. Whoever calls this has agreed to
    where the text goes.
    """
    ordered = sorted(dialogues, key=lambda d: (sorted(d.imports), d.name))
    groups = [list(group) for _, group in groupby(ordered, key=lambda d: tuple(sorted(set(d.imports))))]
    for group in groups:
        tell(f"preparing {', '.join(group[0].imports) or 'the bundled papers'}")
        collection, ids = shelf.open(group[0].imports)
        with collection:
            for dialogue in group:
                check_gold(dialogue, passages_of(collection, resolve(dialogue, ids, collection)))
    marked: list[Marked] = []
    for group in groups:
        collection, ids = shelf.open(group[0].imports)
        with collection, tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            keep_nets(home, shelf.cache)
            history = History(home)
            assistant = Assistant(collection, RunStore(home), history, model=model, limits=limits())
            assistant.warm_up()
            for dialogue in group:
                tell(f"{len(marked)} turns held; {dialogue.name}")
                marked += hold(dialogue, ids, assistant, collection, model.leaves_machine)
            history.close()
    tell("")
    return marked


def limits() -> Limits:
    """How far a language model may go in a turn: the product's settings."""
    chosen = settings.load()
    return Limits(chosen.turn_steps, chosen.turn_s, chosen.turn_tokens)


def keep_nets(home: Path, cache: Path) -> None:
    """Runs are made anew in every evaluation; the nets that they train are kept."""
    nets = cache / "nets"
    nets.mkdir(exist_ok=True)
    (home / "nets").symlink_to(nets.resolve(), target_is_directory=True)


def hold(
    dialogue: Dialogue, ids: dict[str, str], assistant: Assistant, collection: Collection, agreed: str | None
) -> list[Marked]:
    """One dialogue, with the marks of its turns; `agreed` is where its text may go."""
    papers = resolve(dialogue, ids, collection)
    said = converse(assistant, [turn.ask for turn in dialogue.turns], papers[0].id, agreed)
    submissions = {s.id: s for s in collection.submissions()}
    marked = []
    for index, (turn, one) in enumerate(zip(dialogue.turns, said, strict=True)):
        asked = tuple(t.ask for t in dialogue.turns[: index + 1])
        verdicts = tuple(v for before in said[:index] if before.answer for v in before.answer.verdicts)
        marks = mark(turn, one, Surroundings(submissions, asked, verdicts))
        marked.append(Marked(dialogue, index + 1, turn, one, marks))
    answered = [index for index, one in enumerate(said) if one.answer is not None]
    exchanges = [exchange(dialogue, index, said[index], submissions) for index in answered]
    for place, why in contradictions(exchanges):
        index = answered[place]
        told = (*marked[index].marks.contradictions, why)
        marked[index] = replace(marked[index], marks=replace(marked[index].marks, contradictions=told))
    return marked


def exchange(dialogue: Dialogue, index: int, said: Said, submissions: dict) -> Exchange:
    turn = dialogue.turns[index]
    assert said.answer is not None
    home = submissions.get(said.answer.submission)
    return Exchange(turn.ask, turn.type, said.answer, home.reviews if home else (), said.ran)


def report(marked: Sequence[Marked], options: argparse.Namespace) -> None:
    """Print what was counted and write what was asked for."""
    names = {m.dialogue.name for m in marked}
    right = sum(m.marks.right for m in marked)
    low, high = wilson(right, len(marked))
    print(
        f"{len(names)} dialogues, {len(marked)} turns, model {options.model}, half: {'-' if options.only else options.half}."
    )
    print(f"Right: {right} of {len(marked)} (95 % interval {low:.2f} to {high:.2f}, Wilson).\n")
    if marked:
        print_tables(marked)
    for name, pairs in zip(("set on", "reported on"), load_pairs(), strict=True):
        found = calibrate(pairs)
        print(
            f"“Unsupported” at a containment under {THRESHOLD}, {name} {found.pairs} labelled pairs: precision"
            f" {found.precision:.2f}, recall {found.recall:.2f}."
        )
    print()
    if options.model != EMBEDDED:
        print_struck(marked, options.model)
    if options.turns:
        print_wrong(marked)
    if options.transcripts:
        write_transcripts(marked, options.transcripts)
    if options.json:
        options.json.write_text(json.dumps(to_json(marked), ensure_ascii=False, indent=1), encoding="utf-8")
    if options.sample_sentences:
        count, file = options.sample_sentences
        written = write_sample(marked, int(count), Path(file))
        print(f"{written} sentences with their passages: {file}\n")


def print_struck(marked: Sequence[Marked], model: str) -> None:
    """What grounding struck from a language model's words, by reason, and where the embedded model answered instead."""
    own = [m for m in marked if m.said.answer and not m.said.answer.instead_of]
    instead = Counter(m.said.answer.instead_of for m in marked if m.said.answer and m.said.answer.instead_of)
    print(f"Its own answers: {len(own)} of {len(marked)} turns, {sum(m.marks.right for m in own)} of them right.\n")
    print("".join(f"- {number} times: {why}\n" for why, number in instead.most_common()))
    struck = [line for m in marked if m.said.answer for line in m.said.answer.struck]
    kept = sum(len(m.said.answer.sentences) for m in own if m.said.answer)
    print(f"Struck by grounding, {model}: {len(struck)} sentences, {kept} stood.\n\n| reason | sentences |\n|---|---|")
    for reason, number in Counter(line.rpartition('": ')[2] for line in struck).most_common():
        print(f"| {reason} | {number} |")
    print()


def tell(text: str) -> None:
    """The progress line."""
    end = "" if sys.stderr.isatty() else "\n"
    print(f"\r\033[K{text}" if not end else text, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
