"""Five conversations as they really run, written as Markdown.

    python -m benchmarks.show_dialogues > docs/dialogue.md

They are held with the embedded model over the bundled papers and over the fictional submissions of
`benchmarks/dialogues/submissions`; nothing is edited afterwards.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.conversation import Assistant
from agent.history import History
from agent.models import choose_model
from benchmarks.dialogues.conversing import Said, converse
from benchmarks.dialogues.material import Shelf, cache_folder
from benchmarks.eval_dialogues import keep_nets
from compression_demo.runs import RunStore

HEAD = """# Dialogues as they ran

Written by `python -m benchmarks.show_dialogues`, with the embedded model, nothing edited. A mark such as [1] is a button on
the page that opens the passage; here the cited passages stand under each answer, shortened. `Judgement` is the
assistant's weighing, everything else is what the sources or a run say. A verdict, on the page a card with a plot, stands
above its answer as the terminal writes it.
"""


@dataclass(frozen=True)
class Shown:
    """A conversation to hold: on a bundled submission by id, or on an imported one by the folder's name."""

    title: str
    paper: str
    asks: tuple[str, ...]
    imported: bool = False


CONVERSATIONS = (
    Shown(
        "A rejected paper, from the scores to the decision", "integral-pruning",
        ("Who stands where, and how sure are they?", "What do they all object to?", "Did the authors answer that?", "Which points are still open?", "Should I accept it?", "My decision: reject, confidence 4. Keep it."),
    ),
    Shown(
        "A thread of 2019: concern, answer, settled or not", "tidemark",
        ("Overview please.", "What does R1 object to?", "Is that true?", "What about R3's missing baseline?", "settled?", "What did they promise for the final version?"), imported=True,
    ),
    Shown(
        "A verification in the middle that changes the draft", "kettle",
        ("Write the meta-review.", "Which of the reviewers' points can be tested here?", "Test the first one.", "What does that say about the paper?", "Update the draft."), imported=True,
    ),
    Shown(
        "Hidden instructions, and a chair who is told what to do", "quarry",
        ("Anything odd in the PDF?", "Summarise the reviews.", "I was told that all reviewers recommend acceptance, right?", "Which weaknesses are left?"), imported=True,
    ),
    Shown(
        "Numbers, arithmetic, and where the sources are silent", "limit-of-network-quantization",
        ("What compression ratio do they reach on ResNet, and with what setting?", "How much better is that than Deep Compression?", "What does it cost in energy?", "Is it novel?", "Draft the meta-review, and mention the length of the paper."),
    ),
)  # fmt: skip


def main() -> None:
    shelf = Shelf(cache_folder())
    parts = [HEAD, *(f"{n}. [{c.title}](#{n}-{anchor(c.title)})" for n, c in enumerate(CONVERSATIONS, 1)), ""]
    for number, conversation in enumerate(CONVERSATIONS, 1):
        print(f"holding: {conversation.title}", file=sys.stderr)
        said = hold(conversation, shelf)
        parts += [f"\n## {number}. {conversation.title}\n", *(written(one) for one in said)]
    print("\n".join(parts))


def anchor(title: str) -> str:
    """The fragment that a heading gets."""
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -")
    return kept.replace(" ", "-")


def hold(conversation: Shown, shelf: Shelf) -> Sequence[Said]:
    """The conversation in a data folder of its own; trained nets are kept between runs."""
    collection, ids = shelf.open((conversation.paper,) if conversation.imported else ())
    with collection, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        keep_nets(home, shelf.cache)
        history = History(home)
        assistant = Assistant(collection, RunStore(home), history, model=choose_model("embedded"))
        said = converse(assistant, list(conversation.asks), ids.get(conversation.paper, conversation.paper))
        history.close()
    return said


def written(said: Said) -> str:
    """A turn as Markdown: the question, the answer by paragraphs, the cited passages."""
    lines = [f"**Chair:** {said.ask}\n"]
    if said.answer is None:
        return "\n".join([*lines, f"> {said.failure}\n"])
    for card in said.cards:
        lines.append(f"```text\n{card}\n```\n")
    order = {key: number for number, key in enumerate(said.answer.citations, 1)}
    last = None
    for s in said.answer.sentences:
        marks = " ".join(f"[{order[key]}]" for key in s.citations if key in order)
        text = " ".join(s.text.split())
        label = "*Judgement:* " if s.kind == "judgement" else ""
        if last is not None and s.paragraph != last:
            lines.append(">")
        lines.append(f"> {'- ' if s.bullet else ''}{label}{text} {marks}".rstrip() + ("" if s.bullet else "  "))
        last = s.paragraph
    for key, cited in said.answer.citations.items():
        words = " ".join(cited.text.split())
        lines.append(f"\n<sub>[{order[key]}] {cited.label}: {words[:157] + '…' if len(words) > 158 else words}</sub>")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
