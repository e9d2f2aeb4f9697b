"""Filtro's lists of edges, against plain Python that sorts row by row by the same words."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from given_words import GivenWords, random_words

from synthlm_tasks.filtro.names import COLOURS, GREEK
from synthlm_tasks.filtro.task import PATTERNS, FiltroTask, _list_edges
from synthlm_tasks.rows.rejection import Params

MOST = 7
NO_EDGE = 0b1_1_11111_11111


def cycle(start: int, nodes: int, step: int) -> list[int]:
    """A closed cycle of names `step` apart, 255 beyond."""
    names = [(start + step * place) % 24 for place in range(nodes)]
    return [*names, names[0], *[255] * (MOST - nodes)]


NODES = [5, 7, 6, 7, 5, 6] * 8
CYCLES = [cycle(row, nodes, 1) for row, nodes in enumerate(NODES)]
OTHERS = [cycle(row + 3, nodes, 5) for row, nodes in enumerate(NODES)]


def edges(names: list[int], stream: int) -> list[int]:
    """The code of each edge: vocabulary and stream, source, end; all bits for none."""
    return [
        NO_EDGE if end == 255 or source == 255 else stream << 10 | source << 5 | end
        for source, end in pairwise(names)
    ]


def list_plainly(
    words: Iterator[int], pattern: str, vocabulary: list[int], asked: list[int]
) -> list[list[int]]:
    """Edges sorted by 20 random bits: all together, or each stream's (19 bits) and then one after another."""
    rows = len(NODES)
    swapped = [next(words) >> 31 for _ in range(rows)]
    random = [[[next(words) >> 12 for _ in range(rows)] for _ in range(MOST)] for _ in range(2)]
    listed = []
    for row in range(rows):
        first, second = OTHERS[row], CYCLES[row]
        stream = 2 * vocabulary[row] + 1 - asked[row]
        if not swapped[row]:
            first, second, stream = second, first, stream ^ 1
        sides = []
        for turn, names in enumerate((first, second)):
            ends = pairwise(names)
            codes = edges(names, stream ^ turn)
            keyed = []
            for place, (code, (_, end)) in enumerate(zip(codes, ends, strict=True)):
                chance = random[turn][place][row]
                if pattern != "random":
                    chance %= 2**19
                keyed.append((end == 255, chance if end != 255 else 0, code))
            sides.append(keyed)
        if pattern == "random":
            listed.append([code for *_, code in sorted(sides[0] + sides[1])])
            continue
        blocks = [[code for *_, code in sorted(side)] for side in sides]
        if pattern == "blocked":
            listed.append(blocks[0] + blocks[1])
        else:
            listed.append([code for pair in zip(*blocks, strict=True) for code in pair])
    return listed


def params(patterns: list[str], vocabulary: list[int], asked: list[int]) -> Params:
    """Parameters of the rows of `NODES`."""
    codes = {
        "pattern": np.array([PATTERNS.index(pattern) for pattern in patterns]),
        "vocabulary": np.array(vocabulary),
        "asked": np.array(asked),
    }
    return Params(codes, {}, {})


ROWS = range(len(NODES))
VOCABULARY, ASKED = [row // 2 % 2 for row in ROWS], [row // 4 % 2 for row in ROWS]
QUERIES = np.arange(len(NODES)) * 28


def list_edges(patterns: list[str], seed: int, mask: int = -1) -> tuple[list[list[int]], Iterator[int]]:
    """What the kernel lists, and the words that it had: random in the bits of `mask`, else 0."""
    words = [word & mask for word in random_words(seed, len(NODES) * (1 + 2 * MOST))]
    bits = GivenWords(words)
    columns = [np.ascontiguousarray(np.array(cycles, np.uint8).T) for cycles in (CYCLES, OTHERS)]
    items = _list_edges(*columns, QUERIES, params(patterns, VOCABULARY, ASKED), bits)
    assert bits.left == 0
    return items.view(np.uint16).reshape(len(NODES), -1).tolist(), iter(words)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_edges_are_shuffled_in_each_pattern(pattern: str) -> None:
    listed, words = list_edges([pattern] * len(NODES), 1)
    wanted = list_plainly(words, pattern, VOCABULARY, ASKED)
    assert listed == [[*codes, query] for codes, query in zip(wanted, QUERIES.tolist(), strict=True)]


@pytest.mark.parametrize("bit", range(32))
def test_the_upper_twenty_bits_alone_shuffle_each_of_them(bit: int) -> None:
    for pattern in PATTERNS:
        listed, words = list_edges([pattern] * len(NODES), 4, 1 << bit)
        assert [row[:-1] for row in listed] == list_plainly(words, pattern, VOCABULARY, ASKED)


def test_rows_of_different_patterns_do_not_disturb_each_other() -> None:
    patterns = [PATTERNS[row % 3] for row in ROWS]
    listed, words = list_edges(patterns, 2)
    given = list(words)
    for pattern in PATTERNS:
        wanted = list_plainly(iter(given), pattern, VOCABULARY, ASKED)
        for row in ROWS:
            if patterns[row] == pattern:
                assert listed[row][:-1] == wanted[row]


@pytest.mark.parametrize("noise", [0, 1])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_prompt_has_the_edges_and_the_query_that_its_codes_say(pattern: str, noise: int) -> None:
    tagged = (("A", GREEK), ("B", COLOURS), ("A", GREEK), ("B", GREEK))
    listed, _ = list_edges([pattern] * len(NODES), 3)
    items = np.array(listed, np.uint16)
    streams = [2 * vocabulary + asked for vocabulary, asked in zip(VOCABULARY, ASKED, strict=True)]
    problem = {
        "codes": items.view(np.dtype((np.void, items.itemsize * items.shape[1])))[:, 0],
        "stream": np.array(streams),
        "end": np.array([names[2] for names in CYCLES]),
        "noise": np.full(len(NODES), noise),
    }
    rendered = FiltroTask.render(problem)
    for row, text in enumerate(rendered.input_text.text.to_pylist()):
        *codes, query = listed[row]
        shown = []
        for code in codes:
            if code != NO_EDGE and (noise or code >> 10 == streams[row]):
                tag, names = tagged[code >> 10]
                shown.append(f"{tag}:{names[code >> 5 & 31]}->{names[code & 31]}")
        stream, start, hops = query // 14 // 24, query // 14 % 24, query % 14 + 1
        tag, names = tagged[stream]
        asked = f"QUERY {tag}:{names[start]} hops={hops} ->"
        assert text == f"EDGES {' | '.join(shown)} || {asked}"
    ends = [tagged[stream][1][names[2]] for stream, names in zip(streams, CYCLES, strict=True)]
    assert rendered.target.text.to_pylist() == ends
