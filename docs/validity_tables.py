"""Prints the tables of `validity.md` from the committed results: `python docs/validity_tables.py`.

After a change of the generators: `synthlm audit`, then its `measured.json` replaces `synthlm_tasks/audit/`'s.
"""

import sys

from synthlm_tasks.audit.published import inherent_table, load_summary, overlaps_table, shortcuts_table


def tables() -> list[str]:
    """The tables of results, of what of test stands in train, and of what is inherent."""
    found = load_summary()
    return [shortcuts_table(found, found.best), overlaps_table(found), inherent_table(found)]


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(tables()) + "\n")
