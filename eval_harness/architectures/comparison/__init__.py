"""Comparison: from tables of runs to what each architecture has learned, on a page, as figures and tables."""
