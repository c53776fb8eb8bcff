"""The kinds of answers, the intents, and where to look for each.

`ASPECTS` says which sections of the notes or the paper hold it, `QUERIES` what to
search for when a question brings no words of its own.
"""

import re
from typing import Literal, get_args

Intent = Literal[
    "overview", "scores", "reviewer", "summary", "contributions", "method", "assumptions", "evaluation", "difference", "baselines",
    "novelty", "strengths", "weaknesses", "disagreement", "response", "open", "questions", "reproducibility", "limitations",
    "ethics", "writing", "type", "recommendation", "decision", "verify", "testable", "runs", "list", "state",
    "own", "metareview", "consent", "decline", "thanks", "greeting", "about", "offtopic", "who", "quality", "structured", "triage",
    "compare", "argue", "changes", "weights", "enough", "bearing", "integrity", "lookup",
]  # fmt: skip
INTENTS: tuple[Intent, ...] = get_args(Intent)

ASPECTS: dict[Intent, tuple[str, ...]] = {
    "summary": ("problem", "contributions"),
    "contributions": ("contributions",),
    "method": ("method",),
    "assumptions": ("assumptions",),
    "evaluation": ("evaluation",),
    "difference": ("evaluation",),
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
    "difference": "experimental results compared with baselines, accuracy, compression ratio",
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
    "summary", "contributions", "method", "assumptions", "evaluation", "difference", "baselines", "reproducibility",
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
    "something think thought regarding concerning explain elaborate detail details one ones second first third point points use uses used using main overall still open aspect aspects tried try exactly "
    "isn doesn didn wasn weren aren hasn haven hadn wouldn shouldn couldn mustn ain ll ve re".split()
)  # fmt: skip


CUE_WORDS = frozenset(
    "contribute contributes contributed method methods approach approaches algorithm technique techniques procedure evaluation evaluated experiments experiment experimental "
    "results result contributions contribution claims claim overview summary summarize summarise rating ratings score scores confidence strengths "
    "strength weaknesses weakness pros cons limitations limitation limits drawbacks drawback shortcomings related work works baselines baseline "
    "comparison comparisons compare compared proposed existing previous prior questions question concern concerns objection objections criticism "
    "response responses respond responded reply replied answer answered address addressed rebuttal clarify clarification recommendation recommend "
    "accept reject acceptable decision opinion view assessment judgement disagree disagreement agree consensus ethical ethics ethic societal "
    "reproducible reproducibility available type kind sort title confirm numbers figures novelty novel writing typos assumptions assume many much "
    "how raise raised idea ideas motivation problem about believes believe ask asked asks open unaddressed considerations field test tested "
    "verify check run complain complains complaint complaints line lines list quick rundown gist brief briefly short sentence sentences word words "
    "criticise criticises criticize negative negatives positive positives key biggest worst most important issue issues dislike dislikes like likes praise praises "
    "dataset datasets network networks net nets model models task tasks benchmark benchmarks summarise summarises meant mean only further sure reach reaches reached achieve achieves achieved obtain obtains report reports reported perform performs takes replies answers rebuttals responses".split()
)
"""Words that name what is asked for, and not what it is asked about."""

CHAT_WORDS = frozenset(
    "ac acs pc pcs chair chairs accept accepted acceptable across admit admits admitted adopt advocate afterwards agreed ah aha ahead allegedly almost along alone already alright altogether always amount announce announced annoyed "
    "another answering anyone anybody anyway anywhere apart apparently argue argued argues argument arguments aside attack attacks attacked aware away awful back bad barely based basically be bear "
    "became become becomes begin behind believe believes best bet better big bigger bit blunt boil bold bother bothered bothers bottom bring brings brought bug but buy buys by bye call called calls "
    "came care cared careful case catch caught cause certain certainly chance change changed changes chat check cheers choose choosing circulation cite cited cites claimed clear clearer clearly close closed closely "
    "come comes coming comment commented comments complain complaining conclude conclusion confident confirm consider considered convince convinced convinces convincing correct correctly could couple course cover covered covers "
    "credible critic critical cut damn damning deal dealt dear decide decided decides decisive deep defend defended defends definitely deliver deny denies deserve deserves devil devils did dig disappointed discussion dismiss do "
    "dodge dodged doing done doubt doubts down draw drop dropped easy either else elsewhere end ended enough entire entirely equally especially essentially ever every everybody everyone everything exact exactly example examples except "
    "excited expect expected explains explained express extent face fail failed fails fair fairly fall falls far favour favor feel feels felt fight fill final finally find finds fine finish first fix fixed fixes flag flagged flaw "
    "focus folks follow followed follows force forget forgot form forward forwarded found free friendly front full fully fun funny fuss general generally gently get gets getting given gives giving glad go goes going gone good got "
    "grade great gripe gripes griped groan groans group grumble grumbles grumbled grumbling guess guy ha half hammer hammers hand handle handled happen happened happens happy hard hardly harsh harsher harshest hate head hear heard heavily heavy held help helps hence hidden high him hint hit "
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
    "settled settles several share shared shares short shorter shortly should shout show showed shown shows side sides simple simply since single sit sits sitting situation skip skipped slightly slip small so soft solid solve solved somebody someone something sometimes "
    "somewhat somewhere soon sorry sort sorted sorts sound sounds space speak speaking speaks specific specifically spend spot spots stack stage stance stand standing stands start started starts state stated states status stay stays step stick sticks still "
    "stop story straight straightforward strange strict strong stronger strongest strongly struck stuff style sub submit submitted subtract such sudden suddenly suggest suggested suggestion suggestions suggests suit sum supposed surely surprise surprised surprising "
    "suspect suspicious swallow take taken takes taking talked talking talks tell telling tells tend term terms terrible text thanks thing things thinks thin though thought thoughts thousand threw through throughout throw thus till time times tiny tired title "
    "to today together told tomorrow tone too took total totally touch tough toward towards treat treated tried tries trouble true truly trust truth turn turned turns twice type typical ugly ultimately unclear understands understood unfair unhappy "
    "unless unlike until upset useful useless usual usually vague valid very via view views voice wait walk want wanted wants warn waste watch way ways weak weaker weakest week weigh weighs weight welcome well went whatever whatsoever when whenever "
    "whereas wherever whether while whoever whole whom whose why wide widely wins win wish withdraw withdrawn withdrew within without won wonder wondering wonders word worded words work worked working works worried worries worry worse worst worth worthless wow "
    "write writes writing written wrong wrote yeah yep yes yesterday yet yours nah nope pls plz thx ok okay whats thats isnt doesnt didnt dont wont cant havent hasnt arent wasnt youre theyre theyll ive im ill id theres heres whos hows lets acc concerning agree agrees disagrees others three four five six somebody contradicted contradicts lol against different differently quite accept noted weighing weighed weighs hardly barely outsiders outsider according aren".split()
)
"""Words of talk, which name no matter of a paper; a topic is made of others, where there are any."""


def content_words(text: str) -> list[str]:
    """The words of `text` that carry meaning, lower case, in order, numbers included."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9+-]*|\d+(?:\.\d+)?x?\b|\d+(?:\.\d+)?", text)
    return [w.lower() for w in words if w.lower() not in STOP_WORDS and (len(w) > 1 or w.isdigit())]
