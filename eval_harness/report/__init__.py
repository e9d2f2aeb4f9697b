"""The report on finished runs: one self-contained page, figures, and a table to export."""
