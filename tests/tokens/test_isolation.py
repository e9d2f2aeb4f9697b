"""Problems that share a context are kept apart, or the model is refused it; padded, each is alone."""

import itertools
from typing import Any

import pytest

from synthlm_tasks import ParameterError, packing
from synthlm_tasks.errors import LeakError
from synthlm_tasks.rows.vocabulary import TOKENS

torch = pytest.importorskip("torch", reason="the extra train")

WORDS = len(TOKENS)


class Recurrent(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Embedding, GRU, head."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(WORDS, 16)
        self.mixer = torch.nn.GRU(16, 16, batch_first=True)
        self.head = torch.nn.Linear(16, WORDS)

    def forward(self, input_ids: Any) -> Any:  # noqa: ANN401
        return self.head(self.mixer(self.embedding(input_ids))[0])


class Tokenwise(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
    """Looks at nothing but the token itself."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(WORDS, WORDS)

    def forward(self, input_ids: Any) -> Any:  # noqa: ANN401
        return self.embedding(input_ids)


@pytest.fixture
def example() -> dict[str, Any]:
    """A packed context."""
    found: dict[str, Any] = next(iter(packing.stream("dyna-easy", context=256)))
    return found


def test_a_recurrent_model_is_refused_with_its_layer_and_what_to_use_instead(example: dict[str, Any]) -> None:
    model = Recurrent().train()
    with pytest.raises(LeakError) as caught:
        packing.check_isolation(model, example)
    assert "Recurrent carries one problem of a packed context into the next" in str(caught.value)
    assert "first through GRU (mixer)" in str(caught.value)
    assert 'packing.stream(CONFIG, layout="padded")' in str(caught.value)
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())


def test_a_model_that_carries_nothing_passes(example: dict[str, Any]) -> None:
    packing.check_isolation(Tokenwise(), example)


def test_a_model_may_be_called_in_another_way(example: dict[str, Any]) -> None:
    def apart(model: Any, tensors: dict[str, Any]) -> Any:  # noqa: ANN401
        begins = torch.nonzero(tensors["position_ids"][0] == 0)[:, 0].tolist()
        bounds = itertools.pairwise([*begins, None])
        return torch.cat([model(tensors["input_ids"][:, a:b]) for a, b in bounds], dim=1)

    packing.check_isolation(Recurrent(), example, forward=apart)


@pytest.mark.parametrize("columns", [("torch", False), ("numpy", False), ("torch", True)])
def test_arrays_tensors_and_rows_of_a_batch_are_taken(columns: tuple[str, bool]) -> None:
    made = next(iter(packing.stream("dyna-easy", context=256).with_format(columns[0])))
    if columns[1]:
        made = {name: torch.stack([value, value.flip(0)]) for name, value in made.items()}
    packing.check_isolation(Tokenwise(), made)
    with pytest.raises(LeakError):
        packing.check_isolation(Recurrent(), made)


def test_what_cannot_be_checked_is_named(example: dict[str, Any]) -> None:
    (single,) = itertools.islice(packing.stream("filtro-ood", context=256), 1)
    with pytest.raises(ParameterError, match=r"example: it begins with 1 problem\(s\); expected two or more"):
        packing.check_isolation(Tokenwise(), single)
    with pytest.raises(ParameterError, match="example: no document_ids"):
        packing.check_isolation(Tokenwise(), {"input_ids": example["input_ids"]})
    with pytest.raises(ParameterError, match=r"model: its output has shape \(356,\)"):
        packing.check_isolation(
            Tokenwise(), example, forward=lambda model, made: model(made["input_ids"])[0, 0]
        )


def test_a_packed_forward_equals_one_forward_for_each_problem() -> None:
    transformers = pytest.importorskip("transformers", reason="the extra train")
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    # Weights large enough for a problem to feel another one that it can see.
    config = transformers.LlamaConfig(vocab_size=WORDS, initializer_range=0.2, **shape)
    model = transformers.LlamaForCausalLM(config).eval()
    stream = packing.stream("logic-easy", context=256).with_format("torch")
    batch = next(iter(torch.utils.data.DataLoader(stream, batch_size=2)))
    with torch.inference_mode():
        given = {"input_ids": batch["input_ids"], "use_cache": False}
        packed = model(**given, position_ids=batch["position_ids"]).logits
        crossing = model(**given).logits
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
