"""`synthlm train`: what is typed wrong, what is printed and saved, and that a served model has its score."""

import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

from evaluating import read  # noqa: E402  # behind the skips
from transformers_server import serving  # noqa: E402

from synthlm_tasks import cli  # noqa: E402

LITTLE = ["--tokens", "4K", "--size", "1x16", "--samples", "20", "--curve-points", "2"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["--size", "2y64"], "--size '2y64': expected LAYERSxWIDTH, e.g. 2x64"),
        (["--size", "2x7"], "--size '2x7': width: input should be"),
        (["--lr", "-1"], "--lr -1.0: input should be greater than 0"),
        (["--tokens", "many"], "--tokens 'many': expected a positive number"),
        (["--axes", "[3]"], "--axes '[3]': expected a JSON object"),
        (["--axes", '{"num_hops": 3}'], "num_hops=3: not a parameter of config 'logic-easy'"),
        (["--architecture", "atention"], "--architecture 'atention': expected one of attention, "),
        (["--mixer", "nowhere:make"], "--architecture 'nowhere:make': No module named 'nowhere'"),
        (["--architecture", "stock:lama"], "--architecture 'stock:lama': transformers makes no causal model"),
        (["--architecture", "stock:bert"], "--architecture 'stock:bert': is not causal"),
        (["--eval-configs", "logik-easy"], "--eval-configs 'logik-easy': expected one of "),
        (["--device", "cuda:99"], "--device 'cuda:99': not on this machine"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_left(
    typed: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [*LITTLE, *typed] if typed[0] not in LITTLE else [*LITTLE[4:], *typed]
    assert cli.main(["train", "logic-easy", *given]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"error: {message}")
    assert shown.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_config_is_answered_with_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "logik-easy", *LITTLE]) == 2
    assert "did you mean 'logic-easy'?" in capsys.readouterr().err


def test_a_model_is_trained_scored_and_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [
        "train",
        "logic-easy",
        *LITTLE,
        "--eval-configs",
        "logic-easy",
        "logic-parity",
        "--mixer",
        "gru",
    ]
    assert cli.main(command) == 0
    printed = capsys.readouterr().out
    assert re.search(r"gru 1x16, [\d,]+ parameters, state of 16; \S+ tokens/s, \d+ s, torch 2", printed)
    for name in ("logic-easy", "logic-parity"):
        assert re.search(
            rf"{name}: [\d.]+% correct \(\d+/20\), 95% interval .*; guessing gives 50\.0%", printed
        )
    shares = re.search(r"^  num_inputs: (\d) \d+% of (\d+), (\d) \d+% of (\d+)", printed, re.MULTILINE)
    assert shares
    assert int(shares[1]) < int(shares[3])
    folder = tmp_path / "synthlm-train-logic-easy"
    assert printed.endswith(f"saved in {folder.name}\n")
    names = {"run.json", "result.json", "config.json", "model.safetensors", "tokenizer.json"}
    assert names <= {path.name for path in folder.iterdir()}
    assert not list(folder.glob("*.part"))
    assert cli.main(command) == 0
    assert capsys.readouterr().out == printed
    assert cli.main([*command, "--lr", "0.1"]) == 2
    assert "holds a run with other settings (lr=0.003, not 0.1)" in capsys.readouterr().err


def test_divergence_is_told_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "logic-easy", *LITTLE, "--lr", "1e8"]) == 1
    assert "diverged: the loss was " in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["llama", "mamba2", "olmo_hybrid"])
def test_a_stock_model_is_a_folder_that_transformers_loads(kind: str, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options = ["--architecture", f"stock:{kind}", "--size", "2x32", *LITTLE[:2], *LITTLE[4:]]
    assert cli.main(["train", "logic-easy", *options, "--output-dir", "model"]) == 0
    words = AutoTokenizer.from_pretrained(tmp_path / "model")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "model")
    assert type(model).__name__.lower().startswith(kind.replace("_", ""))
    asked = words("INPUTS x0=1 x1=0 || GATES g0=XOR(x0,x1) || QUERY g0 ->", return_tensors="pt")
    assert asked["input_ids"][0, 0] == words.bos_token_id
    made = model.generate(**asked, max_new_tokens=2, do_sample=False)
    assert made.shape[1] == asked["input_ids"].shape[1] + 2 or made[0, -1] == words.eos_token_id


@pytest.mark.slow
@pytest.mark.parametrize("vocabulary", ["text", "compact"])
def test_the_served_model_gets_the_very_score_that_was_printed(
    vocabulary: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, run, home = tmp_path / "tiny", tmp_path / "run", tmp_path / "home"
    home.mkdir()
    # What little training teaches is the form of an answer; logic's is right half the time.
    little = ["--tokens", "400K", "--size", "2x32", "--samples", "60", "--vocabulary", vocabulary]
    stock = ["--architecture", "stock:llama", "--output-dir", str(folder)]
    assert cli.main(["train", "logic-easy", *little, *stock]) == 0
    printed = capsys.readouterr().out
    share = re.search(r"logic-easy: .* correct \((\d+)/60\), 95% interval ([\d.%-]+); guessing", printed)
    assert share
    with serving(str(folder), home) as url:
        asked = ["--base-url", url, "--model", str(folder), "--configs", "logic-easy", "--max-tokens", "40"]
        form = ["--endpoint", "completions", "--mode", "direct", "--shots", "0", "--samples-per-combo", "60"]
        scale = ["--requests-per-minute", "0", "--output-dir", str(run), "--quiet"]
        # The server cannot look for stop strings in a closed vocabulary; replies end in eos by themselves.
        assert cli.main(["eval", *asked, *form, *scale, "--extra-body", '{"stop": null}']) == 0
    overall = read(run, "summary")["overall"]
    assert overall["correct"] == int(share[1]) > 0
    low, high = overall["ci95"]
    assert share[2] == f"{low:.1%}-{high:.1%}"
