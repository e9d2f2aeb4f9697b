"""Reports on sweeps: equal from a folder and from its table, one page for all, every seed in the CSV."""

import csv
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from finished_sweeps import row, write_sweep

from eval_harness.architectures.sweep.table import Row
from synthlm_tasks.cli import main

NAMES = ("attention", "gru", "mamba2", "gated-deltanet", "gated-deltanet-neg", "linear", "mlstm")
OPS = {"num_ops": {"2": (80, 100), "10": (40, 100)}, "initial": {'"random"': (120, 200)}}


def runs() -> list[Row]:
    rows = [
        row(name, seed, lr, 0.5 + lr, 0.3 + 0.1 * place, curve=(0.2, 0.3, 0.3 + 0.1 * place), by_axis=OPS)
        for place, name in enumerate(NAMES)
        for seed in (0, 1)
        for lr in (1e-3, 3e-3)
    ]
    rows += [
        row(name, 0, 3e-3, 0.5, 0.9 - 0.1 * place, training="logic <b>", config="logic-easy")
        for place, name in enumerate(NAMES)
    ]
    rows.append(row("kda", 0, 3e-3, 0, 0, error="RuntimeError: <no> kernel"))
    rows.append(row("attention", 0, 3e-3, 0.4, 0.4, training="why", control=True, ffn=False))
    return rows


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("sweep").mkdir()
    write_sweep(Path("sweep/sweep.parquet"), runs())
    return Path("sweep")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_and_its_table_alone_give_the_same_report(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--report", str(made)]) == 0
    shown = capsys.readouterr().out.split()
    found = contents(made / "report")
    assert shown == [str(made / "report" / name) for name in shown_names(shown)]
    assert set(shown_names(shown)) == set(found)
    assert {"report.html", "results.md", "results.csv", "overview.png", "accuracy-swaps.png"} <= found.keys()
    assert {"learning-swaps.png", "axes-swaps.png", "learning-rates-swaps.png"} <= found.keys()
    (tmp_path / "alone.parquet").write_bytes((made / "sweep.parquet").read_bytes())
    assert main(["sweep", "--report", "alone.parquet", "--output-dir", "other"]) == 0
    assert contents(tmp_path / "other") == found


def shown_names(shown: list[str]) -> list[str]:
    return [Path(path).name for path in shown]


def test_every_seed_is_in_the_csv(made: Path) -> None:
    assert main(["sweep", "--report", str(made), "--no-png"]) == 0
    with (made / "report" / "results.csv").open() as file:
        lines = list(csv.DictReader(file))
    chosen = [line for line in lines if line["training"] == "swaps"]
    assert [(line["architecture"], line["seed"], line["lr"]) for line in chosen] == [
        (name, seed, "0.003") for name in NAMES for seed in "01"
    ]
    attention = chosen[0]
    assert (attention["accuracy"], attention["scaled"], attention["chance"]) == ("0.3", "0.125", "0.2")
    assert float(attention["low"]) < 0.125 < float(attention["high"])
    assert attention["parameters"] == "90000"


class Resources(HTMLParser):
    """What a page loads, and whether its elements are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "col", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_no_other_file_and_says_what_was_found(made: Path) -> None:
    assert main(["sweep", "--report", str(made), "--no-png"]) == 0
    page = (made / "report" / "report.html").read_text()
    parser = Resources()
    parser.feed(page)
    assert parser.open == []
    assert all(link.startswith("#") for link in parser.loaded)
    assert "<script" not in page
    assert "logic &lt;b&gt;" in page
    assert "RuntimeError: &lt;no&gt; kernel" in page
    assert "best shortcut" in page
    for heading in ("Overview", "Predictions", "why (control)", "Are models ordered alike?", "Failed runs"):
        assert heading in page
    assert "not told apart" in page


def test_the_markdown_has_a_line_for_each_model_and_the_predictions(made: Path) -> None:
    assert main(["sweep", "--report", str(made), "--no-png"]) == 0
    text = (made / "report" / "results.md").read_text()
    swaps = text.partition("## swaps")[2].partition("##")[0]
    assert re.findall(r"^\| ([a-z][\w-]+) \| \d", swaps, re.MULTILINE) == list(NAMES)
    assert re.search(r"^\| gru \| 40\.0% \| 25\.0% \| 0\.0% \| .* \| 2 \| 0\.003 \| ", swaps, re.MULTILINE)
    assert "| dyna | `attention` | good |" in text
    assert "| swaps, logic <b> | 7 | -1.00 | -1.00 |" in text


def test_a_table_of_several_sweeps_puts_ones_own_mixer_beside_the_others(made: Path, tmp_path: Path) -> None:
    write_sweep(tmp_path / "mine.parquet", [row("mine:mixer", seed, 3e-3, 0.5, 0.99) for seed in (0, 1)])
    assert main(["sweep", "--report", str(made), "mine.parquet", "--no-png"]) == 0
    assert "| mine:mixer | 99.0% |" in (made / "report" / "results.md").read_text()


def test_a_sweep_of_which_every_run_failed_is_reported_on(tmp_path: Path, made: Path) -> None:
    write_sweep(tmp_path / "failed.parquet", [row("gru", seed, 3e-3, 0, 0, error="x") for seed in (0, 1)])
    assert main(["sweep", "--report", "failed.parquet"]) == 0
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == [
        "report.html", "results.csv", "results.md",
    ]  # fmt: skip
    page = (tmp_path / "report" / "report.html").read_text()
    assert "No run has scores." in page
    assert "swaps, gru, lr 0.003, seed 1" in page
    assert not (made / "report").exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["smoke", "--report", "sweep"], "--report takes no plan"),
        (["--report", "text.parquet"], "no Parquet file"),
        (["--report", "other.parquet"], "no table of a sweep: it has no column 'key'"),
        (["--report", "sweep", "strange.parquet"], "its runs do not compare: batch_size=8, not 64"),
    ],
)
def test_what_is_no_table_or_does_not_go_together_is_refused(
    typed: list[str], message: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    Path("text.parquet").write_text("x" * 100)
    pq.write_table(pa.table({"x": [1]}), "other.parquet")
    write_sweep(Path("strange.parquet"), [row("gru", 5, 3e-3, 0.5, 0.5, batch_size=8)])
    assert main(["sweep", *typed]) == 2
    assert message in capsys.readouterr().err
    assert not (made / "report").exists()


def test_without_matplotlib_the_extra_is_named(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["sweep", "--report", str(made)]) == 2
    assert "--no-png" in capsys.readouterr().err
    assert main(["sweep", "--report", str(made), "--no-png"]) == 0
