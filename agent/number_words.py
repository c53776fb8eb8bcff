"""Whole numbers as people write them, in words or in digits. Pure."""

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "sixteen": 16, "twenty": 20,
}  # fmt: skip


def whole_number(word: str) -> int:
    """The number that decimal digits or one of `NUMBER_WORDS` name."""
    return int(word) if word.isdecimal() else NUMBER_WORDS[word.lower()]


def in_words(number: int) -> str:
    """A count as a word up to ten, "more than ten" above: a count of the program's own, which no passage states."""
    return next((word for word, n in NUMBER_WORDS.items() if n == number), "more than ten" if number > 10 else "no")
