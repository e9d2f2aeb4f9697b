"""Names on the Hub: the Hub's own rules, checked before anything is made or asked."""

from pathlib import Path

import pytest
from hub_api import Hub
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id
from hypothesis import example, given
from hypothesis import strategies as st
from publishing import EXPORT

from synthlm_tasks.cli import main
from synthlm_tasks.repo_names import find_name_fault

WRONG = {
    "user/a--b": "holds '--' or '..'",
    "user/a..b": "holds '--' or '..'",
    "us--er/a": "holds '--' or '..'",
    "user/a.": "begins or ends with '-' or '.'",
    "user/a-": "begins or ends with '-' or '.'",
    "user/-a": "begins or ends with '-' or '.'",
    "user/.a": "begins or ends with '-' or '.'",
    "user-/a": "begins or ends with '-' or '.'",
    "user/a.git": "ends with '.git'",
    "user/a.ipynb": "or '.ipynb'",
    "user/daten-für": "holds more than",
    "üser/a": "holds more than",
    "user/a b": "holds more than",
    "user/a\n": "holds more than",
    "user/a@main": "holds more than",
    "user/" + "a" * 97: "longer than 96",
    "datasets/user/a": "not of the form user/name",
    "user/": "not of the form user/name",
    "/a": "not of the form user/name",
    "": "not of the form user/name",
    "https://huggingface.co/user/a": "not of the form user/name",
}
RIGHT = ["user/a", "01-ai/Yi-6B_v1.5", "u/_a_", "user/a.gitx", "user/" + "a" * 96]


@pytest.mark.parametrize(("name", "fault"), WRONG.items())
def test_a_name_that_cannot_be_breaks_a_rule_in_words(name: str, fault: str) -> None:
    assert fault in str(find_name_fault(name, with_owner=True))


@pytest.mark.parametrize("name", RIGHT)
def test_a_name_that_can_be_breaks_none(name: str) -> None:
    assert find_name_fault(name, with_owner=True) is None
    validate_repo_id(name)


def test_old_public_names_have_no_owner() -> None:
    assert find_name_fault("gpt2", with_owner=False) is None
    assert find_name_fault("gpt2", with_owner=True) == "not of the form user/name"


@given(st.text(st.sampled_from("aZ0-_./ é"), max_size=12) | st.from_regex(r"[a-z-]{1,4}/[\w.-]{1,8}"))
@example("a/b.git")
def test_what_the_hub_library_refuses_is_refused(name: str) -> None:
    try:
        validate_repo_id(name)
    except HFValidationError:
        assert find_name_fault(name, with_owner=False) is not None


@pytest.mark.parametrize("name", [name for name in WRONG if name.count("/") == 1 and "\n" not in name])
def test_nothing_is_made_for_a_wrong_name(
    name: str, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*EXPORT, "--push-to-hub", "--hub-repo", name]) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"error: --hub-repo {name!r}: ")
    assert WRONG[name] in message
    assert list(tmp_path.iterdir()) == []
    assert hub.asked == []


@pytest.mark.parametrize("option", ["--dataset", "--tokenizer"])
def test_names_to_read_from_are_checked_before_the_hub_is_asked(
    option: str, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    other = ["eval", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"]
    assert main([*(other if option == "--dataset" else ["merged"]), option, "user/a--b"]) == 2
    message = capsys.readouterr().err
    assert message.startswith(f"error: {option} 'user/a--b': nothing of that name is here, and the Hub can")
    assert WRONG["user/a--b"] in message
    assert list(tmp_path.iterdir()) == []
    assert hub.asked == []
