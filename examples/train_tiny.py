"""Train a small decoder from scratch on one config, save it as a Hugging Face folder, and score it.

    python examples/train_tiny.py                                   # minutes on two cores
    python examples/train_tiny.py dyna-medium --tokens 2_000_000_000 --layers 8 --width 512 --device cuda

No batch comes twice: contexts of whole problems stream from the generators. The score is the one that
`synthlm eval --endpoint completions --mode direct --shots 0` finds when `transformers serve` serves the
folder: the same problems, tokens, extraction and scoring. Needs the extra `train`; see docs/training.md.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

import cyclopts
import torch
from datasets import load_dataset
from rich.console import Console
from torch.utils.data import DataLoader
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import synthlm_dataset  # noqa: F401  # teaches `load_dataset` the name "synthlm"
from eval_harness.scoring.accuracy import accuracy
from synthlm_tasks import TASKS, packing
from synthlm_tasks.tokens import tokenizer

_LONGEST_REPLY: Final = 40  # tokens: 16 letters at most, and what joins them
_TOGETHER: Final = 100  # prompts


@cyclopts.Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Shape:
    """The size of a model."""

    layers: int = 2
    width: int = 64
    heads: int = 4


@cyclopts.Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Training:
    """How a model is trained, and for how long."""

    context: int = 576
    """Tokens of a context; the config's longest problem has to fit"""
    batch: int = 2
    """Contexts of a step"""
    tokens: int = 6_000_000
    """Tokens to train on, padding included"""
    lr: float = 5e-3
    loss: Literal["answers", "all"] = "all"
    """Tokens that count: the answers', or every one"""
    vocabulary: Literal["text", "compact"] = "text"
    """Tokens: the whole text, or compact, without separators"""
    seed: int = 42
    """Of the weights and of the problems"""

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return max(self.tokens // (self.batch * self.context), 1)

    def rate(self, step: int) -> float:
        """The share of the learning rate in a step: it warms up, holds, and falls to 0."""
        return min((step + 1) / 100, (self.steps - step) / (0.4 * self.steps), 1.0)


def bundled_tokenizer(vocabulary: Literal["text", "compact"] = "text") -> PreTrainedTokenizerFast:
    """A bundled tokenizer, with `bos` before every text, as packed contexts have it."""
    with TemporaryDirectory() as folder:
        tokenizer.save(folder, vocabulary)
        return PreTrainedTokenizerFast.from_pretrained(folder, padding_side="left")


def new_model(shape: Shape, training: Training, words: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A Llama with random weights."""
    torch.manual_seed(training.seed)
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=shape.width,
        intermediate_size=shape.width * 8 // 3,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        max_position_embeddings=training.context,
        rope_parameters={"rope_type": "default", "rope_theta": 100.0},  # contexts are short
        tie_word_embeddings=True,
        # The usual 0.02 is for widths of thousands: here attention would take long to tell tokens apart.
        initializer_range=shape.width**-0.5,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    return LlamaForCausalLM(config)


def optimizers(model: LlamaForCausalLM, lr: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside (it learns faster here), AdamW for the rest."""
    inside = [weight for weight in model.model.layers.parameters() if weight.ndim == 2]
    others = [*model.model.embed_tokens.parameters(), *(w for w in model.parameters() if w.ndim == 1)]
    muon = torch.optim.Muon(inside, lr=lr, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    return [muon, torch.optim.AdamW(others, lr=lr, betas=(0.9, 0.98), weight_decay=0.0)]


def train(
    model: LlamaForCausalLM, training: Training, config: str, axes: Mapping[str, Any]
) -> Iterator[float]:
    """Train on a config with `axes` in place of its parameters, and yield the loss of every step."""
    form = {"context": training.context, "loss": training.loss, "tokens": training.vocabulary}
    stream = packing.stream(config, seed=training.seed, **form, **axes).with_format("torch")
    batches = iter(DataLoader(stream, batch_size=training.batch))
    optims = optimizers(model, training.lr)
    plans = [torch.optim.lr_scheduler.LambdaLR(optim, training.rate) for optim in optims]
    model.train()
    for _ in range(training.steps):
        batch = {name: tensor.to(model.device) for name, tensor in next(batches).items()}
        del batch["document_ids"]  # positions begin anew in every problem: attention stays within it by that
        loss = model(**batch, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optim, plan in zip(optims, plans, strict=True):
            optim.step()
            optim.zero_grad()
            plan.step()
        yield loss.item()


def test_rows(config: str, count: int, axes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first rows of the test split: of a config of one level, those that `synthlm eval` asks."""
    return list(load_dataset("synthlm", config, split="test", streaming=True, **axes).take(count))


def answers(model: LlamaForCausalLM, words: PreTrainedTokenizerFast, prompts: Sequence[str]) -> list[str]:
    """What the model continues each prompt with, greedily, up to `eos`."""
    model.eval()
    replies: list[str] = []
    for start in range(0, len(prompts), _TOGETHER):
        asked = words(list(prompts[start : start + _TOGETHER]), padding=True, return_tensors="pt")
        made = model.generate(**asked.to(model.device), max_new_tokens=_LONGEST_REPLY, do_sample=False)
        replies += words.batch_decode(made[:, asked["input_ids"].shape[1] :], skip_special_tokens=True)
    return replies


def score(
    model: LlamaForCausalLM, words: PreTrainedTokenizerFast, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The harness's figures for rows (accuracy, ci95, correct, total, …), and `chance` beside them."""
    replies = answers(model, words, [row["input_text"] for row in rows])
    targets, tasks = [row["target"] for row in rows], [row["task"] for row in rows]
    chance = fmean(TASKS[row["task"]].chance(json.loads(row["metadata"])) for row in rows)
    return {**accuracy(replies, targets, tasks, endpoint="completions"), "chance": chance}


def main(
    config: str = "inducto-easy",
    *,
    shape: Shape | None = None,
    training: Training | None = None,
    axes: str = "{}",
    samples: int = 500,
    output_dir: Path = Path("tiny"),
    device: Literal["auto", "cpu", "cuda"] = "auto",
) -> None:
    """Train a model on a config, save it, and score it on the test split.

    :param axes: Parameters of the task in place of the config's, as JSON, e.g. '{"num_ops": [5, 7]}'.
    :param samples: Problems to score on.
    :param output_dir: Folder of the model and its tokenizer.
    """
    training, given = training or Training(), json.loads(axes)
    words = bundled_tokenizer(training.vocabulary)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    model = new_model(shape or Shape(), training, words).to(device)
    out, begun = Console(highlight=False), time.monotonic()
    out.print(f"{model.num_parameters():,} parameters, {training.steps:,} steps on {config}, {device}")
    for step, loss in enumerate(train(model, training, config, given), 1):
        if step % max(training.steps // 10, 1) == 0:
            tokens, seconds = step * training.batch * training.context, time.monotonic() - begun
            out.print(f"{tokens:>13,} tokens  loss {loss:.3f}  {seconds:5.0f} s")
    model.save_pretrained(output_dir)
    words.save_pretrained(output_dir)
    found = score(model, words, test_rows(config, samples, given))
    share = f"{found['accuracy']:.1%} correct ({found['correct']:,}/{found['total']:,})"
    interval = "-".join(f"{limit:.1%}" for limit in found["ci95"])
    out.print(f"{share}, 95% interval {interval}; guessing gives {found['chance']:.1%}", soft_wrap=True)
    out.print(f"saved in {output_dir}", soft_wrap=True)


if __name__ == "__main__":
    cyclopts.run(main)
