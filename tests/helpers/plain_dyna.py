"""Dyna's operations as a person reads them: texts, lists, and one thing after another."""

from functools import cache

from synthlm_tasks.dyna.moves import spellings


def apply(text: str, items: tuple[int, ...]) -> tuple[int, ...]:
    """The list after an operation; "" is none."""
    if not text:
        return items
    kind, _, numbers = text.removesuffix(")").partition("(")
    first, *rest = map(int, numbers.split(","))
    if kind == "ROTATE_LEFT":
        return items[first:] + items[:first]
    if kind == "ROTATE_RIGHT":
        return items[-first:] + items[:-first]
    (last,) = rest
    if kind == "REVERSE":
        return items[:first] + items[first : last + 1][::-1] + items[last + 1 :]
    swapped = list(items)
    swapped[first], swapped[last] = items[last], items[first]
    return tuple(swapped)


@cache
def commute(one: str, other: str, size: int) -> bool:
    """Whether two operations do the same in either order."""
    start = tuple(range(size))
    return apply(one, apply(other, start)) == apply(other, apply(one, start))


def listed(kind: str, size: int) -> list[str]:
    """The operations of a kind in a list of `size`, in the order that words choose among them."""
    if kind == "SWAP":
        return [f"SWAP({i},{j})" for j in range(size) for i in range(j)]
    if kind == "REVERSE":  # by the last position; those that are swaps first
        return [
            f"REVERSE({i},{j})"
            for j in range(size)
            for i in sorted(range(j), key=lambda i, j=j: (j - i > 2, i))
        ]
    distances = range(1, size) if kind == "ROTATE_RIGHT" else range(size - 1, 0, -1)
    return [f"{kind}({k})" for k in distances]


@cache
def runs_after(text: str, size: int, kinds: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """For each of `kinds` that has any: the operations that may follow one ("": the beginning)."""
    rotating = all(kind.startswith("ROTATE") for kind in kinds)
    runs = (
        tuple(other for other in listed(kind, size) if not text or rotating or not commute(text, other, size))
        for kind in kinds
    )
    return tuple(run for run in runs if run)


def spelled(operation: int) -> str:
    """The text of an operation's code."""
    return spellings()[operation // 2][operation % 2]


@cache
def code_of(text: str, size: int) -> int:
    """The code of an operation in a list of `size`."""
    (found,) = (
        2 * number + spelling
        for number, texts in enumerate(spellings())
        for spelling, other in enumerate(texts)
        if other == text and _exists(texts, size)
    )
    return found


def _exists(texts: tuple[str, str], size: int) -> bool:
    """Whether a list of `size` has the operation: rotations are those whose two spellings turn it once."""
    numbers = [int(text.partition("(")[2].removesuffix(")")) for text in texts if text.startswith("ROTATE")]
    return not numbers or sum(numbers) == size


def exists(operation: int, size: int) -> bool:
    """Whether a list of `size` has an operation."""
    texts = spellings()[operation // 2]
    if texts[0].startswith("ROTATE"):
        return _exists(texts, size)
    return bool(texts[0]) and int(texts[0].partition(",")[2].removesuffix(")")) < size
