"""Exact match in one forward pass, for any module that gives logits.

Greedy decoding is right exactly when every token of the answer is the most likely one given the prompt and
the tokens of the answer before it: no generation is needed.
"""

from collections import defaultdict
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from eval_harness.architectures.rows import Rows
from eval_harness.architectures.spec import Score

_TOGETHER: Final = 128
"""Rows of a pass."""


def match_rows(model: nn.Module, rows: Rows, *, ended: bool, device: torch.device) -> NDArray[np.bool_]:
    """Whether greedy decoding answers each row right: (r,).

    `ended`: the answer has to be followed by eos, which a model learns where training rows have one query.
    """
    was = model.training
    model.eval()
    right = np.zeros(len(rows), bool)
    counted = rows.answers + ended
    ranked = np.argsort(rows.prompts + counted, kind="stable")  # rows of a pass are about equally long
    for start in range(0, len(rows), _TOGETHER):
        chosen = ranked[start : start + _TOGETHER]
        longest = int((rows.prompts + counted)[chosen].max())
        tokens = torch.from_numpy(rows.tokens[chosen, :longest]).to(device)
        with torch.inference_mode():
            right[chosen] = _match(model, tokens, rows.prompts[chosen], counted[chosen])
    model.train(was)
    return right


def _match(
    model: nn.Module, tokens: torch.Tensor, prompts: NDArray[np.int64], counted: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """`match_rows` of the rows of one pass, (b, n) tokens."""
    place = np.arange(tokens.shape[1])
    ends = (prompts + counted)[:, None]
    # A token is foretold at the place before it.
    foretold = torch.from_numpy((place >= prompts[:, None] - 1) & (place < ends - 1)).to(tokens.device)
    within = torch.from_numpy(place < ends).to(tokens.device, torch.long)
    likely = model(tokens, within, foretold).argmax(-1)
    wrong = torch.zeros_like(foretold)
    wrong[foretold] = likely != tokens.roll(-1, 1)[foretold]
    missed: NDArray[np.bool_] = wrong.any(1).cpu().numpy()
    return ~missed


def score_rows(rows: Rows, right: NDArray[np.bool_]) -> Score:
    """The accuracy, overall and along each axis."""
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for axes, matched in zip(rows.axes, right.tolist(), strict=True):
        for axis, value in axes.items():
            counts[axis][value][0] += matched
            counts[axis][value][1] += 1
    by_axis = {
        axis: {value: (hits, n) for value, (hits, n) in values.items()} for axis, values in counts.items()
    }
    return Score(float(right.mean()), len(right), rows.chance, by_axis)
