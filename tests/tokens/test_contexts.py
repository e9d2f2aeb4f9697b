"""Contexts: whole problems, each once, with the labels, positions and numbers that a training step needs."""

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import EXTREMES, SEED, STOCK, listed

from synthlm_tasks import TASKS, LogicTask, ParameterError
from synthlm_tasks.catalog import plan
from synthlm_tasks.options import check_options, default_options
from synthlm_tasks.rows.recipes import level_recipe
from synthlm_tasks.rows.splits import Split
from synthlm_tasks.rows.vocabulary import TOKENS, VOCABULARIES, TokensName
from synthlm_tasks.tokens.contexts import COLUMNS, IGNORED, Contexts
from synthlm_tasks.tokens.fitting import fit_contexts
from synthlm_tasks.tokens.framing import BOS, EOS, FRAME, PAD, iter_framed_rows, token_lengths
from synthlm_tasks.tokens.portions import Packing

# Problems all of one length, which no packing can fit better.
EQUAL = {"filtro-ood"}


def packing(
    config: str = "dyna-easy",
    split: Split = "train",
    context: int = 2048,
    loss: str = "answers",
    rows: int = 400,
) -> Packing:
    """The packing of a split of a config of so many rows."""
    options = check_options({**vars(default_options()), "num_samples": rows})
    return Packing.create(plan(config, options, {})[split], context, loss)


def contexts(made: Packing) -> list[Contexts]:
    """All contexts, portion by portion."""
    return [portion.contexts for portion in made.iter_portions(0, made.portions)]


def problems(made: Contexts) -> list[tuple[str, str]]:
    """Prompt and answer of every problem, read from the arrays; nothing else may stand in them."""
    found = []
    for ids, labels, numbers in zip(made.input_ids, made.labels, made.document_ids, strict=True):
        for number in range(1, numbers.max() + 1):
            here = np.flatnonzero(numbers == number)
            assert np.array_equal(here, np.arange(here[0], here[-1] + 1))
            assert (ids[here[0]], ids[here[-1]]) == (BOS, EOS)
            counted = labels[here] != IGNORED
            words = [TOKENS[token] for token in ids[here]]
            first = int(counted.argmax())
            found.append(("".join(words[1:first]), "".join(words[first:-1])))
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 60), max_size=120), st.integers(60, 300))
def test_every_problem_is_fitted_once_and_no_context_overflows(sizes: list[int], context: int) -> None:
    fitted = fit_contexts(np.array(sizes, np.int64), context)
    assert sorted(fitted.order.tolist()) == list(range(len(sizes)))
    ends = [0, *fitted.ends.tolist()]
    assert ends[-1] == len(sizes)
    filled = [sum(sizes[row] for row in fitted.order[a:b]) for a, b in itertools.pairwise(ends)]
    assert all(0 < size <= context for size in filled)


def test_what_shares_a_context_is_frozen() -> None:
    # States of streams and packed folders rely on it: another fit needs another dataset version.
    fitted = fit_contexts(np.arange(3000) ** 2 * 37 % 351 + 50, 2048)
    digest = hashlib.sha256(np.concatenate([fitted.order, fitted.ends]).astype("<i8").tobytes()).hexdigest()
    assert digest[:16] == "f7d771c5b456c83e"


def test_problems_stay_near_their_place() -> None:
    sizes = np.random.default_rng(1).integers(50, 400, 5000)
    assert np.abs(fit_contexts(sizes, 2048).order - np.arange(5000)).max() < 64


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("config", ["dyna-easy", "filtro-hard", "all"])
def test_contexts_hold_the_very_rows_of_the_split(config: str, split: Split) -> None:
    made = packing(config, split)
    rows = [row for table in made.mixture.tables() for row in table.to_pylist()]
    found = [problem for part in contexts(made) for problem in problems(part)]
    assert sorted(found) == sorted((row["input_text"], f" {row['target']}") for row in rows)


def test_labels_are_what_follows_the_prompt() -> None:
    (made,) = contexts(packing())
    counted = made.labels != IGNORED
    assert np.array_equal(made.labels[counted], made.input_ids[counted])
    row = listed("dyna-easy", "train", 1)[0]
    end = int(np.flatnonzero(made.input_ids[0] == EOS)[0])
    kept = [TOKENS[token] for token in made.labels[0, : end + 1] if token != IGNORED]
    assert kept == [" ", row["target"], "<eos>"]


def test_with_loss_all_everything_counts_but_bos_and_padding() -> None:
    (made,) = contexts(packing(loss="all"))
    assert np.array_equal(made.labels == IGNORED, np.isin(made.input_ids, [BOS, PAD]))
    (answers,) = contexts(packing())
    assert np.array_equal(made.input_ids, answers.input_ids)


def test_positions_restart_in_every_problem_and_in_the_padding() -> None:
    (made,) = contexts(packing())
    begins = np.diff(made.document_ids, prepend=-1) != 0
    assert np.array_equal(made.position_ids == 0, begins)
    steps = np.diff(made.position_ids.astype(int))
    assert (steps[~begins[:, 1:]] == 1).all()
    assert np.array_equal(made.document_ids == 0, made.input_ids == PAD)


@pytest.mark.parametrize("config", STOCK)
def test_contexts_of_2048_are_filled_to_97_percent(config: str) -> None:
    recipe = STOCK[config]
    sizes = np.concatenate(
        [
            token_lengths(rows["ids"].combine_chunks())
            for rows in iter_framed_rows(recipe, SEED, "train", 0, 4000)
        ]
    )
    filled = sizes.sum() / (2048 * len(fit_contexts(sizes, 2048).ends))
    best = (2048 // sizes[0] * sizes[0] if (sizes == sizes[0]).all() else 2048) / 2048
    assert filled > 0.97 * best


@pytest.mark.parametrize("context", [1024, 8192])
def test_other_contexts_are_filled_too(context: int) -> None:
    parts = contexts(packing("dyna-medium", context=context, rows=20_000))
    filled = sum((part.input_ids != PAD).sum() for part in parts)
    assert filled > 0.97 * context * sum(map(len, parts))


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("config", STOCK)
def test_no_problem_is_longer_than_its_axes_say(config: str, vocabulary: TokensName) -> None:
    recipe = STOCK[config]
    most = recipe.max_tokens(VOCABULARIES[vocabulary]) + FRAME
    for rows in iter_framed_rows(recipe, SEED, "train", 0, 3000, tokens=vocabulary):
        assert token_lengths(rows["ids"].combine_chunks()).max() <= most


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("name", EXTREMES)
def test_no_problem_at_the_ends_of_the_axes_is_longer_than_they_say(
    name: str, vocabulary: TokensName
) -> None:
    recipe = level_recipe(TASKS[name], name, 3, EXTREMES[name])
    (rows,) = iter_framed_rows(recipe, SEED, "train", 0, 3000, tokens=vocabulary)
    longest = token_lengths(rows["ids"].combine_chunks()).max()
    most = recipe.max_tokens(VOCABULARIES[vocabulary]) + FRAME
    assert 0.8 * most < longest <= most


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_the_longest_parity_is_what_its_axis_says(vocabulary: TokensName) -> None:
    sample = LogicTask().generate_xor_parity_sample(num_bits=64)
    recipe = level_recipe(LogicTask.variants["parity"], "logic-parity", 3, {"num_bits": 64})
    (rows,) = iter_framed_rows(recipe, 42, "train", 0, 1, tokens=vocabulary)
    assert sample["metadata"]["num_gates"] == 63
    most = recipe.max_tokens(VOCABULARIES[vocabulary]) + FRAME
    assert token_lengths(rows["ids"].combine_chunks()).tolist() == [most]


def test_a_context_that_the_longest_problem_exceeds_is_refused_with_both_numbers() -> None:
    with pytest.raises(
        ParameterError, match=r"context=87: problems of config 'dyna-easy' may have 88 tokens"
    ):
        packing(context=87)
    assert packing(context=88).context == 88


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"context": 31}, "context=31: expected a whole number of at least 32"),
        ({"context": 40_000}, "context=40000: expected 32 to 32768 tokens"),
        ({"loss": "prompts"}, "loss='prompts': expected 'answers' or 'all'"),
    ],
)
def test_what_is_out_of_range_is_named(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        packing(**changed)  # type: ignore[arg-type]


def test_any_portion_is_made_without_the_others() -> None:
    made = packing("all-easy", rows=60_000)
    assert made.portions == 3
    whole = contexts(made)
    (last,) = made.iter_portions(2, 3)
    for name in COLUMNS:
        assert np.array_equal(getattr(whole[2], name), getattr(last.contexts, name))
    starts = [made.start(portion) for portion in range(4)]
    assert starts[0] == 0
    assert starts[-1] == made.mixture.rows
    assert [made.first_portion_from(start) for start in starts[:3]] == [0, 1, 2]
