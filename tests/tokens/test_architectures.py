"""Which models of transformers may take packed contexts: the table of docs/packing.md, on tiny ones."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synthlm_tasks import packing
from synthlm_tasks.errors import LeakError
from synthlm_tasks.rows.vocabulary import TOKENS

torch = pytest.importorskip("torch", reason="the extra train")
transformers = pytest.importorskip("transformers", reason="the extra train")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # transformers warns about kernels that are not installed
]

SIZE: dict[str, Any] = {
    "vocab_size": len(TOKENS),
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
ATTENTION = {"intermediate_size": 64, "num_attention_heads": 2, "num_key_value_heads": 2}
LINEAR = {
    "layer_types": ["linear_attention", "full_attention"],
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 2,
    "linear_key_head_dim": 16,
    "linear_value_head_dim": 16,
}
CHUNKS = {
    "chunkwise_kernel": "chunkwise--native_autograd",
    "sequence_kernel": "native_sequence__native",
    "step_kernel": "native",
    "chunk_size": 16,
}

# Model type → configuration, causal model, settings.
MODELS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "llama": ("LlamaConfig", "LlamaForCausalLM", ATTENTION),
    "qwen3": ("Qwen3Config", "Qwen3ForCausalLM", {**ATTENTION, "head_dim": 16}),
    "mamba": ("MambaConfig", "MambaForCausalLM", {"state_size": 8}),
    "mamba2": (
        "Mamba2Config",
        "Mamba2ForCausalLM",
        {"state_size": 8, "head_dim": 16, "num_heads": 4, "n_groups": 1, "chunk_size": 16},
    ),
    "qwen3_next": (
        "Qwen3NextConfig",
        "Qwen3NextForCausalLM",
        {**ATTENTION, **LINEAR, "head_dim": 16, "num_experts": 0, "mlp_only_layers": [0, 1]},
    ),
    "qwen3_5_text": ("Qwen3_5TextConfig", "Qwen3_5ForCausalLM", {**ATTENTION, **LINEAR, "head_dim": 16}),
    "olmo_hybrid": ("OlmoHybridConfig", "OlmoHybridForCausalLM", {**ATTENTION, **LINEAR}),
    "recurrent_gemma": (
        "RecurrentGemmaConfig",
        "RecurrentGemmaForCausalLM",
        {**ATTENTION, "num_hidden_layers": 3, "lru_width": 32, "attention_window_size": 64},
    ),
    "lfm2": ("Lfm2Config", "Lfm2ForCausalLM", {**ATTENTION, "layer_types": ["conv", "full_attention"]}),
    "xlstm": ("xLSTMConfig", "xLSTMForCausalLM", {"num_heads": 2, **CHUNKS}),
    "rwkv": ("RwkvConfig", "RwkvForCausalLM", {"attention_hidden_size": 32, "context_length": 512}),
}


def tiny(model_type: str) -> Any:  # noqa: ANN401
    """A random model of some thousand parameters."""
    torch.manual_seed(0)
    config, model, settings = MODELS[model_type]
    made = getattr(transformers, config)(**{**SIZE, **settings})
    assert made.model_type == model_type
    return getattr(transformers, model)(made)


class Recurrent(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Embedding, GRU, head."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(len(TOKENS), 16)
        self.mixer = torch.nn.GRU(16, 16, batch_first=True)
        self.head = torch.nn.Linear(16, len(TOKENS))

    def forward(self, input_ids: Any) -> Any:  # noqa: ANN401
        return self.head(self.mixer(self.embedding(input_ids))[0])


def table() -> dict[str, tuple[str, str]]:
    """The table of docs/packing.md: model type → layouts, layer that leaks."""
    page = (Path(__file__).parents[2] / "docs" / "packing.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (packed, padded|padded) \| (?:`(\w+)`)? *\|$", page, re.MULTILINE)
    return {name: (layouts, layer) for name, layouts, layer in rows}


def test_the_page_names_every_model_that_is_tried() -> None:
    assert set(table()) == {*MODELS, "GRU"}


@pytest.mark.parametrize("model_type", [*MODELS, "GRU"])
def test_the_page_says_which_layouts_a_model_may_take(model_type: str) -> None:
    layouts, layer = table()[model_type]
    model = Recurrent() if model_type == "GRU" else tiny(model_type)
    example = next(iter(packing.stream("dyna-easy", context=256)))
    if layouts == "packed, padded":
        packing.check_isolation(model, example)
        return
    with pytest.raises(LeakError, match=rf"first through {layer} \("):
        packing.check_isolation(model, example)


def gradients(model: Any, logits_of: Callable[[Any], list[tuple[Any, Any]]]) -> dict[str, Any]:  # noqa: ANN401
    """Gradients of the mean cross entropy of the labelled tokens."""
    model.zero_grad()
    total, count = torch.zeros((), dtype=torch.float64), 0
    for logits, labels in logits_of(model):
        losses = torch.nn.functional.cross_entropy(
            logits[:, :-1].reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), reduction="sum"
        )
        total, count = total + losses, count + int((labels[:, 1:] != -100).sum())
    (total / count).backward()
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}


@pytest.mark.parametrize("model_type", [*MODELS, "GRU"])
def test_a_step_on_a_padded_batch_is_that_of_its_problems_one_at_a_time(
    model_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Layers that compute in single precision, whatever the model's, would hide what is compared here.
    model = (Recurrent() if model_type == "GRU" else tiny(model_type)).double()
    monkeypatch.setattr(torch.Tensor, "float", torch.Tensor.double)
    monkeypatch.setattr(torch, "float32", torch.float64)
    # Of few problems, so that those of a batch differ in length.
    stream = packing.stream("all-easy", layout="padded", batch_size=6, num_samples=40)
    batch = next(iter(stream.with_format("torch")))
    lengths = batch["attention_mask"].sum(dim=1).tolist()
    assert len(set(lengths)) > 1

    def outputs(model: Any, **tensors: Any) -> Any:  # noqa: ANN401
        made = model(tensors["input_ids"]) if model_type == "GRU" else model(**tensors, use_cache=False)
        return getattr(made, "logits", made)

    def together(model: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401
        mask = {} if model_type == "rwkv" else {"attention_mask": batch["attention_mask"]}
        return [(outputs(model, input_ids=batch["input_ids"], **mask), batch["labels"])]

    def alone(model: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401
        rows = zip(batch["input_ids"], batch["labels"], lengths, strict=True)
        return [(outputs(model, input_ids=i[None, :n]), labels[None, :n]) for i, labels, n in rows]

    one, other = gradients(model, together), gradients(model, alone)
    assert max(float(value.abs().max()) for value in one.values()) > 1e-3
    near = 1e-5 if model_type == "xlstm" else 1e-9  # its states are of single precision, whatever the model's
    for name, value in one.items():
        assert torch.allclose(value, other[name], rtol=near, atol=near), name
