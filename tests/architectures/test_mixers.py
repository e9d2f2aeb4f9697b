"""Every mixer in the backbone: causal, trainable, blind to padding behind, and of equal size."""

from collections.abc import Callable

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

from torch.nn import functional  # noqa: E402  # behind the skips

from eval_harness.architectures.backbone import Backbone, ShortConvolution  # noqa: E402
from eval_harness.architectures.matching import matched_shape  # noqa: E402
from eval_harness.architectures.mixers.delta import (  # noqa: E402
    GatedDeltaNet,
    GatedDeltaNetNegative,
    choose_chunk,
)
from eval_harness.architectures.mixers.mamba import Mamba2  # noqa: E402
from eval_harness.architectures.mixers.registry import MIXERS, Place, find_mixer  # noqa: E402
from eval_harness.errors import SettingsError  # noqa: E402

WORDS = 50
LENGTH = 37  # no multiple of any chunk

every_mixer = pytest.mark.parametrize("name", MIXERS)


def make(name: str, *, seed: int = 0, width: int = 32, layers: int = 2, ffn: bool = True) -> Backbone:
    given = {"words": WORDS, "layers": layers, "width": width, "convolution": True, "ffn": ffn}
    return Backbone(matched_shape(name, **given), find_mixer(name), seed).eval()


def tokens(rows: int = 2, length: int = LENGTH) -> torch.Tensor:
    return torch.randint(0, WORDS, (rows, length), generator=torch.Generator().manual_seed(1))


@every_mixer
def test_a_token_is_not_seen_before_its_place_and_is_from_there_on(name: str) -> None:
    model, ids = make(name), tokens()
    changed = ids.clone()
    changed[:, 20] = (ids[:, 20] + 1) % WORDS
    with torch.no_grad():
        moved = (model(ids) - model(changed)).abs().amax(dim=(0, 2))
    assert moved[:20].max() < 1e-5
    assert moved[20:].min() > 1e-6


@every_mixer
def test_a_row_does_not_depend_on_padding_behind_it(name: str) -> None:
    model, ids = make(name), tokens()
    with torch.no_grad():
        padded = model(functional.pad(ids, (0, 30)))[:, :LENGTH]
        torch.testing.assert_close(model(ids), padded, rtol=1e-4, atol=1e-4)


@every_mixer
def test_every_parameter_gets_a_finite_gradient(name: str) -> None:
    model, ids = make(name).train(), tokens()
    functional.cross_entropy(model(ids).flatten(0, 1), ids.flatten()).backward()
    for part, weight in model.named_parameters():
        assert weight.grad is not None, part
        assert weight.grad.isfinite().all(), part


@every_mixer
def test_parameters_lie_within_five_percent(name: str) -> None:
    for width, ffn in ((32, True), (64, True), (64, False), (128, False)):
        counts = [
            sum(weight.numel() for weight in make(each, width=width, ffn=ffn).blocks.parameters())
            for each in ("attention", name)
        ]
        assert abs(counts[1] / counts[0] - 1) < 0.05, (width, ffn)


@every_mixer
def test_weights_follow_from_the_seed_and_shared_parts_are_the_same(name: str) -> None:
    one, again, other, attention = make(name), make(name), make(name, seed=1), make("attention")
    weights = [dict(model.named_parameters()) for model in (one, again, other, attention)]
    assert all(torch.equal(weights[0][part], weights[1][part]) for part in weights[0])
    assert not torch.equal(weights[0]["embedding.weight"], weights[2]["embedding.weight"])
    for part in ("embedding.weight", "blocks.0.convolution.weight", "blocks.1.convolution.weight"):
        assert torch.equal(weights[0][part], weights[3][part])


@every_mixer
def test_only_attention_carries_more_with_every_token(name: str) -> None:
    sizes = [make(name).state_size(length) for length in (10, 20)]
    assert sizes[0] > 0
    assert (sizes[1] == 2 * sizes[0]) is name.startswith("attention")
    assert name.startswith("attention") or sizes[0] == sizes[1]


def test_attention_tells_order_by_positions_alone() -> None:
    place, ids = Place(32, 32, 0, 1), torch.randn(1, 8, 32)
    swapped = ids[:, [1, 0, *range(2, 8)]]
    for name, same in (("attention", False), ("attention-nope", True)):
        mixer = find_mixer(name)(place)
        with torch.no_grad():
            assert torch.allclose(mixer(ids)[:, -1], mixer(swapped)[:, -1], atol=1e-5) is same


@pytest.mark.parametrize("length", [1, 20, LENGTH, 200])
def test_gated_deltanet_is_the_layer_of_transformers(length: int) -> None:
    mixer, x = GatedDeltaNet(Place(32, 32, 0, 1)), torch.randn(2, length, 32)
    with torch.no_grad():
        torch.testing.assert_close(mixer(x), mixer.layer(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("length", [1, 20, 96, 97])
def test_mamba_is_the_layer_of_transformers(length: int) -> None:
    mine, x = Mamba2(Place(32, 32, 0, 1)), torch.randn(2, length, 32)
    gradients = []
    for mixer in (mine, mine.mixer):
        mine.zero_grad()
        mixed = mixer(x)
        mixed.square().sum().backward()
        gradients.append([mixed.detach(), *(weight.grad for weight in mine.parameters())])
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-4)


def test_rows_are_cut_into_chunks_of_one_length() -> None:
    assert [choose_chunk(length, 24) for length in (1, 20, 24, 25, 46, 100)] == [1, 20, 24, 13, 23, 20]


def test_negative_eigenvalues_are_steps_twice_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers.models.qwen3_5 import modeling_qwen3_5 as qwen

    torch.manual_seed(0)
    mixer, x = GatedDeltaNetNegative(Place(32, 32, 0, 1)), torch.randn(2, LENGTH, 32)
    step_by_step: Callable[..., object] = qwen.torch_recurrent_gated_delta_rule

    def recurrent(*args: object, chunk_size: int, beta: torch.Tensor, **rest: object) -> object:
        assert chunk_size < LENGTH
        assert 1 < beta.max() < 2
        return step_by_step(*args, beta=beta, initial_state=None, output_final_state=False, **rest)

    with torch.no_grad():
        in_chunks = mixer(x)
        monkeypatch.setattr(qwen, "torch_chunk_gated_delta_rule", recurrent)
        torch.testing.assert_close(in_chunks, mixer(x), rtol=1e-4, atol=1e-5)


def test_the_short_convolution_is_the_depthwise_one_of_torch() -> None:
    convolution, x = ShortConvolution(8), torch.randn(2, 9, 8)
    kernel = convolution.weight.T[:, None]
    expected = functional.conv1d(functional.pad(x.transpose(1, 2), (3, 0)), kernel, groups=8).transpose(1, 2)
    torch.testing.assert_close(convolution(x), x + expected)


def test_only_asked_places_get_logits() -> None:
    model, ids = make("gru"), tokens()
    places = torch.rand(ids.shape) < 0.2
    with torch.no_grad():
        torch.testing.assert_close(model(ids, places=places), model(ids)[places])


def test_a_mixer_of_ones_own_is_found_and_given_the_width(
    tmp_path: "pytest.TempPathFactory", monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_mixers.py").write_text(
        "import torch\ndef make(width):\n    return torch.nn.Linear(width, width)\n"
    )
    monkeypatch.chdir(tmp_path)
    mixer = find_mixer("my_mixers:make")(Place(32, 32, 0, 2))
    assert (mixer.in_features, mixer.out_features) == (32, 32)
    with pytest.raises(SettingsError, match="module 'my_mixers' has no 'nothing'"):
        find_mixer("my_mixers:nothing")


def test_an_unknown_mixer_is_answered_with_the_near_one() -> None:
    with pytest.raises(SettingsError, match=r"architecture='atention': expected .* mean 'attention'\?"):
        find_mixer("atention")
