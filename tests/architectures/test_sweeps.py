"""Sweeps: what is missing is made, whatever happened before; runs are made by processes that may die."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eval_harness.architectures.sweep import folder
from eval_harness.architectures.sweep.table import SCHEMA, read_rows
from eval_harness.cli import sweep as command
from synthlm_tasks.cli import main

HELPERS = Path(__file__).parents[1] / "helpers"
FAKE = "fake_training:train"
PROGRAM = (
    "import sys; from eval_harness.cli import sweep; sweep.TRAIN = 'fake_training:train'; "
    "from synthlm_tasks import cli; sys.argv[0] = 'synthlm'; cli.run()"
)
PLAN = """
lrs = [1e-3, 3e-3]
tokens = "1M"
curve_points = 4
samples = 40
[[training]]
name = "swaps"
config = "dyna-swaps-easy"
axes = { num_ops = [1, 2] }
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "TRAIN", FAKE)
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(PLAN)


def sweep(*options: str, architectures: tuple[str, ...] = ("attention", "gru"), to: str = "made") -> int:
    given = ["--architectures", *architectures, "--device", "cpu", "--num-proc", "2", "--output-dir", to]
    return main(["sweep", "plan.toml", *given, *options])


def table(folder: str = "made") -> pa.Table:
    return pq.ParquetFile(Path(folder, "sweep.parquet")).read()


def test_a_run_is_a_row_with_its_curve_and_scores() -> None:
    assert sweep() == 0
    made = table()
    assert made.schema.equals(SCHEMA)
    assert made.num_rows == 4
    row = made.to_pylist()[2]
    assert (row["training"], row["architecture"], row["lr"]) == ("swaps", "attention", 0.003)
    assert (row["parameters"], row["state_size"], row["seconds"]) == (100_000, 256, 10.0)
    assert json.loads(row["axes"]) == {"num_ops": [1, 2]}
    assert [point["tokens"] for point in row["curve"]] == [250_000, 500_000, 750_000, 1_000_000]
    assert row["curve"][-1]["accuracies"][1] == {"evaluation": "test", "accuracy": 0.92}
    assert [(score["evaluation"], score["n"]) for score in row["scores"]] == [
        ("validation", 40),
        ("test", 40),
    ]
    parsed = read_rows(Path("made/sweep.parquet"))[2]
    assert parsed.spec.key == row["key"]
    assert parsed.result.scores["test"].by_axis == {"num_ops": {"1": (20, 20), "2": (17, 20)}}


def test_the_same_command_makes_only_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep() == 0
    whole = Path("made/sweep.parquet").read_bytes()
    files = sorted(Path("made/runs").iterdir())
    assert len(files) == 4
    files[1].unlink()
    before = {file: file.stat().st_mtime_ns for file in files if file != files[1]}
    capsys.readouterr()
    assert sweep() == 0
    assert "1/1 swaps: " in capsys.readouterr().out
    assert Path("made/sweep.parquet").read_bytes() == whole
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_a_plan_and_a_table_are_enough_to_go_on_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("--seeds", "0") == 0
    whole = Path("made/sweep.parquet").read_bytes()
    shutil.rmtree("made/runs")
    capsys.readouterr()
    assert sweep("--seeds", "0") == 0
    assert "1/1" not in capsys.readouterr().out
    assert Path("made/sweep.parquet").read_bytes() == whole
    shutil.rmtree("made/runs")
    Path("made/sweep.parquet").write_bytes(b"no table")
    assert sweep("--seeds", "0") == 2
    assert "sweep.parquet': no Parquet file" in capsys.readouterr().err
    assert Path("made/sweep.parquet").read_bytes() == b"no table"


def test_a_dry_run_counts_the_runs_of_a_table_that_came_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep() == 0
    shutil.rmtree("made/runs")
    capsys.readouterr()
    assert sweep("--dry-run") == 0
    assert "4 runs, 4M tokens; 0 to be made" in capsys.readouterr().out
    assert not Path("made/runs").exists()
    Path("made/sweep.parquet").write_bytes(b"no table")
    assert sweep("--dry-run") == 2
    assert "sweep.parquet': no Parquet file" in capsys.readouterr().err


def test_killed_while_a_table_is_unpacked_no_run_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Killed(BaseException):
        """As if the process had ended there: nothing of the command catches it."""

    def replace(file: Path, content: bytes, whole: Callable[[Path, bytes], None] = folder._replace) -> None:
        whole(file, content)
        if file.name != "plan.json":
            raise Killed

    assert sweep() == 0
    whole = Path("made/sweep.parquet").read_bytes()
    shutil.rmtree("made/runs")
    with monkeypatch.context() as patch:
        patch.setattr(folder, "_replace", replace)
        with pytest.raises(Killed):
            sweep()
    capsys.readouterr()
    assert sweep() == 0
    assert "1/" not in capsys.readouterr().out
    assert Path("made/sweep.parquet").read_bytes() == whole
    assert {place.name for place in Path("made").iterdir()} == {".lock", "plan.json", "runs", "sweep.parquet"}


def test_a_torn_file_is_no_run() -> None:
    assert sweep() == 0
    whole = Path("made/sweep.parquet").read_bytes()
    file = next(Path("made/runs").iterdir())
    file.write_bytes(file.read_bytes()[:-40])
    assert sweep() == 0
    assert Path("made/sweep.parquet").read_bytes() == whole


def test_other_settings_are_refused_with_the_keys_that_differ(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep() == 0
    capsys.readouterr()
    assert sweep("--tokens", "2M", "--seeds", "0", "1") == 2
    message = capsys.readouterr().err
    assert "--output-dir 'made': was begun with other settings" in message
    assert "tokens is 1000000 there, 2000000 here" in message
    assert "seeds is None there, [0, 1] here" in message
    text = Path("plan.toml").read_text()
    Path("plan.toml").write_text(text.replace("num_ops = [1, 2]", "num_ops = [1, 3]"))
    assert sweep() == 2
    assert "training.swaps.axes.num_ops is [1, 2] there, [1, 3] here" in capsys.readouterr().err
    Path("plan.toml").write_text("description = 'in other words'\n" + text)
    assert sweep() == 0


def test_a_folder_of_something_else_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("made").mkdir()
    Path("made/thesis.tex").write_text("x")
    assert sweep() == 2
    assert "is not empty, and no sweep's folder" in capsys.readouterr().err
    assert [path.name for path in Path("made").iterdir()] == ["thesis.tex"]


def test_a_failed_run_is_a_row_that_says_so_and_is_made_again_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = ("attention", "module:fails", "module:diverges")
    assert sweep(architectures=wrong) == 1
    assert "4 of them failed (--retry-failed makes them again)" in capsys.readouterr().out
    errors = dict(zip(table()["architecture"].to_pylist(), table()["error"].to_pylist(), strict=True))
    assert errors == {
        "attention": None,
        "module:fails": "RuntimeError: no such kernel",
        "module:diverges": "the loss is no number",
    }
    assert sweep(architectures=wrong) == 1
    assert "module:fails" not in capsys.readouterr().out
    assert sweep("--retry-failed", architectures=wrong) == 1
    assert "4/4 " in capsys.readouterr().out


def test_a_killed_worker_costs_only_its_run_which_is_begun_again() -> None:
    assert sweep("--seeds", "2", architectures=("attention", "module:dies")) == 0
    assert table()["error"].to_pylist() == [None] * 4
    assert not Path("made/checkpoints").exists()


def test_a_run_that_kills_its_worker_every_time_fails() -> None:
    assert sweep("--seeds", "9", "--lrs", "0.001", architectures=("attention", "module:dies")) == 1
    assert "was ended 3 times, at last with -9" in table()["error"].to_pylist()[1]
    assert table()["error"].to_pylist()[0] is None


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep("--dry-run") == 0
    shown = capsys.readouterr().out
    assert "4 runs, 4M tokens; 4 to be made" in shown
    assert "attention 2x64" in shown
    assert "44,000 (assumed)" in shown
    assert not Path("made").exists()


def test_a_dry_run_reckons_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert sweep() == 0
    next(Path("made/runs").iterdir()).unlink()
    capsys.readouterr()
    assert sweep("--dry-run") == 0
    shown = capsys.readouterr().out
    assert "4 runs, 4M tokens; 1 to be made" in shown
    assert "100,000 (measured)" in shown


def started(folder: str, seconds: float) -> "subprocess.Popen[str]":
    """The command in a process of its own, each run of which takes so long."""
    given = [
        "--architectures",
        "attention",
        "gru",
        "--device",
        "cpu",
        "--num-proc",
        "2",
        "--output-dir",
        folder,
    ]
    paths = [os.environ.get("PYTHONPATH", ""), str(HELPERS)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "sweep", "plan.toml", *given],
        env={**os.environ, "SYNTHLM_FAKE_SECONDS": str(seconds), "PYTHONPATH": os.pathsep.join(paths)},
        # Whoever runs the tests in the background may have handed down that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        text=True,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_ends_with_130_and_goes_on(number: signal.Signals) -> None:
    running = started("made", 0.5)
    wait_for(lambda: any(Path("made/runs").glob("*.parquet")))
    running.send_signal(number)
    assert running.wait(30) == 130
    assert 0 < table().num_rows < 4
    assert sweep() == 0
    assert sweep(to="whole") == 0
    assert Path("made/sweep.parquet").read_bytes() == Path("whole/sweep.parquet").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("write", range(2, 7))
def test_interrupted_at_any_write_the_table_has_every_run_that_is_there(
    number: signal.Signals, write: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def replace(file: Path, content: bytes, whole: Callable[[Path, bytes], None] = folder._replace) -> None:
        whole(file, content)
        written.append(file.name)
        if len(written) == write:
            signal.raise_signal(number)

    written: list[str] = []
    monkeypatch.setattr(folder, "_replace", replace)
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert sweep() == 130
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    there = {file.stem for file in Path("made/runs").glob("*.parquet")}
    assert set(table()["key"].to_pylist()) == there
    assert len(there) == (write - 1) // 2


def test_killed_at_random_moments_and_resumed_it_is_the_table_of_an_uninterrupted_sweep() -> None:
    assert sweep(to="whole") == 0
    moments = random.Random(7)
    for _ in range(3):
        running = started("made", 0.2)
        wait_for(lambda: Path("made/sweep.parquet").exists())
        time.sleep(moments.uniform(0, 0.7))
        running.kill()
        running.wait(30)
        for file in Path("made/runs").glob("*.parquet"):
            assert pq.ParquetFile(file).read().num_rows == 1  # what is there is whole
    assert sweep() == 0
    assert Path("made/sweep.parquet").read_bytes() == Path("whole/sweep.parquet").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--num-proc", "0"], "--num-proc 0: expected a whole number"),
        (["--ray-address", "x:1"], "--ray-address 'x:1': give --executor ray too"),
        (["--gpus-per-run", "0.5"], "--gpus-per-run 0.5: give --executor ray too"),
        (["--configs", "dyna-easy"], "--configs"),
        (["--report", "."], "there is no such file"),
    ],
)
def test_wrong_options_are_named(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "plan.toml", "--output-dir", "made", *options]) == 2
    assert message in capsys.readouterr().err
    assert not Path("made").exists()


def test_without_torch_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "TRAIN", "eval_harness.architectures.training:train_run")
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert sweep() == 2
    assert "synthlm[train]" in capsys.readouterr().err
