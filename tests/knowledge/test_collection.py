import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from knowledge.collection import Collection
from knowledge.errors import UnknownSubmission
from knowledge.kept_discussions import FILE
from tests.knowledge.fictional import CORAL, KELP, Counted, WordVectors, dump, thread_v1, thread_v2

ROOT = Path(__file__).parents[2]


OWN = "---\nid: own-paper\ntitle: Own\n---\n# Notes\n- It counts whiskers.\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_bundled_submissions_are_there(collection):
    submissions = collection.submissions()
    assert [submission.id for submission in submissions] == ["coral-pruning", "kelp-quantization"]
    assert all(submission.bundled for submission in submissions)
    assert collection.submission("kelp-quantization").title == "Kelp Quantization"
    with pytest.raises(UnknownSubmission, match="'reef'; there are: coral-pruning, kelp-quantization"):
        collection.submission("reef")
    with pytest.raises(UnknownSubmission):
        collection.passages("reef")
    with pytest.raises(UnknownSubmission):
        collection.search("x", submission="reef")


def test_imported_submissions_come_after_the_bundled_ones(collection, tmp_path):
    own = "---\nid: a-first\ntitle: A First One\n---\n# Notes\n- x\n"
    collection.import_paths([write(tmp_path, "own.md", own)])
    assert [submission.id for submission in collection.submissions()][-1] == "a-first"


@pytest.mark.parametrize(
    "name", ["AnonReviewer3", "anonreviewer3", "R3", "r3", "Reviewer 3", "reviewer #3", "Review 1 in page order"]
)
def test_a_reviewer_is_found_under_any_name(collection, name):
    passages = collection.passages("coral-pruning", reviewer=name)
    assert {passage.reviewer for passage in passages} == {"AnonReviewer3"}
    assert {passage.kind for passage in passages} == {"review", "comment"}
    hits = collection.search("anchors", submission="coral-pruning", kinds=["review"], reviewer=name)
    assert hits and {hit.passage.reviewer for hit in hits} == {"AnonReviewer3"}


def test_others_who_signed_are_found_too(collection):
    assert {passage.kind for passage in collection.passages("coral-pruning", reviewer="authors")} == {"response"}
    assert {passage.kind for passage in collection.passages("coral-pruning", reviewer="Area Chair")} == {"meta-review"}
    assert collection.passages("coral-pruning", reviewer="R7") == ()
    assert collection.search("anchors", reviewer="R7") == ()


def test_search_finds_and_restricts(collection):
    (hit,) = collection.search("How many calibration pictures?", limit=1)
    assert hit.passage.text == "It needs 200 calibration pictures of seaweed." and hit.passage.where == "Sec. 3"
    assert {hit.passage.kind for hit in collection.search("harbour", kinds=["response"])} == {"response"}
    assert {hit.passage.locator.document for hit in collection.search("x", document="coral-pruning/notes")} == {
        "coral-pruning/notes"
    }
    assert collection.search("   ") == () and collection.search("harbour", kinds=[]) == ()


def test_hits_are_the_passages_themselves(collection):
    for hit in collection.search("harbour CPU time", limit=50):
        document = collection.document(hit.passage.locator.document)
        place = hit.passage.locator
        assert document and document.text[place.start : place.end] == hit.passage.text
        assert collection.passage(hit.passage.id) == hit.passage
    assert collection.passage("0" * 16) is None and collection.document("nothing") is None


def test_neighbours_are_the_text_around(collection):
    passages = collection.passages("coral-pruning", document="coral-pruning/notes")
    before, after = collection.neighbours(passages[1].id)
    assert before.endswith("in one pass.") and after.startswith("Evaluation\nOn Lagoon-10")
    assert collection.neighbours(passages[0].id)[0] == "Contributions"
    assert collection.neighbours("nothing") == ("", "")


def test_neighbours_are_cut_between_words(collection, tmp_path):
    long = "---\nid: long\ntitle: Long\n---\n# Notes\n" + "".join(
        f"- point{i} " + "seaweed " * 20 + "\n" for i in range(9)
    )
    collection.import_paths([write(tmp_path, "long.md", long)])
    middle = collection.passages("long")[4]
    before, after = collection.neighbours(middle.id)
    assert 200 < len(before) <= 300 and 200 < len(after) <= 300
    assert set(before.split()) | set(after.split()) <= {"seaweed", *(f"point{i}" for i in range(9))}


def test_notes_stand_aside_once_the_paper_is_there(collection, tmp_path):
    paper = write(tmp_path, "paper.md", "# Coral\n\n# 1 Introduction\n\nWe remove filters in one pass, on Lagoon-10.\n")
    report = collection.import_paths([paper], into="coral-pruning")
    assert report.imported == ("coral-pruning",) and report.refused == ()
    assert {
        hit.passage.kind for hit in collection.search("one pass Lagoon-10", submission="coral-pruning", limit=50)
    } >= {"paper"}
    for hits in (
        collection.search("one pass Lagoon-10", limit=50),
        collection.search("pass", submission="coral-pruning"),
    ):
        assert not [
            hit for hit in hits if hit.passage.kind == "notes" and hit.passage.locator.submission == "coral-pruning"
        ]
    assert collection.search("one pass", submission="coral-pruning", kinds=["notes"])
    assert collection.search("calibration")[0].passage.kind == "notes", "other submissions keep theirs"


def test_a_thread_joins_the_bundled_submission(collection, tmp_path):
    cited = collection.search("anchor pruning", submission="coral-pruning", kinds=["review"])[0].passage
    report = collection.import_paths([write(tmp_path, "thread.json", dump(thread_v1()))])
    assert report.taken == ("thread.json: 1 paper, 2 reviews, 2 responses, 3 comments, 1 meta-review -> coral-pruning",)
    now = collection.search("anchors", submission="coral-pruning", kinds=["review"])
    assert {hit.passage.origin for hit in now} == {"record"}
    assert collection.passage(cited.id) == cited
    before, after = collection.neighbours(cited.id)
    assert before or after
    again = collection.import_paths([tmp_path / "thread.json"])
    assert (again.imported, again.unchanged) == ((), ("coral-pruning",))


def test_a_bad_file_refuses_only_itself(collection, tmp_path):
    paths = [
        write(tmp_path, "bad.md", "---\nid: x\ntitle: T\n---\n# Review\n- x\n"),
        write(tmp_path, "wave.json", dump(thread_v2())),
        tmp_path / "missing.md",
        write(tmp_path, "cut.json", dump(thread_v2())[:-30]),
    ]
    report = collection.import_paths(paths)
    assert report.imported == ("wave-coding",) and len(report.taken) == 1
    assert [(refusal.file, refusal.where) for refusal in report.refused] == [
        ("bad.md", "line 5"),
        (str(tmp_path / "missing.md"), ""),
        ("cut.json", "line 1"),
    ]
    assert all(refusal.reason for refusal in report.refused)
    assert [submission.id for submission in collection.submissions()][-1] == "wave-coding"
    with pytest.raises(UnknownSubmission):
        collection.import_paths(paths, into="nowhere")


def test_opening_again_reads_and_embeds_nothing(tmp_path, library, collection, embedder, monkeypatch):
    collection.warm_up()
    monkeypatch.setattr("knowledge.collection.read_submission", lambda *_: pytest.fail("read again"))
    counted = Counted(WordVectors())
    with Collection(tmp_path / "home", embedder=counted, library=library) as again:
        assert again.search("seaweed")
    assert counted.texts == ["seaweed"]


def test_a_changed_bundled_file_is_taken_in_anew(tmp_path, library, collection):
    collection.warm_up()
    write(library, "kelp-quantization.md", KELP.replace("200", "900"))
    counted = Counted(WordVectors())
    again = Collection(tmp_path / "home", embedder=counted, library=library)
    assert again.search("calibration")[0].passage.text.startswith("It needs 900")
    assert len(counted.texts) == 2, "one passage and the question"
    assert collection.search("calibration")[0].passage.text.startswith("It needs 900"), "the older one sees it too"
    again.close()


OPEN_AND_SEARCH = """
import json, sys
from pathlib import Path
from knowledge.collection import Collection
from tests.knowledge.fictional import WordVectors
collection = Collection(Path(sys.argv[1]), embedder=WordVectors(), library=Path(sys.argv[2]))
hits = collection.search("harbour CPU time")
print(json.dumps([[hit.passage.id for hit in hits], [len(s.documents) for s in collection.submissions()]]))
"""


def test_two_processes_may_open_a_fresh_home_at_once(tmp_path, library):
    command = [sys.executable, "-c", OPEN_AND_SEARCH, str(tmp_path / "fresh"), str(library)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    results = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], results[0][1].decode()
    answers = [json.loads(out) for out, _ in results]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][1] == [6, 1] and len(answers[0][0]) == 8


def test_threads_search_while_another_imports(collection, tmp_path):
    problems = []

    def search() -> None:
        try:
            for _ in range(15):
                assert collection.search("harbour CPU time", limit=3)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        text = CORAL.replace("coral-pruning", f"reef-{number}").replace("openreview: coRAL31\n", "")
        collection.import_paths([write(tmp_path, f"{number}.md", text)])
    for thread in threads:
        thread.join()
    assert problems == [] and len(collection.submissions()) == 10


def test_the_embedder_is_the_model_of_the_index(collection):
    assert collection.embedder.embed(["a", "b"]).shape == (2, 64)


def test_progress_is_told_and_what_it_raises_keeps_what_was_taken(collection, tmp_path):
    told = []
    paths = [write(tmp_path, "wave.json", dump(thread_v2())), write(tmp_path, "thread.json", dump(thread_v1()))]

    def stop_at_the_second(done, total, words):
        told.append((done, total, words))
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collection.import_paths(paths, progress=stop_at_the_second)
    assert told[0] == (0, 2, "reading wave.json") and told[-1][0] == 1
    assert collection.submission("wave-coding")


def kept_vectors(tmp_path) -> int:
    """How many vectors of sentences are kept."""
    connection = sqlite3.connect(tmp_path / "home" / "index" / FILE)
    ((count,),) = connection.execute("SELECT count(*) FROM vectors")
    connection.close()
    return count


def test_a_deleted_submission_is_gone_from_store_and_index(collection, tmp_path):
    collection.import_paths([write(tmp_path, "wave.json", dump(thread_v2()))])
    cited = collection.search("wave", submission="wave-coding")[0].passage
    assert len(collection.nearness("waves?", [cited.text])) == 1 and kept_vectors(tmp_path)
    collection.delete("wave-coding")
    assert kept_vectors(tmp_path) == 0, "the words of its sentences are gone, and so are their vectors"
    with pytest.raises(UnknownSubmission):
        collection.submission("wave-coding")
    assert collection.passage(cited.id) is None and collection.document_of(cited.id) is None
    assert all(hit.passage.locator.submission != "wave-coding" for hit in collection.search("wave", limit=50))
    with pytest.raises(UnknownSubmission):
        collection.delete("wave-coding")
    assert collection.import_paths([tmp_path / "wave.json"]).imported == ("wave-coding",)


def test_a_deleted_bundled_submission_stays_away(tmp_path, library):
    for _ in range(2):
        with Collection(tmp_path / "home", embedder=WordVectors(), library=library) as collection:
            ids = [submission.id for submission in collection.submissions()]
            if "coral-pruning" in ids:
                collection.delete("coral-pruning")
    assert ids == ["kelp-quantization"]


def test_search_is_restricted_to_aspects_and_headings(collection):
    hits = collection.search("comparison", submission="coral-pruning", aspects=["weaknesses"], limit=50)
    assert {hit.passage.aspect for hit in hits} == {"weaknesses"}
    hits = collection.search("comparison", section="contrib", limit=50)
    assert {hit.passage.locator.section for hit in hits} == {"Contributions"}
    assert collection.search("comparison", section="%") == ()


def test_adjacent_passages_are_at_hand(collection):
    passages = collection.passages("coral-pruning", document="coral-pruning/notes")
    assert collection.adjacent(passages[1].id) == (passages[0], passages[2])
    assert collection.adjacent(passages[0].id)[0] is None and collection.adjacent(passages[-1].id)[1] is None
    assert collection.adjacent("nothing") == (None, None)


def test_one_submission_can_be_made_ready_before_the_others(collection, tmp_path, monkeypatch):
    monkeypatch.setattr("knowledge.filling.Filler.start", lambda self: None)
    files = [write(tmp_path, "wave.json", dump(thread_v2())), write(tmp_path, "own.md", OWN)]
    collection.import_paths(files)
    told = []
    collection.warm_up("own-paper", lambda done, total: told.append((done, total)))
    assert collection.pending("own-paper") == 0 < collection.pending("wave-coding")
    assert told == [(0, 1)]


def test_words_follow_an_import_at_once_and_pending_tells_of_vectors(collection, tmp_path, monkeypatch):
    collection.warm_up()
    monkeypatch.setattr("knowledge.index.FEW", 0)
    may = threading.Event()
    embed = WordVectors.embed
    monkeypatch.setattr(
        WordVectors, "embed", lambda self, texts: (len(texts) <= 2 or may.wait(30)) and embed(self, texts)
    )
    collection.import_paths([write(tmp_path, "wave.json", dump(thread_v2()))])
    assert collection.pending() == collection.pending("wave-coding") == len(collection.passages("wave-coding"))
    assert collection.pending("coral-pruning") == 0
    hit = collection.search("Which shore?", submission="wave-coding", limit=1)[0]
    assert hit.cosine is None and "shore" in hit.passage.text
    may.set()
    collection.warm_up()
    assert collection.pending() == collection.pending("wave-coding") == 0
