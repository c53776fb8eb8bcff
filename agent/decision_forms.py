"""The words in which a chair states a decision, a rating or a confidence: vocabulary and the forms of whole statements.

A form says who decides, how, what, about which paper; its group `value` holds the label or the number.
"""

import re

PAPER = r"(?:(?:the|this|that|your|their) (?:current )?(?:paper|submission|work|manuscript|article)|this one)"
SUBJECT = rf"(?:{PAPER}|this|it)"
DEGREE = r"(?:(?:strong|weak|clear|borderline)(?:ly)?[ -])"
SHOWN = r"(?:,? (?:\((?:as )?(?:an? )?(?:poster|oral|spotlight)\)|(?:as )?(?:an? )?(?:poster|oral|spotlight)\b))"
LABEL = (
    rf"(?:{DEGREE}?(?:accept|reject)(?:ance|ing|ed|ion)?\b{SHOWN}?|(?:marginally|slightly|just|well|clearly)?\s?(?:above|below) "
    r"(?:the )?acceptance(?: threshold| bar)?|marginally (?:above|below)(?: the)? (?:threshold|bar)|(?:major|minor) revisions?|borderline)(?:\b|(?<=\)))"
)
NUMBER = r"(?:\d{1,3}(?:\.\d+)?(?:(?: ?/ ?| out of )\d{1,3})?(?![\d/]))"
RANGE = rf"(?:between )?{NUMBER} ?(?:-|–|or|to|and) ?(?:an? )?{NUMBER}"
VALUE = rf"(?:{RANGE}|{NUMBER}|{LABEL})"
END = (
    r"(?=\W*$| ?[,;:.!()–—-]|,? (?:with|at|and|but|based|because|since|for (?:now|me|this|the)|from (?:me|my)|as (?:it|is|the) |due|"
    r"given|after|in (?:its|the|my|this)|on (?:the|this|balance|condition)|(?:even )?if|unless|provided|once|when|only|until|subject|overall|here|then|"
    r"despite|although|though|while|yet|without|instead|rather|conditional|contingent|assuming|so|to (?:the|this|it)|rating|as long|confidence)\b)"
)
REASON = r"(?=\W*$|[,;:.!(]| [–—-] |,? (?:because|since|given|due|despite|although|though|on balance|overall|(?:for|from) me|with confidence)\b)"
"""What may follow a label that stands for a whole decision: its reason."""
ADVERBS = (
    r"(?:,? (?:now|therefore|thus|hence|also|still|finally|then|currently|strongly|probably|definitely|likely|firmly|overall|"
    r"personally|hereby|just|really|rather|more|slightly|somewhat|actually|instead))*,?"
)
NOUN = (
    r"(?:decision|rating|score|recommendation|verdict|vote|call|lean(?:ing)?|assessment|judge?ment|evaluation|grade|view|take|position|opinion|stance|"
    r"confidence(?: level| score| rating)?)"
)
WHO = r"\b(?:i|we)(?: (?:agree|concur|side|disagree)\b[^,;:]{0,60} and)?"
MODAL = (
    rf"{ADVERBS}(?P<modal> (?:will|would|shall|must|do|am|are|have)| can(?= not)|(?<=we) should)?{ADVERBS}"
    rf"(?: not)?{ADVERBS}"
)
INTENT = (
    r"(?: (?:be )?(?:going to|inclined|leaning|lean|minded|decided|decide|intend|intending|plan|planning|want|like|chosen|choose|choosing|"
    r"voting|vote|recommend|recommending|suggest|suggesting|propose|proposing|go|going|settle|settled|settling|opt|opting|stick|sticking|"
    r"stand|say|pick|tend|ready|at|come down|coming down|land|landing|end up|ending up)(?: (?:on the side of|to(?:wards?)?|toward|on|for|with|by|that (?:we|i)(?: should)?|that (?:it|this|the paper) be))?"
    rf"{ADVERBS}(?: against| not(?: to)?| to not)?)"
)
DECIDED = (
    r"(?:(?:i|we)(?: have)?(?: (?:now|just|finally|already))* )?(?:decided|settled|concluded|changed (?:my|our) minds?|made up (?:my|our) minds?|thought it over)|"
    r"(?:my|our) minds? (?:is|are) made up"
)
"""The act of deciding, told before what is decided: "I have decided: reject"."""
OPENING = (
    r"^\W*(?:(?:ok|okay|so|well|then|thanks|thank you|actually|overall|in sum|in summary|in short|finally|great|good|right|yes|no|hmm|"
    r"on balance|therefore|for me|in my (?:view|opinion|judge?ment)|all in all|please|sorry|i see|on reflection|on second thoughts?|nah|nope|hm+|"
    r"better|rather|wait|tentatively|provisionally|for now|for the record|final(?: answer)?|bottom line|conclusion|not convinced|enough|"
    rf"(?:{DECIDED}))\b\W*)*"
    r"(?:(?:based on|given|after|considering|in light of|having|weighing)\b(?:[^\d?]|(?<=reviewer )\d|(?<=review )\d|(?<=\br)\d){0,300}?[,:] )?"
)
OBJECT = rf"(?P<object>(?: (?:of|for))? (?:{PAPER}|this|it)\b)?"
BEING = (
    r"(?:(?: (?:is|should|must|ought to|deserves?|merits?|falls?|lies?|sits?|would|will|to|be|not|an?|just|still|only|currently|"
    r"probably|at|as))+)"
)
CONFIDENCE_AT = r"(?: (?:of|is|at|as|to|would be|will be|stays|remains))?\s?[:=]?\s?(?:an? )?"
PART = (
    rf"(?:(?:my |final |overall |preliminary )*{NOUN}(?: is| of)?\s?[:=]?\s?(?:an? )?{VALUE}|(?:an? )?{LABEL}|"
    rf"(?<=[a-z],) ?{NUMBER}|(?<=[a-z], ){NUMBER}|{NUMBER}(?= ?\(|: ?[a-z])|\d+(?:\.\d+)?(?: ?/ ?| out of )10|{NUMBER} confidence)"
)

AFTER = r"(?:,? (?:(?:from|for|by) me|on my (?:side|part|end)|after all|rather|then|instead|please|for now|it is))"

FORMS = [
    re.compile(form)
    for form in (
        rf"{WHO}{MODAL}(?P<intent>{INTENT}*)(?: to)?(?: (?:an?|my|for|the|my own))?(?: (?:rating|score) of)?(?: an?)? "
        rf"(?P<value>{LABEL}){OBJECT}{END}",
        # Verbs that choose take a number only with an article or a scale: "go with 2" may choose an item of a list.
        rf"{WHO}{MODAL}{INTENT}+ (?P<value>(?:an? |(?:an? )?(?:rating|score) of (?:an? )?){NUMBER}|{NUMBER}(?<=/10)|(?<=say ){NUMBER}(?= ?[.,]|$)){END}",
        rf"{WHO}{MODAL}{INTENT}*(?: be)? (?:giv(?:e|ing)|rat(?:e|ing)|scor(?:e|ing)|assign(?:ing)?|grad(?:e|ing)|call(?:ing)?|"
        rf"put(?:ting)?|evaluate|assess|consider|judge)(?: {SUBJECT})?(?: (?:as|at|with|to be|being))?(?: (?:an?|my|the|overall|final))*"
        rf"(?: (?:rating|score|grade))?(?: of| as|:)?(?: an?)? (?P<value>{VALUE}){END}",
        rf"\b(?:i|we){ADVERBS}(?: (?:do|would))?(?: not)?{ADVERBS} (?:think|believe|feel|find|consider|judge)(?: that)? (?:{SUBJECT}|i|we)"
        rf"(?! is (?:accepted|rejected)){BEING}? (?P<value>{LABEL}){OBJECT}{END}",
        rf"{OPENING}{SUBJECT}(?! (?:is|will be|would be) (?:accepted|rejected)){BEING} (?P<value>{LABEL}){END}",
        rf"\bmy(?: (?!reviewer)\w+)? {NOUN}(?: (?:for|on|of|in) {SUBJECT})?(?: (?:is|as|would be|will be|remains|stays|stands at|goes to))?"
        rf"\s?[:=]?\s?(?:to not |not to |against |to |for |at |of |an? )*(?P<value>{VALUE}){OBJECT}{END}",
        rf"(?:{WHO}{MODAL}{INTENT}*|{OPENING}(?:let us)?)\s?(?:chang|rais|lower|updat|revis|increas|decreas|adjust|mov|bump|drop|reduc|set)\w*"
        rf" (?:my|the) (?:\w+ )?{NOUN}(?: (?:for|of) {SUBJECT})? to (?:an? )?(?P<value>{VALUE}){END}",
        rf"{WHO}{MODAL}{INTENT}*(?: (?:set|put|mark|move|mov|moving|bump|keep|have|file)(?:ting|ing)?) {SUBJECT}(?: down)?(?: (?:to|at|as|on|for))? (?:an? )?"
        rf"(?P<value>{VALUE}){END}",
        rf"{OPENING}(?:still |now |rather |currently )?(?:leaning|inclined|tending|going|voting|lean)(?: (?:to(?:wards?)?|toward|for|with))?(?: an?)? "
        rf"(?P<value>{LABEL}){OBJECT}{END}",
        rf"{WHO}\b[^,;:?]{{0,70}} (?:and|but)(?: (?:i|we))?{ADVERBS} (?:lean|leaning|tend|incline|vote|go)(?: (?:to(?:wards?)?|toward|for|with))?(?: an?)? (?P<value>{LABEL}){END}",
        rf"{OPENING}let us(?: not)?{INTENT}? (?:an? )?(?P<value>{LABEL}){OBJECT}{END}",
        rf"{OPENING}(?P<value>accept|reject) {PAPER}{END}",
        rf"{OPENING}(?P<value>accept|reject) (?P<pronoun>it|this)(?:,? please)?{END}",
        rf"{OPENING}(?P<value>{DEGREE}?(?:accept|reject)){REASON}",
        rf"{OPENING}(?:put|mark|set|file|log) (?:me|it|this|that|{PAPER})(?: down)? (?:for|as|at|to) (?:an? )?(?P<value>{LABEL}){END}",
        rf"{OPENING}(?P<value>{PART}(?:[ ,;:()/–—-]|\band\b|\bwith\b|\bat\b|{AFTER}|{PART})*)\W*$",
    )
]
# What these point back to is the chair's decision only when one is on file.
AGAIN = [
    re.compile(form)
    for form in (
        rf"{OPENING}(?:(?:i would|let us|i will) )?(?:(?:chang|switch|mak|updat|revis|rais|lower|set|bump|mov|downgrad|upgrad|drop)e?"
        rf"(?: (?:that|it|this|mine))?(?: (?:up|down))?(?: to)?|put (?:me|it) down (?:for|as|at)) (?:(?:an?|rating) )?(?P<value>{VALUE}){AFTER}*{END}",
        r"^\W*(?:(?:oh|hm+|well|so|ok(?:ay)?|sorry|wait)\W+)*(?:no|nah|nope|actually|rather|better|instead|correction|on second thoughts?)\W+"
        rf"(?:an? )?(?P<value>{VALUE}){AFTER}*\W*$",
    )
]
