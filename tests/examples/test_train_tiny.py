"""`examples/train_tiny.py`: what it trains on is what it is asked later, and its score is the harness's."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

from evaluating import lines, read  # noqa: E402  # behind the skips
from transformers_server import offline, serving  # noqa: E402

from eval_harness.runs.prompts import make_prompts  # noqa: E402
from eval_harness.runs.samples import generate_cells, iter_samples  # noqa: E402
from eval_harness.runs.settings import new_settings  # noqa: E402
from synthlm_tasks import cli, packing  # noqa: E402
from synthlm_tasks.rows.vocabulary import TokensName  # noqa: E402

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module("train_tiny")


def test_the_script_stays_readable() -> None:
    assert len((EXAMPLES / "train_tiny.py").read_text("utf-8").splitlines()) < 200


def test_a_packed_forward_equals_one_forward_for_each_problem(tiny: ModuleType) -> None:
    words, training = tiny.bundled_tokenizer(), tiny.Training(context=256)
    model = tiny.new_model(tiny.Shape(layers=2, width=32, heads=2), training, words).eval()
    stream = packing.stream("logic-easy", context=256).with_format("torch")
    batch = next(iter(torch.utils.data.DataLoader(stream, batch_size=2)))
    with torch.inference_mode():
        packed = model(
            input_ids=batch["input_ids"], position_ids=batch["position_ids"], use_cache=False
        ).logits
        crossing = model(input_ids=batch["input_ids"], use_cache=False).logits
        compared = 0
        for ids, documents, found, wrong in zip(
            batch["input_ids"], batch["document_ids"], packed, crossing, strict=True
        ):
            for document in range(1, int(documents.max()) + 1):
                own = documents == document
                alone = model(input_ids=ids[own][None]).logits[0]
                torch.testing.assert_close(found[own], alone, rtol=1e-4, atol=1e-4)
                if document > 1:
                    assert not torch.allclose(wrong[own], alone, rtol=1e-2, atol=1e-2)
                compared += 1
    assert compared >= 6


@pytest.mark.parametrize("vocabulary", ["text", "compact"])
@pytest.mark.parametrize("config", ["inducto-easy", "filtro-hard", "logic-parity"])
def test_a_prompt_has_the_tokens_that_training_shows(
    tiny: ModuleType, config: str, vocabulary: TokensName
) -> None:
    words = tiny.bundled_tokenizer(vocabulary)
    example = next(iter(packing.stream(config, context=1024, tokens=vocabulary)))
    own = example["document_ids"] == 1
    ids, labels = example["input_ids"][own], example["labels"][own]
    asked = int((labels == -100).sum())
    prompt = words.decode(ids[1:asked])
    assert prompt.endswith("->") == (vocabulary == "text" or config == "inducto-easy")
    assert words(prompt)["input_ids"] == ids[:asked].tolist()
    assert ids[-1] == words.eos_token_id
    assert words.decode(ids, skip_special_tokens=True).startswith(f"{prompt} ")


def test_the_rows_scored_are_those_that_the_harness_asks(tiny: ModuleType) -> None:
    rows = tiny.test_rows("dyna-easy", 60, {})
    given = {"configs": ["dyna-easy"], "samples_per_combo": 60, "endpoint": "completions", "mode": "direct"}
    choices = new_settings({"base_url": "http://x/v1", "model": "m", "shots": 0, **given})
    cells = generate_cells(choices)
    asked = make_prompts(choices, cells)
    cases = list(iter_samples(cells, 1))
    assert [asked.body(case)["prompt"] for case in cases] == [row["input_text"] for row in rows]
    assert [case.target for case in cases] == [row["target"] for row in rows]


def test_an_untrained_model_is_scored_by_the_harness(tiny: ModuleType) -> None:
    words, training = tiny.bundled_tokenizer(), tiny.Training(context=256)
    model = tiny.new_model(tiny.Shape(layers=1, width=16, heads=1), training, words)
    rows = tiny.test_rows("logic-easy", 5, {"num_inputs": 3})
    found = tiny.score(model, words, rows)
    assert (found["total"], found["chance"]) == (5, 0.5)
    assert found["correct"] + found["no_answer"] <= 5


def test_training_lowers_the_loss(tiny: ModuleType) -> None:
    training = tiny.Training(context=256, batch=2, tokens=40 * 512)
    model = tiny.new_model(tiny.Shape(layers=1, width=32, heads=2), training, tiny.bundled_tokenizer())
    losses = list(tiny.train(model, training, "logic-easy", {"num_inputs": 3}))
    assert len(losses) == training.steps == 40
    assert losses[-1] < losses[0] - 1


@pytest.mark.slow
@pytest.mark.parametrize("vocabulary", ["text", "compact"])
def test_the_served_model_gets_the_very_score_that_was_printed(tmp_path: Path, vocabulary: str) -> None:
    folder, run, home = tmp_path / "tiny", tmp_path / "run", tmp_path / "home"
    home.mkdir()
    # What little training teaches is the form of an answer; logic's is right half the time.
    little = [
        "--tokens",
        "400_000",
        "--loss",
        "answers",
        "--width",
        "32",
        "--heads",
        "2",
        "--context",
        "256",
        "--samples",
        "60",
        "--vocabulary",
        vocabulary,
    ]
    printed = subprocess.run(
        [sys.executable, str(EXAMPLES / "train_tiny.py"), "logic-easy", *little, "--output-dir", str(folder)],
        env=offline(home),
        check=True,
        capture_output=True,
        text=True,
        timeout=500,
    ).stdout
    with serving(str(folder), home) as url:
        asked = ["--base-url", url, "--model", str(folder), "--configs", "logic-easy", "--max-tokens", "40"]
        form = ["--endpoint", "completions", "--mode", "direct", "--shots", "0", "--samples-per-combo", "60"]
        scale = ["--requests-per-minute", "0", "--output-dir", str(run), "--quiet"]
        # The server cannot look for stop strings in a closed vocabulary; replies end in eos by themselves.
        assert cli.main(["eval", *asked, *form, *scale, "--extra-body", '{"stop": null}']) == 0
    overall = read(run, "summary")["overall"]
    assert {row["raw_response"].strip() for row in lines(run)} <= {"0", "1"}
    share = re.search(r"correct \((\d+)/60\)", printed)
    assert share
    assert overall["correct"] == int(share[1]) > 0
    low, high = overall["ci95"]
    assert f"95% interval {low:.1%}-{high:.1%}; guessing gives 50.0%" in " ".join(printed.split())
