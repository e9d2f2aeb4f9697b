"""`synthlm pack`."""

from dataclasses import replace
from typing import Annotated, Any

from cyclopts import Parameter

from synthlm_tasks.catalog import configs
from synthlm_tasks.cli.curriculum import carry_out, settings
from synthlm_tasks.cli.options import ROWS, STOCK, TARGET, Rows, Target, Tokens, check_known
from synthlm_tasks.cli.push import PUBLISHING, Publishing
from synthlm_tasks.curriculum.amounts import parse_amount
from synthlm_tasks.curriculum.budget import Allocation, allocate_rows, allocate_tokens
from synthlm_tasks.curriculum.layout import DEFAULT, Layout, Packed
from synthlm_tasks.errors import ParameterError
from synthlm_tasks.options import Options
from synthlm_tasks.tokens.contexts import Loss
from synthlm_tasks.tokens.framing import FRAME
from synthlm_tasks.tokens.tokenizer import TokenCounter

_Configs = Annotated[str, Parameter(name="CONFIG", help="Named configs, such as dyna-easy or all.")]
_Context = Annotated[int, Parameter(help="Tokens of a context.")]
_Loss = Annotated[Loss, Parameter(help="Which tokens have labels: what follows the prompts, or all.")]
_Total = Annotated[
    str | None, Parameter(help="Tokens of each config, bos and eos included: 500K, 10M, 1B…; met within 1%.")
]
_Samples = Annotated[int | None, Parameter(help=f"Problems of each config instead ({STOCK.num_samples}).")]


def pack(
    *names: _Configs,
    context: _Context = 2048,
    loss: _Loss = "answers",
    tokens: Tokens = "text",
    total_tokens: _Total = None,
    num_samples: _Samples = None,
    rows: Rows = ROWS,
    output: Target = TARGET,
    publishing: Publishing = PUBLISHING,
) -> int:
    """Write named configs packed in contexts: token ids, labels, positions and document numbers."""
    output.check()
    if not names:
        raise ParameterError("config: none given; name one or more, such as dyna-easy, or all")
    if total_tokens is not None and num_samples is not None:
        raise ParameterError(f"num_samples={num_samples}: give either --total-tokens or --num-samples")
    url = output.output_dir or f"synthlm-packed-{names[0]}"
    destination = publishing.destination("parquet", url)
    chosen = [check_known("config", name, list(configs())) for name in dict.fromkeys(names)]
    options = rows.checked(STOCK.num_samples if num_samples is None else num_samples)
    form = {"context": context, "loss": loss, "tokens": tokens}
    made: dict[str, Any] = {**form, **vars(rows), "shard_rows": output.shard_rows}
    counter = TokenCounter(tokens, FRAME)
    if total_tokens is None:
        made["num_samples"] = options.num_samples
        budget = output.planned(allocate_rows, chosen, options, counter)
    else:
        made["total_tokens"] = parse_amount("total_tokens", total_tokens)
        budget = output.planned(_token_budgets, chosen, made["total_tokens"], options, counter)
    portions = budget.portions if len(chosen) > 1 else (replace(budget.portions[0], name=DEFAULT),)
    layout = Layout(
        settings("pack", chosen, made, counter),
        options.seed,
        "parquet",
        output.shard_rows,
        counted=True,
        portions=portions,
        packing=Packed(context, loss),
        tokens=tokens,
    )
    return carry_out(layout, output, destination, url)


def _token_budgets(
    names: list[str], total_tokens: int, options: Options, counter: TokenCounter
) -> Allocation:
    """A budget of so many tokens for each config."""
    budgets = {name: allocate_tokens(name, total_tokens, options, counter) for name in names}
    return Allocation(
        tuple(replace(budget.portions[0], name=name) for name, budget in budgets.items()),
        tuple(moved for budget in budgets.values() for moved in budget.moved),
    )
