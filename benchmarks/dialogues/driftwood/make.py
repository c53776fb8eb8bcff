"""Makes submissions/driftwood/paper.pdf: a fictional paper in two columns, set from the text beside it.

python -m benchmarks.dialogues.driftwood.make
"""

from pathlib import Path

from benchmarks.typesetting import typeset

HERE = Path(__file__).parent
TARGET = HERE.parent / "submissions" / "driftwood" / "paper.pdf"


def main() -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(typeset((HERE / "paper.txt").read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
