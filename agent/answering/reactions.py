"""What came of the discussion as a whole: what a reviewer wrote after the reply, who got none, what the authors promise."""

import re
from collections.abc import Sequence

from agent.answering.parts import coverage, fact, judge, listed, quote, say, who
from agent.answering.point_by_point import point_by_point
from agent.answering.points import in_paragraph, point_line, with_reply
from agent.answering.record import reviewers
from agent.answering.score_changes import STAYS, moves
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from agent.quoting import quoted, sentences_of
from knowledge.types import Passage

ASKS_ANY = re.compile(
    r"\b(?:any(?:one|body)|any of them|some(?:one|body)|every(?:one|body)|who|each|all of them)\b", re.IGNORECASE
)
ASKS_UNANSWERED = re.compile(
    r"\b(?:reviewers?|who|whom|any(?:one|body)|some(?:one|body))\b.{0,40}\b(?:no|without an?|without any|never got an?|did(?:n'?t| not) get an?) (?:repl\w+|answers?|responses?)\b"
    r"|\b(?:reviewers?|who|whom|any(?:one|body))\b.{0,25}\b(?:ignored|left out|left without)\b",
    re.IGNORECASE,
)
ASKS_SILENT = re.compile(
    r"\b(?:without (?:an? |any )?(?:repl(?:y|ies)|answers?|responses?)|unanswered|unaddressed|ignor\w+|dodg\w+|duck\w*|skip(?:s|ped)?|evad\w+|left out|pass(?:ed)? over|silent on|no (?:reply|answer|response)|(?:not|n['’]t|never) (?:been )?(?:answer(?:ed)?|addressed?|repl(?:y|ied) to|respond(?:ed)? to)|remains? (?:to be )?(?:answered|addressed|open))\b",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(
    r"\b(?:answer\w*|repl(?:y|ied|ies)|respon\w+|address\w*|dealt with|react\w*)\b.*\b(?:at all|ever|a word|anything)\b|\b(?:ever|at all)\b.*\b(?:answered|reply|replied|respon\w+|addressed)\b"
    r"|\b(?:get|gets|got|receive[ds]?|hear|heard) (?:an?y?|no|some|back)\b.{0,12}(?:answer|reply|response|from)?|\b(?:any|an?) (?:answer|reply|response) (?:to|for) (?:him|her|them|\S+|reviewer \S+)\W*$",
    re.IGNORECASE,
)
ASKS_PROMISES = re.compile(
    r"\bpromis\w+|\bcommit\w*|\bundertak\w+|\b(?:will|would) they (?:add|change|do|fix|include)\b", re.IGNORECASE
)
_PROMISE = re.compile(
    r"\bwe(?:'ll| will| shall| are going to| plan to| promise| intend to)\b|\bwill (?:also )?(?:be (?:in|added|included|fixed|released)|read|appear)\b|\bpromised?\b|\bin the (?:next|final|camera-ready|revised) version\b",
    re.IGNORECASE,
)
_CAME_BACK = re.compile(
    r"\b(?:rebuttal|the (?:authors'? )?(?:response|reply|replies|answers?)|stand corrected|after (?:reading|the discussion)|author feedback)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\W*(?:post[- ]?(?:review|rebuttal|discussion)|after (?:the )?(?:author )?(?:rebuttal|discussion|response)|update[ds]?\b(?! (?:the|rule|step))|edit\b)", re.IGNORECASE)  # fmt: skip
"""How an addition to a review begins that was made after the replies."""
MOST_PROMISES = 6
MOST_LEFT = 4


def reaction(file: ReviewFile, name: str) -> list[DraftSentence]:
    """What a reviewer made of the replies, in a sentence, and their later words; nothing where there are none."""
    told = later_words(file, name)
    if not told:
        return []
    points = [p for p in file.points if p.reviewer == name]
    made = []
    if any(p.verdict == "yes" for p in points):
        made.append("takes a point as settled")
    if any(p.verdict == "no" for p in points):
        made.append("still holds to a point")
    words = [part for _, text in told for part in sentences_of(text)]
    if any(STAYS.search(part) for part in words):
        made.append("keeps the rating")
    elif any(moves(part) for part in words):
        made.append("changes the rating")
    cited = {p.id: p for p, _ in told} | {
        p.id: p for x in points if x.verdict != "unknown" for p in file.held(x.verdict_passages)
    }
    lead = judge(
        f"After the reply {name} {listed(made)}." if made else f"{name} came back to it after the reply.",
        *cited.values(),
    )
    return [
        lead,
        *[fact(text if p.origin != "record" else f"{name}: {quoted(text, p)}", p, bullet=True) for p, text in told],
    ]


def later_words(file: ReviewFile, name: str) -> list[tuple[Passage, str]]:
    """Comments of a reviewer since the first reply, and what their review says of the reply itself."""
    since = min((file.date(p) for p in file.of("response") if file.date(p)), default="")
    comments = [
        (p, p.text)
        for p in file.of("comment", reviewer=name)
        if p.locator.section != "Title" and (not file.date(p) or file.date(p) >= since)
    ]
    # What is said of the rating comes first: it tells how the reviewer took the reply.
    comments.sort(key=lambda held: not (STAYS.search(held[1]) or moves(held[1])))
    edited = []
    for p in file.of("review", reviewer=name):
        parts = sentences_of(p.text)
        first = next(
            (
                n
                for n, part in enumerate(parts)
                if _UPDATED.match(part) or (_CAME_BACK.search(part) and any(moves(x) or STAYS.search(x) for x in parts))
            ),
            None,
        )
        if first is not None and file.of("response"):
            edited.append((p, p.text[p.text.index(parts[first]) :].strip()))
    told = [*comments[:3], *edited[:2]]
    return told or _verdicts(file, name)


def _verdicts(file: ReviewFile, name: str) -> list[tuple[Passage, str]]:
    """The sentences in which a reviewer judges the replies, where they stand in the review itself."""
    judged = {p.verdict_text: p.verdict_passages for p in file.points if p.reviewer == name and p.verdict_text}
    return [(held[0], text) for text, where in judged.items() if (held := file.held(where))][:2]


def without_reply(file: ReviewFile) -> list[DraftSentence]:
    """The reviewers to whom no reply is addressed and none of whose points is surely answered elsewhere."""
    addressed = {p.addressee for p in file.of("response")}
    met = {p.reviewer for p in file.points if p.status == "answered"}
    left = [name for name in reviewers(file) if name not in addressed and name not in met]
    if not left:
        cited = [p for p in file.of("response") if p.addressee in reviewers(file)][:4] or file.of("response")[:2]
        return [judge("No reviewer is left without a reply: the authors speak to the points of each.", *cited)]
    held = [p for name in left for p in file.of("review", reviewer=name)[:1]]
    lead = judge(f"No reply to {listed(left)} is on record.", *held)
    open_ = [p for name in left for p in file.raised("objects", "asks", reviewers=(name,))[:2]]
    return [lead, *[quote(p, lead=who(p)) for p in file.held(p.passages[0] for p in open_)[:4]]]


def silent_points(file: ReviewFile, names: Sequence[str]) -> list[DraftSentence]:
    """What reviewers raised and no reply on record speaks to, what tells most first."""
    points = [p for p in file.raised("objects", "asks", reviewers=names) if p.status is not None]
    left = [p for p in points if p.status == "not answered"]
    if left or not points:
        return point_by_point(file, left, "point") if left else []
    replies = file.held(i for p in points[:4] for r in p.replies[:1] for i in r.passages)
    by = f" of {listed(names)}" if names else ""
    return [
        judge(f"No point{by} is left without a reply on record, though some replies are only possibly meant.", *replies)
    ]


def whether_answered(file: ReviewFile, name: str) -> list[DraftSentence]:
    """Whether the authors wrote to a reviewer, or to all on what the reviewer raised; else what was left standing."""
    to = [p for p in file.of("response") if p.addressee == name]
    points = file.raised("objects", "asks", reviewers=(name,))
    met = [p for p in points if p.status == "answered"]
    left = [p for p in points if p.status == "not answered"]
    held = file.held(p.passages[0] for p in points[:3]) or file.of("review", reviewer=name)[:1]
    if not to and not met:
        lead = say(f"No reply to {name} is on record; what {name} raised stands unanswered.", "abstention")
        return [lead, *[point_line(file, p, paragraph=1) for p in points[:MOST_LEFT]]]
    if to:
        lead = judge(f"Yes, the authors reply to {name}.", *to[:2])
        return [lead, *(point_by_point(file, points, "point") if points else ())]
    text = f"No reply is addressed to {name}; what the authors wrote to others or to all speaks to some of the points."
    lines = [judge(text, *held, *file.held(p.replies[0].passages[0] for p in met[:3]))]
    shown = [
        line
        for n, p in enumerate([*met, *left][:MOST_LEFT], 1)
        for line in in_paragraph(with_reply(file, p, nearest=False), n)
    ]
    return lines + shown


def promises(file: ReviewFile, names: tuple[str, ...], matter: str = "") -> list[DraftSentence]:
    """What the authors say that they will do, to reviewers named or to all; of a matter what they promise on it, if anything."""
    found: list[tuple[Passage, str]] = []
    for p in file.of("response"):
        if names and p.addressee not in (*names, "all", None):
            continue
        found += [(p, part) for part in sentences_of(p.text) if _PROMISE.search(part)]
    if matter:
        found = sorted((f for f in found if coverage(matter, f[1])), key=lambda f: -coverage(matter, f[1]))
    if not found and matter:
        return []
    if not found:
        return [say("No promise of the authors is on record.", "abstention")]
    kept = found[:MOST_PROMISES]
    lead = judge(
        "The authors promise changes:" if len(kept) > 1 else "The authors promise a change:", *[p for p, _ in kept]
    )
    return [
        lead,
        *[fact(text if p.origin != "record" else who(p) + quoted(text, p), p, bullet=True) for p, text in kept],
    ]
