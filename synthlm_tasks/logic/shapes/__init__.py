"""Shapes of circuits: how many gates stand in each layer, and what each has to read."""
