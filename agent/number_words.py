"""Whole numbers as people write them, in words or in digits. Pure."""

import re

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "sixteen": 16, "twenty": 20,
}  # fmt: skip

_TENS = {
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "eighteen": 18, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
# "Points" alone are as often a reviewer's points as percentage points.
_MEASURED = re.compile(
    rf"\b({'|'.join({**NUMBER_WORDS, **_TENS})})(?=[- ]?(?:fold|times|percent|per cent|percentage points|bits?|pages?|hours?|minutes?)\b)",
    re.IGNORECASE,
)


_SHARES = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "tenth": 10}
_OF = r"(?:of )?(?:the |all |its )*(?=(?:weights|parameters|activations|neurons|units)\b)"
_SHARE = re.compile(rf"\b(?:(?:a|one)[- ])?(half|(?<=\ba )(?:third|quarter|fifth|tenth)|(?<=\bone )(?:third|quarter|fifth|tenth)) {_OF}", re.IGNORECASE)  # fmt: skip
_HUNDREDS = re.compile(r"\b(?:a|one) (hundred|thousand)\b", re.IGNORECASE)


def in_digits(text: str) -> str:
    """The text with numbers before a unit in digits: "twelve-fold" is "12-fold", "a tenth of the weights" "10 % of the
    weights", "a hundred images" "100 images"."""
    text = _SHARE.sub(lambda m: f"{_SHARES[m.group(1).lower()]} % of the ", text)
    text = _HUNDREDS.sub(lambda m: "100" if m.group(1).lower() == "hundred" else "1000", text)
    return _MEASURED.sub(lambda m: str({**NUMBER_WORDS, **_TENS}[m.group(1).lower()]), text)


def whole_number(word: str) -> int:
    """The number that decimal digits or one of `NUMBER_WORDS` name."""
    return int(word) if word.isdecimal() else NUMBER_WORDS[word.lower()]


def in_words(number: int) -> str:
    """A count as a word up to ten, "more than ten" above: a count of the program's own, which no passage states."""
    return next((word for word, n in NUMBER_WORDS.items() if n == number), "more than ten" if number > 10 else "no")
