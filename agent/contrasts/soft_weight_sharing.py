"""Contrasts of Soft Weight-Sharing for Neural Network Compression (1702.04008) and of its reviewers."""

from agent.claim_words import STATED_RATIO, words
from agent.contrasts import mixture_drafts as drafts
from agent.contrasts.contrast import Contrast

PAPER = "1702.04008"
SOFT = words(
    r"soft[- ]?(?:weight[- ]?)?sharing|SWS\b|(?:gaussian )?mixture(?:s)?(?: of gaussians)?(?: prior| model)?(?! components?)|hard assign\w+|empirical[- ]bayes\w*(?: prior| approach| method)?|learned prior"
)
PIPELINE = words(
    r"deep compression|(?:the )?(?:three|multi)[- ]sta(?:ge|ges|ged)(?: (?:pipeline|process|method))?|prun(?:e|ing),? (?:(?:and|then|\+|followed by|with) ?(?:k-?means|cluster\w*)|(?:then|\+|followed by) ?quanti[sz]\w+)(?:,? (?:and|then|\+|with) ?huffman\w*(?: cod\w+)?)?|prun(?:e|ing), (?:k-?means|cluster\w*|quanti[sz]\w+)(?: \w+)?,? (?:and|then|\+) huffman\w*(?: cod\w+)?(?: in sequence| one after the other)?|k-?means(?: \w+){0,2} after (?:\w+ )?prun\w+|prune[- ](?:and|then)[- ]quanti[sz]e|(?:separate|sequential) (?:pruning|stages)[\w ]*|Han et al\w*\.?"
)
HYPER = words(
    r"hyper-?priors?|(?:inverse[- ])?gamma (?:priors?|terms?|hyper-?priors?|densit\w+)|priors? on (?:the )?(?:variances|precisions)"
)
RATIO = words(
    r"compress\w*(?: (?:rates?|ratios?|factors?))?|smaller|storage|size\b|fewer bits|bits per weight|rates?\b"
)
LAYERS = words(
    r"(?:large|larger|largest|big|bigger|biggest|wide|wider|small|smaller|smallest|output|last|hidden) layers?|layers? size|size of (?:the |a )?layers?|per layer"
)
MERGES = words(
    r"merg\w+|collaps\w+|die\b|dies\b|vanish\w*|disappear\w*|(?:fewer|less|unused|superfluous|redundant) (?:\w+ ){0,2}(?:components|gaussians)|(?:number of )?(?:components|gaussians)(?: \w+){0,3} (?:falls?|drops?|shrinks?|decreases?|remain\w*|left|survive\w*|matter\w*)|how many (?:\w+ ){0,2}(?:components|gaussians)|prun\w+ (?:the )?components"
)
SAMPLED = words(
    r"sampl\w+(?: (?:of )?(?:the )?weights)?|subset of (?:the )?weights|\d+(?:\.\d+)? ?(?:%|percent) of (?:the )?weights|mini-?batch\w* of weights|appendix C\b|subsampl\w+"
)
OTHER_PAPERS = words(
    r"hessian\w*|winograd|activations?\b|winner|gptq|sparsegpt|ob[sqc]\b|int8|8-bit|depthwise|ecsq|entropy-constrained"
)
ELSEWHERE = words(r"VGG\w*|ImageNet|CIFAR\w*|wide[- ]resnet|spearmint|64\.?2? ?(?:x|times|-?fold)|162|45 ?(?:x|-?fold)")

CONTRASTS = (
    Contrast(
        name="soft_accuracy",
        title="soft weight-sharing costs no more than a point of accuracy",
        paper=PAPER,
        probe="S1",
        needs=(SOFT, words(r"accura\w+|points?\b|(?:test |top-?1 )?errors?\b|degrad\w*|performance|lossless|(?:without|no|little|minimal) (?:\w+ )?loss")),
        unless=(PIPELINE, HYPER, SAMPLED, ELSEWHERE, OTHER_PAPERS, words(r"taus?\b(?! ?(?:=|of) ?\.?\d)|learning rates?|components|merg\w+|(?:larg|small|big)\w+ layers?|sensitiv\w*|magnitude|than (?:k-?means|\w+ prun\w+)")),
        treatment=SOFT,
        baseline=words(r"(?:the )?(?:dense|unpruned|original|uncompressed|baseline)(?: (?:net\w*|model|one))?"),
        expected=words(r"(?:little|no|minimal|negligible|hardly any|without)(?: \w+)? (?:loss|drop|degradation|accuracy)|(?:keep|preserv|maintain|retain)\w*(?: \w+){0,3} accuracy|(?:chang|cost|los|reduc|degrad)\w* (?:the |its )?(?:accuracy )?(?:by )?(?:less than|at most|no more than|under|below|only)|(?:los|cost)\w* (?:little|no|hardly any) accuracy"),
        reversed=words(r"(?:hurt|harm|degrad|damag|destroy|ruin)\w*|(?:los|cost|reduc|lower|drop)\w* (?:a lot of |much |some |too much |considerable |the )?accuracy|accuracy (?:drops?|falls?|suffers?|collapses?)"),
        draft=drafts.draft_accuracy,
        example="Soft weight-sharing prunes and quantizes with little loss of accuracy.",
    ),
    Contrast(
        name="soft_against_pipeline",
        title="soft weight-sharing compresses more than Deep Compression",
        paper=PAPER,
        probe="S1",
        needs=(SOFT, PIPELINE),
        unless=(HYPER, SAMPLED, ELSEWHERE, OTHER_PAPERS),
        treatment=SOFT,
        baseline=PIPELINE,
        better=words(r"compress\w* (?:more|better|further|harder)|smaller|(?:higher|larger|greater) (?:compression|rates?|ratios?)|fewer bits"),
        worse=words(r"compress\w* less|larger (?:files?|size|nets?|models?)|(?:lower|smaller) (?:compression|rates?|ratios?)|more bits"),
        draft=drafts.draft_pipeline,
        example="Soft weight-sharing compresses more than Deep Compression.",
    ),
    Contrast(
        name="soft_ratio",
        title="soft weight-sharing compresses more than Deep Compression",
        paper=PAPER,
        probe="Table 1",
        needs=(SOFT, STATED_RATIO, words(r"\w")),
        unless=(HYPER, SAMPLED, OTHER_PAPERS, words(r"k-?means(?! after)|MACs?\b|FLOPs?\b|faster|speed\w*|as many updates|taus?\b|VGG\w*|ImageNet|CIFAR\w*|wide[- ]resnet")),
        treatment=SOFT,
        baseline=PIPELINE,
        better=words(r"compress\w* (?:more|better|further)|smaller|(?:higher|larger|greater) (?:compression|rates?|ratios?)"),
        worse=words(r"compress\w* less|(?:lower|smaller) (?:compression|rates?|ratios?)"),
        draft=drafts.draft_stated_ratio,
        margins=False,
        example="Soft weight-sharing compresses more than Deep Compression, LeNet-300-100 by a factor of 64.",
    ),
    Contrast(
        name="components_merge",
        title="fewer components are left than there were at the start",
        paper=PAPER,
        probe="S2",
        needs=(words(r"components?\b|gaussians\b|clusters\b"), words(rf"{MERGES.pattern}|stay\w*|remain\w*"), words(rf"{SOFT.pattern}|components?\b|gaussians\b")),
        unless=(HYPER, SAMPLED, PIPELINE, ELSEWHERE, OTHER_PAPERS, words(r"k-?means|variances?\b|principal|taus?\b|KL\b|divergence|threshold")),
        treatment=words(r"(?:at|in) the end|after (?:re-?)?train\w+|finally|the trained mixture"),
        baseline=words(r"(?:at|in) the (?:start|beginning)|before (?:re-?)?train\w+|initial\w*"),
        expected=words(rf"{MERGES.pattern}"),
        reversed=words(r"all (?:\w+ )?(?:components|gaussians|of them) (?:are |stay|remain|survive|matter)\w*|(?:components|gaussians) (?:all )?(?:stay|remain) (?:in use|distinct)|more components|every component (?:is|stays|remains)"),
        draft=drafts.draft_components,
        example="Most of the 17 components of the mixture merge during training.",
    ),
    Contrast(
        name="component_count",
        title="more components compress more than fewer",
        paper=PAPER,
        probe="S2",
        needs=(
            words(r"(?:(?:more|fewer|less|many|few|number of|how many|\d+|extra|additional) (?:mixture )?(?:components|gaussians))\b"),
            words(r"compress\w*|ratios?|accura\w+|errors?|points?\b|better|worse|helps?|matters?|enough|suffic\w+|improv\w*|rates?\b|as (?:well|good)|needs?\b|same|\d+ (?:mixture )?(?:components|gaussians) (?:or|vs|versus|against|rather than) \d+|\d+ (?:or|vs|versus|against|rather than) \d+ (?:mixture )?(?:components|gaussians)"),
            words(r"\d+ (?:mixture )?(?:components|gaussians) (?:or|vs|versus|against|rather than) \d+|\d+ (?:or|vs|versus|against|rather than) \d+ (?:mixture )?(?:components|gaussians)|as (?:well|good)|needs?\b|same|more|fewer|less|number|how many|instead|versus|vs\b|against|than"),
        ),
        unless=(HYPER, SAMPLED, PIPELINE, ELSEWHERE, OTHER_PAPERS, MERGES, words(r"k-?means|principal|variances?\b|taus?\b")),
        treatment=words(r"(?:more|many|extra|additional|a larger number of) (?:mixture )?(?:components|gaussians)"),
        baseline=words(r"(?:fewer|few|less|a smaller number of) (?:mixture )?(?:components|gaussians)"),
        level=words(r"(?:few|fewer|\d+|they|that many) (?:\w+ )?(?:do\b|does\b|works?\b|serves?\b|is enough|are enough|suffices?)(?: as well| too)?|(?:nobody|no one) needs|(?:not|n't) (?:need|help|matter)\w*|as (?:well|good)\b|enough\b"),
        draft=drafts.draft_component_count,
        example="More mixture components give better compression than fewer.",
    ),
    Contrast(
        name="larger_layers",
        title="the largest layer loses a larger share of its weights than the output layer",
        paper=PAPER,
        probe="S3",
        needs=(LAYERS, words(r"prun\w+|zeros?\b|spars\w+|weights|compress\w*"), words(rf"{SOFT.pattern}|prior\b|layer size|(?:large|big)\w* layers?|output layer")),
        unless=(PIPELINE, HYPER, SAMPLED, ELSEWHERE, OTHER_PAPERS, words(r"magnitude|k-?means|quanti[sz]\w+|huffman|mask\w*|sensitiv\w*|channels?\b|bits?\b")),
        treatment=words(r"(?:the )?(?:large|larger|largest|big|bigger|biggest|wide|wider|hidden) (?:ones?|layers?)"),
        baseline=words(r"(?:the )?(?:small|smaller|smallest|output|last) (?:ones?|layers?)"),
        better=words(r"(?:more|higher|further|most|harder|hardest|heavil\w+|strong\w+|aggressiv\w+|sparser|larger share)\b|loses? (?:far |much )?more"),
        worse=words(r"(?:less|fewer|least|denser|smaller share)\b"),
        draft=drafts.draft_layers,
        example="With soft weight-sharing, larger layers are pruned more than the output layer.",
    ),
    Contrast(
        name="hyper_priors",
        title="with hyper-priors the narrowest component stays wider",
        paper=PAPER,
        probe="S4",
        needs=(HYPER, words(r"variances?|collaps\w*|components?|mixtures?|precisions?|accura\w+|need\w*|(?:un)?necessary|superfluous|without|matter\w*|help\w*|soft weight|optional|effect|on (?:or|and|vs|versus) off")),
        unless=(PIPELINE, SAMPLED, ELSEWHERE, OTHER_PAPERS),
        treatment=words(rf"(?<!without )(?<!no )(?<!without the )(?<!lacking )(?:with |using |the |adding )*(?:{HYPER.pattern})"),
        baseline=words(rf"(?:without|no|lacking|dropping|leaving out|removing)(?: the| any)? (?:{HYPER.pattern})|without (?:them|it)\b"),
        expected=words(
            rf"(?:without|no|lacking|dropping|removing)(?: the| any)? (?:{HYPER.pattern})[^.;]{{0,60}}(?:collaps|shrink|vanish|degenerat|zero|stuck|fail|worse|drop|fall|diverg)\w*|(?:keep|prevent|stop|hold|avoid)\w*(?: \w+){{0,3}} (?:variances?|components?|collaps\w*|shrink\w*)"
            rf"|(?:variances?|components?) (?:\w+ )?(?:collaps|shrink|vanish|degenerat)\w*|(?:{HYPER.pattern}) (?:are |is |really |be )*(?:needed|necessary|required|essential|crucial|important|help\w*|matter\w*)"
        ),
        level=words(r"(?:not|n't|never) (?:needed|necessary|required|matter|help)|unnecessary|superfluous|(?:as well|just as good|fine|works?) without|makes? no difference"),
        draft=drafts.draft_hyper_priors,
        example="Without the hyper-priors the variances of the components collapse.",
    ),
    Contrast(
        name="tau_sensitivity",
        title="ten times as much tau costs accuracy",
        paper=PAPER,
        probe="S5",
        needs=(words(r"taus?\b|weight of the prior|prior(?:'s)? (?:weight|strength)|strength of the prior|trade-?off (?:parameter|factor)"), words(rf"{SOFT.pattern}|sensitiv\w*|robust\w*|depend\w*|tun\w+|choice|larger|smaller|higher|lower|accura\w+|matter\w*|hurt\w*|effect|influence|how")),
        unless=(HYPER, SAMPLED, PIPELINE, ELSEWHERE, OTHER_PAPERS, words(r"distill\w*|temperature|alpha|beta\b|(?:with|at|for|using) (?:a )?tau ?(?:=|of)? ?\.?\d")),
        treatment=words(r"(?:a )?(?:small|smaller|low|lower|usual|moderate) taus?"),
        baseline=words(r"(?:a )?(?:large|larger|high|higher|big|ten times (?:the|as much|larger)) (?:of )?taus?|(?:too|very) (?:large|high|strong)"),
        expected=words(r"(?<!in)sensitiv\w*|depend\w*|(?:needs?|requires?) (?:careful )?tun\w+|hard to (?:tune|set|choose)|matters?\b|(?:larg|high|bigg|strong)\w* tau (?:\w+ )?(?:hurt|cost|los|degrad|damag)\w*|(?:strong|large|big)\w* (?:effect|influence|impact)"),
        level=words(r"insensitiv\w*|robust\w*|independen\w*|(?:not|n't|never) (?:\w+ )?(?:depend|matter|sensitiv)\w*|hardly (?:depends|matters)|easy to (?:tune|set|choose)"),
        draft=drafts.draft_tau,
        example="The accuracy of soft weight-sharing is sensitive to tau.",
    ),
    Contrast(
        name="mixture_rate",
        title="a mixture that learns ten times slower costs accuracy",
        paper=PAPER,
        probe="S5",
        needs=(words(r"learning[- ]rates?|step sizes?|(?:slow|fast)\w* (?:mixture )?learning|learns?(?: too| more)? (?:slow|fast)\w*"), words(rf"{SOFT.pattern}|mixture|components?|prior\b|gaussians")),
        unless=(SAMPLED, PIPELINE, ELSEWHERE, OTHER_PAPERS, words(r"k-?means|cosine")),
        treatment=words(r"(?:a )?(?:fast|faster|high|higher|large|larger|usual) (?:(?:mixture|learning) )*(?:rates?|one)?"),
        baseline=words(r"(?:a )?(?:slow|slower|low|lower|small|smaller) (?:(?:mixture|learning) )*(?:rates?|one)?|too slow\w*"),
        expected=words(r"(?<!in)sensitiv\w*|depend\w*|(?:needs?|requires?) (?:careful )?tun\w+|hard to (?:tune|set|choose)|matters?\b|(?:slow|low|small)\w* (?:\w+ ){0,3}(?:hurt|cost|los|degrad|fail|not converge)\w*|does not converge|(?:strong|large|big)\w* (?:effect|influence|impact)"),
        level=words(r"insensitiv\w*|robust\w*|independen\w*|(?:not|n't|never) (?:\w+ )?(?:depend|matter|sensitiv)\w*|hardly (?:depends|matters)|easy to (?:tune|set|choose)"),
        draft=drafts.draft_rate,
        example="Soft weight-sharing is very sensitive to the learning rate of the mixture.",
    ),
    Contrast(
        name="sampled_gradient",
        title="the sampled gradient of the prior comes nearer to the whole as draws are averaged",
        paper=PAPER,
        probe="S6",
        needs=(SAMPLED, words(r"gradients?\b|unbiased|bias(?:ed)?\b|estimat\w+"), words(rf"{SOFT.pattern}|prior\b|weights|appendix C")),
        unless=(PIPELINE, HYPER, OTHER_PAPERS, words(r"accura\w+|points?\b|thresholds?|calibrat\w+|training samples|as well|enough|suffic\w+|works?\b")),
        treatment=words(r"(?:more|many|averag\w+) draws?"),
        baseline=words(r"(?:few|fewer|single|one|four) draws?"),
        expected=words(r"(?<!not )(?<!n't )unbiased|converges?|right (?:on|in) average|correct (?:on|in) average|valid|good estimat\w+"),
        draft=drafts.draft_draws,
        example="Sampling the weights gives an unbiased gradient of the prior.",
    ),
    Contrast(
        name="sampled_training",
        title="the prior's gradient from a tenth of the weights serves as well as from all",
        paper=PAPER,
        probe="S6",
        needs=(SAMPLED, words(rf"{SOFT.pattern}|prior\b|appendix C"), words(r"accura\w+|as (?:good|well)|enough|suffic\w*|scal\w+|large (?:nets|networks|models)|work\w*|hurt\w*|cost\w*|loss|same|instead|cheap\w*|faster|speed\w*|OK\b|okay|fine\b|safe\w*|justif\w+")),
        unless=(PIPELINE, HYPER, OTHER_PAPERS, words(r"unbiased|thresholds?|calibrat\w+")),
        treatment=SAMPLED,
        baseline=words(r"all (?:of )?(?:the )?weights|the (?:full|whole|exact) (?:gradient|prior|sum)"),
        expected=words(r"(?:is |are |be )?enough\b|OK\b|okay|fine\b|suffic\w+|as (?:good|well)\b|works?\b(?! only)|scal\w+|(?:without|no|little) (?:\w+ )?(?:loss|cost)|costs? (?:little|nothing)|cheaper|keeps? (?:the )?accuracy"),
        reversed=words(r"hurts?|(?:los|cost)\w* (?:some |much )?accuracy|fails?\b|too noisy|(?:not|n't) (?:enough|sufficient|work)"),
        speed=True,
        draft=drafts.draft_sampled_training,
        example="Taking the prior's gradient from a sample of the weights works as well as from all weights.",
    ),
)  # fmt: skip
