"""What a contrast is: two sides that sentences set against each other, and the experiment that decides between them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from compression_demo.types import Arm, Expectation


@dataclass(frozen=True)
class Draft:
    """An experiment in the direction that is to be expected.

    changes: what was chosen and not read, or stands in for something else, in sentences.
    around: the same question at neighbouring settings.
    seeds: how many to run where the sentence names no number.
    """

    arms: tuple[Arm, ...]
    expectation: Expectation
    testbed: str = "digits-cnn"
    changes: tuple[str, ...] = ()
    around: tuple[Expectation, ...] = ()
    calibration: int = 256
    seeds: int = 5


@dataclass(frozen=True)
class Contrast:
    """Two sides that sentences set against each other.

    paper: the submission that it comes from; `probe` names the check in our notes on what can be run small.
    needs: patterns that must all occur in a sentence; `unless`: patterns of which none may.
    treatment, baseline: the two sides, by which it is read who is claimed to be better. What the treatment's pattern
        takes is not looked at for the baseline.
    draft: a sentence -> the experiment, in the direction to expect, at the settings that the sentence names.
        Raises Untestable for a sentence at whose settings nothing can be run.
    better, worse: words, beside the common ones, that say of their subject that it does better or worse ("fewer MACs").
    expected, reversed: words that claim the direction to expect, or its reverse, whatever they are said of ("denser").
    level: words that claim the baseline to be no worse than the treatment ("the diagonal costs little").
    example: the sentence by which the check is run when all are.
    speed: whether seconds on this machine are what it measures.
    margins: whether points that a sentence states are differences in what is measured; else they are left out.
    """

    name: str
    title: str
    paper: str
    probe: str
    needs: tuple[re.Pattern[str], ...]
    treatment: re.Pattern[str]
    baseline: re.Pattern[str]
    draft: Callable[[str], Draft]
    example: str
    unless: tuple[re.Pattern[str], ...] = ()
    better: re.Pattern[str] | None = None
    worse: re.Pattern[str] | None = None
    expected: re.Pattern[str] | None = None
    reversed: re.Pattern[str] | None = None
    level: re.Pattern[str] | None = None
    speed: bool = False
    margins: bool = True

    def fits(self, text: str) -> bool:
        """Whether a sentence is about this contrast."""
        return all(p.search(text) for p in self.needs) and not any(p.search(text) for p in self.unless)
