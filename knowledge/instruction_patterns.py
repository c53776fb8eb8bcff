"""The wordings in which a text speaks to a reviewing machine, over plain lower-case sentences (see `instructions`)."""

import re

MACHINE = (
    r"(?:ai|a\.i\.|artificial intelligences?|llms?|(?:large )?language[- ]models?|chat ?bots?|chat ?gpt\w*|gpt[- ]?\w*|claude|gemini|"
    r"copilot|bots?|robots?|(?:automated|automatic|machine|artificial) (?:reviewers?|systems?|tools?|agents?|assistants?|readers?|graders?)|"
    r"ai[- ]\w+|llm[- ]\w+|virtual assistants?)"
)
ABOUT_REVIEW = (
    r"review|this (?:paper|submission|manuscript|article|work)|\baccept|reject|\brating|\bscores?\b|recommend|evaluat|assess|"
    r"instruction|summar"
)
EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing|former|existing|original|other|system|your|past|given)"
ORDERS = r"(?:instructions?|prompts?|directives?|guidelines?|commands?|system messages?)"
RULES = r"(?:rules|context|guidance|criteria|constraints?|directions?|orders?|messages?|texts?|content)"
PRAISE = (
    r"(?:positive|favou?rable|glowing|enthusiastic|excellent|outstanding|complimentary|supportive|high(?:ly positive)?|highest|"
    r"perfect|top|good|great|strong(?:ly positive)?|maximum|full)"
)
WARM = r"(?:positive|favou?rable|glowing|enthusiastic|complimentary|supportive)"
RATING = r"(?:reviews?|ratings?|recommendations?|scores?|grades?|marks?|verdicts?)"
VERDICT = r"(?:reviews?|ratings?|evaluations?|assessments?|feedback|recommendations?|scores?|grades?|marks?|comments?|opinions?|verdicts?)"
FAULTS = (
    r"(?:negatives?|negative (?:\w+ ){0,2}\w+|weakness(?:es)?|limitations?|flaws?|criticisms?|concerns?|shortcomings?|drawbacks?|problems?|"
    r"issues?|faults?|errors?)"
)
OPENING = (
    r"(?:^|[:;,(\[\"'“‘«„*>#|—–-]\s*|\b(?:please|kindly|now|you (?:must|should|shall|have to|need to|are to|will|are required to|"
    r"are instructed to|may)|also|then|instead|simply|just|and|important|always|only|must|so)\s+(?:\w+ly\s+)?)"
)
START = (
    r"(?:^[\W_]*(?:(?:please|kindly|now|you (?:must|should|shall|have to|need to|are to|will)|also|then|instead|simply|just|important\W*|"
    r"always|only|note|reminder|and|but|so)\W+)*|[:;\"“‘«„>|]\s*(?:(?:please|kindly|now|always|only|simply|just)\s+)*)"
)

OF_CODE = (
    r"(?:\s+(?:tokens?|vectors?|embeddings?|windows?|buffers?|cache\w*|queue\w*|steps?|layers?|blocks?|frames?|states?|turns?|sets?|lines?|rows?)\b"
    r"|\s+(?:of|in|after|before|beyond|until|once|that|which|whose|with|at|on|within|inside|for|from|when|where|while|during)\b"
    r"(?!\s+(?:this|your|the|my|our)\s+(?:\w+\s+)?(?:paper|submission|manuscript|reviews?|reviewing|chairs?|system|developer|users?|venue|conference|prompt|operator)\b|\s+review|\s+you\b))"
)
"""What comes after "instructions" or "context" where a program or a model is spoken of and none is spoken to."""
OVERRIDE = re.compile(
    OPENING + rf"(?:ignore|disregard|forget|override|overrule|do not follow|don'?t follow|stop following)"
    rf"\s+(?:(?:(?:all|any|every|each|the|these|those|of|your|my|our|set|and)\s+)*(?:{EARLIER}[\s,/]+(?:and\s+|or\s+)?)+(?:\w+\s+){{0,2}}{ORDERS}(?!\s+(?:tokens?|words?|cache|queue|stream|set)\b)"
    rf"|(?:all of your|your)\s+(?:{EARLIER}[\s,/]+(?:and\s+|or\s+)?)*(?:{ORDERS}|{RULES})"
    rf"|(?:all|any|all the|all of the)\s+(?:{EARLIER}[\s,/]+(?:and\s+|or\s+)?)*(?:{ORDERS}|{RULES})(?!{OF_CODE})"
    rf"|everything\s+(?:above|before|prior|so far|that came before|you (?:have been|were) told))\b"
    + "|"
    + OPENING
    + rf"(?:bypass|neglect|discard|dismiss|skip|drop)\s+(?:all of your|(?:all\s+)?your)\s+(?:{EARLIER}[\s,/]+(?:and\s+|or\s+)?)*(?:{ORDERS}|{RULES})\b"
    + "|"
    + OPENING
    + rf"(?:bypass|neglect|discard|dismiss|skip|drop)\s+(?:all|any|all the|the)\s+(?:{EARLIER}[\s,/]+(?:and\s+|or\s+)?)+(?:{ORDERS}|{RULES})(?!{OF_CODE})\b(?=[^.!?]*(?:{ABOUT_REVIEW}))"
)
ADDRESS = re.compile(
    rf"\bif (?:you|this (?:text|paper|document|review)?|the (?:reader|reviewer))(?:'re| are| is|r)?(?: (?:being )?(?:read|processed|reviewed|used)(?: by)?)?"
    rf" (?:an?\s+|the\s+|any\s+|some\s+)?(?:\w+[\s-]+){{0,3}}?{MACHINE}\b"
    rf"|\bas an? (?:\w+[\s-]+){{0,3}}?{MACHINE}\b(?:[\s-]+\w+){{0,6}}?,? (?:you\b|please\b|do not|don't|give|write|recommend|rate|your )"
    rf"|\byou are (?:now )?(?:an?|the) (?:\w+[\s-]+){{0,3}}?{MACHINE}\b"
)
SALUTATION = re.compile(
    rf"^[\W_]*(?:(?:dear|hello|hi|hey|attention|note|notice|important|message|instructions?|warning|reminder|memo|request|to|for)\b[\s:,!]*){{1,3}}"
    rf"(?:(?:to|for|any|all|the|every|our|an?|of)\s+)*(?:\w+[\s-]+){{0,2}}?{MACHINE}\b[\s-]*(?:(?:based|assisted|powered)\s+)?"
    rf"(?:reviewers?|assistants?|systems?|models?|agents?|readers?|graders?|evaluators?|judges?|tools?|users?|meta-reviewers?)?"
    rf"(?:\s+(?:that|who|which|reading|reviewing)(?:\s+\w+){{0,5}})?\s*[:,;!—–.-]"
)
READING = re.compile(
    rf"\b{MACHINE}\b[\w\s-]{{0,30}}\b(?:reading|reviewing|processing|evaluating|assessing|judging|grading|summari[sz]ing|parsing"
    rf"|(?:that|which) (?:reads?|reviews?|process(?:es)?|evaluates?|assess(?:es)?|judges?|grades?|summari[sz]es?))"
    rf" (?:this|the) (?:text|paper|document|submission|manuscript|pdf|reviews?|thread)\b[\w\s,-]{{0,30}}"
    rf"\b(?:should|must|shall|ha(?:s|ve) to|needs? to|please|(?:is|are) (?:asked|required|instructed|expected|to))\b"
)
SYSTEM = re.compile(
    r"^[\W_]*(?:system|developer)(?: (?:prompt|message|note|override|instructions?))?\s*:(?=[^.!?]*\b(?:must|should|shall|you|your|recommend|report|always|never)\b)"
)
HERE = r"(?:this|the|our|my|your)\s+(?:\w+\s+)?(?:papers?|submissions?|manuscripts?|works?|articles?|study|contributions?|authors?|reviews?|reports?|summary)\b"
ELSEWHERE = rf"(?!\s+(?:to|of|for|on|about|from|in|by|as|with|without|when|if|only (?:for|to|if|when)|twice|once)\b(?!\s+(?:{HERE}|it\b|us\b|them\b)))"
"""A verdict on something else than the paper that holds the sentence."""
DEMAND = re.compile(
    START
    + rf"(?:give|write|provide|output|generate|return|assign|produce|submit|compose|deliver|leave|issue|offer|respond with|answer with|reply with|"
    rf"make sure to (?:give|write|provide)|ensure)\s+(?:\w+\s+){{0,5}}?"
    rf"(?:(?:{PRAISE},?\s+(?:and\s+\w+\s+)?){{1,3}}(?:\w+\s+){{0,2}}?{RATING}|(?:{WARM},?\s+(?:and\s+\w+\s+)?){{1,3}}(?:\w+\s+)?{VERDICT})\b{ELSEWHERE}"
    rf"|{START}(?:give|write|provide|output|generate|return|assign)\s+(?:\w+\s+){{0,4}}?{VERDICT}\s+(?:that (?:is|are)\s+)?(?:only\s+|exclusively\s+|very\s+)?(?:positive|favou?rable)\b"
    rf"|{START}(?:do not|don'?t|never|avoid)\s+(?:ever\s+)?(?:highlight|emphasi[sz]e|reveal|stress|point(?:ing)? out|bring(?:ing)? up|highlighting|flag)\s+(?:\w+\s+){{0,2}}?{FAULTS}\b{ELSEWHERE}"
    rf"|{START}(?:do not|don'?t|never|avoid)\s+(?:ever\s+)?(?:mention|list|include|report|raise|discuss|note|mentioning|listing|criticis|criticiz)\w*\s+(?:\w+\s+){{0,2}}?(?:negatives?|negative \w+)\b{ELSEWHERE}"
    rf"|\byou (?:must|should|shall|have to|need to|are (?:required|instructed|asked|obliged) to)\s+(?:\w+\s+){{0,2}}?"
    rf"(?:accept (?:this|the|it)\b|praise\b|(?:recommend|rate|score|give|assign)\b(?![^.!?]*\b(?:if|unless|once)\s)[^.!?]{{0,80}}?"
    rf"(?:\bacceptance\b|\baccept(?:ing|ed)?\b|{PRAISE} {RATING}|\b10\s*/\s*10|\bhighest|strong accept))"
    rf"|{START}when (?:you )?(?:\w+ )?(?:writ|summari|draft|generat|compos)\w*[^.!?]{{0,40}}\b(?:meta-?review|summary|recommendation)\b[^.!?]{{0,40}}"
    rf"\b(?:do not|don'?t|never) (?:mention|include|list|report|discuss|cite)"
    rf"|{START}include (?:the |these |this |following |exact |two |both )*(?:phrases?|words?|sentences?|strings?)\b[^.!?]{{0,120}}\b(?:in|into) (?:your|the) (?:review|response|output|summary|answer)"
    rf"|{START}(?:recommend|vote for|suggest) (?:a )?(?:strong(?:ly)? )?(?:accept(?:ance|ing)?)\b[^.!?]{{0,60}}\b(?:regardless|no matter|irrespective|whatever)"
)
MARKUP = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id)\|>|\[/?INST\]|<</?SYS>>|<start_of_turn>",
    re.IGNORECASE,
)
FOREIGN = re.compile(
    r"\bignorier\w*\s+(?:sie\s+)?(?:bitte\s+)?(?:alle\w*\s+)?(?:die\s+|ihre\s+|deine\s+)?(?:vorherigen|bisherigen|vorangegangenen|vorangehenden|obigen|fruheren|vorigen)\w*\s+\w*(?:anweisung|instruktion|anleitung|vorgabe|befehl|prompt)"
    r"|\b(?:gib|geben sie|schreib\w*(?: sie)?|verfass\w*(?: sie)?|erstell\w*(?: sie)?)\s+(?:\w+\s+){0,3}?positive\w*\s+(?:bewertung|begutachtung|rezension|gutachten|beurteilung|review|ruckmeldung)"
    r"|\b(?:erwahn\w*|nenn\w*|heb\w*)\s+(?:sie\s+)?(?:bitte\s+)?keine\s+(?:schwach|negativ|mangel|kritik)"
    r"|\b(?:wenn|falls) (?:du|sie) (?:ein\w*\s+)?(?:\w+\s+){0,2}?(?:ki|sprachmodell|llm|ki-\w+|kunstliche intelligenz)\b"
    r"|\bignor(?:e|ez|er)\s+(?:toutes\s+)?(?:les\s+|vos\s+|tes\s+)?(?:instructions?|consignes|directives)\s+(?:precedente|anterieure|ci-dessus)"
    r"|\b(?:donne|donnez|redige|redigez|ecris|ecrivez|fournis|fournissez)\s+(?:\w+\s+){0,4}?(?:avis|evaluation|critique|rapport|recension|note)\s+(?:\w+\s+)?(?:positi|favorable)"
    r"|\bne (?:mentionne|signale|souligne|releve)\w*\s+(?:aucun|pas)\w*\s+(?:\w+\s+){0,2}?(?:faiblesse|negati|defaut|critique)"
    r"|\bsi (?:tu es|vous etes) (?:un\w*\s+)?(?:\w+\s+){0,2}?(?:ia\b|modele de langage|llm|intelligence artificielle)"
    r"|\b(?:ignora|ignore|ignoren|ignorar|olvida|olvide)\s+(?:todas\s+)?(?:las\s+|tus\s+|sus\s+)?(?:instrucciones|indicaciones|ordenes)\s+(?:anteriores|previas)"
    r"|\b(?:da|de|dale|proporciona|proporcione|escribe|escriba|genera)\s+(?:\w+\s+){0,3}?(?:resena|evaluacion|revision|valoracion|critica)\w*\s+(?:\w+\s+)?(?:positiv|favorabl)"
    r"|\bno (?:menciones?|senales?|destaques?)\s+(?:\w+\s+){0,2}?(?:debilidad|negativ|defecto|limitacion)"
    r"|\bsi (?:eres|usted es) (?:un\w*\s+)?(?:\w+\s+){0,2}?(?:ia\b|modelo de lenguaje|llm|inteligencia artificial)"
    r"|(?:忽略|忽视|无视|不要理会)(?:掉)?(?:之前|以上|先前|前面|此前|上述|所有|全部|一切|的|任何){1,6}(?:指令|指示|提示|说明|命令|要求)"
    r"|(?:给出|给予|写出?|提供|撰写|生成)(?:一个|一份|一篇)?(?:只有|仅|完全|非常)?(?:正面|积极|好评|肯定|高分)(?:性)?的?(?:评价|评审|审稿|意见|评论|评语|推荐)"
    r"|(?:不要|请勿|切勿|别)(?:提及|指出|提到|强调|突出)(?:任何)?(?:缺点|负面|不足|弱点|问题)"
    r"|\b(?:bewerte\w*|beurteile\w*|empfehle?\w*|empfiehl)\s+(?:sie\s+)?(?:bitte\s+)?[^.!?]{0,60}?\b(?:ki|sprachmodell|llm)\b[^.!?]{0,60}?(?:positiv|annahme|akzept|hervorragend)"
    r"|\bals (?:ein\w*\s+)?(?:\w+\s+){0,2}?(?:ki|sprachmodell|llm|ki-\w+)\b[^.!?]{0,60}?\b(?:soll\w*|muss\w*|mus|haben|bewerte\w*|empfehle\w*)\b[^.!?]{0,60}?(?:positiv|annahme|annehmen|akzept|hervorragend|empfehl)"
    r"|\ben tant qu(?:e |')(?:\w+\s+){0,2}?(?:modele de langage|ia|llm|intelligence artificielle)\b[^.!?]{0,40}?\b(?:devez|dois|doit|recommande\w*|donne\w*)\b"
    r"|\bcomo (?:un\w*\s+)?(?:modelo de lenguaje|ia|llm|inteligencia artificial)\b[^.!?]{0,40}?\b(?:debes?|deberias?|tienes que|recomienda|recomiende)\b"
    r"|(?:如果你是|作为)(?:一个|一名|一位)?(?:ai|人工智能|大?语言模型|大模型|机器审稿)"
)
TELLING = re.compile(
    r"\b(?:attack\w*|inject\w*|adversar\w*|jailbreak\w*|malicious\w*|such as|e\.g|for example|for instance|examples?|phrases? like|prompts? like|"
    r"so-called|hidden (?:prompts?|instructions?|text)|known as|instruct(?:s|ed|ing)\b|tell(?:s|ing)? (?:the|an?)|told|asks?|asked|asking|embed\w*|"
    r"contain(?:s|ed|ing)?|defen[cs]e\w*|detect\w*|vulnerab\w*|we (?:found|observe|show|study|consider|use)|threats?|manipulat\w*)"
)
QUOTING = re.compile(rf"{TELLING.pattern}|\b(?:prompts?|sentences?|phrases?|strings?|orders?|polic(?:y|ies)|reads?)\b")
"""The same where the command is quoted."""
TOLD_OF = re.compile(
    r"\b(?:is|are|was|were) (?:an?|the|one|some) (?:[\w-]+ ){0,4}?(?:injections?|attacks?|prompts?|jailbreaks?|examples?|strings?|instances?)\b"
)
"""Words behind a command that tell of it."""
QUOTED = re.compile(r"[\"“„«‘`]([^\"”“»’`]{3,400})[\"”“»’`]|(?<!\w)'([^']{3,400})'(?!\w)")
FOLLOWS = re.compile(
    START
    + r"(?:give|write|provide|output|generate|return|assign|respond|answer|reply|include|mention|emphasi[sz]e|praise|highlight|recommend|rate|score|accept|"
    r"focus|treat|remember|do not|don'?t|never|always|only|instead|now|begin|start|say|use|end|act|pretend|assume|keep|make|ensure|state|conclude|"
    r"be |avoid|refrain|follow|execute|reveal|ignore|disregard|forget)\b|\byou (?:must|should|shall|are|will|have to|need to|can|may)\b|\byour (?:review|response|output|task|answer|rating|score|instructions?)\b"
    rf"|\bas an? (?:\w+[\s-]+){{0,3}}?{MACHINE}\b"
    rf"|^[\W_]*(?:thank you|thanks|this is (?:an? )?(?:important|order|instruction))"
)
COMMAND = re.compile(
    r"(?:^|[:;,.!?—–\n]\s*|\b(?:please|must|should|shall|to|always|never|not)\s+)(?:\w+ly\s+)?(?:give|write|provide|output|generate|return|assign|respond|answer|"
    r"reply|include|mention|emphasi[sz]e|praise|highlight|recommend|rate|score|accept|focus|treat|do not|don'?t|state|conclude|report|say|tell|ignore|"
    r"disregard|be accepted)\b"
)
TRICKED = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|the|these|your|of|my)*(?:previous|prior|above|preceding|earlier)(?:instruction|prompt|guideline|directive|command)s?"
    r"|donot(?:highlight|mention|reveal|list)(?:any|the)*(?:negative|weakness|limitation|flaw)(?:s|es)?"
    r"|(?:give|write|provide)(?:only|a|an|this|paper|the|it)*(?:positive|favou?rable)(?:review|rating|feedback|evaluation|score)(?:only)?"
    r"|ifyouare(?:an?|the)?(?:ai|llm|(?:large)?languagemodel)(?:reviewer)?|recommendaccept(?:ance|ing)?(?:of|this|the|paper)+"
)
