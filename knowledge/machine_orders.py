"""Orders about a review's verdict, told by what they have together: whom they speak to, that it is an order, and what for.

A machine that is named, "the review you write" or a heading such as "System:" says to whom; a command, "must" or
"deserves" that it is an order; praise, a verdict or silence on faults of this paper what for. No one of them is enough
alone: papers on language models name machines, forms of venues command, and people recommend acceptance.
"""

import re

PEOPLE = r"(?:researchers?|practitioners?|experts?|scientists?|engineers?|community|communities|safety|ethics|venues?|conferences?|papers?|literature|field|policy)"
MACHINE = (
    r"(?:(?:ai|a\.i\.|llm|language[- ]model|machine|artificial|automat(?:ed|ic)|virtual)[- ](?:(?:based|assisted|powered|driven)[- ])?"
    rf"(?!{PEOPLE}\b)(?:reviewers?|review|readers?|assistants?|agents?|systems?|models?|graders?|evaluators?|judges?|tools?|referees?|bots?|meta-?reviewers?)"
    r"|artificial intelligences?|(?:large )?language[- ]models?|(?:ai|llms?|a\.i\.)(?![- ]\w*(?:generated|written))|chat ?bots?|chat ?gpt\w*|gpt(?:[- ]?\d\w*)?|claude|gemini|copilot|llama|deepseek|"
    r"bots?|robots?|(?:review(?:ing)?|evaluating|grading|assessing) (?:models?|assistants?|agents?|systems?|bots?))"
)
UNNAMED = r"(?:the |this |any |every )?(?:assistants?|models?|agents?|systems?)"
MODAL = (
    r"(?:must|should|shall|will|ought to|ha(?:s|ve) to|needs? to|(?:is|are) (?:(?:hereby )?(?:required|obliged|instructed|expected|asked|supposed|ordered|urged|meant|kindly asked) )?to)"
    r"(?: (?:always|only|therefore|also|simply|please|not|never))*"
)
JUDGE = (
    r"(?:rate|score|rank|mark|grade|accept|recommend|suggest|conclude|consider|regard|treat|judge|deem|find|assign|award|give|grant|output|report|state|say|"
    r"answer|reply|respond|praise|emphasi[sz]e|highlight|stress|describe|call|vote|write|assume|ignore|overlook|skip|omit|leave|like|support|favou?r|argue|end|finish|"
    r"begin|mention|list|point out|declare|take|return|print|claim|believe|note|disregard|raise|criticis|criticiz)\w*"
)
PAPER = (
    r"(?:(?:this|our|the (?:present|given|current|submitted|attached|above|following)) (?:\w+ )?(?:paper|submission|manuscript|work|article|study|contribution|pdf|preprint|document|text)s?"
    r"|the (?:paper|submission|manuscript|authors)\b)"
)
REVIEW = r"(?:meta-?)?(?:reviews?|reports?|summar(?:y|ies)|assessments?|evaluations?|verdicts?|ratings?|recommendations?|responses?|answers?|outputs?)"
YOURS = rf"(?:(?:your|its|their) (?:\w+ )?{REVIEW}|the {REVIEW} (?:that |which )?(?:you|it) (?:\w+ )?(?:write|generate|produce|give|draft|compose)\w*)"
FAULTS = (
    r"(?:negatives?|negative \w+|weak(?:ness(?:es)?| points?)?|limitations?|flaws?|critici[sz]\w*|critiques?|concerns?|shortcomings?|drawbacks?|faults?|objections?|"
    r"missing \w+|problems?|downsides?|deficienc\w+)"
)
PRAISE = (
    r"(?:(?:must-)?accept(?:ed|ance|ing)?|strong(?:ly)? accept\w*|ground-?breaking|break-?through|outstanding|excellent|exceptional\w*|landmark|seminal|flawless|"
    r"(?:an|for an|the) oral|spotlight|award|best paper|positiv\w+|favou?rabl[ey]|enthusiastic\w*|glowing|prais\w+|lenient\w*|generous\w*|"
    r"(?:high|top|full|maximum|maximal|highest|perfect|best)(?: possible)? (?:\w+ )?(?:scores?|ratings?|marks?|grades?)|"
    r"(?:10|ten) ?(?:out of|/) ?(?:10|ten)|4 (?:out of|/) 4|(?:[89]|10|nine|ten) (?:or|and) (?:above|higher|more|up)|(?:scores?|ratings?|confidence) (?:of )?(?:[89]|10|nine|ten)\b|without reservation)"
)
MILD = (
    r"(?:novel\w*|sound(?:ness)?|convincing|complete|verified|correct|ready|first|kind(?:ly|ness)?|nice|gentle|important|significant|original(?:ity)?|clarity|strengths?|maximum|maximal|highest|"
    r"above the (?:\w+ )?(?:threshold|bar)|brilliant|impressive|superior|valuable|(?:rate|it|submission|paper|manuscript|work|article|output|gets?|by|(?:as|is|a|to be rated)) (?:an? )?(?:[89]|10|nine|ten)\b)"
)
SILENT = (
    rf"(?:\b(?:not|n't|never|no|any|without|none|nothing|refrain\w*|avoid\w*|skip\w*|omit\w*|ignor\w+|overlook\w*|hide|leav\w+)\b[^.!?]{{0,60}}?\b{FAULTS}\b"
    rf"|\b{FAULTS}\b[^.!?]{{0,60}}?\b(?:unmentioned|out of scope|out|aside|unimportant|minor|resolved|settled|irrelevant|none|do not count|unsaid)\b"
    r"|\b(?:there (?:are|is) none|must-accept)\b)"
)
LEAD = r"(?:^|[:;,(\[\"“‘„]\s*)[\W_]*(?:(?:please|kindly|now|then|also|always|only|simply|just|and|but|so|instead|you (?:must|should|shall|are to|have to|need to|will))\W+)*"
HEAD = r"^[\W_]*(?:(?:hidden|secret|new|special|additional|updated?|important|urgent|final|short|the|a|an|following|is|this|applies)\W+)*"
NOTE = r"(?:prompts?|messages?|notes?|instructions?|orders?|requests?|notices?|reminders?|commands?|memos?|updates?|overrides?|tasks?|attention|warning)"
TO = r"(?:(?:to|for|of|all|any|every|the|our|an?|each|my|dear|hello|hi|hey)\W+)*"

ANY_GOOD = rf"(?:\b{PRAISE}\b|\b{MILD}\b|{SILENT})"
UNCONDITIONAL = r"(?![^.!?]*\b(?:if|unless|provided that|but)\b)"
OBJECT = (
    rf"(?:as |for |to )?(?:\w+ ){{0,2}}?(?:that (?:{PAPER}|it\b)|(?:the |all |any |every |its |their )*(?:\w+ )?(?:claims?|experiments?|results?|strengths?|contributions?|novelty|quality|clarity|originality|weaknesses|limitations) of {PAPER}"
    rf"|{PAPER}|(?:its|their) (?:clarity|strengths?|novelty|originality|contributions?|quality|weaknesses|soundness)|acceptance)"
)
"""What a verdict is on: this paper, or its parts, and no passage or answer."""
SPOKEN = (
    rf"(?=[^.!?]*{ANY_GOOD})(?:(?:please|kindly|always|only) )*(?:{JUDGE}|be)\b(?=[^.!?]*(?:\b{PAPER}|\b{YOURS}\b|\baccept|\bit\b))"
    rf"|[^.!?:]{{0,60}}?\b{PAPER}(?: you \w+ \w+)? (?:deserves?|merits?|is to|are to|must|should|shall|will|gets?|is an? (?:strong )?accept|ought to|is worth\w*)\b(?=[^.!?]*{ANY_GOOD})"
    rf"|you (?:will|must|should|shall|are to|have to|need to|find)\b(?=[^.!?]*{ANY_GOOD})(?=[^.!?]*(?:\b{PAPER}|\b{YOURS}\b|\breview))"
    rf"|when(?:ever)? you \w+(?: \w+)?? {PAPER}[^.!?]*?, {JUDGE}\b(?=[^.!?]*{ANY_GOOD})"
    rf"|(?:the |your )(?:\w+ )?(?:verdict|rating|recommendation|decision)\b[^.!?]*\b(?:is|must be|should be|shall be) (?:to )?(?:strong )?accept"
)
CONDITION = r"(?!(?:[^.!?]* )?(?:if|unless|provided|once) (?!you (?:are|\'re)))"

RULES = tuple(
    re.compile(pattern)
    for pattern in (
        # a machine that is named must judge this paper well
        rf"(?<!\bby )\b{MACHINE}\b[^.!?:;]{{0,80}}?\b{MODAL} (?:\w+ly )?{JUDGE} {OBJECT}{UNCONDITIONAL}(?:(?<=acceptance)|(?<=weaknesses)|(?<=clarity)|(?=[^.!?;]*?{ANY_GOOD}))[^.!?]*",
        rf"(?<!\bby )\b{MACHINE}\b[^.!?:;]{{0,80}}?\b{MODAL} (?:\w+ly )?{JUDGE}\b[^.!?:;]{{0,60}}?\b(?:and|or) (?:recommend|vote for|argue for) acceptance\b{UNCONDITIONAL}[^.!?]*",
        rf"\b{MACHINE}\b(?=[^.!?]*\b{PAPER})[^.!?:;]{{0,80}}?\b(?=(?:must|should|shall|will|ought|is|are|has|have|needs?)\b[^.!?;]{{0,40}}{SILENT}){MODAL} (?:\w+ly )?{JUDGE}{UNCONDITIONAL}[^.!?]*",
        rf"^[\W_]*let (?:the |any |every )?{MACHINE}\b[^.!?]*?\b{JUDGE}\b[^.!?]*?{ANY_GOOD}[^.!?]*",
        # one that is not, told which words to put out
        rf"\b{UNNAMED}(?: (?:reading|reviewing|processing|that reads|that reviews) (?:this|these)(?: \w+)?)? {MODAL} (?:output|answer|reply|respond|report|conclude|end|finish|state|say|print|return|write)\b"
        rf"(?=[^.!?,;]*(?:\baccept\w*[\"'”]?[\W]*$|\b(?:its|the) review\b[^.!?]*\b(?:rating|score|accept)|(?<=\w) (?:that )?{PAPER}[^.!?]*?\b{PRAISE}))(?![^.!?]*\b(?:if|when|does not)\b)[^.!?]*",
        # one that is spoken to
        rf"{HEAD}(?:{NOTE}\W+)*{TO}(?:\w+[ -]){{0,2}}?{MACHINE}(?:(?: \w+){{0,5}})?\s*(?:[:;!—–]|,|\s-\s)\s*(?:{SPOKEN})[^.!?]*",
        rf"{HEAD}(?:{NOTE}\W+)+{TO}(?:\w+[ -]){{0,2}}?{MACHINE}(?:(?: \w+){{0,5}})?\s*(?:[:;!—–]|,|\s-\s)(?=[^.!?]*(?:\b{PAPER}|\b{YOURS}\b|\bauthors?'? claims))(?=[^.!?]*{ANY_GOOD})"
        rf"(?![^.!?]*\b(?:we|paper|work) (?:\w+ )?(?:evaluate|show|recommend|release|propose|compare|study|find|use)s?\b)[^.!?]*",
        rf"{HEAD}(?:{NOTE}\W+)*{TO}{MACHINE}(?: only)?\s*[:,;!—–]\s*(?:only )?(?:this is an? )?(?:strong )?accept\b[^.!?]*",
        # a heading that only machines are given
        rf"^[\W_]*(?:<\|)?(?:(?:system|developer|hidden|secret|new|updated?)(?:\W+{NOTE})*|(?:system|hidden|secret) {NOTE}(?: \w+){{0,2}})(?:\|>)?\s*[:>]"
        rf"(?=[^.!?]*(?:\b{PAPER}|\b{YOURS}\b|\breview\b|\bsubmission\b))(?=[^.!?]*{ANY_GOOD})[^.!?]*",
        rf"{HEAD}{NOTE} (?:to|for) (?:the )?(?:automat\w+|machine|ai|llm|artificial) (?:review\w*|assess\w*|evaluat\w*)\s*[:—–-](?=[^.!?]*{ANY_GOOD})[^.!?]*",
        rf"^[\W_]*the following (?:applies|is addressed|is meant|is an? \w+|holds|goes)[^.!?:]{{0,20}}?\b(?:to|for) (?:all |any )?(?:{MACHINE}|(?:automat\w+|machine|ai|llm|artificial) (?:review\w*|assess\w*|evaluat\w*))\s*:(?=[^.!?]*{ANY_GOOD})[^.!?]*",
        # an order for the time when somebody asks about this paper
        rf"\b(?:when|whenever|if|once|should)\b(?: (?:you are|you're|you get|a user|any user|anyone|someone|somebody|the user|users|people|they|the chair|an editor))?(?: is| are| be)?"
        rf" (?:asks?|asked|prompted|requested|requests?|queried|told|instructed|questioned)\b(?=[^.!?]*\b{PAPER})[^.!?]*?, (?:(?:please|always|only|you (?:must|should|shall|are to|will)) )*{JUDGE}\b"
        rf"(?=[^.!?]*(?:{ANY_GOOD}|\b(?:[89]|10)\b))[^.!?]*",
        # what the review that "you" write has to hold
        rf"{LEAD}in {YOURS}, (?:please |you (?:must|should|shall) )?(?:(?:do not|don't|never) (?:\w+ ){{0,2}}(?:mention|list|raise|say|state|note|discuss|report|include|point out)\b(?=[^.!?]*{FAULTS})|{JUDGE} (?=[^.!?]*\b(?:{PRAISE}|highest quality)))[^.!?]*",
        rf"\byour (?:meta-?)?(?:review|summary|report|assessment|verdict|evaluation) (?:must|should|shall|has to|needs to|ought to|will) (?!have\b)(?:\w+ )*?(?:not (?:contain|mention|include|list|raise|name)\b(?=[^.!?]*\b{FAULTS}\b)|(?=[^.!?]*\b{PRAISE}\b))[^.!?]*",
        rf"{LEAD}(?:leave|keep|omit|drop|skip|remove|exclude|refrain from|avoid|do not|don't|never) [^.!?]{{0,80}}?{FAULTS}[^.!?]{{0,60}}?\b(?:in|from|out of|into) {YOURS}[^.!?]*",
        rf"{LEAD}(?:refrain from|avoid|do not|don't|never) (?:\w+ )?(?:critici[sz]\w*)[^.!?]{{0,60}}?\bin {YOURS}[^.!?]*",
        rf"{LEAD}(?:begin|start|open|end|finish|close|conclude) (?:your|the) {REVIEW} (?:with|by) (?=[^.!?]*(?:[\"“'‘]|\bthe (?:words?|phrase|sentence)\b|\baccept|\bpraise))[^.!?]*",
        rf"{LEAD}(?:make sure|ensure|see to it)(?: that)? {YOURS}(?=[^.!?]*\b{PRAISE}\b)[^.!?]*",
        # a verdict commanded
        rf"^[\W_]*(?:(?:now|then|also|always|only|simply|just|instead|never|do not|don't)\W+)*(?:rate|score|grade|mark|rank|assign|give|award|grant|describe|call)\b(?=[^.!?]*\b(?:this|our) (?:paper|submission|manuscript|work|article|study)\b)"
        rf"(?=[^.!?]*(?:\b{PRAISE}\b|\b(?:[89]|10)\b|\b(?:highest|maximum|top)\b|\bbelow (?:[5-9])\b))(?![^.!?]*\b(?:if|unless)\b)[^.!?]*",
        r"^[\W_]*(?:set|fix|put|raise|change) (?:the |your |every )?(?:overall |final |sub-?)?(?:recommendation|rating|score|verdict|decision)s?(?: of this \w+)? (?:to|at) (?:[\"'“]?(?:strong )?accept\b|(?:its|the|their) maximum|10\b)[^.!?]*",
        r"^[\W_]*(?:(?:now|then|only|simply|just|always)\W+)*(?:respond|answer|reply) (?:only )?with (?:an? )?[\"'“]?(?:strong )?accept\b[^.!?]*",
        rf"{LEAD}(?:write|generate|produce|compose|draft) (?:only )?(?:an? )?(?:review|report|meta-?review|praise)\b(?=[^.!?]*\b{PRAISE}\b)(?=[^.!?]*\b(?:this|our) (?:paper|submission|manuscript|work|article|study)\b)[^.!?]*",
        # the words of the other reviewers set aside
        rf"{LEAD}(?:ignore|disregard|overlook|dismiss|discount|brush aside|set aside|put aside)\b (?:all |any |the |every )*(?:(?:other |previous |negative |critical )*(?:reviewers?|reviews?|referees?)(?:'s?|s')? )?(?:of (?:the )?(?:other )?(?:reviewers?|referees?) )?(?:\w+ )?"
        rf"(?:{FAULTS}|reviews?|scores?|comments?)[^.!?]{{0,40}}?\b(?:and|then|when you)\b[^.!?]{{0,20}}?\b(?:recommend|vote|accept|give|rate|write|conclude|praise)\w*[^.!?]*",
        rf"{LEAD}(?:treat|regard|consider|count) (?:all |any |the )*(?:{FAULTS}|[^.!?]{{0,20}}{FAULTS}[^.!?]{{0,40}}?) as (?:re|dis|un)?(?:solved|settled|missed|minor|void|important|founded)\w*[^.!?]{{0,20}}? and (?:recommend|vote|accept|give|rate|write|praise)\w*[^.!?]*",
        # whom "you" are made into
        r"\byou are (?:now )?an? (?:very )?(?:generous|kind|lenient|friendly|positive|supportive|enthusiastic) (?:ai |llm )?(?:reviewer|judge|critic|referee|grader)[^.!?]*",
        rf"\byour (?:\w+ ){{0,2}}?(?:task|job|goal|role|purpose|aim|duty) (?:now )?(?:is|will be) (?:now )?to (?:argue for|praise|recommend|accept|promote|defend|write only)\b(?=[^.!?]*(?:\b{PAPER}|\bacceptance))[^.!?]*",
        rf"\byou (?:must|should|shall|are to|have to|will|may) not (?:point out|mention|list|raise|report|name|highlight|discuss) (?:any |the |its )?{FAULTS}[^.!?]*\b{PAPER}[^.!?]*",
        rf"\byou are to (?:recommend|praise|accept|rate)\b{CONDITION}(?=[^.!?]*(?:\b{PAPER}|\bacceptance))[^.!?]*",
        # what came before set aside for a verdict
        rf"{LEAD}(?:ignore|disregard|forget|override|bypass|drop|stop following|do not follow|don't follow|discard|leave aside)\b[^.!?]{{0,60}}?\b(?:guid(?:elines?|ance)|forms?|prompts?|instructions?|criteria|rules|polic(?:y|ies)|what you (?:were|have been) told|everything above|system prompt)\b[^.!?]{{0,40}}?"
        rf"(?:[,;:]|\band\b)[^.!?]{{0,20}}?\b{JUDGE}[^.!?]*?{ANY_GOOD}[^.!?]*",
        rf"{LEAD}(?:ignore|disregard|forget)\b[^.!?]{{0,40}}?\b(?:guid(?:elines?|ance)|instructions?|rules|criteria) (?:on|for|about|of) (?:the )?review(?:s|ing|ers)?(?=\W*(?:$|[,;:]|and\b))[^.!?]*",
    )
)  # fmt: skip


HINT = re.compile(
    r"accept|review|paper|submission|manuscript|work|article|stud|rat(?:e|ing)|scor|report|summar|weak|verdict|publication|text"
)
"""No order of these rules is without one of these words."""
REACH = 800
"""Characters of a sentence that are judged together: a list without a full stop may be as long as its text."""


def find_order(sentence: str) -> tuple[int, int] | None:
    """Where a plain lower-case sentence orders a machine to judge a paper well, or to be silent on its faults."""
    for start in range(0, max(1, len(sentence) - REACH // 2), REACH // 2):
        if not HINT.search(sentence, start, start + REACH):
            continue
        for rule in RULES:
            if match := rule.search(sentence, start, start + REACH):
                return match.span()
    return None
