"""The builder's cache knows what changes a row, and bad keywords are refused before anything is made."""

from pathlib import Path

import datasets
import pytest
from datasets import load_dataset, load_dataset_builder

from synthlm_dataset import SynthLM
from synthlm_tasks import DATASET_VERSION, ParameterError, source_digest


@pytest.fixture(autouse=True)
def fresh_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


@pytest.mark.parametrize(
    "spelled",
    [
        {"seed": 42},
        {"num_samples": 100_000},
        {"split_ratios": [0.9, 0.05, 0.05], "curriculum_weights": [0.4, 0.35, 0.25]},
        {"state_size": (13, 20)},
        {"state_size": None, "max_held_out": 10_000},
        {"num_ops": [20, 50], "operations": ["SWAP", "REVERSE", "ROTATE_RIGHT", "ROTATE_LEFT"]},
    ],
)
def test_defaults_spelled_out_do_not_split_the_cache(spelled: dict[str, object]) -> None:
    plain = load_dataset_builder("synthlm", "dyna-hard")
    assert load_dataset_builder("synthlm", "dyna-hard", **spelled).cache_dir == plain.cache_dir


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"state_size": [10, 12]}, {"state_size": (10, 12)}),
        ({"state_size": 10}, {"state_size": (10, 10)}),
        ({"operations": ["SWAP", "REVERSE"]}, {"operations": ("REVERSE", "SWAP")}),
        ({"split_ratios": [0.8, 0.1, 0.1]}, {"split_ratios": (0.8, 0.10, 0.10)}),
    ],
)
def test_equal_keywords_share_the_cache(one: dict[str, object], other: dict[str, object]) -> None:
    folders = {load_dataset_builder("synthlm", "dyna-hard", **given).cache_dir for given in (one, other, {})}
    assert len(folders) == 2


def test_different_keywords_never_share_a_cache() -> None:
    given: list[dict[str, object]] = [
        {},
        {"seed": 1},
        {"num_samples": 1},
        {"max_held_out": 10},
        {"split_ratios": (0.8, 0.1, 0.1)},
        {"split_ratios": (0.8, 0.05, 0.15)},
        {"curriculum_weights": (0.2, 0.3, 0.5)},
        {"state_size": (10, 12)},
        {"state_size": (10, 13)},
        {"num_ops": (10, 12)},
        {"operations": ["SWAP"]},
        {"operations": ["SWAP"], "seed": 1},
    ]
    folders = {load_dataset_builder("synthlm", "dyna", **keywords).cache_dir for keywords in given}
    assert len(folders) == len(given)


def test_the_cache_knows_the_version_and_the_generators_source(monkeypatch: pytest.MonkeyPatch) -> None:
    before = SynthLM(config_name="dyna").cache_dir
    assert before.endswith(f"/dyna/{DATASET_VERSION}/{source_digest.source_hash()}")
    monkeypatch.setattr(source_digest, "source_hash", lambda: "another source")
    assert load_dataset_builder("synthlm", "dyna").cache_dir != before
    assert SynthLM(config_name="dyna", hash="given").cache_dir != before


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"seed": -1}, "seed=-1: expected a whole number of at least 0"),
        ({"num_samples": 0}, "num_samples=0: expected a whole number of at least 1"),
        ({"split_ratios": (0.5, 0.5)}, r"split_ratios=\(0.5, 0.5\): expected three"),
        ({"curriculum_weights": (1, 1, 1)}, r"curriculum_weights=\(1, 1, 1\): expected three"),
        ({"state_size": (1, 9)}, "state_size=1: expected a whole number from 2 to 20"),
        ({"operations": ["TURN"]}, "operations=.*SWAP"),
    ],
)
def test_bad_keywords_are_refused_by_name_value_and_range(keywords: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        load_dataset("synthlm", "dyna-hard", **keywords)


def test_unknown_configs_and_keywords_are_refused() -> None:
    with pytest.raises(ValueError, match="dyna-hard"):
        load_dataset("synthlm", "dyna-simple")
    with pytest.raises(ValueError, match="num_bytes"):
        load_dataset("synthlm", "dyna-hard", num_bytes=3)
