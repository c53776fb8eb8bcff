"""The words by which a sentence of a review shows what it does: praise, object, ask, request an experiment."""

import re
from typing import Literal

Stance = Literal["asks", "objects", "praises", "describes"]
"""What a point does: a question or request, an objection, praise, or no judgement (a summary, a verdict)."""

PointAspect = Literal["summary", "strength", "weakness", "question", "typo", "ethics", "experiment"]
"""What a point is; `experiment` is a request for an experiment, an ablation, a comparison or a measurement."""

HEADINGS: tuple[tuple[str, Stance | None, PointAspect | None], ...] = (
    (r"\btypos?\b|\bnits?\b|typographical|editorial|grammar", "objects", "typo"),
    (r"ethic", None, "ethics"),
    (r"strengths?\b.*(weakness|cons)|pros\b.*\bcons", None, None),
    (r"\bstrengths?\b|\bstrong (points|sides)|\bpros\b|\bpositives?\b|\bmerits\b|\breasons to (accept|publish)", "praises", "strength"),
    (r"\bweak(ness(es)?| points| sides)\b|\bcons\b|\bnegatives?\b|\bconcerns?\b|\breasons to reject|\bissues?\b|\bproblems\b|\bto improve\b", "objects", "weakness"),
    (r"\bquestions?\b|clarifications?|\bsuggest(ed|ions?)\b|\brequest", "asks", "question"),
    (r"claims and evidence|methods and evaluation|theoretical claims|experimental designs|essential references|limitations", "objects", "weakness"),
    (r"\b(summary|overview|contributions?|synopsis|abstract)\b", "describes", "summary"),
)  # fmt: skip
"""Words of a heading, what a sentence under it does by default (None: its own words tell), and what it is."""

LEAD_IN = re.compile(
    r"[\s#*_>~-]*(?:\d{1,2}[.)]\s*)?"
    r"((?:(?:the|some|a few|my|several|other|main|major|minor|key|specific|detailed|general|additional|further|clarification"
    r"|weakness|strength|paper|possible|primary|remaining)\s+)*"
    r"(?:strengths?|strong (?:points|sides)|pros|positives?|weakness(?:es)?|weak points|cons|negatives?|concerns?|comments?|issues?"
    r"|questions?|suggestions?|remarks|points?|typos?|notes?|nits?|summary|overview|quality|clarity|originality|significance|novelty"
    r"|limitations?|overall|conclusion|rating|justification)"
    r"(?:\s+(?:and|&|/)\s+\w+(?:\s\w+)?)?(?:,\s*etc\.?)?(?:\s+(?:bullets?|points?|issues?|comments?|for the authors?|of rating|of the paper))*)"
    r"[*_\s]*(?::[*_]*|$|\n)",
    re.IGNORECASE,
)
"""A heading that stands at the start of a sentence: "Weaknesses: ...", "Minor comments:", a line "Pros"."""

PRAISE = re.compile(
    r"\b(well[- ](written|motivated|structured|organi[sz]ed|executed|presented|explained|supported)|clear(ly)? (written|presented|explained|and)"
    r"|(is|are|was|very|quite) (clear|clean|thorough|solid|nice|sound|impressive|extensive|comprehensive)|easy to (read|follow|understand|implement)"
    r"|interesting|intriguing|elegant|impressive|convincing(ly)?|thorough(ly)?|nice(ly)?|compelling|valuable|insightful|welcome"
    r"|I (really |also |do |particularly |quite |mostly )?(like|enjoy(ed)?|appreciate|agree)|good (paper|idea|results?|job|work|empirical)|great|promising"
    r"|strong (results?|theor\w+|performance|empirical)|outperforms?|state[- ]of[- ]the[- ]art|practical(ly)? (important|relevant|useful)"
    r"|positive side|well done|fine|appropriate(ly)?|adequate(ly)?|reasonable|makes sense|strengths?|useful|novel (method|approach|idea|techniques?|framework|contributions?)|sufficiently novel|significant (contribution|improvement)s?)\b",
    re.IGNORECASE,
)
OBJECTION = re.compile(
    r"\b(lack(s|ed|ing)?|missing|incomplete|reservations?|overload(s|ed|ing)?|(novelty|contribution|originality|significance|impact|scale|improvement|gain)s? (is|are|seems?) (rather |quite |very )?(low|moderate|modest|small|thin|minor|marginal)|only\.|(one|two|three|a single|few) (\w+ ){0,3}only|without (a |any |further |much )?(reason|justification|measure\w*|explanation|comparison|evidence|proof|discussion)|miss(es)?|unclear|unconvinc\w+|un(fair|justified|supported|substantiated|usual|realistic|necessary)|insufficient(ly)?|inconsisten\w+"
    r"|not (at all |really |very |so |quite |entirely |fully |sufficiently |particularly |yet |even |seem |made |feel |find |too |be |been |as )*(clear|convinc\w+|sure|enough|sufficient|novel|new|well|explained|discussed|described|defined"
    r"|compared?|justified|addressed|obvious|significant|surprising|tested|evaluated|provided?|included?|reported?|shown|show|considered?|motivated|competitive|original|consistent|appropriate|correct|fair"
    r"|mention(ed)?|cite[ds]?|discuss|explain|give|practical|reproducible|innovative|conducted|see|find|understand|know|rigorous\w*|specified|available|suitable|interesting|follow|new|necessary|scale|work|do)"
    r"|limited|weak(er|ness(es)?)?\b(?! (accept|reject))|concern(s|ed|ing)?|problem(atic|s)?\b(?! (of|is|that|in|to|by|setting|statement|definition|formulation))|issues?|drawbacks?|shortcomings?|incremental"
    r"|(hard|difficult) to|confus(ing|ed)|ambiguous|vague(ly)?|fail(s|ed|ing)?|too (simple|few|brief|small|short|incremental|limited|strong|technical|many|much|concise|narrow)"
    r"|only (on|reports?|considers?|tests?|evaluates?|studies|compares?|covers?|shows?|focus\w*|includes?)|questionable|suspicious|mislead\w+|incorrect|wrong|inaccurate|trivial|poor(ly)?|sloppy|dense"
    r"|worr(y|ied|isome|ying)|worrysome|doubt(s|ful)?|skeptical|sceptical|suspect|unable|marginal(ly)?\b(?! (above|below))|overclaim\w*|hyperbole|contradict\w*|garbled|modest"
    r"|no (real |clear |serious |direct |theoretical |experimental |empirical )*(comparisons?|experiments?|discussion|evidence|ablations?|theor\w+|explanations?|details?|analysis|results?|guarantees?|justification|baselines?|insights?|mention|intuition|novelty|bound)"
    r"|(should|could|must|ought to) (also |really |at least |probably |better |not )*(be|have|include|compare|provide|report|explain|discuss|cite|use|show|add|clarify|consider|evaluate|test|define|describe|mention|state|read|give|improve|highlight|move|justify)"
    r"|needs? (to|more|further|some|a bit|improve\w*)|limits? (the|its) (scope|applicab\w+|usefulness|significance|impact)|(simple|straightforward|direct) applications? of|would (also |really |further |significantly |greatly )*(be|have been|have|benefit|strengthen|help|make|like|need|expect|want|love|prefer|require|suggest|recommend|appreciate)"
    r"|rather (simple|limited|incremental|toyish)|seems? (too|to be (too|very)|odd|strange|unfair)|susceptible|toyish|worse|expected to see|expect(ed)? (to see|more|at least)|not enough|at best|without (any|enough|explaining|comparing)"
    r"|negative side|less (clear|convincing|novel)|rehash\w*|overlooked|ignor(e|es|ed|ing)|omission|omit\w*|outdated|counter[- ]?intuitive|costly|expensive|unsure|error|errors|mistakes?|typos?|never|impossible)\b"
    r"|n't\b|\bcannot\b|\bin ?sufficient|\bimprov(e|ed|ing) (the )?(paper|presentation|clarity|writing)",
    re.IGNORECASE,
)
REQUEST = re.compile(
    r"\?[\"'”’)*_]*\s*$|\b((could|can|would|will|do|did) (you|the authors?|it be possible)|please|I (was |am )?(also )?(wonder(ing)?|curious|would|'d)\b|I'd|suggest(ion|ions)?|recommend (to|that|the authors?|adding|including|moving)"
    r"|it (would|might|may|will|could) (also |really |be )*be|(may|might|would|could) (also |still )?be (good|beneficial|worth|useful|helpful|interesting|nice|better)|good to (compare|cite|see|have|know)|there (is|exists?) (also |some )*(related|prior|existing|recent|previous) work|would (also )?(be|have been|like|love) |authors? (should|could|must|may want|might want|need|are encouraged)|you (should|could|may|might|need)"
    r"|curious|elaborate|clarify|ideally|encourage|consider (adding|including|showing|using|moving)|(is|are) (there|it possible)|explain (why|how|what)|one could|(should|could) be (added|included|improved|clarified|discussed|explained|reported|provided|moved))\b",
    re.IGNORECASE,
)
VERDICT = re.compile(
    r"\b((recommend|vote|lean|incline\w*)\w* .{0,25}\b(accept\w*|reject\w*|publication|paper|this)|my (rating|score|recommendation|initial rating)|(raise|increase|lower|change|keep|maintain|upgrade)\w* (my|the) (score|rating|recommendation)"
    r"|weak accept|weak reject|(above|below) the acceptance|(ready|suitable|acceptable) for (publication|acceptance)|justif\w+ (of|for) (the )?rating|good enough for acceptance|overall positive|rate this paper)\b",
    re.IGNORECASE,
)
EXPERIMENT = re.compile(
    r"\b(experiment\w*|ablat\w+|compar\w+|baselines?|benchmarks?|evaluat\w+|results?|measur\w+|run ?times?|wall[- ]?clock|latency|latencies|throughput|speed-?ups?|(training|inference) (time|cost|speed)|memory (footprint|usage|requirements?|cost)"
    r"|flops?|error bars?|standard deviations?|seeds?|variance|sensitivity|datasets?|imagenet|cifar\S*|accurac(y|ies)|perplexity|tests?|tested|try|tried|sweep|learning curves?|performance|overhead|plots?|curves?|statistics|numbers)\b",
    re.IGNORECASE,
)
WANTED = re.compile(
    r"\b(would|should|could|please|need\w*|lack\w*|missing|no|not|n't|only|without|add\w*|includ\w*|report\w*|show\w*|provid\w*|suggest\w*|try|why not|expect\w*|like to see|fair\w*|unfair|limited|few|more|additional\w*|how (does|do|much|is|well|would)|what (is|are|about))\b|n't\b|\?",
    re.IGNORECASE,
)
TYPO = re.compile(
    r"\btypos?\b|\bmisspell\w*|\bgrammat\w+|\bshould (be|read|probably read)\b.{0,40}$|->|→|\bs/[^/]+/[^/]+/|\bmissing (comma|backslash|space|article)|\bcapital|\bcitation style|\\citep|\bparenthes[ei]s\b|\bproofread|\bpunctuation|\bwrong blank",
    re.IGNORECASE,
)
ETHICS = re.compile(
    r"\bethic\w*|\bsocietal\b|\bbroader impact|\bprivacy\b|\bdual[- ]use|\bharm(s|ful)?\b|\bdiscriminat\w+ (against|of)\b|\bconsent\b",
    re.IGNORECASE,
)
SUMMARY = re.compile(
    r"^\W*(in (this|the) (paper|work|manuscript)|(this|the) (paper|work|manuscript|authors?|submission|study|article)\b.{0,25}\b(propos|present|introduc|stud|investigat|address|aim|describ|develop|consider|interpret|tackl|analy[sz]|examin|show|explor|evaluat|deals|tries|try|extend|reviv|suggest|provide|combin|seek|discuss|designs?|perform|conduct)\w*"
    r"|the (authors|paper|main (idea|contribution))|they (propose|show|use|also|conduct|introduce))",
    re.IGNORECASE,
)
ADDS = re.compile(
    r"^[\W_]*(also\b|additionally|furthermore|moreover|in addition|finally|lastly|second(ly)?\b|third(ly)?\b|fourth(ly)?\b|first(ly)?\b|another|besides|next\b|regarding|concerning|as for|on another note|similarly|perhaps more importantly|more importantly|a (minor|second|further|related|more) (point|issue|concern|question|important)|one (minor|other|more|major)|my (main|other|second|first|biggest|next)|last(ly)?\b|likewise|apart from|other than|relatedly|unfortunately|again\b)",
    re.IGNORECASE,
)
ANAPHORA = re.compile(
    r"^[\W_]*(this\b|that\b|these|those|it\b|its\b|they\b|their|such\b|in particular|for (example|instance|one)|e\.?g|i\.?e|specifically|namely|concretely|more concretely|to be (more )?(clear|specific|precise)|if (so|not|yes|that|this|only|indeed)|otherwise|thus|hence|therefore|so\b|because|since|and\b|or\b|then\b|what about|why\b|is (that|this|it)\b|do (they|these|those)|does (it|this|that)|any (reason|idea)|as a matter of fact|in fact|indeed|note that|here\b|both\b|currently|to (show|elucidate|solve|verify)|one (could|can|example|would)|even\b|given (this|that)|as (a result|i understand|such)|in (other words|this|that|these|such|which)|at the same time|yet\b|instead|still\b|same\b|ideally|maybe|perhaps|without\b|with(out)? (that|this|these)|could (it|this|these|you)|can (you|it|this)|what (do|does|is) (it|that|this|the intuition)|for (this|these|that)|under (this|these|some)|by doing|\(|but\b|however)",
    re.IGNORECASE,
)
REWRITTEN = re.compile(r"[\"'”’]\s*(?:->|→|=>)\s*[\"'“‘]|\bs/[^/]+/[^/]+/|^\W*typos?\b")
FOLLOWED = re.compile(
    r"\b(following|some|few|several|main|these|below|my|two|three|additional|other|minor|major|detailed|specific)\b.{0,60}\b(concerns?|comments?|questions?|issues?|points?|doubts|things|suggestions|weaknesses|remarks|criticisms?)\b.{0,25}:\s*$"
    r"|^\W*(i (also )?have|here are|below are|there are)\b.{0,40}\b(concerns?|comments?|questions?|issues?|remarks?|suggestions?|reservations?|points)\W*$",
    re.IGNORECASE,
)
"""A sentence that only introduces a list."""
SETTLING = re.compile(
    r"\b(thank(s| you)\b(?!.{0,200}\?)|(my|the|these|all|most|some|other) .{0,30}\b(concerns?|questions?|issues?|points?|comments?|doubts)\b.{0,40}\b(address|resolv|clarif|answer|settl)\w*|(help\w* )?(address|clarif|resolv)\w* (all |most |some |many )?(of )?my (concerns?|questions?|issues?|doubts)"
    r"|(read|seen|gone through) (through )?(the|your) (author'?s?'? )?(response|rebuttal|repl(y|ies)|feedback)|(no|without any) modifications? to make)\b",
    re.IGNORECASE,
)
"""A sentence about the replies, not the paper."""
ASKED = re.compile(r"\?[\"'”’)*_]*\s*$")
NAMED_FLAW = re.compile(
    r"\b((main|major|key|biggest|serious|another|one|important|minor) (weakness|issue|concern|problem|drawback|limitation|shortcoming)|(it is|it's) (not clear|unclear)|(is|are) (lacking|missing)|(do|does|is|are) not seem|questions the)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(r"\b(not|no|never|cannot|little|hardly|less)\b|n't\b", re.IGNORECASE)
CONTRAST = re.compile(
    r"\b(but|however|although|though|yet|except|nevertheless|unfortunately|on the other hand)\b", re.IGNORECASE
)


WITHDRAWN = re.compile(
    r"\bwithdr[ae]w\w*|\bretract\w*|\bI (?:had |have )?(?:missed|overlooked|misread|misunderstood|was wrong)\b|\bmy (?:own )?(?:mistake|bad|fault|misunderstanding)\b|\bI stand corrected",
    re.IGNORECASE,
)
"""A reviewer takes back what was said before; whatever words of objection stand in it, it objects to nothing."""


def stance_of(sentence: str, default: Stance | None = None) -> Stance:
    """What a sentence does by its own words; `default` is what its heading says of it."""
    if REWRITTEN.search(sentence):
        return "objects"
    if FOLLOWED.search(sentence) or SETTLING.search(sentence) or WITHDRAWN.search(sentence):
        return "describes"
    praise, objection, request = PRAISE.search(sentence), OBJECTION.search(sentence), REQUEST.search(sentence)
    if VERDICT.search(sentence) and not sentence.rstrip().endswith("?"):
        return "describes"
    if default == "praises":
        late = max((match.end() for match in CONTRAST.finditer(sentence)), default=0)
        return (
            "objects" if late and OBJECTION.search(sentence, late) and not PRAISE.search(sentence, late) else "praises"
        )
    if default == "describes":
        return "asks" if ASKED.search(sentence) else "objects" if NAMED_FLAW.search(sentence) else "describes"
    if request:
        return "asks"
    if default in ("objects", "asks"):
        return "praises" if praise and not objection and not CONTRAST.search(sentence) else default
    turned = CONTRAST.search(sentence)
    if objection and (turned or not praise or objection.start() < praise.start()):
        return "objects"
    if praise and turned and NEGATION.search(sentence, turned.start()):
        return "objects"
    if praise:
        return "praises"
    return "describes"


def heading_meaning(title: str) -> tuple[Stance | None, PointAspect | None]:
    """What sentences under a heading do, and what they are, as far as the heading tells."""
    for pattern, stance, aspect in HEADINGS:
        if re.search(pattern, title, re.IGNORECASE):
            return stance, aspect
    return None, None


def aspects_of(text: str, stance: Stance, heading: PointAspect | None) -> tuple[PointAspect, ...]:
    """What a point is, the main thing first."""
    found: list[PointAspect] = []
    if stance == "praises":
        found.append("strength")
    elif stance == "describes":
        found.append("summary")
    else:
        if heading == "typo" or (TYPO.search(text) and len(text) < 160):
            found.append("typo")
        found.append("question" if "?" in text or (stance == "asks" and heading == "question") else "weakness")
        if EXPERIMENT.search(text) and WANTED.search(text) and "typo" not in found:
            found.append("experiment")
    if heading == "ethics" or (stance in ("asks", "objects") and ETHICS.search(text)):
        found.append("ethics")
    return tuple(dict.fromkeys(found))
