"""The compact tokenizer: nothing that tells rows apart is lost, and answers come back as they are."""

import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import EXTREMES, STOCK, made
from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream

from synthlm_tasks import TASKS, LogicTask, ParameterError
from synthlm_tasks.rows.vocabulary import COMPACT, TEXT, Vocabulary
from synthlm_tasks.tokens import tokenizer
from synthlm_tasks.tokens.tokenizer.files import files

LIBRARY: Final = Tokenizer.from_str(files("compact")["tokenizer.json"])

# A problem of each task, the last two with several queries, and its tokens, a space between two.
SPELLED: Final = [
    (
        "STATE [B, D, A, C] || OPS SWAP(0,2) | ROTATE_LEFT(1) | REVERSE(0,3) || QUERY position 3 -> D",
        "B D A C SWAP(0,2) ROTATE_LEFT(1) REVERSE(0,3) QUERY·position 3 D",
    ),
    (
        "STATE [B, D] || OPS ROTATE_RIGHT(19) || QUERY position 0 -> D || QUERY element B -> 12",
        "B D ROTATE_RIGHT(19) QUERY·position 0 D QUERY·element B 12",
    ),
    (
        "EDGES A:mu->xi | B:red->blue | B:xi->mu || QUERY A:mu hops=14 -> xi || QUERY A:xi hops=14 -> mu",
        "A: mu xi B: red blue B: xi mu QUERY A: mu hops=14 xi QUERY A: xi hops=14 mu",
    ),
    (
        "Ex1: [A B C D] -> [D C B A] | Ex10: [X Y Z W V] -> [V X] | Query: [P Q R S T] -> T S R Q P",
        "Ex1: A B C D -> D C B A Ex10: X Y Z W V -> V X Query: P Q R S T -> T S R Q P",
    ),
    (
        "Ex1: [A B C] -> [C B A] | Query: [P Q R] -> [R Q P] | Query: [X Y Z W] -> W Z Y X",
        "Ex1: A B C -> C B A Query: P Q R -> R Q P Query: X Y Z W -> W Z Y X",
    ),
    (
        "INPUTS x0=1 x63=0 || GATES g0=XOR(x0,x63) | g1=NOT(g0) | g62=NAND(g1,x0) || QUERY g62 -> 0",
        "x0 1 x63 0 g0 XOR x0 x63 g1 NOT g0 g62 NAND g1 x0 QUERY g62 0",
    ),
    (
        "INPUTS x0=1 || GATES g0=NOT(x0) | g1=NOR(g0,x0) || QUERY g1 -> 1 || QUERY g0 -> 0",
        "x0 1 g0 NOT x0 g1 NOR g0 x0 QUERY g1 1 QUERY g0 0",
    ),
]


def tokens(text: str) -> list[str]:
    """The tokens of a text, none of them unknown."""
    found = LIBRARY.encode(text)
    assert COMPACT.ids["<unk>"] not in found.ids
    return [COMPACT.tokens[token] for token in found.ids]


def restore(found: list[str]) -> str:
    """The text of a row from its compact tokens, read from left to right: that nothing is lost."""
    if found[0].startswith("Ex"):
        return _sequences(found)
    asked = next(place for place, token in enumerate(found) if token.startswith("QUERY"))
    body, queries = found[:asked], " ".join(found[asked:]).split("QUERY ")[1:]
    if found[0] in ("A:", "B:"):
        edges = [f"{tag}{a}->{b}" for tag, a, b in zip(*(body[i::3] for i in range(3)), strict=True)]
        return f"EDGES {' | '.join(edges)}" + "".join(map(_query, queries)).replace(": ", ":")
    if found[0].startswith("x"):
        return _circuit(body) + "".join(map(_query, queries))
    letters = [token for token in body if len(token) == 1]
    operations = body[len(letters) :]
    opening = f"STATE [{', '.join(letters)}] || OPS {' | '.join(operations)}"
    return opening + "".join(map(_query, queries))


def _sequences(found: list[str]) -> str:
    pairs = re.split(r" ?(Ex\d+:|Query:) ", " ".join(found))[1:]
    shown = [
        [f"{head} [{given}]", out]
        for head, pair in zip(pairs[::2], pairs[1::2], strict=True)
        for given, out in [pair.split(" ->")]
    ]
    *answered, last = [(head, out.strip()) for head, out in shown]
    return " | ".join([*(f"{head} -> [{out}]" for head, out in answered), f"{last[0]} -> {last[1]}"])


def _circuit(body: list[str]) -> str:
    first = next(place for place, token in enumerate(body) if token.startswith("g"))
    inputs = [f"{name}={value}" for name, value in zip(body[:first:2], body[1:first:2], strict=True)]
    gates = re.findall(r"(g\d+) ([A-Z]+) (\S+)(?: (\S+))?(?= g\d+ [A-Z]|$)", " ".join(body[first:]))
    written = [f"{name}={kind}({','.join(filter(None, read))})" for name, kind, *read in gates]
    return f"INPUTS {' '.join(inputs)} || GATES {' | '.join(written)}"


def _query(query: str) -> str:
    """e.g. `position 3 D ` → ` || QUERY position 3 -> D`: the answer is one token."""
    named, _, answer = query.strip().rpartition(" ")
    return f" || QUERY {named} -> {answer}"


def test_the_shipped_files_are_those_of_the_vocabulary() -> None:
    folder = Path(tokenizer.__file__).parent / "compact"
    assert {path.name: path.read_text("utf-8") for path in folder.glob("*.json")} == files("compact")


def test_the_vocabulary_is_closed_and_ids_are_published() -> None:
    assert len(COMPACT.tokens) == len(set(COMPACT.tokens)) == LIBRARY.get_vocab_size() == 770
    # Entries are only ever added at the end.
    assert [COMPACT.tokens[token] for token in (0, 1, 2, 3, 4, 5, 30, 31, 41, 44)] == [
        *("<pad>", "<bos>", "<eos>", "<unk>", "->", "A", "Z", "Ex1:", "Query:", "QUERY element"),
    ]
    assert COMPACT.tokens[-1] == "\n\n"


@pytest.mark.parametrize(("text", "spelled"), SPELLED)
def test_what_carries_information_is_a_token_and_separators_are_none(text: str, spelled: str) -> None:
    wanted = [token.replace("·", " ") for token in spelled.split(" ")]
    assert tokens(text) == wanted
    assert [COMPACT.tokens[token] for token in COMPACT.encode(text)] == wanted
    canonical = spelled.replace("·", " ")
    assert LIBRARY.decode(COMPACT.encode(text)) == canonical
    assert LIBRARY.encode(canonical).ids == COMPACT.encode(text)
    assert restore(wanted) == text


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("name", STOCK)
def test_every_config_keeps_all_that_its_rows_say(name: str, split: str) -> None:
    for row in made(name, split, 40).to_pylist():
        text = f"{row['input_text']} {row['target']}"
        assert restore(tokens(text)) == text
        assert tokens(text) == [*tokens(row["input_text"]), *tokens(row["target"])]
        assert LIBRARY.decode(LIBRARY.encode(row["target"]).ids) == row["target"]


@pytest.mark.parametrize("name", EXTREMES)
def test_the_ends_of_the_axes_keep_all_that_they_say(name: str) -> None:
    for row in TASKS[name]().generate_table(60, "hard", **EXTREMES[name]).to_pylist():
        text = f"{row['input_text']} {row['target']}"
        assert restore(tokens(text)) == text


def test_the_largest_parity_is_known() -> None:
    sample = LogicTask().generate_xor_parity_sample(num_bits=64)
    assert {"x63", "g62", "XOR"} <= set(tokens(sample["input_text"]))


@pytest.mark.parametrize(
    "text",
    [
        "HELLO",
        "STATE [b]",
        "SWAP(0,20)",
        "SWAP(2,0)",
        "ROTATE_LEFT(0)",
        "hops=21",
        "g64",
        "101",
        "Ex11:",
        "?",
    ],
)
def test_what_no_row_has_is_unknown_and_not_left_out(text: str) -> None:
    assert COMPACT.ids["<unk>"] in LIBRARY.encode(text).ids
    with pytest.raises(KeyError):
        COMPACT.encode(text)


@given(st.lists(st.integers(4, len(COMPACT.tokens) - 1), min_size=1, max_size=12))
def test_a_reply_that_is_streamed_is_the_one_that_is_decoded(ids: list[int]) -> None:
    # Servers take what was decoded as settled: what comes later must not change it.
    stream = DecodeStream(skip_special_tokens=True)
    parts = [stream.step(LIBRARY, token) for token in ids]
    assert "".join(part or "" for part in parts) == LIBRARY.decode(ids)


@pytest.mark.parametrize("vocabulary", [TEXT, COMPACT], ids=lambda vocabulary: vocabulary.name)
def test_a_saved_tokenizer_begins_with_bos_beside_a_model(vocabulary: Vocabulary, tmp_path: Path) -> None:
    tokenizer.save(tmp_path / "model", vocabulary.name)
    tokenizer.save(tmp_path / "data", vocabulary.name, bos=False)
    ids = vocabulary.encode(SPELLED[0][0])
    beside_model, beside_data = (
        Tokenizer.from_file(str(tmp_path / name / "tokenizer.json")) for name in ("model", "data")
    )
    assert beside_model.encode(SPELLED[0][0]).ids == [1, *ids]
    assert beside_data.encode(SPELLED[0][0]).ids == ids
    transformers = pytest.importorskip("transformers")
    loaded = transformers.PreTrainedTokenizerFast.from_pretrained(str(tmp_path / "model"))
    assert loaded(SPELLED[0][0])["input_ids"] == [1, *ids]
    assert loaded.decode([1, *vocabulary.encode("T S R Q P"), 2], skip_special_tokens=True) == "T S R Q P"
    assert (loaded.pad_token_id, loaded.bos_token_id, loaded.eos_token_id, loaded.unk_token_id) == (
        0,
        1,
        2,
        3,
    )
    assert len(loaded) == len(vocabulary.tokens)


def test_an_unknown_vocabulary_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="tokens='short': expected 'text' or 'compact'"):
        tokenizer.save(tmp_path / "model", "short")  # type: ignore[arg-type]
    assert not (tmp_path / "model").exists()
