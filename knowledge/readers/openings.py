"""A line that opens a contribution in free text: "Reviewer 2", "R1 (post-rebuttal):", "Response to Reviewer 6",
"On 3 Oct 2024, Reviewer 2 wrote:" -> who writes what to whom, and when.
"""

import re
from dataclasses import dataclass, replace

from knowledge.readers.dates import DATE, date_of
from knowledge.types import DocumentKind

REACH = 160
"""How far into a line a heading that opens a contribution may reach."""
NO_ID = (
    "also asks been does each form from good have here herself item kind list load made many must none note once only ours page paid pool said same says some "
    "team text that them then they this time type used very well were what when will with work your"
).split()
"""Words of four letters that follow "reviewer" or "review" and are no reviewer's id."""
ID = rf"(?:no\.?|nr\.?|number|#|id:?)?[ \t]*(?:\d{{1,3}}(?-i:[A-Z])?|(?!(?:{'|'.join(NO_ID)})\b)[A-Za-z0-9]{{4}}|(?<=[ \t#_:])[A-Z])(?!\w)"
REVIEWER = rf"(?:(?:anon(?:ymous)?[ \t_]*)?(?:reviewer|referee|rev\.?(?=[ \t]*#?\d))[ \t_]*{ID}|review[ \t_]+{ID}|R[ \t]?\d{{1,2}}(?!\w))"
SEVERAL = r"(?:(?:R\d{1,2}(?:,[ \t]*|[ \t]+and[ \t]+|[ \t]*&[ \t]*))+R\d{1,2}|all|everyone|(?:all |both )?(?:the )?(?:reviewers|referees)(?:[ \t]+(?:#?\w{1,4}(?:,[ \t]*|[ \t]+and[ \t]+|[ \t]*&[ \t]*))+#?\w{1,4}(?!\w))?)"
AUTHORS = r"(?:the[ \t]+)?(?:paper[ \t]+)?authors?(?:'s|s'|')?(?!\w)"
CHAIR = rf"(?:the[ \t]+)?(?:senior[ \t]+|associate[ \t]+)?(?:area[ \t-]*chairs?|meta-?[ \t]?reviewers?|chair|editor|S?AC)(?:[ \t]+(?!(?:{'|'.join(NO_ID)})\b)\w{{4}}|[ \t]?\d{{1,2}})?(?:'s|s')?(?!\w)"
REPLY = r"(?:respon(?:ses?|ds?)|rebuttals?|repl(?:y|ies)|answers?)(?!\w)"
REVIEWING = r"(?:(?:official|initial|original|first|full)[ \t]+)?(?:review|report|comments?|evaluation|assessment|feedback)(?!\w)"
LATER = (
    r"(?:(?:comments?|remarks?|review|words?|notes?|thoughts?|update)[ \t]+)?(?:(?:post|after)[ \t-]*(?:(?:the|reading|seeing|author'?s?'?|authors')[ \t]+)*(?:rebuttals?|responses?|discussion|repl(?:y|ies)|answers?)"
    r"|follow(?:ing|s|ed)?[ \t-]?ups?|updated?|update|again|edit(?:ed)?|acknowledge?ment(?:[ \t]+of[ \t]+(?:the[ \t]+)?(?:author[ \t]+)?rebuttal)?|(?:second|third|2nd|3rd)[ \t]+round|round[ \t]+[2-9]|re-?review|revised[ \t]+(?:review|rating)|(?:final|further|additional|second|last|new|later)[ \t]+(?:remarks?|comments?|words?|justification|thoughts|update|review|reply|response|recommendation))(?!\w)"
    r"(?:[ \t]+(?:comments?|update|review|remarks?|phase|period))?"
)
PERSON = rf"(?:{SEVERAL}(?!\w)|{REVIEWER}|{AUTHORS}|{CHAIR})"
BEFORE = r"[ \t>]*(?:#{1,6}[ \t]*|[-*+][ \t]+(?=[*_]))?[*_=\-\[(<~|]{0,6}[ \t]*"
END = re.compile(r"(?:[ \t]*[\])>=\-*_#~|]+)*[ \t]*(?:wrote|writes|said|says)?[ \t]*(?:[:\uff1a][*_]{0,4}|$)")
WHEN = rf"(?:(?:\w{{2,9}}\.?,[ \t]*)?(?:on|of|from|vom|am|du|le|den|dated|date:)?[ \t]*(?:{DATE})(?:,?[ \t]*(?:at|um|à|-)?[ \t]*\d{{1,2}}[:h.]\d{{2}}(?::\d{{2}})?(?:[ \t]*(?:am|pm|uhr|utc|gmt|z))?)?)"
TOKENS = re.compile(
    rf"[ \t,;–—|/*_-]*(?:(?P<later>{LATER})|(?P<to>(?:[-=]?>|→|to|for|@)[ \t]*(?:the[ \t]+)?(?P<person>(?:{PERSON}|rebuttal)))(?:'s?[ \t]+(?:{REVIEWING}|{REPLY}))?"
    rf"|(?P<by>(?:by|from|of)[ \t]+(?P<signer>{PERSON}))|(?P<when>{WHEN})|(?P<scored>(?:(?:overall|final)[ \t]+)?(?:rating|score|recommendation|confidence|conf\.?)[ \t]*[:=]?[ \t]*\d[^,;|()\n]{{0,40}})|(?P<remark>\([^()\n]{{1,60}}\)|\[[^\[\]\n]{{1,60}}\])"
    rf"|(?P<reply>{REPLY})|(?P<reviewing>{REVIEWING})|(?P<own>'s?|has|:?[ \t]*re:)(?!\w))",
    re.IGNORECASE,
)
HEAD_WORDS: tuple[tuple[DocumentKind, str], ...] = (
    ("meta-review", rf"(?P<name>(?:{CHAIR}[ \t]+)?meta-?[ \t]?review(?![\w])|{CHAIR}[ \t]+(?:summary|recommendation|comments?|review|report))"),
    ("comment", rf"(?P<name>{CHAIR}[ \t]+(?:notes?|messages?|reminders?|questions?|remarks?|request)|(?:notes?|messages?|comments?|reminders?)[ \t]+(?:by|from|of)[ \t]+{CHAIR}|{CHAIR})"),
    ("decision", r"(?P<name>(?:final |committee |paper |acceptance |programme? chairs'? )?decision(?! (?:and|tree|rule|boundar))(?!\w))"),
    ("response", rf"(?P<name>(?:official[ \t]+)?(?:comments?|messages?|notes?|letter|feedback|follow-?up)[ \t]+(?:by|from|of)[ \t]+{AUTHORS}|(?!the\b){AUTHORS}|{AUTHORS}(?=[ \t]+{REPLY})|(?:(?:general|global|overall|common|our|official|joint|short|second|further)[ \t]+){{0,2}}(?:author'?s?'?[ \t]+)?{REPLY})"),
    ("review", rf"(?:(?P<what>{REVIEWING}|{LATER}|{REPLY})(?:[ \t]+(?:of|on|for)[ \t]+(?:the[ \t]+)?(?:paper|submission)(?:[ \t]+#?\d+)?)?[ \t]+(?:by|of|from)[ \t]+(?:the[ \t]+)?)?(?P<name>{REVIEWER})"),
    ("comment", rf"(?P<name>{LATER})"),
)  # fmt: skip
HEADS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(BEFORE + pattern, re.IGNORECASE)) for kind, pattern in HEAD_WORDS
)
ADDRESS = re.compile(
    rf"[ \t]*(?:#{{1,6}}[ \t]*)?[*_]{{0,3}}(?:dear|hi|hello|to|@)[ \t]*(?:the[ \t]+)?(?P<name>{SEVERAL}|{REVIEWER})[*_]{{0,3}}[ \t]*[,:]?[*_]{{0,3}}[ \t]*$",
    re.IGNORECASE,
)
"""How authors turn to a reviewer in a letter to several."""
MAIL = re.compile(r"[ \t>*_]*(?:From|Von|De)[ \t*_]*:[ \t*_]*(?P<name>[^\n<(]{2,60}?)[ \t]*(?:[<(\[][^\n]*)?$")
WROTE = re.compile(
    rf"[ \t>]*(?:On|Am|Le|El)[ \t]+(?P<when>[^\n]{{6,60}}?),?[ \t]+(?:schrieb[ \t]+)?(?P<name>{PERSON}|[^\W\d_][^\n<>:]{{1,40}}?(?=[ \t]*<[^\n<>]*@))[^\n:]{{0,60}}:[ \t]*$",
    re.IGNORECASE,
)
HEADER = re.compile(
    r"[ \t>*_]*(?P<field>Date|Sent|Datum|Gesendet|Envoyé|To|An|À|Cc|Subject|Betreff|Objet|Reply-To|Message-ID)[ \t*_]*:[ \t*_]*(?P<value>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opening:
    """Who opens what: `author` is "" where only the surroundings tell, `rest` where in the line the text begins.

    unsure: a reviewer's reply, or the authors' reply to that reviewer ("Reviewer 1 response"); its words tell.
    told: it says that somebody "wrote" or "says" what follows, as one who writes of another does.
    bare: it has no more than a word that may also stand inside of a text ("Response:", "Authors", "Update").
    """

    kind: DocumentKind
    author: str
    rest: int
    addressee: str | None = None
    remark: str = ""
    date: str | None = None
    unsure: bool = False
    bare: bool = False
    mail: bool = False
    told: bool = False


def read_opening(line: str) -> Opening | None:
    """What a line opens; None for any other line."""
    if R_SQUARED.match(line):
        return None
    mail = MAIL.match(line[:REACH]) or WROTE.match(line[:REACH])
    if mail and ((person := read_person(mail["name"])) or "@" in line):
        kind: DocumentKind = "response" if person == "Authors" else "comment" if person == "Area Chair" else "review"
        when = mail.groupdict().get("when") or ""
        return Opening(kind, person or mail["name"].strip(), len(line), date=date_of(when), mail=True)
    if (spoken_to := ADDRESS.match(line[:REACH])) and (person := read_person(spoken_to["name"])) != "Authors":
        return Opening("response", "Authors", len(line), person, bare=True)
    for kind, pattern in HEADS:
        if (match := pattern.match(line[:REACH])) and (opening := finish(kind, match, line)):
            if opening.kind == "review" and SAYS_REPLY.match(line, opening.rest):
                return replace(opening, kind="comment", rest=len(line))
            return opening
    return None


def finish(kind: DocumentKind, match: re.Match[str], line: str) -> Opening | None:
    """What a line opens whose beginning says the kind; None where it goes on as a sentence does."""
    found: dict[str, list[str]] = {}
    position = match.end()
    while (token := TOKENS.match(line, position, REACH)) and token.end() > position:
        for name, words in token.groupdict().items():
            if words:
                found.setdefault(name, []).append(words)
        position = token.end()
    if not (end := END.match(line, position)):
        return None
    said, what = match["name"], (match.groupdict().get("what") or "")
    to = read_person(found["person"][0]) if "person" in found else None
    signer = read_person(found["signer"][0]) if "signer" in found else ""
    remark = found["remark"][0].strip("()[] ") if "remark" in found else ", ".join(found.get("scored", []))
    when = date_of(" ".join(found.get("when", [remark])))
    remark = "" if when and not re.search(r"[^\W\d_]{3,}", re.sub(DATE, "", remark, flags=re.IGNORECASE)) else remark
    if not found and re.match(r"answers?\b", said, re.IGNORECASE):
        return None
    bare = not found and kind in ("response", "comment", "decision") and not what
    name = signer or {"meta-review": "Area Chair", "decision": "Program Chairs", "response": "Authors"}.get(kind, "")
    unsure = False
    if kind == "review" or signer.startswith(("Reviewer", "AnonReviewer")):
        name = signer or read_person(said)
        later = "later" in found or bool(LATER_WORDS.search(f"{what} {remark}")) or bool(re.match(REPLY, what, re.I))
        to_authors = to in ("Authors", "the rebuttal")
        unsure = "reply" in found and not to_authors and not later and kind == "review"
        apart = later or to_authors or unsure or to or kind in ("response", "comment")
        kind = "comment" if apart else "review"
    elif kind == "response" and to in ("Authors", "the rebuttal"):
        kind, name = "comment", ""
    elif kind == "comment" and not re.fullmatch(LATER, said, re.IGNORECASE):
        name = "Area Chair"
    elif kind == "response" and (reviewer := re.search(REVIEWER, remark, re.IGNORECASE)):
        to, remark = to or read_person(reviewer[0]), ""
    told = bool(re.search(r"\b(?:wrote|writes|said|says)\b", end[0], re.IGNORECASE))
    return Opening(kind, name, end.end(), to, remark, when, unsure, bare, told=told)


SAYS_REPLY = re.compile(rf"[ \t]*(?:{LATER}|{REPLY})(?:[ \t]+to[ \t]+(?:the[ \t]+)?authors?)?[ \t.]*$", re.IGNORECASE)
R_SQUARED = re.compile(r"[ \t]*[-*+]?[ \t]*R ?2[ \t]*[:=][ \t]*-?0?\.\d")
"""A measure of fit, and no second reviewer."""
LATER_WORDS = re.compile(rf"\b(?:{LATER}|re-?review|revised|(?:post|after)\b)", re.IGNORECASE)


def read_person(words: str) -> str:
    """A person as the record names them: "R2", "Review 2" and "Referee #2" are Reviewer 2; "all" for several at once,
    "" for somebody else."""
    plain = " ".join(re.sub(r"[#_]", " ", words).split()).strip(" *'")
    if match := re.fullmatch(
        r"(?:anon(?:ymous)? ?)?(?:reviewer|referee|review|rev\.?|R) ?(?:no\.?|nr\.?|number|id:?)? ?(\w{1,4})",
        plain,
        re.IGNORECASE,
    ):
        if numbered := re.fullmatch(r"\d+([A-Z])", match[1]):  # HotCRP: the paper's number and the reviewer's letter
            return f"Reviewer {numbered[1]}"
        anonymous = plain.casefold().startswith("anonreviewer")
        return f"AnonReviewer{match[1]}" if anonymous else f"Reviewer {match[1]}"
    if re.fullmatch(AUTHORS, plain, re.IGNORECASE):
        return "Authors"
    if re.fullmatch(CHAIR, plain, re.IGNORECASE):
        return "Area Chair"
    if plain.casefold() == "rebuttal":
        return "the rebuttal"
    if re.fullmatch(SEVERAL, plain, re.IGNORECASE):
        return plain[:1].upper() + plain[1:] if re.search(r"\d", plain) else "all"
    return ""
