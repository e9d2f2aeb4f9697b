"""Named configs, how many rows each part gets, and the fixed order in which parts are mixed."""

import dataclasses
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import small_blocks

from synthlm_tasks import TASKS, ParameterError, catalog, source_digest
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.row_counts import apportion
from synthlm_tasks.rows.mixing import Mixture
from synthlm_tasks.rows.presets import LEVELS, task_preset
from synthlm_tasks.rows.tables import SCHEMA
from synthlm_tasks.rows.tables import make_table as rows_of

STOCK = default_options()
CONFIGS = pytest.mark.parametrize("name", catalog.configs())
EACH_TASK = pytest.mark.parametrize("task", TASKS)


@pytest.fixture
def _small() -> Iterator[None]:
    with small_blocks():
        yield


def planned(name: str, axes: dict[str, object] | None = None, **options: object) -> dict[str, Mixture]:
    plan = catalog.plan(name, dataclasses.replace(STOCK, **options), axes or {})
    return {str(split): mixture for split, mixture in plan.items()}


def joined(mixture: Mixture, shards: list[int] | None = None) -> pa.Table:
    return pa.concat_tables([SCHEMA.empty_table(), *mixture.tables(shards)])


# Names


def test_the_configs_are_those_the_design_names() -> None:
    names = list(catalog.configs())
    expected = {f"{task}-{level}" for task in (*TASKS, "all") for level in LEVELS} | {*TASKS, "all"}
    assert expected <= set(names)
    assert {"dyna-easy", "dyna-medium", "dyna-hard", "dyna", "dyna-grid", "all-hard", "all"} <= set(names)
    assert len(names) == len(set(names))


@EACH_TASK
def test_further_families_appear_as_their_preset_says(task: str) -> None:
    names = set(catalog.configs())
    for variant, preset in task_preset(task).families.items():
        assert (f"{task}-{variant}" in names) == ("mixed" in preset.configs)
        assert (f"{task}-{variant}-hard" in names) == ("levels" in preset.configs)


@EACH_TASK
def test_a_family_is_made_by_its_variants_class_else_by_the_task(task: str) -> None:
    for config in catalog.configs().values():
        for part in config.parts:
            if part.family.startswith(f"{task}-"):
                variant = part.family.removeprefix(f"{task}-")
                assert part.task is TASKS[task].variants.get(variant, TASKS[task])


def test_the_all_configs_hold_every_task_and_no_further_family_or_grid() -> None:
    for name in ("all", *(f"all-{level}" for level in LEVELS)):
        parts = catalog.configs()[name].parts
        assert {part.family for part in parts} == set(TASKS)
        assert all(part.level is not None for part in parts)


def test_an_unknown_config_is_refused_with_the_names() -> None:
    with pytest.raises(ParameterError, match=r"config='dyna-simple'.*dyna-easy"):
        planned("dyna-simple")


# Row counts


@CONFIGS
def test_default_sizes_are_90_5_5_thousand(name: str) -> None:
    assert {split: mixture.rows for split, mixture in planned(name).items()} == {
        "train": 90_000,
        "validation": 5_000,
        "test": 5_000,
    }


@CONFIGS
@pytest.mark.parametrize("rows", [1, 2, 19, 1_001, 12_345_679])
def test_the_splits_add_up_to_num_samples(name: str, rows: int) -> None:
    assert sum(mixture.rows for mixture in planned(name, num_samples=rows).values()) == rows


@EACH_TASK
def test_a_tasks_levels_share_by_the_curriculum_weights(task: str) -> None:
    for split in planned(task, curriculum_weights=(0.5, 0.3, 0.2)).values():
        for count, weight in zip(split.counts, (0.5, 0.3, 0.2), strict=True):
            assert abs(count - split.rows * weight) < 1


def test_in_all_tasks_are_equal_and_levels_follow_the_weights() -> None:
    train = planned("all")["train"]
    by_task: Counter[str] = Counter()
    for recipe, count in zip(train.recipes, train.counts, strict=True):
        by_task[recipe.task.name] += count
        weight = STOCK.curriculum_weights[recipe.difficulties[0] - 1]
        assert abs(count - train.rows * weight / len(TASKS)) < 1
    assert max(by_task.values()) - min(by_task.values()) <= 3


def test_a_level_without_weight_has_no_rows() -> None:
    assert [mixture.counts for mixture in planned("dyna", curriculum_weights=(1.0, 0.0, 0.0)).values()] == [
        (90_000,),
        (5_000,),
        (5_000,),
    ]


def test_held_out_rows_beyond_the_cap_go_to_train() -> None:
    assert {s: m.rows for s, m in planned("dyna-hard", num_samples=1_000_000).items()} == {
        "train": 980_000,
        "validation": 10_000,
        "test": 10_000,
    }
    mixed = planned("dyna", num_samples=1_000_000, max_held_out=15_000)
    assert mixed["test"].counts == (15_000, 15_000, 12_500)
    assert mixed["train"].counts == (360_000 + 10_000, 315_000 + 5_000, 225_000)


def test_splits_without_rows_are_left_out() -> None:
    assert list(planned("dyna", split_ratios=(1.0, 0.0, 0.0))) == ["train"]
    assert list(planned("dyna", num_samples=1)) == ["train"]


@given(
    st.integers(0, 10**12),
    st.lists(st.fractions(0, 1), min_size=1, max_size=20).filter(any),
)
def test_apportioning_is_exact_and_within_one_of_every_share(total: int, shares: list[Fraction]) -> None:
    parts = apportion(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / sum(shares)) < 1


def test_the_largest_remainders_get_what_is_left_over() -> None:
    assert apportion(10, [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]) == [5, 3, 2]
    assert apportion(2, [Fraction(1)] * 3) == [1, 1, 0]


# Mixing


@CONFIGS
@pytest.mark.usefixtures("_small")
def test_every_part_gives_its_first_rows_with_the_ids_they_have_everywhere(name: str) -> None:
    for split, mixture in planned(name, num_samples=400, split_ratios=(0.5, 0.25, 0.25)).items():
        mixed = joined(mixture)
        assert mixed.schema.equals(SCHEMA)
        by_id = {row["sample_id"]: row for row in mixed.to_pylist()}
        assert len(by_id) == len(mixed) == mixture.rows
        for recipe, count in zip(mixture.recipes, mixture.counts, strict=True):
            for row in rows_of(recipe, STOCK.seed, mixture.split, 0, count).to_pylist():
                assert row["split"] == split
                assert by_id.pop(row["sample_id"]) == row
        assert not by_id


@CONFIGS
@pytest.mark.usefixtures("_small")
def test_a_larger_config_holds_every_row_of_a_smaller_one(name: str) -> None:
    small, large = planned(name, num_samples=300), planned(name, num_samples=500)
    for split, mixture in small.items():
        more = {row["sample_id"]: row for row in joined(large[split]).to_pylist()}
        assert all(more[row["sample_id"]] == row for row in joined(mixture).to_pylist())


@EACH_TASK
def test_levels_are_interleaved_from_the_first_rows_on(task: str) -> None:
    levels = joined(planned(task, num_samples=40_000)["train"], [0])["difficulty"].to_pylist()
    for start in range(0, len(levels) - 1000, 1000):
        counted = Counter(levels[start : start + 1000])
        for level, weight in zip(LEVELS.values(), STOCK.curriculum_weights, strict=True):
            assert abs(counted[level] - 1000 * weight) < 100
    changes = sum(a != b for a, b in itertools.pairwise(levels))
    assert changes > len(levels) / 2


@pytest.mark.parametrize("name", ["dyna", "all", "dyna-hard"])
def test_shards_in_any_order_or_company_are_the_same_rows(name: str) -> None:
    mixture = planned(name, num_samples=50_000)["train"]
    whole = joined(mixture)
    assert mixture.shards == 16
    alone = [joined(mixture, [shard]) for shard in reversed(range(16))]
    assert pa.concat_tables(alone[::-1]).equals(whole)
    assert joined(mixture, [3, 4, 9]).equals(pa.concat_tables([alone[12], alone[11], alone[6]]))
    assert len(whole) == mixture.rows == 45_000


@pytest.mark.parametrize(
    ("rows", "shards"), [(100, 1), (5_000, 4), (90_000, 16), (10**7, 128), (10**10, 1024)]
)
def test_train_has_a_power_of_two_of_shards_and_held_out_splits_have_one(rows: int, shards: int) -> None:
    plan = planned("all", num_samples=rows)
    assert [mixture.shards for mixture in plan.values()] == [shards, 1, 1][: len(plan)]


def test_the_last_shard_of_ten_billion_rows_starts_at_once_and_in_its_place() -> None:
    mixture = planned("dyna", num_samples=10**10)["train"]
    first = next(iter(mixture.tables([mixture.shards - 1])))
    assert len(first) < 20_000
    indices = {int(name.rpartition("_")[2]) for name in first["sample_id"].to_pylist()}
    assert min(indices) > 2 * 10**9


def test_another_seed_gives_other_rows_in_another_order() -> None:
    tables = [joined(planned("dyna", num_samples=500, seed=seed)["train"]) for seed in (1, 2)]
    assert not set(tables[0]["input_text"].to_pylist()) & set(tables[1]["input_text"].to_pylist())
    assert tables[0]["sample_id"] != tables[1]["sample_id"]


# Axes and options


@EACH_TASK
def test_parts_made_equal_by_the_axes_given_are_one(task: str) -> None:
    axes = {axis.name: task_preset(task).hard.get(axis.name, axis.default) for axis in TASKS[task].axes}
    made = catalog.components(task, axes, STOCK.curriculum_weights)
    assert list(made.values()) == [1]
    ids = joined(planned(task, axes, num_samples=200)["train"])["sample_id"].to_pylist()
    assert len(set(ids)) == 180


@EACH_TASK
def test_axes_reach_every_part(task: str) -> None:
    axis, value = next(iter(task_preset(task).hard.items()))
    for recipe in catalog.components(task, {axis: value}, STOCK.curriculum_weights):
        place = [a.name for a in recipe.space.axes].index(axis)
        allowed = recipe.space.axes[place].parse(value)
        assert {cell[place] for cell in recipe.space.cells} <= set(allowed)


def test_an_axis_that_not_every_part_has_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ParameterError, match=r"num_bytes=3: not a parameter of config 'dyna-easy'.*num_ops"):
        planned("dyna-easy", {"num_bytes": 3})
    if len(TASKS) > 1:
        with pytest.raises(ParameterError, match="state_size=5: not a parameter of config 'all'"):
            planned("all", {"state_size": 5})
    with pytest.raises(ParameterError, match=r"state_size=99.*from 2 to 20"):
        planned("dyna", {"state_size": 99})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", -1),
        ("seed", 1.5),
        ("seed", True),
        ("num_samples", 0),
        ("num_samples", "many"),
        ("max_held_out", 0),
        ("split_ratios", (0.9, 0.1)),
        ("split_ratios", (0.9, 0.2, 0.1)),
        ("split_ratios", (1.1, -0.1, 0.0)),
        ("split_ratios", 0.9),
        ("split_ratios", (float("nan"), 0.5, 0.5)),
        ("curriculum_weights", (0.0, 0.0, 0.0)),
        ("curriculum_weights", ("a", "b", "c")),
    ],
)
def test_a_bad_option_is_refused_by_name_and_value(field: str, value: object) -> None:
    with pytest.raises(ParameterError) as error:
        check_options({**vars(STOCK), field: value})
    assert str(error.value).startswith(f"{field}={value!r}: expected")


def test_options_are_canonical_however_they_are_spelled() -> None:
    spelled = {**vars(STOCK), "split_ratios": [0.9, 0.05, 0.05], "curriculum_weights": (0.4, 0.35, 0.25)}
    assert check_options(spelled) == STOCK
    thirds = check_options({**vars(STOCK), "curriculum_weights": (1 / 3, 1 / 3, 1 / 3)})
    assert sum(m.rows for m in catalog.plan("dyna", thirds, {}).values()) == STOCK.num_samples


@CONFIGS
def test_nothing_is_changed_by_options_left_alone(name: str) -> None:
    assert catalog.changed_options(name, STOCK, {}) == {}


@EACH_TASK
def test_axes_count_as_changed_only_where_they_change_the_rows(task: str) -> None:
    preset = task_preset(task)
    same: dict[str, object] = dict(preset.hard)
    assert catalog.changed_options(f"{task}-hard", STOCK, same) == {}
    assert list(catalog.changed_options(f"{task}-easy", STOCK, same)) == ["axes"]


def test_a_changed_source_or_preset_changes_the_source_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path(catalog.__file__).parent.parent
    for folder in ("synthlm_tasks", "configs"):
        shutil.copytree(here / folder, tmp_path / folder)
    shutil.copy(here / "synthlm_dataset.py", tmp_path)
    monkeypatch.setattr(source_digest, "__file__", str(tmp_path / "synthlm_tasks" / "source_digest.py"))
    seen = {source_digest.source_hash.__wrapped__()}
    assert seen == {source_digest.source_hash.__wrapped__()}
    for name in ("synthlm_tasks/dyna/task.py", "configs/dyna.toml", "synthlm_dataset.py"):
        with (tmp_path / name).open("a") as file:
            file.write("# changed\n")
        seen.add(source_digest.source_hash.__wrapped__())
    assert len(seen) == 4


def test_the_source_hash_covers_every_module_that_making_rows_imports(tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "import synthlm_dataset\n"
        "from synthlm_tasks import catalog, source_digest\n"
        "from synthlm_tasks.rows.blocks import BLOCK_ROWS\n"
        "from synthlm_tasks.options import check_options, default_options\n"
        "options = check_options({**vars(default_options()), 'num_samples': 100})\n"
        "BLOCK_ROWS.update(train=512, validation=512, test=512)\n"
        # What the levels of a config are made of differs in numbers alone.
        "for name in (n for n in catalog.configs() if not n.endswith(('-medium', '-hard'))):\n"
        "    for mixture in catalog.plan(name, options, {}).values():\n"
        "        for table in mixture.tables():\n"
        "            pass\n"
        "modules = [m.__file__ for n, m in sys.modules.items() if n.partition('.')[0] == 'synthlm_tasks']\n"
        "print(json.dumps([modules, [str(path) for path in source_digest.source_files().values()]]))\n"
    )
    home = Path(catalog.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(home), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    imported, covered = map(set, json.loads(done.stdout))
    assert len(imported) > 40
    assert imported <= covered
    presets = {str(path) for path in (home / "configs").glob("*.toml")}
    assert {*presets, str(home / "synthlm_dataset.py")} <= covered
