"""`synthlm eval-results`: from a finished run to the files that the Hub shows beside a model."""

from typing import Annotated

from cyclopts import Parameter

from eval_harness.analysis.runs import RunError
from eval_harness.plugins.finished import load_finished
from eval_harness.plugins.hub.benchmark import choose_dataset, read_benchmark
from eval_harness.plugins.hub.results import FOLDER, Source, check_finished, result_files
from synthlm_tasks.cli.paths import FinishedRun, OutputFolder
from synthlm_tasks.cli.terminal import plain_console, show_waiting
from synthlm_tasks.hub.results import ModelRepo, check_model
from synthlm_tasks.paths import stage_files


def eval_results_command(
    run: FinishedRun,
    /,
    *,
    model: str,
    dataset: str | None = None,
    output_dir: OutputFolder | None = None,
    source_url: str | None = None,
    source_name: str | None = None,
    source_user: str | None = None,
    push: Annotated[bool, Parameter(negative=())] = False,
    create_pr: Annotated[bool, Parameter(negative=())] = False,
    hf_token: str | None = None,
) -> None:
    """Write a finished run's accuracies as the Hub shows them beside a model, one file a config.

    Parameters
    ----------
    run
        Run directory, or log of inspect_ai
    model
        The model's repo on the Hub, user/model
    dataset
        The dataset on the Hub that holds the samples, user/name [default: the one that the run read]
    output_dir
        A copy of the model's repo, or where else to write `.eval_results` [default: the run's directory]
    source_url
        Link to show beside the result, e.g. to the replies
    source_name
        What the link is called
    source_user
        Hub user who made the result
    push
        Commit to the model's repo, too
    create_pr
        With --push: open a pull request instead, which needs no write rights on the model
    hf_token
        Token for the Hub; HF_TOKEN if not given

    """
    check_model(model)
    if create_pr and not push:
        raise RunError("create_pr: give --push too")
    repo = ModelRepo.create(model, hf_token, create_pr=create_pr) if push else None
    source = Source.create(source_url, source_name, source_user)
    with show_waiting(plain_console(stderr=True), "reading the run") as tell:
        found = load_finished(run)
        check_finished(found)
        name = choose_dataset(found, dataset)
        home = output_dir or (run if run.is_dir() else run.with_suffix(""))
        folder = home / FOLDER
        with (
            stage_files(home),
            stage_files(folder) as draft,
        ):  # of what cannot be made, the one typed is named
            tell(f"reading {name} on the Hub")
            benchmark = read_benchmark(found, name, hf_token)
            files = result_files(found, benchmark, source)
            for file, text in files.items():
                (draft / file).write_text(text, "utf-8")
    console = plain_console(soft_wrap=True)
    for file in files:
        console.print(str(folder / file))
    if repo:
        with show_waiting(plain_console(stderr=True), f"pushing to {model}"):
            url = repo.push({f"{FOLDER}/{file}": text for file, text in files.items()}, f"Results on {name}")
        console.print(url)
