"""Two runs on the same samples, against computations by hand."""

import itertools
import math
from collections.abc import Container, Mapping
from pathlib import Path

import numpy as np
import pytest
from run_folders import Alter, failed, settings, write_run, wrong

from eval_harness.analysis.pairing import Comparison, compare_runs, paired_interval, sign_flip_test
from eval_harness.analysis.runs import RunError, load_runs
from eval_harness.records import Record
from synthlm_tasks.version import DATASET_VERSION

Places = Mapping[str, Container[int]]


def compared(
    tmp_path: Path, first: dict[str, object], second: dict[str, object], **chosen: object
) -> Comparison:
    """Compare two runs; each is described by the places of its wrong and failed samples."""
    folders = []
    for name, places in (("a", first), ("b", second)):
        folder = tmp_path / name
        write_run(folder, settings(**{"configs": ["logic-easy"], **chosen}), altered(places))
        folders.append(folder)
    return compare_runs(*load_runs(folders))


def altered(places: Places) -> Alter:
    def alter(n: int, record: Record) -> Record | None:
        if n in places.get("failed", ()):
            return failed(record)
        if n in places.get("missing", ()):
            return None
        return wrong(record) if n in places.get("wrong", ()) else record

    return alter


def test_a_cell_is_what_a_hand_computes(tmp_path: Path) -> None:
    # Of 20 samples 10 are right in both; 6 only in the second, 1 only in the first; 3 wrong in both.
    found = compared(tmp_path, {"wrong": range(9)}, {"wrong": [6, 7, 8, 9]})
    (cell,) = found.cells
    assert (cell.family, cell.level, cell.pairs) == ("logic", 1, 20)
    assert (cell.first, cell.second, cell.won, cell.lost) == (11 / 20, 16 / 20, 6, 1)
    assert cell.p_value == pytest.approx(
        2 * (1 + 7) / 2**7
    )  # exact McNemar: P(X <= 1), X ~ Bin(7, 1/2), twice
    # Bonett and Price: 2/22 and 7/22 disagree, ± 1.96 sqrt((9/22 - (5/22)^2) / 22)
    half = 1.96 * math.sqrt((9 / 22 - (5 / 22) ** 2) / 22)
    assert cell.difference.mean == pytest.approx(0.25)
    assert (cell.difference.low, cell.difference.high) == pytest.approx((5 / 22 - half, 5 / 22 + half))


def test_swapping_the_runs_swaps_the_sign(tmp_path: Path) -> None:
    forth = compared(tmp_path / "1", {"wrong": range(9)}, {"wrong": [6, 7, 8, 9]}).cells[0]
    back = compared(tmp_path / "2", {"wrong": [6, 7, 8, 9]}, {"wrong": range(9)}).cells[0]
    assert back.difference.mean == -forth.difference.mean
    assert back.difference.low == pytest.approx(-forth.difference.high)
    assert back.p_value == forth.p_value
    assert (back.won, back.lost) == (forth.lost, forth.won)


def test_runs_that_agree_everywhere_still_have_an_interval(tmp_path: Path) -> None:
    (cell,) = compared(tmp_path, {}, {}).cells
    assert cell.p_value == 1
    assert cell.difference.low < cell.difference.mean == 0 < cell.difference.high


def test_intervals_cover_the_true_difference_about_as_often_as_they_say() -> None:
    draw = np.random.default_rng(1)
    for lost, won, pairs in ((0.1, 0.2, 60), (0.02, 0.05, 100)):
        drawn = draw.multinomial(pairs, [lost, won, 1 - lost - won], size=4_000)
        found = [paired_interval(int(a), int(b), pairs) for a, b, _ in drawn]
        covered = sum(one.low <= won - lost <= one.high for one in found) / len(found)
        assert 0.93 < covered < 0.99


def test_levels_families_and_the_whole_are_told(tmp_path: Path) -> None:
    found = compared(tmp_path, {}, {}, configs=["logic", "dyna-easy"], samples_per_combo=5)
    assert [(cell.family, cell.level) for cell in found.cells] == [
        ("dyna", 1), ("logic", 1), ("logic", 2), ("logic", 3), ("logic", None), (None, None),
    ]  # fmt: skip
    assert found.cells[-1].pairs == sum(cell.pairs for cell in found.cells if cell.level is not None)


def test_what_is_not_scored_in_both_is_left_out_and_told(tmp_path: Path) -> None:
    found = compared(tmp_path, {"failed": [0, 1]}, {"failed": [1, 2], "missing": [3]}, samples_per_combo=10)
    assert (found.pairs, found.unscored, found.unpaired) == (6, 3, 1)
    assert found.cells[0].pairs == 6


def test_nothing_scored_in_both_gives_no_cell(tmp_path: Path) -> None:
    found = compared(tmp_path, {"failed": range(20)}, {})
    assert found.cells == []
    assert found.unscored == 20


def test_a_longer_run_is_compared_on_the_samples_of_the_shorter(tmp_path: Path) -> None:
    write_run(tmp_path / "a", settings(configs=["logic-easy"], samples_per_combo=10))
    write_run(tmp_path / "b", settings(configs=["logic-easy"], samples_per_combo=15))
    found = compare_runs(*load_runs([tmp_path / "a", tmp_path / "b"]))
    assert (found.pairs, found.unpaired) == (10, 5)
    assert found.settings == {"samples_per_combo": (10, 15)}


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"seed": 7}, "seed 42 and 7; the samples of logic-easy"),
        ({"configs": ["dyna-easy"]}, "configs logic-easy and dyna-easy, of which none are shared"),
    ],
)
def test_runs_on_other_samples_are_refused_with_what_differs(
    tmp_path: Path, second: dict[str, object], told: str
) -> None:
    write_run(tmp_path / "a", settings(configs=["logic-easy"]))
    write_run(tmp_path / "b", settings(**{"configs": ["logic-easy"], **second}))
    with pytest.raises(RunError, match=told):
        compare_runs(*load_runs([tmp_path / "a", tmp_path / "b"]))


def test_another_dataset_version_is_refused(tmp_path: Path) -> None:
    for name in "ab":
        write_run(tmp_path / name, settings(configs=["logic-easy"]))
    path = tmp_path / "b" / "run.json"
    path.write_text(
        path.read_text().replace(f'"dataset_version": "{DATASET_VERSION}"', '"dataset_version": "0.9.0"')
    )
    with pytest.raises(RunError, match=f"dataset_version '{DATASET_VERSION}' and '0.9.0'"):
        compare_runs(*load_runs([tmp_path / "a", tmp_path / "b"]))


def test_epochs_of_a_sample_are_not_taken_for_independent(tmp_path: Path) -> None:
    # The same answers in every epoch: four times the records, no more knowledge. (Cases: all samples, then
    # all of them again.)
    wrong_places = [n for n in range(80) if n % 20 < 9]
    many = compared(tmp_path / "4", {"wrong": wrong_places}, {}, epochs=4).cells[0]
    once = compared(tmp_path / "1", {"wrong": range(9)}, {}).cells[0]
    assert many.pairs == 4 * once.pairs
    assert many.difference.mean == once.difference.mean
    # The bootstrap's interval is narrower than the adjusted one for few samples, but not half as wide.
    width = many.difference.high - many.difference.low
    assert width > 0.8 * (once.difference.high - once.difference.low)
    assert many.p_value == pytest.approx(once.p_value, abs=0.005)


def test_the_sign_flip_test_is_the_enumeration() -> None:
    differences = np.array([1.0, 0.5, 0.5, -0.25, 0.75, 0.0])
    reached = [
        abs(np.dot(signs, differences)) >= differences.sum() - 1e-9
        for signs in itertools.product((-1, 1), repeat=6)
    ]
    assert sign_flip_test(differences) == pytest.approx(sum(reached) / len(reached), abs=0.01)


def test_a_run_given_twice_is_refused(tmp_path: Path) -> None:
    write_run(tmp_path / "a", settings(configs=["logic-easy"]))
    with pytest.raises(RunError, match="given twice"):
        load_runs([tmp_path / "a", tmp_path / "a" / ".." / "a"])
