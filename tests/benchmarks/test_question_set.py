from benchmarks.question_set import FOLDER, TYPESET, gold_rows, load_questions, open_collection
from benchmarks.typesetting import typeset
from knowledge.readers import read
from knowledge.store import Store
from tests.knowledge.fictional import WordVectors

PAPER = """Reef Tables: Counting the Tide
@ Ada Reef, Ben Poole
# Abstract
{words}
# 1 Results
! Table 1: Waves by shore.
| shore | waves | salt
| north | 12.5 | 3.4
| south | 9.1 | 3.6
| east | 7.7 | 3.1
The table says that the north has the most waves, and that the salt hardly differs between the three shores.
"""


def test_a_typeset_paper_is_read_back_column_by_column(tmp_path):
    words = " ".join(f"Sentence {number} tells of another wave that reaches the harbour." for number in range(80))
    path = tmp_path / "reef.pdf"
    path.write_bytes(typeset(PAPER.format(words=words)))
    (part,) = read(path).parts
    (paper,) = part.documents
    assert part.title == "Reef Tables: Counting the Tide" and part.authors == ("Ada Reef", "Ben Poole")
    assert [section.title for section in paper.sections][1:] == ["Abstract", "1 Results"]
    assert words in " ".join(paper.text.split()), "both columns, in their order"
    assert "south | 9.1 | 3.6" in paper.text


def test_the_same_text_gives_the_same_bytes():
    text = (FOLDER / "material" / TYPESET).read_text(encoding="utf-8")
    assert typeset(text) == typeset(text)


def test_every_question_has_its_gold_passages_in_the_material(tmp_path):
    questions = load_questions()
    with open_collection(tmp_path, WordVectors(), 0):
        store = Store(tmp_path / "knowledge.sqlite")
        gold, written = gold_rows(store, questions), gold_rows(store, questions, as_written=True)
        store.close()
    assert all(bool(written[question.id]) == (question.type != "silence") for question in questions)
    kept = {question.id: [line for line in question.gold if not line.dropped] for question in questions}
    assert all(len(gold[id]) == len(lines) for id, lines in kept.items()), "no dropped line counts"
    more = sum(len(rows) for lines in gold.values() for rows in lines)
    assert more > sum(len(rows) for lines in written.values() for rows in lines), "what says the same counts too"
    assert len({question.id for question in questions}) == len(questions)
