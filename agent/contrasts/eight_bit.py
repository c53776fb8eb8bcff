"""Contrasts of Highly Efficient 8-bit Low Precision Inference (SklzIjActX) and of its reviewers."""

import re

from agent.claim_words import words
from agent.contrasts import eight_bit_drafts as drafts
from agent.contrasts.contrast import Contrast

_CHANNEL = r"(?:per|each)[- ](?:output[- ])?channel|channel[- ]?wise|(?:scales?|quanti\w+) (?:per|for each) channel|one scale (?:per|for each) (?:output )?channel"
_TENSOR = r"per[- ](?:tensor|layer)|(?:tensor|layer)[- ]wise|(?:a |one )?(?:single|shared|global|common) scal\w+(?: factor)?|one scal\w+(?: factor)?(?! (?:per|for each))"
_DEPTHWISE = r"mobile-?net\w*(?:[- ](?:style|like|type))?(?: (?:layers?|nets?|networks?|convolutions?|architectures?))?|depth-?wise(?:[- ]separable)?(?: (?:conv\w*|layers?|ones|filters?|kernels?))?"
_OTHERS = r"(?:normal|standard|regular|ordinary|full|dense|other|usual|conventional|traditional|point-?wise|non-?depthwise|1x1|remaining)(?: or \w+)? (?:conv\w*|layers?|ones|filters?|kernels?)|(?:the )?(?:others|rest|rest of the net\w*)\b"
_MORE = r"more|most(?:ly)?|larger|largest|bigger|biggest|greater|greatest|stronger|above all|especially|particular\w*|mainly|primarily|chiefly|crucial\w*|essential\w*|critical\w*|less|least|smaller|equally|same|differen\w+ (?:between|for)|depend\w*|only|just|also"
_INT8 = r"int-?[2-8]\b|(?:8|eight)[- ]bit(?! inference paper)|low[- ](?:numerical[- ])?precision|integers?(?:[- ]only)? (?:inference|arithmetic|net\w*)|integers?(?= (?:against|vs|versus)\b)"
_FLOAT = r"fp-?32|float(?:ing[- ]point)?(?:[- ]?32)?|32[- ]bit|full[- ]precision|dense (?:net\w*|model)|original (?:net\w*|model)|uncompressed (?:net\w*|model)"
_RETRAINING = r"(?:quantization|quantisation|training)[- ]aware(?: training| retraining| fine-?tuning)?|QAT|(?:re-?train|fine-?tun)\w*(?!-free)\b(?!-free)(?: (?:the )?net\w*)?"
_CALIBRATION = r"calibrat\w+(?: alone| only| pass)?|post-?training(?: quanti\w+)?|PTQ"
_RULES = r"KL(?:[- ]divergence)?|entropy|tensorrt(?:'s)?|percentiles?|(?<!max )clipp\w+"
_MINMAX = r"min(?:imum)?(?:-?/?| and | or |-and-| & )max(?:imum)?|max(?:imum)?(?:[- ]absolute)?[- ](?:range|value|calibration)|no clipping|without clipping|(?:full|whole) range"
_CUTS = r"KL(?:[- ]divergence)?[- ](?:calibrat\w+|clipp\w+|ranges?)|entropy[- ](?:calibrat\w+|ranges?)|percentile[- ]?(?:calibrat\w+|clipp\w+|ranges?)?|clipp\w+ (?:the |of )?(?:\w+ )?(?:activations|ranges?|outliers)"
_WINOGRAD = r"winograd|F\(2 ?[x×] ?2"
_FINE = r"(?:scales? )?(?:in|for|of|from) the (?:winograd|transform\w*)(?: domain| space| tensors?)?|(?:winograd|transform\w*)[- ](?:domain|space|tensor)s?(?: scales?)?|scales? (?:per|for each|a) (?:position|transformed \w+)|(?:separate|individual|own|several|16|sixteen|per[- ]position|position[- ]wise) scal\w+"
_COARSE = r"(?:a |one )?(?:single|shared|common|one|same) scal\w+|(?:in|of|from) the (?:spatial|input|original|untransformed)(?: domain)?|(?:spatial|input|original|untransformed)[- ](?:domain|space)(?: scales?)?"
_DIRECT = r"(?:direct|normal|standard|regular|ordinary|plain|usual)(?:[- ](?:int8|8[- ]bit))? conv\w*|direct (?:8[- ]bit|int8|one|computation|form)|im2col"
_FAST = r"fast\w*|speed\w*|slow\w*|latency|throughput|quick\w*|milliseconds?|ms\b|(?:less|more|inference|run) ?time"
_HERE = r"this (?:machine|cpu|computer|processor|laptop|server|box|hardware)|your (?:machine|cpu|computer|processor)|my (?:machine|cpu|computer|processor|laptop)|here\b|local\w*|onnx ?runtime|ORT\b|(?:than|over|against|versus|vs\.?|or) (?:the |in )?(?:fp-?32|float\w*|full[- ]precision)|fp-?32 (?:is|runs|was)"
_NAMED_HARDWARE = r"xeon|skylake|cascade ?lake|c5\.|intel\b|nvidia|gpus?\b|rtx|tesla|v100|a100|arm\b|mobile phone|snapdragon|socket|\d+(?:\.\d+)? ?(?:x|×|times|-?fold)\b|average|18 (?:cnns|net\w*|topologies)"
_ASYMMETRIC = (
    r"a-?symmetric\w*|(?:with |using |having )?(?:a |an )?zero[- ]points?|affine(?= (?:quanti\w+|grids?))|unsymmetric"
)
_SYMMETRIC = r"symmetric\w*|(?:without|no) zero[- ]points?"
_TOLD = r"expla\w+|describ\w+|understand\w*|patents?|techniques:|components?\b|figure \d"
"""Words of sentences that speak of a text, not of what a method does."""
_OTHER_PAPERS = r"prun\w+|spars\w+|k-?means|cluster\w*|mixture|weight[- ]sharing|hessian|huffman|obq\b|obc\b|gptq\b|rtn\b|round\w*[- ]to|adaround|2:4"


_PAPER = "SklzIjActX"
_LESS = words(
    r"(?:matter\w*|help\w*|gain\w*|need\w*|important|use\w*)?(?: \w+){0,3}? ?(?:less|least|smaller|smallest)\b"
)
_HARMLESS = words(
    r"(?:does|do|did|is|are)? ?(?:not|no longer|never) (?:\w+ )?(?:change|affect|alter|hurt|harm|degrade|lose|cost)\w*"
    r"|(?:changes?|alters?|affects?|costs?|loses?) (?:nothing|no \w+|hardly|little|at most|less than|under|only|within)|no (?:\w+ )?(?:change|effect|loss|drop|difference|degradation|impact)"
    r"|without (?:\w+ ){0,3}(?:change|effect|loss|losing|drop|degradation)|within \d|harmless|lossless\w*|equivalent|exact\w*|identical|the same|mathematically"
    r"|(?:negligible|minimal|little|small|tiny|at most|less than|up to|below|under) (?:\w+ ){0,2}(?:loss|drop|degradation|change|difference|effect|\d)"
    r"|(?:loses?|loss|drops?|costs?|degrad\w*|accuracy)(?: \w+){0,4} (?:at most|less than|below|under|up to|within|no more than|stays?|holds?|little|small|negligible|minimal)"
    r"|(?:keep|preserv|retain|maintain|hold)\w*(?: \w+){0,4}|enough|suffic\w+|works? (?:well|fine)|as (?:good|accurate|well) as"
)
_HARMFUL = words(
    r"hurt\w*|harm\w*|degrad\w*|damag\w*|destroy\w*|ruin\w*|unusable|useless|fails?\b|break(?:s|ing)?\b|collaps\w*|(?:significant|large|big|real|noticeable|considerable|serious) (?:\w+ ){0,2}(?:loss|drop|degradation|change)"
    r"|(?:loses?|costs?|reduces?|lowers?|drops?|changes?|alters?) (?:(?:the|much|some|a|its|any|significant|considerable|too) ){0,2}(?:\w+ )?(?:accuracy|performance|outputs?|results?|predictions?|scores?|points?)|accuracy (?:drops|falls|suffers|degrades|is lost)"
)
_EFFECT = r"chang\w*|affect\w*|effects?|impact|hurt\w*|harm\w*|accura\w+|los\w+|errors?|outputs?|results?|equivalen\w+|exact\w*|same|differ\w*|degrad\w*|nothing|free\b|costs?"
_RETRAINED_WITHOUT = re.compile(
    r"^(?!.*\b(?:QAT|aware|versus|vs|against|compar\w+|than|or|difference)\b).*\b(?:without|no|not|any|neither|need of)\b[^.]{0,20}(?:re-?train|fine-?tun)",
    re.IGNORECASE,
)

CONTRASTS = (
    Contrast(
        name="depthwise_needs_channel_scales",
        title="one scale per channel gains more on depthwise than on other layers",
        paper=_PAPER, probe="I1",
        needs=(words(f"{_CHANNEL}|{_TENSOR}"), words(_DEPTHWISE), words(f"{_MORE}|{_OTHERS}")),
        unless=(words(_FAST), words(_OTHER_PAPERS), words(_WINOGRAD)),
        treatment=words(_DEPTHWISE), baseline=words(_OTHERS), worse=_LESS,
        draft=drafts.draft_depthwise_gap,
        example="Channel-wise scaling matters more for depthwise convolutions than for the other layers.",
    ),
    Contrast(
        name="channel_scales_on_depthwise",
        title="on depthwise layers one scale per channel is better than one per tensor",
        paper=_PAPER, probe="I1",
        needs=(words(f"{_CHANNEL}|{_TENSOR}"), words(_DEPTHWISE)),
        unless=(words(_FAST), words(_OTHER_PAPERS), words(_WINOGRAD)),
        treatment=words(_CHANNEL), baseline=words(_TENSOR),
        draft=drafts.draft_depthwise,
        example="For depthwise convolutions one scale per channel is better than a single scale.",
    ),
    Contrast(
        name="integer_inference_loses_little",
        title="8-bit inference after calibration loses at most 0.6 points",
        paper=_PAPER, probe="I2",
        needs=(
            words(rf"{_INT8}|\d[- ]bits? (?:inference|activations)|activations (?:to|at|in|with|of) \d[- ]bits?"),
            words(rf"inference|activations|calibrat\w+|post-?training|int-?[2-8]\b[^.;]{{0,30}}without (?:re-?train|fine-?tun)\w*|{_FLOAT}"),
            words(r"accura\w+|los\w+|drops?|degrad\w*|hurts?|harm\w*|points?|lossless|as good|performance|usable|unusable|useless|fails?|break(?:s|ing)?|collaps\w*|works?"),
        ),
        unless=(words(_FAST), words(_OTHER_PAPERS), words(_WINOGRAD), words(_CHANNEL), words(_RULES), words(_SYMMETRIC), words(_ASYMMETRIC)),
        treatment=words(_INT8), baseline=words(_FLOAT), expected=_HARMLESS, reversed=_HARMFUL,
        draft=drafts.draft_loss,
        example="8-bit inference after calibration loses at most 0.6 points of accuracy without retraining.",
    ),
    Contrast(
        name="retraining_beats_calibration",
        title="a few epochs of retraining are better than calibration alone",
        paper=_PAPER, probe="I3",
        needs=(
            words(_RETRAINING), words(_CALIBRATION),
            words(rf"{_INT8}|\d[- ]bits?|quanti\w+|precision|inference|{_RETRAINING}"), words(r"\w"),
        ),
        unless=(_RETRAINED_WITHOUT, words(_OTHER_PAPERS), words(_FAST)),
        treatment=words(_RETRAINING), baseline=words(_CALIBRATION),
        draft=drafts.draft_retraining,
        example="Quantization-aware retraining is better than calibration alone at 8 bits.",
    ),
    Contrast(
        name="entropy_calibration",
        title="ranges that cut off large activations are better than the whole range",
        paper=_PAPER, probe="I3",
        needs=(words(rf"(?=.*(?:{_MINMAX})).*(?:{_RULES})|(?=.*\b(?:{_CUTS})).*\b(?:helps?|better|worse|matters?|gains?|worth|hurts?|improve\w*|needed|necessary|enough|suffic\w+|good)\b"), words(r"calibrat\w+|ranges?|clipp\w+|activations?|quanti\w+|bits?\b|int-?8")),
        unless=(words(_OTHER_PAPERS), words(_FAST)),
        treatment=words(rf"(?:{_RULES})(?: calibration)?"), baseline=words(rf"(?:{_MINMAX})(?: calibration)?"),
        draft=drafts.draft_rules,
        example="Entropy calibration, as in TensorRT, is better than min-max calibration.",
    ),
    Contrast(
        name="folding_is_harmless",
        title="folding batch normalisation changes nothing",
        paper=_PAPER, probe="I4",
        needs=(words(r"batch[- ]?norm\w*|BN\b"), words(r"fold\w*|merg\w*|fus\w+|absor\w*"), words(_EFFECT)),
        unless=(words(_FAST), words(_OTHER_PAPERS), words(_CHANNEL)),
        treatment=words(r"fold\w*|merg\w*|fus\w+|absor\w*"), baseline=words(r"unfolded|original|as trained|unmerged"),
        expected=_HARMLESS, reversed=_HARMFUL,
        draft=drafts.draft_folding,
        example="Folding batch normalisation into the convolutions changes nothing.",
    ),
    Contrast(
        name="fused_addition",
        title="an addition fused into the convolution loses less than one by itself",
        paper=_PAPER, probe="I4",
        needs=(words(r"fus\w+|unfused"), words(r"element[- ]?wise|eltwise|shortcuts?|skip[- ]connections?|residuals?|additions?|adds?\b|adding|sums?\b")),
        unless=(words(r"batch[- ]?norm\w*|BN\b"), words(_FAST), words(_OTHER_PAPERS), words(_TOLD)),
        treatment=words(r"fus\w+(?: \w+)?"), baseline=words(r"unfused(?: \w+)?|separate\w*(?: \w+)?|by itself"),
        draft=drafts.draft_fusion,
        example="Fusing the element-wise addition into the convolution is better than a separate addition.",
    ),
    Contrast(
        name="zero_points",
        title="grids with a zero point are better than symmetric ones",
        paper=_PAPER, probe="zero points",
        needs=(re.compile(rf"^(?:[^()]|\([^()]*\))*?(?<!\w)(?:{_ASYMMETRIC}|{_SYMMETRIC})", re.IGNORECASE), words(r"quanti\w+|grids?|scales?|bits?\b|int-?8|weights|activations?|ranges?"), words(rf"(?=.*(?:{_ASYMMETRIC})).*(?:{_SYMMETRIC})|better|worse|help\w*|matter\w*|los\w+|enough|suffic\w+|need\w*|gain\w*|hurt\w*|worth|cost\w*|accura\w+|difference|harm\w*")),
        unless=(words(_FAST), words(r"k-?means|cluster\w*|mixture|weight[- ]sharing|huffman|matri(?:x|ces)|positive|hessian (?:is|being)|kernel trick"), words(_WINOGRAD), words(_TOLD)),
        treatment=words(rf"(?:{_ASYMMETRIC})(?: (?:quanti\w+|grids?|scal\w+|activations?|weights|ones?|ranges?))*"), baseline=words(rf"(?:{_SYMMETRIC})(?: (?:quanti\w+|grids?|scal\w+|activations?|weights|ones?|ranges?))*"),
        draft=drafts.draft_zero_points,
        example="Asymmetric grids are better than symmetric ones at 3 bits.",
    ),
    Contrast(
        name="winograd_scales",
        title="8-bit Winograd is more exact with a scale for each transformed position than with one",
        paper=_PAPER, probe="I5",
        needs=(words(_WINOGRAD), words(r"scal\w+|domain")),
        unless=(words(_TOLD), words(r"per[- ]channel|channel[- ]wise")),
        treatment=words(_FINE), baseline=words(_COARSE),
        draft=drafts.draft_winograd_scales,
        example="8-bit Winograd has a smaller error with scales in the transformed domain than with one shared scale.",
    ),
    Contrast(
        name="winograd_against_direct",
        title="direct 8-bit convolution is more exact than 8-bit Winograd",
        paper=_PAPER, probe="I5",
        needs=(words(_WINOGRAD), words(rf"{_DIRECT}|accura\w+|errors?|los\w+|precise\w*|exact\w*|hurts?|degrad\w*|harm\w*|numerical\w*")),
        unless=(words(r"scal(?:e|es|ing)\b|domain"),),
        treatment=words(_DIRECT), baseline=words(rf"(?:int8|8[- ]bit)?[- ]?{_WINOGRAD}(?: conv\w*)?"),
        expected=words(r"(?:los\w+|hurt\w*|harm\w*|degrad\w*|reduc\w*|costs?)(?: \w+){0,3} (?:accura|precis|points?)\w*"),
        draft=drafts.draft_winograd,
        example="Direct 8-bit convolution is more accurate than 8-bit Winograd.",
    ),
    Contrast(
        name="int8_is_faster_here",
        title="8-bit inference is faster than float on this machine",
        paper=_PAPER, probe="I6",
        needs=(words(_INT8), words(_FAST), words(_HERE)),
        unless=(words(_NAMED_HARDWARE), words(_OTHER_PAPERS), words(_WINOGRAD)),
        treatment=words(_INT8), baseline=words(_FLOAT),
        better=words(r"(?:fast|quick)\w*|speed\w*|sav\w+ (?:\w+ )?time|(?:low|short|reduc|cut)\w* (?:\w+ )?(?:latency|time)|less time"),
        worse=words(r"slow\w*|(?:high|long|increas)\w* (?:\w+ )?(?:latency|time)|more time"),
        draft=drafts.draft_speed,
        example="Int8 inference is faster than fp32 on this machine.",
        speed=True,
    ),
)  # fmt: skip
