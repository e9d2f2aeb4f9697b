"""The command `lighteval`, but for one of its own tasks, which fetches a file when it is imported."""

import sys
import types

sys.modules["lighteval.tasks.tasks.tiny_benchmarks"] = types.ModuleType("tiny_benchmarks")

from lighteval.__main__ import app  # noqa: E402  # what is in its place has to be there before

app()
