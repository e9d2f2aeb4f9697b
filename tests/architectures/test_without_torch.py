"""What the extra `train` is needed for says so; the rest does without it."""

import subprocess
import sys

import pytest

from synthlm_tasks import cli


def test_train_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    for name in [name for name in sys.modules if name.startswith("eval_harness.architectures.")]:
        monkeypatch.delitem(sys.modules, name)
    assert cli.main(["train", "logic-easy", "--output-dir", "nowhere"]) == 2
    assert capsys.readouterr().err == "error: synthlm train needs torch: pip install 'synthlm[train]'\n"


def test_specs_and_commands_are_read_without_torch() -> None:
    program = (
        "import sys; import eval_harness.architectures.spec, eval_harness.cli.train; "
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout == "[]\n"
