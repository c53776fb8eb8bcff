import numpy as np

from benchmarks.bench_retrieval import WEIGHTS
from benchmarks.retrieval_fit import Fit, fit_support, write_weights
from knowledge.reranking import describe
from knowledge.silence import describe_support
from knowledge.weights import SUPPORT_WEIGHTS
from knowledge.weights import WEIGHTS as HELD


def test_fitted_weights_replace_those_of_the_module(tmp_path):
    path = tmp_path / "weights.py"
    path.write_text(WEIGHTS.read_text(encoding="utf-8"), encoding="utf-8")
    write_weights(path, Fit(1.5, {"words": 2.0}, -0.25, {"score": 3.125, "unsaid": -4.0}))
    module: dict[str, object] = {}
    exec(path.read_text(encoding="utf-8"), module)
    found = [module[name] for name in ("LEVEL", "WEIGHTS", "SUPPORT_LEVEL", "SUPPORT_WEIGHTS")]
    assert found == [1.5, {"words": 2.0}, -0.25, {"score": 3.12, "unsaid": -4.0}]
    assert path.read_text(encoding="utf-8").count('"""') == WEIGHTS.read_text(encoding="utf-8").count('"""')


def test_what_silence_has_more_of_counts_against_an_answer():
    described = np.array([[0.1, 1.0], [0.2, 1.0], [0.9, 1.0], [0.8, 1.0]])
    weights, level = fit_support(described, np.array([False, False, True, True]))
    odds = described @ weights + level
    assert (odds[:2] > 0).all() and (odds[2:] < 0).all()


def test_the_module_has_a_weight_for_every_feature():
    from knowledge.asking import read_question
    from tests.knowledge.test_reranking import candidate, passage

    one = candidate(passage("Coral."))
    assert describe(read_question("coral"), [one])[0].keys() == HELD.keys()
    assert describe_support("coral", [one], [0.5]).keys() == SUPPORT_WEIGHTS.keys()
