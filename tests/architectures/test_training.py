"""A run: the same numbers whether it is killed or not, and a folder that means one run."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

from torch_models import small_spec  # noqa: E402  # behind the skips

from eval_harness.architectures import training  # noqa: E402
from eval_harness.architectures.models import name_kernels  # noqa: E402
from eval_harness.architectures.optimization import lr_share, make_optimizers  # noqa: E402
from eval_harness.architectures.saving import load_backbone  # noqa: E402
from eval_harness.architectures.spec import CurvePoint, RunResult  # noqa: E402
from eval_harness.architectures.training import train_run  # noqa: E402
from eval_harness.errors import SettingsError  # noqa: E402


def numbers(result: RunResult) -> object:
    """All that does not depend on the machine's speed."""
    return result.parameters, result.state_size, result.curve, result.scores, result.error


class Killed(Exception):  # noqa: N818  # what happens to a run
    pass


@pytest.mark.parametrize(
    "changed", [{}, {"optimizer": "muon", "architecture": "gru", "vocabulary": "compact"}]
)
def test_a_run_killed_after_any_checkpoint_comes_to_the_very_same_numbers(
    changed: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = small_spec(**changed)
    whole = train_run(spec, tmp_path / "whole")
    monkeypatch.setattr(training, "_CHECKPOINT_SECONDS", 0.0)
    step, taken = training._Run.step, 0

    def stumble(run: object) -> None:
        nonlocal taken
        taken += 1
        if taken % 7 == 0:
            raise Killed
        step(run)

    monkeypatch.setattr(training._Run, "step", stumble)
    kills = 0
    while True:
        try:
            pieced = train_run(spec, tmp_path / "pieced")
            break
        except Killed:
            kills += 1
    assert kills > 2
    assert numbers(pieced) == numbers(whole)
    weights = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "pieced")]
    assert weights[0] == weights[1]


def test_a_run_killed_from_outside_goes_on(tmp_path: Path) -> None:
    spec = small_spec(tokens=60_000)
    program = (
        "import sys; from pathlib import Path; from eval_harness.architectures import training; "
        "from eval_harness.architectures.spec import RunSpec; training._CHECKPOINT_SECONDS = 0.0; "
        "training._PROGRESS_SECONDS = 0.0; "
        "training.train_run(RunSpec.model_validate_json(sys.argv[1]), Path(sys.argv[2]), "
        "progress=lambda point: print(point.tokens, flush=True))"
    )
    command = [sys.executable, "-c", program, spec.canonical, str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout
        while int(process.stdout.readline()) < 20_000:
            pass
        process.send_signal(signal.SIGKILL)
    heard: list[CurvePoint] = []
    again = train_run(spec, tmp_path / "killed", progress=heard.append)
    assert numbers(again) == numbers(train_run(spec, None))


def test_a_finished_run_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = small_spec(tokens=3000)
    first = train_run(spec, tmp_path)
    monkeypatch.delattr(training._Run, "step")
    assert train_run(spec, tmp_path) == first
    with pytest.raises(AttributeError):
        train_run(spec, tmp_path, resume=False)


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    train_run(small_spec(tokens=2000), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(SettingsError, match=r"other settings \(tokens=2000, not 3000; lr=0.003, not 0.001\)"):
        train_run(small_spec(tokens=3000, lr=1e-3), tmp_path)
    content = json.loads(before["run.json"])
    (tmp_path / "run.json").write_text(json.dumps({**content, "dataset_version": "0.0.1"}))
    with pytest.raises(SettingsError, match=r"dataset version 0\.0\.1, not "):
        train_run(small_spec(tokens=2000), tmp_path)


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(SettingsError, match="holds other files"):
        train_run(small_spec(), tmp_path)
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(SettingsError, match="is not the spec of a run"):
        train_run(small_spec(), tmp_path)


@pytest.mark.parametrize("changed", [{"architecture": "no:such"}, {"architecture": "stock:bert"}])
def test_what_cannot_be_trained_leaves_nothing_behind(changed: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="architecture="):
        train_run(small_spec(**changed), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_training_lowers_the_loss_and_the_curve_ends_with_the_score() -> None:
    result = train_run(small_spec(tokens=40_000, lr=1e-2), None)
    losses = [point.loss for point in result.curve]
    assert losses[-1] < losses[0] - 1.5
    assert len(result.curve) == 4
    for point, due in zip(result.curve, range(10_000, 50_000, 10_000), strict=True):
        assert due <= point.tokens < due + 16 * 100  # a batch later at most
    assert result.curve[-1].accuracy == {"swaps": result.scores["swaps"].accuracy}
    assert result.scores["swaps"].by_axis["num_ops"].keys() == {"4"}


def test_a_result_says_what_computed_and_on_which_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    cpuinfo = "processor\t: 0\nmodel name\t: Some CPU @ 2: 3 GHz\nprocessor\t: 1\nmodel name\t: Some CPU\n"
    model = torch.nn.Linear(1, 1)
    monkeypatch.setattr(Path, "read_text", lambda *_: cpuinfo)
    assert name_kernels(model) == f"torch {torch.__version__}, Some CPU @ 2: 3 GHz"

    def missing(*_: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert name_kernels(model) == f"torch {torch.__version__}, riscv64"


def test_a_run_that_diverges_stops_and_says_so() -> None:
    result = train_run(small_spec(lr=1e6, tokens=40_000), None)
    assert result.error is not None
    assert result.error.startswith(("the loss was nan", "the loss was inf"))
    assert len(result.curve) < 4


def test_progress_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_PROGRESS_SECONDS", 0.0)
    heard: list[CurvePoint] = []
    train_run(small_spec(tokens=8000), None, progress=heard.append)
    tokens = [point.tokens for point in heard]
    assert tokens == sorted(tokens)
    assert tokens[-1] >= 8000


def test_the_learning_rate_warms_up_and_falls_to_a_tenth() -> None:
    shares = [lr_share(done / 1000) for done in range(1001)]
    top = shares.index(max(shares))
    assert shares[:top] == sorted(shares[:top])
    assert shares[top:] == sorted(shares[top:], reverse=True)
    assert (0 < shares[0] < 0.05, max(shares), round(shares[-1], 6)) == (True, 1.0, 0.1)


def test_muon_has_the_matrices_between_embedding_and_head() -> None:
    spec = small_spec(optimizer="muon")
    run = training._Run(spec, torch.device("cpu"))
    muon, rest = make_optimizers(run.model, "muon", 1e-3)
    sizes = [{tuple(w.shape) for g in each.param_groups for w in g["params"]} for each in (muon, rest)]
    assert all(len(size) == 2 for size in sizes[0])
    assert tuple(run.model.embedding.weight.shape) in sizes[1] - sizes[0]
    held = sum(len(group["params"]) for each in (muon, rest) for group in each.param_groups)
    assert held == len(list(run.model.parameters()))


def test_a_saved_backbone_gives_the_same_logits(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    spec = small_spec(tokens=2000, architecture="gated-deltanet")
    train_run(spec, tmp_path)
    model, words = load_backbone(tmp_path), AutoTokenizer.from_pretrained(tmp_path)
    ids = torch.tensor([words("STATE [B, A]")["input_ids"]])
    assert ids[0, 0] == words.bos_token_id
    run = training._Run(spec, torch.device("cpu"))
    run.train(None, None)
    with torch.no_grad():
        torch.testing.assert_close(model(ids), run.model.eval()(ids))
    with pytest.raises(SettingsError, match="holds no backbone"):
        load_backbone(tmp_path / "nowhere")
