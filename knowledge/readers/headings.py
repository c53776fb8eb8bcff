"""The headings inside of reviews and responses, whichever format they came in: one rule for all readers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.aspects import aspect_of

NAMES = (
    r"summary|overview|strengths?|weakness(?:es)?|strong points?|weak points?|pros?|cons?|positives?|negatives?|questions?|minor|"
    r"typos?|comments?|details|suggestions?|limitations?|clarity|quality|originality|novelty|significance|soundness|correctness|"
    r"presentation|reproducibility|ethics|ethical concerns|concerns?|contributions?|evaluation|experiments?|related work|writing|"
    r"decision|justification|references|rating|score|recommendation|confidence|metareview|meta-review|review|"
    r"supporting arguments|main points?|other remarks|positive (?:points?|aspects?)|negative (?:points?|aspects?)"
)
"""What the sections of reviews are called."""
JOINED = r"(?:[ \t]*(?:\b(?:of|for|to|and|in|about|on|regarding)\b|[&,/(])[ \t]*[A-Za-z' &,/-]{2,50}\)?)?"
NAMED = re.compile(rf"(?:\w+[ \t]+){{0,3}}?(?:{NAMES}){JOINED}(?:[ \t]+(?:is|are|as follows|include))*$", re.IGNORECASE)
UPDATED = (
    r"(?:(?:post|after)[- ]?(?:the[ ])?(?:author'?s?'?[ ])?(?:rebuttal|response|discussion)|(?:review[ ])?update[ds]?|edit(?:ed)?)\d?"
    r"(?:[ ](?:comments?|update|review|remarks?|after|post|the|author'?s?'?|rebuttal|response|discussion|period|\d{1,2}|to))*"
)
"""What a reviewer writes over words that are added later."""
NUMBERING = r"(?:\(?(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)][ \t]*)?"
MARKED = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+(?P<mark>.+?)[ \t#]*|-{2,}[ \t]*(?P<dash>[A-Z][^-]*)|(?:-{2,}|={2,})[ \t]*(?P<rule>\w.*?)[ \t]*(?:-{2,}|={2,})"
    r"|(?P<bold>\*\*|__)(?P<strong>[^*]+)(?P=bold)[ \t]*:?)[ \t]*$"
)
BARE = re.compile(rf"[ \t]*(?:[-*+][ \t]*)?(?P<title>{NUMBERING}[A-Za-z][A-Za-z0-9/&,()' -]*?)[ \t]*(?P<end>:?)[ \t]*$")
LABEL = re.compile(
    rf"[ \t]*(?:[-*+][ \t]+)?[*_]{{0,3}}(?P<title>(?:(?:{NAMES}|(?:minor|major|detailed|main|other|general|additional)[ \t]+(?:{NAMES}|points?|issues?))(?:[ \t]+\d{{1,2}})?"
    rf"(?:[ \t]+(?:of|for|to|and|&|in)[ \t]+[a-z' ]{{2,40}})?|{UPDATED}))"
    r"[ \t]*[*_]{0,3}[ \t]*:[ \t*_]*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"[ \t]*[*_]{0,3}(?P<title>(?:question|weakness|strength|concern|comment|point)[ \t]+\d{1,2})[ \t]*[:.]?[*_]{0,3}[ \t]*:?[ \t]*$",
    re.IGNORECASE,
)
LONGEST = 120
"""Characters of the longest line that may be a heading."""
LABELLED = 160
"""How far into a line a label may reach."""
WRAPPED = 45
"""From this length on a line without a stop may go on in the next."""
RULE = re.compile(r"[ \t]*(?:-{3,}|={3,}|~{3,})[ \t]*")
UNDERLINED = re.compile(r"(?![#>|*-])(?:\S+[ \t]+){0,7}\S*[^\s.!?;,|]")
LISTED = re.compile(r"[ \t]*(?:[-*+•–]|\(?\w{1,2}[.):]|\[\d)")
LEAD = re.compile(r"[ \t]*[*_]{0,3}[A-Z0-9](?:[^\s:.!?]+[ \t]+){0,6}[^\s:!?]+[*_]{0,3}:[*_]{0,3}[ \t]+\S")
TELLING = ("strengths", "weaknesses", "questions", "summary", "writing", "decision")
"""What a heading of more than three words has to be about, as others may be the beginning of a sentence."""
CARRYING = ("strengths", "weaknesses", "questions")
"""What a label before a text says of the paragraphs below, too, and not only of its own."""


@dataclass(frozen=True)
class Field:
    """A heading ("" for none), the line in which it stands, and the text under it.

    A label with a number ("Question 2: Why ...?") stays in the text, as people refer to it: then `line` is "".
    """

    title: str
    line: str
    text: str


def heading_of(line: str, above: str = "") -> str:
    """The title in a line that is a heading, else "": marked ("## Pros", "-- Novelty", "**Cons**"), a short one before
    a colon ("Quality:"), or one that only names what sections of reviews are called ("Questions for the authors"),
    unless the line above runs on into it."""
    if len(line) > LONGEST:
        return ""
    if marked := MARKED.match(line):
        title = next(marked[name] for name in ("mark", "dash", "rule", "strong") if marked[name]).strip(" :.*_")
        return title if len(title.split()) <= 9 and re.search(r"[^\W\d_]", title) else ""
    if not (bare := BARE.match(line)):
        return ""
    title = bare["title"].strip()
    plain = re.sub(rf"^{NUMBERING}", "", title)
    words, aspect = len(plain.split()), aspect_of(title)
    named = bool(re.fullmatch(UPDATED, plain, re.IGNORECASE) or NAMED.match(plain))
    leading = re.match(rf"(?:{NAMES})\b", plain, re.IGNORECASE)
    telling = named and (
        words <= (2 if plain != title else 5 if leading else 3) or (aspect in TELLING and plain == title)
    )
    if bare["end"]:
        short = (
            title[0].isupper() and plain.replace(" ", "").isalpha() and (words <= 2 or (words == 3 and bool(aspect)))
        )
        return title if short or (telling and words <= 10) else ""
    runs_on = len(above.rstrip()) >= WRAPPED and not above.rstrip().endswith((".", "!", "?", ":", ";", ")", "*"))
    apart = plain[0].isupper() and not line.lstrip().startswith(("-", "*", "+"))
    return title if telling and words <= 8 and apart and not runs_on else ""


def split_fields(text: str, labels: bool = True) -> list[Field]:
    """The text under each of its headings, and under what stands before it in its own line ("Summary: The paper ...").

    `labels` is False for the words of authors, who put the matter before their answers and not a kind of section.
    """
    fields: list[tuple[str, str, list[str]]] = [("", "", [])]
    above = ""
    ends = False
    for line in text.split("\n"):
        label = LABEL.match(line[:LABELLED]) if labels else None
        if title := heading_of(line, above):
            fields.append((title, line.rstrip(), []))
            ends = False
        elif labels and (counted := COUNTED.match(line)):
            fields.append((counted["title"], "", [line]))
            ends = False
        elif label:
            title = label["title"].strip()
            begin = 0 if title[-1].isdigit() else label.start("rest")
            fields.append((title, line[:begin].rstrip(" *_"), [line[begin:]]))
            ends = aspect_of(title) not in CARRYING and not line.rstrip().endswith(":")
        elif ends and not above.strip() and line.strip() and not LISTED.match(line):
            fields.append(("", "", [line]))
            ends = False
        else:
            fields[-1][2].append(line)
        above = line
    return [
        Field(title, line, "\n".join(lines).strip("\n"))
        for title, line, lines in fields
        if title or "".join(lines).strip()
    ]


def mark_underlined(lines: Sequence[str]) -> list[str]:
    """The lines with a heading that a rule underlines marked as in Markdown, and without the rule."""
    marked: list[str] = []
    for line in lines:
        above = marked[-1].strip() if marked else ""
        apart = len(marked) < 2 or not marked[-2].strip() or RULE.fullmatch(marked[-2])
        if RULE.fullmatch(line) and above and apart and UNDERLINED.fullmatch(above):
            marked[-1] = f"## {above}"
        else:
            marked.append(line)
    return marked


def part_leads(text: str) -> str:
    """The words of authors, a paragraph for each line that puts the matter before the answer ("Novelty: We ...") and
    follows another such line."""
    parted: list[str] = []
    led = False
    for line in text.split("\n"):
        leads = bool(LEAD.match(line[:LABELLED]))
        if leads and led and parted[-1].strip():
            parted.append("")
        parted.append(line)
        led = leads or (led and bool(line.strip()))
    return "\n".join(parted)
