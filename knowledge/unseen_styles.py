"""Whether the attributes of an HTML element keep what stands in it from being seen on a white page."""

import re

NOT_SHOWN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden|opacity\s*[:(]\s*0*(?:\.0\d*|0?\.0+)?%?\s*(?=[;)\"'\s]|$)"
    r"|(?:^|\s)hidden(?:\s|=|/|$)|type\s*=\s*[\"']?hidden|(?:text-indent|(?<![-\w])left|(?<![-\w])top|margin-left|margin-top)\s*:\s*-(?:\d{4,}|\d{3,}(?=em|rem|vw|vh|cm|%))"
    r"|text-indent\s*:\s*-\d{3,}|clip(?:-path)?\s*:\s*(?:rect\(\s*0\w*[\s,]+0\w*[\s,]+0\w*[\s,]+0\w*\s*\)|inset\(\s*(?:50|100)%|circle\(\s*0)|scale(?:[xy3d]{0,2})\(\s*0*(?:\.0\d*)?\s*[,)]"
    r"|(?=[^\"']*overflow\s*:\s*hidden)(?=[^\"']*(?<![-\w])(?:max-)?(?:height|width)\s*:\s*0*[01]?(?:px|em|rem|%)?\s*(?:[;\"']|$))",
    re.IGNORECASE,
)
SIZE = re.compile(
    r"font(?:-size\s*:|\s*:[^;\"']{0,60}?(?<![\w.]))\s*(\d*\.?\d+)(px|pt|em|rem|ex|ch|%|vw|vh|mm|cm)?(?=[\s;\"'/]|$)",
    re.IGNORECASE,
)
SMALLEST = {
    "": 2.0,
    "px": 2.0,
    "pt": 2.0,
    "em": 0.17,
    "rem": 0.17,
    "ex": 0.3,
    "ch": 0.3,
    "%": 17.0,
    "vw": 0.15,
    "vh": 0.2,
    "mm": 0.7,
    "cm": 0.07,
}
"""Sizes of letters under which nobody reads, two points in each unit."""
COLOUR = re.compile(
    r"(?<![-\w])color\s*[:=]\s*[\"']?\s*(#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]{0,60}\)|[a-z]+)", re.IGNORECASE
)
GROUND = re.compile(
    r"(?:background(?:-color|-image)?|bgcolor)\s*[:=]\s*[\"']?\s*(#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]{0,60}\)|[a-z]+)",
    re.IGNORECASE,
)
PALE_NAMES = frozenset(
    "white snow ivory ghostwhite floralwhite mintcream azure aliceblue whitesmoke seashell honeydew lavenderblush oldlace linen transparent".split()
)
PALE = 224
"""Each of red, green and blue is so high at least where letters change a white page by less than 32 of 255."""


def is_unseen(attributes: str) -> bool:
    """Whether an element with these attributes is not shown, or is set too small or too pale to be read."""
    if NOT_SHOWN.search(attributes):
        return True
    if any(float(size[1]) < SMALLEST[(size[2] or "").lower()] for size in SIZE.finditer(attributes)):
        return True
    colours = [match[1] for match in COLOUR.finditer(attributes)]
    ground = GROUND.search(attributes)
    return any(map(is_pale, colours)) and not (ground and not is_pale(ground[1]))


def is_pale(colour: str) -> bool:
    """Whether letters of a colour of CSS cannot be read on white."""
    colour = colour.strip().lower()
    if colour in PALE_NAMES:
        return True
    if colour.startswith("#"):
        digits = colour[1:]
        if len(digits) in (3, 4):
            digits = "".join(digit * 2 for digit in digits)
        parts = [int(digits[at : at + 2], 16) for at in range(0, len(digits) - 1, 2)]
        return len(parts) >= 3 and (min(parts[:3]) >= PALE or (len(parts) == 4 and parts[3] < 32))
    if not (match := re.match(r"(rgb|hsl)a?\(([^)]*)\)", colour)):
        return False
    values = re.findall(r"(\d*\.?\d+)(%?)", match[2])
    if len(values) == 4 and float(values[3][0]) / (100 if values[3][1] else 1) < 0.12:
        return True
    if len(values) < 3:
        return False
    if match[1] == "hsl":
        return float(values[2][0]) >= 88
    return all(float(value) * (2.55 if share else 1) >= PALE for value, share in values[:3])
