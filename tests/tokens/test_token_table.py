"""docs/packing.md says how many tokens a problem has in either vocabulary."""

import re
from pathlib import Path

from support import docs_module

PAGE = (Path(__file__).parents[2] / "docs" / "packing.md").read_text("utf-8")


def test_the_published_table_is_that_of_the_rows() -> None:
    lines = list(docs_module("token_table").table())
    assert "\n".join(["", *lines, ""]) in PAGE, "run docs/token_table.py"
    for line in lines[2:]:
        family, cells = line.split("|")[1].strip(" `"), re.findall(r"(\d+) → (\d+) ", line)
        assert cells
        # Dyna, Filtro and Logic take half of the text's tokens at most, Inducto about half.
        most = 0.54 if family.startswith("inducto") else 0.5
        assert all(int(compact) <= most * int(text) for text, compact in cells)
