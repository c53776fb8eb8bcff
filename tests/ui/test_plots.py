"""The plot of a verdict: well-formed, in the page's colours, with its numbers in words."""

import xml.etree.ElementTree as ET
from dataclasses import asdict

import pytest

from compression_demo.types import Arm, Expectation, Experiment
from tests.ui.fakes import EXPERIMENT, ROWS, VERDICT
from ui.plots import describe, draw

ROW_DICTS = [asdict(row) for row in ROWS]


def test_the_plot_takes_the_colours_of_the_page_and_brings_no_style():
    svg = str(draw(EXPERIMENT, ROW_DICTS, VERDICT.to_json(), "test accuracy (%)", "a"))
    root = ET.fromstring(svg)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert root.tag.endswith("svg") and not names & {"style", "script", "metadata"}
    assert "var(--accent)" in svg and "var(--ink)" in svg and "#010101" not in svg and "#000000" not in svg
    words = "".join(root.itertext())
    assert all(word in words for word in ("exact OBS", "magnitude", "dense", "test accuracy (%)", "difference"))
    assert "xlink" not in svg


def test_what_is_measured_is_not_cut_where_it_is_long():
    label = "cross-entropy on the training images (nats)"
    words = [text.strip() for text in ET.fromstring(str(draw(EXPERIMENT, ROW_DICTS, VERDICT.to_json(), label, "d"))).itertext()]  # fmt: skip
    assert "cross-entropy on the" in words and "training images (nats)" in words


def test_every_seed_of_every_arm_is_a_point():
    svg = str(draw(EXPERIMENT, ROW_DICTS, VERDICT.to_json(), "accuracy", "b"))
    links = [e for e in ET.fromstring(svg).iter() if e.tag.endswith("use") and float(e.get("y", "0")) >= 0]
    assert len(links) >= len(ROWS) + len(EXPERIMENT.seeds)


def test_two_plots_of_one_run_have_ids_of_their_own():
    def ids(salt: str) -> set[str]:
        svg = str(draw(EXPERIMENT, ROW_DICTS, VERDICT.to_json(), "accuracy", salt))
        return {
            e.get("id", "") for e in ET.fromstring(svg).iter() if e.tag.endswith(("clipPath", "path")) and e.get("id")
        }

    drawn = {e for e in ids("one") if not e.startswith(("patch", "line"))}
    assert drawn and not drawn & ids("two")


def test_names_of_arms_are_escaped():
    nasty = '<script>alert("x")</script> & $\\bad{x}$'
    arms = (Arm(nasty, "a"), Arm("base", "b"))
    experiment = Experiment("t", arms, Expectation(nasty, "base"), (0, 1, 2))
    rows = [
        {"arm": a.name, "setting": "", "seed": s, "metric": "accuracy", "value": 90.0 + s}
        for a in arms
        for s in (0, 1, 2)
    ]
    svg = str(draw(experiment, rows, {"effect": None, "interval": None}, "accuracy", "c"))
    assert "<script" not in svg and ET.fromstring(svg) is not None


@pytest.mark.parametrize("interval", [None, [-0.5, 0.25]])
def test_the_plot_is_told_in_words(interval):
    verdict = {"effect": -0.12, "interval": interval}
    words = describe(EXPERIMENT, ROW_DICTS, verdict, "test accuracy")
    assert "exact OBS 96.64" in words and "5 seeds" in words and "-0.12" in words
    assert ("from -0.50 to +0.25" in words) is (interval is not None)


def test_an_error_metric_is_drawn_in_the_direction_of_the_claim():
    arms = (Arm("new", "a"), Arm("old", "b"))
    experiment = Experiment("t", arms, Expectation("new", "old", "layer_error"), (0, 1, 2))
    rows = [
        {"arm": name, "setting": "", "seed": s, "metric": "layer_error", "value": value + 0.01 * s}
        for name, value in (("new", 0.1), ("old", 0.3))
        for s in (0, 1, 2)
    ]
    svg = str(draw(experiment, rows, {"effect": 0.2, "interval": [0.1, 0.3]}, "layer error", "e"))
    words = "".join(ET.fromstring(svg).itertext())
    assert "0.2" in words and "−0.2" not in words
