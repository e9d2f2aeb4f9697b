"""The stream in a torch DataLoader."""

import numpy as np
import pytest

from synthlm_tasks import packing
from synthlm_tasks.rows.vocabulary import TOKENS
from synthlm_tasks.tokens.contexts import COLUMNS

torch = pytest.importorskip("torch", reason="the extra train")


def named(loader: object) -> list[bytes]:
    """What tells examples apart."""
    return [np.asarray(example["input_ids"]).tobytes() for example in loader]  # type: ignore[attr-defined]


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_of_a_data_loader_share_a_stream_without_overlap(workers: int) -> None:
    whole = packing.stream("dyna-easy", num_samples=30_000)
    loader = torch.utils.data.DataLoader(whole, batch_size=None, num_workers=workers)
    assert sorted(named(loader)) == sorted(named(whole))


def test_a_data_loader_gives_batches_of_64_bit_tensors() -> None:
    for stream in (packing.stream("dyna-easy"), packing.stream("dyna-easy").with_format("torch")):
        batch = next(iter(torch.utils.data.DataLoader(stream, batch_size=4)))
        assert {(name, value.dtype, tuple(value.shape)) for name, value in batch.items()} == {
            (name, torch.int64, (4, 2048)) for name in COLUMNS
        }


def test_a_model_of_transformers_keeps_attention_within_a_problem_by_its_positions() -> None:
    transformers = pytest.importorskip("transformers")
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(vocab_size=len(TOKENS), **shape)).eval()
    example = next(iter(packing.stream("dyna-easy", context=256).with_format("torch")))
    names = ("input_ids", "labels", "position_ids")
    second = torch.nonzero(example["document_ids"] == 2)[:, 0]
    with torch.no_grad():
        packed = model(**{name: example[name][None] for name in names}, use_cache=False)
        alone = model(**{name: example[name][None, second] for name in names}, use_cache=False)
    assert packed.loss.isfinite()
    assert torch.allclose(packed.logits[:, second], alone.logits, atol=1e-5)
