"""What each number of a sentence is of: the words before it, behind it, or in a list beside it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_AFTER = re.compile(
    r"^\s*(?:%|points?)?\s*(?:top-1|F1|BLEU|\w+)?\s*\(?(?:for|with|by|on|when|in|at) "
    r"|^\s*(?:go(?:es)?|went) (?:to|into) |^\s*(?:is|are|was|were) (?:spent|used|needed|taken|due|lost) |^\s*(?:come|came|stem)s? from ",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s(top-[15](?: [a-z]{3,})?)|[-\s](?!and\b|but\b|while\b|against\b|than\b|when\b|for\b)(of (?:the |its |all )?[A-Za-z]{3,}(?: (?!and\b|but\b|while\b|against\b|than\b|when\b|for\b|with\b|are\b|were\b)[A-Za-z]{3,})?|[a-z]{3,}(?: (?!and\b|for\b|against\b|than\b|versus\b|but\b|while\b|instead\b)[a-z]{3,})?)"
)
"""What a number counts or is a part of: "layers", "of the dense MACs"."""
_IN_A_ROW = re.compile(r"\s*\$?(?:,|,?\s(?:and|or)\b|/|&)\s*\$?")
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_ITEM = r"(?<![\w.-])(?!(?:and|or|the|for|with|of|in|on|at|respectively)\b)(?:\d+-[a-z]+ )?[A-Za-z][\w()/.+-]*+(?: (?!(?:and|or|are|is|were|was|achieved?|reach\w*|have|has|for|with|of|respectively)\b)[A-Za-z0-9][\w()/.+-]*+){0,2}"
_LIST = re.compile(rf"{_ITEM}(?:, {_ITEM})*,? (?:and|or) {_ITEM}")
_ITEMS = re.compile(r",? (?:and|or) |, ")
_LEAST_LISTED = 3
_SETTING = re.compile(r"\b(?:at|for|with|on|in|by) (?:the )?(?:\S+ ?){1,3}$", re.IGNORECASE)
_AT = re.compile(r"\b(?:at|for|with|on|using)\s+(?:the )?$", re.IGNORECASE)


_AGAINST = re.compile(
    r"\b(?:against|instead of|rather than|versus|vs\.?|compared (?:to|with)|(?:up|down) from|than|from)\s+$",
    re.IGNORECASE,
)
LONGEST_NAME = 6
_LEADS_ON = re.compile(r"^\s*\(?(?:for|with|by|on)\b")
_BEHIND_ENDS = re.compile(
    r"[,;()]|\.\s| against | while | whereas | and | but | or | instead of | rather than | than | versus | compared (?:to|with) "
)


@dataclass(frozen=True)
class Tied:
    """The words that a number belongs to, those of them that stand before it, and the `name` by which it is told apart from
    the numbers beside it: "for" and the like behind it, an item of a list, or few words since the number before."""

    words: str
    lead: str
    name: str = ""


def tied_words(sentence: str, matches: Sequence[re.Match[str]]) -> list[Tied]:
    """The words of each number of a sentence; what says behind a number of what it is belongs to no other."""
    items = _listed(sentence, matches)
    found: list[Tied] = []
    behinds: list[str] = []
    nouns: list[str] = []
    for place, match in enumerate(matches):
        before = _end_of(sentence, matches[place - 1], behinds[-1]) if place else 0
        after = matches[place + 1].start() if place + 1 < len(matches) else len(sentence)
        lead, tail = sentence[before : match.start()], sentence[match.end() : after]
        behind = _BEHIND_ENDS.split(tail)[0] if _AFTER.match(tail) else ""
        behinds.append(behind)
        noun = _COUNTED.match(tail)
        counted = (noun.group(1) or noun.group(2)) if noun else ""
        nouns.append(counted)
        if place in items:
            found.append(Tied(items[place], lead, items[place].split(";")[0]))
        elif behind and _LEADS_ON.match(tail):
            found.append(Tied(f"{behind}; {re.split(r'[;()]', lead)[-1]}", lead, behind))
        else:
            close = lead if place and len(lead.split()) <= LONGEST_NAME else ""
            found.append(Tied(f"{lead} {counted} {' '.join(behind.split()[:6])}", lead, f"{close} {behind}".strip()))
    # Of "12 ms dense against 8 ms sorted" each is told apart by what stands behind it.
    if len(set(filter(None, nouns))) > 1:
        found = [replace(t, name=f"{t.name} {n}".strip()) for t, n in zip(found, nouns, strict=True)]
    return _in_parallel(sentence, matches, found, behinds)


def _in_parallel(
    sentence: str, matches: Sequence[re.Match[str]], found: list[Tied], behinds: Sequence[str]
) -> list[Tied]:
    """Of "3 % on A and 5 % on B, against 4 % and 6 % for C" the last two have what the first two are on, and both are
    for C."""
    for run in _runs(sentence, matches):
        size, first = len(run), run[0]
        earlier = range(first - size, first)
        if first < size or not all(behinds[n] for n in earlier) or not _AGAINST.search(found[first].lead):
            continue
        if any(behinds[n] for n in run[:-1]):
            continue
        stop = matches[run[-1]].end()
        later = matches[run[-1] + 1].start() if run[-1] + 1 < len(matches) else len(sentence)
        whose = re.split(r"[,;()]|\.\s", sentence[stop:later])[0]
        for place, n in zip(run, earlier, strict=True):
            words = f"{behinds[n]} {whose}"
            found[place] = Tied(f"{words};", found[first].lead, words)
    return found


def _end_of(sentence: str, match: re.Match[str], behind: str) -> int:
    """Where a number ends with what says behind it of what it is, or with the noun that it counts, if a comma or the like
    ends it there."""
    if behind:
        return match.end() + len(behind)
    noun = _COUNTED.match(sentence[match.end() :])
    if noun and re.match(
        r"\s*(?:[,;)]|(?:and|against|versus|than|instead of)\b)", sentence[match.end() + noun.end() :]
    ):
        return match.end() + noun.end()
    return match.end()


def _listed(sentence: str, matches: Sequence[re.Match[str]]) -> dict[int, str]:
    """What each number of a row of numbers belongs to, where the sentence has a list of as many things for them: "A, B and C
    reach 3, 4 and 5"; of two only where it says "respectively"."""
    found: dict[int, str] = {}
    for run in _runs(sentence, matches):
        if len(run) < _LEAST_LISTED and not _RESPECTIVELY.search(sentence):
            continue
        start, stop = matches[run[0]].start(), matches[run[-1]].end()
        lists = [
            (m, _without_setting(sentence, m, len(run)))
            for m in _LIST.finditer(sentence)
            if m.end() <= start or m.start() >= stop
        ]
        fitting = [(m, parts) for m, parts in lists if len(parts) == len(run)]
        if not fitting:
            found |= _at_settings(sentence, matches, run)
            continue
        _, parts = min(fitting, key=lambda one: min(abs(one[0].start() - stop), abs(start - one[0].end())))
        before = matches[run[0] - 1].end() if run[0] else 0
        counted = _COUNTED.match(sentence[stop:])
        lead = sentence[before:start]
        for held in (m.group() for m, _ in fitting):
            lead = lead.replace(held, " ")
        noun = (counted.group(1) or counted.group(2)) if counted else ""
        found |= {place: f"{part}; {lead} {noun}" for place, part in zip(run, parts, strict=True)}
    return found


def _without_setting(sentence: str, listed: re.Match[str], size: int) -> list[str]:
    """The items of a list; of "on A, B and C reach 3 and 4" those without the A, which is what the two are on."""
    parts = _ITEMS.split(listed.group())
    led_in = len(parts) == size + 1 and _SETTING.search(f"{sentence[: listed.start()]}{parts[0]}")
    return parts[1:] if led_in else parts


def _at_settings(sentence: str, matches: Sequence[re.Match[str]], run: Sequence[int]) -> dict[int, str]:
    """Of "27.2, 26.8 and 26.1 at 4, 3 and 2 bits" the setting of each of the first three."""
    later = [other for other in _runs(sentence, matches) if other[0] == run[-1] + 1 and len(other) == len(run)]
    if not later:
        return {}
    between = sentence[matches[run[-1]].end() : matches[later[0][0]].start()]
    if not _AT.search(between):
        return {}
    start = matches[run[0] - 1].end() if run[0] else 0
    counted = _COUNTED.match(sentence[matches[later[0][-1]].end() :])
    noun = (counted.group(1) or counted.group(2)) if counted else ""
    lead = sentence[start : matches[run[0]].start()]
    return {place: f"{matches[at].group().strip()} {noun}; {lead}" for place, at in zip(run, later[0], strict=True)}


def _runs(sentence: str, matches: Sequence[re.Match[str]]) -> list[list[int]]:
    """The numbers that stand in a row, with nothing but commas and "and" between them."""
    runs: list[list[int]] = []
    for place, match in enumerate(matches):
        between = sentence[matches[place - 1].end() : match.start()] if place else "-"
        if place and _IN_A_ROW.fullmatch(between):
            runs[-1].append(place)
        else:
            runs.append([place])
    return [run for run in runs if len(run) > 1]
