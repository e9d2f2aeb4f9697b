"""Executors: who makes the runs. The numbers are the same whoever does, on one kind of machine."""
