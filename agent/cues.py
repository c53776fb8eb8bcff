"""The words by which a question shows what it asks for: one pattern list an intent, and where to look for it.

An intent names the kind of answer. `ASPECTS` says which sections of the notes or the paper hold it, `QUERIES` what to
search for when a question brings no words of its own.
"""

import re
from typing import Literal, get_args

Intent = Literal[
    "overview", "scores", "reviewer", "summary", "contributions", "method", "assumptions", "evaluation", "baselines",
    "novelty", "strengths", "weaknesses", "disagreement", "response", "open", "questions", "reproducibility", "limitations",
    "ethics", "writing", "type", "recommendation", "decision", "verify", "testable", "runs", "list", "state",
    "own", "metareview", "consent", "decline", "thanks", "greeting", "about", "offtopic", "who", "quality", "structured", "triage",
    "compare", "argue", "changes", "weights", "enough", "bearing", "integrity", "lookup",
]  # fmt: skip
INTENTS: tuple[Intent, ...] = get_args(Intent)

# Order matters only for display: answers follow the order in which the cues stand in the question.
PATTERNS: dict[Intent, str] = {
    "overview": r"^\W*(\w+[,:]? ){0,3}(short |quick |brief )?(overview|rundown|recap)\b(?! of (the )?(method|approach|experiment\w*|contribution\w*|paper))|\boverview (please|pls)|\b(overview|summary|recap|digest) (\+|and|&|with) (the )?reviews?|\bbring me up to speed|\bwhere (do )?(we|they|things) stand\b|\b(overview|summar\w+|digest|gist|rundown|remind me) (of |about )?(all |both |the )*(\w+ )?(review(er)?s?'?( comments?)?|reviewing)\b"
    r"|what (do|did|are) (the |all )*review(er)?s'? (say|think|opinions?|write|concerns)|\breview (summary|summaries|comments?)\b"
    r"|(tell|say) .{0,20}about the reviews|\bwhere do (the )?reviewers stand|how was .{0,30}received|summar\w+ the reviewer"
    r"|what (is|was) the (general |overall )?(opinion|consensus|verdict|view) of the reviewers",
    "scores": r"\b(average|mean)\b(?! (what|that|by|to|of the (weights|layers|values))|\s+(?:of|over) \w+ (?:seeds|runs|samples))|\b(least|most) (sure|certain|confident)|\bhow (sure|certain|confident) (is|was|are)|\b(soundness|presentation|correctness|excitement|originality|significance) (score|rating|grade)s?|\bwho is (for|against)\b|what did \S+ (rate|give|score)|\b(ratings?|scores?|confiden\w+|grades?|spread)\b|how many (review|referee)|how sure are the|most (negative|positive|critical) reviewer|(lowest|highest|harshest)|\b(gave|gives|rated|scored)\b.{0,20}\b\d|how (did|do) (the )?reviewers? rate|\bis an? \d(?:\.5)?\b(?![-.]?\w| ?(?:bits?|x|%))|\b(?:is|are|was) \S+ (?:really )?(?:competent|an expert|experts|qualified|knowledgeable)\b|\bexpertise\b|\bwho (gave|rated|scored)",
    "summary": r"what('s| is) (the|this|that) (paper|submission|work) about|what is it about|\b(summary|overview|summari[sz]e|gist) (of )?(the|this) (paper|submission|work)\b"
    r"|tell me (more )?about (the|this) (paper|submission)\b|what problem|\bmotivat\w+|main idea|in a nutshell|tl;?dr",
    "contributions": r"\bcontribut\w+|\bkey claims?\b|what (do|does) (the )?(authors?|paper|it|they) (claim|propose|introduce|offer)|what('s| is) new\b"
    r"|main (findings?|claims?)",
    "method": r"\b(method|approach|algorithm|technique|procedure|pipeline)s?\b(?! (section|of evaluation))|how (does|do) (it|this|that|they|the) .{0,40}work|\bproposed (method|approach)"
    r"|\b(explain|describe)\b(?! (why|that|this|it)\b)|how (is|are) .{0,50}(comput|chosen|choose|updat|initiali[sz]|select|train)\w*|explain .{0,30}(works?|idea)",
    "assumptions": r"\bassum\w+|take[ns]? for granted|preconditions?",
    "evaluation": r"\bevaluat\w+|\bexperiment(s|al)?\b|\b(results?|numbers?|figures|benchmarks?|datasets?|performance)\b|how (well|much|many|fast|accurate|large|big)"
    r"|\b(accuracy|compression (rate|ratio)|speed-?ups?|latency|throughput|perplexity|macs?|flops?|bops?|top-?1|map|f1)\b|\bwhat tasks?\b|which (networks?|models?|tasks?)",
    "baselines": r"\bbaselines?\b|\brelated (works?|literature|methods?)\b|\bcompar(e|ed|es|ison|isons|ing) (\w+ )?(to|with|against)\b|\b(prior|previous|existing|competing|earlier|state[- ]of[- ]the[- ]art|sota) (works?|methods?|approaches|results?|techniques?)?"
    r"|missing comparisons?|\bcompared\b|\bcomparisons?\b",
    "novelty": r"^\W*(and |so )?(is (it|this|that) |anything |what('s| is) )?(really )?new( (here|in (here|it|this)))?\W*$|\bis (it|this|that|the \w+) (really |actually )?new\b|been done before|already (known|done|published)|what does (it|the paper|this) add\b|\badds? over\b|\bnovel\w*\b|\boriginal(ity)?\b(?! (model|net|size))|\bincremental\b|how new",
    "strengths": r"in (its|their|the paper's|this paper's) favou?r|(what|anything)('s| is| do they)? (good|nice|great|like|likeable) (about|in|on) (it|this|the)|\bgood (sides?|points?|things?|parts?)\b|\bselling points?|\bupsides?|\b(strengths?|strong points?|pros|merits?|positives?|positive aspects?|advantages?|like about|praise\w*)\b|(points|arguments|reasons) (in favou?r|for)|for and against",
    "weaknesses": r"\b(his|her|their|the reviewer'?s) (main |big |biggest )?(problem|trouble|issue)|\bthe (other|negative|bad|dark) side\b|\bwhat (speaks|is) against (it|the paper)|\bcriticisms?\b|\b(weakness\w*|weak (points?|spots?|sides?|parts?)|what('s| is) (bad|wrong) (about|in|with|on) (it|this|the)|bad (sides?|points?|things?)|bother\w*|worr(y|ies)\b|gripes?|cons|negatives?|drawbacks?|shortcomings?|concerns?|critici\w+|complain\w*|problems? with|flaws?|object\w* to|downsides?|main problem|biggest problem)\b|for and against|arguments? against|points against",
    "disagreement": r"\b(dis)?agree\w*\b|\b(in common|common (complaint|concern|point|ground|denominator|praise|view)s?|unanimous\w*|shared (concern|view|point|praise|worry)s?)\b|\b(all|both) (of them|three|four|five|the reviewers|reviewers|they) (like|dislike|say|think|criti|complain|prais|want|find|see)\w*|\bthey all\b|\bconflict\w*\b|\bconsensus\b|\bdiffer\b|\bsplit\b|\bcontrovers\w+|\bat odds\b",
    "open": r"\b(did|do|have|has|was|were) (the authors|they|the rebuttal|the response) (not|never) \w+|\b(still|left|remain\w*) (\w+ )?(open|unanswered|unaddressed|unresolved|unsettled)|\b(unanswered|unaddressed|unresolved|unsettled)\b|\bnot (yet )?(been )?(answered|addressed|resolved|settled)\b"
    r"|(did|do|have)(n't| not) (they |the authors |the rebuttal |the response )?(answer|address|resolve|reply|respond)\w*|\b(fail\w*|never|forgot) to? ?(answer|address|reply|respond)\w*|\b(ignore[ds]?|dodge[ds]?|evade[ds]?|skipped)\b|what('s| is| are)? (still )?open\b|\bopen (points?|issues?|concerns?)",
    "response": r"\b(satisfied|convinced|happy (now|with)|won over)\b|\b(answered|settled|fixed|resolved|addressed)\W*$|\b(did|do|have)(n['’]?t)? (they|the authors) (say|promise|announce|agree|admit|concede)\b|\b(was|were|is|are|been|got|get) (\w+ )?(answered|fixed|covered|replied to|dealt with|met|closed|resolved|settled)\b|\bsay back\b|\b(did|have|do|will|would) (they|the authors|the rebuttal)( \w+)? (fix|run|ran|add|added|answer|reply|promise|change|show|repl\w+|react|deal|get|do|done|correct)\w*\b|\bpromis\w+|\b(take|took|taken|takes) (it|that|this) back|\b(come|came|comes) back (to|on)|\bsettle\b|\bfixed\b|\bfix (it|this|that)\b|\bany reply\b|\bno reply\b|\bwhat did they (do|say|answer|reply)|\b(rebuttal|author'?s?'? (response|repl\w+|answers?|feedback|comments?)|responses?|respond\w*|repl(y|ied|ies)|address(ed|es)?|settled?|resolved?|clarif\w+)\b|(did|do|have) (the )?authors? (say|answer|explain|react|mention|have an? (answer|reply|response))|what did the authors",
    "questions": r"\bopen questions?\b|questions? (for|to) the authors|(reviewers?'?|what) questions?|unanswered|\bquestions (are|were|did|do|remain|that)\b|follow-?up questions?|what (should|could|can) (i|we) ask",
    "reproducibility": r"\breproduc\w+|\breplic\w+|\b(source )?code\b(?!book)|hyper-?param\w+|\bavailable\b",
    "limitations": r"\blimit(s|ation|ations|ed)\b(?! of network)|\bfail(s|ure)?\b.{0,20}\bcases?|\bwhen does it fail|\bscope\b",
    "ethics": r"\bethic\w*|\bsociet\w+|broader impact|\bharm\w*|\bfairness\b|\bprivacy\b|dual use|\bbias(es)?\b",
    "writing": r"\b(small|minor|editorial) (corrections?|stuff|things|points?|remarks?|comments?|issues?|matters?)|\beditorial\b|\bspelling\b|\bpage (count|limit)s?|\btoo long\b|\b(typos?|writing|grammar|clarity|presentation|readab\w+|well[- ]written|well written|corrections?|language)\b",
    "type": r"\b(paper )?type\b|what (kind|sort) of paper|\b(long|short) paper\b|\bvenue\b|\btrack\b|fit (for|to) (the )?(venue|conference|iclr|neurips)|where was (it|this).{0,20}(submitted|published)|who (wrote|are the authors)",
    "recommendation": r"\bdevil'?s'? advocate|\b(argue|make the case|strongest case|best case|arguments?) (against|for) (me|it|them|accept\w*|reject\w*)|\b(case|argument) for (reject|accept)\w*|\bwhat (would|could|will|might) (have to )?(change|tip|turn|alter) (that|this|it|your|the (balance|lean|recommendation|picture))|\bwho should (weigh|count)|\bweigh(s|ed)? (the )?most\b|\benough to (accept|reject)|\bconfirm the (accept|reject)\w*|\b(should|would|shall|can|could) (i|we|you|it|this|the paper).{0,30}\b(accept|reject)|\byour (recommendation|opinion|assessment|judge?ment|verdict|view|advice|take)\b|what (do|would) you (recommend|think|suggest|advise|do)\b"
    r"|\b(paper|it|this|submission) (is )?(acceptable|worth accepting)|acceptable or|accepting it|\bacceptance\b(?! threshold)|\baccept (it|this|the paper|or)|\breject (it|this|the paper|or)|in your (opinion|view)|how would you decide|(do|would) you recommend|what is the recommendation|your lean\b",
    "metareview": r"(?<!final )(?<!revised )(?<!their )(?<!authors. )\bdraft\b(?! (version|paper|of the paper))|\b(into|as|for|to) (a|the|my) meta-?review\b|\bmeta-?review\b.{0,20}\b(now|pls|please|missing|lacks?|ready|text)\b|^\W*(the |my |a )?meta-?review\W*$|\b(write|draft|compose|prepare|produce|generate|make|build|start|update|refresh|renew|redo|finish|shorten|lengthen|show|open|read|give me|check|export|put together)\b.{0,30}\b(meta-?review(?!er)|draft)\b"
    r"|^\W*(please )?draft it\b|\b(the|my|our|this) (draft|meta-?review)\b.{0,30}\b(still )?(lacks?|miss\w*|needs?|short\w*|long\w*|complete|ready|done)\b|\b(lacks?|missing|left|to do|wanting)\b.{0,20}\b(in|from|of|for|on) (the|my) (draft|meta-?review)\b"
    r"|\bwhat (does|do|is|else).{0,30}\b(the|my) (draft|meta-?review) (still )?(lack|miss|need)|\b(shorten|lengthen|condense) (it|that|this)\b|\bmake (it|that|the draft) (shorter|longer|more concise)\b|\bput (my|the) (decision|priorit\w+|notes?|rating) in\b|\bput the runs? in\b",
    "decision": r"\b(final|actual|official|committee'?s?|real|recorded|its?|the) (decision|outcome|fate)\b|\bmeta-?review\b(?! er)|meta[- ]?reviewer('s)? (say|said|conclu\w+|decid\w+|think|opinion)|did the meta[- ]?reviewer|\bcommittee\b|area chair('s)? (say|said|decide|decision|think)|(was|were) (it|the paper|this|this paper).{0,12}(accepted|rejected)|what happened to (the|this) paper|why was it (accepted|rejected)",
    "verify": r"\b(verify|verification|re-?run|reproduce (it|this|that)|put (it|this|that) to the test|test (it|this|that|whether|if|the|claim)|check (it|this|that|the|whether|if|claim)|try (it|this) out|run (it|this|that|an?|the) ?(experiment|test|check)?|experiment on (it|this)|prove it|double-?check|please check|experimentally|back (it|this|that) up|repeat (it|this|that|the (experiment|run|check))|(would|does) (that|it|this) (still )?hold|is (that|this|it) (really )?true(?= ?\?)|run .{3,60}(vs\.?|versus|against|with \w+ seeds)|can you (test|check|confirm) (it|this|that)\b(?! (the|all|every)))\b",
    "testable": r"\bcan (that|this|it) be (tested|checked|verified)|what claims (could|can) (you|we|i)|claims (could|can) you (check|test|verify)|\b(which|what|any|are there|list)\b.{0,40}\b(claims?|concerns?|questions?|points?)?.{0,25}\b(testable|be tested|be checked|be verified|can (you|we) (test|check|verify|run)|test here)\b|what can (you|we|be) (test|check|verif|run)",
    "runs": r"\b(runs?|verdicts?|verifications?)\b.{0,25}\b(so far|done|finished|have you|did you|stored|earlier|in this conversation)|what did (the|that|your|our) (run|check|test|verification) (show|say|find)|what did your experiments? (show|say|find)|\bresults? of (the|that|your) (run|check|test|verification)|\b(list|show) (me )?(the |all |my )?(runs?|verdicts?)\b|which (runs|experiments) (did|have) you",
    "who": r"\bwho\b( else| exactly| all| among them| of (the|them|these)( \w+)?)?( (has|have|did|does|is it that))?( \w+ly)? (notic\w*|sa(id|ys?)|rais\w+|mention\w*|comment\w*|complain\w*|ask(s|ed)?|claim\w*|think\w*|point(s|ed) (it |this |that )?out|brings?|brought|speaks?|talk\w*|criti\w+|worr\w+|object\w*|want\w*|recommend\w*|suggest\w*|lik\w+|prais\w+|finds?|found|miss\w*|argu\w+|call\w*|doubt\w*|attack\w*|sees?)"
    r"|^\W*(and |so )?who( else)?\W*$|\b(anyone|anybody|someone|somebody|any reviewer|(some|no|any|which) one|one(?= (of|lik\w+|prais\w+|criti\w+|object\w*))|others?|the rest|which (of the )?(\w+ )?(reviewers?|ones?)|which of them)\b.{0,30}\b(else|too|also|agree|same|sa(y|id|ys)|mention\w*|rais\w+|complain\w*|ask\w*|think\w*|criti\w+|want\w*|notic\w*|lik\w+|prais\w+|miss\w*|attack\w*|object\w*)\b"
    r"|\b(the )?other(s|'s| reviewers| two| ones)?\??$|does (a|any) reviewer",
    "quality": r"\bhow (good|useful|careful|solid|fair|helpful|thorough) (is|are|was|were)\b.{0,25}\breviews?|\b(quality|usefulness) of (the|this|these|that|his|her|\w+'s) reviews?|\breview quality|\bwhich (of the )?(review|one)s? (is|was|are) (the )?(most|least|best|worst|thin\w*|weak\w*|vagu\w*|useful|careful)"
    r"|\b(is|was|are|were) (that|this|it|these|those|he|she|they|the (\S+ )?(point|criticism|objection|accusation|complaint|charge|claim|statement|remark|worry|concern)|r\d|(ano\w+)?reviewer ?\w{1,4}) (really |actually |simply |just |even |a )*(fair|justified|right|wrong|correct|valid|true|accurate|legitimate|unfair|reasonable|substantiated|supported|unsupported|vague|out of scope|in scope|mistaken|misread\w*)"
    r"|\b(fair|justified|right|correct|valid|true|accurate|legitimate|out of scope|supported|substantiated|wrong|mistaken|misleading|exaggerated|overstated|overclaim\w*)\W*\?$|\b(does|do) (that|this|it|they) (fit|match|square|agree|contradict|go with)\b|\b(fit|match|square)(es|s)? (with )?(the|what the|their) (paper|abstract|table|text|figures?|numbers?)|\bcontradict\w*|\b(any|some|what|anything)\b.{0,20}\b(valid|fair|substance|true)\b|\b(vague|unsupported|unsubstantiated|unfounded|sloppy|shallow|superficial|thin|lazy)\b.{0,25}\b(reviews?|points?|criticism)|\bgives? (any |an? )?(evidence|example|reference|proof|reason)|\b(does|did) .{0,20}(back|support|substantiate|justify) (it|this|that|them)\b|\bmisread|\bmisunderst\w+",
    "integrity": r"\b(hidden|invisible|white|tiny|microscopic|concealed) (text|words|prompts?|messages?|instructions?)|\b(odd|suspicious|fishy|strange|unusual|funny) in (the |this |its )?(pdf|paper|submission|source|file|text)|\bintegrity\b|\bprompt injection|\binject\w+\b|\b(instructions?|orders|messages?|text) (to|for|at|addressed to) (the |a |an )?(ai|llm|machine|language model|reviewing machine|model|assistant|chatbot)s?\b|\bmanipulat\w+|\bcheat\w*",
    "own": r"what (did|have|was) (i|my) (decide|decided|say|said|rate|rated|state|stated|record|recorded|decision|rating)|what('s| is) my (decision|rating|confidence|score|note)|remind me (of|what) (my|i)\b",
    "list": r"\b(which|what|list|show)\b.{0,20}\b(papers|submissions)\b|how many (papers|submissions)|\bmy (stack|pile|papers|submissions)\b",
    "thanks": r"^\W*(ok(ay)?[,. ]+|great[,.! ]+|perfect[,.! ]+)?(many )?(thanks?|thank you|thx|cheers|much appreciated|that('s| is| was) (very )?(helpful|great|all|clear)|great|perfect|good|nice|goodbye|bye)\b",
    "greeting": r"^\W*(hi|hello|hey|morning|good (morning|afternoon|evening)|greetings)( there| again| all)?\b(?!.*\?)|^\W*(hi|hello|hey|good (morning|afternoon|evening)|greetings)\b",
    "about": r"\b(who|what) are you\b|what can you do|what do you do|are you (an? )?(ai|human|language model|bot|llm|chatgpt)|how do you work|your (capabilit|limit)\w+|what model (are|do) you|does (anything|my data|text|the review) leave|\bprivate\b|\bconfidential",
}  # fmt: skip
COMPILED: dict[Intent, re.Pattern[str]] = {k: re.compile(v, re.IGNORECASE) for k, v in PATTERNS.items()}

ASPECTS: dict[Intent, tuple[str, ...]] = {
    "summary": ("problem", "contributions"),
    "contributions": ("contributions",),
    "method": ("method",),
    "assumptions": ("assumptions",),
    "evaluation": ("evaluation",),
    "baselines": ("baselines",),
    "novelty": ("novelty",),
    "reproducibility": ("reproducibility",),
    "limitations": ("limitations",),
    "ethics": ("ethics",),
    "writing": ("writing",),
    "type": ("type",),
}

QUERIES: dict[Intent, str] = {
    "summary": "problem addressed and main idea of the paper",
    "contributions": "main contributions that the authors claim",
    "method": "how the proposed method works, algorithm",
    "assumptions": "assumptions the method makes",
    "evaluation": "experimental results, accuracy, compression ratio, datasets",
    "baselines": "comparison with baselines and related work",
    "novelty": "novelty and originality of the approach",
    "reproducibility": "code, hyper-parameters, reproducibility",
    "limitations": "limitations, drawbacks, failure",
    "ethics": "ethics, societal impact",
    "writing": "clarity, writing, typos, presentation",
    "type": "paper type, venue, track",
    "strengths": "strengths of the paper",
    "weaknesses": "weaknesses, concerns, missing experiments",
    "questions": "questions for the authors",
    "response": "author response to the concerns",
}

ABOUT_PAPER: tuple[Intent, ...] = (
    "summary", "contributions", "method", "assumptions", "evaluation", "baselines", "reproducibility",
    "limitations", "ethics", "type",
)  # fmt: skip
"""Intents answered from the notes or the paper first, and from the reviews after."""

ABOUT_REVIEWS: tuple[Intent, ...] = ("strengths", "weaknesses", "questions", "writing", "novelty")
"""Intents answered from what the reviewers wrote."""

STOP_WORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being both but by can could did do does "
    "doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself "
    "just know let like may me might more most much must my no nor not now of off on once only or other our ours out over own "
    "please same say said says she should so some such tell than thank thanks that the their theirs them then there these they "
    "this those through to too under until up very was we were what when where which while who whom why will with would you "
    "your yours give gave given get got want need see show okay ok hello hi yes sure help understand really actually exactly "
    "paper papers author authors reviewer reviewers review reviews submission mention mentioned mentions talk speak anything "
    "something think thought regarding concerning explain elaborate detail details one ones second first third point points use uses used using main overall still open aspect aspects tried try exactly".split()
)  # fmt: skip


CUE_WORDS = frozenset(
    "method methods approach approaches algorithm technique techniques procedure evaluation evaluated experiments experiment experimental "
    "results result contributions contribution claims claim overview summary summarize summarise rating ratings score scores confidence strengths "
    "strength weaknesses weakness pros cons limitations limitation limits drawbacks drawback shortcomings related work works baselines baseline "
    "comparison comparisons compare compared proposed existing previous prior questions question concern concerns objection objections criticism "
    "response responses respond responded reply replied answer answered address addressed rebuttal clarify clarification recommendation recommend "
    "accept reject acceptable decision opinion view assessment judgement disagree disagreement agree consensus ethical ethics ethic societal "
    "reproducible reproducibility available type kind sort title confirm numbers figures novelty novel writing typos assumptions assume many much "
    "how raise raised idea ideas motivation problem about believes believe ask asked asks open unaddressed considerations field test tested "
    "verify check run complain complains complaint complaints line lines list quick rundown gist brief briefly short sentence sentences word words "
    "criticise criticises criticize negative negatives positive positives key biggest worst most important issue issues dislike dislikes like likes praise praises "
    "dataset datasets network networks net nets model models task tasks benchmark benchmarks summarise summarises meant mean only further sure reach reaches reached achieve achieves achieved obtain obtains report reports reported perform performs takes".split()
)
"""Words that name what is asked for, and not what it is asked about."""

CHAT_WORDS = frozenset(
    "accept accepted acceptable across admit admits admitted adopt advocate afterwards agreed ah aha ahead allegedly almost along alone already alright altogether always amount announce announced annoyed "
    "another answering anyone anybody anyway anywhere apart apparently argue argued argues argument arguments aside attack attacks attacked aware away awful back bad barely based basically be bear "
    "became become becomes begin behind believe believes best bet better big bigger bit blunt boil bold bother bothered bothers bottom bring brings brought bug but buy buys by bye call called calls "
    "came care cared careful case catch caught cause certain certainly chance change changed changes chat check cheers choose choosing circulation cite cited cites claimed clear clearer clearly close closed closely "
    "come comes coming comment commented comments complain complaining conclude conclusion confident confirm consider considered convince convinced convinces convincing correct correctly could couple course cover covered covers "
    "credible critic critical cut damn damning deal dealt dear decide decided decides decisive deep defend defended defends definitely deliver deny denies deserve deserves devil devils did dig disappointed discussion dismiss do "
    "dodge dodged doing done doubt doubts down draw drop dropped easy either elsewhere end ended enough entire entirely equally especially essentially ever every everybody everyone everything exact exactly example examples except "
    "excited expect expected explains explained express extent face fail failed fails fair fairly fall falls far favour favor feel feels felt fight fill final finally find finds fine finish first fix fixed fixes flag flagged flaw "
    "focus folks follow followed follows force forget forgot form forward forwarded found free friendly front full fully fun funny fuss general generally gently get gets getting given gives giving glad go goes going gone good got "
    "grade great group guess guy ha half hammer hammers hand handle handled happen happened happens happy hard hardly harsh harsher harshest hate head hear heard heavily heavy held help helps hence hidden high him hint hit "
    "hits hm hmm hold holding holds honest honestly hope hopefully hot however hurt hurts idea ignore ignored ignores immediately impressed impression impressive improve improved in indeed inside insist insists instead interested interesting "
    "into involved irritated item items judge judged judges just keen keep keeps kept kill killed kills kind kinds knew know known knows lack lacks large last late later laugh lead leads lean leaning least leave leaves left legit less "
    "let lets level likely line listed listen lists little live long look looked looking looks loose lose lost lot lots love loved loves made mad mainly make makes making man manage manner many mark marks matter matters maybe "
    "me mean meaning means meet meets mention merged merit mess middle mind mine minor minus minute miss missed misses missing mistake mistakes mistaken modest moment month mood morning mostly move moved moves name named names namely nearly "
    "necessary need needed needs neither nervous never new next nice no nobody none noone nor normal not note noted notes nothing notice noticed notices now nowhere number object objects objected oblige obvious obviously odd of off offer offered often oh old once ones onto oops "
    "opinions oppose opposed order otherwise ought outcome outright overall own page panel part partial partially particular particularly parts pass past pay people perfect perhaps person personally pick picks piece place places plain plainly plan "
    "plausible play please plus point pointed poor position possible possibly post precise precisely prefer present presented press pretty prevent previously probably problem problems proceed promise promised promises proper properly prove proves provide "
    "provided publish push pushed put puts quick quickly quiet quite raise raised raises ran rank rather reach react reacted read reader readers reading reads ready real reality reason reasonable reasons rebut recall received recently reckon "
    "record redo refer referee referees referred refuse regard reject rejected rejecting rejection related relax relevant rely remain remained remember remind remove repeat replace request requested required respect rest resolve resolved result retract return "
    "returned revert reviewed reviewing revise revised rid right rightly risk rough roughly run running runs sake satisfied satisfy save saw say saying says score seem seemed seems seen sees sell send sense sent sentence separate serious seriously set sets settle "
    "settled settles several share shared shares short shorter shortly should shout show showed shown shows side sides simple simply since single sit situation skip skipped slightly slip small so soft solid solve solved somebody someone something sometimes "
    "somewhat somewhere soon sorry sort sorted sorts sound sounds space speak speaking speaks specific specifically spend spot spots stack stage stance stand standing stands start started starts state stated states status stay stays step stick sticks still "
    "stop story straight straightforward strange strict strong stronger strongest strongly struck stuff style sub submit submitted subtract such sudden suddenly suggest suggested suggestion suggestions suggests suit sum supposed surely surprise surprised surprising "
    "suspect suspicious swallow take taken takes taking talked talking talks tell telling tells tend term terms terrible text thanks thing things thinks thin though thought thoughts thousand threw through throughout throw thus till time times tiny tired title "
    "to today together told tomorrow tone too took total totally touch tough toward towards treat treated tried tries trouble true truly trust truth turn turned turns twice type typical ugly ultimately unclear understands understood unfair unhappy "
    "unless unlike until upset useful useless usual usually vague valid very via view views voice wait walk want wanted wants warn waste watch way ways weak weaker weakest week weigh weighs weight welcome well went whatever whatsoever when whenever "
    "whereas wherever whether while whoever whole whom whose why wide widely wins win wish withdraw withdrawn withdrew within without won wonder wondering wonders word worded words work worked working works worried worries worry worse worst worth worthless wow "
    "write writes writing written wrong wrote yeah yep yes yesterday yet yours nah nope pls plz thx ok okay whats thats isnt doesnt didnt dont wont cant havent hasnt arent wasnt youre theyre theyll ive im ill id theres heres whos hows lets acc concerning agree agrees disagrees others three four five six somebody contradicted contradicts lol".split()
)
"""Words of talk, which name no matter of a paper; a topic is made of others, where there are any."""


def content_words(text: str) -> list[str]:
    """The words of `text` that carry meaning, lower case, in order, numbers included."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9+-]*|\d+(?:\.\d+)?x?\b|\d+(?:\.\d+)?", text)
    return [w.lower() for w in words if w.lower() not in STOP_WORDS and (len(w) > 1 or w.isdigit())]
