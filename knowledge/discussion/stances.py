"""What a sentence of a review does: praise, object, ask, or none of these, by its own words and by what its heading says.

A sentence is read by its main clause: of "well written, but thin" what stands after the "but", of "although it is thin, I
like it" what stands after the comma. What is wished for ("it would be good to see") is asked, whatever praise it holds.
"""

import re
from collections.abc import Sequence
from typing import Literal

Stance = Literal["asks", "objects", "praises", "describes"]
"""What a point does: a question or request, an objection, praise, or no judgement (a summary, a verdict)."""

_GOOD = (
    r"well[- ](?:written|motivated|structured|organi[sz]ed|executed|presented|explained|supported|described|thought|designed|founded|grounded|justified|studied)|clear|clean|clearly|easy|easily|thorough|thoroughly|solid|nice|nicely|sound|soundness"
    r"|impressive|extensive|comprehensive|interesting|intriguing|elegant|convincing|convincingly|compelling|valuable|insightful|welcome|great|promising|strong|novel|original|timely|practical|useful"
    r"|appropriate|appropriately|adequate|adequately|reasonable|reasonably|sensible|good|fine(?!-)|decent|careful|carefully|excellent|rigorous|worthy|refreshing|fair|fairly|innovative|neat|rich|effective(?! (?:rank|bits?|number))|pleasant|systematic|simple|principled|appealing|attractive|delightful|creative|helpful|informative|fascinating|ambitious|competitive"
)
_THING = (
    r"(?:paper|work|writing|manuscript|text|submission|article|study|ideas?|approach|methods?|techniques?|algorithm|results?|experiments?|experimental \w+|empirical \w+|evaluation|evidence|presentation|topic|problem|novelty|contributions?|motivation|analysis|theory|proofs?|structure|organi[sz]ation|exposition"
    r"|comparisons?|discussion|improvements?|gains?|intuition|related work|figures?|tables?|visuali[sz]ations?|observations?|findings?|ablations?|argument|question|setting|direction|code|introduction|conclusions?|baselines?|formulation|framework|architecture|section \S+)"
)
_MODIFIER = r"(?:a|an|the|some|many|several|this|it|all|both|also|indeed|generally|overall|mostly|pretty|to be|very|quite|really|fairly|rather|truly|extremely|relatively|well|\w+ly|paper|work|results?|,|of)"
PRAISE = re.compile(
    rf"\b(?:(?:is|are|was|were|it['’]s|looks?|seems?|appears?|sounds?|reads?|been|feels?|remains?|considered|find|found|thought)(?: {_MODIFIER}){{0,5}} (?:{_GOOD}|significant|important (?:and|as|for|problem|topic|question))\b"
    rf"|(?:provides?|offers?|gives?|has|have|with|conducts?|presents?|shows?|makes?|made|done|forms?|of|and|to be)(?: {_MODIFIER}){{0,5}} (?:{_GOOD}|significant) (?:\w+ ){{0,2}}{_THING}\b)"
    rf"|^\W*(?:\d\W+)?(?:the |a |an |overall |very |quite )*(?:{_GOOD})\b(?: and \w+)? (?:\w+ )?{_THING}\b|^\W*(?:\w+ly )?(?:well[- ]\w+|concise|clear|easy to (?:read|follow|understand)|simple and effective|simple yet effective)\b"
    r"|\beasy to (?:read|follow|understand|implement|use|combine)|\bwell[- ](?:written|motivated|structured|organi[sz]ed|executed|presented|explained|supported|described)|\bwell done\b|\bmakes sense\b|\bpositive side|\bconvincing(?:ly)?\b|\bthorough(?:ly)?\b|\bnicely\b|\belegant(?:ly)?\b|\binsightful\b|\bcompelling\b|\bpromising\b|\bintriguing\b|\bimpressive(?:ly)?\b|\binteresting(?:ly)?\b|\bstate[- ]of[- ]the[- ]art (?:results|performance|accuracy)"
    r"|\bI (?:really |also |do |particularly |quite |mostly |very much |generally |thoroughly |personally )*(?:like|liked|enjoy(?:ed)?|appreciated?|agree|commend|applaud|welcome)\b(?! to (?:see|have|know|suggest))|\b(?:good|great|nice|excellent|solid) (?:paper|idea|results?|job|work|empirical|read|contribution|overview|experiments?|analysis|evaluation|performance|accuracy|fit|addition|step)|\bstrong (?:results?|theor\w+|performance|empirical|experiment\w+|contribution|baselines?)"
    r"|\b(?:solid|worth having|worthwhile|valuable|(?:is|are) (?:new|novel)|new to the best|first (?:work|paper|time) to|(?:of (?:great|practical|high|broad)|is of|are of) (?:interest|importance|significance)|novel (?:and|method|approach|idea|techniques?|framework|contributions?|perspective)|sufficiently novel|significant (?:contribution|improvement|gain)s?|strengths?|carefully (?:designed|selected|chosen|conducted|done)|deserves? credit|pleasure to read|sheds? (?:some |new )?light|important progress|new perspective|worth noting|(?:very |really |quite )(?:important|relevant|interesting) (?:question|problem|topic)|non-?trivial)\b",
    re.IGNORECASE,
)  # fmt: skip
OBJECTION = re.compile(
    r"\b(?:lack(?:s|ed|ing)?|missing|incomplete|reservations?|overload(?:s|ed|ing)?|(?:novelty|contribution|originality|significance|impact|scale|improvement|gain)s? (?:is|are|seems?) (?:rather |quite |very )?(?:low|moderate|modest|small|thin|minor|marginal)|only\.|(?:one|two|three|a single|few) (?:\w+ ){0,3}only|without (?:a |any |further |much )?(?:reason|justification|measure\w*|explanation|comparison|evidence|proof|discussion)|miss(?:es)?|unclear|unconvinc\w+|un(?:fair|justified|supported|substantiated|usual|realistic|necessary|motivated)|insufficient(?:ly)?|inconsisten\w+|inconclusive"
    r"|not (?:at all |really |very |so |quite |entirely |fully |sufficiently |particularly |yet |even |seem |made |feel |find |too |be |been |being |as |strong |clearly |properly |that |all |to |\w+ly )*(?:clear|convinc\w+|sure|enough|sufficient|novel|new|well|explained|discussed|described|defined|compared?|justified|addressed|obvious|significant|surprising|tested|evaluated|provided?|included?|reported?|shown|show|considered?|motivated|competitive|original|impressive|good|great|compelling|promising|thorough|elegant|easy|consistent|appropriate|correct|fair"
    r"|mention(?:ed)?|cite[ds]?|discuss|explain|give|practical|reproducible|innovative|conducted|see|find|understand|know|rigorous\w*|specified|available|suitable|interesting|follow|necessary|scale|work|do|think|believe|feel|useful|true|possible|detailed|assessed|ready|support\w*|match|apply|comparable|directly|reach|pay|belong|strong|carefully)"
    r"|limited|limitations?|weak(?:er|ness(?:es)?)?\b(?! (?:accept|reject|supervis))|concern(?:s|ed|ing)?|problem(?:atic|s)?\b(?! (?:of|is|that|in|to|by|setting|statement|definition|formulation|at hand|well))|issues?|drawbacks?|shortcomings?|incremental|defects?|flaw(?:s|ed)?"
    r"|(?:hard|difficult|tricky|challenging) (?:for \w+ )?to|confus(?:ing|ed)|ambiguous|vague(?:ly)?|fail(?:s|ed|ing)?|too (?:simple|few|brief|small|short|incremental|limited|strong|technical|many|much|concise|narrow|high|low|hard|large|long|restrictive|general|weak|incomplete)"
    r"|only (?:on|reports?|considers?|tests?|evaluates?|studies|compares?|covers?|shows?|focus\w*|includes?|contains?|works?|applies|appl\w+|uses?|support\w*|one|two|a few|small|valid|marginal\w*|slight\w*)|questionable|suspicious|mislead\w+|incorrect|wrong|inaccurate|(?<!non-)(?<!non)trivial|strong (?:word|claim|statement|assumption|constraint)s?|(?:don['’]?t|do not|cannot|hardly) (?:believe|trust)|extra space|poor(?:ly)?|sloppy|dense"
    r"|worr(?:y|ied|isome|ying)|worrysome|doubt(?:s|ful)?|skeptical|sceptical|suspect|unable|marginal(?:ly)?\b(?! (?:above|below))|overclaim\w*|hyperbole|contradict\w*|garbled|modest|nitpick\w*|arguabl[ey]|obsolet\w*|outdated|obvious(?:ly)?|no longer|over-?stat\w*|exaggerat\w*|crowded|cluttered|too small|unreadable|inferior|debatable|disappoint\w*|room for improvement|neglect\w*|restrict(?:s|ed|ive)|well[- ]known|borrowed|already (?:been )?(?:known|done|proposed|studied|shown|exist\w*|used)|(?:widely|been) studied|standard (?:way|technique|practice|method)|straight-?forward"
    r"|no (?:real |clear |serious |direct |theoretical |experimental |empirical |fundamental |obvious |significant |strong |major |guarantee|guidelines?|\w+al )*(?:comparisons?|experiments?|discussion|evidence|ablations?|theor\w+|explanations?|details?|analysis|results?|guarantees?|justification|baselines?|insights?|mention|intuition|novelty|bound|difference|guidelines?|reason|description|baseline|attempt|proof|information|indication|error bars?|way|need)"
    r"|needs? (?:more|further|some|a bit)|limits? (?:the|its) (?:scope|applicab\w+|usefulness|significance|impact)|(?:simple|straightforward|direct) (?:applications?|combinations?|extensions?) of|rather (?:simple|limited|incremental|toyish)|seems? (?:too|to be (?:too|very)|odd|strange|unfair)|susceptible|toyish|worse|expected to see|expect(?:ed)? (?:to see|more|at least)|at best|without (?:any|enough|explaining|comparing)"
    r"|negative side|(?:less|hardly|barely|rarely|little|scarcely) (?:clear|convincing|novel|\w+)|rehash\w*|overlooked|ignor(?:e|es|ed|ing)|omission|omit\w*|counter[- ]?intuitive|costly|expensive|unsure|errors?\b(?! (?:rate|bars?|bound|of|is|between|term|metric|feedback|compensation))|mistakes?|typos?|never|impossible|impractical|intensive tuning|sensitive|strange|weird|odd|different from (?:what|the)|does ?n['o]t|instead of|rather than|whereas|hyphenated|gives the impression|may not necessarily|mismatch|lost in|skepticism|suffer\w*|questions the|(?:could|can|should|might|needs? to) (?:be )?(?:(?:much|further|significantly|greatly|substantially) )?(?:improved?|better)\b|requires? (?:a |an |some |more |\w+ly )*(?:appropriate|careful|exquisite|additional|extra|strong|huge|large|tuning|hyper)\w*)\b"
    r"|n't\b|\bcannot\b|\bin ?sufficient|\bimprov(?:e|ed|ing) (?:the )?(?:paper|presentation|clarity|writing)",
    re.IGNORECASE,
)  # fmt: skip
_CHANGE = r"(?:add|includ|compar|provid|report|explain|discuss|cit|clarif|consider|evaluat|test|defin|describ|mention|stat|highlight|mov|justif|specif|introduc|elaborat|demonstrat|show|present|give|giv|conduct|perform|run|rewrit|rephras|revis|shorten|check|proof|extend|expand|investigat|explor|us|examin|analy[sz]|plot|quantif|replac|remov|reorgani[sz]|refer|correct|fix|address|done|made|see|look|try|tri)"
REQUEST = re.compile(
    rf"\b(?:(?:could|can|would|will) (?:you|the authors?|it be possible)|please|I (?:was |am |would be |'m )?(?:also |just |still )*(?:wonder(?:ing)?|curious)\b|I(?: would|'d|’d) (?:also |really |strongly |further |highly |still |however |kindly )*(?:like|love|prefer|appreciate|suggest|recommend|encourage|expect|advise|be (?:interested|curious|happy|glad) (?:to|in|if)|want|urge|ask|welcome)|(?:I|we) (?:also |strongly |would |highly )*(?:suggest|recommend (?:to|that|the authors?|adding|including|moving|\w+ing)|encourage|urge|request)|suggestion:"
    rf"|(?:it |this |that |there |which |what |\w+ )?(?:would|might|may|could|will) (?:also |really |still |probably |certainly |perhaps )*(?:be|have been) (?:also |even |much |more |very |really |quite |a |an |of )*(?:good|beneficial|worth\w*|useful|helpful|interesting|nice|better|great|valuable|desirable|convincing|informative|instructive|clearer|stronger|preferable|interest|plus|wonderful|ideal|appreciated|welcome|wise|insightful|fair(?:er)?|important|illuminating|possible to)|(?:it'?s|it is|is|seems?(?: to be)?) (?:also )?(?:better|worth|advisable|a good idea|good|recommended|important|necessary|desirable|preferable) (?:to|if|that|\w+ing)\b|good to (?:compare|cite|see|have|know|mention)|more convincing if"
    rf"|(?:would|could|might|may|can) (?:also |really |further |significantly |greatly |strongly |definitely |certainly |be )*(?:benefit|profit|gain|help|strengthen|improve|strengthened|improved|enhanced|make)\b.{{0,60}}\b(?:from|to|by|if|the (?:paper|claims?|argument|work|case|presentation|results?|readers?)|this paper|more|clearer|stronger)\b|(?:authors?|you|they|we) (?:should|could|must|may want|might want|may wish|might consider|ought to|are encouraged|need to|needs to)\b"
    rf"|(?:should|must|needs? to|ought to|has to|have to|deserves? to|can be|could) (?:also |really |at least |probably |better |be |been |have been |have |perhaps |further |more |carefully |clearly |explicitly |ideally )*{_CHANGE}\w*|curious|elaborate|clarify|ideally|consider (?:adding|including|showing|using|moving|\w+ing)|is it possible|explain (?:why|how|what)|what about|how about|why not|like to (?:see|know|have|hear|understand)|love to (?:see|know)|(?:comparison|discussion|experiment|analysis|evaluation|explanation|ablation|study|details?)s? (?:\w+ ){{0,6}}(?:is|are) (?:needed|required|necessary|desired|expected)|have the authors (?:tried|considered|thought|evaluated|tested|compared))\b"
    r"|^\W*(?:\d{1,2}\W+|[a-h][.)]\W*)?(?:clarify|add|include|compare|explain|define|discuss|cite|mention|demonstrate|provide|consider|fix|correct|replace|specify|rephrase|elaborate|remove|move|report|show|check|use|describe|avoid|improve|proofread)\b(?! (?:of|in|is|are|and))",
    re.IGNORECASE,
)  # fmt: skip
ASKED = re.compile(r"\?[\"'”’)*_]*\s*$")
_DIRECTED = re.compile(r"\b(?:should|ought to|must|needs? to|has to)\b", re.IGNORECASE)
_RHETORICAL = re.compile(
    r"\bwhat(?:'s| is| are| was) (?:then )?(?:really )?(?:the |its |their )?(?:actual |real |main |new |added )*(?:contribution|novelty|point|benefit|advantage|value|use|takeaway)s?\b(?! (?:of using|in (?:eq|fig|tab)))|\bwhy (?:should|would) (?:one|anyone|we|i|a practitioner|people)\b|\bis(?:n't| not| it not|n’t) (?:this|that|it)\b|\bhow is (?:this|it|that) (?:any )?(?:different|novel|new|better)",
    re.IGNORECASE,
)
"""A question that says that something is not there."""
VERDICT = re.compile(
    r"\b(?:(?:recommend|vote|lean|incline\w*|argue)\w* .{0,25}\b(?:accept\w*|reject\w*|publication|publish\w*)|(?:should|could|can|cannot) (?:not )?be (?:accepted|rejected|published)|(?:my|the) (?:rating|score|recommendation|initial rating)|(?:raise|increase|lower|change|keep|maintain|upgrade|confirm)\w* (?:my|the) (?:initial |original |current |previous )?(?:scores?|ratings?|recommendation)|(?:higher|lower|better) (?:score|rating)"
    r"|(?:weak|strong|clear|borderline)(?:ly)? (?:accept|reject)\w*|(?:above|below) the acceptance|(?:ready|suitable|acceptable) for (?:publication|acceptance)|justif\w+ (?:of|for) (?:the )?rating|good enough for acceptance|overall positive|rate this paper|(?:see|have) (?:the|this) paper (?:accepted|published)|I (?:would|will) (?:not )?(?:accept|reject|rate))\b"
    r"|\bI (?:do not|don't|don’t) have (?:enough |the |much |sufficient )*(?:background|expertise|knowledge)|\bI(?:['’]m| am) (?:not|no) (?:an? |very |that |so |too )*(?:expert|specialist|familiar)\b",
    re.IGNORECASE,
)
FOLLOWED = re.compile(
    r"\b(following|some|few|several|main|these|below|my|two|three|additional|other|minor|major|detailed|specific)\b.{0,60}\b(concerns?|comments?|questions?|issues?|points?|doubts|things|suggestions|weaknesses|remarks|criticisms?|reasons)\b.{0,25}:\s*$"
    r"|^\W*(?:also,? |finally,? |however,? )?(i (also )?have|here are|below are|there are)\b.{0,40}\b(concerns?|comments?|questions?|issues?|remarks?|suggestions?|reservations?|points)\W*$",
    re.IGNORECASE,
)
"""A sentence that only introduces a list."""
_SETTLING = re.compile(
    r"\b(thank(s| you)\b(?!.{0,200}\?)|(my|the|these|all|most|some|other) .{0,30}\b(concerns?|questions?|issues?|points?|comments?|doubts)\b.{0,40}\b(address|resolv|clarif|answer|settl)\w*|(help\w* )?(address|clarif|resolv)\w* (all |most |some |many )?(of )?my (concerns?|questions?|issues?|doubts)"
    r"|(fully|mostly|largely) addressed my|concerns? (have|has) been (cleared|resolved|addressed)|(response|rebuttal) (addresses|addressed|resolves|clarifies)|(read|seen|gone through) (through )?(the|your) (author'?s?'? )?(response|rebuttal|repl(y|ies)|feedback)|(no|without any) modifications? to make)\b",
    re.IGNORECASE,
)
"""A sentence about the replies, not the paper."""
_WITHDRAWN = re.compile(
    r"\bwithdr[ae]w\w*|\bretract\w*|\bI (?:had |have )?(?:missed|overlooked|misread|misunderstood|was wrong)\b|\bmy (?:own )?(?:mistake|bad|fault|misunderstanding)\b|\bI stand corrected",
    re.IGNORECASE,
)
"""A reviewer takes back what was said before; whatever words of objection stand in it, it objects to nothing."""
_NOTHING_TO_SAY = re.compile(r"\b(?:not (?:too |very |that )?much|nothing|little) (?:more |else )?to (?:say|add|complain|criticis?z?e)\b", re.IGNORECASE)  # fmt: skip
"""A sentence on the review and not on the paper."""
_DENIED = re.compile(r"(?:\b(?:not|never|hardly|neither|nor)|n['’]t)(?! only)(?: (?:yet|very|so|really|too|\w+ly|at all|a|an))*\s*$", re.IGNORECASE)  # fmt: skip
"""What stands before words of praise and turns them into blame: "is not nicely written"."""
_MERIT = re.compile(
    r"^\W*(?:one|another|an?|the|its)(?: \w+)? (?:advantage|strength|merit|plus)\b(?!.{0,80}\b(?:unclear|limited|missing|marginal|question\w*|lack\w*|small|not (?:clear|obvious|convinc\w+|shown|demonstrated))\b)",
    re.IGNORECASE,
)
"""What is named as a merit is one, also where somebody "did not mention" it."""
_REWRITTEN = re.compile(r"[\"'”’]\s*(?:->|→|=>)\s*[\"'“‘]|\bs/[^/]+/[^/]+/|^\W*typos?\b")
_NAMED_FLAW = re.compile(
    r"\b((main|major|key|biggest|serious|another|one|important|minor|significant) (weakness|issue|concern|problem|drawback|limitation|shortcoming)|(it is|it's|is|are|remains?) (also |still |entirely |very )*(unclear|not clear|missing|lacking|limited|incremental|questionable)|(do|does|is|are) not seem|questions the|I (do not|don't|did not|didn't) (see|understand|find|get)|my (main )?concerns?)\b",
    re.IGNORECASE,
)
CONTRAST = re.compile(
    r"\b(?:but|however|although|though|yet|except|nevertheless|nonetheless|unfortunately|on the other hand|that said)\b",
    re.IGNORECASE,
)
_OPPOSED = re.compile(
    r"^\W*(?:however|but|unfortunately|nevertheless|nonetheless|that said|on the other hand|still),?\s", re.IGNORECASE
)
_CONCESSIVE = re.compile(r"^[\W\d]*(?:although|though|while|whilst|even though|even if|despite|in spite of|whereas|even if)\b", re.IGNORECASE)  # fmt: skip
_TURN = re.compile(r"[,;:]?\s*\b(?:but|however|yet(?= (?:the|it|this|i|there|not)\b)|nevertheless|nonetheless|that said|unfortunately|on the other hand)\b,?", re.IGNORECASE)  # fmt: skip
_AFTERTHOUGHT = re.compile(r"[,;(]?\s*\b(?:although|though|even though|while|whereas|except)\b", re.IGNORECASE)
SUMMARY = re.compile(
    r"^\W*(in (this|the) (paper|work|manuscript)|(this|the) (paper|work|manuscript|authors?|submission|study|article)\b.{0,25}\b(propos|present|introduc|stud|investigat|address|aim|describ|develop|consider|interpret|tackl|analy[sz]|examin|show|explor|evaluat|deals|tries|try|extend|reviv|suggest|provide|combin|seek|discuss|designs?|perform|conduct|demonstrat|appl(?:y|ies)|claim|argue|hypothes|conclude|achiev|use|target|focus|prove|deriv|formulat|generali|improv|compar|notes?\b|found|find|starts?\b|is (?:about|concerned|an? \w+ (?:work|study|paper|contribution))|offers?|establish|motivat|unif|train|claim|appears to|tests?|learn|reports?|enhanc|builds?|attempt|leverag|employ|adopt|optimi|introduces?)\w*"
    r"|the (authors|paper|main (idea|contribution))|they (also |then |further )?(propose|show|use|also|conduct|introduce|apply|evaluate|demonstrate|test|develop|present|train|perform|claim))",
    re.IGNORECASE,
)
LATEST_SUMMARY = 4
"""By which sentence a review that begins with a summary speaks of the paper, after a word on its field."""
_TOLD = re.compile(
    rf"{SUMMARY.pattern}|^.{{0,160}}\b(?:they|the (?:authors?|paper|proposed|main result)|this paper|experiments?|the (?:method|approach|algorithm|technique|idea|model|network)s?) (?:\w+ ){{0,3}}(?:is|are|was|were|can|\w+s|\w+ed|(?-i:[a-z]+))\b",
    re.IGNORECASE,
)  # fmt: skip
"""A sentence that tells what the authors or the method do."""
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our|I['’]m|the reviewer)\b(?!\.)")
_JUDGED = re.compile(rf"\b(?:the|this|their|its|that) (?:\w+ ){{0,2}}{_THING} (?:\w+ ){{0,4}}?(?:is|are|was|were|seems?|looks?|appears?|remains?|lacks?|could|should|needs?|can)\b", re.IGNORECASE)  # fmt: skip
"""Something of the paper with a verb of judgement: "the experiments are"."""


def stance_of(sentence: str, default: Stance | None = None) -> Stance:
    """What a sentence does by its own words; `default` is what its heading says of it."""
    if _REWRITTEN.search(sentence):
        return "objects"
    if (
        FOLLOWED.search(sentence)
        or _NOTHING_TO_SAY.search(sentence)
        or _SETTLING.search(sentence)
        or _WITHDRAWN.search(sentence)
    ):
        return "describes"
    asked = bool(ASKED.search(sentence))
    if VERDICT.search(sentence) and not asked:
        return "describes"
    if default == "praises":
        return "objects" if _turns_to_blame(sentence) else "praises"
    if default == "describes":
        return "asks" if asked else "objects" if _NAMED_FLAW.search(sentence) else "describes"
    if asked:
        return "objects" if _RHETORICAL.search(sentence) else "asks"
    own = read_clauses(sentence)
    if default is None and own == "describes" and _OPPOSED.match(sentence):
        return "objects"
    if default is None or own in ("asks", default):
        return own
    if own == "praises":
        return default if CONTRAST.search(sentence) or OBJECTION.search(sentence) else "praises"
    return "objects" if own == "objects" else default


def is_told(sentence: str) -> bool:
    """Whether a sentence tells what the authors or the method do, as a summary does."""
    return bool(_TOLD.search(sentence))


def is_aside(sentence: str) -> bool:
    """Whether a sentence speaks of the replies, the rating or the list that follows, and of nothing in the paper."""
    return any(pattern.search(sentence) for pattern in (FOLLOWED, _SETTLING, _WITHDRAWN, VERDICT))


def _turns_to_blame(sentence: str) -> bool:
    """Whether praise turns to objection at its end."""
    late = max((match.end() for match in CONTRAST.finditer(sentence)), default=0)
    return bool(late and OBJECTION.search(sentence, late) and not PRAISE.search(sentence, late))


def read_clauses(sentence: str) -> Stance:
    """What a sentence does by the clause that it ends on, or by the other where that one does nothing."""
    for clause in split_contrast(sentence):
        stance = read_clause(clause)
        if stance != "describes":
            return stance
    return "describes"


def split_contrast(sentence: str) -> list[str]:
    """The clauses of a contrast, the one that counts first; the whole sentence where there is none."""
    if _CONCESSIVE.match(sentence):
        granted, comma, main = sentence.partition(",")
        return [main, granted] if comma and len(main) > 15 else [sentence]
    turns = [match for match in _TURN.finditer(sentence) if match.start() > 10 and match.end() < len(sentence) - 10]
    if turns:
        return [sentence[turns[-1].end() :], sentence[: turns[-1].start()]]
    after = next((m for m in _AFTERTHOUGHT.finditer(sentence) if m.start() > 20), None)
    return [sentence[: after.start()], sentence[after.end() :]] if after else [sentence]


def read_clause(clause: str) -> Stance:
    """What a clause does: it wishes, objects or praises, in this order where none comes clearly first."""
    if REQUEST.search(clause):
        return "asks"
    if _MERIT.match(clause) and not _NAMED_FLAW.search(clause):
        return "praises"
    praise, objection = PRAISE.search(clause), OBJECTION.search(clause)
    if objection and (not praise or objection.start() < praise.end()):
        return "objects"
    if praise:
        return "objects" if _DENIED.search(clause[: praise.start()]) else "praises"
    return "asks" if _DIRECTED.search(clause) else "describes"


def read_opening(sentences: Sequence[str]) -> int:
    """How many sentences of a review without headings tell what the paper does, before the first that judges."""
    if not any(SUMMARY.match(sentence) for sentence in sentences[:LATEST_SUMMARY]):
        return 0
    for index, sentence in enumerate(sentences):
        asks = ASKED.search(sentence) or _NAMED_FLAW.search(sentence) or is_aside(sentence)
        own = read_clauses(sentence)
        judges = own != "describes" and (
            _FIRST_PERSON.search(sentence) or _JUDGED.search(sentence) or _TURN.search(sentence)
        )
        if asks or judges or (own != "describes" and not _TOLD.search(sentence) and index):
            return index
    return len(sentences)
