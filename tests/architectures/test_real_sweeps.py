"""A sweep that trains: the plan that is there to see that everything works, with a mixer of one's own."""

import re
from pathlib import Path

import pytest

from eval_harness.architectures.sweep.table import read_rows
from synthlm_tasks.cli import main

TRAINING_PAGE = (Path(__file__).parents[2] / "docs" / "training.md").read_text("utf-8")


@pytest.mark.slow
def test_the_smoke_plan_trains_a_mixer_of_ones_own_beside_another_and_is_reported_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch", reason="the extra is not installed")
    pytest.importorskip("transformers", reason="the extra is not installed")
    monkeypatch.chdir(tmp_path)
    own = re.search(r"```python\n(import torch\n.*?class DecayingMean.*?)```", TRAINING_PAGE, re.DOTALL)
    assert own is not None
    (tmp_path / "mine.py").write_text(own[1])
    small = ["--lrs", "0.003", "--seeds", "0", "--tokens", "20K", "--samples", "40", "--num-proc", "1"]
    wanted = ["--architectures", "gru", "mine:DecayingMean", "--device", "cpu"]
    assert main(["sweep", "smoke", *small, *wanted]) == 0
    rows = read_rows(tmp_path / "sweep-smoke" / "sweep.parquet")
    assert [row.spec.architecture for row in rows] == ["gru", "mine:DecayingMean"]
    for row in rows:
        assert row.result.error is None
        assert row.result.scores["num_ops 4"].n == 40
        assert row.result.curve[-1].tokens >= 20_000
        assert len(row.result.curve) == 5
    first, second = (row.result.parameters for row in rows)
    assert abs(first - second) <= 0.05 * first
    assert main(["sweep", "--report", "sweep-smoke", "--no-png"]) == 0
    assert "mine:DecayingMean" in (tmp_path / "sweep-smoke" / "report" / "results.md").read_text()
