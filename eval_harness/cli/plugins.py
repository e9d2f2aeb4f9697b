"""`synthlm plugin-path`."""

from eval_harness.plugins.locations import plugin_path
from synthlm_tasks.cli.terminal import plain_console


def plugin_path_command(harness: str, /) -> None:
    """Print the folder that another harness is pointed at, and nothing else.

    Parameters
    ----------
    harness
        lm-eval (for --include_path), or verifiers (for PYTHONPATH)

    """
    plain_console(soft_wrap=True).print(str(plugin_path(harness)), markup=False, highlight=False)
