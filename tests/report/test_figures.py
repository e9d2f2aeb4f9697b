"""The figures: stated names, not empty, equal for equal runs."""

import sys
import zlib
from pathlib import Path

import pytest
from matplotlib.image import imread
from run_folders import failed, settings, write_run, wrong

from eval_harness.analysis.runs import RunError, load_runs
from eval_harness.report.figures import check_matplotlib, write_figures


def runs(tmp_path: Path, number: int) -> list[Path]:
    folders = [tmp_path / f"run{place}" for place in range(number)]
    for place, folder in enumerate(folders):
        chosen = settings(configs=["dyna-easy", "logic-parity"], samples_per_combo=8)
        write_run(folder, chosen, lambda n, record, place=place: wrong(record) if n % (place + 2) else record)
    return folders


def pixels(path: Path) -> bytes:
    """The image data of a PNG, decompressed."""
    content, found, place = path.read_bytes(), b"", 8
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    while place < len(content):
        length = int.from_bytes(content[place : place + 4])
        if content[place + 4 : place + 8] == b"IDAT":
            found += content[place + 8 : place + 8 + length]
        place += length + 12
    return zlib.decompress(found)


def test_figures_have_their_names_and_show_something(tmp_path: Path) -> None:
    written = write_figures(load_runs(runs(tmp_path, 2)), tmp_path)
    assert [path.name for path in written] == [
        "outcomes.png", "accuracy.png", "heatmap-dyna.png", "heatmap-logic-parity.png", "latency.png",
        "prompt_tokens.png", "completion_tokens.png", "comparison.png",
    ]  # fmt: skip
    for path in written:
        assert len(set(pixels(path))) > 20, path.name  # more than one colour of paper


def test_equal_runs_give_equal_files(tmp_path: Path) -> None:
    found = load_runs(runs(tmp_path, 1))
    contents = []
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        contents.append([path.read_bytes() for path in write_figures(found, tmp_path / name)])
    assert contents[0] == contents[1]


def test_long_names_are_seen_whole(tmp_path: Path) -> None:
    folders = [
        folder.rename(tmp_path / f"{folder.name}-{'of-a-long-name' * 5}") for folder in runs(tmp_path, 2)
    ]
    for path in write_figures(load_runs(folders), tmp_path):
        image = imread(path)
        for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
            assert (edge == 1).all(), path.name  # what is cut off would reach the edge


def test_what_there_is_nothing_of_is_not_drawn(tmp_path: Path) -> None:
    write_run(tmp_path / "run", settings(configs=["dyna-easy"]), lambda _, record: failed(record))
    names = [path.name for path in write_figures(load_runs([tmp_path / "run"]), tmp_path)]
    assert names == ["outcomes.png", "accuracy.png", "heatmap-dyna.png"]
    (tmp_path / "empty").mkdir()
    write_run(tmp_path / "none", settings(configs=["dyna-easy"]), lambda *_: None)
    names = [path.name for path in write_figures(load_runs([tmp_path / "none"]), tmp_path / "empty")]
    assert names == ["outcomes.png"]


def test_without_matplotlib_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RunError, match=r"synthlm\[plots\].*--no-png"):
        check_matplotlib()
