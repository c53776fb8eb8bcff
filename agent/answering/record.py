"""Whose reviews of a paper are on record, and what to say where none is."""

from agent.answering.parts import quote, say, who
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request


def reviewers(file: ReviewFile) -> list[str]:
    """Reviewers with a review on record, in the order of the record."""
    return list(dict.fromkeys(p.reviewer for p in file.of("review") if p.reviewer))


def no_reviews(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What to say where no review is on record; empty where there is one."""
    file = gathered.file(request.submission)
    if file is not None and file.of("review"):
        return []
    record = [p for p in (file.passages if file else ()) if p.aspect == "record"][:2]
    relayed = file.of("relayed") if file else ()
    paper = desk.paper(request.submission)
    sentences = [
        say(
            f"No review of this paper is on record{'.' if record or not paper or not paper.record else f': {paper.record}'}",
            "abstention",
        )
    ]
    sentences += [quote(p, paragraph=1, bullet=False) for p in record]
    if relayed:
        sentences.append(say("Heard at second hand only:", paragraph=2))
        sentences += [quote(p, lead=who(p), paragraph=2) for p in relayed[:4]]
    return sentences
