"""Ray: the same rows from workers that may die, and clear words when it cannot be used."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from eval_harness.cli import sweep as command
from synthlm_tasks.cli import main

HELPERS = Path(__file__).parents[1] / "helpers"
PROGRAM = (
    "import sys; from eval_harness.cli import sweep; sweep.TRAIN = 'fake_training:train'; "
    "from synthlm_tasks import cli; sys.argv[0] = 'synthlm'; cli.run()"
)
CLUSTER = """
import ray, subprocess, sys
ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=80_000_000)
address = ray.get_runtime_context().gcs_address
sys.exit(subprocess.run([*sys.argv[1:], "--ray-address", address]).returncode)
"""
PLAN = """
seeds = [1, 2]
lrs = [1e-3]
tokens = "1M"
curve_points = 4
samples = 40
[[training]]
config = "dyna-swaps-easy"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [os.environ.get("PYTHONPATH", ""), str(HELPERS)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    Path("plan.toml").write_text(PLAN)


def typed(folder: str, *options: str, architectures: tuple[str, ...]) -> list[str]:
    given = ["sweep", "plan.toml", "--architectures", *architectures, "--device", "cpu"]
    return [sys.executable, "-c", PROGRAM, *given, "--output-dir", folder, *options]


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=200)


def table(folder: str) -> list[dict[str, object]]:
    return pq.ParquetFile(Path(folder, "sweep.parquet")).read().to_pylist()


@pytest.mark.slow
def test_ray_gives_the_rows_of_processes_and_a_killed_worker_costs_its_run() -> None:
    pytest.importorskip("ray", reason="the extra is not installed")
    wanted = ("attention", "gru", "module:dies")
    assert run(*typed("local", "--num-proc", "2", architectures=wanted)).returncode == 0
    on_ray = run(*typed("ray", "--num-proc", "2", "--executor", "ray", architectures=wanted))
    assert on_ray.returncode == 0, on_ray.stderr
    assert Path("ray/sweep.parquet").read_bytes() == Path("local/sweep.parquet").read_bytes()


@pytest.mark.slow
def test_a_cluster_that_is_there_is_used_and_failed_runs_are_rows() -> None:
    pytest.importorskip("ray", reason="the extra is not installed")
    wanted = ("attention", "module:fails")
    command = typed("cluster", "--executor", "ray", architectures=wanted)
    done = run(sys.executable, "-c", CLUSTER, *command)
    assert done.returncode == 1, done.stderr
    assert [row["error"] for row in table("cluster")] == [None, "RuntimeError: no such kernel"] * 2


@pytest.mark.slow
def test_a_share_of_a_gpu_that_is_not_there_is_refused() -> None:
    pytest.importorskip("ray", reason="the extra is not installed")
    options = ["--executor", "ray", "--num-proc", "1", "--gpus-per-run", "0.5"]
    done = run(*typed("made", *options, architectures=("gru",)))
    assert done.returncode == 2
    assert "--gpus-per-run 0.5: the cluster has no GPU" in done.stderr


def test_without_ray_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr(command, "TRAIN", "fake_training:train")
    assert main(["sweep", "plan.toml", "--executor", "ray", "--output-dir", "made"]) == 2
    assert "synthlm[ray]" in capsys.readouterr().err
    assert not Path("made").exists()
