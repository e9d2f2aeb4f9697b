"""`synthlm eval-results`: a run's accuracies as the Hub shows them beside a model, never of other samples."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
import yaml
from endpoint import endpoint
from evaluating import evaluate
from hub_api import READER, STRANGER, WRITER, Hub
from hub_repos import Refused, Repo
from publishing import OLD_UPLOAD, REPO, only_message, push
from run_folders import failed, settings, unanswered, write_run, wrong

from eval_harness.records import Record
from synthlm_tasks import cli

pytestmark = OLD_UPLOAD

MODEL = "user/model"
FILES = [f".eval_results/user_synthlm_{config}.yaml" for config in ("dyna-hard", "logic-easy")]
CHOSEN: dict[str, Any] = {"configs": ["dyna-hard", "logic-easy"], "samples_per_combo": 10}


def two_dyna_wrong(number: int, record: Record) -> Record:
    """Of ten samples of each config, in turn: two of dyna wrong, one of logic without an answer."""
    if number in (0, 2):
        return wrong(record)
    return unanswered(record) if number == 1 else record


@pytest.fixture
def published(hub: Hub, exported: Path, capsys: pytest.CaptureFixture[str]) -> Hub:
    """A Hub with the dataset and a model."""
    assert push(exported) == 0
    hub.repos[MODEL] = Repo(MODEL, private=False, kind="models")
    capsys.readouterr()
    return hub


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run on the first ten samples of both configs."""
    write_run(tmp_path / "run", settings(**CHOSEN), two_dyna_wrong)
    return tmp_path / "run"


def results(run: Path, *options: str, dataset: str | None = REPO, model: str = MODEL) -> int:
    """The exit code of the command."""
    named = [] if dataset is None else ["--dataset", dataset]
    return cli.main(["eval-results", str(run), "--model", model, *named, *options])


def entry_of(file: Path) -> dict[str, Any]:
    """The one entry of a file."""
    (entry,) = yaml.safe_load(file.read_text("utf-8"))
    return entry


# What is written


def test_each_config_is_a_file_that_the_hub_can_read(published: Hub, run: Path, tmp_path: Path) -> None:
    assert results(run, "--output-dir", str(tmp_path / "model")) == 0
    written = sorted(path for path in (tmp_path / "model").rglob("*") if path.is_file())
    assert [str(path.relative_to(tmp_path / "model")) for path in written] == FILES
    dyna, logic = map(entry_of, written)
    commit = published.repos[REPO].head.oid
    assert dyna["dataset"] == {"id": REPO, "task_id": "dyna-hard", "revision": commit}
    assert logic["dataset"]["task_id"] == "logic-easy"
    assert (dyna["value"], logic["value"]) == (0.8, 0.9)
    assert dyna["date"] == "2026-01-01"
    assert dyna.keys() == {"dataset", "value", "date", "notes"}


def test_a_number_has_its_interval_chance_and_terms_beside_it(published: Hub, run: Path) -> None:
    assert results(run) == 0
    notes = entry_of(run / FILES[1])["notes"]
    assert notes.startswith(
        "chat, reasoning mode, 0 shots, temperature 0, at most 2,048 tokens; the first 10 of 15 rows of the "
        "test split: accuracy from 0 to 1, "
    )
    # The Wilson interval of 9 in 10.
    assert "95% interval 0.596 to 0.982, chance 0.500, 1 no answer, 0 truncated, 0 refused; " in notes
    assert str(run) not in notes
    assert published.log(MODEL) == ["initial commit"]


def test_the_library_of_the_hub_reads_what_is_written(published: Hub, run: Path) -> None:
    parse = getattr(huggingface_hub, "parse_eval_result_entries", None)
    if parse is None:
        pytest.skip("this huggingface_hub does not know the format")
    link = ["--source-url", "https://example.org/replies", "--source-name", "Replies", "--source-user", "me"]
    assert results(run, *link) == 0
    data = yaml.safe_load((run / FILES[0]).read_text("utf-8"))
    (entry,) = parse(data)
    assert (entry.dataset_id, entry.task_id, entry.value) == (REPO, "dyna-hard", 0.8)
    assert (entry.source_url, entry.source_name, entry.source_user) == (
        "https://example.org/replies",
        "Replies",
        "me",
    )
    assert entry.date == "2026-01-01"
    assert entry.dataset_revision == published.repos[REPO].head.oid
    assert huggingface_hub.eval_result_entries_to_yaml([entry]) == data


def test_a_run_in_direct_mode_has_files_of_its_own(published: Hub, tmp_path: Path) -> None:
    write_run(tmp_path / "run", settings(**CHOSEN, mode="direct"))
    assert results(tmp_path / "run") == 0
    names = {path.name for path in (tmp_path / "run" / ".eval_results").iterdir()}
    assert names == {"user_synthlm_dyna-hard_direct.yaml", "user_synthlm_logic-easy_direct.yaml"}
    assert published.log(MODEL) == ["initial commit"]


def test_the_dataset_is_the_one_that_the_run_read(published: Hub, run: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "other", settings(**CHOSEN, dataset=REPO))
    assert results(tmp_path / "other", dataset=None) == 0
    assert results(run) == 0
    assert entry_of(tmp_path / "other" / FILES[0])["dataset"] == entry_of(run / FILES[0])["dataset"]
    assert published.log(MODEL) == ["initial commit"]


def test_an_id_is_the_one_that_the_dataset_gives(published: Hub, run: Path) -> None:
    head = published.repos[REPO].head
    file = head.files["eval.yaml"]
    head.files["eval.yaml"] = replace(file, data=file.data.replace(b"id: dyna-hard", b"id: Dyna/hard"))
    assert results(run) == 0
    written = run / ".eval_results" / "user_synthlm_Dyna_hard.yaml"
    assert entry_of(written)["dataset"]["task_id"] == "Dyna/hard"


# What is pushed


def test_files_are_committed_to_the_model(
    published: Hub, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert results(run, "--push") == 0
    repo = published.repos[MODEL]
    assert published.log(MODEL) == ["initial commit", f"Results on {REPO}"]
    pushed = {path: blob.data for path, blob in repo.head.files.items()}
    assert pushed.keys() == {".gitattributes", *FILES}
    assert {path: pushed[path] for path in FILES} == {path: (run / path).read_bytes() for path in FILES}
    assert f"{published.url}/{MODEL}/commit/{repo.head.oid}" in capsys.readouterr().out


def test_who_may_not_write_proposes(
    published: Hub, run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", STRANGER)
    assert results(run, "--push") == 2
    assert "--create-pr" in capsys.readouterr().err
    assert results(run, "--push", "--create-pr") == 0
    assert published.log(MODEL) == ["initial commit"]
    (proposed,) = published.repos[MODEL].proposed
    assert set(FILES) <= proposed.files.keys()
    assert f"{published.url}/{MODEL}/discussions/1" in capsys.readouterr().out


def test_results_are_written_where_the_hub_is_gone_before_the_push(
    published: Hub, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published.faults[f"models/{MODEL}/commit"] = Refused(409, "busy")
    assert results(run, "--push") == 3
    assert "push them again later" in capsys.readouterr().err
    assert (run / FILES[0]).is_file()


# What is refused


def refused(run: Path, capsys: pytest.CaptureFixture[str], *options: str, **named: Any) -> str:  # noqa: ANN401
    """The message on which the command ends, with nothing written."""
    capsys.readouterr()
    assert results(run, *options, **named) == 2
    assert not (run / ".eval_results").exists()
    return only_message(capsys)


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda n, record: None if n < 3 else record, "3 of 20 samples are unfinished"),
        (lambda n, record: failed(record) if n < 2 else record, "2 of 20 samples are unfinished"),
        (
            lambda n, record: replace(failed(record), outcome="too_long") if n == 0 else record,
            "1 of 20 samples were too long",
        ),
    ],
)
def test_an_accuracy_of_some_is_no_result(
    alter: Any,  # noqa: ANN401
    said: str,
    hub: Hub,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_run(tmp_path / "run", settings(**CHOSEN), alter)
    assert said in refused(tmp_path / "run", capsys)
    assert hub.asked == []


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (
            {"seed": 7},
            "does not begin with the samples that the run asked of dyna-hard (dyna, level 3), logic",
        ),
        ({"samples_per_combo": 20}, "does not begin with the samples"),  # the split has 15
        ({"configs": ["filtro-easy"]}, "has no task for the test split of filtro-easy"),
    ],
)
def test_other_samples_are_no_result(
    chosen: dict[str, Any],
    said: str,
    published: Hub,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_run(tmp_path / "run", settings(**{**CHOSEN, **chosen}))
    message = refused(tmp_path / "run", capsys, "--push")
    assert message.startswith(f"error: --dataset {REPO!r}: ")
    assert said in message
    assert published.log(MODEL) == ["initial commit"]


def test_a_result_is_of_all_that_a_task_holds(
    published: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "all"
    assert cli.main(["export", "all", "--num-samples", "2000", "--output-dir", str(whole)]) == 0
    assert push(whole, repo="user/all") == 0
    asked = ["--dataset", str(whole), "--configs", "all", "--samples-per-combo", "2"]
    with endpoint() as served:
        assert evaluate(served, tmp_path / "part", *asked, "--limit", "4") == 0
        assert evaluate(served, tmp_path / "run", *asked) == 0
    message = refused(tmp_path / "part", capsys, dataset="user/all")
    assert (
        "did not ask all (filtro, level 2), all (filtro, level 3), all (inducto, level 1) and 5 more"
        in message
    )
    assert "which is not on the Hub; give --dataset" in refused(tmp_path / "run", capsys, dataset=None)
    assert results(tmp_path / "run", dataset="user/all") == 0
    found = entry_of(tmp_path / "run" / ".eval_results" / "user_all_all.yaml")
    assert found["dataset"]["revision"] == published.repos["user/all"].head.oid
    assert (
        "the first 24 of 100 rows of the test split, tasks and levels in other shares than there"
        in found["notes"]
    )


@pytest.mark.parametrize("source", [None, "./made", "/home/me/synthlm"])
def test_samples_of_no_dataset_on_the_hub_need_one_named(
    source: str | None, hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run", settings(**CHOSEN, dataset=source))
    message = refused(tmp_path / "run", capsys, dataset=None)
    assert "give --dataset user/name" in message
    assert hub.asked == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--model", "model"], "--model 'model': not of the form user/name"),
        (["--dataset", "synthlm"], "--dataset 'synthlm': not of the form user/name"),
        (["--create-pr"], "--create-pr: give --push too"),
        (["--source-name", "Replies"], "--source-name 'Replies': give --source-url too"),
        (["--source-url", "replies"], "--source-url 'replies': expected a link"),
    ],
)
def test_options_that_cannot_be_are_named(
    options: list[str], said: str, hub: Hub, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    base = {"--model": MODEL, "--dataset": REPO}
    if options[0] in base:
        base.pop(options[0])
    assert (
        cli.main(["eval-results", str(run), *(word for pair in base.items() for word in pair), *options]) == 2
    )
    assert only_message(capsys).startswith(f"error: {said}")
    assert hub.asked == []


def test_a_dataset_without_tasks_is_no_benchmark(
    published: Hub, folder: Path, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "eval.yaml").unlink()
    assert push(folder, repo="user/other") == 0
    assert "--dataset 'user/other': has no eval.yaml" in refused(run, capsys, dataset="user/other")
    del published.repos[REPO].head.files["eval.yaml"]
    assert "--dataset 'user/synthlm': has no eval.yaml" in refused(run, capsys)


@pytest.mark.parametrize("token", [None, READER, STRANGER, WRITER])
def test_what_is_not_on_the_hub_is_named(
    token: str | None,
    published: Hub,
    run: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    given = [] if token is None else ["--hf-token", token]
    message = refused(run, capsys, *given, dataset="user/nothing")
    assert message.startswith("error: --dataset 'user/nothing': there is no such dataset on the Hub")
    if token is None:
        assert refused(run, capsys, "--push").startswith("error: --hf-token: none given")
    else:
        assert results(run, "--push", *given, model="user/nothing") == 2
        shown = capsys.readouterr().err
        assert "--model 'user/nothing': there is no such model on the Hub" in shown
        assert token not in shown
    assert published.log(MODEL) == ["initial commit"]


def test_an_unknown_token_is_named_not_shown(
    published: Hub, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refused(run, capsys, "--hf-token", "hf_nobody")
    assert message.startswith("error: --hf-token: the Hub does not know this token")
    assert "hf_nobody" not in message
    assert published.log(MODEL) == ["initial commit"]


def test_a_public_dataset_is_read_without_a_token(
    published: Hub, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert results(run) == 0
    assert published.log(MODEL) == ["initial commit"]


def test_what_is_no_run_is_refused(hub: Hub, exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert results(exported) == 2
    assert "no run directory (it has no run.json)" in only_message(capsys)
    assert hub.asked == []


def test_older_results_of_the_folder_stay(published: Hub, run: Path, tmp_path: Path) -> None:
    home = tmp_path / "model" / ".eval_results"
    home.mkdir(parents=True)
    (home / "hle.yaml").write_text("- mine\n")
    assert results(run, "--output-dir", str(tmp_path / "model")) == 0
    assert (home / "hle.yaml").read_text() == "- mine\n"
    assert len(list(home.iterdir())) == 3
    assert published.log(MODEL) == ["initial commit"]
