"""Whether a model keeps the problems of a packed context apart: found out by changing one of them."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from synthlm_tasks.errors import LeakError, ParameterError

if TYPE_CHECKING:
    import torch

Tensors: TypeAlias = "dict[str, torch.Tensor]"
Forward: TypeAlias = "Callable[[torch.nn.Module, Tensors], torch.Tensor]"

# Differences up to so many units of rounding, beside the largest logit, are no leak: kernels may add up in
# another order where another token changes.
_ROUNDING: Final = 16


def check_isolation(
    model: "torch.nn.Module", example: Mapping[str, Any], *, forward: "Forward | None" = None
) -> None:
    """Raise LeakError where `model` carries one problem of a packed `example` into the next.

    The tokens of the first problem are changed, but for bos and eos, and the logits of the second compared.
    Attention keeps problems apart by `position_ids`, if it is called without cache and mask; the state of a
    recurrence, a convolution or a scan runs on, and such a model needs `layout="padded"`. The error names the
    first layer whose output changes though what it is given does not.

    `example` is one of `packing.stream`, arrays or tensors. The model is called with `input_ids` and
    whatever else of `position_ids`, `seq_idx` and `cu_seq_lens_q` and its like it takes and the example has,
    each (1, n), and `use_cache=False`; `forward(model, tensors)` calls it in another way and returns logits
    (1, n, v). A layer that adds nothing yet, such as one initialised with zeros, leaks nothing yet.

    Raises ParameterError where the example has fewer than two problems or the output no place for each token.
    """
    import torch

    one, changed, second = _two_problems(example, next(model.parameters()).device)
    call = partial(_call if forward is None else forward, model)
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            before, after = call(one), call(changed)
            if tuple(before.shape[:2]) != tuple(one["input_ids"].shape):
                raise ParameterError(
                    f"model: its output has shape {tuple(before.shape)}; expected logits of shape "
                    f"{(*one['input_ids'].shape, 'v')}: give forward=, a function that returns them"
                )
            moved = float((after - before)[:, second].abs().max())
            rounding = torch.finfo(before.dtype).eps * float(before.abs().max())
            if moved <= _ROUNDING * rounding:
                return
            layer = _first_leak(model, call, (one, changed), second)
    finally:
        model.train(training)
    raise LeakError(
        f"{type(model).__name__} carries one problem of a packed context into the next: other tokens in the "
        f"first move the logits of the second by up to {moved:.2g}{layer}; train it on whole problems: "
        'packing.stream(CONFIG, layout="padded")'
    )


def _two_problems(example: Mapping[str, Any], device: "torch.device") -> tuple[Tensors, Tensors, slice]:
    """The first two problems, the same with other tokens in the first, and where the second is."""
    import torch

    if "document_ids" not in example:
        raise ParameterError("example: no document_ids; expected an example of packing.stream(CONFIG)")
    values = (torch.as_tensor(example[name]).cpu().numpy() for name in ("input_ids", "document_ids"))
    ids, documents = (value.reshape(-1, value.shape[-1])[0] for value in values)  # of a batch, the first
    first, end = (int((documents == number).sum()) for number in (1, 2))
    end += first
    if not 2 < first < end:
        raise ParameterError(
            f"example: it begins with {int(documents.max())} problem(s); expected two or more in a context"
        )
    inner = ids[1 : first - 1]
    # Every token becomes the next larger one of those that occur: another one, and one that the model knows.
    known = np.unique(inner)
    other = ids[:end].copy()
    other[1 : first - 1] = known[(np.searchsorted(known, inner) + 1) % len(known)]
    place = np.arange(end)
    number = (place >= first).astype(np.int64)
    bounds = torch.tensor([0, first, end], dtype=torch.int32, device=device)
    more: dict[str, Any] = {}
    if "position_ids" in example:
        more["position_ids"] = torch.from_numpy(place - first * number)[None].to(device)
    if "seq_idx" in example:
        more["seq_idx"] = torch.from_numpy(number.astype(np.int32))[None].to(device)
    if "cu_seq_lens" in example:
        longest = max(first, end - first)
        more |= {"cu_seq_lens_q": bounds, "cu_seq_lens_k": bounds}
        more |= {"max_length_q": longest, "max_length_k": longest}
    one, changed = (
        {"input_ids": torch.from_numpy(row.astype(np.int64))[None].to(device), **more}
        for row in (ids[:end], other)
    )
    return one, changed, slice(first, end)


def _call(model: "torch.nn.Module", tensors: Tensors) -> "torch.Tensor":
    """Logits (1, n, v), by as many of the arguments as the model takes."""
    takes = inspect.signature(model.forward).parameters
    anything = any(parameter.kind is parameter.VAR_KEYWORD for parameter in takes.values())
    given: dict[str, Any] = {name: value for name, value in tensors.items() if anything or name in takes}
    if "input_ids" not in takes and not anything:
        made = model(tensors["input_ids"])
    else:
        made = model(**given, **({"use_cache": False} if "use_cache" in takes else {}))
    return _tensor(getattr(made, "logits", made))


def _tensor(output: Any) -> Any:  # noqa: ANN401  # whatever a module returns
    """The output itself, or the first of several."""
    return output[0] if isinstance(output, (tuple, list)) and output else output


@dataclass(frozen=True)
class _Seen:
    """What a layer was given and what it returned, at the places of the second problem."""

    given: "tuple[torch.Tensor, ...]"
    returned: "torch.Tensor"


def _first_leak(
    model: "torch.nn.Module",
    call: Callable[[Tensors], Any],
    pair: tuple[Tensors, Tensors],
    second: slice,
) -> str:
    """The end of a message: the first layer that leaks, or nothing where none can be told."""
    places = pair[0]["input_ids"].shape[1]
    runs: list[list[tuple[str, _Seen]]] = []
    for tensors in pair:
        seen: list[tuple[str, _Seen]] = []
        with _watched(model, places, second, seen):
            call(tensors)
        runs.append(seen)
    for (name, one), (_, other) in zip(*runs, strict=False):
        # Exactly: what comes before a leak has not changed by a bit.
        unchanged = all(bool((a == b).all()) for a, b in zip(one.given, other.given, strict=True))
        if unchanged and not bool((one.returned == other.returned).all()):
            kind = type(model.get_submodule(name)).__name__
            return f", first through {kind} ({name})" if name else f", through {kind} itself"
    return ""


@contextmanager
def _watched(
    model: "torch.nn.Module", places: int, second: slice, seen: list[tuple[str, _Seen]]
) -> Iterator[None]:
    """Note what layers are given and return, in the order in which they are done; inner ones come first."""

    def note(
        name: str,
        module: object,  # noqa: ARG001  # the signature of a hook
        positional: tuple[Any, ...],
        named: dict[str, Any],
        output: Any,  # noqa: ANN401
    ) -> None:
        inputs = [value for value in (*positional, *named.values()) if _has_places(value, places)]
        returned = _tensor(output)
        if inputs and _has_places(returned, places):
            given = tuple(value[:, second].clone() for value in inputs)
            seen.append((name, _Seen(given, returned[:, second].clone())))

    hooks = [
        module.register_forward_hook(partial(note, name), with_kwargs=True)
        for name, module in model.named_modules()
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _has_places(value: Any, places: int) -> bool:  # noqa: ANN401
    """Whether a value is a tensor (1, places, …)."""
    return tuple(getattr(value, "shape", ())[:2]) == (1, places)
