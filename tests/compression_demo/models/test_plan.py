"""Plans: which steps hold for a layer, the way to JSON and back, and what is said of broken ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.errors import ArgumentError, ExperimentError
from compression_demo.models.plan import CALIBRATIONS, CORRECTIONS, Plan, Rule, Step, make_rule, make_step

PRUNE, QUANTIZE = make_step("exact_obs", sparsity=0.5), make_step("obq", bits=4)


def test_the_first_rule_that_matches_holds_and_skip_lists_come_before_all() -> None:
    plan = Plan((make_rule("features.0.*"), make_rule("features.*", PRUNE), make_rule("*", QUANTIZE)), skip=("*.head",))
    assert plan.steps_for("features.0.conv") == ()
    assert plan.steps_for("features.10.conv") == (PRUNE,)
    assert plan.steps_for("classifier") == (QUANTIZE,)
    assert plan.steps_for("model.head") == () and Plan().steps_for("any") == ()


steps = st.sampled_from(
    [
        (),
        (PRUNE,),
        (QUANTIZE,),
        (make_step("exact_obs_nm", n=2, m=4, damping=0.02), make_step("rtn", bits=8, symmetric=True, grid="mse")),
        (make_step("gptq", bits=3, group_size=32, act_order=True),),
        (make_step("sparsegpt", sparsity=0.6, bits=4),),
    ]
)


@given(
    st.builds(
        Plan,
        rules=st.lists(st.builds(Rule, st.text(min_size=1), steps)).map(tuple),
        skip=st.lists(st.text()).map(tuple),
        calibration=st.sampled_from(CALIBRATIONS),
        correction=st.sampled_from(CORRECTIONS),
        one_at_a_time=st.booleans(),
        notes=st.dictionaries(st.text(), st.floats(allow_nan=False) | st.text() | st.lists(st.integers())),
    )
)
def test_plans_survive_json(plan: Plan) -> None:
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_absent_fields_take_their_defaults() -> None:
    assert Plan.from_json({}) == Plan()
    assert Plan.from_json({"rules": [{"layers": "*"}]}) == Plan((Rule("*"),))


def test_settings_are_sorted_so_that_equal_steps_are_equal() -> None:
    first, second = make_step("exact_obs_nm", n=2, m=4), make_step("exact_obs_nm", m=4, n=2)
    assert first == second == Step("exact_obs_nm", (("m", 4), ("n", 2)))


def one_rule(*steps: Any) -> dict[str, Any]:
    return {"rules": [{"layers": "*", "steps": list(steps)}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], r"^plan must be an object with calibration, .*, not \[\]$"),
        ({"rule": []}, "^plan has no field 'rule'; it takes calibration, correction, notes"),
        ({"rules": {}}, "^rules must be a list, not {}$"),
        ({"rules": [{"steps": []}]}, r"^rules\[0\]\.layers must be a pattern"),
        ({"rules": [{"layers": "*"}, {"layers": "*", "step": []}]}, r"^rules\[1\] has no field 'step'"),
        (one_rule("obq"), r"^rules\[0\]\.steps must be objects with a \"method\""),
        (one_rule({"method": "alchemy"}), r"^rules\[0\]\.method must be one of .*exact_obs.*, not 'alchemy'$"),
        (one_rule({"method": "obq"}), r"^rules\[0\]\.obq: bits is needed by obq$"),
        (one_rule({"method": "obq", "bits": 0}), r"^rules\[0\]\.obq: bits must be a whole number from 1 to 16, not 0$"),
        (
            one_rule({"method": "exact_obs", "sparsity": 1.2}),
            r"^rules\[0\]\.exact_obs: sparsity must be a number from 0",
        ),
        (
            one_rule({"method": "exact_obs", "sparsity": 0.5, "bits": 4}),
            r"^rules\[0\]\.exact_obs: bits is no setting of",
        ),
        (
            one_rule({"method": "obq", "bits": 4}, {"method": "exact_obs", "sparsity": 0.5}),
            r"^rules\[0\]\.steps must be one that prunes, one that quantizes, or both in that order, not quantize then",
        ),
        (
            one_rule({"method": "sparsegpt", "sparsity": 0.5, "bits": 4}, {"method": "rtn", "bits": 4}),
            r"^rules\[0\]\.steps must quantize once; sparsegpt with bits does it already$",
        ),
        (
            one_rule({"method": "exact_obs_nm", "n": 4, "m": 2}),
            r"^rules\[0\]\.exact_obs_nm: n must be at most m, the size of a group: 4 of 2 columns",
        ),
        (
            one_rule({"method": "channels", "sparsity": 0.5, "channel": 9}),
            r"^rules\[0\]\.channels: channel must be left out: it is taken from the kernel of each layer$",
        ),
        ({"skip": "*"}, "^skip must be a list, not '\\*'$"),
        ({"skip": [1]}, "^skip must be a list of patterns"),
        ({"calibration": "parallel"}, "^calibration must be one of independent, sequential, not 'parallel'$"),
        ({"correction": None}, "^correction must be one of none, batchnorm, mean_variance, not None$"),
        ({"one_at_a_time": 1}, "^one_at_a_time must be true or false, not 1$"),
        ({"notes": []}, r"^notes must be an object, not \[\]$"),
    ],
)
def test_broken_plans_are_named(data: Any, message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        Plan.from_json(data)


def test_what_is_no_tuple_is_named() -> None:
    rule: Any = make_rule("*", PRUNE)
    for make, message in (
        (lambda: Plan(rule), r"^rules must be a tuple, as in Plan\(\(rule,\)\), not a Rule$"),
        (lambda: Plan((rule,), skip="head"), "^skip must be a tuple, .*, not a str$"),  # pyright: ignore[reportArgumentType]
        (lambda: Rule("*", PRUNE), "^steps must be a tuple, .*, not a Step$"),  # pyright: ignore[reportArgumentType]
    ):
        with pytest.raises(ArgumentError, match=message):
            make()
