"""Sweeps: from a plan to runs, and from runs to a table that grows run by run."""
