"""One small thread for each shape in which a venue's notes come, on papers and by people that never were."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.types import Score

FORUM = "sHoRe77"
TITLE = "Shore Quantization"
ABSTRACT = "We round weights to the nearest pebble."
Notes = list[dict[str, Any]]


@dataclass(frozen=True)
class Shape:
    """A thread and what must come out: scores by reviewer, and by note its kind, whom it answers, what it replies to."""

    name: str
    notes: Notes
    venue: str
    decision: str | None
    ratings: Mapping[str, Score | None]
    confidences: Mapping[str, Score | None]
    replies: Mapping[str, tuple[str, str | None, str | None]]
    others: Mapping[str, Score] = field(default_factory=dict)
    """Other scores of the first reviewer."""
    sections: Mapping[str, str | None] = field(default_factory=dict)
    """Sections of the first review with their aspects."""


class Desk:
    """Writes notes as one API exports them, a second apart."""

    def __init__(self, api: int, invitation: str, group: str) -> None:
        self._api, self._invitation, self._group = api, invitation, group
        self._clock = 1700000000000
        self.notes: Notes = []

    def add(self, id: str, ending: str, content: dict[str, Any], signer: str = "", replyto: str | None = FORUM) -> None:
        """A reply; `signer` is a name under the paper's group, or a whole signature with "~", "@" or a space in it."""
        self._clock += 1000
        whole = any(sign in signer for sign in "~@ ") or not signer
        invitation = ending if "/-/" in ending else self._invitation.format(ending)
        note = {
            "id": id, "forum": FORUM, "replyto": replyto, "signatures": [signer if whole else f"{self._group}/{signer}"],
            "tcdate": self._clock, "tmdate": self._clock, "ddate": None, "tddate": self._clock,
        }  # fmt: skip
        if self._api == 1:
            self.notes.append(note | {"invitation": invitation, "content": content})
        else:
            wrapped = {key: {"value": value} for key, value in content.items()}
            wrapped |= {"hidden_from_you": {"readers": [f"{self._group}/Area_Chairs"]}}
            self.notes.append(
                note | {"invitations": [invitation, "X.cc/-/Edit"], "content": wrapped, "version": self._api}
            )

    def head(self, invitation: str, content: dict[str, Any] | None = None, signer: str = "") -> None:
        facts = {"title": TITLE, "abstract": ABSTRACT, "authors": ["Ada Reef", "Ben Poole"], "pdf": "/pdf/1.pdf"}
        self.add(FORUM, invitation, facts | (content or {}), signer, None)


def thread_of_2013() -> Shape:
    desk = Desk(1, "ICLR.cc/2013/-/submission/{}", "")
    desk.head("ICLR.cc/2013/conference/-/submission", {"decision": "conferenceOral-iclr2013-workshop"}, "ada@reef.org")
    desk.add(
        "a", "review", {"title": "review of Shore Quantization", "review": "Pebbles please."}, "anonymous reviewer 1d53"
    )
    desk.add("b", "review", {"title": "", "review": "We thank 1d53."}, "Ada Reef")
    desk.add("c", "review", {"title": "", "review": "My score stays."}, "anonymous reviewer 1d53")
    desk.add("d", "review", {"title": "", "review": "My score stays."}, "anonymous reviewer 1d53")
    desk.add("e", "review", {"title": "", "review": "See also my gravel."}, "Gus Gravel")
    return Shape(
        "ICLR 2013", desk.notes, "ICLR 2013", "conferenceOral-iclr2013-workshop",
        {"Anonymous reviewer 1d53": None}, {"Anonymous reviewer 1d53": None},
        {"a": ("review", None, None), "b": ("response", "all", None), "c": ("comment", None, None),
         "e": ("comment", None, None), FORUM: ("decision", None, None)},
    )  # fmt: skip


def thread_of_2014() -> Shape:
    desk = Desk(1, "ICLR.cc/2014/-/submission/conference/{}", "")
    desk.head("ICLR.cc/2014/-/submission/conference", {"decision": "submitted, no decision"}, "~Ada_Reef1")
    desk.add("a", "review", {"title": "review of Shore Quantization", "review": "Sandy."}, "anonymous reviewer f0a1")
    desk.add("b", "reply", {"title": "", "reply": "No sand."}, "Ben Poole", "a")
    return Shape(
        "ICLR 2014", desk.notes, "ICLR 2014", "submitted, no decision",
        {"Anonymous reviewer f0a1": None}, {"Anonymous reviewer f0a1": None},
        {"a": ("review", None, None), "b": ("response", "Anonymous reviewer f0a1", "review-a"),
         FORUM: ("decision", None, None)},
    )  # fmt: skip


def thread_of_workshop_2016() -> Shape:
    desk = Desk(1, "ICLR.cc/2016/workshop/-/paper/132/{}", "ICLR.cc/2016/workshop/paper/132")
    desk.head("ICLR.cc/2016/workshop/-/submission", None, "~Ada_Reef_Castro1")
    scores = {"rating": "4: Ok but not good enough - rejection", "confidence": "5: The reviewer is absolutely certain"}
    desk.add("a", "review/10", {"title": "Review_10", "review": "Few tides."} | scores, "reviewer/10")
    desk.add(
        "b", "review/11", {"review": "Fine.", "rating": "6: Marginally above acceptance threshold"}, "~Gus_Gravel1"
    )
    desk.add("c", "comment", {"title": "To all", "comment": "We add tides."}, "~Ada_Reef_Castro1")
    return Shape(
        "ICLR 2016 workshop", desk.notes, "ICLR 2016 workshop", None,
        {"Reviewer 10": Score(4, "Ok but not good enough - rejection", 1, 10),
         "Gus Gravel": Score(6, "Marginally above acceptance threshold", 1, 10)},
        {"Reviewer 10": Score(5, "The reviewer is absolutely certain", 1, 5), "Gus Gravel": None},
        {"a": ("review", None, None), "b": ("review", None, None), "c": ("response", "all", None)},
    )  # fmt: skip


def thread_of_2017() -> Shape:
    group = "ICLR.cc/2017/conference/paper12"
    desk = Desk(1, "ICLR.cc/2017/conference/-/paper12/{}", group)
    desk.head("ICLR.cc/2017/conference/-/submission", None, "~Ada_Reef1")
    desk.add("q", "pre-review/question", {"title": "q", "question": "Which shore?"}, "AnonReviewer3")
    desk.add("r", "official/review", {"title": "t", "review": "Good.", "rating": "7: Good paper, accept",
                                      "confidence": "3: The reviewer is fairly confident"}, "AnonReviewer3")  # fmt: skip
    desk.add("a", "public/comment", {"title": "A", "comment": "The north one."}, "~Ben_Q_Poole2", "q")
    desk.add("b", "public/comment", {"title": "B", "comment": "Thanks."}, "~Ada_Reef1", "r")
    desk.add("c", "official/comment", {"title": "C", "comment": "Noted."}, "AnonReviewer3", "b")
    desk.add("p", "public/comment", {"title": "P", "comment": "Code?"}, "~Gus_Gravel1", "b")
    desk.add("z", "acceptance", {"title": "Final", "comment": "A clear paper.", "decision": "Accept (Poster)"}, "pcs")
    return Shape(
        "ICLR 2017", desk.notes, "ICLR 2017", "Accept (Poster)",
        {"AnonReviewer3": Score(7, "Good paper, accept", 1, 10)},
        {"AnonReviewer3": Score(3, "The reviewer is fairly confident", 1, 5)},
        {"q": ("comment", None, None), "r": ("review", None, None), "a": ("response", "AnonReviewer3", "comment-q"),
         "b": ("response", "AnonReviewer3", "review-r"), "c": ("comment", "Authors", "response-b"),
         "p": ("comment", "Authors", "response-b"), "z": ("decision", None, None)},
    )  # fmt: skip


def thread_of_2018() -> Shape:
    desk = Desk(1, "ICLR.cc/2018/Conference/-/Paper12/{}", "ICLR.cc/2018/Conference/Paper12")
    desk.head("ICLR.cc/2018/Conference/-/Blind_Submission", {"TL;DR": "Pebbles.", "authors": ["Anonymous"]})
    desk.add("r", "Official_Review", {"review": "Slow.", "rating": "5: Marginally below acceptance threshold",
                                      "confidence": "4: The reviewer is confident"}, "AnonReviewer2")  # fmt: skip
    desk.add("x", "Public_Comment", {"title": "?", "comment": "How slow?"}, "(anonymous)")
    desk.add("z", "ICLR.cc/2018/Conference/-/Acceptance_Decision",
             {"decision": "Invite to Workshop Track", "comment": "Early."}, "Program_Chairs")  # fmt: skip
    return Shape(
        "ICLR 2018", desk.notes, "ICLR 2018", "Invite to Workshop Track",
        {"AnonReviewer2": Score(5, "Marginally below acceptance threshold", 1, 10)},
        {"AnonReviewer2": Score(4, "The reviewer is confident", 1, 5)},
        {"r": ("review", None, None), "x": ("comment", None, None), "z": ("decision", None, None)},
    )  # fmt: skip


def thread_of_2019() -> Shape:
    desk = Desk(1, "ICLR.cc/2019/Conference/-/Paper12/{}", "ICLR.cc/2019/Conference/Paper12")
    desk.head("ICLR.cc/2019/Conference/-/Blind_Submission")
    desk.add("m", "Meta_Review", {"title": "m", "metareview": "Thin.", "recommendation": "Reject",
                                  "confidence": "5: The area chair is absolutely certain"}, "Area_Chair1")  # fmt: skip
    desk.add("r", "Official_Review", {"review": "Wet.", "rating": "3: Clear rejection"}, "AnonReviewer1")
    desk.add(
        "a", "Official_Comment", {"title": "Response to AnonReviewer1 (1/2)", "comment": "Dry."}, "Authors", "gone"
    )
    desk.add("b", "Official_Comment", {"title": "Response (2/2)", "comment": "Drier."}, "Authors", "a")
    desk.add("w", "Withdraw_Submission", {"withdrawal confirmation": "We withdraw it."}, "Authors")
    return Shape(
        "ICLR 2019", desk.notes, "ICLR 2019", "Reject (withdrawn)",
        {"AnonReviewer1": Score(3, "Clear rejection", 1, 10)}, {"AnonReviewer1": None},
        {"m": ("meta-review", None, None), "r": ("review", None, None), "a": ("response", "AnonReviewer1", None),
         "b": ("response", None, "response-a"), "w": ("comment", "all", None)},
    )  # fmt: skip


def thread_of_2020() -> Shape:
    desk = Desk(1, "ICLR.cc/2020/Conference/Paper12/-/{}", "ICLR.cc/2020/Conference/Paper12")
    desk.head("ICLR.cc/2020/Conference/-/Blind_Submission")
    desk.add("r", "Official_Review", {
        "rating": "6: Weak Accept", "experience_assessment": "I have read many papers in this area.",
        "review_assessment:_checking_correctness_of_experiments": "I assessed the sensibility of the experiments.",
        "title": "Official Blind Review #3", "review": "Sound."}, "AnonReviewer3")  # fmt: skip
    desk.add("z", "Decision", {"decision": "Accept (Talk)", "comment": "Yes."}, "Program_Chairs")
    return Shape(
        "ICLR 2020", desk.notes, "ICLR 2020", "Accept (Talk)",
        {"AnonReviewer3": Score(6, "Weak Accept", 1, 8)}, {"AnonReviewer3": None},
        {"r": ("review", None, None), "z": ("decision", None, None)},
        {"experience assessment": Score(None, "I have read many papers in this area."),
         "review assessment: checking correctness of experiments":
             Score(None, "I assessed the sensibility of the experiments.")},
        {"Scores": "record", "Title": None, "Review": None},
    )  # fmt: skip


def thread_of_2021() -> Shape:
    desk = Desk(1, "ICLR.cc/2021/Conference/Paper12/-/{}", "ICLR.cc/2021/Conference/Paper12")
    desk.head(
        "ICLR.cc/2021/Conference/-/Blind_Submission", {"one-sentence_summary": "Pebbles.", "venue": "ICLR 2021 Oral"}
    )
    desk.add("r", "Official_Review", {"title": "t", "review": "Deep.", "rating": "9: Top 15% of accepted papers, strong accept",
                                      "confidence": "2: The reviewer is willing to defend"}, "AnonReviewer4")  # fmt: skip
    desk.add(
        "z", "Decision", {"title": "Final Decision", "decision": "Accept (Oral)", "comment": "Deep."}, "Program_Chairs"
    )
    return Shape(
        "ICLR 2021", desk.notes, "ICLR 2021", "Accept (Oral)",
        {"AnonReviewer4": Score(9, "Top 15% of accepted papers, strong accept", 1, 10)},
        {"AnonReviewer4": Score(2, "The reviewer is willing to defend", 1, 5)},
        {"r": ("review", None, None), "z": ("decision", None, None)},
    )  # fmt: skip


NOVELTY = "3: The contributions are significant and somewhat new."
FORM_OF_2022 = {
    "summary_of_the_paper": "Pebbles.", "summary_of_the_review": "Good pebbles.",
    "correctness": "4: All of the claims and statements are well-supported and correct.",
    "technical_novelty_and_significance": NOVELTY, "empirical_novelty_and_significance": "Not applicable",
    "flag_for_ethics_review": ["NO."], "confidence": "4: You are confident in your assessment",
    "recommendation": "8: accept, good paper",
}  # fmt: skip
OTHERS_OF_2022 = {
    "correctness": Score(4, "All of the claims and statements are well-supported and correct.", 1, 4),
    "technical novelty and significance": Score(3, "The contributions are significant and somewhat new.", 1, 4),
}


def thread_of_2022() -> Shape:
    desk = Desk(1, "ICLR.cc/2022/Conference/Paper12/-/{}", "ICLR.cc/2022/Conference/Paper12")
    desk.head("ICLR.cc/2022/Conference/-/Blind_Submission")
    desk.add(
        "r",
        "Official_Review",
        FORM_OF_2022 | {"main_review": "Strengths:\n- Round.\n\nWeaknesses:\n- Wet."},
        "Reviewer_fMm6",
    )
    desk.add("z", "Decision", {"decision": "Accept (Spotlight)", "comment": "Round."}, "Program_Chairs")
    return Shape(
        "ICLR 2022", desk.notes, "ICLR 2022", "Accept (Spotlight)",
        {"Reviewer fMm6": Score(8, "accept, good paper", 1, 10)},
        {"Reviewer fMm6": Score(4, "You are confident in your assessment", 1, 5)},
        {"r": ("review", None, None), "z": ("decision", None, None)}, OTHERS_OF_2022,
        {"Scores": "record", "Summary of the paper": "summary", "Summary of the review": "summary",
         "Empirical novelty and significance": "novelty", "Flag for ethics review": "ethics", "Main review": None,
         "Strengths": "strengths", "Weaknesses": "weaknesses"},
    )  # fmt: skip


def thread_of_2023() -> Shape:
    desk = Desk(1, "ICLR.cc/2023/Conference/Paper12/-/{}", "ICLR.cc/2023/Conference/Paper12")
    desk.head("ICLR.cc/2023/Conference/-/Blind_Submission", {"venueid": "ICLR.cc/2023/Conference"})
    desk.add("r", "Official_Review", FORM_OF_2022 | {"strength_and_weaknesses": "Round but wet."}, "Reviewer_X8QT")
    desk.add("e", "Ethics_Meta_Review", {"recommendation": "Reject", "decision": "Harmful"}, "Ethics_Chair")
    desk.add("a", "Official_Comment", {"comment": "Dried."}, "Authors", "r")
    desk.add("z", "Decision", {"title": "Paper Decision", "decision": "Accept: notable-top-25%",
                               "metareview:_summary,_strengths_and_weaknesses": "Round.",
                               "justification_for_why_not_higher_score": "Wet."}, "Program_Chairs")  # fmt: skip
    return Shape(
        "ICLR 2023", desk.notes, "ICLR 2023", "Accept: notable-top-25%",
        {"Reviewer X8QT": Score(8, "accept, good paper", 1, 10)},
        {"Reviewer X8QT": Score(4, "You are confident in your assessment", 1, 5)},
        {"r": ("review", None, None), "e": ("comment", None, None), "a": ("response", "Reviewer X8QT", "review-r"),
         "z": ("decision", None, None)}, OTHERS_OF_2022,
    )  # fmt: skip


def form_of_2024(rating: Any, confidence: Any, part: Any) -> dict[str, Any]:
    return {
        "summary": "Pebbles.", "soundness": part, "presentation": part, "contribution": part, "strengths": "Round.",
        "weaknesses": "1. Wet.\n2. Cold.", "questions": "1: Which shore?", "rating": rating, "confidence": confidence,
        "flag_for_ethics_review": ["No ethics review needed."], "code_of_conduct": "Yes",
    }  # fmt: skip


SECTIONS_OF_2024 = {
    "Scores": "record", "Summary": "summary", "Strengths": "strengths", "Weaknesses": "weaknesses",
    "Questions": "questions", "Flag for ethics review": "ethics",
}  # fmt: skip


def desk_of_v2(venue: str, head: dict[str, Any] | None = None) -> Desk:
    desk = Desk(2, f"{venue}/Submission12/-/{{}}", f"{venue}/Submission12")
    desk.head(f"{venue}/-/Submission", head, "Authors")
    return desk


def parts(names: str, value: float, label: str = "", low: float | None = 1, high: float | None = 4) -> dict[str, Score]:
    return {name: Score(value, label, low, high) for name in names.split()}


def thread_of_2024() -> Shape:
    desk = desk_of_v2("ICLR.cc/2024/Conference")
    form = form_of_2024(
        "6: marginally above the acceptance threshold", "4: You are confident, but not certain", "3 good"
    )
    desk.add("r", "Official_Review", form, "Reviewer_AG4r")
    desk.add("a", "Official_Comment", {"title": "Response (1/2)", "comment": "Dry."}, "Authors", "r")
    desk.add("b", "Official_Comment", {"title": "Response (2/2)", "comment": "Warm."}, "Authors", "a")
    desk.add("c", "Official_Comment", {"comment": "I raise my score."}, "Reviewer_AG4r", "b")
    desk.add(
        "m", "Meta_Review", {"metareview": "Round.", "justification_for_why_not_lower_score": "Dry."}, "Area_Chair_XyZ1"
    )
    desk.add("z", "Decision", {"title": "Paper Decision", "decision": "Accept (poster)"}, "Program_Chairs")
    return Shape(
        "ICLR 2024", desk.notes, "ICLR 2024", "Accept (poster)",
        {"Reviewer AG4r": Score(6, "marginally above the acceptance threshold", 1, 10)},
        {"Reviewer AG4r": Score(4, "You are confident, but not certain", 1, 5)},
        {"r": ("review", None, None), "a": ("response", "Reviewer AG4r", "review-r"),
         "b": ("response", "Reviewer AG4r", "response-a"), "c": ("comment", "Authors", "response-b"),
         "m": ("meta-review", None, None), "z": ("decision", None, None)},
        parts("soundness presentation contribution", 3, "good"), SECTIONS_OF_2024,
    )  # fmt: skip


def thread_of_2025() -> Shape:
    desk = desk_of_v2("ICLR.cc/2025/Conference")
    desk.add("r", "Official_Review", form_of_2024(10, 3, 2), "Reviewer_x1Yz")
    desk.add(
        "m",
        "Meta_Review",
        {"metareview": "Round.", "additional_comments_on_reviewer_discussion": "Lively."},
        "Area_Chair_a1",
    )
    desk.add("z", "Decision", {"decision": "Reject"}, "Program_Chairs")
    return Shape(
        "ICLR 2025", desk.notes, "ICLR 2025", "Reject", {"Reviewer x1Yz": Score(10, "", 1, 10)},
        {"Reviewer x1Yz": Score(3, "", 1, 5)},
        {"r": ("review", None, None), "m": ("meta-review", None, None), "z": ("decision", None, None)},
        parts("soundness presentation contribution", 2),
    )  # fmt: skip


def thread_of_2026() -> Shape:
    desk = desk_of_v2("ICLR.cc/2026/Conference", {"venueid": "ICLR.cc/2026/Conference/Withdrawn_Submission"})
    desk.add("r", "Official_Review", form_of_2024(0, 5, 1), "Reviewer_3nuv")
    return Shape(
        "ICLR 2026, withdrawn", desk.notes, "ICLR 2026", "Withdrawn", {"Reviewer 3nuv": Score(0, "", 0, 10)},
        {"Reviewer 3nuv": Score(5, "", 1, 5)}, {"r": ("review", None, None)},
        parts("soundness presentation contribution", 1),
    )  # fmt: skip


def thread_of_neurips_2022() -> Shape:
    desk = desk_of_v2("NeurIPS.cc/2022/Conference")
    form = {"summary": "s", "strengths_and_weaknesses": "Round, wet.", "questions": "q", "limitations": "l",
            "ethics_flag": "No", "soundness": "3 good", "presentation": "4 excellent", "contribution": "2 fair",
            "rating": "7: Accept: Technically solid paper", "confidence": "3: You are fairly confident"}  # fmt: skip
    desk.add("r", "Official_Review", form, "Reviewer_k2Lm")
    desk.add("z", "Decision", {"decision": "Accept", "comment": "c"}, "Program_Chairs")
    return Shape(
        "NeurIPS 2022", desk.notes, "NeurIPS 2022", "Accept",
        {"Reviewer k2Lm": Score(7, "Accept: Technically solid paper", 1, 10)},
        {"Reviewer k2Lm": Score(3, "You are fairly confident", 1, 5)},
        {"r": ("review", None, None), "z": ("decision", None, None)},
        {"soundness": Score(3, "good", 1, 4), "presentation": Score(4, "excellent", 1, 4),
         "contribution": Score(2, "fair", 1, 4)},
        {"Scores": "record", "Summary": "summary", "Strengths and weaknesses": None, "Questions": "questions",
         "Limitations": "limitations", "Ethics flag": "ethics"},
    )  # fmt: skip


def thread_of_neurips_2024() -> Shape:
    desk = desk_of_v2("NeurIPS.cc/2024/Conference")
    desk.add("r", "Official_Review", form_of_2024("5: Borderline accept", "4: Confident", "3: good"), "Reviewer_q9")
    desk.add("g", "Author_Rebuttal", {"rebuttal": "To all: see the figures.", "pdf": "/pdf/9.pdf"}, "Authors")
    desk.add("a", "Official_Review1/-/Rebuttal", {"rebuttal": "Dry."}, "Authors", "r")
    desk.add("z", "Decision", {"decision": "Accept (poster)", "comment": "c"}, "Program_Chairs")
    return Shape(
        "NeurIPS 2024", desk.notes, "NeurIPS 2024", "Accept (poster)", {"Reviewer q9": Score(5, "Borderline accept", 1, 10)},
        {"Reviewer q9": Score(4, "Confident", 1, 5)},
        {"r": ("review", None, None), "g": ("response", "all", None), "a": ("response", "Reviewer q9", "review-r"),
         "z": ("decision", None, None)},
        parts("soundness presentation contribution", 3, "good"),
    )  # fmt: skip


def thread_of_neurips_2025() -> Shape:
    desk = desk_of_v2("NeurIPS.cc/2025/Conference")
    form = {"summary": "s", "strengths_and_weaknesses": "Round.", "quality": 3, "clarity": 3, "significance": 3,
            "originality": 3, "questions": "q", "limitations": "yes", "rating": 4, "confidence": 4,
            "ethical_concerns": "NO or VERY MINOR ethics concerns only", "final_justification": "It dried."}  # fmt: skip
    desk.add("r", "Official_Review", form, "Reviewer_p0Qr")
    desk.add("a", "Rebuttal", {"rebuttal": "Dry."}, "Authors", "r")
    desk.add(
        "k", "Mandatory_Acknowledgement", {"mandatory_acknowledgement": "I read the rebuttal."}, "Reviewer_p0Qr", "r"
    )
    desk.add("z", "Decision", {"decision": "Accept (spotlight)", "comment": "c"}, "Program_Chairs")
    return Shape(
        "NeurIPS 2025", desk.notes, "NeurIPS 2025", "Accept (spotlight)", {"Reviewer p0Qr": Score(4, "", 1, 6)},
        {"Reviewer p0Qr": Score(4, "", 1, 5)},
        {"r": ("review", None, None), "a": ("response", "Reviewer p0Qr", "review-r"), "k": ("comment", None, "review-r"),
         "z": ("decision", None, None)},
        parts("quality clarity significance originality", 3),
        {"Scores": "record", "Summary": "summary", "Strengths and weaknesses": None, "Questions": "questions",
         "Limitations": "limitations", "Ethical concerns": "ethics", "Final justification": None},
    )  # fmt: skip


def thread_of_icml_2025() -> Shape:
    desk = desk_of_v2("ICML.cc/2025/Conference")
    form = {"summary": "s", "claims_and_evidence": "Held.", "theoretical_claims": "None.",
            "experimental_designs_or_analyses": "Tides.", "questions_for_authors": "q", "overall_recommendation": 3}  # fmt: skip
    desk.add("r", "Official_Review", form, "Reviewer_Zz9z")
    desk.add("a", "Rebuttal", {"rebuttal": "Dry."}, "Authors", "r")
    desk.add("k", "Rebuttal_Comment", {"comment": "Still wet."}, "Reviewer_Zz9z", "a")
    desk.add("b", "Reply_Rebuttal_Comment", {"comment": "Towels."}, "Authors", "k")
    desk.add("z", "Decision", {"decision": "Accept (poster)"}, "Program_Chairs")
    return Shape(
        "ICML 2025", desk.notes, "ICML 2025", "Accept (poster)", {"Reviewer Zz9z": Score(3, "", 1, 5)}, {"Reviewer Zz9z": None},
        {"r": ("review", None, None), "a": ("response", "Reviewer Zz9z", "review-r"),
         "k": ("comment", "Authors", "response-a"), "b": ("response", "Reviewer Zz9z", "comment-k"),
         "z": ("decision", None, None)},
        {}, {"Scores": "record", "Summary": "summary", "Claims and evidence": None, "Theoretical claims": None,
             "Experimental designs or analyses": "evaluation", "Questions for authors": "questions"},
    )  # fmt: skip


def thread_of_arr() -> Shape:
    desk = desk_of_v2("aclweb.org/ACL/ARR/2024/June")
    form = {"paper_summary": "s", "summary_of_strengths": "Round.", "summary_of_weaknesses": "Wet.",
            "comments_suggestions_and_typos": "pebbel", "confidence": "4 = Quite sure", "soundness": "3.5",
            "overall_assessment": "2.5 = Borderline", "reproducibility": "4 = Mostly", "datasets": "1 = None",
            "software": "1 = None"}  # fmt: skip
    desk.add("r", "Official_Review", form, "Reviewer_8aBc")
    desk.add("i", "Review_Issue_Report", {"justification": "It asks for gravel."}, "Authors", "r")
    desk.add(
        "m",
        "Meta_Review",
        {"metareview": "m", "summary_of_suggested_revisions": "Dry it.", "overall_assessment": 3},
        "Area_Chair_1",
    )
    return Shape(
        "ARR", desk.notes, "ARR 2024 June", None, {"Reviewer 8aBc": Score(2.5, "Borderline", 1, 5)},
        {"Reviewer 8aBc": Score(4, "Quite sure", 1, 5)},
        {"r": ("review", None, None), "i": ("response", "Reviewer 8aBc", "review-r"), "m": ("meta-review", None, None)},
        {"soundness": Score(3.5, "", 1, 5), "reproducibility": Score(4, "Mostly", 1, 5), "datasets": Score(1, "None", 1, 5),
         "software": Score(1, "None", 1, 5)},
        {"Scores": "record", "Paper summary": "summary", "Summary of strengths": "strengths",
         "Summary of weaknesses": "weaknesses", "Comments suggestions and typos": "writing"},
    )  # fmt: skip


def thread_of_tmlr() -> Shape:
    desk = Desk(2, "TMLR/Paper12/-/{}", "TMLR/Paper12")
    desk.head(
        "TMLR/-/Submission",
        {"changes_since_last_submission": "We dried every pebble that the reviewers found wet."},
        "Authors",
    )
    form = {"summary_of_contributions": "s", "strengths_and_weaknesses": "Round.", "requested_changes": "Dry it.",
            "broader_impact_concerns": "None.", "claims_and_evidence": "Yes"}  # fmt: skip
    desk.add("r", "Review", form, "Reviewer_bB2c")
    desk.add("k", "Official_Recommendation", {"decision_recommendation": "Leaning Accept"}, "Reviewer_bB2c")
    desk.add("z", "Decision", {"recommendation": "Accept as is", "comment": "Dry."}, "Action_Editors")
    return Shape(
        "TMLR", desk.notes, "", "Accept as is", {"Reviewer bB2c": None}, {"Reviewer bB2c": None},
        {FORUM: ("comment", None, None), "r": ("review", None, None), "k": ("comment", None, None), "z": ("decision", None, None)},
    )  # fmt: skip


def thread_of_an_unknown_conference() -> Shape:
    desk = desk_of_v2("thetide.org/TIDE/2031/Conference")
    form = {"Paper_Summary": "s", "Preliminary_Rating": "3: Borderline", "Final_Rating": "4: Weak accept",
            "Reviewer_Confidence": "3: Fair", "Tide_Level": "2: Low", "Harbour": "Deep enough for all of it."}  # fmt: skip
    desk.add("r", "Official_Review", form, "Reviewer_1")
    desk.add("s", "Official_Review", {"Paper_Summary": "t", "Final_Rating": "Strong reject"}, "Reviewer_4")
    desk.add("v", "Withdrawal", {"withdrawal_confirmation": "Gone."}, "Authors")
    desk.add("u", "Withdrawal_Reversion", {"comment": "Back."}, "Program_Chairs")
    return Shape(
        "an unknown conference", desk.notes, "TIDE 2031", None,
        {"Reviewer 1": Score(4, "Weak accept"), "Reviewer 4": Score(None, "Strong reject")},
        {"Reviewer 1": Score(3, "Fair"), "Reviewer 4": None},
        {"r": ("review", None, None), "s": ("review", None, None), "v": ("comment", "all", None), "u": ("comment", None, None)},
        {"Preliminary Rating": Score(3, "Borderline"), "Tide Level": Score(2, "Low")},
        {"Scores": "record", "Paper Summary": "summary", "Harbour": None},
    )  # fmt: skip


def thread_of_an_unknown_workshop() -> Shape:
    desk = Desk(1, "TIDE.org/2031/Workshop/Pebbles/-/Paper12/{}", "TIDE.org/2031/Workshop/Pebbles/Paper12")
    desk.head("TIDE.org/2031/Workshop/Pebbles/-/Submission")
    desk.add("r", "Review", {"review": "Wet.", "rating": 8, "confidence": 99}, "Reviewers")
    desk.add("s", "Review", {"review": "Dry.", "rating": "2: Poor, on a scale of 5"}, "")
    desk.add("o", "Official_Comment", {"comment": "A whole review in a comment."}, "Reviewers")
    desk.add("d", "Desk_Rejection", {"comment": "Too long."}, "Program_Chairs")
    return Shape(
        "an unknown workshop", desk.notes, "TIDE 2031 Workshop Pebbles", "Desk rejected",
        {"Unnamed reviewer 1": Score(8), "Unnamed reviewer 2": Score(2, "Poor, on a scale of 5", None, 5)},
        {"Unnamed reviewer 1": Score(99), "Unnamed reviewer 2": None},
        {"r": ("review", None, None), "s": ("review", None, None), "o": ("comment", None, None), "d": ("comment", None, None)},
    )  # fmt: skip


SHAPES = [
    thread_of_2013(), thread_of_2014(), thread_of_workshop_2016(), thread_of_2017(), thread_of_2018(), thread_of_2019(),
    thread_of_2020(), thread_of_2021(), thread_of_2022(), thread_of_2023(), thread_of_2024(), thread_of_2025(),
    thread_of_2026(), thread_of_neurips_2022(), thread_of_neurips_2024(), thread_of_neurips_2025(),
    thread_of_icml_2025(), thread_of_arr(), thread_of_tmlr(), thread_of_an_unknown_conference(),
    thread_of_an_unknown_workshop(),
]  # fmt: skip
