"""Ray: the same bytes from workers that may die, and clear words when it cannot be used."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import digests

from synthlm_tasks import cli

COMMAND = ["merged", "--total-tokens", "1M", "--shard-rows", "1000"]
PROGRAM = "import sys; from synthlm_tasks import cli; sys.exit(cli.main(sys.argv[1:]))"

CLUSTER = """
import ray, subprocess, sys
ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=80_000_000)
address = ray.get_runtime_context().gcs_address
sys.exit(subprocess.run([*sys.argv[1:], "--ray-address", address]).returncode)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The digests of the folder as one process of this machine makes it."""
    folder = tmp_path_factory.mktemp("local")
    assert cli.main([*COMMAND, "--output-dir", str(folder)]) == 0
    return digests(folder)


def on_ray(output_dir: str, *options: str) -> list[str]:
    """The command line that makes the folder with Ray."""
    return [
        sys.executable,
        "-c",
        PROGRAM,
        *COMMAND,
        "--executor",
        "ray",
        "--output-dir",
        output_dir,
        *options,
    ]


def children(parent: int) -> Iterator[int]:
    """The ids of all processes below one."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and parent_of(int(entry.name)) == parent:
            yield int(entry.name)
            yield from children(int(entry.name))


def parent_of(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has ended


def worker_below(parent: int) -> int:
    """A Ray worker that is writing a shard."""
    while parent_of(parent):
        for process in children(parent):
            try:
                title = Path(f"/proc/{process}/cmdline").read_bytes()
            except OSError:
                continue
            if title.startswith(b"ray::_Worker.write"):
                return process
        time.sleep(0.01)
    raise AssertionError("the command has ended")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
def test_a_killed_worker_costs_only_its_shard(whole: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra is not installed")
    made = tmp_path / "made"
    running = subprocess.Popen(on_ray(str(made), "--num-proc", "2"), cwd=tmp_path)
    while len(list(made.glob("*.parquet"))) < 2:
        assert running.poll() is None
        time.sleep(0.01)
    finished = {path: path.stat().st_mtime_ns for path in made.glob("*.parquet")}
    os.kill(worker_below(running.pid), signal.SIGKILL)
    assert running.wait(timeout=200) == 0
    assert digests(made) == whole
    assert {path: path.stat().st_mtime_ns for path in finished} == finished


@pytest.mark.slow
def test_a_cluster_writes_the_same_bytes_to_a_url(whole: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra is not installed")
    made = tmp_path / "made"
    command = [sys.executable, "-c", CLUSTER, *on_ray(f"file://{made}")]
    assert subprocess.run(command, cwd=tmp_path, timeout=200).returncode == 0
    assert digests(made) == whole


@pytest.mark.slow
def test_a_folder_that_the_machines_do_not_share_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra is not installed")
    command = on_ray("memory://made", "--num-proc", "1")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 2
    assert "--output-dir 'memory://made'" in done.stderr


def test_without_ray_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert cli.main([*COMMAND, "--executor", "ray", "--output-dir", str(tmp_path / "made")]) == 2
    assert "synthlm[ray]" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--ray-address", "127.0.0.1:6379"], "--ray-address '127.0.0.1:6379'"),
        (["--executor", "slurm"], "--executor"),
        (["--executor", "ray", "--num-proc", "0"], "--num-proc 0"),
    ],
)
def test_wrong_options_are_named(
    options: list[str], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*COMMAND, *options, "--output-dir", str(tmp_path / "made")]) == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "made").exists()
