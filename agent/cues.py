"""The words by which a question shows what it asks for: one pattern list an intent, and where to look for it.

An intent names the kind of answer. `ASPECTS` says which sections of the notes or the paper hold it, `QUERIES` what to
search for when a question brings no words of its own.
"""

import re
from typing import Literal, get_args

Intent = Literal[
    "overview", "scores", "reviewer", "summary", "contributions", "method", "assumptions", "evaluation", "baselines",
    "novelty", "strengths", "weaknesses", "disagreement", "response", "questions", "reproducibility", "limitations",
    "ethics", "writing", "type", "recommendation", "decision", "verify", "testable", "runs", "list", "state",
    "own", "metareview", "consent", "decline", "thanks", "greeting", "about", "offtopic", "lookup",
]  # fmt: skip
INTENTS: tuple[Intent, ...] = get_args(Intent)

# Order matters only for display: answers follow the order in which the cues stand in the question.
PATTERNS: dict[Intent, str] = {
    "overview": r"\b(overview|summar\w+|digest|gist|rundown|remind me) (of |about )?(all |both |the )*(\w+ )?(review(er)?s?'?( comments?)?|reviewing)\b"
    r"|what (do|did|are) (the |all )*review(er)?s'? (say|think|opinions?|write|concerns)|\breview (summary|summaries|comments?)\b"
    r"|(tell|say) .{0,20}about the reviews|\bwhere do (the )?reviewers stand|how was .{0,30}received|summar\w+ the reviewer"
    r"|what (is|was) the (general |overall )?(opinion|consensus|verdict|view) of the reviewers",
    "scores": r"\b(ratings?|scores?|confiden\w+|grades?|spread)\b|how many (review|referee)|how sure are the|most (negative|positive|critical) reviewer|(lowest|highest|harshest)|\b(gave|gives|rated|scored)\b.{0,20}\b\d|how (did|do) (the )?reviewers? rate|\bwho (gave|rated|scored)",
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
    "novelty": r"\bnovel\w*\b|\boriginal(ity)?\b(?! (model|net|size))|\bincremental\b|how new",
    "strengths": r"\b(strengths?|strong points?|pros|merits?|positives?|positive aspects?|advantages?|like about|praise\w*)\b|(points|arguments|reasons) (in favou?r|for)|for and against",
    "weaknesses": r"\b(weakness\w*|weak points?|cons|negatives?|drawbacks?|shortcomings?|concerns?|critici\w+|complain\w*|problems? with|flaws?|object\w* to|downsides?|main problem|biggest problem)\b|for and against|arguments? against|points against",
    "disagreement": r"\b(dis)?agree\w*\b|\bconflict\w*\b|\bconsensus\b|\bdiffer\b|\bsplit\b|\bcontrovers\w+|\bat odds\b",
    "response": r"\b(rebuttal|author'?s?'? (response|repl\w+|answers?|feedback|comments?)|responses?|respond\w*|repl(y|ied|ies)|address(ed|es)?|settled?|resolved?|clarif\w+)\b|(did|do|have) (the )?authors? (say|answer|explain|react|mention|have an? (answer|reply|response))|what did the authors",
    "questions": r"\bopen questions?\b|questions? (for|to) the authors|(reviewers?'?|what) questions?|unanswered|\bquestions (are|were|did|do|remain|that)\b|follow-?up questions?|what (should|could|can) (i|we) ask",
    "reproducibility": r"\breproduc\w+|\breplic\w+|\b(source )?code\b(?!book)|hyper-?param\w+|\bavailable\b",
    "limitations": r"\blimit(s|ation|ations|ed)\b(?! of network)|\bfail(s|ure)?\b.{0,20}\bcases?|\bwhen does it fail|\bscope\b",
    "ethics": r"\bethic\w*|\bsociet\w+|broader impact|\bharm\w*|\bfairness\b|\bprivacy\b|dual use|\bbias(es)?\b",
    "writing": r"\b(typos?|writing|grammar|clarity|presentation|readab\w+|well[- ]written|well written|corrections?|language)\b",
    "type": r"\b(paper )?type\b|what (kind|sort) of paper|\b(long|short) paper\b|\bvenue\b|\btrack\b|fit (for|to) (the )?(venue|conference|iclr|neurips)|where was (it|this).{0,20}(submitted|published)|who (wrote|are the authors)",
    "recommendation": r"\b(should|would|shall|can|could) (i|we|you|it|this|the paper).{0,30}\b(accept|reject)|\byour (recommendation|opinion|assessment|judge?ment|verdict|view|advice|take)\b|what (do|would) you (recommend|think|suggest|advise|do)\b"
    r"|\b(paper|it|this|submission) (is )?(acceptable|worth accepting)|acceptable or|accepting it|\bacceptance\b(?! threshold)|\baccept (it|this|the paper|or)|\breject (it|this|the paper|or)|in your (opinion|view)|how would you decide|(do|would) you recommend|what is the recommendation|your lean\b",
    "metareview": r"\b(write|draft|compose|prepare|produce|generate|make|build|start|update|refresh|renew|redo|finish|shorten|lengthen|show|open|read|give me|check|export|put together)\b.{0,30}\b(meta-?review(?!er)|draft)\b"
    r"|^\W*(please )?draft it\b|\b(the|my|our|this) (draft|meta-?review)\b.{0,30}\b(still )?(lacks?|miss\w*|needs?|short\w*|long\w*|complete|ready|done)\b|\b(lacks?|missing|left|to do|wanting)\b.{0,20}\b(in|from|of|for|on) (the|my) (draft|meta-?review)\b"
    r"|\bwhat (does|do|is|else).{0,30}\b(the|my) (draft|meta-?review) (still )?(lack|miss|need)|\b(shorten|lengthen|condense) (it|that|this)\b|\bmake (it|that|the draft) (shorter|longer|more concise)\b|\bput (my|the) (decision|priorit\w+|notes?|rating) in\b|\bput the runs? in\b",
    "decision": r"\b(final|actual|official|committee'?s?|real|recorded|its?|the) (decision|outcome|fate)\b|\bmeta-?review\b(?! er)|meta[- ]?reviewer('s)? (say|said|conclu\w+|decid\w+|think|opinion)|did the meta[- ]?reviewer|\bcommittee\b|area chair('s)? (say|said|decide|decision|think)|(was|were) (it|the paper|this|this paper).{0,12}(accepted|rejected)|what happened to (the|this) paper|why was it (accepted|rejected)",
    "verify": r"\b(verify|verification|re-?run|reproduce (it|this|that)|put (it|this|that) to the test|test (it|this|that|whether|if|the|claim)|check (it|this|that|the|whether|if|claim)|try (it|this) out|run (it|this|that|an?|the) ?(experiment|test|check)?|experiment on (it|this)|prove it|double-?check|please check|experimentally|back (it|this|that) up|repeat (it|this|that|the (experiment|run|check))|(would|does) (that|it|this) (still )?hold|is (that|this|it) (really )?true(?= ?\?)|run .{3,60}(vs\.?|versus|against|with \w+ seeds)|can you (test|check|confirm) (it|this|that)\b(?! (the|all|every)))\b",
    "testable": r"\bcan (that|this|it) be (tested|checked|verified)|what claims (could|can) (you|we|i)|claims (could|can) you (check|test|verify)|\b(which|what|any|are there|list)\b.{0,40}\b(claims?|concerns?|questions?|points?)?.{0,25}\b(testable|be tested|be checked|be verified|can (you|we) (test|check|verify|run)|test here)\b|what can (you|we|be) (test|check|verif|run)",
    "runs": r"\b(runs?|verdicts?|verifications?)\b.{0,25}\b(so far|done|finished|have you|did you|stored|earlier|in this conversation)|what did (the|that|your|our) (run|check|test|verification) (show|say|find)|what did your experiments? (show|say|find)|\bresults? of (the|that|your) (run|check|test|verification)|\b(list|show) (me )?(the |all |my )?(runs?|verdicts?)\b|which (runs|experiments) (did|have) you",
    "own": r"what (did|have|was) (i|my) (decide|decided|say|said|rate|rated|state|stated|record|recorded|decision|rating)|what('s| is) my (decision|rating|confidence|score|note)|remind me (of|what) (my|i)\b",
    "list": r"\b(which|what|list|show)\b.{0,20}\b(papers|submissions)\b|how many (papers|submissions)|\bmy (stack|pile|papers|submissions)\b",
    "thanks": r"^\W*(ok(ay)?[,. ]+|great[,.! ]+|perfect[,.! ]+)?(many )?(thanks?|thank you|thx|cheers|much appreciated|that('s| is| was) (very )?(helpful|great|all|clear)|great|perfect|good|nice|goodbye|bye)\b",
    "greeting": r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|greetings)\b",
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


def content_words(text: str) -> list[str]:
    """The words of `text` that carry meaning, lower case, in order, numbers included."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9+-]*|\d+(?:\.\d+)?x?\b|\d+(?:\.\d+)?", text)
    return [w.lower() for w in words if w.lower() not in STOP_WORDS and (len(w) > 1 or w.isdigit())]
