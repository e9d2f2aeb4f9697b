"""The stream in a torch DataLoader."""

import itertools
from typing import Any

import numpy as np
import pytest

from synthlm_tasks import packing
from synthlm_tasks.rows.vocabulary import TOKENS
from synthlm_tasks.tokens.contexts import COLUMNS

torch = pytest.importorskip("torch", reason="the extra train")

pytestmark = [
    pytest.mark.filterwarnings("ignore:'set_vital' is deprecated"),  # torchdata's, of torch
    pytest.mark.filterwarnings("ignore:This DataLoader will create 3 worker processes"),  # on two cores
]


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


LAYOUTS = {
    "packed": ({"context": 1024}, 4),  # 4 contexts to a batch
    "padded": ({"layout": "padded", "batch_size": 256}, None),  # 64 batches to a portion
}


def stateful(layout: str, workers: int) -> Any:  # noqa: ANN401
    """A loader with a state, of a stream of one layout."""
    data = pytest.importorskip("torchdata.stateful_dataloader", reason="the extra train")
    arguments, size = LAYOUTS[layout]
    stream = packing.stream("dyna-easy", **arguments)  # type: ignore[arg-type]
    return data.StatefulDataLoader(stream, batch_size=size, num_workers=workers)


@pytest.mark.parametrize(
    ("workers", "taking"), [*itertools.product([0, 1, 2, 3], [0, 1, 2, 5]), (0, 70), (2, 140)]
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_stateful_loader_goes_on_with_the_very_next_batch(layout: str, workers: int, taking: int) -> None:
    loader = stateful(layout, workers)
    batches = iter(loader)
    for _ in range(taking):
        next(batches)
    state = loader.state_dict()
    expected = named(itertools.islice(batches, 2 * workers + 2))
    resumed = stateful(layout, workers)
    resumed.load_state_dict(state)
    following = iter(resumed)
    assert named(itertools.islice(following, workers + 1)) == expected[: workers + 1]
    # What was resumed can be resumed.
    again = stateful(layout, workers)
    again.load_state_dict(resumed.state_dict())
    assert named(itertools.islice(again, workers + 1)) == expected[workers + 1 :]


@pytest.mark.parametrize(("before", "now"), [(2, 3), (2, 0), (0, 2)])
def test_a_stateful_loader_with_another_number_of_workers_is_refused(before: int, now: int) -> None:
    loader = stateful("packed", before)
    next(iter(loader))
    resumed = stateful("packed", now)
    resumed.load_state_dict(loader.state_dict())
    with pytest.raises(AssertionError):  # by torchdata itself
        next(iter(resumed))
