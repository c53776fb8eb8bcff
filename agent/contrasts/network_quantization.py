"""Contrasts of Towards the Limit of Network Quantization (1612.01543), of Deep Compression, and of its reviewers."""

from agent.claim_words import LITTLE_LOST, STATED_RATIO, words
from agent.contrasts import deep_compression_drafts
from agent.contrasts import sharing_drafts as drafts
from agent.contrasts.contrast import Contrast

PAPER = "1612.01543"
HESSIAN = r"hessian(?!-weighted k)\w*|second[- ](?:order|derivative\w*)|curvature"
KMEANS = words(
    r"k-?means\b(?: (?:clustering|weight sharing|quantization))?|weight[- ]sharing|weight clustering|cluster\w*"
)
UNIFORM = words(
    r"(?:huffman[- ]?(?:cod\w+)? (?:after|with|of|on|on top of) (?:a )?)?uniform(?:ly)?(?: (?:scalar )?(?:quanti[sz]\w+|bins?|steps?|cells?))?\b"
)
ENTROPY = words(
    r"(?:iterative )?ecsq\b|(?:iterative )?entropy[- ]constrained(?: (?:scalar )?quanti[sz]\w+)?|entropy[- ]aware quanti[sz]\w+"
)
PLAIN = words(
    r"(?:plain|ordinary|unweighted|vanilla|standard|simple|conventional|normal|usual|regular)(?: [\w-]+){0,2} ?(?:k-?means|cluster\w*)|(?:plain|ordinary|unweighted|vanilla) (?:one|version|variant)"
)
OTHER_PAPERS = words(
    r"soft weight|mixture|gaussians?\b|prior\b|int8|8-bit|winograd|activations?|winner|gptq|sparsegpt|obq\b|(?:exact[- ]?)?obs\b|obc\b|magnitude|inverse hessian"
)
MATTERS = words(
    r"hurt\w*|harm\w*|matters?\b|degrad\w*|damag\w*|too (?:coarse|crude)|costs? (?:a lot|much|dear\w*|accuracy|something|performance)|loses? (?:a lot|much|accuracy|something)|(?:large|big|strong|notable|noticeable|significant|considerable) (?:effect|impact|influence|loss|cost|difference)|makes a difference"
)
LITTLE = words(
    r"(?:not|never) (?:really |much )?(?:hurt|harm|matter|degrade|damage|cost)\w*|(?:cost|los|chang|hurt)\w* (?:very )?(?:little|nothing|hardly|almost nothing)|(?:little|small|minor|negligible|no|marginal|minimal)(?: \w+)? (?:effect|impact|influence|loss|cost|difference|harm)"
    r"|safely|(?:be|are|is) (?:simply |just )?(?:ignored|neglected|dropped) (?:without|safely)|harmless|negligible|(?:is|are|be) (?:small|minor|marginal|minimal)\b|good enough|suffic\w+|enough\b|as (?:good|well)\b|not needed|unnecessary|makes no difference"
)  # fmt: skip
EFFECT = words(
    r"cost\w*|affect\w*|effects?\b|impacts?\b|influence\w*|los(?:s|t|es|ing)\b|hurt\w*|harm\w*|matter\w*|ignor\w+|neglect\w*|discard\w*|drop\w*|better|worse|enough|suffic\w+|full|whole|off-diagonal"
    r"|difference|good|beat\w*|outperform\w*|instead|degrad\w*|damag\w*|crude|justif\w+|valid\w*"
)  # fmt: skip
BEATS = words(r"lower loss|less loss|better compression|compress\w* (?:more|further|better)|smaller loss")
LAGS = words(r"higher loss|more loss|larger loss|poor\w*|bad\b|unsuited|unsuitable|ill[- ]suited")

CONTRASTS = (
    Contrast(
        name="diagonal_hessian",
        title="weights shared by the full Hessian keep a lower loss than by its diagonal",
        paper=PAPER,
        probe="T6",
        needs=(words(r"diagonal\w*|off-diagonal\w*|full hessian"), words(rf"{HESSIAN}|approximation|the diagonal (?:alone )?(?:is )?(?:enough|suffic\w*)|off-diagonal (?:entries|terms|elements|part)"), EFFECT),
        unless=(
            PLAIN,
            OTHER_PAPERS,
            words(r"adam\b|samples?\b|images\b|prun\w+|damp\w+|predict\w*|uniform|minimi[sz]es?\b|multiplied|computation of|in the manner of"),
        ),
        treatment=words(r"(?:the |a )?(?:full|whole|complete|exact|true)(?: (?:hessian|matrix|one))?(?: matrix)?|off-diagonal (?:terms|entries|elements)"),
        baseline=words(r"(?:the |a |its |only |just |keeping )*diagonal(?: [\w-]+){0,3}"),
        better=BEATS,
        worse=LAGS,
        expected=MATTERS,
        level=LITTLE,
        draft=drafts.draft_diagonal,
        example="What does keeping only the diagonal of the Hessian cost in the final compression?",
    ),
    Contrast(
        name="loss_prediction",
        title="the full Hessian predicts the change of the loss better than its diagonal",
        paper=PAPER,
        probe="T6",
        needs=(
            words(r"diagonal\w*|full hessian|second[- ]order|quadratic|taylor"),
            words(rf"{HESSIAN}|approximation|expansion"),
            words(r"predict\w*|estimat\w+ (?:the )?(?:\w+ )?(?:loss|change)|real (?:change|loss)|actual (?:change|loss)|track\w*"),
        ),
        unless=(OTHER_PAPERS, words(r"prun\w+")),
        treatment=words(r"(?:the |a )?(?:full|whole|complete|exact)(?: (?:hessian|matrix|one))?"),
        baseline=words(r"(?:the |a |its |only |just )*diagonal(?: [\w-]+){0,2}"),
        level=LITTLE,
        draft=drafts.draft_prediction,
        example="The full Hessian predicts the change of the loss better than its diagonal.",
    ),
    Contrast(
        name="hessian_weighting",
        title="Hessian-weighted k-means keeps a lower loss than plain k-means",
        paper=PAPER,
        probe="T1",
        needs=(drafts.HESSIAN_WEIGHTED, words(rf"{KMEANS.pattern}|centroids?|pointless|loss\b|accura\w+|help\w*|better|worse|gain\w*|matter\w*|worth")),
        unless=(OTHER_PAPERS, ENTROPY, words(r"uniform|adam\b|layer[- ]by[- ]layer|together|means (?:instead|rather)|\d[\d,]* (?:samples|images|inputs)")),
        treatment=words(rf"(?:(?:k-?means|cluster\w*)(?: clustering)? )?(?:{drafts.HESSIAN_WEIGHTED.pattern})(?: k-?means| cluster\w*| version| one)?"),
        baseline=words(r"(?:plain |ordinary |unweighted |vanilla |standard |simple |conventional )*(?:k-?means\b(?: clustering)?|cluster\w*)|(?:plain|ordinary|unweighted|vanilla|standard)(?: one| version| variant)?"),
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_weighting,
        example="Hessian-weighted k-means keeps a lower loss than plain k-means at the same number of clusters.",
    ),
    Contrast(
        name="uniform_huffman",
        title="uniform quantization with Huffman codes keeps a lower loss than k-means at the same ratio",
        paper=PAPER,
        probe="T2",
        needs=(UNIFORM, KMEANS),
        unless=(OTHER_PAPERS, drafts.FIXED, ENTROPY),
        treatment=UNIFORM,
        baseline=words(r"(?:hessian-weighted |plain |ordinary )*k-?means\b(?: (?:clustering|with huffman(?: \w+)?))?|(?:weight )?cluster\w*|weight[- ]sharing"),
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_uniform,
        example="Would Huffman coding after uniform quantization beat k-means?",
    ),
    Contrast(
        name="uniform_ratio",
        title="uniform quantization with Huffman codes keeps a lower loss than k-means at the same ratio",
        paper=PAPER,
        probe="Table 1",
        needs=(UNIFORM, STATED_RATIO),
        unless=(OTHER_PAPERS, drafts.FIXED, ENTROPY, KMEANS, words(r"MACs?\b|FLOPs?\b|faster|speed\w*")),
        treatment=UNIFORM,
        baseline=words(r"k-?means"),
        draft=drafts.draft_stated_ratio,
        margins=False,
        example="Uniform quantization with Huffman codes compresses ResNet-32 by a factor of 22.17.",
    ),
    Contrast(
        name="uniform_fixed_length",
        title="k-means keeps a lower loss than uniform quantization with codes of fixed length",
        paper=PAPER,
        probe="T3",
        needs=(UNIFORM, words(r"k-?means\b|cluster\w*|poor\w*|bad\w*|worse|worst|suit\w*|unsuit\w*|good|well"), drafts.FIXED),
        unless=(OTHER_PAPERS, ENTROPY),
        treatment=words(r"(?:hessian-weighted |plain |ordinary )*k-?means\b(?: clustering)?|(?:weight )?cluster\w*"),
        baseline=UNIFORM,
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_uniform,
        example="With fixed-length codes, k-means beats uniform quantization.",
    ),
    Contrast(
        name="small_steps",
        title="the second-order prediction of the loss is nearer for small steps than for large ones",
        paper=PAPER,
        probe="Eqs. 4 to 7",
        needs=(
            words(r"second[- ]order|quadratic|taylor"),
            words(r"approximation|expansion|model|prediction|estimate"),
            words(r"(?:small|fine|finer|smaller|little|large|coarse|coarser|larger|big) (?:\w+ )?(?:steps?|changes?|perturbations?|errors?|quanti[sz]\w+|bins?|bit[- ]?widths?)|(?:few|many|more|fewer) (?:clusters|values|levels|bits)|low bit"),
            words(r"accura\w+|valid\w*|hold\w*|exact\w*|good|precise\w*|break\w*|fail\w*|poor\w*|wrong|bad\w*|reliable|trust\w*"),
        ),
        unless=(OTHER_PAPERS, words(r"prun\w+|off-diagonal")),
        treatment=words(r"(?:small|smaller|fine|finer|little) (?:\w+ )?(?:steps?|changes?|perturbations?|errors?|quanti[sz]\w+|bins?)|(?:many|more) (?:clusters|values|levels|bits)"),
        baseline=words(r"(?:large|larger|big|coarse|coarser) (?:\w+ )?(?:steps?|changes?|perturbations?|errors?|quanti[sz]\w+|bins?)|(?:few|fewer) (?:clusters|values|levels|bits)|low bit"),
        expected=words(r"(?:accura\w+|valid|holds?|exact|good|precise|reliable) (?:only )?(?:for|at|with|under|as long as)|(?:break|fail|poor|wrong|bad)\w*"),
        draft=drafts.draft_small_steps,
        example="The second-order approximation of the loss is accurate only for small quantization steps.",
    ),
    Contrast(
        name="entropy_constrained",
        title="entropy-constrained quantization keeps a lower loss than k-means at the same ratio",
        paper=PAPER,
        probe="T2",
        needs=(ENTROPY, KMEANS),
        unless=(OTHER_PAPERS, UNIFORM, drafts.FIXED),
        treatment=ENTROPY,
        baseline=words(r"(?:plain |ordinary )*k-?means\b(?: clustering)?|(?:weight )?cluster\w*"),
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_entropy,
        example="Entropy-constrained quantization beats k-means at the same compression ratio.",
    ),
    Contrast(
        name="uniform_against_entropy",
        title="uniform quantization is no worse than iterative entropy-constrained quantization",
        paper=PAPER,
        probe="T2",
        needs=(UNIFORM, ENTROPY),
        unless=(OTHER_PAPERS, drafts.FIXED),
        treatment=UNIFORM,
        baseline=ENTROPY,
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_uniform_and_entropy,
        example="Uniform quantization is as good as iterative ECSQ at the same compression ratio.",
    ),
    Contrast(
        name="hessian_samples",
        title="the Hessian from a few inputs serves as well as that from all",
        paper=PAPER,
        probe="T4",
        needs=(
            words(r"hessian\w*|curvature|gauss-?newton|fisher"),
            words(r"\d[\d,]* (?:\w+ ){0,2}(?:samples?|images?|inputs?|examples?|rows|data points?)|(?:few|fewer|small|subset|handful|fraction|part|how many|how much|less|little|limited)\b[^.;]{0,30}\b(?:samples?|images|inputs|examples|data)"),
        ),
        unless=(OTHER_PAPERS, words(r"adam\b|calibration|prun\w+")),
        treatment=words(r"(?:an? |the |only |just )*(?:(?:few|fewer|small(?:er)?|subset|handful|fraction|part|limited)(?: \w+){0,4}|\d[\d,]* (?:\w+ ){0,2}(?:samples?|images?|inputs?|examples?))"),
        baseline=words(r"(?:all|the (?:full|whole|entire))(?: (?:of )?(?:the )?(?:training )?(?:data\w*|set|images|samples|inputs|examples|rows))?"),
        reversed=words(r"(?:needs?|requires?|takes?) (?:more|many|all|the (?:full|whole))|(?:not|never|n't|hardly) (?:be )?(?:enough|suffic\w+)|too (?:few|small|little)|insufficient"),
        draft=drafts.draft_samples,
        example="A Hessian from a small sample of the training data works as well as one from all of it.",
    ),
    Contrast(
        name="adam_moments",
        title="the root of Adam's second moments serves as well as the Hessian's diagonal",
        paper=PAPER,
        probe="T5",
        needs=(
            words(r"adam\b(?:'s)?|(?:empirical )?fisher\b|squared gradients"),
            words(r"hessian\w*|second[- ]moments?|moment estimates?|curvature|importance"),
        ),
        unless=(OTHER_PAPERS, words(r"converge\w*|learning rate")),
        treatment=words(r"(?:the )?(?:square )?(?:roots? of )?adam(?:'s)?(?: (?:second )?moments?(?: estimates?)?)?|(?:the )?(?:empirical )?fisher(?: information)?(?: matrix| diagonal)?|squared gradients"),
        baseline=words(r"(?:the )?(?:diagonal )?hessian(?:'s diagonal| diagonal)?|gauss-?newton|curvature"),
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_adam,
        example="The square root of Adam's second moments can replace the Hessian.",
    ),
    Contrast(
        name="weighted_means",
        title="uniform quantization with Hessian-weighted means keeps a lower loss than with plain means",
        paper=PAPER,
        probe="Appendix A.2",
        needs=(UNIFORM, words(r"hessian[- ]weight\w*|weighted"), words(r"means\b|centres\b|centers\b|centroids\b")),
        unless=(OTHER_PAPERS, words(r"k-?means")),
        treatment=words(r"hessian[- ]weighted (?:means|centres|centers|centroids)|weighted (?:means|centres|centers|centroids)"),
        baseline=words(r"(?:plain|unweighted|ordinary|simple|non-?weighted|arithmetic) (?:means|centres|centers|centroids|ones)|cell midpoints"),
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_means,
        example="Uniform quantization with Hessian-weighted means is better than with plain means.",
    ),
    Contrast(
        name="layers_together",
        title="all layers quantized together keep a lower loss than each by itself at the same ratio",
        paper=PAPER,
        probe="Sec. 4.5",
        needs=(
            words(r"quanti[sz]\w+|cluster\w*|k-?means|codebooks?|shared values|layer[- ]by[- ]layer (?:or|vs|versus|against) (?:all (?:of )?(?:the )?)?(?:layers? )?(?:at once|together|jointly)|(?:at once|together|jointly) (?:or|vs|versus|against) layer[- ]by[- ]layer"),
            words(r"(?:all )?(?:the )?layers? (?:together|at once|jointly|simultaneously)|together|joint(?:ly)?\b|at once|across (?:all )?layers|(?:one|a single|single|shared|common) codebook|codebooks? (?:per|for each|for every) layer (?:or|vs|versus|against) (?:a )?(?:shared|single|common)|for all layers"),
            words(r"layers?\b|layer[- ](?:by[- ]layer|wise)"),
        ),
        unless=(OTHER_PAPERS, UNIFORM, words(r"scales?\b|channel\w*|calibrat\w+|sequential\w*|prun\w+ and quanti\w+|independent\w*|exponential\w*|search time")),
        treatment=words(r"(?:quanti[sz]\w+ |cluster\w+ )?(?:all )?(?:of )?(?:the )?layers? (?:together|at once|jointly|simultaneously)|joint(?:ly)?(?: (?:quanti[sz]\w+|cluster\w+))?|across (?:all )?layers|(?:one|a single|single|shared|common|joint) codebooks?(?: (?:for|across|of) (?:all )?(?:the )?layers)?|(?:all )?together|at once"),
        baseline=words(r"layer[- ]by[- ]layer(?: \w+)?|layer-?wise(?: \w+)?|per[- ]layer(?: \w+)?|each layer(?: (?:by itself|alone|separately|on its own))?|(?:every|one) layer (?:by itself|alone|separately|at a time)|separate\w*"),
        better=BEATS,
        worse=LAGS,
        draft=drafts.draft_together,
        example="Quantizing all layers together is better than quantizing each layer separately.",
    ),
    Contrast(
        name="tuned_values",
        title="fine-tuning the shared values regains accuracy",
        paper=PAPER,
        probe="AnonReviewer1",
        needs=(
            words(r"fine-?tun\w+|re-?train\w+"),
            words(r"centroids?|(?:cluster )?cent(?:er|re)s|shared (?:values|weights)|codebooks?|k-?means|cluster(?:s|ed|ing)\b"),
        ),
        unless=(OTHER_PAPERS, words(r"hessian|curvature|uniform|initiali[sz]\w+|entropy|deep compression|prun\w+")),
        treatment=words(r"fine-?tun\w+(?: (?:of )?(?:the )?(?:\w+ )?(?:centroids?|cent(?:er|re)s|values|weights))?|re-?train\w+(?: (?:of )?(?:the )?(?:\w+ )?(?:centroids?|cent(?:er|re)s|values|weights))?"),
        baseline=words(r"(?:none|no fine-?tuning|without (?:it|fine-?tuning|re-?training)|as clustered|leaving them)"),
        expected=words(r"(?:re(?:gain|cover|store)s?|improv\w+|rais\w+|lift\w*|helps?|matters?|gains?|(?:larg|big|strong)\w* (?:effect|impact)|is (?:needed|necessary|important))\b"),
        level=words(r"(?:not|never) (?:help|matter|improve)\w*|(?:unnecessary|superfluous|makes no difference|(?:little|no) (?:effect|impact|gain|difference))"),
        draft=drafts.draft_tuning,
        example="Fine-tuning the shared values regains the accuracy that k-means clustering loses.",
    ),
    Contrast(
        name="linear_start",
        title="linear initialisation of k-means is better than density or random initialisation",
        paper=PAPER,
        probe="Deep Compression, Sec. 3.2",
        needs=(
            words(r"initiali[sz]\w+|init\b|starting points?|seeding|(?:linear|random|density)\w* starts?\b"),
            words(r"linear\w*|density|random\w*|forgy"),
            words(r"k-?means|cluster\w*|centroids?|weight[- ]sharing|shared (?:weights|values)|deep compression|codebooks?|linear(?:ly)? initiali[sz]\w+|(?:density|forgy)(?:-based)? (?:init\w*|starts?)"),
        ),
        unless=(words(r"mixture|gaussians?|prior\b|net\w* initiali[sz]\w+"),),
        treatment=words(r"linear(?:ly)?(?: (?:spaced |spread )?(?:initiali[sz]\w+|init|start\w*|seeding))?"),
        baseline=words(r"(?:(?:density|random|forgy)(?:-based|ly)?(?: and | or |, )?)+(?: (?:initiali[sz]\w+|init|ones?|start\w*))?|(?:the )?other (?:two|starts|initiali[sz]\w+|ones)"),
        draft=deep_compression_drafts.draft_start,
        example="In Deep Compression, linear initialisation of the centroids is better than density-based initialisation.",
    ),
    Contrast(
        name="deep_compression_accuracy",
        title="Deep Compression keeps the accuracy of the dense net",
        paper=PAPER,
        probe="Deep Compression, Table 1",
        needs=(
            words(r"deep compression|prun\w+,? (?:and |then |followed by |plus )?(?:k-?means|weight[- ]sharing|cluster\w+|trained quantization)[^.;]{0,30}huffman"),
            words(r"accura\w+|loss(?:less|y)?\b|los(?:e|es|ing)\b|degrad\w*|hurt\w*|harm\w*|drop\w*"),
        ),
        unless=(words(r"initiali[sz]\w+|uniform|soft|mixture|hessian|entropy-constrained|ecsq|alexnet|vgg|imagenet|\d+(?:\.\d+)? ?%? (?:on|top)"),),
        expected=words(LITTLE_LOST),
        treatment=words(r"deep compression|prun\w+,? [^.;]{0,60}huffman(?: cod\w+)?"),
        baseline=words(r"(?:the )?(?:dense|uncompressed|original|unpruned|full)(?: (?:net\w*|model|accuracy))?"),
        reversed=words(r"(?<!without )(?<!not )(?<!n't )(?<!never )(?<!no )(?:los(?:es?|ing)|costs?|drops?|degrad(?:es?|ing)|hurts?|harms?|reduc(?:es?|ing))\b"),
        draft=deep_compression_drafts.draft_pipeline,
        example="Deep Compression keeps the accuracy of the dense net.",
    ),
)  # fmt: skip
