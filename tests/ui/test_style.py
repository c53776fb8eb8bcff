"""The style sheet: readable in light and dark, and nothing fetched from elsewhere."""

import re

import pytest

from ui.page import BEHAVIOUR, LISTEN, STYLE

CSS = STYLE.read_text(encoding="utf-8")
TEXT_ON_GROUND = [
    *(("ink", ground) for ground in ("paper", "sheet", "tint", "mark", "failed-ground", "inconclusive-ground")),
    *(("quiet", ground) for ground in ("paper", "sheet", "tint")),
    *(("accent", ground) for ground in ("paper", "sheet", "tint")),
    ("on-accent", "accent"),
    *((outcome, f"{outcome}-ground") for outcome in ("supported", "contradicted", "inconclusive", "failed")),
    *(("ink", f"{outcome}-ground") for outcome in ("supported", "contradicted")),
]


def tokens(selector: str) -> dict[str, str]:
    block = CSS.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("selector", [":root", ".dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_holds_aa_contrast(selector, text, ground):
    colours = tokens(selector)
    light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_light_and_dark_define_the_same_colours():
    assert tokens(":root").keys() == tokens(".dark").keys() and len(tokens(":root")) >= 17


@pytest.mark.parametrize("path", [STYLE, BEHAVIOUR, LISTEN], ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path):
    assert not re.search(r"https?:|url\(|@import|@font-face|fetch\(|innerHTML", path.read_text(encoding="utf-8"))
