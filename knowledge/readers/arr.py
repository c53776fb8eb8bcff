"""Reviews as plain JSON objects, without the notes around them: ARR's fields, and those that other venues share."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.readers.contributions import Contribution, reviewer_aliases, write_all
from knowledge.readers.dates import date_of
from knowledge.readers.draft import Draft
from knowledge.readers.headings import Field, split_fields
from knowledge.readers.homes import SAY_HOME, NoHome
from knowledge.readers.json_tree import words
from knowledge.readers.peerread import paper, read_authors
from knowledge.readers.scales import on_scale, plain_venue
from knowledge.readers.score_fields import choose, is_known, is_part_score, looks_like_label, role_of
from knowledge.readers.scores import read_exported_score
from knowledge.readers.text import slug
from knowledge.types import DocumentKind, Score, Submission

REVIEW = {"paper_summary", "summary_of_strengths", "summary_of_weaknesses", "comments_suggestions_and_typos",
          "strengths", "weaknesses", "main_review", "review", "review_text", "strengths_and_weaknesses"}  # fmt: skip
JOINED = ("review", "main_review", "review_text", "strengths_and_weaknesses")
"""Fields that may hold a whole review with headings of its own."""
META = {"metareview", "meta_review", "summary_of_reasons_to_publish", "summary_of_suggested_revisions"}
RESPONSE = {"response", "rebuttal", "author_response", "authors_response"}
SCORES = ("soundness", "excitement", "reproducibility", "datasets", "software",
          "presentation", "contribution", "originality", "quality", "clarity", "significance", "novelty")  # fmt: skip
NAMES = ("reviewer", "reviewer_id", "reviewer_name", "reviewer_number", "signature", "signatures", "author", "name")
ADMINISTRATIVE = {*NAMES, "id", "forum", "number", "date", "review_date", "type", "kind", "title", "paper_title",
                  "paper_id", "submission_id", "replyto", "reply_to", "to", "best_paper_ae", "author_identity_guess",
                  "knowledge_of_or_educated_guess_at_author_identity"}  # fmt: skip
FORM = ("paper_type", "type_of_paper", "contribution_types", "track", "tldr", "keywords")
"""What the authors said of their paper in the form."""
TOP_TITLES = ("title", "paper_title", "submission_title")


def is_review_list(tree: Any) -> bool:
    """Whether a value holds reviews as plain objects, and no notes of OpenReview."""
    return next(find_objects(tree), None) is not None


def find_objects(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object with a field that only reviews, meta-reviews or responses have, in its order."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
        elif isinstance(item, dict):
            if isinstance(item.get("content"), dict):
                continue
            if kind_of(item):
                yield item
            else:
                stack.extend(value for value in reversed(list(item.values())) if isinstance(value, list | dict))


def kind_of(item: dict[str, Any]) -> DocumentKind | None:
    """What an object is by its fields; a single one counts as a review's only where scores stand beside it."""
    fields = {plain(key) for key, value in item.items() if words(value)}
    if fields & META:
        return "meta-review"
    found = fields & REVIEW
    if len(found) > 1 or (found and any(map(role_of, fields))):
        return "review"
    if fields & RESPONSE:
        return "response"
    return None


def plain(key: str) -> str:
    return re.sub(r"[\W_]+", "_", str(key).casefold()).strip("_")


def spoken(key: str) -> str:
    """A field's name as a heading."""
    return key.replace("_", " ").capitalize()


def read_review_list(tree: Any, file: str, into: str | None) -> Submission:
    """The reviews, meta-reviews and responses of one paper; NoHome where its title is not given.

    UnreadableFile where objects name several papers.
    """
    objects = list(find_objects(tree))
    titles = {slug(title, 300): title for item in [tree, *objects] if (title := title_of(item))}
    if len(titles) > 1 and into is None:
        raise UnreadableFile(file, f"holds reviews of {len(titles)} papers; make a file of each")
    title = next(iter(titles.values()), "")
    home = into or slug(title)
    if not home:
        raise NoHome(file, f"is a list of reviews without the paper's title; {SAY_HOME}")
    counts: dict[str, int] = {}
    facts = {plain(key): value for key, value in tree.items()} if isinstance(tree, dict) else {}
    venue = words(facts.get("venue"))
    stem = PurePath(file.replace(": ", "/")).stem
    given = [read_object(item, counts, plain_venue(venue), stem) for item in objects]
    stated = [Field(spoken(key), spoken(key), text) for key in FORM if (text := words(facts.get(key)).strip())]
    if stated:
        given.insert(0, Contribution("comment", "Authors", "form", "Statements of the submission form", stated))
    documents, reviews = write_all(given, home, file)
    if abstract := words(facts.get("abstract")):
        draft = Draft()
        draft.begin_section("Abstract", "summary")
        draft.add_text(abstract)
        documents = (paper(home, f"{home}/abstract", "Abstract", draft, file), *documents)
    if not documents:
        raise UnreadableFile(file, "is a list of reviews without any text")
    return Submission(
        home,
        title if into is None else "",
        authors=read_authors(facts.get("authors")),
        venue=venue,
        decision=words(facts.get("decision")) or None,
        documents=documents,
        reviews=reviews,
    )


def title_of(item: Any) -> str:
    facts = {plain(key): value for key, value in item.items()} if isinstance(item, dict) else {}
    names = TOP_TITLES[1:] if isinstance(item, dict) and kind_of(item) else TOP_TITLES
    return next((" ".join(text.split()) for name in names if (text := words(facts.get(name)))), "")


def read_object(item: dict[str, Any], counts: dict[str, int], venue: str, stem: str) -> Contribution:
    """One object: its known scores as scores, a review's on the scales of the venue, every other field as a section
    under the field's name. A review without a signature is named after its file, as others have unsigned reviews too."""
    facts = {plain(key): value for key, value in item.items()}
    kind = kind_of(item) or "review"
    counts[kind] = counts.get(kind, 0) + 1
    unsigned = {"review": f"Reviewer {counts[kind]}", "meta-review": "Area Chair"}.get(kind, "Authors")
    given = next((text for name in NAMES if (text := words(facts.get(name)).split("\n")[0].strip())), "")
    given = given.rstrip("/").rpartition("/")[2].replace("_", " ")
    name = (f"Reviewer {given}" if given.isdigit() else given or unsigned) if kind != "response" else "Authors"
    given_scores: list[tuple[str, Score]] = []
    fields: list[Field] = []
    for key, value in facts.items():
        text = words(value)
        if not text or key in ADMINISTRATIVE:
            continue
        offers_words = is_known(key) or key in SCORES
        told = (role_of(key) and len(text) < 150 and "\n" not in text) or is_part_score(key, text)
        score = read_exported_score(text) if (offers_words or told) and len(text) < 300 else None
        if score or (offers_words and len(text) < 120) or (role_of(key) and looks_like_label(text)):
            given_scores.append((key, score or Score(None, text)))
        else:
            title = spoken(key)
            inner = split_fields(text) if key in JOINED else [Field("", "", text)]
            fields += [under if under.title else Field(title, title, under.text) for under in inner]
    chosen = {found[0]: role for role in ("rating", "confidence") if (found := choose(given_scores, role))}
    scores = [(chosen.get(key, key.replace("_", " ")), score) for key, score in given_scores]
    if kind == "review":
        scores = [(label, on_scale(score, venue, label)) for label, score in scores]
    scores.sort(
        key=lambda named: ("rating", "confidence").index(named[0]) if named[0] in ("rating", "confidence") else 2
    )
    return Contribution(
        kind,
        name,
        name if given or kind != "review" else stem,
        fields=fields,
        scores=scores if kind != "response" else [],
        aliases=reviewer_aliases(name),
        addressee=(words(facts.get("to")) or words(facts.get("reply_to")) or "all") if kind == "response" else None,
        date=date_of(words(facts.get("date")) or words(facts.get("review_date"))),
    )
