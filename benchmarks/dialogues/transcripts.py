"""Conversations as Markdown for reading by eye, and sentences with their passages for reading by hand."""

import random
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.dialogues.tables import Marked

SEED = 0


def write_transcripts(marked: Sequence[Marked], folder: Path) -> None:
    """One file a dialogue in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, turns in groupby(marked, key=lambda m: m.dialogue.name):
        (folder / f"{name}.md").write_text(transcript(list(turns)), encoding="utf-8")


def transcript(turns: Sequence[Marked]) -> str:
    """A conversation with the marks of each turn."""
    dialogue = turns[0].dialogue
    parts = [f"# {dialogue.name}\n\n{dialogue.about}\n\nPapers: {', '.join(dialogue.papers)}; half: {dialogue.half}\n"]
    for m in turns:
        mark = "right" if m.marks.right else "WRONG"
        read = f" (read as: {m.said.understood})" if m.said.understood else ""
        parts.append(
            f"## {m.number}. {m.turn.ask}\n\n*{m.turn.type}, {m.turn.act}, {m.said.seconds:.2f} s: {mark}*{read}\n"
        )
        parts += [f"- {line}" for line in faults(m)]
        parts.append(f"\n{shown(m)}\n")
    return "\n".join(parts)


def shown(m: Marked) -> str:
    """The answer with its marks of citation, verdicts above and the cited passages under it."""
    answer = m.said.answer
    if answer is None:
        return f"(no answer) {m.said.failure}"
    order = {key: number for number, key in enumerate(answer.citations, 1)}
    lines = [f"```text\n{card}\n```" for card in m.said.cards]
    for s in answer.sentences:
        marks = "".join(f"[{order[key]}]" for key in s.citations if key in order)
        lines.append(f"> {'- ' if s.bullet else ''}{s.text} {marks} `{s.kind}`".replace("\n", " "))
    passages = [f"[{order[key]}] {c.label}: {' '.join(c.text.split())}" for key, c in answer.citations.items()]
    return "\n\n".join(lines) + ("\n\n" + "\n\n".join(passages) if passages else "")


def faults(m: Marked) -> list[str]:
    """All that was found wrong in a turn, a line each."""
    marks = m.marks
    named = (
        ("", marks.reasons),
        ("unsupported: ", marks.unsupported),
        ("wrong number: ", marks.wrong_numbers),
        ("wrong reviewer: ", marks.wrong_reviewers),
        ("wrong score: ", marks.wrong_scores),
        ("contradiction: ", marks.contradictions),
    )
    lines = [f"{head}{line}" for head, found in named for line in found]
    lines += ["needless refusal"] if marks.needless_refusal else []
    answer = m.said.answer
    return lines + [f"struck: {line}" for line in (answer.struck if answer else ())]


def print_wrong(marked: Iterable[Marked]) -> None:
    """The turns with any fault, with the reasons."""
    for m in marked:
        if found := faults(m):
            print(f"{m.dialogue.name}, turn {m.number} ({m.turn.type}): {m.turn.ask}")
            print("".join(f"    {line}\n" for line in found), end="")
    print()


def write_sample(marked: Sequence[Marked], count: int, path: Path) -> int:
    """Write random cited sentences of fact, each with its passages, for a person to mark; how many there were."""
    held = [
        (m, s, [m.said.answer.citations[key] for key in s.citations if key in m.said.answer.citations])
        for m in marked
        if m.said.answer
        for s in m.said.answer.sentences
        if s.kind in ("fact", "judgement") and s.citations
    ]
    chosen = random.Random(SEED).sample(held, min(count, len(held)))
    parts = []
    for number, (m, sentence, cited) in enumerate(chosen, 1):
        passages = "".join(f"  - {c.label}: {' '.join(c.text.split())}\n" for c in cited)
        parts.append(f"{number}. [ ] {sentence.text}\n  ({m.dialogue.name}, turn {m.number})\n{passages}")
    path.write_text("\n".join(parts), encoding="utf-8")
    return len(chosen)
