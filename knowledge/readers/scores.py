"""Ratings and confidences: as a person writes them, and as review sites export them."""

import re
from dataclasses import replace

from knowledge.errors import UnreadableFile
from knowledge.types import Score

WRITTEN = re.compile(r"(-?\d+(?:\.\d+)?)?\s*(?:\((.*)\))?$")
SCALE = re.compile(r"(?:(.*);)?\s*(-?\d+(?:\.\d+)?)\s+to\s+(-?\d+(?:\.\d+)?)$")
EXPORTED = re.compile(
    r"(-?\d+(?:\.\d+)?)(?:\s*[:=]\s*|\s+-\s+|\s+(?=[A-Za-z(])|\s*/\s*(\d+)\s*|\.\s+(?=[A-Za-z]+(?:[ -][A-Za-z]+){0,3}\s*$)|$)(.*)$",
    re.DOTALL,
)
BEHIND = re.compile(
    r"(?P<label>[A-Za-z][A-Za-z ,'-]{1,60}?)[ ]*(?:[(\[][ ]*(?P<inside>\d+(?:\.\d+)?(?:[ ]*/[ ]*\d+|[ ]+out of[ ]+\d+)?)[ ]*[)\]]|[,:-][ ]*(?P<behind>\d+[ ]*/[ ]*\d+))$"
)
"""A label with its number behind it: "weak accept (6/10)"."""
OUT_OF = re.compile(r"\b(?:out of|on a scale of)\s*(\d+)\b|\b(\d+)\s*(?:-|\u2013|to)\s*(\d+)\s+scale\b", re.IGNORECASE)


def read_written_score(text: str, number: int, file: str) -> Score:
    """`NUMBER (label; LOW to HIGH)`, each part of which may be missing, or only words."""
    label, low, high = "", None, None
    match = WRITTEN.match(text)
    if not match:
        if text[0].isdigit() or text[0] == "-":
            reason = f"'{text}' is no score; write NUMBER (label; LOW to HIGH), for example '5 (weak accept; 1 to 10)'"
            raise UnreadableFile(file, reason, number)
        words = re.fullmatch(r"([^()]*)\(([^()]*)\)", text)
        label, inside = (words[1].strip(), words[2]) if words else (text, "")
        if not (scale := SCALE.match(inside.strip())) or scale[1]:
            return Score(None, text)
    else:
        inside = (match[2] or "").strip()
        scale = SCALE.match(inside)
        label = (scale[1] or "").strip() if scale else inside
    if scale:
        low, high = float(scale[2]), float(scale[3])
        if low >= high:
            raise UnreadableFile(file, f"the scale runs from {low:g} to {high:g}; write LOW to HIGH", number)
    given = float(match[1]) if match and match[1] else None
    if given is not None and low is not None and high is not None and not low <= given <= high:
        raise UnreadableFile(file, f"{given:g} lies outside its scale of {low:g} to {high:g}; correct one", number)
    return Score(given, label, low, high)


def read_exported_score(value: str | int | float) -> Score | None:
    """A score as OpenReview exports it, or a person writes it: 6, "6: Marginally above", "3 good", "7/10", "weak accept (6/10)";
    None if it is no score.

    The scale stays unknown unless the label tells it: sites change theirs from year to year.
    """
    if isinstance(value, int | float):
        return Score(float(value))
    if behind := BEHIND.fullmatch(value.strip()):
        score = read_exported_score(behind["inside"] or behind["behind"])
        return replace(score, label=behind["label"].strip()) if score else None
    match = EXPORTED.match(value.strip())
    if not match:
        return None
    label = re.sub(r"^\(([^()]*)\)$", r"\1", " ".join(match[3].split()))
    high = match[2]
    low = None
    if scale := OUT_OF.search(label):
        low, high = scale[2], scale[1] or scale[3]
    number = float(match[1])
    if high is None or number > float(high):
        return Score(number, label)
    return Score(number, label, float(low) if low else None, float(high))
