import numpy as np
import pytest

from benchmarks.bench_retrieval import WEIGHTS
from benchmarks.retrieval_fit import Fit, fit_pairs, fit_presence, write_fit
from benchmarks.second_stage_fit import Described, fit_scorer, scores_of
from knowledge.fitted import Scorer, load_scorer
from knowledge.silence import describe_support
from knowledge.weights import SUPPORT_WEIGHTS

NONE = np.zeros((1, 2))
FLAT = Scorer(("words",), np.zeros(1), np.ones(1), np.ones(1), NONE, np.zeros(2), np.zeros(2))


def test_what_is_fitted_replaces_what_the_modules_hold(tmp_path):
    path = tmp_path / "weights.py"
    path.write_text(WEIGHTS.read_text(encoding="utf-8"), encoding="utf-8")
    found = Fit({"cosine": 2.0}, 1.5, FLAT, -0.25, {"score": 3.125, "unsaid": -4.0})
    write_fit(path, tmp_path / "fitted.npz", found)
    module: dict[str, object] = {}
    exec(path.read_text(encoding="utf-8"), module)
    held = [module[name] for name in ("SHORTLIST_WEIGHTS", "LEVEL", "SUPPORT_LEVEL", "SUPPORT_WEIGHTS")]
    assert held == [{"cosine": 2.0}, 1.5, -0.25, {"score": 3.12, "unsaid": -4.0}]
    assert path.read_text(encoding="utf-8").count('"""') == WEIGHTS.read_text(encoding="utf-8").count('"""')
    again = load_scorer(tmp_path / "fitted.npz")
    assert again.names == FLAT.names and again.values({"words": np.array([1.0, 3.0])}).tolist() == [1, 3]


def test_what_silence_has_more_of_counts_against_an_answer():
    described = np.array([[0.1, 1.0], [0.2, 1.0], [0.9, 1.0], [0.8, 1.0]])
    weights, level = fit_presence(described, np.array([False, False, True, True]), np.ones(4))
    odds = described @ weights + level
    assert (odds[:2] > 0).all() and (odds[2:] < 0).all()


def test_what_right_passages_have_more_of_counts_for_them():
    weights = fit_pairs(np.array([[1.0, -2.0], [2.0, -1.0], [1.5, 0.1]]), np.ones(3))
    assert weights[0] > 0 > weights[1]


def test_the_scorer_learns_what_counts_only_together_and_leaves_references_behind():
    chance = np.random.default_rng(0)
    items = []
    for number in range(120):
        first = chance.choice([-1.0, 1.0], 8)
        features = np.column_stack([first, -first])
        features[0] = (1, 1) if number % 2 else (-1, -1)
        lines = (np.arange(8) == 0)[None]
        items.append(Described(str(number), features, lines, np.zeros(8, dtype=bool)))
    scorer = fit_scorer(items, ("one", "other"))
    pairs = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
    probe = Described("probe", pairs, np.zeros((0, 4), dtype=bool), np.array([False, False, False, True]))
    same, too, mixed, reference = scores_of(probe, scorer)
    assert min(same, too) > mixed + 1, "no linear model tells these apart"
    assert reference == pytest.approx(mixed - 4, abs=1)


def test_every_feature_has_its_place_in_the_scorer():
    from knowledge.asking import read_question
    from knowledge.reranking import describe
    from tests.knowledge.test_reranking import candidate, passage

    one = candidate(passage("Coral."))
    assert tuple(describe(read_question("coral"), [one])) == load_scorer().names
    assert describe_support("coral", [one], [0.5]).keys() == SUPPORT_WEIGHTS.keys()
