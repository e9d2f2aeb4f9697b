"""The engine: from a preset, a seed and an index to rows. It knows no task by name."""
