"""The LaTeX source of a paper -> Document of kind `paper`: sections, paragraphs, tables, captions, references."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.deadline import Deadline
from knowledge.readers.homes import SAY_HOME, NoHome
from knowledge.readers.latex.body import Writer
from knowledge.readers.latex.macros import Expansion
from knowledge.readers.latex.mending import mend
from knowledge.readers.latex.references import Bibliography, latex_words, read_bib
from knowledge.readers.latex.sources import BEGIN, SIDE_DOCUMENT, Flat, Flattening, OpenFile, name_of, nothing, stem
from knowledge.readers.latex.text import Marks, tidy
from knowledge.readers.latex.unseen import COLOURED_TABLE, PHANTOM, Unseen, named_whites, plain_shifts, unseen_nodes
from knowledge.readers.plain import KINDS
from knowledge.readers.text import clean, decode, slug
from knowledge.readers.voices import hand_findings, read_by_voice, retype, words_of
from knowledge.types import Document, Finding, Reading, Refusal, Submission

CLASS = re.compile(r"^[ \t]*\\documentclass\b", re.MULTILINE)
TITLE = re.compile(r"\\(?:title|icmltitle|Title|thetitle)[ \t]*(?:\[[^\]]{0,300}\])?\s{0,20}\{")
AUTHOR = re.compile(r"\\(?:author|icmlauthor|Author)[ \t]*(?:\[[^\]]{0,300}\])?\s{0,20}\{")
BIBLIOGRAPHY = re.compile(r"\\(?:bibliography|addbibresource)[ \t]*(?:\[[^\]\n]{0,100}\])?\{([^{}]{1,500})\}")
NO_NAME = re.compile(
    r"\\(?:thanks|footnote|footnotemark|inst|email|textsuperscript|samethanks|authornote|orcid|affil|fnmark|corref)\b[ \t]*(?:\[[^\]]{0,80}\])?(?:\{[^{}]{0,400}\})?|\$[^$]{0,80}\$"
)
PHANTOM_WORDS = 3
"""What \\phantom leaves blank in fewer words only sets a width."""
SHOWN = 20
"""Marks that match nothing of which each is named; more are counted."""


def is_latex(text: str, file: str) -> bool:
    """Whether a text is the source of a LaTeX document or of a part of one."""
    named = file.lower().endswith((".tex", ".ltx"))
    return named or bool(CLASS.search(text[:200_000]) and BEGIN in text)


def read_latex(
    files: Mapping[str, bytes],
    main: str,
    into: str | None,
    limits: Limits,
    deadline: Deadline,
    *,
    open_file: OpenFile = nothing,
    kind: str | None = None,
) -> Reading:
    """A paper from its main file and those that it includes, which are in `files` or found by `open_file`; or the reviews
    or the response that its words, its name or the user's `kind` say it is.

    What LaTeX would not read is read as well as it goes, and named in `refused`. NoHome without a title or `into`,
    UnreadableFile where there is no text.
    """
    flat = Flattening(files, open_file, limits, deadline).read(main)
    add_run(flat, files, main, open_file)
    expansion = Expansion(flat.text, main, deadline)
    expanded = expansion.run()
    body = expanded.partition(BEGIN)[2] if BEGIN in expanded else expanded
    text, wrong = mend(plain_shifts(body), main, deadline)
    title = next((found for source in arguments_after(TITLE, expanded) if (found := latex_words(source))), "")
    home = into or slug(title) or "paper"
    authors = tuple(dict.fromkeys(name for source in arguments_after(AUTHOR, expanded) for name in names_in(source)))
    writer = write(
        title, authors, text, flat, expansion.theorems, bib_files(expanded, files, main, open_file), main, deadline
    )
    if not any(point for point in writer.draft.points if point.role is None):
        raise UnreadableFile(main, "is LaTeX without any text that is typeset")
    document = Document(
        f"{home}/paper", home, "paper", title or "Paper", writer.draft.text, writer.draft.sections, writer.draft.points,
        origin="record", source=main,
    )  # fmt: skip
    apart = [Finding("comment", where, words, document.id) for where, words in flat.apart]
    apart += [
        Finding("invisible", why, tidy(words), document.id)
        for why, words in (*writer.marks.unseen.texts, *unseen_nodes(text))
        if len(words.split()) >= (PHANTOM_WORDS if why == PHANTOM else 1)
    ]
    part = Submission(home, title, authors=authors, documents=(document,), findings=tuple(apart))
    part = take_kind(part, main, into, kind, answers=answers_by_name(main, flat.text))
    return Reading((part,), (*flat.refused, *notes(main, body, wrong, expansion.broken, writer.unread)))


def answers_by_name(main: str, text: str) -> bool:
    """Whether a source is named as what authors send with a paper, and has no abstract."""
    return bool(SIDE_DOCUMENT.search(stem(name_of(main)))) and "\\begin{abstract}" not in text


def take_kind(part: Submission, main: str, into: str | None, kind: str | None, *, answers: bool) -> Submission:
    """A source that was read as a paper as what its words or its name say that it is. NoHome for a paper without a title
    or `into`, and for what is no paper and does not name one."""
    said = words_of(part.documents[0])
    try:
        spoken = read_by_voice(said, main, into, kind)
        spoken = spoken or (read_by_voice(said, main, into, "response") if answers and kind is None else None)
    except NoHome as error:
        named = "is named as an answer to the reviewers and not as the paper, and names none" if answers else ""
        raise NoHome(main, f"{named}; {SAY_HOME}" if named else error.reason) from None
    if spoken:
        return hand_findings(spoken, part)
    if kind in ("notes", "relayed"):
        return retype(part, KINDS[kind], main)
    if into is None and not slug(part.title):
        raise NoHome(main, f"is LaTeX without a \\title; {SAY_HOME}")
    return part


def write(
    title: str,
    authors: tuple[str, ...],
    body: str,
    flat: Flat,
    theorems: dict[str, str],
    bib: Bibliography,
    main: str,
    deadline: Deadline,
) -> Writer:
    """The document, written twice: the first time tells what the labels and citations stand for."""
    marks, parsed = Marks(kept=flat.kept), {}
    for _ in range(2):
        unseen = Unseen(whites=named_whites(flat.text), coloured_tables=bool(COLOURED_TABLE.search(flat.text)))
        marks = replace(Marks(marks.labels, marks.citations, flat.kept), unseen=unseen, cited=marks.cited)
        writer = Writer(marks, theorems, bib, parsed, main, deadline)
        writer.draft.begin_section(title or "Paper")
        if authors:
            writer.draft.add_point(", ".join(authors))
        writer.write(body)
    return writer


def add_run(flat: Flat, files: Mapping[str, bytes], main: str, open_file: OpenFile) -> None:
    """Append the .bbl file that a run of BibTeX left beside the main file, where the source has no list itself."""
    if "\\begin{thebibliography}" in flat.text:
        return
    path = main[: len(main) - len(main.rpartition(".")[2])] + "bbl"
    near = [other for other in files if other.endswith(".bbl") and other.rpartition("/")[0] == main.rpartition("/")[0]]
    data = files.get(path) or (files[near[0]] if len(near) == 1 else open_file(f"{stem(name_of(main))}.bbl"))
    if data is None:
        return
    try:
        listing = clean(decode(data, path))
    except UnreadableFile as error:
        flat.refused.append(Refusal(error.file, error.where, error.reason))
        return
    if "\\bibitem" not in listing:
        return
    listing = re.sub(r"(?<!\\)%[^\n]*\n?[ \t]*", "", listing)
    begin = max(listing.find("\\begin{thebibliography}"), 0)
    place = BIBLIOGRAPHY.search(flat.text)
    end = place.start() if place else len(flat.text)
    flat.text = f"{flat.text[:end]}\n\n{listing[begin:]}\n\n{flat.text[place.end() if place else end :]}"


def bib_files(text: str, files: Mapping[str, bytes], main: str, open_file: OpenFile) -> Bibliography:
    """The entries of the .bib files that the source names, where no run has made a list of them."""
    entries: dict[str, dict[str, str]] = {}
    if "\\bibitem" in text:
        return Bibliography(entries)
    root = main[: len(main) - len(name_of(main))]
    folder = name_of(main).rpartition("/")[0]
    named = [name.strip().removesuffix(".bib") for match in BIBLIOGRAPHY.finditer(text) for name in match[1].split(",")]
    for name in dict.fromkeys(named):
        path = "/".join(part for part in (folder, f"{name}.bib") if part)
        data = files.get(root + path) or open_file(f"{name}.bib")
        if data is not None:
            entries = read_bib(data.decode("utf-8", "replace")) | entries
    return Bibliography(entries)


def arguments_after(pattern: re.Pattern[str], text: str) -> list[str]:
    """What stands in the braces that each match of `pattern` ends with, of 200 matches, 20 000 characters each at most."""
    found = []
    for match in islice(pattern.finditer(text), 200):
        depth = 1
        for brace in re.finditer(r"\\[\s\S]|[{}]", text[match.end() : match.end() + 20_000]):
            depth += (brace[0] == "{") - (brace[0] == "}")
            if depth == 0:
                found.append(text[match.end() : match.end() + brace.start()])
                break
    return found


def names_in(source: str) -> list[str]:
    """The names in an `\\author`, without affiliations, marks and thanks."""
    names = []
    for person in re.split(r"\\(?:and|And|AND|Authors?|quad|qquad|hspace)(?![A-Za-z])", source):
        line = next(
            (
                line
                for line in re.split(r"\\\\|\\newline|\n[ \t]*\n", person)
                if re.search(r"[^\W\d_]{2}", NO_NAME.sub("", line))
            ),
            "",
        )
        words = latex_words(NO_NAME.sub("", line))
        for name in re.split(r"[,;&]|\band\b", words):
            name = re.sub(r"[\d*\u2020\u2021\u00a7^]+", "", name).strip(" .")
            if re.search(r"[^\W\d_]{2}", name) and len(name.split()) < 6 and "@" not in name and "nonymous" not in name:
                names.append(name)
    return names


def notes(
    main: str, text: str, wrong: list[tuple[int, str]], broken: list[str], unread: list[tuple[str, str]]
) -> list[Refusal]:
    """What was not read as LaTeX would, each with its place."""
    headings = [(m.start(), m[1]) for m in re.finditer(r"\\(?:sub)*section\*?[ \t]*\{([^{}\n]{1,100})\}", text)]
    found = []
    for offset, what in wrong[:SHOWN]:
        section = next((title for start, title in reversed(headings) if start <= offset), "")
        where = f"section '{section}'" if section else "before the first section"
        found.append(Refusal(main, where, f"has {what}; the text there is taken as it stands, please look at it"))
    if len(wrong) > SHOWN:
        found.append(Refusal(main, "", f"has {len(wrong) - SHOWN} more marks that match nothing"))
    found += [
        Refusal(main, "", f"defines {name} so that it never ends or grows too large; it is left out")
        for name in dict.fromkeys(broken[:SHOWN])
    ]
    return found + [Refusal(main, where, reason) for where, reason in unread[:SHOWN]]
