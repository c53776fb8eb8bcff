"""The themes that reviewers judge by, read from the words of a point."""

import re

from agent.points import Point
from knowledge.types import Passage

THEMES: dict[str, str] = {
    "novelty": r"novel\w*|originality|original (?:idea|contribution|work)\w*|incremental|straight[- ]?forward|known in the literature|known since|(?:not|never) (?:been )?done before|(?:is|as) an application of|marginal\w* exten|not (?:really )?new|already (?:reported|known|been)|standard (?:way|scheme|technique|idea|empirical)\w*|trivial|heavily (?:built )?on|rests heavily|first to|not been proposed|small (?:change|step|extension|modification)|minor (?:change|extension|modification|variation|tweak)|new to (?:my|our) knowledge|nothing new|innovati\w*|what is the contribution|(?:limited|marginal|insufficient|little|no (?:real |clear |new )?) ?contributions?|contributions? (?:is|are|seems?) (?:\w+ )?(?:limited|marginal|small|thin|low|not significant|insignificant|unclear)|around for decades|old (?:methods|ideas)|quite similar to|known in this community|(?:new|fresh) (?:idea|insight|angle|perspective|observation)|(?:adds?|put|glu)\w* (?:one|two \w+) (?:to the other|together)|not (?:been )?done before|anyone would|combin(?:es|ing|ation of) (?:known|existing)",
    "comparisons": r"against|versus|compar\w+|baselines?|related work|state[- ]of[- ]the[- ]art|competing|other (?:compression )?(?:methods|techniques)",
    "experiments": r"experiment\w*|results?|evaluat\w+|ablation|benchmark\w*|datasets?|networks and tasks|measure\w*|hyper-?param\w*|gains?\b|improvements?|within noise|error bars?|standard deviations?|seeds?\b|accuracy",
    "scale and practicality": r"wall[- ]clock|inference time|run-?time|speed\w*|(?<!technical or )hardware|platform|practic\w*|VGG|ImageNet|scal(?:able|ability|es to|ing to)|large(?:r)? (?:models?|net\w*)|too slow|overhead|deploy\w*|useful|real world",
    "theory": r"theor\w*|principled|deriv\w+|MDL|approximat\w+|conjectur\w*|Hessian|assum\w+|objective|proofs?|guarantees?|bounds?",
    "writing": r"written|writing|(?:the|their|poor|bad|good) English\b(?![-–]| (?:text|data|language|corpus|to|and|part))|English (?:of|is|needs|could|should|usage)|clear(?:ly)? (?:presented|written|explained|described)|clarity|typos?|readab\w*|easy to (?:read|follow)|pages?\b|(?:paper|text|bit|it is|finds? it|slightly|rather) (?:is )?too long|much longer|well[- ]structured|redundan\w*|unclear|syntax|grammar|wording|caption|should read",
    "motivation": r"motivat\w*|relevan\w*|important problem|well-motivated|interest to|hot topic|significance",
}  # fmt: skip
CARRIES = 2
"""What a word of a theme counts more in the sentence that carries a point."""
HEAVY = ("novelty", "comparisons", "experiments", "scale and practicality", "theory")
"""Themes that decide about a paper; the others can be mended."""
_COMPILED = {name: re.compile(words, re.IGNORECASE) for name, words in THEMES.items()}


def themes_of(source: Passage | Point | str) -> tuple[str, ...]:
    """The themes that a text speaks of, the one with most words of it first."""
    text = source if isinstance(source, str) else source.text
    counts = {name: len(pattern.findall(text)) for name, pattern in _COMPILED.items()}
    if isinstance(source, Point) and source.gist != source.text:
        # The sentence that carries a long point says what it is about; the rest may touch on anything.
        counts = {name: n + CARRIES * len(_COMPILED[name].findall(source.gist)) for name, n in counts.items()}
    return tuple(sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name]))


def by_theme(points: tuple[Point, ...] | list[Point], width: int = 1) -> dict[str, list[Point]]:
    """Points by their leading theme, or the `width` leading ones, the first of each reviewer."""
    found: dict[str, list[Point]] = {}
    for point in points:
        for theme in themes_of(point)[:width]:
            if all(other.reviewer != point.reviewer for other in found.setdefault(theme, [])):
                found[theme].append(point)
    return found


def be_of(theme: str) -> str:
    """The verb that a theme's name takes."""
    return "are" if theme.endswith("s") or " and " in theme else "is"
