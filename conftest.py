"""Runs the Python blocks of the README and of docs/packing.md, each page as one test module.

What a page says a block prints, in a text block right after it, has to be what it prints.
"""

import io
import re
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any, Final

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

_OUTPUT: Final = re.compile(
    r"^```python\n(?:(?!```).)*?^```\n\n^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE
)


def _outputs(document: Document) -> Iterator[Region]:
    for found in _OUTPUT.finditer(document.text):
        yield Region(*found.span(1), found[1], _compare)


def _compare(example: Example) -> str | None:
    printed = example.namespace["printed"].getvalue()
    return None if printed.endswith(example.parsed) else f"printed instead:\n{printed}"


def _setup(namespace: dict[str, Any]) -> None:
    printed = io.StringIO()
    namespace.update(find_spec=find_spec, printed=printed, print=partial(print, file=printed))


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser(), _outputs],
    patterns=["README.md", "packing.md"],
    setup=_setup,
).pytest()
