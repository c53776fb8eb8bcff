"""Who a reviewer is under which name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.types import Review


def name_keys(name: str) -> frozenset[str]:
    """The forms under which people write a name of the record: AnonReviewer3 is also "Reviewer 3" and "R3",
    Reviewer AG4r is also "AG4r"; case, spaces and punctuation do not count."""
    plain = re.sub(r"[\W_]+", "", name.casefold().replace("referee", "reviewer"))
    keys = {plain}
    if match := re.fullmatch(r"(?:anon(?:ymous)?)?reviewer(\w+)", plain):
        code = match[1]
        keys |= {f"reviewer{code}"} | ({f"r{code}", f"anonreviewer{code}"} if code.isdigit() else {code})
    elif match := re.fullmatch(r"(areachair|programchair)s?\w*", plain):
        keys.add(match[1])
    elif match := re.fullmatch(r"r(\d+)", plain):
        keys |= {f"reviewer{match[1]}", f"anonreviewer{match[1]}"}
    return frozenset(keys)


def find_names(wanted: str, names: Iterable[str], reviews: Iterable[Review] = ()) -> set[str]:
    """The names of the record that `wanted` means: those written like it, else those that have it as an alias."""
    keys = name_keys(wanted)
    if direct := {name for name in names if keys & name_keys(name)}:
        return direct
    plain = re.sub(r"[\W_]+", "", wanted.casefold())
    return {
        review.reviewer
        for review in reviews
        if any(plain == re.sub(r"[\W_]+", "", alias.casefold()) for alias in review.aliases)
    }


def share_aliases(reviews: Sequence[Review], documents: Sequence[str]) -> list[Review]:
    """The reviews of these documents, in their order, each with the aliases that any of `reviews` gives the same
    reviewer."""
    by_document = {review.document: review for review in reviews}
    shared = []
    for review in (by_document[document] for document in documents if document in by_document):
        same = [other for other in reviews if find_names(review.reviewer, [other.reviewer], [other])]
        aliases = dict.fromkeys(alias for other in [review, *same] for alias in other.aliases)
        shared.append(replace(review, aliases=tuple(aliases)))
    return shared
