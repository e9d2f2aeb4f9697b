"""A run as data: its key names all that decides its numbers."""

import pytest
from pydantic import ValidationError

from eval_harness.architectures import spec as module
from eval_harness.architectures.spec import Evaluation, RunSpec

PLAIN = {"config": "dyna-ramp-easy", "architecture": "attention", "tokens": 1000}


def test_every_field_changes_the_key() -> None:
    other = {
        "config": "dyna-easy", "axes": {"num_ops": 3}, "architecture": "gru", "layers": 3, "width": 32,
        "tokens": 2000, "lr": 1e-3, "seed": 1, "data_seed": 1, "batch_size": 32, "optimizer": "muon",
        "convolution": False, "ffn": False, "vocabulary": "text", "loss": "all", "precision": "bfloat16",
        "evaluations": [{"name": "a", "config": "dyna-easy"}], "curve_points": 3,
    }  # fmt: skip
    assert other.keys() == RunSpec.model_fields.keys()
    changed = [RunSpec(**{**PLAIN, name: value}) for name, value in other.items()]
    keys = {run.key for run in changed} | {RunSpec(**PLAIN).key}
    assert len(keys) == len(other) + 1


def test_the_key_changes_with_the_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RunSpec(**PLAIN).key
    monkeypatch.setattr(module, "DATASET_VERSION", "0.0.1")
    assert RunSpec(**PLAIN).key != before


def test_a_tuple_and_a_list_are_one_spec() -> None:
    one, other = (RunSpec(**PLAIN, axes={"num_ops": ends}) for ends in ((1, 8), [1, 8]))
    assert one == other
    assert one.key == other.key


def test_a_spec_comes_back_from_json() -> None:
    run = RunSpec(**PLAIN, axes={"num_ops": [1, 8]}, evaluations=[Evaluation(name="a", config="b")])
    again = RunSpec.model_validate_json(run.canonical)
    assert again == run
    assert again.key == run.key


def test_differences_name_both_values() -> None:
    assert RunSpec(**PLAIN).differences(RunSpec(**PLAIN, lr=0.001)) == ["lr=0.003, not 0.001"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tokens": 0},
        {"lr": 0},
        {"width": 7},
        {"width": 6},
        {"optimizer": "sgd"},
        {"seed": -1},
        {"unknown": 1},
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RunSpec(**{**PLAIN, **wrong})
