"""Free text -> its blocks, one a contribution, each with who wrote it to whom, its scores, and what it replies to."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.readers.dates import date_of
from knowledge.readers.headings import heading_of, mark_underlined
from knowledge.readers.openings import HEADER, WROTE, Opening, read_opening, read_person
from knowledge.readers.score_lines import Scores, read_endings, read_line, read_remark, read_table, take_scores
from knowledge.reviewers import find_names
from knowledge.types import DocumentKind

BAR = "||||"
QUOTED = re.compile(r"[ \t]*>[ \t]?")
FOLLOWING = 6
"""Lines below an opening that tell whether a review follows or a sentence goes on."""
AUTHORS_VOICE = re.compile(
    r"\b(?:we|our|ours|us)\b|\bthank(?:s| you) for (?:your|the) (?:\w+ ){0,3}(?:review|comments?|feedback|questions?|suggestions?)",
    re.IGNORECASE,
)
REVIEWERS_VOICE = re.compile(
    r"\bI\b|\b(?:my|the authors?|authors?'|the rebuttal)\b|\bI'(?:m|ve|d|ll)\b|\bthe (?:response|reply)\b",
    re.IGNORECASE,
)
RECOMMENDS = re.compile(r"\b(?:recommend|accept|reject|summari[sz]|consensus)\w*", re.IGNORECASE)
ABOUT_LATER = re.compile(r"\b(?:rebuttal|response|repl(?:y|ies)|answers?|follow-?up|update)\b", re.IGNORECASE)
DATED = re.compile(
    r"[ \t*_]*(?:date|datum|posted|submitted|modified)[ \t*_]*:[ \t*_]*(?P<value>[^\n]{6,60})$", re.IGNORECASE
)


@dataclass(eq=False)
class Block:
    """What stands under one heading that opens a contribution, or before the first (`opened` is False)."""

    kind: DocumentKind
    author: str = ""
    addressee: str | None = None
    remark: str = ""
    date: str | None = None
    subject: str = ""
    opened: bool = True
    unsure: bool = False
    told: bool = False
    """Whether it is opened by words such as "Reviewer 2 wrote:"."""
    lines: list[str] = field(default_factory=list)
    scores: Scores = field(default_factory=list)
    reply_to: "Block | None" = None

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def split_blocks(text: str) -> list[Block]:
    """The text under each heading that opens a contribution; what stands before the first has no author."""
    blocks = [Block("review", opened=False)]
    heading = False
    lines = mark_underlined(unquote(text.split("\n")))
    for index, line in enumerate(lines):
        opened = None if QUOTED.match(line) else read_opening(line)
        if opened and opens(opened, blocks) and not only_tells(opened, lines, index, blocks[-1]):
            if opened.bare and opened.addressee and not blocks[-1].addressee and not blocks[-1].text.strip():
                blocks[-1].addressee = opened.addressee
                continue
            blocks.append(begin(opened, line, blocks[-1]))
            heading = opened.mail or not line[opened.rest :].strip()
            continue
        if heading and (
            header := (HEADER.match(line) if blocks[-1].subject or opened_by_mail(blocks[-1]) else None)
            or DATED.match(line)
        ):
            read_header(blocks[-1], header)
            continue
        heading = heading and not line.strip() and not opened_by_mail(blocks[-1])
        blocks[-1].lines.append(line)
    return [block for block in blocks if block.opened or any(line.strip() for line in block.lines)]


def only_tells(opening: Opening, lines: Sequence[str], index: int, last: Block) -> bool:
    """Whether a line such as "R2 wrote: ..." only tells what somebody else said, within a text that goes on after it.

    It opens where all contributions are given in this way, or where a blank line stands before and scores or headings
    follow. What follows with marks of quotation is quoted by the writer.
    """
    told = opening.told or (opening.mail and WROTE.match(lines[index]))
    if not told:
        return False
    following = [line for line in lines[index + 1 : index + 1 + FOLLOWING] if line.strip()]
    if following and QUOTED.match(following[0]):
        return True
    if not last.opened or last.told:
        return False
    apart = index == 0 or not lines[index - 1].strip()
    own = itertools.takewhile(lambda line: not read_opening(line), following[:3])
    shaped = any(read_line(line, spoken=True) or heading_of(line) for line in own)
    return not (apart and shaped)


def opened_by_mail(block: Block) -> bool:
    return block.remark == "mail"


def opens(opening: Opening, blocks: Sequence[Block]) -> bool:
    """Whether a line that may open a block does so where it stands: "Response:" and "Authors" only after a reviewer's
    words, and not inside of a response; "Dear Reviewer 2," only inside of one; "Update" and "Post-rebuttal" only in the authors' words, as a reviewer writes
    them over the end of a review."""
    last = blocks[-1]
    if not opening.bare:
        return bool(opening.author or (last.kind in ("response", "review", "comment") and last.opened))
    if opening.kind == "response" and opening.addressee:
        return last.kind == "response"
    if opening.kind == "response":
        return last.opened and last.kind != "response"
    if opening.kind == "comment" and not opening.author:
        return last.kind == "response"
    return True


def begin(opening: Opening, line: str, last: Block) -> Block:
    """The block that a line opens. Who says "Response to the authors" is the reviewer whose words stand before, or to
    whom the authors spoke."""
    author = opening.author
    if not author and opening.kind == "comment":
        author = (last.addressee if last.kind == "response" and last.addressee != "all" else last.author) or ""
        author = "Anonymous reviewer" if author in ("", "Authors") else author
    block = Block(
        opening.kind, author, opening.addressee, opening.remark, opening.date, unsure=opening.unsure, told=opening.told
    )
    if opening.mail:
        block.remark = "mail"
        while last.lines and (header := HEADER.match(last.lines[-1])):
            read_header(block, header)
            last.lines.pop()
    elif line[opening.rest :].strip():
        block.lines.append(line[opening.rest :].lstrip())
    return block


def read_header(block: Block, header: re.Match[str]) -> None:
    """What the header of a mail, or a line below a name, says: the date, the subject, to whom."""
    name = (header.groupdict().get("field") or "date").casefold()
    value = header["value"].strip()
    if name in ("date", "sent", "datum", "gesendet", "envoyé"):
        block.date = block.date or date_of(value)
    elif name in ("subject", "betreff", "objet"):
        block.subject = value
    elif name in ("to", "an", "à"):
        block.addressee = read_person(re.sub(r"[<(\[].*", "", value)) or None


def unquote(lines: list[str]) -> list[str]:
    """The lines of a mail that is quoted as a whole, without the marks of quotation; others as they are: there, what is
    quoted is what a writer answers."""
    for _ in range(4):
        said = [line for line in lines if line.strip()]
        quoted = [line for line in said if QUOTED.match(line)]
        if len(quoted) * 2 <= len(said) or not any(read_opening(QUOTED.sub("", line, count=1)) for line in quoted):
            break
        lines = [QUOTED.sub("", line, count=1) for line in lines]
    return lines


def settle(blocks: list[Block], kind: DocumentKind | None = None) -> list[Block]:
    """The blocks with their scores taken from their lines, one name for each person, and what replies to what; `kind` is
    what the text is said to be."""
    tables: dict[str, Scores] = {}
    for block in blocks:
        rows, used = read_table(block.lines)
        tables |= rows
        block.lines = [line for index, line in enumerate(block.lines) if index not in used]
        if BAR in block.text:
            block.lines = "\n".join(part.strip() for part in block.text.split(BAR)).split("\n")
        if block.kind != "response":
            block.scores, block.lines = take_scores(block.lines, spoken=block.kind in ("review", "comment"))
            if block.kind in ("review", "comment"):
                block.scores = block.scores or read_remark(block.remark) or read_endings(block.lines)
        if opened_by_mail(block):
            block.remark = ""
    name_alike(blocks)
    blocks = take_rows(blocks, tables)
    tell_kinds(blocks)
    if kind:
        take_kind(blocks, kind)
    address_responses(blocks)
    link(blocks)
    return blocks


def name_alike(blocks: Sequence[Block]) -> None:
    """Give each reviewer one name, that of the first review: "R1" and "Reviewer 1" may be AnonReviewer1."""
    known: dict[str, str] = {}
    for block in blocks:
        if block.opened and block.kind == "review" and block.author not in known:
            known[block.author] = next(iter(sorted(find_names(block.author, known.values()))), block.author)
    for block in blocks:
        for name in ("author", "addressee"):
            said = getattr(block, name)
            if said and said not in ("all", "Authors", "Area Chair"):
                setattr(block, name, known.get(said) or next(iter(sorted(find_names(said, known.values()))), said))


def take_rows(blocks: list[Block], tables: dict[str, Scores]) -> list[Block]:
    """The blocks with the scores that stand elsewhere: in a table, or in lines such as "R1: 6 (confidence 4)"."""
    kept: list[Block] = []
    for block in blocks:
        body = block.text.strip()
        scores = read_remark(body) if block.opened and block.kind == "review" and "\n" not in body else []
        if scores and not block.scores:
            block.scores, block.lines = scores, []
        kept.append(block)
    for block in list(kept):
        if not block.opened or block.kind != "review" or block.text.strip() or not block.scores:
            continue
        if other := next(
            (b for b in kept if b is not block and b.author == block.author and b.text.strip() and b.kind == "review"),
            None,
        ):
            add_scores(other, block.scores)
            kept.remove(block)
    for person, scores in tables.items():
        named = find_names(person, [block.author for block in kept if block.kind == "review"])
        if review := next((block for block in kept if block.kind == "review" and block.author in named), None):
            add_scores(review, scores)
        else:
            kept.append(Block("review", person, scores=scores))
    return kept


def add_scores(block: Block, scores: Scores) -> None:
    """Give a block the scores that it has not itself."""
    own = {name for name, _ in block.scores}
    block.scores += [(name, score) for name, score in scores if name not in own]


def tell_kinds(blocks: Sequence[Block]) -> None:
    """What each block is where its heading does not say for sure: under a reviewer's name in the authors' response, the
    authors speak to that reviewer; what a reviewer writes again, without a rating, is a comment."""
    reviewed: set[str] = set()
    replying = False
    for block in blocks:
        if not block.opened:
            continue
        text = block.text
        known = block.author in reviewed
        if (block.unsure or (replying and block.kind == "review" and not block.scores)) and authors_speak(text):
            block.kind, block.author, block.addressee = "response", "Authors", block.author
        elif block.unsure:
            block.kind = "comment"
        elif block.kind == "review" and not read_person(block.author) and not block.scores:
            block.kind = "comment"  # a mail by somebody who is not said to be a reviewer
        elif block.kind == "review":
            rated = any(name == "rating" for name, _ in block.scores)
            again = known and (not rated or ABOUT_LATER.search(f"{block.remark} {block.subject}"))
            block.kind = "comment" if again else "review"
            reviewed.add(block.author)
        elif block.kind == "comment" and block.author == "Area Chair" and not block.remark:
            block.kind = "meta-review" if RECOMMENDS.search(text) and not block.addressee else "comment"
        replying = block.kind == "response"


def take_kind(blocks: Sequence[Block], kind: DocumentKind) -> None:
    """What the blocks are in a text of one kind: all of what no heading opens, the only one whatever opens it, a mail, and
    in the authors' response what they say under the name of a reviewer. Other headings say what stands below them."""
    opened = [block for block in blocks if block.opened]
    for block in blocks:
        if not block.opened:
            block.kind = kind
        elif kind == "response" and block.kind in ("review", "comment") and not block.scores:
            if len(opened) == 1 or authors_speak(block.text):
                block.kind, block.author, block.addressee = "response", "Authors", read_person(block.author) or None
        elif len(opened) == 1 or (kind == "review" and block.kind == "comment" and not read_person(block.author)):
            block.kind = kind


def authors_speak(text: str) -> bool:
    """Whether a text is in the words of authors ("we", "our") more than of a reviewer ("I", "the authors")."""
    return len(AUTHORS_VOICE.findall(text)) > len(REVIEWERS_VOICE.findall(text))


def address_responses(blocks: Sequence[Block]) -> None:
    """Where several responses say to nobody, and each stands below another reviewer's words, they answer these."""
    pairs = [
        (above, block)
        for above, block in itertools.pairwise(blocks)
        if block.kind == "response" and not block.addressee and above.opened and above.kind in ("review", "comment")
    ]
    if len(pairs) > 1 and len({above.author for above, _ in pairs}) == len(pairs):
        for above, block in pairs:
            block.addressee = above.author


def link(blocks: Sequence[Block]) -> None:
    """Say what each reply replies to: a response to the last words of its addressee, a reviewer's comment to the last
    response to that reviewer, else to the reviewer's own review."""
    spoken: dict[str, Block] = {}
    responses: dict[str, Block] = {}
    for block in blocks:
        if block.kind == "response":
            block.reply_to = spoken.get(block.addressee or "")
            responses[block.addressee or "all"] = block
        elif block.kind == "comment" and block.addressee == "Area Chair":
            block.reply_to = spoken.get("Area Chair")
        elif block.kind == "comment" and block.author != "Area Chair":
            answered = responses.get(block.author) or responses.get("all")
            block.reply_to = answered or spoken.get(block.author)
            block.addressee = block.addressee or ("Authors" if answered else None)
        if block.kind in ("review", "comment") and block.opened:
            spoken[block.author] = block
