"""Scores: one forward pass finds what greedy decoding answers, and only the first query counts."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("transformers", reason="needs the extra train")

from torch_models import SWAPS  # noqa: E402  # behind the skips

from eval_harness.architectures.batches import has_one_query  # noqa: E402
from eval_harness.architectures.rows import load_rows  # noqa: E402
from eval_harness.architectures.scoring import match_rows, score_rows  # noqa: E402
from eval_harness.architectures.spec import Evaluation, RunSpec, Vocabulary  # noqa: E402
from eval_harness.architectures.stock import make_stock  # noqa: E402
from eval_harness.architectures.words import load_words  # noqa: E402
from synthlm_tasks import TASKS  # noqa: E402

CPU = torch.device("cpu")

INDUCTO = Evaluation(name="rules", config="inducto-easy", axes={"num_examples": 1}, samples=80)

both_vocabularies = pytest.mark.parametrize("vocabulary", ["text", "compact"])


class Knowing(torch.nn.Module):
    """Foretells every token of the rows it has seen, but for those at `blind` places of some rows."""

    def __init__(self, tokens: torch.Tensor, words: int) -> None:
        super().__init__()
        self.tokens, self.words, self.blind = tokens, words, torch.zeros(tokens.shape, dtype=torch.bool)

    def forward(self, ids: torch.Tensor, _: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        rows = [int((self.tokens[:, : ids.shape[1]] == row).all(1).nonzero()[0, 0]) for row in ids]
        target = self.tokens[rows, 1 : ids.shape[1] + 1]
        wrong = self.blind[rows, 1 : ids.shape[1] + 1]
        target = torch.where(wrong, (target + 1) % self.words, target)
        target = torch.nn.functional.pad(target, (0, ids.shape[1] - target.shape[1]))
        return torch.nn.functional.one_hot(target, self.words).float()[places]


@both_vocabularies
@pytest.mark.parametrize("ended", [False, True])
def test_a_row_is_right_where_every_token_of_its_answer_is(vocabulary: Vocabulary, ended: bool) -> None:
    words = load_words(vocabulary)
    rows = load_rows(INDUCTO, words)
    model = Knowing(torch.from_numpy(rows.tokens), words.size)
    assert match_rows(model, rows, ended=ended, device=CPU).all()
    expected = np.ones(len(rows), bool)
    for row in range(0, len(rows), 2):  # wrong in one place each: in the prompt, in the answer, or behind it
        place = row // 2 % (int(rows.answers[row]) + 2) + int(rows.prompts[row]) - 1
        model.blind[row, place] = True
        behind = int(rows.prompts[row] + rows.answers[row])
        expected[row] = place < rows.prompts[row] or (place == behind and not ended)
    assert match_rows(model, rows, ended=ended, device=CPU).tolist() == expected.tolist()


@both_vocabularies
def test_one_pass_finds_what_generate_answers(vocabulary: Vocabulary) -> None:
    words = load_words(vocabulary)
    rows = load_rows(INDUCTO, words).first(20)
    model = make_stock("stock:llama", words, layers=1, width=64, seed=0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    ids = torch.from_numpy(rows.tokens)
    mask = (ids != words.number("pad_token")).long()
    asked = torch.arange(ids.shape[1]) < torch.from_numpy(rows.prompts)[:, None]
    labels = ids.masked_fill(asked | (mask == 0), -100)
    right = match_rows(model, rows, ended=True, device=CPU)
    while right.mean() < 0.3:  # the rows are learned by heart, but not all of them
        model.model(input_ids=ids, attention_mask=mask, labels=labels, use_cache=False).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        right = match_rows(model, rows, ended=True, device=CPU)
    generated = np.zeros(len(rows), bool)
    with torch.inference_mode():
        for row, (before, size) in enumerate(zip(rows.prompts, rows.answers, strict=True)):
            prompt = torch.from_numpy(rows.tokens[row, :before])[None]
            made = model.model.eval().generate(
                prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=int(size) + 1, do_sample=False
            )[0, before:]
            generated[row] = made.tolist() == rows.tokens[row, before : before + size + 1].tolist()
    assert right.tolist() == generated.tolist()
    assert right.sum() < len(rows)


@both_vocabularies
@pytest.mark.parametrize("config", ["dyna-ramp-easy", "filtro-easy", "logic-easy", "inducto-easy"])
def test_rows_have_the_tokens_that_the_stream_gives(config: str, vocabulary: Vocabulary) -> None:
    from synthlm_tasks import packing

    words = load_words(vocabulary)
    axes = {"num_queries": 1} if config.startswith("dyna") else {}
    rows = load_rows(Evaluation(name="x", config=config, axes=axes, samples=40), words)
    stream = packing.stream(
        config, layout="padded", split="test", batch_size=64, tokens=vocabulary, num_samples=100_000, **axes
    )
    found = {}
    for batch in stream:
        for ids, labels, mask in zip(
            *(np.asarray(batch[n]) for n in ("input_ids", "labels", "attention_mask")), strict=True
        ):
            size = int(mask.sum())
            found[tuple(ids[:size].tolist())] = int((labels[:size] == -100).sum())
    for ids, before, size in zip(rows.tokens.tolist(), rows.prompts, rows.answers, strict=True):
        assert found[tuple(ids[: before + size + 1])] == before


def test_every_problem_is_asked_its_first_query_alone() -> None:
    words = load_words("text")
    one, many = (
        load_rows(Evaluation(name="x", config="dyna-ramp-easy", axes={**SWAPS, "num_queries": n}), words)
        for n in (1, 2)
    )
    assert one.tokens.tolist() == many.tokens.tolist()


def test_eos_counts_where_training_rows_have_one_query() -> None:
    plain = {"config": "dyna-ramp-easy", "architecture": "gru", "tokens": 1}
    assert has_one_query(RunSpec(**plain, axes=SWAPS))
    assert not has_one_query(RunSpec(**plain, axes={**SWAPS, "num_queries": [1, 2]}))


def test_a_score_counts_along_every_axis() -> None:
    words = load_words("compact")
    rows = load_rows(Evaluation(name="x", config="dyna-easy", samples=200), words)
    right = np.arange(200) % 3 == 0
    score = score_rows(rows, right)
    assert (score.n, score.accuracy) == (200, right.mean())
    table = TASKS["dyna"]().generate_table(200, "easy", "test").to_pylist()
    lengths = [row["metadata"].split('"num_ops":')[1].split(",")[0].rstrip("}") for row in table]
    for value in set(lengths):
        own = [hit for hit, length in zip(right, lengths, strict=True) if length == value]
        assert score.by_axis["num_ops"][value] == (sum(own), len(own))
    assert "num_queries" not in score.by_axis
    assert 1 / 7 <= score.chance <= 1 / 5
