"""The words of claims: methods, comparisons, negations, and what the engine does not hold. Tables only."""

import re
from dataclasses import dataclass
from typing import Literal

Relation = Literal["better", "worse", "same", "not_worse", "unneeded", "compared", "holds", "loses"]
"""What a sentence says of its subject. `compared`: it sets two things side by side and states no direction."""


class Untestable(ValueError):
    """Nothing can be run for a sentence; the message says why, for the person who wrote it."""


def words(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words, in any case."""
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


@dataclass(frozen=True)
class Method:
    """A method as people write it, with the engine's name and title for it."""

    name: str
    title: str
    family: str  # prune | quantize
    pattern: re.Pattern[str]
    usual: str = ""
    """What it is compared with where a sentence names no method."""


METHODS = (
    Method("magnitude_refit", "magnitude mask + least-squares refit", "prune", words(
        r"(?:global )?magnitude[^.,;]{0,25}(?:refit|least[- ]squares|reconstruct)\w*(?: (?:refit|update|reconstruction)\b)?|(?:global )?adaprune\b|(?:mask[- ]then[- ])?refit\w*\b|least[- ]squares (?:refit|update|reconstruction)"), "magnitude"),
    Method("exact_obs", "ExactOBS", "prune", words(
        r"exact[- ]?obs\b|exact optimal brain surgeon\b|obs\b|optimal brain surgeon|obc\b|optimal brain compression|second[- ]order pruning|hessian[- ]based pruning|second[- ]order(?= ?(?:$|[,.;:?!)/]|at \d|(?:vs|versus|against|or|than|beats?|wins?)\b))"
        r"|exact (?:greedy )?solver|exact(?= (?:or|vs|versus|against)\b)|(?<=\bor )exact\b(?! \w)|(?<=\bvs )exact\b(?! \w)|(?<=\bagainst )exact\b(?! \w)"), "magnitude"),
    Method("magnitude", "magnitude pruning", "prune", words(
        r"(?:global )?magnitude(?:[- ]based)?(?: weight)?(?:[- ](?:pruning|prune[sd]?|baseline))?\b|GMP\b"), "exact_obs"),
    Method("sparsegpt", "SparseGPT", "prune", words(r"sparse ?gpt\b"), "magnitude"),
    Method("gptq", "GPTQ", "quantize", words(r"gptq\b|optq\b"), "rtn"),
    Method("obq", "OBQ", "quantize", words(r"obq\b|optimal brain quantiz\w+|second[- ]order quantiz\w+"), "rtn"),
    Method("rtn", "round-to-nearest", "quantize", words(
        r"rtn\b|round(?:ing)?[- ]to[- ](?:the[- ])?nearest|(?:naive|plain|simple|direct) (?:rounding|quantization|quantisation)|rounding\b(?! error)"), "obq"),
)  # fmt: skip
TITLES = {method.name: method.title for method in METHODS} | {"dense": "dense"}

DENSE = words(
    r"(?:the |its |their )?(?:dense|uncompressed|unpruned|unquantized|original|full[- ]precision|fp32|float32|32[- ]bit)"
    r"(?: (?:net\w*|model|baseline|weights?|counterpart|one))?\b(?! \w*(?:prun|quantiz))"
)
PER_CHANNEL = words(
    r"per[- ]channel|channel[- ]wise|one scale (?:per|for each) channel|scales? (?:per|for each) channel"
)
PER_TENSOR = words(
    r"per[- ]tensor|per[- ]layer scal\w+|tensor[- ]wise (?:scal|quantiz)\w*|layer[- ]wise scal\w+|one scale (?:per|for each) (?:tensor|layer)"
    r"|(?:a )?single scal\w+(?: factor)?|one scal\w+(?: factor)?(?! (?:per|for each))"
)
NOT_A_CONTESTANT = re.compile(
    r"\b(?:despite (?:their|its)|orders? of|in) $|\b(?:authors?|experiments?|baselines?|abstract|versions?|times|models?|variants|paper|title|tables?) of(?: the)? $",
    re.IGNORECASE,
)

QUANTIZERS = tuple(method.name for method in METHODS if method.family == "quantize")
PATTERN_METHODS = {name: f"{name}_nm" for name in ("exact_obs", "magnitude", "magnitude_refit", "sparsegpt")}
"""The engine's name for a pruning method at N:M sparsity."""

COMPETITORS = r"XNOR(?:-?Net)?|DoReFa\w*|HAWQ\w*|OmniQuant|SmoothQuant|QuIP\w*|RigL|SynFlow|GraSP|AdaRound|AdaQuant|BRECQ|BitSplit|L-OBS|TensorRT|deep compression|Dynamic Network Surgery"
ACCURACY = words(
    r"accura\w+|top-?[15]\b|mAP\b|F1\b|perplexity|errors?\b|perform(?:s|ed|ance)?\b|points?\b"
    r"|los(?:s|ses|e|es|t)\b(?! of (?:speed|time))|degrad\w*|hurts?\b"
)
# What a sentence may claim and no run here can tell: pattern, name, why.
SPEED = (
    r"speed[- ]?ups?\b|latency\b|throughput\b|wall[- ]?clock|(?:fast|slow|quick)er\b(?! (?:\w+ )?learn)|inference time|run[- ]?times?\b|\d+ (?:minutes|hours)\b|(?:less|more) time\b|longer to run\b|\d+(?:\.\d+)? ?ms\b",
    "speed",
    "which this engine does not run; that would need the named hardware and kernels",
)
QUANTITIES = (
    SPEED,
    (r"(?:on|for|with) (?:an? |the )?(?:nvidia |intel |arm )?(?:[VAH]100|T4|RTX ?\d+|Xeon|Jetson|TPU|FPGA|GPU|Snapdragon|phone|mobile phone)s?\b", "named hardware", "which is not here; the speed of 8 bits or of masks on this machine can be measured"),
    (r"BOPs?\b|bit-operations|MACs?\b|FLOPs?\b|theoretical operations|operation counts?|(?:fewer|less|more) operations", "operation counts at a given budget", "which are those of the paper's own net; that would need this net and its budget layer by layer"),
    (r"compression (?:rate|ratio)|model size|file size|storage|(?<!margin )(?<!error )smaller (?:files?|models?|net\w*|size)|compact\b|less memory|memory footprint|\d+(?:\.\d+)?[- ]?(?:x|fold|times) (?:smaller|compression)", "a storage ratio", "which is that of the paper's own net; that would need this net, its storage format and its coder"),
)  # fmt: skip
# What defines a claim: without it nothing of the claim is left to test. The comparisons of these are in `contrasts`.
DEFINING = (
    (r"winograd", "8-bit Winograd convolution", "but holds nothing against it; direct 8-bit convolution and the kinds of its scales can be"),
    (r"huffman|entropy[- ]cod|ecsq|entropy[- ]constrained", "entropy-coded quantization", "but holds nothing against it; k-means, uniform quantization and fixed-length codes can be, at one ratio"),
)  # fmt: skip
# The same for what two methods of the engine can be compared beside, whatever else a sentence names of these.
ABSENT = (
    (r"hessian[- ]weighted|k-?means\b|weight[- ]sharing|cluster", "clustered weights (k-means, weight sharing)", "but holds nothing against them; other weightings, starts and codes and uniform quantization can be"),
    (r"mixture (?:of gaussians|prior|components?)|soft weight|hyper-?prior|empirical bayes", "soft weight-sharing", "but holds nothing against it; k-means after pruning and parts of it left out can be"),
    (r"activation (?:mask|prun|spars)\w*|winner[- ]rate|integral pruning|dynamic (?:mask|threshold|activation)|IP(?:net|AW)?\b", "activation pruning by winner rate", "but holds nothing against it; weight pruning alone, static thresholds and whole units can be"),
    (r"(?:group|channel|filter|structured|feature[- ]map)[- ]pruning|prun\w+ (?:of )?(?:whole |entire )?(?:groups?|channels?|filters?|feature maps?)", "group or channel pruning", "but holds nothing against it; integral pruning to as many multiplications can be"),
    (rf"(?:{COMPETITORS})\b", "a named competitor that is not implemented here", "which this engine does not run; that would need an implementation of that competitor"),
    (r"retrain\w*|fine-?tun\w+|quantization[- ]aware|QAT\b", "retraining or fine-tuning after compression", "but not of a method that the engine retrains; pruning in rounds, shared values, winners and 8-bit nets are"),
    (r"(?:product|vector|residual|additive) quanti[sz]\w+|low[- ]rank\w*|distill\w+|binari[sz]\w+|ternar\w+|hash(?:ing|ed)\b|lottery\w*|dropout\w*|weight decay|stochastic rounding", "a method that is not implemented here", "which this engine does not run; that would need an implementation of it"),
    (r"anneal\w+ (?:of )?tau\b|tau anneal\w+|KL (?:merg\w+|threshold)|merg\w+ (?:step|by KL)|(?:init\b|initiali[sz]\w+|start\w*) of (?:the )?(?:means|mixture|variances|components)|(?:means|mixture|variances|components) initiali[sz]\w+", "a part of soft weight-sharing", "which this engine holds fixed; tau, the mixture's learning rate, the number of components, the hyper-priors and the sampling of weights can be varied"),
    (r"(?:concatenation|pooling)\b", "concatenation or pooling in integers", "which no net here has with a choice to compare; channel scales, calibration, folding, fused additions and Winograd can be"),
    (r"(?:adadelta|adagrad|rmsprop|sgd|momentum)\b", "the optimizer", "which this engine holds fixed"),
    (r"batch[- ]norm\w* fold|calibration (?:method|step|process|procedure)|int8 (?:activations?|arithmetic)|quantiz\w+ (?:of )?activations", "8-bit activations", "but holds nothing against them; the dense net, other ways to calibrate and retraining can be"),
)  # fmt: skip
WITHOUT_RETRAINING = words(r"(?:without|no|not|any|need of)\b[^.]{0,20}(?:re-?train|fine-?tun)")
LITTLE_LOST = r"(?:los|cost|drop|degrad|hurt|harm|reduc)\w* (?:the |its )?(?:no\b|little|hardly any|almost no|nothing|hardly|less than|at most|no more than|under|below|only)|(?:without|no|little|minimal|negligible|hardly any)(?: \w+)? (?:loss|drop|degradation|harm)|(?:keep|preserv|maintain|retain)\w*(?: \w+){0,3} accuracy|lossless\w*|harmless"
"""That hardly anything is lost, where accuracy is what is spoken of."""
MUCH_LOST = r"(?:hurt|harm|degrad|damag|destroy|ruin)\w*|(?:los|cost|reduc|lower|drop)\w* (?:a lot of |much |some |too much |considerable |the )?accuracy|accuracy (?:drops?|falls?|suffers?|collapses?)|unusable|useless"
JUDGEMENT = words(r"theor\w+|novel\w*|clear\w*|writ\w+|motivat\w*|convinc\w*|ethic\w*")

_LOSS = r"los(?:es?|s|ses|t|ing)|loo?s(?:es|ing)|costs?|drops?|degrad\w*|hurts?|damag\w*|suffers?|errors?"
_WORD = r"(?: [\w.%-]+){0,4}?"
# How one method stands to another. The cue between the two counts first; at the same place, the longest.
COMPARISONS: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    ("better", words(rf"(?:{_LOSS}){_WORD} (?:less|smaller|lower|fewer)\b(?! than \d)|(?:less|smaller|lower|fewer){_WORD} (?:loss|losses|drop|degradation|errors?|damage)\b")),
    ("worse", words(rf"(?:{_LOSS}){_WORD} (?:more|larger|greater|higher)\b(?! than \d)|(?:more|larger|greater|higher){_WORD} (?:loss|losses|drop|degradation|errors?|damage)\b")),
    ("better", words(r"beat(?:s|ing)?\b|outperform(?:s|ed|ing)?\b|better\b|best\b|superior\b|higher\b|more accurate\b|ahead of\b|wins?\b|improve\w*|surpass(?:es|ing)?\b|exceed(?:s|ing)?\b|prefer\w*|gains?\b|buys? (?:\w+ ){0,2}over\b|(?:adds?|brings?|buys?) (?:anything|something|much)\b|leav\w+ [\w -]{1,30} behind\b|helps?\b|matters?\b|needed\b|need for\b|necessary\b|important\b|advantage\b|leads?\b|stronger\b|keeps? more\b|reduc\w+ (?:the )?(?:\w+ ){0,2}errors?\b")),
    ("worse", words(r"worse\b|worst\b|no match for\b|loses? against\b|(?:falls?|comes? out) (?:far |well )?behind\b|fatal\b|(?:hopeless|useless|unusable|dead|poor|bad|terrible|awful|disastrous|catastrophic)(?:ly)?\b(?! (?:pruned|trained))|inferior\b|below\b|behind\b|lower accuracy\b|accuracy (?:\w+ ){0,3}(?:lower|below)\b|underperform\w*|less accurate\b|less well\b|loses? (?:out )?to\b|weaker\b|trails?\b|falls? short of\b|(?:is|are|was|were|be|been|being|gets?|got)(?: \w+){0,2} (?:outperformed|beaten|surpassed|exceeded|bested|outdone|improved (?:up)?on)\b")),
    ("not_worse", words(r"(?:no|not|never|isn't|aren't)(?: \w+)? worse\b|at least as (?:good|accurate|well)\b|(?:as|equally|just as) (?:good|accurate|exact|precise)\b|(?:equally|just as) well\b|as well(?= as\b)|(?:do|does|did|works?|performs?|serves?|fares?) as well\b|(?:would|will|could) (?:already |also )?(?:do|suffice)\b(?= (?:at|with|for|too|just|already|fine)|\W*$)|match(?:es|ed|ing)?\b|keeps? up with\b|explains?\b|accounts? for\b|enough\b|suffic\w+")),
    ("same", words(r"on par\b|clos(?:es?|ing) the gap\b|(?:no|closed) gap\b|gap (?:\w+ )?(?:closes|vanishes|disappears|is gone)\b|equal(?:s|ly)?\b(?! (?:good|accurate|well))|same\b|comparable\b|similar\w*|no difference\b|level with\b|close to\b|within \d")),
    ("unneeded", words(r"unnecessary|superfluous|redundant|dispensable|unneeded|pointless|overkill|not worth\b|(?:adds?|brings?|buys?|gains?|contributes?|helps?) (?:nothing|little|hardly)\b|makes? no difference")),
    ("compared", words(r"against\b|versus\b|vs\b|compar(?:e[sd]?|ing|ison)\b|difference between\b|gap between\b|while\b|whereas\b|instead of\b|in place of\b|rather than\b|next to\b|side by side\b")),
)  # fmt: skip
# What one method does to the net: accuracy holds, or is lost.
EFFECTS: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    ("holds", words(r"(?:no|without(?: any)?|negligible|minimal|little|hardly any)(?: \w+)? (?:loss|drop|losing|degradation|damage)\b|(?:los\w+|costs?) (?:no|little|hardly any) (?:\w+ )?accuracy|lossless\w*|harmless\b|(?:preserv|retain|maintain)\w*(?: \w+){0,4} (?:accuracy|performance)\b|keep\w* \d+(?:\.\d+)? ?(?:%|percent) of (?:the |its )?(?:\w+ )?(?:accuracy|performance)\b|keep\w*(?: \w+){0,3} (?:accuracy|performance)\b|accuracy (?:is )?(?:held|holds|kept|preserved|retained|maintained|survives|unchanged)\b|(?:holds?(?: up)?|survives?|works?|suffices?)(?: well| fine)? (?:at|under|down to|to|with (?=\d|only|few|low))\b")),
    ("loses", words(r"(?:hurt|harm|degrad|(?<!brain )damag|destroy|ruin|worsen|collaps)\w*|(?:los(?:e[sd]?|ing|t)|cost(?:s|ing)?|reduc(?:e[sd]?|ing)|lower(?:s|ed|ing)|drop(?:s|ped|ping)?|suffer(?:s|ed|ing)?)\b(?= [^.;]{0,40}\b(?:accuracy|performance|points?|top-?1)\b| \d[\d.]* ?%)|accuracy (?:drops?|falls?|suffers?|collapses?|degrades?|is lost)\b|performs? (?:poorly|badly)\b|breaks? down\b|fails? (?:at|below|above|beyond)\b")),
)  # fmt: skip
# Something unnamed that a named method is held against.
OTHERS = words(
    r"(?:than|against|versus|vs|over|beats?|outperforms?|surpasses|exceeds|ahead of|superior to|behind|inferior to)\b[^.;]{0,25}\b"
    r"(?:others?|baselines?|methods?|approach\w*|pruner\w*|prun\w+|quantiz\w+|competitors?|alternatives?|earlier|prior|previous|state of the art)"
    r"|(?:higher|lower|better|worse) (?:top-?1 |test |layer )?(?:accuracy|errors?)"
)
NEGATED_BEFORE = re.compile(
    r"(?:(?:\bnot(?! only)|n't|\bnever|\bcannot|\bfail(?:s|ed)? to|\bnor|\bneither|\bhardly)(?: [\w-]+){0,3}|\bno(?: [\w-]+)?|\bno longer) $",
    re.IGNORECASE,
)
DOUBTED = words(
    r"doubt(?:s|ed|ful)?\b(?!less)|questions? (?:whether|that|the)|questionable|disput\w+|not convinced|unconvinced|s[ck]eptical|unlikely|not (?:true|clear|the case|certain)|isn't true|untrue|false that|unclear|no evidence|(?:not|n't) (?:think|believe)|contrary to|den(?:y|ies) that"
)
# "Compared with X, Y ...": X is what Y is held against though it comes first.
HELD_AGAINST = re.compile(
    r"(?:^|[,;:(] ?|\b(?:that|whether|if|and|but) )(?:when |as )?(?:compared (?:with|to)|(?:going|moving|switching|changing|passing) from|unlike|relative to|versus|in contrast (?:to|with)|in comparison (?:with|to)|by comparison with|contrary to|against|over|than)(?: the| a| an| plain| simple)* $",
    re.IGNORECASE,
)
HELD_TO_COMPETITOR = words(
    rf"(?:\w+ )?(?:behind|below|ahead of|above|(?:better|worse|higher|lower) than|against) (?:{COMPETITORS})\b[^,;.]*(?:\.\d+)?"
)
OBJECT_BEFORE = re.compile(
    r"\b(?:than|against|versus|vs\.?|over|beats?|outperforms?|surpasses|exceeds|ahead of|superior to|behind|inferior to|unlike|compared (?:with|to)|by)(?: the| a| an| plain| simple| global| standard)* $",
    re.IGNORECASE,
)
JOINED = re.compile(
    r"\s*(?:,|,? ?(?:and|or|nor|as well as|&|/))(?: (?:the|a|an|also|both|plain|global))*\s*", re.IGNORECASE
)
SAME_SETTING = words(
    r"(?:at|for|to|with|under|on|using|given|of) (?:an? |the |exactly )*(?:same|equal|similar|comparable|matched|given|identical) (?!accura|error|perform|loss|top|quality)[\w-]+(?: (?:ratio|level|budget|width|reduction|count))?"
    r"|(?:MACs?|counts?|costs?|operations|ratios?|budgets?|sizes?)(?: count)? (?:is|are|being) (?:the )?(?:same|equal)\b"
    r"|(?:same|equal) (?:MACs?|FLOPs?|bits|size|ratio|budget|sparsity|number)\b"
    r"|in (?:the|a|much the) (?:same|similar) (?:way|manner|fashion)\b"
)
SAME_ACCURACY = words(
    r"at (?:an? |the )?(?:same|equal|comparable|similar|matched) (?:[\w-]+ )?(?:accura\w+|errors?|performance)"
)
STATED_RATIO = words(
    r"(?:\d+(?:\.\d+)?[- ]?(?:x|×|times|fold)\b|compress\w* (?:rates?|ratios?|factors?) (?:of|is|at|=) ?\d+(?:\.\d+)?|(?:ratio|factor|rate) of \d+(?:\.\d+)?)"
)
"""A compression ratio of somebody's net, in figures."""
OWN_RATIO = (
    "The stated ratio is that of the paper's own net: a small net has a ratio of its own, which its tables and shared values "
    "weigh down, so ours says nothing of it; what is tested is the direction behind it."
)
BUDGET = words(
    r"(?:at|for|under|with|to) (?:an? |the )?(?:same |equal |given |fixed |matched |\d+(?:\.\d+)?[x×] )*(?:FLOPs?|BOPs?|MACs?|compression (?:rate|ratio)|model size|storage|latency|speed-?up)(?: reduction| budget| count| target)?"
)
LAYER_ERROR = words(r"layer(?:[- ]?wise)? (?:output )?errors?|reconstruction errors?|output errors?|squared errors?")
OTHER_MODEL = words(
    r"(?:ImageNet|ResNet-?\w*|AlexNet|VGG-?\w*|BERT\w*|YOLO\w*|CIFAR-?\d*|COCO|SQuAD|MobileNet\w*|Inception\w*|LeNet-?\w*|OPT-\w+|GPT(?!Q)\w*|transformers?|language models?|MLP-\d|ConvNet-\d|wide ResNet)\b"
)
