"""Rewards are the verdicts of `synthlm eval`, on problems of the train split."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from other_harnesses import run_python
from support import listed

from eval_harness.plugins.questions import PluginError
from eval_harness.plugins.reward import synthlm_reward, training_rows


def test_messages_are_judged_as_a_chat_and_texts_as_completions() -> None:
    said = [[{"role": "assistant", "content": "B, since …\n\nANSWER: B"}], " B\n\nSTATE [", "ANSWER: C", ""]
    found = synthlm_reward(completions=said, target=["B"] * 4, task=["dyna"] * 4, prompts=["?"] * 4, more=1)
    assert found == [1.0, 1.0, 0.0, 0.0]


def test_the_last_message_of_the_assistant_counts() -> None:
    said = [
        {"role": "assistant", "content": "ANSWER: C"},
        {"role": "tool", "content": "ANSWER: C"},
        {"role": "assistant", "content": [{"type": "text", "text": "ANSWER: B"}]},
    ]
    assert synthlm_reward(completions=[said], target=["B"], task=["dyna"]) == [1.0]


def test_the_share_without_an_answer_is_told() -> None:
    told: dict[str, float] = {}
    said = ["no idea", "B"]
    synthlm_reward(completions=said, target=["B", "B"], task=["dyna", "dyna"], log_metric=told.__setitem__)
    assert told == {"synthlm/no_answer": 0.5}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"completions": ["B"], "target": ["B"], "task": ["dino"]}, "task='dino': expected one of dyna, "),
        ({"completions": ["B"], "target": [], "task": ["dyna"]}, "completions 1, target 0, task 1"),
    ],
)
def test_what_does_not_fit_is_told(given: dict[str, list[str]], message: str) -> None:
    with pytest.raises(PluginError) as error:
        synthlm_reward(**given)
    assert message in str(error.value)


def test_training_rows_are_those_of_the_train_split() -> None:
    rows = training_rows("dyna", "easy", samples=3, start=2, endpoint="completions", mode="direct")
    expected = listed("dyna-easy", "train", 5)[2:]
    assert [(row["prompt"], row["target"], row["sample_id"]) for row in rows] == [
        (row["input_text"], row["target"], row["sample_id"]) for row in expected
    ]


def test_examples_before_a_training_problem_are_other_problems() -> None:
    rows = training_rows("dyna", "easy", samples=3, shots=2, endpoint="completions", mode="direct")
    problems = [row["prompt"].rpartition("\n\n")[2] for row in rows]
    shown = [row["input_text"] for row in listed("dyna-easy", "train", 2)]
    assert not set(problems) & set(shown)
    assert all(row["prompt"].startswith(shown[0]) for row in rows)


def test_a_conversation_is_one_question_and_a_right_answer_earns_one() -> None:
    rows = training_rows(config="all", samples=1)
    assert [row["task"] for row in rows] == [t for t in ("dyna", "inducto", "filtro", "logic") for _ in "123"]
    assert all([turn["role"] for turn in row["prompt"]] == ["user"] for row in rows)
    said = [[{"role": "assistant", "content": f"ANSWER: {row['target']}"}] for row in rows]
    columns = {name: [row[name] for row in rows] for name in ("target", "task")}
    assert synthlm_reward(completions=said, **columns) == [1.0] * 12


STEP = """
import json, sys, torch
from datasets import Dataset
from transformers import LlamaConfig, LlamaForCausalLM
from trl import GRPOConfig, GRPOTrainer
from tiny_llama import tokenizer
from eval_harness.plugins.reward import synthlm_reward, training_rows

rows = training_rows("logic", "easy", samples=8, endpoint=sys.argv[1], mode="direct")
torch.manual_seed(0)
words = tokenizer()
model = LlamaForCausalLM(LlamaConfig(
    vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
    max_position_embeddings=4096, bos_token_id=None, eos_token_id=words.eos_token_id,
    pad_token_id=words.eos_token_id))
before = model.lm_head.weight.clone()
seen = []

def reward(**columns):
    found = synthlm_reward(**columns)
    seen.extend(found)
    return [value + place % 2 for place, value in enumerate(found)]

trainer = GRPOTrainer(
    model=model, processing_class=words, reward_funcs=[synthlm_reward, reward],
    train_dataset=Dataset.from_list(rows),
    args=GRPOConfig(
        output_dir="out", max_steps=1, num_generations=2, per_device_train_batch_size=4,
        max_completion_length=8, use_cpu=True, report_to=[], bf16=False, logging_steps=1, learning_rate=1e-2))
trainer.train()
log = {name: value for line in trainer.state.log_history for name, value in line.items()}
print("FOUND" + json.dumps({
    "seen": seen, "logged": log["rewards/synthlm_reward/mean"], "no_answer": log["synthlm/no_answer"],
    "moved": bool((model.lm_head.weight != before).any())}))
"""


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("trl"), reason="needs the extra trl")
@pytest.mark.parametrize("endpoint", ["chat", "completions"])
def test_trl_trains_one_step_with_the_reward(endpoint: str, tmp_path: Path) -> None:
    found = run_python(STEP, endpoint, folder=tmp_path, OMP_NUM_THREADS="1")
    assert len(found["seen"]) == 4
    assert set(found["seen"]) <= {0.0, 1.0}
    assert found["logged"] == pytest.approx(sum(found["seen"]) / 4)
    assert 0 <= found["no_answer"] <= 1
    assert found["moved"]
