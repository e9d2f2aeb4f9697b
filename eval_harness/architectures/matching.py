"""Equal parameters: every architecture gets those of attention with an FFN of 8/3 the width, within 5%.

With an FFN its width makes up for the mixer's; without one the mixer itself is made narrower or wider.
"""

from collections.abc import Callable
from dataclasses import replace

from eval_harness.architectures.backbone import Backbone, Shape
from eval_harness.architectures.mixers.registry import MIXERS, WIDENED, Factory, find_mixer


def matched_shape(
    architecture: str, *, words: int, layers: int, width: int, convolution: bool, ffn: bool
) -> Shape:
    """The shape in which an architecture has the parameters of attention at this size, as nearly as it can.

    A mixer that is larger than attention and its FFN together keeps the narrowest FFN, of one number. A
    user's mixer decides on its own width.
    """
    plain = Shape(words, layers, width, width, width * 8 // 3 if ffn else 0, convolution)
    wanted = count_parameters(plain, find_mixer("attention"))
    mixer = find_mixer(architecture)
    shape = replace(plain, inner=width * WIDENED.get(architecture, 1))
    if ffn:
        lean = count_parameters(replace(shape, hidden=1), mixer)
        each = 3 * width * layers  # parameters of one more number inside every FFN
        return replace(shape, hidden=max(1 + round((wanted - lean) / each), 1))
    if architecture not in MIXERS:
        return shape
    return replace(
        shape,
        inner=_nearest(lambda inner: count_parameters(replace(shape, inner=inner), mixer), wanted, width),
    )


def count_parameters(shape: Shape, mixer: Factory) -> int:
    """The parameters of a backbone of this shape."""
    model = Backbone(shape, mixer, seed=0)
    return sum(weight.numel() for weight in model.parameters())


def _nearest(count: Callable[[int], int], wanted: int, width: int) -> int:
    """The inner width whose number of parameters, which grows with it, is the nearest to `wanted`."""
    low, high = max(width // 4, 1), width  # a quarter of the width leaves every head some numbers
    while count(high) < wanted:
        low, high = high, 2 * high
    while high - low > 1:  # low has too few, high enough
        middle = (low + high) // 2
        low, high = (middle, high) if count(middle) < wanted else (low, middle)
    return min(low, high, key=lambda inner: abs(count(inner) - wanted))
