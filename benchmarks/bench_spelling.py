"""What the spell checker finds: slips planted in a fictional paper, and every suggestion in papers of your own to read by eye.

python -m benchmarks.bench_spelling [FILE ...]
"""

import sys
import time
from pathlib import Path

from benchmarks.planted_slips import planted, without_slips
from knowledge.chunking import split_document
from knowledge.integrity import keep_parts_apart
from knowledge.readers import read
from knowledge.readers.plain import read_plain
from knowledge.spelling import find_slips
from knowledge.types import Passage, Reading


def paper_passages(reading: Reading) -> list[Passage]:
    """The passages of the papers in a reading."""
    return [p for s in reading.parts for d in s.documents if d.kind == "paper" for p in split_document(d)]


def of_text(text: str) -> list[Passage]:
    return paper_passages(Reading((read_plain(text.encode(), "planted.md", None, "paper"),)))


def recall() -> None:
    """Print how many planted slips are found, with what proposal, and what is found where none was planted."""
    text, slips = planted()
    proposed = {slip.word: slip.proposal for slip in find_slips(of_text(text))}
    found = [word for word, _ in slips if word in proposed]
    right = [word for word, meant in slips if proposed.get(word, "").lower() == meant.lower()]
    print(f"planted {len(slips)}, found {len(found)}, with the right proposal {len(right)}")
    print(f"not planted {sorted(set(proposed) - {word for word, _ in slips})}")
    print(f"in the paper without slips {len(find_slips(of_text(without_slips())))}")


def main(files: list[str]) -> None:
    recall()
    for file in files:
        path = Path(file)
        reading = read(path, kind="paper" if path.suffix in (".md", ".txt") else None)
        passages = paper_passages(keep_parts_apart(reading))
        began = time.perf_counter()
        slips = find_slips(passages)
        words = sum(len(p.text.split()) for p in passages)
        print(f"\n{path.name}: {words} words, {len(slips)} suggestions, {time.perf_counter() - began:.2f} s")
        for slip in slips:
            print(f"  {slip.kind}: {slip.word!r} -> {slip.proposal!r} in {slip.sentence[:160]!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
