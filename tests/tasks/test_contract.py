"""What holds for the rows of every config, whatever its task. New tasks and families join by themselves."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from support import REPRESENTATIVE, SEED, STOCK, content_digest, level_configs, listed, made, small_blocks

from synthlm_tasks import TASKS
from synthlm_tasks.rows.blocks import BLOCK_ROWS, make_block
from synthlm_tasks.rows.splits import SPLITS

# Tests of one config run together, so that its blocks are made once.
CONFIGS = pytest.mark.parametrize("name", REPRESENTATIVE, scope="session")
BY_SPLIT = pytest.mark.parametrize("split", SPLITS)


@pytest.fixture(scope="module", autouse=True)
def _blocks() -> Iterator[None]:
    with small_blocks():
        yield


SCHEMA = pa.schema(
    [
        ("input_text", pa.string()),
        ("target", pa.string()),
        ("task", pa.string()),
        ("difficulty", pa.int8()),
        ("split", pa.string()),
        ("sample_id", pa.string()),
        ("metadata", pa.string()),
    ]
)


@CONFIGS
@BY_SPLIT
def test_columns_are_the_seven_of_the_schema_without_nulls(name: str, split: str) -> None:
    rows = made(name, split, 40)
    assert rows.schema.equals(SCHEMA)
    assert len(rows) == 40
    assert all(column.null_count == 0 for column in rows.columns)
    rows.validate(full=True)


@CONFIGS
def test_no_rows_still_have_the_schema(name: str) -> None:
    assert made(name, "train", 0).schema.equals(SCHEMA)


@CONFIGS
@BY_SPLIT
def test_prompts_end_in_an_arrow_and_targets_are_clean(name: str, split: str) -> None:
    for row in listed(name, split, 300):
        assert row["input_text"].endswith(" ->")
        assert row["input_text"] == row["input_text"].strip()
        assert row["target"]
        assert row["target"] == " ".join(row["target"].split())
        assert (row["input_text"] + row["target"]).isascii()


@CONFIGS
def test_the_rule_explains_every_keyword_of_a_prompt(name: str) -> None:
    for row in listed(name, "test", 300):
        for keyword in re.findall(r"[A-Z]{2}[A-Z_]*|Query", row["input_text"]):
            assert keyword in TASKS[row["task"]].rule


@CONFIGS
@BY_SPLIT
def test_ids_name_family_difficulty_split_and_index(name: str, split: str) -> None:
    family = name if name.endswith("-grid") else name.rpartition("-")[0]
    for start in (0, 997):
        for i, row in enumerate(listed(name, split, 20, start), start):
            assert row["sample_id"] == f"{family}_{row['difficulty']}_{split}_{i}"
            assert row["task"] == family.partition("-")[0]
            assert row["split"] == split


@pytest.mark.parametrize("name", level_configs())
def test_difficulty_is_the_level_asked_for(name: str) -> None:
    level = ["easy", "medium", "hard"].index(name.rpartition("-")[2]) + 1
    assert set(made(name, "train", 500)["difficulty"].to_pylist()) == {level}


@pytest.mark.parametrize("name", TASKS)
def test_ids_are_unique_across_the_configs_and_splits_of_a_task(name: str) -> None:
    configs = [config for config in STOCK if config.partition("-")[0] == name]
    ids = [
        row
        for config in configs
        for split in SPLITS
        for row in made(config, split, 200)["sample_id"].to_pylist()
    ]
    assert len(ids) == len(set(ids))


@CONFIGS
def test_metadata_is_one_compact_json_object(name: str) -> None:
    for row in listed(name, "train", 300):
        parsed = json.loads(row["metadata"])
        assert isinstance(parsed, dict)
        assert parsed
        assert json.dumps(parsed, separators=(",", ":")) == row["metadata"]


@CONFIGS
@BY_SPLIT
def test_the_seed_alone_decides_the_rows(name: str, split: str) -> None:
    first = made(name, split, 100)
    make_block.cache_clear()
    assert made(name, split, 100).equals(first)
    other = made(name, split, 100, seed=SEED + 1)
    same = sum(a == b for a, b in zip(first["input_text"], other["input_text"], strict=True))
    assert same < 10  # tiny circuits may coincide


@CONFIGS
def test_neighbouring_seeds_are_not_shifted_copies(name: str) -> None:
    first = made(name, "train", 400)["input_text"].to_pylist()
    other = made(name, "train", 400, seed=SEED + 1)["input_text"].to_pylist()
    for shift in (1, 2):
        assert sum(a == b for a, b in zip(first[shift:], other, strict=False)) < 40


@CONFIGS
@BY_SPLIT
def test_any_start_equals_a_slice_in_any_order_of_access(name: str, split: str) -> None:
    size = BLOCK_ROWS[split]
    starts = [size - 3, 7]  # the later block first, each made from nothing
    pieces = []
    for start in starts:
        make_block.cache_clear()
        pieces.append(made(name, split, 10, start))
    whole = made(name, split, size + 7)
    for start, piece in zip(starts, pieces, strict=True):
        assert piece.equals(whole.slice(start, 10))


@CONFIGS
@BY_SPLIT
def test_growing_a_split_keeps_its_rows(name: str, split: str) -> None:
    longer = made(name, split, BLOCK_ROWS[split] + 10)
    for rows in (1, 30, BLOCK_ROWS[split] + 1):
        assert made(name, split, rows).equals(longer.slice(0, rows))


def test_another_process_makes_the_same_rows() -> None:
    # Of the train splits only the hard ones: their blocks are large, and one path makes them all.
    wanted = {f"{name} test": content_digest([made(name, "test", 30)]) for name in STOCK}
    hard = [name for name in STOCK if name.endswith("-hard")]
    wanted |= {f"{name} train": content_digest([made(name, "train", 30)]) for name in hard}
    program = (
        f"import sys; sys.path[:] = {[p for p in sys.path if p]!r}\n"
        "import json; from support import made, content_digest, small_blocks\n"
        f"names = {[key.split() for key in reversed(wanted)]!r}\n"
        "with small_blocks():\n"
        "    print(json.dumps({f'{n} {s}': content_digest([made(n, s, 30)]) for n, s in names}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONHASHSEED": "7"},
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == wanted


@CONFIGS
def test_far_train_rows_cost_one_block(name: str) -> None:
    before = make_block.cache_info().misses
    (row,) = listed(name, "train", 1, start=10**12)
    assert make_block.cache_info().misses <= before + 1
    assert re.fullmatch(rf".*_train_{10**12}", row["sample_id"])


@CONFIGS
def test_held_out_rows_do_not_repeat(name: str) -> None:
    for split in ("validation", "test"):
        prompts = made(name, split, 1200)["input_text"].to_pylist()
        assert len(set(prompts)) == 1200


@pytest.mark.parametrize("name", TASKS)
def test_no_prompt_is_in_two_splits_whatever_the_seed_and_config(name: str) -> None:
    configs = [config for config in STOCK if config.partition("-")[0] == name]
    seen: dict[str, str] = {}
    answers: dict[str, str] = {}
    for config in configs:
        for split, seed in (("train", 1), ("validation", 2), ("test", 3), ("train", 3), ("test", 1)):
            for row in listed(config, split, 1000, seed=seed):
                assert seen.setdefault(row["input_text"], split) == split
                assert answers.setdefault(row["input_text"], row["target"]) == row["target"]
