"""Plans: what they cross, what they refuse, and that those of the package can be run."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from eval_harness.architectures.spec import RunSpec
from eval_harness.architectures.sweep.jobs import failed_result
from eval_harness.architectures.sweep.plan import VALIDATION, Plan, Settings
from eval_harness.architectures.sweep.reading import make_plan, packaged_plans, read_plan
from eval_harness.architectures.sweep.table import make_row, parse_row
from eval_harness.errors import SettingsError

SWAPS = {"name": "swaps", "config": "dyna-swaps-easy", "axes": {"state_size": 5, "num_ops": [1, 4]}}


def plan(training: dict[str, Any] | None = None, **settings: Any) -> Plan:  # noqa: ANN401  # of a TOML file
    return make_plan({"training": [{**SWAPS, **(training or {})}], **settings}, {})


def test_everything_is_crossed_with_the_seeds_outermost() -> None:
    made = plan(
        architectures=["attention", "gru"], sizes=["2x64", "1x32"], lrs=[1e-3, 3e-3], seeds=[0, 1],
        optimizers=["adamw", "muon"], convolution=[True, False], ffn=[True, False],
    ).runs()  # fmt: skip
    assert len(made) == 2**7 == len({run.spec.key for run in made})
    assert [run.spec.seed for run in made] == [0] * 64 + [1] * 64
    assert {(run.spec.layers, run.spec.width) for run in made} == {(2, 64), (1, 32)}


def test_a_sweep_that_stops_early_has_every_task_at_its_first_learning_rate() -> None:
    control = {"name": "control", "config": "dyna-commuting-easy", "control": True, "lrs": [1e-2]}
    tables = {"training": [control, SWAPS], "architectures": ["gru"], "lrs": [1e-2, 1e-3], "seeds": [0, 1]}
    made = [(run.spec.seed, run.spec.lr, run.training) for run in make_plan(tables, {}).runs()]
    once = [(1e-2, "swaps"), (1e-2, "control"), (1e-3, "swaps")]
    assert made == [(seed, *cell) for seed in (0, 1) for cell in once]


def test_a_training_replaces_settings_of_the_plan_and_leaves_the_others() -> None:
    tables = {"training": [SWAPS, {"config": "logic-easy", "tokens": "2M", "lrs": 1e-2}], "tokens": "5M"}
    first, second = make_plan({**tables, "lrs": [1e-3]}, {}).runs()[::6]
    assert (first.spec.tokens, first.spec.lr) == (5_000_000, 1e-3)
    assert (second.spec.tokens, second.spec.lr) == (2_000_000, 1e-2)


def test_options_stand_above_the_plan_and_its_trainings() -> None:
    tables = {"training": [{**SWAPS, "tokens": "2M", "seeds": [5]}], "seeds": [1, 2]}
    made = make_plan(tables, {"seeds": (7,), "tokens": "3M", "lrs": None})
    assert {(run.spec.seed, run.spec.tokens, run.spec.lr) for run in made.runs()} == {(7, 3_000_000, 3e-3)}


def test_every_training_is_validated_on_rows_of_its_own_kind() -> None:
    made = plan({"evaluations": [{"axes": {"num_ops": 4}}, {"config": "dyna-ood", "samples": 9}]}, samples=50)
    chosen_by, longest, ood = made.runs()[0].spec.evaluations
    assert (chosen_by.name, chosen_by.split, chosen_by.axes) == (VALIDATION, "validation", SWAPS["axes"])
    assert (longest.name, longest.split, longest.samples) == ("num_ops 4", "test", 50)
    assert longest.axes == {"state_size": 5, "num_ops": 4}  # the training's, with its own in their place
    assert (ood.name, ood.config, ood.axes, ood.samples) == ("dyna-ood", "dyna-ood", {}, 9)


@pytest.mark.parametrize(
    ("training", "settings", "message"),
    [
        ({"lrs": [0.1, -1]}, {}, "plan 'options': training[0].lrs[1]=-1: Input should be greater than 0"),
        ({"sizes": "2by64"}, {}, "training[0].sizes[0]='2by64': expected LAYERSxWIDTH"),
        ({"tokens": "many"}, {}, "training[0].tokens='many': expected a positive number such as 500K"),
        ({}, {"learning_rates": [1]}, "learning_rates=[1]: there is no such setting"),
        ({}, {"seeds": []}, "seeds=[]: "),
        ({"architectures": ["mamba"]}, {}, "architectures='mamba': expected one of attention, "),
        ({"config": "dyna-essy"}, {}, "config='dyna-essy': expected one of"),
        ({"axes": {"num_opps": 1}}, {}, "training 'swaps': num_opps=1: not a parameter"),
        (
            {"evaluations": [{"axes": {"num_ops": 999}}]},
            {},
            "evaluation 'num_ops 999': num_ops=999: expected",
        ),
        ({"evaluations": [{"name": "a"}, {"name": "a"}]}, {}, "two evaluations are named 'a'"),
        ({"evaluations": [{"name": "validation"}]}, {}, "two evaluations are named 'validation'"),
        ({}, {"lrs": [1e-3, 1e-3]}, "is the same run as"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(
    training: dict[str, Any], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError) as error:
        plan(training, **settings)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_two_trainings_need_two_names() -> None:
    with pytest.raises(SettingsError, match="two trainings are named 'swaps'"):
        make_plan({"training": [SWAPS, SWAPS]}, {})
    with pytest.raises(SettingsError, match="training"):
        make_plan({}, {})


def test_a_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("[[training")
    with pytest.raises(SettingsError, match=r"plan\.toml': no TOML"):
        read_plan(tmp_path / "plan.toml")


@pytest.mark.parametrize("name", packaged_plans())
def test_the_plans_of_the_package_can_be_run(name: str) -> None:
    tables = tomllib.loads(packaged_plans()[name])
    assert tables["description"]
    assert make_plan(read_plan(name), {}).runs()


def test_whatever_a_run_can_be_told_a_plan_can_say() -> None:
    crossed = {"architecture", "layers", "width", "lr", "seed", "optimizer"}
    of_a_training = {"config", "axes", "evaluations"}
    assert RunSpec.model_fields.keys() - crossed - of_a_training <= Settings.model_fields.keys()
    assert {
        f"{name}s" for name in ("architecture", "lr", "seed", "optimizer")
    } <= Settings.model_fields.keys()


def test_every_setting_reaches_the_runs() -> None:
    given = {
        "architectures": ["kda"], "sizes": ["3x32"], "lrs": [0.5], "seeds": [9], "optimizers": ["muon"],
        "convolution": False, "ffn": False, "tokens": "7K", "batch_size": 5, "data_seed": 6,
        "vocabulary": "text", "loss": "all", "precision": "bfloat16", "curve_points": 3, "samples": 11,
    }  # fmt: skip
    assert given.keys() == Settings.model_fields.keys()
    (run,) = plan(**given).runs()
    found = run.spec.model_dump(mode="json")
    told = {"samples": found["evaluations"][1]["samples"], "sizes": [f"{run.spec.layers}x{run.spec.width}"]}
    for name, value in {**given, "tokens": 7000}.items():
        one = found.get(name, found.get(name.removesuffix("s")))
        assert value in (one, [one], told.get(name)), name
    assert parse_row(make_row(run, failed_result(run.spec, "x"), "2.0.0")).spec == run.spec
