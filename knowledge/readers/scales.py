"""The scales on which venues score, year by year: only those whose forms are known for sure."""

import re
from dataclasses import replace

from knowledge.types import Score

Scale = tuple[float, float]


def spread(venue: str, years: range, scales: dict[str, Scale]) -> dict[tuple[str, str], Scale]:
    """One scale for each field in each of the years."""
    return {(f"{venue} {year}", name): scale for year in years for name, scale in scales.items()}


def same(scale: Scale, *names: str) -> dict[str, Scale]:
    """One scale for several fields."""
    return dict.fromkeys(names, scale)


ONE_TO_FOUR: Scale = (1, 4)
ONE_TO_FIVE: Scale = (1, 5)
ONE_TO_TEN: Scale = (1, 10)
CONFIDENT = {"rating": ONE_TO_TEN, "confidence": ONE_TO_FIVE}
NOVELTY = same(ONE_TO_FOUR, "correctness", "technical_novelty_and_significance", "empirical_novelty_and_significance")
PARTS = same(ONE_TO_FOUR, "soundness", "presentation", "contribution")
QUALITIES = same(ONE_TO_FOUR, "quality", "clarity", "significance", "originality")
ROLLING = same(
    ONE_TO_FIVE, "rating", "confidence", "soundness", "excitement", "reproducibility", "datasets", "software"
)
"""ACL Rolling Review, in every year and month of it."""
SCALES: dict[tuple[str, str], Scale] = {
    ("ICLR 2016 workshop", "rating"): ONE_TO_TEN,
    ("ICLR 2016 workshop", "confidence"): ONE_TO_FIVE,
    **spread("ICLR", range(2017, 2020), CONFIDENT),
    **spread("ICLR", range(2020, 2021), {"rating": (1, 8)}),
    **spread("ICLR", range(2021, 2022), CONFIDENT),
    **spread("ICLR", range(2022, 2024), CONFIDENT | NOVELTY),
    **spread("ICLR", range(2024, 2026), CONFIDENT | PARTS),
    **spread("ICLR", range(2026, 2027), CONFIDENT | PARTS | {"rating": (0, 10)}),
    **spread("NeurIPS", range(2021, 2022), CONFIDENT),
    **spread("NeurIPS", range(2022, 2025), CONFIDENT | PARTS),
    **spread("NeurIPS", range(2025, 2026), CONFIDENT | QUALITIES | {"rating": (1, 6)}),
    **spread("ICML", range(2025, 2026), {"rating": ONE_TO_FIVE}),
}


def on_scale(score: Score, venue: str, field: str) -> Score:
    """The score with the lowest and highest value that its venue ("ICLR 2024") allows for a field.

    `field` is "rating" and "confidence" for whatever the form calls them, else the form's name. Unchanged where the
    label tells the scale, where the venue's is not known, and where the value lies outside of it.
    """
    scale = ROLLING.get(field) if re.search(r"\bARR\b", venue) else SCALES.get((plain_venue(venue), field))
    if score.value is None or score.high is not None or scale is None or not scale[0] <= score.value <= scale[1]:
        return score
    return replace(score, low=float(scale[0]), high=float(scale[1]))


def plain_venue(venue: str) -> str:
    """A main conference's name as the table has it: "ICLR 2017 conference" is ICLR 2017."""
    return re.sub(r"[ \t]+(?:main )?conference(?: submission)?$", "", venue.strip(), flags=re.IGNORECASE)
