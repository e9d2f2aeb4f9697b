"""Wrong usage is told in the words that were typed, on one line, with the near name that is meant."""

from collections.abc import Iterator
from typing import Final, Literal, get_args, get_origin

import pytest
from path_options import arguments, commands

from synthlm_tasks.cli import app, main
from synthlm_tasks.cli.messages import _ELSEWHERE, name_options

NAMES: Final = {name: [n for argument in arguments(name) for n in argument.names] for name in commands()}
BASES: Final = {
    "single": ["dyna"],
    "train": ["dyna-easy"],
    "pack": ["dyna-easy"],
    "report": ["."],
    "eval": ["--base-url", "http://127.0.0.1:9/v1", "--model", "m"],
}


def only_error(capsys: pytest.CaptureFixture[str]) -> str:
    output, message = capsys.readouterr()
    assert output == ""
    assert message.startswith("error: ")
    assert message.count("\n") == 1
    return message


def typed_options() -> Iterator[tuple[str, str, int]]:
    """Every option that takes numbers or one of some words, with as many values as it takes."""
    for command in commands():
        for argument in arguments(command):
            hints = (argument.hint, *get_args(argument.hint))
            if {*hints, *map(get_origin, hints)} & {int, float, Literal} and argument.names[0].startswith(
                "-"
            ):
                yield command, argument.names[0], argument.token_count()[0]


@pytest.mark.parametrize(("command", "option", "values"), list(typed_options()))
def test_a_value_of_another_kind_is_refused_by_the_option_as_typed(
    command: str, option: str, values: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, *BASES.get(command, []), option, *values * ["nonsense"]]) == 2
    message = only_error(capsys)
    assert option in message
    assert '"nonsense"' in message


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["single", "dyna", "--total-tokens", "lots"], "--total-tokens 'lots': expected a positive number"),
        (["single", "dyna", "--seed=-1"], "--seed -1: expected a whole number of at least 0"),
        (
            ["single", "dnya"],
            "TASK 'dnya': expected one of dyna, inducto, filtro, logic; did you mean 'dyna'?",
        ),
        (["export", "dyna-esay"], "; did you mean 'dyna-easy'?"),
        (["audit", "logic-heard"], "; did you mean 'logic-hard'?"),
        (["demo", "--seed=-1"], "--seed -1: expected a whole number"),
        (["demo", "--num-queries=11"], "--num-queries 11: expected a whole number from 1 to 10"),
        (["merged", "--hub-repo", "a/b"], "--hub-repo 'a/b': give --push-to-hub too"),
        (["merged", "--push-to-hub"], "--push-to-hub: give --hub-repo user/name too"),
        (
            ["eval", *BASES["eval"], "--max-concurrent", "0"],
            "--max-concurrent 0: must be a whole number from 1",
        ),
        (["eval", *BASES["eval"], "--tasks", "dnya"], "did you mean 'dyna'?"),
        (["eval", *BASES["eval"], "--api-key", "a b"], "--api-key (hidden): must be one word"),
        (
            ["eval", *BASES["eval"], "--header", "content-type=x"],
            "--header: content-type is set by the client",
        ),
        (["eval", "--base-url", "ftp://x", "--model", "m"], "--base-url 'ftp://x': must be http(s)://"),
        (["report"], "RUN"),
    ],
)
def test_a_wrong_value_is_told_by_the_option_as_typed(
    typed: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 2
    assert message in only_error(capsys)


@pytest.mark.parametrize(
    ("command", "typed", "meant"),
    [
        ("eval", "--max-samples", "--samples-per-combo"),
        ("export", "--limit", "--num-samples"),
        ("audit", "--limit", "--samples"),
        ("eval", "--Model", "--model"),
        ("eval", "--task", "--tasks"),
        ("eval", "--num-fewshot", "--shots"),
        ("single", "--total-token=5", "--total-tokens"),
        ("merged", "--workers", "--num-proc"),
        ("merged", "-o", "--output-dir"),
        ("report", "--output-dri", "--output-dir"),
        ("mock-server", "--acuracy", "--accuracy"),
    ],
)
def test_an_unknown_option_leads_to_the_one_that_is_meant(
    command: str, typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, *BASES.get(command, []), typed, "5"]) == 2
    name = typed.partition("=")[0]
    assert only_error(capsys) == f"error: Unknown option: {name}. Did you mean {meant}?\n"


def test_what_is_like_nothing_gets_no_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["merged", "--quux", "5"]) == 2
    assert only_error(capsys) == "error: Unknown option: --quux.\n"


def test_names_from_elsewhere_lead_to_options_that_are_and_are_none_themselves() -> None:
    ours = {name for names in NAMES.values() for name in names}
    assert {name for meant in _ELSEWHERE.values() for name in meant.split()} <= ours
    for name, meant in _ELSEWHERE.items():
        led = [
            command for command, names in NAMES.items() if name not in names and {*names} & {*meant.split()}
        ]
        assert led, f"{name}: every command that has {meant} has it, too: no longer to be led elsewhere"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("total_tokens='seed=3': expected", "--total-tokens 'seed=3': expected"),
        ("task='x': expected", "TASK 'x': expected"),
        ("endless=True: only train", "endless=True: only train"),
        ("'it': is a file", "--output-dir 'it': is a file"),
        ("'other': is a file", "'other': is a file"),
        ("seed is 1, asked is 2", "seed is 1, asked is 2"),
    ],
)
def test_only_the_head_of_a_message_is_put_in_other_words(message: str, shown: str) -> None:
    assert name_options(message, app, ["single", "x", "--output-dir", "it"]) == shown
