"""Prints the table of `test_samples.py`: `python tests/helpers/samples.py`, then `ruff format`."""

import json
import sys
import textwrap

from support import STOCK, listed

WIDTH = 90


def literal(text: str) -> str:
    """A string literal, in several lines where one would be too long."""
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False, drop_whitespace=False)
    return "\n".join(map(json.dumps, lines))


def main() -> None:
    """One entry for every config of one level, and every grid."""
    for name in STOCK:
        (row,) = listed(name, "train", 1)
        sys.stdout.write(
            f"{json.dumps(name)}: ({literal(row['input_text'])}, {json.dumps(row['target'])})," + "\n"
        )


if __name__ == "__main__":
    main()
