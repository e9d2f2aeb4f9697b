"""The command itself: exit codes and messages."""

import errno
import os

import pytest
from cyclopts import App

from eval_harness.errors import HarnessError
from synthlm_tasks import DATASET_VERSION, ParameterError, cli


class AbortedError(HarnessError):
    exit_code = 3


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    made = App(name="synthlm", result_action="return_value", suppress_keyboard_interrupt=False)

    @made.command
    def finish(code: int) -> int:
        return code

    @made.command
    def fail(kind: str) -> None:
        raise {
            "wrong": ParameterError("seed=-1"),
            "aborted": AbortedError("[x] stop"),
            "ctrl-c": KeyboardInterrupt,
            "read-only": OSError(errno.EROFS, os.strerror(errno.EROFS), "/[red]a"),
            "full": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/a"),
        }[kind]

    monkeypatch.setattr(cli, "app", made)
    return made


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["finish", "0"], 0, ""),
        (["finish", "1"], 1, ""),
        (["finish", "x"], 2, "Invalid value"),
        (["vanish"], 2, "Unknown command"),
        (["fail", "wrong"], 2, "error: seed=-1"),
        (["fail", "aborted"], 3, "error: [x] stop"),
        (["fail", "ctrl-c"], 130, ""),
        (["fail", "read-only"], 2, "error: '/[red]a': Read-only file system\n"),
        (["fail", "full"], 3, "error: '/a': No space left on device\n"),
    ],
)
def test_exit_codes(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == code
    assert message in capsys.readouterr().err


def test_version_names_package_and_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert DATASET_VERSION in capsys.readouterr().out
