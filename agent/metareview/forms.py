"""The forms in which venues take a meta-review, year by year: data only."""

import re
from dataclasses import dataclass
from typing import Literal

Content = Literal[
    "title", "whole", "merits", "limits", "revisions", "decision", "assessment", "confidence", "integrity", "discussion"
]  # fmt: skip
"""What a field takes: the whole text, one of its sections, or what the chair stated."""


@dataclass(frozen=True)
class Form:
    """One venue's form: OpenReview's API version, the venue's group, the end of the invitation, who signs, the fields.

    choices: the words that the form offers for the decision; () where it is free or not known.
    title: what its title says. paper: how the paper's number stands between group and ending; "" for the same form for all.
    """

    venue: str
    api: Literal[1, 2]
    group: str
    ending: str
    signer: str
    fields: tuple[tuple[str, Content], ...]
    choices: tuple[str, ...] = ()
    title: str = "Meta-Review"
    paper: str = "/Submission{}/-/"

    def invitation(self, number: int | None) -> str:
        """The name of the form for the paper with this number; without one, that of the venue's form."""
        between = self.paper.format(number) if number and self.paper else "/-/"
        return f"{self.group}{between}{self.ending}"

    def signature(self, number: int | None) -> str:
        """Who signs: the chairs of the programme for the venue, an area chair for the paper."""
        if "/" in self.signer:
            return self.signer
        of_paper = number and self.paper and self.signer == "Area_Chair"
        home = f"{self.group}/{self.paper.format(number).strip('/-')}" if of_paper else self.group
        return f"{home}/{self.signer}"


_JUSTIFIED: tuple[tuple[str, Content], ...] = (
    ("justification_for_why_not_higher_score", "limits"),
    ("justification_for_why_not_lower_score", "merits"),
)
_DECISION: tuple[tuple[str, Content], ...] = (("decision", "decision"), ("comment", "whole"))
_ICLR_CHOICES = ("Accept (Oral)", "Accept (Spotlight)", "Accept (Poster)", "Reject")
_V2_CHOICES = ("Accept (oral)", "Accept (spotlight)", "Accept (poster)", "Reject")


_DECISION_TITLE = "Paper Decision"
_WITH_WORKSHOP = ("Accept (Oral)", "Accept (Poster)", "Invite to Workshop Track", "Reject")
_V1 = "/Paper{}/-/"
_TITLED: tuple[tuple[str, Content], ...] = (("title", "title"), *_DECISION)


def _iclr(year: int) -> Form:
    group = f"ICLR.cc/{year}/Conference"
    if year == 2017:
        return Form(
            "ICLR 2017", 1, "ICLR.cc/2017/conference", "acceptance", "ICLR.cc/2017/pcs", _TITLED, _WITH_WORKSHOP,
            "ICLR committee final decision", "/-/paper{}/",
        )  # fmt: skip
    if year == 2018:
        title = "ICLR 2018 Conference Acceptance Decision"
        return Form("ICLR 2018", 1, group, "Acceptance_Decision", "Program_Chairs", _TITLED, _WITH_WORKSHOP, title, "")
    if year == 2019:
        fields: tuple[tuple[str, Content], ...] = (
            ("title", "title"), ("metareview", "whole"), ("recommendation", "decision"), ("confidence", "confidence"),
        )  # fmt: skip
        choices = ("Accept (Oral)", "Accept (Poster)", "Reject")
        return Form("ICLR 2019", 1, group, "Meta_Review", "Area_Chair", fields, choices, paper="/-/Paper{}/")
    if year <= 2022:
        return Form(
            f"ICLR {year}", 1, group, "Decision", "Program_Chairs", _TITLED, _ICLR_CHOICES, _DECISION_TITLE, _V1
        )
    if year == 2023:
        whole: tuple[tuple[str, Content], ...] = (
            ("metareview:_summary,_strengths_and_weaknesses", "whole"),
            *_JUSTIFIED,
        )
        fields = (("decision", "decision"), *whole)
        return Form("ICLR 2023", 1, group, "Decision", "Program_Chairs", fields, paper=_V1)
    if year == 2024:
        return Form("ICLR 2024", 2, group, "Meta_Review", "Area_Chair", (("metareview", "whole"), *_JUSTIFIED))
    fields = (("metareview", "whole"), ("additional_comments_on_reviewer_discussion", "discussion"))
    return Form(f"ICLR {year}", 2, group, "Meta_Review", "Area_Chair", fields)


def _of_decision(name: str, group: str, year: int, newer_from: int) -> Form:
    api: Literal[1, 2] = 2 if year >= newer_from else 1
    return Form(
        f"{name} {year}",
        api,
        f"{group}/{year}/Conference",
        "Decision",
        "Program_Chairs",
        _TITLED,
        _V2_CHOICES if name == "ICML" else (),
        _DECISION_TITLE,
        "/Submission{}/-/" if api == 2 else _V1,
    )


ARR = Form(
    "ARR", 2, "aclweb.org/ACL/ARR", "Meta_Review", "Area_Chair",
    (
        ("metareview", "whole"), ("summary_of_reasons_to_publish", "merits"),
        ("summary_of_suggested_revisions", "revisions"), ("overall_assessment", "assessment"),
        ("ethical_concerns", "integrity"),
    ),
)  # fmt: skip
FORMS: dict[str, Form] = {
    form.venue: form
    for form in (
        *(_iclr(year) for year in range(2017, 2027)),
        *(_of_decision("NeurIPS", "NeurIPS.cc", year, 2023) for year in range(2021, 2026)),
        *(_of_decision("ICML", "ICML.cc", year, 2023) for year in range(2023, 2026)),
        ARR,
    )
}
"""Venue with year -> its form."""


def form_of(venue: str) -> Form | None:
    """The form of a venue as people write it ("ICLR 2019", "iclr2019", "ARR February 2034"), or None where none is known."""
    if re.search(r"\bARR\b|rolling review", venue, re.IGNORECASE):
        return ARR
    named = re.search(r"\b(ICLR|NeurIPS|NIPS|ICML)\D{0,12}(\d{4})\b", venue, re.IGNORECASE)
    if named is None:
        return None
    name = {"iclr": "ICLR", "icml": "ICML"}.get(named[1].lower(), "NeurIPS")
    return FORMS.get(f"{name} {named[2]}")


def general(venue: str) -> Form:
    """The form for a venue of which none is known: a meta-review with a recommendation."""
    group = re.sub(r"[^\w.]+", "/", venue).strip("/") or "Unknown_Venue"
    fields: tuple[tuple[str, Content], ...] = (("title", "title"), ("metareview", "whole"), ("recommendation", "decision"), ("confidence", "confidence"))  # fmt: skip
    return Form(venue or "no venue", 2, group, "Meta_Review", "Area_Chair", fields)
