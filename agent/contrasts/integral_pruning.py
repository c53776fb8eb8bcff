"""Contrasts of Integral Pruning on Activations and Weights (HyevnsCqtQ) and of its reviewers."""

from agent.claim_words import words
from agent.contrasts import integral_drafts as drafts
from agent.contrasts.contrast import Contrast, Draft
from agent.contrasts.reading import neighbours, read_sparsity, read_testbed
from compression_demo.types import Arm, Expectation

SPARSITIES = (0.5, 0.8, 0.9, 0.95)


def _draft_density(text: str) -> Draft:
    """The dense net against itself with its weights pruned and fine-tuned, by the share of non-zero activations."""
    sparsity, notes = read_sparsity(text, 0.9)
    settings = (sparsity, *neighbours(sparsity, SPARSITIES))
    arms = [Arm(_pruned(s), "iterative_magnitude", (("sparsity", s),)) for s in settings]
    expectations = [Expectation("dense", arm.name, "activation_density") for arm in arms]
    testbed = read_testbed(text, "digits-cnn")
    return Draft((Arm("dense", "dense"), *arms), expectations[0], testbed, notes, tuple(expectations[1:]))


def _pruned(sparsity: float) -> str:
    return f"the net pruned to {sparsity * 100:g} %"


PAPER = "HyevnsCqtQ"
INTEGRAL = words(
    r"weight[- ]prun\w+ (?:plus|and|with|combined with|together with|on top of) activation[- ]prun\w+|integral prun\w+|(?:with|under|through|behind) (?:the )?(?:activation )?masks|IP-?(?:net)?\b|IPAW\b|joint(?:ly)? prun\w+|activation[- ]prun\w+|prun\w+ (?:of )?(?:the |both |also )*activations|(?:dynamic |activation |winner )+masks?|masks? on (?:the )?activations|mask\w* (?:of )?(?:the )?activations|masks?(?= (?:alone|with dense)\b)|integral(?= (?:against|vs|versus|or|next to)\b)|prun\w+ (?:both )?(?:weights and activations|activations and weights)|winner[- ]rates?"
)
GROUP = words(
    r"(?:group|channel|unit|neuron|filter|structured|node)[- ]?(?:wise )?(?:level )?(?:prun\w+|sparsity|lasso)|(?:prun|drop|delet|cut)\w* (?:out )?(?:of )?(?:the |whole |entire )+(?:groups|channels|units|neurons|filters)|prun\w+ (?:of )?(?:the |whole |entire )*(?:groups|channels|units|neurons|filters)|remov\w+ (?:whole |entire )+(?:channels|units|neurons|filters)"
)
COUNTS = words(
    r"MACs?\b|multiply-accumulates?|multiplications|operations\b|FLOPs?\b|(?:saved |avoided |less |fewer )?comput\w+"
)
SPEED = words(
    r"speed-?ups?\b|latency\b|wall[- ]?clock|(?:fast|slow|quick)er\b|inference time|run-?times?\b|(?:less|more|saves?|real|actual) time\b|milliseconds|ms\b|speeds? up"
)
TUNED = words(r"(?:the |a )?(?:fine-?tun\w+|re-?train\w+)(?: (?:through|under|with|behind) (?:the )?masks?)?")
DYNAMIC = words(
    r"dynamic\w*(?: (?:activation )?(?:thresholds?|masks?|prun\w+))?|(?:per-input|input-dependent|input-specific|adaptive)(?: (?:thresholds?|masks?))?|thresholds? (?:of|for) (?:each|every) input|(?:re-?)?comput\w+ (?:it |them |the thresholds? |one )?(?:anew )?(?:for|on|with|per) (?:each|every)(?: single)? (?:input|image|sample)|(?:one|new|own|fresh) (?:for|per) (?:each|every) (?:input|image)"
)
STATIC = words(
    r"(?:static|fixed|constant|input-independent)(?:ally)?(?: (?:activation )?(?:thresholds?|masks?|prun\w+|ones?))?|one threshold"
)
OTHER_PAPERS = words(
    r"mixture|gaussians?\b|prior\b|quanti[sz]\w+|hessian|k-?means|bits?\b|winograd|soft weight|gptq|sparsegpt|ob[sqc]\b"
)
GAINS = words(
    r"fewer (?:MACs?|operations|multiplications|FLOPs)|(?:cut|sav|reduc|avoid|lower|decreas|remov|elimin|skip|spar)\w*(?: [\w.%-]+){0,8}? (?:[\w-]+ )?\(?(?:MACs?|operations|multiplications|FLOPs|comput\w+)|less comput\w+|cheaper"
)
COSTS = words(
    r"more (?:MACs?|operations|multiplications|FLOPs)|(?:rais|increas)\w*(?: \w+){0,3} (?:MACs?|operations|multiplications|FLOPs|comput\w+)"
)

CONTRASTS = (
    Contrast(
        name="denser_activations",
        title="activations are denser after weight pruning",
        paper=PAPER,
        probe="P1",
        needs=(
            words(r"(?:weight|magnitude|parameter)[- ]prun\w+|prun\w+ (?:of )?(?:the |all |its |most )?(?:weights|connections|parameters|net\w*)|(?:weight[- ])?prun(?:ing|ed)\b|sparse weights|weight sparsity|(?:fewer|removing|less|dropping) (?:of the )?(?:weights|connections)|weights (?:are )?(?:gone|removed|cut)"),
            words(r"activations?\b|feature maps?|(?:ReLU|neuron|hidden|layer)s?'?s? outputs?|(?:busier|more active) (?:neurons|units)|(?:neurons|units) (?:are |get |become )?(?:fire|respond|busier|more active)|non-?zero (?:outputs|neurons|units)"),
            words(r"busier|more active|more often|dens\w+|spars(?:er|ity|e)\b|non-?zeros?\b|zeros?\b"),
        ),
        unless=(
            words(r"winner|dynamic|static|threshold|integral|IP(?:net)?\b|masks?\b|activation[- ]prun\w+|prun\w+ (?:of )?(?:the )?activations|sensitiv\w+|accura\w+|MACs?\b|operations|speed\w*"),
        ),
        treatment=words(r"(?:dense|unpruned|original|uncompressed) (?:net\w*|model)"),
        baseline=words(r"(?:weight[- ])?prun\w+(?: weights| net\w*)?"),
        expected=words(
            r"denser|busier|more active|more often|less sparse|(?:rais|increas|grow|rise|higher|more)\w*(?: \w+){0,3} (?:density|non-?zeros?)\b|(?:density|non-?zeros?)\b(?: \w+){0,4} (?:rises?|grows?|increases?|higher|goes up)"
            r"|(?:lower|reduc|decreas|destroy|hurt|los)\w*(?: \w+){0,3} (?:sparsity|zeros)\b|activation sparsity (?:drops?|falls?|decreases?|suffers?|goes down)|fewer zeros"
        ),
        reversed=words(
            r"sparser|more sparse|less dense|(?:lower|reduc|decreas)\w*(?: \w+){0,3} (?:density|non-?zeros?)\b|fewer non-?zeros?|(?:rais|increas|improv|higher|more)\w*(?: \w+){0,3} (?:(?:activation )?sparsity|zeros)\b|more zeros"
        ),
        draft=_draft_density,
        example="Weight pruning makes the activations of a ReLU net denser.",
    ),
    Contrast(
        name="fewer_multiplications",
        title="integral pruning leaves fewer useful multiplications",
        paper=PAPER,
        probe="P2",
        needs=(INTEGRAL, COUNTS),
        unless=(GROUP, STATIC, SPEED, OTHER_PAPERS, words(r"sampl\w+|sensitiv\w+|accelerat\w+|hardware|ImageNet|AlexNet|recomput\w+|consistent|totals")),
        treatment=INTEGRAL,
        baseline=drafts.ALONE,
        better=GAINS,
        worse=COSTS,
        margins=False,
        draft=drafts.draft_macs,
        example="Integral pruning needs fewer MACs than weight pruning alone.",
    ),
    Contrast(
        name="integral_accuracy",
        title="integral pruning costs no more than half a point of accuracy",
        paper=PAPER,
        probe="P3",
        needs=(INTEGRAL, words(r"accura\w+|points?\b|(?:test |top-?1 )?errors?\b|degrad\w*|performance|lossless|(?:without|no) (?:\w+ )?loss")),
        unless=(GROUP, STATIC, TUNED, OTHER_PAPERS, SPEED, COUNTS, words(r"sampl\w+|sensitiv\w+|subset|ImageNet|AlexNet|ResNet|CIFAR\w*|(?:first|early|earlier|last|later|deeper) layers?")),
        treatment=INTEGRAL,
        baseline=words(rf"{drafts.ALONE.pattern}|(?:the )?(?:dense|unpruned|original|uncompressed|baseline)(?: (?:net\w*|model|one))?"),
        expected=words(r"(?:chang|cost|los|reduc|degrad)\w* (?:the |its )?(?:accuracy )?(?:by )?(?:less than|at most|no more than|under|below|only)"),
        reversed=words(r"(?:hurt|harm|degrad|damag|destroy|ruin)\w*|(?:los|cost|reduc|lower|drop)\w* (?:a lot of |much |some |too much |considerable )?accuracy|accuracy (?:drops?|falls?|suffers?|collapses?)"),
        draft=drafts.draft_accuracy,
        example="Integral pruning changes the accuracy by less than 0.5 points.",
    ),
    Contrast(
        name="dynamic_thresholds",
        title="thresholds of each input's own keep more accuracy than one fixed threshold",
        paper=PAPER,
        probe="P4",
        needs=(DYNAMIC, STATIC, words(r"activations?\b|thresholds?\b|masks?\b|prun\w+|winner")),
        unless=(GROUP, OTHER_PAPERS, words(r"weight masks?|sparse masks?|mask of (?:the )?weights|training FLOPs|sparse training")),
        treatment=DYNAMIC,
        baseline=STATIC,
        draft=drafts.draft_static,
        example="Dynamic thresholds on activations keep more accuracy than static ones.",
    ),
    Contrast(
        name="dynamic_gap",
        title="what thresholds of each input's own gain is larger with few winners",
        paper=PAPER,
        probe="P4",
        needs=(DYNAMIC, STATIC, words(r"activations?\b|thresholds?\b|masks?\b|prun\w+|winner"), words(r"gap|gain|advantage|lead|difference|more so|all the more|the more\b|even more|especially|increasingly"), words(r"winners?\b|spars\w+|(?:kept|left|remain\w*)\b|few\w*")),
        unless=(GROUP, OTHER_PAPERS),
        treatment=words(r"(?:few|fewer|low|lower|less|small|smaller) (?:\w+ ){0,2}(?:winners?(?:[- ]rates?)?|activations)|high(?:er)? sparsity"),
        baseline=words(r"(?:many|more|high|higher|larger) (?:\w+ ){0,2}(?:winners?(?:[- ]rates?)?|activations)|low(?:er)? sparsity"),
        expected=words(r"(?:grow|widen|increas|larg|bigg|more so|all the more|the more\b|even more|especially)\w*"),
        reversed=words(r"(?:shrink|narrow|decreas|vanish|disappear|smaller|less so)\w*"),
        draft=drafts.draft_static_gap,
        example="The gain of dynamic over static thresholds grows when fewer winners are left.",
    ),
    Contrast(
        name="mask_fine_tuning",
        title="fine-tuning through the masks wins accuracy back",
        paper=PAPER,
        probe="P5",
        needs=(INTEGRAL, TUNED),
        unless=(GROUP, STATIC, OTHER_PAPERS, SPEED, words(r"MACs?\b")),
        treatment=TUNED,
        baseline=words(r"(?:without|no|before|lacking)(?: any)?(?: the)? (?:it\b|fine-?tun\w+|re-?train\w+)|masks? alone|(?:activation |dynamic )*masks?|integral pruning|activation[- ]pruning"),
        expected=words(r"recover\w*|restor\w*|regain\w*|wins? (?:\w+ )?back|(?:is |are |really |be )*(?:needed|necessary|required|essential|crucial|important)|matters?\b|helps?\b|repair\w*|(?:without|before) (?:any )?(?:fine-?tun\w+|re-?train\w+)[^.;]{0,40}(?:los|drop|fall|collaps|worse|hurt)\w*"),
        level=words(r"(?:work|hold|succeed|fine|surviv)\w*(?: \w+){0,2} without (?:any )?(?:fine-?tun\w+|re-?train\w+)|unnecessary|not (?:needed|necessary|required)|(?:needs?|requires?) no (?:fine-?tun\w+|re-?train\w+)|superfluous|dispensable|makes no difference"),
        draft=drafts.draft_fine_tuning,
        example="Fine-tuning through the activation masks recovers the accuracy that integral pruning costs.",
    ),
    Contrast(
        name="sampled_threshold",
        title="a threshold from a sample of the activations serves as well as one from all",
        paper=PAPER,
        probe="P6",
        needs=(
            words(r"thresholds?\b|winners?\b(?! in\b)|top-k"),
            words(r"sampl\w+|down-?sampl\w+|subset|fraction|part of (?:the )?activations|\d+(?:\.\d+)? ?(?:%|percent) of (?:the |its |their |all )*(?:activations|neurons|units|outputs)|predict\w*|estimat\w*"),
        ),
        unless=(GROUP, OTHER_PAPERS, STATIC, SPEED, words(r"calibrat\w+|images\b")),
        treatment=words(r"(?:\w+ )?(?:sampl\w+|down-?sampl\w+|subset|fraction|part)|(?:predict|estimat)\w+ thresholds?|\d+(?:\.\d+)? ?(?:%|percent) of (?:the |all )*(?:activations|neurons|units)"),
        baseline=words(r"(?:all|every|the full|full|whole|exact|complete)(?: of)?(?: the)?(?: set of)? ?(?:activations|set|top-k|thresholds?|sort\w*|ones?)?"),
        expected=words(r"(?:is |are |be )?enough\b|suffic\w+|(?:can be )?(?:predicted|estimated|found|taken|computed)\b|as (?:good|well|accurate)\b|works?\b|cheaply|accurately"),
        reversed=words(r"(?:too|very) noisy|(?:not|n't) (?:be )?(?:enough|sufficient)|insufficient|hurts?|loses? (?:\w+ )?accuracy|unreliable|fails?\b"),
        draft=drafts.draft_sample,
        example="A 10 % sample of the activations is enough to estimate the threshold.",
    ),
    Contrast(
        name="group_pruning",
        title="integral pruning keeps more accuracy than unit pruning at the same multiplications",
        paper=PAPER,
        probe="P7",
        needs=(GROUP, words(rf"{INTEGRAL.pattern}|{COUNTS.pattern}|compar\w+|fair\w*|better|worse|beat\w*|against|versus|vs\b|what about|how about")),
        unless=(OTHER_PAPERS, SPEED, words(r"magnitude|resnet|imagenet|2:4|N:M")),
        treatment=INTEGRAL,
        baseline=GROUP,
        draft=drafts.draft_units,
        example="Integral pruning is more accurate than group pruning at the same number of MACs.",
    ),
    Contrast(
        name="dense_time",
        title="integral pruning takes more time than the dense net with dense kernels",
        paper=PAPER,
        probe="P7",
        needs=(INTEGRAL, SPEED),
        unless=(GROUP, OTHER_PAPERS),
        treatment=words(r"(?:the )?(?:dense|unpruned|original|uncompressed) (?:net\w*|model|one|inference|computation)"),
        baseline=INTEGRAL,
        better=words(r"(?:fast|quick)er\b|less time|speeds? up|saves? (?:\w+ )?time|lower latency"),
        worse=words(r"slow\w*|more time|higher latency|slows? down"),
        expected=words(r"(?:no|not|without|never|hardly)(?: \w+){0,3} (?:speed-?ups?|faster|quicker|time saved|wall[- ]?clock|speed)|only (?:on paper|in theory|theoretical\w*)"),
        speed=True,
        draft=drafts.draft_time,
        example="With dense kernels, integral pruning is slower than the dense net.",
    ),
    Contrast(
        name="unit_time",
        title="unit pruning takes less time than integral pruning with dense kernels",
        paper=PAPER,
        probe="P7",
        needs=(GROUP, SPEED),
        unless=(OTHER_PAPERS, words(r"resnet|imagenet|2:4|N:M")),
        treatment=GROUP,
        baseline=INTEGRAL,
        better=words(r"(?:fast|quick)er\b|less time|speeds? up|saves? (?:\w+ )?time|lower latency"),
        worse=words(r"slow\w*|more time|higher latency"),
        speed=True,
        draft=drafts.draft_unit_time,
        example="At the same MACs, group pruning is faster than integral pruning in wall-clock time.",
    ),
    Contrast(
        name="layer_sensitivity",
        title="the second layer bears a low winner rate better than the first",
        paper=PAPER,
        probe="Fig. 5",
        needs=(
            words(r"(?:first|early|earlier|lower|initial|input|shallow\w*|last|later|deep\w*|second|upper) (?:(?:conv\w*|hidden|fc) )?layers?|conv1|conv5"),
            words(r"sensitiv\w*|fragil\w*|robust\w*|toler\w*|break\w*|suffer\w*|gentl\w*|hurt\w*|bear\w*|vulnerable|can (?:be )?(?:mask|prun|drop|remov)\w*|mask (?:far |much )?more"),
            words(rf"{INTEGRAL.pattern}|activations?\b|winner|masks?\b|(?:more|most|less) fragile\b(?! when)"),
        ),
        unless=(GROUP, OTHER_PAPERS, STATIC, SPEED, words(r"sampl\w+"), words(r"weight[- ]prun\w+ (?!and|with|plus)|prun\w+ (?:of )?(?:the )?weights(?! and)")),
        treatment=words(r"(?:the )?(?:last|later|deep\w*|second|upper) (?:(?:conv\w*|hidden|fc) )?layers?|(?:later|deeper) ones?|conv5"),
        baseline=words(r"(?:the )?(?:first|early|earlier|lower|initial|input|shallow\w*) (?:(?:conv\w*|hidden|fc) )?layers?|(?:first|early|earlier) ones?|conv1"),
        better=words(r"can (?:be )?(?:mask|prun|drop|remov)\w*(?: \w+){0,2} more|(?:more |very )?robust|less (?:sensitive|fragile|vulnerable)|toler\w+|bears?\b|suffers? less|hurts? less"),
        worse=words(r"(?:toler|bear|stand|withstand|accept)\w* (?:\w+ )?less|(?:more |most |very )?(?:sensitive|fragile|vulnerable)|breaks?\b|suffers?(?: more)?|less robust|needs? (?:a )?gentler|hurts? more|hurt most"),
        draft=drafts.draft_layers,
        example="The first layer is more sensitive to activation pruning than later layers.",
    ),
)  # fmt: skip
