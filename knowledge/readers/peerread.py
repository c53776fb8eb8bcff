"""PeerRead's JSON: the reviews of a paper, and the paper as its PDF parser left it.

Kang et al., "A Dataset of Peer Reviews (PeerRead)", NAACL 2018. Its exports list every entry twice, of which one copy
may carry annotated scores or a wrong IS_META_REVIEW, and keep no reply below the first level.
"""

import re
from typing import Any

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.readers.contributions import Contribution, reviewer_aliases, write_all
from knowledge.readers.dates import date_of
from knowledge.readers.draft import Draft
from knowledge.readers.headings import Field, split_fields
from knowledge.readers.homes import SAY_HOME, NoHome
from knowledge.readers.json_tree import words
from knowledge.readers.scales import on_scale, plain_venue
from knowledge.readers.scores import read_exported_score
from knowledge.readers.text import clean, slug
from knowledge.types import Aspect, Document, DocumentKind, Score, Submission

NO_SCORES = {
    "DATE",
    "TITLE",
    "OTHER_KEYS",
    "IS_META_REVIEW",
    "IS_ANNOTATED",
    "COMMENTS",
    "NUMBER",
    "REPLYTO",
    "TCDATE",
    "TMDATE",
}
NAMES = {"RECOMMENDATION": "rating", "REVIEWER_CONFIDENCE": "confidence"}
REFERENCES = "References"
ASIDE = re.compile(
    r"^\s*re\b|question|clarif|repl(?:y|ies)|\b(?:respon|acknowledg)|rebuttal|updat|follow-?up|thank", re.IGNORECASE
)
"""Titles of what a reviewer writes beside the review."""
SHORT = 60
"""Characters up to which two people may well write the same."""


def is_peerread(tree: Any) -> bool:
    """Whether a value is PeerRead's: reviews with `comments` in capital scores, or a parsed PDF."""
    if isinstance(tree, list):
        return bool(tree) and all(map(is_peerread, tree))
    if not isinstance(tree, dict):
        return False
    return parsed(tree) is not None or is_record(tree)


def is_record(tree: dict[str, Any]) -> bool:
    reviews = tree.get("reviews")
    if not isinstance(reviews, list) or not isinstance(tree.get("title"), str):
        return False
    if not reviews:
        return "accepted" in tree or "histories" in tree
    return all(isinstance(entry, dict) and "comments" in entry and "content" not in entry for entry in reviews)


def parsed(tree: dict[str, Any]) -> dict[str, Any] | None:
    """What the PDF parser found, which stands under `metadata`."""
    inner = tree.get("metadata", tree)
    return inner if isinstance(inner, dict) and ("abstractText" in inner or "referenceMentions" in inner) else None


def read_peerread(tree: Any, file: str, into: str | None) -> tuple[Submission, ...]:
    """The submissions of a PeerRead file; NoHome for a parsed PDF in which no title was found."""
    found = []
    for item in tree if isinstance(tree, list) else [tree]:
        inner = parsed(item)
        found.append(read_record(item, file, into) if inner is None else read_parsed(inner, file, into))
    return tuple(found)


def read_record(tree: dict[str, Any], file: str, into: str | None) -> Submission:
    """A paper's abstract with its reviews and what else was written in its thread."""
    title = " ".join(words(tree["title"]).split())
    home = into or slug(title)
    if not home:
        raise NoHome(file, f"has an empty title; {SAY_HOME}")
    authors = read_authors(tree.get("authors"))
    entries = merge_copies([entry for entry in tree["reviews"] if isinstance(entry, dict)])
    venue = plain_venue(words(tree.get("conference")))
    kinds = kinds_of(entries, authors)
    given = [
        read_entry(entry, kind, number, venue)
        for number, (entry, kind) in enumerate(zip(entries, kinds, strict=True), 1)
    ]
    source = f"PeerRead record {words(tree.get('id')) or 'without id'}, {file}"
    documents, reviews = write_all(given, home, source)
    abstract = Draft()
    if text := words(tree.get("abstract")):
        abstract.begin_section("Abstract", "summary")
        abstract.add_text(text)
        front = paper(home, f"{home}/abstract", "Abstract", abstract, source)
        documents = (front, *documents)
    if not documents:
        raise UnreadableFile(file, f"holds neither an abstract nor a review of '{title}'; there is nothing to take in")
    return Submission(
        home,
        title,
        authors=authors,
        venue=venue,
        decision=decision_of(tree.get("accepted")),
        record="Imported from PeerRead, which keeps no replies below the first level.",
        documents=documents,
        reviews=reviews,
    )


def merge_copies(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each entry once, in its order: copies with the same words by the same person become one with the scores of
    all; whether one is a meta-review is believed only where all copies say it."""
    merged: dict[tuple[str, ...], dict[str, Any]] = {}
    for entry in entries:
        flag = flag_of(entry)
        comments, title, signer = (
            " ".join(words(entry.get(name)).split()) for name in ("comments", "TITLE", "OTHER_KEYS")
        )
        key = (comments,) if len(comments) > SHORT else (comments, title, signer)
        if key in merged:
            first = merged[key]
            for name, value in entry.items():
                if words(value) and not words(first.get(name)):
                    first[name] = value
            first["IS_META_REVIEW"] = flag_of(first) and flag
        else:
            merged[key] = dict(entry) | {"IS_META_REVIEW": flag}
    return list(merged.values())


def flag_of(entry: dict[str, Any]) -> bool:
    flag = entry.get("IS_META_REVIEW", entry.get("is_meta_review"))
    return flag is True or words(flag).casefold() in ("true", "yes", "1")


def read_entry(entry: dict[str, Any], kind: DocumentKind, number: int, venue: str) -> Contribution:
    """One entry as what it is, a review's scores on the scales of the venue."""
    signer, title = words(entry.get("OTHER_KEYS")), words(entry.get("TITLE"))
    name = name_of(signer, kind, number)
    scores: list[tuple[str, Score]] = []
    texts: list[Field] = []
    for key, value in entry.items():
        text = words(value)
        if key in NO_SCORES or key.upper() in NO_SCORES or not text:
            continue
        label = NAMES.get(key, clean(key).replace("_", " ").casefold())
        score = read_exported_score(text) if len(text) < 300 else None
        if key.isupper() and score:
            scores.append((label, on_scale(score, venue, label) if kind == "review" else score))
        else:
            title_line = label[:1].upper() + label[1:]
            texts.append(Field(title_line, title_line, text))
    fields = [Field("Title", "Title", title)] if title else []
    fields += split_fields(words(entry.get("comments")), labels=kind != "response")
    scores.sort(key=lambda named: ("rating", "confidence").index(named[0]) if named[0] in NAMES.values() else 2)
    return Contribution(
        kind,
        name,
        f"{name} {title}" if kind in ("comment", "response") else name,
        title=title,
        fields=fields + texts,
        scores=scores,
        aliases=reviewer_aliases(name),
        addressee="all" if kind == "response" else None,
        date=date_of(words(entry.get("DATE"))),
    )


def kinds_of(entries: list[dict[str, Any]], authors: tuple[str, ...]) -> list[DocumentKind]:
    """What each entry is. A reviewer without a score on record has reviewed all the same: their review is the first
    entry that has a confidence, else the first that is no question and no reply by its title."""
    kinds: list[DocumentKind] = [kind_of(entry, authors) for entry in entries]
    signers = [signer_of(entry) for entry in entries]
    rated = {signer for signer, kind in zip(signers, kinds, strict=True) if kind == "review"}
    for signer in dict.fromkeys(signers):
        own = [number for number, name in enumerate(signers) if name == signer and kinds[number] == "comment"]
        if signer in rated or not re.search(r"reviewer", signer, re.IGNORECASE):
            continue
        scored = [number for number in own if words(entries[number].get("REVIEWER_CONFIDENCE"))]
        said = [number for number in own if not ASIDE.search(words(entries[number].get("TITLE")))]
        if scored or said:
            kinds[(scored or said)[0]] = "review"
    return kinds


def signer_of(entry: dict[str, Any]) -> str:
    return words(entry.get("OTHER_KEYS"))


def kind_of(entry: dict[str, Any], authors: tuple[str, ...]) -> DocumentKind:
    """What an entry is by its title and signer, then by its score, and by its flag last."""
    signer, title = signer_of(entry), words(entry.get("TITLE"))
    by_reviewer = bool(re.search(r"review", signer, re.IGNORECASE))
    if re.search(r"\b(?:final|committee|acceptance) decision\b", title, re.IGNORECASE) or re.search(
        r"\b(?:pcs|program chairs?)\b", signer, re.IGNORECASE
    ):
        return "decision"
    if any(same_name(signer, author) for author in authors) or re.search(r"\bauthors?$", signer, re.IGNORECASE):
        return "response"
    # A confidence belongs to the form of a review, even where its rating is missing.
    rated = bool(words(entry.get("RECOMMENDATION")) or (by_reviewer and words(entry.get("REVIEWER_CONFIDENCE"))))
    if re.search(r"\barea ?chair|\bmeta-?review", f"{signer} {title}", re.IGNORECASE):
        return "meta-review"
    if flag_of(entry) and not by_reviewer:
        return "meta-review"
    return "review" if rated or not signer else "comment"


def name_of(signer: str, kind: DocumentKind, number: int) -> str:
    """Who signed, in the words of the record: "ICLR 2017 conference AnonReviewer3" is AnonReviewer3."""
    if kind == "response":
        return "Authors"
    if kind == "decision":
        return "Program Chairs"
    found = re.search(r"(?:anon)?reviewer\s*\w+$", signer, re.IGNORECASE)
    unsigned = "Area Chair" if kind == "meta-review" else f"Reviewer {number}"
    return found[0] if found else signer or unsigned


def same_name(first: str, second: str) -> bool:
    return bool(slug(first)) and slug(first) == slug(second)


def read_authors(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else re.split(r",| and ", words(value))
    return tuple(name for name in (" ".join(words(name).split()) for name in names) if name)


def decision_of(accepted: Any) -> str | None:
    if isinstance(accepted, bool):
        return "Accept" if accepted else "Reject"
    return words(accepted) or None


def read_parsed(tree: dict[str, Any], file: str, into: str | None) -> Submission:
    """A paper as the PDF parser left it: abstract, sections, references."""
    title = " ".join(words(tree.get("title")).split())
    home = into or slug(title)
    if not home:
        raise NoHome(file, f"is a parsed PDF without a title; {SAY_HOME}")
    draft = Draft()
    if text := words(tree.get("abstractText")):
        draft.begin_section("Abstract", "summary")
        draft.add_text(text)
    parents: dict[str, Aspect | None] = {}
    for section in listed(tree.get("sections")):
        heading, text = " ".join(words(section.get("heading")).split()), words(section.get("text"))
        if not heading and not text:
            continue
        number = re.match(r"(\w+)((?:\.\d+)*)\.?\s", heading)
        aspect = aspect_of(heading) or (parents.get(number[1]) if number and number[2] else None)
        if number and not number[2]:
            parents[number[1]] = aspect
        draft.begin_section(heading, aspect) if heading else draft.end_section()
        if text:
            draft.add_text(text)
    references = [reference for entry in listed(tree.get("references")) if (reference := reference_of(entry))]
    if references:
        draft.begin_section(REFERENCES)
    for reference in references:
        draft.add_point(reference, role="reference")
    if not draft.points:
        raise UnreadableFile(file, "is a parsed PDF without any text; import the PDF itself")
    document = paper(home, f"{home}/paper", title or "Paper", draft, file)
    return Submission(
        home, title if into is None else "", authors=read_authors(tree.get("authors")), documents=(document,)
    )


def reference_of(entry: dict[str, Any]) -> str:
    """An entry of the list of references in one line: authors, title, venue, year."""
    authors = ", ".join(read_authors(entry.get("author")))
    parts = (authors, words(entry.get("title")), words(entry.get("venue")), words(entry.get("year")))
    return ". ".join(" ".join(part.split()).rstrip(".") for part in parts if part)


def listed(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def paper(home: str, id: str, title: str, draft: Draft, source: str) -> Document:
    return Document(id, home, "paper", title, draft.text, draft.sections, draft.points, origin="record", source=source)
