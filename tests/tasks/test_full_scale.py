"""Every config at full scale: `pytest -m slow`, or as a script with `--rows 100000 dyna-hard`.

Every row's answer, id and split are checked, and every `every`-th row against all invariants.
"""

import argparse
import logging
import sys
import time
from collections import Counter

import pytest
from support import SEED, STOCK, level_configs

from synthlm_tasks import TASKS, SpaceError
from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.rows.splits import SPLITS
from synthlm_tasks.rows.tables import iter_tables

LOG = logging.getLogger("full scale")
ROWS = 100_000
EVERY = 10
SHARES = {"train": 0.90, "validation": 0.05, "test": 0.05}


def scanned(name: str, rows: int, every: int, seen: dict[int, str], seed: int = SEED) -> Counter[str]:
    """What is wrong with the rows of a config, and how often; `seen` gathers prompt hash → split."""
    oracle = task_audit(name.partition("-")[0]).checks
    found: Counter[str] = Counter()
    for split in SPLITS:
        made = 0
        prompts: set[int] = set()
        try:
            for table in iter_tables(STOCK[name], seed, split, 0, round(rows * SHARES[split])):
                for row in table.to_pylist():
                    prompt = hash(row["input_text"])
                    found["a prompt in two splits"] += seen.setdefault(prompt, split) != split
                    prompts.add(prompt)
                    found["a wrong id"] += row["sample_id"].rpartition("_")[2] != str(made)
                    try:
                        found["a wrong answer"] += oracle.answer(row["input_text"]) != row["target"]
                        if made % every == 0:
                            found.update(oracle.violations(row))
                    except ValueError as error:
                        found[str(error).partition(":")[0]] += 1
                    made += 1
        except SpaceError as error:
            # A small space may end before that; what it holds has been checked.
            LOG.warning("%s", error)
            found["rows that cannot be made"] += "distinct prompts" not in str(error)
        found[f"repeats in {split}"] += made - len(prompts) if split != "train" else 0
    return +found


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_nothing_is_wrong_at_full_scale(task: str) -> None:
    seen: dict[int, str] = {}
    configs = [name for name in level_configs() if name.partition("-")[0] == task]
    assert {name: scanned(name, ROWS, EVERY, seen) for name in configs} == {
        name: Counter() for name in configs
    }


def main() -> int:
    """Scan the configs named (all if none is) and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("configs", nargs="*", default=list(STOCK), metavar="CONFIG")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--every", type=int, default=EVERY, help="check all invariants of every n-th row")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    unknown = set(options.configs) - set(STOCK)
    if unknown:
        parser.error(f"no such config: {', '.join(sorted(unknown))}; expected some of {', '.join(STOCK)}")
    seen: dict[str, dict[int, str]] = {task: {} for task in TASKS}
    wrong = 0
    for name in options.configs:
        start = time.perf_counter()
        found = scanned(name, options.rows, options.every, seen[name.partition("-")[0]], options.seed)
        wrong += found.total()
        seconds = time.perf_counter() - start
        result = ", ".join(f"{what}: {times:,}" for what, times in found.items()) or "nothing wrong"
        sys.stdout.write(f"{name:21} {options.rows:>9,} rows {seconds:6.1f} s  {result}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
