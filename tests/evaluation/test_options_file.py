"""`synthlm eval --config FILE`: options from a file, for one model or several in one command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import Endpoint, endpoint, solved
from evaluating import evaluate, lines, read

from synthlm_tasks.cli import main


@pytest.fixture
def served() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def written(folder: Path, text: str) -> str:
    path = folder / "models.toml"
    path.write_text(text)
    return str(path)


def common(served: Endpoint, folder: Path) -> str:
    return f"""
base_url = "{served.url}"
requests-per-minute = 0
tasks = ["dyna", "logic"]
samples_per_combo = 2
output_dir = "{folder}/out"
"""


TWO = """
[[models]]
model = "org/first"
[[models]]
model = "second"
name = "the other"
samples_per_combo = 1
extra_body = { top_p = 0.9 }
"""


def test_a_file_of_options_is_as_if_they_had_been_typed(served: Endpoint, tmp_path: Path) -> None:
    path = written(tmp_path, common(served, tmp_path) + 'model = "m"\n')
    assert main(["eval", "--config", path]) == 0
    assert len(lines(tmp_path / "out")) == 12
    assert read(tmp_path / "out", "run")["settings"]["tasks"] == ["dyna", "logic"]


def test_what_is_typed_comes_before_the_file(served: Endpoint, tmp_path: Path) -> None:
    path = written(tmp_path, common(served, tmp_path) + 'model = "m"\n')
    assert main(["eval", "--config", path, "--tasks", "logic", "--output-dir", str(tmp_path / "typed")]) == 0
    assert {line["task"] for line in lines(tmp_path / "typed")} == {"logic"}


def test_every_model_has_a_run_of_its_own_and_a_row_in_one_table(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, common(served, tmp_path) + TWO)
    assert main(["eval", "--config", path]) == 0
    first, other = tmp_path / "out" / "org-first", tmp_path / "out" / "the-other"
    assert (len(lines(first)), len(lines(other))) == (12, 6)
    assert read(other, "run")["settings"]["extra_body"] == {"top_p": 0.9}
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = {row[0]: row for row in shown if row and row[0] in ("org-first", "the-other")}
    assert rows["org-first"][1] == f"{read(first, 'summary')['overall']['accuracy']:.0%}"
    assert rows["org-first"][-2:] == ["12/12", "-"]
    assert rows["the-other"][-2:] == ["6/6", "-"]


def test_what_a_model_says_is_meant_even_where_it_is_false(served: Endpoint, tmp_path: Path) -> None:
    models = '[[models]]\nmodel = "a"\n[[models]]\nmodel = "b"\nstream = false\n'
    path = written(tmp_path, common(served, tmp_path) + "stream = true\nlimit = 1\n" + models)
    assert main(["eval", "--config", path]) == 0
    assert [read(tmp_path / "out" / name, "run")["settings"]["stream"] for name in "ab"] == [True, False]


def test_the_same_command_goes_on_with_what_is_unfinished(served: Endpoint, tmp_path: Path) -> None:
    path = written(tmp_path, common(served, tmp_path) + TWO)
    assert main(["eval", "--config", path]) == 0
    journal = tmp_path / "out" / "the-other" / "results.jsonl"
    kept = journal.read_bytes().splitlines(keepends=True)[:-2]
    journal.write_bytes(b"".join(kept))
    before = len(served.asked)
    assert main(["eval", "--config", path]) == 0
    assert len(served.asked) - before == 2
    assert len(lines(tmp_path / "out" / "the-other")) == 6


def test_a_model_that_fails_leaves_the_next_its_turn(
    served: Endpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = 'base_url = "http://model.invalid/v1"\n'
    path = written(
        tmp_path, common(served, tmp_path) + TWO.replace('model = "org/first"\n', f'model = "a"\n{broken}')
    )
    assert main(["eval", "--config", path, "--quiet"]) == 3
    assert len(lines(tmp_path / "out" / "the-other")) == 6
    assert "a: no reply to the first request, to http://model.invalid/v1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('modle = "m"', "modle: no such option"),
        ('api_key = "sk-planted-0123"', "api_key: a key does not belong in a file"),
        ("samples_per_combo = 'many'", "--samples-per-combo"),
        ('endpoint = "chta"', "--endpoint"),
        ("shots = [1, 2]", "2"),
        ("models = 3", "expected one [[models]] or more"),
        ('[[models]]\nmodel = "m"\n[[models]]\nmodel = "m"', "two of the name 'm'"),
        ("[[models]]\nshots = 1", "model 1: neither name nor model"),
        ("[[models]]\nmodel = 'm'\nmode = 'slow'", "model 1: "),
        ("no toml", "cannot be read"),
    ],
)
def test_a_wrong_file_is_one_message_before_anything_is_asked(
    served: Endpoint, tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, f'base_url = "{served.url}"\n{text}\n')
    assert main(["eval", "--config", path, "--output-dir", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert "models.toml" in shown
    assert "sk-planted" not in shown
    assert "Traceback" not in shown
    assert served.asked == []
    assert not (tmp_path / "out").exists()


def test_all_models_are_checked_before_the_first_is_asked(served: Endpoint, tmp_path: Path) -> None:
    wrong = TWO.replace("samples_per_combo = 1", "samples_per_combo = 0")
    path = written(tmp_path, common(served, tmp_path) + wrong)
    assert main(["eval", "--config", path]) == 2
    assert served.asked == []


def test_the_key_of_each_model_comes_from_a_variable_of_its_own(
    served: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRST_KEY", "sk-first")
    options = ("--configs", "logic-easy", "--api-key-env", "FIRST_KEY")
    assert evaluate(served, tmp_path / "run", *options) == 0
    assert {sent["authorization"] for sent in served.headers} == {"Bearer sk-first"}
    monkeypatch.delenv("FIRST_KEY")
    assert evaluate(served, tmp_path / "no", *options) == 2
    assert "--api-key-env 'FIRST_KEY': no such variable" in capsys.readouterr().err


def test_several_models_do_not_resume_one_run(served: Endpoint, tmp_path: Path) -> None:
    served.respond = lambda text: solved(text, 1)
    assert evaluate(served, tmp_path / "run") == 0
    path = written(tmp_path, common(served, tmp_path) + TWO)
    assert main(["eval", "--config", path, "--resume", str(tmp_path / "run")]) == 2
