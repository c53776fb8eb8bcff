"""Contrasts of Optimal Brain Compression (ksVGCOlOEba) beyond its methods held against one baseline each."""

from agent.claim_words import words
from agent.contrasts import obc_drafts as drafts
from agent.contrasts.contrast import Contrast

_OBS = r"(?:exact[- ]?obs|(?:exact )?optimal brain surgeon|obs|obc|optimal brain compression)\b"
_MAGNITUDE = r"(?:magnitude|GMP)\b"
_GROWS = r"(?:grow|widen|increas|rise|larg|more|most|bigg|higher|especially|above all|particular)\w*"
_SHRINKS = r"(?!least[- ]squares)(?:shrink|narrow|decreas|fall|vanish|disappear|small|less|least)\w*"
_PAPER = "ksVGCOlOEba"
_LEVEL = r"(?:level|sparsit|ratio|bit|precision|width|budget|rate|compression|setting|amount)\w*"
_OWN = (
    rf"alloc\w+|non-?uniform\w*|dynamic programm\w+|mixed[- ](?:precision|sparsity)|unequal\w*|(?:layer[- ]?wise|per[- ]layer|layer[- ]specific) {_LEVEL}"
    rf"|(?:different|own|individual|separate|varying) (?:[\w-]+ )?{_LEVEL} (?:for|per|in|of|to) (?:each|every|the|different)(?: \w+)? layers?|{_LEVEL} (?:chosen |set |picked |found )?(?:per|for each) layer|(?:budget|FLOPs?|bits) (?:spread|divid|split|distribut)\w+"
)
_EVEN = rf"(?<!non-)(?<!non)(?:uniform|even|constant|equal)(?:ly)?(?: (?:[\w-]+ )?{_LEVEL}| prun\w+| quanti\w+| allocation)?|(?:the )?(?:same|one|a single|a fixed) (?:[\w-]+ )?{_LEVEL}(?:[- ]width)? (?:for|in|on|across|at|of) (?:all|every|each)(?: \w+)? layers?|everywhere"

CONTRASTS = (
    Contrast(
        name="pruning_order",
        title="ExactOBS is better than a magnitude mask with refit, and that than magnitude alone",
        paper=_PAPER, probe="O3",
        needs=(words(_OBS), words(drafts.REFIT), words(rf"{_MAGNITUDE}(?! mask)(?!-mask)(?: pruning)?"), words(r"order\w*|turn|then|followed by|which (?:in turn )?(?:beats|is better)|>|ahead of")),
        treatment=words(_OBS), baseline=words(rf"{drafts.REFIT}|{_MAGNITUDE}"),
        draft=drafts.draft_order,
        example="ExactOBS beats magnitude pruning with refit (AdaPrune), which in turn beats plain magnitude pruning at 75 % sparsity.",
    ),
    Contrast(
        name="gap_grows_with_sparsity",
        title="the gain of ExactOBS over magnitude pruning grows with sparsity",
        paper=_PAPER, probe="O3",
        needs=(words(rf"{_OBS}|(?:gap|gain|advantage|lead|margin|difference) (?:over|to|above)"), words(rf"{_MAGNITUDE}|{drafts.REFIT}|baselines?\b"), words(r"gap|gain|advantage|lead|margin|difference"), words(rf"(?:{_GROWS}|{_SHRINKS}|depend\w*|constant|same)"), words(r"spars\w+|prun\w+ (?:ratio|rate|level)")),
        treatment=words(r"high(?:er)? spars\w+|(?:with|at) (?:the |more )?spars\w+"), baseline=words(r"low(?:er)? spars\w+"),
        expected=words(rf"{_GROWS}(?= (?:\w+ ){{0,4}}(?:spars|with|at|as|when))|{_GROWS}\W*$"), reversed=words(rf"{_SHRINKS}(?= (?:\w+ ){{0,4}}(?:spars|with|at|as|when))|{_SHRINKS}\W*$"),
        draft=drafts.draft_gap,
        example="The gap between ExactOBS and magnitude pruning grows with sparsity.",
    ),
    Contrast(
        name="gap_grows_at_few_bits",
        title="the gain of OBQ over rounding is largest at few bits",
        paper=_PAPER, probe="O4",
        needs=(words(r"obq\b|optimal brain quanti\w+|gptq\b"), words(r"rtn\b|round\w*"), words(r"gap|gain|advantage|lead|margin|difference|matters?"), words(r"(?:few(?:er)?|low(?:er)?|less) (?:bits?\b|bit[- ]widths?|precision)|bit[- ]widths?|low[- ]bit")),
        treatment=words(r"(?:few(?:er)?|low(?:er)?|less)[- ](?:bits?|bit[- ]widths?|precision)"), baseline=words(r"(?:more|many|high(?:er)?)[- ](?:bits?|bit[- ]widths?|precision)"),
        expected=words(_GROWS), reversed=words(_SHRINKS),
        draft=drafts.draft_bits_gap,
        example="The gain of OBQ over round-to-nearest is largest at few bits.",
    ),
    Contrast(
        name="fixed_order",
        title="a fixed order of the weights is as good as the greedy one",
        paper=_PAPER, probe="O5",
        needs=(words(r"(?:fixed|given|arbitrary|any|same|column|natural|left[- ]to[- ]right) order|greedy order|order (?:of (?:the )?(?:weights|columns)|in which)"), words(r"greed\w+|obq\b|gptq\b|quanti\w+")),
        unless=(words(r"magnitude|prun\w+"),),
        treatment=words(r"(?:fixed|given|arbitrary|any|same|column|natural|left[- ]to[- ]right) order|gptq"), baseline=words(r"greed\w+(?: \w+)?|obq"),
        draft=drafts.draft_fixed_order,
        example="Quantizing the weights in a fixed order is no worse than the greedy order of OBQ at 3 bits.",
    ),
    Contrast(
        name="joint_beats_quantization_alone",
        title="pruning and quantization together are better than quantization alone at as many bits of weights",
        paper=_PAPER, probe="O6",
        needs=(words(r"prun\w+|2:4|spars\w+"), words(r"quanti\w+|bits?\b"), words(r"joint\w*|compound\w*|combin\w+|together|both|(?:prun\w+|2:4)[- ](?:and[- ])?then[- ]quanti\w+|prun\w+ (?:plus|\+|and|with) (?:then )?quanti\w+"), words(r"alone|only|single|either|each|fewer bits|lower bits|same (?:size|budget|bits|bops|number)|equal (?:size|budget|bits|bops)")),
        treatment=words(r"joint\w*(?: \w+)?|compound\w*(?: \w+)?|combin\w+(?: \w+)?|together|both|(?:prun\w+|2:4)[- ](?:and[- ])?then[- ]quanti\w+|prun\w+ (?:plus|\+|and|with) (?:then )?quanti\w+"), baseline=words(r"(?:quanti\w+|prun\w+|bits?|either|each)(?: \w+)? (?:alone|only)|alone|either|single"),
        unless=(words(r"los\w+|cost\w*|hurts?|degrad\w*|without|speed\w*|weight sharing|k-?means|huffman|activations?"),),
        draft=drafts.draft_joint,
        example="Pruning and quantization combined beat quantization alone at the same number of bits.",
    ),
    Contrast(
        name="compound_costs_little",
        title="2:4 pruning on top of quantization costs at most a point",
        paper=_PAPER, probe="O6",
        needs=(words(r"2:4|prun\w+|spars\w+"), words(r"quanti\w+|bits?\b"), words(r"joint\w*|compound\w*|combin\w+|together|on top of|added to|both|beyond|then quanti\w+"), words(r"(?:los\w+|costs?\b|hurts?|harm\w*|degrad\w*|preserv\w+|keeps?)")),
        treatment=words(r"joint\w*(?: \w+)?|compound\w*(?: \w+)?|combin\w+(?: \w+)?|together|both|2:4"), baseline=words(r"(?:quanti\w+|bits?)(?: \w+)? (?:alone|only)|alone"),
        unless=(words(r"weight sharing|k-?means|huffman|activations?|mixture|fine-?tun\w*|retrain\w*|MACs?\b"),),
        expected=words(r"(?:los\w+|costs?|hurts?|degrad\w*)(?: \w+){0,4} (?:little|hardly|nothing|small|negligible|at most|less than|no)|(?:little|small|no|negligible|hardly|barely)(?: \w+){0,3} (?:loss|accuracy|costs?|degradation|loses?)|without (?:much )?(?:loss|accuracy)"),
        draft=drafts.draft_compound,
        example="2:4 pruning combined with 4-bit quantization loses little accuracy against 4-bit quantization alone.",
    ),
    Contrast(
        name="independent_layers",
        title="layers compressed independently are as good as one after the other",
        paper=_PAPER, probe="O7",
        needs=(words(r"independent\w*|layer[- ]wise|layer by layer|each layer (?:by itself|alone|separately)|sequential (?:\w+ )?(?:of )?(?:the )?layers?"), words(r"sequential\w*|one after (?:the other|another)|in sequence|compressed (?:inputs|activations)|previous layers|propagat\w+|accumulat\w+")),
        treatment=words(r"independent\w*(?: \w+)?"), baseline=words(r"sequential\w*(?: \w+)?|one after (?:the other|another)|in sequence"),
        unless=(words(r"winner|static|dynamic|mixture|out-channels|nodes?\b|gradients?"),),
        draft=drafts.draft_independent,
        example="Compressing the layers independently is no worse than compressing them sequentially.",
    ),
    Contrast(
        name="rows_decouple",
        title="pruning the rows of a layer one by one is the same as together, and their errors add up",
        paper=_PAPER, probe="O2",
        needs=(
            words(r"rows?\b|row[- ]wise"),
            words(r"(?:de|un)coupl\w+|independen\w+|separa\w+|interact\w*|one by one|one at a time|by itself|alone|add(?:s|ed)? up|sums?\b|summ\w+"),
            words(r"prun\w+|errors?\b|loss\w*|compress\w+|obs\b|hessian|layers?"),
        ),
        unless=(words(r"table|tables|columns? (?:are|is) (?:not )?bold|winner|mixture|k-?means|scales?\b|invers\w+"),),
        treatment=words(r"(?:each |every |the |single )*rows?(?: \w+)? (?:alone|one by one|one at a time|by (?:itself|themselves)|separately|independently|apart)|row[- ]wise(?: \w+)?|row by row|(?:the )?sum (?:of|over) (?:the |all )?(?:\w+ )?rows?(?: errors?)?"),
        baseline=words(r"(?:all (?:of )?(?:the )?)?rows? (?:together|jointly|at once)|(?:the )?whole layers?|(?:all )?together|jointly|(?:the )?layer'?s(?: \w+)? errors?"),
        expected=words(r"decoupl\w+|(?:the )?same|exact\w*|equals?\b|(?:is|are) (?:the )?sums?|adds? up|sums? (?:up )?to|independent(?:ly)?|separable|separates?|(?:no|without|lose nothing|loses nothing)(?: \w+)? (?:loss|interaction)|do(?:es)? not interact"),
        reversed=words(r"(?<!not )(?<!no )(?<!n't )interacts?\b|(?<!de)(?<!un)coupled|not (?:the )?(?:same|independent|separable|exact)|approximat\w+|ignores?\b|inexact"),
        draft=drafts.draft_rows,
        example="The rows of a layer decouple: pruning them one by one gives the same as together, and their errors add up to the layer's.",
    ),
    Contrast(
        name="allocated_levels",
        title="a level for each layer is better than one for all at the same cost",
        paper=_PAPER, probe="Sec. 6",
        needs=(words(_OWN), words(_EVEN), words(r"spars\w+|prun\w+|bits?\b|precision|quanti\w+|compress\w+|levels?|FLOPs?\b|budgets?"), words(r"\w")),
        unless=(words(r"k-?means|cluster\w*|huffman|codebooks?|entropy|winner|mixture|gaussians?|prior\b|scales?\b|codes?\b|shared values?|calibrat\w+"),),
        treatment=words(_OWN), baseline=words(_EVEN),
        draft=drafts.draft_levels,
        example="Does allocating sparsity per layer beat a uniform sparsity at the same FLOPs?",
    ),
    Contrast(
        name="exact_downdate",
        title="downdating the inverse Hessian is as exact as inverting anew",
        paper=_PAPER, probe="O1",
        needs=(words(r"invers\w+|inverting"), words(r"hessian|(?:down|up)dat\w+ (?:of )?the inverse|invert\w+ (?:again|anew)"), words(r"(?:down|up)dat\w+|lemma 1|row and column|remov\w+|eliminat\w+"), words(r"(?:in)?exact(?:ly|ness)?\b(?![- ]?(?:obs|greedy|optimal))|numerical\w*|same numbers?|(?:un)?stable|precis\w+|drift\w*|(?:rounding|accumulat\w+) errors?|errors? accumulat\w+")),
        treatment=words(r"(?:down|up)dat\w+(?: \w+)?|lemma 1"), baseline=words(r"(?:recomput|invert)\w*(?: \w+)?|anew|direct(?: \w+)?"),
        expected=words(r"(?:as )?exact(?:ly|ness)?\b(?![- ]?obs)|no (?:numerical )?(?:error|drift)|stable|same"), reversed=words(r"inexact|drifts|unstable|numerical errors? (?:grow|accumulat)\w*"),
        draft=drafts.draft_downdate,
        example="Downdating the inverse Hessian when a weight is removed is exact.",
    ),
)  # fmt: skip
