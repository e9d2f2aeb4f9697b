"""Sequence mixers by name: layers (b, n, d) → (b, n, d) that see no later token."""
