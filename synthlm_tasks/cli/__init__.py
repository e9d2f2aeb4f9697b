"""The `synthlm` command: one entry a command, each imported only when it is called.

Exit codes: 0 done, 1 finished with something unscored or violated, 2 wrong usage or configuration, 3 aborted
(resumable), 130 interrupted (resumable).
"""

import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from types import FrameType
from typing import TextIO

from cyclopts import App, CycloptsError
from rich.text import Text

from eval_harness.errors import HarnessError
from synthlm_tasks.cli.messages import explain_usage, name_options
from synthlm_tasks.cli.terminal import plain_console
from synthlm_tasks.errors import SynthLMError, UnlockedWarning
from synthlm_tasks.paths import describe_error, is_lasting
from synthlm_tasks.version import DATASET_VERSION

WRONG = 2
ABORTED = 3
INTERRUPTED = 130

app = App(
    name="synthlm",
    help="Synthetic reasoning data for language-model research: generate it, publish it, evaluate on it.",
    version=lambda: f"synthlm {version('synthlm')}, dataset version {DATASET_VERSION}",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
app.command("synthlm_tasks.cli.curriculum:single", help="Write a curriculum of one task for a token budget.")
app.command("synthlm_tasks.cli.curriculum:merged", help="Write a curriculum of all tasks for a token budget.")
app.command("synthlm_tasks.cli.curriculum:export", help="Write named configs, each a folder of files.")
app.command("synthlm_tasks.cli.pack:pack", help="Write named configs packed in contexts for training.")
app.command("synthlm_tasks.cli.info:info", help="Explain a task: rule, axes, presets, samples, chance.")
app.command("synthlm_tasks.cli.demo:demo", help="Show fresh samples, derived and checked step by step.")
app.command("synthlm_tasks.cli.audit:audit", help="Measure that rows are valid and have no shortcut.")
app.command(
    "eval_harness.mock.cli:mock_server",
    name="mock-server",
    help="Serve a model of known accuracy, with scripted faults.",
)

app.command(
    "eval_harness.cli.evaluate:evaluate_command",
    name="eval",
    help="Score a model over any OpenAI-compatible endpoint.",
)

app.command(
    "eval_harness.cli.finished_runs:report_command",
    name="report",
    help="Report on finished runs: page, figures, table.",
)
app.command(
    "eval_harness.cli.finished_runs:compare_command",
    name="compare",
    help="Compare two runs on the same samples.",
)
app.command(
    "eval_harness.cli.finished_runs:rescore_command", name="rescore", help="Read a run's replies again."
)
app.command(
    "eval_harness.cli.eval_results:eval_results_command",
    name="eval-results",
    help="Write a run's results for a model's page on the Hub.",
)
app.command(
    "eval_harness.cli.sweep:sweep_command",
    name="sweep",
    help="Train architectures from scratch and compare them.",
)
app.command(
    "eval_harness.cli.train:train_command",
    name="train",
    help="Train a small model from scratch on a config, and score it.",
)
app.command(
    "eval_harness.cli.plugins:plugin_path_command",
    name="plugin-path",
    help="Print the folder of our tasks for another harness.",
)
app.command("synthlm_tasks.cli.push:push", help="Publish a finished folder on the Hugging Face Hub.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line (`sys.argv` by default) and return its exit code.

    A command returns its exit code, or None for 0. Errors of ours and of paths become one message on stderr.
    """
    typed = sys.argv[1:] if arguments is None else arguments
    try:
        with _shown_warnings():
            result = app(typed, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        return _fail(explain_usage(error), WRONG)
    except (SynthLMError, HarnessError) as error:
        return _fail(name_options(str(error), app, typed), error.exit_code)
    except OSError as error:
        code = WRONG if is_lasting(error) else ABORTED
        return _fail(name_options(describe_error(error), app, typed), code)
    except KeyboardInterrupt:
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def _fail(message: str, code: int) -> int:
    """Print the message and return the exit code."""
    plain_console(stderr=True, soft_wrap=True).print(Text.assemble(("error:", "bold red"), " ", message))
    return code


@contextmanager
def _shown_warnings() -> Iterator[None]:
    """Print the warnings of ours as messages; others stay as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", UnlockedWarning)
        shown_otherwise = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, UnlockedWarning):
                shown_otherwise(message, category, filename, lineno, file, line)
                return
            console = plain_console(stderr=True, soft_wrap=True)
            console.print(Text.assemble(("warning:", "bold yellow"), " ", str(message)))

        warnings.showwarning = show
        yield


def run() -> None:
    """The console script; SIGTERM ends it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what handlers are given
    raise KeyboardInterrupt
