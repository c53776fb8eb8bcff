import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
import zipfile

import pytest

from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers import read
from tests.knowledge.fictional import CORAL, dump, thread_v1
from tests.knowledge.readers.test_plain import PAPER

TITLE = "Coral Pruning: Cutting Networks Like Reefs"
WHOLE = PAPER.replace("# CORAL PRUNING", f"# {TITLE}")


def packed(files: dict[str, bytes], form: str = "zip") -> bytes:
    buffer = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return buffer.getvalue()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    pack = {"tar": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[form]
    return pack(buffer.getvalue())


def take(tmp_path, data: bytes, name: str = "all.zip", **options):
    path = tmp_path / name
    path.write_bytes(data)
    return read(path, **options)


def reasons(reading) -> dict[str, str]:
    return {refusal.file: refusal.reason for refusal in reading.refused}


@pytest.mark.parametrize("form", ["zip", "tar", "gz", "bz2", "xz", "folder"])
def test_thread_and_paper_of_one_submission_are_one_import(tmp_path, form):
    files = {"inner/thread.json": dump(thread_v1()), "paper.md": WHOLE.encode(), ".DS_Store": b"x", "__MACOSX/a": b"x"}
    if form == "folder":
        for name, data in files.items():
            (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "all" / name).write_bytes(data)
        reading = read(tmp_path / "all")
    else:
        reading = take(tmp_path, packed(files, form), f"all.{form}")
    (part,) = reading.parts
    assert (part.title, part.openreview, reading.refused) == (TITLE, "coRAL31", ())
    kinds = [document.kind for document in part.documents]
    assert kinds.count("review") == 2 == len(part.reviews) and kinds.count("paper") == 2
    assert {document.submission for document in part.documents} == {part.id}
    assert len({document.id for document in part.documents}) == len(part.documents)


def test_each_bad_member_is_refused_by_itself(tmp_path):
    files = {
        "thread.json": dump(thread_v1()),
        "broken.json": b'{"notes": [',
        "data/table.xls": b"\xd0\xcf\x11\xe0",
        "notes.bin": b"a\0b",
        "README.md": WHOLE.encode(),
        "other.md": PAPER.replace("CORAL PRUNING", "Kelp Rounding Along The Coast").encode(),
        "../outside.md": WHOLE.encode(),
        "/absolute.md": WHOLE.encode(),
    }
    reading = take(tmp_path, packed(files))
    assert [part.title for part in reading.parts] == [TITLE]
    found = reasons(reading)
    assert set(found) == {f"all.zip: {name}" for name in files if name != "thread.json"}
    assert "is not whole JSON" in found["all.zip: broken.json"]
    assert "another paper, 'Kelp Rounding Along The Coast', beside" in found["all.zip: other.md"]
    assert "leads outside" in found["all.zip: ../outside.md"] and "leads outside" in found["all.zip: /absolute.md"]


def test_into_takes_everything_to_one_submission(tmp_path):
    other = PAPER.replace("CORAL PRUNING", "Kelp Rounding")
    reading = take(tmp_path, packed({"thread.json": dump(thread_v1()), "other.md": other.encode()}), into="my-reef")
    (part,) = reading.parts
    assert part.id == "my-reef" and {document.submission for document in part.documents} == {"my-reef"}
    assert len([document for document in part.documents if document.kind == "paper"]) == 2


def test_a_review_without_a_title_goes_to_the_one_submission_and_is_refused_among_several(tmp_path):
    review = b"Reviewer 2\n\nStrengths: clear reefs.\nWeaknesses: no anchors.\nRating: 4\n"
    reading = take(tmp_path, packed({"paper.md": WHOLE.encode(), "r2.txt": review}))
    (part,) = reading.parts
    assert [document.kind for document in part.documents] == ["paper", "review"] and part.reviews[
        0
    ].reviewer == "Reviewer 2"
    kelp = (
        dump(thread_v1()).replace(b"Coral Pruning: Cutting Networks Like Reefs", b"Kelp").replace(b"coRAL31", b"keLP32")
    )
    both = {"a.json": dump(thread_v1()), "b.json": kelp, "r2.txt": review}
    reading = take(tmp_path, packed(both))
    assert [part.title for part in reading.parts] == [TITLE, "Kelp"]
    assert "to which of 2 submissions" in reasons(reading)["all.zip: r2.txt"]


def test_reviews_alone_take_the_name_of_the_folder(tmp_path):
    folder = tmp_path / "Tide Paper"
    folder.mkdir()
    (folder / "r1.txt").write_text("Reviewer 1\n\nStrengths: waves.\nRating: 6\n", encoding="utf-8")
    (part,) = read(folder).parts
    assert (part.id, part.title) == ("tide-paper", "Tide Paper")


def test_a_paper_in_two_formats_is_taken_once_and_that_is_said(tmp_path):
    body = " ".join(
        f"The reef of wave {chr(97 + n % 26)}{chr(97 + n // 26)} holds water and sand in winter." for n in range(60)
    )
    text = f"# Coral Pruning\n\n# Abstract\n\n{body}\n"
    source = f"\\documentclass{{article}}\\title{{Coral Pruning}}\\begin{{document}}\\begin{{abstract}}{body}\\end{{abstract}}\\end{{document}}"
    reading = take(tmp_path, packed({"paper.md": text.encode(), "src/main.tex": source.encode()}))
    (part,) = reading.parts
    assert [document.source for document in part.documents] == ["all.zip: src/main.tex"]
    assert reasons(reading) == {
        "all.zip: paper.md": "is the same paper as all.zip: src/main.tex, which is taken instead"
    }


def test_archives_in_archives_up_to_a_depth(tmp_path):
    data = dump(thread_v1())
    for level in range(3):
        data = packed({f"level{level}.zip" if level else "thread.json": data})
    assert take(tmp_path, data).parts[0].title == TITLE
    reading = take(tmp_path, data, limits=Limits(depth=2))
    assert not reading.parts and "lies in more than 2 archives" in reading.refused[0].reason


def test_a_single_file_packed_by_gzip(tmp_path):
    assert take(tmp_path, gzip.compress(dump(thread_v1())), "thread.json.gz").parts[0].title == TITLE


@pytest.mark.parametrize("form", ["zip", "gz"])
def test_bombs_are_not_unpacked(tmp_path, form):
    data = packed({"a.txt": b"a" * 3_000_000, "thread.json": dump(thread_v1())}, form)
    reading = take(tmp_path, data, limits=Limits(file_mb=2.5))
    assert "more than the limit of 2.5 MB" in reasons(reading)["all.zip: a.txt"] and reading.parts
    if form == "zip":
        assert "200 times its size" in reasons(take(tmp_path, data))["all.zip: a.txt"]
    chance = random.Random(1)
    data = packed({name: chance.randbytes(600_000) for name in ("a.txt", "b.txt")}, form)
    reading = take(tmp_path, data, limits=Limits(import_mb=1))
    assert not reading.parts and any("1 MB" in reason for reason in reasons(reading).values())


def test_the_number_of_files_is_limited(tmp_path):
    reading = take(tmp_path, packed({f"{n}.md": WHOLE.encode() for n in range(9)}), limits=Limits(files=4))
    assert "from here on: more than 4 files" in reasons(reading)["all.zip: 4.md"]


def test_links_devices_and_encrypted_files_are_refused(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (
            ("link", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("fifo", tarfile.FIFOTYPE),
            ("dev", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/hostname"
            archive.addfile(info)
    found = reasons(take(tmp_path, buffer.getvalue(), "all.tar"))
    assert set(found) == {f"all.tar: {name}" for name in ("link", "hard", "fifo", "dev")}
    data = bytearray(packed({"secret.md": b"words"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "is encrypted" in reasons(take(tmp_path, bytes(data)))["all.zip: secret.md"]


def test_links_and_pipes_of_a_folder_are_not_followed(tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    (tmp_path / "secret.md").write_text(WHOLE, encoding="utf-8")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    assert set(reasons(read(folder))) == {"all: link.md", "all: loop", "all: pipe"}
    with pytest.raises(UnreadableFile, match="device or a pipe"):
        read(folder / "pipe")


def test_names_in_odd_encodings_and_double_names(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("riff-\u00e4.json", dump(thread_v1()))
        with pytest.warns(UserWarning):
            archive.writestr("riff-\u00e4.json", b"{}")
    data = buffer.getvalue()
    assert "second file of this name" in reasons(take(tmp_path, data))["all.zip: riff-\u00e4.json"]
    tar = packed({"riff-\udce4.md": b"no paper"}, "tar")
    assert [refusal.file for refusal in take(tmp_path, tar, "all.tar").refused] == ["all.tar: riff-\ufffd.md"]


def test_office_files_and_pictures_are_told_from_archives(tmp_path):
    word = packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert "is an office or e-book file" in take(tmp_path, word, "paper.docx").refused[0].reason
    with pytest.raises(UnreadableFile, match="web page"):
        take(tmp_path, b"<!DOCTYPE html><html></html>", "page.html")


@pytest.mark.parametrize("form", ["zip", "tar", "gz", "bz2", "xz"])
def test_damaged_archives_are_read_or_refused(tmp_path, form):
    whole = packed({"thread.json": dump(thread_v1()), "own.md": CORAL.encode()}, form)
    chance = random.Random(form)
    outcomes = set()
    for _ in range(60):
        data = bytearray(whole[: chance.randrange(1, len(whole))] if chance.random() < 0.4 else whole)
        for _ in range(chance.choice([0, 1, 5])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            reading = take(tmp_path, bytes(data), f"all.{form}")
            outcomes.add("read" if reading.parts else "refused")
        except UnreadableFile as error:
            outcomes.add("refused" if error.reason else "silent")
    assert "silent" not in outcomes and "refused" in outcomes


def test_a_folder_imported_twice_is_unchanged(tmp_path, collection):
    folder = tmp_path / "all"
    folder.mkdir()
    (folder / "thread.json").write_bytes(dump(thread_v1()))
    (folder / "paper.md").write_text(WHOLE, encoding="utf-8")
    (folder / "chat.txt").write_text("User: Is it new?\n\nAssistant: Yes.\n\nUser: Good.\n", encoding="utf-8")
    first, second = collection.import_paths([folder]), collection.import_paths([folder])
    assert first.imported == second.unchanged and not second.imported and not first.refused
    (home,) = first.imported
    assert collection.submission(home).title == TITLE
    assert "relayed" in {document.kind for document in collection.submission(home).documents}
    chat = collection.import_paths([folder / "chat.txt"], into=home)
    assert chat.imported == (home,) or chat.unchanged == (home,)
    assert collection.submission(home).title == TITLE


def test_a_paper_is_not_taken_for_its_abstract(tmp_path):
    abstract = " ".join(f"The reef of wave {chr(97 + n % 26)} holds water and sand in winter." for n in range(26))
    thread = dump(thread_v1()).replace(b"We cut filters.", abstract.encode())
    rest = " ".join(
        f"In the north the tide {chr(97 + n % 26)}{chr(97 + n // 26)} carries salt to the shore." for n in range(300)
    )
    text = f"# {TITLE}\n\n# Abstract\n\n{abstract}\n\n# Introduction\n\n{rest}\n"
    reading = take(tmp_path, packed({"thread.json": thread, "paper.md": text.encode()}))
    assert not reading.refused and any(rest in document.text for document in reading.parts[0].documents)


def test_dialogues_about_several_papers_are_not_joined(tmp_path):
    chat = 'User: What of the paper "{}"?\n\nAssistant: It is about water.\n\nUser: Ah.\n'
    review = b"Strengths: clear reefs.\nWeaknesses: no anchors.\nRating: 4\n"
    files = {
        "a.txt": chat.format("Coral In Winter").encode(),
        "b.txt": chat.format("Kelp At Night").encode(),
        "r.txt": review,
    }
    reading = take(tmp_path, packed(files))
    assert {part.title for part in reading.parts} == {"Coral In Winter", "Kelp At Night"}
    assert list(reasons(reading)) == ["all.zip: r.txt"]
