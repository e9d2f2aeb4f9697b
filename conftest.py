"""Runs the Python blocks of the README and of docs/packing.md, each page as one test module."""

from importlib.util import find_spec

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "packing.md"],
    setup=lambda namespace: namespace.update(find_spec=find_spec),
).pytest()
